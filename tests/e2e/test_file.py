# SPDX-License-Identifier: GPL-2.0-or-later
"""What happens to the file between the driver's first look at it and the last block:
what the module has then is nothing that anybody has checked, so it is not to run it.
"""
import errno
import os

import pytest

import expect
import guest

CHANGED = errno.EBADMSG, "the firmware file changed while it was sent"
UNREADABLE = errno.ENOENT, r"the firmware file uxmc/\S+ cannot be read \(error -2\)"


def changed(path):
    with open(path, "r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))


def shortened(path):
    os.truncate(path, os.path.getsize(path) // 2)


def cut_by_a_byte(path):
    os.truncate(path, os.path.getsize(path) - 1)


def lengthened(path):
    with open(path, "ab") as file:
        file.write(b"\0")


CASES = [(changed, *CHANGED), (shortened, *CHANGED), (cut_by_a_byte, *CHANGED),
         (lengthened, *CHANGED), (os.remove, *UNREADABLE)]


@pytest.mark.parametrize("harm, error, sentence", CASES,
                         ids=[case[0].__name__ for case in CASES])
def test_while_it_is_sent(plug, image, harm, error, sentence):
    # The last piece is read when the one before it is sent, 2.25 s after the first.
    module = plug("--transfer-size", 65535, "--poll", 250)
    new = image(size=640 << 10)
    module.flash(new)
    module.until_state("downloading")
    harm(f"{guest.FIRMWARE}/{new.name}")
    expect.failed(module, "downloading", error, sentence, within=10)
    assert not module.sim.matching("^verified")

    again = image(version="1.7.0")
    module.flash(again)
    expect.done(module, again)
