# SPDX-License-Identifier: GPL-2.0-or-later
"""A full disk: the state directory is a file system of its own, and a small one."""
import errno
import os
import subprocess

import pytest

import guest
import uxmcd
from bench import SETTING, refused
from httpd import Answer
from provisioning import POLICY, Phone, entry, settings_file

ROOM = 256 << 10
NEEDED = "[0-9]+ bytes are needed, [0-9]+ are free"


@pytest.fixture(scope="module")
def small_disk(bench_of_file):
    """Mounted over the usual one; /lib/firmware/uxmc leads there by its path."""
    bench_of_file.uxmcd.stop()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs",
                    guest.STATE], check=True)
    os.mkdir(uxmcd.IMAGES)
    uxmcd.store_setting(SETTING)
    bench_of_file.uxmcd.start()
    yield
    bench_of_file.uxmcd.stop()
    subprocess.run(["umount", guest.STATE], check=True)
    bench_of_file.uxmcd.start()


@pytest.fixture(autouse=True)
def setting(small_disk, bench):
    bench.set(SETTING)


BALLAST = f"{guest.STATE}/ballast"


def fill():
    """Not even a journal fits any more."""
    file = os.open(BALLAST, os.O_WRONLY | os.O_CREAT)
    try:
        with pytest.raises(OSError) as caught:
            while True:
                os.write(file, bytes(4096))
        assert caught.value.errno == errno.ENOSPC
    finally:
        os.close(file)


@pytest.fixture
def filled(bench):
    fill()
    yield
    os.unlink(BALLAST)


def test_announced_image_that_does_not_fit(bench, image):
    """None of it is fetched."""
    large = image(size=ROOM + 10000)
    bench.ask(bench.serve(large, Answer(large.data, hold_after=0)))
    bench.failed("fetching", errno.ENOSPC,
                 f"not enough space in /var/lib/uxmcd: {NEEDED}")
    assert len(bench.server.requests) == 1


def test_image_of_unknown_size_fills_it(bench, image):
    large = image(size=ROOM + 10000)
    bench.ask(bench.serve(large, Answer(large.data, chunked=True)))
    bench.failed("fetching", errno.ENOSPC,
                 "the (image|journal) cannot be (stored|written): No space "
                 "left on device")
    assert len(bench.server.requests) == 1


def test_file_that_does_not_fit(bench, image):
    large = image(size=ROOM + 10000)
    sentence = f"not enough space in /var/lib/uxmcd: {NEEDED}"
    refused(bench.ctl("update", large.path), 1, sentence)
    bench.failed("(requested|fetching)", errno.ENOSPC, sentence)


def test_no_room_for_the_journal(bench, image, filled):
    """What could not be brought to its end after a crash is not begun."""
    bench.ask(bench.serve(image(size=70000)))
    bench.failed("requested", errno.ENOSPC,
                 "the journal cannot be written: No space left on device")
    assert not bench.server.requests


def test_no_room_for_the_setting(bench, filled):
    """What was there stays."""
    answer = bench.uxmcd.ask(f"set firmware_uxm {SETTING}?a={'a' * 1500}")
    assert answer[:2] == (1, "not-stored")
    assert "No space left on device" in answer[2]
    assert uxmcd.setting() == SETTING
    assert bench.module.read("firmware_uxm") == SETTING


def test_fills_up_while_the_module_is_flashed(bench, image):
    """The image makes room for the setting, once it is no longer needed."""
    new = image(size=150000)
    bench.replace("--manifest-ms", 300)
    url = bench.serve(new)
    bench.ask(url)
    bench.module.until_state("downloading")
    fill()
    try:
        bench.finished(new, url)
    finally:
        os.unlink(BALLAST)


def test_no_room_for_what_is_provisioned(bench):
    """It is not in force either, but known: the server need not send it again,
    and if it goes back to what was there before, that counts.
    """
    phone = Phone(bench)
    old, new = (Answer(settings_file(
        entry(POLICY, policy), entry("firmware_status", url)), etag=tag,
        conditional=True) for policy, url, tag in (
            ("settings_only", "http://pbx.invalid/", '"1"'),
            ("never_update", f"http://pbx.invalid/{'a' * 1500}", '"2"')))
    phone.set("setting_server", phone.serve("/settings.xml", old))
    assert phone.check().steps["setting_server"][0] == "ok"
    before = phone.settings()
    fill()
    try:
        phone.serve("/settings.xml", new)
        look = phone.check()
        assert look.steps["setting_server"] == (
            "no", "the settings in it cannot be stored: No space left on device")
        assert phone.settings() == before
    finally:
        os.unlink(BALLAST)
    phone.serve("/settings.xml", old)
    assert phone.check().steps["setting_server"][0] == "ok"
    assert phone.settings() == before
    phone.serve("/settings.xml", new)
    phone.check()
    assert phone.get(POLICY)[0] == "never_update"
    for name in ("setting_server", "firmware_status", POLICY):
        assert phone.ask(f"clear {name}")[0] == 0


def test_good_after_that(bench, image):
    bench.update(image(size=150000))
