# SPDX-License-Identifier: GPL-2.0-or-later
"""The setting firmware_uxm: stored once an update went well, kept, cleared."""
import errno

import pytest

import expect
import uxmcd
from bench import SETTING
from httpd import Answer, Gate

OTHER = "http://pbx.example/snomD7C-1.1.1-r.bin"


@pytest.fixture(autouse=True)
def setting(bench):
    """As it was at the start, whatever the test before made of it."""
    bench.set(SETTING)


def shown_everywhere(bench, value):
    bench.until_shown(value)
    bench.module.setting = value
    assert bench.module.agreed()["firmware_uxm"] == value
    assert uxmcd.setting() == value
    assert bench.ctl("get", "firmware_uxm").stdout == f"{value}\n"


def test_stored_after_success_only(bench, image):
    """Not when it is asked for, not when it is fetched, not when it is flashed."""
    new = image(size=70000)
    gate = Gate()
    url = bench.serve(new, Answer(new.data, hold_after=1000, gate=gate))
    bench.ask(url)
    heard = bench.module.until_state("fetching")
    assert (heard["firmware_uxm"], uxmcd.setting()) == (SETTING, SETTING)
    gate.set()
    for state in expect.STEPS[:-1]:
        heard = bench.module.until_state(state)
        assert heard["firmware_uxm"] == SETTING
        if state == "manifesting":
            assert uxmcd.setting() == SETTING
    bench.done(new, url)
    shown_everywhere(bench, url)


def test_not_changed_by_a_file(bench, image):
    """An image that was handed in has no URL."""
    new = image(size=70000, version="1.6.2")
    done = bench.ctl("update", new.path)
    assert done.returncode == 0, done.stdout
    expect.done(bench.module, new)
    bench.uxmcd.expect_clean()
    shown_everywhere(bench, SETTING)


def test_after_replug(bench):
    """Of the same module, and of another one: it is the phone's setting."""
    bench.module.begin()
    bench.module.sim.replug()
    expect.replugged(bench.module)
    shown_everywhere(bench, SETTING)
    bench.replace()
    shown_everywhere(bench, SETTING)


def test_after_restart_of_uxmcd(bench):
    bench.uxmcd.stop()
    assert bench.module.read("firmware_uxm") == SETTING, "the driver keeps it"
    bench.module.set_firmware_uxm("")
    bench.uxmcd.start()
    shown_everywhere(bench, SETTING)


@pytest.mark.parametrize("first", ["driver", "uxmcd"])
def test_after_reboot(bench, first):
    """All begins anew, but for what is on the disk. Which comes first?"""
    bench.uxmcd.stop()
    bench.unload()
    assert uxmcd.setting() == SETTING
    if first == "uxmcd":
        bench.uxmcd.start()
    bench.load()
    if first == "driver":
        assert bench.module.read("firmware_uxm") == ""
        bench.uxmcd.start()
    shown_everywhere(bench, SETTING)


@pytest.mark.parametrize("nothing", ["", "\n", "  \n"], ids=repr)
def test_clear_by_sysfs(bench, nothing):
    bench.module.begin()
    if nothing:         # write(2) of nothing does not reach the driver
        bench.module.write("firmware_uxm", nothing)
    else:
        bench.module.write("firmware_uxm", "\n\n")
    bench.module.until(lambda heard: not heard["firmware_uxm"] and
                       not heard["cleared"], 40, "cleared, and that stored")
    shown_everywhere(bench, "")
    assert bench.module.state == "idle" or bench.module.state in "done failed"


@pytest.mark.parametrize("unplugged", [False, True])
def test_clear_while_uxmcd_is_not_running(bench, unplugged):
    """It hears of it when it is started; unless the module has gone meanwhile,
    which takes the wish along.
    """
    bench.uxmcd.stop()
    bench.module.write("firmware_uxm", "\n")
    assert bench.module.read("firmware_uxm") == ""
    assert bench.client.get(bench.module.number)["cleared"]
    if unplugged:
        bench.replace(waiting=False)
    bench.uxmcd.start()
    shown_everywhere(bench, SETTING if unplugged else "")


def test_clear_and_update_again(bench, image):
    """As Snom has it: cleared between two modules that get the same image."""
    new = image(size=70000, version="1.6.3")
    url = bench.update(new)
    assert bench.ctl("clear", "firmware_uxm").returncode == 0
    shown_everywhere(bench, "")
    bench.replace()
    shown_everywhere(bench, "")
    assert bench.update(new) == url


def test_set_and_clear_by_uxmcctl(bench):
    assert bench.ctl("get", "firmware_uxm").stdout == f"{SETTING}\n"
    done = bench.ctl("set", "firmware_uxm", OTHER)
    assert (done.returncode, done.stdout) == (0, "")
    shown_everywhere(bench, OTHER)
    assert bench.ctl("clear", "firmware_uxm").returncode == 0
    shown_everywhere(bench, "")


def test_failed_update_does_not_bring_an_old_one_back(bench, image):
    bench.set("")
    bench.ask(bench.serve(image(), Answer(status=404)))
    bench.failed("fetching", errno.ENOENT, ".*404.*")
    shown_everywhere(bench, "")


DAMAGED = {
    "cut off": f"uxmcd-settings 1\nfirmware_uxm={SETTING[:20]}",
    "zeros": "\0" * 512,
    "other kind": f"uxmcd-journal 1\nfirmware_uxm={SETTING}\nend\n",
    "huge": "uxmcd-settings 1\n" + "x=y\n" * 100000 + "end\n",
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_damaged_file(bench, text):
    """It is kept for whoever wants to look at it, and said; work goes on."""
    bench.uxmcd.stop()
    uxmcd.store("settings", text)
    mark = len(bench.uxmcd.log())
    bench.uxmcd.start()
    shown_everywhere(bench, "")
    assert uxmcd.stored("settings.damaged") == text
    assert "the settings in /var/lib/uxmcd are damaged" in \
        bench.uxmcd.log()[mark:]
    assert bench.ctl("set", "firmware_uxm", OTHER).returncode == 0
    shown_everywhere(bench, OTHER)


def test_settings_of_a_later_version(bench):
    """Keys that it does not know are no damage."""
    bench.uxmcd.stop()
    uxmcd.store("settings", f"uxmcd-settings 1\nupdate_policy=auto_update\n"
                f"firmware_uxm={OTHER}\nend\n")
    bench.uxmcd.start()
    shown_everywhere(bench, OTHER)


def test_half_written_file(bench):
    """A power cut while it was written: the old one counts, and nothing of
    the new one stays for good.
    """
    bench.uxmcd.stop()
    uxmcd.store("settings.new", "uxmcd-settings 1\nfirmware_u")
    bench.uxmcd.start()
    shown_everywhere(bench, SETTING)
    assert bench.ctl("set", "firmware_uxm", OTHER).returncode == 0
    shown_everywhere(bench, OTHER)
    assert not uxmcd.left()
