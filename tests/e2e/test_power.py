# SPDX-License-Identifier: GPL-2.0-or-later
"""Suspend: of the system, which an update never refuses and always survives, and of
the module, which an update wakes up.
"""
import glob

import pytest

import expect
import guest
import states
import suspend

USB = "/sys/bus/usb/devices"


@pytest.fixture
def freeze():
    """Suspend the system, as far as the freezing of all processes: no file can be
    read then. (What comes after it the guest's root would not survive; it is a part
    of the suite for real host controllers.)
    """
    with suspend.cut_short("freezer") as freeze_all:
        yield freeze_all


def wakeup_source():
    """Is the driver's one active?"""
    path, = [path for path in glob.glob("/sys/class/wakeup/*")
             if open(f"{path}/name").read().strip() == "uxmc"]
    with open(f"{path}/active_time_ms") as file:
        return file.read().strip() != "0"


@pytest.mark.parametrize("state", ["verifying", "detaching", "downloading",
                                   "manifesting", "rebooting"])
def test_update_survives_suspend(plug, freeze, state):
    # The simulator is a process, which is frozen as well, and answers late.
    for name in "ctrl_timeout", "block_timeout", "reboot_timeout":
        guest.set_parameter(name, 30000)
    module = plug(*states.OPTIONS.get(state, ()))
    new = states.bring_to(module, state)
    freeze()
    if new:
        expect.done(module, new, within=60)
    else:
        assert module.state == "verifying"
        module.cancel()
        module.until_state("failed")


def test_wakeup_source(plug):
    """While the module is being changed; who suspends by wakeup events waits."""
    module = plug(*states.OPTIONS["downloading"])
    assert not wakeup_source()
    new = states.bring_to(module, "downloading")
    assert wakeup_source()
    expect.done(module, new)
    assert not wakeup_source()


def test_suspend_at_rest(plug, image, freeze):
    """With a module plugged in, with a request that waits, and after updates that
    failed or did not.
    """
    module = plug("--fault", "stall:1")
    states.bring_to(module, "requested")
    freeze()
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
