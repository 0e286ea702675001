# SPDX-License-Identifier: GPL-2.0-or-later
"""What happens to the file between the driver's first look at it and the last block:
what the module has then is nothing that anybody has checked, so it is not to run it.
"""
import errno
import os
import socket
import stat

import pytest

import expect
import guest

CHANGED = errno.EBADMSG, "the firmware file changed while it was sent"
UNREADABLE = errno.ENOENT, r"the firmware file uxmc/\S+ cannot be read \(error -2\)"


def changed(data):
    return data[:-1] + bytes([data[-1] ^ 1])


def shortened(data):
    return data[:len(data) // 2]


def cut_by_a_byte(data):
    return data[:-1]


def lengthened(data):
    return data + b"\0"


def removed(_):
    return None


def replace(path, data):
    """A file that the kernel reads just now cannot be written to."""
    if data is None:
        os.remove(path)
        return
    with open(f"{path}.new", "wb") as file:
        file.write(data)
    os.rename(f"{path}.new", path)


CASES = [(changed, *CHANGED), (shortened, *CHANGED), (cut_by_a_byte, *CHANGED),
         (lengthened, *CHANGED), (removed, *UNREADABLE)]


@pytest.mark.parametrize("harm, error, sentence", CASES,
                         ids=[case[0].__name__ for case in CASES])
def test_while_it_is_sent(plug, image, harm, error, sentence):
    # The last piece is read when the one before it is sent, 2.25 s after the first.
    module = plug("--transfer-size", 65535, "--poll", 250)
    new = image(size=640 << 10)
    module.flash(new)
    module.until_state("downloading")
    replace(f"{guest.FIRMWARE}/{new.name}", harm(new.data))
    expect.failed(module, "downloading", error, sentence, within=10)
    assert not module.sim.matching("^verified")

    expect.updates(module, image)


def fifo(path):
    os.mkfifo(path)


def directory(path):
    os.mkdir(path)


def link(path):
    os.symlink("/etc/passwd", path)


def dangling_link(path):
    os.symlink("nowhere", path)


def device(path):
    os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))


def unix_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path)


KINDS = [(fifo, "a FIFO"), (directory, "a directory"), (link, "a symbolic link"),
         (dangling_link, "a symbolic link"), (device, "a device or a socket"),
         (unix_socket, "a device or a socket")]


@pytest.mark.parametrize("make, kind", KINDS, ids=[case[0].__name__ for case in KINDS])
def test_no_regular_file(plug, image, make, kind):
    """It is not opened, not followed and not waited for."""
    module = plug()
    make(f"{guest.FIRMWARE}/odd")
    module.begin()
    module.client.flash(module.number, "odd")
    expect.failed(module, "verifying", errno.EINVAL,
                  f"the firmware file uxmc/odd is {kind}, not a regular file", within=4)
    new = image()
    module.flash(new)
    expect.done(module, new)


def test_becomes_none_before_it_is_sent(plug, image):
    module = plug("--reboot-ms", 1000)
    new = image()
    module.flash(new)
    module.until(lambda heard: heard["away"], 10, "detaching")
    os.remove(f"{guest.FIRMWARE}/{new.name}")
    os.mkfifo(f"{guest.FIRMWARE}/{new.name}")
    expect.failed(module, "downloading", errno.EINVAL,
                  r"the firmware file uxmc/\S+ is a FIFO, not a regular file", within=8)
