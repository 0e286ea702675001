# SPDX-License-Identifier: GPL-2.0-or-later
"""What a process has in memory, from /proc/PID/smaps, in KiB."""
import re

HEAD = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \S+ *(.*)\n")


def mappings(pid):
    """Of each: what is mapped, and the fields that smaps has of it."""
    name, fields = None, {}
    with open(f"/proc/{pid}/smaps") as file:
        for line in file:
            head = HEAD.match(line)
            if head:
                if fields:
                    yield name, fields
                name, fields = head[1], {}
            else:
                field, _, value = line.partition(":")
                fields[field] = value.split()[0]
    yield name, fields


class Resident:
    """At this moment: rss; pss; dirty, what is private and would have to be
    written somewhere to be had by others; and of the pss, what it is of.
    """

    def __init__(self, pid):
        self.rss = self.pss = self.dirty = 0
        self.parts = {"heap": 0, "data of libraries": 0,
                      "code and tables of libraries": 0, "the rest": 0}
        for name, fields in mappings(pid):
            rss, pss, dirty, anonymous = (
                int(fields[field]) for field in
                ("Rss", "Pss", "Private_Dirty", "Anonymous"))
            self.rss += rss
            self.pss += pss
            self.dirty += dirty
            if ".so" in name:
                self.parts["data of libraries"] += anonymous
                self.parts["code and tables of libraries"] += pss - anonymous
            else:
                self.parts["heap" if name == "[heap]" else "the rest"] += pss
