# SPDX-License-Identifier: GPL-2.0-or-later
"""Keys and signatures, made by minisign."""
import os
import subprocess
import tempfile


class Key:
    """A pair of keys; public is the file of the public one."""

    def __init__(self, directory, name="key"):
        self.secret = f"{directory}/{name}.key"
        self.public = f"{directory}/{name}.pub"
        self.run("-G", "-W", "-p", self.public)

    def run(self, *arguments):
        subprocess.run(["minisign", *arguments, "-s", self.secret], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def sign(self, image, *options, name=None):
        """Gives the signature's bytes; by `name` the file is called then."""
        with tempfile.TemporaryDirectory() as directory:
            path = f"{directory}/{name or image.name}"
            os.symlink(image.path, path)
            self.run("-S", "-m", path, *options)
            with open(f"{path}.minisig", "rb") as file:
                return file.read()
