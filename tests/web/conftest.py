# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of uxmcweb share: uxmcd and the driver as tests have them, and
uxmcweb with them.
"""
import pathlib
import shutil
import socket
import sys
import tempfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "e2e"))
sys.path.append(str(HERE))

for name in ("fake", "pages"):
    pytest.register_assert_rewrite(name)

# pylint: disable=wrong-import-position,redefined-outer-name
from fake import Fake
from pages import Web


@pytest.fixture(scope="session")
def place():
    """A directory that its user can search, with a short name."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="uxmcweb-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def fake_of_all(place):
    with Fake(place) as fake:
        yield fake


@pytest.fixture
def fake(fake_of_all):
    """As it is at the beginning: one module, no password."""
    fake_of_all.forget()
    yield fake_of_all
    fake_of_all.forget()


def free_port():
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configure(file, fake, **config):
    """Writes uxmcd.conf; nobody has nothing of its own, and uxmcweb becomes that."""
    lines = {"control": fake.control, "web_user": "nobody", "phone_model": "D785",
             "phone_firmware": "10.1.101.11", "phone_mac": "000413922D24"} | config
    file.write_text("".join(f"{name} = {value}\n" for name, value in lines.items()))
    return file


@pytest.fixture(scope="session")
def start(place, fake_of_all):
    """start(options, web_info="public"): one that is not started yet, with that
    uxmcd.conf; addresses=[...] are others than the usual ones.
    """
    count = 0

    def make(*options, addresses=(), port=None, **config):
        nonlocal count
        count += 1
        port = port or free_port()
        unix = f"{place}/http{count}"
        listen = " ".join([f"127.0.0.1:{port}", unix, *addresses])
        file = configure(place / f"uxmcd{count}.conf", fake_of_all,
                         web_listen=listen, **config)
        return Web(str(file), *options, program="uxmcweb-fake", port=port, unix=unix,
                   environment={"UXMC_FAKE_DRIVER": fake_of_all.driver})
    return make


@pytest.fixture(scope="session")
def web_of_all(start):
    with start(web_hosts="phone.example, desk") as web:
        yield web


@pytest.fixture
def web(web_of_all, fake):
    """It has nothing to remember, so that one is enough."""
    return web_of_all


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    result = (yield).get_result()
    arguments = getattr(item, "funcargs", {})
    if result.failed and call.when == "call" and "web" in arguments:
        result.sections.append(("uxmcweb", arguments["web"].log()[-4000:]))
        result.sections.append(("asked", "\n".join(arguments["fake"].requests[-20:])))
    if result.failed and call.when == "call" and "phone" in arguments:
        result.sections.append(("the phone's logs", arguments["phone"].log()[-6000:]))


def own_address():
    """An address of this machine that is not loopback; None if it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return probe.getsockname()[0]
