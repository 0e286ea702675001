# SPDX-License-Identifier: GPL-2.0-or-later
"""What a run costs the guest: processor time, page cache; and one process: time
and memory, by GNU time, which is small enough not to be measured itself.
"""
import os
import re
import signal
import subprocess

TICK = 1 / os.sysconf("SC_CLK_TCK")
REPORT = "/tmp/bench-time"


def _read(path):
    with open(path) as file:
        return file.read()


class Processor:
    """User and kernel time of the guest, but for that of one process, if there is one
    to leave out.
    """

    def __init__(self, without):
        self.without = without
        self.begun = self._now()

    def _now(self):
        user, nice, system, _, _, irq, softirq = \
            map(int, _read("/proc/stat").splitlines()[0].split()[1:8])
        if not self.without:
            return user + nice, system + irq + softirq
        # What follows the name, which may have blanks in it
        fields = _read(f"/proc/{self.without}/stat").rpartition(")")[2].split()
        return (user + nice - int(fields[11]),
                system + irq + softirq - int(fields[12]))

    def used(self):
        """Seconds of user space and of the kernel, since it was made."""
        user, kernel = self._now()
        return {"user": (user - self.begun[0]) * TICK,
                "kernel": (kernel - self.begun[1]) * TICK}


def page_cache():
    return int(re.search(r"^Cached: +(\d+)", _read("/proc/meminfo"), re.M)[1]) << 10


def run(command, within, good=(0,), **environment):
    """Run it; its peak resident memory. What it says matters only if it fails.

    The system's own count is of no use: a child has its parent's peak from the
    start, and the parent is Python here.
    """
    with subprocess.Popen(
            ["/usr/bin/time", "-q", "-o", REPORT, "-f", "%M", *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=os.environ | environment,
            text=True, errors="replace", start_new_session=True) as process:
        try:
            said = process.communicate(timeout=within)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert process.returncode in good, \
        f"{' '.join(command)}: status {process.returncode}\n{said[-2000:]}"
    return int(_read(REPORT)) << 10
