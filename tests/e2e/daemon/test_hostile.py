# SPDX-License-Identifier: GPL-2.0-or-later
"""Provisioning servers that mean harm, or are broken as if they did. Time and
memory are bounded, the error is told, nothing changes, and uxmcd goes on.
"""
import re
import time

import pytest

import uxmcd
from httpd import HOST, Answer, Gate, redirect
from provisioning import POLICY, Check, Phone, entry, settings_file

# Not for these tests, but so that the minute passes meanwhile
pytestmark = pytest.mark.usefixtures("minute")

PATH = "/settings.xml"
GOOD = settings_file(entry(POLICY, "settings_only"))
MIB = 1 << 20       # settings_size_max, too
PEAK_MAX = 5120     # KiB above a good file's peak: text, twice that in UTF-8
TIME_MAX = 15       # seconds, on a machine that is not quick
PARSE_MAX = 25      # the same; what does not grow with the size alone takes minutes


def start(phone, **timeouts):
    """Anew, with a good file."""
    phone.serve(PATH, GOOD)
    phone.start(setting_server=phone.server.url(PATH), **timeouts)
    assert phone.check().word == "policy"


@pytest.fixture(scope="module")
def phone_of_file(bench_of_file):
    """It knows its peak for a good file: starting it has more, idle less."""
    phone = Phone(bench_of_file)
    start(phone)        # uxmc-fetch is in memory then
    start(phone, stall_timeout=1, connect_timeout=1)
    forget_peak(phone)
    assert phone.check().word == "policy"
    phone.usual = phone.uxmcd.status("VmHWM")
    return phone


@pytest.fixture
def phone(bench, phone_of_file):
    return phone_of_file


@pytest.fixture(scope="module")
def patient_of_file(phone_of_file):
    """Whether the server or uxmc-fetch is slow, uxmcd cannot tell."""
    start(phone_of_file, stall_timeout=30)
    return phone_of_file


@pytest.fixture
def patient(bench, patient_of_file):
    return patient_of_file


def forget_peak(phone):
    """What it has now is its peak."""
    with open(f"/proc/{phone.uxmcd.process.pid}/clear_refs", "w") as file:
        file.write("5")


def body(inner):
    """Settings with that in between; a size that just may be."""
    return b"<settings><phone-settings>" + inner + b"</phone-settings></settings>"


def filled(unit, whole=MIB):
    """Such settings, filled up with units."""
    return body(unit * ((whole - len(body(b""))) // len(unit)))


def laughs():
    """Ten of ten of ten ... of them: three billion in all."""
    lines = ['<!ENTITY a0 "ha">'] + [
        f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(10)]
    return (f"<!DOCTYPE settings [\n{chr(10).join(lines)}\n]>\n<settings>"
            f"<{POLICY}>&a10;</{POLICY}></settings>").encode()


def quadratic():
    """One long entity, and many references to it."""
    return (f'<!DOCTYPE settings [<!ENTITY a "{"a" * 100000}">]>\n<settings>'
            f"<{POLICY}>{'&a;' * 100000}</{POLICY}></settings>").encode()


def external():
    return (b'<!DOCTYPE settings [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            b"<settings><setting_server>&a;</setting_server></settings>")


MUCH = f"{HOST} sends more than the {MIB} bytes of settings_size_max in uxmcd.conf"
ENTITIES = r"{url}: line \d+: declarations in the DOCTYPE.* are not allowed"
LATE = f"{HOST} did not send all of it in time"

# What comes, and what is said of it.
SERVERS = {
    "billion laughs": (lambda: Answer(laughs()), ENTITIES),
    "quadratic blow-up": (lambda: Answer(quadratic()), ENTITIES),
    "external entity": (lambda: Answer(external()), ENTITIES),
    "100 MB announced": (lambda: Answer(None, length=100 * MIB), MUCH),
    "100 MB in chunks": (
        lambda: Answer(filled(b" ", 100 * MIB), chunked=True), MUCH),
    "2^63 bytes announced": (lambda: Answer(GOOD, length=1 << 63), MUCH),
    "endless": (lambda: Answer(None), MUCH),
    "1 MiB of text and one more": (
        lambda: Answer(filled(b" ") + b" " * 60), MUCH),
    "10000 levels": (
        lambda: Answer(body(b"<a>" * 10000 + b"</a>" * 10000)),
        "{url}: line 1: tags within tags, more than 32 deep"),
    "1 MiB of different tags": (
        lambda: Answer(body(b"".join(b"<a%07d/>" % i for i in range(95000)))),
        "{url}: line 1: too many .*: not a settings file"),
    "1 MiB of open tags": (lambda: Answer(filled(b"<a>")), "{url}: line 1: .*"),
    "1 MiB of a tag": (
        lambda: Answer(filled(b"a", MIB // 2).replace(b"aa", b"<a", 1)),
        "{url}: line 1: a tag .*"),
    "1 MiB of attributes": (
        lambda: Answer(body(b"<a" + b"".join(
            b" a%06d=1" % i for i in range(100000)) + b"/>")),
        "{url}: line 1: a tag .*"),
    "1 MiB of files": (
        lambda: Answer(body(b"<setting-files>" + b"<file url='a'/>" * 60000 +
                            b"</setting-files>")),
        "{url}: line 1: it names more than 24 files"),
    "rubbish": (lambda: Answer(bytes(range(1, 256)) * 4000), "{url}: line .*"),
    "rubbish in tags": (
        lambda: Answer(body(bytes(range(256)) * 4000)), "{url}: line .*"),
    "endless header line": (
        lambda: Answer(raw=b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10 * MIB),
        f"{HOST} sends too many headers"),
    "endless headers": (
        lambda: Answer(raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * MIB),
        f"{HOST} sends too many headers"),
    "slow drip": (lambda: Answer(GOOD * 100, piece=1, pause=0.05), LATE),
    "slow drip of headers": (
        lambda: Answer(raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * MIB, piece=6,
                       pause=0.05), LATE),
    "silent": (lambda: Answer(silent=True), rf"nothing came from {HOST} for \d+ s"),
    "silent after the head": (lambda: Answer(GOOD, hold_after=0),
                              rf"nothing came from {HOST} for \d+ s"),
    "redirect loop": (lambda: redirect(PATH), f"{HOST} redirects more than 5 times"),
    "redirect to file://": (
        lambda: redirect("file:///etc/passwd"),
        f"{HOST} redirects to something other than http and https"),
    "redirect to ftp://": (
        lambda: redirect("ftp://127.0.0.1/settings.xml"),
        f"{HOST} redirects to something other than http and https"),
}

# Harmless, but as costly as a file may be: these are taken.
COSTLY = {"values that do not count": b"<setting_server>x</setting_server>",
          "a value": b"a", "text": b" ", "bare ampersands": b"&", "ISO-8859-1": b"\xe9",
          "CDATA": b"<![CDATA[<]]>", "comments": b"<!---->", "tags": b"<a/>"}


def check_bounded(phone, capsys, name, seconds=TIME_MAX):
    """A look, in time and in memory."""
    forget_peak(phone)
    begun = time.monotonic()
    look = phone.check(within=30)
    took = time.monotonic() - begun
    above = phone.uxmcd.status("VmHWM") - phone.usual
    with capsys.disabled():
        print(f"\n  {name}: peak {above} KiB above a good file's, {took:.1f} s", end="")
    assert above < PEAK_MAX
    assert took < seconds
    return look


@pytest.mark.parametrize("name", SERVERS)
def test_hostile(phone, capsys, name):
    answer, sentence = SERVERS[name]
    before = phone.settings(), uxmcd.stored("settings")
    phone.serve(PATH, answer())
    look = check_bounded(phone, capsys, name)
    expected = sentence.format(url=re.escape(phone.server.url(PATH)))
    assert re.fullmatch(f"setting_server: {expected}", look.sentence), look
    parsed = sentence.startswith(("{url}", ENTITIES))
    assert (look.number, look.word) == (1, "parse" if parsed else "fetch")
    assert (phone.settings(), uxmcd.stored("settings")) == before


@pytest.mark.parametrize("name", COSTLY)
def test_costly(patient, capsys, name):
    text = filled(COSTLY[name])
    if name == "a value":
        text = body(b"<setting_server>" + text[100:-100] + b"</setting_server>")
    patient.serve(PATH, text)
    look = check_bounded(patient, capsys, f"1 MiB of {name}", PARSE_MAX)
    assert look.steps["setting_server"] == ("ok", "read, no firmware_uxm in it")
    assert look.word == "policy"


def test_good_after_that(phone):
    phone.serve(PATH, settings_file(entry(POLICY, "never_update")))
    assert phone.check().word == "policy"
    assert phone.get(POLICY)[0] == "never_update"


def resident(phone):
    """When it has given back what a look has cost: before it answers again."""
    phone.get(POLICY)
    return phone.uxmcd.status("VmRSS")


def test_many_looks_cost_no_memory(phone, capsys):
    """Nothing is left behind by a file, be it good or bad."""
    laughing = Answer(laughs())
    phone.serve(PATH, *[laughing, Answer(GOOD)] * 10, Answer(GOOD))
    phone.check()
    before = resident(phone)
    for _ in range(40):
        phone.check()
    more = resident(phone) - before
    with capsys.disabled():
        print(f"\n  40 looks: {more} KiB more than before", end="")
    assert more < 256


# uxmcd goes on while a server has it wait
@pytest.fixture
def hanging(phone):
    """A look that waits for its server."""
    gate = Gate()
    phone.start(setting_server=phone.serve(
        PATH, Answer(GOOD, hold_after=5, gate=gate)))
    check = Check()
    phone.server.wait_requests(1)
    yield check
    gate.set()
    check.close()


def test_update_during_a_look(phone, hanging, image):
    new = image(size=70000)
    url = phone.bench.serve(new)
    done = phone.bench.ctl("update", url)
    assert done.returncode == 0, done.stdout
    phone.bench.done(new, url)


def test_settings_during_a_look(phone, hanging):
    phone.set(POLICY, "ask_for_update")
    assert phone.get(POLICY) == ("ask_for_update", "user", "")
    assert phone.bench.ctl("status").returncode == 0


def test_sigterm_during_a_look(phone, hanging):
    """It ends at once; whoever waits for the look is not left waiting."""
    begun = time.monotonic()
    phone.uxmcd.stop()
    assert time.monotonic() - begun < 10
    assert hanging.client.recv(100) == b""
