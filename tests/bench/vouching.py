# SPDX-License-Identifier: GPL-2.0-or-later
"""What it costs to look whether an image is what it has to be: fetching with pin and
signature, and without, where time is counted in instructions.

By the clock it would be emulation that is measured, which takes ten times as long for
the sums as a processor does, but not for what else a fetch consists of.

usage: vouching.py --json OUTPUT        in the guest
"""
import argparse
import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import tempfile

from phone import SETTINGS, SIZE, STATUS, TOP, Phone, Report, plugged

import guest
import image as images
from minisign import Key
from nginx import Nginx
from provisioning import entry, settings_file, status_file

# What a phone's network is like. There the sums are made while the next bytes are on
# their way.
LAN = "100mbit"
LONGER = 1.05


@contextlib.contextmanager
def lan():
    """The loopback is as fast as a phone's network."""
    shape = ["tc", "qdisc", "add", "dev", "lo", "root", "tbf", "rate", LAN,
             "burst", "256kb", "latency", "100ms"]
    subprocess.run(shape, check=True)
    try:
        yield
    finally:
        subprocess.run(["tc", "qdisc", "del", "dev", "lo", "root"], check=True)


def keep_in_memory(directory, program):
    """What a program is started from: where time is counted in instructions, each file
    of this machine's that is opened takes as long as the guest's next timer.
    """
    libraries = subprocess.run(["ldd", program], check=True, text=True,
                               capture_output=True).stdout
    for path in {program, "/etc/ld.so.cache"}.union(re.findall(r"(/\S+) \(", libraries)):
        path = os.path.realpath(path)
        copy = f"{directory}/{path.replace('/', '-')}"
        shutil.copy(path, copy)
        subprocess.run(["mount", "--bind", copy, path], check=True)


class Bench:
    """nginx, and a phone that is told to fetch one image again and again."""

    def __init__(self, phone, nginx, image, key):
        self.phone = phone
        self.nginx = nginx
        self.url = f"{nginx.base}/{image.name}"
        self.pin = hashlib.sha256(image.data).hexdigest()
        self.keys = key.public
        nginx.put(SETTINGS, settings_file(entry("firmware_interval", "1440")))
        nginx.put(STATUS, status_file())
        nginx.put(f"/{image.name}", image.data)
        nginx.put(f"/{image.name}.minisig", key.sign(image))

    def fetch(self, pin=None, **config):
        """By a uxmcd of its own, which knows of no earlier updates: it would leave the
        module alone then. Returns the time, and uxmcd's CPU time, which is that of the
        whole update.
        """
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{guest.STATE}/attempts")
        self.phone.configure(self.nginx.base, **config)
        process = self.phone.start()
        cpu = process.ran()
        took = self.phone.update(self.nginx.put, self.url, pin)
        cpu = process.ran() - cpu
        self.phone.uxmcd.stop()
        return took, cpu

    def kinds(self):
        """What may vouch for an image, and what a fetch takes then."""
        yield "nothing", self.fetch()
        yield "a pin", self.fetch(self.pin)
        yield "a signature", self.fetch(image_keys=self.keys)
        yield "both", self.fetch(self.pin, image_keys=self.keys)


def measure(report, bench, network):
    """Once each, since it comes to the same to a hundredth each time. Returns what is
    longest, to the time of a fetch without.
    """
    plain = None
    for kind, (took, cpu) in bench.kinds():
        plain = plain or took
        report.row(f"{network}, with {kind} to vouch for it", round(took, 2), "s")
        report.row("    uxmcd's processor time, for all of the update", round(cpu, 2), "s")
    return took / plain


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    report = Report("vouching")
    image = images.make(size=SIZE)
    with tempfile.TemporaryDirectory() as directory, plugged() as module:
        os.chmod(directory, 0o755)      # for uxmc-fetch
        keep_in_memory(tempfile.mkdtemp(dir=directory), f"{TOP}/build/uxmc-fetch")
        with Nginx(tempfile.mkdtemp(dir=directory)) as nginx:
            bench = Bench(Phone(directory, module), nginx, image, Key(directory))
            with lan():
                ratio = measure(report, bench, f"at {LAN}")
            report.target(f"time to fetch with both, without being 1, at {LAN}",
                          round(ratio, 3), LONGER, "")
            measure(report, bench, "as fast as the processor goes")
    report.write(options.json)


if __name__ == "__main__":
    main()
