# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets by somebody else: a program that has the module's node in /dev/bus/usb open,
as dfu-util or a virtual machine has. On these controllers the module sees them. Some
are tests of vhci-hcd's.
"""
import errno
import threading

import pytest

import expect
import guest
import states
from genl import Refused
# pylint: disable=unused-import
from test_reset import (reset, test_found_detaching, test_found_waiting_for_a_reset,
                        test_nothing_is_sent_meanwhile, test_unbind_before_it)

BY_SOMEBODY = (errno.ECONNRESET, "the module was reset by somebody else.*")


@pytest.mark.parametrize("state", ["idle", "requested", "fetching", "verifying"])
def test_before_it_is_disturbed(plug, image, state):
    """It is what it was before, and so is the update."""
    module = plug()
    if state != "idle":
        states.bring_to(module, state)
    since = module.sim.mark()
    reset(module)
    module.sim.wait("^reset$", 5, since)
    assert module.agreed()["state"] == state
    if state != "idle":
        module.cancel()
        expect.failed(module, state, errno.ECANCELED, "cancelled", within=3)
    expect.updates(module, image)


@pytest.mark.parametrize("state", ["downloading", "manifesting"])
@pytest.mark.parametrize("tolerant", ["--tolerant", "--not-tolerant"])
def test_meanwhile(plug, image, state, tolerant):
    """The module has lost what it had of the image."""
    module = plug(*states.OPTIONS[state], tolerant)
    states.bring_to(module, state)
    reset(module)
    expect.failed(module, state, *BY_SOMEBODY, within=8)
    assert not module.sim.violations
    module.sim.options += ["--poll", "0", "--manifest-ms", "50"]
    module.sim.replug()
    expect.replugged(module)
    expect.updates(module, image)


def test_at_speed(plug, image):
    """With no waits, blocks are with the controller all the time: they are taken back
    before the reset, and none comes after it. The module can be updated at once.
    """
    module = plug("--verbose")
    module.flash(image(size=4 << 20))
    module.until(lambda heard: heard["state"] == "downloading" and heard["done"],
                 20, "in mid-download")
    reset(module)
    expect.failed(module, "downloading", *BY_SOMEBODY, within=8)
    log = module.sim.log(module.logged)
    after = log[log.index("reset"):]
    assert not [line for line in after if line.startswith("block")]
    assert not module.sim.violations
    expect.updates(module, image)


def test_while_a_block_hangs(plug, image):
    """It is taken back by the reset, not by its time-out."""
    module = plug("--fault", "hang:7")
    module.flash(image())
    module.sim.wait("^fault hang$", 15)
    reset(module)
    expect.failed(module, "downloading", *BY_SOMEBODY, within=8)
    expect.updates(module, image)


def back(module):
    """It is there, by whatever number."""
    def numbers():
        return [one["module"] for one in module.client.dump() if not one["away"]]
    module.renumber(guest.until(numbers, 30, "the module is back")[0])


def test_over_and_over(plug, image):
    """All the time: updates come to an end, or are not begun, since the module is away.
    Then all is well. (The module changes its mode by resets alone: one that leaves the
    bus in a reset is not found by QEMU's xhci for 45 s.)
    """
    module = plug("--no-will-detach")
    done = threading.Event()

    def storm():
        while not done.wait(0.3):
            try:
                reset(module)
            except (OSError, ValueError):
                pass        # it is away just now

    thread = threading.Thread(target=storm)
    thread.start()
    try:
        for _ in range(3):
            back(module)
            try:
                module.flash(image())
            except Refused:
                continue
            module.until_state("done", "failed", within=30)
    finally:
        done.set()
        thread.join()
    module.sim.replug()
    guest.until(lambda: module.sim.log()[-1] == "configured", 15, "it is configured")
    back(module)
    module.setting = ""
    expect.updates(module, image)
