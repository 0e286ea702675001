# SPDX-License-Identifier: GPL-2.0-or-later
"""What provisions a phone and its module: files on nginx, and what uxmcd makes of
them.
"""
import json
import os
import re
import signal

import expect
import guest
import module as modules
import uxmcd
from genl import Refused

MAC = uxmcd.CONFIG["phone_mac"].upper()
SETTINGS = "/settings.xml"
STATUS = "/firmware.xml"
QUERY = "?phone={mac}"

# What uxmcd keeps besides the journal.
KEPT = ("settings", "history", "modules", "attempts")


def elements(values):
    """Of settings; a value may be one with its permission."""
    for name, value in values.items():
        value, perm = value if isinstance(value, tuple) else (value, "")
        yield f'<{name} perm="{perm}">{value}</{name}>'


class Pbx:
    """The server of the phone's provider. It begins with a firmware_status file in
    which there is only the firmware of the phone itself.
    """

    def __init__(self, bench, nginx):
        self.bench = bench
        self.nginx = nginx
        self.status = nginx.base + STATUS + QUERY
        self.server = nginx.base + SETTINGS + QUERY
        self.log_mark = self.mark = 0

    # What it serves
    def put_status(self, **values):
        """The firmware_status file; the phone's own firmware is none of ours."""
        phone = {"firmware": f"{self.nginx.base}/snomD785-10.1.101.11-SIP-r.bin"}
        self.nginx.put(STATUS, "\n".join([
            "<firmware-settings>", *elements(phone | values),
            "</firmware-settings>", ""]))

    def put_settings(self, **values):
        self.nginx.put(SETTINGS, "\n".join([
            '<?xml version="1.0" encoding="utf-8"?>', "<settings>",
            '<phone-settings e="2">', *elements(values), "</phone-settings>",
            "</settings>", ""]))

    def serve(self, image, directory=""):
        """The image; gives the URL, as it is provisioned."""
        url = self.nginx.put(f"/{image.name}", image.data)
        return url.replace(self.nginx.base, self.nginx.base + directory) + QUERY

    def offer(self, image, directory="", **values):
        """It is provisioned, besides these settings; gives the URL."""
        url = self.serve(image, directory)
        self.put_status(firmware_uxm=url, **values)
        return url

    # uxmcd
    def start(self, matching=None, **config):
        """uxmcd as if it had never run, or as if it had updated the module from
        that URL, with that uxmcd.conf; it has made its first look.
        """
        bench = self.bench
        if bench.uxmcd.running():
            bench.uxmcd.kill()
        for name in os.listdir(guest.STATE):
            if name.startswith(KEPT):
                os.unlink(f"{guest.STATE}/{name}")
        if matching:
            uxmcd.store_setting(matching)
        bench.config = config
        bench.uxmcd.configure(**config)
        bench.module.setting = matching or ""
        bench.module.begin()
        self.start_again()

    def start_again(self):
        """uxmcd has ended, or is ended; what it keeps on the disk is there."""
        if self.bench.uxmcd.running():
            self.bench.uxmcd.stop()
        self.forget()
        self.bench.uxmcd.start()
        self.decision("the first look")

    def forget(self):
        """What was decided and asked for is of no interest any more."""
        self.log_mark = len(self.bench.uxmcd.log())
        self.mark = self.nginx.mark()

    def decisions(self):
        """Since forget() or the last decision(): (occasion, word, sentence)."""
        return re.findall(r"provisioning \(([^)]+)\): ([-\w]+)(?:: (.+))?\n",
                          self.bench.uxmcd.log()[self.log_mark:])

    def decision(self, occasion, within=40):
        """The next one of that kind: (word, sentence)."""
        log = self.bench.uxmcd.log
        wanted = re.compile(rf"provisioning \({occasion}\): ([-\w]+)(?:: (.+))?\n")
        found = guest.until(lambda: wanted.search(log(), self.log_mark), within,
                            f"uxmcd decides ({occasion})")
        self.log_mark = found.end()
        return found[1], found[2] or ""

    def plugged(self, word, sentence="", within=40):
        """What came of a module being plugged in."""
        decided = self.decision("a module was plugged in", within)
        assert decided[0] == word, decided
        assert re.fullmatch(sentence, decided[1]), decided

    def hang_up(self):
        self.bench.uxmcd.process.send_signal(signal.SIGHUP)

    # uxmcctl
    def check_once(self, word, code):
        """uxmcctl check --json ends so; gives all that it says."""
        done = self.bench.ctl("check", "--json")
        assert done.returncode == code, done.stdout
        told = json.loads(done.stdout)
        assert (told["result"], told["code"]) == (word, code), told
        return told

    def check(self, word, code, sentence):
        """Nothing is begun, for that reason: uxmcctl check in both its forms
        says it, and uxmcd's log, in one line each. Gives the rules that were
        looked at, as {rule: (outcome, text)}.
        """
        self.forget()
        told = self.check_once(word, code)
        assert re.fullmatch(sentence, told["sentence"]), told["sentence"]
        done = self.bench.ctl("check")
        assert done.returncode == code, done.stdout
        head, *steps, last = done.stdout.splitlines()
        assert head.split() == ["RULE", "OUTCOME", "WHY"]
        assert re.fullmatch(f"(uxmcctl: )?{sentence}", last), last
        assert [line.split(None, 2)[:2] for line in steps] == \
            [[step["rule"], step["outcome"]] for step in told["steps"]]
        decided = self.decisions()
        assert [one[:2] for one in decided] == [("uxmcctl check", word)] * 2
        for one in decided:
            assert re.fullmatch(sentence, one[2]), one
        assert not self.fetched()
        return {step["rule"]: (step["outcome"], step["text"])
                for step in told["steps"]}

    def begun(self):
        """uxmcctl check begins the update."""
        told = self.check_once("started", 0)
        assert re.fullmatch("the update to .+ was started", told["sentence"])

    def get(self):
        """All settings: {name: (value, origin, permission)}."""
        done = modules.run_uxmcctl("get", "--json")
        assert done.returncode == 0, done.stdout
        return {name: tuple(one.values())
                for name, one in json.loads(done.stdout).items()}

    def set(self, name, value):
        done = modules.run_uxmcctl("set", name, value)
        assert (done.returncode, done.stdout) == (0, "")

    def clear(self, name="firmware_uxm"):
        done = modules.run_uxmcctl("clear", name)
        assert (done.returncode, done.stdout) == (0, "")

    def log(self):
        """uxmcctl log, as dictionaries, the oldest first."""
        done = modules.run_uxmcctl("log", "--json")
        assert done.returncode == 0, done.stdout
        return json.loads(done.stdout)["updates"]

    @staticmethod
    def waiting():
        """What waits for a person: (module, URL), or None."""
        told = modules.uxmcctl_status()["waiting"]
        return told and (told["module"], told["url"])

    # What was asked for
    def paths(self):
        """Since forget()."""
        return [entry.path for entry in self.nginx.entries(since=self.mark)]

    def fetched(self):
        """Images, since forget()."""
        return [path for path in self.paths() if ".bin" in path]

    # The module
    def replug(self):
        """The module goes, and comes back as it was."""
        module = self.bench.module
        module.begin()
        self.forget()
        module.sim.replug()
        module.until(lambda heard: heard["event"] == "removed", 40, "removed")
        expect.replugged(module)
        module.setting = uxmcd.setting()

    def untouched(self):
        """Nothing has happened to the module since its begin()."""
        bench = self.bench
        bench.monitor.pending()
        bench.module.position = len(bench.monitor.heard)
        assert not set(bench.module.states()) - {"idle", "done", "failed"}
        assert not bench.module.sim.matching("^(detach|received)",
                                             bench.module.logged)

    def end(self):
        """No later test is to have its module updated."""
        self.put_status()
        self.put_settings()
        bench = self.bench
        bench.uxmcd.thaw()
        for one in bench.client.dump():
            try:
                bench.client.cancel(one["module"])
            except Refused:
                pass        # nothing to cancel, or too late for it
