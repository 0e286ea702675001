# SPDX-License-Identifier: GPL-2.0-or-later
"""What programs read: status.json, the events, the metrics."""
import contextlib
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request

import pytest

from fake import module
from pages import HOST

PROMTOOL, PROMETHEUS = shutil.which("promtool"), shutil.which("prometheus")


# status.json
def test_status(web, fake):
    page = web.get("/status.json")
    assert page.headers["Content-Type"] == "application/json"
    status = json.loads(page.text)
    assert status["driver_loaded"] is True and status["uxmcd_running"] is True
    entry, = status["modules"]
    assert (entry["name"], entry["version"], entry["state"]) == ("uxmc0", "1.1.1", "idle")
    check = status["check"]
    assert (check["result"], check["code"], check["age_seconds"]) == ("match", 0, 125)
    assert check["provisioned"] == "http://pbx/snomD7C-1.1.1-r.bin"
    assert check["steps"][2] == {"rule": "policy", "outcome": "ok",
                                 "text": "update_policy is ask_for_update"}


def test_status_is_that_of_uxmcctl(web, fake):
    """The same object, built by the same code, but for what was looked up."""
    status = json.loads(web.get("/status.json").text)
    assert set(status) == {"driver_loaded", "driver_missing", "uxmcd_running",
                           "uxmcd_silent", "modules", "unbound", "waiting", "check"}
    assert set(status["modules"][0]) == {
        "name", "model", "port", "serial_number", "version", "mode", "away", "state",
        "done", "total", "timeout_ms", "error", "errno", "url", "file", "firmware_uxm"}


def test_status_shows_no_password(web, fake):
    fake.answers["waiting"] = ["0 waiting uxmc0\thttp://me:secret@pbx/x"]
    fake.answers["last"] = ["0 entry 1\thttp://me:secret@pbx/y", "0 waiting ask"]
    page = web.get("/status.json")
    assert "secret" not in page.text
    assert json.loads(page.text)["waiting"]["url"] == "http://***@pbx/x"
    assert json.loads(page.text)["check"]["provisioned"] == "http://***@pbx/y"


# Events
class Stream:
    """The events, one after another."""

    def __init__(self, web, headers=None):
        self.connection = web.connect()
        self.connection.request("GET", "/events", headers=headers or {})
        self.answer = self.connection.getresponse()

    def next(self):
        """The next one, and how many signs of life came before it."""
        signs = 0
        while True:
            line = self.answer.readline().decode()
            assert line, "the stream ended"
            if line.startswith(":"):
                signs += 1
            if line.startswith("data: "):
                return json.loads(line[6:]), signs

    def until(self, condition):
        while not condition(event := self.next()[0]):
            pass
        return event

    def close(self):
        self.answer.close()
        self.connection.close()


@pytest.fixture
def stream(web, fake):
    with contextlib.closing(Stream(web)) as stream:
        yield stream


def test_events(stream, fake):
    assert stream.answer.headers["Content-Type"] == "text/event-stream"
    first, _ = stream.next()
    assert first["state"] == "idle" and first["text"] == "No update is under way"
    fake.change(**module("fetching", done=1000000, total=4000000))
    event, _ = stream.next()
    assert event == {"state": "fetching", "text": "uxmc0: Fetching the image",
                     "amount": "1.0 of 4.0 MB", "percent": 25, "page": event["page"]}
    assert event["page"] != first["page"]
    fake.change(done=2000000)
    later, _ = stream.next()
    assert (later["percent"], later["page"]) == (50, event["page"])


def test_an_event_tells_of_a_page(web, stream, fake):
    """What it calls the page is what the page calls itself."""
    for changes in {}, {"version": "9.9"}, module("failed", message="x"):
        fake.change(**changes)
        event = stream.next()[0] if changes else stream.next()[0]
        for path in "/info.htm", "/update.htm":
            assert f'data-page="{event["page"]}"' in web.get(path).text


def test_events_come_soon_but_not_in_a_flood(stream, fake):
    stream.next()
    start = time.monotonic()
    for done in range(1, 101):
        fake.change(**module("downloading", done=done * 1000, total=100000))
        time.sleep(0.01)
    events = 0
    while True:
        event, _ = stream.next()
        events += 1
        if event["percent"] == 100:
            break
    assert events <= 4 * (time.monotonic() - start) + 2
    assert time.monotonic() - start < 3


def test_what_the_driver_does_not_say(stream, fake):
    """An update that waits is seen all the same, within some seconds."""
    first, _ = stream.next()
    fake.answers["waiting"] = ["0 waiting uxmc0\thttp://x/y"]
    assert stream.next()[0]["page"] != first["page"]


def test_signs_of_life(stream, fake):
    """Without news there is one every ten seconds."""
    stream.next()
    start = time.monotonic()
    line = b""
    while not line.startswith(b":"):
        line = stream.answer.readline()
    assert 5 < time.monotonic() - start < 20


def test_many_streams(start, fake):
    """Some are enough for everybody, and leave room for pages."""
    with contextlib.ExitStack() as stack:
        web = stack.enter_context(start())
        streams = [stack.enter_context(contextlib.closing(Stream(web)))
                   for _ in range(16)]
        statuses = [stream.answer.status for stream in streams]
        assert statuses.count(200) == 12 and statuses.count(503) == 4
        assert web.get("/info.htm").status == 200
        for stream in streams[:12]:
            stream.next()
        fake.change(version="9.9")
        for stream in streams[:12]:
            stream.next()


def test_who_has_gone_makes_room(web, fake):
    """At once, and not with the next sign of life."""
    for _ in range(5):
        streams = [Stream(web) for _ in range(8)]
        for stream in streams:
            assert stream.answer.status == 200
            stream.next()
            stream.close()
        end = time.monotonic() + 3
        while fake.watchers:
            assert time.monotonic() < end, "streams are left"
            time.sleep(0.01)


def test_head_of_events(web, fake):
    assert web.request("HEAD", "/events").headers["Content-Type"] == "text/event-stream"


# Metrics
def samples(text):
    """{name with labels: value}"""
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
            for line in text.splitlines() if line and not line.startswith("#")}


def test_metrics(web, fake):
    fake.modules = [module("downloading", done=5, total=10),
                    module(id=1, port="1-2", serial='a"b\\c', version="")]
    page = web.get("/metrics")
    assert page.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = samples(page.text)
    assert found["uxmc_modules"] == 2 and found["uxmc_driver_loaded"] == 1
    assert found['uxmc_module_info{module="uxmc0",model="D7C",port="1-1",'
                 'serial_number="0004134D7C01",version="1.1.1",mode="application"}'] == 1
    assert r'serial_number="a\"b\\c"' in page.text
    assert found['uxmc_module_update_state{module="uxmc0",state="downloading"}'] == 1
    assert found['uxmc_module_update_state{module="uxmc0",state="idle"}'] == 0
    assert found['uxmc_module_done_bytes{module="uxmc0"}'] == 5
    assert found['uxmc_updates_total{result="done"}'] == 3
    assert found['uxmc_lookups_total{result="failed"}'] == 2
    assert found["uxmc_last_update_timestamp_seconds"] == 1790000000
    assert found["uxmc_last_update_success"] == 1


def test_metrics_without_uxmcd(start, fake):
    """What is missing shows."""
    with start(web_info="public") as web:
        fake.stop(fake.control)
        fake.stop(fake.driver)
        try:
            found = samples(web.get("/metrics").text)
        finally:
            fake.start_uxmcd()
            fake.start_driver()
    assert found["uxmc_uxmcd_up"] == 0 and found["uxmc_driver_loaded"] == 0
    assert found["uxmc_modules"] == 0 and "uxmc_updates_total" not in str(found)


def check_with_promtool(text):
    done = subprocess.run([PROMTOOL, "check", "metrics"], input=text,
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.skipif(not PROMTOOL, reason="promtool is not installed")
@pytest.mark.parametrize("modules", [0, 1, 3])
def test_promtool(web, fake, modules):
    fake.modules = [module(id=number, port=f"1-{number}") for number in range(modules)]
    check_with_promtool(web.get("/metrics").text)


def test_openmetrics(web, fake):
    page = web.get("/metrics", headers={
        "Accept": "application/openmetrics-text; version=1.0.0,text/plain;q=0.5"})
    assert page.headers["Content-Type"].startswith("application/openmetrics-text")
    assert page.text.endswith("# EOF\n")
    families = dict(re.findall(r"^# TYPE (\S+) (\S+)$", page.text, re.M))
    assert families["uxmc_updates"] == "counter"
    for name, kind in families.items():
        assert f"# HELP {name} " in page.text
        assert re.search(rf"^{name}{'_total' if kind == 'counter' else ''}[{{ ]",
                         page.text, re.M), name


@pytest.mark.skipif(not PROMETHEUS, reason="prometheus is not installed")
def test_prometheus_scrapes_it(web, fake, tmp_path):
    """With a password, as a script has it."""
    fake.password = ("admin", "secret")
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    (tmp_path / "prometheus.yml").write_text(f"""
global: {{scrape_interval: 1s}}
scrape_configs:
- job_name: phones
  basic_auth: {{username: admin, password: secret}}
  static_configs: [{{targets: ["{HOST}:{web.port}"]}}]
""")
    with subprocess.Popen(
            [PROMETHEUS, f"--config.file={tmp_path}/prometheus.yml",
             f"--storage.tsdb.path={tmp_path}/data",
             f"--web.listen-address={HOST}:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as prometheus:
        try:
            result = until_scraped(port, "uxmc_modules")
        finally:
            prometheus.terminate()
    assert result[0]["value"][1] == "1"


def until_scraped(port, query, within=60):
    url = f"http://{HOST}:{port}/api/v1/query?query={query}"
    end = time.monotonic() + within
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                result = json.load(answer)["data"]["result"]
            if result:
                return result
        except OSError:
            pass
        assert time.monotonic() < end, "nothing was scraped"
        time.sleep(0.2)
