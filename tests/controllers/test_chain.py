# SPDX-License-Identifier: GPL-2.0-or-later
"""Modules behind hubs, which each module has one of for the next one. QEMU's hub is
of full speed, and so is not for an ehci without companions.
"""
import pytest

import expect
import guest
import states
from test_unplug import LEFT, QUICK

pytestmark = pytest.mark.parametrize("controller", ["xhci", "uhci"], indirect=True)

# Where the hub is
ROOT = "2"


def removed(module):
    return module.until(lambda heard: heard["event"] == "removed", 15, "removed")


def update(module, new):
    module.flash(new)
    expect.done(module, new)


def test_two_behind_a_hub(hub, plug, image):
    hub(ROOT)
    modules = [plug("--poll", 5, port=f"{ROOT}.1"),
               plug("--model", "D8C", "--no-will-detach", port=f"{ROOT}.2")]
    images = [image(), image(model="D8C", version="1.5.3")]
    for module, new in zip(modules, images):
        module.flash(new)
    for module, new in zip(modules, images):
        expect.done(module, new)
        assert module.states() == expect.STEPS


def test_behind_two_hubs(hub, plug, image):
    hub(ROOT)
    hub(f"{ROOT}.3")
    module = plug("--transfer-size", 1024, port=f"{ROOT}.3.2")
    assert module.read("port").endswith(f"-{ROOT}.3.2")
    update(module, image())


@pytest.mark.parametrize("state", ["idle", "requested", "downloading"])
def test_hub_is_pulled(hub, plug, image, state):
    """... and comes back, with a module behind it."""
    between = hub(ROOT)
    module = plug(*states.OPTIONS.get(state, ()), port=f"{ROOT}.1")
    if state == "idle":
        module.begin()
        between.pull()
        removed(module)
    else:
        states.bring_to(module, state)
        between.pull()
        failure = LEFT if state == "downloading" else (LEFT[0], "the module was unplugged")
        end = expect.failed_and_gone(module, state, *failure, within=8)
    module.sim.process.wait()

    between.plug()
    module.sim.options += QUICK
    module.sim.start()
    expect.replugged(module)
    if state != "idle":
        expect.still_failed(module, end)
    update(module, image())


def test_hub_is_pulled_while_the_module_restarts(hub, plug):
    """The module is waited for on its port, whatever becomes of the hub."""
    between = hub(ROOT)
    module = plug(*states.OPTIONS["rebooting"], port=f"{ROOT}.1")
    new = states.bring_to(module, "rebooting")
    between.pull()
    between.plug(module.sim)
    expect.done(module, new)


@pytest.fixture
def chain(hub, plug):
    """A module whose hub another one is plugged into: (first, second). Those behind
    are enumerated before it leaves the bus again, and it has time to be back.
    """
    guest.set_parameter("reboot_timeout", 20000)

    def start(behind=()):
        between = hub(ROOT)
        first = plug("--poll", 20, port=f"{ROOT}.1")
        second = plug(*behind, port=f"{ROOT}.2")
        first.sim.hold(between, second.sim)
        return first, second
    return start


def settled(module, times):
    """It has been plugged in so many times, and is there now."""
    def plugged_in():
        log = module.sim.matching("^(attached|configured)")
        return len([line for line in log if line != "configured"]) == times and \
            log[-1] == "configured"

    def numbers():
        return [one["module"] for one in module.client.dump()
                if one["serial"] == module.sim.serial and not one["away"]]

    guest.until(plugged_in, 30, f"{module.sim} was plugged in {times} times")
    number, = guest.until(numbers, 15, f"{module.sim} is bound")
    module.renumber(number)
    module.setting = ""


def test_update_takes_those_behind_along(chain, image):
    """They leave the bus with it, twice, and are back after it."""
    first, second = chain()
    second.begin()
    new = image()
    first.flash(new)
    expect.done(first, new, within=40)
    removed(second)
    settled(second, 3)
    assert second.agreed()["state"] == "idle"
    update(second, image())
    assert first.agreed()["state"] == "done"


def test_update_breaks_off_the_one_behind(chain, image):
    """Whose own update fails; it is found in DFU mode, and updated."""
    first, second = chain(behind=states.OPTIONS["downloading"])
    states.bring_to(second, "downloading")
    new = image()
    first.flash(new)
    end = expect.failed_and_gone(second, "downloading", *LEFT, within=15)
    expect.done(first, new, within=40)
    settled(second, 4)
    expect.still_failed(second, end)
    assert second.read("mode") == "dfu"
    update(second, image())


def test_chain_is_pulled(hub, plug, image):
    """In the update of one, with all of them: each can be updated later."""
    between = hub(ROOT)
    first = plug(*states.OPTIONS["downloading"], port=f"{ROOT}.1")
    second = plug(port=f"{ROOT}.2")
    second.begin()
    states.bring_to(first, "downloading")
    between.pull()
    expect.failed_and_gone(first, "downloading", *LEFT, within=8)
    removed(second)
    between.plug()
    for module, times in (first, 3), (second, 2):
        module.sim.process.wait()
        module.sim.options += QUICK
        module.sim.start()
        settled(module, times)
        update(module, image())
