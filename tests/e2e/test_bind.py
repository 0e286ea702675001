# SPDX-License-Identifier: GPL-2.0-or-later
"""The driver is taken from a module, or out of the kernel, and modules come,
while an update runs.
"""
import errno
import os

import pytest

import expect
import guest
import states
from patience import PATIENCE


def refused_to_unload():
    with pytest.raises(BlockingIOError):
        guest.unload()
    assert guest.loaded()


def test_unbind_and_bind(plug, image):
    module = plug(*states.OPTIONS["downloading"])
    states.bring_to(module, "downloading")
    interface = module.interface
    guest.tell_driver("unbind", interface)
    end = expect.failed_and_gone(module, "downloading", errno.ENODEV,
                                 "the driver was unbound from the module.*", within=5)
    guest.tell_driver("bind", interface)
    expect.replugged(module)
    expect.still_failed(module, end)
    new = image()
    module.flash(new)
    expect.done(module, new)


@pytest.mark.parametrize("state", ["requested", "fetching", "verifying"])
def test_unbind_before_flashing(plug, image, state):
    module = plug()
    states.bring_to(module, state)
    interface = module.interface
    guest.tell_driver("unbind", interface)
    expect.failed_and_gone(module, state, errno.ENODEV,
                           "the module was unplugged", within=5)
    guest.tell_driver("bind", interface)
    expect.replugged(module)
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_unload_with_module(plug, image):
    """Over and over, with a module plugged in."""
    module = plug()
    for _ in range(5):
        module.client.close()
        module.monitor.close()
        guest.unload()
        assert not os.path.exists(guest.CLASS)
        guest.load()
        # It has bound the module when it is loaded.
        module.client.reopen()
        module.monitor.reopen()
        assert module.agreed()["state"] == "idle"
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_unload_with_request(module):
    """Nothing is being flashed, so nothing is broken off."""
    states.bring_to(module, "requested")
    module.client.close()
    guest.unload()


@pytest.mark.parametrize("state", ["verifying", "detaching", "downloading",
                                   "manifesting", "rebooting"])
def test_unload_while_flashing(plug, state):
    module = plug(*states.OPTIONS.get(state, ()))
    new = states.bring_to(module, state)
    refused_to_unload()
    if new:
        expect.done(module, new)
    else:
        module.cancel()
        module.until_state("failed")


def test_unload_with_open_file(module):
    with module.records() as records:
        refused_to_unload()
        assert records.read() == [("idle", 0, 0)]


def test_unload_with_open_file_of_module_gone(module):
    with module.records():
        module.sim.unplug()
        module.until(lambda heard: heard["event"] == "removed", 8, "removed")
        refused_to_unload()


def test_another_module_comes(plug):
    """While one is being flashed another one is plugged in, and out again."""
    # With that it takes longer than plugging in; but patience is none of the driver's.
    guest.set_parameter("least_rate", 4096)
    module = plug("--poll", round(100 * PATIENCE))
    new = states.bring_to(module, "downloading")
    other = plug(port=1)
    assert other.agreed()["state"] == "idle"
    assert module.state == "downloading"
    other.sim.unplug()
    expect.done(module, new)


def test_two_updates_at_once(udev, plug, image):
    # Both have to be enumerated at once, with udevd at work.
    guest.set_parameter("reboot_timeout", 15000)
    modules = [plug("--model", model, "--poll", 5, port=port)
               for port, model in enumerate(("D7C", "D8C"))]
    images = [image(version="1.6.1"), image(model="D8C", version="1.5.3")]
    for module, new in zip(modules, images):
        module.flash(new)
    modules[0].until_state("downloading")
    for module, new in zip(modules, images):
        expect.done(module, new)
        assert module.states() == expect.STEPS


def test_numbers_are_used_again(plug):
    first, second = plug(port=0), plug(port=1)
    assert (first.number, second.number) == (0, 1)
    first.sim.unplug()
    first.until(lambda heard: heard["event"] == "removed", 8, "removed")
    assert plug(port=2).number == 0
