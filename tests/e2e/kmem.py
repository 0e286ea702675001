# SPDX-License-Identifier: GPL-2.0-or-later
"""How much memory a kernel module uses, seen from outside of it.

The kernel's own trace events say who allocates and frees: all calls from the
module's code are recorded, and added up afterwards.
"""
import os
import re

from guest import write

TRACING = "/sys/kernel/tracing"
EVENTS = ("kmalloc", "kmalloc_node", "kmem_cache_alloc", "kmem_cache_alloc_node",
          "kfree", "kmem_cache_free")
LINE = re.compile(r" (\d+\.\d+): (k\w+): call_site=.*? ptr=(\S+)(?:.* bytes_alloc=(\d+))?")


def _read(path):
    with open(path) as file:
        return file.read()


class KernelMemory:
    """Watches from now on; the module has to be loaded."""

    def __init__(self, module):
        # The module's own size: code, constants, variables.
        self.own = int(_read(f"/sys/module/{module}/coresize"))
        first = int(_read(f"/sys/module/{module}/sections/.text"), 16)
        last = first + self.own
        self.instance = f"{TRACING}/instances/{module}"
        os.mkdir(self.instance)
        write(f"{self.instance}/buffer_size_kb", "16384")
        write(f"{self.instance}/trace_clock", "mono")
        for event in EVENTS:
            path = f"{self.instance}/events/kmem/{event}"
            if not os.path.isdir(path):
                continue
            write(f"{path}/filter",
                   f"call_site >= {first:#x} && call_site < {last:#x}")
            write(f"{path}/enable", "1")

    def _events(self):
        """(when in us, event, pointer, bytes), so far."""
        with open(f"{self.instance}/trace") as trace:
            for line in trace:
                match = LINE.search(line)
                if match:
                    at, event, pointer, size = match.groups()
                    yield int(float(at) * 1e6), event, pointer, int(size or 0)

    def freed(self, size):
        """When, in us of CLOCK_MONOTONIC, what has that many bytes was freed."""
        pointers = set()
        for at, event, pointer, count in self._events():
            if count == size:
                pointers.add(pointer)
            elif event == "kfree" and pointer in pointers:
                yield at

    def stop(self):
        """Returns the most bytes that were allocated at one time.

        At most, that is: what somebody else frees for the module, or a function
        of the module as the last thing that it does, counts as never freed.
        """
        write(f"{self.instance}/tracing_on", "0")
        live, now, most = {}, 0, 0
        for _, event, pointer, size in self._events():
            if event in ("kfree", "kmem_cache_free"):
                now -= live.pop(pointer, 0)
            else:
                live[pointer] = size
                now += size
                most = max(most, now)
        lost = sum(int(re.search(r"^overrun: (\d+)", _read(entry.path + "/stats"),
                                 re.M).group(1))
                   for entry in os.scandir(f"{self.instance}/per_cpu"))
        assert not lost, f"{lost} trace events were lost"
        os.rmdir(self.instance)
        assert most, "no allocation was seen"
        return most
