# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcctl as people and scripts use it: what it prints, and how it ends. Its exit
statuses 0 to 11 are all here; 12 is in tests/dkms.
"""
import errno
import json
import os
import pty
import re
import select
import subprocess
import time

import pytest

import expect
import guest
import uxmcd
from bench import refused
from httpd import Answer, Gate
from module import run_uxmcctl

NO_DAEMON = "uxmcd is not running: .+"
NO_MODULE = "no expansion module is connected.*"
CTL = f"{guest.TOP}/build/uxmcctl"


@pytest.fixture
def new(image):
    return image(size=200000)


def on_terminal(*arguments, within=30):
    """Run it on a terminal of its own; gives exit status and what it drew."""
    main, other = pty.openpty()
    process = subprocess.Popen([CTL, *arguments], stdin=subprocess.DEVNULL,
                               stdout=other, stderr=other)
    os.close(other)
    drawn, end = b"", time.monotonic() + within
    while True:
        left = end - time.monotonic()
        assert left > 0, f"uxmcctl runs on after {within} s: {drawn!r}"
        if not select.select([main], [], [], left)[0]:
            continue
        try:
            drawn += os.read(main, 4096)
        except OSError as err:      # that is how the end of a terminal looks
            assert err.errno == errno.EIO
            break
    os.close(main)
    return process.wait(5), drawn.decode()


# status
@pytest.mark.parametrize("arguments", [[], ["status"]], ids=repr)
def test_status(bench, arguments):
    done = bench.ctl(*arguments)
    assert done.returncode == 0
    head, line, *more = done.stdout.splitlines()
    assert head.split() == ["MODULE", "MODEL", "PORT", "SERIAL", "VERSION",
                            "MODE", "STATE"]
    view = bench.module.by_sysfs()
    assert line.split()[:7] == [
        str(bench.module), view["model"], view["port"], view["serial"],
        view["version"], view["mode"], view["state"]]
    assert f"firmware_uxm: {view['firmware_uxm']}" in "".join(more)


def test_status_of_an_update(bench, new):
    gate = Gate()
    url = bench.serve(new, Answer(new.data, hold_after=50000, gate=gate))
    bench.ask(url)
    bench.module.until(lambda heard: heard["done"] == 50000, 40, "half fetched")
    done = bench.ctl("status")
    assert re.search(r"application +fetching, .*25 ?%", done.stdout), done.stdout
    assert f"updating from: {url}" in done.stdout
    gate.set()
    bench.done(new, url)


def test_status_of_a_failure(bench, new):
    bench.ask(bench.serve(new, Answer(status=404)))
    end = bench.failed("fetching", errno.ENOENT, ".*404.*")
    assert f"error: {end['message']}\n" in bench.ctl("status").stdout


KINDS = {"name": str, "model": str, "port": str, "serial_number": str,
         "version": str, "mode": str, "away": bool, "state": str, "done": int,
         "total": int, "timeout_ms": int, "error": str, "errno": int,
         "url": str, "file": str, "firmware_uxm": str}


def test_json(bench):
    done = bench.ctl("status", "--json")
    assert done.returncode == 0
    shown = json.loads(done.stdout)
    assert shown["driver_loaded"] is True and shown["uxmcd_running"] is True
    entry, = shown["modules"]
    assert {name: type(value) for name, value in entry.items()} == KINDS
    status = bench.client.get(bench.module.number)
    assert entry["name"] == str(bench.module)
    for name in ("model", "port", "version", "mode", "away", "state", "done",
                 "total", "errno", "url", "file", "firmware_uxm"):
        assert entry[name] == status[name]


def test_json_of_two_modules(bench):
    other = bench.plug("--model", "D8C", "--serial", 'a"b\\c', port=1)
    try:
        entries = json.loads(bench.ctl("--json").stdout)["modules"]
        assert {entry["model"] for entry in entries} == {"D7C", "D8C"}
        assert 'a"b\\c' in {entry["serial_number"] for entry in entries}
    finally:
        bench.unplug(other)


# update, watch
def test_update(bench, new):
    """Into a file it writes lines, and into a terminal it draws a bar."""
    url = bench.serve(new)
    done = bench.ctl("update", url)
    assert done.returncode == 0, done.stdout
    states = [line.split()[2] for line in done.stdout.splitlines()
              if line.startswith("uxmc")]
    assert list(dict.fromkeys(states))[-7:] == ["fetching", *expect.STEPS]
    assert done.stdout.splitlines()[-1] == f"updated to {new.version}"
    bench.done(new, url)


def test_update_on_a_terminal(bench, new):
    url = bench.serve(new)
    bench.module.begin()
    status, drawn = on_terminal("update", url)
    assert status == 0, drawn
    assert re.search(r"downloading.*\[#*.*\].*[0-9]+ ?%", drawn), drawn
    assert f"updated to {new.version}" in drawn
    bench.done(new, url)


def test_update_with_a_file(bench, new, image):
    """By a path of any kind; the setting is none of its affairs."""
    before = uxmcd.setting()
    newer = image(size=200000, version="1.7.1")
    for one, name, directory in (
            (newer, newer.path, "/"),
            (new, new.name, os.path.dirname(new.path))):
        done = bench.ctl("update", name, cwd=directory)
        assert done.returncode == 0, done.stdout
        expect.done(bench.module, one)
        bench.uxmcd.expect_clean()
    assert uxmcd.setting() == before


def test_update_with_a_large_file(bench, image):
    """It is copied in pieces."""
    bench.use(image_size_max=None)
    large = image(size=3 << 20)
    done = bench.ctl("update", large.path, within=60)
    assert done.returncode == 0, done.stdout
    expect.done(bench.module, large)
    bench.uxmcd.expect_clean()


@pytest.mark.parametrize("name, data, code, sentence", [
    ("firmware.bin", b"x", 5, "the file is named firmware.bin: an image for this "
     "module is named snomD7C-<version>-r.bin"),
    ("snomD8C-1.6.1-r.bin", b"x", 5, "the image is for a D8C, .*"),
    ("snomD7C-1.6.1-r.bin", b"", 1, "the file is empty"),
    ("snomD7C-1.6.1-r.bin", bytes((1 << 20) + 1), 1, "the file has 1048577 "
     "bytes, more than the 1048576 of image_size_max in uxmcd.conf"),
    ("snomD7C-1.6.1-r.bin", None, 5, ".*No such file or directory"),
], ids=["name", "model", "empty", "large", "missing"])
def test_update_with_a_file_that_does_not_do(bench, tmp_path, name, data, code,
                                             sentence):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    refused(bench.ctl("update", tmp_path / name), code, sentence)
    bench.uxmcd.expect_clean()
    bench.module.setting = uxmcd.setting()


def test_update_without_waiting(bench, new):
    gate = Gate()
    url = bench.serve(new, Answer(new.data, hold_after=1000, gate=gate))
    done = bench.ctl("update", "--no-wait", url)
    assert done.returncode == 0, done.stdout
    assert bench.module.state in ("requested", "fetching")
    gate.set()
    bench.done(new, url)


def test_watch_once(bench, new):
    """Until the update has ended, whoever asked for it."""
    gate = Gate()
    url = bench.serve(new, Answer(new.data, hold_after=1000, gate=gate))
    bench.ask(url)
    bench.module.until_state("fetching")
    with subprocess.Popen([CTL, "watch", "--once"], stdout=subprocess.PIPE,
                          text=True) as watch:
        assert "fetching" in watch.stdout.readline()
        gate.set()
        output, _ = watch.communicate(timeout=20)
    assert watch.returncode == 0
    states = [line.split()[2] for line in output.splitlines()]
    assert list(dict.fromkeys(states))[-6:] == expect.STEPS
    bench.done(new, url)
    assert bench.ctl("watch", "--once").returncode == 0


def test_watch_once_says_the_worst(bench):
    """The first module's update failed, the last one's was only cancelled."""
    other = bench.plug(port=1)
    bench.uxmcd.stop()
    try:
        for module in bench.module, other:
            bench.client.request(module.number, "http://h/snomD7C-1.6.1-r.bin")
        bench.client.report(bench.module.number, state="failed", message="no",
                            errno=errno.EIO)
        bench.client.cancel(other.number)
        assert bench.ctl("watch", "--once").returncode == 1
    finally:
        bench.uxmcd.start()
        bench.unplug(other)


def test_watch_sees_modules_come_and_go(bench):
    with subprocess.Popen([CTL, "watch"], stdout=subprocess.PIPE,
                          text=True) as watch:
        assert str(bench.module) in watch.stdout.readline()
        other = bench.plug("--model", "D8C", port=1)
        assert f"{other} D8C" in watch.stdout.readline()
        bench.unplug(other)
        assert watch.poll() is None
        watch.terminate()


# cancel
def test_cancel(bench, new):
    bench.module.begin()
    url = bench.serve(new, Answer(new.data, hold_after=1000))
    with bench.ctl_running("update", url) as update:
        bench.module.until_state("fetching")
        assert run_uxmcctl("cancel").returncode == 0
        output, _ = update.communicate(timeout=10)
    assert update.returncode == 8, output
    bench.module.setting = uxmcd.setting()
    bench.failed("fetching", errno.ECANCELED, "cancelled")
    refused(bench.ctl("cancel"), 1, "there is no update to cancel")


@pytest.mark.parametrize("with_uxmcd", [True, False])
def test_cancel_too_late(bench, new, with_uxmcd):
    url = bench.serve(new)
    bench.ask(url)
    bench.module.until_state("detaching")
    if not with_uxmcd:
        bench.uxmcd.kill()
    refused(run_uxmcctl("cancel"), 10,
            "too late to cancel: the module is being flashed")
    if not with_uxmcd:
        bench.uxmcd.start()
    bench.done(new, url)


# What is missing
MODULES = f"/lib/modules/{os.uname().release}"


@pytest.fixture
def unloaded(bench):
    bench.unload()
    yield
    bench.load()


def expect_no_driver(status, cause, sentence):
    for arguments in ([], ["watch"], ["watch", "--once"],
                      ["update", "http://h/snomD7C-1.6.1-r.bin"]):
        refused(run_uxmcctl(*arguments), status, sentence)
    done = run_uxmcctl("--json")
    shown = json.loads(done.stdout)
    missing = shown.pop("driver_missing")
    assert missing["cause"] == cause and re.fullmatch(sentence, missing["sentence"])
    assert len(shown.pop("unbound")) == 1
    assert shown == {"driver_loaded": False, "uxmcd_running": True,
                     "uxmcd_silent": False, "modules": [], "waiting": None}
    assert done.returncode == status


def test_no_driver(unloaded):
    """It names the command that helps. (The guest's depmod has not been run.)"""
    expect_no_driver(3, "not-listed",
                     "the driver is not loaded: depmod, then modprobe uxmc")


def test_driver_is_listed(unloaded):
    with open(f"{MODULES}/modules.dep", "r+", encoding="ascii") as listed:
        before = len(listed.read())
        listed.write("updates/uxmc.ko: kernel/drivers/usb/core/usbcore.ko\n")
    try:
        expect_no_driver(3, "not-loaded", "the driver is not loaded: modprobe uxmc")
    finally:
        os.truncate(listed.name, before)


def test_driver_is_not_built(unloaded):
    os.rename(f"{MODULES}/updates/uxmc.ko", f"{MODULES}/uxmc.away")
    try:
        expect_no_driver(11, "not-built",
                         "the driver is not installed for the kernel that runs, "
                         f"{re.escape(os.uname().release)}: .*modprobe uxmc")
    finally:
        os.rename(f"{MODULES}/uxmc.away", f"{MODULES}/updates/uxmc.ko")


def test_driver_is_missed_by_uxmcd(unloaded):
    """Without the tool's own look."""
    for arguments in (["check"], ["update", "--no-wait",
                                  "http://h/snomD7C-1.6.1-r.bin"]):
        refused(run_uxmcctl(*arguments), 3,
                "the driver is not loaded: uxmcctl status says why")


def test_no_module(bench, new):
    bench.unplug(bench.module)
    try:
        for arguments in ([], ["status"], ["watch", "--once"],
                          ["update", bench.serve(new)], ["update", new.path]):
            refused(run_uxmcctl(*arguments), 4, NO_MODULE)
        shown = json.loads(run_uxmcctl("--json").stdout)
        assert shown["modules"] == [] and shown["unbound"] == []
    finally:
        bench.replace()


def test_no_uxmcd(bench, new):
    """What the driver alone can tell is told still."""
    bench.uxmcd.stop()
    for arguments in (["update", bench.serve(new)], ["update", new.path],
                      ["get", "firmware_uxm"], ["clear", "firmware_uxm"],
                      ["set", "firmware_uxm", "http://h/"], ["get"],
                      ["check"], ["confirm"], ["refuse"], ["log"],
                      ["--control", "/nowhere", "get", "firmware_uxm"]):
        refused(run_uxmcctl(*arguments), 7, NO_DAEMON)
    done = run_uxmcctl("status")
    assert done.returncode == 0
    assert str(bench.module) in done.stdout
    assert re.search(NO_DAEMON, done.stdout)
    assert json.loads(run_uxmcctl("--json").stdout)["uxmcd_running"] is False
    refused(run_uxmcctl("cancel"), 1, "there is no update to cancel")
    bench.uxmcd.start()


def test_no_uxmcd_for_want_of_a_module(bench, new):
    """With --exit-idle that is why it is not there."""
    bench.uxmcd.stop()
    bench.unplug(bench.module)
    try:
        for arguments in (["check"], ["log"], ["get"], ["update", new.path],
                          ["clear", "firmware_uxm"]):
            refused(run_uxmcctl(*arguments), 4, NO_MODULE)
    finally:
        bench.uxmcd.start()
        bench.replace()


USAGE = [["dance"], ["update"], ["update", "a", "b"], ["status", "more"],
         ["get", "a", "b"], ["set", "firmware_uxm"], ["--dance"], ["--control"],
         ["clear"], ["cancel", "it"], ["check", "it"], ["confirm", "it"],
         ["refuse", "it"], ["log", "it"]]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_usage(bench, arguments):
    done = run_uxmcctl(*arguments)
    assert done.returncode == 2
    assert "usage: uxmcctl" in done.stdout


def test_help(bench):
    done = run_uxmcctl("--help")
    assert done.returncode == 0
    for verb in ("status watch update cancel check confirm refuse log get set "
                 "clear").split():
        assert re.search(rf"^  {verb}\b", done.stdout, re.M)


@pytest.mark.parametrize("name", ["colour", "", "firmware_uxm x"])
def test_setting_that_there_is_not(bench, name):
    for arguments in (["get", name], ["clear", name]):
        refused(run_uxmcctl(*arguments), 5, "there is no setting of that name: "
                "there are firmware_uxm, .*")


@pytest.mark.parametrize("value", ["hello", "ftp://h/x", "http://",
                                   "http://h/" + "a" * 2040])
def test_value_that_is_none(bench, value):
    before = uxmcd.setting()
    refused(run_uxmcctl("set", "firmware_uxm", value), 5,
            "that is not a value for firmware_uxm: .*")
    assert uxmcd.setting() == before
