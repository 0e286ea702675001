# SPDX-License-Identifier: GPL-2.0-or-later
"""A uxmcd that runs beside the one that tests share: in a network of its own, as
`unshare --net` makes one, and so without the driver.
"""
import os
import subprocess
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))


def bring_up():
    """The network, which has none but itself."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class Alone:
    """with Alone(firmware_status=url) as alone: it looks at once."""

    def __init__(self, **config):
        self.config = config
        self.directory = tempfile.TemporaryDirectory()
        self.log_file = f"{self.directory.name}/log"
        self.process = None

    def __enter__(self):
        place = self.directory.name
        lines = {"state_dir": f"{place}/state", "control": f"{place}/control",
                 "first_look_spread": 0, "plug_delay": 0} | self.config
        with open(f"{place}/uxmcd.conf", "w") as file:
            file.writelines(f"{name} = {value}\n" for name, value in lines.items())
        with open(self.log_file, "w") as log:
            self.process = subprocess.Popen(
                [f"{TOP}/build/uxmcd", "-c", file.name], stderr=log)
        return self

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait(10)
        self.directory.cleanup()

    def log(self):
        with open(self.log_file, errors="replace") as file:
            return file.read()

    def until_logged(self, text, within=60):
        end = time.monotonic() + within
        while text not in self.log():
            assert time.monotonic() < end, self.log()
            time.sleep(0.05)
