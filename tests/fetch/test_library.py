# SPDX-License-Identifier: GPL-2.0-or-later
"""libxml2 is loaded for settings files, and is needed for nothing else."""
import errno
import pathlib
import subprocess

import pytest

import wire
from httpd import Answer
from wire import END, SETTINGS

SETTINGS_FILE = b"<settings><firmware_interval>60</firmware_interval></settings>"


def soname():
    header = pathlib.Path("build/obj/libxml2-soname.h").read_text()
    return header.split('"')[1]


@pytest.fixture
def instead(public, tmp_path_factory):
    """instead(make): the environment of a program that finds what make(path) makes."""
    directory = public / tmp_path_factory.mktemp("libraries").name
    directory.mkdir(mode=0o755)

    def put(make):
        make(directory / soname())
        return {"LD_LIBRARY_PATH": str(directory)}
    return put


def spoiled(path):
    path.write_bytes(b"")


def another(path):
    """A library that has none of its functions"""
    subprocess.run(["cc", "-shared", "-o", path, "-x", "c", "/dev/null"], check=True)


@pytest.mark.parametrize("make, why", [(spoiled, "file too short"),
                                       (another, "another version is there")])
def test_settings(start, server, instead, make, why):
    url = server.route("/s.xml", Answer(SETTINGS_FILE))
    fetch = start(wire.request(url, SETTINGS), environment=instead(make)).take_all()
    assert fetch.packets == [END]
    assert (fetch.result, fetch.end.error) == ("failed", errno.ELIBACC)
    assert fetch.sentence.startswith(
        "libxml2, which settings files are read with, cannot be loaded: install it (")
    assert why in fetch.sentence
    assert fetch.status() == 5
    assert not server.requests


def test_image(start, server, instead):
    url = server.route("/a.bin", Answer(bytes(5000)))
    fetch = start(wire.request(url), environment=instead(spoiled)).take_all()
    assert (fetch.result, fetch.count) == ("complete", 5000)


def test_not_linked(program):
    done = subprocess.run(["ldd", program], check=True, capture_output=True, text=True)
    assert "libcurl" in done.stdout
    assert "libxml2" not in done.stdout
