# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers that do not deliver: each ends, in time, in a failure that says what
it was. uxmcd tries three times where another try may go better.
"""
import errno

import pytest

from bench import refused
from httpd import HOST, Answer, Gate, Server, redirect

DATA = bytes(70000)
FULL = 1 << 20      # image_size_max of the tests
TRIES = 3

# It shows soon that a server is silent.
CONFIG = {"connect_timeout": 1, "stall_timeout": 0.6}
MORE = 'sends more than the 1048576 bytes of image_size_max in uxmcd.conf'

LENGTH = "does not say how long the image is, .*: have it send a Content-Length"

# What the server does, how often it is asked, and what is said then.
SERVERS = {
    "404": (Answer(b"gone", status=404), 1, errno.ENOENT,
            r"answered 404 \(not found\)"),
    "401": (Answer(b"no", status=401), 1, errno.EACCES,
            r"answered 401 \(unauthorized\): it wants a user and a password: .*"),
    "500": (Answer(b"oops", status=500), TRIES, errno.EREMOTEIO,
            r"answered 500 \(internal server error\)"),
    "204": (Answer(b"", status=204), 1, errno.EREMOTEIO, "answered 204"),
    "304": (Answer(b"", status=304), 1, errno.EREMOTEIO, "answered 304"),
    "silent": (Answer(silent=True), TRIES, errno.ETIMEDOUT,
               r"nothing came from .* for \d+ s|cannot be reached in time"),
    "stalls half-way": (Answer(DATA, hold_after=40000), TRIES, errno.ETIMEDOUT,
                        rf"nothing came from {HOST} for \d+ s"),
    "closes half-way": (Answer(DATA, close_after=40000), TRIES, errno.EPIPE,
                        "sent 40000 of the 70000 bytes that it announced"),
    "resets half-way": (Answer(DATA, close_after=40000, reset=True), TRIES,
                        errno.ECONNRESET, "the connection to .* broke"),
    "announces more": (Answer(DATA, length=70001), TRIES, errno.EPIPE,
                       "sent 70000 of the 70001 bytes that it announced"),
    "breaks a chunk off": (Answer(DATA, chunked=True, close_after=40000), TRIES,
                           errno.EPIPE, "broke off after 40000 bytes"),
    "no length": (Answer(DATA, length=None), 1, errno.EPROTO, LENGTH),
    "half of it, by HTTP/1.0": (
        Answer(raw=b"HTTP/1.0 200 OK\r\n\r\n" + DATA[:35000]), 1, errno.EPROTO, LENGTH),
    "endless": (Answer(None), 1, errno.EPROTO, LENGTH),
    "endless in chunks": (Answer(None, chunked=True), 1, errno.EFBIG, MORE),
    "announces too much": (Answer(DATA, length=FULL + 1), 1, errno.EFBIG,
                           "the image has 1048577 bytes, more than the 1048576 "
                           "of image_size_max in uxmcd.conf"),
    "announces 2^63": (Answer(DATA, length=1 << 63), 1, errno.EFBIG,
                       "more than the 1048576 of image_size_max.*"),
    "empty": (Answer(b""), 1, errno.ENODATA, "sent an empty file"),
    "empty, in chunks": (Answer(b"", chunked=True), 1, errno.ENODATA,
                         "sent an empty file"),
    "huge head": (Answer(DATA, headers={"X": "x" * 400000}), 1, errno.EMSGSIZE,
                  "sends too many headers.*"),
    "no HTTP": (Answer(raw=b"220 pbx.example FTP server ready\r\n"), 1,
                errno.EPROTO, "does not speak HTTP"),
    "bad HTTP": (Answer(raw=b"HTTP/1.1 banana\r\n\r\n"), 1, errno.EPROTO,
                 "does not speak HTTP"),
    "redirects in a circle": (redirect("/snomD7C-1.6.1-r.bin"), 6, errno.ELOOP,
                              "redirects more than 5 times"),
    "redirects nowhere": (Answer(b"", status=302), 1, errno.EREMOTEIO,
                          "answered 302"),
}


@pytest.mark.parametrize("name", SERVERS)
def test_server(bench, image, name):
    answer, tries, error, sentence = SERVERS[name]
    url = bench.serve(image(), answer)
    bench.ask(url)
    end = bench.failed("fetching", error, f".*({sentence})")
    assert end["url"] == url
    assert HOST in end["message"] or "image" in end["message"]
    assert len(bench.server.requests) == tries


def test_good_after_that(bench, image):
    """The last of them has not left anything that stands in the way."""
    bench.ask(bench.serve(image(), Answer(b"", status=404)))
    bench.failed("fetching", errno.ENOENT, ".*404.*")
    bench.update(image(version="1.6.2", size=70000))


@pytest.mark.parametrize("name", ["404", "500", "closes half-way", "no length"])
def test_server_by_uxmcctl(bench, image, name):
    answer, _, error, sentence = SERVERS[name]
    done = bench.ctl("update", bench.serve(image(), answer))
    refused(done, 1, f".*{sentence}")
    assert "uxmc0: requested" in done.stdout or "fetching" in done.stdout
    bench.failed("fetching", error, f".*{sentence}")


def test_refused_connection(bench, image):
    """It is tried again; a server that has come up by then is used."""
    with Server(listen=False) as down:
        bench.ask(down.url(f"/{image().name}"))
        bench.failed("fetching", errno.ECONNREFUSED,
                     f"no connection to {HOST} could be made")


def test_unknown_host(bench, image):
    """The guest has no network but its own."""
    bench.ask(f"http://pbx.invalid/{image().name}")
    bench.failed("fetching", errno.ENETUNREACH,
                 "the name of pbx.invalid cannot be resolved: there is no network, or no "
                 "route out of it", within=20)


def test_more_than_announced(bench, image):
    """What was announced is the image, be there more behind it or not."""
    new = image(version="1.6.3", size=70000)
    bench.update(new, Answer(new.data + b"more", length=len(new.data)))


def test_less_than_there_is(bench, image):
    """A length that cuts the image off cannot be told from a true one: the
    module does not take it then.
    """
    new = image(version="1.6.4", size=70000)
    bench.ask(bench.serve(new, Answer(new.data, length=len(new.data) - 5)))
    bench.failed("manifesting", errno.EPROTO, "the module reports err.*")
    bench.update(new)


def test_cancel_while_a_server_stalls(bench, image):
    gate = Gate()
    bench.ask(bench.serve(image(), Answer(DATA, hold_after=100, gate=gate)))
    bench.module.until_state("fetching")
    bench.server.wait_requests(1)
    bench.module.write("update_cancel", "1")
    bench.failed("fetching", errno.ECANCELED, "cancelled")
    assert len(bench.server.requests) == 1


@pytest.mark.parametrize("options, error, sentence", [
    (("--suffix-vendor", "1234"), errno.EBADMSG, ".*vendor.*"),
    (("--bad-crc",), errno.EBADMSG, ".*CRC.*|.*checksum.*"),
], ids=["other vendor", "bad CRC"])
def test_suffix(bench, image, options, error, sentence):
    """Nothing is sent to the module then."""
    bad = image(size=70000, suffix=True, options=options)
    mark = bench.module.sim.mark()
    bench.ask(bench.serve(bad))
    bench.failed("verifying", error, sentence)
    refused(bench.ctl("update", bad.path), 1, sentence)
    bench.failed("verifying", error, sentence)
    assert bench.module.sim.log(mark) == []
