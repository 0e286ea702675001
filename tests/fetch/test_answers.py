# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers that contradict themselves, or do not say what has to be known: no byte of
them is taken for one of an image.
"""
import errno
import gzip

import pytest

from httpd import HOST, Answer
from test_image import BODY, SIZE, complete, ended
from wire import ASKED, END, HEADERS, SETTINGS

LENGTH = (f"{HOST} does not say how long the image is, so half of it could not be told "
          "from all: have it send a Content-Length")
OWN_LENGTH = f"{HOST} contradicts itself about its length"
PART = (f"{HOST} contradicts itself: it sends all of the image (200), and a part of it "
        "(Content-Range)")


def raw(head, body=BODY, version="HTTP/1.1", status="200 OK"):
    """An answer of just these headers, ended by closing."""
    lines = [f"{version} {status}", *head, "", ""]
    return Answer(raw="\r\n".join(lines).encode() + body)


def chunks(body):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def coded(what, name):
    return (f"{HOST} sends the {what} encoded ({name}), which nobody asked for: have "
            "the server leave that")


CONTENT_LENGTH = f"Content-Length: {SIZE}"
REFUSED = {
    "HTTP/1.0 without a length": (raw([], version="HTTP/1.0"), LENGTH),
    "half of that": (raw([], BODY[:SIZE // 2], "HTTP/1.0"), LENGTH),
    "HTTP/1.1 without a length": (raw([]), LENGTH),
    "chunks of HTTP/1.0": (
        raw(["Transfer-Encoding: chunked"], chunks(BODY), "HTTP/1.0"), LENGTH),
    "another coding last": (
        raw(["Transfer-Encoding: chunked, x"], chunks(BODY)), None),
    "two lengths": (raw([CONTENT_LENGTH, "Content-Length: 5"]), OWN_LENGTH),
    "two lengths, the longer one last": (
        raw([CONTENT_LENGTH, f"Content-Length: {SIZE + 5}"]), OWN_LENGTH),
    "two lengths in one": (raw([CONTENT_LENGTH + ", 5"]), None),
    "a length that is none": (raw(["Content-Length: many"]), None),
    "gzip": (Answer(gzip.compress(BODY), headers={"Content-Encoding": "gzip"}),
             coded("image", "gzip")),
    "br that is none": (Answer(BODY, headers={"Content-Encoding": "br"}),
                        coded("image", "br")),
    "gzip as transfer coding": (
        raw(["Transfer-Encoding: gzip, chunked"], chunks(gzip.compress(BODY))), None),
    "all, as a part": (Answer(BODY, headers={
        "Content-Range": f"bytes 100-{SIZE + 99}/{SIZE + 100}"}), PART),
    "all, as the begin": (Answer(BODY, headers={
        "Content-Range": f"bytes 0-{SIZE - 1}/{SIZE + 1}"}), PART),
    "all, as rubbish": (Answer(BODY, headers={"Content-Range": "rubbish"}), PART),
    "two ranges": (raw([CONTENT_LENGTH, f"Content-Range: bytes 0-{SIZE - 1}/{SIZE}",
                        f"Content-Range: bytes 0-{SIZE - 1}/*"]), OWN_LENGTH),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(server, get, name):
    """By us; or by libcurl already, in words of its own."""
    answer, sentence = REFUSED[name]
    fetch = get(server.route("/a.bin", answer))
    assert fetch.result == "failed" and fetch.sentence.startswith(HOST)
    assert fetch.packets == [ASKED, END]
    if sentence:
        ended(fetch, "failed", errno.EPROTO, sentence)


ACCEPTED = {
    "HTTP/1.0 with a length": raw([CONTENT_LENGTH], version="HTTP/1.0"),
    "the same length twice": raw([CONTENT_LENGTH, CONTENT_LENGTH]),
    "chunks and a length that is right": raw(
        [CONTENT_LENGTH, "Transfer-Encoding: chunked"], chunks(BODY)),
    "all, as all": Answer(BODY, headers={
        "Content-Range": f"bytes 0-{SIZE - 1}/{SIZE}"}),
    "identity": Answer(BODY, headers={"Content-Encoding": "identity"}),
    "as text/html": Answer(BODY, headers={"Content-Type": "text/html"}),
    "bytes that follow": raw([CONTENT_LENGTH], BODY + b"HTTP/1.1 200 OK\r\n\r\nmore"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(server, get, name):
    fetch = get(server.route("/a.bin", ACCEPTED[name]))
    complete(fetch)
    assert fetch.data == BODY


@pytest.mark.parametrize("length", [SIZE - 1, SIZE + 1])
def test_chunks_and_a_length_that_is_wrong(server, get, length):
    """The chunks are what counts (RFC 9112, section 6.3), but the image is not taken."""
    answer = raw([f"Content-Length: {length}", "Transfer-Encoding: chunked"],
                 chunks(BODY))
    fetch = get(server.route("/a.bin", answer))
    assert (fetch.result, fetch.end.error) in [("broken", errno.EPROTO),
                                               ("broken", errno.EPIPE)]


@pytest.mark.parametrize("ended_with", [b"", b"0\r\n", b"-5\r\nabcde\r\n", b"x"])
def test_chunks_without_an_end(server, get, ended_with):
    body = b"%x\r\n%s\r\n" % (SIZE, BODY) + ended_with
    fetch = get(server.route("/a.bin", raw(["Transfer-Encoding: chunked"], body)))
    assert fetch.result in ("broken", "failed") and fetch.end.error


def test_nothing_is_encoded_unasked(server, get):
    """It is said that no coding is wanted, since else each would be welcome."""
    complete(get(server.route("/a.bin", Answer(BODY))))
    request, = server.requests
    assert request.headers["accept-encoding"] == "identity"


# Statuses that bring something, but not what was asked for
@pytest.mark.parametrize("status, words", [
    (203, " (changed by a proxy)"), (206, " (a part)"), (201, ""), (202, ""), (204, ""),
    (226, "")])
def test_status(server, get, status, words):
    answer = Answer(BODY, status=status,
                    content_range=f"bytes 0-{SIZE - 1}/{SIZE}" if status == 206 else None)
    fetch = get(server.route("/a.bin", answer))
    ended(fetch, "failed", errno.EREMOTEIO, f"{HOST} answered {status}{words}")
    assert fetch.packets == [ASKED, END]


# When the rest was asked for
REST = {"offset": 200000, "etag": '"one"'}


def test_parts_in_one(server, get):
    """No server may do that for a single range (RFC 9110, section 15.3.7.2); uxmcd
    sees that there is no range that it could be.
    """
    answer = raw(["Content-Type: multipart/byteranges; boundary=cut",
                  "Content-Length: 100"], bytes(100), status="206 Partial Content")
    fetch = get(server.route("/a.bin", answer), **REST)
    assert fetch.headers.status == 206 and not fetch.headers.has_range


@pytest.mark.parametrize("name", ["HTTP/1.1 without a length", "two lengths", "gzip",
                                  "all, as a part"])
def test_whole_instead_of_rest(server, get, name):
    answer, sentence = REFUSED[name]
    ended(get(server.route("/a.bin", answer), **REST), "failed", errno.EPROTO, sentence)


def test_rest_without_a_length(server, get):
    """It may be half of the rest, whatever its range says."""
    answer = raw([f"Content-Range: bytes 200000-{SIZE - 1}/{SIZE}", 'ETag: "one"'],
                 BODY[200000:250000], status="206 Partial Content")
    ended(get(server.route("/a.bin", answer), **REST), "failed", errno.EPROTO, LENGTH)


# Settings files
def test_settings_encoded(server, get):
    for headers, sentence in (
            ({"Content-Encoding": "gzip"}, coded("settings file", "gzip")),
            ({}, f"{HOST} sent a gzip file, not a settings file: have it there unpacked")):
        fetch = get(server.route("/s.xml", Answer(gzip.compress(b"<settings/>"),
                                                  headers=headers)), SETTINGS)
        assert (fetch.result, fetch.sentence) == ("failed", sentence)


def test_page_for_settings(server, get):
    page = b"\n<!doctype HTML><html><title>Sign in</title><body>&nbsp;</body></html>"
    fetch = get(server.route("/s.xml", Answer(page)), SETTINGS)
    ended(fetch, "failed", errno.EINVAL, f"{HOST} sent a web page, not a settings file: "
          "'Sign in': sign in to the network, or correct the URL")
    assert fetch.packets == [ASKED, HEADERS, END]


@pytest.mark.parametrize("cut", range(1, 120, 7))
def test_settings_cut_off(server, get, cut):
    """It needs no length, since what is missing of one is seen."""
    text = (b"<settings>\n<firmware-settings>\n<firmware_uxm perm=\"R\">http://server/"
            b"snomD7C-1.6.1-r.bin</firmware_uxm>\n</firmware-settings>\n</settings>")
    answer = raw([], text[:-cut], "HTTP/1.0")
    fetch = get(server.route("/s.xml", answer), SETTINGS)
    assert fetch.result == "failed" and not fetch.entries
