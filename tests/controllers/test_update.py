# SPDX-License-Identifier: GPL-2.0-or-later
"""Updates that go well: all kinds of modules, on each controller."""
import pytest

import expect
import states

WHOLE = 35708675        # bytes of a real image

# Each value of each column meets each value of each other one.
KINDS = [
    # wTransferSize, model, poll, tolerant, will-detach, suffix, bytes
    (64, "D7C", 0, "--not-tolerant", "--will-detach", False, 10 << 10),
    (64, "D8C", 5, "--tolerant", "--no-will-detach", True, 5 << 10),
    (1024, "D7C", 5, "--tolerant", "--will-detach", True, 50 << 10),
    (1024, "D8C", 0, "--not-tolerant", "--no-will-detach", False, 100 << 10),
    (4096, "D7C", 0, "--tolerant", "--no-will-detach", False, 200 << 10),
    (4096, "D8C", 5, "--not-tolerant", "--will-detach", True, 200 << 10),
]


def update(module, new, within=20):
    module.flash(new)
    expect.done(module, new, within=within)
    assert module.states() == expect.STEPS


@pytest.mark.parametrize("transfer, model, poll, tolerant, detach, suffix, size",
                         KINDS)
def test_kind_of_module(plug, image, transfer, model, poll, tolerant, detach,
                        suffix, size):
    module = plug("--transfer-size", transfer, "--model", model,
                  "--poll", poll, tolerant, detach)
    assert module.read("model") == model
    update(module, image(size=size, model=model, suffix=suffix))


@pytest.mark.parametrize("transfer, tolerant, detach", [
    (4097, "--tolerant", "--will-detach"),
    (16385, "--not-tolerant", "--no-will-detach"),
    (65535, "--tolerant", "--no-will-detach"),
    (65535, "--not-tolerant", "--will-detach"),
])
def test_blocks_that_are_too_large(plug, image, transfer, tolerant, detach):
    """ehci-hcd refuses control transfers above 16384 bytes, and QEMU stalls those
    above 4096 on all controllers: what cannot be sent in one block is sent in smaller
    ones, and the module sees none of it but an image that is right.
    """
    module = plug("--transfer-size", transfer, tolerant, detach)
    update(module, image(size=300 << 10))


def test_whole_image(plug, image):
    """One of the real size."""
    module = plug()
    update(module, image(size=WHOLE), within=240)


def test_found_in_dfu_mode(plug, image):
    module = plug("--start-in-dfu")
    assert module.read("mode") == "dfu"
    new = image()
    module.flash(new)
    expect.done(module, new)
    assert module.states() == [state for state in expect.STEPS
                               if state != "detaching"]


def test_again_and_again(plug, image):
    """What an update leaves behind on a controller is no matter to the next one."""
    module = plug("--no-will-detach")
    for version in "1.6.1", "1.7.0":
        update(module, image(size=50 << 10, version=version))


def test_two_at_once(plug, image):
    """On one bus, in blocks of different sizes."""
    modules = [plug("--poll", 5),
               plug("--model", "D8C", "--transfer-size", 1024, port=1)]
    images = [image(), image(model="D8C", version="1.5.3")]
    for module, new in zip(modules, images):
        module.flash(new)
    for module, new in zip(modules, images):
        expect.done(module, new)
        assert module.states() == expect.STEPS


def test_another_module_comes_and_goes(plug):
    """Its enumeration and the update use the bus at the same time."""
    module = plug("--poll", 100)    # with which it takes longer than plugging in
    new = states.bring_to(module, "downloading")
    other = plug(port=1)
    assert other.agreed()["state"] == "idle"
    assert module.state == "downloading"
    other.sim.unplug()
    expect.done(module, new)
