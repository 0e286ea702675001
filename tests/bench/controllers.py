# SPDX-License-Identifier: GPL-2.0-or-later
"""The hosts against each other on controllers that the kernel's own drivers for real
hardware drive: QEMU's xhci and ehci. The module runs outside of the guest.

usage: controllers.py --json OUTPUT [--quick | --all]     in the guest
"""
import functools
import json
import subprocess
import sys

from measure import D7C, SMALL, TOP, arguments, set_up
from side_by_side import Expected, cross, run_setting, summarize

sys.path.append(f"{TOP}/tests/controllers")

# pylint: disable=wrong-import-position
import inside
from hosts import Driver, DfuUtil, Fwupdtool
from verdicts import judge_controllers

CONTROLLERS = {"xhci": "xhci_pci", "ehci": "ehci_pci"}

# QEMU stalls larger control transfers.
TRANSFERS = 1024, 4096

PLANS = {
    "quick": cross([SMALL], TRANSFERS, [0], 3),
    "": cross([4 * SMALL], TRANSFERS, [0], 5),
    "all": cross([4 * SMALL, D7C], TRANSFERS, [0, 1, 5], 3),
}


def of_controller(controller, outside, plan):
    """Rows for all settings."""
    plug = functools.partial(inside.Sim, outside, f"{controller}/1")
    # What fwupdtool calls the module depends on the port.
    hosts = [Driver(), DfuUtil(), Fwupdtool()]
    expected = Expected()
    rows = []
    for setting, rounds in PLANS[plan].items():
        print(f"{controller}: {setting}", flush=True)
        rows += summarize(setting, run_setting(setting, rounds, expected, hosts, plug),
                          hosts)
    return [{"controller": controller} | row for row in rows]


def main(output, plan):
    set_up()
    for module in CONTROLLERS.values():
        subprocess.run(["modprobe", module], check=True)
    outside = inside.Outside()
    table = []
    for controller in CONTROLLERS:
        table += of_controller(controller, outside, plan)
    with open(output, "w") as file:
        json.dump({"part": "controllers", "table": table,
                   "targets": list(judge_controllers(table))}, file, indent=1)


if __name__ == "__main__":
    asked = arguments()
    main(asked.json, asked.plan)
