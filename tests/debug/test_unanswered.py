# SPDX-License-Identifier: GPL-2.0-or-later
"""A block that the module never answers is with the host controller until its URB is
given back: its memory is not to be freed before that, whoever goes meanwhile.
uxmc-debug.ko sees to it, and says so in the kernel's log, which fails the test.

tests/debug/run runs this with a driver that does it wrong, too.
"""
import errno

import expect

DRIVER = "/sys/bus/usb/drivers/uxmc"


def test_unbind_with_a_block_unanswered(plug, image):
    module = plug("--fault", "hang:5")
    module.flash(image())
    module.sim.wait("^fault hang$", 20)
    with open(f"{DRIVER}/unbind", "w") as file:
        file.write(module.interface)
    expect.failed_and_gone(module, "downloading", errno.ENODEV,
                           "the driver was unbound from the module.*", within=30)


def test_unplug_with_a_block_unanswered(plug, image):
    module = plug("--fault", "hang:5")
    module.flash(image())
    module.sim.wait("^fault hang$", 20)
    module.sim.kill()
    expect.failed_and_gone(module, "downloading", errno.ENODEV,
                           "the module left the bus.*", within=30)
