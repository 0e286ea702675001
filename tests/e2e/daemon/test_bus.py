# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcctl shows modules that the driver is not bound to, as the USB bus has them.
There is no udevd, but where a test says so.
"""
import contextlib
import glob
import json
import re
import subprocess

import pytest

import expect
import guest
from bench import refused
from module import USB, run_uxmcctl, unprivileged
from usbfs import Dfu

NOT_LOADED = "the driver is not loaded: depmod, then modprobe uxmc"
NONE = "uxmcctl: no expansion module is connected: plug one in\n"
UNBOUND = ("an expansion module is connected, but the driver is not bound to it: "
           "uxmcctl status says what to do")


def shown(code):
    """What uxmcctl status says: its rows of what is not bound, and all of it as
    JSON, which must be the same.
    """
    done = run_uxmcctl("status")
    assert done.returncode == code, done.stdout
    rows = [line.split(None, 6)[1:] for line in done.stdout.splitlines()
            if line.startswith("- ")]
    as_json = run_uxmcctl("--json")
    assert as_json.returncode == code
    told = json.loads(as_json.stdout)
    assert rows == [
        [one["model"], one["port"], one["serial_number"] or "-", "-", one["mode"],
         f"driver is {one['driver']}" if one["driver"] else "no driver"]
        for one in told["unbound"]]
    for one in told["unbound"]:
        assert not one["sentence"] or f"uxmcctl: {one['sentence']}\n" in done.stdout
    return done.stdout, told


def is_dfu(interface):
    """One that goes meanwhile is none."""
    try:
        with open(f"{interface}/bInterfaceClass") as one, \
                open(f"{interface}/bInterfaceSubClass") as sub:
            return (one.read(), sub.read()) == ("fe\n", "01\n")
    except OSError:
        return False


def on_bus(count):
    """So many modules are there, with their interfaces."""
    guest.until(lambda: sum(map(is_dfu, glob.glob(f"{USB}/*:*"))) == count, 15,
                f"{count} modules are on the bus")


@contextlib.contextmanager
def unloaded(bench, *others):
    """Without the driver, and with more modules, by their options."""
    bench.unload()
    sims = [bench.new_sim(*options, port=port)
            for port, options in enumerate(others, 1)]
    try:
        on_bus(1 + len(sims))
        yield sims
    finally:
        for sim in sims:
            sim.unplug()
            bench.sims.remove(sim)
        on_bus(1)
        bench.load()


@pytest.fixture
def unbound(bench):
    """The module, with the driver taken from it; gives the interface."""
    interface = bench.module.interface
    bench.module.begin()
    guest.tell_driver("unbind", interface)
    yield interface
    if not guest.modules():
        guest.tell_driver("bind", interface)
    expect.replugged(bench.module)
    bench.module.setting = bench.module.read("firmware_uxm")
    bench.found_again()


def test_not_loaded(bench):
    view = bench.module.by_sysfs()
    with unloaded(bench):
        text, told = shown(3)
        assert text.splitlines()[-1] == f"uxmcctl: {NOT_LOADED}"
        assert told["modules"] == [] and NONE not in text
        assert told["unbound"] == [
            {"model": "D7C", "port": view["port"], "serial_number": view["serial"],
             "mode": "application", "driver": "", "sentence": ""}]


def test_not_loaded_and_two_modules(bench):
    """One of them was left in DFU mode. What has no id of ours is not shown."""
    with unloaded(bench, ("--model", "D8C", "--start-in-dfu"),
                  ("--product-id", "1234")) as (other, _):
        _, told = shown(3)
        assert [(one["model"], one["mode"], one["serial_number"])
                for one in told["unbound"]] == [
            ("D7C", "application", bench.module.sim.serial),
            ("D8C", "dfu", other.serial)]
        assert len({one["port"] for one in told["unbound"]}) == 2


def test_no_serial_number_and_an_odd_one(bench):
    with unloaded(bench, ("--no-serial",), ("--serial", "a\033[31mb")):
        _, told = shown(3)
        assert [one["serial_number"] for one in told["unbound"][1:]] == \
            ["", "a?[31mb"]


def test_not_loaded_and_nothing_plugged_in(bench):
    bench.unplug(bench.module)
    try:
        bench.disconnect()
        guest.unload()
        text, told = shown(3)
        assert text == f"{NONE}uxmcctl: {NOT_LOADED}\n"
        assert told["unbound"] == []
    finally:
        guest.load()
        bench.connect()
        bench.replace()


def test_nothing_plugged_in(bench):
    bench.unplug(bench.module)
    try:
        text, told = shown(4)
        assert text == NONE and told["unbound"] == []
    finally:
        bench.replace()


def test_not_bound(bench, unbound):
    """The command that it says helps."""
    text, told = shown(4)
    one, = told["unbound"]
    assert NONE not in text and told["modules"] == []
    assert one["sentence"] == (
        f"{one['port']}: the driver is loaded, but not bound to the module: "
        f"echo {unbound} > {guest.USB_DRIVER}/bind; if that fails, dmesg says why")
    for arguments in (["watch", "--once"], ["watch", "--once", "--json"]):
        refused(run_uxmcctl(*arguments), 4, UNBOUND)
    command = re.search("echo [^;]*", one["sentence"]).group()
    subprocess.run(command, shell=True, check=True)
    _, told = shown(0)
    assert len(told["modules"]) == 1 and told["unbound"] == []


def test_not_bound_and_no_uxmcd(bench, unbound):
    bench.uxmcd.stop()
    try:
        refused(run_uxmcctl("get"), 4, UNBOUND)
    finally:
        bench.uxmcd.start()


def test_one_bound_and_another_not(bench):
    other = bench.plug("--model", "D8C", port=1)
    port = other.read("port")
    guest.tell_driver("unbind", other.interface)
    try:
        text, told = shown(0)
        assert str(bench.module) in text
        assert [one["port"] for one in told["unbound"]] == [port]
        assert [one["model"] for one in told["modules"]] == ["D7C"]
    finally:
        other.sim.unplug()
        bench.sims.remove(other.sim)


def test_another_program_has_it(bench, unbound):
    dfu = Dfu(0xd7c0)
    try:
        _, told = shown(4)
        one, = told["unbound"]
        assert one["driver"] == "usbfs"
        assert "usbfs has the module, not the driver" in one["sentence"]
    finally:
        dfu.close()


def test_no_interface(bench):
    """A device that nobody has authorized is not configured."""
    authorized = f"{USB}/{bench.module.read('port')}/authorized"
    bench.module.begin()
    guest.write(authorized, "0")
    try:
        _, told = shown(4)
        assert "no interface for firmware updates" in told["unbound"][0]["sentence"]
    finally:
        guest.write(authorized, "1")
        expect.replugged(bench.module)
        bench.found_again()


def test_by_anybody(bench):
    with unloaded(bench):
        _, told = shown(3)
        with unprivileged():
            assert json.loads(run_uxmcctl("--json").stdout)["unbound"] == \
                told["unbound"]


def test_with_udevd(bench):
    with unloaded(bench):
        before = shown(3)
        with guest.udev():
            bench.module.sim.replug()
            subprocess.run(["udevadm", "settle"], check=True)
            on_bus(1)
            assert shown(3) == before
