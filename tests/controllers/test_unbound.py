# SPDX-License-Identifier: GPL-2.0-or-later
"""The driver is taken from a module, or out of the kernel: as with vhci-hcd, and while
a controller has its transfers.
"""
import errno
import os

import expect
import guest
import states
# pylint: disable=unused-import
from test_bind import (test_unbind_and_bind, test_unbind_before_flashing,
                       test_unload_while_flashing, test_unload_with_module,
                       test_unload_with_open_file, test_unload_with_request)
from test_unplug import LEFT, QUICK

USB = "/sys/bus/usb/devices"
UNBOUND = (errno.ENODEV, "the driver was unbound from the module.*")


def bind_again(module, interface, image):
    guest.tell_driver("bind", interface)
    expect.replugged(module)
    expect.updates(module, image)


def test_unbind_while_manifesting(plug, image):
    """The module goes on by itself, and comes back with the new firmware: it is waited
    for, with the driver bound again or not.
    """
    module = plug(*states.OPTIONS["manifesting"])
    new = states.bring_to(module, "manifesting")
    guest.tell_driver("unbind", module.interface)
    expect.done(module, new)


def test_unbind_while_a_block_hangs(plug, image):
    """What the controller reads from is freed when it has given it back."""
    module = plug("--fault", "hang:5")
    module.flash(image())
    module.sim.wait("^fault hang$", 15)
    interface = module.interface
    guest.tell_driver("unbind", interface)
    expect.failed_and_gone(module, "downloading", *UNBOUND, within=5)
    bind_again(module, interface, image)


def test_unbind_at_speed(plug, image):
    module = plug()
    module.flash(image(size=4 << 20))
    module.until(lambda heard: heard["state"] == "downloading" and heard["done"],
                 20, "in mid-download")
    interface = module.interface
    guest.tell_driver("unbind", interface)
    expect.failed_and_gone(module, "downloading", *UNBOUND, within=5)
    bind_again(module, interface, image)


def test_controller_is_unbound(plug, image):
    """From its own driver, with all that is behind it, as before it is given to a
    virtual machine.
    """
    module = plug(*states.OPTIONS["downloading"])
    states.bring_to(module, "downloading")
    pci = os.path.realpath(f"{USB}/{module.read('port')}/../..")
    driver = os.path.realpath(f"{pci}/driver")
    guest.write(f"{driver}/unbind", os.path.basename(pci))
    try:
        expect.failed_and_gone(module, "downloading", *LEFT, within=8)
        module.sim.unplug()
    finally:
        guest.write(f"{driver}/bind", os.path.basename(pci))
    module.sim.options += QUICK
    module.sim.start()
    expect.replugged(module)
    expect.updates(module, image)
