# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcd's end of the socket to uxmc-fetch: uxmcd/common/fetchwire.h in Python."""
import ctypes
import os
import signal
import socket
import subprocess
import time

VERSION = 2
IMAGE, SETTINGS, SIGNATURE = 1, 2, 3
ASKED, HEADERS, DATA, ENTRY, FILE, DROPPED, END = 1, 2, 3, 4, 5, 6, 7
COMPLETE, BROKEN, FAILED = 1, 2, 3
RESULTS = {COMPLETE: "complete", BROKEN: "broken", FAILED: "failed"}
DATA_MAX = 65536

# Without a name, so that nothing else runs as that user.
USER = 64911


class Request(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("what", ctypes.c_uint32),
                ("size_max", ctypes.c_uint64), ("offset", ctypes.c_uint64),
                ("connect_timeout", ctypes.c_uint32),
                ("stall_timeout", ctypes.c_uint32), ("listed", ctypes.c_uint32),
                ("rate_min", ctypes.c_uint32),
                ("url", ctypes.c_char * 2049), ("user_agent", ctypes.c_char * 512),
                ("etag", ctypes.c_char * 128), ("modified", ctypes.c_char * 64),
                ("ca_file", ctypes.c_char * 256), ("client_cert", ctypes.c_char * 256),
                ("client_key", ctypes.c_char * 256), ("user", ctypes.c_char * 128),
                ("password", ctypes.c_char * 128), ("proxy", ctypes.c_char * 256),
                ("no_proxy", ctypes.c_char * 256)]


class Headers(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_uint32), ("status", ctypes.c_uint32),
                ("has_length", ctypes.c_uint32), ("has_range", ctypes.c_uint32),
                ("length", ctypes.c_uint64), ("first", ctypes.c_uint64),
                ("last", ctypes.c_uint64), ("total", ctypes.c_uint64),
                ("delimited", ctypes.c_uint32),
                ("etag", ctypes.c_char * 128), ("modified", ctypes.c_char * 64)]


class Entry(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_uint32), ("line", ctypes.c_uint32),
                ("name", ctypes.c_char * 32), ("permission", ctypes.c_char * 3),
                ("value", ctypes.c_char * 2049), ("sha256", ctypes.c_char * 65),
                ("limited", ctypes.c_uint8), ("percent", ctypes.c_uint8)]


class File(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_uint32), ("line", ctypes.c_uint32),
                ("url", ctypes.c_char * 2049)]


class Dropped(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_uint32), ("line", ctypes.c_uint32),
                ("spoils", ctypes.c_uint32), ("sentence", ctypes.c_char * 160)]


class End(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_uint32), ("result", ctypes.c_uint32),
                ("error", ctypes.c_uint32), ("retry_after", ctypes.c_uint32),
                ("overloaded", ctypes.c_uint32),
                ("sentence", ctypes.c_char * 256)]


def request(url, what=IMAGE, **fields):
    """The bytes of one; texts may be str or path."""
    made = Request(version=VERSION, what=what, size_max=1 << 27,
                   connect_timeout=5000, stall_timeout=5000, rate_min=1)
    for name, value in {"url": url, "user_agent": "Phone/1.0", **fields}.items():
        setattr(made, name, value if isinstance(value, int) else str(value).encode())
    return bytes(made)


class Fetch:
    """A uxmc-fetch. What it said is in headers, data, entries, files, dropped, end;
    packets are the kinds in their order."""

    def __init__(self, program, *options, user=USER, keep=True, environment=None):
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        as_user = {"user": user, "group": user, "extra_groups": []}
        if os.geteuid():
            as_user = {}
        self.process = subprocess.Popen([program, *options], stdin=theirs,
                                        stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, cwd="/",
                                        env=os.environ | (environment or {}), **as_user)
        theirs.close()
        self.keep = keep
        self.packets = []
        self.headers = self.end = None
        self.data = bytearray()
        self.count = 0
        self.largest = 0
        self.entries, self.files, self.dropped = [], [], []

    def ask(self, packet):
        self.socket.send(packet)
        return self

    def take(self, timeout=30):
        """One packet; its kind, None if the socket was closed."""
        self.socket.settimeout(timeout)
        try:
            packet = self.socket.recv(DATA_MAX + 64)
        except ConnectionResetError:
            packet = b""
        if not packet:
            return None
        kind = int.from_bytes(packet[:4], "little")
        self.packets.append(kind)
        if kind == HEADERS:
            self.headers = Headers.from_buffer_copy(packet)
        elif kind == DATA:
            self.count += len(packet) - 4
            self.largest = max(self.largest, len(packet) - 4)
            if self.keep:
                self.data += packet[4:]
        elif kind == ENTRY:
            self.entries.append(Entry.from_buffer_copy(packet))
        elif kind == FILE:
            self.files.append(File.from_buffer_copy(packet))
        elif kind == DROPPED:
            self.dropped.append(Dropped.from_buffer_copy(packet))
        elif kind == END:
            self.end = End.from_buffer_copy(packet)
        return kind

    def take_all(self, timeout=30):
        until = time.monotonic() + timeout
        while self.take(max(until - time.monotonic(), 0.01)):
            pass
        return self

    def close(self):
        self.socket.close()

    def status(self, timeout=20):
        """How it ended: an exit status, or "SIGSYS"."""
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "did not end"
        finally:
            self.said = self.process.stderr.read().decode()
            self.process.stderr.close()
        code = self.process.returncode
        return code if code >= 0 else signal.Signals(-code).name

    @property
    def sentence(self):
        return self.end.sentence.decode() if self.end else None

    @property
    def result(self):
        return RESULTS[self.end.result] if self.end else None
