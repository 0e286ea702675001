# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings in several files that one file names (<setting-files>)."""
import json
import re

import pytest

import uxmcd
from httpauth import BASIC, Wants
from httpd import HOST, Answer, Server, redirect
from provisioning import POLICY, entry, settings_file, status_file

ROOT = "/settings.xml"
INTERVAL = "firmware_interval"
TIMER = "settings_refresh_timer"


@pytest.fixture
def phone(bench, phone_of_file):
    """It asks before an update, so that what would be done can be looked at."""
    phone = phone_of_file
    phone.server.routes.clear()
    phone.start(setting_server=phone.server.url(ROOT),
                update_policy="ask_for_update", connect_timeout=2, stall_timeout=3)
    return phone


def image(version):
    return f"http://pbx.example/snomD7C-{version}-r.bin"


def container(*urls, around="{}"):
    lines = [f'  <file url="{url}"/>' for url in urls]
    return around.format("\n".join(
        ["<setting-files>", *lines, "</setting-files>", ""])).encode()


def serve(phone, *names):
    """The first file names these; gives their paths."""
    phone.serve(ROOT, container(*names))
    return [f"/{name}" for name in names]


def asked(phone):
    """The paths that were asked for since the last time."""
    paths = [one.path for one in phone.server.requests]
    phone.server.requests.clear()
    return paths


def shown(phone, look):
    """(path, outcome) of each file."""
    return [(one.url.removeprefix(phone.server.base), one.outcome)
            for one in look.files]


# Order
def test_update(bench, phone, image):
    """What two files say together has the module updated."""
    new = image(size=60000)
    url = bench.serve(new)
    serve(phone, "a.xml", "b.xml")
    phone.serve("/a.xml", settings_file(entry(POLICY, "never_update"),
                                        entry("firmware_uxm", url)))
    phone.serve("/b.xml", settings_file(entry(POLICY, "auto_update", "R")))
    bench.module.begin()
    assert phone.check().word == "started"
    bench.done(new, url)
    assert phone.get(POLICY) == ("auto_update", "setting_server", "R")
    assert asked(phone) == [ROOT, "/a.xml", "/b.xml", f"/{new.name}"]


def test_nested(phone):
    """Each before those that it names; the later one takes precedence. URLs are
    relative to where the file is that has them, and {mac} is expanded.
    """
    phone.serve(ROOT, container("a.xml", "d/c.xml?x=1&amp;y", "/e-{mac}.xml"))
    phone.serve("/a.xml", settings_file(entry(INTERVAL, "1"), entry(TIMER, "7201")))
    phone.serve("/d/c.xml", container("b.xml", around="<settings>"
                + entry(INTERVAL, "2") + "{}" + entry(TIMER, "7202") + "</settings>"))
    phone.serve("/d/b.xml", settings_file(entry(INTERVAL, "3"),
                                          entry("firmware_uxm", image("1.6.1"))))
    phone.serve("/e-000413922D24.xml", settings_file(entry(INTERVAL, "4", "!")))
    look = phone.check()
    assert look.word == "waiting"
    assert asked(phone) == [ROOT, "/a.xml", "/d/c.xml?x=1&y", "/d/b.xml",
                            "/e-000413922D24.xml"]
    assert shown(phone, look) == [
        (ROOT, "ok"), ("/a.xml", "ok"), ("/d/c.xml?x=1&y", "ok"), ("/d/b.xml", "ok"),
        ("/e-000413922D24.xml", "ok")]
    assert phone.get(INTERVAL) == ("4", "setting_server", "!")
    assert phone.get(TIMER)[0] == "7202"
    assert look.steps["setting_server"] == (
        "ok", f"read, 5 files, firmware_uxm is {image('1.6.1')}")


def test_of_firmware_status(phone):
    """Its file may name others, too; what they say comes after setting_server's."""
    phone.serve(ROOT, settings_file(
        entry("firmware_status", phone.server.url("/status.xml")),
        entry(INTERVAL, "1"), entry("firmware_uxm", image("1.6.1"))))
    phone.serve("/status.xml", container("a.xml"))
    phone.serve("/a.xml", status_file(entry(INTERVAL, "2"),
                                      entry("firmware_uxm", image("1.7.1"))))
    look = phone.check()
    assert look.word == "waiting"
    assert phone.waiting() == image("1.7.1")
    assert phone.get(INTERVAL) == ("2", "firmware_status", "")
    assert {one.setting for one in look.files} == {"firmware_status"}


def test_redirected(phone):
    """Relative to where it came from."""
    phone.serve(ROOT, redirect("/d/s.xml"))
    phone.serve("/d/s.xml", container("a.xml"))
    phone.serve("/d/a.xml", settings_file(entry(INTERVAL, "1")))
    assert phone.check().word == "nothing"
    assert phone.get(INTERVAL)[0] == "1"


# Bounds
def test_loops(phone):
    phone.serve(ROOT, container("a.xml", ROOT))
    phone.serve("/a.xml", container("a.xml", "settings.xml", around="<settings>"
                + entry(INTERVAL, "1") + "{}</settings>"))
    look = phone.check()
    assert look.word == "nothing"
    assert asked(phone) == [ROOT, "/a.xml"]
    assert shown(phone, look) == [
        (ROOT, "ok"), ("/a.xml", "ok"), ("/a.xml", "info"), (ROOT, "info"),
        (ROOT, "info")]
    assert look.files[2].text == "it leads to itself, and is passed over here"
    assert phone.get(INTERVAL)[0] == "1"


def test_twice(phone):
    """It is fetched once, and counts at both places."""
    serve(phone, "a.xml", "b.xml", "a.xml")
    phone.serve("/a.xml", settings_file(entry(INTERVAL, "1")))
    phone.serve("/b.xml", settings_file(entry(INTERVAL, "2"), entry(TIMER, "7200")))
    look = phone.check()
    assert asked(phone) == [ROOT, "/a.xml", "/b.xml"]
    assert shown(phone, look)[1:] == [
        ("/a.xml", "ok"), ("/b.xml", "ok"), ("/a.xml", "info")]
    assert look.files[3].text == \
        "the same file again: fetched once, it counts here, too"
    assert phone.get(INTERVAL)[0] == "1"
    assert phone.get(TIMER)[0] == "7200"


def test_deep(phone):
    """Four may lead to one another."""
    phone.serve(ROOT, container("1.xml"))
    for i in range(1, 9):
        phone.serve(f"/{i}.xml", container(
            f"{i + 1}.xml", around=f"<settings>{entry(INTERVAL, str(i))}{{}}</settings>"))
    look = phone.check()
    assert asked(phone) == [ROOT, "/1.xml", "/2.xml", "/3.xml"]
    assert shown(phone, look)[-2:] == [("/3.xml", "ok"), ("/4.xml", "no")]
    assert look.sentence == (f"setting_server: {phone.server.url('/4.xml')}: more than "
                             "4 files lead to it, one to the other")
    assert phone.get(INTERVAL)[0] == "3"


def test_many(phone):
    """24 are looked at in all; with more it is not known what is provisioned."""
    names = [f"{i}.xml" for i in range(24)]
    for name in names:
        phone.serve(f"/{name}", settings_file(entry(INTERVAL, "5")))
    serve(phone, *names[:23])
    look = phone.check(60)
    assert look.word == "nothing" and len(look.files) == 24
    assert look.steps["setting_server"][1].startswith("read, 24 files")
    serve(phone, "x.xml", *names[:21])
    phone.serve("/x.xml", container(*names[20:], around="<settings>{}"
                                    + entry(TIMER, "7200") + "</settings>"))
    look = phone.check(60)
    assert (look.number, look.word) == (1, "fetch")
    assert look.sentence == "setting_server: there are more than 24 files"
    assert phone.get(TIMER)[0] == "7200"


def test_much(phone):
    """What they say is bounded in sum; the one with which it is too much fails."""
    value = "http://pbx.example/" + "x" * 2000
    names = [f"{i}.xml" for i in range(20)]
    for name in names:
        phone.serve(f"/{name}", settings_file(
            *(entry(each, value) for each in ("firmware_status", "firmware_uxm"))))
    serve(phone, *names)
    look = phone.check(60)
    assert [outcome for _, outcome in shown(phone, look)] == ["ok"] * 16 + ["no"] * 5
    assert look.files[-1].text.startswith(
        "what it says is too much together with what other files say")


# What is of no interest
IDLE = [b"<tbook e='2'><item context='active'>", b"<functionKeys/>",
        b"<?xml version='1.0'?>\n<certificates>\n<", b"<language-set><x y='<'>",
        b"<gui-languages><language url='x.xml'/></gui-languages>",
        b"<tbook>" + b" " * (2 << 20)]


def test_no_interest(phone):
    """They cost nothing, and are no error."""
    names = [f"{i}.xml" for i in range(len(IDLE))]
    for name, text in zip(names, IDLE):
        phone.serve(f"/{name}", text)
    serve(phone, *names, "a.xml")
    phone.serve("/a.xml", settings_file(entry("firmware_uxm", image("1.6.1"))))
    look = phone.check(60)
    assert look.word == "waiting"
    assert {outcome for _, outcome in shown(phone, look)} == {"ok"}
    assert look.files[1].text == "read, no firmware_uxm in it"


# Files that fail
BAD = {
    "broken": (b"<settings>\n<" + POLICY.encode() + b">never_update\n</settings>",
               "parse", "line 3: "),
    "page": (b"<html/>", "parse", f"{HOST} sent a web page, not a settings file"),
    "no XML": (b"\x89PNG\r\n\x1a\n", "parse", "line 1: "),
    "PHP": (b"<br />\n<b>Fatal error</b>", "parse",
            f"{HOST} sent a web page, not a settings file: 'Fatal error'"),
    "403": (Answer(status=403), "fetch", f"{HOST} answered 403 (forbidden)"),
    "503": (Answer(status=503), "fetch", f"{HOST} answered 503 (service unavailable)"),
    "empty": (Answer(b""), "fetch", f"{HOST} sent an empty file"),
    "silent": (Answer(silent=True), "fetch", f"nothing came from {HOST} for"),
    "too large": (Answer(None), "fetch", f"{HOST} sends more than"),
}


@pytest.mark.parametrize("name", BAD)
def test_never_known(phone, name):
    """It might say anything: the rest counts, but no module is updated for now."""
    answer, word, sentence = BAD[name]
    serve(phone, "a.xml", "b.xml", "c.xml")
    phone.serve("/a.xml", settings_file(entry("firmware_uxm", image("1.6.1"))))
    phone.serve("/b.xml", answer)
    phone.serve("/c.xml", settings_file(entry(INTERVAL, "5")))
    look = phone.check(60)
    url = phone.server.url("/b.xml")
    assert (look.number, look.word) == (1, word), look
    assert look.sentence.startswith(f"setting_server: {url}: {sentence}"), look
    assert look.steps["setting_server"][0] == "no"
    assert [outcome for _, outcome in shown(phone, look)] == ["ok", "ok", "no", "ok"]
    assert look.files[2].text.startswith(sentence)
    assert look.files[2].text.endswith(
        "; until it is known, or has failed for an hour, no module is updated")
    assert 0 < look.files[2].next <= 60
    assert phone.get(INTERVAL)[0] == "5"
    assert phone.waiting() is None
    assert phone.logged(rf"uxmcd: setting_server: {url}: .*; it is looked at again in")

    phone.serve("/b.xml", settings_file(entry(INTERVAL, "6")))
    look = phone.check()
    assert look.word == "waiting"
    assert phone.waiting() == image("1.6.1")
    assert phone.get(INTERVAL)[0] == "5"


@pytest.mark.parametrize("status", [404, 410])
def test_never_there(phone, status):
    """The server says so: then it says nothing, and holds nothing up."""
    serve(phone, "a.xml", "b.xml")
    phone.serve("/a.xml", settings_file(entry("firmware_uxm", image("1.6.1"))))
    phone.serve("/b.xml", Answer(status=status))
    look = phone.check()
    assert look.word == "waiting", look
    assert look.steps["setting_server"] == (
        "ok", f"read, 3 files, of which 1 failed, firmware_uxm is {image('1.6.1')}")
    assert look.files[2].outcome == "no"
    assert look.files[2].text.startswith(f"{HOST} answered {status} (")
    assert look.files[2].text.endswith("; it is done without")


@pytest.mark.parametrize("name", [*BAD, "404"])
def test_known_before(phone, name):
    """What it said counts still; but an image that only it has named is not flashed
    while it may be out of date.
    """
    bad = BAD[name][0] if name in BAD else Answer(status=404)
    serve(phone, "a.xml", "b.xml")
    phone.serve("/a.xml", settings_file(entry("firmware_uxm", image("1.6.1")),
                                        entry(INTERVAL, "5")))
    phone.serve("/b.xml", settings_file(entry(INTERVAL, "6")))
    assert phone.check().word == "waiting"
    phone.serve("/b.xml", bad)
    phone.set(INTERVAL, 7)
    look = phone.check(60)
    assert look.word == "waiting", look
    assert look.files[2].outcome == "no"
    assert look.files[2].text.endswith("; what it said before counts")
    assert phone.get(INTERVAL) == ("6", "setting_server", "")

    phone.serve("/b.xml", settings_file(entry("firmware_uxm", image("1.7.1"))))
    assert phone.check().word == "waiting"
    assert phone.waiting() == image("1.7.1")
    phone.serve("/b.xml", bad)
    look = phone.check(60)
    assert (look.number, look.word) == (
        1, "parse" if name in BAD and BAD[name][1] == "parse" else "fetch"), look
    assert phone.server.url("/b.xml") in look.sentence


def test_first_file_fails(phone):
    """Then nothing is decided; the others are looked at all the same."""
    serve(phone, "a.xml")
    phone.serve("/a.xml", settings_file(entry("firmware_uxm", image("1.6.1"))))
    assert phone.check().word == "waiting"
    phone.serve(ROOT, Answer(status=500))
    phone.serve("/a.xml", settings_file(entry("firmware_uxm", image("1.6.1")),
                                        entry(INTERVAL, "5")))
    look = phone.check()
    assert (look.word, look.sentence) == (
        "fetch", f"setting_server: {HOST} answered 500 (internal server error)")
    assert phone.get(INTERVAL)[0] == "5"


def test_image_that_does_not_count(phone):
    """The one before it is not flashed in its place."""
    serve(phone, "a.xml", "b.xml")
    phone.serve("/a.xml", settings_file(entry("firmware_uxm", image("1.6.1"))))
    phone.serve("/b.xml", settings_file(entry("firmware_uxm", image("1.7.1"), "RO")))
    look = phone.check()
    assert look.word == "nothing"
    assert look.steps["setting_server"][1].endswith(
        "the firmware_uxm in it does not count")
    assert look.dropped == [f"{phone.server.url('/b.xml')}: line 4: firmware_uxm: "
                            "there is no such permission (perm)"]
    serve(phone, "b.xml", "a.xml")
    assert phone.check().word == "waiting"


def test_server_is_down(phone):
    """It is not asked for each of its files."""
    with Server(listen=False) as down:
        base = down.base
        serve(phone, "a.xml", f"{base}/b.xml", f"{base}/c.xml", "d.xml")
        phone.serve("/a.xml", settings_file(entry(INTERVAL, "5")))
        phone.serve("/d.xml", settings_file(entry(TIMER, "7200")))
        look = phone.check()
        assert [one.outcome for one in look.files] == ["ok", "ok", "no", "no", "ok"]
        assert look.files[2].text.startswith(f"no connection to {HOST} could be made")
        assert look.files[3].text.startswith(
            "its server could not be reached for another file")
        assert phone.get(INTERVAL)[0] == "5" and phone.get(TIMER)[0] == "7200"
        down.listen()
        down.route("/b.xml", Answer(settings_file(entry(INTERVAL, "6"))))
        down.route("/c.xml", Answer(settings_file(entry(INTERVAL, "7"))))
        assert phone.check().word == "nothing"
        assert phone.get(INTERVAL)[0] == "7"


# Each for itself
def validated(text, tag):
    return Answer(text, etag=f'"{tag}"', conditional=True)


def test_validators(phone):
    """Each file is sent again only if it has changed, and goes when nobody names it."""
    phone.serve(ROOT, validated(container("a.xml", "b.xml"), "r1"))
    phone.serve("/a.xml", validated(settings_file(entry(INTERVAL, "1")), "a1"))
    phone.serve("/b.xml", validated(settings_file(entry(INTERVAL, "2"), entry(
        "firmware_uxm", image("1.6.1"))), "b1"))
    assert phone.check().word == "waiting"
    asked(phone)
    look = phone.check()
    assert look.word == "waiting"
    assert [one.headers.get("if-none-match") for one in phone.server.requests] == [
        '"r1"', '"a1"', '"b1"']
    assert look.steps["setting_server"][1].startswith("not changed, 3 files")
    assert look.files[1].text == "not changed, no firmware_uxm in it"

    phone.serve("/a.xml", validated(settings_file(entry(TIMER, "7200")), "a2"))
    assert phone.check().steps["setting_server"][1].startswith("read, 3 files")
    assert phone.get(TIMER)[0] == "7200"
    assert phone.get(INTERVAL)[0] == "2"
    phone.serve(ROOT, validated(container("a.xml"), "r2"))
    assert phone.check().word == "nothing"
    phone.serve(ROOT, validated(container("a.xml", "b.xml"), "r1"))
    asked(phone)
    assert phone.check().word == "waiting"
    assert [one.headers.get("if-none-match") for one in phone.server.requests] == [
        '"r2"', '"a2"', None]


def test_back_off(phone):
    """Each server is left alone for itself: by looks at the time of others, and for
    a module that is plugged in; not if a person asks.
    """
    serve(phone, "a.xml", "b.xml")
    phone.serve("/a.xml", Answer(status=500))
    phone.serve("/b.xml", settings_file(entry(INTERVAL, "5")))
    look = phone.check()
    assert 0 < look.files[1].next <= 60
    assert look.files[2].next is look.files[0].next is None
    asked(phone)
    other = phone.bench.plug(port=1)
    phone.bench.unplug(other)
    phone.wait_requests("/b.xml", 1)
    assert asked(phone) == [ROOT, "/b.xml"]
    phone.set(TIMER, 1)
    phone.wait_requests("/b.xml", 2)
    assert "/a.xml" not in asked(phone)
    phone.check()
    assert len(phone.requests("/a.xml")) == 1


def test_next(phone):
    """A file that fails is looked at again by itself."""
    serve(phone, "a.xml", "b.xml")
    phone.serve("/b.xml", settings_file())
    look = phone.check()
    assert [one.next for one in look.files] == [None, look.files[1].next, None]
    assert 0 < look.files[1].next <= 60


# What is shown
def test_uxmcctl(bench, phone):
    serve(phone, "a.xml", "b.xml", "c.xml", "a.xml")
    phone.serve("/a.xml", settings_file(entry(POLICY, "never_update", "RO"),
                                        entry(INTERVAL, "2d"),
                                        entry(TIMER, "7200")))
    phone.serve("/c.xml", settings_file(entry("firmware_uxm", image("1.6.1"))))
    done = bench.ctl("check")
    base = phone.server.base
    assert done.returncode == 0
    head, server, *lines = done.stdout.splitlines()
    assert head.split() == ["RULE", "OUTCOME", "WHY"]
    assert server.split(None, 2)[2] == (
        f"read, 5 files, of which 1 failed, firmware_uxm is {image('1.6.1')}")
    rows = [line.split(None, 2) for line in lines]
    assert rows[0][:2] == ["file", "ok"]
    assert re.fullmatch(f"{base}{ROOT}: read, no firmware_uxm in it, it names 4 files; "
                        "looked at again in 7[12]\\d\\d s", rows[0][2])
    assert rows[2][:2] == ["file", "no"]
    assert rows[2][2].startswith(f"{base}/b.xml: {HOST} answered 404 (not found); it is "
                                 "done without; looked at again in ")
    assert rows[5:7] == [
        ["dropped", "no", f"{base}/a.xml: line 4: {POLICY}: there is no such permission "
         "(perm)"],
        ["dropped", "no", f"{base}/a.xml: line 5: {INTERVAL}: it takes a number of "
         "minutes, 0 to 525600"]]

    steps = json.loads(bench.ctl("check", "--json").stdout)["steps"]
    files = [step for step in steps if step["rule"] == "file"]
    assert [(one["setting"], one["url"], one["outcome"]) for one in files] == [
        ("setting_server", f"{base}{path}", outcome) for path, outcome in (
            (ROOT, "ok"), ("/a.xml", "ok"), ("/b.xml", "no"), ("/c.xml", "ok"),
            ("/a.xml", "info"))]
    assert files[1]["text"] == "read, no firmware_uxm in it"
    assert 7190 < files[1]["next"] <= 7200
    assert len([step for step in steps if step["rule"] == "dropped"]) == 2


def test_passwords(bench, phone):
    """They are sent, and shown nowhere."""
    base = phone.server.base.replace("//", "//someone:hidden@")
    secret = f"{base}/a.xml"
    phone.serve(ROOT, container(secret, f"{base}/b.xml", f"{base}/c.xml"))
    phone.serve("/a.xml", Wants(Answer(settings_file(
        entry(POLICY, "never_update", "RO"), entry("firmware_uxm", image(
            "1.6.1").replace("//", "//me:hidden@")))), BASIC, "someone", "hidden"))
    phone.serve("/b.xml", b"<html/>")
    told = bench.ctl("check").stdout + bench.ctl("check", "--json").stdout
    assert told.count("http://***@127.0.0.1:") >= 6
    assert "http://***@pbx.example" in told
    assert "hidden" not in told and "someone" not in told
    assert "hidden" not in phone.log()
    assert "authorization" in phone.requests("/a.xml")[1].headers
    assert uxmcd.stored("settings") is None or "hidden" not in uxmcd.stored("settings")


def test_many_that_fail_are_told(phone):
    """As many lines as there are at most come through to a client that is not quick."""
    names = [f"{i}.xml" for i in range(23)]
    bad = [entry(INTERVAL, "x")] * 9
    for name in names:
        phone.serve(f"/{name}", settings_file(*bad))
    serve(phone, *names)
    look = phone.check(60)
    assert look.word == "nothing"
    assert len(look.files) == 24
    assert len(look.dropped) == 24
    assert look.dropped[7].endswith(
        ": line 11: from here on there may be more that does not count")
