# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a setting's value comes from: the default, uxmcd.conf, setting_server,
firmware_status, the user, the last one winning as the permission flags say.
"""
import re

import pytest

import guest
import uxmcd
from bench import SETTING, refused
from httpd import Answer
from provisioning import POLICY, Check, entry, settings_file, status_file

IMAGE = "snomD7C-1.6.1-r.bin"


@pytest.fixture
def phone(bench, phone_of_file):
    phone_of_file.hush()
    return phone_of_file


@pytest.fixture
def plain(phone):
    """Provisioned by setting_server; uxmcd need not start anew for it if the test
    before it had it as well.
    """
    if not phone.plain:
        phone.start(setting_server=phone.server.url("/settings.xml"))
        phone.plain = True
    phone.provision(entry(POLICY, "auto_update"))
    assert phone.get(POLICY) == ("auto_update", "setting_server", "")
    phone.server.requests.clear()
    return phone


def server_of(phone, *entries):
    return phone.serve("/settings.xml", settings_file(*entries))


def status_of(phone, *entries, path="/status.xml"):
    return phone.serve(path, status_file(*entries))


# Which one wins
def test_default_and_uxmcd_conf(phone):
    phone.start()
    assert phone.settings() == {
        "firmware_uxm": ("", "default", ""),
        "firmware_status": ("", "default", ""),
        "firmware_interval": ("2880", "default", ""),
        "update_policy": ("auto_update", "default", ""),
        "setting_server": ("", "default", ""),
        "settings_refresh_timer": ("0", "default", ""),
        "http_client_user": ("", "default", ""),
        "http_client_pass": ("", "default", ""),
        "http_user": ("", "default", ""),
        "http_pass": ("", "default", ""),
        "restrict_uri_queries": ("off", "default", "")}
    phone.start(update_policy="never_update_boot", firmware_interval="0090",
                firmware_status="http://pbx.example/status.xml",
                settings_refresh_timer="60")
    assert phone.get(POLICY) == ("settings_only", "config", "")
    assert phone.get("firmware_interval") == ("90", "config", "")
    assert phone.get("settings_refresh_timer") == ("60", "config", "")
    assert phone.get("firmware_status") == (
        "http://pbx.example/status.xml", "config", "")


def test_last_one_wins(phone):
    """firmware_status' file is looked at in the same look that named it."""
    url = server_of(phone, entry(POLICY, "settings_only"))
    phone.start(update_policy="never_update", setting_server=url)
    assert phone.get(POLICY) == ("never_update", "config", "")
    assert phone.check().word == "policy"
    assert phone.get(POLICY) == ("settings_only", "setting_server", "")

    status = status_of(phone, entry(POLICY, "ask_for_update"))
    look = phone.provision(entry("firmware_status", status),
                           entry(POLICY, "settings_only"))
    assert look.word == "nothing"
    assert look.steps["setting_server"] == ("ok", "read, no firmware_uxm in it")
    assert look.steps["firmware_status"][0] == "ok"
    assert phone.get(POLICY) == ("ask_for_update", "firmware_status", "")
    assert phone.get("firmware_status") == (status, "setting_server", "")

    phone.set(POLICY, "never_update_firm")
    assert phone.get(POLICY) == ("settings_only", "user", "")
    assert phone.ask(f"clear {POLICY}")[0] == 0
    assert phone.get(POLICY) == ("never_update", "config", "")
    assert phone.get("firmware_status") == (status, "setting_server", "")


def test_survives_a_restart(phone):
    """With where it comes from and what the user may do."""
    server_of(phone, entry(POLICY, "never_update", "R"),
              entry("firmware_interval", "7", "!"))
    phone.start(setting_server=phone.server.url("/settings.xml"))
    phone.check()
    phone.set("settings_refresh_timer", 3600)
    before = phone.settings()
    assert before[POLICY] == ("never_update", "setting_server", "R")
    phone.restart()
    assert phone.settings() == before


def test_firmware_uxm_of_a_file_is_a_request(plain):
    """It does not become the setting, but by an update."""
    look = plain.provision(entry(POLICY, "never_update"),
                           entry("firmware_uxm", f"http://x/{IMAGE}", "!"))
    assert look.word == "policy"
    assert f"firmware_uxm is http://x/{IMAGE}" in look.steps["setting_server"][1]
    assert plain.get("firmware_uxm") == ("", "default", "!")


def test_user_sets_setting_server(phone):
    """It is fetched at once."""
    phone.start()
    url = server_of(phone, entry(POLICY, "never_update", "!"))
    phone.set("setting_server", url)
    guest.until(lambda: phone.get(POLICY)[1] == "setting_server", 40, "fetched")
    assert phone.get("setting_server") == (url, "user", "")
    assert len(phone.server.requests) == 1


def test_user_sets_firmware_status(phone):
    """It is fetched at once, and the settings are not."""
    phone.start(setting_server=server_of(phone))
    phone.check()
    phone.set("firmware_status", status_of(phone, entry(POLICY, "never_update")))
    guest.until(lambda: phone.get(POLICY)[1] == "firmware_status", 40, "fetched")
    assert len(phone.requests("/settings.xml")) == 1
    assert len(phone.requests("/status.xml")) == 1


def test_user_sets_firmware_status_before_the_first_look(phone):
    """That does not take the place of the first look at the settings."""
    phone.start(setting_server=server_of(phone), first_look_spread=0,
                plug_delay=0.5)
    phone.set("firmware_status", status_of(phone))
    phone.wait_requests("/status.xml", 1, 40)
    phone.wait_requests("/settings.xml", 1, 3)


def test_firmware_status_is_cleared_and_set_again(phone):
    """What is known of it has been forgotten: it has to come whole."""
    url = phone.serve("/status.xml", Answer(
        status_file(entry("firmware_uxm", f"http://pbx.example/{IMAGE}")),
        etag='"1"', conditional=True))
    phone.start(firmware_status=None, update_policy="ask_for_update")
    phone.set("firmware_status", url)
    guest.until(phone.waiting, 40, "an update waits")
    assert phone.ask("clear firmware_status")[0] == 0
    guest.until(lambda: not phone.waiting(), 40, "none waits")
    phone.set("firmware_status", url)
    phone.wait_requests("/status.xml", 2)
    assert phone.check().word == "waiting"
    assert "if-none-match" not in phone.requests("/status.xml")[1].headers


# Both files
def test_both_files_have_it(phone):
    """firmware_status has the last word, also when the settings alone are
    fetched again; that is what settings_refresh_timer is for.
    """
    status = status_of(phone, entry(POLICY, "never_update"),
                       entry("firmware_uxm", f"http://status/{IMAGE}"))
    mine = [entry("firmware_status", status), entry(POLICY, "auto_update"),
            entry("firmware_uxm", f"http://server/{IMAGE}")]
    server_of(phone, *mine)
    phone.start(setting_server=phone.server.url("/settings.xml"))
    assert phone.check().word == "policy"
    assert phone.get(POLICY) == ("never_update", "firmware_status", "")
    phone.set("settings_refresh_timer", 1)
    phone.wait_requests("/settings.xml", 3)     # so the second one is through
    assert phone.get(POLICY) == ("never_update", "firmware_status", "")
    assert len(phone.requests("/status.xml")) == 1

    status_of(phone, entry(POLICY, "ask_for_update"),
              entry("firmware_uxm", f"http://status/{IMAGE}"))
    assert phone.check().word == "waiting"
    assert phone.waiting() == f"http://status/{IMAGE}"


def test_firmware_status_is_moved(phone):
    """What the file said that it named before is of no account any more."""
    old = status_of(phone, entry(POLICY, "never_update"), path="/old.xml")
    new = status_of(phone, entry("firmware_interval", "7"), path="/new.xml")
    server_of(phone, entry("firmware_status", old), entry(POLICY, "auto_update"))
    phone.start(setting_server=phone.server.url("/settings.xml"))
    phone.check()
    assert phone.get(POLICY) == ("never_update", "firmware_status", "")
    phone.provision(entry("firmware_status", new), entry(POLICY, "auto_update"))
    assert phone.get("firmware_interval")[:2] == ("7", "firmware_status")
    assert phone.get(POLICY) == ("auto_update", "setting_server", "")


def test_refresh_that_says_something_new(phone):
    """Then firmware_status is looked at as well."""
    url = phone.serve("/settings.xml", settings_file(
        entry("settings_refresh_timer", "1")), settings_file(
            entry("firmware_status", status_of(phone, entry(POLICY, "never_update")))))
    phone.start(setting_server=url)
    phone.check()
    phone.wait_requests("/status.xml", 1, 40)
    guest.until(lambda: phone.get(POLICY)[1] == "firmware_status", 40, "read")
    assert len(phone.requests("/status.xml")) == 1


# Permissions
OPEN, KEEPS, READONLY = "open", "keeps", "read-only"
PERMISSIONS = {"": (OPEN, ""), "$": (OPEN, ""), "RW": (OPEN, ""),
               "!": (KEEPS, "!"), "&": (READONLY, "R"), "R": (READONLY, "R"),
               " ": (READONLY, "R"), "V": (READONLY, "V"),
               "VR": (READONLY, "V"), "RV": (READONLY, "V"),
               "V!": (KEEPS, "V!"), "V$": (OPEN, "V$")}


@pytest.mark.parametrize("perm", PERMISSIONS, ids=repr)
def test_permission(plain, perm):
    kind, shown = PERMISSIONS[perm]
    provisioned = entry(POLICY, "never_update", perm)
    plain.provision(provisioned)
    assert plain.get(POLICY) == ("never_update", "setting_server", shown)

    number, word, _ = plain.ask(f"set {POLICY} ask_for_update")
    users = plain.get(POLICY)
    if kind == READONLY:
        assert (number, word) == (5, "read-only")
        assert plain.ask(f"clear {POLICY}")[:2] == (5, "read-only")
        assert users == ("never_update", "setting_server", shown)
    else:
        assert (number, word) == (0, "stored")
        assert users == ("ask_for_update", "user", shown)

    plain.check()
    assert plain.get(POLICY) == (users if kind == KEEPS else (
        "never_update", "setting_server", shown))
    assert (f"{POLICY}.boot=" in uxmcd.stored("settings")) == ("V" in perm)


def test_bare_ampersand_as_permission(plain):
    plain.provision(f'<{POLICY} perm="&">never_update</{POLICY}>')
    assert plain.get(POLICY) == ("never_update", "setting_server", "R")


def test_no_permission(plain):
    plain.provision(entry(POLICY, "never_update", "R"))
    plain.provision(f"<{POLICY}>never_update</{POLICY}>")
    assert plain.get(POLICY) == ("never_update", "setting_server", "")


@pytest.mark.parametrize("perm", ["X", "r", "!!", "  ", "RR", "VV", "R" * 300],
                         ids=lambda perm: repr(perm[:5]))
def test_unknown_permission(plain, perm):
    """That setting does not count, and the rest of the file does."""
    look = plain.provision(entry(POLICY, "never_update", perm),
                           entry("settings_refresh_timer", "7200"))
    assert (look.number, look.word) == (0, "nothing")
    assert look.steps["setting_server"][0] == "ok"
    assert look.dropped == [
        f"{plain.server.url('/settings.xml')}: line 4: {POLICY}: there is no such "
        "permission (perm)"]
    assert plain.get(POLICY) == ("auto_update", "setting_server", "")
    assert plain.get("settings_refresh_timer")[0] == "7200"


@pytest.mark.parametrize("name, value", [
    (POLICY, "sometimes"), ("firmware_interval", "-1"),
    ("firmware_interval", "525601"), ("settings_refresh_timer", "1.5"),
    ("firmware_status", "status.xml"), ("setting_server", "ftp://pbx/x.xml")])
def test_bad_value(plain, name, value):
    """From a server it does not count, from the user it is refused; both are told
    what would be right. Of the same version of a file it is logged once.
    """
    plain.bench.logged = len(plain.uxmcd.log())
    entries = [entry("firmware_uxm", "rubbish"), entry(name, value)]
    look = plain.provision(*entries)
    assert look.word == "url-scheme"
    sentence = look.dropped[0].partition(f": line 5: {name}: it takes ")[2]
    assert sentence
    assert plain.provision(*entries).dropped == look.dropped
    logged = f"setting_server: {look.dropped[0]}; that does not count\n"
    assert plain.log().count(logged) == 1
    plain.provision("", *entries)
    assert plain.log().count(logged.replace("line 5", "line 6")) == 1
    number, word, text = plain.ask(f"set {name} {value}")
    assert (number, word) == (5, "bad-value")
    assert text.endswith(f"give {sentence}")
    assert plain.get(POLICY)[0] == "auto_update"


def test_user_is_told_of_read_only(plain):
    plain.provision(entry(POLICY, "never_update", "R"))
    for arguments in (["set", POLICY, "auto_update"], ["clear", POLICY]):
        refused(plain.bench.ctl(*arguments), 5,
                f"{POLICY} is read-only: the provisioning server says so "
                r'\(perm="R"\)')
    assert plain.get(POLICY)[0] == "never_update"


def test_kept_until_cleared(plain):
    """The user's value goes with "!" once it is cleared."""
    provisioned = entry(POLICY, "never_update", "!")
    plain.provision(provisioned)
    plain.set(POLICY, "settings_only")
    assert plain.check().word == "policy"
    assert plain.get(POLICY) == ("settings_only", "user", "!")
    assert plain.ask(f"clear {POLICY}")[0] == 0
    plain.check()
    assert plain.get(POLICY) == ("never_update", "setting_server", "!")


def test_no_longer_kept(plain):
    """A server that changes the permission has its way again."""
    plain.provision(entry(POLICY, "never_update", "!"))
    plain.set(POLICY, "settings_only")
    plain.provision(entry(POLICY, "never_update", "R"))
    assert plain.get(POLICY) == ("never_update", "setting_server", "R")
    plain.provision(entry(POLICY, "never_update", "!"))
    assert plain.get(POLICY) == ("never_update", "setting_server", "!")


@pytest.mark.parametrize("perm", ["V", "V!", "V$"])
def test_volatile_is_gone_after_a_boot(phone, perm):
    """Also what the user made of it, and what was stored before; but not after a
    restart of uxmcd.
    """
    server_of(phone, entry(POLICY, "never_update", perm),
              entry("firmware_interval", "5"))
    phone.start(f"uxmcd-settings 1\n{POLICY}=settings_only\nend\n",
                setting_server=phone.server.url("/settings.xml"))
    phone.check()
    if perm != "V":
        phone.set(POLICY, "ask_for_update")
    there = phone.get(POLICY)
    phone.restart()
    assert phone.get(POLICY) == there
    phone.uxmcd.stop()
    stored = uxmcd.stored("settings")
    uxmcd.store("settings", re.sub(r"(?<=boot=).+", "another", stored))
    phone.uxmcd.start()
    assert phone.get(POLICY) == ("auto_update", "default", "")
    assert phone.get("firmware_interval") == ("5", "setting_server", "")


def test_firmware_uxm_read_only(phone):
    """Neither uxmcctl nor sysfs clears it; an update writes it all the same."""
    url = server_of(phone, entry("firmware_uxm", SETTING, "R"))
    phone.start(f"uxmcd-settings 1\nfirmware_uxm={SETTING}\nend\n",
                setting_server=url)
    assert phone.check().word == "match"
    refused(phone.bench.ctl("clear", "firmware_uxm"), 5,
            "firmware_uxm is read-only.*")
    phone.bench.module.write("firmware_uxm", "\n")
    phone.uxmcd.until_logged("firmware_uxm is not cleared: it is read-only",
                             phone.bench.logged)
    phone.bench.until_shown(SETTING)
    assert phone.get("firmware_uxm") == (SETTING, "update", "R")


def test_firmware_uxm_of_the_user(phone):
    """With "!" it is kept, until it is cleared."""
    url = server_of(phone, entry("firmware_uxm", f"http://pbx.example/{IMAGE}", "!"))
    phone.start(setting_server=url, update_policy="ask_for_update")
    phone.check()
    phone.set("firmware_uxm", SETTING)
    look = phone.check()
    assert (look.number, look.word, look.steps["kept"][0]) == (5, "kept", "no")
    assert "clear firmware_uxm" in look.sentence
    assert phone.ask("clear firmware_uxm")[0] == 0
    assert phone.check().word == "waiting"


# The file in the state directory
UNKNOWN = {"permission": "update_policy.perm=X",
           "origin": "update_policy.origin=moon",
           "value": "update_policy=sometimes",
           "number": "firmware_interval=525601",
           "key": "update_policy.mood=good"}


@pytest.mark.parametrize("line", UNKNOWN.values(), ids=UNKNOWN)
def test_file_of_a_later_version(phone, line):
    """What is not known costs itself alone, and that is said; above all firmware_uxm
    is kept, without which the module would be flashed again.
    """
    text = f"uxmcd-settings 1\nfirmware_uxm={SETTING}\nsettings_refresh_timer=7200\n" \
        f"{line}\nend\n"
    url = server_of(phone, entry(POLICY, "settings_only"))
    phone.start(text, setting_server=url)
    assert uxmcd.stored("settings.damaged") is None
    name = line.partition("=")[0]
    assert f"settings: the value of {name} makes no sense, and is passed over" in phone.log()
    assert phone.get("firmware_uxm")[0] == SETTING
    assert phone.get("settings_refresh_timer")[0] == "7200"
    assert phone.get(POLICY) == ("auto_update", "default", "")
    assert phone.get("firmware_interval")[0] == "2880"
    phone.check()
    assert phone.get(POLICY) == ("settings_only", "setting_server", "")
    phone.restart()
    assert phone.get(POLICY) == ("settings_only", "setting_server", "")


def test_set_during_a_look(plain):
    """What the user sets while a file is on its way is not lost."""
    plain.serve("/settings.xml", Answer(settings_file(), hold_after=10))
    check = Check()
    plain.server.wait_requests(1)
    plain.set("firmware_interval", 5)
    plain.set("setting_server", plain.serve("/other.xml", settings_file(
        entry(POLICY, "never_update"))))
    assert plain.get("firmware_interval") == ("5", "user", "")
    check.close()
    plain.plain = False
