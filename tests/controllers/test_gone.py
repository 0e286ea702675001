# SPDX-License-Identifier: GPL-2.0-or-later
"""Modules that go, in each state of an update, and faults that have a controller give
up a transfer: as with vhci-hcd, whose tests these are.
"""
import pytest

import expect
import test_faults
# pylint: disable=unused-import
from test_buffers import test_memory_outlives_its_transfers, test_status_without_its_block
from test_unplug import LEFT, QUICK, test_cable_pulled, test_unplug, test_unplug_at_rest

# A block that hangs is taken back from the controller; others are stalls and short
# answers, which each controller tells of in its own way.
FAULTS = [case for case in test_faults.STAYS
          if case[0] in ("stall:7", "status-short", "hang:7", "hang-detach")]


@pytest.mark.parametrize("fault, phase, error, within, sentence", FAULTS,
                         ids=[case[0] for case in FAULTS])
def test_fault(plug, image, fault, phase, error, within, sentence):
    test_faults.test_module_stays(plug, image, fault, phase, error, within, sentence)


def test_unplug_while_a_block_hangs(plug, image):
    """The transfer that is with the controller then ends with the module."""
    module = plug("--fault", "hang:7")
    module.flash(image())
    module.sim.wait("^fault hang$", 15)
    module.sim.unplug()
    expect.failed_and_gone(module, "downloading", *LEFT, within=8)
    del module.sim.options[-2:]
    module.sim.start()
    expect.replugged(module)
    new = image()
    module.flash(new)
    expect.done(module, new)


@pytest.mark.parametrize("moment", range(2))
def test_unplug_at_speed(plug, image, moment):
    """With no waits: blocks are with the controller all the time."""
    module = plug()
    new = image(size=4 << 20)
    module.flash(new)
    module.until(lambda heard: heard["state"] == "downloading" and
                 heard["done"] > moment * (512 << 10), 20, "in mid-download")
    module.sim.kill()
    expect.failed_and_gone(module, "downloading", *LEFT, within=8)
    module.sim.options += QUICK
    module.sim.start()
    expect.replugged(module)
    expect.updates(module, image)
