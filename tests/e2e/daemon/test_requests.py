# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that meet each other, uxmcd that is there or is not, and clients of
its control socket that do not behave.
"""
import errno
import grp
import os
import socket
import struct
import subprocess

import pytest

import expect
import guest
import uxmcd
from bench import SETTING, refused
from httpd import Answer, Gate
from module import run_uxmcctl

BUSY = "an update is under way: wait for it, or cancel it"


@pytest.fixture
def new(image):
    return image(size=70000)


@pytest.fixture
def held(bench, new):
    """An update that waits for its server until the gate is opened."""
    gate = Gate()
    url = bench.serve(new, Answer(new.data, hold_after=1000, gate=gate))
    bench.ask(url)
    bench.module.until_state("fetching")
    yield gate
    gate.set()
    bench.done(new, url)


def other_url(bench):
    return bench.server.route("/snomD7C-9.9.9-r.bin", Answer(bytes(70000)))


def test_password_in_the_url(bench, new):
    """uxmcd has it from the driver and gives it to the server; others see none."""
    url = bench.serve(new).replace("http://", "http://phone:s3cr3t@")
    shown = url.replace("phone:s3cr3t", "***")
    bench.ask(url)
    end = bench.module.until(
        lambda heard: heard["state"] == "failed" or
        heard["state"] == "done" and heard["firmware_uxm"] == shown,
        20, "done with the setting shown")
    assert end["state"] == "done", expect.told(end)
    assert bench.server.requests[-1].headers["authorization"].startswith("Basic ")
    assert bench.module.read("firmware_uxm") == shown
    assert bench.client.get(bench.module.number)["firmware_uxm"] == url
    assert uxmcd.setting() == url
    bench.set(SETTING)


def test_unplugged_with_a_password_in_the_url(bench, new):
    """What is told of a module that has gone has no password in it: the update is
    the same one all the same.
    """
    url = bench.serve(new, Answer(new.data, hold_after=1000, gate=Gate()))
    bench.ask(url.replace("http://", "http://phone:s3cr3t@"))
    bench.module.until_state("fetching")
    bench.unplug(bench.module)
    guest.until(lambda: "unplugged" in bench.ctl("log").stdout.splitlines()[-1],
                10, "the log says that it was unplugged")
    bench.replace()


# Two at once: the first one goes on, and is not disturbed.
def test_sysfs_and_sysfs(bench, held):
    same = bench.client.get(bench.module.number)["url"]
    for url in (other_url(bench), same):
        with pytest.raises(OSError) as caught:
            bench.module.write("firmware_uxm", url)
        assert caught.value.errno == errno.EBUSY


def test_sysfs_and_uxmcctl(bench, held, new):
    refused(bench.ctl("update", other_url(bench)), 6, BUSY)
    refused(bench.ctl("update", new.path), 6, BUSY)


def test_two_uxmcctl(bench, new):
    gate = Gate()
    url = bench.serve(new, Answer(new.data, hold_after=1000, gate=gate))
    with bench.ctl_running("update", url) as first:
        bench.module.until_state("fetching")
        refused(bench.ctl("update", other_url(bench)), 6, BUSY)
        gate.set()
        output, _ = first.communicate(timeout=20)
    assert first.returncode == 0, output
    bench.finished(new, url)


def test_uxmcctl_while_the_module_is_flashed(bench, new):
    url = bench.serve(new)
    bench.ask(url)
    bench.module.until_state("detaching")
    refused(bench.ctl("update", other_url(bench)), 6, BUSY)
    refused(bench.ctl("cancel"), 10,
            "too late to cancel: the module is being flashed")
    bench.done(new, url)


def test_clear_during_an_update(bench, held):
    """By sysfs it would look like a request, and is refused like one."""
    before = uxmcd.setting()
    with pytest.raises(OSError) as caught:
        bench.module.write("firmware_uxm", "\n")
    assert caught.value.errno == errno.EBUSY
    assert uxmcd.setting() == before


# uxmcd itself
def test_second_uxmcd(bench, new, held, tmp_path):
    """It leaves again, and leaves the first one's socket alone."""
    second = uxmcd.Uxmcd(tmp_path).start(wait=False)
    assert second.exited() == 1
    assert "another uxmcd is running on /var/lib/uxmcd" in second.log()
    assert bench.uxmcd.ask("get firmware_uxm")[0] == 0


@pytest.mark.parametrize("line, complaint", [
    ("phone_firmvare = 10.1.64.14", "line 2: phone_firmvare: there is no such key"),
    ("retries = many", "line 2: retries: a number, 1 or more"),
    ("state_dir = here", "line 2: state_dir: an absolute path"),
    ("hello", "line 2: not a line of the form key = value"),
])
def test_wrong_line_in_uxmcd_conf(bench, tmp_path, line, complaint):
    wrong = uxmcd.Uxmcd(tmp_path)
    with open(wrong.file, "w") as file:
        file.write(f"# ours\n{line}\n")
    wrong.start(wait=False)
    assert wrong.exited() == 78
    assert complaint in wrong.log()


def test_no_uxmcd_conf(bench, tmp_path):
    """One that was named has to be there."""
    wrong = uxmcd.Uxmcd(tmp_path)
    os.unlink(wrong.file)
    wrong.start(wait=False)
    assert wrong.exited() == 78
    assert "No such file or directory" in wrong.log()


def test_request_while_uxmcd_is_not_running(bench, new):
    """It is what it sees first."""
    url = bench.serve(new)
    bench.uxmcd.stop()
    bench.ask(url)
    assert bench.module.state == "requested"
    bench.uxmcd.start()
    bench.done(new, url)


def test_nobody_takes_a_request_up(bench, new):
    """The driver says what is missing."""
    guest.set_parameter("request_timeout", 300)
    bench.uxmcd.stop()
    try:
        bench.ask(bench.serve(new))
        end = bench.module.until_state("failed", within=5)
    finally:
        guest.set_parameter("request_timeout", 60000)
        bench.uxmcd.start()
    assert end["errno"] == errno.ETIMEDOUT
    expect.message(end["message"], "requested",
                   r"nobody took up the request; is uxmcd installed and running\?")
    bench.update(new)


def test_driver_comes_and_goes(bench, new):
    """uxmcd runs on without it, and takes up where it was."""
    log = len(bench.uxmcd.log())
    bench.unload()
    bench.uxmcd.until_logged("the driver was unloaded: waiting for it", log)
    refused(run_uxmcctl("update", bench.serve(new)), 3,
            "the driver is not .*modprobe uxmc")
    bench.load()
    bench.until_shown(bench.module.setting)
    bench.update(new)


def test_driver_goes_while_it_is_fetched(bench, new):
    """That is as if the module were unplugged: an end, and a clean one."""
    bench.set(SETTING)
    url = bench.serve(new, Answer(new.data, hold_after=1000), Answer(new.data))
    with bench.ctl_running("update", url) as update:
        bench.module.until(lambda heard: heard["done"] == 1000, 10, "fetched")
        bench.unload()
        output, _ = update.communicate(timeout=10)
    refused(subprocess.CompletedProcess([], update.returncode, output), 1,
            "the module was unplugged")
    bench.uxmcd.expect_clean()
    assert uxmcd.setting() == SETTING
    bench.load()
    bench.until_shown(SETTING)
    bench.update(new)


@pytest.fixture
def leaving(bench):
    """uxmcd as its unit starts it."""
    bench.uxmcd.stop()
    bench.uxmcd.start("--exit-idle")
    yield bench.uxmcd
    if bench.uxmcd.running():
        bench.uxmcd.stop()
    bench.uxmcd.start()


def test_leaves_with_the_last_module(bench, leaving, new):
    bench.update(new)
    second = bench.plug(port=1)
    bench.unplug(second)
    assert leaving.ask("get firmware_uxm")[0] == 0
    bench.unplug(bench.module)
    assert leaving.exited() == 0
    assert not os.path.exists(uxmcd.CONTROL)
    bench.uxmcd.start()
    bench.replace()


def test_stays_for_a_module_that_is_off_the_bus(bench, new):
    """It comes back: it is only being updated."""
    bench.replace("--reboot-ms", 600)
    bench.uxmcd.stop()
    bench.uxmcd.start("--exit-idle")
    bench.update(new)
    assert bench.uxmcd.running()


# Clients of the control socket
GARBAGE = {
    "nothing sensible": (b"\xff\xfe\x01", 5),
    "NUL": (b"get\0 firmware_uxm", 5),
    "unknown verb": (b"dance", 2),
    "empty verb": (b" x", 2),
    "blanks": (b"   ", 2),
    "file without a descriptor": (b"file /tmp/snomD7C-1.6.1-r.bin", 2),
    "set without a value": (b"set firmware_uxm", 2),
    "set of nothing": (b"set", 2),
    "set of what there is not": (b"set colour blue", 5),
    "get of what there is not": (b"get colour", 5),
    "set of what is no URL": (b"set firmware_uxm hello", 5),
    "long": (b"update http://h/" + b"a" * 4000, 5),
    "too long": (b"update http://h/" + b"a" * 100000, 5),
}


@pytest.mark.parametrize("packet, number", GARBAGE.values(), ids=GARBAGE)
def test_garbage(bench, packet, number):
    answer = bench.uxmcd.ask(packet)
    assert answer[0] == number and answer[2].strip()
    assert bench.uxmcd.ask("get firmware_uxm")[:2] == (0, "value")


def send_files(client, request, files):
    rights = struct.pack(f"{len(files)}i", *files)
    client.sendmsg([request], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])


def open_files(bench):
    return len(os.listdir(f"/proc/{bench.uxmcd.process.pid}/fd"))


def test_descriptors_that_nobody_wanted(bench, new):
    """They are closed again."""
    before = open_files(bench)
    with open(new.path) as file:
        for request, files in (
                (b"get firmware_uxm", [file.fileno()]),
                (b"get firmware_uxm", [file.fileno()] * 3),
                (b"file /tmp/x", [file.fileno()]),
                (b"file /tmp/x", [file.fileno()] * 3),
                (b"update http://h/x", [file.fileno()])):
            with bench.uxmcd.connect() as client:
                send_files(client, request, files)
                bench.uxmcd.answer(client)
    guest.until(lambda: open_files(bench) == before, 3, "all are closed")


@pytest.mark.parametrize("path, error, sentence", [
    ("/tmp", errno.EINVAL, "it is not a regular file"),
    ("/dev/zero", errno.EINVAL, "it is not a regular file"),
    ("/proc/self/status", errno.ENODATA, "the file is empty")])
def test_file_that_is_none(bench, path, error, sentence):
    """What is handed in as an image has to be a regular file with a size."""
    file = os.open(path, os.O_RDONLY)
    try:
        bench.module.begin()
        with bench.uxmcd.connect() as client:
            send_files(client, b"file /tmp/snomD7C-1.6.1-r.bin", [file])
            assert bench.uxmcd.answer(client) == (1, "failed", sentence)
    finally:
        os.close(file)
    bench.failed("requested", error, sentence)


def test_silent_clients(bench, new):
    """More than there are places for; none of them stands in the way."""
    clients = [bench.uxmcd.connect() for _ in range(40)]
    try:
        bench.update(new)
        assert bench.uxmcd.ask("get firmware_uxm")[0] == 0
    finally:
        for client in clients:
            client.close()


def test_client_that_does_not_read(bench, new):
    """Its answers fill its socket, which is its own affair."""
    with bench.uxmcd.connect(within=0.5) as client:
        with pytest.raises(OSError):
            for _ in range(100000):
                client.send(b"get firmware_uxm")
        assert bench.uxmcd.ask("get firmware_uxm")[0] == 0


def test_client_that_vanishes(bench, new):
    """The update that it asked for goes on without it."""
    gate = Gate()
    url = bench.serve(new, Answer(new.data, hold_after=1000, gate=gate))
    bench.module.begin()
    client = bench.uxmcd.connect()
    client.send(f"update {url}".encode())
    client.close()
    bench.module.until_state("fetching")
    gate.set()
    bench.done(new, url)


# Who may
def socket_of(bench):
    return os.stat(uxmcd.CONTROL)


def test_control_socket_is_for_root(bench):
    socket_file = socket_of(bench)
    assert oct(socket_file.st_mode & 0o777) == "0o660"
    assert (socket_file.st_uid, socket_file.st_gid) == (0, 0)


NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}


def test_unprivileged(bench, new):
    """Looking is for all, changing is not."""
    done = bench.ctl("status", **NOBODY)
    assert done.returncode == 0 and "uxmc" in done.stdout, done.stdout
    for arguments in (["update", bench.serve(new)], ["update", new.path],
                      ["cancel"], ["get", "firmware_uxm"],
                      ["clear", "firmware_uxm"]):
        refused(bench.ctl(*arguments, **NOBODY), 9,
                "no permission to use /run/uxmcd/control: be root, or in the "
                "group that control_group in uxmcd.conf names")


@pytest.mark.parametrize("bench", [{"control_group": "games"}], ids=[""],
                         indirect=True)
def test_control_group(bench, new):
    games = grp.getgrnam("games").gr_gid
    assert socket_of(bench).st_gid == games
    member = NOBODY | {"extra_groups": [games]}
    assert bench.ctl("get", "firmware_uxm", **member).returncode == 0
    refused(bench.ctl("get", "firmware_uxm", **NOBODY), 9, "no permission .*")


@pytest.mark.parametrize("bench", [{"control_group": "nonesuch"}], ids=[""],
                         indirect=True)
def test_control_group_that_is_none(bench):
    assert socket_of(bench).st_gid == 0
    assert "is not given to the group nonesuch" in bench.uxmcd.log()
