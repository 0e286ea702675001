# SPDX-License-Identifier: GPL-2.0-or-later
"""Provisioning from end to end: nginx has the files, and modules are plugged in."""
import re

import pytest

import guest
import uxmcd
from bench import refused
from journal import Journal
from pbx import MAC, QUERY, SETTINGS, STATUS

SIZE = 60000
EXPANDED = QUERY.replace("{mac}", MAC)
MATCH = ("firmware_uxm is the provisioned URL already: clear firmware_uxm to "
         "update again")


@pytest.fixture
def new(image):
    return image(size=SIZE, version="1.6.1")


def expanded(path):
    return path + EXPANDED


# The whole way
def test_plug_in(bench, pbx, new):
    """setting_server, firmware_status, image: nobody touches anything. Plugged in
    again it is left alone, until the setting is cleared, be it by uxmcctl or in
    sysfs; and then it is updated with the next look, not at once.
    """
    pbx.put_settings(firmware_status=pbx.status)
    pbx.start(setting_server=pbx.server)
    bench.unplug(bench.module)
    url = pbx.offer(new)
    pbx.forget()
    bench.replace()
    pbx.plugged("started")
    bench.done(new, url)
    assert url.endswith("?phone={mac}")
    assert pbx.paths() == [expanded(SETTINGS), expanded(STATUS),
                           expanded(f"/{new.name}")]
    agents = {entry.agent for entry in pbx.nginx.entries(since=pbx.mark)}
    agent, = agents
    assert f" {MAC} " in agent and "UXM:1" in agent and "snomD785" in agent

    for clear in pbx.clear, lambda: bench.module.write("firmware_uxm", "\n"):
        pbx.replug()
        pbx.plugged("match", MATCH)
        bench.until_shown(url)
        assert pbx.paths() == [expanded(SETTINGS), expanded(STATUS)]
        clear()
        guest.until(lambda: uxmcd.setting() == "", 40, "cleared, and that stored")
        bench.until_shown("")
        pbx.get()
        pbx.untouched()
        assert not pbx.decisions()
        assert len(pbx.paths()) == 2

        pbx.replug()
        pbx.plugged("started")
        bench.done(new, url)
        assert pbx.fetched() == [expanded(f"/{new.name}")]


def test_check_of_what_was_cleared(bench, pbx, new):
    """It is for the next look then."""
    url = pbx.offer(new, update_policy="ask_for_update")
    pbx.start(firmware_status=pbx.status, matching=url)
    pbx.check("match", 0, MATCH)
    pbx.clear()
    bench.until_shown("")
    assert pbx.waiting() is None
    pbx.check_once("waiting", 0)
    assert pbx.waiting() == (str(bench.module), url)


def test_another_url(bench, pbx, new):
    """Be it the same image: it is compared byte for byte."""
    url = pbx.offer(new, update_policy="ask_for_update")
    pbx.start(matching=url.replace("{mac}", MAC))
    pbx.set("firmware_status", pbx.status)
    assert pbx.decision("firmware_status was changed")[0] == "waiting"
    assert pbx.waiting() == (str(bench.module), url)


# Where firmware_uxm stands. An update that waits tells the URL.
def image_url(version):
    return f"http://127.0.0.1:8080/snomD7C-{version}-r.bin"


def test_where_firmware_uxm_is(pbx):
    """In the settings, in firmware_status' file, which has the last word, or in
    both; an empty one asks for nothing.
    """
    pbx.start(setting_server=pbx.server)
    for in_settings, in_status, holds in (
            ("1.6.1", None, "1.6.1"), (None, "1.6.2", "1.6.2"),
            ("1.6.1", "1.6.2", "1.6.2"), ("1.6.1", "", "1.6.1")):
        files = [{} if version is None else
                 {"firmware_uxm": version and image_url(version)}
                 for version in (in_settings, in_status)]
        pbx.put_settings(firmware_status=pbx.status,
                         update_policy="ask_for_update", **files[0])
        pbx.put_status(**files[1])
        pbx.check_once("waiting", 0)
        assert pbx.waiting()[1] == image_url(holds), (in_settings, in_status)


def test_settings_file_alone(pbx):
    """Without firmware_status."""
    pbx.put_settings(firmware_uxm=image_url("1.6.1"))
    pbx.start(setting_server=pbx.server, matching=image_url("1.6.1"))
    steps = pbx.check("match", 0, MATCH)
    assert steps["firmware_status"] == ("info", "not set")
    assert set(pbx.paths()) == {expanded(SETTINGS)}


# Why not
POLICY = ("update_policy is {}: set it to auto_update or ask_for_update to have "
          "the module updated")
OTHER_FORM = ("the file is named firmware.bin: an image for this module is named "
              "snomD7C-<version>-r.bin")
OTHER_MODEL = ("the image is for a D8C, but the module is a D7C: give the URL of a "
               "D7C image")
UNKNOWN = ("the phone's firmware version is not known: set phone_firmware = "
           r"<version> in uxmcd.conf \(10.1.64.14 or later is needed\)")
NO_NUMBER = ("10.1.64.14-rc1 is not a version number: correct phone_firmware in "
             "uxmcd.conf")
OLD = ("the phone's firmware is 10.1.64.13: update the phone to 10.1.64.14 or "
       "later first")
NO_MAC = ("{mac} in the URL, but the phone's MAC address is not known: set "
          "phone_mac in uxmcd.conf")
NOTHING = ("no firmware_uxm is provisioned: name the image's URL in the "
           "firmware_status file or in the settings of setting_server")
IMAGE = image_url("1.6.1")


@pytest.mark.parametrize("policy, counts", [
    ("never_update", "never_update"), ("settings_only", "settings_only"),
    ("never_update_firm", "settings_only"),
    ("never_update_boot", "settings_only")])
def test_policy(bench, pbx, policy, counts):
    """Nothing is updated; the settings in the same files count still."""
    pbx.put_settings(firmware_status=pbx.status, update_policy=policy)
    pbx.put_status(firmware_uxm=IMAGE, firmware_interval="60")
    pbx.start(setting_server=pbx.server)
    steps = pbx.check("policy", 5, POLICY.format(counts))
    assert steps["policy"][0] == "no" and "match" not in steps
    assert pbx.get()["update_policy"] == (counts, "setting_server", "")
    assert pbx.get()["firmware_interval"] == ("60", "firmware_status", "")
    pbx.untouched()
    if policy != counts:
        return
    pbx.put_status(firmware_interval="61")
    pbx.replug()
    pbx.plugged("policy", POLICY.format(counts))
    assert pbx.get()["firmware_interval"][0] == "61"
    bench.until_shown("")


def stopped_by(pbx, rule, word, code, sentence):
    """That rule says no, for that reason, after all others had passed."""
    steps = pbx.check(word, code, sentence)
    assert list(steps)[-1] == rule and steps[rule][0] == "no"
    assert re.fullmatch(f"(uxmc[0-9]+ at [0-9.-]+: )?{sentence}", steps[rule][1])
    others = {outcome for name, (outcome, _) in steps.items() if name != rule}
    assert others == {"ok", "info"}
    pbx.untouched()


def test_what_is_provisioned(pbx):
    pbx.start(firmware_status=pbx.status)
    stopped_by(pbx, "provisioned", "nothing", 0, NOTHING)
    pbx.put_status(firmware_uxm="http://h/firmware.bin")
    stopped_by(pbx, "name", "name-form", 5, OTHER_FORM)
    pbx.put_status(firmware_uxm="http://h/snomD8C-1.6.1-r.bin")
    stopped_by(pbx, "name", "name-model", 5, OTHER_MODEL)


@pytest.mark.parametrize("config, rule, word, sentence", [
    ({"phone_firmware": "10.1.64.13"}, "phone", "phone-old", OLD),
    ({"phone_firmware": None}, "phone", "phone-unknown", UNKNOWN),
    ({"phone_firmware": "10.1.64.14-rc1"}, "phone", "phone-bad", NO_NUMBER),
    ({"phone_mac": None}, "mac", "url-mac", re.escape(NO_MAC)),
], ids=["old", "unknown", "no number", "no MAC"])
def test_phone(pbx, config, rule, word, sentence):
    pbx.put_status(firmware_uxm=IMAGE + QUERY)
    pbx.start(firmware_status=pbx.nginx.base + STATUS, **config)
    stopped_by(pbx, rule, word, 5, sentence)


@pytest.mark.parametrize("config, rule, word, sentence", [
    ({"minimum_version": "1.6.2"}, "minimum", "version-old",
     "the image is version 1.6.1, and uxmcd.conf says minimum_version = 1.6.2: give a "
     "newer image"),
    ({"allow_downgrade": "no"}, "downgrade", "downgrade",
     "the module runs 1.7.1, the image is version 1.6.1, and uxmcd.conf says "
     "allow_downgrade = no: give a newer image"),
], ids=["minimum", "downgrade"])
def test_version(bench, pbx, config, rule, word, sentence):
    bench.replace("--version", "1.7.1", waiting=False)
    pbx.put_status(firmware_uxm=IMAGE)
    pbx.start(firmware_status=pbx.status, **config)
    stopped_by(pbx, rule, word, 5, sentence)
    bench.replace()


def test_two_modules_and_none(bench, pbx, new):
    """With the second one gone nothing is begun either, before the next look."""
    pbx.start(firmware_status=pbx.status)
    bench.unplug(bench.module)
    pbx.offer(new)
    pbx.check("no-module", 4,
              "no expansion module is connected: connect exactly one")
    pbx.put_status()
    bench.replace()
    pbx.plugged("nothing", NOTHING)
    url = pbx.offer(new, update_policy="ask_for_update")
    pbx.forget()
    other = bench.plug("--model", "D8C", port=1)
    try:
        many = "2 expansion modules are connected: leave exactly one connected"
        pbx.plugged("many-modules", many)
        pbx.check("many-modules", 5, many)
    finally:
        bench.unplug(other)
    pbx.forget()
    assert pbx.waiting() is None
    assert not pbx.decisions()
    pbx.untouched()
    pbx.check_once("waiting", 0)
    assert pbx.waiting() == (str(bench.module), url)


def test_file_that_is_not_there(bench, pbx, new):
    """Nothing is decided then, and what was known of it counts no more."""
    url = pbx.offer(new)
    pbx.start(firmware_status=pbx.status, matching=url)
    pbx.nginx.remove(STATUS)
    pbx.forget()
    told = pbx.check_once("fetch", 1)
    assert "404" in told["sentence"]
    done = bench.ctl("check")
    assert done.returncode == 1 and "404" in done.stdout
    pbx.nginx.put(STATUS, "<html><body>moved</body>")
    told = pbx.check_once("parse", 1)
    assert "sent a web page, not a settings file" in told["sentence"]
    assert not pbx.decisions()


# Modules without firmware, and manual updates beside
def test_module_in_dfu_mode(bench, pbx, new):
    """It has no firmware to run: a match does not count."""
    url = pbx.offer(new)
    pbx.start(firmware_status=pbx.status, matching=url)
    bench.unplug(bench.module)
    pbx.forget()
    bench.replace("--start-in-dfu", waiting=False)
    assert bench.module.read("mode") == "dfu"
    pbx.plugged("started")
    bench.done(new, url)


def manual(bench, image, how):
    """An update that a person asks for; gives its URL."""
    url = bench.serve(image)
    if how == "sysfs":
        bench.ask(url)
    else:
        done = bench.ctl("update", url)
        assert done.returncode == 0, done.stdout
    bench.done(image, url)
    return url


def test_manual_update_beside(bench, pbx, new, image):
    """As before, never_update or not; and firmware_uxm is that URL then, which is
    not the provisioned one.
    """
    pbx.put_status(firmware_uxm=IMAGE, update_policy="never_update")
    pbx.start(firmware_status=pbx.status)
    pbx.check("policy", 5, POLICY.format("never_update"))
    manual(bench, image(size=SIZE, version="1.5.3"), "sysfs")
    provisioned = pbx.offer(new, update_policy="ask_for_update")
    told = pbx.check_once("waiting", 0)
    assert f"{bench.module.at}: firmware_uxm is another URL" in \
        [step["text"] for step in told["steps"]]
    assert pbx.waiting() == (str(bench.module), provisioned)


KEPT = ('the user has set firmware_uxm, and its permission "!" keeps that: clear '
        "firmware_uxm to have the module updated")


def test_users_own_firmware(bench, pbx, new, image):
    """perm="!": what a manual update has set stays; a provisioned one does not
    count as the user's.
    """
    url = pbx.serve(new)
    pbx.put_status(firmware_uxm=(url, "!"), update_policy="ask_for_update")
    pbx.start(firmware_status=pbx.status)
    assert bench.ctl("confirm").returncode == 0
    bench.done(new, url)
    pbx.check("match", 0, MATCH)
    own = manual(bench, image(size=SIZE, version="1.5.3"), "uxmcctl")
    steps = pbx.check("kept", 5, KEPT)
    assert list(steps)[-1] == "kept"
    pbx.start_again()
    assert pbx.get()["firmware_uxm"] == (own, "update", "!")
    pbx.check_once("kept", 5)
    pbx.clear()
    pbx.check_once("waiting", 0)
    assert pbx.waiting() == (str(bench.module), url)


def test_read_only(bench, pbx, new, image):
    """perm="R": nobody but an update changes it."""
    url = pbx.serve(new)
    pbx.put_status(firmware_uxm=(url, "R"), firmware_interval=("60", "R"))
    pbx.start(firmware_status=pbx.status, matching=url)
    for arguments in (["set", "firmware_uxm", IMAGE], ["clear", "firmware_uxm"],
                      ["set", "firmware_interval", "5"],
                      ["clear", "firmware_interval"]):
        refused(bench.ctl(*arguments), 5, f"{arguments[1]} is read-only: the "
                r'provisioning server says so \(perm="R"\)')
    mark = len(bench.uxmcd.log())
    bench.module.write("firmware_uxm", "\n")
    bench.uxmcd.until_logged("firmware_uxm is not cleared: it is read-only",
                             mark)
    bench.until_shown(url)
    guest.until(lambda: not bench.client.get(bench.module.number)["cleared"], 5,
                "the clearing is taken back")
    assert uxmcd.setting() == url
    own = manual(bench, image(size=SIZE, version="1.5.3"), "uxmcctl")
    assert pbx.get()["firmware_uxm"] == (own, "update", "R")


# uxmcctl log
def test_log(bench, pbx, new, image):
    """What was done, what failed, what was cancelled; kept over a restart."""
    pbx.start(firmware_status=pbx.status)
    assert pbx.log() == []
    assert bench.ctl("log").stdout == "there has been no update\n"
    url = pbx.offer(new)
    bench.replace()
    bench.done(new, url)
    serial = bench.module.read("serial_number")
    missing = f"{pbx.nginx.base}/snomD7C-1.6.2-r.bin"
    assert bench.ctl("update", missing).returncode == 1
    slow = pbx.serve(image(size=SIZE, version="1.7.1"), "/slow")
    bench.ask(slow)
    bench.module.until_state("fetching")
    assert bench.ctl("cancel").returncode == 0
    expected = [("done", "provisioned", "1.1.1", "1.6.1", url, ""),
                ("failed", "manual", "1.6.1", "1.6.2", missing, ".*404.*"),
                ("cancelled", "manual", "1.6.1", "1.7.1", slow, ".*cancelled")]
    entries = guest.until(lambda: pbx.log()[2:] and pbx.log(), 40, "all are there")
    for entry, wanted in zip(entries, expected, strict=True):
        assert (entry["result"], entry["origin"], entry["from"], entry["to"],
                entry["url"]) == wanted[:5]
        assert re.fullmatch(wanted[5], entry["error"])
        assert (entry["serial_number"], entry["model"], entry["port"]) == \
            (serial, "D7C", bench.module.read("port"))
        assert 1.7e9 < entry["when"] and entry["seconds"] < 20
    pbx.start_again()
    assert pbx.log() == entries
    head, first, *more = bench.ctl("log").stdout.splitlines()
    assert head.split() == ["WHEN", "TOOK", "RESULT", "MODULE", "VERSION", "TRUST",
                            "URL"]
    assert re.fullmatch(r"[-0-9]{10} [:0-9]{8} +0:[0-9]{2} done +D7C/"
                        rf"{serial} +1\.1\.1 -> 1\.6\.1 +none +{re.escape(url)}", first)
    assert [line.split(":")[0].strip() for line in more[1::2]] == ["error"] * 2


def history(count):
    """That many updates, of which no two took the same time."""
    lines = [f"update=1700000000\t{number}\tmanual\tdone\t1-1\tA1\tD7C\t1.1.1\t"
             f"1.6.1\t{IMAGE}\t" for number in range(count)]
    return "\n".join(["uxmcd-history 1", *lines, "end", ""])


def one_more(bench, pbx, version):
    """An update that fails soon; gives its URL."""
    url = f"{pbx.nginx.base}/snomD7C-{version}-r.bin"
    assert bench.ctl("update", url).returncode == 1
    return url


def test_log_of_many_updates(bench, pbx):
    """The last 32 are kept."""
    pbx.start()
    uxmcd.store("history", history(40))
    assert [entry["seconds"] for entry in pbx.log()] == list(range(8, 40))
    url = one_more(bench, pbx, "1.8.1")
    told = pbx.log()
    assert [entry["seconds"] for entry in told[:-1]] == list(range(9, 40))
    assert len(told) == 32 and told[-1]["url"] == url
    assert uxmcd.stored("history").count("update=") == 32


def test_damaged_log(bench, pbx):
    """It is set aside, and that said, by whatever finds it first; the updates from
    then on are there.
    """
    pbx.start()
    uxmcd.store("history", history(3)[:-6])
    refused(bench.ctl("log"), 1, ".* a damaged one is kept as history.damaged")
    assert uxmcd.stored("history.damaged") == history(3)[:-6]
    assert pbx.log() == []

    uxmcd.store("history", "rubbish\n")
    mark = len(bench.uxmcd.log())
    url = one_more(bench, pbx, "1.8.1")
    assert uxmcd.stored("history.damaged") == "rubbish\n"
    assert [entry["url"] for entry in pbx.log()] == [url]
    said, = [line for line in bench.uxmcd.log()[mark:].splitlines()
             if "history.damaged" in line]
    assert "Unknown error" not in said


# The cost of looking
def test_hundred_checks(bench, pbx, new, capsys):
    """A file that has not changed costs an answer of 304 without a body."""
    url = pbx.offer(new)
    pbx.start(firmware_status=pbx.status, matching=url)
    pbx.forget()
    for _ in range(100):
        assert bench.uxmcd.ask_for_all("check") == (0, "match", MATCH)
    entries = pbx.nginx.wait("", 100, pbx.mark)
    assert len(entries) == 100
    for entry in entries:
        assert (entry.path, entry.status, entry.body) == \
            (expanded(STATUS), 304, 0)
    count = sum(entry.sent + entry.received for entry in entries)
    with capsys.disabled():
        print(f"\n  100 checks: 100 answers of 304, {count} bytes on the wire")


# Killed in the middle of it
def killed(bench, pbx, new, url):
    """It is gone on with, and finished, and it is nobody's but the server's."""
    bench.uxmcd.kill()
    assert Journal().provisioned == "1"
    bench.uxmcd.start()
    bench.done(new, url)
    entry, = pbx.log()
    assert (entry["result"], entry["origin"], entry["url"]) == \
        ("done", "provisioned", url)


def test_killed_while_fetching(bench, pbx, new):
    """The first bytes come slowly, the rest at once."""
    url = pbx.offer(new, "/slow")
    pbx.start(firmware_status=pbx.status)
    bench.module.until(lambda heard: heard["done"], 40, "partly fetched")
    assert Journal().step == "fetch"
    killed(bench, pbx, new, url)
    first, rest = pbx.nginx.entries("/slow", pbx.mark)
    assert (first.range, rest.range[:6], rest.status) == ("", "bytes=", 206)


def test_killed_while_flashing(bench, pbx, new):
    url = pbx.offer(new)
    pbx.start(firmware_status=pbx.status)
    bench.module.until_state("downloading")
    assert Journal().step == "flash"
    killed(bench, pbx, new, url)
    assert len(pbx.fetched()) == 1


def test_cut_off_while_fetching(bench, pbx, new):
    """Unplugged in the middle, it is updated when it is there again."""
    url = pbx.offer(new, "/slow")
    pbx.start(firmware_status=pbx.status)
    bench.module.until(lambda heard: heard["done"], 40, "partly fetched")
    pbx.offer(new)
    pbx.replug()
    pbx.plugged("started")
    bench.done(new, url.replace("/slow", ""))
    entry, _ = pbx.log()
    assert (entry["result"], entry["error"]) == \
        ("failed", "fetching: the module was unplugged")
