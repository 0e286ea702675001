# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel, which user space has while the driver has the module: its bulk and its
interrupt endpoint, on the controllers. Two are tests of vhci-hcd's.
"""
import pytest

from test_panel import test_panel_belongs_to_user_space as panel_test
# pylint: disable=unused-import
from test_panel import test_update_with_the_panel_in_use
from usbfs import Panel


# QEMU's ehci and uhci lose keys: what usbredir has sent before the kernel reads from
# the endpoint again is thrown away.
@pytest.mark.parametrize("controller", ["xhci"], indirect=True)
def test_panel_belongs_to_user_space(module):
    panel_test(module)


def test_labels(module):
    with Panel(0xd7c0) as panel:
        for length in (1, 63, 64, 65, 511, 512, 513, 4096):
            assert panel.write(bytes(length)) == length
    assert module.agreed()["mode"] == "application"
