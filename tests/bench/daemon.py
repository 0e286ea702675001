# SPDX-License-Identifier: GPL-2.0-or-later
"""What uxmcd costs, on Debian's libraries, with the real driver and a simulated
module, provisioned by nginx, and once by https.

usage: daemon.py --json OUTPUT [--minutes N]    in the guest
  --minutes N   how long it is watched when idle (10)
"""
import argparse
import contextlib
import hashlib
import json
import operator
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path += [f"{TOP}/tests/e2e", f"{TOP}/tests/e2e/daemon"]

# pylint: disable=wrong-import-position
import expect
import genl
import guest
import image as images
import module as modules
from httpd import Answer, Server, make_certificate
from minisign import Key
from nginx import PORT, Nginx
from provisioning import Check, entry, settings_file, status_file
from resident import Resident
from sim import Sim
from uxmcd import Uxmcd

MIB = 1 << 20
SIZE = 67294467         # of the largest real image
ROUNDS = 3
STARTS = 5
SERVER = "pbx.example"  # a name, since names are what servers have
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
SETTINGS, STATUS = "/settings.xml", "/firmware.xml"

# As in uxmcd.conf, but that it looks as soon as it starts.
CONFIG = {"image_size_max": 128 * MIB, "connect_timeout": 15, "stall_timeout": 30,
          "retry_delay": 5, "plug_delay": 0}

# What it has to keep to, KiB: alone; and with uxmc-fetch, by scheme
IDLE_MAX = 1024
PEAK_MAX = 4 * 1024
TOGETHER_MAX = {"http": 8 * 1024, "https": 13 * 1024}
SAMPLE = 0.05       # seconds between two looks at the latter

# How much longer fetching may take with pin and signature, at the rate that a phone's
# network has: there the sums are made while the next bytes are on their way.
VOUCHED_MAX = 1.05
LAN = "100mbit"


class Report:
    """Figures, as lines and for others to read."""

    def __init__(self):
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

    def memory(self, when, resident):
        self.row(f"{when}: resident", resident.rss, "KiB")
        self.row(f"{when}: private dirty", resident.dirty, "KiB")
        self.target(f"{when}: proportional", resident.pss, IDLE_MAX, "KiB")


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


def curl(url):
    """How long it takes with curl, without its start."""
    with tempfile.TemporaryDirectory(dir=guest.STATE) as directory:
        done = subprocess.run(
            ["curl", "-sSf", "-o", f"{directory}/image", "-w", "%{time_total}", url],
            check=True, capture_output=True, text=True)
    return float(done.stdout)


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
    report.memory("idle, nothing fetched yet", Resident(process.pid))
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
    """The image, and the update that follows; with curl in turns, if by http."""
    process = phone.asleep()
    process.forget_peak()
    phone.cached = 0
    cpu, cache = process.cpu(), cached()
    times, others = [], []
    with Together(process.pid) as together:
        for _ in range(rounds):
            others += [curl(url)] if scheme == "http" else []
            times.append(phone.update(put, url, fetching=together.image))
    cpu = (process.cpu() - cpu) / rounds
    report.target(f"uxmcd and uxmc-fetch while fetching {SIZE:,} bytes by {scheme}: "
                  "proportional", together.most["image"], TOGETHER_MAX[scheme], "KiB")
    report.row(f"the same while reading settings by {scheme}", together.most["settings"],
               "KiB")
    report.row(f"uxmcd's CPU time for an update by {scheme}", round(cpu, 2), "s")
    report.row(f"fetched by {scheme}", speed(times), "MB/s")
    if others:
        report.row("the same by curl", speed(others), "MB/s")
        ratio = round(statistics.median(map(operator.truediv, times, others)), 2)
        report.target("time for it, curl's being 1, by rounds", ratio, 1.1, "")
    report.row("page cache apart: the image, most of all", phone.cached - cache,
               "KiB")


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


def one_fetch(phone, nginx, image, pin=None, **config):
    """By a uxmcd of its own, which knows of no earlier updates: it would leave the
    module alone then. Returns the time, and uxmcd's CPU time.
    """
    with contextlib.suppress(FileNotFoundError):
        os.unlink(f"{guest.STATE}/attempts")
    base = f"http://{SERVER}:{PORT}"
    phone.configure(base, **config)
    process = phone.start()
    cpu = process.cpu()
    took = phone.update(nginx.put, f"{base}/{image.name}", pin)
    cpu = process.cpu() - cpu
    phone.uxmcd.stop()
    return took, cpu


def compare(phone, nginx, image, pin, keys, rounds):
    """The same fetch with nothing to vouch for it and with both pin and signature, in
    turns: the medians of how much longer that takes, and of the CPU time that it costs.
    """
    ratios, costs = [], []
    for _ in range(rounds):
        plain, cpu = one_fetch(phone, nginx, image)
        vouched, more = one_fetch(phone, nginx, image, pin, image_keys=keys)
        ratios.append(vouched / plain)
        costs.append(more - cpu)
    return statistics.median(ratios), statistics.median(costs)


def vouching(report, phone, directory, image):
    """What it costs to look whether an image is what it has to be."""
    key = Key(directory)
    pin = hashlib.sha256(image.data).hexdigest()
    with Nginx(tempfile.mkdtemp(dir=directory)) as nginx:
        nginx.put(SETTINGS, settings_file(entry("firmware_interval", "1440")))
        nginx.put(STATUS, status_file())
        nginx.put(f"/{image.name}", image.data)
        nginx.put(f"/{image.name}.minisig", key.sign(image))
        with lan():
            ratio, cpu = compare(phone, nginx, image, pin, key.public, ROUNDS)
        report.target("time to fetch with pin and signature, without being 1, at "
                      f"{LAN}", round(ratio, 3), VOUCHED_MAX, "")
        report.row("CPU time that these cost uxmcd", round(cpu, 2), "s")
        ratio, _ = compare(phone, nginx, image, pin, key.public, 1)
        report.row("the same ratio as fast as the processor goes", round(ratio, 2), "")


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
        report.memory("idle, settings fetched by http", Resident(process.pid))
        unchanged(report, phone, nginx)
        fetching(report, phone, nginx.put, f"{base}/{image.name}", "http", ROUNDS)
        resident = Resident(phone.asleep().pid)
        report.memory("idle, image fetched by http", resident)
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
        report.memory("idle, settings fetched by https", Resident(process.pid))
        fetching(report, phone, put, server.url(f"/{image.name}"), "https", 1)
        report.memory("idle, image fetched by https",
                      Resident(phone.asleep().pid))
        phone.uxmcd.stop()


@contextlib.contextmanager
def plugged():
    """The driver, and a module in it."""
    subprocess.run([f"{TOP}/tests/vm/setup"], check=True)
    monitor = genl.Monitor()
    with Sim("--transfer-size", 65535, "--reboot-ms", 200) as sim:
        number = expect.added(monitor)["module"]
        yield modules.Module(number, genl.Genl(), monitor, sim)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--json", required=True)
    options = parser.parse_args()
    with open("/etc/hosts", "a") as file:
        file.write(f"127.0.0.1 {SERVER}\n")

    report = Report()
    image = images.make(size=SIZE)
    with tempfile.TemporaryDirectory() as directory, plugged() as module:
        os.chmod(directory, 0o755)      # for uxmc-fetch, which reads ca.pem
        phone = Phone(directory, module)
        starting(report, phone)
        by_http(report, phone, directory, image, options.minutes)
        by_https(report, phone, directory, image)
        vouching(report, phone, directory, image)
    with open(options.json, "w") as file:
        json.dump({"part": "daemon", "table": report.table,
                   "targets": report.targets}, file, indent=1)


if __name__ == "__main__":
    main()
