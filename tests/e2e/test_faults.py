# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be wrong with a module: each ends, in time, in a failure that says
what it was, and the module can be updated afterwards.

The driver's timeouts are those of guest.PARAMETERS; each case says within how
many seconds it has to end, which leaves some for a slow machine.
"""
import errno

import pytest

import expect
import guest

BYTES = "[0-9]+ bytes into the image"


# What the module says or does, while it stays on the bus: it is left in DFU
# mode, or in application mode, and the next update takes it from there.
STAYS = [
    ("stall:7", "downloading", errno.EPROTO, 8,
     "the module reports errSTALLEDPKT in state dfuERROR, 28672 bytes into the image"),
    ("status-error:7", "downloading", errno.EPROTO, 8,
     f"the module reports errWRITE in state dfuERROR, {BYTES}"),
    ("status-short", "downloading", errno.EPROTO, 8,
     f"the module's answer to DFU_GETSTATUS is too short, {BYTES}"),
    ("status-lie", "downloading", errno.EPROTO, 8,
     f"the module is in the wrong state, dfuUPLOAD-IDLE, {BYTES}"),
    ("hang:7", "downloading", errno.ETIMEDOUT, 15,
     f"the module did not answer DFU_DNLOAD within 5000 ms, {BYTES}"),
    ("hang-detach", "detaching", errno.ETIMEDOUT, 15,
     "the module did not answer DFU_DETACH within 5000 ms"),
    ("manifest-error", "manifesting", errno.EPROTO, 5,
     "the module reports errPROG in state dfuERROR"),
    ("old-version", "rebooting", errno.EREMOTEIO, 8,
     "the module came back with version 1.1.1, not 1.6.1"),
    ("back-in-dfu", "rebooting", errno.EREMOTEIO, 8,
     "the module came back in DFU mode: .*"),
]


@pytest.mark.parametrize("fault, phase, error, within, sentence", STAYS,
                         ids=[case[0] for case in STAYS])
def test_module_stays(plug, image, fault, phase, error, within, sentence):
    module = plug("--fault", fault)
    module.flash(image())
    expect.failed(module, phase, error, sentence, within)
    module.sim.wait(f"^fault {fault.split(':')[0]}$", 5)
    expect.updates(module, image)


# Descriptors that no update can be made with, a module that refuses what it says
# it takes, or is busy for ever: it is sound again once it is plugged in anew.
REPLUG = [
    ("zero-transfer-size", "detaching", errno.EINVAL,
     "the module's DFU functional descriptor has a wTransferSize of 0"),
    ("bad-descriptor", "detaching", errno.EINVAL,
     "the module's DFU functional descriptor is too short"),
    ("bad-descriptor-dfu", "downloading", errno.EINVAL,
     "the module's DFU functional descriptor is too short"),
    ("poll-forever", "downloading", errno.ETIMEDOUT,
     "the module is still in dfuDNBUSY after 3000 ms, 0 bytes into the image"),
    ("huge-poll", "downloading", errno.ETIMEDOUT,
     "the module is still in dfuDNBUSY after 3000 ms, 0 bytes into the image"),
]


@pytest.mark.parametrize("fault, phase, error, sentence", REPLUG,
                         ids=[case[0] for case in REPLUG])
def test_replug(plug, image, fault, phase, error, sentence):
    module = plug("--fault", fault)
    module.flash(image())
    expect.failed(module, phase, error, sentence, within=8)
    module.sim.replug()
    expect.replugged(module)
    expect.updates(module, image)


# What a module does not take in one transfer it gets in smaller ones.
@pytest.mark.parametrize("fault, blocks", [
    ("huge-transfer-size", 50), ("stall:0", 200)])
def test_smaller_blocks(plug, image, fault, blocks):
    module = plug("--fault", fault)
    new = image()
    module.flash(new)
    expect.done(module, new)
    module.sim.wait(f"^took [0-9]+ us, {blocks} blocks", 1)


# A module that is gone: uxmcN goes with it, and what happened shows when the
# module is plugged in again.
GONE = [
    (["vanish:0"], "downloading", errno.ENODEV,
     "the module left the bus, 0 bytes into the image"),
    (["vanish:7"], "downloading", errno.ENODEV,
     "the module left the bus, 28672 bytes into the image"),
    (["no-return-dfu"], "detaching", errno.ETIMEDOUT,
     "the module did not come back within 4000 ms; .*"),
    (["no-return-dfu", "--no-will-detach"], "detaching", errno.ETIMEDOUT,
     "the module did not come back within 4000 ms; .*"),
    (["no-return"], "rebooting", errno.ETIMEDOUT,
     "the module did not come back within 4000 ms; .*"),
    (["no-return", "--no-will-detach"], "rebooting", errno.ETIMEDOUT,
     "the module did not come back within 4000 ms; .*"),
    (["no-return", "--tolerant"], "rebooting", errno.ETIMEDOUT,
     "the module did not come back within 4000 ms; .*"),
]


@pytest.mark.parametrize("fault, phase, error, sentence", GONE,
                         ids=[" ".join(case[0]) for case in GONE])
def test_module_gone(plug, image, fault, phase, error, sentence):
    guest.set_parameter("reboot_timeout", 4000)
    module = plug("--fault", *fault)
    module.flash(image())
    end = expect.failed_and_gone(module, phase, error, sentence, within=20)

    guest.set_parameter("reboot_timeout", guest.PARAMETERS["reboot_timeout"])
    module.sim.replug()
    expect.replugged(module)
    expect.still_failed(module, end)
    expect.updates(module, image)


# Another module where the one that is being updated should be.
OTHER = [
    ("other-serial", "detaching"),
    ("other-serial-app", "rebooting"),
]


@pytest.mark.parametrize("fault, phase", OTHER, ids=[case[0] for case in OTHER])
def test_other_module(plug, image, client, fault, phase):
    module = plug("--fault", fault)
    module.flash(image())
    end = expect.failed_and_gone(
        module, phase, errno.EREMOTEIO,
        "another module came back on port 1-1; .*", within=8)
    other, = client.dump()
    assert (other["serial"], other["state"]) == ("OTHER0001", "idle")
    assert other["module"] != module.number

    module.sim.replug()
    expect.replugged(module)
    expect.still_failed(module, end)
    expect.updates(module, image)
