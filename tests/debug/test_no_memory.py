# SPDX-License-Identifier: GPL-2.0-or-later
"""Allocations fail, one at a time: of what user space asks for each, by the kernel's
fail-nth; of the update's worker and the completion handlers by uxmc-debug.ko, one of
each trace of calls, or in a long run each.
After each there is what was there before, and it works. What has leaked, test_leaks.py
says at the end.
"""
import contextlib
import errno
import os
import subprocess

import pytest

import expect
import genl
import guest
import usbfs
from seeds import LONG, SEED, usual_or_long

HELPER = f"{guest.TOP}/build/fail-nth"
DEBUG = "/sys/module/uxmc_debug/parameters"
URL = "http://pbx.example/snomD7C-1.6.1-r.bin"

# More than the allocations of any of these
MOST = usual_or_long(2000, 20000)
# Distinct call traces of allocations of an update, at least
FEWEST_TRACES = 20


def fail(nth, *call):
    """Whether the n-th allocation was there to fail, and the call's errno."""
    done = subprocess.run([HELPER, str(nth), *call], stdout=subprocess.PIPE, text=True,
                          timeout=60, check=True)
    word, number = done.stdout.split()
    return word == "hit", int(number)


def nothing():
    pass


def until_it_works(call, undo=nothing, before=nothing, certain=True, step=1):
    """Fail each of its allocations, or each step-th, then none. What did not go
    well has to go well without a fault; undo() takes back what went well, or what may
    have, where an error is not certain to say that nothing was done. Gives how many
    allocations there are.
    """
    refused = 0
    for nth in range(1 + SEED % step, MOST, step):
        if nth % 20 == 0:
            print(f"{call[0]}: {nth}", flush=True)
        before()
        hit, error = fail(nth, *call)
        if error:
            assert hit, f"without a fault: {errno.errorcode.get(error, error)}"
            assert error != errno.ETIMEDOUT
            refused += 1
            if not certain:
                undo()
                before()
            assert fail(0, *call) == (False, 0)
        undo()
        if not hit:
            print(f"{call[0]}: {nth - 1} failures, {refused} of them told", flush=True)
            return nth - 1
    raise AssertionError(f"more than {MOST} allocations")


def hear(monitor):
    """What has come; netlink says so where there was no memory for some of it."""
    while True:
        try:
            monitor.pending()
            return
        except OSError as err:
            assert err.errno == errno.ENOBUFS, err


def test_load(sim, driver):
    """With a module, which the driver binds at once: what fails then is no error of
    loading.
    """
    guest.unload()
    parameters = " ".join(f"{name}={value}" for name, value in guest.PARAMETERS.items())
    call = "load", guest.DRIVER, parameters
    one = sim()
    one.wait("^attached app", 20)
    guest.until(lambda: usbfs.find(0xd7c0), 20, "the module is there")
    # Most are the kernel's own, for any module. Every second: the seed says which.
    assert until_it_works(call, guest.unload, step=usual_or_long(2, 1)) > 100
    guest.load()
    guest.until(guest.modules, 15, "the module is bound")
    one.unplug()


def test_bind(module, image):
    interface = module.interface
    guest.tell_driver("unbind", interface)

    def unbind():
        if os.path.exists(f"{guest.USB_DRIVER}/{interface}"):
            guest.tell_driver("unbind", interface)
        assert not guest.modules()
    assert until_it_works(("write", f"{guest.USB_DRIVER}/bind", interface), unbind) > 20
    hear(module.monitor)
    module.begin()
    guest.tell_driver("bind", interface)
    expect.replugged(module)
    new = image()
    module.flash(new)
    expect.done(module, new, within=60)


def test_open_and_read(module):
    assert until_it_works(("open", module.node)) > 0
    until_it_works(("read", f"{module.path}/update_state"))


class Commands:
    """Netlink's commands as fail-nth is to send them, and what each leaves undone"""

    def __init__(self, module):
        self.module = module
        self.client = module.client

    def message(self, command, flags=genl.NLM_F_ACK, **attributes):
        body = bytes([genl.COMMANDS[command], 1, 0, 0]) + b"".join(
            genl.encode(name, value) for name, value in attributes.items())
        head = (16 + len(body)).to_bytes(4, "little") + \
            self.client.family.to_bytes(2, "little") + \
            (genl.NLM_F_REQUEST | flags).to_bytes(2, "little") + \
            (1).to_bytes(4, "little") + bytes(4)
        return (head + body).hex()

    def state(self):
        return self.client.get(self.module.number)["state"]

    def request(self):
        if self.state() not in ("requested", "fetching"):
            self.client.request(self.module.number, URL)

    def cancel(self):
        """Ends what there is, in time."""
        if self.state() in ("requested", "fetching", "verifying"):
            # It may have ended by itself meanwhile.
            with contextlib.suppress(genl.Refused):
                self.client.cancel(self.module.number)
        guest.until(lambda: self.state() in ("idle", "done", "failed"), 30,
                    "the update has ended")


def test_netlink(module, monitor):
    commands = Commands(module)
    number = module.number
    cases = {
        "module-get": ({}, nothing, nothing),
        "update-request": ({"url": URL}, nothing, commands.cancel),
        "update-report": ({"state": "fetching", "done": 1, "total": 2},
                          commands.request, commands.cancel),
        "update-cancel": ({}, commands.request, commands.cancel),
        "setting-set": ({"firmware_uxm": URL}, nothing, nothing),
        # Of a file that is not there: the worker says so.
        "update-flash": ({"file": "snomD7C-9.9.9-r.bin"}, nothing, commands.cancel),
    }
    for command, (attributes, before, undo) in cases.items():
        call = "send", commands.message(command, module=number, **attributes)
        print(command, end=" ")
        if command == "update-cancel":
            # What was cancelled although it was not told cannot be cancelled again.
            cancel_until_it_works(call, commands)
        else:
            # The acknowledgement may be what there was no memory for.
            assert until_it_works(call, undo, before, certain=False) > 0
    print("dump", end=" ")
    until_it_works(("send", commands.message("module-get", genl.NLM_F_DUMP)))
    monitor.reopen()


def cancel_until_it_works(call, commands):
    for nth in range(1, MOST):
        commands.request()
        hit, error = fail(nth, *call)
        assert hit or not error
        commands.cancel()
        if not hit:
            print(f"send: {nth - 1} failures")
            return
    raise AssertionError(f"more than {MOST} allocations")


def test_sysfs(module):
    commands = Commands(module)
    cancel = commands.cancel
    until_it_works(("write", f"{module.path}/firmware_uxm", URL), cancel)
    until_it_works(("write", f"{module.path}/firmware_uxm", "\n"))
    for nth in range(1, MOST):
        commands.request()
        hit, error = fail(nth, "write", f"{module.path}/update_cancel", "1")
        assert hit or not error
        cancel()
        if not hit:
            break
    until_it_works(("write", "/sys/module/uxmc/parameters/ctrl_timeout",
                    str(guest.PARAMETERS["ctrl_timeout"])))


class Injector:
    """What uxmc-debug.ko fails in the kernel's own threads"""

    @staticmethod
    def read(name):
        with open(f"{DEBUG}/{name}") as file:
            return int(file.read())

    def arm(self, name, value):
        self.before = self.read("failed")
        guest.write(f"{DEBUG}/{name}", str(value))

    def hit(self):
        """Disarm it; did it strike?"""
        struck = self.read("failed") != self.before
        guest.write(f"{DEBUG}/fail_nth", "0")
        return struck


def flash_and_wait(module, new):
    """How it ends: which is told to all, or they can ask for it."""
    hear(module.monitor)
    module.flash(new)
    end = guest.until(lambda: ended(module), 90, "the update has ended")
    if end["state"] == "failed":
        assert end["errno"] and ": " in end["message"], end
    return end


def ended(module):
    """Its status once no update of it is under way; it may be off the bus then."""
    hear(module.monitor)
    for status in module.client.dump():
        if status["port"] == module.port and status["state"] in ("done", "failed"):
            return status
    heard = module.monitor.heard[module.began:]
    gone = [one for one in heard if one["event"] == "removed"]
    return gone[-1] if gone and not guest.modules() else None


def recover(module, one, end):
    """The module as it is to be for the next update: plugged in anew if it has gone.
    One that was told to manifest may be about to leave by itself.
    """
    def here():
        found = [status for status in module.client.dump()
                 if status["port"] == module.port and not status["away"]]
        return found[0] if found else None
    if end["message"].startswith("manifesting"):
        guest.look_for(lambda: not here(), 3)
    if not guest.look_for(here, 3):
        one.replug()
    module.renumber(guest.until(here, 20, "the module is back")["module"])


# Modules with which each way through an update is taken
KINDS = [("--transfer-size", 4096, "--will-detach", "--not-tolerant"),
         ("--transfer-size", 1024, "--no-will-detach", "--tolerant", "--poll", 2)]


@pytest.mark.parametrize("options", KINDS, ids=["leaves by itself", "is reset"])
def test_worker(plug, image, options):
    """Each allocation and each submission with a call trace of its own, in whatever
    state it is made; --long has each one that there is.
    """
    module = plug(*options)
    module.port = module.read("port")
    one = module.sim
    new = image(size=20 << 10)
    injector = Injector()
    failures = states = 0
    ways = {}
    while failures < MOST:
        injector.arm(*(("fail_nth", failures + 1) if LONG else ("fail_new", 1)))
        end = flash_and_wait(module, new)
        struck = injector.hit()
        recover(module, one, end)
        if not struck:
            assert end["state"] == "done", end
            break
        failures += 1
        print(f"failure {failures}: {end['state']} {end['message']}", flush=True)
        if end["state"] == "failed":
            phase = end["message"].split(":")[0]
            ways[phase] = ways.get(phase, 0) + 1
            again = flash_and_wait(module, new)
            assert again["state"] == "done", (end, again)
            recover(module, one, again)
        states += end["state"] == "done"
    else:
        pytest.fail(f"more than {MOST} failures")
    print(f"{failures} failures: {states} updates went well all the same, and failed "
          f"while {ways}")
    assert not one.violations
    assert failures > FEWEST_TRACES
