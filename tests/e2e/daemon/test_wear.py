# SPDX-License-Identifier: GPL-2.0-or-later
"""No module is worn out: what bounds the updates that nobody asked for."""
import contextlib
import os
import re
import signal
import subprocess

import pytest

import expect
import guest
import uxmcd
from bench import refused
from module import run_uxmcctl

SIZE = 60000
FLASHES = 3
MATCH = ("firmware_uxm is the provisioned URL already: clear firmware_uxm to "
         "update again")
WORN = ("it has been flashed from this URL three times, and none has lasted: it is "
        "left alone until the URL or the image there changes; use uxmcctl update to "
        "try all the same")
FAILED = "the update failed"
REFUSED = "manifesting: the module reports err\\w+ .*"

# What fails is tried again soon, as far as there is a pause at all.
QUICK = {"flash_pause": 0, "firmware_interval": 0}


@pytest.fixture
def new(image):
    return image(size=SIZE, version="1.6.1")


def flashes(bench):
    """Of the module that is plugged in, ever."""
    return len(bench.module.sim.matching("^manifest$"))


@contextlib.contextmanager
def not_storable(name):
    """That file of the state directory cannot be replaced: something is mounted
    there.
    """
    path = f"{guest.STATE}/{name}"
    if not os.path.exists(path):
        uxmcd.store(name, f"uxmcd-{name} 1\nend\n")
    subprocess.run(["mount", "--bind", path, path], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def outcome(bench, result):
    """The line of the log for programs about the last update, as a dictionary."""
    wanted = re.compile(r"\bupdate (module=.* result=%s .*)\n" % result)
    guest.until(lambda: wanted.search(bench.uxmcd.log(), bench.logged), 30,
                f"the log says result={result}")
    line = wanted.findall(bench.uxmcd.log(), bench.logged)[-1]
    return {key: value.strip('"') for key, value in
            re.findall(r'(\w+)=("(?:\\.|[^"\\])*"|\S+)', line)}


def until_flashed(bench, count, within=30):
    guest.until(lambda: flashes(bench) >= count, within, f"flashed {count} times")
    guest.until(bench.at_rest, 20, "the update has ended")


# A success
@pytest.mark.parametrize("chain", ["no", "sequential"])
def test_success_that_cannot_be_stored(bench, pbx, new, chain):
    """It is one all the same, and is stored as soon as that is possible."""
    url = pbx.offer(new)
    bench.unplug(bench.module)
    pbx.start(firmware_status=pbx.status, chain=chain)
    with not_storable("settings"):
        bench.replace(waiting=False)
        pbx.plugged("started")
        until_flashed(bench, 1)
        assert outcome(bench, "done")["url"] == url
        assert "cannot be stored" in bench.uxmcd.log()[bench.logged:]
        # what is provisioned cannot be stored either, and so is not acted upon
        pbx.check_once("fetch", 1)
        pbx.replug()
        pbx.check_once("fetch", 1)
    pbx.check("match", 0, MATCH)
    assert flashes(bench) == 1
    bench.uxmcd.stop()
    assert uxmcd.setting() == url
    bench.module.setting = url


def test_success_that_is_lost_at_each_restart(bench, pbx, new):
    """It is repeated, since nothing says that it was one; but not for ever."""
    pbx.offer(new)
    bench.replace(waiting=False)
    pbx.start(firmware_status=pbx.status)
    with not_storable("settings"):
        for count in range(1, FLASHES + 1):
            guest.until(lambda count=count: bench.uxmcd.log()[bench.logged:].count(
                "done -> none") == count, 30, f"updated {count} times")
            bench.uxmcd.kill()
            pbx.start_again()
        pbx.check_once("worn", 5)
        assert flashes(bench) == FLASHES


def test_flash_that_cannot_be_counted(bench, pbx, new):
    """It is not begun; one that a person wants is."""
    url = pbx.offer(new)
    bench.unplug(bench.module)
    pbx.start(firmware_status=pbx.status)
    with not_storable("attempts"):
        bench.replace(waiting=False)
        assert pbx.decision(FAILED)[0] == "too-soon"
        told = outcome(bench, "failed")
        assert "nothing that nobody asked for is begun" in told["reason"]
        assert flashes(bench) == 0
        done = bench.ctl("update", url)
        assert done.returncode == 0, done.stdout
        bench.done(new, url)


def test_volatile_at_each_start(bench, pbx, new):
    """What is lost when the phone boots is not lost when uxmcd ends."""
    pbx.offer(new)
    pbx.put_status(firmware_uxm=(pbx.serve(new), "V$"))
    bench.replace(waiting=False)
    pbx.start(firmware_status=pbx.status)
    until_flashed(bench, 1)
    pbx.start_again()
    pbx.check("match", 0, MATCH)
    pbx.replug()
    pbx.plugged("match", MATCH)
    assert flashes(bench) == 1


# A failure
def offer_spoiled(pbx, image):
    """An image that the module does not take once it has all of it; gives its URL."""
    url = pbx.offer(image)
    half = len(image.data) // 2
    pbx.nginx.put(f"/{image.name}", image.data[:half] +
                  bytes([image.data[half] ^ 1]) + image.data[half + 1:])
    return url


def test_image_that_always_fails(bench, pbx, new, image):
    """Three times, whatever is restarted and plugged in again meanwhile; the URL of
    another image counts for itself.
    """
    offer_spoiled(pbx, new)
    bench.replace(waiting=False)
    pbx.start(firmware_status=pbx.status, **QUICK)
    until_flashed(bench, 1)
    pbx.decision(FAILED)
    for count in 2, 3:
        pbx.replug()
        skip_pause(bench, pbx)
        until_flashed(bench, count)
    skip_pause(bench, pbx)
    pbx.check_once("worn", 5)
    told = outcome(bench, "failed")
    assert (told["origin"], told["to"]) == ("provisioned", new.version)
    assert re.fullmatch(REFUSED, told["reason"]), told

    pbx.offer(image(size=SIZE, version="1.7.1"))
    pbx.begun()
    until_flashed(bench, FLASHES + 1)


def skip_pause(bench, pbx):
    """As if it were over: what is stored says so when uxmcd starts."""
    guest.until(bench.at_rest, 20, "the update has ended")
    bench.uxmcd.stop()
    stored = uxmcd.stored("attempts")
    lines = [line.split("\t") if line.startswith("attempt=") else [line]
             for line in stored.splitlines()]
    for line in lines:
        if len(line) > 1:
            line[6] = "0"       # pause
    uxmcd.store("attempts", "\n".join("\t".join(line) for line in lines) + "\n")
    pbx.forget()
    bench.uxmcd.start()
    pbx.decision("the first look")


def wear_out(bench, pbx):
    """It is flashed as often as it may be."""
    for count in range(1, FLASHES + 1):
        until_flashed(bench, count)
        skip_pause(bench, pbx)


def test_pause_has_a_floor(bench, pbx, new):
    """The server may have it look every minute, but not flash then; nor does a
    replug or a restart.
    """
    offer_spoiled(pbx, new)
    bench.replace(waiting=False)
    pbx.start(firmware_status=pbx.status, firmware_interval=1)
    until_flashed(bench, 1)
    pbx.decision(FAILED)
    sentence = ("the update from this URL failed, and is tried again in "
                "(5[89]|[6-8][0-9]|90) minutes: use uxmcctl update to try at once")
    pbx.check("too-soon", 5, sentence)
    pbx.replug()
    pbx.plugged("too-soon", sentence)
    pbx.start_again()
    pbx.check("too-soon", 5, sentence)


def test_falls_back_each_time(bench, pbx, new):
    """Firmware that is in DFU mode again some time after it was done gets three tries:
    each went well, and none has lasted.
    """
    pbx.offer(new)
    bench.replace(waiting=False)
    pbx.start(firmware_status=pbx.status)
    for count in range(1, FLASHES + 1):
        until_flashed(bench, count)
        guest.until(lambda: "match" in [one[1] for one in pbx.decisions()] or
                    uxmcd.setting(), 20, "that is stored")
        pbx.forget()
        fall_back(bench)
    pbx.plugged("worn", WORN, 20)
    pbx.check_once("worn", 5)
    assert flashes(bench) == FLASHES
    assert [entry["result"] for entry in pbx.log()] == ["done"] * FLASHES


def fall_back(bench):
    module = bench.module
    module.begin()
    module.sim.process.send_signal(signal.SIGUSR2)
    module.until(lambda heard: heard["event"] == "removed", 40, "removed")
    expect.replugged(module)
    assert module.read("mode") == "dfu"


def test_person_after_three(bench, pbx, new):
    """Who asks for it gets it, and what was before is forgotten."""
    url = offer_spoiled(pbx, new)
    bench.replace(waiting=False)
    pbx.start(firmware_status=pbx.status, **QUICK)
    wear_out(bench, pbx)
    pbx.check_once("worn", 5)
    refused(bench.ctl("update", url), 1, REFUSED)
    assert flashes(bench) == FLASHES + 1
    pbx.begun()
    until_flashed(bench, FLASHES + 2)


def test_image_changes_after_three(bench, pbx, new):
    """The server is asked for it with the validators that are known, once for each
    look; within a day that does not matter yet.
    """
    offer_spoiled(pbx, new)
    bench.replace(waiting=False)
    pbx.start(firmware_status=pbx.status, **QUICK)
    wear_out(bench, pbx)
    pbx.forget()
    pbx.check_once("worn", 5)
    entry, = guest.until(lambda: [one for one in pbx.nginx.entries(since=pbx.mark)
                                  if ".bin" in one.path], 20, "the image is probed")
    assert (entry.status, entry.body) == (304, 0)
    pbx.nginx.put(f"/{new.name}", new.data)
    pbx.forget()
    pbx.check_once("worn", 5)
    guest.until(lambda: any(".bin" in one.path and one.status == 200
                            for one in pbx.nginx.entries(since=pbx.mark)), 20,
                "it is seen to have changed")
    assert flashes(bench) == FLASHES


# What a person has said
def test_refused_over_a_restart(bench, pbx, new):
    pbx.offer(new, update_policy="ask_for_update")
    bench.replace(waiting=False)
    pbx.start(firmware_status=pbx.status)
    assert pbx.waiting()
    assert run_uxmcctl("refuse").returncode == 0
    pbx.start_again()
    pbx.check("denied", 5, "a person has refused or cancelled this update: .*")
    assert pbx.waiting() is None
    pbx.clear()
    pbx.check("waiting", 0, "update_policy is ask_for_update: .*")


def test_cancelled_over_a_restart(bench, pbx, new):
    url = pbx.offer(new, "/slow")
    bench.replace(waiting=False)
    pbx.start(firmware_status=pbx.status)
    bench.module.until(lambda heard: heard["done"], 40, "partly fetched")
    assert run_uxmcctl("cancel").returncode == 0
    assert pbx.decision(FAILED)[0] == "denied"
    assert outcome(bench, "cancelled")["url"] == url
    pbx.start_again()
    pbx.check("denied", 5, "a person has refused or cancelled this update: .*")
    pbx.untouched()
