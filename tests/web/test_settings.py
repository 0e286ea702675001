# SPDX-License-Identifier: GPL-2.0-or-later
"""settings.htm and dummy.htm: what they show and change, and what they say of it."""
import pathlib
import re
import urllib.parse

import pytest

from fake import SETTINGS
from pages import plain

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


def page_of(web):
    return web.get("/settings.htm")


def shown(page):
    """The inputs of the form: {name: value}."""
    inputs = re.findall(r'<input id="(\w+)"[^>]* value="([^"]*)"', page.text)
    chosen = re.findall(r'<select id="(\w+)".*?<option selected>(\w+)<', page.text, re.S)
    return dict(inputs) | dict(chosen)


def form(page, **changes):
    """All that a browser sends of the form, with some of it changed."""
    hidden = re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', page.text)
    return dict(hidden) | shown(page) | {"settings": "save"} | changes


def query(**settings):
    return "?" + urllib.parse.urlencode({"settings": "save"} | settings)


def test_all_are_shown(web, fake):
    page = page_of(web)
    assert shown(page) == {
        "firmware_uxm": SETTINGS["firmware_uxm"][0], "firmware_interval": "2880",
        "update_policy": "ask_for_update", "setting_server": "http://pbx/{mac}.xml",
        "settings_refresh_timer": "0", "http_client_user": "", "http_client_pass": "",
        "http_user": "", "http_pass": "",
        "restrict_uri_queries": "off"}
    text = plain(page.text)
    assert "From uxmcd.conf." in text and "By an update." in text
    assert "Read-only: the provisioning server says so." in text
    assert "http://pbx/firmware.xml" in text


def test_each_is_explained(web, fake):
    """Every setting that uxmcd has, each in its own words."""
    table = (TOP / "uxmcd/common/setting.c").read_text()
    names = re.findall(r'\[SETTING_\w+\] = \{\s*"(\w+)"', table)
    assert sorted(names) == sorted(SETTINGS)
    about = dict(re.findall(r'<p class="about" id="(\w+)\.about">(.*?)</p>',
                            page_of(web).text))
    assert sorted(about) == sorted(names)
    assert len(set(about.values())) == len(about)
    assert "System Information" not in about.values()


def test_what_is_not_set(web, fake):
    fake.settings["http_pass"] = ("", "default", "")
    text = plain(page_of(web).text)
    assert "It is set, and shown to nobody." in text and "It is not set." in text


def test_permissions(web, fake):
    fake.settings["update_policy"] = ("auto_update", "user", "!")
    fake.settings["firmware_uxm"] = ("", "default", "V$")
    text = plain(page_of(web).text)
    assert "What is set by hand is kept." in text


def test_passwords_of_urls_are_not_shown(web, fake):
    """And what was not changed is not saved, so that they stay."""
    fake.settings["setting_server"] = ("http://me:secret@pbx/x", "config", "")
    page = page_of(web)
    assert "secret" not in page.text
    assert shown(page)["setting_server"] == "http://***@pbx/x"
    assert web.post("/settings.htm", form(page)).status == 303
    assert not fake.asked("set") and not fake.asked("clear")


def test_markup_in_values(web, fake):
    fake.settings["firmware_uxm"] = ("http://x/\"><script>'&amp;", "update", "")
    page = page_of(web)
    assert "<script>'" not in page.text
    assert 'value="http://x/&quot;&gt;&lt;script&gt;&#39;&amp;amp;"' in page.text


def test_the_form_changes_what_differs(web, fake):
    page = page_of(web)
    sent = web.post("/settings.htm", form(page, update_policy="never_update",
                                          setting_server="", http_pass="new one"))
    assert (sent.status, sent.headers["Location"]) == (303, "settings.htm?saved=1")
    assert sorted(fake.asked("set")) == ["http_pass new one", "update_policy never_update"]
    assert fake.asked("clear") == ["setting_server"]
    assert "Saved." in web.get("/settings.htm?saved=1").text


def test_another_was_changed_meanwhile(web, fake):
    """What was shown is not saved over it."""
    page = page_of(web)
    fake.settings["firmware_interval"] = ("60", "setting_server", "")
    assert web.post("/settings.htm", form(page, update_policy="auto_update")).status == 303
    assert fake.asked("set") == ["update_policy auto_update"]
    assert fake.settings["firmware_interval"][0] == "60"


def test_clear_by_its_button(web, fake):
    """Nothing else that was entered is saved with it."""
    sent = form(page_of(web), update_policy="auto_update", clear="firmware_uxm")
    del sent["settings"]
    assert web.post("/settings.htm", sent).status == 303
    assert (fake.asked("set"), fake.asked("clear")) == ([], ["firmware_uxm"])


def test_a_value_that_is_refused(web, fake):
    fake.answers["set"] = ["5 bad-value that is not a value for <b>: give http://"]
    page = web.post("/settings.htm", form(page_of(web), setting_server="x"))
    assert page.status == 400
    assert "setting_server: that is not a value for &lt;b&gt;" in page.text


@pytest.mark.parametrize("page", ["settings.htm", "dummy.htm"])
def test_the_vendors_query(web, fake, page):
    """firmware_uxm is cleared so between two modules."""
    answer = web.get(f"/{page}?settings=save&firmware_uxm=")
    assert fake.asked("clear") == ["firmware_uxm"] and not fake.asked("set")
    if page == "dummy.htm":
        assert answer.body == b"OK\n"
    web.get(f"/{page}{query(setting_server='http://h/{mac}?a=b&c', update_policy='x y')}")
    assert fake.asked("set") == ["setting_server http://h/{mac}?a=b&c",
                                 "update_policy x y"]


@pytest.mark.parametrize("page", ["settings.htm", "dummy.htm"])
def test_by_post_of_a_script(web, fake, page):
    """As it was: what is said is set, be it new or not."""
    answer = web.post(f"/{page}", {"settings": "save", "firmware_interval": "2880"})
    assert answer.status == (200 if page == "dummy.htm" else 303)
    assert fake.asked("set") == ["firmware_interval 2880"]


@pytest.mark.parametrize("page", ["settings.htm", "dummy.htm"])
@pytest.mark.parametrize("name, value, status, sentence", [
    ("firmware_status", "http://x/y", 403, "firmware_status is read-only"),
    ("firmware_status", "", 403, "firmware_status is read-only"),
    ("ring_tone", "3", 400, "there is no setting of that name here"),
    ("firmware_uxm x", "y", 400, "there is no setting of that name here"),
    ("", "y", 400, "there is no setting of that name here"),
    ("firmware_uxm", "x" * 2049, 400, "that value is too long")])
def test_refused(web, fake, page, name, value, status, sentence):
    answer = web.request("GET", f"/{page}{query(**{name: value})}")
    assert answer.status == status and sentence in answer.text


def test_one_of_several_is_refused(web, fake):
    """The others hold, and it says which one does not."""
    answer = web.request("GET", "/dummy.htm" + query(
        update_policy="auto_update", firmware_status="x", colour="red"))
    assert answer.status == 403
    assert answer.text.splitlines() == [
        "firmware_status: firmware_status is read-only: the provisioning server says so",
        "colour: there is no setting of that name here"]
    assert fake.settings["update_policy"][0] == "auto_update"


def test_not_stored(web, fake):
    fake.answers["set"] = ["1 not-stored it cannot be stored: No space left on device"]
    answer = web.request("GET", "/dummy.htm" + query(update_policy="auto_update"))
    assert answer.status == 500 and "No space left" in answer.text


@pytest.mark.parametrize("bad", ["a=%00", "a=%", "settings=save&firmware_uxm=%ff",
                                 "settings=save&firmware_uxm=%0"])
def test_what_is_not_escaped_well(web, fake, bad):
    assert web.request("GET", f"/settings.htm?{bad}").status == 400
    assert fake.requests == []


def test_use_hidden_tags(web, fake):
    """What earlier phones called it."""
    web.get("/dummy.htm?settings=save&use_hidden_tags=on")
    assert fake.asked("set") == ["restrict_uri_queries on"]


def test_german(web, fake):
    page = web.get("/settings.htm", headers={"Accept-Language": "de-CH,de;q=0.9"})
    assert '<html lang="de">' in page.text and "Einstellungen" in page.text
