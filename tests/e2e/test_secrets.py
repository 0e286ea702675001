# SPDX-License-Identifier: GPL-2.0-or-later
"""What is shown of a URL that has a user and a password in it: to who may change
it all of it, to everybody else a URL without them.
"""
import errno
import os

import pytest

import expect
import genl
from module import unprivileged

SECRET = "s3cr3t"
URL = f"http://phone:{SECRET}@pbx.example/snomD7C-1.6.1-r.bin"
HIDDEN = "http://***@pbx.example/snomD7C-1.6.1-r.bin"

# What is written, and what others see of it
SHOWN = [
    ("http://pbx.example/a@b.bin?mail=c@d#e@f",
     "http://pbx.example/a@b.bin?mail=c@d#e@f"),
    ("http://pbx.example:8080/a@b", "http://pbx.example:8080/a@b"),
    ("http://[fe80::1]:8080/a@b", "http://[fe80::1]:8080/a@b"),
    ("http://[fe80::1]/a@b", "http://[fe80::1]/a@b"),
    (f"https://{SECRET}@pbx/", "https://***@pbx/"),
    (f"http://a@b:{SECRET}@pbx/", "http://***@pbx/"),
    (f"http://a:{SECRET} {SECRET}@pbx/", "http://***@pbx/"),
    (f"http://a:{SECRET}@pbx", "http://***@pbx"),
    (f"http://a:{SECRET}@pbx?b@c", "http://***@pbx?b@c"),
    ("http://:p@pbx/", "http://**@pbx/"),
    ("http://@pbx/", "http://@pbx/"),
    # More than one
    (f"http://pbx/?via=http://a:{SECRET}@b/", "http://pbx/?via=http://***@b/"),
    (f"http://a:{SECRET}@b/http://a:{SECRET}@b/http://a:{SECRET}@",
     "http://***@b/http://***@b/http://***@"),
    # No URL, but with a password in it all the same
    (f"a:{SECRET}@pbx/x", "***@pbx/x"),
    (f"http:/a:{SECRET}@pbx/x", "***@pbx/x"),
    (f"http:\\\\a:{SECRET}@pbx/x", "***@pbx/x"),
    (f"http://a:{SECRET}/{SECRET}@pbx/x", "http://***@pbx/x"),
    (f"http://a:{SECRET}?{SECRET}#{SECRET}@pbx/x", "http://***@pbx/x"),
    (f"http://a:{SECRET}:80/{SECRET}@pbx/x", "http://***@pbx/x"),
    (f"http://a:{SECRET}]/{SECRET}@pbx/x", "http://***@pbx/x"),
    (f"http://[a:{SECRET}]{SECRET}]/{SECRET}@pbx/x", "http://***@pbx/x"),
]


@pytest.mark.parametrize("url, shown", SHOWN)
def test_shown_to_others(module, url, shown):
    """In every place, as setting and as request."""
    with unprivileged():
        user, listener = genl.Genl(), genl.Monitor()
    module.set_firmware_uxm(url)
    module.client.request(module.number, url)
    heard = listener.wait(lambda heard: heard["state"] == "requested", 5)
    with unprivileged():
        got, = user.dump()
        assert user.get(module.number) == got
        assert module.read("firmware_uxm") == shown
    for one in heard, got:
        assert (one["url"], one["firmware_uxm"]) == (shown, shown)
    whole, = module.client.dump()
    assert whole == module.client.get(module.number)
    assert (whole["url"], whole["firmware_uxm"]) == (url, url)
    user.close()
    listener.close()


def test_an_administrator_sees_no_more_in_sysfs_and_in_the_group(module):
    """What is there for all to read or hear is the same for all."""
    module.set_firmware_uxm(URL)
    assert module.read("firmware_uxm") == HIDDEN
    module.client.request(module.number, URL)
    assert module.until_state("requested")["url"] == HIDDEN


def test_rights_are_those_of_the_moment(module):
    """A socket that an administrator has opened gives another user no more."""
    module.set_firmware_uxm(URL)
    assert module.client.get(module.number)["firmware_uxm"] == URL
    with unprivileged():
        assert module.client.get(module.number)["firmware_uxm"] == HIDDEN
        assert module.client.dump()[0]["firmware_uxm"] == HIDDEN
    assert module.client.dump()[0]["firmware_uxm"] == URL


def test_in_a_message(module):
    """The sentence of a failure is for everybody."""
    module.client.request(module.number, URL)
    module.client.report(module.number, state="failed",
                         message=f"{URL} and then ftp://a:{SECRET}@b: no")
    expect.failed(module, "requested", errno.EIO,
                  r"http://\*\*\*@pbx\.example/snomD7C-1\.6\.1-r\.bin and then "
                  r"ftp://\*\*\*@b: no", within=5)


def test_long_message_is_cut_after_that(module):
    """Half a URL has no "@" any more by which a password is known."""
    for length in range(210, 230):
        text = length * "x" + " http://admin:"
        text += (254 - len(text) - 3) * "p" + "@p/"
        module.begin()
        module.client.request(module.number, "http://pbx.example/x")
        module.client.report(module.number, state="failed", message=text)
        end = module.until_state("failed")
        assert "admin" not in end["message"]
        assert module.read("update_error") == end["message"]


def test_long_message_ends_with_a_character(module):
    """Bytes are what is counted, but half a character is nothing to show."""
    for text in "x" + 127 * "\u00e4", 85 * "\u20ac", 63 * "\U0001f50c":
        module.begin()
        module.client.request(module.number, "http://pbx.example/x")
        module.client.report(module.number, state="failed", message=text)
        end = module.until_state("failed")
        assert text.startswith(end["message"].removeprefix("requested: "))
        assert 255 - 3 <= len(end["message"].encode()) <= 255
        assert module.read("update_error") == end["message"]


def test_nowhere_else(driver, module, uevents):
    """Everything that a user may read of the module, from request to failure."""
    module.set_firmware_uxm(URL)
    seen = []
    with module.records() as records:
        module.write("firmware_uxm", URL)
        seen.append(str(uevents(
            lambda event: event.get("UXMC_EVENT") == "request")))
        module.client.report(module.number, total=100)
        module.client.report(module.number, state="failed", message=f"no {URL}")
        module.until_state("failed")
        seen.append(os.read(records.file, 4096).decode("latin-1"))
    with unprivileged():
        for directory, _, names in os.walk(module.path):
            for name in names:
                try:
                    with open(f"{directory}/{name}", errors="replace") as file:
                        seen.append(file.read())
                except OSError:
                    pass
    seen += map(str, module.monitor.pending())
    seen += driver.read()
    assert len(seen) > 15
    for text in seen:
        assert SECRET not in text


def test_failure_that_is_remembered(module):
    """It is shown again when the module is plugged in again."""
    module.client.request(module.number, URL)
    module.client.report(module.number, state="failed", message=f"no {URL}")
    module.until_state("failed")
    module.sim.replug()
    heard = expect.replugged(module)
    assert heard["state"] == "failed"
    assert heard["url"] == HIDDEN
    assert module.client.get(module.number)["url"] == URL
    assert SECRET not in heard["message"]
