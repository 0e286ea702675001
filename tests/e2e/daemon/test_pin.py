# SPDX-License-Identifier: GPL-2.0-or-later
"""Pins: an image that has not the SHA-256 that it was to have reaches no module."""
import errno
import hashlib
import re

import pytest

import uxmcd
from journal import Journal
from pbx import STATUS
from test_powercut import cut_power, power_up

SIZE = 200000
OTHER = "0123456789abcdef" * 4


def sha256(image):
    return hashlib.sha256(image.data).hexdigest()


def mismatch(image, pin=OTHER):
    return ("the image is not the one that was pinned: its SHA-256 is "
            f"{sha256(image)[:16]}\\.\\.\\., not {pin[:16]}\\.\\.\\.: correct the image "
            "or the pin")


@pytest.fixture
def new(image):
    return image(size=SIZE, version="1.6.1")


def offer(pbx, image, pin, directory=""):
    """It is provisioned with that pin; gives the URL."""
    url = pbx.serve(image, directory)
    pbx.nginx.put(STATUS, "<firmware-settings>\n"
                  f'<firmware_uxm perm="" sha256="{pin}">{url}</firmware_uxm>\n'
                  "</firmware-settings>\n")
    return url


def test_provisioned(bench, pbx, new):
    """In capitals as well; and a pin that is added, or changed, updates nothing."""
    pbx.start(firmware_status=pbx.status)
    url = offer(pbx, new, sha256(new).upper())
    told = pbx.check_once("started", 0)
    assert f"read, firmware_uxm is {url}, pinned" in [
        step["text"] for step in told["steps"]]
    bench.done(new, url)
    for pin in sha256(new), OTHER:
        offer(pbx, new, pin)
        pbx.check("match", 0, "firmware_uxm is the provisioned URL already.*")


def test_provisioned_another_image(bench, pbx, new):
    """It is refused before the module is disturbed, and counts as a failed fetch."""
    pbx.start(firmware_status=pbx.status)
    offer(pbx, new, OTHER)
    pbx.begun()
    bench.failed("fetching", errno.EBADMSG, mismatch(new))
    assert not bench.module.sim.matching("^(detach|received)", bench.module.logged)
    assert pbx.decision("the update failed")[0] == "too-soon"
    assert len(pbx.fetched()) == 1


@pytest.mark.parametrize("pin", ["", OTHER[1:], OTHER[1:] + "g", "none"])
def test_provisioned_malformed(pbx, new, pin):
    """Nothing is flashed unpinned because of a slip; its line is named."""
    pbx.start(firmware_status=pbx.status)
    offer(pbx, new, pin)
    told = pbx.check_once("nothing", 0)
    assert [step for step in told["steps"] if step["text"].endswith(
        "line 2: firmware_uxm: sha256: a SHA-256 is 64 hexadecimal digits")]
    pbx.untouched()


def fetch_half(bench, pbx, image, pin):
    """uxmcd is killed with some of it there; gives the URL."""
    pbx.start(firmware_status=pbx.status)
    url = offer(pbx, image, pin, "/slow")
    pbx.begun()
    bench.module.until(lambda heard: heard["done"] >= 20000, 20, "some of it")
    bench.uxmcd.kill()
    assert Journal().step == "fetch"
    pbx.forget()
    bench.uxmcd.start()
    return url


def went_on(pbx):
    entry, = pbx.nginx.entries("/slow", pbx.mark)
    return entry.range.startswith("bytes=")


def test_killed(bench, pbx, new):
    """The journal keeps the pin, and what was there counts for the sum."""
    url = fetch_half(bench, pbx, new, sha256(new))
    bench.done(new, url)
    assert went_on(pbx)


def test_killed_another_image(bench, pbx, new):
    fetch_half(bench, pbx, new, OTHER)
    bench.failed("fetching", errno.EBADMSG, mismatch(new))
    assert went_on(pbx)


@pytest.mark.parametrize("damage", [b"", b"damaged"], ids=["sound", "damaged"])
def test_power_cut_while_flashing(bench, pbx, new, damage):
    """What was found good lies there for another time, and is read again then."""
    pbx.start(firmware_status=pbx.status)
    url = offer(pbx, new, sha256(new))
    pbx.begun()
    bench.module.until_state("detaching")
    cut_power(bench)
    assert Journal().step == "flash"
    with open(f"{uxmcd.IMAGES}/{new.name}", "r+b") as file:
        file.seek(SIZE // 2)
        file.write(damage)
    power_up(bench)
    if not damage:
        bench.finished(new, url)
        return
    bench.module.until_state("failed", within=20)
    assert re.search("not the one that was pinned", bench.module.read("update_error"))
    bench.uxmcd.expect_clean()
