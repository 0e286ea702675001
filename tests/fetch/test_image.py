# SPDX-License-Identifier: GPL-2.0-or-later
"""Images, whole and in parts."""
import errno
import os

import pytest

import wire
from httpd import HOST, Answer, Gate, redirect
from wire import ASKED, DATA, END, HEADERS

SIZE = 300000
BODY = os.urandom(SIZE)
DATE = "Wed, 21 Oct 2015 07:28:00 GMT"


def ended(fetch, result, error, sentence):
    assert (fetch.result, errno.errorcode.get(fetch.end.error, 0), fetch.sentence) == (
        result, errno.errorcode.get(error, 0), sentence)


def complete(fetch):
    ended(fetch, "complete", 0, "complete")


def test_whole(server, get):
    fetch = get(server.route("/a.bin", Answer(BODY, etag='"one"', modified=DATE)))
    complete(fetch)
    assert fetch.data == BODY
    headers = fetch.headers
    assert (headers.status, headers.has_length, headers.length) == (200, 1, SIZE)
    assert (headers.etag, headers.modified) == (b'"one"', DATE.encode())
    assert not headers.has_range
    order = [kind for i, kind in enumerate(fetch.packets)
             if i == 0 or kind != fetch.packets[i - 1]]
    assert order == [ASKED, HEADERS, DATA, END]
    request, = server.requests
    assert request.headers["user-agent"] == "Phone/1.0"
    assert "range" not in request.headers


def test_in_chunks(server, get):
    fetch = get(server.route("/a.bin", Answer(BODY, chunked=True)))
    complete(fetch)
    assert fetch.data == BODY
    assert fetch.headers.delimited and not fetch.headers.has_length


def test_trailer_is_no_second_answer(server, get):
    raw = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: ETag\r\n\r\n"
           b"3\r\nabc\r\n0\r\nETag: \"two\"\r\n\r\n")
    fetch = get(server.route("/a.bin", Answer(raw=raw)))
    complete(fetch)
    assert fetch.packets == [ASKED, HEADERS, DATA, END]
    assert fetch.data == b"abc" and fetch.headers.etag == b""


def test_data_comes_as_it_is_there(server, start):
    """Not only once a packet is full."""
    gate = Gate()
    url = server.route("/a.bin", Answer(BODY, hold_after=1000, gate=gate))
    fetch = start(wire.request(url))
    while fetch.count < 1000:
        assert fetch.take(5)
    gate.set()
    complete(fetch.take_all())
    assert fetch.data == BODY


# Resuming
def test_rest(server, get):
    url = server.route("/a.bin", Answer(BODY, ranges=True, etag='"one"'))
    fetch = get(url, offset=200000, etag='"one"', modified=DATE)
    complete(fetch)
    headers = fetch.headers
    assert (headers.status, headers.length) == (206, 100000)
    assert (headers.first, headers.last, headers.total) == (200000, SIZE - 1, SIZE)
    assert fetch.data == BODY[200000:]
    request, = server.requests
    assert request.headers["range"] == "bytes=200000-"
    assert request.headers["if-range"] == '"one"'


def test_rest_by_date(server, get):
    url = server.route("/a.bin", Answer(BODY, ranges=True, modified=DATE))
    fetch = get(url, offset=200000, modified=DATE)
    assert fetch.headers.status == 206
    assert server.requests[0].headers["if-range"] == DATE


def test_changed_meanwhile(server, get):
    url = server.route("/a.bin", Answer(BODY, ranges=True, etag='"two"'))
    fetch = get(url, offset=200000, etag='"one"')
    complete(fetch)
    assert fetch.headers.status == 200
    assert fetch.headers.etag == b'"two"' and fetch.data == BODY


def test_no_rest(server, get):
    url = server.route("/a.bin", Answer(BODY[:1000], ranges=True, etag='"one"'))
    fetch = get(url, offset=2000, etag='"one"')
    assert fetch.packets == [ASKED, HEADERS, END]
    assert fetch.headers.status == 416
    ended(fetch, "broken", errno.EAGAIN, f"{HOST} has another image there now")


@pytest.mark.parametrize("content_range", [
    f"bytes 100-{SIZE - 1}/{SIZE}", "bytes 0-18446744073709551615/*",
    "bytes 18446744073709551600-18446744073709551610/*", "banana"])
def test_other_part(server, get, content_range):
    """uxmcd hears what came, and is who judges."""
    url = server.route("/a.bin", Answer(BODY[100:], content_range=content_range))
    fetch = get(url, offset=200, etag='"one"')
    complete(fetch)
    assert fetch.headers.status == 206
    first = fetch.headers.first if fetch.headers.has_range else None
    assert first == (100 if content_range.endswith(str(SIZE)) else None)


# What a server can do wrong
@pytest.mark.parametrize("status, result, error, words", [
    (404, "failed", errno.ENOENT, " (not found)"),
    (403, "failed", errno.EREMOTEIO, " (forbidden)"),
    (401, "failed", errno.EACCES, " (unauthorized): it wants a user and a password: set "
     "http_client_user and http_client_pass, or have them in the URL"),
    (407, "failed", errno.EREMOTEIO,
     " (proxy authentication required): see proxy in uxmcd.conf"),
    (304, "failed", errno.EREMOTEIO, ""),
    (416, "failed", errno.EREMOTEIO, ""),
    (500, "broken", errno.EREMOTEIO, " (internal server error)"),
    (503, "broken", errno.EREMOTEIO, " (service unavailable)"),
    (429, "broken", errno.EREMOTEIO, " (too many requests)"),
    (511, "broken", errno.EREMOTEIO,
     " (network authentication required): sign in to the network")])
def test_status(server, get, status, result, error, words):
    url = server.route("/a.bin", Answer(b"<html>", status=status))
    fetch = get(url)
    ended(fetch, result, error, f"{HOST} answered {status}{words}")
    assert fetch.packets == [ASKED, END] and not fetch.end.retry_after


def test_empty(server, get):
    ended(get(server.route("/a.bin", Answer(b""))), "failed", errno.ENODATA,
          f"{HOST} sent an empty file")
    ended(get(server.route("/b.bin", Answer(b"", chunked=True))), "failed",
          errno.ENODATA, f"{HOST} sent an empty file")


def test_too_large(server, get):
    url = server.route("/a.bin", Answer(BODY))
    fetch = get(url, size_max=SIZE - 1)
    ended(fetch, "failed", errno.EFBIG,
          f"the image has {SIZE} bytes, more than the {SIZE - 1} of image_size_max "
          "in uxmcd.conf")
    assert fetch.packets == [ASKED, END]


def test_endless(server, get):
    fetch = get(server.route("/a.bin", Answer(None, chunked=True)), size_max=SIZE)
    ended(fetch, "failed", errno.EFBIG, f"{HOST} sends more than the {SIZE} bytes "
          "of image_size_max in uxmcd.conf")
    assert fetch.count <= SIZE


def test_shorter_than_announced(server, get):
    fetch = get(server.route("/a.bin", Answer(BODY, close_after=1000)))
    ended(fetch, "broken", errno.EPIPE,
          f"{HOST} sent 1000 of the {SIZE} bytes that it announced")
    assert fetch.data == BODY[:1000]


def test_rest_shorter_than_announced(server, get):
    """The numbers are those of the whole."""
    url = server.route("/a.bin", Answer(BODY, ranges=True, etag='"one"',
                                        close_after=1000))
    ended(get(url, offset=200000, etag='"one"'), "broken", errno.EPIPE,
          f"{HOST} sent 201000 of the {SIZE} bytes that it announced")


def test_longer_than_announced(server, get):
    """What follows is no part of the answer."""
    fetch = get(server.route("/a.bin", Answer(BODY, length=1000)))
    complete(fetch)
    assert fetch.data == BODY[:1000]


def test_chunks_longer_than_announced(server, get):
    raw = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n"
           b"\r\n5\r\nabcde\r\n0\r\n\r\n")
    fetch = get(server.route("/a.bin", Answer(raw=raw)))
    assert fetch.count in (0, 5)
    if fetch.headers.has_length:
        ended(fetch, "broken", errno.EPROTO,
              f"{HOST} sends more than the 2 bytes that it announced")


def test_headers_without_end(server, get):
    raw = b"HTTP/1.1 200 OK\r\n" + b"X: yyyyyyyyyyyyyyyy\r\n" * 10000
    ended(get(server.route("/a.bin", Answer(raw=raw))), "failed", errno.EMSGSIZE,
          f"{HOST} sends too many headers")


def test_line_without_end(server, get):
    raw = b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000000
    ended(get(server.route("/a.bin", Answer(raw=raw))), "failed", errno.EMSGSIZE,
          f"{HOST} sends too many headers")


@pytest.mark.parametrize("raw, result, error, sentence", [
    (b"", "broken", errno.ECONNRESET, f"the connection to {HOST} broke"),
    (b"SSH-2.0-OpenSSH_9.2\r\n", "failed", errno.EPROTO, f"{HOST} does not speak HTTP"),
    (b"\0" * 1000, "failed", errno.EPROTO, f"{HOST} does not speak HTTP")])
def test_no_http(server, get, raw, result, error, sentence):
    ended(get(server.route("/a.bin", Answer(raw=raw))), result, error, sentence)


def test_no_server(server, get):
    url = server.route("/a.bin", Answer(BODY))
    server.close()
    fetch = get(url)
    ended(fetch, "broken", errno.ECONNREFUSED, f"no connection to {HOST} could be made")
    assert fetch.packets == [END]


def test_no_such_name(get):
    ended(get("http://no-such-name.invalid/a.bin"), "broken", errno.EHOSTUNREACH,
          "the name of no-such-name.invalid cannot be resolved")


def test_name(server, get):
    """The resolver, its thread and its files work in the jail."""
    url = server.route("/a.bin", Answer(BODY)).replace(HOST, "localhost")
    complete(get(url))


# Redirects
@pytest.mark.parametrize("count", [1, 5])
def test_redirects(server, get, count):
    fetch = get(server.chain("/a.bin", count, Answer(BODY)))
    complete(fetch)
    assert len(server.requests) == count + 1
    assert fetch.packets.count(HEADERS) == 1
    # uxmcd hears of each, so that it knows that something goes on.
    assert fetch.packets.count(ASKED) == count + 1


def test_too_many_redirects(server, get):
    for url in (server.chain("/a.bin", 6, Answer(BODY)),
                server.route("/loop", redirect("/loop"))):
        ended(get(url), "failed", errno.ELOOP, f"{HOST} redirects more than 5 times")


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/",
                                "gopher://127.0.0.1/", "dict://127.0.0.1/"])
def test_redirect_to_something_else(server, get, to):
    ended(get(server.route("/a.bin", redirect(to))), "failed", errno.EPROTONOSUPPORT,
          f"{HOST} redirects to something other than http and https")


def test_redirect_to_https(server, secure, certificate, get):
    url = server.route("/a.bin", redirect(secure.route("/a.bin", Answer(BODY))))
    complete(get(url, ca_file=certificate[0]))


# Where a redirect from /here/a.bin leads
LOCATIONS = {"/b.bin": "/b.bin", "b.bin": "/here/b.bin", "../b.bin?c=d": "/b.bin?c=d",
             "?c": "/here/a.bin?c", "b .bin": "/here/b%20.bin", "//{host}/b.bin": "/b.bin",
             "HTTP://{host}/b.bin#part": "/b.bin"}


@pytest.mark.parametrize("location", LOCATIONS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_location(server, get, status, location):
    place = server.base.removeprefix("http://")
    url = server.route("/here/a.bin", redirect(location.format(host=place), status),
                       Answer(BODY))
    for path in ("/b.bin", "/here/b.bin", "/here/b%20.bin"):
        server.route(path, Answer(BODY))
    complete(get(url))
    assert [one.path for one in server.requests] == ["/here/a.bin", LOCATIONS[location]]


@pytest.mark.parametrize("location", ["http://", "http://[::1/b.bin",
                                      "http://h:99999/", "/" + "x" * 2040],
                         ids=lambda location: location[:20])
def test_location_that_is_none(server, get, location):
    fetch = get(server.route("/a.bin", redirect(location)))
    ended(fetch, "failed", errno.EPROTO, f"{HOST} redirects to what is no URL")


def test_location_without_end(server, get):
    """Longer than any URL: the answer has none then."""
    fetch = get(server.route("/a.bin", redirect("/" + "x" * 5000)))
    ended(fetch, "failed", errno.EREMOTEIO, f"{HOST} answered 302")


@pytest.mark.parametrize("status", [300, 304, 305, 399])
def test_other_status_with_a_location(server, get, status):
    fetch = get(server.route("/a.bin", redirect("/b.bin", status)))
    ended(fetch, "failed", errno.EREMOTEIO, f"{HOST} answered {status}")


def test_two_locations(server, get):
    raw = (b"HTTP/1.1 302 Found\r\nLocation: /b.bin\r\nLocation: /c.bin\r\n"
           b"Content-Length: 0\r\n\r\n")
    url = server.route("/a.bin", Answer(raw=raw))
    server.route("/b.bin", Answer(BODY))
    complete(get(url))


def test_endless_redirect(server, get):
    """Its body is not waited for."""
    url = server.route("/a.bin", Answer(None, status=302, headers={"Location": "/b.bin"}))
    server.route("/b.bin", Answer(BODY))
    complete(get(url))


# From https to http
NOT_SECURE = (f"{HOST} redirects from https to http, which is not followed: correct that "
              "at the server")


def test_redirect_to_http(server, secure, certificate, get):
    url = secure.route("/a.bin", redirect(server.route("/a.bin", Answer(BODY))))
    ended(get(url, ca_file=certificate[0]), "failed", errno.EPERM, NOT_SECURE)
    assert not server.requests


def test_redirect_to_https_and_back(server, secure, certificate, get):
    """Each step is looked at, not the first alone."""
    there = secure.route("/a.bin", redirect(server.route("/b.bin", Answer(BODY))))
    url = server.route("/a.bin", redirect(there))
    ended(get(url, ca_file=certificate[0]), "failed", errno.EPERM, NOT_SECURE)
    assert len(server.requests) == 1


def test_redirects_within_https(secure, certificate, get):
    complete(get(secure.chain("/a.bin", 5, Answer(BODY)), ca_file=certificate[0]))


def test_redirect_when_the_rest_was_asked_for(server, get):
    """Range and condition go along."""
    url = server.chain("/a.bin", 2, Answer(BODY, ranges=True, etag='"one"'))
    fetch = get(url, offset=200000, etag='"one"')
    complete(fetch)
    assert fetch.headers.status == 206 and fetch.data == BODY[200000:]
    assert {one.headers["if-range"] for one in server.requests} == {'"one"'}


def test_who_is_blamed(server, secure, certificate, get):
    """The server that a redirect led to, if it is that one's fault."""
    there = secure.route("/a.bin", Answer(BODY, status=500)).replace(HOST, "localhost")
    fetch = get(server.route("/a.bin", redirect(there)))
    ended(fetch, "failed", errno.EKEYREJECTED, "localhost: its certificate is not "
          "trusted: see ca_file in uxmcd.conf")


# TLS
def test_https(secure, certificate, get):
    fetch = get(secure.route("/a.bin", Answer(BODY)), ca_file=certificate[0])
    complete(fetch)
    assert fetch.data == BODY


def test_https_by_name(secure, certificate, get):
    """Trusted as another one."""
    url = secure.route("/a.bin", Answer(BODY)).replace(HOST, "localhost")
    ended(get(url, ca_file=certificate[0]), "failed", errno.EKEYREJECTED,
          "localhost: its certificate is not trusted: see ca_file in uxmcd.conf")


def test_https_not_trusted(secure, server, get):
    """Not by the system's certificates, which can be read; not by a redirect either."""
    there = secure.route("/a.bin", Answer(BODY))
    for url in (there, server.route("/a.bin", redirect(there))):
        ended(get(url), "failed", errno.EKEYREJECTED, f"{HOST}: its certificate is "
              "not trusted: see ca_file in uxmcd.conf")
    assert not secure.requests


def test_no_ca_file(secure, get):
    fetch = get(secure.route("/a.bin", Answer(BODY)), ca_file="/nowhere/ca.pem")
    ended(fetch, "failed", errno.EKEYREJECTED, "ca_file of uxmcd.conf cannot be read by "
          "uxmc-fetch's user: No such file or directory: /nowhere/ca.pem")


def test_https_that_is_http(server, get):
    """The server waits for the end of a request."""
    url = server.route("/a.bin", Answer(BODY)).replace("http:", "https:")
    ended(get(url, connect_timeout=1000), "broken", errno.ETIMEDOUT,
          f"{HOST} cannot be reached in time")
