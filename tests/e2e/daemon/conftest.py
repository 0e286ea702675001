# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests about uxmcd: the tests of a file share driver, module and daemon, since
starting these costs more than most of the tests.
"""
import pytest

for name in ("bench", "pbx", "uxmcd"):
    pytest.register_assert_rewrite(name)

# pylint: disable=wrong-import-position,redefined-outer-name
import guest
from bench import Bench
from minute import minute     # pylint: disable=unused-import
from nginx import Nginx
from pbx import Pbx
from provisioning import Phone


@pytest.fixture(scope="module", autouse=True)
def driver(guest_set_up):
    """The driver, freshly loaded for the file."""
    with guest.driver() as log:
        yield log


@pytest.fixture(scope="module")
def bench_of_file(driver, tmp_path_factory):
    with Bench(tmp_path_factory.mktemp("bench")) as bench:
        yield bench


@pytest.fixture(scope="module")
def phone_of_file(bench_of_file):
    """The bench's uxmcd with its provisioning, by the bench's own server."""
    return Phone(bench_of_file)


@pytest.fixture
def bench(request, bench_of_file):
    """Its parameter, and CONFIG of the file, is what uxmcd.conf says: see
    Bench.use(). With pbx the test starts uxmcd itself.
    """
    if "pbx" in request.fixturenames:
        bench_of_file.forget()
    else:
        bench_of_file.begin(**getattr(request.module, "CONFIG", {}) |
                            getattr(request, "param", {}))
    yield bench_of_file
    bench_of_file.settle()


@pytest.fixture(scope="module")
def nginx(tmp_path_factory):
    with Nginx(tmp_path_factory.mktemp("nginx")) as nginx:
        yield nginx


@pytest.fixture
def pbx(bench, nginx):
    """Provisioning, of nothing yet. The test starts uxmcd anew: pbx.start(). The
    one that the last test has left is not to see what this one provisions.
    """
    if bench.uxmcd.running():
        bench.uxmcd.stop()
    pbx = Pbx(bench, nginx)
    pbx.put_status()
    pbx.put_settings()
    yield pbx
    pbx.end()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    result = (yield).get_result()
    bench = getattr(item, "funcargs", {}).get("bench")
    if not (result.failed and bench):
        return
    try:
        result.sections += bench.reports()
    except Exception as err:  # pylint: disable=broad-except
        result.sections.append(("bench", f"not to be had: {err!r}"))
