# SPDX-License-Identifier: GPL-2.0-or-later
"""What is on the bus of a module, as the kernel's usbmon sees it: its binary interface,
in Documentation/usb/usbmon.rst.
"""
import fcntl
import os
import select
import struct
import subprocess
import time

MON_IOCG_STATS = 0x80089203
MON_IOCT_RING_SIZE = 0x9204
RING_SIZE = 1200 << 10      # the most that it takes

# struct usbmon_packet: id, type, xfer_type, epnum, devnum, busnum, flag_setup,
# flag_data, ts_sec, ts_usec, status, length, len_cap, setup
PACKET = struct.Struct("=Q4BH2bqiiII8s")
CONTROL = 2

CLASS = (0x21, 0xa1)
DEVICE_IN = 0x80

DNLOAD, GETSTATUS = 1, 3
GET_DESCRIPTOR = 6      # of a device; ABORT of DFU, which asks for no bytes


def _realtime_offset():
    """What to take from CLOCK_REALTIME, in which usbmon has its times, for
    CLOCK_MONOTONIC, in which the others have theirs; us
    """
    def once():
        before = time.monotonic_ns()
        there = time.time_ns()
        after = time.monotonic_ns()
        return after - before, there - (before + after) / 2
    return min(once() for _ in range(20))[1] / 1000


class Usbmon:
    """Requests to a module's default endpoint, as they are submitted and answered"""

    def __init__(self, module):
        bus = module.read("port").split("-")[0]
        subprocess.run(["modprobe", "usbmon"], check=True)
        self.offset = _realtime_offset()
        self.file = os.open(f"/dev/usbmon{bus}", os.O_RDONLY)   # when it begins
        fcntl.ioctl(self.file, MON_IOCT_RING_SIZE, RING_SIZE)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        os.close(self.file)

    def _packets(self, within):
        end = time.monotonic() + within
        while select.select([self.file], [], [], max(0, end - time.monotonic()))[0]:
            yield PACKET.unpack_from(os.read(self.file, 1 << 20))
        _, lost = struct.unpack("=II", fcntl.ioctl(self.file, MON_IOCG_STATS, bytes(8)))
        raise AssertionError(f"not seen within {within} s, {lost} events lost")

    def requests(self, until, kinds=CLASS, within=60):
        """(S, C or E for an error, bRequest, wLength, when in us of CLOCK_MONOTONIC),
        up to the one that is found by until(). The kinds are bmRequestType.
        """
        names = {}
        for urb, kind, transfer, _, _, _, no_setup, _, sec, usec, *_, setup in \
                self._packets(within):
            if transfer != CONTROL:
                continue
            if not no_setup:
                kind_of, request, _, _, length = struct.unpack("<BBHHH", setup)
                names[urb] = (request, length) if kind_of in kinds else None
            if names.get(urb):
                event = (chr(kind), *names[urb], sec * 1e6 + usec - self.offset)
                yield event
                if until(event):
                    return
