# SPDX-License-Identifier: GPL-2.0-or-later
"""Suspend: of the system, which an update refuses, and of the module, which it
wakes up.
"""
import errno

import pytest

import expect
import guest
import states

PM_TEST_DELAY = "/sys/module/suspend/parameters/pm_test_delay"
USB = "/sys/bus/usb/devices"


@pytest.fixture
def freeze():
    """Suspend the system, as far as the freezing of all processes: what decides
    comes before that, and the guest's root would not survive what comes after.
    It ends by itself after a second; raises OSError where it is refused.
    """
    def suspend():
        with open("/sys/power/state", "w") as file:
            file.write("freeze")

    with open(PM_TEST_DELAY, "w") as file:
        file.write("1")
    with open("/sys/power/pm_test", "w") as file:
        file.write("freezer")
    yield suspend
    with open("/sys/power/pm_test", "w") as file:
        file.write("none")


def refused(suspend):
    with pytest.raises(OSError) as refusal:
        suspend()
    return refusal.value.errno


@pytest.mark.parametrize("state", ["verifying", "downloading", "rebooting"])
def test_system_suspend_is_refused(plug, driver, freeze, state):
    module = plug(*states.OPTIONS.get(state, ()))
    new = states.bring_to(module, state)
    assert refused(freeze) in (errno.EBUSY, errno.EPERM)
    driver.wait("uxmc: no suspend while a module is being updated", 1)
    if new:
        expect.done(module, new)
    else:
        module.cancel()
        module.until_state("failed")


def test_system_suspend_at_rest(plug, image, driver, freeze):
    """Goes well with a module plugged in, with a request that waits, and after
    updates that failed or did not.
    """
    module = plug("--fault", "stall:0")
    states.bring_to(module, "requested")
    freeze()
    driver.wait("suspend debug: Waiting for 1 second", 1)
    assert module.agreed()["state"] == "requested"
    module.flash(image())
    module.until_state("failed")
    freeze()
    new = image()
    module.flash(new)
    expect.done(module, new)
    freeze()


def test_suspended_module_is_woken_up(module, image):
    """Runtime power management."""
    power = f"{USB}/{module.read('port')}/power"
    with open(f"{power}/autosuspend_delay_ms", "w") as file:
        file.write("0")
    with open(f"{power}/control", "w") as file:
        file.write("auto")

    def status():
        with open(f"{power}/runtime_status") as file:
            return file.read().strip()
    guest.until(lambda: status() == "suspended", 10, "the module is suspended")
    new = image()
    module.flash(new)
    expect.done(module, new)
