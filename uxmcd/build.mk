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
# Others are loaded when they are needed (common/library.h).
$(BUILD)/uxmcd: LDLIBS = $(shell $(PKG_CONFIG) --libs libnl-genl-3.0 inih) -ldl

# What its tests put evil in place of is apart.
uxmc_fetch_main := $(BUILD)/obj/uxmcd/fetch/main.o
uxmc_fetch_jail := fetch_jail jail jail_calls jail_paths wire
uxmc_fetch_common := appearance clock fetchwire filters library log loop md5 permission pin \
	printable provision rollout setting text trim url verdict

$(BUILD)/uxmc-fetch: $(call uxmcd_objects_of,$(filter uxmcd/fetch/% uxmcd/jail/%,$(uxmcd_sources))) \
	$(call uxmcd_objects,$(uxmc_fetch_common))
$(BUILD)/uxmc-fetch: LDLIBS = $(shell $(PKG_CONFIG) --libs libcurl libseccomp) -ldl

# Under which name the libxml2 is looked for that is compiled with, wherever that is
$(BUILD)/obj/libxml2-soname.h:
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@.so -Wl,--no-as-needed $(shell $(PKG_CONFIG) --libs libxml-2.0)
	"$$($(CC) -print-prog-name=readelf)" -d $@.so | \
		sed -n 's/.*NEEDED.*\[\(libxml2\..*\)\]/#define LIBXML2_SONAME "\1"/p' >$@.new
	rm $@.so
	test -s $@.new && mv $@.new $@

$(BUILD)/obj/uxmcd/fetch/xml.o: $(BUILD)/obj/libxml2-soname.h
$(BUILD)/obj/uxmcd/fetch/xml.o: UXMCD_CPPFLAGS += -include $(BUILD)/obj/libxml2-soname.h

$(BUILD)/uxmcctl: $(call uxmcd_objects_of,$(filter uxmcd/client/% uxmcd/ctl/%,$(uxmcd_sources))) \
	$(call uxmcd_objects,call message module modules netlink pin printable \
	setting text url)
$(BUILD)/uxmcctl: LDLIBS = $(shell $(PKG_CONFIG) --libs libnl-genl-3.0 json-c \
	libudev)

# What its tests put their own in place of, call, message and netlink, is apart.
uxmcweb_common := account base64 config filters log loop md5 module modules permission \
	printable setting signals text trim url version

$(BUILD)/uxmcweb: $(call uxmcd_objects_of,$(filter \
	uxmcd/client/% uxmcd/jail/% uxmcd/web/%,$(uxmcd_sources))) \
	$(BUILD)/obj/uxmcd/web/assets.o \
	$(call uxmcd_objects,call message netlink $(uxmcweb_common))
$(BUILD)/uxmcweb: LDLIBS = $(shell $(PKG_CONFIG) --libs libmicrohttpd \
	libnl-genl-3.0 inih json-c libseccomp libudev) -pthread

$(BUILD)/obj/uxmcd/web/assets.c: uxmcd/web/make-assets uxmcd/web/script.js uxmcd/web/style.css
	@mkdir -p $(@D)
	$^ >$@.new
	mv $@.new $@

$(BUILD)/obj/uxmcd/web/assets.o: $(BUILD)/obj/uxmcd/web/assets.c
	$(CC) -Iuxmcd/web $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<

# What is compiled without having been written, for who looks at all that is
generated: $(BUILD)/obj/libxml2-soname.h $(BUILD)/obj/uxmcd/web/assets.c

.PHONY: generated

uxmc_version := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

UXMCD_CPPFLAGS := -D_GNU_SOURCE -DLIBEXECDIR='"$(libexecdir)"' \
	-DUXMC_VERSION='"$(uxmc_version)"' \
	$(shell $(PKG_CONFIG) --cflags libmicrohttpd 2>/dev/null) \
	$(shell $(PKG_CONFIG) --cflags libcurl libnl-genl-3.0 libseccomp inih json-c \
	libsodium libudev libxml-2.0)

$(BUILD)/obj/uxmcd/%.o: uxmcd/%.c
	@mkdir -p $(@D)
	$(CC) $(uxmcd_includes) $(UXMCD_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<
