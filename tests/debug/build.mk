# SPDX-License-Identifier: GPL-2.0-or-later
# A system call with one fault in it.

TEST_PROGRAMS += $(BUILD)/fail-nth

$(BUILD)/fail-nth: $(BUILD)/tests/debug/fail_nth.o
