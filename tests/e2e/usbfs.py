# SPDX-License-Identifier: GPL-2.0-or-later
"""USB devices from user space, as usbdevice_fs.h has them, and the requests of
DFU 1.1 on top: for tests that are a host themselves.
"""
import ctypes
import errno
import fcntl
import glob
import os
import select
import socket
import struct
import time

from patience import deadline

# The ioctls, as _IO('U', 20) and so on make them
USBDEVFS_RESET = 0x5514
USBDEVFS_CONTROL = 0xc0185500
USBDEVFS_BULK = 0xc0185502
USBDEVFS_CLAIMINTERFACE = 0x8004550f

DETACH, DNLOAD, UPLOAD, GETSTATUS, CLRSTATUS, GETSTATE, ABORT = range(7)

STATES = ["appIDLE", "appDETACH", "dfuIDLE", "dfuDNLOAD-SYNC", "dfuDNBUSY",
          "dfuDNLOAD-IDLE", "dfuMANIFEST-SYNC", "dfuMANIFEST",
          "dfuMANIFEST-WAIT-RESET", "dfuUPLOAD-IDLE", "dfuERROR"]

ERR_WRITE = 3
ERR_PROG = 6
ERR_VERIFY = 7
ERR_NOTDONE = 9
ERR_FIRMWARE = 10
ERR_STALLEDPKT = 15


class Control(ctypes.Structure):
    """struct usbdevfs_ctrltransfer"""
    _fields_ = [("request_type", ctypes.c_uint8), ("request", ctypes.c_uint8),
                ("value", ctypes.c_uint16), ("index", ctypes.c_uint16),
                ("length", ctypes.c_uint16), ("timeout", ctypes.c_uint32),
                ("data", ctypes.c_void_p)]


class Bulk(ctypes.Structure):
    """struct usbdevfs_bulktransfer"""
    _fields_ = [("endpoint", ctypes.c_uint), ("length", ctypes.c_uint),
                ("timeout", ctypes.c_uint), ("data", ctypes.c_void_p)]


def _attribute(path, name):
    try:
        with open(f"{path}/{name}") as file:
            return file.read().strip()
    except OSError:
        return None


def find(product):
    """The sysfs directory of the configured device 251c:PRODUCT, or None."""
    for path in glob.glob("/sys/bus/usb/devices/*-*"):
        if _attribute(path, "idVendor") == "251c" and \
           _attribute(path, "idProduct") == f"{product:04x}" and \
           _attribute(path, "bConfigurationValue"):
            return path
    return None


def _open(path):
    """The node of the device with that sysfs directory"""
    bus, number = _attribute(path, "busnum"), _attribute(path, "devnum")
    if not bus or not number:
        raise OSError(errno.ENODEV, f"{path} has gone")
    return os.open(f"/dev/bus/usb/{int(bus):03}/{int(number):03}",
                   os.O_RDWR | os.O_CLOEXEC)


def reset(path):
    """Reset a device, as any program with rights to it can do."""
    file = _open(path)
    try:
        fcntl.ioctl(file, USBDEVFS_RESET)
    finally:
        os.close(file)


class Uevents:
    """What the kernel says of its devices, from now on."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind((0, 1))

    def until(self, condition, within, what):
        """Wait until it holds, looking again at each event."""
        end = deadline(within)
        while True:
            result = condition()
            if result:
                return result
            left = end - time.monotonic()
            assert left > 0, f"not within {within} s: {what}"
            if select.select([self.socket], [], [], left)[0]:
                self.socket.recv(65536)


def wait(product, within=10):
    """The same as find(), once it is there."""
    events = Uevents()
    return events.until(lambda: find(product), within, f"251c:{product:04x}")


class Interface:
    """An interface of a device, by its number from the first or the last on.
    Requests raise OSError, EPIPE for a stall.
    """

    def __init__(self, product, number, within=10):
        self.path = wait(product, within)
        self.file = _open(self.path)
        count = int(_attribute(self.path, "bNumInterfaces"))
        self.interface = range(count)[number]
        fcntl.ioctl(self.file, USBDEVFS_CLAIMINTERFACE,
                    struct.pack("I", self.interface))

    def close(self):
        os.close(self.file)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def control(self, request_type, request, value, index, data, timeout=2000):
        """data: the bytes to send, or how many to ask for."""
        length = data if isinstance(data, int) else len(data)
        buffer = ctypes.create_string_buffer(
            b"" if isinstance(data, int) else data, max(length, 1))
        transfer = Control(request_type, request, value, index, length, timeout,
                           ctypes.addressof(buffer))
        done = fcntl.ioctl(self.file, USBDEVFS_CONTROL, transfer)
        return buffer.raw[:done] if request_type & 0x80 else done

    def bulk(self, endpoint, data, timeout=2000):
        """Bulk or interrupt, as the endpoint is; data as above."""
        length = data if isinstance(data, int) else len(data)
        buffer = ctypes.create_string_buffer(
            b"" if isinstance(data, int) else data, max(length, 1))
        done = fcntl.ioctl(self.file, USBDEVFS_BULK, Bulk(
            endpoint, length, timeout, ctypes.addressof(buffer)))
        return buffer.raw[:done] if endpoint & 0x80 else done


class Panel(Interface):
    """The panel of a module: labels are written, and keys are read."""

    def __init__(self, product):
        super().__init__(product, 0)

    def write(self, data):
        return self.bulk(0x01, data)

    def read(self, timeout=2000):
        return self.bulk(0x81, 8, timeout)


class Dfu(Interface):
    """The DFU interface of a device."""

    def __init__(self, product, within=10):
        super().__init__(product, -1, within)

    def send(self, request, value=0, data=b"", timeout=2000):
        return self.control(0x21, request, value, self.interface, data, timeout)

    def get(self, request, length, timeout=2000):
        return self.control(0xa1, request, 0, self.interface, length, timeout)

    def status(self):
        """(bStatus, bwPollTimeout, state) of GETSTATUS."""
        answer = self.get(GETSTATUS, 6)
        assert len(answer) == 6
        return (answer[0], int.from_bytes(answer[1:4], "little"),
                STATES[answer[4]])

    @property
    def state(self):
        """The state that GETSTATE gives."""
        return STATES[self.get(GETSTATE, 1)[0]]

    def reset(self):
        """Reset the device; where it is another one then, this one is gone."""
        try:
            fcntl.ioctl(self.file, USBDEVFS_RESET)
        except OSError as err:
            if err.errno != errno.ENODEV:
                raise

    def block(self, number, data):
        """DNLOAD and GETSTATUS, as a host does them."""
        self.send(DNLOAD, number & 0xffff, data)
        return self.status()
