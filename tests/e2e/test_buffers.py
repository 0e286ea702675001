# SPDX-License-Identifier: GPL-2.0-or-later
"""The memory that blocks are sent from stays until the host controller has given
every block back, whatever ends the update.
"""
import errno

import pytest

import expect
import guest
from kmem import KernelMemory
from usbmon import DNLOAD, Usbmon

PIECE = 65536   # what the driver reads at a time, and sends blocks from
BLOCK = 5


def unbind(module):
    guest.tell_driver("unbind", module.interface)


def unplug(module):
    module.sim.unplug()


def give_up(module):
    module.until_state("failed", within=20)


# What ends it, with a block that is never answered, and one whose status alone is.
@pytest.mark.parametrize("end", [unbind, unplug, give_up])
@pytest.mark.parametrize("fault", ["hang", "no-answer"])
def test_memory_outlives_its_transfers(plug, image, fault, end):
    module = plug("--fault", f"{fault}:{BLOCK}")
    memory = KernelMemory("uxmc")
    with Usbmon(module) as monitor:
        module.flash(image())
        module.sim.wait(f"^fault {fault}$", 10)
        end(module)
        if end is not give_up:
            give_up(module)
        back = []
        for kind, request, _, at in monitor.requests(
                lambda event: event[:2] == ("C", DNLOAD) and len(back) > BLOCK):
            if (kind, request) == ("C", DNLOAD):
                back.append(at)
    freed = list(memory.freed(PIECE))
    memory.stop()
    assert len(back) == BLOCK + 1
    assert len(freed) == 2
    assert min(freed) >= max(back)


def test_status_without_its_block(plug, image):
    """It fails as a block that is not answered does, and leaves nothing behind."""
    module = plug("--fault", f"no-answer:{BLOCK}")
    module.flash(image())
    expect.failed(module, "downloading", errno.ETIMEDOUT,
                  "the module did not answer DFU_DNLOAD within "
                  f"{guest.PARAMETERS['ctrl_timeout']} ms, [0-9]+ bytes into the image",
                  within=20)
    expect.updates(module, image)
