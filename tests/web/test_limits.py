# SPDX-License-Identifier: GPL-2.0-or-later
"""What is no honest request, or too many of them: others are served all the same, and
uxmcd is not kept from its work.
"""
import contextlib
import http.client
import os
import re
import socket
import statistics
import threading
import time

import pytest

from pages import HOST

HEADERS = b"Host: 127.0.0.1\r\n"


def connect(web):
    return socket.create_connection((HOST, web.port), 10)


def ask_raw(web, text, within=10):
    """All that is answered."""
    with connect(web) as client:
        client.settimeout(within)
        client.sendall(text)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while data := client.recv(65536):
                answer += data
                if answer.startswith(b"HTTP/1.1 ") and complete(answer):
                    break
        return answer


def complete(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"Content-Length: (\d+)", head)
    return length and len(body) >= int(length.group(1))


def status(answer):
    found = re.match(rb"HTTP/1\.[01] (\d+)", answer)
    return int(found.group(1)) if found else None


def served(web):
    return web.get("/info.htm").status == 200


BAD = {
    "nothing": b"\r\n\r\nx\r\n\r\n",
    "binary": bytes(range(256)) * 4 + b"\r\n\r\n",
    "no version": b"GET /info.htm\r\n\r\n",
    "another version": b"GET /info.htm HTTP/9.9\r\n" + HEADERS + b"\r\n",
    "no host": b"GET /info.htm HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /info.htm HTTP/1.1\r\nHost: evil\r\n" + HEADERS + b"\r\n",
    "a header without a colon": b"GET /info.htm HTTP/1.1\r\n" + HEADERS + b"x\r\n\r\n",
    "a long path": b"GET /" + b"x" * 60000 + b" HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "a long header": b"GET /info.htm HTTP/1.1\r\n" + HEADERS + b"X: " + b"x" * 60000 +
                     b"\r\n\r\n",
    "many headers": b"GET /info.htm HTTP/1.1\r\n" + HEADERS + b"X: y\r\n" * 10000 + b"\r\n",
    "a NUL": b"GET /info.htm\0x HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "a NUL in a header": b"GET /info.htm HTTP/1.1\r\n" + HEADERS + b"Cookie: uxmc=\0\r\n\r\n",
    "up": b"GET /../../etc/passwd HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "up, escaped": b"GET /%2e%2e/etc/passwd HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "escaped otherwise": b"GET /info%2ehtm HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "a whole URL": b"GET http://127.0.0.1/info.htm HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "connect": b"CONNECT evil:80 HTTP/1.1\r\n" + HEADERS + b"\r\n",
    "a negative length": b"POST /update.htm HTTP/1.1\r\n" + HEADERS +
                         b"Content-Length: -1\r\n\r\n",
    "a huge length": b"POST /update.htm HTTP/1.1\r\n" + HEADERS +
                     b"Content-Length: 99999999999999999999999\r\n\r\n",
    "a long length": b"POST /update.htm HTTP/1.1\r\n" + HEADERS +
                     b"Content-Length: 65537\r\n\r\n",
    "chunks": b"POST /update.htm HTTP/1.1\r\n" + HEADERS +
              b"Transfer-Encoding: chunked\r\n\r\n3\r\nx=1\r\n0\r\n\r\n",
    "chunks and a length": b"POST /update.htm HTTP/1.1\r\n" + HEADERS +
                           b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
                           b"3\r\nx=1\r\n0\r\n\r\n",
    "many fields": b"GET /settings.htm?settings=save" + b"&x=y" * 1000 + b" HTTP/1.1\r\n" +
                   HEADERS + b"\r\n",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_bad_requests(web, fake, text):
    """Refused or hung up on, never done; the next one is served."""
    answer = ask_raw(web, text)
    allowed = {None, 400, 403, 404, 405, 411, 413, 414, 421, 431, 501, 505}
    # For libmicrohttpd before 1.0 it is the end of a line's text.
    assert status(answer) in allowed | ({200} if b"\0" in text else set())
    assert not {request.split(" ")[0] for request in fake.requests} & {
        "set", "clear", "update", "file", "cancel", "check"}
    assert served(web)


def test_several_on_a_connection(web, fake):
    connection = http.client.HTTPConnection(HOST, web.port, timeout=10)
    for path, wanted in (("/info.htm", 200), ("/nothing", 404), ("/update.htm", 200)):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == wanted
    connection.close()


def test_one_after_another_without_waiting(web, fake):
    one = b"GET /dummy.htm HTTP/1.1\r\n" + HEADERS + b"\r\n"
    with connect(web) as client:
        client.settimeout(10)
        client.sendall(one * 5)
        answer = b""
        while answer.count(b"OK\n") < 5:
            data = client.recv(65536)
            assert data
            answer += data


# Slow ones
def ended_within(client, seconds):
    client.settimeout(seconds)
    start = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        while client.recv(65536):
            pass
    return time.monotonic() - start


def drip(client, text, pause, stop):
    with contextlib.suppress(OSError):
        for byte in text:
            client.send(bytes([byte]))
            if stop.wait(pause):
                return


@pytest.mark.parametrize("text", [
    b"GET /info.htm HTTP/1.1\r\n" + HEADERS + b"X: " + b"y" * 1000,
    b"POST /settings.htm HTTP/1.1\r\n" + HEADERS +
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n" +
    b"x" * 1000], ids=["headers", "body"])
def test_a_slow_client(web, fake, text):
    """A byte now and then is not enough: it has its time, and no more."""
    stop = threading.Event()
    with connect(web) as client:
        begin = text.index(b"X: ") if b"X: " in text else text.index(b"\r\n\r\n") + 4
        client.sendall(text[:begin])
        threading.Thread(target=drip, args=[client, text[begin:], 0.5, stop],
                         daemon=True).start()
        try:
            assert ended_within(client, 40) < 30
        finally:
            stop.set()
    assert served(web)


def test_a_silent_client(web, fake):
    with connect(web) as client:
        assert 10 < ended_within(client, 40) < 30


def test_who_does_not_read(web, fake):
    """Answers pile up at the other end, and are given up in time."""
    with connect(web) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with contextlib.suppress(OSError):
            client.settimeout(5)
            for _ in range(2000):
                client.sendall(b"GET /settings.htm HTTP/1.1\r\n" + HEADERS + b"\r\n")
        assert served(web)


# Many
def test_200_connections(start, fake):
    """Those that are too many are hung up on or wait; they have their time as well, and
    then others are served. What comes by another way is served meanwhile.
    """
    with start() as web, contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connect(web)).sendall(b"GET /in")
        assert web.get("/info.htm", unix=True).status == 200
        stack.close()
        end = time.monotonic() + 40
        while True:
            try:
                assert served(web)
                break
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < end
        with open(f"/proc/{web.process.pid}/status") as file:
            assert int(re.search(r"Threads:\s+(\d+)", file.read()).group(1)) <= 64


def test_200_connections_that_stay(start, fake):
    with start() as web, contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connect(web))
        end = time.monotonic() + 60
        while True:
            try:
                if served(web):
                    break
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < end, "nobody is served any more"
                time.sleep(0.2)


def load(web, stop, seen):
    while not stop.is_set():
        with contextlib.suppress(OSError, http.client.HTTPException):
            seen.append(web.request("GET", "/update.htm").status)


def test_uxmcd_is_not_kept_from_its_work(web, fake):
    """With as many as want to ask at once, a few at a time reach uxmcd; and others who
    ask it have their answers.
    """
    stop, seen = threading.Event(), []
    threads = [threading.Thread(target=load, args=[web, stop, seen]) for _ in range(20)]
    for thread in threads:
        thread.start()
    times = []
    fake.most = 0
    try:
        for _ in range(50):
            began = time.monotonic()
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
                client.connect(fake.control)
                client.send(b"waiting ")
                client.recv(4096)
            times.append(time.monotonic() - began)
            time.sleep(0.02)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert statistics.median(times) < 0.1
    # 8 of a user, and the one of this test
    assert fake.most <= 9
    assert seen.count(200) > 20 and set(seen) <= {200, 503}


def test_uxmcd_that_is_slow(web, fake):
    """Each request has an answer, in time."""
    fake.delay = 0.4
    began = time.monotonic()
    threads = []
    statuses = []
    for _ in range(10):
        threads.append(threading.Thread(target=lambda: statuses.append(
            web.request("GET", "/info.htm").status)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {200, 503} and statuses.count(200) >= 4
    assert time.monotonic() - began < 20


def test_uxmcd_that_says_nothing(web, fake):
    fake.answers["visitor"] = []
    began = time.monotonic()
    page = web.request("GET", "/info.htm")
    assert page.status == 503 and "does not answer" in page.text
    assert time.monotonic() - began < 15


# Coming and going
def test_it_leaves_when_nobody_asks(start, fake):
    with start("--exit-idle", web_idle=1) as web:
        assert served(web)
        with connect(web):
            time.sleep(2)
            assert web.process.poll() is None
        assert web.process.wait(10) == 0


def test_it_ends_when_it_is_told_to(start, fake):
    for _ in range(2):
        with start() as web, connect(web):
            assert web.stop() == 0


def test_privileges(web, fake):
    """Another user, with nothing that it could do more than others."""
    with open(f"/proc/{web.process.pid}/status") as file:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    if os.getuid() == 0:
        assert set(fields["Uid"].split()) == {"65534"}
        assert set(fields["Gid"].split()) == {"65534"}
        assert fields["CapBnd"].strip("0") == ""
    for name in "CapInh", "CapPrm", "CapEff", "CapAmb":
        assert fields[name].strip("0") == ""
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")



def test_memory(start, fake):
    """Most of it is libraries that are linked with others' programs, too; what is its own
    does not grow with what it has served.
    """
    def own(web):
        with open(f"/proc/{web.process.pid}/smaps_rollup") as file:
            return int(re.search(r"Pss_Anon:\s+(\d+)", file.read()).group(1))

    with start() as web:
        for _ in range(50):
            for path in "/info.htm", "/update.htm", "/settings.htm", "/metrics":
                web.get(path)
        first = own(web)
        for _ in range(200):
            for path in "/info.htm", "/update.htm", "/settings.htm", "/metrics":
                web.get(path)
        assert own(web) <= first + 64
        print(f"{own(web)} KiB of its own")
