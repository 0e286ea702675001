# SPDX-License-Identifier: GPL-2.0-or-later
"""Pins: an image that has not the SHA-256 that it was to have reaches no module."""
import errno
import hashlib
import json
import re

import pytest

import uxmcd
from bench import refused
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
    assert pbx.log()[-1]["trust"] == "pin"
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
    assert pbx.log()[-1]["trust"] == ""


@pytest.mark.parametrize("pin", ["", OTHER[1:], OTHER[1:] + "g", "none"])
def test_provisioned_malformed(pbx, new, pin):
    """Nothing is flashed unpinned because of a slip; its line is named."""
    pbx.start(firmware_status=pbx.status)
    offer(pbx, new, pin)
    told = pbx.check_once("nothing", 0)
    assert [step for step in told["steps"] if step["text"].endswith(
        "line 2: firmware_uxm: sha256: a SHA-256 is 64 hexadecimal digits")]
    pbx.untouched()


# By hand
@pytest.mark.parametrize("how", ["URL", "file"])
def test_by_hand(bench, image, how):
    new = image(size=SIZE, version="1.6.2")
    what = bench.serve(new) if how == "URL" else new.path
    done = bench.ctl("update", "--sha256", OTHER, what)
    refused(done, 1, mismatch(new))
    assert not bench.module.sim.matching("^(detach|received)", bench.module.logged)
    bench.uxmcd.expect_clean()

    done = bench.ctl("update", what, "--sha256", sha256(new))
    assert done.returncode == 0, done.stdout
    words = logged(bench)
    assert words[-2:] == ["", "pin" if how == "URL" else "file,pin"]


def logged(bench):
    """What vouched for the images of all updates, as uxmcctl log and uxmcd's say it."""
    told = json.loads(bench.ctl("log", "--json").stdout)["updates"]
    words = [one["trust"] for one in told]
    table = bench.ctl("log").stdout.splitlines()
    shown = [line.split()[8] for line in table if " -> " in line]
    assert shown == [word or "-" for word in words]
    last = re.findall(r"update module=.* trust=(\S+)\n", bench.uxmcd.log())[-1]
    assert last.replace('""', "") == words[-1]
    return words


def test_not_pinned(bench, new):
    """That is no secret."""
    bench.update(new)
    assert "nothing vouches for that image" in bench.uxmcd.log()[bench.logged:]
    assert logged(bench)[-1] == "none"


def test_malformed_by_hand(bench, new):
    """uxmcd looks at it, too, and at nothing else then."""
    url = bench.serve(new)
    for pin in "", OTHER[1:], OTHER + "0":
        refused(bench.ctl("update", "--sha256", pin, url), 2,
                "--sha256: a SHA-256 is 64 hexadecimal digits")
        for request in f"update sha256={pin} {url}", f"file sha256={pin} 1 {new.path}":
            assert bench.uxmcd.ask(request)[:2] == (5, "pin-bad")
    assert bench.uxmcd.ask(f"update sha256={OTHER}")[:2] == (5, "pin-bad")
    assert bench.ctl("confirm", "--sha256", OTHER).returncode == 2
    assert not bench.server.requests


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


def test_killed_before_it_was_looked_at(bench, pbx, new):
    """A whole image, under its own name already, is held to the pin."""
    pbx.start(firmware_status=pbx.status)
    offer(pbx, new, sha256(new), "/slow")
    pbx.begun()
    bench.module.until(lambda heard: heard["done"] >= 20000, 20, "some of it")
    bench.uxmcd.kill()
    assert Journal().step == "fetch"
    with open(f"{uxmcd.IMAGES}/{new.name}", "wb") as file:
        file.write(bytes(SIZE))
    bench.uxmcd.start()
    bench.module.until_state("failed", within=20)
    assert re.search("not the one that was pinned", bench.module.read("update_error"))
    assert not bench.module.sim.matching("^(detach|received)", bench.module.logged)
    bench.uxmcd.expect_clean()


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
