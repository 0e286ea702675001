# SPDX-License-Identifier: GPL-2.0-or-later
"""A proxy: HTTP's, with tunnels (RFC 9110, sections 7.2 and 9.3.6), or SOCKS 5 (RFC
1928). Whatever name it is asked for, it goes to HOST.
"""
import base64
import socket
import threading

from httpd import HOST


def read_head(sock):
    head = b""
    while b"\r\n\r\n" not in head:
        data = sock.recv(4096)
        if not data:
            raise ConnectionError
        head += data
    return head


def read(sock, count):
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def relay(one, other):
    """Both ways, until one of them ends."""
    def copy(source, to):
        try:
            while data := source.recv(65536):
                to.sendall(data)
        except OSError:
            pass
        for sock in (source, to):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
    back = threading.Thread(target=copy, args=(other, one), daemon=True)
    back.start()
    copy(one, other)
    back.join()


class Proxy:
    """login: "user:password" that it wants; asked: (method or "socks", target)."""

    def __init__(self, socks=False, login=None, refuse=None):
        self.socks = socks
        self.login = login
        self.refuse = refuse        # a status that it answers all with
        self.asked = []
        self.listener = socket.create_server((HOST, 0))
        self.port = self.listener.getsockname()[1]
        scheme = "socks5h" if socks else "http"
        at = f"{login}@" if login else ""
        self.url = f"{scheme}://{at}{HOST}:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        with sock:
            try:
                (self.serve_socks if self.socks else self.serve_http)(sock)
            except (OSError, ValueError):
                pass

    # HTTP
    def serve_http(self, sock):
        head = read_head(sock)
        line, rest = head.split(b"\r\n", 1)
        method, target, version = line.split(b" ")
        self.asked.append((method.decode(), target.decode()))
        status = self.refuse or (None if self.may(rest) else 407)
        if status:
            sock.sendall(b"HTTP/1.1 %d No\r\nProxy-Authenticate: Basic realm=x\r\n"
                         b"Content-Length: 0\r\nConnection: close\r\n\r\n" % status)
            return
        if method == b"CONNECT":
            with socket.create_connection((HOST, int(target.split(b":")[1]))) as server:
                sock.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: y\r\n\r\n")
                relay(sock, server)
            return
        place, path = target.removeprefix(b"http://").split(b"/", 1)
        lines = [one for one in rest.split(b"\r\n")
                 if not one.lower().startswith(b"proxy-")]
        with socket.create_connection((HOST, int(place.split(b":")[1]))) as server:
            server.sendall(b"%s /%s %s\r\n" % (method, path, version) +
                           b"\r\n".join(lines))
            relay(sock, server)

    def may(self, head):
        if not self.login:
            return True
        wanted = b"basic " + base64.b64encode(self.login.encode())
        return any(line.lower().startswith(b"proxy-authorization:") and
                   line.split(b":", 1)[1].strip().lower() == wanted.lower()
                   for line in head.split(b"\r\n"))

    # SOCKS
    def serve_socks(self, sock):
        _version, count = read(sock, 2)
        methods = read(sock, count)
        if self.login and 2 in methods:
            sock.sendall(b"\5\2")
            if not self.knows(sock):
                sock.sendall(b"\1\1")
                return
            sock.sendall(b"\1\0")
        elif self.login:
            sock.sendall(b"\5\xff")
            return
        else:
            sock.sendall(b"\5\0")
        _version, _command, _reserved, kind = read(sock, 4)
        name = read(sock, read(sock, 1)[0]).decode() if kind == 3 else \
            socket.inet_ntoa(read(sock, 4))
        port = int.from_bytes(read(sock, 2), "big")
        self.asked.append(("socks", f"{name}:{port}"))
        if self.refuse:
            sock.sendall(b"\5\2\0\1\0\0\0\0\0\0")
            return
        with socket.create_connection((HOST, port)) as server:
            sock.sendall(b"\5\0\0\1\0\0\0\0\0\0")
            relay(sock, server)

    def knows(self, sock):
        """RFC 1929"""
        _version, length = read(sock, 2)
        user = read(sock, length).decode()
        password = read(sock, read(sock, 1)[0]).decode()
        return f"{user}:{password}" == self.login

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
