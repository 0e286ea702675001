# SPDX-License-Identifier: GPL-2.0-or-later
"""rollout="N": an image that is for some of all phones, at first."""
import hashlib
import re

import pytest

from pbx import MAC, STATUS

SIZE = 200000


@pytest.fixture
def new(image):
    return image(size=SIZE, version="1.6.1")


def first_share(url, mac=MAC):
    """From which N on the phone is among them, as uxmcd(8) says."""
    digest = hashlib.md5(f"{mac}:{url}".encode()).hexdigest()
    return (int(digest[:8], 16) * 100 >> 32) + 1


def offer(pbx, url, share):
    pbx.nginx.put(STATUS, "<firmware-settings>\n"
                  f'<firmware_uxm perm="" rollout="{share}">{url}</firmware_uxm>\n'
                  "</firmware-settings>\n")


def url_of(pbx, image, least=2, most=99):
    """One of it for which this phone has a place between; the query tells them apart."""
    base = pbx.serve(image)
    for number in range(100):
        url = f"{base}&amp;{number}"
        if least <= first_share(url.replace("&amp;", "&")) <= most:
            return url
    raise AssertionError("no place is between these")


def not_among(share, first):
    return (f'firmware_uxm has rollout="{share}", and this phone is not among them: it is '
            f'from "{first}" on')


def test_share_grows(bench, pbx, new):
    """Those of a larger share are those of a smaller one, and more."""
    url = url_of(pbx, new)
    plain = url.replace("&amp;", "&")
    first = first_share(plain)
    pbx.start(firmware_status=pbx.status)
    for share in 0, first - 1:
        offer(pbx, url, share)
        steps = pbx.check("rollout", 0, re.escape(not_among(share, first)))
        assert list(steps)[-1] == "rollout" and steps["rollout"][0] == "no"
        assert steps["firmware_status"][1] == (
            f"read, firmware_uxm is {plain}, for {share} % of all phones")
    pbx.untouched()
    offer(pbx, url, first)
    told = pbx.check_once("started", 0)
    assert (f'firmware_uxm has rollout="{first}", and this phone is among them: it is from '
            f'"{first}" on') in [step["text"] for step in told["steps"]]
    bench.done(new, plain)
    # More phones, or fewer: nothing to do for one that has it.
    offer(pbx, url, 100)
    pbx.check("match", 0, "firmware_uxm is the provisioned URL already.*")


def test_by_hand(bench, pbx, new):
    """What a person asks for is for this phone."""
    url = url_of(pbx, new)
    pbx.start(firmware_status=pbx.status)
    offer(pbx, url, 0)
    assert pbx.check_once("rollout", 0)
    plain = url.replace("&amp;", "&")
    assert bench.ctl("update", plain).returncode == 0
    bench.done(new, plain)


def test_nobody_is_asked(pbx, new):
    pbx.start(firmware_status=pbx.status, update_policy="ask_for_update")
    url = url_of(pbx, new)
    offer(pbx, url, 1)
    pbx.check_once("rollout", 0)
    assert not pbx.waiting()
    offer(pbx, url, 100)
    pbx.check_once("waiting", 0)
    assert pbx.waiting()
    # It is not for this phone any more.
    offer(pbx, url, 1)
    pbx.check_once("rollout", 0)
    assert not pbx.waiting()
    pbx.untouched()


def test_no_mac(bench, pbx, image):
    """Nobody can tell whether the phone is among them, unless all are."""
    new = image(size=SIZE, version="1.6.1")
    url = pbx.nginx.put(f"/{new.name}", new.data)
    pbx.put_status()
    pbx.start(firmware_status=pbx.status.replace("{mac}", "x"), phone_mac=None)
    offer(pbx, url, 99)
    pbx.check("rollout", 0, 'firmware_uxm has rollout="99", and which phones these are goes '
              "by their MAC addresses: set phone_mac in uxmcd.conf")
    pbx.untouched()
    offer(pbx, url, 100)
    pbx.begun()
    bench.done(new, url)


@pytest.mark.parametrize("share", ["", "101", "-1", "5%", "00000100", "all"])
def test_malformed(pbx, new, share):
    """It costs the entry, and nobody gets the image because of a slip."""
    pbx.start(firmware_status=pbx.status)
    offer(pbx, pbx.serve(new), share)
    told = pbx.check_once("nothing", 0)
    assert [step for step in told["steps"] if step["text"].endswith(
        "line 2: firmware_uxm: rollout: a share of all phones is a number of per cent, 0 "
        "to 100")]
    pbx.untouched()


def test_container_and_pin(bench, pbx, new):
    """Where firmware_uxm stands does not matter, nor what else stands there."""
    url = url_of(pbx, new, 50, 99)
    plain = url.replace("&amp;", "&")
    sha256 = hashlib.sha256(new.data).hexdigest()

    def put(share):
        pbx.nginx.put("/image.xml", "<settings><phone-settings><firmware_uxm "
                      f'sha256="{sha256}" rollout="{share}">{url}</firmware_uxm>'
                      "</phone-settings></settings>")
    put(49)
    pbx.nginx.put("/all.xml", '<setting-files><file url="image.xml"/></setting-files>')
    pbx.start(setting_server=f"{pbx.nginx.base}/all.xml")
    pbx.check_once("rollout", 0)
    pbx.untouched()
    put(99)
    pbx.begun()
    bench.done(new, plain)
    assert pbx.log()[-1]["trust"] == "pin"
