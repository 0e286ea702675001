# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers as there are in the field: the trees of files in tests/servers."""
import pathlib

import pytest

import guest
from provisioning import POLICY

TREES = pathlib.Path(guest.TOP, "tests", "servers")
IMAGE = "http://pbx.example/firmware/snomD7C-1.6.1-r.bin"


@pytest.fixture
def phone(bench, phone_of_file):
    phone_of_file.hush()
    phone_of_file.server.routes.clear()
    return phone_of_file


def start(phone, tree, path):
    """Its files are there, and it is what setting_server names; gives the look."""
    for file in (TREES / tree).rglob("*"):
        if file.is_file():
            phone.serve(f"/{file.relative_to(TREES / tree)}", file.read_bytes()
                        .replace(b"@BASE@", phone.server.base.encode())
                        .replace(b"@IMAGE@", IMAGE.encode()))
    phone.start(setting_server=phone.server.base + path)
    return phone.check(30)


def test_wazo(phone):
    look = start(phone, "wazo", "/")
    assert (look.word, phone.waiting()) == ("waiting", IMAGE), look
    assert phone.get(POLICY) == ("ask_for_update", "setting_server", "R")
    assert phone.get("firmware_interval") == ("1440", "setting_server", "R")
    assert phone.get("setting_server") == (f"{phone.server.base}/", "setting_server", "R")
    assert phone.paths() == [
        "/snomD785.htm", "/common/gui-languages.xml", "/common/web-languages.xml",
        "/common/dialplan.xml", "/common/D785-10.1.xml",
        "/common/directory.xml?phone=000413922D24", "/snomD785-000413922D24.htm"]
    assert {one.outcome for one in look.files} == {"ok"}
    assert not look.dropped


def test_freepbx(phone):
    look = start(phone, "freepbx", "/{mac}.xml")
    assert (look.word, phone.waiting()) == ("waiting", f"{IMAGE}?mac={{mac}}&ext=201"), look
    assert phone.get(POLICY) == ("ask_for_update", "setting_server", "")
    assert phone.get("settings_refresh_timer")[0] == "86400"
    assert phone.paths() == [
        "/000413922D24.xml", "/firmware.php?mac=000413922D24&model=D785&uxm=1"]
    assert not look.dropped


def test_fusionpbx(phone):
    """What has "RO" as a permission does not count, and the rest does."""
    look = start(phone, "fusionpbx", "/snom-{mac}.xml")
    assert (look.word, phone.waiting()) == ("waiting", IMAGE), look
    assert phone.get(POLICY) == ("ask_for_update", "setting_server", "")
    assert phone.get("firmware_interval")[1] == "default"
    assert [one.partition(": line ")[2] for one in look.dropped] == [
        "4: setting_server: there is no such permission (perm)",
        "9: firmware_interval: there is no such permission (perm)"]
    assert phone.paths() == ["/snom-000413922D24.xml"]
