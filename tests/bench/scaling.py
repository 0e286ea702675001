# SPDX-License-Identifier: GPL-2.0-or-later
"""How the driver's cost grows: with the image, and with the modules present.

usage: scaling.py --json OUTPUT [--quick | --all]      in the guest
"""
import collections
import json

from measure import (Setting, arguments, install, measure, measure_plugged, medians,
                     set_up)

from allocation import allocated, plugged
from hosts import Driver
from verdicts import judge_modules, judge_sizes

MIB = 1 << 20
ROUNDS = 3
MODULES = 1, 2, 4, 8

driver = Driver()


def in_turns(things, run):
    """What run() measured of each in some rounds, which differ by what else the
    machine does: medians by thing.
    """
    runs = collections.defaultdict(list)
    for _ in range(ROUNDS):
        for thing in things:
            runs[thing].append(run(thing))
    return {thing: medians(runs[thing]) for thing in things}


def update_alone(setting):
    return measure(driver, setting, install(setting.size))


def of_sizes(sizes, transfers):
    settings = [Setting(size * MIB, transfer) for transfer in transfers
                for size in sizes]
    rows = []
    for setting, figures in in_turns(settings, update_alone).items():
        size = setting.size // MIB
        rows.append({"MiB": size, "transfer": setting.transfer,
                     "took": figures["took"], "s/MiB": figures["took"] / size,
                     "user": figures["user"], "kernel": figures["kernel"]})
        print("    {MiB:3} MiB, transfer size {transfer:5}: {took:7.3f} s, "
              "{s/MiB:.4f} s/MiB".format(**rows[-1]), flush=True)
    return rows


def of_modules(size):
    setting = Setting(size * MIB, 4096)
    image = install(setting.size)

    def update_among(modules):
        driver.begin(setting.transfer)
        with plugged(setting, modules) as sim:
            return measure_plugged(driver, setting, image, sim)

    rows = []
    for modules, figures in in_turns(MODULES, update_among).items():
        most, _ = allocated(setting, modules)
        rows.append({"modules": modules, "took": figures["took"],
                     "kernel": figures["kernel"], "allocated": most})
        print("    {modules} modules: {took:7.3f} s, {allocated:,} bytes "
              "allocated".format(**rows[-1]), flush=True)
    return rows


def main(output, plan):
    set_up()
    quick = plan == "quick"
    print("size of the image", flush=True)
    sizes = of_sizes((1, 4) if quick else (1, 4, 16, 64), (4096, 65535))
    print("modules present", flush=True)
    modules = of_modules(1 if quick else 16)
    with open(output, "w") as file:
        json.dump({"part": "scaling", "table": sizes + modules,
                   "targets": [*judge_sizes(sizes), *judge_modules(modules)]},
                  file, indent=1)


if __name__ == "__main__":
    asked = arguments()
    main(asked.json, asked.plan)
