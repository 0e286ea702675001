# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine that has nothing but itself, in a network and a file system of its own: a
web server, and a name server that behaves in the given ways, query by query, the last
of which stays:

    none        there is none, and no way out of the machine
    silent      it takes the query
    fails       it says SERVFAIL
    unknown     it says NXDOMAIN
    answers     the name has the web server's address
    ipv6        the same, and of IPv6 alone

It ends with its standard input.
"""
import os
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

# pylint: disable=wrong-import-position
from httpd import Answer, Server

A, AAAA = 1, 28
SERVFAIL, NXDOMAIN = 2, 3


def address(kind, way):
    if kind == A and way == "answers":
        return socket.inet_aton("127.0.0.1")
    if kind == AAAA and way == "ipv6":
        return socket.inet_pton(socket.AF_INET6, "::1")
    return None


def reply(query, way):
    """RFC 1035, section 4.1"""
    end = query.index(b"\0", 12) + 5
    found = address(int.from_bytes(query[end - 4:end - 2], "big"), way)
    code = {"fails": SERVFAIL, "unknown": NXDOMAIN}.get(way, 0)
    head = query[:2] + bytes([0x81, 0x80 | code]) + b"\0\1" + \
        (b"\0\1" if found else b"\0\0") + b"\0\0\0\0"
    if not found:
        return head + query[12:end]
    return head + query[12:end] + b"\xc0\x0c" + query[end - 4:end] + b"\0\0\0\0" + \
        len(found).to_bytes(2, "big") + found


def serve_names(ways):
    """The two queries for a name, for A and AAAA, are one time."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 53))
    kinds = []
    while True:
        query, client = sock.recvfrom(512)
        end = query.index(b"\0", 12) + 5
        kind = query[end - 4:end - 2]
        if kind in kinds and len(ways) > 1:
            ways = ways[1:]
            kinds = []
        kinds.append(kind)
        if ways[0] != "silent":
            sock.sendto(reply(query, ways[0]), client)


def main(ways):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("nameserver 127.0.0.1\noptions timeout:1\n")
        file.flush()
        os.chmod(file.name, 0o644)
        subprocess.run(["mount", "--bind", file.name, os.path.realpath(
            "/etc/resolv.conf")], check=True)
        if ways != ["none"]:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            subprocess.run(["ip", "route", "add", "default", "dev", "lo"], check=True)
            threading.Thread(target=serve_names, args=(ways,), daemon=True).start()
            server = Server(host="::1" if ways == ["ipv6"] else "127.0.0.1", port=80)
            server.route("/", Answer(b"\0" * 1000))
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
