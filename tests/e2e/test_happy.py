# SPDX-License-Identifier: GPL-2.0-or-later
"""Updates that go well: all kinds of modules, and images of all lengths. What
the module received is compared with the file, and sysfs, netlink and uxmcctl
with each other, by expect.done().
"""
import pytest

import expect
import guest

# Each value of each column meets each value of each other one.
KINDS = [
    # wTransferSize, model, poll, tolerant, will-detach, suffix, bytes
    (64, "D7C", 0, "--not-tolerant", "--will-detach", False, 20 << 10),
    (64, "D8C", 5, "--tolerant", "--no-will-detach", True, 10 << 10),
    (1024, "D7C", 0, "--not-tolerant", "--no-will-detach", True, 200 << 10),
    (1024, "D8C", 5, "--tolerant", "--will-detach", False, 100 << 10),
    (4096, "D7C", 0, "--tolerant", "--will-detach", True, 1 << 20),
    (4096, "D8C", 5, "--not-tolerant", "--no-will-detach", False, 200 << 10),
    (65535, "D7C", 5, "--not-tolerant", "--will-detach", True, 1 << 20),
    (65535, "D8C", 0, "--tolerant", "--no-will-detach", False, 1 << 20),
]


@pytest.mark.parametrize("transfer, model, poll, tolerant, detach, suffix, size",
                         KINDS)
def test_kind_of_module(plug, image, transfer, model, poll, tolerant, detach,
                        suffix, size):
    module = plug("--transfer-size", transfer, "--model", model,
                  "--poll", poll, tolerant, detach)
    assert module.read("model") == model
    new = image(size=size, model=model, suffix=suffix)
    module.flash(new)
    expect.done(module, new)
    assert module.states() == expect.STEPS


# Around a block, around the 64 KiB that the driver reads at a time, twice and three
# times that, and around the multiple of the block below that.
SIZES = [
    (4096, 1), (4096, 4095), (4096, 4096), (4096, 4097),
    (4096, 65535), (4096, 65536), (4096, 65537),
    (4096, 131071), (4096, 131072), (4096, 131073), (4096, 196609),
    (65535, 65535), (65535, 65536), (65535, 131070), (65535, 131071),
    (65535, 131072), (65535, 196606),
    (64, 3), (64, 63), (64, 65),
]


@pytest.mark.parametrize("transfer, size", SIZES)
def test_size(plug, image, transfer, size):
    module = plug("--start-in-dfu", "--no-verify", "--transfer-size", transfer)
    new = image(size=size, options=("--no-header",))
    module.flash(new)
    expect.done(module, new)


# A suffix is read from the end of the file, across two pieces if need be.
@pytest.mark.parametrize("size", [17, 255, 256, 4096 + 16, 65536 + 8, 65536 + 16,
                                  131072 + 8, 131072 + 16])
def test_size_with_suffix(plug, image, size):
    module = plug("--start-in-dfu", "--no-verify")
    new = image(size=size, suffix=True, options=("--no-header",))
    module.flash(new)
    expect.done(module, new)


@pytest.mark.slow
def test_block_numbers_wrap(plug, image):
    """They have 16 bits, and the simulator wants to see them in their order."""
    module = plug("--start-in-dfu", "--no-verify", "--transfer-size", 64)
    new = image(size=64 * 65536 + 10, options=("--no-header",))
    module.flash(new)
    expect.done(module, new, within=400)


def test_found_in_dfu_mode(plug, image):
    """A module that an update was broken off on, perhaps by another phone."""
    module = plug("--start-in-dfu")
    assert module.read("mode") == "dfu"
    assert module.read("firmware_version") == ""
    new = image()
    module.flash(new)
    expect.done(module, new)
    assert module.states() == [state for state in expect.STEPS
                               if state != "detaching"]


@pytest.mark.parametrize("option, app, dfu", [
    ("--no-serial", "", ""),
    ("--no-dfu-serial", "E2E0000", "E2E0000"),
])
def test_serial_number_is_optional(plug, image, option, app, dfu):
    module = plug(option)
    assert module.read("serial_number") == app
    new = image()
    module.flash(new)
    heard = module.until_state("downloading")
    assert (heard["mode"], heard["serial"]) == ("dfu", dfu)
    expect.done(module, new)
    assert module.read("serial_number") == app


def test_serial_number_is_learnt(plug, image):
    """Of a module that says it in application mode only."""
    module = plug("--start-in-dfu", "--no-dfu-serial")
    assert module.read("serial_number") == ""
    new = image()
    module.flash(new)
    expect.done(module, new)
    assert module.read("serial_number") == "E2E0000"


def panel_driver(module):
    """The driver of the panel's interface, or None if there is none."""
    try:
        return module.usb("driver", interface=0)
    except FileNotFoundError:
        return None


def test_panel_is_left(module):
    """To user space, since its protocol is not published."""
    assert module.interface == "1-1:1.1"
    assert panel_driver(module) is None


def test_no_panel(plug, image):
    module = plug("--no-panel")
    assert module.interface == "1-1:1.0"
    new = image()
    module.flash(new)
    expect.done(module, new)
    assert module.interface == "1-1:1.0"


def test_no_version_string(plug, image):
    """bcdDevice says 1.61 then, which is as good as 1.6.1."""
    module = plug("--no-version-string")
    assert module.read("firmware_version") == "1.11"
    new = image()
    module.flash(new)
    expect.done(module, new, shown="1.61")


def test_no_version_expected(module, image):
    """Without an expected version any will do."""
    new = image(version="2.3")
    module.flash(new, expect="")
    expect.done(module, new)


def test_same_version_again(module, image):
    for _ in range(2):
        new = image()
        module.flash(new)
        expect.done(module, new)


def test_new_id(sim, bound, image, driver):
    """A module with ids that the driver does not know, told to it by hand."""
    one = sim("--product-id", "abcd", "--dfu-product-id", "abce")
    driver.wait("idProduct=abcd", 10)
    for product in "abcd", "abce":
        guest.write(f"{guest.USB_DRIVER}/new_id", f"251c {product} fe")
    module = bound(one)
    assert module.read("model") == "D7C"
    new = image(suffix=True, options=("--suffix-product", "abcd"))
    module.flash(new)
    expect.done(module, new)
