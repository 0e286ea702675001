# SPDX-License-Identifier: GPL-2.0-or-later
# The simulated module, and the images for it.

TEST_PROGRAMS += $(BUILD)/uxmc-sim $(BUILD)/mkimage

$(BUILD)/uxmc-sim: $(addprefix $(BUILD)/tests/sim/,main.o options.o log.o \
	loop.o vhci.o usbredir.o usbredir_info.o usb.o descriptors.o dfu.o states.o \
	module.o flash.o download.o screen.o faults.o image.o)
$(BUILD)/uxmc-sim: LDLIBS := -lnettle -lz -lusbredirparser

$(BUILD)/mkimage: $(addprefix $(BUILD)/tests/sim/,mkimage.o options.o image.o)
$(BUILD)/mkimage: LDLIBS := -lz

UNIT_TESTS += $(BUILD)/unit/test_sim_dfu
$(BUILD)/unit/test_sim_dfu: $(addprefix $(BUILD)/tests/sim/,test_dfu.o dfu.o \
	states.o faults.o flash.o download.o image.o options.o)
$(BUILD)/unit/test_sim_dfu: LDLIBS := -lcmocka -lnettle -lz
