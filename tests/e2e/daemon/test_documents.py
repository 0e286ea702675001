# SPDX-License-Identifier: GPL-2.0-or-later
"""What provisioning servers answer: the shapes of files that there are, what is
no settings file at all, and requests for what has changed only.
"""
import gzip
import re

import pytest

from httpd import HOST, Answer, Server, redirect
from provisioning import POLICY, entry, settings_file, status_file

# Not for these tests, but so that the minute passes meanwhile
pytestmark = pytest.mark.usefixtures("minute")

URL = "http://pbx.example/snomD7C-1.6.1-r.bin"
GOOD = status_file(entry("firmware_uxm", URL), entry("firmware_interval", "7"))
PATH = "/status.xml"
RESET = status_file(entry(POLICY, "ask_for_update"),
                    entry("firmware_interval", "2880"))


@pytest.fixture
def phone(bench, phone_of_file):
    """It asks before an update, so that what would be done can be looked at."""
    phone = phone_of_file
    if not phone.plain:
        phone.start(firmware_status=phone.server.url(PATH),
                    update_policy="ask_for_update")
        phone.plain = True
    assert fetch(phone, Answer(RESET)).word == "nothing"
    phone.server.requests.clear()
    return phone


def fetch(phone, answer):
    """The file is that; gives what comes of a look at it."""
    phone.serve(PATH, answer)
    return phone.check()


def source(look):
    return look.steps["firmware_status"]


def taken(phone, look, url=URL):
    assert look.word == "waiting", look
    assert phone.waiting() == url


# Shapes
SHAPES = {
    "bare ampersand": (
        b'<firmware-settings>\n<firmware_uxm perm="">' + URL.encode() +
        b"?mac={mac}&a=1&b=2</firmware_uxm>\n</firmware-settings>",
        f"{URL}?mac={{mac}}&a=1&b=2"),
    "in settings": (
        b'<?xml version="1.0"?>\r\n<settings>\r\n<firmware-settings e="2">\r\n'
        b"<firmware_uxm perm='R'>\r\n  " + URL.encode() + b"\r\n"
        b"</firmware_uxm></firmware-settings>\r\n</settings>\r\n", URL),
    "ISO-8859-1": (
        b'<?xml version="1.0" encoding="ISO-8859-1"?><firmware-settings>'
        b"<phone_name>B\xfcro</phone_name><firmware_uxm>" + URL.encode() +
        b"</firmware_uxm></firmware-settings>", URL),
    "byte-order mark": (
        b"\xef\xbb\xbf<firmware-settings><firmware_uxm>" + URL.encode() +
        b"</firmware_uxm></firmware-settings>", URL),
    "CDATA": (
        b"<firmware-settings><!-- <firmware_uxm>no</firmware_uxm> -->"
        b"<firmware_uxm><![CDATA[" + URL.encode() + b"?a&b]]></firmware_uxm>"
        b"</firmware-settings>", f"{URL}?a&b"),
    "beside the phone's own": (
        b"<firmware-settings><firmware_uxm>" + URL.encode() +
        b'</firmware_uxm><firmware perm="">http://pbx.example/snomD785-SIP.bin'
        b"</firmware></firmware-settings>", URL),
    "the last one": (
        b"<firmware-settings><firmware_uxm>http://x/old.bin</firmware_uxm>"
        b"<firmware_uxm>" + URL.encode() + b"</firmware_uxm>"
        b"<firmware_uxm/></firmware-settings>", URL),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape(phone, name):
    body, url = SHAPES[name]
    taken(phone, fetch(phone, Answer(body)), url)


def test_empty_values(phone):
    """They ask for nothing, and clear nothing."""
    phone.set(POLICY, "never_update")
    try:
        look = fetch(phone, Answer(
            b'<firmware-settings><firmware_uxm perm=""></firmware_uxm>'
            b'<update_policy perm="R"/><firmware_interval>  </firmware_interval>'
            b"</firmware-settings>"))
        assert look.word == "policy"
        assert source(look) == ("ok", "read, no firmware_uxm in it")
        assert phone.get(POLICY) == ("never_update", "user", "")
        assert phone.get("firmware_interval")[0] == "2880"
    finally:
        phone.ask(f"clear {POLICY}")


# Answers that are good
def test_as_the_phone(phone):
    """Servers know it by its User-Agent, and files by its MAC address."""
    taken(phone, fetch(phone, Answer(GOOD)))
    request, = phone.server.requests
    assert request.headers["user-agent"] == (
        "Mozilla/4.0 (compatible; snomD785-SIP 10.1.64.14 "
        "2010.12-00004-g9ba52f5 000413922D24 SXM:0 UXM:1)")
    assert request.method == "GET"
    assert not {"accept-encoding", "if-none-match", "if-modified-since",
                "range", "authorization", "cookie"} & set(request.headers)
    phone.set("firmware_status", phone.server.url("/{mac}.xml?m={mac}"))
    try:
        phone.wait_requests("/000413922D24.xml", 1)
        assert phone.server.requests[-1].path.endswith("?m=000413922D24")
    finally:
        phone.ask("clear firmware_status")


@pytest.mark.parametrize("answer", [
    Answer(GOOD, chunked=True), Answer(GOOD, chunked=True, piece=7),
    Answer(GOOD, length=None), Answer(GOOD, piece=1)],
    ids=["chunked", "small chunks", "no length", "byte by byte"])
def test_delivered(phone, answer):
    taken(phone, fetch(phone, answer))


def test_redirect(phone):
    with Server() as other:
        target = other.route("/there.xml", Answer(GOOD))
        taken(phone, fetch(phone, redirect(target, status=301)))
        assert len(other.requests) == 1


# Answers that are not
BAD = {
    "HTML page": (
        Answer(b"<html><head><title>Not here</title></head></html>"), "parse",
        "sent a web page, not a settings file: 'Not here': sign in to the network, or "
        "correct the URL"),
    "plain text": (Answer(b"no such phone\n"), "parse", "line 1: "),
    "binary rubbish": (Answer(bytes(range(1, 256)) * 40), "parse", "line 1: "),
    "zeros": (Answer(bytes(10000)), "parse",
              "line 1: a NUL character: not a settings file"),
    "gzip not asked for": (
        Answer(gzip.compress(GOOD), headers={"Content-Encoding": "gzip"}),
        "fetch", r"sends the settings file encoded \(gzip\), which nobody asked for"),
    "gzip that nobody speaks of": (
        Answer(gzip.compress(GOOD)), "parse", "sent a gzip file, not a settings file"),
    "wrong tag": (
        Answer(b"<settings>\n<update_policy>never_update\n"
               b"</firmware_interval></settings>"),
        "parse", "line 3: .*mismatch: update_policy line 2 and firmware_interval"),
    "a < in a key": (
        Answer(b'<settings>\n<fkey label="a<b">x</fkey></settings>'), "parse",
        "line 2: there is a < in a tag: either the tag has no end, or that is to "
        "be written &lt;"),
    "not whole": (Answer(GOOD[:-30]), "parse", r"line \d: "),
    "empty": (Answer(b""), "fetch", "sent an empty file"),
    "blank": (Answer(b" \n"), "parse", r"line \d: "),
    "403": (Answer(GOOD, status=403), "fetch", r"answered 403 \(forbidden\)"),
    "404": (Answer(GOOD, status=404), "fetch", r"answered 404 \(not found\)"),
    "500": (Answer(GOOD, status=500), "fetch", r"answered 500 .*"),
    "204": (Answer(b"", status=204), "fetch", "answered 204"),
    "206": (Answer(GOOD, content_range="bytes 0-9/10"), "fetch",
            r"answered 206 \(a part\)"),
    "304 to no condition": (Answer(b"", status=304), "fetch", "answered 304"),
    "redirect to 404": (redirect("/nothing.xml"), "fetch", "answered 404.*"),
    "redirect to nowhere": (Answer(GOOD, status=302), "fetch", "answered 302"),
    "truncated": (
        Answer(GOOD, close_after=40), "fetch",
        f"sent 40 of the {len(GOOD)} bytes that it announced"),
    "length too large": (
        Answer(GOOD, length=len(GOOD) + 1), "fetch",
        f"sent {len(GOOD)} of the {len(GOOD) + 1} bytes that it announced"),
    "length too small": (Answer(GOOD, length=len(GOOD) - 5), "parse",
                         r"line \d: "),
    "chunk broken off": (Answer(GOOD, chunked=True, close_after=40), "fetch",
                         "broke off after 40 bytes"),
    "reset": (Answer(GOOD, close_after=40, reset=True), "fetch",
              "the connection to .* broke"),
    "no HTTP": (Answer(raw=b"220 pbx FTP server ready\r\n"), "fetch",
                "does not speak HTTP"),
}


@pytest.mark.parametrize("name", BAD)
def test_not_delivered(phone, name):
    """An error that names the server or the file, and nothing changes: what
    was known before holds on.
    """
    answer, word, sentence = BAD[name]
    taken(phone, fetch(phone, Answer(GOOD)))
    phone.bench.logged = len(phone.uxmcd.log())
    before = phone.settings()
    look = fetch(phone, answer)
    assert (look.number, look.word) == (1, word), look
    where = f"firmware_status: {phone.server.url(PATH)}: " \
        if sentence.startswith("line ") else "firmware_status: .*"
    assert re.match(where + sentence, look.sentence), look.sentence
    assert source(look)[0] == "no"
    assert f"firmware_status: {source(look)[1]}" == look.sentence
    assert phone.logged(r"it is looked at again in \d+ s")
    assert phone.settings() == before
    assert phone.waiting() == URL
    taken(phone, fetch(phone, Answer(GOOD.replace(b"1.6.1", b"1.6.2"))),
          URL.replace("1.6.1", "1.6.2"))



def test_no_server(phone):
    with Server(listen=False) as down:
        phone.set("firmware_status", down.url(PATH))
        look = phone.check()
        assert (look.number, look.word) == (1, "fetch")
        assert look.sentence == \
            f"firmware_status: no connection to {HOST} could be made"
        phone.ask("clear firmware_status")


def test_uxmcctl_says_it(phone):
    """The exit status, and the rule that failed, in a table and as JSON."""
    fetch(phone, Answer(b"", status=403))
    done = phone.bench.ctl("check")
    assert done.returncode == 1
    assert f"firmware_status no      {HOST} answered 403 (forbidden)\n" in done.stdout
    assert done.stdout.splitlines()[-1] == \
        f"uxmcctl: firmware_status: {HOST} answered 403 (forbidden)"


# Conditions
DATE = "Sun, 22 Nov 2026 10:00:00 GMT"


def twice(phone, answer, word="waiting"):
    """The headers of the second request, of which the same came."""
    taken(phone, fetch(phone, answer))
    look = phone.check()
    assert look.word == word, look
    return phone.requests(PATH)[-1].headers, source(look)[1]


def test_etag(phone):
    headers, report = twice(phone, Answer(GOOD, etag='"one"', conditional=True))
    assert headers["if-none-match"] == '"one"'
    assert report == f"not changed, firmware_uxm is {URL}"
    assert phone.get("firmware_interval")[0] == "7"


def test_last_modified(phone):
    headers, report = twice(phone, Answer(GOOD, modified=DATE, conditional=True))
    assert headers["if-modified-since"] == DATE
    assert report.startswith("not changed")


def test_weak_etag(phone):
    """It is good enough to ask whether a file has changed."""
    headers, report = twice(phone, Answer(GOOD, etag='W/"1"', conditional=True))
    assert headers.get("if-none-match") == 'W/"1"'
    assert report.startswith("not changed")


def test_no_validators(phone):
    headers, report = twice(phone, Answer(GOOD))
    assert not {"if-none-match", "if-modified-since"} & set(headers)
    assert report.startswith("read")


def test_validators_that_are_ignored(phone):
    headers, report = twice(phone, Answer(GOOD, etag='"1"', modified=DATE))
    assert headers["if-none-match"] == '"1"'
    assert report.startswith("read")


def test_another_etag_of_the_same_second(phone):
    taken(phone, fetch(phone, Answer(GOOD, etag='"1"', modified=DATE,
                                     conditional=True)))
    new = GOOD.replace(b"1.6.1", b"1.6.2")
    look = fetch(phone, Answer(new, etag='"2"', modified=DATE, conditional=True))
    taken(phone, look, URL.replace("1.6.1", "1.6.2"))


def test_304_with_a_body(phone):
    """The body does not count."""
    taken(phone, fetch(phone, Answer(GOOD, etag='"1"')))
    look = fetch(phone, Answer(raw=b"HTTP/1.1 304 Not Modified\r\n"
                               b"Content-Length: 500\r\n\r\n" + RESET))
    taken(phone, look)
    assert source(look)[1].startswith("not changed")


def test_validators_go_with_the_url(phone):
    taken(phone, fetch(phone, Answer(GOOD, etag='"1"', conditional=True)))
    phone.set("firmware_status", phone.serve(
        "/other.xml", Answer(GOOD, etag='"1"', conditional=True)))
    phone.wait_requests("/other.xml", 1)
    taken(phone, phone.check())
    assert "if-none-match" not in phone.requests("/other.xml")[0].headers
    phone.ask("clear firmware_status")


def test_validators_of_what_was_understood(phone):
    """A bad file in between is not taken for the good one, nor for good."""
    taken(phone, fetch(phone, Answer(GOOD, etag='"good"', conditional=True)))
    bad = Answer(b"<html/>", etag='"bad"', conditional=True)
    assert fetch(phone, bad).word == "parse"
    assert phone.check().word == "parse"
    taken(phone, fetch(phone, Answer(GOOD, etag='"good"', conditional=True)))
    asked = [one.headers.get("if-none-match") for one in phone.requests(PATH)]
    assert asked == [None, '"good"', '"good"', '"good"']


def test_unchanged_settings_are_in_force_again(phone):
    """What the user changed in between without a right to keep it."""
    phone.serve("/settings.xml", Answer(
        settings_file(entry("settings_refresh_timer", "0"),
                      entry("firmware_interval", "5")),
        etag='"1"', conditional=True))
    fetch(phone, Answer(status_file()))
    phone.set("setting_server", phone.server.url("/settings.xml"))
    phone.check()
    phone.set("firmware_interval", 9)
    look = phone.check()
    assert look.steps["setting_server"][1].startswith("not changed")
    assert phone.get("firmware_interval") == ("5", "setting_server", "")
    phone.ask("clear setting_server")
