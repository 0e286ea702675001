# SPDX-License-Identifier: GPL-2.0-or-later
"""What uxmcd costs, on Debian's libraries, with the real driver and a simulated
module, provisioned by nginx, and once by https.

usage: daemon.py --json OUTPUT [--minutes N]    in the guest
  --minutes N   how long it is watched when idle (10)
"""
import argparse
import contextlib
import os
import pathlib
import statistics
import tempfile
import threading
import time

from phone import SETTINGS, SIZE, STATUS, Phone, Report, cached, plugged

import guest
import image as images
from httpd import Answer, Server, make_certificate
from nginx import PORT, Nginx
from provisioning import Check, entry, settings_file, status_file
from resident import Resident

ROUNDS = 3
STARTS = 5
SERVER = "pbx.example"  # a name, since names are what servers have
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"

# What it has to keep to, KiB: alone; and with uxmc-fetch, by scheme
IDLE_MAX = 1024
PEAK_MAX = 4 * 1024
TOGETHER_MAX = {"http": 8 * 1024, "https": 13 * 1024}
SAMPLE = 0.05       # seconds between two looks at the latter


def memory(report, when, resident):
    report.row(f"{when}: resident", resident.rss, "KiB")
    report.row(f"{when}: private dirty", resident.dirty, "KiB")
    report.target(f"{when}: proportional", resident.pss, IDLE_MAX, "KiB")


def proportional(pid):
    """KiB; 0 of a process that has gone"""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            return next((int(line.split()[1]) for line in file
                         if line.startswith("Pss:")), 0)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0


def fetchers():
    """The uxmc-fetch that run now"""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm") as file:
                if file.read() == "uxmc-fetch\n":
                    yield pid
        except (FileNotFoundError, ProcessLookupError):
            pass


class Together(threading.Thread):
    """The most that uxmcd and uxmc-fetch held at once, KiB proportional, while this
    was running; looked at now and then.
    """

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.most = {"settings": 0, "image": 0}     # by what is fetched
        self.what = "settings"
        self.ended = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *unused):
        self.ended.set()
        self.join()

    @contextlib.contextmanager
    def image(self):
        self.what = "image"
        yield
        self.what = "settings"

    def run(self):
        while not self.ended.wait(SAMPLE):
            fetching = sum(map(proportional, fetchers()))
            if fetching:
                self.most[self.what] = max(self.most[self.what],
                                           fetching + proportional(self.pid))


def speed(times):
    return round(SIZE / statistics.median(times) / 1e6, 1)


def starting(report, phone):
    phone.configure()
    times = [phone.time_start() for _ in range(STARTS + 1)]
    report.row("start to first answer, the first time", round(times[0], 3), "s")
    report.row(f"start to first answer, median of {STARTS} more",
               round(statistics.median(times[1:]), 3), "s")
    process = phone.start()
    report.target("peak since its start", phone.uxmcd.status("VmHWM"), PEAK_MAX, "KiB")
    memory(report, "idle, nothing fetched yet", Resident(process.pid))
    phone.uxmcd.stop()


def unchanged(report, phone, nginx):
    """A look that finds both files as they were."""
    process = phone.asleep()
    since, ran, faults = nginx.mark(), process.ran(), process.faults()
    assert Check().end().number == 0
    process.fall_asleep()
    ran, faults = process.ran() - ran, process.faults() - faults
    entries = nginx.entries(since=since)
    assert [one.status for one in entries] == [304, 304], entries
    report.row("unchanged settings and firmware files: requests",
               sum(one.received for one in entries), "bytes")
    report.row("unchanged settings and firmware files: answers",
               sum(one.sent for one in entries), "bytes")
    report.row("unchanged settings and firmware files: CPU time",
               round(ran * 1000, 1), "ms")
    report.row("unchanged settings and firmware files: page faults", faults, "")


def fetching(report, phone, put, url, scheme, rounds):
    """The image, and the update that follows."""
    process = phone.asleep()
    process.forget_peak()
    phone.cached = 0
    cpu, cache = process.cpu(), cached()
    with Together(process.pid) as together:
        times = [phone.update(put, url, fetching=together.image)
                 for _ in range(rounds)]
    cpu = (process.cpu() - cpu) / rounds
    report.target(f"uxmcd and uxmc-fetch while fetching {SIZE:,} bytes by {scheme}: "
                  "proportional", together.most["image"], TOGETHER_MAX[scheme], "KiB")
    report.row(f"the same while reading settings by {scheme}", together.most["settings"],
               "KiB")
    report.row(f"uxmcd's CPU time for an update by {scheme}", round(cpu, 2), "s")
    report.row(f"fetched by {scheme}", speed(times), "MB/s")
    report.row("page cache apart: the image, most of all", phone.cached - cache,
               "KiB")


def sleeping(report, phone, nginx, minutes):
    process = phone.asleep()
    since = nginx.mark()
    before = process.switches(), process.faults(), process.cpu()
    time.sleep(minutes * 60)
    after = process.switches(), process.faults(), process.cpu()
    woken, faults, cpu = (now - then for now, then in zip(after, before))
    assert not nginx.entries(since=since)
    report.target(f"wake-ups in {minutes:g} idle minutes without a timer due",
                  woken, 0, "")
    report.row(f"page faults in {minutes:g} idle minutes", faults, "")
    report.row(f"CPU time in {minutes:g} idle minutes", cpu, "s")


def by_http(report, phone, directory, image, minutes):
    with Nginx(directory) as nginx:
        base = f"http://{SERVER}:{PORT}"
        nginx.put(SETTINGS, settings_file(entry("firmware_interval", "1440")))
        nginx.put(STATUS, status_file())
        nginx.put(f"/{image.name}", image.data)
        phone.configure(base)
        process = phone.start()
        memory(report, "idle, settings fetched by http", Resident(process.pid))
        unchanged(report, phone, nginx)
        fetching(report, phone, nginx.put, f"{base}/{image.name}", "http", ROUNDS)
        resident = Resident(phone.asleep().pid)
        memory(report, "idle, image fetched by http", resident)
        for part, size in resident.parts.items():
            report.row(f"    of which {part}", size, "KiB")
        sleeping(report, phone, nginx, minutes)
        phone.uxmcd.stop()


def by_https(report, phone, directory, image):
    """The system's certificates, and one more."""
    certificate = make_certificate(pathlib.Path(directory))
    with open(f"{directory}/ca.pem", "w") as file:
        for name in (BUNDLE, certificate[0]):
            with open(name) as source:
                file.write(source.read())
    with Server(tls=certificate) as server:
        def put(path, data):
            server.route(path, Answer(data))
        put(SETTINGS, settings_file(entry("firmware_interval", "1440")))
        put(STATUS, status_file())
        put(f"/{image.name}", image.data)
        phone.configure(server.base, ca_file=file.name)
        process = phone.start()
        memory(report, "idle, settings fetched by https", Resident(process.pid))
        fetching(report, phone, put, server.url(f"/{image.name}"), "https", 1)
        memory(report, "idle, image fetched by https", Resident(phone.asleep().pid))
        phone.uxmcd.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    with open("/etc/hosts", "a") as file:
        file.write(f"127.0.0.1 {SERVER}\n")

    report = Report("daemon")
    image = images.make(size=SIZE)
    with tempfile.TemporaryDirectory() as directory, plugged() as module:
        os.chmod(directory, 0o755)      # for uxmc-fetch, which reads ca.pem
        phone = Phone(directory, module)
        starting(report, phone)
        by_http(report, phone, directory, image, options.minutes)
        by_https(report, phone, directory, image)
    report.write(options.json)


if __name__ == "__main__":
    main()
