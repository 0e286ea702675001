# SPDX-License-Identifier: GPL-2.0-or-later
"""A phone in a guest (inside.py), from outside: its pages, and what is done to it.

    with Phone() as phone:
        phone.plug(port=1)
        browser.open(phone.base + "/info.htm")
"""
import json
import os
import pathlib
import socket
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent

# Of the guest; inside.py listens there.
PAGES, CALLS = 8471, 8472

USER, PASSWORD = "admin", "secret"


def free_ports(count):
    """Ports that nobody listens on."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Phone:
    """phone.NAME(...) calls that of inside.py."""

    def __init__(self, timeout=1800, log="build/web/phone-vm.log"):
        self.port, self.calls = free_ports(2)
        self.base = f"http://127.0.0.1:{self.port}"
        self.timeout = os.environ.get("TIMEOUT", str(timeout))
        self.vm_log = TOP / log
        self.process = None

    def __enter__(self):
        # Ctrl-C is not for the guest, which is told to end.
        self.process = subprocess.Popen(
            [TOP / "tests/vm/run", "--timeout", self.timeout,
             "--log", self.vm_log, "--forward", f"{self.port}:{PAGES}",
             "--forward", f"{self.calls}:{CALLS}", "--",
             "/usr/bin/python3", "-B", "tests/web/inside.py", str(PAGES), str(CALLS)],
            cwd=TOP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            start_new_session=True)
        try:
            self.ready()
        except BaseException:
            self.process.terminate()
            raise
        return self

    def ready(self):
        said = []
        for line in self.process.stdout:
            if line == "ready\n":
                return
            said.append(line)
        raise RuntimeError(f"the phone does not boot:\n{''.join(said)}")

    def __exit__(self, *unused):
        self.call("end")
        said = self.process.stdout.read()
        assert self.process.wait(120) == 0, said

    def call(self, name, *arguments, **options):
        with socket.create_connection(("127.0.0.1", self.calls), 60) as client:
            client.sendall((json.dumps({"name": name, "arguments": arguments,
                                        "options": options}) + "\n").encode())
            answer = json.loads(client.makefile().readline())
        assert "error" not in answer, f"{name}: {answer['error']}"
        return answer["result"]

    def __getattr__(self, name):
        return lambda *arguments, **options: self.call(name, *arguments, **options)
