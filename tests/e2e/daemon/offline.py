# SPDX-License-Identifier: GPL-2.0-or-later
"""A phone that is booted before its network: prints the log of uxmcd, until it has
looked in vain, and then, with the network there, again on SIGHUP.
"""
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# pylint: disable=wrong-import-position
from alone import Alone, bring_up
from httpd import HOST, Answer, Server

PORT = 8000


def main():
    with Alone(setting_server=f"http://{HOST}:{PORT}/settings.xml") as alone:
        alone.until_logged("it is looked at again in")
        bring_up()
        with Server(port=PORT) as server:
            server.route("/settings.xml", Answer(b"<settings/>"))
            alone.process.send_signal(signal.SIGHUP)
            alone.until_logged("provisioning (SIGHUP)")
        print(alone.log())


if __name__ == "__main__":
    main()
