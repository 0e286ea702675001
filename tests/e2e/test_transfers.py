# SPDX-License-Identifier: GPL-2.0-or-later
"""What the driver puts on the bus, as the kernel's usbmon sees it."""
import pytest

import expect
from usbmon import DNLOAD, GETSTATUS, Usbmon

@pytest.fixture
def traffic(plug, image):
    """The DFU requests of an update, up to the answer to the DNLOAD without data."""
    def run(*options, size):
        module = plug("--start-in-dfu", "--no-verify", *options)
        new = image(size=size, options=("--no-header",))
        with Usbmon(module) as monitor:
            module.flash(new)
            events = list(monitor.requests(
                lambda event: event[:3] == ("C", DNLOAD, 0)))
        expect.done(module, new)
        return events
    return run


def test_status_is_queued_behind_its_block(traffic):
    """The bus is not left alone between the two."""
    events = [event[:3] for event in traffic("--transfer-size", 4096, size=10000)]
    begin = events.index(("S", DNLOAD, 4096))
    for length in (4096, 4096, 10000 - 2 * 4096):
        assert events[begin:begin + 4] == [
            ("S", DNLOAD, length), ("S", GETSTATUS, 6),
            ("C", DNLOAD, length), ("C", GETSTATUS, 6)]
        begin += 4


@pytest.mark.parametrize("transfer", [64, 4097, 65535])
def test_blocks_are_as_large_as_they_may_be(traffic, transfer):
    size = min(2 * transfer + transfer // 2, 131072 + 1)
    events = traffic("--transfer-size", transfer, size=max(size, 3))
    lengths = [length for kind, request, length, _ in events
               if (kind, request) == ("S", DNLOAD)]
    assert set(lengths[:-2]) == {transfer}
    assert sum(lengths) == max(size, 3)


@pytest.mark.parametrize("poll", [1, 5])
def test_poll_timeout(traffic, poll):
    """It counts from the status that has it; and zero is no wait at all."""
    events = traffic("--transfer-size", 1024, "--poll", poll, size=6 * 1024)
    waits = []
    for (_, before, _, answered), (kind, request, _, asked) in zip(events, events[1:]):
        if (before, kind, request) == (GETSTATUS, "S", GETSTATUS):
            waits.append(asked - answered)
    assert len(waits) == 6
    assert min(waits) >= poll * 1000
