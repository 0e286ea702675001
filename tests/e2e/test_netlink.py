# SPDX-License-Identifier: GPL-2.0-or-later
"""The generic netlink family: who may do what, what is refused and why, and what
is told to whom.
"""
import errno
import re

import pytest

import expect
import genl
import guest
import states
from genl import Refused
from module import unprivileged

URL = states.URL


def refusal(call, *arguments, **attributes):
    """The errno and the sentence that a request is refused with."""
    with pytest.raises(Refused) as refused:
        call(*arguments, **attributes)
    assert refused.value.sentence, "a refusal without a sentence"
    return refused.value.errno, refused.value.sentence


def test_unprivileged(module):
    """Anybody may look and listen, only an administrator may change anything."""
    number = module.number
    with unprivileged():
        user, listener = genl.Genl(), genl.Monitor()
        assert user.get(number) == user.dump()[0]
        for command, attributes in (
                ("update-request", {"url": URL}),
                ("update-flash", {"file": "x.bin"}),
                ("update-report", {"state": "failed", "message": "no"}),
                ("update-cancel", {}),
                ("setting-set", {"firmware_uxm": ""})):
            with pytest.raises(Refused) as refused:
                user.send(command, module=number, **attributes)
            assert refused.value.errno == errno.EPERM
        assert user.get(number)["state"] == "idle"
        assert user.get(number)["firmware_uxm"] == module.setting
        assert not listener.pending()
    module.client.request(number, URL)
    heard = listener.next(5)
    assert (heard["state"], heard["url"]) == ("requested", URL)
    user.close()
    listener.close()


COMMANDS = ["module-get", "update-request", "update-flash", "update-report",
            "update-cancel", "setting-set"]
SOUND = {"update-request": {"url": URL}, "update-flash": {"file": "x.bin"},
         "update-report": {"state": "fetching"},
         "setting-set": {"firmware_uxm": ""}}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_such_module(module, command):
    attributes = SOUND.get(command, {})
    assert refusal(module.client.send, command, module=7, **attributes) == \
        (errno.ENODEV, "there is no such module")
    assert refusal(module.client.send, command, module=0xffffffff,
                   **attributes)[0] == errno.ENODEV
    assert refusal(module.client.send, command, **attributes)[0] == errno.EINVAL
    assert refusal(module.client.send, command, module=b"\0\0",
                   **attributes)[0] in (errno.EINVAL, errno.ERANGE)
    assert module.agreed()["state"] == "idle"


NAMES = ["/etc/passwd", "a/b", "../a", "a..b", "..", ".hidden", "", "x" * 128,
         "a\nb", "a\x7fb", b"no NUL at the end", b""]


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_bad_file_name(module, name):
    assert refusal(module.client.flash, module.number, name)[0] in (
        errno.EINVAL, errno.ERANGE)
    assert module.agreed()["state"] == "idle"


def test_file_name_of_127_characters(module, image):
    new = image()
    name = new.install("x" * 123 + ".bin")
    module.begin()
    module.client.flash(module.number, name)
    expect.done(module, new)


@pytest.mark.parametrize("command, attributes", [
    ("update-flash", {}),
    ("update-request", {}),
    ("update-report", {}),
    ("update-report", {"state": "verifying"}),
    ("update-report", {"state": "done"}),
    ("update-report", {"state": "failed"}),
    ("update-report", {"state": "failed", "message": ""}),
    ("update-report", {"state": "failed", "message": "x" * 256}),
    ("update-report", {"state": "failed", "message": "x", "errno": 4096}),
    ("update-flash", {"file": "x.bin", "expect": "1" * 32}),
    ("setting-set", {}),
    ("setting-set", {"firmware_uxm": "x" * 2049}),
    ("update-request", {"url": URL, "port": "1-1"}),
], ids=str)
def test_bad_attributes(module, command, attributes):
    error, _ = refusal(module.client.send, command, module=module.number,
                       **attributes)
    assert error in (errno.EINVAL, errno.ERANGE)
    view = module.agreed()
    assert (view["state"], view["firmware_uxm"]) == ("idle", module.setting)


def test_empty_url(module):
    assert refusal(module.client.request, module.number, "") == \
        (errno.EINVAL, "the URL is empty")
    assert module.agreed()["state"] == "idle"


# What each command takes, and a value of each attribute that would be sound
TAKES = {
    "module-get": "module", "update-cancel": "module",
    "update-request": "module url", "update-flash": "module file expect",
    "update-report": "module state done total timeout message errno",
    "setting-set": "module firmware_uxm",
}
VALUES = {"u32": 0, "u64": 0, "string": "x", "flag": b"", "pad": b""}


@pytest.mark.parametrize("command", COMMANDS)
def test_attributes_that_it_does_not_take(module, command):
    """Lest they be ignored, and never get a meaning."""
    own = {"module": module.number} | SOUND.get(command, {})
    unknown = [name for name, _ in genl.ATTRIBUTES
               if name not in TAKES[command].split()]
    assert len(unknown) + len(TAKES[command].split()) == 20
    for name in unknown:
        value = VALUES.get(dict(genl.ATTRIBUTES)[name] if isinstance(
            dict(genl.ATTRIBUTES)[name], str) else "u32", 0)
        error, sentence = refusal(module.client.send, command,
                                  **own | {name: value})
        assert error == errno.EINVAL, name
        assert sentence in ("Unsupported attribute", "Unknown attribute type")
    assert module.agreed()["state"] == "idle"


@pytest.mark.parametrize("attributes", [
    {"state": "failed", "message": "no", "done": 1},
    {"state": "failed", "message": "no", "total": 1},
    {"state": "failed", "message": "no", "timeout": 1},
    {"state": "fetching", "message": "no"},
    {"state": "fetching", "errno": 5},
], ids=str)
def test_report_of_both_kinds(module, attributes):
    states.bring_to(module, "requested")
    assert refusal(module.client.report, module.number,
                   **attributes)[0] == errno.EINVAL
    assert module.state == "requested"


def test_dump_takes_no_attributes(module):
    for attributes in {"module": 0}, {"module": 7}:
        assert refusal(module.client.dump, **attributes) == \
            (errno.EINVAL, "a dump is of all modules, and takes no attributes")
    assert refusal(module.client.dump, url="x")[0] == errno.EINVAL


@pytest.mark.parametrize("command, name, most", [
    ("update-request", "url", 2048), ("update-flash", "file", 127),
    ("update-flash", "expect", 31), ("update-report", "message", 255),
    ("setting-set", "firmware_uxm", 2048)])
def test_longest(module, command, name, most):
    """The limits of the header, and not one byte more."""
    with open(f"{guest.TOP}/driver/uapi/uxmc.h") as file:
        limits = re.findall(r"^#define UXMC_(\w+)_MAX\s+(\d+)$", file.read(), re.M)
    assert str(most) in dict(limits).values()
    attributes = {"module": module.number} | SOUND.get(command, {})
    if name == "message":
        attributes["state"] = "failed"
    assert refusal(module.client.send, command,
                   **attributes | {name: "x" * (most + 1)})[0] in (
                       errno.EINVAL, errno.ERANGE)
    assert module.state == "idle"
    if command == "update-report":
        states.bring_to(module, "requested")
    module.client.send(command, **attributes | {name: "x" * most})


@pytest.mark.parametrize("command, name, sentence", [
    ("update-request", "url", "the URL is missing"),
    ("update-flash", "file", "the file's name is missing"),
    ("setting-set", "firmware_uxm", "the setting's value is missing"),
    ("update-report", "state", "a report is of the state fetching or failed"),
    ("update-cancel", "module", "which module? the number is missing"),
    ("module-get", "module", "which module? the number is missing"),
])
def test_missing(module, command, name, sentence):
    attributes = {"module": module.number} | SOUND.get(command, {})
    del attributes[name]
    assert refusal(module.client.send, command, **attributes) == \
        (errno.EINVAL, sentence)


def test_longest_url_and_setting(module):
    url = "http://a/" + "x" * 2039
    assert len(url) == 2048
    module.set_firmware_uxm(url)
    module.client.request(module.number, url)
    assert module.client.get(module.number)["url"] == url
    assert module.agreed()["firmware_uxm"] == url
    module.cancel()
    expect.failed(module, "requested", errno.ECANCELED, "cancelled", within=3)


@pytest.mark.parametrize("state", ["idle", "failed", "verifying", "downloading"])
def test_report_that_nobody_asked_for(plug, state):
    """As of an uxmcd that has not heard of the cancellation yet."""
    module = plug(*states.OPTIONS.get(state, ()))
    new = None
    if state == "failed":
        states.bring_to(module, "requested")
        module.cancel()
        module.until_state("failed")
    elif state != "idle":
        new = states.bring_to(module, state)
    for report in {}, {"state": "failed", "message": "no"}:
        assert refusal(module.client.report, module.number, **report) == \
            (errno.ESTALE, "this module has no request that is being fetched")
    assert module.state == state
    if state == "verifying":
        module.cancel()
        module.until_state("failed")
    if new:
        expect.done(module, new)


def test_request_during_a_request(module):
    for state in "requested", "fetching":
        states.bring_to(module, state)
        assert refusal(module.client.request, module.number, URL)[0] == errno.EBUSY
        module.cancel()
        module.until_state("failed")


def test_requests_during_flashing(plug):
    module = plug(*states.OPTIONS["downloading"])
    new = states.bring_to(module, "downloading")
    assert refusal(module.client.request, module.number, URL)[0] == errno.EBUSY
    assert refusal(module.client.flash, module.number, "x.bin")[0] == errno.EBUSY
    expect.done(module, new)


def test_request_that_nobody_takes(module):
    guest.set_parameter("request_timeout", 500)
    module.begin()
    module.client.request(module.number, URL)
    expect.failed(module, "requested", errno.ETIMEDOUT,
                  "nobody took up the request.*", within=5)


def test_silent_reporter(module):
    """uxmcd says itself when it will be heard of again at the latest."""
    states.bring_to(module, "fetching")
    module.client.report(module.number, done=20, total=100, timeout=300)
    heard = module.until(lambda heard: heard["done"] == 20, 5, "reported")
    assert (heard["total"], heard["timeout"]) == (100, 300)
    expect.failed(module, "fetching", errno.ETIMEDOUT, "uxmcd has gone silent",
                  within=5)


def test_reports(module):
    """Each is told to all listeners, and the failure in the end to people."""
    states.bring_to(module, "fetching")
    for done in 30, 60, 100:
        module.client.report(module.number, done=done, total=100)
        assert module.until_state("fetching", within=5)["done"] == done
        assert module.read("update_progress") == f"{done} 100"
    module.client.report(module.number, state="failed", errno=errno.EHOSTUNREACH,
                         message="the server cannot be reached")
    expect.failed(module, "fetching", errno.EHOSTUNREACH,
                  "the server cannot be reached", within=5)


def test_flash_keeps_the_url(module, image):
    """The request is the reason of the flashing, so its URL stays."""
    states.bring_to(module, "fetching")
    new = image()
    name = new.install()
    module.client.flash(module.number, name, new.version)
    end = expect.done(module, new)
    assert (end["url"], end["file"]) == (URL, name)
    module.flash(new)
    assert module.client.get(module.number)["url"] == ""
    expect.done(module, new)


def test_dump(plug, client):
    """Of as many modules as there are, with long attributes."""
    assert client.dump() == []
    modules = [plug("--serial", "S" * 60 + str(port), port=port)
               for port in range(4)]
    for module in modules:
        module.set_firmware_uxm(f"http://a/{module.number}" + "x" * 2000)
    dump = client.dump()
    assert [one["module"] for one in dump] == [0, 1, 2, 3]
    for module, one in zip(modules, dump):
        assert one == client.get(module.number)
        assert one["firmware_uxm"] == module.setting
        assert one["port"] == f"1-{module.number + 1}"


def test_notifications_in_their_order(plug, monitor, image):
    """The whole life of a module, and nothing twice."""
    module = plug()
    new = image()
    module.flash(new)
    expect.done(module, new)
    module.sim.unplug()
    module.until(lambda heard: heard["event"] == "removed", 8, "removed")
    heard = [one for one in monitor.pending() if one["event"] != "changed"]
    assert [one["event"] for one in heard] == ["added", "removed"]
    assert monitor.heard[0]["event"] == "added"
    assert monitor.heard[-1]["event"] == "removed"

    # No step back within a state, no state twice, and each with its timeout.
    steps = [one for one in monitor.heard if one["state"] in expect.STEPS]
    order = [(expect.STEPS.index(one["state"]), one["done"]) for one in steps]
    assert order == sorted(order)
    for one in steps:
        assert (one["timeout"] > 0) == (one["state"] != "done")
    away = [one["state"] for one in steps if one["away"]]
    assert set(away) <= {"detaching", "manifesting", "rebooting", "done"}
    assert "detaching" in away


def test_two_listeners_hear_the_same(module, image):
    with genl.Monitor() as listener:
        module.begin()
        new = image()
        module.flash(new)
        expect.done(module, new)
        assert listener.pending() == module.monitor.heard[module.began:]
