# SPDX-License-Identifier: GPL-2.0-or-later
"""The vendor's instructions, followed in a browser on a phone in a guest: the real
driver, uxmcd and uxmcweb, nginx, and a simulated module.
"""
import shutil
import subprocess
import threading
import time

import pytest

selenium = pytest.importorskip("selenium")
if not shutil.which("chromedriver"):
    pytest.skip("chromedriver is not installed", allow_module_level=True)
if not shutil.which("qemu-system-x86_64"):
    pytest.skip("qemu is not installed", allow_module_level=True)

# pylint: disable=wrong-import-position,redefined-outer-name
from browser import Browser
from phone import PASSWORD, USER, Phone

# The size of the vendor's image of version 1.1.1
WHOLE = 35708675

MEMORY_MAX = 4096   # KiB

COUNT, VERSIONS = "USB Expansion Module", "Module Version"


@pytest.fixture(scope="module")
def phone_of_all():
    with Phone() as phone:
        yield phone


@pytest.fixture
def phone(phone_of_all):
    """It has one module, and knows of no update."""
    phone_of_all.restart()
    phone_of_all.plug()
    return phone_of_all


@pytest.fixture(scope="module", params=["script", "no script"])
def either(request, phone_of_all):
    with Browser(phone_of_all.base, script=request.param == "script") as browser:
        browser.script = request.param == "script"
        yield browser


@pytest.fixture(scope="module")
def with_script(phone_of_all):
    with Browser(phone_of_all.base) as browser:
        browser.script = True
        yield browser


@pytest.fixture
def browser(with_script, phone):
    """With script; somebody has logged in."""
    yield from logged_in(with_script)


@pytest.fixture
def person(either, phone):
    """With script and without."""
    yield from logged_in(either)


def logged_in(browser):
    browser.forget()
    browser.size(1000)
    browser.open("/info.htm")
    browser.complaints()
    log_in(browser)
    yield browser
    complaints = browser.complaints()
    browser.open("/nowhere.htm")
    browser.complaints()
    assert not complaints


def log_in(browser):
    browser.labelled("User").send_keys(USER)
    browser.labelled("Password").send_keys(PASSWORD)
    browser.button("Log In").click()
    browser.until(lambda: COUNT in browser.text)


def shot(browser, name):
    browser.shot(f"phone-{name}{'' if browser.script else '-no-script'}")


def load(browser, url):
    """The vendor's field and button"""
    browser.open("/update.htm")
    browser.labelled("Firmware").send_keys(url)
    browser.button("Load").click()


def until_state(browser, text, within=60):
    browser.until(lambda: browser.state() == text, within, f"the page says {text!r}")


def until_says(browser, text, within=60):
    browser.until(lambda: text in browser.text, within, f"the page says {text!r}")


def info(browser):
    """What info.htm says: the count, and in the line below it the versions"""
    browser.open("/info.htm")
    lines = [row.text for row in browser.all("main tr")]
    place = next(i for i, line in enumerate(lines) if line.startswith(COUNT))
    return [lines[place].removeprefix(COUNT).strip(),
            lines[place + 1].removeprefix(VERSIONS).strip()]


def follow(browser, until):
    """What the page says of the update, each once, and how much has been transferred, MB;
    until it says so, or it is that much
    """
    states, amounts = [], []

    def look():
        state, amount = browser.run("""
            return [document.getElementById("state")?.textContent ?? "",
                    document.getElementById("amount")?.textContent ?? ""]""")
        states.extend([state][:state not in states[-1:]])
        if amount and state.endswith("Transferring to the module"):
            now = float(amount.split(" ")[0])
            amounts.extend([now][:now not in amounts[-1:]])
        return until in browser.text if isinstance(until, str) else \
            amounts and amounts[-1] >= until

    browser.until(look, 120, f"the page says {until!r}; it said {states}")
    return states, amounts


# The manual procedure
def test_the_vendors_manual_procedure(browser, phone):
    """Word by word, with an image as large as the vendor's."""
    url = phone.serve(size=WHOLE)
    # "exactly one UXMC connected": info.htm has the count, and the version below it.
    assert info(browser) == ["1", "D7C 1.1.1"]
    shot(browser, "info-before")
    # update.htm has the section, the field and the button.
    browser.link("Software Update").click()
    headings = [one.text for one in browser.all("h2")]
    assert "Manual Expansion Module Software Update" in headings
    assert "An update can be loaded now:" in browser.text
    shot(browser, "update-before")
    browser.labelled("Firmware").send_keys(url)
    browser.button("Load").click()
    # The transferred-data count rises steadily; then it says what it does.
    states, amounts = follow(browser, 10)
    assert "of 35.7 MB" in browser.text and "Do not unplug the module" in browser.text
    shot(browser, "update-transferring")
    more = follow(browser, "The module runs version 1.6.1 now")
    states, amounts = states + more[0], amounts + more[1]
    assert states[-1] == "uxmc0: Update successful"
    wanted = [f"uxmc0: {what}" for what in (
        "Fetching the image", "Transferring to the module",
        "The module is installing the firmware", "Update successful, rebooting...")]
    assert list(dict.fromkeys(state for state in states if state in wanted)) == wanted
    assert amounts == sorted(amounts) and len(amounts) >= 4, amounts
    assert "before it was 1.1.1" in browser.text
    shot(browser, "update-after")
    # info.htm has the new version.
    assert info(browser) == ["1", "D7C 1.6.1"]
    shot(browser, "info-after")
    times, last = phone.received()
    assert (times, last[0]) == (1, WHOLE) and not phone.violations()
    assert phone.ask("get firmware_uxm")[2].endswith(url)


def test_with_script_and_without(person, phone):
    url = phone.serve()
    assert info(person) == ["1", "D7C 1.1.1"]
    load(person, url)
    until_says(person, "The module runs version 1.6.1 now, before it was 1.1.1")
    shot(person, "update-after")
    assert info(person) == ["1", "D7C 1.6.1"]


def test_the_next_module(person, phone):
    """firmware_uxm is cleared between two modules, by the vendor's URL."""
    url = phone.serve()
    load(person, url)
    until_says(person, "The module runs version 1.6.1 now")
    phone.unplug()
    phone.plug("--version", "1.1.1", port=1)
    assert info(person) == ["1", "D7C 1.1.1"]
    person.open("/settings.htm?settings=save&firmware_uxm=")
    until_says(person, "firmware_uxm")
    assert person.labelled("firmware_uxm").get_attribute("value") == ""
    load(person, url)
    until_says(person, "The module runs version 1.6.1 now")
    assert info(person) == ["1", "D7C 1.6.1"]
    assert phone.received(port=1)[0] == 1


# The provisioning procedure
def provision(phone, url, policy):
    """setting_server leads to a firmware_status file, which names the image."""
    status = phone.serve_text("/firmware.xml", f"""<firmware-settings>
<firmware_uxm>{url}</firmware_uxm>
</firmware-settings>
""")
    server = phone.serve_text("/settings.xml", f"""<settings><phone-settings e="2">
<update_policy perm="R">{policy}</update_policy>
<firmware_status perm="">{status}</firmware_status>
</phone-settings></settings>
""")
    assert phone.ask(f"set setting_server {server}")[0] == 0


def test_the_vendors_provisioning_procedure(person, phone):
    """ask_for_update: nothing happens before somebody has agreed."""
    url = phone.serve()
    provision(phone, url, "ask_for_update")
    person.open("/update.htm")
    person.press("Check now")
    until_says(person, "An update waits for your answer. Shall it be loaded?")
    assert url in person.text and phone.received()[0] == 0
    shot(person, "update-waiting")
    person.press("Confirm")
    until_says(person, "The module runs version 1.6.1 now, before it was 1.1.1")
    assert info(person) == ["1", "D7C 1.6.1"]
    # It is not loaded again and again.
    person.open("/update.htm")
    person.press("Check now")
    until_says(person, "firmware_uxm is the provisioned URL already")
    shot(person, "update-provisioned")
    assert phone.received()[0] == 1
    # What the server has made read-only is so on the page.
    person.open("/settings.htm")
    assert "Read-only: the provisioning server says so." in person.text
    assert "update_policy" not in [one.get_attribute("id") for one in person.all("select")]
    shot(person, "settings-provisioned")


def test_refused_by_somebody(person, phone):
    url = phone.serve()
    provision(phone, url, "ask_for_update")
    person.open("/update.htm")
    person.press("Check now")
    until_says(person, "An update waits for your answer.")
    person.press("Refuse")
    person.until(lambda: "An update waits for your answer." not in person.text)
    assert phone.received()[0] == 0 and info(person) == ["1", "D7C 1.1.1"]


def test_loaded_at_once(browser, phone):
    """auto_update: the page follows what nobody at it has asked for, but the server."""
    url = phone.serve()
    browser.open("/update.htm")
    browser.run("window.mark = 1")
    provision(phone, url, "auto_update")
    until_says(browser, "The module runs version 1.6.1 now")
    assert browser.run("return window.mark") == 1


# What goes wrong
def test_failure(person, phone):
    load(person, "http://pbx.example:8080/snomD7C-1.9.9-r.bin")
    until_state(person, "uxmc0: The update failed")
    until_says(person, "404")
    shot(person, "update-failed")
    assert info(person) == ["1", "D7C 1.1.1"]
    load(person, phone.serve())
    until_says(person, "The module runs version 1.6.1 now")


def test_refusal(person, phone):
    """It is not asked for at all, and the field says why."""
    load(person, "http://pbx.example:8080/snomD8C-1.6.1-r.bin")
    until_says(person, "D8C")
    person.complaints()
    assert person.labelled("Firmware").get_attribute("aria-invalid") == "true"
    shot(person, "update-refused")


def test_cancel(person, phone):
    """While it is fetched, which is slow, that is harmless."""
    load(person, phone.serve(directory="/slow"))
    until_state(person, "uxmc0: Fetching the image")
    until_says(person, "of 0.3 MB")
    shot(person, "update-fetching")
    person.press("Cancel")
    until_state(person, "uxmc0: The update was cancelled")
    shot(person, "update-cancelled")
    assert phone.received()[0] == 0
    load(person, phone.serve())
    until_says(person, "The module runs version 1.6.1 now")


def test_replug(browser, phone):
    """The page shows what is there, without being loaded again."""
    browser.open("/info.htm")
    browser.run("window.mark = 1")
    phone.unplug()
    until_says(browser, "No expansion module is connected")
    phone.plug("--version", "1.5.3")
    until_says(browser, "D7C 1.5.3")
    assert browser.run("return window.mark") == 1


def test_unplugged_while_it_is_fetched(browser, phone):
    load(browser, phone.serve(directory="/slow"))
    until_state(browser, "uxmc0: Fetching the image")
    phone.unplug()
    until_says(browser, "No expansion module is connected")
    phone.plug()
    load(browser, phone.serve())
    until_says(browser, "The module runs version 1.6.1 now")


def test_two_modules(person, phone):
    """Not by the vendor's rule; both are shown, and it says what to do."""
    phone.plug("--version", "1.5.3", port=1)
    assert info(person) == ["2", "D7C 1.1.1, D7C 1.5.3"]
    shot(person, "info-two")
    load(person, phone.serve())
    until_says(person, "2 expansion modules are connected")
    person.complaints()
    assert "No update can be loaded now:" in person.text
    shot(person, "update-two")
    phone.unplug(port=1)
    load(person, phone.serve())
    until_says(person, "The module runs version 1.6.1 now")


def test_upload(person, phone, tmp_path):
    """A file of the person's own machine"""
    file = tmp_path / "snomD7C-1.6.1-r.bin"
    subprocess.run(["build/mkimage", "--size", "300000", "--model", "D7C", "--version",
                    "1.6.1", file], check=True)
    person.open("/update.htm")
    person.labelled("Or a file").send_keys(str(file))
    person.button("Upload").click()
    until_says(person, "The module runs version 1.6.1 now, before it was 1.1.1")
    assert phone.received()[1][0] == 300000


# Scripts
def curl(phone, path, *options):
    done = subprocess.run(
        ["curl", "-sS", "-m", "30", "-w", "\n%{http_code}", *options,
         f"{phone.base}{path}"], capture_output=True, text=True, check=True)
    text, _, status = done.stdout.rpartition("\n")
    return int(status), text


@pytest.mark.parametrize("scheme", ["--basic", "--digest"])
def test_scripts(phone, scheme):
    """As home automation and PBX tools have it"""
    who = (scheme, "-u", f"{USER}:{PASSWORD}")
    query = "/dummy.htm?settings=save&firmware_uxm=http%3A%2F%2Fpbx%2FsnomD7C-1.1.1-r.bin"
    assert curl(phone, query)[0] == 401
    assert curl(phone, query, scheme, "-u", f"{USER}:wrong")[0] == 401
    assert curl(phone, query, *who) == (200, "OK\n")
    assert phone.ask("get firmware_uxm")[2].endswith("http://pbx/snomD7C-1.1.1-r.bin")
    assert curl(phone, "/settings.htm?settings=save&firmware_uxm=", *who)[0] == 200
    assert "http" not in phone.ask("get firmware_uxm")[2]
    assert curl(phone, "/update.htm", *who, "-d", "swload=load", "--data-urlencode",
                f"firmware={phone.serve()}")[0] == 303
    end = time.monotonic() + 60
    while "1.6.1" not in curl(phone, "/info.htm", *who)[1]:
        assert time.monotonic() < end
        time.sleep(0.2)


# Strangers
def besiege(phone, stop):
    """All at once, as much as one thread can: requests that are refused, a body that does
    not come, a header that does not end
    """
    while not stop.is_set():
        for arguments in (["/update.htm"], ["/settings.htm", "-u", "x:y"],
                          ["/events"], ["/metrics", "-u", f"{USER}:{PASSWORD}"],
                          ["/update.htm", "-F", "file=@/dev/null;filename=x"]):
            subprocess.run(["curl", "-s", "-m", "5", "-o", "/dev/null",
                            f"{phone.base}{arguments[0]}", *arguments[1:]], check=False)


def test_uxmcd_answers_meanwhile(phone):
    """Who asks it on the phone is not kept waiting by 200 connections, slow and quick."""
    import socket  # pylint: disable=import-outside-toplevel
    quiet, _ = phone.latency()
    stop, slow = threading.Event(), []
    for _ in range(200):
        client = socket.create_connection(("127.0.0.1", phone.port), 10)
        client.sendall(b"POST /update.htm HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                       b"Content-Type: application/x-www-form-urlencoded\r\n"
                       b"Content-Length: 60000\r\n\r\nfirmware=")
        slow.append(client)
    threads = [threading.Thread(target=besiege, args=[phone, stop]) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        median, longest = phone.latency(100)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for client in slow:
            client.close()
    print(f"uxmcd answers in {median * 1000:.1f} ms at the median, {longest * 1000:.0f} ms"
          f" at most; when all is quiet in {quiet * 1000:.1f} ms")
    assert median < 0.1
    # Nothing is lost: it serves on, and does what it is asked to.
    end = time.monotonic() + 60
    while curl(phone, "/info.htm", "-u", f"{USER}:{PASSWORD}")[0] != 200:
        assert time.monotonic() < end
        time.sleep(0.5)
    assert phone.ask("get update_policy")[0] == 0


def test_memory(browser, phone):
    """Its share of what is in memory while it serves, libraries included"""
    for page in "info", "update", "settings":
        browser.open(f"/{page}.htm")
    kib = phone.memory()
    print(f"uxmcweb: {kib} KiB while it serves")
    assert kib <= MEMORY_MAX
