# SPDX-License-Identifier: GPL-2.0-or-later
"""A module, the uxmcd that looks after it, and what is found out about them."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path += [f"{TOP}/tests/e2e", f"{TOP}/tests/e2e/daemon"]

# pylint: disable=wrong-import-position
import expect
import genl
import guest
import module as modules
from provisioning import entry, status_file
from sim import Sim
from uxmcd import Uxmcd

MIB = 1 << 20
SIZE = 67294467         # of the largest real image
SETTINGS, STATUS = "/settings.xml", "/firmware.xml"

# As in uxmcd.conf, but that it looks as soon as it starts.
CONFIG = {"image_size_max": 128 * MIB, "connect_timeout": 15, "stall_timeout": 30,
          "retry_delay": 5, "plug_delay": 0}


class Report:
    """Figures, as lines and for others to read."""

    def __init__(self, part):
        self.part = part
        self.table = []
        self.targets = []

    def row(self, what, figure, unit):
        self.table.append({"what": what, "figure": figure, "unit": unit})
        print(f"  {what:58} {figure:>10} {unit}".rstrip(), flush=True)

    def target(self, name, figure, limit, unit):
        self.row(name, figure, unit)
        self.targets.append({"name": f"uxmcd {name}", "figure": figure,
                             "limit": f"<= {limit}", "unit": unit,
                             "met": figure <= limit})

    def write(self, output):
        with open(output, "w") as file:
            json.dump({"part": self.part, "table": self.table,
                       "targets": self.targets}, file, indent=1)


class Process:
    """What there is in /proc of uxmcd."""

    def __init__(self, pid):
        self.pid = pid

    def switches(self):
        """How often any of its threads has gone to sleep."""
        count = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/status") as file:
                count += sum(int(line.split()[1]) for line in file
                             if line.startswith("voluntary_ctxt_switches"))
        return count

    def stat(self, first, last):
        """The sum of the fields with these numbers, as in proc(5)."""
        with open(f"/proc/{self.pid}/stat") as file:
            fields = file.read().rpartition(") ")[2].split()
        return sum(map(int, fields[first - 3:last - 2]))

    def cpu(self):
        """Seconds, of all threads that there are."""
        return self.stat(14, 15) / os.sysconf("SC_CLK_TCK")

    def ran(self):
        """The same, finely, of the one thread that stays."""
        with open(f"/proc/{self.pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e9

    def faults(self):
        return self.stat(10, 10) + self.stat(12, 12)

    def forget_peak(self):
        with open(f"/proc/{self.pid}/clear_refs", "w") as file:
            file.write("5")

    def fall_asleep(self):
        def sleeps():
            before = self.switches()
            time.sleep(0.5)
            return self.switches() == before
        guest.until(sleeps, 20, "uxmcd has gone to sleep")


class Phone:
    """A module, and the uxmcd that looks after it."""

    def __init__(self, directory, module):
        self.module = module
        self.uxmcd = Uxmcd(directory)
        pathlib.Path(self.uxmcd.log_file).touch()
        self.versions = 0
        self.cached = 0     # the most page cache that there was while fetching

    def configure(self, base=None, **config):
        sources = {"setting_server": base + SETTINGS,
                   "firmware_status": base + STATUS} if base else {}
        self.uxmcd.configure(**CONFIG | sources | config)

    def start(self):
        """Until it has taken its first look, and sleeps; returns the process."""
        since = len(self.uxmcd.log())
        self.uxmcd.start()
        self.uxmcd.until_logged("provisioning (the first look)", since, 60)
        return self.asleep()

    def asleep(self):
        process = Process(self.uxmcd.process.pid)
        process.fall_asleep()
        return process

    def time_start(self):
        """Until it answers, which it does when it knows the module."""
        begun = time.monotonic()
        self.uxmcd.start()
        took = time.monotonic() - begun
        self.uxmcd.stop()
        return took

    def update(self, put, url, pin=None, fetching=contextlib.nullcontext):
        """The image is provisioned by another URL, with `put`, which replaces the
        file that names it. Returns the time from fetching to verifying, all of
        which happens within fetching().
        """
        self.versions += 1
        put(STATUS, status_file(entry("firmware_uxm", f"{url}?{self.versions}",
                                      sha256=pin)))
        self.module.begin()
        self.uxmcd.process.send_signal(signal.SIGHUP)
        self.module.until_state("fetching", within=60)
        begun = time.monotonic()
        with fetching():
            self.module.until_state("verifying", within=300)
        took = time.monotonic() - begun
        self.cached = max(self.cached, cached())
        end = self.module.until_state("done", "failed", within=300)
        assert end["state"] == "done", expect.told(end)
        self.uxmcd.expect_clean()
        return took


def cached():
    """KiB of page cache."""
    with open("/proc/meminfo") as file:
        return next(int(line.split()[1]) for line in file
                    if line.startswith("Cached:"))


@contextlib.contextmanager
def plugged():
    """The driver, and a module in it."""
    subprocess.run([f"{TOP}/tests/vm/setup"], check=True)
    monitor = genl.Monitor()
    with Sim("--transfer-size", 65535, "--reboot-ms", 200) as sim:
        number = expect.added(monitor)["module"]
        yield modules.Module(number, genl.Genl(), monitor, sim)
