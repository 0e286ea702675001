# SPDX-License-Identifier: GPL-2.0-or-later
"""The process: how it is started and how it ends, whatever uxmcd does."""
import errno
import os
import socket
import subprocess
import time

import pytest

import wire
from httpd import Answer, Gate
from wire import END

BODY = bytes(5000000)


def refused(fetch, sentence, status=3, error=errno.EPROTO):
    fetch.take_all()
    assert fetch.packets == [END]
    assert (fetch.result, fetch.end.error, fetch.sentence) == (
        "failed", error, sentence)
    assert fetch.status() == status
    assert sentence in fetch.said


# Requests that are none
def changed(offset, data):
    packet = bytearray(wire.request("http://server/a.bin"))
    packet[offset:offset + len(data)] = data
    return bytes(packet)


def at(field):
    return getattr(wire.Request, field).offset


OTHER_LENGTH = "the request has another length than its version"
BAD_TEXT = "the request has a text without an end, or with control characters"

# Name: the packet, and what is said of it
GARBAGE = {
    "a byte": (b"x", "the request is too short"),
    "too short": (wire.request("http://server/a.bin")[:-1], OTHER_LENGTH),
    "too long": (wire.request("http://server/a.bin") + b"x", OTHER_LENGTH),
    "far too long": (bytes([wire.VERSION, 0, 0, 0]) + bytes(100000), OTHER_LENGTH),
    "version": (changed(0, bytes([wire.VERSION + 1])),
                "the request is of another version: restart uxmcd"),
    "what": (changed(at("what"), b"\x09"),
             "the request is neither for an image nor for settings or a signature"),
    "URL without end": (changed(at("url"), b"x" * 2049), BAD_TEXT),
    "last text without end": (changed(at("ca_file"), b"/" * 256), BAD_TEXT),
    "header in a text": (wire.request("http://server/", user_agent="a\r\nb: c"), BAD_TEXT),
    "file": (wire.request("file:///etc/passwd"), "the request has no http or https URL"),
    "offset": (wire.request("http://server/", offset=5),
               "the request has an offset that nothing can be resumed at"),
    "size": (wire.request("http://server/", size_max=0),
             "the request has a size limit out of range"),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage(start, name):
    packet, sentence = GARBAGE[name]
    refused(start(packet), sentence)


def test_no_request(start):
    """uxmcd went before it said what it wanted."""
    fetch = start()
    fetch.close()
    assert fetch.status() == 1


def test_silent_uxmcd(start):
    fetch = start()
    begin = time.monotonic()
    refused(fetch, "no request came from uxmcd", error=errno.EAGAIN)
    assert time.monotonic() - begin < 15


# How it is started
def test_as_root(start):
    if os.geteuid():
        pytest.skip("needs root to start as")
    refused(start(wire.request("http://server/"), user=0),
            "uxmc-fetch does not run as root: start it as a user of its own", 4,
            errno.EPERM)


def test_as_root_for_development(server, start):
    if os.geteuid():
        pytest.skip("needs root to start as")
    fetch = start(wire.request(server.route("/a.bin", Answer(BODY))), "--allow-root",
                  user=0).take_all()
    assert fetch.result == "complete" and fetch.status() == 0


@pytest.mark.parametrize("options", [["--what"], ["file"], ["--allow-root=x"]])
def test_usage(program, options):
    done = subprocess.run([program, *options], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=20)
    assert done.returncode == 2 and "usage:" in done.stderr


def test_no_socket(program):
    stream, _other = socket.socketpair()
    for stdin in (subprocess.DEVNULL, subprocess.PIPE, stream):
        done = subprocess.run([program], stdin=stdin, capture_output=True, text=True,
                              timeout=20)
        assert done.returncode == 2 and "SOCK_SEQPACKET" in done.stderr


def test_nothing_is_inherited(program, public, server):
    """A descriptor that uxmcd forgot to close is none of it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    reading, writing = os.pipe()
    gate = Gate()
    url = server.route("/a.bin", Answer(BODY, hold_after=1000, gate=gate))
    process = subprocess.Popen([program, "--allow-root"], stdin=theirs,
                               stdout=subprocess.DEVNULL, pass_fds=[writing])
    os.close(writing)
    ours.send(wire.request(url))
    ours.settimeout(20)
    ours.recv(1 << 17)
    assert os.read(reading, 1) == b""
    os.close(reading)
    ours.close()
    assert process.wait(20) == 1


# How it ends
def test_uxmcd_does_not_want_it(server, start):
    """It goes at once, although nothing comes from the server."""
    url = server.route("/a.bin", Answer(BODY, hold_after=1000))
    fetch = start(wire.request(url, stall_timeout=60000))
    while fetch.headers is None:
        fetch.take()
    fetch.close()
    assert fetch.status(5) == 1


def test_uxmcd_goes_while_data_comes(server, start):
    fetch = start(wire.request(server.route("/a.bin", Answer(None, chunked=True))))
    while fetch.count < 1000000:
        fetch.take()
    fetch.close()
    assert fetch.status(5) == 1


def test_uxmcd_goes_while_connecting(start):
    """TEST-NET-1 (RFC 5737): nobody answers there."""
    fetch = start(wire.request("http://192.0.2.1/", connect_timeout=60000,
                               stall_timeout=60000))
    time.sleep(0.5)
    fetch.close()
    assert fetch.status(5) in (0, 1)


def test_uxmcd_says_more(server, start):
    """There is nothing more to say."""
    url = server.route("/a.bin", Answer(BODY, hold_after=1000))
    fetch = start(wire.request(url, stall_timeout=60000))
    fetch.ask(b"more")
    fetch.take_all()
    assert fetch.end is None and fetch.status(5) == 1


def test_quiet(server, start):
    """Nothing is in the log of a job that uxmcd hears the end of."""
    fetch = start(wire.request(server.route("/a.bin", Answer(b"", status=404)))).take_all()
    assert fetch.status() == 0
    said = [line for line in fetch.said.splitlines() if "this kernel has no" not in line]
    assert not said


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_memory(scheme, server, secure, certificate, start):
    """An image of the real size is never in memory as a whole."""
    size = 67294467
    where = server if scheme == "http" else secure
    url = where.route("/a.bin", Answer(bytes(size), hold_after=size - 1, piece=1 << 20))
    fetch = start(wire.request(url, ca_file=certificate[0], stall_timeout=60000),
                  keep=False)
    while fetch.count < size - 1:
        assert fetch.take(30)
    with open(f"/proc/{fetch.process.pid}/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    assert peak < 18 << 10
