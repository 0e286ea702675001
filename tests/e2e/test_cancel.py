# SPDX-License-Identifier: GPL-2.0-or-later
"""Cancelling, by sysfs, netlink and uxmcctl: harmless up to verifying, refused
from detaching on, and the update ends well then.
"""
import errno

import pytest

import expect
import states
from genl import Refused
from module import run_uxmcctl

# Exit codes of uxmcctl: failed, too late to cancel
CODES = {errno.ENOENT: 1, errno.EBUSY: 10}
SENTENCES = {errno.ENOENT: "there is no update to cancel",
             errno.EBUSY: "too late to cancel: the module is being flashed"}


def by_sysfs(module, error):
    if not error:
        module.write("update_cancel", "1\n")
        return
    with pytest.raises(OSError) as refused:
        module.write("update_cancel", "1\n")
    assert refused.value.errno == error


def by_netlink(module, error):
    if not error:
        module.cancel()
        return
    with pytest.raises(Refused) as refused:
        module.cancel()
    assert refused.value.errno == error
    assert refused.value.sentence == SENTENCES[error]


def by_uxmcctl(_, error):
    done = run_uxmcctl("cancel")
    assert done.returncode == CODES.get(error, 0)
    assert SENTENCES.get(error, "") in done.stdout


WAYS = [by_sysfs, by_netlink, by_uxmcctl]


@pytest.mark.parametrize("cancel", WAYS)
def test_cancel(plug, image, cancel):
    module = plug()
    cancel(module, errno.ENOENT)
    for state in "requested", "fetching", "verifying":
        states.bring_to(module, state)
        cancel(module, None)
        expect.failed(module, state, errno.ECANCELED, "cancelled", within=3)
        cancel(module, errno.ENOENT)
    assert "detach" not in module.sim.log()

    new = image()
    module.flash(new)
    expect.done(module, new)
    cancel(module, errno.ENOENT)


def test_too_late(plug):
    module = plug("--reboot-ms", 1000, "--poll", 40, "--manifest-ms", 1000)
    new = states.bring_to(module, "detaching")
    by_uxmcctl(module, errno.EBUSY)
    for state in "detaching", "downloading", "manifesting", "rebooting":
        if module.state != state:
            module.until_state(state)
        by_sysfs(module, errno.EBUSY)
        by_netlink(module, errno.EBUSY)
    expect.done(module, new)
    assert module.states() == expect.STEPS


def test_too_late_for_a_module_in_dfu_mode(plug, image):
    """Which has nothing to lose, but is in the middle all the same."""
    module = plug("--start-in-dfu", "--poll", 40)
    new = image()
    module.flash(new)
    module.until_state("downloading")
    by_sysfs(module, errno.EBUSY)
    expect.done(module, new)


def test_cancel_one_of_two(plug, image):
    """The other one is not touched."""
    first, second = plug(port=0), plug("--poll", 5, port=1)
    states.bring_to(first, "requested")
    new = image()
    second.flash(new)
    first.cancel()
    expect.failed(first, "requested", errno.ECANCELED, "cancelled", within=3)
    expect.done(second, new)
