# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of uxmc-fetch share: programs that its user may run, a server, and
a job of which all that was said is looked at."""
import os
import pathlib
import shutil
import sys
import tempfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.append(str(TOP / "tests" / "e2e"))

import wire  # noqa: E402
from httpd import Server, make_certificate  # noqa: E402


@pytest.fixture(scope="session")
def public():
    """A directory that uxmc-fetch's user can read and search."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="uxmc-fetch-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def install(public, name):
    shutil.copy(TOP / "build" / name, public)
    return public / name


@pytest.fixture(scope="session")
def program(public):
    return install(public, "uxmc-fetch")


@pytest.fixture(scope="session")
def evil(public):
    return install(public, "uxmc-fetch-evil")


@pytest.fixture(scope="session")
def old_kernel(public):
    return install(public, "old-kernel")


@pytest.fixture(scope="session")
def certificate(public):
    """Of a server that is trusted with it as ca_file: certificate and key."""
    certificate, key = make_certificate(public)
    certificate.chmod(0o644)
    return certificate, key


@pytest.fixture
def server():
    with Server() as server:
        yield server


@pytest.fixture
def secure(certificate):
    with Server(tls=certificate) as server:
        yield server


@pytest.fixture
def start(program):
    """start(packet): a uxmc-fetch that was asked so; ended with the test."""
    started = []

    def begin(packet=None, *options, **named):
        fetch = wire.Fetch(program, *options, **named)
        started.append(fetch)
        if packet is not None:
            fetch.ask(packet)
        return fetch

    yield begin
    for fetch in started:
        fetch.close()
        if fetch.process.poll() is None:
            fetch.process.kill()
            fetch.process.wait()


@pytest.fixture
def get(start):
    """get(url, ...): the job once it has ended, with exit status 0 as for each that
    ends in END."""
    def run(url, what=wire.IMAGE, timeout=30, **fields):
        fetch = start(wire.request(url, what, **fields)).take_all(timeout)
        assert fetch.status() == 0, fetch.said
        assert fetch.packets[-1] == wire.END
        return fetch
    return run
