# SPDX-License-Identifier: GPL-2.0-or-later
"""The end in the guest of what outside.py does: modules that are plugged into QEMU's
controllers, and hubs.
"""
import glob
import itertools
import json
import os
import signal
import subprocess
import threading

import sim as sims

NAME = "uxmc.outside"

# How long an answer may take, s
PATIENCE = 30


def _port():
    for path in glob.glob("/sys/class/virtio-ports/*/name"):
        with open(path) as file:
            if file.read().strip() == NAME:
                return "/dev/" + os.path.basename(os.path.dirname(path))
    raise FileNotFoundError(f"no virtio port {NAME}")


class Outside:
    """The connection. Logs go on where whoever started a module wants them."""

    def __init__(self):
        self.file = os.open(_port(), os.O_RDWR)
        self.changed = threading.Condition()
        self.numbers = itertools.count()
        self.answers = {}
        self.processes = {}
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self):
        with os.fdopen(os.dup(self.file), "rb", buffering=0) as file:
            rest = b""
            while data := file.read(65536):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    self._take(json.loads(line))

    def _take(self, message):
        with self.changed:
            if "number" in message:
                self.answers[message["number"]] = message["error"]
            elif message["sim"] in self.processes:
                self.processes[message["sim"]].heard(message)
            self.changed.notify_all()

    def ask(self, what, **arguments):
        number = next(self.numbers)
        request = json.dumps({"number": number, "do": what, **arguments})
        os.write(self.file, request.encode() + b"\n")
        with self.changed:
            assert self.changed.wait_for(lambda: number in self.answers, PATIENCE), \
                f"no answer within {PATIENCE} s to {request}"
            error = self.answers.pop(number)
        assert not error, f"{request}: {error}"

    def start(self, place, arguments, log):
        """A module; what it logs is written to that pipe."""
        sim = next(self.numbers)
        process = self.processes[sim] = Process(self, sim, log)
        self.ask("plug", sim=sim, place=place, arguments=arguments)
        return process


class Process:
    """A module that runs outside, as subprocess.Popen has it."""

    pid = None      # none in the guest

    def __init__(self, outside, sim, log):
        self.outside = outside
        self.sim = sim
        self.log = log
        self.returncode = None

    def heard(self, message):
        if "line" in message:
            os.write(self.log, message["line"].encode() + b"\n")
        else:
            self.returncode = message["ended"]
            os.close(self.log)
            del self.outside.processes[self.sim]

    def poll(self):
        return self.returncode

    def wait(self, timeout=PATIENCE):
        with self.outside.changed:
            if not self.outside.changed.wait_for(
                    lambda: self.returncode is not None, timeout):
                raise subprocess.TimeoutExpired("uxmc-sim", timeout)
        return self.returncode

    def send_signal(self, number, after=0):
        self.outside.ask("signal", sim=self.sim, which=number, after=after)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


class Sim(sims.Sim):
    """A simulated module in a place of QEMU's; all else is as with vhci-hcd."""

    def __init__(self, outside, place, *options):
        self.outside = outside
        self.place = place
        super().__init__(*options)

    @property
    def serial(self):
        return self.options[self.options.index("--serial") + 1]

    def start(self):
        assert not self.running
        self.process = self.outside.start(
            self.place, [*self.options, "--state", self.state], self.events.pipe())

    def unplug_later(self, seconds):
        """Even if all processes of the guest are frozen then."""
        self.process.send_signal(signal.SIGTERM, after=seconds)

    def hold(self, hub, *behind):
        """From now on that hub is in this module, which is behind it itself; the
        modules of the list are plugged in there. See outside.py.
        """
        self.outside.ask("chain", sim=self.process.sim, hub=hub.place,
                         behind=[one.process.sim for one in behind])


class Hub:
    """A hub of QEMU's, plugged in from the start."""

    def __init__(self, outside, place):
        self.outside = outside
        self.place = place
        self.plugged = False
        self.plug()

    def plug(self, *waiting):
        """Modules behind it that wait to be back on the bus find their places."""
        self.outside.ask("hub", place=self.place, sockets=[one.place for one in waiting])
        self.plugged = True

    def pull(self):
        """All behind it is without power then."""
        if self.plugged:
            self.outside.ask("unhub", place=self.place)
        self.plugged = False

    def port(self, number):
        """The place of one of its ports."""
        return f"{self.place}.{number}"
