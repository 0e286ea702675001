# SPDX-License-Identifier: GPL-2.0-or-later
"""Passwords, client certificates, proxies: who gets to know them, and who does not."""
import errno
import os

import pytest

import wire
from httpauth import BASIC, Wants, digest
from httpd import HOST, Answer, Server, make_certificate, redirect
from proxy import Proxy
from test_image import complete, ended

BODY = os.urandom(5000)
USER, PASSWORD = "phone", "s3cr:t @/"
LOGIN = {"user": USER, "password": PASSWORD}
IN_URL = "phone:s3cr%3At%20%40%2F@"

WANTS = (f"{HOST} answered 401 (unauthorized): it wants a user and a password: set "
         "http_client_user and http_client_pass, or have them in the URL")
WRONG = (f"{HOST} answered 401 (unauthorized): it does not take the user and password "
         "that it was given")

# What the server offers, and what is taken of it
OFFERS = {"Basic": (BASIC, "Basic"), "Digest": (digest(), "Digest"),
          "Digest, MD5": (digest("MD5"), "Digest"),
          "Digest, SHA-256": (digest("SHA-256"), "Digest"),
          "both": ([BASIC, digest("SHA-256")], "Digest"),
          "several": ([digest("SHA-256"), digest("MD5"), BASIC], "Digest")}


def protected(server, offers, path="/a.bin", password=PASSWORD):
    wants = Wants(Answer(BODY), offers, USER, password)
    return server.route(path, wants), wants


def with_login(url, login=IN_URL):
    return url.replace("://", f"://{login}")


@pytest.mark.parametrize("name", OFFERS)
@pytest.mark.parametrize("where", ["URL", "settings"])
def test_login(server, get, name, where):
    """Nothing is said before the server has asked."""
    offers, scheme = OFFERS[name]
    url, wants = protected(server, offers)
    fetch = get(with_login(url)) if where == "URL" else get(url, **LOGIN)
    complete(fetch)
    assert fetch.data == BODY and wants.schemes == [None, scheme]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_never_said_unasked(server, secure, certificate, get, scheme):
    where = server if scheme == "http" else secure
    url = where.route("/a.bin", Answer(BODY))
    for fetch in (get(url, ca_file=certificate[0], **LOGIN),
                  get(with_login(url), ca_file=certificate[0])):
        complete(fetch)
    assert not any("authorization" in one.headers for one in where.requests)


def test_url_takes_precedence(server, get):
    url, wants = protected(server, BASIC)
    complete(get(with_login(url), user="other", password="wrong"))
    assert len(wants.seen) == 2
    ended(get(with_login(url, "other:wrong@"), **LOGIN), "failed", errno.EACCES, WRONG)
    ended(get(with_login(url, "@"), **LOGIN), "failed", errno.EACCES, WRONG)


@pytest.mark.parametrize("offers", [BASIC, digest(), digest("SHA-256"),
                                    [BASIC, digest()]])
def test_wrong(server, get, offers):
    """It is said once, and not tried by other means."""
    url, wants = protected(server, offers)
    ended(get(url, user=USER, password="wrong"), "failed", errno.EACCES, WRONG)
    assert len(wants.seen) <= 3


def test_none(server, get):
    url, wants = protected(server, [BASIC, digest()])
    ended(get(url), "failed", errno.EACCES, WANTS)
    assert wants.seen == [None]


@pytest.mark.parametrize("challenge", ["Bearer", "Negotiate", "NTLM", "Digest rubbish",
                                       'Digest realm="x", nonce="y", algorithm=SHA-1'])
def test_other_schemes(server, get, challenge):
    """What is not spoken is not answered."""
    url, wants = protected(server, challenge)
    fetch = get(url, **LOGIN)
    assert fetch.result == "failed" and set(wants.seen) == {None}


def test_user_without_password(server, get):
    url, wants = protected(server, BASIC, password="")
    complete(get(url, user=USER))
    complete(get(with_login(url, "phone@")))
    assert wants.schemes == [None, "Basic"] * 2


def test_settings_file(server, get):
    wants = Wants(Answer(b"<settings/>"), digest(), USER, PASSWORD)
    complete(get(server.route("/s.xml", wants), wire.SETTINGS, **LOGIN))


def test_rest(server, get):
    """The first request, without a login, and the second one ask for the same."""
    wants = Wants(Answer(BODY, ranges=True, etag='"one"'), digest("SHA-256"), USER,
                  PASSWORD)
    fetch = get(server.route("/a.bin", wants), offset=2000, etag='"one"', **LOGIN)
    complete(fetch)
    assert fetch.headers.status == 206 and fetch.data == BODY[2000:]
    assert {one.headers["range"] for one in server.requests} == {"bytes=2000-"}


def test_page_with_401_is_not_waited_for(server, get):
    endless = Answer(None, status=401, headers={"WWW-Authenticate": BASIC})
    url = server.route("/a.bin", endless, Answer(BODY))
    complete(get(url, **LOGIN))


# Redirects
def test_redirect_to_the_same_server(server, get):
    """By a part of a URL, and by all of it."""
    _, wants = protected(server, digest(), "/b.bin")
    for location in ("/b.bin", server.url("/b.bin")):
        url = server.route("/a.bin", redirect(location))
        complete(get(url, **LOGIN))
        complete(get(with_login(url)))
    assert wants.schemes == [None, "Digest"] * 4


@pytest.mark.parametrize("where", ["URL", "settings"])
def test_redirect_to_another_server(server, get, where):
    """Another port, another name: neither is told. Then back: that one is."""
    with Server() as other:
        there, wants = protected(other, [BASIC, digest()])
        for location in (there, there.replace(HOST, "localhost"),
                         server.url("/b.bin").replace(HOST, "localhost")):
            server.route("/b.bin", wants)
            url = server.route("/a.bin", redirect(location))
            fetch = get(with_login(url)) if where == "URL" else get(url, **LOGIN)
            assert fetch.end.error == errno.EACCES
            assert fetch.sentence.endswith("or have them in the URL")
        assert set(wants.seen) == {None}
        _, back = protected(server, BASIC, "/c.bin")
        other.route("/a.bin", redirect(server.url("/c.bin")))
        away = server.route("/d.bin", redirect(other.url("/a.bin")))
        complete(get(away, **LOGIN))
        assert back.schemes == [None, "Basic"]


def test_redirect_with_a_login_of_its_own(server, get):
    """It is the server's to say so."""
    with Server() as other:
        there, wants = protected(other, BASIC)
        url = server.route("/a.bin", redirect(with_login(there)))
        complete(get(url, user="not", password="these"))
        assert wants.schemes == [None, "Basic"]


# Client certificates
@pytest.fixture(scope="module")
def client(public):
    certificate, key = make_certificate(public, "client-")
    return readable(certificate), readable(key)


def readable(path):
    path.chmod(0o644)
    return path


@pytest.fixture
def strict(certificate, client):
    """A server that lets in who has that certificate."""
    with Server(tls=certificate, clients=client[0]) as server:
        yield server


def test_client_certificate(strict, certificate, client, get):
    complete(get(strict.route("/a.bin", Answer(BODY)), ca_file=certificate[0],
                 client_cert=client[0], client_key=client[1]))


def test_certificate_and_key_in_a_file(strict, public, certificate, client, get):
    both = public / "both.pem"
    both.write_bytes(client[0].read_bytes() + client[1].read_bytes())
    complete(get(strict.route("/a.bin", Answer(BODY)), ca_file=certificate[0],
                 client_cert=readable(both)))


def test_no_client_certificate(strict, certificate, get):
    fetch = get(strict.route("/a.bin", Answer(BODY)), ca_file=certificate[0])
    ended(fetch, "failed", errno.EACCES, f"{HOST} wants to be shown a certificate: set "
          "client_cert and client_key in uxmcd.conf")
    assert not strict.requests


def test_client_certificate_of_another(strict, public, certificate, get):
    other = make_certificate(public, "other-")
    fetch = get(strict.route("/a.bin", Answer(BODY)), ca_file=certificate[0],
                client_cert=readable(other[0]), client_key=readable(other[1]))
    ended(fetch, "failed", errno.EACCES, f"{HOST} does not take the certificate of "
          f"client_cert in uxmcd.conf: {other[0]}")
    assert not strict.requests


def test_server_that_wants_none(secure, certificate, client, get):
    complete(get(secure.route("/a.bin", Answer(BODY)), ca_file=certificate[0],
                 client_cert=client[0], client_key=client[1]))


def bad_key(public, kind):
    if kind == "missing":
        return public / "missing.pem"
    if kind == "with a password":       # nobody is asked for it
        return readable(make_certificate(public, "locked-", "secret")[1])
    if kind == "another":
        return readable(make_certificate(public, "wrong-")[1])
    path = public / "own.pem"
    path.write_bytes((public / "client-key.pem").read_bytes())
    path.chmod(0o600)
    return path


NOT_A_PAIR = ("client_cert and client_key of uxmcd.conf are not a certificate in PEM form "
              "and its key, without a password: {}, {}")
UNREADABLE = "client_key of uxmcd.conf cannot be read by uxmc-fetch's user: {}: {}"


@pytest.mark.parametrize("kind", ["missing", "with a password", "another", "not for us"])
def test_bad_key(strict, public, certificate, client, get, kind):
    if kind == "not for us" and os.geteuid():
        pytest.skip("needs root to be another user")
    key = bad_key(public, kind)
    fetch = get(strict.route("/a.bin", Answer(BODY)), ca_file=certificate[0],
                client_cert=client[0], client_key=key)
    why = {"missing": errno.ENOENT, "not for us": errno.EACCES}.get(kind)
    ended(fetch, "failed", errno.EKEYREJECTED, UNREADABLE.format(os.strerror(why), key)
          if why else NOT_A_PAIR.format(client[0], key))


@pytest.mark.parametrize("line", ["ca_file", "client_cert"])
@pytest.mark.parametrize("kind", ["missing", "not for us", "no certificate"])
def test_bad_certificate(strict, public, certificate, client, get, line, kind):
    """The sentence names line and file."""
    path = public / "bad.pem"
    if kind != "missing":
        path.write_bytes(b"no certificate")
        path.chmod(0o600 if kind == "not for us" else 0o644)
    files = {"ca_file": certificate[0], "client_cert": client[0],
             "client_key": client[1], line: path}
    fetch = get(strict.route("/a.bin", Answer(BODY)), **files)
    path.unlink(missing_ok=True)
    assert (fetch.result, fetch.end.error) == ("failed", errno.EKEYREJECTED)
    assert fetch.sentence.startswith(line) and str(path) in fetch.sentence
    assert not strict.requests


# Proxies
@pytest.mark.parametrize("socks", [False, True], ids=["HTTP", "SOCKS"])
@pytest.mark.parametrize("login", [None, "me:pr0xy"], ids=["open", "login"])
def test_proxy(server, secure, certificate, get, socks, login):
    """It resolves names: this one nobody knows here. A tunnel's own answer is none."""
    with Proxy(socks, login) as proxy:
        url = server.route("/a.bin", Answer(BODY)).replace(HOST, "pbx.invalid")
        fetch = get(url, proxy=proxy.url)
        complete(fetch)
        assert fetch.data == BODY
        place = url.split("/")[2]
        assert proxy.asked[-1] == (("socks", place) if socks else ("GET", url))
        fetch = get(secure.route("/a.bin", Answer(BODY)), proxy=proxy.url,
                    ca_file=certificate[0])
        complete(fetch)
        assert fetch.data == BODY
        assert proxy.asked[-1] == ("socks" if socks else "CONNECT",
                                   f"{HOST}:{secure.port}")
    assert not any("proxy-authorization" in one.headers for one in server.requests)


@pytest.mark.parametrize("socks", [False, True], ids=["HTTP", "SOCKS"])
def test_login_by_a_proxy(server, get, socks):
    url, wants = protected(server, digest())
    with Proxy(socks, "me:pr0xy") as proxy:
        complete(get(url, proxy=proxy.url, **LOGIN))
    assert wants.schemes == [None, "Digest"]


@pytest.mark.parametrize("no_proxy", [HOST, "example.org,127.0.0.1", "*"])
def test_no_proxy(server, get, no_proxy):
    with Proxy() as proxy:
        url = server.route("/a.bin", Answer(BODY))
        complete(get(url, proxy=proxy.url, no_proxy=no_proxy))
        assert not proxy.asked
        complete(get(url, proxy=proxy.url, no_proxy="other.example"))
        assert proxy.asked


def test_environment(server, start, monkeypatch):
    """Proxies of the environment are of no account, and neither is its no_proxy."""
    url = server.route("/a.bin", Answer(BODY))
    with Proxy() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY",
                     "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        complete(start(wire.request(url)).take_all())
        assert not proxy.asked
        monkeypatch.setenv("no_proxy", "*")
        monkeypatch.setenv("NO_PROXY", "*")
        complete(start(wire.request(url, proxy=proxy.url)).take_all())
        assert proxy.asked


def test_proxy_that_refuses(server, secure, certificate, get):
    http = server.route("/a.bin", Answer(BODY))
    https = secure.route("/a.bin", Answer(BODY))
    with Proxy(refuse=403) as proxy:
        ended(get(http, proxy=proxy.url), "failed", errno.EREMOTEIO,
              f"{HOST} answered 403 (forbidden)")
        ended(get(https, proxy=proxy.url, ca_file=certificate[0]), "failed",
              errno.ECONNREFUSED, f"the proxy answered 403 when it was asked for {HOST}: "
              "see proxy in uxmcd.conf")
    with Proxy(login="me:pr0xy") as proxy:
        wrong = proxy.url.replace("pr0xy", "wrong")
        ended(get(http, proxy=wrong), "failed", errno.EREMOTEIO, f"{HOST} answered 407 "
              "(proxy authentication required): see proxy in uxmcd.conf")
        ended(get(https, proxy=wrong, ca_file=certificate[0]), "failed",
              errno.ECONNREFUSED, f"the proxy answered 407 when it was asked for {HOST}: "
              "see proxy in uxmcd.conf")
    with Proxy(refuse=503) as proxy:
        ended(get(https, proxy=proxy.url, ca_file=certificate[0]), "broken",
              errno.ECONNREFUSED, f"the proxy answered 503 when it was asked for {HOST}: "
              "see proxy in uxmcd.conf")
    with Proxy(socks=True, login="me:pr0xy") as proxy:
        for login in ("me:wrong@", ""):
            ended(get(http, proxy=proxy.url.replace("me:pr0xy@", login)), "failed",
                  errno.EACCES, "the proxy wants a user and a password, or others: see "
                  "proxy in uxmcd.conf")
    with Proxy(socks=True, refuse=True) as proxy:
        ended(get(http, proxy=proxy.url), "broken", errno.ECONNREFUSED, "the proxy did "
              f"not connect to {HOST}: see proxy in uxmcd.conf")
    assert not server.requests and not secure.requests


def test_no_proxy_there(server, get):
    with Proxy() as proxy:
        pass
    url = server.route("/a.bin", Answer(BODY))
    ended(get(url, proxy=proxy.url), "broken", errno.ECONNREFUSED,
          f"no connection to {HOST}, or to proxy of uxmcd.conf, could be made")
    ended(get(url, proxy="http://proxy.invalid:3128"), "broken", errno.EHOSTUNREACH,
          "the name of proxy in uxmcd.conf cannot be resolved")


def test_nothing_in_the_process_list(server, start):
    """The request comes by the socket."""
    url = with_login(server.route("/a.bin", Answer(BODY, hold_after=10)), "me:s3cr3t@")
    fetch = start(wire.request(url, password="s3cr3t", user="me",
                               proxy="", stall_timeout=60000))
    while fetch.headers is None:
        assert fetch.take()
    for name in ("cmdline", "environ", "comm"):
        with open(f"/proc/{fetch.process.pid}/{name}", "rb") as file:
            assert b"s3cr3t" not in file.read()
