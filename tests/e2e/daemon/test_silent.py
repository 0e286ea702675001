# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcctl does not wait for ever: for an uxmcd that is stopped, for a server that
uxmcd waits for, for an update of which nothing is told any more.
"""
import json
import re
import socket
import subprocess
import time

import pytest

import uxmcd
from bench import SETTING, refused
from httpd import Answer, Gate
from module import run_uxmcctl

SILENT = "uxmcd runs, but does not answer: see its log, or restart it .*"

# What it may take: to see that nothing comes, to ask, and to wait for an answer,
# on a slow machine
PATIENCE = 60


@pytest.fixture
def new(image):
    return image(size=200000)


@pytest.fixture
def frozen(bench):
    """What it was asked for meanwhile goes with it."""
    bench.uxmcd.freeze()
    yield
    bench.uxmcd.kill()
    bench.uxmcd.start()


def ended(process, within=PATIENCE):
    """The same as what run_uxmcctl() gives."""
    output, _ = process.communicate(timeout=within)
    return subprocess.CompletedProcess(process.args, process.returncode, output)


def test_every_verb(bench, new, frozen):
    """At the same time, as each of them waits."""
    url = bench.serve(new)
    running = [bench.ctl_running(*arguments) for arguments in (
        ["get"], ["get", "firmware_uxm"], ["get", "--json"],
        ["set", "firmware_interval", "60"], ["clear", "firmware_interval"],
        ["update", url], ["update", "--no-wait", url], ["update", new.path],
        ["confirm"], ["refuse"], ["cancel"], ["check"], ["check", "--json"],
        ["log"], ["log", "--json"])]
    for process in running:
        refused(ended(process), 7, SILENT)
    assert bench.module.state == "idle"


def test_status(bench, frozen):
    """It has something to show all the same, and does not take long."""
    begin = time.monotonic()
    done = run_uxmcctl("status")
    assert time.monotonic() - begin < 20
    assert done.returncode == 0 and str(bench.module) in done.stdout
    assert re.search(SILENT, done.stdout)
    shown = json.loads(run_uxmcctl("--json").stdout)
    assert shown["uxmcd_running"] and shown["uxmcd_silent"]


def test_status_of_one_that_answers(bench):
    assert json.loads(run_uxmcctl("--json").stdout)["uxmcd_silent"] is False


def test_no_place_to_connect(bench):
    """Those who came before fill all the places in which one can wait."""
    limit = "/proc/sys/net/core/somaxconn"
    with open(limit) as file:
        before = file.read()
    bench.uxmcd.stop()
    waiting = []
    try:
        with open(limit, "w") as file:
            file.write("4")
        bench.uxmcd.start()
        bench.uxmcd.freeze()
        with pytest.raises(BlockingIOError):
            while True:
                waiting.append(socket.socket(socket.AF_UNIX,
                                             socket.SOCK_SEQPACKET))
                waiting[-1].setblocking(False)
                waiting[-1].connect(uxmcd.CONTROL)
        running = [bench.ctl_running(verb) for verb in ("get", "cancel", "status")]
        refused(ended(running[0]), 7, SILENT)
        refused(ended(running[1]), 7, SILENT)
        assert ended(running[2]).returncode == 0
    finally:
        for one in waiting:
            one.close()
        with open(limit, "w") as file:
            file.write(before)
        bench.uxmcd.kill()
        bench.uxmcd.start()


def test_stopped_while_fetching(bench, new):
    """Nothing more will come of it."""
    bench.set(SETTING)
    url = bench.serve(new, Answer(new.data, hold_after=50000), Answer(new.data))
    with bench.ctl_running("update", url) as update:
        bench.module.until(lambda heard: heard["done"] == 50000, 40, "half fetched")
        bench.uxmcd.freeze()
        refused(ended(update), 7, SILENT)
    bench.uxmcd.kill()
    bench.uxmcd.start()
    bench.finished(new, url, within=30)


def test_stopped_while_flashing(bench, new):
    """The driver goes on, and says how it ends."""
    url = bench.serve(new)
    with bench.ctl_running("update", url) as update:
        bench.module.until_state("downloading")
        bench.uxmcd.freeze()
        done = ended(update)
    assert done.returncode == 0, done.stdout
    assert "uxmcd does not answer; following the driver alone" in done.stdout
    bench.uxmcd.thaw()
    bench.done(new, url)


def test_stopped_while_watched(bench, new):
    """The driver sees that uxmcd is silent, and ends the update."""
    bench.use(stall_timeout=2)
    bench.set(SETTING)
    url = bench.serve(new, Answer(new.data, hold_after=50000), Answer(new.data))
    bench.ask(url)
    bench.module.until_state("fetching")
    with bench.ctl_running("watch", "--once") as watch:
        bench.uxmcd.freeze()
        done = ended(watch)
    assert done.returncode == 1
    assert "uxmcd has gone silent" in done.stdout
    bench.uxmcd.kill()
    bench.uxmcd.start()
    bench.finished(new, url, within=30)


@pytest.fixture
def slow_check(bench, pbx):
    """The server keeps it waiting, until the gate opens; gives both."""
    gate, nothing = Gate(), b"<firmware-settings></firmware-settings>"
    url = bench.server.route("/slow.xml", Answer(nothing),
                             Answer(nothing, hold_after=5, gate=gate))
    pbx.start(firmware_status=url)
    with bench.ctl_running("check") as check:
        bench.server.wait_requests(2)
        yield check, gate


def test_stopped_while_it_checks(bench, slow_check):
    check, _ = slow_check
    bench.uxmcd.freeze()
    refused(ended(check), 7, SILENT)
    bench.uxmcd.kill()
    bench.uxmcd.start()


def test_slow_check(slow_check):
    """A long wait is no silence: uxmcd is asked now and then."""
    check, gate = slow_check
    time.sleep(12)
    assert check.poll() is None
    gate.set()
    done = ended(check)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith("RULE ")


def test_slow_update(bench, new):
    """The same."""
    gate = Gate()
    url = bench.serve(new, Answer(new.data, hold_after=50000, gate=gate))
    with bench.ctl_running("update", url) as update:
        bench.module.until(lambda heard: heard["done"] == 50000, 40, "half fetched")
        time.sleep(12)
        assert update.poll() is None
        gate.set()
        done = ended(update)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == f"updated to {new.version}"
    bench.done(new, url)
