# SPDX-License-Identifier: GPL-2.0-or-later
"""The attributes of /sys/class/uxmc/uxmcN."""
import errno
import os
import stat
import threading

import pytest

import expect
import states
from module import SYSFS, unprivileged

URL = states.URL
MODES = {"firmware_uxm": 0o644, "update_cancel": 0o200} | {
    name: 0o444 for name in (
        "firmware_version", "model", "serial_number", "port", "mode",
        "update_state", "update_progress", "update_error")}


def refused(module, name, text):
    with pytest.raises(OSError) as refusal:
        module.write(name, text)
    return refusal.value.errno


def test_modes(module):
    for name, mode in MODES.items():
        assert stat.S_IMODE(os.stat(f"{module.path}/{name}").st_mode) == mode, name
    known = set(MODES) | {"dev", "device", "power", "subsystem", "uevent"}
    assert set(os.listdir(module.path)) == known
    assert os.path.realpath(f"{module.path}/device").endswith("/1-1/1-1:1.1")


def test_at_first(module):
    assert {name: module.read(name) for name in MODES
            if name != "update_cancel"} == {
        "firmware_uxm": module.setting, "firmware_version": "1.1.1",
        "model": "D7C", "serial_number": "E2E0000", "port": "1-1",
        "mode": "application", "update_state": "idle",
        "update_progress": "0 0", "update_error": ""}


def test_unprivileged(module):
    with unprivileged():
        assert module.read("update_state") == "idle"
        for name in "firmware_uxm", "update_cancel":
            assert refused(module, name, "\n") == errno.EACCES


@pytest.mark.parametrize("text", ["{}", "{}\n", "  {} \n", "\t{}\n\n"], ids=repr)
def test_request(module, text):
    """Blanks around it are people's; it returns at once."""
    module.write("firmware_uxm", text.format(URL))
    assert module.state == "requested"
    assert module.client.get(module.number)["url"] == URL
    assert module.read("firmware_uxm") == module.setting
    module.write("update_cancel", "1")
    expect.failed(module, "requested", errno.ECANCELED, "cancelled", within=3)


@pytest.mark.parametrize("text, error", [
    ("http://a/\x01b\n", errno.EINVAL),
    ("http://a/b\nhttp://a/c\n", errno.EINVAL),
    ("http://a/\x7f\n", errno.EINVAL),
    (b"http://a/b\0\n", errno.EINVAL),
    (b"\0", errno.EINVAL),
    ("http://a/" + "x" * 2040, errno.ENAMETOOLONG),
    ("http://a/" + "x" * 4080, errno.ENAMETOOLONG),
    ("http://a/" + "x" * 5000, errno.ENAMETOOLONG),
], ids=["\\x01", "two lines", "\\x7f", "NUL", "only NUL", "2049", "4089", "5009"])
def test_bad_url(module, text, error):
    assert refused(module, "firmware_uxm", text) == error
    view = module.agreed()
    assert (view["state"], view["firmware_uxm"]) == ("idle", module.setting)


def test_longest_url(module):
    url = "http://a/" + "x" * 2039
    module.write("firmware_uxm", f"{url}\n")
    assert module.client.get(module.number)["url"] == url


@pytest.mark.parametrize("text", ["\n", " \n", "\t \n\n"], ids=repr)
def test_clear(module, text):
    """Cleared at once for whoever looks; uxmcd is told to store that."""
    module.write("firmware_uxm", text)
    heard = module.until(lambda heard: heard["cleared"], 5, "cleared")
    assert (heard["firmware_uxm"], heard["state"]) == ("", "idle")
    assert module.agreed()["firmware_uxm"] == ""
    module.set_firmware_uxm("")
    assert not module.client.get(module.number)["cleared"]


def test_busy(plug):
    """No request and no clearing during an update."""
    module = plug(*states.OPTIONS["downloading"])
    for state in "requested", "fetching", "verifying":
        states.bring_to(module, state)
        assert refused(module, "firmware_uxm", URL) == errno.EBUSY
        assert refused(module, "firmware_uxm", "\n") == errno.EBUSY
        module.cancel()
        expect.failed(module, state, errno.ECANCELED, "cancelled", within=3)
    new = states.bring_to(module, "downloading")
    assert refused(module, "firmware_uxm", URL) == errno.EBUSY
    assert refused(module, "firmware_uxm", "\n") == errno.EBUSY
    expect.done(module, new)


def test_uevents(module, uevents):
    """What starts uxmcd."""
    module.write("firmware_uxm", URL)
    event = uevents(lambda event: event.get("UXMC_EVENT") == "request")
    assert event["ACTION"] == "change"
    assert event["DEVPATH"] == f"/devices/virtual/uxmc/{module}"
    module.cancel()
    module.write("firmware_uxm", "\n")
    assert uevents(lambda event: event.get("UXMC_EVENT") == "clear")


def test_poll(module, image):
    """Waiting in poll(2) for update_state sees the end of an update."""
    new = image()
    module.flash(new)
    module.wait_sysfs("downloading", 10)
    assert int(module.read("update_progress").split()[1]) == len(new.sent)
    module.wait_sysfs("done", 10)
    expect.done(module, new)


def test_poll_sees_a_failure(module):
    waiter = threading.Thread(target=module.wait_sysfs, args=("failed", 10))
    waiter.start()
    module.write("firmware_uxm", URL)
    module.cancel()
    waiter.join(10)
    assert not waiter.is_alive() and module.state == "failed"


def test_file_kept_open_over_an_unplug(module):
    """An open attribute does not keep the module, and fails after it has gone."""
    files = [open(f"{module.path}/{name}", "rb", buffering=0) for name in MODES
             if name != "update_cancel"]
    module.sim.unplug()
    module.until(lambda heard: heard["event"] == "removed", 8, "removed")
    for file in files:
        with pytest.raises(OSError) as refusal:
            file.read()
        assert refusal.value.errno == errno.ENODEV
        file.close()


def test_reading_races_unplugging(udev, plug):
    """All of it is opened and read all the time, while the module comes, begins
    to be flashed, and goes.
    """
    module = plug(*states.OPTIONS["downloading"])
    stop = threading.Event()
    count = {"reads": 0, "opens": 0}

    def read_all():
        while not stop.is_set():
            for name in SYSFS.values():
                try:
                    with open(f"{module.path}/{name}", "rb") as file:
                        file.read()
                    count["reads"] += 1
                except OSError as err:
                    assert err.errno in (errno.ENOENT, errno.ENODEV), err

    def open_all():
        while not stop.is_set():
            try:
                with module.records() as records:
                    records.read()
                count["opens"] += 1
            except OSError as err:
                assert err.errno in (errno.ENOENT, errno.ENODEV, errno.ENXIO), err

    failures = []

    def keep(call):
        try:
            call()
        except BaseException as err:    # pylint: disable=broad-except
            failures.append(err)

    threads = [threading.Thread(target=keep, args=(call,))
               for call in (read_all, open_all)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(6):
            if turn % 2:
                states.bring_to(module, "downloading")
            module.begin()
            module.sim.replug()
            expect.replugged(module)
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
    assert not failures, failures
    assert count["reads"] > 100 and count["opens"] > 10
