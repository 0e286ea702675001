# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets: by somebody else, which ends an update, and the driver's own, which can
come too late, or not at all.
"""
import errno
import time

import pytest

import expect
import guest
import states
import usbfs
from usbmon import CLASS, DEVICE_IN, DNLOAD, GET_DESCRIPTOR, Usbmon


def reset(module):
    usbfs.reset(f"/sys/bus/usb/devices/{module.read('port')}")


@pytest.mark.parametrize("state", ["downloading", "manifesting"])
def test_by_somebody_else(plug, image, state):
    module = plug(*states.OPTIONS[state])
    states.bring_to(module, state)
    reset(module)
    expect.failed(module, state, errno.ECONNRESET,
                  "the module was reset by somebody else.*", within=5)
    expect.updates(module, image)


def test_nothing_is_sent_meanwhile(plug, image):
    """From the reset on until the device has its address and configuration again."""
    module = plug("--poll", 10)
    with Usbmon(module) as monitor:
        module.flash(image())
        module.until(lambda heard: heard["state"] == "downloading" and heard["done"],
                     10, "downloading")     # reading the file has progress, too
        reset(module)
        done = time.monotonic() * 1e6
        expect.failed(module, "downloading", errno.ECONNRESET,
                      "the module was reset by somebody else.*", within=5)
        expect.updates(module, image)     # whose traffic ends this
        events = list(monitor.requests(lambda event: event[3] > done,
                                       kinds=(*CLASS, DEVICE_IN)))
    # Of enumerations there are others before it.
    downloading = [event[:2] for event in events].index(("S", DNLOAD))
    after = next(number for number, (kind, request, length, _) in enumerate(events)
                 if number > downloading and (kind, request) == ("S", GET_DESCRIPTOR)
                 and length)
    during = [event for event in events[after:-1]
              if event[0] == "S" and not (event[1] == GET_DESCRIPTOR and event[2])]
    assert during == []


def test_before_the_module_is_disturbed(plug, image):
    """It is of no interest then."""
    module = plug()
    states.bring_to(module, "verifying")
    reset(module)
    module.cancel()
    module.until_state("failed")
    expect.updates(module, image)


def test_too_late(plug, image):
    """The module is in application mode still, and is told to detach once more."""
    module = plug("--no-will-detach", "--fault", "late-reset")
    new = image()
    module.flash(new)
    expect.done(module, new)
    assert len(module.sim.matching("^detach$", module.logged)) == 2


def test_found_detaching(plug, image):
    """It refuses the first DETACH then, and takes the second one."""
    module = plug("--no-will-detach", "--detach-ms", 60000)
    interface = module.interface
    guest.tell_driver("unbind", interface)
    module.until(lambda heard: heard["event"] == "removed", 8, "removed")
    with usbfs.Dfu(0xd7c0) as dfu:
        dfu.send(usbfs.DETACH, 60000)
        assert dfu.state == "appDETACH"
    guest.tell_driver("bind", interface)
    expect.replugged(module)
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_found_waiting_for_a_reset(plug, image):
    """After another host's update: it does not get ready, is reset by the driver,
    which waits for what it becomes, and then is updated.
    """
    module = plug("--start-in-dfu", "--no-will-detach")
    interface = module.interface
    guest.tell_driver("unbind", interface)
    module.until(lambda heard: heard["event"] == "removed", 8, "removed")
    old = image(size=20 << 10, version="1.5.3")
    with usbfs.Dfu(0xd7c1) as dfu:
        dfu.send(usbfs.CLRSTATUS)
        for number, at in enumerate(range(0, len(old.sent), 4096)):
            assert dfu.block(number, old.sent[at:at + 4096])[2] == "dfuDNLOAD-IDLE"
        dfu.send(usbfs.DNLOAD, number + 1)
        assert dfu.status()[2] == "dfuMANIFEST"
        module.sim.wait("^verified 1.5.3$", 5)
    guest.tell_driver("bind", interface)
    expect.replugged(module)
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_unbind_before_it(plug, image):
    """The driver cannot reset it any more, and does not wait for what that brings."""
    module = plug("--no-will-detach", "--fault", "hang-detach")
    module.flash(image())
    module.sim.wait("^fault hang-detach$", 10)
    interface = module.interface
    guest.tell_driver("unbind", interface)
    expect.failed_and_gone(module, "detaching", errno.ENODEV,
                           "the driver was unbound from the module", within=4)
    guest.tell_driver("bind", interface)
    expect.replugged(module)
    expect.updates(module, image)
