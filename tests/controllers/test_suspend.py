# SPDX-License-Identifier: GPL-2.0-or-later
"""Suspend to idle, with the controllers: it is never refused, and an update survives
it, be it that the module has kept what it had, or is begun with again.
"""
import errno

import pytest

import expect
import guest
import states
from test_unplug import QUICK

# What is unplugged in its sleep is not there when all wake up: it may come yet.
AWAY = (errno.ETIMEDOUT, "the module did not come back within 10000 ms")


def survived(module, new):
    """The update ends well; the module may have been sent the image twice."""
    end = module.until_state("done", "failed", within=60)
    assert end["state"] == "done", expect.told(end)
    assert module.agreed()["version"] == new.version
    module.sim.wait(f"^verified {new.version}$", 5, module.logged)
    assert module.sim.received == (len(new.sent), new.sha256)
    assert not module.sim.violations


def test_at_rest(plug, image, freeze, driver):
    module = plug()
    freeze()
    driver.wait("suspend debug: Waiting for 1 second", 1)
    assert module.agreed()["state"] == "idle"
    new = image()
    module.flash(new)
    expect.done(module, new)


@pytest.mark.parametrize("state", ["requested", "fetching", "verifying"])
def test_before_it_is_disturbed(plug, image, freeze, state):
    module = plug()
    states.bring_to(module, state)
    freeze()
    assert module.agreed()["state"] == state
    module.cancel()
    expect.failed(module, state, errno.ECANCELED, "cancelled", within=3)
    new = image()
    module.flash(new)
    expect.done(module, new)


@pytest.mark.parametrize("state, options", [
    ("detaching", []), ("downloading", []), ("manifesting", ["--tolerant"]),
    ("manifesting", ["--not-tolerant"]), ("rebooting", [])])
def test_meanwhile(plug, freeze, state, options):
    # The time that it takes to suspend and resume counts.
    guest.set_parameter("reboot_timeout", 30000)
    module = plug(*states.OPTIONS[state], *options)
    new = states.bring_to(module, state)
    freeze()
    survived(module, new)


def test_at_speed(plug, image, freeze):
    """Blocks are with the controller all the time."""
    module = plug()
    new = image(size=4 << 20)
    module.flash(new)
    module.until(lambda heard: heard["state"] == "downloading" and heard["done"],
                 20, "in mid-download")
    freeze()
    survived(module, new)


def test_unplugged_in_its_sleep(plug, image, freeze):
    module = plug(*states.OPTIONS["downloading"])
    states.bring_to(module, "downloading")
    module.sim.unplug_later(0.7)
    freeze()
    expect.failed_and_gone(module, "downloading", *AWAY, within=20)
    module.sim.process.wait()
    module.sim.options += QUICK
    module.sim.start()
    expect.replugged(module)
    new = image()
    module.flash(new)
    expect.done(module, new)
