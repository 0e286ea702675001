# SPDX-License-Identifier: GPL-2.0-or-later
"""Signatures: small files, which are not looked into."""
import errno

import pytest

from httpd import HOST, Answer, redirect
from test_image import complete, ended
from test_network import LATE, timed
from wire import ASKED, DATA, END, HEADERS, SIGNATURE

LARGEST = 4096
TEXT = b"untrusted comment: x\nnot looked into\n\xff\0"


@pytest.fixture
def get_signature(get):
    return lambda url, **fields: get(url, SIGNATURE, size_max=LARGEST, **fields)


def test_whole(server, get_signature):
    for answer in Answer(TEXT), Answer(TEXT, chunked=True), Answer(TEXT, length=None):
        fetch = get_signature(server.route("/a.bin.minisig", answer))
        complete(fetch)
        assert fetch.data == TEXT
        assert fetch.packets == [ASKED, HEADERS, DATA, END]
    assert "range" not in server.requests[0].headers


def test_redirect(server, get_signature):
    server.route("/b.minisig", Answer(TEXT))
    fetch = get_signature(server.route("/a.minisig", redirect("/b.minisig")))
    complete(fetch)
    assert fetch.data == TEXT


@pytest.mark.parametrize("options", [{}, {"chunked": True}, {"length": None}], ids=str)
def test_size(server, get_signature, options):
    complete(get_signature(server.route("/a", Answer(bytes(LARGEST), **options))))
    fetch = get_signature(server.route("/a", Answer(bytes(LARGEST + 1), **options)))
    ended(fetch, "failed", errno.EFBIG,
          f"{HOST} sends more than the {LARGEST} bytes of a signature")
    assert fetch.count <= LARGEST


def test_image_instead(server, get_signature):
    fetch = get_signature(server.route("/a", Answer(None)))
    ended(fetch, "failed", errno.EFBIG,
          f"{HOST} sends more than the {LARGEST} bytes of a signature")


@pytest.mark.parametrize("status, sentence", [
    (404, "answered 404 (not found)"), (206, "answered 206 (a part)"), (304, "answered 304")])
def test_status(server, get_signature, status, sentence):
    fetch = get_signature(server.route("/a", Answer(TEXT, status=status)))
    assert (fetch.result, fetch.sentence) == ("failed", f"{HOST} {sentence}")
    assert DATA not in fetch.packets


def test_empty(server, get_signature):
    ended(get_signature(server.route("/a", Answer(b""))), "failed", errno.ENODATA,
          f"{HOST} sent an empty file")


def test_broken_off(server, get_signature):
    fetch = get_signature(server.route("/a", Answer(TEXT, close_after=5)))
    ended(fetch, "broken", errno.EPIPE,
          f"{HOST} sent 5 of the {len(TEXT)} bytes that it announced")


def test_drip(server, get_signature):
    """It is not waited for however long that takes."""
    url = server.route("/a", Answer(bytes(1000), piece=1, pause=0.2))
    fetch, took = timed(get_signature, url, connect_timeout=500, stall_timeout=500)
    ended(fetch, "broken", errno.ETIMEDOUT, f"{HOST} did not send all of it in time")
    assert 2 < took < LATE
