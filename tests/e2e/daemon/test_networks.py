# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers that want to be left alone, slow ones, and what uxmcd.conf says of networks:
tests/fetch has what one request can meet.
"""
import errno
import re
import subprocess
import sys
import time

import pytest

import guest
import offline
import uxmcd
from bench import SETTING, refused
from httpauth import BASIC, Wants, digest
from httpd import HOST, Answer, Gate, Server, make_certificate, redirect
from provisioning import POLICY, Check, Phone, entry, settings_file, status_file
from proxy import Proxy

NAME = "snomD7C-1.6.1-r.bin"
SIZE = 70000
HOUR = Answer(b"later", status=503, headers={"Retry-After": "3600"})
ALONE = r"asked to be left alone \(Retry-After\), for another 3[56]\d\d s"
ANSWERED = rf"{HOST} answered 503 \(service unavailable\)"

# TLS takes its time where a machine is emulated.
PATIENT = {"connect_timeout": 30, "stall_timeout": 30}


@pytest.fixture
def new(image):
    return image(size=SIZE)


@pytest.fixture
def phone(bench):
    return Phone(bench)


@pytest.fixture
def other():
    with Server() as server:
        yield server


# Retry-After
def test_image_of_a_server_to_be_left_alone(bench, new, other):
    """One request, by whoever asks and for whatever: until that time is over."""
    bench.ask(other.route(f"/{NAME}", HOUR))
    bench.failed("fetching", errno.EREMOTEIO, ANSWERED)
    for url in (other.url(f"/{NAME}"), other.url(f"/elsewhere/{NAME}")):
        bench.ask(url)
        bench.failed("requested", errno.EAGAIN, f"{HOST} {ALONE}")
    assert len(other.requests) == 1
    bench.update(new)


def test_date(bench, other):
    """The server's clock is years ahead of the one here."""
    dates = {"Date": "Wed, 21 Oct 2065 07:28:00 GMT",
             "Retry-After": "Wed, 21 Oct 2065 08:28:00 GMT"}
    url = other.route(f"/{NAME}", Answer(b"", status=429, headers=dates))
    bench.ask(url)
    bench.failed("fetching", errno.EREMOTEIO, r".*429 \(too many requests\)")
    bench.ask(url)
    bench.failed("requested", errno.EAGAIN, f"{HOST} {ALONE}")


def test_short_pause(bench, new):
    """It is kept to between two tries, which are not given up for it."""
    bench.update(new, Answer(b"", status=503, headers={"Retry-After": "2"}),
                 Answer(new.data))
    first, second = bench.server.requests
    assert second.time - first.time >= 2


def plug_again(phone, times=2):
    for _ in range(times):
        looks = len(phone.logged(r"provisioning \(a module was plugged in\)"))
        other = phone.bench.plug(port=1)
        phone.bench.unplug(other)
        guest.until(lambda looks=looks: len(phone.logged(
            r"provisioning \(a module was plugged in\)")) > looks, 40, "a look")


def test_provisioned_image(bench, phone, new, other):
    """Not for modules that are plugged in, and not for a look of a person."""
    url = other.route(f"/{NAME}", HOUR)
    phone.serve("/settings.xml", settings_file(entry("firmware_uxm", url)))
    phone.start(setting_server=phone.server.url("/settings.xml"))
    bench.module.begin()
    assert phone.check().word == "started"
    bench.failed("fetching", errno.EREMOTEIO, ANSWERED)
    looked = phone.check()
    assert (looked.number, looked.word) == (5, "too-soon")
    assert re.fullmatch("the server of this URL asked to be left alone "
                        r"\(Retry-After\), for another (59|60) minutes: wait for that, "
                        "or give another URL", looked.sentence)
    plug_again(phone)
    assert len(other.requests) == 1


def test_settings(phone):
    """The same; of the other files of that server, too."""
    status = phone.serve("/status.xml", status_file())
    phone.serve("/settings.xml", HOUR)
    phone.start(setting_server=phone.server.url("/settings.xml"),
                firmware_status=status)
    look = phone.check()
    assert (look.number, look.word) == (1, "fetch")
    assert re.fullmatch(f"firmware_status: {HOST} {ALONE}", look.sentence)
    assert re.fullmatch(ANSWERED, look.steps["setting_server"][1])
    for _ in range(2):
        other = phone.bench.plug(port=1)
        phone.bench.unplug(other)
    look = phone.check()
    assert re.fullmatch(f"{HOST} {ALONE}", look.steps["setting_server"][1])
    assert len(phone.server.requests) == 1


def test_it_is_not_forgotten_by_leaving(bench, phone):
    """udev would start the next uxmcd, which knew nothing of it."""
    phone.serve("/settings.xml", Answer(status=503, headers={"Retry-After": "4"}))
    phone.start(setting_server=phone.server.url("/settings.xml"))
    phone.uxmcd.stop()
    phone.uxmcd.start("--exit-idle")
    phone.check()
    bench.unplug(bench.module)
    assert phone.uxmcd.exited(15) == 0
    assert time.monotonic() - phone.server.requests[0].time >= 4


# Networks that want a person to sign in, and have what they like answered until then
PAGE = b"<!DOCTYPE html>\n<html><title>Sign in to Hotel</title>" + b"<p>Welcome!" * 500


@pytest.mark.parametrize("way", ["redirect", "page", "511"])
def test_captive_portal(bench, phone, new, other, way):
    """What was provisioned holds, no module is disturbed, and the sentence says what to
    do; when it is done all is well.
    """
    login = other.route("/login", Answer(PAGE))
    portal = {"redirect": redirect(login), "page": Answer(PAGE),
              "511": Answer(PAGE, status=511)}[way]
    url = bench.serve(new)
    phone.start(setting_server=phone.server.url("/settings.xml"), retries=1)
    assert phone.provision(entry(POLICY, "never_update")).word == "policy"

    phone.serve("/settings.xml", portal)
    bench.serve(new, portal)
    look = phone.check()
    assert look.word == ("fetch" if way == "511" else "parse")
    assert "sign in to the network" in look.sentence
    assert phone.get(POLICY)[0] == "never_update"
    mark = bench.module.sim.mark()
    bench.ask(url)
    bench.failed("fetching", errno.EREMOTEIO if way == "511" else errno.EBADMSG,
                 ".*sign in to the network.*")
    assert bench.module.sim.log(mark) == []

    bench.update(new)
    assert phone.provision(entry(POLICY, "never_update")).word == "policy"


def test_no_network_at_boot():
    """Of one that has a network of its own; it looks again within a minute."""
    done = subprocess.run(["unshare", "--net", sys.executable, "-B", offline.__file__],
                          stdout=subprocess.PIPE, text=True, timeout=100, check=True)
    seconds, = re.findall(rf"setting_server: no connection to {HOST} could be made: there "
                          r"is no network, or no route to it; it is looked at again in "
                          r"(\d+) s", done.stdout)
    assert 30 <= int(seconds) <= 60
    assert "provisioning (SIGHUP)" in done.stdout


def test_ipv6(bench, phone, new):
    """Addresses in brackets, for files, images and servers to be left alone."""
    with Server(host="::1") as server:
        url = server.route(f"/{NAME}", Answer(new.data))
        server.route("/settings.xml", Answer(settings_file(
            entry("firmware_uxm", url))), HOUR)
        phone.start(setting_server=server.url("/settings.xml"))
        bench.module.begin()
        assert phone.check().word == "started"
        bench.done(new, url)
        phone.check()
        assert re.fullmatch(rf"setting_server: \[::1\] {ALONE}", phone.check().sentence)
        assert [one.path for one in server.requests] == [
            "/settings.xml", f"/{NAME}", "/settings.xml"]


# Slow servers
@pytest.mark.parametrize("bench", [{"stall_timeout": 0.5, "rate_min": 1000, "retries": 1}],
                         ids=[""], indirect=True)
def test_slow_image(bench, new):
    """It ends, and others have their turn."""
    bench.ask(bench.serve(new, Answer(new.data, piece=1, pause=0.05)))
    bench.failed("fetching", errno.ETIMEDOUT, f"{HOST} sends less than the 1000 bytes "
                 "a second of rate_min in uxmcd.conf")
    bench.update(new)


# What uxmcd.conf forbids and adds
@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    made = make_certificate(tmp_path_factory.mktemp("tls"))
    return uxmcd.publish(made[0]), made[1]


@pytest.fixture
def secure(certificate):
    with Server(tls=certificate) as server:
        yield server


NO_HTTP = ("the URL is http, which allow_http = no in uxmcd.conf forbids: give an https "
           "URL")


def test_https_only(bench, phone, new, secure, certificate):
    phone.start(allow_http="no", ca_file=certificate[0], **PATIENT)
    refused(bench.ctl("update", bench.serve(new)), 5, NO_HTTP)
    bench.ask(bench.serve(new))
    bench.failed("requested", errno.EPERM, NO_HTTP)
    url = secure.route(f"/{NAME}", Answer(new.data))
    bench.ask(url)
    bench.done(new, url)

    phone.set("setting_server", phone.serve("/settings.xml", settings_file()))
    look = phone.check()
    assert (look.word, look.sentence) == ("fetch", f"setting_server: {NO_HTTP}")
    phone.set("setting_server", secure.route("/settings.xml", Answer(settings_file(
        entry(POLICY, "auto_update"), entry("firmware_uxm", bench.serve(new))))))
    look = phone.check(40)
    assert (look.number, look.word, look.sentence) == (5, "url-http", NO_HTTP)
    assert not bench.server.requests


def test_from_https_to_http(bench, new, secure, certificate):
    bench.use(ca_file=certificate[0], **PATIENT)
    bench.ask(secure.route(f"/{NAME}", redirect(bench.serve(new))))
    bench.failed("fetching", errno.EPERM, f"{HOST} redirects from https to http, which "
                 "is not followed: correct that at the server", 40)
    assert not bench.server.requests


def test_client_certificate(bench, new, certificate, tmp_path):
    mine, key = (uxmcd.publish(path) for path in make_certificate(tmp_path, "client-"))
    with Server(tls=certificate, clients=mine) as strict:
        url = strict.route(f"/{NAME}", Answer(new.data))
        bench.use(ca_file=certificate[0], client_cert=mine, client_key=key, **PATIENT)
        bench.ask(url)
        bench.done(new, url)


@pytest.mark.parametrize("kind", ["missing", "another", "not shown"])
def test_bad_client_certificate(bench, new, certificate, tmp_path, kind):
    """The sentence names the file; nothing is asked for."""
    mine = uxmcd.publish(make_certificate(tmp_path, "good-")[0])
    bad = f"{tmp_path}/missing.pem"
    if kind == "another":
        bad = uxmcd.publish(make_certificate(tmp_path, "other-")[1])
    files = {} if kind == "not shown" else {"client_cert": mine, "client_key": bad}
    with Server(tls=certificate, clients=mine) as strict:
        bench.use(ca_file=certificate[0], retries=1, **files, **PATIENT)
        bench.ask(strict.route(f"/{NAME}", Answer(new.data)))
        if kind == "not shown":
            bench.failed("fetching", errno.EACCES, f"{HOST} wants to be shown a certificate: "
                         "set client_cert and client_key in uxmcd.conf", 40)
        else:
            bench.failed("fetching", errno.EKEYREJECTED, f"client_.*{re.escape(bad)}", 40)
        assert not strict.requests


def test_proxy(bench, new):
    """For images and settings files; it knows names that are not known here."""
    with Proxy(login="me:pr0xy") as proxy:
        bench.use(proxy=proxy.url)
        url = bench.serve(new).replace(HOST, "pbx.invalid")
        bench.ask(url)
        bench.done(new, url)
        assert proxy.asked[-1] == ("GET", url)
        bench.use(proxy=proxy.url, no_proxy=HOST)
        asked = len(proxy.asked)
        bench.update(new)
        assert len(proxy.asked) == asked
    bench.set(SETTING)


@pytest.mark.parametrize("challenge, scheme", [(BASIC, "Basic"),
                                               (digest("SHA-256"), "Digest")])
def test_login(bench, phone, new, other, challenge, scheme):
    """For the servers of settings files, and images there; provisioned or set."""
    url = bench.serve(new, Wants(Answer(new.data), challenge, "phone", "s3cr3t"))
    wants = Wants(Answer(settings_file(
        entry("http_client_pass", "s3cr3t", "R"), entry("firmware_uxm", url))),
                  challenge, "phone", "first")
    phone.start(setting_server=phone.server.route("/settings.xml", wants),
                http_client_user="phone", update_policy="ask_for_update")
    look = phone.check()
    assert re.fullmatch(rf"setting_server: {HOST} answered 401 \(unauthorized\): it does "
                        "not take the user and password that it was given",
                        look.sentence)
    phone.set("http_client_pass", "first")
    assert phone.get("http_client_pass") == ("***", "user", "")
    assert phone.check().word == "waiting"
    assert wants.schemes[-1] == scheme
    assert phone.get("http_client_pass") == ("***", "setting_server", "R")
    number, word, _ = phone.ask("get http_client_pass")
    assert (number, word) == (5, "secret")
    done = bench.ctl("confirm")
    assert done.returncode == 0, done.stdout
    bench.done(new, url)

    # Another port of the same host may know it, another host may not.
    stranger = Wants(Answer(new.data), challenge, "phone", "s3cr3t")
    there = other.route(f"/{NAME}", stranger).replace(HOST, "localhost")
    bench.ask(there)
    bench.failed("fetching", errno.EACCES, ".*it wants a user and a password.*")
    assert set(stranger.seen) == {None}


def test_wrong_password(bench, phone, new):
    """Each file is asked for with it once, not again for modules that are plugged in: who
    counts wrong ones, and locks a phone out, counts few.
    """
    image, status = (Wants(Answer(b""), challenge, "phone", "right")
                     for challenge in (digest("SHA-256"), BASIC))
    phone.start(setting_server=phone.serve("/settings.xml", settings_file(
        entry("http_client_user", "phone"), entry("http_client_pass", "wrong", "R"),
        entry("firmware_uxm", bench.serve(new, image)))))
    bench.module.begin()
    assert phone.check().word == "started"
    bench.failed("fetching", errno.EACCES, rf"{HOST} answered 401 \(unauthorized\): it does "
                 "not take the user and password that it was given")
    plug_again(phone)
    assert phone.check().word == "too-soon"
    assert image.schemes == [None, "Digest"]

    phone.set("firmware_status", phone.server.route("/status.xml", status))
    guest.until(lambda: len(status.seen) == 2, 40, "it is looked at")
    for _ in range(2):
        bench.unplug(bench.plug(port=1))
    # A person is a reason to ask again.
    assert phone.check().word == "fetch"
    assert status.schemes == [None, "Basic"] * 2


# A clock that is not set
class Clock:
    """The clock, and what it should say."""

    def __init__(self):
        self.now, self.mark = time.time(), time.monotonic()

    @staticmethod
    def set(seconds):
        time.clock_settime(time.CLOCK_REALTIME, seconds)

    def set_right(self):
        self.set(self.now + time.monotonic() - self.mark)


@pytest.fixture
def clock():
    clock = Clock()
    yield clock
    clock.set_right()


SET = r"provisioning \(the clock was set\)"
DAY = 86400
IN_2021 = 1609459200


def test_clock(phone, secure, certificate, clock):
    """It is to blame, not the certificate; and when it is set all is looked at."""
    clock.set(DAY)
    url = secure.route("/settings.xml", Answer(settings_file(
        entry(POLICY, "never_update"))))
    phone.start(setting_server=url, ca_file=certificate[0], **PATIENT)
    phone.uxmcd.until_logged("the clock says 1970-01-02, so certificates of servers "
                             "cannot be checked: set it", phone.bench.logged)
    look = phone.check(40)
    assert look.sentence == (f"setting_server: the clock says 1970-01-02, so the "
                             f"certificate of {HOST} cannot be checked: set the clock")
    # To another time that it is not
    clock.set(2 * DAY)
    clock.set_right()
    guest.until(lambda: phone.get(POLICY)[0] == "never_update", 40, "it looks")
    clock.set(time.time() + 1)
    phone.check(40)
    assert len(phone.logged(SET)) == 1


def test_clock_that_is_late(phone, secure, certificate, clock):
    """As one that begins when the phone's firmware was built."""
    clock.set(IN_2021)
    url = secure.route("/settings.xml", Answer(settings_file(
        entry(POLICY, "never_update"))))
    phone.start(setting_server=url, ca_file=certificate[0], **PATIENT)
    look = phone.check(40)
    assert look.sentence == (f"setting_server: the clock says 2021-01-01, so the "
                             f"certificate of {HOST} is not valid yet: set the clock")
    clock.set_right()
    guest.until(lambda: phone.get(POLICY)[0] == "never_update", 40, "it looks")
    # That it is set is no reason any more.
    clock.set(time.time() + 1)
    phone.check(40)
    assert len(phone.logged(SET)) == 1


def test_clock_set_while_it_looks_and_sees(phone, secure, certificate, clock):
    """What was distrusted before is trusted by then: it need not look again."""
    clock.set(IN_2021)
    url = secure.route("/settings.xml", Answer(settings_file(
        entry(POLICY, "never_update")), hold_after=5, gate=(gate := Gate())))
    phone.start(setting_server=url, ca_file=certificate[0], **PATIENT)
    phone.check(40)
    clock.set_right()
    guest.until(lambda: secure.requests, 40, "it looks")
    clock.set(time.time() + 1)
    assert phone.get(POLICY)[0] == "auto_update"
    gate.set()
    guest.until(lambda: phone.get(POLICY)[0] == "never_update", 40, "it has looked")
    phone.check(40)
    assert len(phone.logged(SET)) == 1


def test_clock_set_while_it_looks_and_distrusts(phone, secure, certificate, clock):
    """It looks again, once it is through."""
    clock.set(IN_2021)
    url = secure.route("/settings.xml", Answer(settings_file(
        entry(POLICY, "never_update"))))
    held = phone.serve("/firmware.xml", Answer(status_file(), hold_after=5,
                                               gate=(gate := Gate())))
    phone.start(setting_server=url, firmware_status=held, ca_file=certificate[0],
                **PATIENT)
    check = Check(40)
    guest.until(lambda: phone.server.requests, 40, "it looks")
    clock.set_right()
    assert phone.get(POLICY)[0] == "auto_update"
    gate.set()
    assert check.end().word == "policy"
    assert len(phone.logged(SET)) == 1


def test_clock_before_the_first_look(phone, clock):
    """That one comes anyway, at its time."""
    clock.set(DAY)
    phone.start(setting_server=phone.serve("/settings.xml", settings_file()))
    clock.set_right()
    phone.get(POLICY)
    assert not phone.server.requests
