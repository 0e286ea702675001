# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's own search for memory that nobody refers to."""
import time

import guest

FILE = "/sys/kernel/debug/kmemleak"
# What is younger is not reported, nor is what has changed since the last scan.
AGE = 5.2


def leaks():
    """All that has leaked since the last call, with who allocated it."""
    guest.write(FILE, "scan")
    time.sleep(AGE)
    guest.write(FILE, "scan")
    with open(FILE) as file:
        report = file.read()
    guest.write(FILE, "clear")
    return report


def expect_none():
    report = leaks()
    assert not report, report
