# SPDX-License-Identifier: GPL-2.0-or-later
#
# The daemon and its tool. Their objects have a directory of their own, since
# $(BUILD)/uxmcd is the daemon.

PROGRAMS += $(BUILD)/uxmcd $(BUILD)/uxmcctl

UXMCD_COMMON := call message module modules netlink printable text

# What is not the tool's alone
UXMCD_PARTS := $(filter-out main bar ctl ctl_%, \
	$(patsubst uxmcd/%.c,%,$(wildcard uxmcd/*.c)))

UXMCCTL_PARTS := bar ctl_answer ctl_check ctl_driver ctl_driver_look ctl_follow \
	ctl_json ctl_log ctl_logline ctl_setting ctl_status ctl_talk ctl_update \
	ctl_watch \
	$(UXMCD_COMMON)

uxmcd_objects = $(patsubst %,$(BUILD)/obj/uxmcd/%.o,$(1))

$(BUILD)/uxmcd: $(call uxmcd_objects,main $(UXMCD_PARTS))
$(BUILD)/uxmcd: LDLIBS = $(shell $(PKG_CONFIG) --libs libcurl \
	libnl-genl-3.0 inih libxml-2.0)

$(BUILD)/uxmcctl: $(call uxmcd_objects,ctl $(UXMCCTL_PARTS))
$(BUILD)/uxmcctl: LDLIBS = $(shell $(PKG_CONFIG) --libs libnl-genl-3.0 json-c)

UXMCD_CPPFLAGS := -D_GNU_SOURCE \
	$(shell $(PKG_CONFIG) --cflags libcurl libnl-genl-3.0 inih json-c \
	libxml-2.0)

$(BUILD)/obj/uxmcd/%.o: uxmcd/%.c
	@mkdir -p $(@D)
	$(CC) $(UXMCD_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<
