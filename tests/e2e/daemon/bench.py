# SPDX-License-Identifier: GPL-2.0-or-later
"""A module that uxmcd looks after, and a server that it fetches from."""
import os
import subprocess

import expect
import genl
import guest
import module as modules
import uxmcd
from httpd import Answer, Server
from sim import Sim

# The setting as it was before: an update that fails has to leave it so.
SETTING = "http://pbx.example/snomD7C-1.0.0-r.bin"

QUICK = ("--reboot-ms", 120, "--manifest-ms", 50)


class Bench:
    """Driver, module, uxmcd and server. It lasts for the tests of a file, so
    what a test changes it changes back.
    """

    def __init__(self, directory):
        self.directory = directory
        self.server = Server()
        self.uxmcd = uxmcd.Uxmcd(directory)
        self.sims = []
        self.client = self.monitor = self.module = None
        self.serial = 0
        self.config = {}
        self.logged = 0

    def __enter__(self):
        try:
            self.connect()
            uxmcd.store_setting(SETTING)
            self.uxmcd.start()
            self.module = self.plug()
            self.module.setting = SETTING
            self.until_shown(SETTING)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *unused):
        try:
            if self.uxmcd.running():
                self.uxmcd.stop()
        finally:
            self.close()

    def close(self):
        if self.uxmcd.running():
            self.uxmcd.kill()
        for sim in self.sims:
            sim.unplug()
        self.server.close()
        self.disconnect()

    def connect(self):
        """Listen to the driver, which is loaded (again)."""
        self.client = genl.Genl()
        self.monitor = genl.Monitor()

    def disconnect(self):
        for opened in (self.client, self.monitor):
            if opened:
                opened.close()

    def unload(self):
        """The driver goes; the simulated module stays plugged in."""
        self.disconnect()
        guest.unload()

    def load(self):
        """The driver comes back, and finds the module."""
        guest.load()
        self.connect()
        self.found_again()

    def found_again(self):
        """The driver that was loaded anew has the module, if it comes back."""
        old = self.module
        number, = guest.until(guest.modules, 30, "the driver has its module")
        self.module = modules.Module(number, self.client, self.monitor, old.sim)
        self.module.setting = uxmcd.setting()
        self.module.logged = old.logged

    # Modules
    def new_sim(self, *options, port=0):
        self.serial += 1
        serial = f"BENCH{self.serial:03}"
        sim = Sim("--port", port, "--serial", serial, *QUICK, *options)
        sim.serial = serial
        self.sims.append(sim)
        return sim

    def plug(self, *options, port=0):
        """One more module, as uxmcN."""
        self.monitor.pending()
        sim = self.new_sim(*options, port=port)
        number = expect.added(self.monitor)["module"]
        return modules.Module(number, self.client, self.monitor, sim)

    def unplug(self, module):
        module.begin()
        module.sim.unplug()
        self.sims.remove(module.sim)
        module.until(lambda heard: heard["event"] == "removed", 20, "removed")

    def plug_again(self, module, port=0):
        """One that was unplugged, maybe into another port."""
        module.sim.options[1] = str(port)
        module.begin()
        module.sim.start()
        self.sims.append(module.sim)
        expect.replugged(module)

    def replace(self, *options, waiting=True):
        """Another module instead of the one that is plugged in, or was."""
        if self.module.sim in self.sims:
            self.unplug(self.module)
        self.module = self.plug(*options)
        self.module.setting = uxmcd.setting()
        if waiting:
            self.until_shown(self.module.setting)
        return self.module

    def until_shown(self, value, within=20):
        """The module shows that setting, which uxmcd has told it."""
        guest.until(lambda: self.module.read("firmware_uxm") == value, within,
                    f"firmware_uxm shows {value!r}")

    # What there is to fetch
    def serve(self, image, *answers):
        """Have it at its own name; gives the URL."""
        return self.server.route(f"/{image.name}",
                                 *(answers or [Answer(image.data)]))

    def use(self, **config):
        """uxmcd with these lines in its uxmcd.conf that differ from the usual."""
        if config == self.config:
            return
        if self.uxmcd.running():
            self.uxmcd.stop()
        self.config = config
        self.uxmcd.configure(**config)
        self.uxmcd.start()

    def set(self, value):
        """The setting is that; with uxmcd running."""
        assert self.uxmcd.ask(f"set firmware_uxm {value}")[0] == 0
        self.until_shown(value)
        self.module.setting = value

    # Updates
    def ask(self, url):
        """As a person does, by sysfs."""
        self.module.begin()
        self.module.write("firmware_uxm", f"{url}\n")

    def ctl(self, *arguments, **options):
        self.module.begin()
        return modules.run_uxmcctl(*arguments, **options)

    def ctl_running(self, *arguments):
        """One that is not waited for: a Popen, to be used as a context."""
        self.module.begin()
        return subprocess.Popen(
            [f"{guest.TOP}/build/uxmcctl", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)

    def done(self, image, url, within=60):
        """The update ends well, and the setting is stored and shown."""
        end = self.module.until(
            lambda heard: heard["state"] == "failed" or
            heard["state"] == "done" and heard["firmware_uxm"] == url,
            within, "done with the setting shown")
        assert end["state"] == "done", expect.told(end)
        self.module.position -= 1
        expect.done(self.module, image)
        self.module.setting = url
        assert self.module.read("firmware_uxm") == url
        self.uxmcd.expect_clean()
        assert uxmcd.setting() == url

    def finished(self, image, url, within=60):
        """The update has come to a good end in spite of what was done to it: it
        may have been begun several times, and the driver may have been told
        nothing of it.
        """
        guest.until(lambda: uxmcd.setting() == url, within,
                    "firmware_uxm is stored")
        self.module.setting = url
        self.until_shown(url)
        view = self.module.agreed()
        assert (view["version"], view["mode"]) == (image.version, "application")
        assert (view["state"], view["message"]) in (("done", ""), ("idle", ""))
        self.uxmcd.expect_clean()
        received = self.module.sim.matching("^received", self.module.logged)
        assert set(received) == {image.received}
        assert not self.module.sim.matching("^(rejected|violation)",
                                            self.module.logged)

    def failed(self, phase, error, sentence, within=40):
        """The update fails, says so everywhere, and leaves all as it was."""
        version = self.module.read("firmware_version")
        end = expect.failed(self.module, phase, error, sentence, within)
        assert uxmcd.setting() == self.module.setting
        assert self.module.read("firmware_version") == version
        self.uxmcd.expect_clean()
        assert self.uxmcd.running()
        return end

    def update(self, image, *answers):
        """One by sysfs that goes well."""
        url = self.serve(image, *answers)
        self.ask(url)
        self.done(image, url)
        return url

    # Between two tests
    def begin(self, **config):
        """The test begins, with that uxmcd.conf."""
        self.use(**config)
        self.forget()

    def forget(self):
        """What was before is of no interest any more."""
        self.server.requests.clear()
        self.logged = len(self.uxmcd.log())

    def settle(self):
        """A test that failed half-way must not take the next ones along."""
        if not guest.loaded():
            self.load()
        if not self.uxmcd.running():
            self.uxmcd.start()
        if self.module.sim not in self.sims:
            self.replace()
        if not self.at_rest():
            try:
                self.client.cancel(self.module.number)
            except genl.Refused:
                pass
            guest.until(self.at_rest, 20, "the update has ended")

    def at_rest(self):
        return self.module.state in ("idle", "done", "failed")

    # Reports of a failed test
    def reports(self):
        yield "uxmcd", self.uxmcd.log()[self.logged:]
        yield "state directory", " ".join(sorted(os.listdir(guest.STATE)))
        if self.monitor and guest.loaded():
            yield "notifications", "\n".join(
                map(expect.told, self.monitor.pending()[-40:]))
        for sim in self.sims:
            yield "simulator", "\n".join(sim.log()[-30:])
        yield "requests to the server", "\n".join(
            f"{one.time:.2f} {one.method} {one.path} {one.headers}"
            for one in self.server.requests[-10:])


def refused(done, code, sentence):
    """uxmcctl ended with that status, and that is what it said."""
    assert done.returncode == code, done.stdout
    last = done.stdout.strip().splitlines()[-1]
    expect.message(f"x: {last}", "x", f"uxmcctl: (\\w+: )?{sentence}")
