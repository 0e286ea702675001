# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings files: what uxmcd hears of them is their entries."""
import errno
import gzip

import pytest

from httpd import HOST, Answer, Server, redirect
from test_image import DATE, complete, ended
from test_network import LATE, timed
from wire import ASKED, DROPPED, END, ENTRY, HEADERS, SETTINGS

IMAGE = "http://server/snomD7C-1.6.1-r.bin?a&b"
FILE = f"""<settings>
<firmware-settings>
<firmware_uxm perm="R">{IMAGE}</firmware_uxm>
<update_policy perm="!V">never_update_firm</update_policy>
<language>Deutsch</language>
</firmware-settings>
</settings>
""".encode()


def entries(fetch):
    return [(entry.name.decode(), entry.value.decode(), entry.permission.decode(),
             entry.line) for entry in fetch.entries]


def test_entries(server, get):
    fetch = get(server.route("/s.xml", Answer(FILE, etag='W/"one"', modified=DATE)),
                SETTINGS)
    complete(fetch)
    assert fetch.packets == [ASKED, HEADERS, ENTRY, ENTRY, END]
    assert entries(fetch) == [("firmware_uxm", IMAGE, "R", 3),
                              ("update_policy", "settings_only", "V!", 4)]
    assert (fetch.headers.etag, fetch.headers.modified) == (b'W/"one"', DATE.encode())


def test_pin(server, get):
    pin = "0123456789abcdef" * 4
    text = FILE.replace(b'perm="R"', f'perm="R" sha256="{pin.upper()}"'.encode())
    fetch = get(server.route("/s.xml", Answer(text)), SETTINGS)
    assert [entry.sha256.decode() for entry in fetch.entries] == [pin, ""]


def test_rollout(server, get):
    text = FILE.replace(b'perm="R"', b'perm="R" rollout="10"')
    fetch = get(server.route("/s.xml", Answer(text)), SETTINGS)
    assert [(entry.limited, entry.percent) for entry in fetch.entries] == [(1, 10), (0, 0)]


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_encodings(server, get, encoding):
    text = FILE.decode().replace("Deutsch", "Français").encode(encoding)
    fetch = get(server.route("/s.xml", Answer(text)), SETTINGS)
    assert len(entries(fetch)) == 2


def test_nothing_of_ours(server, get):
    fetch = get(server.route("/s.xml", Answer(b"<settings/>")), SETTINGS)
    complete(fetch)
    assert fetch.packets == [ASKED, HEADERS, END]


def test_unchanged(server, get):
    url = server.route("/s.xml", Answer(FILE, etag='W/"one"', modified=DATE,
                                        conditional=True))
    fetch = get(url, SETTINGS, etag='W/"one"', modified=DATE)
    complete(fetch)
    assert fetch.headers.status == 304
    assert fetch.packets == [ASKED, HEADERS, END]
    request, = server.requests
    assert request.headers["if-none-match"] == 'W/"one"'
    assert request.headers["if-modified-since"] == DATE


def test_changed(server, get):
    url = server.route("/s.xml", Answer(FILE, etag='"two"', conditional=True))
    fetch = get(url, SETTINGS, etag='"one"')
    assert fetch.headers.status == 200 and len(entries(fetch)) == 2


def test_unasked_304(server, get):
    fetch = get(server.route("/s.xml", Answer(status=304)), SETTINGS)
    ended(fetch, "failed", errno.EREMOTEIO, f"{HOST} answered 304")


def test_partial_answer(server, get):
    """Of a settings file half is nothing."""
    fetch = get(server.route("/s.xml", Answer(FILE, content_range="bytes 0-9/20")),
                SETTINGS)
    ended(fetch, "failed", errno.EREMOTEIO, f"{HOST} answered 206 (a part)")


def test_not_understood(server, get):
    url = server.route("/s.xml", Answer(b"<settings>\n<firmware_uxm>a</b>\n"))
    fetch = get(url, SETTINGS)
    assert (fetch.result, fetch.end.error) == ("failed", errno.EINVAL)
    assert fetch.sentence.startswith("line 2: ")
    assert not fetch.entries


def test_compressed(server, get):
    """Nobody asked for that."""
    url = server.route("/s.xml", Answer(gzip.compress(FILE), headers={
        "Content-Encoding": "gzip"}))
    ended(get(url, SETTINGS), "failed", errno.EPROTO,
          "127.0.0.1 sends the settings file encoded (gzip), which nobody asked for: have "
          "the server leave that")


# What does not count
def dropped(fetch):
    return [(one.line, one.sentence.decode()) for one in fetch.dropped]


def test_dropped(server, get):
    """The entry is, with its line, and the rest counts."""
    text = FILE.replace(b'"!V"', b'"RO"')
    fetch = get(server.route("/s.xml", Answer(text)), SETTINGS)
    complete(fetch)
    assert fetch.packets == [ASKED, HEADERS, ENTRY, DROPPED, END]
    assert entries(fetch) == [("firmware_uxm", IMAGE, "R", 3)]
    assert dropped(fetch) == [
        (4, "update_policy: there is no such permission (perm)")]
    assert not fetch.dropped[0].spoils


def test_dropped_image(server, get):
    """It takes the place of the one before it."""
    text = FILE.replace(b"</firmware_uxm>", b"</firmware_uxm><firmware_uxm perm='X'>"
                        b"http://h/a</firmware_uxm>")
    fetch = get(server.route("/s.xml", Answer(text)), SETTINGS)
    complete(fetch)
    assert [one[0] for one in entries(fetch)] == ["update_policy"]
    assert fetch.dropped[0].spoils
    assert "http://h/a" not in fetch.dropped[0].sentence.decode()


# Files that it names
def files(fetch):
    return [one.url.decode() for one in fetch.files]


URLS = {
    "b.xml": "/dir/b.xml", "/b.xml": "/b.xml", "../b.xml": "/b.xml",
    "./x/../b.xml?c=d": "/dir/b.xml?c=d", "?c=d": "/dir/s.xml?c=d",
    "  b.xml\n": "/dir/b.xml", "{mac}.xml": "/dir/{mac}.xml",
    "b.xml?a=1&b=2": "/dir/b.xml?a=1&b=2", "b c.xml": "/dir/b%20c.xml",
    "b\u00e4.xml": "/dir/b%c3%a4.xml",
    "http://other/b.xml": "http://other/b.xml",
    "https://user:word@other:81/b.xml": "https://user:word@other:81/b.xml",
    "//other/b.xml": "http://other/b.xml",
}


def container(*urls):
    lines = "".join(f'<file url="{url}"/>\n' for url in urls)
    return f"<setting-files>\n{lines}</setting-files>\n".encode()


def test_files(server, get):
    """Their URLs are complete; where to is as RFC 3986 has it."""
    url = server.route("/dir/s.xml", Answer(container(*URLS)))
    fetch = get(f"{url}?mac=1", SETTINGS)
    complete(fetch)
    expected = [to if "://" in to else server.base + to for to in URLS.values()]
    assert [one.lower() for one in files(fetch)] == expected
    assert [one.line for one in fetch.files][:3] == [2, 3, 4]
    assert not fetch.dropped and not fetch.entries


def test_files_after_a_redirect(server, get):
    """Where the file came from counts, with the password if it had one."""
    server.route("/new/t.xml", Answer(container("b.xml")))
    url = server.route("/s.xml", redirect("/new/t.xml"))
    assert files(get(url, SETTINGS)) == [f"{server.base}/new/b.xml"]
    url = server.url("/new/t.xml").replace("//", "//me:word@")
    assert files(get(url, SETTINGS)) == [
        f"{server.base}/new/b.xml".replace("//", "//me:word@")]


def test_files_that_cannot_be(server, get):
    urls = ["ftp://h/b.xml", "tftp://h/b.xml", "file:///etc/passwd", "mailto:me",
            "http://", "b.xml" + "?" * 2047, "x.xml"]
    fetch = get(server.route("/s.xml", Answer(container(*urls))), SETTINGS)
    complete(fetch)
    assert files(fetch) == [f"{server.base}/x.xml"]
    assert dropped(fetch) == [
        (7, "file: its url is longer than 2048 bytes")] + [
        (line, "file: its url is no http:// or https:// URL") for line in range(2, 7)]


def test_files_too_many(server, get):
    fetch = get(server.route("/s.xml", Answer(container(*range(25)))), SETTINGS)
    ended(fetch, "failed", errno.EINVAL, "line 26: it names more than 24 files")
    assert not fetch.files


@pytest.mark.parametrize("sized", [True, False], ids=["length", "chunks"])
@pytest.mark.parametrize("root", ["tbook", "language"])
def test_no_interest_however_large(server, get, root, sized):
    """The first bytes tell that, and more of it is not waited for."""
    text = f"<{root}>\n<x>".encode() + b"y" * 500000
    url = server.route("/s.xml", Answer(text, etag='"1"', hold_after=100000,
                                        chunked=not sized))
    fetch = get(url, SETTINGS, listed=1, size_max=100000)
    complete(fetch)
    assert fetch.packets == [ASKED, HEADERS, END]
    assert fetch.headers.etag == b'"1"'
    fetch = get(url, SETTINGS, size_max=1000, stall_timeout=500)
    if root == "tbook" and not sized:
        complete(fetch)
    else:
        ended(fetch, "failed", errno.EFBIG, f"{HOST} sends more than the 1000 bytes "
              "of settings_size_max in uxmcd.conf")


@pytest.mark.parametrize("listed", [0, 1])
def test_no_interest(server, get, listed):
    """A root of the vendor's own; of a file that another one names any root."""
    for text in b"<tbook e='2'>\n<item>", b"<language>\n<x>":
        fetch = get(server.route("/s.xml", Answer(text)), SETTINGS, listed=listed)
        if listed or b"tbook" in text:
            complete(fetch)
            assert fetch.packets == [ASKED, HEADERS, END]
        else:
            ended(fetch, "failed", errno.EINVAL,
                  "line 1: the root is <language>: not a settings file")


HOSTILE = {
    "a page": b"<html><body>sign in</body></html>",
    "compressed": b"\x1f\x8b\x08\0\0",
    "text": b"no XML",
    "entity": b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>'
              b"<settings>&y;</settings>",
    "deep": b"<settings>" + b"<a>" * 100000,
    "tags": b"<" * 500000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(server, get, name):
    fetch = get(server.route("/s.xml", Answer(HOSTILE[name])), SETTINGS)
    assert (fetch.result, fetch.end.error) == ("failed", errno.EINVAL)
    assert not fetch.entries and "/etc/passwd" not in fetch.sentence


@pytest.mark.parametrize("listed", [0, 1])
def test_too_large(server, get, listed):
    for answer in (Answer(FILE), Answer(FILE, chunked=True)):
        fetch = get(server.route("/s.xml", answer), SETTINGS, size_max=len(FILE) - 1,
                    listed=listed)
        ended(fetch, "failed", errno.EFBIG, f"{HOST} sends more than the "
              f"{len(FILE) - 1} bytes of settings_size_max in uxmcd.conf")


def test_largest(server, get):
    """As much memory as that takes is allowed."""
    size = 8 << 20
    text = b"<settings>\xe9" + b" " * (size - 22) + b"</settings>"
    complete(get(server.route("/s.xml", Answer(text)), SETTINGS, size_max=size))


def test_empty(server, get):
    ended(get(server.route("/s.xml", Answer(b"")), SETTINGS), "failed",
          errno.ENODATA, f"{HOST} sent an empty file")


def test_broken_off(server, get):
    fetch = get(server.route("/s.xml", Answer(FILE, close_after=20)), SETTINGS)
    ended(fetch, "broken", errno.EPIPE,
          f"{HOST} sent 20 of the {len(FILE)} bytes that it announced")
    assert not fetch.entries


def test_503(server, get):
    fetch = get(server.route("/s.xml", Answer(status=503, headers={"Retry-After": "120"})),
                SETTINGS)
    ended(fetch, "broken", errno.EREMOTEIO, f"{HOST} answered 503 (service unavailable)")
    assert fetch.end.retry_after == 120


def test_drip(server, get):
    """A settings file is not waited for however long that takes."""
    url = server.route("/s.xml", Answer(FILE, piece=1, pause=0.2))
    fetch, took = timed(get, url, SETTINGS, connect_timeout=500, stall_timeout=500)
    ended(fetch, "broken", errno.ETIMEDOUT, f"{HOST} did not send all of it in time")
    assert 2 < took < LATE


def test_https(certificate, get):
    with Server(tls=certificate) as secure:
        fetch = get(secure.route("/s.xml", Answer(FILE)), SETTINGS,
                    ca_file=certificate[0])
        complete(fetch)
        assert len(entries(fetch)) == 2
