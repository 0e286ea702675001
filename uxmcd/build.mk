# SPDX-License-Identifier: GPL-2.0-or-later
#
# The daemon, what is to fetch for it, and its tool. Their objects have a directory of
# their own, since $(BUILD)/uxmcd is the daemon.

PROGRAMS += $(BUILD)/uxmcd $(BUILD)/uxmcctl

# uxmcd/arrows has the folders, and says what each of them sees.
uxmcd_folders := $(shell sed -n 's/:.*//p' uxmcd/arrows)
uxmcd_sources := $(wildcard $(uxmcd_folders:%=uxmcd/%/*.c))
uxmcd_sees = $(1) $(shell sed -n 's,^$(1):,,p' uxmcd/arrows)
uxmcd_includes = $(patsubst %,-Iuxmcd/%,$(call uxmcd_sees,$(patsubst uxmcd/%,%,$(<D))))

# The objects of sources; and of those that are named without folder
uxmcd_objects_of = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
uxmcd_objects = $(call uxmcd_objects_of,\
	$(foreach part,$(1),$(filter %/$(part).c,$(uxmcd_sources))))

# uxmc-fetch, which uxmcd does not use yet: it is built for its tests alone. This is
# what uxmcd has no part of in fetch/; the rest of that they share, or uxmcd has alone.
uxmc_fetch_jail := jail jail_calls jail_paths wire
uxmc_fetch_own := $(uxmc_fetch_jail) body http imagebody serve settingsbody
uxmc_fetch_main := $(BUILD)/obj/uxmcd/fetch/main.o
uxmc_fetch_shared := answer fetchwire log loop mend permission provision_parse \
	range setting text url utf8 verdict

$(BUILD)/uxmc-fetch: $(uxmc_fetch_main) \
	$(call uxmcd_objects,$(uxmc_fetch_own) $(uxmc_fetch_shared))
$(BUILD)/uxmc-fetch: LDLIBS = $(shell $(PKG_CONFIG) --libs libcurl libseccomp \
	libxml-2.0)

$(BUILD)/uxmcd: $(call uxmcd_objects_of,$(filter-out uxmcd/ctl/% uxmcd/fetch/main.c \
	$(uxmc_fetch_own:%=uxmcd/fetch/%.c),$(uxmcd_sources)))
$(BUILD)/uxmcd: LDLIBS = $(shell $(PKG_CONFIG) --libs libcurl \
	libnl-genl-3.0 inih libxml-2.0)

$(BUILD)/uxmcctl: $(call uxmcd_objects_of,$(filter uxmcd/ctl/%,$(uxmcd_sources))) \
	$(call uxmcd_objects,call message module modules netlink printable text)
$(BUILD)/uxmcctl: LDLIBS = $(shell $(PKG_CONFIG) --libs libnl-genl-3.0 json-c \
	libudev)

UXMCD_CPPFLAGS := -D_GNU_SOURCE \
	$(shell $(PKG_CONFIG) --cflags libcurl libnl-genl-3.0 inih json-c \
	libudev libxml-2.0)

# Nothing else needs it.
$(BUILD)/obj/uxmcd/fetch/jail_calls.o: UXMCD_CPPFLAGS += \
	$(shell $(PKG_CONFIG) --cflags libseccomp 2>/dev/null)

$(BUILD)/obj/uxmcd/%.o: uxmcd/%.c
	@mkdir -p $(@D)
	$(CC) $(uxmcd_includes) $(UXMCD_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<
