# SPDX-License-Identifier: GPL-2.0-or-later
"""The fixtures of tests/e2e, but for where modules are plugged in: into QEMU's
xhci, ehci and uhci, each of which is tested in turn.
"""
import importlib.util
import os
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
E2E = os.path.join(os.path.dirname(HERE), "e2e")
sys.path.append(E2E)


def _load_fixtures():
    """tests/e2e/conftest.py, which is a conftest too, by another name."""
    spec = importlib.util.spec_from_file_location("e2e_fixtures", f"{E2E}/conftest.py")
    fixtures = importlib.util.module_from_spec(spec)
    sys.modules["e2e_fixtures"] = fixtures
    spec.loader.exec_module(fixtures)


_load_fixtures()

# pylint: disable=wrong-import-position,redefined-outer-name,wildcard-import
# pylint: disable=unused-wildcard-import,import-error
from e2e_fixtures import *
from e2e_fixtures import report
import guest
import inside
import suspend

for name in ("test_bind", "test_buffers", "test_faults", "test_panel", "test_reset",
             "test_unplug"):
    pytest.register_assert_rewrite(name)

CONTROLLERS = {"xhci": "xhci_pci", "ehci": "ehci_pci", "uhci": "uhci_hcd"}

# A module in a port of a controller's; QEMU's hub is of full speed.
SPEEDS = {"xhci": "high", "ehci": "high", "uhci": "full"}
BEHIND_HUB = "full"


def speed_of(controller, port):
    return BEHIND_HUB if "." in port else SPEEDS[controller]


@pytest.fixture(scope="session")
def guest_set_up():
    """The guest with all installed, and the controllers' drivers loaded."""
    if not os.path.exists("/run/vm/settings"):
        pytest.exit("these tests run in a guest: tests/controllers/run", 2)
    guest.set_up()
    for module in CONTROLLERS.values():
        subprocess.run(["modprobe", module], check=True)
    yield
    assert not guest.loaded()


@pytest.fixture(scope="session")
def outside(guest_set_up):
    return inside.Outside()


@pytest.fixture(scope="module", autouse=True)
def new_numbers(guest_set_up):
    """Devices count from 1 again on the uhci, whose driver is taken from it and given
    back: QEMU's does not answer for number 127, which a file of tests does not reach.
    """
    driver = "/sys/bus/pci/drivers/uhci_hcd"
    name, = [name for name in os.listdir(driver) if name.startswith("0000:")]
    for what in "unbind", "bind":
        with open(f"{driver}/{what}", "w") as file:
            file.write(name)


@pytest.fixture(params=CONTROLLERS)
def controller(request):
    return request.param


@pytest.fixture
def sim(driver, outside, controller):
    """Plug in a simulated module: sim("--transfer-size", 64, port="2.1").

    A port is one of a hub, or one of the controller's own, which are numbers from 0
    on, as vhci-hcd's are in tests/e2e. The module is quick, and has a serial number
    of its own, unless options say other.
    """
    started = []

    def start(*options, port=0):
        port = port if isinstance(port, str) else str(port + 1)
        one = inside.Sim(outside, f"{controller}/{port}",
                         "--speed", speed_of(controller, port),
                         "--serial", f"CTL{len(started):04}",
                         "--reboot-ms", 120, "--manifest-ms", 50, *options)
        started.append(one)
        report(f"simulator in {one.place}",
               lambda: "\n".join(one.log()[-40:]))
        return one

    yield start
    for one in started:
        one.unplug()


@pytest.fixture
def freeze(awake):
    """Suspend the system, all devices included."""
    with suspend.cut_short("devices") as freeze_all:
        yield freeze_all


@pytest.fixture(scope="session")
def awake(guest_set_up):
    """The guest's root and its ways out survive a suspend."""
    subprocess.run(["insmod", f"{guest.TOP}/build/awake/awake.ko"], check=True)
    yield
    subprocess.run(["rmmod", "awake"], check=True)


@pytest.fixture
def hub(driver, outside, controller):
    """Plug in a hub, which has as many ports as one asks for: hub("2")."""
    plugged = []

    def plug(port):
        plugged.append(inside.Hub(outside, f"{controller}/{port}"))
        return plugged[-1]

    yield plug
    for one in reversed(plugged):
        one.pull()
