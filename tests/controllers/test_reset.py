# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets by somebody else: a program that has the module's node in /dev/bus/usb open,
as dfu-util or a virtual machine has. On these controllers the module sees them.
"""
import errno
import fcntl
import os
import threading

import pytest

import expect
import states
from usbfs import USBDEVFS_RESET

BY_SOMEBODY = (errno.ECONNRESET, "the module was reset by somebody else.*")


def reset(port):
    """Of what is on that port; raises OSError where nothing is."""
    path = f"/sys/bus/usb/devices/{port}"
    numbers = []
    for name in "busnum", "devnum":
        with open(f"{path}/{name}") as file:
            numbers.append(int(file.read()))
    node = os.open("/dev/bus/usb/{:03}/{:03}".format(*numbers), os.O_RDWR)
    try:
        fcntl.ioctl(node, USBDEVFS_RESET)
    finally:
        os.close(node)


def update_again(module, image):
    again = image(version="1.7.0")
    module.flash(again)
    expect.done(module, again)


@pytest.mark.parametrize("state", ["idle", "requested", "fetching", "verifying"])
def test_before_it_is_disturbed(plug, image, state):
    """It is what it was before, and so is the update."""
    module = plug()
    if state != "idle":
        states.bring_to(module, state)
    since = module.sim.mark()
    reset(module.read("port"))
    module.sim.wait("^reset$", 5, since)
    assert module.agreed()["state"] == state
    if state != "idle":
        module.cancel()
        expect.failed(module, state, errno.ECANCELED, "cancelled", within=3)
    update_again(module, image)


@pytest.mark.parametrize("state", ["downloading", "manifesting"])
@pytest.mark.parametrize("tolerant", ["--tolerant", "--not-tolerant"])
def test_meanwhile(plug, image, state, tolerant):
    """The module has lost what it had of the image."""
    module = plug(*states.OPTIONS[state], tolerant)
    states.bring_to(module, state)
    reset(module.read("port"))
    expect.failed(module, state, *BY_SOMEBODY, within=8)
    assert not module.sim.violations
    module.sim.options += ["--poll", "0", "--manifest-ms", "50"]
    module.sim.replug()
    expect.replugged(module)
    update_again(module, image)


def test_at_speed(plug, image):
    """With no waits, blocks are with the controller all the time: they are taken back
    before the reset, and none comes after it. The module can be updated at once.
    """
    module = plug("--verbose")
    module.flash(image(size=4 << 20))
    module.until(lambda heard: heard["state"] == "downloading" and heard["done"],
                 20, "in mid-download")
    reset(module.read("port"))
    expect.failed(module, "downloading", *BY_SOMEBODY, within=8)
    log = module.sim.log(module.logged)
    after = log[log.index("reset"):]
    assert not [line for line in after if line.startswith("block")]
    assert not module.sim.violations
    update_again(module, image)


def test_while_a_block_hangs(plug, image):
    """It is taken back by the reset, not by its time-out."""
    module = plug("--fault", "hang:7")
    module.flash(image())
    module.sim.wait("^fault hang$", 15)
    reset(module.read("port"))
    expect.failed(module, "downloading", *BY_SOMEBODY, within=8)
    update_again(module, image)


def test_over_and_over(plug, image):
    """All the time that the module is on the bus: some updates may get through, and
    each comes to an end. Then all is well.
    """
    module = plug()
    port = module.read("port")
    done = threading.Event()

    def storm():
        while not done.wait(0.3):
            try:
                reset(port)
            except (OSError, ValueError):
                pass        # it is away just now

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        for _ in range(3):
            module.flash(image())
            module.until_state("done", "failed", within=30)
    finally:
        done.set()
        thread.join()
    update_again(module, image)
