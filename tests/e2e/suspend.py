# SPDX-License-Identifier: GPL-2.0-or-later
"""Suspends of the system, cut short as Documentation/power/basic-pm-debugging.rst
has it: they end by themselves, after a second.
"""
import contextlib

from guest import write


def suspend():
    """Raises OSError where it is refused."""
    write("/sys/power/state", "freeze")


@contextlib.contextmanager
def cut_short(after, within=120):
    """After "freezer", no process runs; after "devices", no device does either. The
    freezer tries for that many seconds.
    """
    write("/sys/module/suspend/parameters/pm_test_delay", "1")
    # The simulated module is a process, and frozen before udev is: what enumerates it
    # holds a lock that udev wants until it has waited for some answers in vain.
    write("/sys/power/pm_freeze_timeout", str(within * 1000))
    write("/sys/power/pm_test", after)
    try:
        yield suspend
    finally:
        write("/sys/power/pm_test", "none")
