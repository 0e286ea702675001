# SPDX-License-Identifier: GPL-2.0-or-later
"""Several modules through one phone: one after another with match = module, and all
at once with chain = sequential.
"""
import re

import pytest

import expect
import guest
import module as modules
import uxmcd
from bench import refused
from module import run_uxmcctl

SIZE = 60000
MATCH = ("firmware_uxm is the provisioned URL already: clear firmware_uxm to "
         "update again")
MANY = "{} expansion modules are connected: leave exactly one connected"
AT_REST = ("idle", "done", "failed")


@pytest.fixture
def new(image):
    return image(size=SIZE, version="1.6.1")


def plug_together(bench, *kinds):
    """Modules, plugged in at once instead of what there is, each with its options;
    gives them.
    """
    while bench.sims:
        bench.sims.pop().unplug()
    guest.until(lambda: not guest.modules(), 40, "no module is left")
    bench.monitor.pending()
    sims = [bench.new_sim(*options, port=port)
            for port, options in enumerate(kinds)]
    found = {}
    for _ in sims:
        heard = expect.added(bench.monitor)
        found[heard["serial"]] = heard["module"]
    plugged = [modules.Module(found[sim.serial], bench.client, bench.monitor, sim)
               for sim in sims]
    for module in plugged:
        module.position = module.began = len(bench.monitor.heard) - len(plugged)
    bench.module = plugged[-1]
    return plugged


def updated(module, image, url):
    """It is, once, and shows the URL."""
    module.until(lambda heard: heard["state"] == "done" and
                 heard["firmware_uxm"] == url, 30, "updated")
    assert module.read("firmware_version") == image.version
    assert module.sim.matching("^received", module.logged) == [image.received]


def never_two_at_a_time(bench, since):
    """By all that the driver has told from there on."""
    busy = set()
    for heard in bench.monitor.pending()[since:]:
        if heard["state"] in AT_REST or heard["event"] == "removed":
            busy.discard(heard["module"])
        else:
            busy.add(heard["module"])
        assert len(busy) <= 1, expect.told(heard)


# match = module
def shown(*several):
    return [module.read("firmware_uxm") for module in several]


def test_one_after_another(bench, pbx, new):
    """Each is updated once, with nobody clearing anything, and keeps what it was
    updated from, as its own.
    """
    pbx.start(match="module", firmware_status=pbx.status)
    url = pbx.offer(new)
    first, = plug_together(bench, ())
    updated(first, new, url)
    bench.unplug(first)
    second = bench.replace(waiting=False)
    updated(second, new, url)
    bench.unplug(second)

    pbx.forget()
    bench.plug_again(first)
    bench.module = first
    pbx.plugged("match", MATCH)
    assert shown(first) == [url]
    pbx.untouched()

    pbx.forget()
    bench.plug_again(second, port=1)
    pbx.plugged("many-modules", MANY.format(2))
    assert shown(first, second) == [url, url]
    first.write("firmware_uxm", "\n")
    guest.until(lambda: uxmcd.stored("modules").count("module=") == 1, 5,
                "that of one is cleared")
    for module in first, second:        # which uxmcd has to tell again
        bench.client.set_firmware_uxm(module.number, "http://other/")
    pbx.start_again()
    guest.until(lambda: shown(first, second) == ["", url], 5,
                "each shows its own, after a restart too")
    assert uxmcd.setting() == url
    pbx.clear()
    guest.until(lambda: shown(first, second) == ["", ""], 40, "all are cleared")
    assert "module=" not in uxmcd.stored("modules")


def test_match_of_the_phone_again(bench, pbx):
    """With match = phone the last update counts, whichever module it was of; what
    is known of each of them is kept.
    """
    phones, own = (f"{pbx.nginx.base}/snomD7C-{version}-r.bin"
                   for version in ("1.6.1", "1.5.3"))
    module, = plug_together(bench, ())
    pbx.start(matching=phones)
    uxmcd.store("modules", "uxmcd-modules 1\n"
                f"module={own} {module.sim.serial}\nend\n")
    pbx.put_status(firmware_uxm=phones, update_policy="ask_for_update")
    for match, shown, word in (("module", own, "waiting"),
                               ("phone", phones, "match"),
                               ("module", own, "waiting")):
        bench.uxmcd.stop()
        bench.uxmcd.configure(match=match, firmware_status=pbx.status)
        pbx.start_again()
        bench.until_shown(shown)
        pbx.check_once(word, 0)


def test_without_serial_number(bench, pbx, new):
    """At one port they cannot be told apart, and so count as one."""
    pbx.start(match="module", firmware_status=pbx.status)
    url = pbx.offer(new)
    for word, sentence in ("started", ""), ("match", MATCH):
        pbx.forget()
        module = bench.replace("--no-serial", waiting=False)
        assert module.read("serial_number") == ""
        pbx.plugged(word, sentence)
        if word == "started":
            updated(module, new, url)
        bench.until_shown(url)
    pbx.untouched()


# chain = sequential
def test_off_by_default(bench, pbx, new):
    module, = plug_together(bench, ())
    pbx.start(match="module", firmware_status=pbx.status)
    pbx.offer(new)
    pbx.forget()
    other = bench.plug(port=1)
    pbx.plugged("many-modules", MANY.format(2))
    pbx.check("many-modules", 5, MANY.format(2))
    assert (module.state, other.state) == ("idle", "idle")


def test_chain(bench, pbx, new):
    """Two D7C are updated, and the D8C is not, for its reason."""
    pbx.start(chain="sequential", firmware_status=pbx.status)
    url = pbx.offer(new)
    since = len(bench.monitor.heard)
    other, first, second = plug_together(bench, ("--model", "D8C"), (), ())
    for module in first, second:
        updated(module, new, url)
    wrong = (f"{other.at}: the image is for a D7C, but the module is a D8C: give the "
             "URL of a D8C image")
    assert pbx.decision("the next module of the chain")[0] == "started"
    assert pbx.decision("the next module of the chain") == ("name-model", wrong)
    never_two_at_a_time(bench, since)
    bench.uxmcd.expect_clean()
    assert other.state == "idle" and other.read("firmware_uxm") == ""

    bench.module = first
    told = pbx.check_once("name-model", 5)
    assert told["sentence"] == wrong
    texts = [step["text"] for step in told["steps"]]
    assert wrong in texts
    for module in first, second:
        assert f"{module.at}: {MATCH}" in texts
    assert "3 expansion modules are connected, and chain = sequential" in texts
    refused(run_uxmcctl("update", url), 5, MANY.format(3))
    assert len(pbx.fetched()) == 2
    assert {entry["serial_number"] for entry in pbx.log()} == \
        {first.sim.serial, second.sim.serial}


def test_one_of_the_chain_fails(bench, pbx, new):
    """It does not hold the next one up, and is tried again later."""
    pbx.start(chain="sequential", firmware_status=pbx.status)
    url = pbx.offer(new)
    since = len(bench.monitor.heard)
    bad, good = plug_together(bench, ("--fault", "manifest-error"), ())
    updated(good, new, url)
    bad.until_state("failed")
    later = (rf"{bad.at}: the update from this URL failed, and is tried again in [0-9]+ "
             "minutes: use uxmcctl update to try at once")
    guest.until(lambda: "too-soon" in [one[1] for one in pbx.decisions()], 10,
                "it is to be tried again")
    never_two_at_a_time(bench, since)
    bench.module = good
    told = pbx.check_once("too-soon", 5)
    assert re.fullmatch(later, told["sentence"])
    assert f"{good.at}: {MATCH}" in [step["text"] for step in told["steps"]]
    assert {(entry["serial_number"], entry["result"]) for entry in pbx.log()} == \
        {(bad.sim.serial, "failed"), (good.sim.serial, "done")}


def test_chain_with_a_word_for_each(bench, pbx, new):
    """Each of them is asked about, one after another; what is refused stays so."""
    pbx.start(chain="sequential", firmware_status=pbx.status)
    url = pbx.offer(new, update_policy="ask_for_update")
    pair = plug_together(bench, (), ())
    pbx.decision("a module was plugged in")
    pbx.check_once("waiting", 0)
    asked = [pbx.waiting()[0]]
    assert run_uxmcctl("refuse").returncode == 0
    pbx.check_once("waiting", 0)
    asked.append(pbx.waiting()[0])
    assert sorted(asked) == sorted(map(str, pair))
    assert run_uxmcctl("refuse").returncode == 0
    pbx.check_once("denied", 5)
    assert pbx.waiting() is None
    assert not pbx.fetched()
    assert url == pbx.serve(new)


def test_chain_is_gone_on_with_after_a_kill(bench, pbx, new):
    pbx.start(chain="sequential", firmware_status=pbx.status)
    url = pbx.offer(new)
    pair = plug_together(bench, (), ())
    guest.until(lambda: bench.client.dump() and any(
        one["state"] == "downloading" for one in bench.client.dump()), 10,
        "one is being flashed")
    bench.uxmcd.kill()
    bench.uxmcd.start()
    for module in pair:
        updated(module, new, url)
    bench.uxmcd.expect_clean()
    assert [(entry["origin"], entry["result"]) for entry in pbx.log()] == \
        [("provisioned", "done")] * 2
