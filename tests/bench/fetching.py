# SPDX-License-Identifier: GPL-2.0-or-later
"""How long fetching takes, beside curl, and what it costs to look whether an image is
what it has to be, by pin and signature. Time is counted in instructions.

By the clock it would be emulation that is measured, which takes ten times as long for
the sums as a processor does, but not for what else a fetch consists of.

usage: fetching.py --json OUTPUT        in the guest
"""
import argparse
import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time

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
LONGER_THAN_CURL = 1.1


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


def keep_in_memory(directory, programs):
    """What programs are started from: where time is counted in instructions, each file
    of this machine's that is opened takes as long as the guest's next timer.
    """
    files = {"/etc/ld.so.cache", "/etc/ssl/openssl.cnf", *programs}
    for program in programs:
        libraries = subprocess.run(["ldd", program], check=True, text=True,
                                   capture_output=True).stdout
        files.update(re.findall(r"(/\S+) \(", libraries))
    for path in set(map(os.path.realpath, files)):
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

    def curl(self):
        """With all of its start and end, which those of uxmc-fetch are within, too."""
        with tempfile.TemporaryDirectory(dir=guest.STATE) as directory:
            begun = time.monotonic()
            subprocess.run(["curl", "-sSf", "-o", f"{directory}/image", self.url],
                           env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, check=True)
            return time.monotonic() - begun

    def kinds(self):
        """What may vouch for an image, and what a fetch takes then."""
        yield "nothing", self.fetch()
        yield "a pin", self.fetch(self.pin)
        yield "a signature", self.fetch(image_keys=self.keys)
        yield "both", self.fetch(self.pin, image_keys=self.keys)


def measure(report, bench, network):
    """Once each, since it comes to the same but for a few hundredths. Returns the time
    of curl, of a fetch with nothing to vouch for the image, and of one with both.
    """
    curl = bench.curl()
    report.row(f"{network}: curl", round(curl, 2), "s")
    times = []
    for kind, (took, cpu) in bench.kinds():
        times.append(took)
        report.row(f"{network}: {kind} to vouch for it", round(took, 2), "s")
        report.row("    uxmcd's processor time, for all of the update", round(cpu, 2), "s")
    return curl, times[0], times[-1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    report = Report("fetching")
    image = images.make(size=SIZE)
    with tempfile.TemporaryDirectory() as directory, plugged() as module:
        os.chmod(directory, 0o755)      # for uxmc-fetch
        keep_in_memory(tempfile.mkdtemp(dir=directory),
                       [f"{TOP}/build/uxmc-fetch", shutil.which("curl"),
                        shutil.which("minisign")])      # libsodium, which uxmcd loads
        with Nginx(tempfile.mkdtemp(dir=directory)) as nginx:
            bench = Bench(Phone(directory, module), nginx, image, Key(directory))
            with lan():
                curl, plain, vouched = measure(report, bench, LAN)
            report.target(f"time to fetch at {LAN}, curl's being 1",
                          round(plain / curl, 3), LONGER_THAN_CURL, "")
            report.target("the same with pin and signature, without being 1",
                          round(vouched / plain, 3), LONGER, "")
            measure(report, bench, "as fast as the processor")
    report.write(options.json)


if __name__ == "__main__":
    main()
