# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's own search for memory that nobody refers to."""
import time

FILE = "/sys/kernel/debug/kmemleak"
# What is younger is not reported, nor is what has changed since the last scan.
AGE = 5.2


def _write(word):
    with open(FILE, "w") as file:
        file.write(word)


def leaks():
    """All that has leaked since the last call, with who allocated it."""
    _write("scan")
    time.sleep(AGE)
    _write("scan")
    with open(FILE) as file:
        report = file.read()
    _write("clear")
    return report


def expect_none():
    report = leaks()
    assert not report, report
