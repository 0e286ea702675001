# SPDX-License-Identifier: GPL-2.0-or-later
#
# uxmcweb with a test in place of the driver.

ifneq ($(WEB),no)
WEB_TEST_PROGRAMS := $(BUILD)/uxmcweb-fake
endif

$(BUILD)/uxmcweb-fake: $(call uxmcd_objects_of,$(filter \
	uxmcd/client/% uxmcd/jail/% uxmcd/web/%,$(uxmcd_sources))) \
	$(BUILD)/obj/uxmcd/web/assets.o $(BUILD)/obj/tests/web/fake_driver.o \
	$(call uxmcd_objects,$(uxmcweb_common))
$(BUILD)/uxmcweb-fake: LDLIBS = $(shell $(PKG_CONFIG) --libs libmicrohttpd \
	inih json-c libseccomp libudev) -pthread

$(BUILD)/obj/tests/web/%.o: tests/web/%.c
	@mkdir -p $(@D)
	$(CC) -Iuxmcd/common $(UXMCD_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<
