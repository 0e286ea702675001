# SPDX-License-Identifier: GPL-2.0-or-later
"""The main job, by each way that a person has: from the request to a module that
runs the new firmware, and the setting stored, shown, and shown again later.
"""
import pytest

import expect
import uxmcd


@pytest.fixture(params=["D7C", "D8C"])
def model(request, bench):
    """A module of each model, as it comes."""
    bench.replace("--model", request.param)
    return request.param


@pytest.fixture
def new(image, model):
    return image(model=model, size=300000, suffix=model == "D8C")


def by_sysfs(bench, new):
    url = bench.serve(new)
    bench.ask(url)
    bench.done(new, url)
    # As the phone asks for it.
    request, = bench.server.requests
    assert (request.method, request.path) == ("GET", f"/{new.name}")
    assert bench.module.states() == ["requested", "fetching", "verifying",
                                     "detaching", "downloading", "manifesting",
                                     "rebooting", "done"]


def by_url(bench, new):
    url = bench.serve(new)
    ended = bench.ctl("update", url)
    assert ended.returncode == 0, ended.stdout
    bench.done(new, url)


def by_file(bench, new):
    """Without a server; the setting is a URL, and stays what it was."""
    before = uxmcd.setting()
    ended = bench.ctl("update", new.path)
    assert ended.returncode == 0, ended.stdout
    expect.done(bench.module, new)
    bench.uxmcd.expect_clean()
    assert not bench.server.requests
    assert before and bench.module.read("firmware_uxm") == before
    assert uxmcd.setting() == before


@pytest.mark.parametrize("way", [by_sysfs, by_url, by_file])
def test_update(bench, new, way):
    way(bench, new)


def test_setting_after_replug(bench, image):
    """It is uxmcd's, and shown again for the module that is plugged in again."""
    bench.replace()
    url = bench.update(image())
    bench.module.begin()
    bench.module.sim.replug()
    bench.module.until(lambda heard: heard["event"] == "added", 40, "added",
                       any_number=True)
    bench.until_shown(url)
