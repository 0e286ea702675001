# SPDX-License-Identifier: GPL-2.0-or-later
"""The hosts that are compared: each flashes one image to one module, which is
in DFU mode and alone on the bus.
"""
import json
import os
import select
import socket
import subprocess
import time

import genl
import guest
import meter
from sim import TOP

BUILT = f"{TOP}/build/bench"
IDS = "251c:d7c0,251c:d7c1"     # in application mode, in DFU mode
QUIRKS = "/var/lib/fwupd/quirks.d/uxmc.quirk"

NETLINK_KOBJECT_UEVENT = 15

# Where the floor expects the module
PORT = "1-1"

# What dfu-util exits with when the module is another one after the reset
DFU_UTIL_CHANGED = 251

# libusb takes no more in a control transfer.
LIBUSB_MOST = 4096


def installed(image):
    return f"{guest.FIRMWARE}/{image.name}"


class Host:
    """What is the same for those that are run as a process."""

    name = ""

    def begin(self, transfer):
        """Before the module is plugged in."""
        if guest.loaded():
            guest.until(lambda: not guest.unload_if_unused(), 15,
                        "the driver can be unloaded")

    def ready(self):
        """Once it is on the bus."""

    def run(self, image, transfer, within):
        """Flash it; what was measured besides, by name."""
        raise NotImplementedError


class Driver(Host):
    """uxmc.ko, by UPDATE_FLASH."""

    name = "driver"

    def begin(self, transfer):
        if not guest.loaded():
            guest.load()

    def ready(self):
        guest.until(lambda: os.path.exists("/dev/uxmc0"), 20, "uxmc0")

    def run(self, image, transfer, within):
        with genl.Monitor() as monitor, genl.Genl() as client, Arrivals() as arrivals:
            module, = (each["module"] for each in client.dump() if not each["away"])
            began = time.monotonic()
            client.flash(module, image.name)
            at = self._follow(monitor, arrivals, module, began + within)
        return {"verifying": at["downloading"] - at["verifying"],
                "back to done": at["done"] - at["back"]}

    @staticmethod
    def _follow(monitor, arrivals, module, end):
        """When each state began, and when the module was back on the bus."""
        at = {}
        while "done" not in at:
            ready = select.select([monitor, arrivals], [], [],
                                  max(0, end - time.monotonic()))[0]
            now = time.monotonic()
            assert ready, f"the driver's update is not done in time: {at}"
            if arrivals in ready and arrivals.seen():
                at["back"] = now
            if monitor in ready:
                heard = monitor.next(0)
                assert heard["state"] != "failed", heard["message"]
                if heard["module"] == module:
                    at.setdefault(heard["state"], now)
        return at


class Arrivals:
    """USB devices that come onto the bus, as the kernel tells of them."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                    NETLINK_KOBJECT_UEVENT)
        self.socket.bind((0, 1))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.socket.close()

    def fileno(self):
        return self.socket.fileno()

    def seen(self):
        event = self.socket.recv(65536).split(b"\0")
        return b"ACTION=add" in event and b"DEVTYPE=usb_device" in event


class DfuUtil(Host):
    """Debian's dfu-util."""

    name = "dfu-util"

    def run(self, image, transfer, within):
        return {"resident": meter.run(
            ["dfu-util", "-d", IDS, "-R", "-D", installed(image)], within,
            good=(0, DFU_UTIL_CHANGED))}


class Fwupdtool(Host):
    """Debian's fwupdtool, with the DFU plugin and a quirk file."""

    name = "fwupdtool"
    # What it calls the module, which depends on the port only
    known = None

    def begin(self, transfer):
        super().begin(transfer)
        os.makedirs(os.path.dirname(QUIRKS), exist_ok=True)
        with open(f"{TOP}/tests/bench/uxmc.quirk") as file:
            text = file.read()
        with open(QUIRKS, "w") as file:
            file.write(text.replace("@SIZE@", str(min(transfer, LIBUSB_MOST))))

    def ready(self):
        if self.known:
            return
        found = subprocess.run(
            ["fwupdtool", "get-devices", "--plugins", "dfu", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=True)
        device, = json.loads(found.stdout)["Devices"]
        self.known = device["DeviceId"]

    def run(self, image, transfer, within):
        return {"resident": meter.run(
            ["fwupdtool", "install-blob", "--plugins", "dfu", "--no-safety-check",
             "--allow-reinstall", installed(image), self.known], within,
            LD_PRELOAD=f"{BUILT}/netlink.so")}



class Floor(Host):
    """tests/bench/floor: the transfers that DFU requires, and nothing else."""

    name = "floor"

    def run(self, image, transfer, within):
        meter.run(["insmod", f"{BUILT}/floor/floor.ko", f"port={PORT}",
                   f"image={installed(image)}", f"bytes={len(image.sent)}",
                   f"block={transfer}"], within)
        subprocess.run(["rmmod", "floor"], check=True)
        return {}


HOSTS = [Driver(), Floor(), DfuUtil(), Fwupdtool()]
