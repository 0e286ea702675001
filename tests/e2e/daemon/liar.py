#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-or-later
"""In place of uxmc-fetch: one that does not do what it should. Which way is the
directory in the URL that it is asked for: http://server/WAY/snomD7C-1.6.1-r.bin.
"""
import array
import os
import random
import shutil
import signal
import socket
import stat
import tempfile
import time

import wire

uxmcd = socket.socket(fileno=0)


def end(result, error, sentence="it ended"):
    packet = wire.End(kind=wire.END, result=result, error=error)
    packet.sentence = sentence.encode()
    uxmcd.send(bytes(packet))


def asked():
    uxmcd.send(bytes([wire.ASKED, 0, 0, 0]))


def headers(length=None, status=200):
    asked()
    uxmcd.send(bytes(wire.Headers(kind=wire.HEADERS, status=status,
                                  has_length=length is not None,
                                  length=length or 0, delimited=length is None)))


def data(count):
    uxmcd.send(bytes([wire.DATA, 0, 0, 0]) + b"x" * count)


def entry(name, value, permission="", line=1):
    packet = wire.Entry(kind=wire.ENTRY, line=line)
    packet.name, packet.value = name.encode(), value.encode()
    packet.permission = permission.encode()
    uxmcd.send(bytes(packet))


def named(url, line=1):
    packet = wire.File(kind=wire.FILE, line=line)
    packet.url = url.encode()
    uxmcd.send(bytes(packet))


def dropped(sentence="it does not count", line=1, spoils=0):
    packet = wire.Dropped(kind=wire.DROPPED, line=line, spoils=spoils)
    packet.sentence = sentence.encode()
    uxmcd.send(bytes(packet))


def exhausts():
    hoard = []
    while True:
        hoard.append(bytearray(1 << 20))
        if len(hoard) > 100:
            os.kill(os.getpid(), signal.SIGKILL)    # as the kernel does


def unasked():
    uxmcd.send(bytes(wire.Headers(kind=wire.HEADERS, status=200)))


def too_much():
    headers(10)
    data(11)


def flood():
    headers()
    while True:
        data(60000)


def short():
    headers(10)
    data(5)
    end(wire.COMPLETE, 0)


def asks_for_ever():
    while True:
        asked()


def escape():
    end(wire.FAILED, 5, "all is \x1b[32mwell")


def descriptors():
    """uxmcd never asked for any."""
    some = array.array("i", [os.open("/dev/null", os.O_RDONLY) for _ in range(8)])
    uxmcd.sendmsg([bytes([wire.ASKED, 0, 0, 0])],
                  [(socket.SOL_SOCKET, socket.SCM_RIGHTS, some)])
    end(wire.FAILED, 5)


def lingers():
    for number in range(1, 32):
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_IGN)
    end(wire.FAILED, 5)
    time.sleep(3600)


def makes():
    """What can be made, under the filter that is uxmcd's, too"""
    path = tempfile.mkdtemp()
    made = []
    for name, make in {
            "file": lambda new: os.close(os.open(new, os.O_CREAT | os.O_WRONLY)),
            "link": lambda new: os.link(f"{path}/file", new),
            "symlink": lambda new: os.symlink("file", new),
            "fifo": os.mkfifo, "node": lambda new: os.mknod(new, 0o600 | stat.S_IFIFO),
            "directory": os.mkdir}.items():
        try:
            make(f"{path}/{name}")
            made.append(name)
        except PermissionError:
            pass
    shutil.rmtree(path)
    end(wire.FAILED, 5, f"made {' '.join(made)}")


def unknown_setting():
    headers()
    entry("firmware_mug", "http://server/")


def wrong_value():
    headers()
    entry("update_policy", "always")


def image_for_settings():
    headers(10)
    data(10)


def names_files():
    headers()
    while True:
        named("http://server/a.xml")


def names_etc():
    headers()
    named("file:///etc/passwd")


def names_nowhere():
    headers()
    named("http://server/a.xml", line=0)


def drops_all():
    headers()
    while True:
        dropped()


def drops_escape():
    headers()
    dropped("all is \x1b[32mwell")


def drops_and_sends():
    headers()
    dropped(spoils=1)
    entry("firmware_uxm", "http://server/a.bin")


def names_for_image():
    headers(10)
    named("http://server/a.xml")


WAYS = {
    "dies": lambda: None,
    "crashes": os.abort,
    "exhausts": exhausts,
    "complains": lambda: os._exit(4),
    "garbage": lambda: uxmcd.send(random.randbytes(100)),
    "empty": lambda: uxmcd.send(b""),
    "long": lambda: uxmcd.send(bytes([wire.DATA]) + bytes(70000)),
    "unasked": unasked,
    "too-large": lambda: headers(1 << 40),
    "too-much": too_much,
    "flood": flood,
    "short": short,
    "complete": lambda: end(wire.COMPLETE, 0),
    "not-modified": lambda: headers(status=304),
    "asks-for-ever": asks_for_ever,
    "escape": escape,
    "descriptors": descriptors,
    "lingers": lingers,
    "makes": makes,
    "silent": lambda: time.sleep(3600),
    "unknown-setting": unknown_setting,
    "wrong-value": wrong_value,
    "image-for-settings": image_for_settings,
    "names-files": names_files,
    "names-etc": names_etc,
    "names-nowhere": names_nowhere,
    "names-for-image": names_for_image,
    "drops-all": drops_all,
    "drops-escape": drops_escape,
    "drops-and-sends": drops_and_sends,
}

request = wire.Request.from_buffer_copy(uxmcd.recv(8192))
try:
    WAYS[request.url.decode().split("/")[3]]()
except OSError:
    pass            # uxmcd has heard enough
