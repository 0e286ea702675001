# SPDX-License-Identifier: GPL-2.0-or-later
"""The power is cut: uxmcd, the driver and the module all stop where they are.
What is on the disk, and in the module's flash, is all that there is afterwards.
Then the update is brought to its end without anybody asking for it.
"""
import random
import re

import pytest

import guest
import uxmcd
from bench import SETTING
from httpd import Answer
from journal import Journal

SLOW = ("--manifest-ms", 300, "--reboot-ms", 300, "--poll", 3)
SIZE = 200000
ETAG = {"ranges": True, "etag": '"one"'}
VERSIONS = ["1.6.1", "1.6.2"]


@pytest.fixture(autouse=True, scope="module")
def slow_module(bench_of_file):
    bench_of_file.replace(*SLOW)


@pytest.fixture(autouse=True)
def setting(bench):
    bench.set(SETTING)


@pytest.fixture
def new(bench, image):
    """A version that the module does not run."""
    running = bench.module.read("firmware_version")
    other = [version for version in VERSIONS if version != running]
    return image(size=SIZE, version=other[0])


def cut_power(bench):
    bench.uxmcd.kill()
    bench.module.sim.kill()
    guest.until(lambda: not guest.references(), 40, "the driver may go")
    bench.unload()


def power_up(bench, order="driver module uxmcd"):
    """In the usual order nothing that uxmcd does goes unheard."""
    for part in order.split():
        if part == "driver":
            guest.load()
            bench.connect()
        elif part == "module":
            bench.module.sim.start()
        else:
            bench.uxmcd.start()
    bench.found_again()


def forget_the_boot():
    """After a true power cut the kernel says that it is another boot, and what
    of a part was not synced may be gone, or zeros.
    """
    journal = uxmcd.stored("journal")
    boot = Journal().boot
    uxmcd.store("journal", journal.replace(boot, "0" * len(boot)))
    part = f"{uxmcd.IMAGES}/.{Journal().name}.part"
    with open(part, "r+b") as file:
        size = file.seek(0, 2)
        file.seek(size // 2)
        file.write(bytes(size - size // 2))


def at_a_byte(bench, state, count):
    bench.module.until(
        lambda heard: heard["state"] == state and heard["done"] >= count or
        heard["state"] in ("manifesting", "done", "failed"), 20,
        f"{state}, {count} bytes")


ORDERS = ["driver module uxmcd", "module uxmcd driver", "uxmcd driver module"]
STATES = ["fetching", "detaching", "manifesting", "rebooting"]


@pytest.mark.parametrize("state", STATES)
def test_in_state(bench, new, state):
    url = bench.serve(new, Answer(new.data, **ETAG, hold_after=SIZE // 2),
                      Answer(new.data, **ETAG)) if state == "fetching" else \
        bench.serve(new)
    bench.ask(url)
    bench.module.until_state(state)
    if state == "fetching":
        at_a_byte(bench, state, SIZE // 2)
    cut_power(bench)
    assert Journal().url == url
    power_up(bench)
    bench.finished(new, url)


@pytest.mark.parametrize("seed", range(3))
def test_anywhere(bench, new, seed):
    """Several times in the same update, at any byte, in any order."""
    dice = random.Random(seed)
    pieces = sorted(dice.randrange(1000, SIZE) for _ in range(2))
    url = bench.serve(new, Answer(new.data, **ETAG, hold_after=pieces[0]),
                      Answer(new.data, **ETAG))
    bench.ask(url)
    at_a_byte(bench, "fetching", pieces[0])
    cut_power(bench)
    power_up(bench, dice.choice(ORDERS))
    at_a_byte(bench, "downloading", dice.randrange(SIZE))
    cut_power(bench)
    power_up(bench, dice.choice(ORDERS))
    bench.finished(new, url)


def test_reinstalling_the_version_that_it_runs(bench, image):
    """The version cannot tell then whether it was done: it is done again."""
    same = image(size=SIZE, version=bench.module.read("firmware_version"))
    url = bench.serve(same)
    bench.ask(url)
    bench.module.until_state("rebooting")
    cut_power(bench)
    power_up(bench)
    bench.finished(same, url)


def test_what_was_not_synced_is_lost(bench, new):
    """The part of the image may have holes then, so it is fetched as a whole."""
    url = bench.serve(new, Answer(new.data, **ETAG, hold_after=SIZE // 2),
                      Answer(new.data, **ETAG))
    bench.ask(url)
    at_a_byte(bench, "fetching", SIZE // 2)
    cut_power(bench)
    forget_the_boot()
    power_up(bench)
    bench.finished(new, url)
    assert "range" not in bench.server.requests[-1].headers


def test_before_the_first_step(bench, new):
    """uxmcd had not come to it, so nobody knows of it: it has to be asked for
    again.
    """
    url = bench.serve(new)
    bench.uxmcd.freeze()
    bench.ask(url)
    cut_power(bench)
    power_up(bench)
    assert bench.module.state == "idle"
    bench.module.setting = SETTING
    bench.until_shown(SETTING)
    assert not uxmcd.left()
    bench.update(new)


def test_server_gone_after_it(bench, new, image):
    """Then it fails like any other fetch, and is not tried for ever."""
    url = bench.serve(new, Answer(new.data, **ETAG, hold_after=SIZE // 2),
                      Answer(status=404))
    bench.ask(url)
    at_a_byte(bench, "fetching", SIZE // 2)
    cut_power(bench)
    power_up(bench)
    bench.module.setting = SETTING
    bench.failed("fetching", 2, ".*404.*")


def test_another_module_after_it(bench, new):
    """The job waits for its own module; a new request takes its place."""
    url = bench.serve(new, Answer(new.data, hold_after=SIZE // 2),
                      Answer(new.data))
    bench.ask(url)
    at_a_byte(bench, "fetching", SIZE // 2)
    cut_power(bench)
    bench.sims.remove(bench.module.sim)
    bench.module.sim = bench.new_sim(*SLOW)
    guest.load()
    bench.uxmcd.start()
    bench.connect()
    bench.found_again()
    bench.until_shown(SETTING)
    assert Journal().url == url
    assert bench.module.state == "idle"
    bench.update(new)


def test_module_left_in_dfu_mode(bench, new, image):
    """Its update was given up on, and uxmcd has forgotten it: any later request
    is taken.
    """
    bench.ask(bench.serve(new))
    at_a_byte(bench, "downloading", SIZE // 2)
    cut_power(bench)
    guest.empty(guest.STATE)
    uxmcd.store_setting(SETTING)
    power_up(bench)
    assert bench.module.read("mode") == "dfu"
    assert bench.module.state == "idle"
    bench.update(image(size=SIZE, version="1.7.1"))


DAMAGES = {
    "empty": lambda sound: "",
    "cut off": lambda sound: sound[:60],
    "no end": lambda sound: sound.removesuffix("end\n"),
    "zeros": lambda sound: "\0" * 700,
    "more behind it": lambda sound: sound + "url=http://pbx.example/\n",
    "unknown step": lambda sound: sound.replace("step=fetch", "step=dance"),
    "way out": lambda sound: re.sub("name=.*", "name=../../etc/passwd", sound),
    "other version": lambda sound: sound.replace("expect=1", "expect=2"),
    "no port": lambda sound: sound.replace("port=", "harbour="),
    "long URL": lambda sound: sound.replace("url=http", "url=" + "http" * 1000),
    "huge": lambda sound: sound.replace("end\n", "x=y\n" * 10000 + "end\n"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_journal(bench, new, damage):
    """It is kept for whoever wants to look at it. The module is left alone."""
    text = damage(Journal.text(bench.module, bench.serve(new), new))
    bench.uxmcd.stop()
    uxmcd.store("journal", text)
    new.install()
    mark = len(bench.uxmcd.log())
    bench.module.begin()
    bench.uxmcd.start()
    bench.uxmcd.expect_clean()
    assert uxmcd.stored("journal.damaged") == text
    assert "the journal cannot be read" in bench.uxmcd.log()[mark:]
    assert uxmcd.setting() == SETTING
    assert bench.module.states() == []
    assert not bench.server.requests


def test_half_written_journal(bench, new):
    """The power was cut while it was written: the one before it counts."""
    url = bench.serve(new)
    bench.uxmcd.stop()
    Journal.write(bench.module, url, new)
    uxmcd.store("journal.new", Journal.text(bench.module, url, new)[:70])
    bench.module.begin()
    bench.uxmcd.start()
    bench.done(new, url)
