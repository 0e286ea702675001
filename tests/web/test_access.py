# SPDX-License-Identifier: GPL-2.0-or-later
"""Who gets in: every page, with every credential, by every way that there is. What is
expected is worked out here from the rules of uxmcweb(8), and not by asking it.
"""
import base64
import dataclasses
import http.client
import itertools
import re
import secrets
import urllib.request

import pytest

from conftest import free_port, own_address
from fake import md5
from pages import HOST

USER, PASS = "admin", "se:cret"
AGENTS = {"script": "curl/8.0", "browser": "Mozilla/5.0 (X11) Firefox/130.0"}

# Page: who may see it, methods, and the query by which it changes something
@dataclasses.dataclass
class Route:
    need: str
    methods: str
    query: str = ""


ROUTES = {
    "/": Route("nothing", "GET HEAD"),
    "/index.htm": Route("nothing", "GET HEAD"),
    "/login.htm": Route("login", "GET HEAD POST"),
    "/logout.htm": Route("user", "POST"),
    "/info.htm": Route("info", "GET HEAD"),
    "/status.json": Route("info", "GET HEAD"),
    "/metrics": Route("info", "GET HEAD"),
    "/events": Route("info", "GET HEAD"),
    "/update.htm": Route("user", "GET HEAD POST"),
    "/settings.htm": Route("user", "GET HEAD POST", "?settings=save&firmware_uxm="),
    "/dummy.htm": Route("user", "GET HEAD POST", "?settings=save&firmware_uxm="),
}

METHODS = "GET HEAD POST PUT DELETE OPTIONS PATCH TRACE".split()

HEADERS = {
    "Content-Security-Policy":
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store"}


def paths(*needs):
    return [path for path, route in ROUTES.items() if route.need in needs]


def is_page(page):
    return page.headers["Content-Type"].startswith("text/html")


def basic(user=USER, password=PASS):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def cookie(session):
    return {"Cookie": f"uxmc={session}"}


def token_of(session):
    return session[32:]


def checked(page):
    """Whatever the answer is, it has the headers."""
    for name, value in HEADERS.items():
        assert page.headers[name] == value, name
    assert page.headers["Server"] is None
    return page


def ask(web, path, method="GET", agent="script", headers=None, body=None, **options):
    return checked(web.request(method, path, body, {"User-Agent": AGENTS[agent]} |
                               (headers or {}), **options))


def post(web, path, fields, agent="browser", headers=None, **options):
    return checked(web.post(path, fields, {"User-Agent": AGENTS[agent]} |
                            (headers or {}), **options))


@pytest.fixture
def locked(web, fake):
    """There is a password."""
    fake.password = (USER, PASS)
    return web


def digest(web, path, method="GET", user=USER, password=PASS, nc="00000001",
           challenge=None, **changes):
    """An Authorization header, after a challenge."""
    if challenge is None:
        challenge = ask(web, "/update.htm").headers.get_all("WWW-Authenticate")[0]
    nonce = re.search('nonce="(.*?)"', challenge).group(1)
    values = {"username": user, "realm": "uxmc", "nonce": nonce, "uri": path,
              "algorithm": "MD5", "qop": "auth", "nc": nc, "cnonce": "c0ffee"} | changes
    middle = ":".join([values["nonce"], values["nc"], values["cnonce"], values["qop"],
                       md5(method, values["uri"])])
    values.setdefault("response", md5(md5(user, values["realm"], password), middle))
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in values.items())


# What somebody sends along: by name, what gives the headers, and whether it is right
def nothing(_web, _fake, _path):
    return {}


def session(_web, fake, _path):
    return cookie(fake.begin())


def ended_session(_web, fake, _path):
    name = fake.begin()
    fake.sessions.clear()
    return cookie(name)


WHO = {
    "nothing": (nothing, "stranger"),
    "session": (session, "good"),
    "ended session": (ended_session, "stranger"),
    "no session": (lambda *_: cookie(secrets.token_hex(32)), "stranger"),
    "short cookie": (lambda *_: cookie("abc"), "stranger"),
    "odd cookie": (lambda *_: cookie("x" * 64), "stranger"),
    "basic": (lambda *_: {"Authorization": basic()}, "good"),
    "basic, wrong password": (lambda *_: {"Authorization": basic(password="x")}, "wrong"),
    "basic, wrong user": (lambda *_: {"Authorization": basic(user="x")}, "wrong"),
    "basic, no password": (lambda *_: {"Authorization": basic(password="")}, "wrong"),
    "basic, nothing": (lambda *_: {"Authorization": "Basic "}, "wrong"),
    "basic, not base64": (lambda *_: {"Authorization": "Basic =x!"}, "wrong"),
    "basic, a NUL": (lambda *_: {"Authorization": basic(password=PASS + "\0x")}, "wrong"),
    "digest": (lambda web, _, path: {"Authorization": digest(web, path)}, "good"),
    "digest, wrong password":
        (lambda web, _, path: {"Authorization": digest(web, path, password="x")}, "wrong"),
    "digest, wrong user":
        (lambda web, _, path: {"Authorization": digest(web, path, user="x")}, "wrong"),
    "digest, of another page":
        (lambda web, _, path: {"Authorization": digest(web, path + "x")}, "wrong"),
    "digest, another realm":
        (lambda web, _, path: {"Authorization": digest(web, path, realm="x")}, "wrong"),
    "digest, without qop":
        (lambda web, _, path: {"Authorization": digest(web, path, qop="")}, "wrong"),
    "digest, an old nonce":
        (lambda web, _, path: {"Authorization": digest(web, path, nonce="0" * 48)}, "wrong"),
    "digest, nothing": (lambda *_: {"Authorization": "Digest"}, "wrong"),
    "digest, garbage": (lambda *_: {"Authorization": 'Digest a="b'}, "wrong"),
    "bearer": (lambda *_: {"Authorization": "Bearer x"}, "wrong"),
}


def expected(route, right, agent, method="GET"):
    """The status: right is good, stranger, wrong or blocked."""
    if method not in route.methods.split():
        return 405
    if route.need == "nothing":
        return 303
    refused = 401 if agent == "script" else 403
    if right == "wrong":
        return refused
    if right == "blocked":
        return 429
    if right == "good" or route.need == "login":
        return 200
    return refused


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("path", [path for path, route in ROUTES.items()
                                  if "GET" in route.methods])
def test_every_page_with_every_credential(locked, fake, path, who, agent):
    """A cookie makes a browser of a script."""
    make, right = WHO[who]
    headers = make(locked, fake, path)
    if "Cookie" in headers:
        agent = "browser"
    page = ask(locked, path, agent=agent, headers=headers)
    status = expected(ROUTES[path], right, agent)
    if who == "session" and path == "/login.htm":
        status = 303
    assert page.status == status
    challenges = page.headers.get_all("WWW-Authenticate", [])
    assert bool(challenges) == (status == 401)
    if status == 401:
        assert challenges[0].startswith('Digest realm="uxmc", qop="auth", algorithm=MD5')
        assert challenges[1] == 'Basic realm="uxmc", charset="UTF-8"'
        assert ("stale=true" in challenges[0]) == (who == "digest, an old nonce")
    if status == 403:
        assert 'action="login.htm"' in page.text
    if status != 200:
        assert "0004134D7C01" not in page.text


@pytest.mark.parametrize("path", [path for path, route in ROUTES.items()
                                  if "GET" in route.methods and route.need != "nothing"])
@pytest.mark.parametrize("agent", AGENTS)
def test_while_passwords_are_blocked(locked, fake, path, agent):
    """The right one is not looked at either; who has logged in goes on."""
    headers = {"Authorization": digest(locked, path)}
    fake.blocked = 42
    for headers in headers, {"Authorization": basic()}:
        page = ask(locked, path, agent=agent, headers=headers)
        assert (page.status, page.headers["Retry-After"]) == (429, "42")
    page = ask(locked, path, agent="browser", headers=session(locked, fake, path))
    assert page.status == (303 if path == "/login.htm" else 200)


def test_whose_wrong_passwords_they_are(locked, fake):
    """uxmcd is told the other end of the connection, whatever headers say."""
    lies = {"X-Forwarded-For": "192.0.2.9", "Forwarded": "for=192.0.2.9",
            "X-Real-IP": "192.0.2.9", "Client-IP": "192.0.2.9"}
    for unix, place in (False, "127.0.0.1"), (True, "unix"):
        fake.requests.clear()
        ask(locked, "/info.htm", headers=lies | {"Authorization": basic()}, unix=unix)
        assert fake.asked("password") == [f"{place} {USER}:{PASS}"]
    form, token = login_page(locked)
    post(locked, "/login.htm", {"user": USER, "password": "x y", "token": token},
         headers=lies | {"Cookie": f"uxmc-form={form}"})
    assert fake.asked("login") == [f"127.0.0.1 {USER}:x y"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ROUTES)
def test_methods(locked, fake, path, method):
    """With HEAD and POST as with GET, and no others; nothing is done by the way."""
    page = ask(locked, path, method, headers={"Authorization": basic()})
    route = ROUTES[path]
    if method not in route.methods.split():
        assert page.status == 405
        assert page.headers["Allow"] == (
            "GET, HEAD, POST" if "POST" in route.methods else "GET, HEAD")
    elif method != "POST":
        assert page.status == expected(route, "good", "script", method)
    assert {request.split(" ")[0] for request in fake.requests} <= {
        "visitor", "password", "waiting", "log", "logout", "login", "last", "may",
        "settings", "counts"}


@pytest.mark.parametrize("path", [*ROUTES, "/nothing.htm"])
@pytest.mark.parametrize("host", [
    "evil.example", "127.0.0.2", "127.0.0.1.evil.example", "", "phone.example.evil",
    "[::1]", "xphone.example", "localhost.evil", "192.0.2.77", "a" * 300, ":80", "[", "]"])
def test_other_names(locked, host, path):
    """Somebody else's name was made to lead here: nothing is shown, whoever asks."""
    page = ask(locked, path, headers={"Host": host, "Authorization": basic()})
    assert page.status == 421
    assert "web_hosts" in page.text


@pytest.mark.parametrize("host", [
    HOST, f"{HOST}:1", "localhost", "LOCALHOST:8080", "localhost.", "phone.example",
    "Phone.Example:8443", "desk", "desk."])
def test_our_names(locked, host):
    assert ask(locked, "/info.htm",
               headers={"Host": host, "Authorization": basic()}).status == 200


def test_names_by_a_unix_socket(locked):
    """Another web server is before us: all addresses may be its own."""
    for host, status in (("192.0.2.77", 200), ("[2001:db8::1]:80", 200),
                         ("phone.example", 200), ("localhost", 200),
                         ("evil.example", 421)):
        assert ask(locked, "/info.htm", unix=True,
                   headers={"Host": host, "Authorization": basic()}).status == status


# Changes
FOREIGN = {
    "origin": {"Origin": "http://evil.example"},
    "null origin": {"Origin": "null"},
    "origin with another port": {"Origin": "http://127.0.0.1:1"},
    "origin that begins so": {"Origin": "http://127.0.0.1:{port}.evil.example"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "cross-site, our origin": {"Sec-Fetch-Site": "cross-site",
                               "Origin": "http://127.0.0.1:{port}"},
    "referer": {"Referer": "http://evil.example/http://127.0.0.1:{port}/"},
}

OURS = {
    "nothing said": {},
    "origin": {"Origin": "http://127.0.0.1:{port}"},
    "origin, TLS before us": {"Origin": "https://127.0.0.1:{port}"},
    "same-origin": {"Sec-Fetch-Site": "same-origin"},
    "typed in": {"Sec-Fetch-Site": "none"},
    "referer": {"Referer": "http://127.0.0.1:{port}/update.htm"},
}


def filled(web, headers):
    return {name: value.format(port=web.port) for name, value in headers.items()}


FIELDS = {"/update.htm": {"swload": "load", "firmware": "http://x/snomD7C-1.6.1-r.bin"},
          "/settings.htm": {"settings": "save", "firmware_uxm": ""},
          "/dummy.htm": {"settings": "save", "firmware_uxm": ""},
          "/logout.htm": {}}
VERBS = {"/update.htm": "update", "/logout.htm": "logout", "/settings.htm": "clear",
         "/dummy.htm": "clear"}
SUCCESS = {"/dummy.htm": 200}


def done(fake, path):
    return len(fake.asked(VERBS[path]))


def send_form(locked, fake, path, headers, who):
    """With the right token, by somebody who is known in that way."""
    name = fake.begin()
    made = {"session": cookie(name), "basic": {"Authorization": basic()},
            "digest": {"Authorization": digest(locked, path, "POST")}}[who]
    return post(locked, path, FIELDS[path] | {"token": token_of(name)},
                headers=filled(locked, headers) | made)


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("who", ["session", "basic", "digest"])
def test_forms_of_other_sites(locked, fake, path, headers, who):
    """Refused, with a token and a password, too."""
    page = send_form(locked, fake, path, headers, who)
    assert page.status == 403 and "another site" in page.text
    assert not done(fake, path)


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
@pytest.mark.parametrize("who", ["session", "basic", "digest"])
def test_forms_of_ours(locked, fake, path, headers, who):
    page = send_form(locked, fake, path, headers, who)
    assert page.status == SUCCESS.get(path, 303)
    assert done(fake, path) == 1


def test_a_script_needs_no_token(locked, fake):
    for agent in AGENTS:
        assert post(locked, "/update.htm", FIELDS["/update.htm"], agent,
                    {"Authorization": basic()}).status == 303
    assert done(fake, "/update.htm") == 2


@pytest.mark.parametrize("path", FIELDS)
def test_tokens(locked, fake, path):
    """None, a wrong one, one of another session, the cookie itself."""
    mine, other = fake.begin(), fake.begin()
    for token in ("", "x", token_of(other), mine, mine[:32], token_of(mine)[:31],
                  token_of(mine) + "0", None):
        fields = FIELDS[path] | ({} if token is None else {"token": token})
        page = post(locked, path, fields, headers=cookie(mine))
        assert page.status == 403 and "no longer valid" in page.text
    assert not done(fake, path)
    assert mine in fake.sessions


def test_a_token_needs_its_session(locked, fake):
    """That of an ended one, or a form's cookie, is none."""
    name = fake.begin()
    fake.sessions.clear()
    for headers in cookie(name), {"Cookie": f"uxmc-form={name}"}:
        page = post(locked, "/update.htm",
                    FIELDS["/update.htm"] | {"token": token_of(name)}, headers=headers)
        assert page.status == 403
    assert not done(fake, "/update.htm")


# Changes by GET
BY_QUERY = [path for path, route in ROUTES.items() if route.query]


@pytest.mark.parametrize("path", BY_QUERY)
@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize("who", WHO)
def test_change_by_query(locked, fake, path, who, agent):
    """As with the page itself: whoever may see it; nobody else has changed a thing."""
    make, right = WHO[who]
    url = path + ROUTES[path].query
    headers = make(locked, fake, url)
    if "Cookie" in headers:
        agent = "browser"
    page = ask(locked, url, agent=agent, headers=headers)
    assert page.status == expected(ROUTES[path], right, agent)
    assert done(fake, path) == (right == "good")


@pytest.mark.parametrize("path", BY_QUERY)
@pytest.mark.parametrize("who", ["session", "basic", "digest"])
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_query_of_other_sites(locked, fake, path, who, headers):
    """A picture on anybody's page, as browsers that say where it is would ask."""
    url = path + ROUTES[path].query
    page = ask(locked, url, agent="browser",
               headers=WHO[who][0](locked, fake, url) | filled(locked, headers))
    assert page.status == 403 and "another site" in page.text
    assert not done(fake, path)


@pytest.mark.parametrize("path", BY_QUERY)
@pytest.mark.parametrize("who", ["session", "basic", "digest"])
@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
def test_query_of_ours(locked, fake, path, who, headers):
    url = path + ROUTES[path].query
    assert ask(locked, url, agent="browser", headers=WHO[who][0](locked, fake, url) |
               filled(locked, headers)).status == 200
    assert done(fake, path) == 1


@pytest.mark.parametrize("path", BY_QUERY)
@pytest.mark.parametrize("who", ["session", "basic", "digest"])
def test_restricted(locked, fake, path, who):
    """restrict_uri_queries: the form alone is left."""
    fake.restricted = "on"
    url = path + ROUTES[path].query
    page = ask(locked, url, headers=WHO[who][0](locked, fake, url))
    assert page.status == 403 and "restrict_uri_queries" in page.text
    assert not done(fake, path)
    headers = WHO[who][0](locked, fake, path) if who != "digest" else {
        "Authorization": digest(locked, path, "POST")}
    token = headers.get("Cookie", "")[-32:]
    assert post(locked, path, FIELDS[path] | {"token": token},
                headers=headers).status == SUCCESS.get(path, 303)
    assert done(fake, path) == 1


@pytest.mark.parametrize("path", BY_QUERY)
@pytest.mark.parametrize("method", METHODS)
def test_query_by_other_methods(locked, fake, path, method):
    """By GET it is, or by a form; a query beside a form is none of it."""
    page = ask(locked, path + ROUTES[path].query, method,
               headers={"Authorization": basic()})
    assert page.status == {"GET": 200, "POST": 400}.get(method, 405)
    assert done(fake, path) == (method == "GET")


@pytest.mark.parametrize("path", BY_QUERY)
@pytest.mark.parametrize("query", ["settings=&firmware_uxm=", "settings=load&firmware_uxm=",
                                   "settings=Save&firmware_uxm="])
def test_other_values_of_settings(locked, fake, path, query):
    assert ask(locked, f"{path}?{query}", headers={"Authorization": basic()}).status == 400
    assert not done(fake, path)


@pytest.mark.parametrize("path", BY_QUERY)
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("agent", AGENTS)
def test_query_of_other_sites_without_a_password(web, fake, path, headers, agent):
    assert ask(web, path + ROUTES[path].query, agent=agent,
               headers=filled(web, headers)).status == 403
    assert not done(fake, path)


@pytest.mark.parametrize("path", BY_QUERY)
def test_query_without_a_password(web, fake, path):
    """A script may; an old browser might show a picture of somebody else's page."""
    url = path + ROUTES[path].query
    assert ask(web, url, agent="browser").status == 403
    assert not done(fake, path)
    assert ask(web, url, agent="browser",
               headers={"Sec-Fetch-Site": "none"}).status == 200
    assert ask(web, url, agent="script").status == 200
    assert done(fake, path) == 2


# Logging in
def login_page(web, headers=None):
    """The form's cookie and its token."""
    page = ask(web, "/login.htm", agent="browser", headers=headers)
    found = re.match(r"uxmc-form=(\w{64}); HttpOnly; SameSite=Strict$",
                     page.headers["Set-Cookie"])
    token = re.search(r'name="token" value="(\w{32})"', page.text).group(1)
    return found.group(1), token


def log_in(web, user=USER, password=PASS, headers=None, **fields):
    form, token = login_page(web)
    return post(web, "/login.htm",
                {"user": user, "password": password, "token": token} | fields,
                headers={"Cookie": f"uxmc-form={form}"} | (headers or {}))


def test_log_in_and_out(locked, fake):
    page = log_in(locked, goal="update.htm")
    assert (page.status, page.headers["Location"]) == (303, "update.htm")
    name = re.match(r"uxmc=(\w{64}); HttpOnly; SameSite=Strict$",
                    page.headers["Set-Cookie"]).group(1)
    assert name in fake.sessions
    shown = ask(locked, "/update.htm", headers=cookie(name))
    assert shown.status == 200 and token_of(name) in shown.text
    assert name not in shown.text and shown.headers["Set-Cookie"] is None
    out = post(locked, "/logout.htm", {"token": token_of(name)}, headers=cookie(name))
    assert (out.status, out.headers["Location"]) == (303, "login.htm")
    assert out.headers["Set-Cookie"] == "uxmc=; HttpOnly; SameSite=Strict; Max-Age=0"
    assert ask(locked, "/update.htm", headers=cookie(name)).status == 403


@pytest.mark.parametrize("user, password", [
    (USER, ""), (USER, "x"), ("", PASS), ("x", PASS), (f"{USER}:se", "cret"),
    (USER, PASS + "\t"), (USER, PASS + "x")])
def test_wrong_login(locked, fake, user, password):
    page = log_in(locked, user, password)
    assert page.status == 403 and page.headers["Set-Cookie"] is None
    assert "The name or the password is wrong" in page.text
    assert 'type="password"' in page.text
    assert not password or password == "x" or password not in page.text
    assert not fake.sessions


def test_login_while_blocked(locked, fake):
    for _ in range(4):
        assert log_in(locked, password="x").status == 403
    page = log_in(locked)
    assert (page.status, page.headers["Retry-After"]) == (429, "60")
    assert not fake.sessions


@pytest.mark.parametrize("goal", ["http://evil.example/", "//evil.example", "x.htm",
                                  "settings.htm?settings=save&firmware_uxm=", ""])
def test_where_a_login_leads(locked, goal):
    """To pages of ours, and to nothing that changes something."""
    assert log_in(locked, goal=goal).headers["Location"] == "info.htm"


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_login_by_another_site(locked, fake, headers):
    assert log_in(locked, headers=filled(locked, headers)).status == 403
    assert not fake.sessions


def test_login_without_its_token(locked, fake):
    form, token = login_page(locked)
    right = {"user": USER, "password": PASS}
    for fields, headers in ((right, {"Cookie": f"uxmc-form={form}"}),
                            (right | {"token": token}, {}),
                            (right | {"token": "0" * 32}, {"Cookie": f"uxmc-form={form}"})):
        assert post(locked, "/login.htm", fields, headers=headers).status == 403
    assert not fake.sessions and not fake.asked("login")


def test_a_session_is_not_given_up_for_a_link(locked, fake):
    """From another site's link no cookie is sent; that must not replace it."""
    page = ask(locked, "/update.htm", agent="browser")
    assert page.status == 403
    assert page.headers["Set-Cookie"].startswith("uxmc-form=")


# Digest
def test_digest_as_clients_do_it(locked):
    """Python's own, with a query."""
    manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    url = f"http://{HOST}:{locked.port}/info.htm?x=y&z="
    manager.add_password(None, url, USER, PASS)
    opener = urllib.request.build_opener(
        urllib.request.HTTPDigestAuthHandler(manager))
    for _ in range(3):
        with opener.open(url, timeout=10) as answer:
            assert answer.status == 200


def test_digest_is_not_replayed(locked, fake):
    """The same count again is no new request: with a new nonce it may be repeated."""
    challenge = ask(locked, "/update.htm").headers.get_all("WWW-Authenticate")[0]

    def status(nc):
        page = ask(locked, "/info.htm", headers={
            "Authorization": digest(locked, "/info.htm", nc=nc, challenge=challenge)})
        stale = page.headers.get_all("WWW-Authenticate", [""])[0]
        return page.status, "stale=true" in stale

    assert [status(nc) for nc in ("00000001", "00000001", "00000003", "00000002",
                                  "00000003", "0000000a")] == [
        (200, False), (401, True), (200, False), (401, True), (401, True), (200, False)]


def test_many_nonces(locked):
    """Each is used once, in whatever order; old ones that were used are so still."""
    challenges = [ask(locked, "/update.htm").headers.get_all("WWW-Authenticate")[0]
                  for _ in range(40)]
    headers = [digest(locked, "/info.htm", challenge=challenge)
               for challenge in challenges]
    statuses = [ask(locked, "/info.htm", headers={"Authorization": one}).status
                for one in headers]
    assert statuses == [200] * 40
    assert {ask(locked, "/info.htm", headers={"Authorization": one}).status
            for one in headers} == {401}


# Without a password
def test_without_a_password(web, fake):
    """On this machine everybody may do everything, and each page says so."""
    for path in paths("info", "user"):
        if "GET" in ROUTES[path].methods:
            page = ask(web, path)
            assert page.status == 200
            assert "No password is set" in page.text or not is_page(page)
    assert post(web, "/update.htm", FIELDS["/update.htm"], "script").status == 303
    assert done(fake, "/update.htm") == 1


def test_a_password_that_is_not_needed(web):
    assert ask(web, "/info.htm", headers={"Authorization": basic()}).status == 200


@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("agent", AGENTS)
def test_other_sites_without_a_password(web, fake, headers, agent):
    assert post(web, "/update.htm", FIELDS["/update.htm"], agent,
                filled(web, headers)).status == 403
    assert not done(fake, "/update.htm")


def test_a_browser_needs_a_token_all_the_same(web, fake):
    """An old one, which says nothing of where a request is from."""
    assert post(web, "/update.htm", FIELDS["/update.htm"]).status == 403
    page = ask(web, "/update.htm", agent="browser")
    form = re.match(r"uxmc-form=(\w{64});", page.headers["Set-Cookie"]).group(1)
    headers = {"Cookie": f"uxmc-form={form}"}
    assert post(web, "/update.htm", FIELDS["/update.htm"] | {"token": "0" * 32},
                headers=headers).status == 403
    assert not done(fake, "/update.htm")
    assert post(web, "/update.htm", FIELDS["/update.htm"] | {"token": token_of(form)},
                headers=headers).status == 303
    assert done(fake, "/update.htm") == 1


def test_from_elsewhere_without_a_password(start, fake):
    """Nothing, but what to do about it."""
    address = own_address()
    if not address:
        pytest.skip("this machine has loopback only")
    port = free_port()
    web = start(addresses=[f"{address}:{port}"])
    with web:
        local_port, web.port = web.port, port
        for path in paths("login", "info", "user"):
            for method in "GET", "POST":
                page = ask(web, path, method, agent="browser", host=address)
                if method in ROUTES[path].methods.split():
                    assert page.status == 403
                    assert method == "POST" or "http_pass" in page.text
                assert "0004134D7C01" not in page.text
        assert not fake.asked("update")
        fake.password = (USER, PASS)
        assert ask(web, "/info.htm", host=address).status == 401
        assert ask(web, "/info.htm", host=address,
                   headers={"Authorization": basic()}).status == 200
        web.port = local_port


@pytest.mark.parametrize("who", ["nothing", "session", "basic, wrong password"])
def test_public_info(start, fake, who):
    """By choice, what only shows something; a wrong password is one all the same."""
    fake.password = (USER, PASS)
    make, right = WHO[who]
    with start(web_info="public") as web:
        for path in paths("info", "user"):
            if "GET" in ROUTES[path].methods:
                headers = make(web, fake, path)
                public = ROUTES[path].need == "info" and right != "wrong"
                status = 200 if right == "good" or public else \
                    403 if headers.get("Cookie") else 401
                fake.failures = 0
                assert ask(web, path, headers=headers).status == status


# Without uxmcd
def test_while_uxmcd_is_not_there(start, fake):
    """Nobody knows who may come in, so nobody does; what is public is shown."""
    for public in "password", "public":
        with start(web_info=public) as web:
            fake.stop(fake.control)
            try:
                for path, agent in itertools.product(paths("login", "info", "user"), AGENTS):
                    if "GET" not in ROUTES[path].methods:
                        continue
                    page = ask(web, path, agent=agent,
                               headers={"Authorization": basic()})
                    shown = public == "public" and ROUTES[path].need == "info"
                    assert page.status == (200 if shown else 503)
                    assert "uxmcd is not running" in page.text or not is_page(page)
            finally:
                fake.start_uxmcd()


def test_uxmcd_refuses_us(web, fake):
    """web_user is another one."""
    fake.answers["visitor"] = ["9 not-web that is for web_user of uxmcd.conf alone"]
    page = ask(web, "/info.htm")
    assert page.status == 503 and "web_user" in page.text


@pytest.mark.parametrize("said", ["0 visitor yes", "0 huh x", "nonsense", "0 visitor"])
def test_uxmcd_makes_no_sense(web, fake, said):
    fake.answers["visitor"] = [said]
    assert ask(web, "/info.htm").status == 503


# TLS
@pytest.fixture(scope="module")
def secure(start, place):
    import ssl  # pylint: disable=import-outside-toplevel
    from httpd import make_certificate  # pylint: disable=import-outside-toplevel
    certificate, key = make_certificate(place)
    with start(web_cert=certificate, web_key=key) as web:
        web.context = ssl.create_default_context(cafile=certificate)
        web.context.check_hostname = False
        yield web


@pytest.mark.parametrize("who", ["nothing", "session", "basic", "digest",
                                 "basic, wrong password"])
@pytest.mark.parametrize("path", paths("info", "user"))
def test_with_tls(secure, fake, path, who):
    if "GET" not in ROUTES[path].methods:
        return
    fake.password = (USER, PASS)
    make, right = WHO[who]
    headers = make(secure, fake, path)
    agent = "browser" if "Cookie" in headers else "script"
    assert ask(secure, path, headers=headers).status == \
        expected(ROUTES[path], right, agent)


def test_cookies_with_tls(secure, fake):
    fake.password = (USER, PASS)
    page = ask(secure, "/login.htm", agent="browser")
    assert page.headers["Set-Cookie"].endswith("; HttpOnly; SameSite=Strict; Secure")


def test_no_http_where_there_is_tls(secure):
    secure.context, context = None, secure.context
    try:
        with pytest.raises((http.client.HTTPException, OSError)):
            secure.request("GET", "/info.htm")
        assert secure.request("GET", "/info.htm", unix=True).status == 200
    finally:
        secure.context = context
