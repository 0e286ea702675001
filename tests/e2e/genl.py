# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of the driver's generic netlink family, over a plain socket.

It shares no code with uxmcd, so that the two check each other against
driver/uapi/uxmc.h.
"""
import errno
import os
import select
import socket
import struct
import time

from patience import deadline

NETLINK_GENERIC = 16
SOL_NETLINK = 270
NETLINK_ADD_MEMBERSHIP = 1
NETLINK_CAP_ACK = 10
NETLINK_EXT_ACK = 11
SO_RCVBUFFORCE = 33

NLM_F_REQUEST = 0x1
NLM_F_MULTI = 0x2
NLM_F_ACK = 0x4
NLM_F_DUMP = 0x300
NLM_F_DUMP_INTR = 0x10
NLM_F_CAPPED = 0x100
NLM_F_ACK_TLVS = 0x200
NLMSG_ERROR = 2
NLMSG_DONE = 3
NLMSGERR_ATTR_MSG = 1

GENL_ID_CTRL = 16
CTRL_CMD_GETFAMILY = 3
CTRL_ATTR_FAMILY_ID = 1
CTRL_ATTR_FAMILY_NAME = 2
CTRL_ATTR_MCAST_GROUPS = 7
CTRL_ATTR_MCAST_GRP_NAME = 1
CTRL_ATTR_MCAST_GRP_ID = 2

COMMANDS = {name: number for number, name in enumerate(
    "module-get module-ntf update-request update-flash update-report "
    "update-cancel setting-set".split(), 1)}
STATES = ("idle requested fetching verifying detaching downloading "
          "manifesting rebooting done failed").split()
EVENTS = "added changed removed".split()

# How often a dump is begun again
DUMPS = 20
MODES = "application dfu".split()

# In the order of enum uxmc_attr.
ATTRIBUTES = [
    ("module", "u32"), ("event", EVENTS), ("port", "string"),
    ("model", "string"), ("mode", MODES), ("away", "flag"),
    ("version", "string"), ("serial", "string"), ("state", STATES),
    ("done", "u64"), ("total", "u64"), ("timeout", "u32"),
    ("message", "string"), ("errno", "u32"), ("url", "string"),
    ("file", "string"), ("expect", "string"), ("firmware_uxm", "string"),
    ("cleared", "flag"), ("pad", "pad"),
]
NUMBER = {name: number for number, (name, _) in enumerate(ATTRIBUTES, 1)}


class Interrupted(Exception):
    """What was dumped has changed meanwhile: the dump may not have all of it."""


class Refused(OSError):
    """A request was refused: errno, and the sentence of the extended ack."""

    def __init__(self, number, sentence):
        super().__init__(number, sentence or os.strerror(number))
        self.sentence = sentence

    def __str__(self):
        return f"{errno.errorcode.get(self.errno, self.errno)}: {self.sentence!r}"


def attribute(number, data):
    padding = b"\0" * (-len(data) % 4)
    return struct.pack("=HH", len(data) + 4, number) + data + padding


def attributes(data):
    """The (number, value) pairs in data."""
    while len(data) >= 4:
        length, number = struct.unpack_from("=HH", data)
        assert 4 <= length <= len(data), "malformed netlink attribute"
        yield number & 0x3fff, data[4:length]
        data = data[(length + 3) & ~3:]


def messages(data):
    """The (type, flags, sequence, payload) of the messages in data."""
    while len(data) >= 16:
        length, kind, flags, sequence, _ = struct.unpack_from("=IHHII", data)
        assert 16 <= length <= len(data), "malformed netlink message"
        yield kind, flags, sequence, data[16:length]
        data = data[(length + 3) & ~3:]


def encode(name, value):
    """An attribute; bytes are taken as they are, whatever its type."""
    kind = dict(ATTRIBUTES)[name]
    if isinstance(value, bytes):
        data = value
    elif kind == "string":
        data = value.encode() + b"\0"
    elif kind == "u64":
        data = struct.pack("=Q", value)
    elif isinstance(kind, list) and isinstance(value, str):
        data = struct.pack("=I", kind.index(value))
    else:
        data = struct.pack("=I", value)
    return attribute(NUMBER[name], data)


def decode(payload):
    """A status or a notification as a dictionary."""
    result = {"away": False, "cleared": False}
    for number, data in attributes(payload[4:]):
        name, kind = ATTRIBUTES[number - 1]
        if kind == "string":
            assert data.endswith(b"\0"), f"{name} has no NUL at its end"
            result[name] = data[:-1].decode()
        elif kind == "u64":
            result[name] = struct.unpack("=Q", data)[0]
        elif kind == "u32":
            result[name] = struct.unpack("=I", data)[0]
        elif kind == "flag":
            assert not data
            result[name] = True
        elif kind != "pad":
            result[name] = kind[struct.unpack("=I", data)[0]]
    return result


class Genl:
    """The family "uxmc", for requests. May be handed over a fork."""

    def __init__(self, timeout=10):
        self.timeout = timeout
        self.reopen()

    def reopen(self):
        """Begin anew, as after the driver was loaded again."""
        self.sequence = 0
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                    NETLINK_GENERIC)
        self.socket.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        self.socket.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        self.socket.bind((0, 0))
        self.family, self.groups = self._resolve()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def _resolve(self):
        answer = self._exchange(
            GENL_ID_CTRL, CTRL_CMD_GETFAMILY,
            attribute(CTRL_ATTR_FAMILY_NAME, b"uxmc\0"), NLM_F_ACK)
        found = dict(attributes(answer[0][4:]))
        groups = {}
        for _, group in attributes(found.get(CTRL_ATTR_MCAST_GROUPS, b"")):
            parts = dict(attributes(group))
            name = parts[CTRL_ATTR_MCAST_GRP_NAME].rstrip(b"\0").decode()
            groups[name] = struct.unpack("=I", parts[CTRL_ATTR_MCAST_GRP_ID])[0]
        return struct.unpack("=H", found[CTRL_ATTR_FAMILY_ID])[0], groups

    def _exchange(self, family, command, body, flags):
        """Send, and collect the payloads of the answer up to its end."""
        self.sequence += 1
        payload = struct.pack("=BBH", command, 1, 0) + body
        self.socket.send(struct.pack("=IHHII", 16 + len(payload), family,
                                     NLM_F_REQUEST | flags, self.sequence, 0)
                         + payload)
        answer, end = [], time.monotonic() + self.timeout
        interrupted = False
        while True:
            left = max(0, end - time.monotonic())
            assert select.select([self.socket], [], [], left)[0], \
                f"no answer to netlink command {command} in {self.timeout} s"
            for kind, got, sequence, data in messages(self.socket.recv(65536)):
                assert sequence == self.sequence
                if got & NLM_F_DUMP_INTR:
                    interrupted = True
                if kind == NLMSG_ERROR:
                    self._raise_error(got, data)
                    return answer
                if kind == NLMSG_DONE:
                    self._raise_dump_error(got, data)
                    if interrupted:
                        raise Interrupted
                    return answer
                answer.append(data)

    @staticmethod
    def _raise_dump_error(flags, data):
        number = -struct.unpack_from("=i", data)[0]
        if number:
            rest = data[4:] if flags & NLM_F_ACK_TLVS else b""
            sentence = dict(attributes(rest)).get(NLMSGERR_ATTR_MSG, b"")
            raise Refused(number, sentence.rstrip(b"\0").decode())

    @staticmethod
    def _raise_error(flags, data):
        number = -struct.unpack_from("=i", data)[0]
        if not number:
            return
        rest = data[4 + 16:]
        if not flags & NLM_F_CAPPED:
            length = struct.unpack_from("=I", data, 4)[0]
            rest = data[4 + (length + 3 & ~3):]
        sentence = ""
        if flags & NLM_F_ACK_TLVS:
            sentence = dict(attributes(rest)).get(NLMSGERR_ATTR_MSG, b"")
            sentence = sentence.rstrip(b"\0").decode()
        raise Refused(number, sentence)

    def send(self, command, **attrs):
        """A command of the family; raises Refused, or returns the answers."""
        body = b"".join(encode(name, value) for name, value in attrs.items())
        return self._exchange(self.family, COMMANDS[command], body, NLM_F_ACK)

    def get(self, module):
        return decode(self.send("module-get", module=module)[0])

    def dump(self, **attrs):
        """Once more, if modules came or went meanwhile."""
        body = b"".join(encode(name, value) for name, value in attrs.items())
        for _ in range(DUMPS):
            try:
                return [decode(data) for data in self._exchange(
                    self.family, COMMANDS["module-get"], body, NLM_F_DUMP)]
            except Interrupted:
                pass
        raise AssertionError(f"{DUMPS} dumps were interrupted")

    def request(self, module, url):
        self.send("update-request", module=module, url=url)

    def flash(self, module, file, expect=None):
        attrs = {} if expect is None else {"expect": expect}
        self.send("update-flash", module=module, file=file, **attrs)

    def report(self, module, state="fetching", **attrs):
        self.send("update-report", module=module, state=state, **attrs)

    def cancel(self, module):
        self.send("update-cancel", module=module)

    def set_firmware_uxm(self, module, value):
        self.send("setting-set", module=module, firmware_uxm=value)


class Monitor(Genl):
    """A listener of the group "monitor"; keeps all that it has heard."""

    def reopen(self):
        super().reopen()
        self.heard = []
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
        except PermissionError:
            pass
        self.socket.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
                               self.groups["monitor"])

    def fileno(self):
        return self.socket.fileno()

    def next(self, within):
        """The next notification, or None when none came in that time."""
        if not select.select([self.socket], [], [], max(0, within))[0]:
            return None
        (kind, _, _, data), = messages(self.socket.recv(65536))
        assert kind == self.family and data[0] == COMMANDS["module-ntf"]
        self.heard.append(decode(data))
        return self.heard[-1]

    def pending(self):
        """Take what has come; all that was heard so far."""
        while self.next(0):
            pass
        return self.heard

    def wait(self, wanted, within):
        """The next notification that wanted() accepts, or None."""
        end = deadline(within)
        while True:
            heard = self.next(end - time.monotonic())
            if heard is None or wanted(heard):
                return heard
