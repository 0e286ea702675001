# SPDX-License-Identifier: GPL-2.0-or-later
"""An update as a person sees it, from the URL to the new firmware: by uxmcd, and by a
script that fetches with curl and flashes with dfu-util or fwupdtool. nginx serves, in
the same guest.

usage: whole.py --json OUTPUT [--quick | --all]     in the guest
"""
import collections
import dataclasses
import json
import os
import shutil
import subprocess
import tempfile
import time

from measure import D7C, SMALL, Setting, arguments, install, measure, medians, set_up

import genl
import guest
from hosts import DfuUtil, Driver, Fwupdtool, Host, installed
from nginx import Nginx
from uxmcd import Uxmcd

TRANSFER = 4096         # more than that the others cannot
ROUNDS = 3
STEPS = ("requested", "fetching", "verifying", "detaching", "downloading",
         "manifesting", "rebooting")
CONFIG = {"image_size_max": 128 << 20, "connect_timeout": 15, "stall_timeout": 30,
          "retry_delay": 5}


class ByUxmcd(Host):
    """echo URL > firmware_uxm"""

    name = "uxmcd"

    def __init__(self, directory, url):
        self.url = url
        self.driver = Driver()
        self.daemon = Uxmcd(directory, **CONFIG)

    def begin(self, transfer):
        self.driver.begin(transfer)
        self.daemon.start()

    def ready(self):
        self.driver.ready()
        guest.until(lambda: "uxmc0: a D7C" in self.daemon.log(), 20, "uxmcd knows it")

    def run(self, image, transfer, within):
        at = {}
        with genl.Monitor() as monitor:
            began = time.monotonic()
            with open(f"{guest.CLASS}/uxmc0/firmware_uxm", "w") as file:
                file.write(self.url(image))
            while "done" not in at:
                heard = monitor.next(began + within - time.monotonic())
                assert heard["state"] != "failed", heard["message"]
                at.setdefault(heard["state"], time.monotonic())
        self.daemon.expect_clean()
        self.daemon.stop()
        return self.steps(began, at)

    @staticmethod
    def steps(began, at):
        """How long each took; one that was over before it was told of, nothing."""
        taken, names = {}, [name for name in STEPS + ("done",) if name in at]
        for name, following in zip(names, names[1:]):
            taken[name] = at[following] - at[name]
        return {"until requested": at[names[0]] - began} | taken


class ByScript(Host):
    """curl, and then another host"""

    def __init__(self, url, flasher):
        self.url = url
        self.flasher = flasher
        self.name = f"curl, {flasher.name}"

    def begin(self, transfer):
        self.flasher.begin(transfer)

    def ready(self):
        self.flasher.ready()

    def run(self, image, transfer, within):
        began = time.monotonic()
        subprocess.run(["curl", "-sSf", "-o", installed(image), self.url(image)],
                       check=True, timeout=within)
        fetching = time.monotonic() - began
        return self.flasher.run(image, transfer, within) | {"fetching": fetching}


def rounds_of(hosts, setting, image):
    """In turns; the image is not where it is fetched to before."""
    runs = collections.defaultdict(list)
    for number in range(ROUNDS):
        first = number % len(hosts)
        for host in hosts[first:] + hosts[:first]:
            guest.empty(guest.FIRMWARE)
            runs[host.name].append(measure(host, setting, image))
    return {name: medians(of_host) for name, of_host in runs.items()}


def rows_of(setting, figures):
    own = figures["uxmcd"]["wall"]
    for name, row in figures.items():
        row = dataclasses.asdict(setting) | {"host": name, "to uxmcd": row["wall"] / own} \
            | row
        print(f"    {name:16} {row['wall']:7.2f} s  {row['to uxmcd']:5.2f}", flush=True)
        for step in ("until requested",) + STEPS:
            if step in row:
                print(f"        {step:16} {row[step]:7.2f} s "
                      f" {100 * row[step] / row['wall']:3.0f} %", flush=True)
        yield row


def target(rows):
    quickest = min(row["to uxmcd"] for row in rows if row["host"] != "uxmcd")
    return {"name": "from the URL to the new firmware, the quicker script's being 1",
            "figure": round(1 / quickest, 2), "limit": "<= 0.5", "unit": "",
            "met": quickest >= 2}


def main(output, plan):
    set_up()
    setting = Setting(SMALL if plan == "quick" else D7C, TRANSFER)
    print(setting, flush=True)
    with tempfile.TemporaryDirectory() as directory, Nginx(directory) as nginx:
        os.chmod(directory, 0o755)
        image = install(setting.size)
        shutil.copy(installed(image), f"{nginx.files}/{image.name}")

        def url(image):
            return f"{nginx.base}/{image.name}"
        hosts = [ByUxmcd(directory, url), ByScript(url, DfuUtil()),
                 ByScript(url, Fwupdtool())]
        rows = list(rows_of(setting, rounds_of(hosts, setting, image)))
    with open(output, "w") as file:
        json.dump({"part": "whole", "table": rows, "targets": [target(rows)]}, file,
                  indent=1)


if __name__ == "__main__":
    asked = arguments()
    main(asked.json, asked.plan)
