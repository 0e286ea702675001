# SPDX-License-Identifier: GPL-2.0-or-later
"""The panel's protocol is not published, so that the driver leaves the panel to user
space: a program has its interface and endpoints while the driver has the module.
"""
import errno
import os
import threading

import pytest

import expect
import states
from usbfs import Panel


def press(panel, number):
    """What the module says when the key with that label is pressed."""
    label = bytes([number]) + b"Reception"
    assert panel.write(label) == len(label)
    return panel.read()


def key_event(number):
    return bytes([number]) + bytes(7)


def fail_in(call, *arguments):
    with pytest.raises(OSError) as refused:
        call(*arguments)
    return refused.value.errno


def test_panel_belongs_to_user_space(module):
    """No other process gets it then, and the driver keeps what is its own."""
    interface = module.interface
    with Panel(0xd7c0) as panel:
        assert module.usb("driver", 0) == "usbfs"
        assert os.path.basename(os.readlink(f"{module.path}/device")) == interface
        assert fail_in(panel.read, 200) == errno.ETIMEDOUT
        for number in range(1, 40):
            assert press(panel, number) == key_event(number)
        assert fail_in(Panel, 0xd7c0) == errno.EBUSY
        assert module.agreed()["mode"] == "application"
    with Panel(0xd7c0) as panel:
        assert press(panel, 1) == key_event(1)


@pytest.mark.parametrize("state", ["requested", "fetching", "verifying"])
def test_panel_during_an_update(module, state):
    """Up to the moment in which the module goes into DFU mode."""
    with Panel(0xd7c0) as panel:
        states.bring_to(module, state)
        for number in range(1, 20):
            assert press(panel, number) == key_event(number)
        assert module.state == state
        module.cancel()
        expect.failed(module, state, errno.ECANCELED, "cancelled", within=5)
        assert press(panel, 1) == key_event(1)


def test_update_with_the_panel_in_use(module, image):
    """A program that waits for a key hears that the module has gone, and that is no
    hindrance to the update; afterwards it begins anew.
    """
    ends = []

    def wait_for_keys(panel):
        try:
            while True:
                panel.read(10000)
        except OSError as err:
            ends.append(err.errno)

    new = image()
    with Panel(0xd7c0) as panel:
        waiter = threading.Thread(target=wait_for_keys, args=(panel,))
        waiter.start()
        module.flash(new)
        expect.done(module, new)
        waiter.join(10)
        assert not waiter.is_alive()
        # What the transfer ends with is the controller's to say.
        assert ends[0] in (errno.ENODEV, errno.ESHUTDOWN, errno.EPROTO,
                           errno.EILSEQ, errno.ECONNRESET, errno.ENOENT)
        assert fail_in(panel.write, b"1") == errno.ENODEV
    with Panel(0xd7c0) as panel:
        assert press(panel, 7) == key_event(7)
