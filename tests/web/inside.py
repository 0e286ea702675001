# SPDX-License-Identifier: GPL-2.0-or-later
"""A phone, in the guest: driver, uxmcd, uxmcweb, simulated modules, and nginx for its
server. Its pages are on a port that phone.py forwards, and what phone.py asks for by
JSON, a call a connection, is done.

usage: inside.py PAGES_PORT CALLS_PORT
"""
import contextlib
import json
import os
import re
import socket
import statistics
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path += [f"{TOP}/tests/e2e", f"{TOP}/tests/web"]

# pylint: disable=wrong-import-position
import guest
import image as images
import nginx as nginx_module
import uxmcd as uxmcd_module
from nginx import Nginx
from pages import Web
from sim import Sim

# As a person would see it: not as quick as in other tests
PACE = ("--manifest-ms", 1500, "--reboot-ms", 800)

PBX = "pbx.example"

CONFIG = {"phone_firmware": "10.1.101.11", "phone_model": "D785", "retries": 1,
          "phone_mac": "000413922D24", "image_size_max": 1 << 27,
          "first_look_spread": 86400, "plug_delay": 0.1}

USER, PASSWORD = "admin", "secret"


class Phone:
    """What is public is what can be called from outside."""

    def __init__(self, directory, port):
        self.web_config = {"web_listen": f"0.0.0.0:{port} /run/uxmcweb/http",
                           "web_hosts": "127.0.0.1"}
        self.nginx = Nginx(directory)
        self.uxmcd = uxmcd_module.Uxmcd(directory, **CONFIG | self.web_config)
        self.web = Web(self.uxmcd.file, port=port)
        self.sims = {}
        self.ended = False

    def __enter__(self):
        self.nginx.__enter__()
        self.nginx.base = f"http://{PBX}:{nginx_module.PORT}"
        self.start()
        self.web.__enter__()
        return self

    def __exit__(self, *unused):
        for port in list(self.sims):
            self.unplug(port)
        self.web.__exit__()
        self.uxmcd.stop()
        self.nginx.__exit__()

    def start(self):
        self.uxmcd.start()
        self.uxmcd.ask(f"set http_user {USER}")
        self.uxmcd.ask(f"set http_pass {PASSWORD}")

    def restart(self, **config):
        """A phone that nothing is known of yet, with these lines in uxmcd.conf."""
        for port in list(self.sims):
            self.unplug(port)
        self.uxmcd.stop()
        guest.empty(guest.STATE)
        self.uxmcd.configure(**CONFIG | self.web_config | config)
        self.start()

    def end(self):
        self.ended = True

    # Modules
    def plug(self, *options, port=0):
        """One more; gives its serial number."""
        serial = f"0004134D7C{port + 1:02}"
        before = len(guest.modules())
        self.sims[port] = Sim("--port", port, "--serial", serial, *PACE, *options)
        guest.until(lambda: len(guest.modules()) > before, 20, "it is plugged in")
        return serial

    def unplug(self, port=0):
        before = len(guest.modules())
        self.sims.pop(port).unplug()
        guest.until(lambda: len(guest.modules()) < before, 20, "it is unplugged")

    def received(self, port=0):
        """How often it received an image, and the last: bytes and SHA-256"""
        sim = self.sims[port]
        return len(sim.matching("^received ")), sim.received

    def violations(self, port=0):
        return self.sims[port].violations

    # The server
    def serve(self, version="1.6.1", size=300000, directory=""):
        """An image; gives its URL."""
        image = images.make(size=size, version=version)
        self.nginx.put(f"/{image.name}", image.data)
        return f"{self.nginx.base}{directory}/{image.name}"

    def serve_text(self, path, text):
        return self.nginx.put(path, text)

    def agents(self):
        """Who has asked for something"""
        return [entry.agent for entry in self.nginx.entries()]

    # uxmcd and uxmcweb
    def ask(self, request):
        return self.uxmcd.ask_for_all(request)

    def latency(self, times=50):
        """How long uxmcd takes to answer, s: the median, and the longest"""
        taken = []
        for _ in range(times):
            start = time.monotonic()
            self.uxmcd.ask("waiting")
            taken.append(time.monotonic() - start)
        return statistics.median(taken), max(taken)

    def memory(self):
        """What is uxmcweb's share of what is in memory, libraries included, KiB"""
        with open(f"/proc/{self.web.process.pid}/smaps_rollup") as file:
            return int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M).group(1))

    def log(self):
        return f"{self.web.log()[-2000:]}\n{self.uxmcd.log()}"


def serve_one(phone, client):
    call = json.loads(client.makefile().readline())
    try:
        function = getattr(phone, call["name"])
        answer = {"result": function(*call["arguments"], **call["options"])}
    except Exception as err:  # pylint: disable=broad-except
        answer = {"error": repr(err)}
    client.sendall((json.dumps(answer) + "\n").encode())


def serve_calls(phone, port):
    with socket.create_server(("0.0.0.0", port)) as listener:
        print("ready", flush=True)
        while not phone.ended:
            client, _ = listener.accept()
            with client, contextlib.suppress(OSError):
                serve_one(phone, client)


def main():
    pages_port, calls_port = map(int, sys.argv[1:])
    guest.set_up()
    with open("/etc/hosts", "a") as file:
        file.write(f"127.0.0.1 {PBX}\n")
    with guest.driver(), tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        with Phone(directory, pages_port) as phone:
            serve_calls(phone, calls_port)


main()
