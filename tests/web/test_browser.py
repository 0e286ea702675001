# SPDX-License-Identifier: GPL-2.0-or-later
"""The pages as people see them, in a browser: with script and without, on a phone's
screen, by keyboard, in the dark; and what tools say of them.
"""
import pathlib
import re
import shutil
import subprocess
import urllib.parse

import pytest

selenium = pytest.importorskip("selenium")
if not shutil.which("chromedriver"):
    pytest.skip("chromedriver is not installed", allow_module_level=True)

# pylint: disable=wrong-import-position
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import Browser
from fake import module

HERE = pathlib.Path(__file__).resolve().parent
URL = "http://pbx/snomD7C-1.6.1-r.bin"
PAGE_MAX = 40 * 1024

BUSY = {"done": 12345678, "total": 35708675, "timeout": 30000}


def prepare_waiting(fake):
    fake.answers["waiting"] = [f"0 waiting uxmc0\t{URL}"]


def prepare_password(fake):
    fake.password = ("admin", "secret")


def prepare_refusal(fake):
    fake.answers["update"] = ["5 name-form the file is named x: an image for this module "
                              "is named snomD7C-<version>-r.bin"]


def modules(*list_of_them):
    def prepare(fake):
        fake.modules = list(list_of_them)
    return prepare


# What there is to see: the page, and how things stand
STATES = {
    "info": ("/info.htm", modules(module())),
    "info-none": ("/info.htm", modules()),
    "info-two": ("/info.htm", modules(
        module(), module("failed", id=1, port="1-2", mode=1, version="",
                         message="downloading: the module was unplugged"))),
    "update": ("/update.htm", modules(module())),
    "update-fetching": ("/update.htm", modules(module("fetching", **BUSY))),
    "update-transferring": ("/update.htm", modules(module("downloading", **BUSY))),
    "update-rebooting": ("/update.htm", modules(module("rebooting", timeout=60000))),
    "update-done": ("/update.htm", modules(module("done"))),
    "update-failed": ("/update.htm", modules(
        module("failed", message="fetching: the server says 404 Not Found"))),
    "update-waiting": ("/update.htm", prepare_waiting),
    "settings": ("/settings.htm", modules(module())),
    "login": ("/login.htm", prepare_password),
    "nowhere": ("/nowhere.htm", modules()),
}


@pytest.fixture(scope="module")
def chrome(web_of_all):
    with Browser(f"http://127.0.0.1:{web_of_all.port}") as browser:
        yield browser


@pytest.fixture
def browser(chrome, web, fake):
    chrome.forget()
    chrome.size(1000)
    chrome.dark(False)
    chrome.complaints()
    yield chrome
    assert not chrome.complaints()
    chrome.open("/nowhere.htm")
    chrome.complaints()


@pytest.fixture(scope="module")
def plain_chrome(web_of_all):
    """Without script."""
    with Browser(f"http://127.0.0.1:{web_of_all.port}", script=False) as browser:
        yield browser


@pytest.fixture
def plain(plain_chrome, web, fake):
    plain_chrome.forget()
    yield plain_chrome
    plain_chrome.open("/nowhere.htm")


@pytest.fixture(scope="module")
def axe():
    done = subprocess.run([HERE / "fetch-axe"], stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode and not shutil.which("npm"):
        pytest.skip("npm is not installed, and axe-core was not fetched before")
    return pathlib.Path(done.stdout.strip()).read_text()


def show(browser, fake, name):
    path, prepare = STATES[name]
    prepare(fake)
    browser.open(path)
    if path == "/nowhere.htm":      # which the browser has something to say about
        browser.complaints()


# For everybody
@pytest.mark.parametrize("name", STATES)
def test_nothing_keeps_people_out(browser, fake, axe, name):
    """axe-core, with the rules of WCAG 2.2 AA, light and dark, large and small."""
    show(browser, fake, name)
    found = []
    for dark in False, True:
        for width in 320, 1000:
            browser.dark(dark)
            browser.size(width)
            browser.run(axe)
            result = browser.driver.execute_async_script(
                "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',"
                " 'wcag22aa', 'best-practice']}).then(arguments[0]);")
            found += [(one["id"], dark, width, one["nodes"][0]["html"][:200])
                      for one in result["violations"]]
            browser.shot(f"{name}-{'dark' if dark else 'light'}-{width}")
    assert not found


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("width", [320, 360, 768])
def test_it_fits(browser, fake, name, width):
    """Nothing has to be scrolled sideways, and what is pressed is large enough."""
    browser.size(width)
    show(browser, fake, name)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    for element in browser.all("main button, main input:not([type=hidden]), main select"):
        assert element.size["height"] >= 44, element.get_attribute("outerHTML")


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("language", ["en", "de"])
def test_html_is_valid(web, fake, name, language):
    path, prepare = STATES[name]
    prepare(fake)
    page = web.request("GET", path, headers={"Accept-Language": language})
    done = subprocess.run(["tidy", "-q", "-e", "-utf8", "--drop-empty-elements", "no"],
                          input=page.body, capture_output=True, check=False)
    # Debian's tidy is older than these.
    known = re.compile('proprietary attribute "(aria-[a-z]+|inputmode|autocapitalize)"$')
    assert not [line for line in done.stderr.decode().splitlines()
                if not known.search(line)]


@pytest.mark.parametrize("name", STATES)
def test_weight(web, fake, name):
    """A page with all that it needs; and it asks for nothing else."""
    path, prepare = STATES[name]
    prepare(fake)
    page = web.request("GET", path)
    links = [link for link in page.links() if not link.endswith(".htm")]
    assert len(links) == 2
    weight = len(page.body) + sum(
        len(web.get(urllib.parse.urljoin("/", link)).body) for link in links)
    print(f"{name}: {weight} bytes")
    assert weight <= PAGE_MAX


def test_files_may_be_kept_for_ever(web, fake):
    """What is in them is in their names; there is no other."""
    page = web.get("/info.htm")
    for link in page.links():
        if link.endswith(".htm"):
            continue
        file = web.get(f"/{link}")
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        other = link.replace("-", "-0", 1)
        assert web.request("GET", f"/{other}").status == 404


# By keyboard
@pytest.mark.parametrize("name", ["info", "update", "update-fetching", "update-waiting",
                                  "settings"])
def test_by_keyboard(browser, fake, name):
    """Everything is reached in its order, and it is seen where one is."""
    show(browser, fake, name)
    wanted = browser.run("""
        return [...document.querySelectorAll(
            "a, button, input:not([type=hidden]), select")].map((e) => e.outerHTML)""")
    reached = []
    for _ in wanted:
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        element = browser.driver.switch_to.active_element
        reached.append(element.get_attribute("outerHTML"))
        assert browser.run("""
            const style = getComputedStyle(arguments[0]);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
            """, element), reached[-1]
    assert reached == wanted
    assert "Skip to content" in reached[0]


def test_enter_saves(browser, fake):
    """Not the first Clear: what Enter does is to save."""
    browser.open("/settings.htm")
    field = browser.labelled("firmware_interval")
    field.clear()
    field.send_keys("60", Keys.ENTER)
    browser.until(lambda: "Saved." in browser.text)
    assert fake.asked("set") == ["firmware_interval 60"] and not fake.asked("clear")


# The vendor's words
def test_the_vendors_words(browser, fake):
    browser.open("/info.htm")
    assert "USB Expansion Module 1\nModule Version D7C 1.1.1" in browser.text
    browser.link("Software Update").click()
    assert "Manual Expansion Module Software Update" in browser.text
    browser.labelled("Firmware").send_keys(URL)
    browser.button("Load").click()
    browser.until(lambda: fake.asked("update") == [URL])


def test_refusal_belongs_to_its_field(browser, fake):
    prepare_refusal(fake)
    browser.open("/update.htm")
    browser.labelled("Firmware").send_keys("http://x/y.bin")
    browser.button("Load").click()
    browser.until(lambda: browser.all("#refusal"))
    browser.complaints()
    field = browser.labelled("Firmware")
    assert field.get_attribute("value") == "http://x/y.bin"
    assert field.get_attribute("aria-invalid") == "true"
    described = browser.driver.find_element(By.ID, field.get_attribute("aria-describedby"))
    assert "the file is named x" in described.text
    browser.shot("update-refused")


# It follows
def test_it_follows_an_update(browser, fake):
    """Without loading the page again; what is typed meanwhile is kept."""
    browser.open("/update.htm")
    browser.run("window.mark = 1")
    browser.labelled("Firmware").send_keys("http://half")
    assert browser.state() == "No update is under way"
    fake.change(**module("fetching", done=1, total=4))
    browser.until(lambda: browser.state() == "uxmc0: Fetching the image")
    browser.until(lambda: browser.all("#bar") and browser.button("Cancel"))
    fake.change(done=3)
    browser.until(lambda: browser.find("#bar").get_attribute("value") == "75")
    fake.change(**module("downloading", done=1, total=4, timeout=9000))
    browser.until(lambda: "Do not unplug" in browser.text)
    assert not [one for one in browser.all("button") if one.text == "Cancel"]
    fake.change(**module("rebooting"))
    browser.until(lambda: browser.state() == "uxmc0: Update successful, rebooting...")
    fake.change(**module("done", version="1.1.1"))
    browser.until(lambda: "The module runs version 1.1.1 now, before it was 1.0.0"
                  in browser.text)
    assert browser.run("return window.mark") == 1


def test_cancel_stays_where_it_is(browser, fake):
    """Whoever is about to press it when the page shows more presses the same button."""
    def more(_):
        fake.modules[0]["done"] = 2000000
        return ["0 visitor no\tno\toff"]

    fake.change(**module("fetching", done=1))
    browser.open("/update.htm")
    button = browser.button("Cancel")
    fake.answers["log"] = ["0 entry 0\t1\tdone\tmanual\t1-1\tS\tD7C\t8.8\t9.9\tx\t-\t-",
                           "0 done 1"]
    fake.answers["visitor"] = more
    fake.change(done=1000000, total=4000000)
    browser.until(lambda: "8.8 → 9.9" in browser.text)
    assert "2.0 of 4.0 MB" in browser.text
    assert browser.find("#bar").get_attribute("value") == "50"
    button.click()
    browser.until(lambda: fake.asked("cancel"))


def test_what_is_typed_is_kept(browser, fake):
    """The rules change, and so does that part of the page, but not what is in it."""
    browser.open("/update.htm")
    field = browser.labelled("Firmware")
    field.send_keys("http://half")
    fake.answers["may"] = ["0 step modules no 2 expansion modules are connected",
                           "5 many-modules 2 expansion modules are connected"]
    fake.modules.append(module(id=1, port="1-2"))
    fake.tell()
    browser.until(lambda: "No update can be loaded now" in browser.text)
    assert browser.labelled("Firmware").get_attribute("value") == "http://half"
    assert browser.driver.switch_to.active_element.get_attribute("id") == "firmware"


def test_one_region_says_the_state(browser, fake):
    """It stays the same element, so that what is in it is read out; percents are not."""
    browser.open("/update.htm")
    browser.run("""
        window.said = [];
        window.region = document.querySelector("[role=status]");
        new MutationObserver(() => window.said.push(window.region.textContent))
            .observe(window.region, {childList: true, characterData: true, subtree: true});
        """)
    fake.change(**module("downloading", done=0, total=100))
    browser.until(lambda: browser.all("#bar"))
    for done in range(10, 100, 30):
        fake.change(done=done)
        browser.until(lambda: browser.find("#bar").get_attribute("value") == str(done))
    fake.change(**module("done"))
    browser.until(lambda: "successful" in browser.state())
    assert browser.run("return window.said") == [
        "uxmc0: Transferring to the module", "uxmc0: Update successful"]
    assert browser.run("return window.region.isConnected")


def test_info_follows(browser, fake):
    browser.open("/info.htm")
    fake.modules.append(module(id=1, port="1-2", version="1.6.1"))
    fake.tell()
    browser.until(lambda: "USB Expansion Module 2" in browser.text)


def test_check_now(browser, fake):
    fake.answers["last"] = ["6 busy the servers are being looked at"]
    browser.open("/update.htm")
    browser.button("Check now").click()
    browser.until(lambda: "The servers are being looked at." in browser.text)
    del fake.answers["last"]
    browser.until(lambda: "firmware_uxm is the provisioned URL already" in browser.text)


def test_confirm(browser, fake):
    prepare_waiting(fake)
    browser.open("/update.htm")
    browser.button("Confirm").click()
    browser.until(lambda: "confirm " in fake.requests)


def test_upload(browser, fake, tmp_path):
    file = tmp_path / "snomD7C-1.6.1-r.bin"
    file.write_bytes(b"x" * 100000)
    browser.open("/update.htm")
    browser.labelled("Or a file").send_keys(str(file))
    browser.button("Upload").click()
    browser.until(lambda: fake.file == b"x" * 100000)
    assert fake.asked("file") == ["100000 snomD7C-1.6.1-r.bin"]


# Logging in
def test_log_in_and_out(browser, fake):
    fake.password = ("admin", "secret")
    browser.open("/update.htm")
    browser.complaints()
    browser.shot("login")
    browser.labelled("User").send_keys("admin")
    browser.labelled("Password").send_keys("wrong", Keys.ENTER)
    browser.until(lambda: "wrong." in browser.text)
    browser.complaints()
    browser.shot("login-wrong")
    browser.labelled("User").send_keys("admin")
    browser.labelled("Password").send_keys("secret", Keys.ENTER)
    browser.until(lambda: "Manual Expansion Module" in browser.text)
    cookie = browser.driver.get_cookie("uxmc")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert browser.run("return document.cookie") == ""
    browser.button("Log Out").click()
    browser.until(lambda: browser.all("#password"))
    assert not fake.sessions


def test_a_session_that_ends(browser, fake):
    """The page that follows shows the form to log in."""
    fake.password = ("admin", "secret")
    browser.open("/login.htm")
    browser.labelled("User").send_keys("admin")
    browser.labelled("Password").send_keys("secret", Keys.ENTER)
    browser.until(lambda: "Expansion Modules" in browser.text)
    fake.sessions.clear()
    fake.change(version="9")
    browser.until(lambda: browser.all("#password"))
    browser.complaints()


def test_a_link_on_another_site(browser, fake, web):
    """No cookie is sent from there, and the session outlives it."""
    fake.password = ("admin", "secret")
    browser.open("/login.htm")
    browser.labelled("User").send_keys("admin")
    browser.labelled("Password").send_keys("secret", Keys.ENTER)
    browser.until(lambda: "Expansion Modules" in browser.text)
    target = f"http://127.0.0.1:{web.port}/settings.htm?settings=save&firmware_uxm="
    # The page has been loaded when these have been.
    for page in f'<img src="{target}">', f'<iframe src="{target}"></iframe>':
        browser.driver.get("data:text/html," + urllib.parse.quote(page))
    for page in (f'<a id="x" href="{target}">x</a>',
                 f'<form method="post" action="{target}"><button id="x">x</button></form>'):
        browser.driver.get("data:text/html," + urllib.parse.quote(page))
        browser.find("#x").click()
        browser.until(lambda: browser.driver.current_url.startswith("http:"))
    browser.complaints()
    assert not fake.asked("clear")
    browser.open("/update.htm")
    assert "Manual Expansion Module" in browser.text
    # Typed in, the vendor's way works.
    browser.driver.get(target)
    assert fake.asked("clear") == ["firmware_uxm"]


# Without script
def test_without_script(plain, fake):
    """The page asks for itself again while something goes on."""
    plain.open("/update.htm")
    plain.labelled("Firmware").send_keys(URL)
    plain.button("Load").click()
    assert fake.asked("update") == [URL]
    fake.change(**module("fetching", **BUSY))
    plain.open("/update.htm")
    assert plain.state() == "uxmc0: Fetching the image"
    plain.shot("update-fetching-no-script")
    fake.change(**module("done", version="1.1.1"))
    plain.until(lambda: "The module runs version 1.1.1 now" in plain.text)


def test_settings_without_script(plain, fake):
    plain.open("/settings.htm")
    field = plain.labelled("setting_server")
    field.clear()
    field.send_keys("http://other/{mac}.xml")
    plain.button("Save") if len(plain.all("button[name=settings]")) == 1 else \
        plain.all("button[name=settings]")[-1].click()
    plain.until(lambda: "Saved." in plain.text)
    assert fake.asked("set") == ["setting_server http://other/{mac}.xml"]


def test_german(web, fake):
    fake.modules = [module("downloading", **BUSY)]
    with Browser(f"http://127.0.0.1:{web.port}", languages="de-DE,de") as browser:
        browser.size(320)
        browser.open("/update.htm")
        assert browser.state() == "uxmc0: Übertragung zum Modul"
        browser.until(lambda: "12,3 von 35,7 MB" in browser.text)
        browser.shot("update-transferring-german")
