# SPDX-License-Identifier: GPL-2.0-or-later
"""nginx, as a provisioning server runs it: files of a directory, and what was asked
for, from its own access log.

    with Nginx(directory) as nginx:
        nginx.put("/firmware.xml", text)
        entry, = nginx.wait("/firmware.xml", 1)
        assert entry.status == 200
"""
import dataclasses
import http.client
import itertools
import json
import os
import socket
import subprocess
import time

from sim import Lines

HOST = "127.0.0.1"
PORT = 8080

# What is fetched from the beginning from below /slow comes this slowly (bytes a
# second); the rest of something comes at once.
SLOW = 20000

# What the tests themselves ask for; it is not among the entries.
SETTLED = "/settled/"

CONFIG = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ }}
http {{
    log_format entry escape=json '{{"path":"$request_uri",'
        '"status":$status,"sent":$bytes_sent,"body":$body_bytes_sent,'
        '"received":$request_length,"agent":"$http_user_agent",'
        '"range":"$http_range"}}';
    access_log {log} entry;
    log_not_found off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    map $http_range $rate {{ "" {slow}; default 0; }}
    server {{
        listen {host}:{port};
        root {directory}/files;
        location /slow/ {{
            alias {directory}/files/;
            limit_rate $rate;
        }}
    }}
}}
"""


@dataclasses.dataclass
class Entry:
    """A line of the access log. The path has the query with it; sent and received
    count the heads, body does not.
    """
    path: str
    status: int
    sent: int
    body: int
    received: int
    agent: str
    range: str


class Nginx:
    """Serves directory/files; the log comes by a pipe, line by line."""

    def __init__(self, directory):
        self.directory = directory
        self.files = f"{directory}/files"
        self.base = f"http://{HOST}:{PORT}"
        self.log = Lines()
        self.ages = itertools.count(1)
        self.settled = itertools.count(1)
        self.process = None

    def __enter__(self):
        os.mkdir(self.files)
        log = self.log.pipe()
        with open(f"{self.directory}/nginx.conf", "w") as file:
            file.write(CONFIG.format(
                directory=self.directory, log=f"/proc/self/fd/{log}", slow=SLOW,
                host=HOST, port=PORT))
        self.process = subprocess.Popen(
            ["nginx", "-e", "stderr", "-p", self.directory, "-c", file.name],
            stdin=subprocess.DEVNULL, pass_fds=[log])
        os.close(log)
        self.ready()
        return self

    def __exit__(self, *unused):
        self.process.terminate()
        self.process.wait(10)

    def ready(self, within=40):
        end = time.monotonic() + within
        while True:
            try:
                socket.create_connection((HOST, PORT), 1).close()
                return
            except ConnectionRefusedError:
                assert self.process.poll() is None, "nginx ended"
                assert time.monotonic() < end, "nginx does not listen"
                time.sleep(0.01)

    # What it serves
    def put(self, path, data):
        """A new file, or a new version of it; gives its URL. nginx tells versions
        apart by size and second, so each gets a second of its own.
        """
        name = self.files + path
        data = data if isinstance(data, bytes) else data.encode()
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(f"{name}.new", "wb") as file:
            file.write(data)
        age = 1700000000 + next(self.ages)
        os.utime(file.name, (age, age))
        os.rename(file.name, name)
        return self.base + path

    def remove(self, path):
        os.unlink(self.files + path)

    # What was asked for
    def settle(self):
        """Until all that was answered is in the log: nginx answers first, and logs
        then, but one after another.
        """
        path = f"{SETTLED}{next(self.settled)}"
        since = len(self.log.all())
        connection = http.client.HTTPConnection(HOST, PORT, timeout=10)
        connection.request("GET", path)
        connection.getresponse().read()
        connection.close()
        assert self.log.wait(f'"{path}"', 10, since), "nginx does not log"

    def mark(self):
        """A place in the log: what is asked for later is after it."""
        self.settle()
        return len(self.log.all())

    def entries(self, path="", since=0):
        """Those whose path begins so, of all that was answered."""
        self.settle()
        return self.logged(path, since)

    def logged(self, path, since):
        lines = map(json.loads, self.log.all(since))
        return [Entry(**line) for line in lines
                if line["path"].startswith(path)
                and not line["path"].startswith(SETTLED)]

    def wait(self, path, count, since=0, within=40):
        """Until as many are there; gives them."""
        end = time.monotonic() + within
        while True:
            seen = len(self.log.all())
            found = self.logged(path, since)
            if len(found) >= count:
                return found
            left = end - time.monotonic()
            assert left > 0, (f"{path} was asked for {len(found)} times in "
                              f"{within} s instead of {count}")
            self.log.wait("", left, seen)
