# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's chromium, as a person has it, by selenium and chromedriver."""
import os
import pathlib
import shutil
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
SHOTS = TOP / "build" / "web"

# Nothing is asked for elsewhere: neither by the browser for itself nor by chromedriver.
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--hide-scrollbars", "--force-device-scale-factor=1"]

SCRIPT_OFF = {"profile.managed_default_content_settings.javascript": 2}


class Browser:
    """One window; script=False has none, and languages are those that it likes."""

    def __init__(self, base, script=True, languages="en-US"):
        self.base = base
        self.directory = tempfile.mkdtemp(prefix="uxmcweb-chromium-")
        options = webdriver.ChromeOptions()
        for flag in FLAGS + [f"--user-data-dir={self.directory}", f"--lang={languages}"]:
            options.add_argument(flag)
        options.add_experimental_option("prefs", {"intl.accept_languages": languages} |
                                        ({} if script else SCRIPT_OFF))
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(
            "/usr/bin/chromedriver", log_path=os.devnull))
        self.driver.set_page_load_timeout(60)
        self.size(1000, 900)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.driver.quit()
        shutil.rmtree(self.directory, ignore_errors=True)

    # How it is held
    def size(self, width, height=900):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def dark(self, dark=True):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    # Where it is
    def open(self, path):
        self.driver.get(self.base + path)

    @property
    def text(self):
        """What is seen."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    def state(self):
        return self.find("#state").text

    def forget(self):
        self.driver.delete_all_cookies()

    # What is on the page
    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def labelled(self, text):
        """The field that a label is for, as a person finds it."""
        label, = [one for one in self.all("label") if one.text.split("\n")[0] == text]
        return self.driver.find_element(By.ID, label.get_attribute("for"))

    def button(self, text):
        found = [one for one in self.all("button") if one.text == text]
        assert len(found) == 1, (text, self.text)
        return found[0]

    def press(self, text):
        """Once more if the page has just replaced it."""
        self.until(lambda: self.button(text).click() or True, 10, f"{text} is pressed")

    def link(self, text):
        return self.driver.find_element(By.LINK_TEXT, text)

    def until(self, condition, within=30, what="it is so"):
        WebDriverWait(self.driver, within, 0.1).until(
            lambda _: self.quietly(condition), f"not within {within} s: {what}")

    @staticmethod
    def quietly(condition):
        """A page that is being replaced is not so yet."""
        from selenium.common.exceptions import WebDriverException
        try:
            return condition()
        except WebDriverException:
            return False

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def complaints(self):
        """What the browser has to say, about a policy that was broken above all."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if "favicon" not in entry["message"]]

    def shot(self, name):
        """The whole page, as a picture in build/web."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        import base64
        data = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"],
                     "scale": 1}})["data"]
        (SHOTS / f"{name}.png").write_bytes(base64.b64decode(data))
