# SPDX-License-Identifier: GPL-2.0-or-later
"""A DFU device after the specification, version 1.1, that answers as it should, but
for some answers that are mutated. What it takes in is what the host sent it.
"""
import errno
import struct
import threading

from mutate import mutated
from usbip import Device

(APP_IDLE, APP_DETACH, IDLE, DNLOAD_SYNC, DNBUSY, DNLOAD_IDLE, MANIFEST_SYNC, MANIFEST,
 WAIT_RESET, UPLOAD_IDLE, ERROR) = range(11)
DETACH, DNLOAD, UPLOAD, GETSTATUS, CLRSTATUS, GETSTATE, ABORT = range(7)
ERR_STALLED = 15

OFF = 0.15      # seconds that it stays off the bus when it changes its mode
OLD, WRONG = "1.1.1", "0.0.1"


class DfuDevice(Device):
    """rate: how much of its answers in DFU mode are not what they should be."""

    def __init__(self, port, rng):
        super().__init__(port)
        self.rng = rng
        self.rate = 0
        self.version = OLD
        self.right = None       # the image that is right, and its version
        self.timer = None       # of when it is back on the bus, in the other mode
        self.manifested = []    # all images that it was told to manifest
        self.configure()
        self.start(dfu=False)

    def configure(self):
        rng = self.rng
        self.size = rng.choice((64, 1024, 4096, 65535))
        self.tolerant = rng.random() < 0.5
        self.detaches = rng.random() < 0.7
        self.poll = rng.choice((0, 0, 1, 3))

    def start(self, dfu):
        self.dfu = dfu
        self.state = IDLE if dfu else APP_IDLE
        self.status = 0
        self.received = b""
        self.rebooting = False  # it runs another version after the next reset
        self.leaving = False
        self.settled = False    # has it been through enumeration in this mode?

    # Descriptors
    def _device(self):
        return struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x200, 0, 0, 0, 64, 0x251c,
                           0xd7c1 if self.dfu else 0xd7c0, 0x100, 0, 0, 3, 1)

    def _configuration(self):
        attributes = 1 | self.tolerant << 2 | self.detaches << 3
        body = bytes([9, 4, 0, 0, 0, 0xfe, 1, 2 if self.dfu else 1, 4])
        body += struct.pack("<BBBHHH", 9, 0x21, attributes, 1000, self.size, 0x110)
        return struct.pack("<BBHBBBBB", 9, 2, 9 + len(body), 1, 1, 0, 0x80, 50) + body

    def _string(self, index):
        if not index:
            return bytes([4, 3, 9, 4])
        text = f"UXMC firmware {self.version}" if index == 4 else "MUTANT"
        data = text.encode("utf-16-le")
        return bytes([2 + len(data), 3]) + data

    def _descriptor(self, setup):
        kind, index = setup.value >> 8, setup.value & 255
        if kind == 1:
            # A reset shows as a new enumeration.
            if self.settled:
                self._was_reset()
            return self._device()
        if kind == 2:
            return self._configuration()
        return self._string(index) if kind == 3 else -errno.EPIPE

    def control(self, setup):
        if setup.kind & 0x60 == 0x20:
            answer = self._class(setup)
            if self.dfu and self.rate and self.rng.random() < self.rate:
                answer = self._wrong(setup, answer)
            return answer
        if setup.request == 6:
            return self._descriptor(setup)
        if setup.request == 9:
            self.settled = True
            return 0
        return b"\0\0" if setup.kind & 0x80 else 0

    # What goes wrong
    def _wrong(self, setup, answer):
        kind = self.rng.randrange(20)
        if kind == 0:
            return None
        if kind < 3:
            return -errno.EPIPE
        if kind == 3:
            return -errno.EPROTO
        if isinstance(answer, bytes):
            # One that is longer than was asked for would be a babble.
            return mutated(self.rng, answer)[:setup.length]
        if answer is not None and answer > 0 and kind < 12:
            return self.rng.randrange(answer)
        return answer

    # Modes
    def _leave(self, dfu):
        """Off the bus, and back in the other mode; what comes first decides."""
        if self.leaving:
            return
        self.leaving = True
        self.timer = threading.Timer(OFF, self._come_back, [dfu])
        self.timer.start()

    def _come_back(self, dfu):
        self.unplug()
        self.start(dfu)
        self.plug()

    def end(self):
        """No timer and no thread is left."""
        timer = self.timer
        if timer:
            timer.cancel()
            if timer.is_alive():
                timer.join()
        self.unplug()

    def _was_reset(self):
        self.settled = False
        if self.state == APP_DETACH:
            self._leave(dfu=True)
        elif self.rebooting:
            self._leave(dfu=False)
        elif self.dfu:
            self.state, self.status, self.received = IDLE, 0, b""

    # Requests
    def _stall(self):
        if self.dfu:
            self.state, self.status = ERROR, ERR_STALLED
        return -errno.EPIPE

    def _class(self, setup):
        request = setup.request
        if request == GETSTATUS:
            return self._get_status()
        if request == GETSTATE:
            return bytes([self.state])
        if request == DETACH and not self.dfu:
            self.state = APP_DETACH
            if self.detaches:
                self._leave(dfu=True)
            return 0
        if not self.dfu:
            return -errno.EPIPE
        if request == DNLOAD:
            return self._download(setup)
        if request == CLRSTATUS and self.state == ERROR:
            self.state, self.status = IDLE, 0
            return 0
        if request == ABORT and self.state in (IDLE, DNLOAD_SYNC, DNLOAD_IDLE,
                                               MANIFEST_SYNC, UPLOAD_IDLE):
            self.state, self.received = IDLE, b""
            return 0
        return self._stall()

    def _download(self, setup):
        if setup.length and self.state in (IDLE, DNLOAD_IDLE):
            if self.state == IDLE:
                self.received = b""
            self.received += setup.data
            self.state = DNLOAD_SYNC
            return len(setup.data)
        if not setup.length and self.state == DNLOAD_IDLE:
            self.state = MANIFEST_SYNC
            self.manifested.append(self.received)
            return 0
        return self._stall()

    def _get_status(self):
        if self.state == DNLOAD_SYNC:
            self.state = DNLOAD_IDLE
        elif self.state == MANIFEST_SYNC:
            self.rebooting = True
            self.version = self.right[1] if self.received == self.right[0] else WRONG
            self.state = IDLE if self.tolerant else WAIT_RESET
            if not self.tolerant and self.detaches:
                self._leave(dfu=False)
        return struct.pack("<B", self.status) + self.poll.to_bytes(3, "little") + \
            bytes([self.state, 0])
