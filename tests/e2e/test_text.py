# SPDX-License-Identifier: GPL-2.0-or-later
"""Strings from user space: what is shown, logged or compared later is one line of
UTF-8 without control characters, or is refused.
"""
import errno

import pytest

import expect
import states
from expect import refusal

BAD = {
    "newline": b"a\nb", "tab": b"a\tb", "escape": b"\x1b[2Jb", "bell": b"\x07",
    "return": b"b\r", "delete": b"a\x7fb",
    # C1, which terminals take for control characters: U+009B is ESC [
    "csi": "a\u009bb".encode(), "nel": "a\u0085b".encode(),
    "c1-last": "\u009f".encode(), "c1-first": "\u0080".encode(),
    # Not UTF-8
    "latin-1": b"a\xe4b", "bare csi": b"a\x9bb", "continuation": b"\x80",
    "cut off": b"a\xe2\x82", "cut off at once": b"\xf0", "overlong": b"\xc0\xaf",
    "overlong escape": b"\xc1\x9b", "overlong three": b"\xe0\x80\xaf",
    "surrogate": b"\xed\xa0\x80", "too large": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80", "0xff": b"a\xffb",
    "text behind the end": b"a\0b",
}
GOOD = ["x y", "\u00a0", "\u00e4\u00f6\u00fc", "\u20ac", "\U0001f50c", "~"]

COMMANDS = {
    "url": ("update-request", {}),
    "file": ("update-flash", {}),
    "expect": ("update-flash", {"file": "x.bin"}),
    "message": ("update-report", {"state": "failed"}),
    "firmware_uxm": ("setting-set", {}),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_refused(driver, module, name):
    """Each by netlink, and nothing has changed."""
    command, others = COMMANDS[name]
    if name == "message":
        states.bring_to(module, "requested")
    before = module.agreed()
    for kind, text in BAD.items():
        error, sentence = refusal(module.client.send, command,
                                  module=module.number, **others,
                                  **{name: text + b"\0"})
        assert error == errno.EINVAL, kind
        assert "control characters" in sentence, (kind, sentence)
    assert module.agreed() == before
    assert not [line for line in driver.read() if "[2J" in line]


@pytest.mark.parametrize("kind", sorted(set(BAD) - {"return"}))
def test_refused_in_sysfs(module, kind):
    """But blanks at the end are taken off, \\r\\n among them."""
    with pytest.raises(OSError) as refused:
        module.write("firmware_uxm", b"http://a/" + BAD[kind] + b"c\n")
    assert refused.value.errno == errno.EINVAL
    assert module.agreed()["state"] == "idle"


def test_last_character_in_sysfs(module):
    """It may end in a byte that is a blank in Latin-1, as \u00e0 does."""
    module.write("firmware_uxm", " http://a/\u00e0 \r\n".encode())
    module.until_state("requested")
    assert module.client.get(module.number)["url"] == "http://a/\u00e0"


@pytest.mark.parametrize("text", GOOD, ids=ascii)
def test_allowed(module, text):
    module.set_firmware_uxm(text)
    assert module.agreed()["firmware_uxm"] == text
    module.client.request(module.number, f"http://a/{text}")
    assert module.client.get(module.number)["url"] == f"http://a/{text}"
    module.client.report(module.number, state="failed", message=text)
    end = module.until_state("failed")
    assert end["message"] == f"requested: {text}"
    assert module.read("update_error") == end["message"]


@pytest.mark.parametrize("done, total, fine", [
    (2 ** 64 - 1, 1, False), (2, 1, False), (1, 1, True), (2 ** 64 - 1, 0, True),
    (2 ** 64 - 1, 2 ** 64 - 1, True)])
def test_progress(module, done, total, fine):
    states.bring_to(module, "fetching")
    if fine:
        module.client.report(module.number, done=done, total=total)
        assert module.read("update_progress") == f"{done} {total}"
        return
    assert refusal(module.client.report, module.number, done=done, total=total) == \
        (errno.EINVAL, "more bytes are done than there are in all")
    assert module.read("update_progress") == "10 100"
    module.cancel()
    expect.failed(module, "fetching", errno.ECANCELED, "cancelled", within=3)
