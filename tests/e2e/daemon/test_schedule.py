# SPDX-License-Identifier: GPL-2.0-or-later
"""When uxmcd looks at what is provisioned, and when it leaves the server alone."""
import json
import re
import signal
import time

import pytest

import guest
from bench import refused
from httpd import Answer, Gate, Server
from provisioning import POLICY, Check, Phone, entry, settings_file, status_file

# It takes a minute: see there.
pytestmark = pytest.mark.usefixtures("minute")

SETTINGS, STATUS = "/settings.xml", "/status.xml"
RETRY_FIRST = 60        # seconds: SCHEDULE_RETRY_FIRST
AGAIN = r"it is looked at again in (\d+) s"
LOOKED = r"provisioning \((.*?)\): "


@pytest.fixture
def phone(bench, phone_of_file):
    """With both files, of which neither asks for anything."""
    phone_of_file.hush()
    phone_of_file.serve(SETTINGS, settings_file())
    phone_of_file.serve(STATUS, status_file())
    return phone_of_file


def start(phone, **config):
    phone.start(**{"setting_server": phone.server.url(SETTINGS),
                   "firmware_status": phone.server.url(STATUS)} | config)


def until_idle(phone, looks, within=20):
    """Until that many looks have ended since the start."""
    guest.until(lambda: len(phone.logged(LOOKED)) >= looks, within,
                f"{looks} looks: {phone.log()}")
    return phone.logged(LOOKED)


# Looks that come by themselves
def test_looks_at_start(phone):
    start(phone, first_look_spread=0)
    assert until_idle(phone, 1) == ["the first look"]
    assert [one.path for one in phone.server.requests] == [SETTINGS, STATUS]


def test_settings_refresh_timer(phone):
    """Of the settings alone: one a second, and none too many. (Where the machine is
    busy each may be long on its way; nothing else would look within half a minute.)
    """
    phone.serve(SETTINGS, settings_file(entry("settings_refresh_timer", "1")))
    start(phone)
    begun = time.monotonic()
    phone.check()
    times = [one.time - begun for one in phone.wait_requests(SETTINGS, 4, 25)]
    assert all(one >= number for number, one in enumerate(times)), times
    assert len(phone.requests(STATUS)) == 1


def test_nothing_configured(phone):
    """Then there is nothing to ask a server for."""
    start(phone, setting_server=None, firmware_status=None, first_look_spread=0)
    until_idle(phone, 1)
    look = phone.check()
    assert look.word == "nothing"
    assert look.steps["setting_server"] == ("info", "not set")
    assert look.steps["firmware_status"] == ("info", "not set")
    assert phone.bench.ctl("check").returncode == 0
    assert not phone.server.requests


def test_first_look_is_spread(phone):
    """Neither at the start nor for a module that comes, but if a person asks."""
    start(phone, first_look_spread=86400)
    other = phone.bench.plug(port=1)
    phone.bench.unplug(other)
    phone.uxmcd.until_logged(f"{other}: gone", phone.bench.logged)
    # plug_delay is 0.1 s
    with pytest.raises(AssertionError):
        phone.server.wait_requests(1, timeout=0.5)
    assert phone.check().word == "nothing"
    assert len(phone.server.requests) == 2


def test_plug(phone):
    """Several that come within plug_delay are one reason to look. (uxmcd hears of
    them at once, however long it takes to plug them in here.)
    """
    start(phone, first_look_spread=0, plug_delay=1.5)
    until_idle(phone, 1)
    phone.uxmcd.freeze()
    others = [phone.bench.plug(port=port) for port in (1, 2)]
    phone.uxmcd.thaw()
    try:
        assert until_idle(phone, 2)[1:] == ["a module was plugged in"]
        assert "UXM:3)" in phone.server.requests[-1].headers["user-agent"]
        with pytest.raises(AssertionError):
            phone.server.wait_requests(5, timeout=0.5)
        assert len(phone.server.requests) == 4
    finally:
        for other in others:
            phone.bench.unplug(other)


def test_sighup(phone):
    start(phone)
    phone.uxmcd.process.send_signal(signal.SIGHUP)
    assert until_idle(phone, 1) == ["SIGHUP"]
    assert len(phone.server.requests) == 2
    phone.uxmcd.process.send_signal(signal.SIGHUP)
    assert until_idle(phone, 2) == ["SIGHUP", "SIGHUP"]
    assert len(phone.server.requests) == 4


# A server that fails
def again(phone):
    """In how many seconds it is looked at again, the last time it was said."""
    return int(phone.logged(AGAIN)[-1])


def expect_pauses(phone, pauses):
    for most in pauses:
        phone.check()
        assert most // 2 <= again(phone) <= most, phone.logged(AGAIN)


def test_back_off(phone):
    """Twice as long each time, up to firmware_interval; of what that gives, at
    least the half. Anew once the file could be had.
    """
    phone.serve(STATUS, Answer(status=500))
    start(phone, setting_server=None, firmware_interval=6)
    expect_pauses(phone, [RETRY_FIRST, 120, 240, 360, 360])
    phone.serve(STATUS, status_file())
    assert phone.check().word == "nothing"
    phone.serve(STATUS, b"<html/>")
    expect_pauses(phone, [RETRY_FIRST, 120])


def test_both_servers_fail(phone):
    """Each is left alone for itself."""
    phone.serve(SETTINGS, Answer(status=500))
    start(phone)
    phone.check()
    phone.serve(STATUS, Answer(status=500))
    look = phone.check()
    assert look.steps["setting_server"][0] == look.steps["firmware_status"][0] == "no"
    lines = phone.logged(rf"uxmcd: (\w+): .* answered 500 .*{AGAIN}")
    assert [name for name, _ in lines] == [
        "setting_server", "setting_server", "firmware_status"]
    assert RETRY_FIRST <= int(lines[1][1]) <= 2 * RETRY_FIRST
    assert RETRY_FIRST // 2 <= int(lines[2][1]) <= RETRY_FIRST


def test_refresh_does_not_hammer(phone):
    """A server that fails is left alone, whatever settings_refresh_timer says."""
    phone.serve(SETTINGS, settings_file(entry("settings_refresh_timer", "1")),
                Answer(status=503))
    start(phone, firmware_status=None)
    phone.check()
    phone.wait_requests(SETTINGS, 2, 40)
    guest.until(lambda: phone.logged(AGAIN), 40, "it is looked at again later")
    assert RETRY_FIRST // 2 <= again(phone) <= RETRY_FIRST
    with pytest.raises(AssertionError):
        phone.server.wait_requests(3, timeout=1.5)


@pytest.mark.parametrize("status", [429, 503, 404])
def test_retry_after(phone, status):
    """What the server asks for is the least, but a day at most."""
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT",
                         time.gmtime(time.time() + 3600))
    start(phone, setting_server=None)
    for value, least, most in (("1000", 1000, 2000), ("1", RETRY_FIRST // 2, RETRY_FIRST),
                               ("9" * 9, 86400, 2 * 86400), (date, 3500, 7200)):
        # Each server is asked once, and left alone then.
        with Server() as server:
            logged = len(phone.logged(AGAIN))
            phone.set("firmware_status", server.route(STATUS, Answer(
                status=status, headers={"Retry-After": value})))
            guest.until(lambda: len(phone.logged(AGAIN)) > logged, 40, "looked at")
            assert least <= again(phone) <= most


# An image that cannot be had
def test_image_that_is_not_there(phone, image):
    """It is not tried again at once, not by a check either; only by hand. With
    another URL, all begins anew.
    """
    new = image(size=70000)
    url = phone.serve(f"/{new.name}", Answer(status=404))
    start(phone, setting_server=None)
    phone.serve(STATUS, status_file(entry("firmware_uxm", url)))
    assert phone.check().word == "started"
    phone.bench.module.until_state("failed")
    until_idle(phone, 2)

    looked = phone.check()
    assert (looked.number, looked.word) == (5, "too-soon"), looked
    outcome, text = looked.steps["retry"]
    seconds, = re.findall("is tried again in ([0-9]+) s", text)
    assert outcome == "no" and RETRY_FIRST // 2 - 5 <= int(seconds) <= RETRY_FIRST
    assert "uxmcctl update" in looked.sentence
    refused(phone.bench.ctl("check"), 5, ".*tried again in .*")
    assert len(phone.requests(f"/{new.name}")) == 1

    other = phone.serve(f"/other/{new.name}", Answer(status=404))
    phone.serve(STATUS, status_file(entry("firmware_uxm", other)))
    phone.bench.module.begin()
    assert phone.check().word == "started"
    phone.bench.module.until_state("failed")

    phone.serve(f"/{new.name}", new.data)
    phone.serve(STATUS, status_file(entry("firmware_uxm", url)))
    done = phone.bench.ctl("update", url)
    assert done.returncode == 0, done.stdout
    phone.bench.done(new, url)
    assert phone.check().word == "match"


# uxmcctl check
def hold(phone, path=SETTINGS):
    """The next answer waits for the gate."""
    gate = Gate()
    phone.serve(path, Answer(settings_file(entry(POLICY, "never_update")),
                             hold_after=5, gate=gate))
    return gate


def test_two_clients(phone):
    """Both are answered, by the look that begins after the second one asked."""
    start(phone)
    gate = hold(phone)
    first = phone.bench.ctl_running("check")
    try:
        phone.server.wait_requests(1)
        second, gone = Check(), Check()
        phone.ask("get firmware_uxm")       # so it has read what they ask for
        gone.close()
        gate.set()
        look = second.end()
        output, _ = first.communicate(timeout=20)
    finally:
        first.kill()
    assert first.returncode == look.number == 5, output
    assert f"uxmcctl: {look.sentence}" in output
    assert look.word == "policy"
    assert look.steps["setting_server"] == ("ok", "read, no firmware_uxm in it")
    assert len(phone.requests(SETTINGS)) == 2


def test_json(phone):
    start(phone)
    shown = json.loads(phone.bench.ctl("check", "--json").stdout)
    assert (shown["result"], shown["code"]) == ("nothing", 0)
    assert shown["steps"][0] == {"rule": "setting_server", "outcome": "ok",
                                 "text": "read, no firmware_uxm in it"}
    assert "firmware_uxm" in shown["sentence"]


def test_client_that_goes_away(phone):
    start(phone)
    gate = hold(phone)
    gone = phone.bench.ctl_running("check")
    phone.server.wait_requests(1)
    gone.kill()
    gone.communicate(timeout=5)
    gate.set()
    assert until_idle(phone, 1) == ["uxmcctl check"]
    assert phone.check().word == "policy"


def test_many_clients(phone):
    """More than there are places for: uxmcd answers those that it has."""
    start(phone)
    gate = hold(phone)
    clients = [phone.bench.ctl_running("check") for _ in range(5)]
    phone.server.wait_requests(1)
    gate.set()
    for client in clients:
        output, _ = client.communicate(timeout=20)
        assert client.returncode == 5, output


def test_check_during_an_update(phone, image):
    new = image(size=70000)
    gate = Gate()
    url = phone.serve(f"/{new.name}", Answer(new.data, hold_after=1000, gate=gate))
    start(phone, setting_server=None)
    phone.serve(STATUS, status_file(entry("firmware_uxm", url)))
    phone.bench.module.begin()
    assert phone.check().word == "started"
    phone.bench.module.until_state("fetching")
    try:
        refused(phone.bench.ctl("check"), 6, "an update is under way: .*")
        assert len(phone.requests(STATUS)) == 1
    finally:
        gate.set()
    phone.bench.done(new, url)
    guest.until(lambda: phone.check().word == "match", 40, "it is up to date")


def test_look_that_falls_due_during_an_update(phone, image):
    """It waits for the end of the update."""
    new = image(size=70000)
    gate = Gate()
    url = phone.serve(f"/{new.name}", Answer(new.data, hold_after=1000, gate=gate))
    start(phone, setting_server=None, firmware_status=None)
    phone.bench.ask(url)
    phone.bench.module.until_state("fetching")
    phone.set("setting_server", phone.server.url(SETTINGS))
    phone.uxmcd.process.send_signal(signal.SIGHUP)
    assert phone.ask("get setting_server")[2] == phone.server.url(SETTINGS)
    assert not phone.requests(SETTINGS)
    gate.set()
    phone.bench.done(new, url)
    phone.wait_requests(SETTINGS, 1, 40)


def test_no_module(phone):
    phone.serve(STATUS, status_file(entry(
        "firmware_uxm", "http://pbx.example/snomD7C-1.6.1-r.bin")))
    start(phone)
    phone.bench.unplug(phone.bench.module)
    try:
        phone.uxmcd.until_logged("gone", phone.bench.logged)
        look = phone.check()
        assert (look.number, look.word) == (4, "no-module")
        assert look.steps["modules"][0] == "no"
        assert look.steps["firmware_status"][0] == "ok"
        refused(phone.bench.ctl("check"), 4, "no expansion module is connected.*")
    finally:
        phone.bench.replace()


def test_no_driver(phone):
    """The settings are looked at all the same."""
    phone.serve(SETTINGS, settings_file(entry("firmware_interval", "9")))
    phone.serve(STATUS, status_file(entry(
        "firmware_uxm", "http://pbx.example/snomD7C-1.6.1-r.bin")))
    start(phone)
    phone.bench.unload()
    try:
        phone.uxmcd.until_logged("the driver was unloaded", phone.bench.logged)
        look = phone.check()
        assert (look.number, look.word) == (3, "no-driver")
        assert phone.get("firmware_interval")[0] == "9"
    finally:
        phone.bench.load()


# What it costs
def switches(phone, seconds):
    """How often it goes to sleep in that time."""
    before = phone.uxmcd.status("voluntary_ctxt_switches")
    time.sleep(seconds)
    return phone.uxmcd.status("voluntary_ctxt_switches") - before


def proportional(phone):
    """KiB in memory, of what it shares with others its part."""
    with open(f"/proc/{phone.uxmcd.process.pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file
                    if line.startswith("Pss:"))


def test_idle(phone):
    """It sleeps between two looks: nothing wakes it up, and it holds little."""
    start(phone, settings_refresh_timer=3600, first_look_spread=0)
    until_idle(phone, 1)
    phone.check()
    guest.until(lambda: not switches(phone, 0.3), 40, "it has gone to sleep")
    assert switches(phone, 5) == 0
    # Alone it is 1 MiB at most: what others have mapped, too, depends on the tests.
    assert proportional(phone) <= 5 << 8


def test_firmware_interval(minute):
    """Of the one that runs beside: it looked at once, and again a minute later. What
    comes between a look and its request takes a while where other guests run, too.
    """
    started, first, second = minute()
    assert second - started > 59.5
    assert second - first < 70
