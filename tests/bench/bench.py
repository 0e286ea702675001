# SPDX-License-Identifier: GPL-2.0-or-later
"""Hosts side by side, in a guest: tests/bench/run runs this there.

usage: bench.py OUTPUT [--quick | --all]
"""
import collections
import dataclasses
import json
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
from hosts import HOSTS
from sim import Sim

SMALL, D7C, D8C = 1 << 20, 35708675, 67294467
TRANSFERS = 1024, 4096, 65535
POLLS = 0, 1, 5

# The same module for all: in DFU mode from the start, and by a reset out of it.
MODULE = ("--start-in-dfu", "--tolerant", "--no-will-detach", "--manifest-ms", 0)

# A host gets this long for an image, s; one that takes longer than SLOW is not
# run more than once in a setting.
MOST = 900
SLOW = 60


@dataclasses.dataclass(frozen=True)
class Setting:
    """What a row of the table is about."""

    size: int
    transfer: int
    poll: int

    def __str__(self):
        return f"{self.size:,} bytes, transfer size {self.transfer}, poll {self.poll} ms"


def cross(sizes, transfers, polls, rounds):
    return {Setting(size, transfer, poll): rounds
            for size in sizes for poll in polls for transfer in transfers}


# How many rounds each setting gets
PLANS = {
    "--quick": cross([SMALL], TRANSFERS, [0], 3) |
               cross([SMALL], [65535], [1, 5], 3),
    "": cross([SMALL], TRANSFERS, POLLS, 5) |
        cross([D7C, D8C], TRANSFERS, [0], 3) |
        cross([D7C], [65535], [1, 5], 3),
    "--all": cross([SMALL], TRANSFERS, POLLS, 5) |
             cross([D7C, D8C], TRANSFERS, POLLS, 3),
}


def set_up():
    """The driver is loaded for its own runs only, from a copy in memory."""
    subprocess.run([f"{TOP}/tests/vm/setup"], check=True)
    shutil.copy(f"{TOP}/driver/uxmc.ko", guest.DRIVER)
    guest.unload()


def install(size):
    """The image of that size is the only one there, in memory for all hosts."""
    guest.empty(guest.FIRMWARE)
    image = images.make(size, suffix=True)
    image.install()
    return image


def took(sim):
    """What the module says of the download: s, blocks, s of waits."""
    words = sim.wait("^took ", 5).split()
    return {"took": int(words[1]) / 1e6, "blocks": int(words[3]),
            "waits": int(words[5]) / 1e3}


def measure(host, setting, image):
    """One run; what was measured, by name."""
    host.begin(setting.transfer)
    with Sim(*MODULE, "--transfer-size", setting.transfer,
             "--poll", setting.poll) as sim:
        sim.wait("^configured", 20)
        host.ready()
        cache = meter.page_cache()
        processor = meter.Processor(without=sim.process.pid)
        began = time.monotonic()
        special = host.run(image, setting.transfer, MOST)
        wall = time.monotonic() - began
        used = processor.used()
        cache = meter.page_cache() - cache
        sim.wait("^attached app", 20)
        assert image.received in sim.log(), f"{host.name} sent something else: {sim.log()}"
        assert not sim.violations, sim.violations
        return took(sim) | {"wall": wall, "page cache": cache} | used | special


def run_setting(setting, rounds):
    """All hosts in turns, a different one first in each round; runs by host."""
    image = install(setting.size)
    runs = collections.defaultdict(list)
    for number in range(rounds):
        first = number % len(HOSTS)
        for host in HOSTS[first:] + HOSTS[:first]:
            if number and max(run["wall"] for run in runs[host.name]) > SLOW:
                continue
            runs[host.name].append(measure(host, setting, image))
    return runs


def median(runs, name):
    values = [run[name] for run in runs if name in run]
    return statistics.median(values) if values else None


def summarize(setting, runs):
    """A row for each host."""
    rows = []
    for name, of_host in runs.items():
        row = dataclasses.asdict(setting) | {"host": name, "rounds": len(of_host)}
        for key in dict.fromkeys(key for run in of_host for key in run):
            row[key] = median(of_host, key)
        row["bytes/s"] = setting.size / row["took"]
        rows.append(row)
    for row in rows:
        row["of driver"] = row["bytes/s"] / rows[0]["bytes/s"]
        print("    {host:10} {took:8.3f} s  {bytes/s:12,.0f} bytes/s  "
              "{of driver:5.2f}  wall {wall:7.2f} s".format(**row), flush=True)
    return rows


def main(output, plan=""):
    set_up()
    table = []
    began = time.monotonic()
    for setting, rounds in PLANS[plan].items():
        print(f"{setting}, {rounds} rounds", flush=True)
        table += summarize(setting, run_setting(setting, rounds))
    print(f"{time.monotonic() - began:.0f} s")
    with open(output, "w") as file:
        json.dump({"part": "hosts", "table": table, "targets": []}, file, indent=1)


if __name__ == "__main__":
    main(*sys.argv[1:])
