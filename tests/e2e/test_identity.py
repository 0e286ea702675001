# SPDX-License-Identifier: GPL-2.0-or-later
"""What a module says of itself, and what becomes of it that cannot be shown."""
import pytest


@pytest.mark.parametrize("options, version", [
    ((), "1.1.1"),
    (("--version", "1" * 31), "1" * 31),
    # Too long: no version is better than a part of one
    (("--version", "1" * 32), ""),
    (("--version", "1" * 60), ""),
    # Not to be read: bcdDevice has no dots, and may be another one
    (("--fault", "version-stall"), ""),
    (("--no-version-string",), "1.11"),
    # Not printable
    (("--version", "1\x1b[2J"), "1?[2J"),
    (("--version", "\u00e41"), "????1"),
], ids=ascii)
def test_version(plug, options, version):
    module = plug(*options)
    assert module.agreed()["version"] == version


@pytest.mark.parametrize("serial", ["0", "x" * 63])
def test_serial(plug, serial):
    assert plug("--serial", serial).agreed()["serial"] == serial


def test_no_serial(plug):
    assert plug("--no-serial").agreed()["serial"] == ""
