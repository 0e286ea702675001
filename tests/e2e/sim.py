# SPDX-License-Identifier: GPL-2.0-or-later
"""Simulated modules: build/uxmc-sim as an object.

    with Sim("--transfer-size", 64) as sim:
        sim.wait("^attached app", 5)
        ...
        sim.replug()
"""
import os
import re
import select
import signal
import subprocess
import tempfile
import threading
import time

from patience import PATIENCE, deadline

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = f"{TOP}/build/uxmc-sim"


class Lines:
    """The lines that come out of pipes, all that were written until one asks."""

    def __init__(self):
        self.lines = []
        self.changed = threading.Condition()
        self.unfinished = {}    # what of a line has come out of each open pipe

    def pipe(self):
        """A new pipe to read lines from; returns the end to write to."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        with self.changed:
            self.unfinished[reader] = b""
        threading.Thread(target=self._follow, args=(reader,), daemon=True).start()
        return writer

    def _follow(self, reader):
        """Nobody who writes has to wait for one who asks."""
        poller = select.poll()
        poller.register(reader, select.POLLIN)
        while reader in self.unfinished:
            poller.poll()
            self._read()
        os.close(reader)

    def _read(self):
        with self.changed:
            for reader in list(self.unfinished):
                self._read_one(reader)
            self.changed.notify_all()

    def _read_one(self, reader):
        try:
            while data := os.read(reader, 65536):
                *lines, self.unfinished[reader] = \
                    (self.unfinished[reader] + data).split(b"\n")
                self.lines += [line.decode(errors="replace") for line in lines]
            del self.unfinished[reader]
        except BlockingIOError:
            pass

    def all(self, since=0):
        self._read()
        with self.changed:
            return self.lines[since:]

    def wait(self, pattern, within, since):
        """The first line from number since on in which the pattern is found; None
        if there is none in time, or none can come any more.
        """
        wanted = re.compile(pattern)
        end = deadline(within)
        with self.changed:
            while True:
                for since in range(since, len(self.lines)):
                    if wanted.search(self.lines[since]):
                        return self.lines[since]
                since = len(self.lines)
                left = end - time.monotonic()
                if left <= 0 or not self.unfinished:
                    return None
                self.changed.wait(left)


class Sim:
    """A simulated module, plugged in from the start.

    Its flash is a file, so that it is the same module when it is plugged in
    again, be it by the program itself (SIGUSR1) or by a new start of it.
    """

    def __init__(self, *options, state=None, screen=False):
        self.options = [str(option) for option in options]
        self.directory = tempfile.TemporaryDirectory(prefix="uxmc-sim-")
        self.state = state or f"{self.directory.name}/flash"
        self.events = Lines()
        self.shown = Lines()
        self.with_screen = screen
        self.process = None
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.unplug()

    def __repr__(self):
        return f"uxmc-sim {' '.join(self.options)}"

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    # Plugging
    def start(self):
        """Plug it in."""
        assert not self.running
        log = self.events.pipe()
        arguments = ["--state", self.state, "--log", f"/proc/self/fd/{log}"]
        screen = subprocess.DEVNULL
        if self.with_screen:
            screen = self.shown.pipe()
            arguments.append("--screen")
        self.process = subprocess.Popen(
            [PROGRAM, *self.options, *arguments], stdin=subprocess.DEVNULL,
            stdout=screen, pass_fds=[log])
        os.close(log)
        if self.with_screen:
            os.close(screen)

    def unplug(self, within=40):
        """Take it off the bus, and end it; it does not matter if it has ended."""
        if not self.running:
            return
        self.process.terminate()
        status = self.process.wait(within * PATIENCE)
        assert status == 0, f"{self}: exit status {status}"

    def kill(self):
        """Pull its cable."""
        if self.running:
            self.process.kill()
        self.process.wait()

    def replug(self):
        """Plug it in anew: power-cycled, the faults that it has shown are over.
        If it runs it is unplugged first. Returns once it is on the bus, with the
        line of the log that says in which mode.
        """
        since = self.mark()
        if self.running:
            self.process.send_signal(signal.SIGUSR1)
        else:
            self.start()
        return self.wait("^attached ", 40, since)

    # Watching
    def log(self, since=0):
        """The lines of its log, as a list."""
        return self.events.all(since)

    def screen(self):
        """What its screen has shown, as a list."""
        return self.shown.all()

    def mark(self):
        """A place in the log: what is logged later is after it."""
        return len(self.log())

    def wait(self, pattern, within, since=0):
        """Wait until a line of the log matches, from mark() since on: at once
        if one does already. Returns the line.
        """
        line = self.events.wait(pattern, within, since)
        if line is None:
            ended = "" if self.running else \
                f"; it ended with status {self.process.returncode}"
            raise AssertionError(
                f"{self} did not log {pattern!r} within {within} s{ended}:\n  "
                + "\n  ".join(self.log(since)[-40:]))
        return line

    wait_for = wait

    def wait_screen(self, pattern, within):
        """The same, of its screen."""
        line = self.shown.wait(pattern, within, 0)
        assert line, f"{self} did not show {pattern!r} within {within} s"
        return line

    def matching(self, pattern, since=0):
        """All lines of the log that match, now."""
        return [line for line in self.log(since) if re.search(pattern, line)]

    @property
    def received(self):
        """The last image that it received: bytes and SHA-256; None if none."""
        lines = self.matching("^received ")
        if not lines:
            return None
        _, count, digest = lines[-1].split()
        return int(count), digest

    @property
    def violations(self):
        """What the host did wrong."""
        return [line.removeprefix("violation ")
                for line in self.matching("^violation ")]
