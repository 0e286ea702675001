# SPDX-License-Identifier: GPL-2.0-or-later
"""A uxmcd with firmware_interval = 1, the shortest, which looks beside the tests
of several files what its server has, instead of one test waiting for a minute. It
has a network of its own, and so not the driver.

As a program: prints when it was started, and when it looked, the first two times.
"""
import json
import os
import signal
import subprocess
import sys
import time

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

# pylint: disable=wrong-import-position
from alone import Alone, bring_up
from httpd import Answer, Server


@pytest.fixture(scope="session")
def minute(guest_set_up):
    """Waits for these times, and gives them."""
    with subprocess.Popen(["unshare", "--net", sys.executable, "-B", __file__],
                          stdout=subprocess.PIPE, text=True) as process:
        yield lambda: json.loads(process.communicate(timeout=90)[0])
        process.terminate()


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    bring_up()
    with Server() as server:
        url = server.route("/status.xml", Answer(b"<firmware-settings/>"))
        started = time.monotonic()
        with Alone(firmware_status=url, firmware_interval=1):
            requests = server.wait_requests(2, 80)
    print(json.dumps([started] + [one.time for one in requests]))


if __name__ == "__main__":
    main()
