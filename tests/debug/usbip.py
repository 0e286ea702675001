# SPDX-License-Identifier: GPL-2.0-or-later
"""A USB device on the kernel's virtual host controller, in a thread of the test: the
wire format is in Documentation/usb/usbip_protocol.rst. It shares no code with the
simulated module of tests/sim.
"""
import errno
import glob
import os
import socket
import struct
import threading
import time

import guest

CONTROLLER = "/sys/devices/platform/vhci_hcd.0"
SPEED_HIGH = 3
DEVID = 0x00010001

SUBMIT = struct.Struct(">10I8s")
SUBMITTED = struct.Struct(">10I8x")
CMD_SUBMIT, CMD_UNLINK, RET_SUBMIT, RET_UNLINK = range(1, 5)

# A device that goes answers nothing any more before it is gone, or the host may wait
# 5 s for a transfer that was lost with the socket.
QUIET = 0.06


class Setup:
    """A control transfer: the setup packet and what the host sends."""

    def __init__(self, packet, data):
        self.kind, self.request, self.value, self.index, self.length = \
            struct.unpack("<BBHHH", packet)
        self.data = data


class Device:
    """One device; control(setup) answers: bytes or how many bytes were taken, a
    negative errno, or None for no answer at all. What comes after that waits, too,
    unless the device is out_of_order, as none should be.
    """

    out_of_order = False

    def __init__(self, port):
        self.port = port
        self.socket = None
        self.thread = None
        self.refusing = False
        self.error = None
        self.left = []      # transfers without an answer that others have overtaken

    def control(self, setup):
        raise NotImplementedError

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.end()

    def end(self):
        self.unplug()

    @property
    def name(self):
        """Its name in /sys/bus/usb/devices; the controller's first bus is high speed."""
        bus = min(int(os.path.basename(path)[3:])
                  for path in glob.glob(f"{CONTROLLER}/usb[0-9]*"))
        return f"{bus}-{self.port + 1}"

    @property
    def path(self):
        return f"/sys/bus/usb/devices/{self.name}"

    def plug(self):
        assert not self.socket
        guest.until(lambda: not os.path.exists(self.path), 20, f"{self.name} is vacant")
        self.socket, peer = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        guest.until(lambda: self._attach(peer), 20, f"port {self.port} is vacant")
        peer.close()
        self.refusing = False
        self.left.clear()
        self.thread = threading.Thread(target=self._serve, args=(self.socket,),
                                       daemon=True)
        self.thread.start()

    def _attach(self, peer):
        try:
            with open(f"{CONTROLLER}/attach", "w") as file:
                file.write(f"{self.port} {peer.fileno()} {DEVID} {SPEED_HIGH}")
        except OSError as err:
            if err.errno != errno.EBUSY:
                raise
            return False
        return True

    def unplug(self):
        """From the thread or from the test; it does not matter if it is off."""
        if not self.socket:
            return
        self.refusing = True
        if threading.current_thread() is not self.thread:
            time.sleep(QUIET)
        self.socket.shutdown(socket.SHUT_RDWR)
        if threading.current_thread() is not self.thread:
            self.thread.join()
        self.socket.close()
        self.socket = None

    # The bus
    def _serve(self, connection):
        waiting = []        # of the control endpoint, the first has no answer
        try:
            while True:
                packet = self._receive(connection, SUBMIT.size)
                if packet is None:
                    return
                head = SUBMIT.unpack(packet)
                if head[0] == CMD_UNLINK:
                    self._unlink(connection, waiting, head)
                    continue
                data = b"" if head[3] else self._receive(connection, head[6])
                if data is None:
                    return
                waiting.append((head[1], head[3], head[4], Setup(head[10], data)))
                if len(waiting) == 1 or self.refusing:
                    self._answer(connection, waiting)
        except OSError:
            return
        except Exception as err:  # pylint: disable=broad-except
            self.error = err
            connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _receive(connection, length):
        data = b""
        while len(data) < length:
            part = connection.recv(length - len(data))
            if not part:
                return None
            data += part
        return data

    def _answer(self, connection, waiting):
        while waiting:
            sequence, inward, endpoint, setup = waiting[0]
            answer = -errno.EPROTO if self.refusing else \
                -errno.EPIPE if endpoint else self.control(setup)
            if answer is None and not self.out_of_order:
                return
            if answer is None:
                self.left.append(waiting.pop(0))
                continue
            data = b""
            status, length = 0, 0
            if isinstance(answer, bytes):
                data = answer[:setup.length] if inward else b""
                length = len(data)
            elif answer < 0:
                status = answer & 0xffffffff
            else:
                length = answer
            connection.sendall(SUBMITTED.pack(RET_SUBMIT, sequence, 0, 0, 0, status,
                                              length, 0, 0, 0) + data)
            waiting.pop(0)

    def _unlink(self, connection, waiting, head):
        status = 0
        for queue in waiting, self.left:
            for entry in queue:
                if entry[0] == head[5]:
                    queue.remove(entry)
                    status = -errno.ECONNRESET & 0xffffffff
                    break
        connection.sendall(SUBMITTED.pack(RET_UNLINK, head[1], 0, 0, 0, status,
                                          0, 0, 0, 0))
        self._answer(connection, waiting)
