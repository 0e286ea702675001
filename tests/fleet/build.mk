# SPDX-License-Identifier: GPL-2.0-or-later
#
# The simulation of many phones: uxmcd, but for what the fuzzer's world and fleet/ have
# in its place. It is built for its own test only, as it needs cmocka.

fleet_sources := $(wildcard tests/fleet/*.c) \
	$(patsubst %,tests/fuzz/uxmcd/%.c,clock disk driver fetches log process wear)

$(BUILD)/fleet: $(patsubst %.c,$(BUILD)/obj/%.o,$(fleet_sources)) \
	$(call uxmcd_objects_of,$(filter-out \
	%/main.c %/fetchproc.c %/privileges.c %/random.c %/boot.c \
	%/call.c %/log.c %/message.c %/netlink.c %/trim.c,\
	$(filter uxmcd/common/% uxmcd/daemon/%,$(uxmcd_sources))))
$(BUILD)/fleet: LDLIBS = -Wl,--wrap=epoll_wait,--wrap=clock_gettime \
	-Wl,--wrap=timerfd_settime,--wrap=fsync,--wrap=renameat \
	$(shell $(PKG_CONFIG) --libs cmocka inih) -ldl

FLEET_CPPFLAGS := $(patsubst %,-Iuxmcd/%,$(filter common daemon%,$(uxmcd_folders))) \
	-Itests/fuzz/uxmcd -Itests/unit -D_GNU_SOURCE

$(BUILD)/obj/tests/fleet/%.o: tests/fleet/%.c
	@mkdir -p $(@D)
	$(CC) $(FLEET_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/tests/fuzz/uxmcd/%.o: tests/fuzz/uxmcd/%.c
	@mkdir -p $(@D)
	$(CC) $(FLEET_CPPFLAGS) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) -MMD -MP -c -o $@ $<
