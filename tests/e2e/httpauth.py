# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers that want a user and a password (RFC 7617, RFC 7616).

    server.route("/a.bin", Wants(Answer(data), digest("SHA-256"), "phone", "secret"))
"""
import base64
import hashlib
import re

from httpd import Answer

REALM = "phones"
NONCE = "dcd98b7102dd2f0e8b11d0f600bfb0c093"

BASIC = f'Basic realm="{REALM}"'
HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def digest(algorithm=None):
    """The challenge; without an algorithm it is MD5, as of old."""
    named = f", algorithm={algorithm}" if algorithm else ""
    return f'Digest realm="{REALM}", qop="auth", nonce="{NONCE}"{named}'


def fields(text):
    return {name: quoted or plain for name, quoted, plain in
            re.findall(r'(\w+)=(?:"([^"]*)"|([^, ]+))', text)}


class Wants:
    """An answer for who knows them; the challenges are said in that order."""

    def __init__(self, answer, challenges, user, password, proxy=False):
        self.answer = answer
        self.challenges = [challenges] if isinstance(challenges, str) else challenges
        self.user, self.password = user, password
        self.status = 407 if proxy else 401
        self.asks = "Proxy-Authenticate" if proxy else "WWW-Authenticate"
        self.says = self.asks.replace("WWW-Authenticate", "authorization").replace(
            "Proxy-Authenticate", "proxy-authorization")
        self.seen = []      # what was said, None for nothing

    def __call__(self, request):
        said = request.headers.get(self.says)
        self.seen.append(said)
        return self.answer if said and self.knows(said, request) else self.refusal()

    def refusal(self):
        # Several headers of the same name
        challenges = f"\r\n{self.asks}: ".join(self.challenges)
        return Answer(b"<html>who is there?</html>", status=self.status,
                      headers={self.asks: challenges})

    def knows(self, said, request):
        if said.startswith("Basic ") and BASIC in self.challenges:
            return base64.b64decode(said[6:]).decode() == f"{self.user}:{self.password}"
        return said.startswith("Digest ") and self.is_right(fields(said), request)

    def is_right(self, said, request):
        of = HASHES[said.get("algorithm", "MD5")]

        def hashed(*parts):
            return of(":".join(parts).encode()).hexdigest()
        return said["username"] == self.user and said["response"] == hashed(
            hashed(self.user, REALM, self.password), NONCE, said["nc"], said["cnonce"],
            said["qop"], hashed(request.method, said["uri"]))

    @property
    def schemes(self):
        return [said and said.split()[0] for said in self.seen]
