# SPDX-License-Identifier: GPL-2.0-or-later
"""A module, uxmcN, as sysfs, netlink and uxmcctl show it."""
import contextlib
import json
import os
import select
import struct
import subprocess
import time

import genl
import guest
from patience import deadline

# struct uxmc_event of driver/uapi/uxmc.h
RECORD = struct.Struct("=IIQQQIIQQ")
FIELDS = "size type time sequence lost state reserved done total".split()
EVENT_UPDATE = 1

USB = "/sys/bus/usb/devices"

# What the three say of a module, by the names that sysfs has for it.
SYSFS = {"state": "update_state", "message": "update_error", "model": "model",
         "version": "firmware_version", "serial": "serial_number",
         "port": "port", "mode": "mode", "firmware_uxm": "firmware_uxm"}

# ... and that uxmcctl has, where it is another.
UXMCCTL = {"message": "error", "serial": "serial_number"}

FLASHING = ("verifying", "detaching", "downloading", "manifesting", "rebooting")


class Module:
    """One module. The waits read on in what the monitor has heard of it, each
    from where the one before it stopped, so no state is missed.
    """

    def __init__(self, number, client, monitor, sim=None):
        self.client = client
        self.monitor = monitor
        self.sim = sim
        self.position = self.began = len(monitor.heard)
        self.logged = 0
        self.setting = ""
        self.renumber(number)

    def renumber(self, number):
        self.number = number
        self.path = f"{guest.CLASS}/uxmc{number}"
        self.node = f"/dev/uxmc{number}"

    def __repr__(self):
        return f"uxmc{self.number}"

    @property
    def at(self):
        """As uxmcd names one of several."""
        return f"{self} at {self.read('port')}"

    # sysfs
    def read(self, name):
        with open(f"{self.path}/{name}") as file:
            text = file.read()
        assert text.endswith("\n"), f"{name} is not a line: {text!r}"
        return text[:-1]

    def write(self, name, text):
        """One write(2); raises OSError where it is refused."""
        data = text if isinstance(text, bytes) else text.encode()
        file = os.open(f"{self.path}/{name}", os.O_WRONLY)
        try:
            assert os.write(file, data) == len(data)
        finally:
            os.close(file)

    @property
    def state(self):
        return self.read("update_state")

    @property
    def interface(self):
        """The USB interface that it is bound to, such as 1-1:1.1."""
        return os.path.basename(os.readlink(f"{self.path}/device"))

    def usb(self, link, interface=None):
        """Where a link of the USB device or of one of its interfaces leads."""
        port = self.read("port")
        name = port if interface is None else f"{port}:1.{interface}"
        return os.path.basename(os.readlink(f"{USB}/{name}/{link}"))

    def wait_sysfs(self, state, within):
        """Poll update_state until it says so, as a shell script would."""
        end = deadline(within)
        with open(f"{self.path}/update_state") as file:
            poller = select.poll()
            poller.register(file, select.POLLPRI)
            while True:
                file.seek(0)
                now = file.read().strip()
                if now == state:
                    return
                left = end - time.monotonic()
                assert left > 0, \
                    f"{self}: update_state is {now} after {within} s, not {state}"
                poller.poll(left * 1000)

    # The three views, by the same names
    def by_sysfs(self):
        return {name: self.read(file) for name, file in SYSFS.items()}

    def by_netlink(self):
        status = self.client.get(self.number)
        return {name: status[name] for name in SYSFS}

    def by_uxmcctl(self):
        entry, = [entry for entry in uxmcctl_status()["modules"]
                  if entry["name"] == f"uxmc{self.number}"]
        return {name: entry[UXMCCTL.get(name, name)] for name in SYSFS}

    def agreed(self):
        """What all three say; they must not differ."""
        view = self.by_sysfs()
        assert view == self.by_netlink()
        assert view == self.by_uxmcctl()
        return view

    # Notifications
    def until(self, wanted, within, what, any_number=False):
        """The next notification of it that wanted() accepts."""
        end = deadline(within)
        while True:
            while self.position < len(self.monitor.heard):
                heard = self.monitor.heard[self.position]
                self.position += 1
                if (any_number or heard["module"] == self.number) and wanted(heard):
                    return heard
            left = end - time.monotonic()
            assert left > 0, f"{self} was not {what} within {within} s"
            self.monitor.next(left)

    def until_state(self, *states, within=20):
        return self.until(lambda heard: heard["state"] in states, within,
                          " or ".join(states))

    def begin(self):
        """What was heard up to now does not matter for what comes."""
        self.position = self.began = len(self.monitor.pending())
        self.logged = self.sim.mark()

    def states(self):
        """The states of the update from begin() on, each once, in their order."""
        states = []
        for heard in self.monitor.heard[self.began:self.position]:
            if heard["module"] == self.number:
                states += [heard["state"]][:heard["state"] not in states[-1:]]
        return states

    # Requests
    def set_firmware_uxm(self, value):
        """Let the setting be that, as uxmcd would."""
        self.client.set_firmware_uxm(self.number, value)
        self.setting = value

    def flash(self, image, **options):
        """Install the image and flash it; the version of its name is expected."""
        name = image.install()
        self.begin()
        self.client.flash(self.number, name,
                          **({"expect": image.version} | options))

    def cancel(self):
        self.client.cancel(self.number)

    def records(self):
        return Records(self.node)


class Records:
    """An open /dev/uxmcN."""

    def __init__(self, node, flags=os.O_NONBLOCK):
        self.file = os.open(node, os.O_RDONLY | flags)

    def close(self):
        os.close(self.file)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def events(self, most=64):
        """The records that one read(2) gives, as dictionaries."""
        data = os.read(self.file, most * RECORD.size)
        assert data
        events = []
        while data:
            event = dict(zip(FIELDS, RECORD.unpack_from(data)))
            assert event["size"] == RECORD.size
            assert (event["type"], event["reserved"]) == (EVENT_UPDATE, 0)
            events.append(event)
            data = data[event["size"]:]
        return events

    def read(self, most=64):
        """The same, as (state, done, total)."""
        return [(genl.STATES[event["state"]], event["done"], event["total"])
                for event in self.events(most)]

    def until(self, state, within):
        """The states, in their order, up to that one."""
        states = []
        end = deadline(within)
        while state not in states:
            left = end - time.monotonic()
            assert left > 0, f"not {state} within {within} s, but {states}"
            if select.select([self.file], [], [], left)[0]:
                states += [record[0] for record in self.read()]
        return states


def run_uxmcctl(*arguments, within=60, **options):
    """Run it; what it wrote to both outputs is in stdout."""
    return subprocess.run(
        [f"{guest.TOP}/build/uxmcctl", *arguments], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=within, **options)


def uxmcctl_status():
    done = run_uxmcctl("status", "--json")
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)


@contextlib.contextmanager
def unprivileged():
    """As a user who may nothing."""
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
