# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcweb, and the pages as a client of HTTP has them."""
import contextlib
import html
import http.client
import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HOST = "127.0.0.1"
PORT = 8471
UNIX = "/run/uxmcweb/http"

# What uxmcd.conf says of it
CONFIG = {"web_listen": f"{HOST}:{PORT} {UNIX}"}


class Page:
    """An answer: status, headers, text, and what is on the page."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        # Of a stream the beginning is enough, and there is no end.
        stream = response.headers["Content-Type"] == "text/event-stream"
        self.body = response.readline() if stream else response.read()
        response.close()
        self.text = self.body.decode(errors="replace")

    def rows(self):
        """The rows of all tables with a heading each: [(heading, value)]."""
        found = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>',
                           self.text, re.DOTALL)
        return [(plain(name), plain(value)) for name, value in found]

    def below(self, heading):
        """What stands beside a heading, and the row below it."""
        rows = self.rows()
        names = [name for name, _ in rows]
        index = names.index(heading)
        return rows[index][1], rows[index + 1]

    def links(self):
        """What it refers to."""
        return re.findall(r'(?:href|src)="([^"#]+)"', self.text)

    def by_id(self, name):
        """The text of an element; None if there is none."""
        found = re.search(rf'<(\w+)[^>]* id="{name}"[^>]*>(.*?)</\1>', self.text,
                          re.DOTALL)
        return plain(found.group(2)) if found else None


def plain(text):
    """Without tags, and with nothing escaped."""
    return html.unescape(re.sub(r"<[^>]*>", "", text)).strip()


class UnixConnection(http.client.HTTPConnection):
    """HTTP on a unix socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Web:
    """The program, once started: with Web(file) as web."""

    def __init__(self, config, *options, program="uxmcweb", port=PORT, unix=UNIX,
                 environment=None):
        self.config = config
        self.options = options
        self.program = f"{TOP}/build/{program}"
        self.port = port
        self.unix = unix
        self.environment = environment
        self.context = None
        self.log_file = f"{config}.web.log"
        self.process = None

    def __enter__(self):
        with open(self.log_file, "w") as log:
            self.process = subprocess.Popen(
                [self.program, "-c", self.config, "-v", *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=os.environ | (self.environment or {}))
        self.ready()
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)

    def ready(self, within=30):
        end = time.monotonic() + within
        while True:
            try:
                socket.create_connection((HOST, self.port), 1).close()
                return
            except ConnectionRefusedError:
                assert self.process.poll() is None, f"it ended:\n{self.log()}"
                assert time.monotonic() < end, "uxmcweb does not listen"
                time.sleep(0.01)

    def log(self):
        with open(self.log_file) as file:
            return file.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    # Requests
    def connect(self, unix=False, host=HOST):
        if unix:
            return UnixConnection(self.unix)
        if self.context:
            return http.client.HTTPSConnection(host, self.port, timeout=30,
                                               context=self.context)
        return http.client.HTTPConnection(host, self.port, timeout=30)

    def request(self, method, path, body=None, headers=None, **options):
        with contextlib.closing(self.connect(**options)) as connection:
            connection.request(method, path, body, headers or {})
            return Page(connection.getresponse())

    def get(self, path, **options):
        page = self.request("GET", path, **options)
        assert page.status == 200, (path, page.status, page.text)
        return page

    def post(self, path, fields, headers=None, **options):
        body = urllib.parse.urlencode(fields)
        return self.request("POST", path, body, {
            "Content-Type": "application/x-www-form-urlencoded"} | (headers or {}),
            **options)

    def until(self, path, condition, within=20):
        """Asks for a page until it is so; gives it."""
        end = time.monotonic() + within
        while True:
            page = self.get(path)
            if condition(page):
                return page
            assert time.monotonic() < end, f"not within {within} s:\n{page.text}"
            time.sleep(0.05)
