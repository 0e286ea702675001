# SPDX-License-Identifier: GPL-2.0-or-later
"""Modules behind modules: what is plugged in behind one leaves the bus with it, which
it does twice in an update, and comes back after it, on the same ports.
"""
import contextlib
import signal
import threading

import pytest

import guest
import module as modules
import uxmcd
from module import run_uxmcctl

SIZE = 60000
MATCH = ("firmware_uxm is the provisioned URL already: clear firmware_uxm to "
         "update again")
ASK = ("update_policy is ask_for_update: use uxmcctl confirm to start the update, "
       "uxmcctl refuse to turn it down")
CHAIN = {"chain": "sequential"}


@pytest.fixture(autouse=True)
def patient_driver(bench):      # pylint: disable=unused-argument
    """Three at once that come back are slow to be found, on a busy machine."""
    guest.set_parameter("reboot_timeout", 60000)
    yield
    guest.set_parameter("reboot_timeout", guest.PARAMETERS["reboot_timeout"])


@pytest.fixture
def new(image):
    return image(size=SIZE, version="1.6.1")


class Hub(threading.Thread):
    """That of a module: when the module leaves, those behind it lose their power."""

    def __init__(self, front, behind):
        super().__init__(daemon=True)
        self.front, self.behind = front.sim, [one.sim for one in behind]
        self.left = self.count()
        self.ending = False
        self.start()

    def count(self):
        return len(self.front.matching("^off$"))

    def run(self):
        while not self.ending:
            with self.front.events.changed:
                self.front.events.changed.wait(0.2)
            if self.count() > self.left:
                self.left = self.count()
                self.cut()

    def cut(self):
        for sim in self.behind:
            if sim.running:
                sim.process.send_signal(signal.SIGUSR1)


@contextlib.contextmanager
def chained(*chain):
    hubs = [Hub(front, chain[place + 1:]) for place, front in enumerate(chain[:-1])]
    try:
        yield
    finally:
        for hub in hubs:
            hub.ending = True
            hub.join()


def plug_in(bench, pbx, *kinds, **config):
    """uxmcd, and modules that it has nothing for yet, each with its options."""
    while bench.sims:
        bench.sims.pop().unplug()
    guest.until(lambda: not guest.modules(), 40, "no module is left")
    pbx.start(firmware_status=pbx.status, **CHAIN | config)
    chain = [bench.plug(*options, port=port) for port, options in enumerate(kinds)]
    bench.module = chain[0]
    return chain


def key_of(module):
    return module.read("serial_number") or f"@{module.read('port')}"


def begin(bench, pbx, image, chain=(), keys=(), **values):
    """The image is provisioned, and those modules have got it already: gives its URL."""
    bench.uxmcd.stop()
    url = pbx.offer(image, **values)
    uxmcd.store("modules", "uxmcd-modules 1\n" +
                "".join(f"module={url} {key}\n" for key in keys) + "end\n")
    for module in chain:
        module.given = module.sim.mark()
    pbx.forget()
    bench.uxmcd.start()
    return url


def received(*chain):
    """What each has got since the image was provisioned."""
    return [module.sim.matching("^received", module.given) for module in chain]


def at_ports(bench, *chain):
    """Whoever was off the bus may have another number now: by their ports, all of them."""
    def found():
        dump = {one["port"]: one for one in bench.client.dump()}
        return len(dump) == len(chain) and [dump.get(module.port) for module in chain]
    views = guest.until(lambda: found() and all(found()) and found(), 20,
                        "all are back")
    for module, view in zip(chain, views):
        module.renumber(view["module"])


def keep_ports(*chain):
    for module in chain:
        module.port = module.read("port")


def until_right(bench, pbx, *chain, word="match", code=0):
    """Nothing is left to be done, for that reason; gives what uxmcctl check says."""
    def settled():
        return word in [one[1] for one in pbx.decisions()] and all(
            one["state"] in ("idle", "done", "failed") for one in bench.client.dump())
    guest.until(settled, 60, f"all is decided ({word})")
    at_ports(bench, *chain)
    bench.module = chain[0]
    return pbx.check_once(word, code)


def results(pbx):
    return [(entry["port"], entry["result"]) for entry in pbx.log()]


NEEDS = {"first": [0], "middle": [1], "last": [2], "all": [0, 1, 2], "none": []}


@pytest.mark.parametrize("needs, options", [
    ("first", ()), ("last", ("--no-serial",)), ("middle", ("--no-dfu-serial",)),
    ("all", ()), ("all", ("--no-serial",)), ("none", ("--no-serial",))])
def test_who_needs_it(bench, pbx, new, needs, options):
    """Whoever needs it gets it once, wherever in the chain, with serial numbers and
    without; those behind are not taken for new ones when they come back.
    """
    chain = plug_in(bench, pbx, options, options, options)
    keep_ports(*chain)
    wanted = NEEDS[needs]
    keys = [key_of(module) for place, module in enumerate(chain)
            if place not in wanted]
    with chained(*chain):
        begin(bench, pbx, new, chain, keys)
        told = until_right(bench, pbx, *chain)
        assert received(*chain) == [[new.received] if place in wanted else []
                                    for place in range(3)]
    assert sorted(results(pbx)) == [(chain[place].port, "done") for place in wanted]
    texts = [step["text"] for step in told["steps"]]
    for module in chain:
        assert f"{module.at}: {MATCH}" in texts
    table = run_uxmcctl("check").stdout
    shown = run_uxmcctl("status").stdout
    for module in chain:
        assert f"{module.at}: {MATCH}" in table
        assert [str(module), "D7C", module.port] in \
            [line.split()[:3] for line in shown.splitlines()]


def test_one_in_the_middle_fails(bench, pbx, new):
    """It is the only one that has failed, and nobody is flashed twice for it."""
    chain = plug_in(bench, pbx, (), ("--fault", "manifest-error"), ())
    keep_ports(*chain)
    with chained(*chain):
        begin(bench, pbx, new, chain)
        told = until_right(bench, pbx, *chain, word="too-soon", code=5)
    assert received(chain[0], chain[2]) == [[new.received]] * 2
    assert sorted(results(pbx)) == sorted([
        (chain[0].port, "done"), (chain[1].port, "failed"), (chain[2].port, "done")])
    assert told["sentence"].startswith(f"{chain[1].at}: the update from this URL "
                                       "failed, and is tried again in ")
    assert len(chain[1].sim.matching("^manifest$")) == 1


def test_last_one_is_pulled_out(bench, pbx, new):
    """While the first is flashed: the others get theirs, and it when it is back."""
    chain = plug_in(bench, pbx, (), (), ())
    keep_ports(*chain)
    first, _, last = chain
    begin(bench, pbx, new, chain)
    first.sim.wait("^attached dfu", 20)
    last.sim.unplug()
    bench.sims.remove(last.sim)
    until_right(bench, pbx, *chain[:2])
    assert received(*chain[:2]) == [[new.received]] * 2
    assert [result for _, result in results(pbx)] == ["done", "done"]
    pbx.forget()
    last.sim.start()
    bench.sims.append(last.sim)
    until_right(bench, pbx, *chain)
    assert received(*chain) == [[new.received]] * 3


def test_front_one_is_pulled_out(bench, pbx, new):
    """While the one behind it is flashed, which goes with it. That is no failure to be
    waited out: once they are back it is done.
    """
    chain = plug_in(bench, pbx, (), ("--poll", 100), ())
    keep_ports(*chain)
    keys = [key_of(chain[0]), key_of(chain[2])]
    begin(bench, pbx, new, chain, keys)
    guest.until(lambda: chain[1].state == "downloading", 20, "it is being flashed")
    for module in chain:
        module.sim.kill()
    guest.until(lambda: not guest.modules(), 40, "all have gone")
    pbx.forget()
    for module in chain:
        module.sim.start()
    until_right(bench, pbx, *chain)
    assert received(*chain) == [[], [new.received], []]
    assert "done" in [result for _, result in results(pbx)]


def test_each_is_asked_about(bench, pbx, new):
    """One after another, by number and port, whoever leaves the bus meanwhile."""
    chain = plug_in(bench, pbx, (), (), ())
    keep_ports(*chain)
    url = begin(bench, pbx, new, chain, update_policy="ask_for_update")
    asked = []
    with chained(*chain):
        for _ in chain:
            told = guest.until(lambda: modules.uxmcctl_status()["waiting"], 20,
                               "one waits")
            at_ports(bench, *chain)
            one, = [module for module in chain if module.port == told["port"]]
            assert told == {"module": str(one), "port": one.port, "url": url}
            assert f"waiting: {one.at}: an update from {url}: " in \
                run_uxmcctl("status").stdout
            bench.module = one
            assert pbx.check_once("waiting", 0)["sentence"] == f"{one.at}: {ASK}"
            asked.append(one)
            pbx.forget()
            done = run_uxmcctl("confirm")
            assert done.returncode == 0, done.stdout
        until_right(bench, pbx, *chain)
        assert received(*chain) == [[new.received]] * 3
    assert {one.port for one in asked} == {one.port for one in chain}
