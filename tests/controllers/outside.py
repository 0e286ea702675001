# SPDX-License-Identifier: GPL-2.0-or-later
"""What is outside of the guest: simulated modules, and QEMU, which they are plugged
into. Runs a guest, and does what the tests in it ask for.

usage: outside.py tests/vm/run ARGUMENT...
  Runs that with --controllers. Exit status: its own.

A place is where a module or a hub is plugged in: a controller and the ports on the
way, such as xhci/1 or uhci/2.1. Requests and answers are JSON, one a line, on a
virtio port of the guest's; see inside.py for the other end.

  {"number": N, "do": NAME, ...}    is answered by {"number": N, "error": TEXT or null}
    plug  sim, place, arguments     start a module in that place
    signal  sim, which, after       send it a signal, so many seconds later
    hub  place, sockets             plug in a hub, with the sockets of these places
    unhub  place                    pull it out, with all that is behind it
    chain  sim, hub, behind         from now on the hub is in the module sim, which is
                                    behind it, as are those in the list: it leaves the
                                    bus with the module and comes back with it; these
                                    then lose their power, and have it again when the
                                    module is back
  {"sim": N, "line": TEXT}          a line of a module's log
  {"sim": N, "ended": STATUS}       it has ended

Nothing of it outlives the guest.
"""
import json
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = f"{TOP}/build/uxmc-sim"

# How long QEMU may take to connect, and to do something, s
CONNECT = 120
PATIENCE = 20

# How long a hub stays off the bus whose module restarts, s
HUB_OFF = 0.5


class Lines:
    """What comes from a descriptor, in whole lines."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.rest = b""

    def read(self):
        """The lines that are there; None at the end."""
        try:
            data = os.read(self.descriptor, 65536)
        except ConnectionResetError:
            data = b""
        if not data:
            return None
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [line.decode(errors="replace") for line in lines]


class Qmp:
    """QEMU's monitor."""

    def __init__(self, connection):
        self.socket = connection
        self.socket.settimeout(PATIENCE)
        self.file = connection.makefile("rw")
        self._wait("QMP")
        self("qmp_capabilities")

    def _wait(self, *names):
        """The next message that has one of these; events may come between."""
        while True:
            line = self.file.readline()
            if not line:
                raise ConnectionError("QEMU has gone")
            message = json.loads(line)
            if any(name in message for name in names):
                return message

    def __call__(self, command, **arguments):
        self.file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.file.flush()
        answer = self._wait("return", "error")
        if "error" in answer:
            raise RuntimeError(f"{command} {arguments}: {answer['error']['desc']}")
        return answer["return"]


def name_of(place):
    """An id for QEMU, which may have no slash."""
    return place.replace("/", "-")


def bus_and_port(place):
    controller, port = place.split("/")
    return {"bus": f"{controller}.0", "port": port}


class Sockets:
    """The places that a module can be plugged into: usb-redir devices, made when they
    are first asked for.
    """

    def __init__(self, qmp, directory):
        self.qmp = qmp
        self.directory = directory
        self.made = 0
        self.paths = {}
        self.hubs = set()

    def path(self, place):
        if place not in self.paths:
            self._make(place)
        return self.paths[place]

    def _make(self, place):
        self.made += 1
        name = f"{name_of(place)}-{self.made}"
        path = f"{self.directory}/{name_of(place)}"
        if os.path.exists(path):
            os.unlink(path)
        address = {"type": "unix", "data": {"path": path}}
        self.qmp("chardev-add", id=f"chardev-{name}", backend={
            "type": "socket", "data": {"addr": address, "server": True, "wait": False}})
        self.qmp("device_add", driver="usb-redir", id=f"redir-{name}",
                 chardev=f"chardev-{name}", **bus_and_port(place))
        self.paths[place] = path

    def plug_hub(self, place):
        self.qmp("device_add", driver="usb-hub", id=f"hub-{name_of(place)}",
                 **bus_and_port(place))
        self.hubs.add(place)

    def pull_hub(self, place):
        """All that is behind it goes along, the chardevs too."""
        if place not in self.hubs:
            return
        self.qmp("device_del", id=f"hub-{name_of(place)}")
        for one in [*self.paths, *self.hubs]:
            if one == place or one.startswith(f"{place}."):
                self.hubs.discard(one)
                path = self.paths.pop(one, None)
                if path and os.path.exists(path):
                    os.unlink(path)


class Module:
    """A running uxmc-sim."""

    def __init__(self, sim, place, arguments):
        self.sim = sim
        self.place = place
        self.arguments = arguments
        self.process = None
        self.lines = None       # of its log, while it runs

    def start(self, path):
        reader, writer = os.pipe()
        self.process = subprocess.Popen(
            [PROGRAM, "--redir", path, *self.arguments, "--log", f"/proc/self/fd/{writer}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=writer,
            pass_fds=[writer])
        os.close(writer)
        self.lines = Lines(reader)


class Chain:
    """A hub that is in a module."""

    def __init__(self, hub, behind):
        self.hub = hub
        self.behind = behind
        self.waiting = []


class Outside:
    """The loop: requests of the guest, logs of modules, hubs that come back."""

    def __init__(self, directory, qmp, guest):
        self.directory = directory
        self.sockets = Sockets(qmp, directory)
        self.guest = guest
        self.requests = Lines(guest.fileno())
        self.selector = selectors.DefaultSelector()
        self.selector.register(guest, selectors.EVENT_READ, self._on_requests)
        self.modules = {}
        self.chains = {}
        self.due = []           # (when, what to do)
        self.ended = False

    def run(self):
        while not self.ended:
            next_due = min((when for when, _ in self.due), default=None)
            left = None if next_due is None else max(0, next_due - time.monotonic())
            for key, _ in self.selector.select(left):
                key.data()
            self._do_what_is_due()

    def _schedule(self, after, what):
        self.due.append((time.monotonic() + after, what))
        self._do_what_is_due()

    def _do_what_is_due(self):
        now = time.monotonic()
        ready = [one for one in self.due if one[0] <= now]
        self.due = [one for one in self.due if one[0] > now]
        for _, what in ready:
            what()

    def end(self):
        self.ended = True

    def close(self):
        for module in self.modules.values():
            module.process.kill()
            module.process.wait()
        self.selector.close()

    def _tell(self, **message):
        try:
            self.guest.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            self.ended = True

    # Requests
    def _on_requests(self):
        lines = self.requests.read()
        if lines is None:
            self.ended = True
            return
        for line in lines:
            request = json.loads(line)
            number = request.pop("number")
            try:
                getattr(self, "do_" + request.pop("do"))(**request)
            except Exception as err:  # pylint: disable=broad-except
                self._tell(number=number, error=repr(err))
            else:
                self._tell(number=number, error=None)

    def do_plug(self, sim, place, arguments):
        # What the guest calls the flash is in a directory of its own there.
        at = arguments.index("--state") + 1
        flash = f"{self.directory}/flash{arguments[at].replace('/', '-')}"
        self._start(Module(sim, place, [*arguments[:at], flash, *arguments[at + 1:]]))

    def do_signal(self, sim, which, after):
        self._schedule(after, lambda: self._signal(sim, which))

    def _signal(self, sim, which):
        module = self.modules.get(sim)
        if not module:
            return
        if module.lines:
            module.process.send_signal(which)
        else:       # it is without power, and stays so
            self._forget(module, 0)

    def do_hub(self, place, sockets):
        self.sockets.plug_hub(place)
        for one in sockets:
            self.sockets.path(one)

    def do_unhub(self, place):
        """For good, even if the module that it is in restarts just now."""
        self.chains = {sim: chain for sim, chain in self.chains.items()
                       if chain.hub != place}
        self.sockets.pull_hub(place)

    def do_chain(self, sim, hub, behind):
        self.chains[sim] = Chain(hub, behind)

    # Modules
    def _start(self, module):
        module.start(self.sockets.path(module.place))
        self.modules[module.sim] = module
        self.selector.register(module.lines.descriptor, selectors.EVENT_READ,
                               lambda: self._on_log(module))

    def _on_log(self, module):
        lines = module.lines.read()
        if lines is None:
            self._forget(module, self._reap(module))
            return
        for line in lines:
            self._tell(sim=module.sim, line=line)
            if module.sim in self.chains:
                self._follow(module, self.chains[module.sim], line)

    def _reap(self, module):
        """It has ended, or is about to; its status."""
        self.selector.unregister(module.lines.descriptor)
        os.close(module.lines.descriptor)
        module.lines = None
        return module.process.wait(PATIENCE)

    def _forget(self, module, status):
        del self.modules[module.sim]
        self.chains.pop(module.sim, None)
        for chain in self.chains.values():
            if module in chain.waiting:
                chain.waiting.remove(module)
        self._tell(sim=module.sim, ended=status)

    # Chains
    def _follow(self, module, chain, line):
        if line == "off":
            self._leave(module, chain)
        elif line.startswith("attached") and chain.waiting:
            for other in chain.waiting:
                self._start(other)
            chain.waiting = []

    def _leave(self, module, chain):
        chain.waiting = [self.modules[sim] for sim in chain.behind if sim in self.modules]
        for other in chain.waiting:
            other.process.kill()
            self._reap(other)
        self.sockets.pull_hub(chain.hub)

        def come_back():
            if self.chains.get(module.sim) is chain:
                self.do_hub(chain.hub, [module.place])
        self._schedule(HUB_OFF, come_back)


def listen(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)
    return listener


def accept(listener, died):
    """QEMU's connection, or None if the guest ends before it is there."""
    ready = select.select([listener, died], [], [], CONNECT)[0]
    return listener.accept()[0] if listener in ready else None


def serve(directory, listeners, died):
    """Until the guest has gone."""
    qmp, guest = connections = [accept(listener, died) for listener in listeners]
    if not all(connections):
        return
    outside = Outside(directory, Qmp(qmp), guest)
    outside.selector.register(died, selectors.EVENT_READ, outside.end)
    try:
        outside.run()
    finally:
        outside.close()


def run(directory, program, *arguments):
    listeners = [listen(f"{directory}/{name}") for name in ("qmp", "outside")]
    with subprocess.Popen([program, "--controllers", directory, *arguments]) as guest:
        died = os.pidfd_open(guest.pid)
        try:
            serve(directory, listeners, died)
            return guest.wait()
        finally:
            guest.terminate()


def main(*command):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="uxmc-controllers.") as directory:
        return run(directory, *command)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
