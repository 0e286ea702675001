# SPDX-License-Identifier: GPL-2.0-or-later
#
# uxmc-fetch with the same main() and the same jail, but evil in place of fetching;
# and what runs either as on an old kernel.

FETCH_TEST_PROGRAMS := $(BUILD)/uxmc-fetch-evil $(BUILD)/old-kernel

$(BUILD)/uxmc-fetch-evil: $(BUILD)/obj/tests/fetch/evil.o $(uxmc_fetch_main) \
	$(call uxmcd_objects,$(uxmc_fetch_jail) answer httpverdict network range xml $(uxmc_fetch_common))
$(BUILD)/uxmc-fetch-evil: LDLIBS = $(shell $(PKG_CONFIG) --libs libcurl libseccomp) -ldl

$(BUILD)/old-kernel: $(BUILD)/obj/tests/fetch/old_kernel.o
$(BUILD)/old-kernel: LDLIBS = $(shell $(PKG_CONFIG) --libs libseccomp)

$(BUILD)/obj/tests/fetch/%.o: tests/fetch/%.c
	@mkdir -p $(@D)
	$(CC) -Iuxmcd/common -Iuxmcd/fetch $(UXMCD_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<
