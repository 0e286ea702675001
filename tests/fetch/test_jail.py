# SPDX-License-Identifier: GPL-2.0-or-later
"""The jail, by a uxmc-fetch that does one thing that it must not, and says how that
went. Where the user's rights would forbid it as well, they do not here."""
import ctypes
import errno
import os
import shutil
import socket
import subprocess

import pytest

import wire
from httpd import Answer
PARENT = str(os.getpid())


def has_landlock():
    """landlock_create_ruleset(), the same number on all architectures, asked for
    the version of its ABI."""
    return ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) > 0


def has_seccomp():
    with open("/proc/self/status") as status:
        return "Seccomp_filters:" in status.read()


@pytest.fixture
def made(public):
    """A directory that belongs to uxmc-fetch's user, with a file in it."""
    path = public / "made"
    path.mkdir()
    (path / "file").write_text("text")
    if not os.geteuid():
        os.chown(path, wire.USER, wire.USER)
        os.chown(path / "file", wire.USER, wire.USER)
    yield path
    shutil.rmtree(path)


def attempt(evil, name, on="", **fields):
    fetch = wire.Fetch(evil).ask(wire.request(f"http://evil/{name}", user_agent=on,
                                              **fields))
    fetch.take_all(120)
    status = fetch.status()
    fetch.close()
    return fetch, status


def refused(evil, name, *errors, on=""):
    fetch, status = attempt(evil, name, on)
    assert status == 0, status
    assert fetch.result == "failed", fetch.sentence
    assert fetch.end.error in errors, fetch.sentence


def killed(evil, name, on):
    fetch, status = attempt(evil, name, on)
    assert fetch.end is None, fetch.sentence
    assert status == "SIGSYS"


needs_seccomp = pytest.mark.skipif(not has_seccomp(), reason="no seccomp here")
needs_landlock = pytest.mark.skipif(not has_landlock(), reason="no Landlock here")


# Files
@pytest.mark.parametrize("name, on", [
    ("write-file", "new"), ("append-file", "file"), ("write-file-raw", "new"),
    ("write-unnamed-file", ""), ("link-file", "new"), ("remove-file", "file"),
    ("rename-file", "file"), ("make-directory", "new"), ("make-fifo", "new"),
    ("change-mode", "file")])
def test_nothing_is_written(evil, made, name, on):
    mode = (made / "file").stat().st_mode
    refused(evil, name, errno.EPERM, errno.EACCES, on=made / on)
    assert os.listdir(made) == ["file"]
    assert (made / "file").read_text() == "text"
    assert (made / "file").stat().st_mode == mode


def test_temporary_directory(evil):
    path = f"/tmp/uxmc-fetch-written-{os.getpid()}"
    refused(evil, "write-file", errno.EPERM, errno.EACCES, on=path)
    assert not os.path.exists(path)


@needs_landlock
@pytest.mark.parametrize("path", ["made", "/proc/1/status", "/proc/1/environ",
                                  "/proc/self/maps", "/proc/cpuinfo", "/var/lib",
                                  "/tmp", "/", "/sys", "/run", "/dev"])
def test_nothing_else_is_read(evil, made, path):
    refused(evil, "read-file", errno.EACCES,
            on=made / "file" if path == "made" else path)


def test_other_processes(evil):
    """With or without Landlock"""
    refused(evil, "read-file", errno.EACCES, on=f"/proc/{os.getpid()}/environ")


@pytest.mark.parametrize("path", ["/etc/hosts", "/etc/ssl/certs", "/usr/lib"])
def test_what_it_needs_is_read(evil, path):
    fetch, status = attempt(evil, "read-file", path)
    assert status == 0 and fetch.sentence == "it could do that"


# Sockets
@needs_seccomp
@pytest.mark.parametrize("name", ["open-packet", "open-raw", "listen-tcp"])
def test_privileged_sockets(evil, name):
    refused(evil, name, errno.EPERM)


@needs_seccomp
@pytest.mark.skipif(os.uname().machine in ("i386", "i586", "i686"),
                    reason="socketcall() hides its arguments from filters")
@pytest.mark.parametrize("name", ["open-netlink", "open-unix", "open-ping",
                                  "pair-datagrams"])
def test_sockets(evil, name):
    refused(evil, name, errno.EPERM)


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_SEQPACKET,
                                  socket.SOCK_DGRAM])
@pytest.mark.parametrize("name", ["connect-pair", "connect-input"])
def test_control_socket(evil, public, kind, name):
    """What it has of AF_UNIX is not connected to another one."""
    path = public / "control"
    with socket.socket(socket.AF_UNIX, kind) as control:
        control.bind(str(path))
        path.chmod(0o666)
        if kind != socket.SOCK_DGRAM:
            control.listen()
        try:
            refused(evil, name, errno.EISCONN, errno.EPROTOTYPE, errno.EACCES,
                    errno.EPERM, on=path)
        finally:
            path.unlink()


# Other processes, and the kernel
@needs_seccomp
@pytest.mark.parametrize("name", ["end-init", "end-parent", "signal-parent",
                                  "make-process", "make-process-raw", "become-root",
                                  "run-data", "make-executable", "lift-limit",
                                  "read-terminal"])
def test_refused(evil, name):
    refused(evil, name, errno.EPERM, on=PARENT)


@needs_seccomp
@pytest.mark.parametrize("name, on", [
    ("trace-parent", PARENT), ("read-memory", PARENT), ("make-namespace", ""),
    ("run-program", "/bin/true"), ("mount-something", "/tmp"), ("load-bpf", ""),
    ("open-ring", ""), ("use-keys", "")])
def test_killed(evil, name, on):
    killed(evil, name, on)


# How much
@pytest.mark.parametrize("name, error", [
    ("take-memory", errno.ENOMEM), ("take-shared-memory", errno.ENOMEM),
    ("take-descriptors", errno.EMFILE)])
def test_limits(evil, name, error):
    refused(evil, name, error)


def test_processor_time(evil):
    """It is told so once, ignores it, and is ended."""
    fetch, status = attempt(evil, "take-time", size_max=1)
    assert fetch.end is None and status == "SIGKILL"


# What can be seen of it from outside
def test_state(server, start):
    url = server.route("/a.bin", Answer(bytes(100000), hold_after=1000))
    fetch = start(wire.request(url, stall_timeout=60000))
    while fetch.headers is None:
        fetch.take()
    with open(f"/proc/{fetch.process.pid}/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
        assert int(status[name], 16) == 0
    assert status["NoNewPrivs"] == "1"
    if has_seccomp():
        assert status["Seccomp"] == "2"
    # Not dumpable: what is in /proc of it is root's.
    assert os.stat(f"/proc/{fetch.process.pid}/maps").st_uid == 0


# On an old kernel
WITHOUT = ["uxmc-fetch: this kernel has no Landlock: files are protected by their "
           "permissions alone",
           "uxmc-fetch: this kernel has no filters of system calls: all of them are "
           "allowed"]


@needs_seccomp
def test_old_kernel(old_kernel, program, server):
    """What it has not got is said once, and done without."""
    url = server.route("/a.bin", Answer(bytes(100000))).replace("127.0.0.1", "localhost")
    fetch = wire.Fetch(old_kernel, program).ask(wire.request(url)).take_all()
    assert fetch.status() == 0
    assert fetch.result == "complete" and fetch.count == 100000
    assert fetch.said.splitlines() == WITHOUT


@needs_seccomp
@pytest.mark.parametrize("name, on, error", [
    ("write-file", "new", errno.EFBIG), ("become-root", "", errno.EPERM),
    ("take-memory", "", errno.ENOMEM), ("trace-parent", PARENT, errno.EPERM),
    ("end-init", "", errno.EPERM), ("open-raw", "", errno.EPERM)])
def test_what_is_left_on_an_old_kernel(old_kernel, evil, made, name, on, error):
    """The user, its limits, and no capability"""
    if os.geteuid():
        pytest.skip("needs root: the tests run as the same user")
    fetch = wire.Fetch(old_kernel, evil).ask(wire.request(
        f"http://evil/{name}", user_agent=made / on if name == "write-file" else on))
    fetch.take_all()
    assert fetch.status() == 0
    assert (fetch.result, fetch.end.error) == ("failed", error), fetch.sentence


def test_every_attempt_is_tested(evil):
    """And has a name that this file knows."""
    here = open(__file__).read()
    source = os.path.join(os.path.dirname(__file__), "evil.c")
    names = [line.split('"')[1] for line in open(source) if line.startswith('\t{ "')]
    assert len(names) > 40
    assert [name for name in names if f'"{name}"' not in here] == []


def test_unknown_attempt(evil):
    fetch, _status = attempt(evil, "be-nice")
    assert fetch.sentence == "there is no such attempt"


def test_usage_of_evil(evil):
    done = subprocess.run([evil], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=20)
    assert done.returncode == 2
