# SPDX-License-Identifier: GPL-2.0-or-later
"""Firmware images of build/mkimage, and where they go."""
import functools
import hashlib
import os
import shutil
import subprocess

import guest

SUFFIX = 16


class Image:
    """A file, and what the module is to receive of it."""

    def __init__(self, path, version, suffix):
        with open(path, "rb") as file:
            self.data = file.read()
        self.path = path
        self.name = os.path.basename(path)
        self.version = version
        self.sent = self.data[:-SUFFIX] if suffix else self.data
        self.sha256 = hashlib.sha256(self.sent).hexdigest()

    @property
    def received(self):
        """What the simulator's log says of one that came whole."""
        return f"received {len(self.sent)} {self.sha256}"

    def install(self, name=None):
        """Put it where the driver reads; returns the name to flash."""
        name = name or self.name
        shutil.copy(self.path, f"{guest.FIRMWARE}/{name}.new")
        os.rename(f"{guest.FIRMWARE}/{name}.new", f"{guest.FIRMWARE}/{name}")
        return name


@functools.cache
def make(size=200 << 10, model="D7C", version="1.6.1", suffix=False, options=()):
    """An image of that many bytes, any suffix included; the same each time."""
    arguments = ["--size", str(size), "--model", model, "--version", version,
                 *(["--suffix"] if suffix else []), *options]
    directory = "/tmp/images/" + hashlib.md5(repr(arguments).encode()).hexdigest()
    os.makedirs(directory, exist_ok=True)
    path = f"{directory}/snom{model}-{version}-r.bin"
    subprocess.run([f"{guest.TOP}/build/mkimage", *arguments, path], check=True)
    return Image(path, version, suffix)


def install_endless(name="snomD7C-1.6.1-r.bin"):
    """A file of a GiB of zeroes, which takes no room but long to read, so that
    the state verifying lasts; returns its name.
    """
    with open(f"{guest.FIRMWARE}/{name}", "wb") as file:
        file.truncate(1 << 30)
    return name
