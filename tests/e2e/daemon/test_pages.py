# SPDX-License-Identifier: GPL-2.0-or-later
"""The vendor's procedure, step by step, by somebody who only sees the pages."""
import sys

import pytest

import guest
from httpd import Answer

sys.path.append(f"{guest.TOP}/tests/web")
pytest.register_assert_rewrite("pages")

# pylint: disable=wrong-import-position
import pages

CONFIG = pages.CONFIG

STATE = "state"


@pytest.fixture
def web(bench):
    """uxmcweb, with the uxmcd.conf of uxmcd."""
    with pages.Web(bench.uxmcd.file) as web:
        yield web
        print(web.log())


@pytest.fixture
def new(image):
    return image(size=200000)


@pytest.mark.parametrize("unix", [False, True], ids=["tcp", "unix"])
def test_the_manual_procedure(bench, web, new, image, unix):
    """System information, Software Update, the URL into "Firmware", "Load", watch,
    and look at the version again.
    """
    bench.replace()
    before = web.get("/info.htm", unix=unix)
    count, (_, version) = before.below("USB Expansion Module")
    assert count == "1"
    assert version == "D7C 1.1.1"

    form = web.get("/update.htm", unix=unix)
    assert "Manual Expansion Module Software Update" in form.text
    assert form.by_id("firmware") is None and 'name="firmware"' in form.text
    assert ">Load</button>" in form.text

    url = bench.serve(new)
    bench.module.begin()
    asked = web.post("/update.htm", {"swload": "load", "firmware": url}, unix=unix)
    assert (asked.status, asked.headers["Location"]) == (303, "update.htm")
    ended = web.until("/update.htm",
                      lambda page: "successful" in page.by_id(STATE)
                      and "runs version" in page.text)
    assert f"runs version {new.version} now, before it was 1.1.1" in \
        pages.plain(ended.text)
    bench.done(new, url)

    after = web.get("/info.htm", unix=unix)
    assert after.below("USB Expansion Module") == \
        ("1", ("Module Version", f"D7C {new.version}"))


def test_a_url_that_is_refused(bench, web):
    """The page says why, and keeps what was entered."""
    page = web.post("/update.htm", {"firmware": "http://x/<i>.bin"})
    assert page.status == 400
    assert "the file is named" in page.by_id("refusal")
    assert 'value="http://x/&lt;i&gt;.bin"' in page.text
    assert "<i>" not in page.text


def test_a_failure(bench, web, new):
    url = bench.serve(new, Answer(status=404))
    bench.module.begin()
    assert web.post("/update.htm", {"firmware": url}).status == 303
    page = web.until("/update.htm", lambda page: "failed" in page.by_id(STATE))
    assert "404" in page.text
