# SPDX-License-Identifier: GPL-2.0-or-later
"""A password that is everywhere it can be used, and is looked for everywhere else: it
is in the state directory, where root alone can read, in uxmcd.conf, which the test keeps
to root, and in the driver, for who may change the module.
"""
import os
import re
import socket
import subprocess
import sys
import threading

import pytest

import genl
import guest
import uxmcd

sys.path.append(f"{guest.TOP}/tests/web")

# pylint: disable=wrong-import-position
import pages
from httpauth import BASIC, Wants, digest
from httpd import Answer, Gate, redirect
from module import run_uxmcctl, unprivileged
from provisioning import Phone, entry, settings_file, status_file
from proxy import Proxy

SECRET = "s3cr3t-w0rd"
USER = "s3cr3t-us3r"        # in a URL it is as good as one
MARK = "s3cr3t"
NOBODY = 65534


class Syslog:
    """What is said at /dev/log."""

    def __init__(self):
        if os.path.lexists("/dev/log"):
            os.unlink("/dev/log")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("/dev/log")
        self.said = []
        threading.Thread(target=self.hear, daemon=True).start()

    def hear(self):
        while True:
            try:
                self.said.append(self.socket.recv(65536).decode("latin-1"))
            except OSError:
                return

    def close(self):
        self.socket.close()
        os.unlink("/dev/log")


@pytest.fixture
def syslog(bench):
    log = Syslog()
    yield log
    log.close()


def processes():
    """What everybody may read of every process."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        for name in ("cmdline", "comm", "status"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    yield f"/proc/{pid}/{name}", file.read().decode("latin-1")
            except OSError:
                pass


def environments():
    """What root may read of ours, and somebody who is shown it."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm") as file:
                name = file.read().strip()
            with open(f"/proc/{pid}/environ", "rb") as file:
                if name.startswith("uxmc"):
                    yield f"{name}: environment", file.read().decode("latin-1")
        except OSError:
            pass


def running(during):
    """Of all processes now, by what happens meanwhile"""
    with unprivileged():
        seen = list(processes())
    found = list(environments())
    assert f"{during}: uxmc-fetch: environment" in [
        f"{during}: {name}" for name, _ in found]
    return {f"{during}: {name}": text for name, text in seen + found}


def readable(*directories):
    """All files in there that nobody can read."""
    for directory in directories:
        for path, _, names in os.walk(directory):
            for name in names:
                try:
                    with open(f"{path}/{name}", errors="replace") as file:
                        yield f"{path}/{name}", file.read(1 << 20)
                except OSError:
                    pass


@pytest.fixture
def listener(bench):
    """Somebody who may nothing, and hears what the driver tells everybody."""
    with unprivileged():
        monitor = genl.Monitor()
    yield monitor
    monitor.close()


@pytest.fixture
def web(phone):
    """The pages, shown to everybody."""
    with pages.Web(phone.uxmcd.file) as web:
        yield web


PAGES = ("/status.json", "/metrics", "/info.htm", "/events")


def look_everywhere(bench, syslog):
    """By what was looked at: what it says."""
    seen = {"log": bench.uxmcd.log()[bench.logged:],
            "syslog": "\n".join(syslog.said),
            "history": uxmcd.stored("history") or ""}
    for arguments in (["status"], ["--json"], ["check"], ["check", "--json"], ["log"],
                      ["log", "--json"], ["metrics"], ["get"], ["get", "--json"],
                      ["get", "firmware_uxm"], ["get", "setting_server"],
                      ["get", "firmware_status"], ["get", "http_client_pass"]):
        name = " ".join(arguments)
        seen[f"root: uxmcctl {name}"] = run_uxmcctl(*arguments).stdout
        seen[f"nobody: uxmcctl {name}"] = run_uxmcctl(
            *arguments, user=NOBODY, group=NOBODY, extra_groups=[]).stdout
    with unprivileged():
        user = genl.Genl()
        seen["nobody: netlink"] = str(user.dump())
        seen.update(("nobody: " + path, text) for path, text in readable(
            "/sys/class/uxmc/", bench.module.path, guest.STATE, "/run/uxmcd",
            "/run/udev", bench.directory))
        seen.update(processes())
        user.close()
    seen.update(environments())
    seen["notifications"] = str(bench.monitor.pending())
    seen["kernel log"] = subprocess.run(["dmesg"], capture_output=True, text=True,
                                        check=True).stdout
    return seen


def expect_nothing(seen):
    found = {where: line for where, text in seen.items()
             for line in text.splitlines() if MARK in line}
    assert not found
    assert len(seen) > 60


@pytest.fixture
def proxy():
    with Proxy(login=f"{USER}:{SECRET}") as proxy:
        yield proxy


def secret(url):
    return url.replace("://", f"://{USER}:{SECRET}@")


@pytest.fixture
def phone(bench, proxy, syslog):
    """All of its servers want it, and so does the proxy that they are behind."""
    phone = Phone(bench)
    serve = bench.server
    image = secret(serve.url("/snomD7C-1.6.1-r.bin"))
    serve.route("/there.xml", Wants(Answer(settings_file(
        entry("http_client_user", "phone"), entry("http_client_pass", SECRET, "R"),
        entry("firmware_status", secret(serve.url("/status.xml"))))), digest(), USER,
                                    SECRET))
    serve.route("/settings.xml", redirect(secret(serve.url("/there.xml"))))
    serve.route("/status.xml", Wants(Answer(status_file(
        entry("update_policy", "ask_for_update"), entry("firmware_uxm", image))),
                                     BASIC, USER, SECRET))
    os.chmod(bench.directory, 0o755)
    phone.start(setting_server=secret(serve.url("/settings.xml")), proxy=proxy.url,
                web_info="public", **pages.CONFIG)
    exposed = "has a password in it that everybody may read"
    assert exposed in phone.log()
    phone.uxmcd.stop()
    os.chmod(phone.uxmcd.file, 0o600)
    phone.uxmcd.start("--syslog")
    assert not [line for line in syslog.said if exposed in line]
    yield phone
    phone.uxmcd.stop()
    os.unlink(phone.uxmcd.file)
    phone.uxmcd.configure()


def test_all_goes_well(bench, phone, syslog, listener, web, image):
    """Settings, an update that a person confirms, and one by URL, while it is held."""
    new, gate = image(size=70000), Gate()
    held = Answer(new.data, hold_after=50000, gate=gate)
    wants = Wants(held, digest("SHA-256"), USER, SECRET)
    url = secret(bench.serve(new, wants))
    assert phone.check().word == "waiting"
    seen = look_everywhere(bench, syslog)
    with bench.ctl_running("confirm") as confirm:
        bench.module.until(lambda heard: heard["done"] == 50000, 20, "half fetched")
        seen.update(running("during"))
        gate.set()
        output, _ = confirm.communicate(timeout=30)
    assert confirm.returncode == 0, output
    seen["confirm"] = output

    gate.clear()
    with bench.ctl_running("update", url) as update:
        bench.module.until(lambda heard: heard["done"] == 50000, 20, "half fetched")
        seen.update(running("update"))
        seen.update((f"update: {path}", web.request("GET", path).text) for path in PAGES)
        gate.set()
        output, _ = update.communicate(timeout=30)
    assert update.returncode == 0, output
    seen["update"] = output
    seen.update((f"after: {where}", text)
                for where, text in look_everywhere(bench, syslog).items())
    seen.update((f"after: {path}", web.request("GET", path).text) for path in PAGES)
    seen["uxmcweb's log"] = web.log()
    seen["nobody: notifications"] = str(listener.pending())
    expect_nothing(seen)
    # Where it has to be
    assert uxmcd.setting() == url
    assert bench.client.get(bench.module.number)["firmware_uxm"] == url
    assert SECRET in uxmcd.stored("settings")
    # And what was looked at was not empty.
    assert "http://***@" in seen["after: root: uxmcctl get firmware_uxm"]
    assert "***" in seen["after: root: uxmcctl get"]
    assert "http://***@" in seen["after: history"]
    for where in ("after: syslog", "nobody: notifications", "after: /status.json"):
        assert "http://***@" in seen[where], where
    assert "uxmc" in seen["after: /metrics"]


WRONG = {
    "status": lambda server: Answer(b"no", status=404),
    "login": lambda server: Wants(Answer(b""), BASIC, "other", "other"),
    "redirect": lambda server: redirect(secret(server.url("/nowhere/x@y"))),
    "redirect to rubbish": lambda server: redirect(f"ftp://{USER}:{SECRET}@h/"),
    "page": lambda server: Answer(
        f"<html><title>{secret(server.url('/'))}</title>".encode()),
    "broken off": lambda server: Answer(bytes(5000), close_after=50),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_goes_wrong(bench, phone, syslog, name):
    """Image and settings file; each sentence is looked at."""
    server = bench.server
    url = secret(server.route("/snomD7C-1.6.2-r.bin", WRONG[name](server)))
    server.route("/settings.xml", WRONG[name](server))
    phone.check()
    seen = {"update": bench.ctl("update", url).stdout}
    bench.ask(url)
    bench.module.until_state("failed")
    seen.update(look_everywhere(bench, syslog))
    expect_nothing(seen)


def test_in_arguments(bench, phone, syslog):
    """uxmcctl takes them out of the process list, whether it is heard or not."""
    seen = {}
    bench.uxmcd.freeze()
    try:
        with bench.ctl_running("set", "http_client_pass", SECRET) as setting, \
                bench.ctl_running("update", secret("http://pbx.example/x")) as update:
            def masked():
                lists = dict(processes())
                return [lists[f"/proc/{one.pid}/cmdline"] for one in (setting, update)
                        if MARK in lists.get(f"/proc/{one.pid}/cmdline", MARK)] == []
            guest.until(masked, 40, "they are masked")
            seen.update(processes())
            bench.uxmcd.thaw()
            seen["set"], _ = setting.communicate(timeout=30)
            seen["update"], _ = update.communicate(timeout=30)
    finally:
        bench.uxmcd.thaw()
    expect_nothing(look_everywhere(bench, syslog) | seen)
