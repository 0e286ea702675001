# SPDX-License-Identifier: GPL-2.0-or-later
"""An HTTP server that does what a test tells it to, broken things included.

    server = Server()
    server.route("/a.bin", Answer(data, close_after=1000), Answer(data))

The first request for /a.bin gets the first answer, and so on; the last answer
stays. Every request is noted in server.requests, with the time it came.
"""

import dataclasses
import re
import select
import socket
import ssl
import subprocess
import threading
import time

HOST = "127.0.0.1"
REASONS = {200: "OK", 206: "Partial Content", 302: "Found",
           304: "Not Modified", 404: "Not Found",
           416: "Range Not Satisfiable", 500: "Internal Server Error"}
HEAD_MAX = 65536


class Gate(threading.Event):
    """Holds an answer back where it says hold_after, until set()."""


@dataclasses.dataclass
class Answer:
    """What is sent for one request. Without options it is a sound answer.

    body            bytes, or None for an endless one
    status, headers, etag, modified
    conditional     If-None-Match is honoured, else If-Modified-Since: 304
    ranges          a Range is honoured (If-Range too), and Accept-Ranges sent
    content_range   sent instead of the true one, and as 206
    length          sent as Content-Length instead of the true one; None: none is
                    sent, and the body ends with the connection
    chunked         sent in chunks, without Content-Length
    silent          nothing is sent at all
    raw             these bytes are sent, and nothing else
    hold_after, gate    after that many bytes of the body (0: after the head)
                    nothing more comes until the gate opens
    close_after     after that many bytes the connection is closed
    reset           closed with RST, not FIN
    piece, pause    bytes at a time, seconds between them
    """
    body: bytes | None = b""
    status: int = 200
    headers: dict = dataclasses.field(default_factory=dict)
    etag: str | None = None
    modified: str | None = None
    conditional: bool = False
    ranges: bool = False
    content_range: str | None = None
    length: int | str | None = "true"
    chunked: bool = False
    silent: bool = False
    raw: bytes | None = None
    hold_after: int | None = None
    gate: Gate | None = None
    close_after: int | None = None
    reset: bool = False
    piece: int = 65536
    pause: float = 0


@dataclasses.dataclass
class Request:
    method: str
    path: str
    headers: dict       # names in lower case
    time: float


def redirect(location, status=302):
    return Answer(b"moved\n", status=status, headers={"Location": location})


class Connection(threading.Thread):
    def __init__(self, server, sock):
        super().__init__(daemon=True)
        self.server = server
        self.sock = sock

    def run(self):
        try:
            if self.server.tls:
                self.shake_hands()
            while self.serve():
                pass
        except (OSError, ValueError):
            pass        # the client went, or the server is being closed
        finally:
            self.sock.close()
            self.server.forget(self.sock)

    def shake_hands(self):
        """Who is refused hears why, whatever it has sent meanwhile: closing would send
        a reset then.
        """
        self.sock = self.server.tls.wrap_socket(
            self.sock, server_side=True, do_handshake_on_connect=False)
        try:
            self.sock.do_handshake()
        except ssl.SSLError:
            self.sock.shutdown(socket.SHUT_WR)
            self.sock.settimeout(2)
            while self.sock.recv(4096):
                pass
            raise

    def read_head(self):
        head = b""
        while b"\r\n\r\n" not in head:
            data = self.sock.recv(4096)
            if not data or len(head) > HEAD_MAX:
                return None
            head += data
        lines = head.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        pairs = (line.split(":", 1) for line in lines[1:] if ":" in line)
        return Request(method, path, {name.strip().lower(): value.strip()
                                      for name, value in pairs},
                       time.monotonic())

    def serve(self):
        """One request; true if another one may follow on this connection."""
        request = self.read_head()
        if not request:
            return False
        answer = self.server.take(request)
        if answer.silent:
            self.wait(None)
            return False
        if answer.raw is not None:
            self.send_raw(answer)
            return False
        if self.is_unchanged(request, answer):
            self.sock.sendall(self.make_head(answer, 0, 0, 304))
            return True
        start, end, status = self.choose_part(request, answer)
        self.sock.sendall(self.make_head(answer, start, end, status))
        if request.method == "HEAD":
            return True
        if answer.body is None:
            self.send_endless(answer)
            return False
        whole = self.send_body(answer, answer.body[start:end])
        if answer.reset:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 b"\x01\0\0\0\0\0\0\0")
        return whole and (answer.chunked or answer.length == "true")

    @staticmethod
    def is_unchanged(request, answer):
        """Is what the client has what it would get? Tags are compared weakly."""
        if not answer.conditional:
            return False
        tags = request.headers.get("if-none-match")
        if tags is None:
            since = request.headers.get("if-modified-since")
            return since is not None and since == answer.modified
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return answer.etag and answer.etag.removeprefix("W/") in known

    @staticmethod
    def choose_part(request, answer):
        """The bytes to send, from and to, and the status that goes with it."""
        if answer.body is None:
            return 0, 0, answer.status
        size = len(answer.body)
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)",
                              request.headers.get("range", ""))
        condition = request.headers.get("if-range")
        fits = condition in (None, answer.etag, answer.modified)
        if not (wanted and fits and answer.ranges and answer.status == 200):
            return 0, size, answer.status
        start = int(wanted[1])
        end = min(int(wanted[2]) + 1, size) if wanted[2] else size
        if start >= size:
            return 0, 0, 416
        return start, end, 206

    @staticmethod
    def make_head(answer, start, end, status):
        if answer.content_range and status == 200:
            status = 206
        head = [f"HTTP/1.1 {status} {REASONS.get(status, 'Whatever')}",
                "Content-Type: application/octet-stream"]
        if answer.chunked:
            head.append("Transfer-Encoding: chunked")
        elif status == 304:
            pass
        elif answer.length == "true" and answer.body is not None:
            head.append(f"Content-Length: {end - start}")
        elif isinstance(answer.length, int):
            head.append(f"Content-Length: {answer.length}")
        else:
            head.append("Connection: close")
        if answer.content_range:
            head.append(f"Content-Range: {answer.content_range}")
        elif status == 206:
            head.append(
                f"Content-Range: bytes {start}-{end - 1}/{len(answer.body)}")
        if answer.ranges:
            head.append("Accept-Ranges: bytes")
        if answer.etag:
            head.append(f"ETag: {answer.etag}")
        if answer.modified:
            head.append(f"Last-Modified: {answer.modified}")
        head += [f"{name}: {value}" for name, value in answer.headers.items()]
        return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")

    def send_raw(self, answer):
        for at in range(0, len(answer.raw), answer.piece):
            self.sock.sendall(answer.raw[at:at + answer.piece])
            if answer.pause:
                self.server.closed.wait(answer.pause)

    def send_piece(self, answer, data):
        if answer.chunked and data:
            data = b"%x\r\n%s\r\n" % (len(data), data)
        self.sock.sendall(data)

    def send_body(self, answer, body):
        """False if it was broken off on purpose."""
        at = 0
        stops = [len(body)] + [stop for stop in (answer.hold_after,
                                                 answer.close_after)
                               if stop is not None and stop <= len(body)]
        for stop in sorted(set(stops)):
            while at < stop:
                part = body[at:min(stop, at + answer.piece)]
                self.send_piece(answer, part)
                at += len(part)
                if answer.pause and at < len(body):
                    self.server.closed.wait(answer.pause)
            if stop == answer.hold_after:
                self.wait(answer.gate)
            if stop == answer.close_after:
                return False
        if answer.chunked:
            self.sock.sendall(b"0\r\n\r\n")
        return True

    def send_endless(self, answer):
        block = bytes(answer.piece)
        while not self.server.closed.is_set():
            self.send_piece(answer, block)
            if answer.pause:
                self.server.closed.wait(answer.pause)

    def wait(self, gate):
        """Until the gate opens; ends with an error if the client goes."""
        while not (gate and gate.is_set()):
            ready, _, _ = select.select([self.sock], [], [], 0.02)
            if ready and not self.sock.recv(1):
                raise ConnectionResetError
            if self.server.closed.is_set():
                raise ConnectionAbortedError


class Server:
    """tls: (certificate file, key file); clients: certificates of those that may come,
    a file; listen=False: connections are refused until listen() is called."""

    def __init__(self, tls=None, listen=True, clients=None, host=HOST, port=0):
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*tls)
        if clients:
            self.tls.load_verify_locations(clients)
            self.tls.verify_mode = ssl.CERT_REQUIRED
        self.closed = threading.Event()
        self.changed = threading.Condition()
        self.routes = {}
        self.requests = []
        self.connections = set()
        self.sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind((host, port))
        self.port = self.sock.getsockname()[1]
        if ":" in host:
            host = f"[{host}]"
        self.base = f"{'https' if tls else 'http'}://{host}:{self.port}"
        self.thread = None
        if listen:
            self.listen()

    def listen(self):
        self.sock.listen(16)
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                sock, _ = self.sock.accept()
            except OSError:
                return
            with self.changed:
                self.connections.add(sock)
            Connection(self, sock).start()

    def forget(self, sock):
        with self.changed:
            self.connections.discard(sock)

    def url(self, path):
        return self.base + path

    def route(self, path, *answers):
        """Gives the URL. The path is without query; the last answer stays. One may
        be a function that gives it for a request.
        """
        with self.changed:
            self.routes[path] = list(answers)
        return self.url(path)

    def chain(self, path, count, answer):
        """That many redirects before the answer; gives the URL of the first."""
        for i in range(count):
            target = path if i + 1 == count else f"/hop{i + 1}{path}"
            self.route(f"/hop{i}{path}", redirect(target))
        self.route(path, answer)
        return self.url(f"/hop0{path}" if count else path)

    def take(self, request):
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()
            answers = self.routes.get(request.path.split("?")[0])
            if not answers:
                return Answer(b"no such file\n", status=404)
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer(request) if callable(answer) else answer

    def wait_requests(self, count, timeout=40):
        """Until that many requests have come; gives them."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.requests) >= count,
                                         timeout):
                raise AssertionError(f"{len(self.requests)} requests came in "
                                     f"{timeout} s instead of {count}")
            return list(self.requests)

    def close(self):
        self.closed.set()
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass        # it never listened
        self.sock.close()
        if self.thread:
            self.thread.join(5)
        with self.changed:
            for sock in self.connections:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def make_certificate(directory, name="", password=None):
    """A self-signed one for HOST; gives the files of certificate and key, which may
    have a password.
    """
    certificate, key = directory / f"{name}cert.pem", directory / f"{name}key.pem"
    protect = ["-passout", f"pass:{password}"] if password else ["-nodes"]
    subprocess.run(
        ["openssl", "req", "-x509", *protect, "-newkey", "ec",
         "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "3650",
         "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=IP:{HOST}",
         "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key
