# SPDX-License-Identifier: GPL-2.0-or-later
"""What user space is told of is complete: whoever acts on an event at once finds all
that belongs to it.
"""
import os
import select
import socket
import threading

import pytest

import genl
import guest

TURNS = 40


class Uevents:
    """The kernel's own, of modules."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind((0, 1))

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.socket.close()

    def next(self, within=10):
        """The next one's ACTION, and the others that it holds."""
        while True:
            assert select.select([self.socket], [], [], within)[0], \
                f"no uevent of a module within {within} s"
            lines = self.socket.recv(65536).decode().split("\0")
            event = dict(line.split("=", 1) for line in lines if "=" in line)
            if event.get("SUBSYSTEM") == "uxmc":
                return event


@pytest.fixture
def interface(module):
    """Of a module that is bound; it is left to the test."""
    return module.interface


@pytest.fixture
def first():
    """Who waits for an event runs as soon as it comes, before whoever caused it
    goes on.
    """
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    yield
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    os.sched_setaffinity(0, before)


def in_background(call):
    def run():
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        call()
    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_at_each_add_event(first, module, interface):
    """Link, attributes, node and the module's status are there."""
    number = module.number
    with Uevents() as uevents:
        for _ in range(TURNS):
            guest.tell_driver("unbind", interface)
            event = uevents.next()
            assert event["ACTION"] == "remove"
            assert not os.path.exists(module.path)
            binding = in_background(lambda: guest.tell_driver("bind", interface))
            event = uevents.next()
            link = os.path.basename(os.readlink(f"{module.path}/device"))
            state = module.read("update_state")
            with module.records() as records:
                first = records.read()
            status = module.client.get(number)
            binding.join(10)
            assert (event["ACTION"], event["DEVNAME"]) == ("add", f"uxmc{number}")
            assert (link, state) == (interface, "idle")
            assert first[0][0] == "idle"
            assert status["port"] == "1-1" and not status["away"]


def test_at_each_notification(first, module, interface):
    """The same for who listens to the group: it comes after sysfs is there, and
    when it says that the module has gone all of it has.
    """
    with genl.Monitor() as monitor:
        for _ in range(TURNS):
            unbinding = in_background(lambda: guest.tell_driver("unbind", interface))
            while monitor.next(10)["event"] != "removed":
                assert not os.path.lexists(f"{module.path}/device")
            assert not os.path.exists(module.path)
            assert not os.path.exists(module.node)
            unbinding.join(10)
            binding = in_background(lambda: guest.tell_driver("bind", interface))
            heard = monitor.next(10)
            link = os.path.basename(os.readlink(f"{module.path}/device"))
            binding.join(10)
            assert (heard["event"], heard["state"]) == ("added", "idle")
            assert link == interface


def test_a_request_before_the_module_is_announced(module, interface):
    """As soon as the attribute is there it can be written to, and the first thing
    that listeners hear is that the module is there.
    """
    early = 0
    with genl.Monitor() as monitor:
        for _ in range(TURNS):
            guest.tell_driver("unbind", interface)
            monitor.pending()
            binding = in_background(lambda: guest.tell_driver("bind", interface))
            guest.until(lambda: write_request(module), 10, "it can be written to")
            binding.join(10)
            heard = monitor.next(10)
            assert heard["event"] == "added", heard
            early += heard["state"] == "requested"
            while heard["state"] != "requested":
                heard = monitor.next(10)
            module.cancel()
    print(f"{early} of {TURNS} requests came before the module was announced")


def write_request(module):
    try:
        module.write("firmware_uxm", "http://pbx.example/x")
        return True
    except FileNotFoundError:
        return False


def test_the_node_is_there_with_its_number(module):
    """The event names what devtmpfs has made."""
    status = os.stat(module.node)
    with open(f"{module.path}/dev") as file:
        assert file.read().strip() == \
            f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
    with module.records() as records:
        assert records.read()
