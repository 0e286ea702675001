# SPDX-License-Identifier: GPL-2.0-or-later
"""One run of one host on one simulated module, and what it took. In the guest."""
import argparse
import dataclasses
import os
import shutil
import statistics
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, f"{TOP}/tests/e2e")

import guest
import image as images
import meter
from sim import Sim

SMALL, D7C, D8C = 1 << 20, 35708675, 67294467
TRANSFERS = 1024, 4096, 65535

# The same module for all: in DFU mode from the start, and by a reset out of it. It
# looks at the image by the image's own CRC-32: with SHA-256 most of the time would be
# the module's, and all hosts be as quick.
MODULE = ("--start-in-dfu", "--tolerant", "--no-will-detach", "--manifest-ms", 0,
          "--no-sha256")

# A host gets this long for an image, s.
MOST = 900


@dataclasses.dataclass(frozen=True)
class Setting:
    """What a row of the table is about: bytes, bytes, milliseconds."""

    size: int
    transfer: int
    poll: int = 0

    def __str__(self):
        return f"{self.size:,} bytes, transfer size {self.transfer}, poll {self.poll} ms"

    @property
    def module(self):
        return (*MODULE, "--transfer-size", self.transfer, "--poll", self.poll)


def arguments():
    """What each part of the bench is called with: where to, and how much."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", required=True)
    plan = parser.add_mutually_exclusive_group()
    for name in "quick", "all":
        plan.add_argument(f"--{name}", dest="plan", action="store_const", const=name,
                          default="")
    return parser.parse_args()


def set_up():
    """The driver is loaded for its own runs only, from a copy in memory. Debian's
    kernels tell of each read of a firmware file, in each piece: not on the serial
    port, which takes as long as the piece does. Warnings still go there.
    """
    with open("/proc/sys/kernel/printk", "w") as file:
        file.write("5")
    subprocess.run([f"{TOP}/tests/vm/setup"], check=True)
    shutil.copy(f"{TOP}/driver/uxmc.ko", guest.DRIVER)
    guest.unload()


def install(size):
    """The image of that size is the only one there, in memory for all hosts."""
    guest.empty(guest.FIRMWARE)
    image = images.make(size, suffix=True)
    image.install()
    return image


def of_module(sim):
    """What the module says of the download: s, blocks, s of waits."""
    words = sim.wait("^took ", 5).split()
    return {"took": int(words[1]) / 1e6, "blocks": int(words[3]),
            "waits": int(words[5]) / 1e3}


def measure(host, setting, image, plug=Sim):
    """One run, of a module that plug() plugs in; what was measured, by name."""
    host.begin(setting.transfer)
    with plug(*setting.module) as sim:
        sim.wait("^configured", 20)
        host.ready()
        # What udev does about it takes the same processor.
        subprocess.run(["udevadm", "settle"], check=True, timeout=60)
        return measure_plugged(host, setting, image, sim)


def measure_plugged(host, setting, image, sim):
    """The same, of a module that is there."""
    cache = meter.page_cache()
    processor = meter.Processor(without=sim.process.pid)
    began = time.monotonic()
    special = host.run(image, setting.transfer, MOST)
    wall = time.monotonic() - began
    used = processor.used()
    cache = meter.page_cache() - cache
    # Unplugged while it is enumerated, what comes next is not found on QEMU's xhci.
    back = sim.log().index(sim.wait("^attached app", 20))
    sim.wait("^configured", 20, back)
    subprocess.run(["udevadm", "settle"], check=True, timeout=60)
    assert f"received {len(image.sent)} -" in sim.log() and sim.matching("^verified"), \
        f"{host.name} sent something else: {sim.log()}"
    assert not sim.violations, sim.violations
    return of_module(sim) | {"wall": wall, "page cache": cache} | used | special


def medians(runs):
    """Of each thing that was measured, by name."""
    names = dict.fromkeys(name for run in runs for name in run)
    return {name: statistics.median(run[name] for run in runs if name in run)
            for name in names}
