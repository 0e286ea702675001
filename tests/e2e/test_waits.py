# SPDX-License-Identifier: GPL-2.0-or-later
"""The driver's waits: each is bounded, all of them together, too, and no module is
asked before it wants to be.
"""
import errno
import time

import pytest

import expect
import guest
import usbfs
from patience import PATIENCE

BYTES = "[0-9]+ bytes into the image"


def test_slower_than_the_least_rate(plug, image):
    """Each block is in time, all of them are not."""
    guest.set_parameter("least_rate", 1000000)
    guest.set_parameter("block_timeout", 1500)
    module = plug("--transfer-size", 64, "--poll", 250)
    new = image()
    module.flash(new)
    module.until_state("downloading")
    began = time.monotonic()
    expect.failed(module, "downloading", errno.ETIMEDOUT,
                  f"the module takes less than 1000000 bytes a second, {BYTES}",
                  within=8)
    # Twice block_timeout, the image at that rate, and the block under way
    assert 3 < time.monotonic() - began < 3 + 0.2 + 2 * PATIENCE
    guest.set_parameter("least_rate", guest.PARAMETERS["least_rate"])


@pytest.mark.parametrize("size", [1, 63])
def test_least_transfer_size(plug, image, size):
    module = plug("--transfer-size", size)
    module.flash(image())
    expect.failed(module, "detaching", errno.EINVAL,
                  "the module's DFU functional descriptor has a wTransferSize of "
                  "less than 64", within=5)
    assert not module.sim.matching("^detach$")


@pytest.mark.parametrize("kind", ["--tolerant", "--not-tolerant"])
def test_manifestation_has_one_budget(plug, image, kind):
    guest.set_parameter("manifest_timeout", 2000)
    module = plug("--manifest-ms", 60000, kind)
    module.flash(image())
    announced = module.until_state("manifesting")["timeout"]
    began = time.monotonic()
    expect.failed(module, "manifesting", errno.ETIMEDOUT,
                  "the module is still in dfuMANIFEST after 2000 ms", within=5)
    assert 1.9 < time.monotonic() - began < min(2 + 1.5 * PATIENCE, announced / 1000)


# Once it has had the time that it asked for it may wait for its reset in silence.
@pytest.mark.parametrize("fault", [[], ["--fault", "silent-wait-reset"]])
def test_silent_after_manifestation(plug, image, fault):
    guest.set_parameter("block_timeout", 60000)
    module = plug("--no-will-detach", "--manifest-ms", 300, *fault)
    new = image()
    module.flash(new)
    module.until_state("manifesting")
    began = time.monotonic()
    module.until_state("rebooting")
    assert time.monotonic() - began < 12 * PATIENCE
    expect.done(module, new)


@pytest.mark.parametrize("ms", [1, 300])
def test_poll_timeout_of_waiting_states(plug, image, ms):
    """Section 6.1.2 excepts no state; the simulator calls it a violation."""
    module = plug("--idle-poll", ms, "--transfer-size", 65535)
    new = image()
    module.flash(new)
    expect.done(module, new)
    module.flash(new)
    expect.done(module, new)


def test_poll_timeout_beyond_all_bounds(plug, image):
    module = plug("--idle-poll", 16000000, "--start-in-dfu")
    module.flash(image())
    expect.failed(module, "downloading", errno.ETIMEDOUT,
                  "the module asks for a wait that is too long.*", within=6)


@pytest.mark.parametrize("whose", ["own", "somebody else's"])
def test_poll_timeout_ends_with_a_reset(plug, image, whose):
    """The module has forgotten it, and takes the next update."""
    module = plug("--fault", "huge-poll")
    module.flash(image())
    module.until_state("failed")
    if whose != "own":
        usbfs.reset(f"/sys/bus/usb/devices/{module.read('port')}")
    expect.updates(module, image)
    assert len(module.sim.matching("^reset$")) == 1


def test_short_status_once(plug, image):
    module = plug("--fault", "short-idle-once")
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_short_status_for_ever(plug, image):
    module = plug("--fault", "short-idle", "--start-in-dfu")
    module.flash(image())
    expect.failed(module, "downloading", errno.EPROTO,
                  "the module's answer to DFU_GETSTATUS is too short", within=8)
    assert not module.sim.matching("^reset$")


TIMES = ("request_timeout", "ctrl_timeout", "block_timeout", "manifest_timeout",
         "reboot_timeout")
OUT_OF_BOUNDS = [(name, value) for name in TIMES for value in (0, 99, 3600001)] + \
    [("least_rate", value) for value in (0, 1023, (1 << 30) + 1)]


def test_parameters_have_bounds(driver):
    for name, value in OUT_OF_BOUNDS:
        with pytest.raises(OSError) as refused:
            guest.set_parameter(name, value)
        assert refused.value.errno == errno.ERANGE, (name, value)


def test_no_load_with_a_parameter_out_of_bounds(driver):
    guest.unload()
    with pytest.raises(OSError) as refused:
        guest.load(ctrl_timeout=0)
    assert refused.value.errno == errno.ERANGE
    guest.load()


def test_alternate_settings(plug, image):
    """The functional descriptor is behind the last one."""
    module = plug("--alternates", 4, "--transfer-size", 1024)
    new = image()
    module.flash(new)
    expect.done(module, new)
    module.sim.wait("^took [0-9]+ us, 200 blocks", 1)
