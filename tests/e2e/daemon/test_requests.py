# SPDX-License-Identifier: GPL-2.0-or-later
"""Requests that meet each other, uxmcd that is there or is not, and clients of
its control socket that do not behave.
"""
import errno
import grp
import os
import pwd
import resource
import socket
import struct
import subprocess
import time

import pytest

import expect
import guest
import uxmcd
from bench import SETTING, refused
from httpauth import BASIC, Wants
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
    url = bench.serve(new, Wants(Answer(new.data), BASIC, "phone", "s3cr3t")).replace(
        "http://", "http://phone:s3cr3t@")
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
    bench.replace("--transfer-size", 1024, "--poll", 100)
    url = bench.serve(new)
    bench.ask(url)
    bench.module.until_state("detaching")
    refused(bench.ctl("update", other_url(bench)), 6, BUSY)
    refused(bench.ctl("cancel"), 10,
            "too late to cancel: the module is being flashed")
    bench.done(new, url)
    bench.replace()


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
        end = bench.module.until_state("failed", within=40)
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
        bench.module.until(lambda heard: heard["done"] == 1000, 40, "fetched")
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
    "file without a size": (b"file /tmp/snomD7C-1.6.1-r.bin", 2),
    "file of no number of bytes": (b"file -1 /tmp/snomD7C-1.6.1-r.bin", 2),
    "file too large for a number": (b"file 99999999999999999999999 /tmp/x", 2),
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


def open_files(bench):
    return len(os.listdir(f"/proc/{bench.uxmcd.process.pid}/fd"))


def test_descriptors_that_nobody_wanted(bench, new):
    """They do not even reach it."""
    before = open_files(bench)
    with open(new.path) as file:
        for request, count in ((b"get firmware_uxm", 1), (b"get firmware_uxm", 3),
                               (b"file 10 /tmp/x", 1), (b"update http://h/x", 1)):
            rights = struct.pack(f"{count}i", *[file.fileno()] * count)
            with bench.uxmcd.connect() as client:
                client.sendmsg([request], [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                                            rights)])
                bench.uxmcd.answer(client)
    guest.until(lambda: open_files(bench) == before, 3, "all are closed")


# Files, whose bytes come by the socket
PATH = "/tmp/snomD7C-1.6.1-r.bin"


def sender(bench, size, count=0):
    """One that announces a file, and has sent so many bytes of it."""
    bench.module.begin()
    client = bench.uxmcd.connect(30)
    client.send(f"file {size} {PATH}".encode())
    assert bench.uxmcd.answer(client)[:2] == (0, "accepted")
    uxmcd.send_bytes(client, bytes(count))
    return client


@pytest.mark.parametrize("path", ["/tmp", "/dev/zero", "/run/fifo"])
def test_file_that_is_none(bench, path):
    """A FIFO that nobody writes to is not waited for."""
    if path == "/run/fifo":
        os.mkfifo(path)
    refused(bench.ctl("update", path), 5, f"{path}: it is not a regular file")


def test_empty_file(bench):
    bench.module.begin()
    assert bench.uxmcd.ask(f"file 0 {PATH}") == (1, "failed", "the file is empty")
    bench.failed("requested", errno.ENODATA, "the file is empty")


@pytest.mark.parametrize("piece", [1000, 4096])
def test_file(bench, new, piece):
    with sender(bench, len(new.data)) as client:
        uxmcd.send_bytes(client, new.data, piece)
        assert bench.uxmcd.answer(client)[:2] == (0, "done")
        client.send(b"get firmware_uxm")
        assert bench.uxmcd.answer(client)[:2] == (0, "value")
    expect.done(bench.module, new)


@pytest.mark.parametrize("sent", [0, 5000])
def test_sender_that_goes(bench, sent):
    sender(bench, 10000, sent).close()
    bench.failed("fetching", errno.EPIPE,
                 "not all of the file has come: whoever sent it has gone")


def test_sender_of_too_much(bench):
    """What is beyond the end of the file makes no sense as a request."""
    with sender(bench, 10000, 4096) as client:
        client.send(bytes(4096))
        client.send(bytes(4096))
        assert client.recv(10) == b""
    bench.failed("fetching", errno.EPIPE,
                 "not all of the file has come: whoever sent it has gone")


@pytest.mark.parametrize("bench", [{"stall_timeout": 0.6}], ids=[""], indirect=True)
def test_sender_that_stops(bench):
    """It is told why, and what it sends later is of no matter."""
    sentence = "no more of the file comes: see stall_timeout in uxmcd.conf"
    with sender(bench, 10000, 5000) as client:
        assert bench.uxmcd.answer(client) == (1, "failed", sentence)
        bench.failed("fetching", errno.ETIMEDOUT, sentence)
        uxmcd.send_bytes(client, bytes(5000))
        client.send(b"get firmware_uxm")
        assert bench.uxmcd.answer(client)[:2] == (0, "value")


def test_cancelled_while_a_file_comes(bench, new):
    """The rest of it is none of the next update's."""
    with sender(bench, 10000, 5000) as client:
        assert bench.ctl("cancel").returncode == 0
        assert bench.uxmcd.answer(client)[:2] == (8, "cancelled")
        with sender(bench, len(new.data)) as next_one:
            uxmcd.send_bytes(client, bytes(5000))
            uxmcd.send_bytes(next_one, new.data)
            assert bench.uxmcd.answer(next_one)[:2] == (0, "done")
    expect.done(bench.module, new)


def test_file_shrinks(bench, tmp_path):
    """While it is sent: uxmcd is given as much as there is, and uxmcctl says so."""
    path = tmp_path / "snomD7C-1.6.1-r.bin"
    path.write_bytes(bytes(1 << 20))
    bench.uxmcd.freeze()
    with bench.ctl_running("update", str(path)) as ctl:
        guest.until(lambda: os.path.exists(f"/proc/{ctl.pid}/fd/4"), 40, "it is open")
        os.truncate(path, 10000)
        bench.uxmcd.thaw()
        said = ctl.communicate(timeout=30)[0]
    assert (ctl.returncode, f"{path}: it became shorter meanwhile" in said) == (1, True), \
        said
    bench.failed("fetching", errno.EPIPE,
                 "not all of the file has come: whoever sent it has gone")


# Many clients, and some that mean harm
def test_silent_clients(bench, new):
    """More than there are places for; none of them stands in the way."""
    clients = [bench.uxmcd.connect() for _ in range(40)]
    try:
        bench.update(new)
        assert bench.uxmcd.ask("get firmware_uxm")[0] == 0
    finally:
        for client in clients:
            client.close()


def test_idle_client(bench):
    with bench.uxmcd.connect() as client:
        client.send(b"get firmware_uxm")
        bench.uxmcd.answer(client)
        began = time.monotonic()
        assert client.recv(10) == b""
        assert 9 < time.monotonic() - began < 30


def test_too_many_of_one_user(bench, new):
    """All of them wait for something; a ninth would be one too many."""
    gate = Gate()
    bench.server.route("/slow.xml", Answer(b"<settings/>", hold_after=1, gate=gate))
    bench.uxmcd.ask(f"set firmware_status {bench.server.url('/slow.xml')}")
    clients = []
    for _ in range(8):
        client = bench.uxmcd.connect()
        client.send(b"check")
        clients.append(client)
    bench.server.wait_requests(1)
    number, word, sentence = bench.uxmcd.ask("get firmware_uxm")
    assert (number, word) == (6, "too-many"), sentence
    gate.set()
    for client in clients:
        client.close()
    guest.until(lambda: bench.uxmcd.ask("get firmware_uxm")[0] == 0, 40, "it answers")
    bench.uxmcd.ask("set firmware_status ")


HAMMER = """
import os, socket, sys
os.setgroups([int(sys.argv[2])]); os.setgid(int(sys.argv[1])); os.setuid(int(sys.argv[1]))
while True:
    some = []
    try:
        for _ in range(30):
            one = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            one.setblocking(False)
            one.connect("/run/uxmcd/control")
            some.append(one)
    except OSError:
        pass
"""


@pytest.mark.parametrize("bench", [{"control_group": "games"}], ids=[""],
                         indirect=True)
def test_those_who_connect_in_a_loop(bench):
    """Two members of control_group; others are served all the same."""
    games = str(grp.getgrnam("games").gr_gid)
    hammers = [subprocess.Popen(["/usr/bin/python3", "-c", HAMMER, user, games])
               for user in ("64001", "64002")]
    try:
        for _ in range(100):
            assert bench.uxmcd.ask("get firmware_uxm", within=20)[0] == 0
    finally:
        for hammer in hammers:
            hammer.kill()
            hammer.wait()


def test_no_descriptors_left(bench):
    """It does not try again and again; it serves when it can."""
    pid = bench.uxmcd.process.pid
    limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_files(bench), limits[1]))
    try:
        with bench.uxmcd.connect() as client:
            client.send(b"get firmware_uxm")
            bench.uxmcd.until_logged("nobody more can be connected to: Too many open "
                                     "files", bench.logged)
            before = bench.uxmcd.status("voluntary_ctxt_switches")
            time.sleep(2)
            assert bench.uxmcd.status("voluntary_ctxt_switches") - before < 10
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
            assert bench.uxmcd.answer(client)[:2] == (0, "value")
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)


@pytest.mark.parametrize("text", [b"\xc2\x9b31m", b"\xff\xfe", b"\xed\xa0\x80"])
def test_log_is_fit_for_a_terminal(bench, text):
    """C1 controls are as good as an escape character there."""
    with bench.uxmcd.connect() as client:
        client.send(b"file 10 /tmp/" + text + b".bin")
        client.recv(4096)
    bench.uxmcd.until_logged("refused (", bench.logged)
    with open(bench.uxmcd.log_file, "rb") as file:
        assert text not in file.read()


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


def test_control_socket_is_for_the_pages_user(bench):
    socket_file = socket_of(bench)
    assert oct(socket_file.st_mode & 0o777) == "0o660"
    assert (socket_file.st_uid, socket_file.st_gid) == (
        0, pwd.getpwnam("uxmc-web").pw_gid)


@pytest.mark.parametrize("bench", [{"web_user": "nonesuch"}], ids=[""], indirect=True)
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
