# SPDX-License-Identifier: GPL-2.0-or-later
"""setting_server as a directory: the file of the model, and that of the phone."""
import pytest

from httpd import HOST, Answer
from provisioning import POLICY, entry, settings_file

GENERAL, OWN = "snomD785.htm", "snomD785-000413922D24.htm"
IMAGE = "http://pbx.example/snomD7C-1.6.1-r.bin"
OTHER = "http://pbx.example/snomD7C-1.7.1-r.bin"


@pytest.fixture
def phone(bench, phone_of_file):
    phone_of_file.hush()
    phone_of_file.server.routes.clear()
    return phone_of_file


def start(phone, path, **config):
    phone.start(**{"setting_server": phone.server.base + path,
                   "update_policy": "ask_for_update"} | config)


@pytest.mark.parametrize("path, query", [
    ("/", ""), ("", ""), ("/a/b/", ""), ("/a/", "?c=d/e&m={mac}"), ("", "?c")])
def test_where(phone, path, query):
    """The query is kept; the phone's own file comes last, and has precedence."""
    directory = path if path.endswith("/") else path + "/"
    phone.serve(directory + GENERAL, settings_file(
        entry(POLICY, "never_update"), entry("firmware_uxm", OTHER),
        entry("firmware_interval", "5")))
    phone.serve(directory + OWN, settings_file(
        entry(POLICY, "ask_for_update"), entry("firmware_uxm", IMAGE)))
    start(phone, path + query)
    look = phone.check()
    assert look.word == "waiting", look
    assert phone.waiting() == IMAGE
    assert phone.get("firmware_interval") == ("5", "setting_server", "")
    query = query.replace("{mac}", "000413922D24")
    assert phone.paths() == [directory + name + query for name in (GENERAL, OWN)]
    assert look.steps["setting_server"] == ("ok", f"read, 2 files, firmware_uxm is {IMAGE}")


@pytest.mark.parametrize("there, missing", [(GENERAL, OWN), (OWN, GENERAL)])
def test_one_is_missing(phone, there, missing):
    """That is no error, and what it said before counts no more."""
    phone.serve(f"/{there}", settings_file(entry("firmware_uxm", IMAGE)))
    start(phone, "/")
    look = phone.check()
    assert look.word == "waiting"
    assert {one.url.rpartition("/")[2]: (one.outcome, one.text) for one in look.files} == {
        there: ("ok", f"read, firmware_uxm is {IMAGE}"),
        missing: ("info", "not there, which is fine")}
    assert not phone.logged("is looked at again")

    phone.serve(f"/{missing}", settings_file(entry("firmware_interval", "5")))
    phone.serve(f"/{there}", settings_file(entry("firmware_interval", "5"),
                                           entry("firmware_uxm", IMAGE)))
    phone.check()
    assert phone.get("firmware_interval")[0] == "5"
    phone.serve(f"/{missing}", Answer(status=404))
    phone.serve(f"/{there}", settings_file(entry("firmware_uxm", OTHER)))
    assert phone.check().word == "waiting"
    assert phone.waiting() == OTHER
    phone.set("firmware_interval", 7)
    phone.check()
    assert phone.get("firmware_interval")[0] == "7"


def test_both_are_missing(phone):
    """That is an error; the pause grows each time. What they said counts."""
    start(phone, "/")
    pauses = []
    for _ in range(3):
        look = phone.check()
        assert (look.number, look.word) == (1, "fetch")
        assert look.sentence == (
            f"setting_server: the directory has neither {GENERAL} nor {OWN}")
        assert [one.outcome for one in look.files] == ["no", "no"]
        pauses.append(look.files[0].next)
    assert 25 < pauses[0] <= 60 and 55 < pauses[1] <= 120 and 115 < pauses[2] <= 240
    phone.serve(f"/{OWN}", settings_file(entry("firmware_uxm", IMAGE),
                                         entry("firmware_interval", "5")))
    look = phone.check()
    assert look.word == "waiting"
    assert look.files[0].next is None
    phone.server.routes.clear()
    phone.set("firmware_interval", 7)
    look = phone.check()
    assert look.word == "fetch"
    assert look.files[1].text.endswith("; what it said before counts")
    assert 25 < look.files[1].next <= 60


@pytest.mark.parametrize("bad", [GENERAL, OWN])
def test_one_fails(phone, bad):
    """It may say something: nothing is decided."""
    phone.serve(f"/{OWN if bad == GENERAL else GENERAL}", settings_file(
        entry("firmware_uxm", IMAGE), entry("firmware_interval", "5")))
    phone.serve(f"/{bad}", Answer(status=500))
    start(phone, "/")
    look = phone.check()
    assert (look.number, look.word) == (1, "fetch")
    assert f"{HOST} answered 500" in look.sentence
    assert phone.get("firmware_interval")[0] == "5"
    assert phone.waiting() is None


def test_model_and_no_mac(phone):
    phone.serve("/snomD717.htm", settings_file(entry("firmware_uxm", IMAGE)))
    start(phone, "/", phone_model="D717", phone_mac=None)
    look = phone.check()
    assert (look.number, look.word) == (1, "fetch")
    assert look.sentence == (
        f"setting_server: {phone.server.base}/snomD717-{{mac}}.htm: {{mac}} in the URL, "
        "but the phone's MAC address is not known: set phone_mac in uxmcd.conf")
    assert phone.paths() == ["/snomD717.htm"]


def test_containers_in_it(phone):
    """Each is followed by the files that it names."""
    phone.serve(f"/{GENERAL}", b"<setting-files><file url='a.xml'/></setting-files>")
    phone.serve(f"/{OWN}", b"<setting-files><file url='b.xml'/></setting-files>")
    phone.serve("/a.xml", settings_file(entry("firmware_uxm", OTHER)))
    phone.serve("/b.xml", settings_file(entry("firmware_uxm", IMAGE)))
    start(phone, "/")
    assert phone.check().word == "waiting"
    assert phone.paths() == [f"/{GENERAL}", "/a.xml", f"/{OWN}", "/b.xml"]
    assert phone.waiting() == IMAGE


# Moved
def test_another_setting_server(phone):
    """It is looked at at once, and what the first one said is of no account."""
    phone.serve("/s.xml", settings_file(
        entry("setting_server", phone.server.url("/")), entry("firmware_uxm", OTHER)))
    phone.serve(f"/{GENERAL}", settings_file(
        entry("setting_server", phone.server.url("/")), entry("firmware_uxm", IMAGE)))
    start(phone, "/s.xml")
    look = phone.check()
    assert look.word == "waiting"
    assert phone.waiting() == IMAGE
    assert phone.paths() == ["/s.xml", f"/{GENERAL}", f"/{OWN}"]
    assert phone.get("setting_server")[:2] == (phone.server.url("/"), "setting_server")
    phone.server.requests.clear()
    assert phone.check().word == "waiting"
    assert phone.paths() == [f"/{GENERAL}", f"/{OWN}"]


def test_again_and_again(phone):
    for one, other in ("ab", "ba"):
        phone.serve(f"/{one}.xml", settings_file(
            entry("setting_server", phone.server.url(f"/{other}.xml")),
            entry("firmware_uxm", IMAGE)))
    start(phone, "/a.xml")
    look = phone.check()
    assert (look.number, look.word) == (1, "fetch")
    assert look.sentence == ("setting_server: its files name another setting_server, "
                             "again and again")
    assert phone.paths() == ["/a.xml", "/b.xml"] * 2


def test_firmware_status_is_none(phone):
    """That one names a file."""
    phone.serve("/", settings_file(entry("firmware_uxm", IMAGE)))
    start(phone, "/x.xml", setting_server=None,
          firmware_status=phone.server.url("/"))
    assert phone.check().word == "waiting"
    assert phone.paths() == ["/"]
