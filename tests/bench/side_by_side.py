# SPDX-License-Identifier: GPL-2.0-or-later
"""The hosts against each other: the same module, the same image, in turns.

usage: side_by_side.py --json OUTPUT [--quick | --all]     in the guest
"""
import collections
import dataclasses
import json

from measure import (D7C, D8C, SMALL, TRANSFERS, Setting, arguments, install, measure,
                     medians, set_up)

from allocation import of_images
from hosts import HOSTS
from sim import Sim
from verdicts import judge_hosts, judge_memory

# A host that takes longer than that for an image, s, has one round with it.
SLOW = 20


def cross(sizes, transfers, polls, rounds):
    return {Setting(size, transfer, poll): rounds
            for size in sizes for poll in polls for transfer in transfers}


# How many rounds each setting gets
PLANS = {
    "quick": cross([SMALL], TRANSFERS, [0], 3),
    "": cross([SMALL], TRANSFERS, [0], 5) |
        cross([SMALL], TRANSFERS, [1, 5], 1) |
        cross([D7C, D8C], TRANSFERS, [0], 3) |
        cross([D7C], [65535], [1, 5], 1),
    "all": cross([SMALL], TRANSFERS, [0, 1, 5], 5) |
           cross([D7C, D8C], TRANSFERS, [0, 1, 5], 3),
}


class Expected:
    """How long a host will take for an image, as it did for a smaller one."""

    def __init__(self):
        self.runs = {}

    def learn(self, host, setting, took):
        self.runs[host, setting.transfer, setting.poll] = took / setting.size

    def is_slow(self, host, setting):
        pace = self.runs.get((host, setting.transfer, setting.poll), 0)
        return pace * setting.size > SLOW


def run_setting(setting, rounds, expected, hosts, plug=Sim):
    """All hosts in turns, another one first in each round; runs by host."""
    image = install(setting.size)
    runs = collections.defaultdict(list)
    for number in range(rounds):
        first = number % len(hosts)
        for host in hosts[first:] + hosts[:first]:
            if number and expected.is_slow(host.name, setting):
                continue
            runs[host.name].append(measure(host, setting, image, plug))
    for name, of_host in runs.items():
        expected.learn(name, setting, medians(of_host)["took"])
    return runs


def summarize(setting, runs, hosts):
    """A row for each host, the driver's first."""
    rows = []
    for host in hosts:
        row = dataclasses.asdict(setting) | {"host": host.name,
                                             "rounds": len(runs[host.name])}
        row |= medians(runs[host.name])
        row["bytes/s"] = setting.size / row["took"]
        row["to driver"] = row["took"] / (rows or [row])[0]["took"]
        rows.append(row)
        print("    {host:10} {took:8.3f} s  {bytes/s:12,.0f} bytes/s  {to driver:6.2f}"
              "  wall {wall:7.2f} s  {rounds} rounds".format(**row), flush=True)
    return rows


def main(output, plan):
    set_up()
    print("what the driver allocates", flush=True)
    memory = of_images([SMALL, D8C], [4096, 65535])
    table = []
    expected = Expected()
    for setting, rounds in PLANS[plan].items():
        print(setting, flush=True)
        table += summarize(setting, run_setting(setting, rounds, expected, HOSTS), HOSTS)
    with open(output, "w") as file:
        json.dump({"part": "hosts", "table": table + memory,
                   "targets": [*judge_hosts(table), *judge_memory(memory, table)]},
                  file, indent=1)


if __name__ == "__main__":
    asked = arguments()
    main(asked.json, asked.plan)
