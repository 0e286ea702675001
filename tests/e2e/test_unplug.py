# SPDX-License-Identifier: GPL-2.0-or-later
"""Modules that go, in each state of an update: uxmcN goes with them, the failure
is told, and told again when they are back.
"""
import errno

import pytest

import expect
import guest
import states

UNPLUGGED = (errno.ENODEV, "the module was unplugged")
LEFT = (errno.ENODEV, "the module left the bus.*")
AWAY = (errno.ETIMEDOUT, "the module did not come back within 4000 ms")

# For the simulator once it is plugged in again
QUICK = ["--reboot-ms", "120", "--manifest-ms", "50", "--poll", "0"]

# The state, the simulator's options, the phase and the failure. A module may
# leave the bus while it manifests: it is waited for.
CASES = [
    ("requested", [], "requested", UNPLUGGED),
    ("fetching", [], "fetching", UNPLUGGED),
    ("verifying", [], "verifying", UNPLUGGED),
    ("detaching", [], "detaching", AWAY),
    ("downloading", [], "downloading", LEFT),
    ("manifesting", ["--tolerant"], "rebooting", AWAY),
    ("manifesting", [], "rebooting", AWAY),
    ("rebooting", [], "rebooting", AWAY),
]


@pytest.mark.parametrize("state, options, phase, failure", CASES,
                         ids=[" ".join([case[0], *case[1]]) for case in CASES])
def test_unplug(plug, image, state, options, phase, failure):
    guest.set_parameter("reboot_timeout", 4000)
    module = plug(*states.OPTIONS.get(state, ()), *options)
    states.bring_to(module, state)
    module.sim.unplug()
    end = expect.failed_and_gone(module, phase, *failure, within=8)

    module.sim.options += QUICK
    module.sim.start()
    expect.replugged(module)
    expect.still_failed(module, end)
    guest.set_parameter("reboot_timeout", guest.PARAMETERS["reboot_timeout"])
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_replugged_in_manifestation(plug, image):
    """It comes back without firmware, which is not the image's fault."""
    module = plug(*states.OPTIONS["manifesting"])
    states.bring_to(module, "manifesting")
    module.sim.replug()
    expect.failed(module, "rebooting", errno.EREMOTEIO,
                  "the module came back in DFU mode: it lost its power while it wrote "
                  "the image, or does not run it; repeat the update", within=8)
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_seen_to_leave_late(plug, image):
    """DETACH fails as it does when a module leaves, which the hub's thread finds
    out only some time later: it is on its way to DFU mode.
    """
    module = plug("--fault", "late-leave")
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_unplug_at_rest(module):
    module.sim.unplug()
    module.until(lambda heard: heard["event"] == "removed", 8, "removed")
    assert not guest.modules()
    module.sim.start()
    expect.replugged(module)
    assert module.agreed()["state"] == "idle"


def test_cable_pulled(plug, image):
    """Without any warning, as a killed simulator gives none."""
    module = plug(*states.OPTIONS["downloading"])
    states.bring_to(module, "downloading")
    module.sim.kill()
    end = expect.failed_and_gone(module, "downloading", *LEFT, within=8)

    module.sim.options += QUICK
    module.sim.start()
    expect.replugged(module)
    expect.still_failed(module, end)
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_failure_is_not_another_modules(plug):
    """What is plugged in there next, with another serial number, is fine."""
    module = plug(*states.OPTIONS["downloading"])
    states.bring_to(module, "downloading")
    module.sim.unplug()
    expect.failed_and_gone(module, "downloading", *LEFT, within=8)
    other = plug()
    assert other.agreed()["state"] == "idle"


def test_failure_is_not_another_ports(plug, image):
    """A failure is remembered by the port."""
    module = plug(*states.OPTIONS["downloading"])
    states.bring_to(module, "downloading")
    module.sim.unplug()
    expect.failed_and_gone(module, "downloading", *LEFT, within=8)

    module.sim.options += [*QUICK, "--port", "1"]
    module.sim.start()
    expect.replugged(module)
    assert module.agreed()["state"] == "idle"
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_failure_is_told_until_the_next_update(plug, image):
    module = plug(*states.OPTIONS["downloading"])
    states.bring_to(module, "downloading")
    module.sim.unplug()
    end = expect.failed_and_gone(module, "downloading", *LEFT, within=8)
    module.sim.options += QUICK
    for _ in range(2):
        module.sim.start()
        expect.replugged(module)
        expect.still_failed(module, end)
        module.begin()
        module.sim.unplug()
        module.until(lambda heard: heard["event"] == "removed", 8, "removed")

    module.sim.start()
    expect.replugged(module)
    new = image()
    module.flash(new)
    expect.done(module, new)
    module.begin()
    module.sim.replug()
    expect.replugged(module)
    assert module.agreed()["state"] == "idle"
