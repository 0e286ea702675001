# SPDX-License-Identifier: GPL-2.0-or-later
"""Devices that do not keep to the specification: descriptors, strings and answers that
are mutated from valid ones. Whatever they say, the driver ends what it does within a
bound, says what is so, and never takes a wrong image for a good one.
"""
import os
import time

import pytest

import genl
import guest
from dfu_device import DfuDevice
from interfaces import Interfaces
from seeds import GUESTS, SEED, generator, usual_or_long

PROBES = usual_or_long(4900, 98000 // GUESTS)
UPDATES = usual_or_long(100, 2000 // GUESTS)
# How often each of a device's interfaces is bound after its first probe
BINDS = 4

# A probe has a few strings to ask for, each of which may take ctrl_timeout.
PROBE_SECONDS = 20
# More than the sum of the driver's timeouts below
UPDATE_SECONDS = 60
TIMEOUTS = {"ctrl_timeout": 500, "block_timeout": 1000, "manifest_timeout": 1500,
            "reboot_timeout": 4000}


@pytest.fixture(autouse=True)
def quiet():
    """The kernel's log is for what nobody expects."""
    print(f"\nseed {SEED}")
    with open("/proc/sys/kernel/printk") as file:
        before = file.read()
    with open("/proc/sys/kernel/printk", "w") as file:
        file.write("1")
    yield
    with open("/proc/sys/kernel/printk", "w") as file:
        file.write(before)


def tell_driver(what, interface):
    """Whether it did so: it may refuse what it does not find good."""
    began = time.monotonic()
    try:
        guest.tell_driver(what, interface)
        return True
    except OSError:
        return False
    finally:
        took = time.monotonic() - began
        assert took < PROBE_SECONDS, f"{what} of {interface} took {took:.1f} s"


def bound(name):
    return os.path.exists(f"{guest.USB_DRIVER}/{name}")


def look(client):
    """What is shown of all modules is text on one line, whatever the device says."""
    shown = client.dump()
    for status in shown:
        for name, value in status.items():
            assert not isinstance(value, str) or value.isascii() and \
                value.isprintable(), f"{name} is {value!r}"
    return len(shown)


def look_at_files(client):
    """The same in sysfs; it takes longer."""
    for number in guest.modules():
        for attribute in guest.SHOWN:
            with open(f"{guest.CLASS}/uxmc{number}/{attribute}", "rb") as file:
                text = file.read()
            assert text.endswith(b"\n") and text[:-1].decode("ascii").isprintable(), \
                f"{attribute} is {text!r}"
    shown = look(client)
    assert shown == len(guest.modules())
    return shown


def bind_each(client, names):
    """Each interface alone, as the driver takes one of them only, with other strings
    each time; gives how many became a module.
    """
    shown = 0
    for name in names:
        if tell_driver("bind", name):
            shown += look(client)
            assert tell_driver("unbind", name)
    return shown


def test_descriptors_and_strings(driver, client):
    """All interfaces of a device are probed when it comes, then each alone."""
    probes = plugged = shown = 0
    began = time.monotonic()
    with Interfaces(0, generator("descriptors")) as device:
        while probes < PROBES:
            device.plug()
            names = device.wait()
            plugged += 1
            shown += look_at_files(client)
            for name in names:
                if bound(name):
                    tell_driver("unbind", name)
            for _ in range(BINDS):
                shown += bind_each(client, names)
            probes += (1 + BINDS) * len(names)
            device.unplug()
            assert not device.error, device.error
            assert not driver.trouble()
            driver.lines.clear()
            print(f"{time.monotonic() - began:.0f} s: {probes} probes", flush=True)
    print(f"{probes} interfaces probed, {plugged} devices, {shown} modules shown")
    # It is about the driver's view of them, so it has to have had one of most.
    assert shown > probes / 4


class Victim:
    """A DfuDevice and the module that the driver makes of it"""

    def __init__(self, device, client):
        self.device = device
        self.client = client

    def here(self):
        return next((one for one in self.client.dump()
                     if one["port"] == self.device.name and not one["away"]), None)

    def replug(self):
        self.device.end()
        guest.until(lambda: not guest.modules(), 30, "the module is gone")
        self.device.configure()
        self.device.start(dfu=self.device.rng.random() < 0.4)
        self.device.plug()
        return guest.until(self.here, 30, "the module is there")

    def module(self):
        """It may have left the bus for good, or be on its way back."""
        found = self.device.rng.random() < 0.9 and guest.look_for(self.here, 3)
        return found or self.replug()


def install(name, data):
    with open(f"{guest.FIRMWARE}/{name}", "wb") as file:
        file.write(data)


def end_of(monitor, number, within):
    heard = monitor.wait(lambda heard: heard["module"] == number and
                         heard["state"] in ("done", "failed"), within)
    assert heard, f"the update did not end within {within} s"
    return heard


def update(victim, monitor, count):
    """One update; gives how it ended."""
    device, rng = victim.device, victim.device.rng
    module = victim.module()
    device.right = rng.randbytes(rng.choice((1, 700, 5000, 20000))), f"2.{count}.1"
    device.manifested.clear()
    install("snomD7C-mutant-r.bin", device.right[0])
    device.rate = rng.choice((0, 0.02, 0.1, 0.3))
    monitor.pending()
    try:
        # The driver is to see by itself that an image did not get there whole.
        victim.client.flash(module["module"], "snomD7C-mutant-r.bin",
                            rng.choice((None, device.right[1])))
        end = end_of(monitor, module["module"], UPDATE_SECONDS)
    except genl.Refused as refused:
        return str(refused)
    finally:
        device.rate = 0
    assert not device.error, device.error
    if end["state"] == "done":
        assert device.manifested and device.manifested[-1] == device.right[0], \
            f"update {count}: a wrong image ended in done"
        return "done"
    assert end["errno"] and ": " in end["message"] and end["message"].isprintable()
    return end["message"]


def test_answers(driver, client, monitor):
    for name, value in TIMEOUTS.items():
        guest.set_parameter(name, value)
    with DfuDevice(0, generator("answers")) as device:
        ends, end = try_answers(driver, client, monitor, device)
    for message, times in sorted(ends.items(), key=lambda item: -item[1]):
        print(f"{times:5} {message}")
    assert end["state"] == "done", end
    assert ends.get("done", 0) > UPDATES / 20, "hardly any update went well"
    assert len(ends) > 5, "hardly any update failed"


def try_answers(driver, client, monitor, device):
    """How often updates ended how, and how one ends that nothing is wrong with."""
    victim = Victim(device, client)
    ends = {}
    for count in range(UPDATES):
        message = update(victim, monitor, count)
        ends[message] = ends.get(message, 0) + 1
        print(f"update {count}: {message}", flush=True)
        if count % 10 == 0:
            assert not driver.trouble()
            driver.lines.clear()
            monitor.heard.clear()
    # Then it does as it should, and so does the driver.
    for name, value in guest.PARAMETERS.items():
        guest.set_parameter(name, value)
    device.rate = 0
    module = victim.replug()
    image = bytes(10000)
    device.right = image, "9.9.9"
    install("snomD7C-9.9.9-r.bin", image)
    monitor.pending()
    client.flash(module["module"], "snomD7C-9.9.9-r.bin", "9.9.9")
    return ends, end_of(monitor, module["module"], UPDATE_SECONDS)
