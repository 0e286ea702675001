# SPDX-License-Identifier: GPL-2.0-or-later
"""update.htm and info.htm: what they say of each state, and what they ask uxmcd."""
import http.client
import re
import time

import pytest

from fake import STATES, module
from pages import HOST, plain

BUSY = STATES[1:8]
TITLE = "Manual Expansion Module Software Update"
URL = "http://pbx/snomD7C-1.6.1-r.bin"


def status_of(page):
    """What a screen reader says when it changes."""
    states = re.findall(r'<p role="status" id="state">(.*?)</p>', page.text)
    assert len(states) == 1
    return states[0]


def buttons(page):
    return [plain(text) for text in re.findall(r"<button.*?>(.*?)</button>", page.text)]


# What is shown
def test_info(web, fake):
    page = web.get("/info.htm")
    assert page.below("USB Expansion Module") == ("1", ("Module Version", "D7C 1.1.1"))
    rows = dict(page.rows())
    assert rows["Phone Type"] == "D785" and rows["MAC Address"] == "000413922D24"
    assert rows["Firmware Version"] == "10.1.101.11"
    assert rows["Serial Number"] == "0004134D7C01" and rows["Mode"] == "Application"
    assert rows["Last Update"].endswith(
        "Update successful, 61 s\nD7C 0004134D7C01: 1.0.0 → 1.1.1")


@pytest.mark.parametrize("count", [0, 2, 3])
def test_other_numbers_of_modules(web, fake, count):
    fake.modules = [module(id=number, port=f"1-{number}", version=f"1.{number}")
                    for number in range(count)]
    page = web.get("/info.htm")
    shown, (_, versions) = page.below("USB Expansion Module")
    assert shown == str(count)
    assert versions == (", ".join(f"D7C 1.{number}" for number in range(count)) or "-")
    assert ("No expansion module is connected" in page.text) == (count == 0)


def test_without_the_driver(web, fake):
    fake.stop(fake.driver)
    try:
        for path in "/info.htm", "/update.htm":
            assert "The driver is not there." in web.get(path).text
    finally:
        fake.start_driver()


def test_idle(web, fake):
    page = web.get("/update.htm")
    assert TITLE in page.text and "Firmware</label>" in page.text
    assert status_of(page) == "No update is under way"
    assert buttons(page) == ["Load", "Upload", "Check now"]
    assert "http-equiv" not in page.text


def test_rules_one_by_one(web, fake):
    page = web.get("/update.htm")
    assert "An update can be loaded now:" in page.text
    assert "modules: exactly one expansion module is connected" in plain(page.text)
    fake.answers["may"] = ["0 step modules no 2 expansion modules are connected",
                           "0 step phone ok the phone's firmware is <b>",
                           "5 many-modules 2 expansion modules are connected"]
    page = web.get("/update.htm")
    assert "No update can be loaded now:" in page.text
    assert '<li class="no"><b>No</b> <span lang="en">modules: 2 expansion' in page.text
    assert "phone: the phone&#39;s firmware is &lt;b&gt;" in page.text


@pytest.mark.parametrize("state", BUSY)
def test_busy(web, fake, state):
    """State, bytes, a bar, how long a silence may last; Cancel as long as it is harmless."""
    fake.modules = [module(state, done=12345678, total=35708675, timeout=59500)]
    page = web.get("/update.htm")
    assert "uxmc0: " in status_of(page)
    assert "12.3 of 35.7 MB" in plain(page.text)
    assert '<progress id="bar" max="100" value="34"></progress>' in page.text
    assert "may take up to 60 s" in page.text
    harmless = state in ("requested", "fetching", "verifying")
    assert ("Cancel" in buttons(page)) == harmless
    assert ("Do not unplug" in page.text) == (not harmless)
    assert "Load" not in buttons(page)
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page.text


def test_the_vendors_word_for_rebooting(web, fake):
    fake.modules = [module("rebooting")]
    assert status_of(web.get("/update.htm")) == "uxmc0: Update successful, rebooting..."


def test_unknown_size(web, fake):
    fake.modules = [module("fetching", done=1234567)]
    page = web.get("/update.htm")
    assert '<progress id="bar" max="100"></progress>' in page.text
    assert "1.2 MB" in plain(page.text)


def test_done(web, fake):
    """The versions before and after; those before are in uxmcd's log."""
    fake.modules = [module("done", version="1.1.1")]
    page = web.get("/update.htm")
    assert status_of(page) == "uxmc0: Update successful"
    assert "The module runs version 1.1.1 now, before it was 1.0.0" in plain(page.text)
    assert "Load" in buttons(page)


def test_failed(web, fake):
    fake.modules = [module("failed", error=5, message="fetching: <404> not there")]
    page = web.get("/update.htm")
    assert status_of(page) == "uxmc0: The update failed"
    assert "fetching: &lt;404&gt; not there" in page.text


def test_cancelled(web, fake):
    fake.modules = [module("failed", error=125, message="fetching: cancelled")]
    assert status_of(web.get("/update.htm")) == "uxmc0: The update was cancelled"


def test_the_busy_one_of_two(web, fake):
    fake.modules = [module("done"), module("downloading", id=1, port="1-2")]
    assert status_of(web.get("/update.htm")).startswith("uxmc1: Transferring")


def test_waiting(web, fake):
    fake.answers["waiting"] = ["0 waiting uxmc0\thttp://me:secret@pbx/snomD7C-1.6.1-r.bin"]
    page = web.get("/update.htm")
    assert "http://***@pbx/snomD7C-1.6.1-r.bin" in page.text and "secret" not in page.text
    assert {"Confirm", "Refuse"} <= set(buttons(page))


def test_provisioning(web, fake):
    page = web.get("/update.htm")
    rows = dict(page.rows())
    assert rows["setting_server"] == "http://pbx/{mac}.xml"
    assert rows["Provisioned image"] == "http://pbx/snomD7C-1.1.1-r.bin"
    assert rows["Looked at"] == "2 min ago"
    assert "match: firmware_uxm is the provisioned URL already" in plain(page.text)


def test_looking(web, fake):
    fake.answers["last"] = ["6 busy the servers are being looked at"]
    page = web.get("/update.htm")
    assert "The servers are being looked at." in page.text and "http-equiv" in page.text


def test_last_updates(web, fake):
    fake.answers["log"] = [
        f"0 entry 0\t{number}\t{'failed' if number % 2 else 'done'}\tmanual\t1-1\tS\tD7C\t"
        f"1.0.{number}\t1.1\thttp://me:secret@x/{number}\t-\thttps,pin" for number in range(30)
    ] + ["0 done 30"]
    page = web.get("/update.htm")
    shown = re.findall(r"1\.0\.(\d+) → 1\.1", plain(page.text))
    assert shown == [str(number) for number in range(29, 19, -1)]
    assert plain(page.text).count("Trust: https,pin") == 10
    assert "secret" not in page.text


# What is asked for
@pytest.mark.parametrize("fields, asked", [
    ({"swload": "load", "firmware": URL}, f"update {URL}"),
    ({"firmware": URL}, f"update {URL}"),
    ({"do": "cancel"}, "cancel "), ({"do": "confirm"}, "confirm "),
    ({"do": "refuse"}, "refuse "), ({"do": "check"}, "check ")])
def test_asked(web, fake, fields, asked):
    page = web.post("/update.htm", fields)
    assert (page.status, page.headers["Location"]) == (303, "update.htm")
    assert asked in fake.requests


@pytest.mark.parametrize("fields", [{}, {"do": "explode"}, {"swload": "load"}])
def test_asked_for_nothing(web, fake, fields):
    assert web.post("/update.htm", fields).status == 400


@pytest.mark.parametrize("answer, status", [
    ("5 name-form the file is named <x>", 400), ("4 no-module none", 409),
    ("6 busy an update is under way", 409), ("3 no-driver not loaded", 409),
    ("10 too-late the module is being flashed", 409), ("9 x y", 403)])
@pytest.mark.parametrize("fields, verb", [
    ({"firmware": URL}, "update"), ({"do": "cancel"}, "cancel"),
    ({"do": "confirm"}, "confirm"), ({"do": "refuse"}, "refuse")])
def test_asked_in_vain(web, fake, answer, status, fields, verb):
    """What was entered stays, and the sentence belongs to the field."""
    fake.answers[verb] = [answer]
    page = web.post("/update.htm", fields)
    assert page.status == status
    sentence = answer.split(" ", 2)[2]
    assert page.by_id("refusal") == sentence
    if verb == "update":
        assert f'value="{URL}" aria-invalid="true" aria-describedby="refusal"' in page.text


def test_check_that_takes_its_time(web, fake):
    """Nobody waits for it: the page shows that the servers are being looked at."""
    def answer(_):
        time.sleep(3)
        return ["0 nothing nothing is provisioned"]

    fake.answers["check"] = answer
    start = time.monotonic()
    assert web.post("/update.htm", {"do": "check"}).status == 303
    assert time.monotonic() - start < 2


def test_check_while_busy(web, fake):
    fake.answers["check"] = ["6 busy an update is under way: wait for it"]
    assert web.post("/update.htm", {"do": "check"}).status == 409


# A file
BOUNDARY = "xyz"


def part(name, data, file=None):
    disposition = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    return (f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n").encode() + \
        data + b"\r\n"


def body_of(*parts):
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def upload(web, body, headers=None):
    return web.request("POST", "/update.htm", body, {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"} | (headers or {}))


def arrived(fake, data, within=10):
    """uxmcd has it, which may be a moment after the answer."""
    end = time.monotonic() + within
    while fake.file != data:
        assert time.monotonic() < end, (len(fake.file), len(data))
        time.sleep(0.01)


DATA = bytes(range(256)) * 1000 + b"\r\n--xy\r\n--xy\r"
NAME = "snomD7C-1.6.1-r.bin"


def test_upload(web, fake):
    page = upload(web, body_of(part("token", b"x"), part("file", DATA, NAME)))
    assert (page.status, page.headers["Location"]) == (303, "update.htm")
    assert fake.asked("file") == [f"{len(DATA)} {NAME}"]
    arrived(fake, DATA)


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 300000])
def test_sizes(web, fake, size):
    data = b"u" * size
    assert upload(web, body_of(part("file", data, NAME))).status == 303
    assert fake.asked("file") == [f"{size} {NAME}"]
    arrived(fake, data)


def test_upload_with_curl(web, fake, tmp_path):
    """As a script would, with a password."""
    import subprocess  # pylint: disable=import-outside-toplevel
    file = tmp_path / NAME
    file.write_bytes(DATA)
    fake.password = ("admin", "secret")
    for scheme in "--basic", "--digest":
        fake.file = b""
        done = subprocess.run(
            ["curl", "-sS", "-w", "%{http_code}", "-u", "admin:secret", scheme, "-F",
             f"file=@{file}", f"http://{HOST}:{web.port}/update.htm"],
            capture_output=True, text=True, check=True)
        assert done.stdout == "303"
        arrived(fake, DATA)


@pytest.mark.parametrize("body", [
    body_of(), body_of(part("a", b"1")), body_of(part("file", b"1")), b"", b"nonsense",
    body_of(part("file", DATA, NAME))[:-9], body_of(part("file", DATA, NAME), part("a", b"1")),
    body_of(part("file", DATA, NAME), part("file", DATA, NAME)),
    body_of(part("file", b"1", "x" * 300))], ids=repr)
def test_bad_uploads(web, fake, body):
    """No file, not the last thing in the form, not complete."""
    page = upload(web, body)
    assert page.status == 400 and "there is no file in it" in page.text


def test_upload_with_a_token_in_front(web, fake):
    fake.password = ("admin", "secret")
    name = fake.begin()
    cookie = {"Cookie": f"uxmc={name}"}
    file, right = part("file", DATA, NAME), part("token", name[32:].encode())
    for parts, status in (([right, file], 303), ([file, right], 403), ([file], 403),
                          ([part("token", b"0" * 32), file], 403),
                          ([part("token", b""), file], 403),
                          ([part("token", name.encode()), file], 403)):
        fake.requests.clear()
        page = upload(web, body_of(*parts), cookie)
        assert page.status == status
        assert bool(fake.asked("file")) == (status == 303)


@pytest.mark.parametrize("headers, status", [
    ({}, 401), ({"Cookie": "uxmc=" + "0" * 64}, 403),
    ({"Authorization": "Basic eDp5"}, 401), ({"Origin": "http://evil.example"}, 401)])
def test_upload_by_others(web, fake, headers, status):
    """Read, so that a browser hears the answer, but it leads nowhere."""
    fake.password = ("admin", "secret")
    assert upload(web, body_of(part("file", DATA, NAME)), headers).status == status
    assert not fake.asked("file")


def test_upload_that_waits_to_be_told(web, fake):
    """Refused before a byte of it was sent; let in, it is told to go on."""
    fake.password = ("admin", "secret")
    body = body_of(part("file", DATA, NAME))
    for credentials, first in (("Basic eDp5", 401), ("Basic YWRtaW46c2VjcmV0", 100)):
        connection = http.client.HTTPConnection(HOST, web.port, timeout=10)
        connection.putrequest("POST", "/update.htm")
        for header, value in (("Authorization", credentials), ("Expect", "100-continue"),
                              ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),
                              ("Content-Length", str(len(body)))):
            connection.putheader(header, value)
        connection.endheaders()
        line = connection.sock.recv(64)
        assert line.startswith(f"HTTP/1.1 {first}".encode())
        connection.close()


def test_upload_that_is_too_large(web, fake):
    connection = http.client.HTTPConnection(HOST, web.port, timeout=10)
    connection.request("POST", "/update.htm", headers={
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(134217728 + 65537)})
    assert connection.getresponse().status == 413
    connection.close()


def test_upload_that_uxmcd_refuses(web, fake):
    fake.answers["file"] = ["6 busy an update is under way: wait for it"]
    page = upload(web, body_of(part("file", DATA, NAME)))
    assert page.status == 409 and page.by_id("refusal") == \
        "an update is under way: wait for it"


def test_upload_that_uxmcd_ends(web, fake):
    """It was taken at first, and then the disk was full."""
    fake.answers["file"] = ["0 accepted uxmc0", "1 failed fetching: no space left"]

    def drain(client, _):
        while client.recv(8192):
            pass

    fake.take_file = drain
    try:
        page = upload(web, body_of(part("file", b"x" * 3000000, NAME)))
    finally:
        del fake.take_file
    assert page.status == 409 and page.by_id("refusal") == "fetching: no space left"


def test_upload_that_breaks_off(web, fake):
    """uxmcd sees that no more comes."""
    connection = http.client.HTTPConnection(HOST, web.port, timeout=10)
    body = body_of(part("file", DATA, NAME))
    connection.putrequest("POST", "/update.htm")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders()
    connection.send(body[:100000])
    end = time.monotonic() + 10
    while not fake.asked("file"):
        assert time.monotonic() < end
        time.sleep(0.01)
    connection.close()
    while fake.connected:
        assert time.monotonic() < end, "uxmcd waits for the rest"
        time.sleep(0.01)
    assert 0 < len(fake.file) < len(DATA)


# Languages
def test_german(web, fake):
    fake.modules = [module("downloading", done=12345678, total=35708675, timeout=5000)]
    page = web.get("/update.htm", headers={"Accept-Language": "de"})
    assert status_of(page) == "uxmc0: Übertragung zum Modul"
    assert "12,3 von 35,7 MB" in plain(page.text)
    assert "Modul nicht abziehen" in page.text
