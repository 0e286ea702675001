# SPDX-License-Identifier: GPL-2.0-or-later
"""/dev/uxmcN: records of an update's states, for any number of readers."""
import contextlib
import ctypes
import errno
import grp
import mmap
import os
import select
import threading
import time

import pytest

import expect
import genl
import guest
from module import RECORD, Records

CLOCK_BOOTTIME = 7
URL = "http://pbx.example/snomD7C-1.6.1-r.bin"


libc = ctypes.CDLL(None, use_errno=True)


def read_to(file, address, size):
    """read(2) to that address; a negative errno where it fails."""
    done = libc.read(file, ctypes.c_void_p(address), ctypes.c_size_t(size))
    return done if done >= 0 else -ctypes.get_errno()


def events(file):
    """What poll(2) says of it now."""
    poller = select.poll()
    poller.register(file, select.POLLIN | select.POLLPRI)
    return dict(poller.poll(0)).get(file, 0)


def fail_in(call, *arguments):
    with pytest.raises(OSError) as refused:
        call(*arguments)
    return refused.value.errno


def change_states(module, count):
    """That many pairs of the states requested and failed."""
    for _ in range(count):
        module.client.request(module.number, URL)
        module.cancel()


def unplug(module):
    module.sim.unplug()
    module.until(lambda heard: heard["event"] == "removed", 8, "removed")


def test_first_record_is_the_current_state(module, image):
    with module.records() as records:
        assert records.read() == [("idle", 0, 0)]
        assert fail_in(records.read) == errno.EAGAIN
    new = image()
    module.flash(new)
    expect.done(module, new)
    with module.records() as records:
        assert records.read() == [("done", 0, 0)]


def test_states_of_an_update(module, image):
    """To several readers, whatever the size of their reads."""
    readers = [module.records() for _ in range(3)]
    new = image()
    module.flash(new)
    expect.done(module, new)
    wanted = ["idle", *expect.STEPS]
    assert readers[0].until("done", 5) == wanted
    assert [readers[1].read(1)[0][0] for _ in wanted] == wanted
    done = readers[2].read()
    assert [record[0] for record in done] == wanted
    assert dict((state, total) for state, _, total in done)["downloading"] == \
        len(new.sent)
    for reader in readers:
        assert fail_in(reader.read) == errno.EAGAIN
        reader.close()


def test_read_and_poll_as_it_goes(module, image):
    """Each record wakes the reader: the states come while the update runs."""
    with module.records() as records:
        new = image()
        module.flash(new)
        assert records.until("done", 20) == ["idle", *expect.STEPS]
        assert not events(records.file)
    expect.done(module, new)


def test_time(module):
    """Of the record, by the clock that goes on while the system sleeps."""
    with module.records() as records:
        records.read()
        before = time.clock_gettime_ns(CLOCK_BOOTTIME)
        module.client.request(module.number, URL)
        after = time.clock_gettime_ns(CLOCK_BOOTTIME)
        event, = records.events()
        assert before <= event["time"] <= after


def test_slow_reader_keeps_the_newest(module):
    with module.records() as records:
        change_states(module, 40)
        kept = records.read(100)
        assert len(kept) == 32
        assert [record[0] for record in kept] == ["requested", "failed"] * 16


def test_lost_records_are_counted(module):
    """By each reader for itself, while the numbers are the module's."""
    with module.records() as slow, module.records() as quick:
        begin = slow.events()[0]["sequence"]
        assert quick.events()[0]["sequence"] == begin
        change_states(module, 16)
        quick.read(100)
        change_states(module, 5)
        events = slow.events(100)
        assert [event["sequence"] - begin for event in events] == \
            list(range(11, 43))
        assert {event["lost"] for event in events} == {10}
        change_states(module, 1)
        assert [(event["sequence"] - begin, event["lost"])
                for event in slow.events()] == [(43, 10), (44, 10)]
        assert {event["lost"] for event in quick.events()} == {0}
        with module.records() as late:
            event, = late.events()
            assert (event["sequence"] - begin, event["lost"]) == (44, 0)


def test_read_into_a_bad_address_loses_nothing(module):
    with module.records() as records:
        records.read()
        change_states(module, 2)
        # Where there is nothing, and where only the first record fits
        assert read_to(records.file, 8, 1000) == -errno.EFAULT
        page = mmap.mmap(-1, 2 * mmap.PAGESIZE)
        begin = ctypes.addressof(ctypes.c_char.from_buffer(page))
        libc.mprotect(ctypes.c_void_p(begin + mmap.PAGESIZE),
                      ctypes.c_size_t(mmap.PAGESIZE), 0)
        end = begin + mmap.PAGESIZE
        assert read_to(records.file, end - 8, 1000) == -errno.EFAULT
        assert read_to(records.file, end - RECORD.size, 1000) == RECORD.size
        assert RECORD.unpack(page[mmap.PAGESIZE - RECORD.size:mmap.PAGESIZE])[5] == \
            genl.STATES.index("requested")
        assert [record[0] for record in records.read()] == \
            ["failed", "requested", "failed"]
        assert fail_in(records.read) == errno.EAGAIN


def test_readers_of_one_file(module):
    """Each record is read once, by one of them."""
    with Records(module.node, flags=0) as records:
        first = records.events()[0]["sequence"]
        numbers = []

        def read_all():
            with contextlib.suppress(OSError):
                while True:
                    numbers.append(records.events(1)[0]["sequence"])
        readers = [threading.Thread(target=read_all) for _ in range(4)]
        for reader in readers:
            reader.start()
        change_states(module, 15)
        guest.until(lambda: len(numbers) == 30, 10, "all records are read")
        unplug(module)
        for reader in readers:
            reader.join(10)
            assert not reader.is_alive()
    assert sorted(numbers) == list(range(first + 1, first + 31))


def test_blocking_read_waits(module):
    got = []
    with Records(module.node, flags=0) as records:
        records.read()
        reader = threading.Thread(target=lambda: got.extend(records.read()))
        reader.start()
        module.client.request(module.number, URL)
        reader.join(5)
        assert not reader.is_alive()
    assert got == [("requested", 0, 0)]


def test_short_buffer(module):
    with module.records() as records:
        assert fail_in(os.read, records.file, RECORD.size - 1) == errno.EINVAL
        # A read gives whole records only, and loses none.
        module.client.request(module.number, URL)
        assert len(os.read(records.file, 2 * RECORD.size - 1)) == RECORD.size
        assert records.read() == [("requested", 0, 0)]


def test_reading_only(module):
    file = os.open(module.node, os.O_RDWR)
    assert fail_in(os.write, file, b"x") == errno.EINVAL
    assert fail_in(os.lseek, file, 0, os.SEEK_SET) == errno.ESPIPE
    os.close(file)


def test_unplug(module):
    """What is queued can still be read; then it is the end."""
    with module.records() as records:
        records.read()
        assert not events(records.file)
        module.client.request(module.number, URL)
        assert events(records.file) == select.POLLIN
        unplug(module)
        assert events(records.file) == \
            select.POLLIN | select.POLLHUP | select.POLLERR
        assert [record[0] for record in records.read()] == ["requested", "failed"]
        assert fail_in(records.read) == errno.ENODEV
        assert events(records.file) == select.POLLHUP | select.POLLERR


def test_unplug_ends_a_blocking_read(module):
    failures = []
    with Records(module.node, flags=0) as records:
        records.read()
        reader = threading.Thread(
            target=lambda: failures.append(fail_in(records.read)))
        reader.start()
        unplug(module)
        reader.join(5)
        assert not reader.is_alive()
    assert failures == [errno.ENODEV]


def test_open_after_unplug(module):
    """Not even by a node that somebody kept."""
    status = os.stat(module.node)
    kept = "/tmp/uxmc-node"
    os.mknod(kept, 0o600 | 0o020000, status.st_rdev)
    try:
        with module.records():
            unplug(module)
            assert fail_in(os.open, kept, os.O_RDONLY) in (errno.ENXIO,
                                                           errno.ENODEV)
    finally:
        os.unlink(kept)


def test_old_reader_of_a_number_used_again(plug):
    """It belongs to the module that has gone, not to the one that has come."""
    module = plug()
    with module.records() as records:
        records.read()
        unplug(module)
        other = plug(port=1)
        assert other.number == module.number
        other.client.request(other.number, URL)
        assert fail_in(records.read) == errno.ENODEV
        with other.records() as others:
            assert others.read() == [("requested", 0, 0)]


def test_node_in_dev(udev, module):
    """udev gives it to the people at the machine, and to nobody else."""
    wanted = (0o660, grp.getgrnam("plugdev").gr_gid)

    def rights():
        status = os.stat(module.node)
        return (status.st_mode & 0o777, status.st_gid)
    guest.until(lambda: rights() == wanted, 10, f"{module.node} is {wanted}")
