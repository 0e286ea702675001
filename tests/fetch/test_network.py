# SPDX-License-Identifier: GPL-2.0-or-later
"""Networks as they are: silent, slow, without names, without a way, with IPv6 alone;
and servers that want to be left alone.
"""
import errno
import os
import re
import subprocess
import sys
import time

import pytest

import wire
from httpd import HOST, Answer, Server
from test_image import BODY, complete, ended
from wire import ASKED, END


# What is due after so many seconds comes later where the machine is busy.
LATE = 20


# Silence
def timed(get, *args, **fields):
    start = time.monotonic()
    fetch = get(*args, **fields)
    return fetch, time.monotonic() - start


def silent(fetch):
    assert fetch.result == "broken" and fetch.end.error == errno.ETIMEDOUT
    assert re.fullmatch(rf"nothing came from {HOST} for \d+ s", fetch.sentence)


def test_stall(server, get):
    url = server.route("/a.bin", Answer(BODY, hold_after=1000))
    fetch, took = timed(get, url, stall_timeout=1000)
    silent(fetch)
    assert fetch.count == 1000 and 0.9 < took < LATE


def test_no_answer(server, get):
    """There might be a redirect and another connecting."""
    url = server.route("/a.bin", Answer(silent=True))
    fetch, took = timed(get, url, stall_timeout=500, connect_timeout=500)
    silent(fetch)
    assert fetch.packets == [ASKED, END] and 0.9 < took < LATE


def test_no_connection(get):
    """TEST-NET-1 (RFC 5737), where nobody answers; or there is no route at all."""
    fetch, took = timed(get, "http://192.0.2.1/a.bin", connect_timeout=1000)
    assert fetch.sentence in ("192.0.2.1 cannot be reached in time",
                              "no connection to 192.0.2.1 could be made")
    assert fetch.result == "broken" and took < LATE


def test_tls_that_hangs(server, get):
    """As where large packets are lost: the certificate never comes."""
    server.route("/", Answer(silent=True))
    url = server.url("/").replace("http:", "https:")
    fetch, took = timed(get, url, connect_timeout=1000)
    ended(fetch, "broken", errno.ETIMEDOUT, f"{HOST} cannot be reached in time")
    assert 0.9 < took < LATE and ASKED not in fetch.packets


def test_only_the_first_kilobytes(server, get):
    """The same, later; what is there is not lost, and the rest can be asked for."""
    url = server.route("/a.bin", Answer(BODY, hold_after=1400, etag='"one"', ranges=True),
                       Answer(BODY, etag='"one"', ranges=True))
    first = get(url, stall_timeout=1000)
    silent(first)
    rest = get(url, offset=first.count, etag='"one"')
    complete(rest)
    assert first.count == 1400 and first.data + rest.data == BODY


def test_drip(server, get):
    """Slow is not silent."""
    url = server.route("/a.bin", Answer(BODY[:20], piece=1, pause=0.1))
    fetch, took = timed(get, url, stall_timeout=1000)
    complete(fetch)
    assert took > 1.5


def test_no_wake_ups(server, start):
    """While nothing comes it sleeps, but for what there is a timeout of."""
    url = server.route("/a.bin", Answer(BODY, hold_after=1000))
    fetch = start(wire.request(url, connect_timeout=60000, stall_timeout=60000))
    while fetch.count < 1000:
        assert fetch.take()
    time.sleep(1)

    def switches():
        with open(f"/proc/{fetch.process.pid}/status") as status:
            return [line for line in status if "voluntary_ctxt" in line]
    before = switches()
    time.sleep(3)
    assert switches() == before


def test_slow_uxmcd(server, start):
    """That uxmcd is busy is no silence of the server."""
    body = BODY * 10
    url = server.route("/a.bin", Answer(body))
    fetch = start(wire.request(url, stall_timeout=1000, rate_min=100000))
    while fetch.count < 100000:
        fetch.take()
    time.sleep(3)
    complete(fetch.take_all())
    assert fetch.data == body



# Slow
def slow(count=100000):
    """20 bytes a second"""
    return Answer(BODY[:count], piece=1, pause=0.05)


RATE = f"{HOST} sends less than the 1000 bytes a second of rate_min in uxmcd.conf"


def test_least_rate(server, get):
    """Over a stretch of four times the silence that it may have."""
    fetch, took = timed(get, server.route("/a.bin", slow()), stall_timeout=500,
                        rate_min=1000)
    ended(fetch, "broken", errno.ETIMEDOUT, RATE)
    assert 1.9 < took < LATE and 10 < fetch.count < 500


def test_least_rate_of_headers(server, get):
    """And of answers that are none yet."""
    raw = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000
    for lines in (raw, b"HTTP/1.1 100 Continue\r\n\r\n" * 1000):
        url = server.route("/a.bin", Answer(raw=lines, piece=6, pause=0.05))
        fetch, took = timed(get, url, stall_timeout=1000, rate_min=1000)
        ended(fetch, "broken", errno.ETIMEDOUT, RATE)
        assert took < LATE


def test_slow_but_not_too_slow(server, get):
    """Bursts with pauses between them are as good as an even flow."""
    url = server.route("/a.bin", Answer(BODY[:24000], piece=2000, pause=0.5))
    complete(get(url, stall_timeout=1000, rate_min=1000))


def test_redirects_have_no_more_time(server, get):
    """A settings file's time is that of all requests for it together."""
    for hop in range(5):
        server.route(f"/{hop}", Answer(b"", status=302, piece=1, headers={
            "Location": f"/{hop + 1}"}, hold_after=None))
    server.route("/5", slow(1000))
    fetch, took = timed(get, server.url("/0"), wire.SETTINGS, stall_timeout=1000,
                        connect_timeout=1000)
    ended(fetch, "broken", errno.ETIMEDOUT, f"{HOST} did not send all of it in time")
    assert took < LATE


# Servers that want to be left alone
DATES = {"Date": "Wed, 21 Oct 2015 07:28:00 GMT"}


@pytest.mark.parametrize("value, seconds", [
    ("3600", 3600), ("0", 0), ("-5", 0), ("soon", 0), ("99999999999", 2**32 - 1),
    ("Wed, 21 Oct 2015 08:28:00 GMT", 3600), ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
    ("Tue, 20 Oct 2015 07:28:00 GMT", 0), ("Wednesday, 21-Oct-15 07:29:00 GMT", 60)])
@pytest.mark.parametrize("status", [503, 429])
@pytest.mark.parametrize("what", [wire.IMAGE, wire.SETTINGS])
def test_retry_after(server, get, what, status, value, seconds):
    """A date counts from the server's own, whatever the clock here says."""
    url = server.route("/a", Answer(b"", status=status,
                                    headers={"Retry-After": value} | DATES))
    fetch = get(url, what)
    assert fetch.result == "broken" and fetch.end.retry_after == seconds
    assert fetch.end.overloaded


@pytest.mark.parametrize("status", [404, 403, 500])
def test_retry_after_of_one_file(server, get, status):
    """It says nothing of others."""
    fetch = get(server.route("/a", Answer(b"", status=status,
                                          headers={"Retry-After": "60"})))
    assert (fetch.end.retry_after, fetch.end.overloaded) == (60, 0)


def test_retry_after_a_date_by_the_own_clock(server, get):
    """Of a server that does not say what time it is."""
    then = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 100))
    url = server.route("/a", Answer(b"", status=503, headers={"Retry-After": then}))
    assert 95 <= get(url).end.retry_after <= 100


def test_retry_after_of_an_answer_that_is_good(server, get):
    url = server.route("/a", Answer(BODY, headers={"Retry-After": "3600"}))
    fetch = get(url)
    complete(fetch)
    assert not fetch.end.retry_after


# IPv6 alone
def test_ipv6(get):
    with Server(host="::1") as server:
        complete(get(server.route("/a.bin", Answer(BODY))))
        # This name has both addresses, and the server listens at one.
        url = server.url("/a.bin").replace("[::1]", "localhost")
        complete(get(url))


# A machine of its own: see island.py
@pytest.fixture
def island(program):
    """island(ways of its name server...): runs there what comes after the colon."""
    if os.geteuid():
        pytest.skip("needs root to make a network")
    started = []

    def make(*ways):
        process = subprocess.Popen(
            ["unshare", "--net", "--mount", sys.executable, "-B",
             f"{os.path.dirname(__file__)}/island.py", *ways], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "ready\n"

        def fetch(url, **fields):
            user = str(wire.USER)
            one = wire.Fetch("nsenter", f"--target={process.pid}", "--net", "--mount",
                             f"--setuid={user}", f"--setgid={user}", program, user=0)
            begun = time.monotonic()
            one.ask(wire.request(url, **fields)).take_all()
            return one, time.monotonic() - begun
        return fetch

    yield make
    for process in started:
        process.stdin.close()
        process.wait(10)


def test_no_network(island):
    fetch = island("none")
    ended(fetch("http://192.0.2.1/")[0], "broken", errno.ENETUNREACH,
          "no connection to 192.0.2.1 could be made: there is no network, or no route to it")
    ended(fetch("http://pbx.example/")[0], "broken", errno.ENETUNREACH,
          "the name of pbx.example cannot be resolved: there is no network, or no route "
          "out of it")


def test_name_server_that_is_late(island):
    """What it says at first is no last word, and it may come up while it is asked."""
    # Each look asks twice.
    fetch = island("fails", "fails", "silent", "answers")
    one, _ = fetch("http://pbx.example/")
    ended(one, "broken", errno.EHOSTUNREACH, "the name of pbx.example cannot be resolved")
    one, took = fetch("http://pbx.example/", connect_timeout=15000)
    complete(one)
    assert took > 1


def test_name_server_that_is_silent(island):
    """Resolving counts as connecting."""
    fetch = island("silent")
    one, took = fetch("http://pbx.example/", connect_timeout=1500)
    ended(one, "broken", errno.EHOSTUNREACH,
          "the name of pbx.example cannot be resolved in time")
    assert 1.4 < took < LATE


def test_no_such_name(island):
    one, _ = island("unknown")("http://pbx.example/")
    ended(one, "broken", errno.EHOSTUNREACH, "the name of pbx.example cannot be resolved")


def test_name_with_ipv6_alone(island):
    complete(island("ipv6")("http://pbx.example/")[0])
