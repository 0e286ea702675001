# SPDX-License-Identifier: GPL-2.0-or-later
"""How large a block an update begins with, where the module takes all that there are.
tests/controllers/run has a guest without and one with bounce buffers.
"""
import expect
from usbmon import DNLOAD, Usbmon

PAGE = 4096


def bounces():
    """Does all DMA go through swiotlb, whose buffers are aligned to a page only?"""
    with open("/proc/cmdline") as file:
        return "swiotlb=force" in file.read().split()


def test_first_block(plug, image, controller):
    """No data stage crosses a 64 KiB boundary (xHCI 1.2 section 6.4.1), and at full
    speed none is longer than a page. (What ehci-hcd and QEMU do not take comes back.)
    """
    module = plug("--start-in-dfu", "--transfer-size", 65535)
    new = image(size=300 << 10)
    with Usbmon(module) as monitor:
        module.flash(new)
        *_, (_, _, length, _) = monitor.requests(lambda event: event[1] == DNLOAD)
    assert length == (PAGE if bounces() or controller == "uhci" else 65535)
    expect.done(module, new)
