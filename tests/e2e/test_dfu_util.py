# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's dfu-util flashes the simulated module: that keeps the simulator
honest, for dfu-util was not written for it.

What dfu-util says of it is of no interest. It exits 0 when manifestation failed,
and 74 after a good download to a module that is not manifestation-tolerant. So
the module is asked what it received.
"""
import hashlib
import re
import subprocess

import pytest

import usbfs
from sim import TOP, Sim

APPLICATION = 0xd7c0
DFU = 0xd7c1


@pytest.fixture(autouse=True)
def driver():
    """In the place of the driver, which would have the interface for itself."""
    subprocess.run(["modprobe", "vhci-hcd"], check=True)


@pytest.fixture
def flash(tmp_path):
    """Make an image, have dfu-util send it; returns what the module is to get."""
    def run(*options, product=APPLICATION, size=100000):
        path = tmp_path / "image"
        subprocess.run([f"{TOP}/build/mkimage", "--size", str(size), *options, path],
                       check=True)
        data = path.read_bytes()
        if "--suffix" in options:
            data = data[:-16]
        usbfs.wait(product)
        subprocess.run(
            ["dfu-util", "-d", f"251c:{APPLICATION:x},251c:{DFU:x}",
             "--detach-delay", "3", "-D", path], timeout=60, check=False)
        return len(data), hashlib.sha256(data).hexdigest()
    return run


def reset(sim, product=DFU):
    """Reset it, and wait until it has seen that."""
    since = sim.mark()
    with usbfs.Dfu(product) as dfu:
        dfu.reset()
    sim.wait("^reset$", 5, since)


def updated(sim, expected):
    """The module is back in application mode, with what was sent."""
    sim.wait("^verified 1.6.1$", 5)
    sim.wait("^attached app 1.6.1$", 5)
    assert sim.received == expected
    assert not sim.violations
    assert not sim.matching("^error")
    path = usbfs.wait(APPLICATION)
    with open(f"{path}/bcdDevice") as file:
        assert file.read() == "0161\n"


@pytest.mark.parametrize("tolerant", ["--tolerant", "--not-tolerant"])
@pytest.mark.parametrize("detach", ["--will-detach", "--no-will-detach"])
def test_detach(udev, flash, detach, tolerant):
    """udev's word is all that libusb goes by to find the module again."""
    with Sim(detach, tolerant) as sim:
        expected = flash()
        assert sim.matching("^detach$")
        assert bool(sim.matching("^reset$")) == (detach == "--no-will-detach")
        sim.wait("^verified", 5)
        # It leaves DFU mode by itself only if it can, and is not to be used on.
        if (detach, tolerant) != ("--will-detach", "--not-tolerant"):
            reset(sim)
        updated(sim, expected)


@pytest.mark.parametrize("options, size", [
    ("--transfer-size 64", 20000), ("--transfer-size 1000", 100000),
    ("--transfer-size 65535", 100000), ("--poll 5", 100000),
    ("--no-serial --no-panel", 100000)])
def test_dfu_mode(flash, options, size):
    """A module that an update left half-way; its options do not matter."""
    with Sim("--start-in-dfu", *options.split()) as sim:
        updated(sim, flash(product=DFU, size=size))
        assert not sim.matching("^detach$")


def test_suffix(flash):
    with Sim("--start-in-dfu") as sim:
        updated(sim, flash("--suffix", product=DFU))


def test_bad_suffix(flash):
    with Sim("--start-in-dfu") as sim:
        flash("--suffix", "--suffix-product", "1234", product=DFU)
        assert not sim.received


@pytest.mark.parametrize("options, status", [
    (["--corrupt"], "errVERIFY"), (["--model", "D8C"], "errFILE"),
    (["--no-header"], "errFILE")])
def test_rejected(flash, options, status):
    with Sim("--start-in-dfu") as sim:
        expected = flash(*options, product=DFU)
        sim.wait("^rejected ", 5)
        sim.wait(f"^error {status}$", 5)
        assert sim.received == expected
        with usbfs.Dfu(DFU) as dfu:
            assert dfu.state == "dfuERROR"


def test_lsusb():
    """usbutils has its own idea of how a DFU interface looks."""
    with Sim():
        usbfs.wait(APPLICATION)
        text = subprocess.run(["lsusb", "-v", "-d", f"251c:{APPLICATION:x}"],
                              stdout=subprocess.PIPE, text=True, check=True).stdout
    for wanted in [r"idVendor +0x251c", r"iSerial +3 SIM0001",
                   r"iInterface +4 UXMC firmware 1\.1\.1",
                   r"bInterfaceProtocol +1 *$", r"wTransferSize +4096 bytes",
                   r"Will Detach", r"Manifestation Intolerant",
                   r"bEndpointAddress +0x81 +EP 1 IN", r"bcdDFUVersion +1\.10"]:
        assert re.search(wanted, text, re.MULTILINE), f"no {wanted} in\n{text}"
