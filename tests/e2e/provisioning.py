# SPDX-License-Identifier: GPL-2.0-or-later
"""A phone that is provisioned: its settings files on the bench's server, and what
comes of a look at them.
"""
import dataclasses
import os
import re
from xml.sax.saxutils import escape

import guest
import uxmcd
from httpd import Answer

# What the permission flags of facts mean is tested with this one.
POLICY = "update_policy"


def entry(name, value, perm="", sha256=None):
    pin = f' sha256="{sha256}"' if sha256 else ""
    return f'<{name} perm="{escape(perm)}"{pin}>{escape(value)}</{name}>'


def settings_file(*entries):
    """As a setting_server has it."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<settings>",
             '<phone-settings e="2">', *entries, "</phone-settings>",
             "</settings>", ""]
    return "\n".join(lines).encode()


def status_file(*entries):
    """As firmware_status names it."""
    lines = ["<firmware-settings>", *entries, "</firmware-settings>", ""]
    return "\n".join(lines).encode()


@dataclasses.dataclass
class File:
    """Of several that a setting leads to; next: in how many seconds, or None"""
    setting: str
    outcome: str
    next: int | None
    url: str
    text: str


@dataclasses.dataclass
class Look:
    """What uxmcctl check is told: number, word and sentence; steps by rule, each
    (outcome, text); files; what does not count.
    """
    number: int
    word: str
    sentence: str
    steps: dict
    files: list
    dropped: list


class Check:
    """One that has been asked for; its answer comes with the end of the look."""

    def __init__(self, within=40):
        self.client = uxmcd.Uxmcd.connect(within)
        self.client.send(b"check")

    def end(self):
        steps, files, dropped = {}, [], []
        with self.client:
            while True:
                number, word, sentence = uxmcd.Uxmcd.answer(self.client)
                if word == "file":
                    setting, outcome, after, url, text = sentence.split("\t")
                    files.append(File(setting, outcome, None if after == "-"
                                      else int(after), url, text))
                    continue
                if word != "step":
                    return Look(number, word, sentence, steps, files, dropped)
                rule, outcome, text = sentence.split(" ", 2)
                if rule == "dropped":
                    dropped.append(text)
                else:
                    steps[rule] = (outcome, text)

    def close(self):
        self.client.close()


def remove(*names):
    for name in names:
        if os.path.exists(f"{guest.STATE}/{name}"):
            os.unlink(f"{guest.STATE}/{name}")


class Phone:
    """The bench's uxmcd with its provisioning. It starts uxmcd itself: for the
    bench it has the usual configuration all the time.
    """

    def __init__(self, bench):
        self.bench = bench
        self.plain = False      # nothing but one setting has been played with
        self.uxmcd = bench.uxmcd
        self.server = bench.server

    def start(self, stored=None, **config):
        """uxmcd anew, with nothing stored but that. It does not look by itself
        for now, unless the configuration says otherwise.
        """
        if self.uxmcd.running():
            self.uxmcd.stop()
        remove("settings", "settings.damaged", "history", "attempts")
        if stored is not None:
            uxmcd.store("settings", stored)
        self.bench.module.setting = uxmcd.setting()
        self.server.requests.clear()
        self.plain = False
        self.uxmcd.configure(**{"first_look_spread": 86400} | config)
        self.bench.logged = len(self.uxmcd.log())
        self.uxmcd.start()

    def hush(self):
        """What the last test has left is not to see what the next one serves."""
        if self.uxmcd.running() and not self.plain:
            self.uxmcd.stop()

    def restart(self):
        """With all that is stored."""
        self.uxmcd.stop()
        self.uxmcd.start()

    def serve(self, path, *answers):
        """Files, or whole answers; gives the URL."""
        return self.server.route(path, *(
            Answer(one) if isinstance(one, bytes) else one for one in answers))

    def paths(self):
        """What was asked for."""
        return [one.path for one in self.server.requests]

    def provision(self, *entries):
        """setting_server has these; gives what came of a look."""
        self.serve("/settings.xml", settings_file(*entries))
        return self.check()

    @staticmethod
    def check(within=40):
        return Check(within).end()

    def ask(self, request):
        return self.uxmcd.ask(request)

    def set(self, name, value):
        answer = self.ask(f"set {name} {value}")
        assert answer[0] == 0, f"set {name} {value}: {answer}"

    def settings(self):
        """By name: (value, where it comes from, permission)."""
        found = {}
        with self.uxmcd.connect() as client:
            client.send(b"settings")
            while True:
                _, word, text = self.uxmcd.answer(client)
                if word == "done":
                    return found
                name, *rest = text.split("\t")
                found[name] = tuple(rest)

    def get(self, name):
        return self.settings()[name]

    def waiting(self):
        """The URL of the update that waits for a person; None."""
        _, word, text = self.ask("waiting")
        return text.split("\t")[1] if word == "waiting" else None

    def requests(self, path):
        """Those for that file."""
        with self.server.changed:
            return [one for one in self.server.requests
                    if one.path.split("?")[0] == path]

    def wait_requests(self, path, count, within=40):
        guest.until(lambda: len(self.requests(path)) >= count, within,
                    f"{count} requests for {path}")
        return self.requests(path)

    def log(self):
        """Since the start of the test, or of uxmcd."""
        return self.uxmcd.log()[self.bench.logged:]

    def logged(self, pattern):
        """The groups of each line in which that is found."""
        return re.findall(pattern, self.log())
