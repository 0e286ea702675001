# SPDX-License-Identifier: GPL-2.0-or-later
"""A block that the module never answers is with the host controller until its URB is
given back: its memory is not to be freed before that, whoever goes meanwhile.
uxmc-debug.ko sees to it, and says so in the kernel's log, which fails the test.

tests/debug/run runs this with a driver that does it wrong, too.
"""
import errno

import pytest

import expect
import guest
from dfu_device import DNLOAD, DfuDevice
from seeds import generator


def test_unbind_with_a_block_unanswered(plug, image):
    module = plug("--fault", "hang:5")
    module.flash(image())
    module.sim.wait("^fault hang$", 20)
    guest.tell_driver("unbind", module.interface)
    expect.failed_and_gone(module, "downloading", errno.ENODEV,
                           "the driver was unbound from the module.*", within=30)


def test_unplug_with_a_block_unanswered(plug, image):
    module = plug("--fault", "hang:5")
    module.flash(image())
    module.sim.wait("^fault hang$", 20)
    module.sim.kill()
    expect.failed_and_gone(module, "downloading", errno.ENODEV,
                           "the module left the bus.*", within=30)


class Forgetful(DfuDevice):
    """It never answers its third block, but says that it has written it."""

    out_of_order = True
    blocks = 0

    def _class(self, setup):
        answer = super()._class(setup)
        self.blocks += setup.request == DNLOAD
        return None if setup.request == DNLOAD and self.blocks == 3 else answer


class Late(Forgetful):
    """It takes its third block when the status behind it is taken back, as hardware
    does that goes on with what is left of a queue.
    """

    out_of_order = False
    held = True

    def _class(self, setup):
        if self.held and setup.request == DNLOAD and self.blocks == 2:
            return None
        return super()._class(setup)

    def _unlink(self, connection, waiting, head):
        if len(waiting) == 2 and waiting[1][0] == head[5]:
            status = waiting.pop()
            self.held, self.blocks = False, 3
            self._answer(connection, waiting)
            waiting.append(status)
        super()._unlink(connection, waiting, head)


# The end of the one says nothing of the other; and what a block does after its time
# does not make the status guilty.
@pytest.mark.parametrize("kind", [Forgetful, Late])
def test_block_unanswered(client, monitor, kind):
    with kind(0, generator("forgetful")) as device:
        device.size, device.poll = 1024, 0
        device.right = bytes(8192), "1.6.1"
        device.start(dfu=True)
        device.plug()
        number = expect.added(monitor)["module"]
        with open(f"{guest.FIRMWARE}/snomD7C-1.6.1-r.bin", "wb") as file:
            file.write(device.right[0])
        client.flash(number, "snomD7C-1.6.1-r.bin")
        heard = monitor.wait(lambda heard: heard["state"] in ("done", "failed"), 30)
        assert heard and heard["state"] == "failed", heard
        expect.message(heard["message"], "downloading",
                       "the module did not answer DFU_DNLOAD within .*")
    assert not device.error, device.error
