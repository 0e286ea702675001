# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules of a manual update: how many modules, and which phone firmware."""
import errno

import pytest

from bench import refused
from httpd import Answer, Gate

SETS = "set phone_firmware = <version> in uxmcd.conf"


def test_zero_modules(bench, image):
    """Only uxmcctl can ask then: no module, no sysfs."""
    url = bench.serve(image())
    bench.unplug(bench.module)
    try:
        for what in (url, image().path):
            refused(bench.ctl("update", what), 4,
                    "no expansion module is connected: connect exactly one")
        bench.uxmcd.expect_clean()
        assert not bench.server.requests
    finally:
        bench.replace()


def many(count):
    return (f"{count} expansion modules are connected: "
            "leave exactly one connected")


def test_two_and_three_modules(bench, image):
    url = bench.serve(image())
    others = []
    try:
        for count in (2, 3):
            others.append(bench.plug("--model", "D8C", port=len(others) + 1))
            bench.ask(url)
            bench.failed("requested", errno.EBUSY, many(count))
            for what in (url, image().path):
                refused(bench.ctl("update", what), 5, many(count))
        assert not bench.server.requests
        states = [other.state for other in others]
        assert states == ["idle", "idle"]
    finally:
        for other in others:
            bench.unplug(other)
    bench.update(image())


def test_second_module_during_an_update(bench, image):
    """It comes too late to stop it."""
    new = image(version="1.6.2", size=70000)
    gate = Gate()
    url = bench.serve(new, Answer(new.data, hold_after=1000, gate=gate))
    bench.ask(url)
    bench.module.until_state("fetching")
    other = bench.plug(port=1)
    try:
        gate.set()
        bench.done(new, url)
        assert other.state == "idle"
    finally:
        bench.unplug(other)


OLD = "update the phone to 10.1.64.14 or later first"
UNKNOWN = ("the phone's firmware version is not known: set phone_firmware = "
           r"<version> in uxmcd.conf \(10.1.64.14 or later is needed\)")


@pytest.mark.parametrize("bench", [{"phone_firmware": "10.1.64.14"},
                                   {"phone_firmware": "10.1.101.11"}],
                         ids=["10.1.64.14", "10.1.101.11"], indirect=True)
def test_phone_firmware(bench, image):
    bench.update(image(size=70000))


@pytest.mark.parametrize("bench, error, sentence", [
    ({"phone_firmware": "10.1.64.13"}, errno.EPERM,
     f"the phone's firmware is 10.1.64.13: {OLD}"),
    ({"phone_firmware": "9.9.99.99"}, errno.EPERM,
     f"the phone's firmware is 9.9.99.99: {OLD}"),
    ({"phone_firmware": "10.1.64.14-rc1"}, errno.EINVAL,
     "10.1.64.14-rc1 is not a version number: correct phone_firmware in "
     "uxmcd.conf"),
    ({"phone_firmware": None}, errno.ENOKEY, UNKNOWN),
], ids=["10.1.64.13", "9.9.99.99", "no number", "unknown"], indirect=["bench"])
def test_phone_firmware_refused(bench, image, error, sentence):
    new = image(size=70000)
    url = bench.serve(new)
    bench.ask(url)
    bench.failed("requested", error, sentence)
    refused(bench.ctl("update", url), 5, sentence)
    refused(bench.ctl("update", new.path), 5, sentence)
    assert not bench.server.requests


def too_old(version, minimum):
    return (f"the image is version {version}, and uxmcd.conf says minimum_version = "
            f"{minimum}: give a newer image")


def older(runs, version):
    return (f"the module runs {runs}, the image is version {version}, and uxmcd.conf "
            "says allow_downgrade = no: give a newer image")


def refused_by_hand(bench, new, sentence):
    """However it is asked for, and nothing is fetched."""
    url = bench.serve(new)
    bench.server.requests.clear()
    bench.ask(url)
    bench.failed("requested", errno.EPERM, sentence)
    refused(bench.ctl("update", url), 5, sentence)
    refused(bench.ctl("update", new.path), 5, sentence)
    assert not bench.server.requests


@pytest.mark.parametrize("bench", [{"minimum_version": "1.6.1"}], indirect=True)
def test_minimum_version(bench, image):
    refused_by_hand(bench, image(size=70000, version="1.6.0"),
                    too_old("1.6.0", "1.6.1"))
    bench.update(image(size=70000, version="1.6.1"))


@pytest.mark.parametrize("bench", [{"allow_downgrade": "no"}], indirect=True)
def test_no_downgrade(bench, image):
    bench.update(image(size=70000, version="1.6.1"))
    refused_by_hand(bench, image(size=70000, version="1.5.3"), older("1.6.1", "1.5.3"))
    bench.update(image(size=70000, version="1.6.1"))


@pytest.mark.parametrize("bench", [{"allow_downgrade": "no"}], indirect=True)
def test_no_downgrade_in_dfu_mode(bench, image):
    """One that runs nothing is rescued by whichever image there is."""
    bench.replace("--start-in-dfu", waiting=False)
    try:
        bench.update(image(size=70000, version="1.1.1"))
    finally:
        bench.replace()


def test_downgrade(bench, image):
    """The vendor allows it."""
    bench.update(image(size=70000, version="1.6.1"))
    bench.update(image(size=70000, version="1.1.1"))
