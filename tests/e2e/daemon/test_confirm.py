# SPDX-License-Identifier: GPL-2.0-or-later
"""Updates that wait for a person's word, or that a person has cancelled."""
import pytest

import expect
from bench import refused
from journal import Journal
from module import run_uxmcctl

SIZE = 60000
ASK = ("update_policy is ask_for_update: use uxmcctl confirm to start the update, "
       "uxmcctl refuse to turn it down")
DENIED = ("a person has refused or cancelled this update: use uxmcctl update to "
          "update all the same")


@pytest.fixture
def new(image):
    return image(size=SIZE, version="1.6.1")


@pytest.fixture
def waiting(bench, pbx, new):
    """One that waits; its URL."""
    url = pbx.offer(new, update_policy="ask_for_update")
    pbx.start(firmware_status=pbx.status)
    assert pbx.waiting() == (str(bench.module), url)
    return url


def nothing_waits(pbx):
    assert pbx.waiting() is None
    refused(run_uxmcctl("confirm"), 1, "no update waits to be confirmed")
    refused(run_uxmcctl("refuse"), 1, "no update waits to be refused")


def refuse():
    done = run_uxmcctl("refuse")
    assert done.returncode == 0, done.stdout


def test_confirm(bench, pbx, new, waiting):
    """It waits in plain sight, however often it is looked at, and whatever is
    plugged in, until a person says yes.
    """
    told = (f"waiting: {bench.module.at}: an update from {waiting}: uxmcctl confirm, "
            "or uxmcctl refuse\n")
    assert told in run_uxmcctl("status").stdout
    steps = pbx.check("waiting", 0, ASK)
    assert steps["ask"] == ("no", f"{bench.module.at}: {ASK}")
    pbx.replug()
    pbx.plugged("waiting", ASK)
    assert pbx.waiting() == (str(bench.module), waiting)
    pbx.untouched()
    assert not pbx.fetched()

    done = bench.ctl("confirm")
    assert done.returncode == 0, done.stdout
    states = [line.split()[2] for line in done.stdout.splitlines()
              if line.startswith("uxmc")]
    assert list(dict.fromkeys(states))[-6:] == expect.STEPS
    assert done.stdout.splitlines()[-1] == f"updated to {new.version}"
    bench.done(new, waiting)
    nothing_waits(pbx)
    entry, = pbx.log()
    assert (entry["origin"], entry["url"]) == ("provisioned", waiting)


def test_refuse(bench, pbx, new, image, waiting):
    """Nobody is asked again about that one, but about the next one."""
    refuse()
    nothing_waits(pbx)
    pbx.check("denied", 5, DENIED)
    pbx.replug()
    pbx.plugged("denied", DENIED)
    pbx.hang_up()
    assert pbx.decision("SIGHUP") == ("denied", DENIED)
    nothing_waits(pbx)
    pbx.untouched()
    assert waiting == pbx.serve(new)
    url = pbx.offer(image(size=SIZE, version="1.7.1"))
    pbx.check("waiting", 0, ASK)
    assert pbx.waiting() == (str(bench.module), url)


def test_another_module_is_asked_about(bench, pbx, waiting):
    """What was refused was the update of one module, and that stays so when the
    update of another one is refused as well.
    """
    first = bench.module
    refuse()
    bench.unplug(first)
    pbx.forget()
    bench.replace()
    pbx.plugged("waiting", ASK)
    assert pbx.waiting() == (str(bench.module), waiting)
    refuse()
    bench.unplug(bench.module)
    pbx.forget()
    bench.plug_again(first)
    bench.module = first
    pbx.plugged("denied", DENIED)
    assert pbx.waiting() is None


def test_refused_and_updated_by_hand(bench, pbx, new, waiting):
    """A person may always change their mind."""
    refuse()
    done = bench.ctl("update", waiting)
    assert done.returncode == 0, done.stdout
    bench.done(new, waiting)
    pbx.check_once("match", 0)


def test_unplugged_while_it_waits(bench, pbx, waiting):
    bench.unplug(bench.module)
    refused(run_uxmcctl("confirm"), 1, "no update waits to be confirmed")
    assert "waiting" not in run_uxmcctl("status").stdout
    pbx.forget()
    bench.replace()
    pbx.plugged("waiting", ASK)
    assert pbx.waiting() == (str(bench.module), waiting)


def test_url_changes_while_it_waits(bench, pbx, image, waiting):
    """The new one waits then; and none, once none is provisioned."""
    newer = image(size=SIZE, version="1.7.1")
    url = pbx.offer(newer)
    assert url != waiting
    pbx.check("waiting", 0, ASK)
    assert pbx.waiting() == (str(bench.module), url)
    pbx.put_status()
    pbx.check_once("nothing", 0)
    nothing_waits(pbx)


def test_restart_while_it_waits(bench, pbx, waiting):
    """uxmcd asks again."""
    pbx.start_again()
    assert pbx.waiting() == (str(bench.module), waiting)
    pbx.untouched()


def test_second_module_while_it_waits(bench, pbx, waiting):
    """It cannot be begun with two of them, and waits no more."""
    other = bench.plug(port=1)
    try:
        pbx.plugged("many-modules", "2 expansion modules .*")
        nothing_waits(pbx)
    finally:
        bench.unplug(other)
    pbx.check("waiting", 0, ASK)
    assert pbx.waiting() == (str(bench.module), waiting)


@pytest.mark.parametrize("policy", ["ask_for_update", "auto_update"])
def test_cancel(bench, pbx, new, policy):
    """Who cancels it has refused it: it is not begun again, nor asked about."""
    url = pbx.offer(new, "/slow", update_policy=policy)
    pbx.start(firmware_status=pbx.status)
    with bench.ctl_running("confirm") if policy == "ask_for_update" else \
            bench.ctl_running("watch", "--once") as ctl:
        bench.module.until(lambda heard: heard["done"], 40, "partly fetched")
        assert run_uxmcctl("cancel").returncode == 0
        output, _ = ctl.communicate(timeout=10)
    if policy == "ask_for_update":
        assert ctl.returncode == 8, output
    assert pbx.decision("the update failed") == ("denied", DENIED)
    pbx.check("denied", 5, DENIED)
    nothing_waits(pbx)
    pbx.replug()
    pbx.plugged("denied", DENIED)
    pbx.untouched()
    entry, = pbx.log()
    assert (entry["result"], entry["origin"], entry["url"]) == \
        ("cancelled", "provisioned", url)


def test_confirm_while_another_one_is_unfinished(bench, pbx, new, waiting):
    """An update that was interrupted waits for its module, which is away. It makes
    way, and its end is not taken for the end of the one that is confirmed.
    """
    bench.uxmcd.kill()
    Journal.write(bench.module, waiting, new)
    bench.replace(waiting=False)
    pbx.start_again()
    assert pbx.waiting() == (str(bench.module), waiting)
    done = bench.ctl("confirm")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == f"updated to {new.version}"
    bench.done(new, waiting)


def test_confirm_and_go_away(bench, new, waiting):
    """uxmcctl confirm need not be there to the end."""
    with bench.ctl_running("confirm") as ctl:
        bench.module.until_state("verifying")
        ctl.terminate()
        ctl.communicate(timeout=10)
    bench.done(new, waiting)
