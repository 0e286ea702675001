# SPDX-License-Identifier: GPL-2.0-or-later
"""The base of the end-to-end tests: they run as root in the guest, all of them
in one boot (tests/e2e/run), and each leaves it as it was.
"""
import os
import socket
import subprocess

import pytest

for name in ("expect", "guest", "image", "module"):
    pytest.register_assert_rewrite(name)

# pylint: disable=wrong-import-position,redefined-outer-name
import expect
import genl
import guest
import image as images
import module as modules
from sim import Sim

# The setting firmware_uxm as it was before the test; an update that fails has to
# leave it so.
SETTING = "http://pbx.example/snomD7C-1.0.0-r.bin"

NETLINK_KOBJECT_UEVENT = 15


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true",
                     help="run the tests that take more than a minute, too")


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than a minute")


def pytest_collection_modifyitems(config, items):
    """Without --slow those tests are deselected, as pytest's last line says."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow and not config.getoption("--slow"):
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


# What a failed test shows besides its traceback: titles, and what gives text
REPORTS = []


def report(title, text):
    """Show what text() gives if this test fails."""
    REPORTS.append((title, text))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    result = (yield).get_result()
    if result.failed:
        for title, text in REPORTS:
            try:
                result.sections.append((title, text()))
            except Exception as err:  # pylint: disable=broad-except
                result.sections.append((title, f"not to be had: {err!r}"))
    if result.when == "teardown":
        REPORTS.clear()


@pytest.fixture(scope="session")
def guest_set_up():
    """The guest with all installed; at the end the driver can be unloaded."""
    if not os.path.exists("/run/vm/settings"):
        pytest.exit("these tests run in a guest: tests/e2e/run", 2)
    guest.set_up()
    yield
    assert not guest.loaded()
    subprocess.run(["modprobe", "-r", "vhci-hcd"], check=True)


@pytest.fixture(autouse=True)
def driver(guest_set_up):
    """The driver, freshly loaded: no test sees what another one left."""
    with guest.driver() as log:
        report("kernel log", lambda: "\n".join(log.read()[-60:]))
        yield log


@pytest.fixture
def udev(driver):
    """udev sees what comes and goes; to be named before what is plugged in."""
    with guest.udev():
        yield


@pytest.fixture
def client(driver):
    """A socket to the netlink family."""
    with genl.Genl() as opened:
        report("modules", lambda: "\n".join(map(str, opened.dump())))
        yield opened


@pytest.fixture
def monitor(driver):
    """All notifications from the start of the test on."""
    with genl.Monitor() as opened:
        report("notifications", lambda: "\n".join(
            map(expect.told, opened.pending()[-60:])))
        yield opened


@pytest.fixture
def uevents(driver):
    """Wait for a uevent of the kernel: uevents(lambda event: ...)."""
    listener = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM,
                             NETLINK_KOBJECT_UEVENT)
    listener.bind((0, 1))
    listener.settimeout(5)

    def wait(wanted):
        while True:
            lines = listener.recv(65536).decode().split("\0")
            event = dict(line.split("=", 1) for line in lines if "=" in line)
            if wanted(event):
                return event

    yield wait
    listener.close()


@pytest.fixture(scope="session")
def image():
    """Images by the arguments of image.make()."""
    return images.make


@pytest.fixture
def sim(driver):
    """Plug in a simulated module: sim("--transfer-size", 64, port=1).

    It is quick, and has a serial number of its own, unless options say other.
    """
    started = []

    def start(*options, port=0):
        one = Sim("--port", port, "--serial", f"E2E{len(started):04}",
                  "--reboot-ms", 120, "--manifest-ms", 50, *options)
        started.append(one)
        report(f"simulator on port {port}", lambda: "\n".join(one.log()[-40:]))
        return one

    yield start
    for one in started:
        one.unplug()


@pytest.fixture
def bound(client, monitor):
    """The next simulator that the driver binds, as uxmcN: bound(one)."""
    def wait(one):
        number = expect.added(monitor)["module"]
        module = modules.Module(number, client, monitor, one)
        module.set_firmware_uxm(SETTING)
        return module
    return wait


@pytest.fixture
def plug(sim, bound):
    """Plug one in, and have it as uxmcN: plug("--transfer-size", 64)."""
    def start(*options, **others):
        return bound(sim(*options, **others))
    return start


@pytest.fixture
def module(plug):
    """A D7C as it comes, running 1.1.1."""
    return plug()
