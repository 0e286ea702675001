# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests about uxmcweb, with uxmcd and a module: what the tests about uxmcd have, and
the pages.
"""
import os
import sys

import pytest

E2E = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(E2E, "daemon"))
sys.path.append(os.path.join(os.path.dirname(E2E), "web"))

for name in ("bench", "pages", "pbx", "uxmcd"):
    pytest.register_assert_rewrite(name)

# pylint: disable=wrong-import-position,redefined-outer-name,unused-import
import guest
from bench import Bench
from nginx import Nginx
from pages import Web


@pytest.fixture(scope="module", autouse=True)
def driver(guest_set_up):
    """The driver, freshly loaded for the file."""
    with guest.driver() as log:
        yield log


@pytest.fixture(scope="module")
def bench_of_file(driver, tmp_path_factory):
    with Bench(tmp_path_factory.mktemp("bench")) as bench:
        yield bench


@pytest.fixture
def bench(request, bench_of_file):
    """CONFIG of the file is what uxmcd.conf says: see Bench.use()."""
    bench_of_file.begin(**getattr(request.module, "CONFIG", {}))
    yield bench_of_file
    bench_of_file.settle()


@pytest.fixture
def web(bench):
    """uxmcweb, with the uxmcd.conf of uxmcd."""
    with Web(bench.uxmcd.file) as web:
        yield web


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    result = (yield).get_result()
    arguments = getattr(item, "funcargs", {})
    if not (result.failed and "bench" in arguments):
        return
    try:
        result.sections += arguments["bench"].reports()
        if "web" in arguments:
            result.sections.append(("uxmcweb", arguments["web"].log()))
    except Exception as err:  # pylint: disable=broad-except
        result.sections.append(("bench", f"not to be had: {err!r}"))
