# SPDX-License-Identifier: GPL-2.0-or-later
#
# The daemon, what fetches for it, and its tool. Their objects have a directory of
# their own, since $(BUILD)/uxmcd is the daemon.

PROGRAMS += $(BUILD)/uxmcd $(BUILD)/uxmc-fetch $(BUILD)/uxmcctl

# A phone may do without the pages.
ifeq ($(WEB)$(shell $(PKG_CONFIG) --exists libmicrohttpd || echo missing),missing)
$(warning There is no libmicrohttpd (on Debian, the package libmicrohttpd-dev), so the \
	web pages, uxmcweb, are not built; all else is. WEB=no says that this is meant)
WEB := no
endif
ifneq ($(WEB),no)
PROGRAMS += $(BUILD)/uxmcweb
endif

# uxmcd/arrows has the folders, and says what each of them sees.
uxmcd_folders := $(shell sed -n 's/:.*//p' uxmcd/arrows)
uxmcd_sources := $(wildcard $(uxmcd_folders:%=uxmcd/%/*.c))
uxmcd_sees = $(1) $(shell sed -n 's,^$(1):,,p' uxmcd/arrows)
uxmcd_includes = $(patsubst %,-Iuxmcd/%,$(call uxmcd_sees,$(patsubst uxmcd/%,%,$(<D))))

# The objects of sources; and of those that are named without folder
uxmcd_objects_of = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
uxmcd_objects = $(call uxmcd_objects_of,\
	$(foreach part,$(1),$(filter %/$(part).c,$(uxmcd_sources))))

$(BUILD)/uxmcd: $(call uxmcd_objects_of,$(filter-out \
	uxmcd/client/% uxmcd/ctl/% uxmcd/fetch/% uxmcd/jail/% uxmcd/web/%,\
	$(uxmcd_sources)))
# libsodium is loaded when it is needed (trust/crypto.h).
$(BUILD)/uxmcd: LDLIBS = $(shell $(PKG_CONFIG) --libs libnl-genl-3.0 inih \
	libseccomp) -ldl

# What its tests put evil in place of is apart.
uxmc_fetch_main := $(BUILD)/obj/uxmcd/fetch/main.o
uxmc_fetch_jail := fetch_jail jail jail_calls jail_paths wire
uxmc_fetch_common := appearance clock fetchwire filters log loop permission pin \
	printable provision setting text url verdict

$(BUILD)/uxmc-fetch: $(call uxmcd_objects_of,$(filter uxmcd/fetch/% uxmcd/jail/%,$(uxmcd_sources))) \
	$(call uxmcd_objects,$(uxmc_fetch_common))
$(BUILD)/uxmc-fetch: LDLIBS = $(shell $(PKG_CONFIG) --libs libcurl libseccomp \
	libxml-2.0)

$(BUILD)/uxmcctl: $(call uxmcd_objects_of,$(filter uxmcd/client/% uxmcd/ctl/%,$(uxmcd_sources))) \
	$(call uxmcd_objects,call message module modules netlink pin printable \
	setting text url)
$(BUILD)/uxmcctl: LDLIBS = $(shell $(PKG_CONFIG) --libs libnl-genl-3.0 json-c \
	libudev)

$(BUILD)/uxmcweb: $(call uxmcd_objects_of,$(filter \
	uxmcd/client/% uxmcd/jail/% uxmcd/web/%,$(uxmcd_sources))) \
	$(BUILD)/obj/uxmcd/web/assets.o \
	$(call uxmcd_objects,account call config filters log loop md5 message \
		module modules netlink permission printable setting text url version)
$(BUILD)/uxmcweb: LDLIBS = $(shell $(PKG_CONFIG) --libs libmicrohttpd \
	libnl-genl-3.0 inih json-c libseccomp libudev) -pthread

$(BUILD)/obj/uxmcd/web/assets.c: uxmcd/web/make-assets uxmcd/web/script.js uxmcd/web/style.css
	@mkdir -p $(@D)
	$^ >$@.new
	mv $@.new $@

$(BUILD)/obj/uxmcd/web/assets.o: $(BUILD)/obj/uxmcd/web/assets.c
	$(CC) -Iuxmcd/web $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<

uxmc_version := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

UXMCD_CPPFLAGS := -D_GNU_SOURCE -DLIBEXECDIR='"$(libexecdir)"' \
	-DUXMC_VERSION='"$(uxmc_version)"' \
	$(shell $(PKG_CONFIG) --cflags libmicrohttpd 2>/dev/null) \
	$(shell $(PKG_CONFIG) --cflags libcurl libnl-genl-3.0 libseccomp inih json-c \
	libsodium libudev libxml-2.0)

$(BUILD)/obj/uxmcd/%.o: uxmcd/%.c
	@mkdir -p $(@D)
	$(CC) $(uxmcd_includes) $(UXMCD_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<
