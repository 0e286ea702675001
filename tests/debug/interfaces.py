# SPDX-License-Identifier: GPL-2.0-or-later
"""A device of many DFU interfaces, each with a mutated descriptor, and strings that
are mutated anew each time that they are asked for. The device's own descriptor and
the configuration's head are valid, so that the driver sees the rest.
"""
import errno
import glob
import os
import struct

import guest
from mutate import lengthen, mutated, some_byte
from usbip import Device

MOST = 31
DFU = (0xfe, 1)
FUNCTIONAL = bytes([9, 0x21, 0x0d, 0xe8, 3, 0, 0x10, 0x10, 1])
DT_STRING = 3
VERSION = "UXMC firmware 1.6.1"


def block(data):
    """As a descriptor that says its length rightly, so that others may follow."""
    data = bytes(data[:255])
    return data if len(data) < 2 else bytes([len(data)]) + data[1:]


def functional(rng):
    """What stands behind an interface's descriptor"""
    kind = rng.randrange(10)
    if kind == 0:
        return b""
    if kind == 1:
        return FUNCTIONAL
    if kind == 2:
        return block(lengthen(rng, FUNCTIONAL)) + FUNCTIONAL
    if kind == 3:
        return block(bytes([0, rng.choice((0x21, 0x24, 0x0b, 0xff))] +
                           [some_byte(rng) for _ in range(rng.randrange(250))])) + \
            block(mutated(rng, FUNCTIONAL))
    return block(mutated(rng, FUNCTIONAL))


class Interfaces(Device):
    def __init__(self, port, rng):
        super().__init__(port)
        self.rng = rng
        self.configuration = b""

    def plug(self):
        """As another device each time"""
        rng = self.rng
        self.product = rng.choice((0xd7c0, 0xd7c1, 0xd8c0, 0xd8c1))
        self.count = rng.choice((1, 2, MOST, MOST, MOST, MOST, MOST, MOST))
        body = b"".join(self._interface(number) for number in range(self.count))
        # Not well formed, either: then the kernel cuts off what comes after.
        if rng.random() < 0.1:
            body = mutated(rng, body)
        self.configuration = struct.pack(
            "<BBHBBBBB", 9, 2, 9 + len(body), self.count, 1, 0, 0x80, 50) + body
        super().plug()

    def _interface(self, number):
        rng = self.rng
        alternates = rng.choice((1, 1, 1, 1, 2, 3))
        result = b""
        for alternate in range(alternates):
            kind = DFU if rng.random() < 0.98 else (some_byte(rng), some_byte(rng))
            protocol = rng.choice((1, 1, 2, some_byte(rng)))
            result += bytes([9, 4, number, alternate, 0, *kind, protocol,
                             rng.choice((0, 4, 4, 4, 5, some_byte(rng)))])
            # DFU 1.1 has one for all of them, and devices have it after the last.
            if alternate == alternates - 1 or rng.random() < 0.5:
                result += functional(rng)
        return result

    def _string(self, index):
        rng = self.rng
        if not index:
            return bytes([4, DT_STRING, 9, 4])
        text = VERSION.encode("utf-16-le")
        string = bytes([2 + len(text), DT_STRING]) + text
        kind = rng.randrange(8)
        if kind == 0:
            return -errno.EPIPE
        if kind == 1:
            return string
        if kind == 2:
            return bytes([255, DT_STRING] + [some_byte(rng) for _ in range(253)])
        if kind == 3:
            return string[:2] + mutated(rng, string[2:])
        return mutated(rng, string)

    def control(self, setup):
        if setup.kind == 0x80 and setup.request == 6:
            kind, index = setup.value >> 8, setup.value & 255
            if kind == 1:
                return struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x200, 0, 0, 0, 64, 0x251c,
                                   self.product, self.rng.randrange(1 << 16), 1, 2,
                                   self.rng.choice((0, 3)), 1)
            if kind == 2:
                return self.configuration
            if kind == DT_STRING:
                return self._string(index)
            return -errno.EPIPE
        if setup.request in (9, 11):        # SET_CONFIGURATION, SET_INTERFACE
            return 0
        if setup.request == 0:              # GET_STATUS
            return b"\0\0"
        return -errno.EPIPE

    def configured(self):
        """Has the kernel got all of it? The attribute is shown once it is through."""
        try:
            with open(f"{self.path}/bConfigurationValue") as file:
                return bool(file.read().strip())
        except OSError:
            return False

    def wait(self):
        """Until the driver has seen all interfaces; gives their names."""
        guest.until(self.configured, 30, f"{self.name} is configured")
        return sorted(name for name in map(os.path.basename,
                                           glob.glob(f"{self.path}:1.*"))
                      if self._is_dfu(name))

    @staticmethod
    def _is_dfu(name):
        with open(f"/sys/bus/usb/devices/{name}/modalias") as file:
            return f"ic{DFU[0]:02X}isc{DFU[1]:02X}" in file.read()
