# SPDX-License-Identifier: GPL-2.0-or-later
"""The driver and the floor in a guest whose time is counted in instructions: how far
the driver is from it, which other guests of a busy machine do not tell, and how exactly
it keeps to bwPollTimeout, for a timer of an emulated machine is late by more than is
asked for.

usage: counted.py --json OUTPUT [--quick | --all]     in the guest (--counted)
"""
import json

from measure import TRANSFERS, Setting, arguments, install, measure, set_up

from hosts import Driver, Floor
from verdicts import judge_counted

SIZE = 4 << 20
POLLS = 0, 1, 5
HOSTS = Driver(), Floor()


def row(host, setting, image):
    took = measure(host, setting, image)
    return {"size": setting.size, "transfer": setting.transfer, "poll": setting.poll,
            "host": host.name, "took": took["took"], "blocks": took["blocks"],
            "waits": took["waits"], "us/block": 1e6 * took["took"] / took["blocks"]}


def main(output):
    set_up()
    image = install(SIZE)
    # Programs are in memory from then on. Reading them takes no instructions, but
    # as long as the next timer.
    for host in HOSTS:
        measure(host, Setting(SIZE, 65535), image)

    table = []
    for poll in POLLS:
        for transfer in TRANSFERS:
            for host in HOSTS:
                table.append(row(host, Setting(SIZE, transfer, poll), image))
                print("    transfer size {transfer:5}, poll {poll} ms: {host:8} {took:.6f} "
                      "s, {us/block:.1f} us a block".format(**table[-1]), flush=True)
    with open(output, "w") as file:
        json.dump({"part": "counted", "table": table,
                   "targets": list(judge_counted(table))}, file, indent=1)


if __name__ == "__main__":
    main(arguments().json)
