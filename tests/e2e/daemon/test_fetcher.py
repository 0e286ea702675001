# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcd and a uxmc-fetch that dies, hangs, lies or floods; and who is which user,
with which rights.
"""
import errno
import os
import pwd
import signal

import pytest

import guest
import uxmcd
from httpd import Answer

SIZE = 70000
CUT = 40000
NAME = "snomD7C-1.6.1-r.bin"
LIAR = f"{uxmcd.PUBLIC}/liar.py"
HERE = os.path.dirname(os.path.abspath(__file__))

# Its sentences, as a person sees them
DIED = "uxmc-fetch died"
WRONG = {
    "dies": DIED, "crashes": DIED, "exhausts": DIED, "complains": DIED, "empty": DIED,
    "garbage": "uxmc-fetch sent a packet of no known kind and length",
    "long": "uxmc-fetch sent a packet of no known kind and length",
    "unasked": "uxmc-fetch sent headers at the wrong time",
    "too-large": "uxmc-fetch sent headers of more than the size limit",
    "too-much": "uxmc-fetch sent more data than it announced",
    "flood": "uxmc-fetch sent more data than the size limit",
    "short": "uxmc-fetch ended before all had come that it announced",
    "complete": "uxmc-fetch ended before all had come that it announced",
    "not-modified": "uxmc-fetch sent headers with a status that brings nothing",
    "asks-for-ever": "uxmc-fetch followed too many redirects",
    "escape": "uxmc-fetch ended with a malformed sentence",
    "unknown-setting": "uxmc-fetch sent a setting that nobody asked for",
    "names-for-image": "uxmc-fetch named a file that nobody asked for",
    "drops-all": "uxmc-fetch dropped what nobody asked for",
}
WRONG_SETTINGS = {
    "dies": DIED,
    "garbage": "uxmc-fetch sent a packet of no known kind and length",
    "image-for-settings": "uxmc-fetch sent data that nobody asked for",
    "not-modified": "uxmc-fetch sent headers with a status that brings nothing",
    "unknown-setting": "uxmc-fetch sent a setting that there is none of",
    "wrong-value": "uxmc-fetch sent a setting with a value that it cannot have",
    "names-files": "uxmc-fetch named too many files",
    "names-etc": "uxmc-fetch named a file without http or https URL",
    "names-nowhere": "uxmc-fetch named a file without a line",
    "drops-all": "uxmc-fetch dropped too much",
    "drops-escape": "uxmc-fetch dropped something with a malformed sentence",
    "drops-and-sends": "uxmc-fetch sent a setting twice",
}


@pytest.fixture(scope="module", autouse=True)
def liar():
    uxmcd.publish(f"{guest.TOP}/tests/fetch/wire.py")
    uxmcd.publish(f"{HERE}/liar.py")


def fetchers():
    """The numbers of the processes that are uxmc-fetch's user's"""
    uid = pwd.getpwnam("uxmc-fetch").pw_uid
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{name}").st_uid == uid or \
                    status(name)["Uid"].split()[0] == str(uid):
                found.append(int(name))
        except (FileNotFoundError, ProcessLookupError, KeyError):
            pass
    return found


def status(pid):
    """The lines of /proc/PID/status"""
    with open(f"/proc/{pid}/status") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def the_fetcher():
    pid, = guest.until(fetchers, 40, "uxmc-fetch runs")
    return pid


def none_left():
    guest.until(lambda: not fetchers(), 40, "no uxmc-fetch is left")


def descriptors(bench):
    return len(os.listdir(f"/proc/{bench.uxmcd.process.pid}/fd"))


# Those that do not do what they should
@pytest.mark.parametrize("bench", [{"fetch_program": LIAR}], ids=[""], indirect=True)
@pytest.mark.parametrize("way", WRONG)
def test_wrong(bench, way):
    """As with a bad server it is tried three times, and nothing is lost."""
    open_before = descriptors(bench)
    bench.ask(bench.server.url(f"/{way}/{NAME}"))
    bench.failed("fetching", errno.EPROTO, WRONG[way], 40)
    tries = bench.uxmcd.log()[bench.logged:].count(f"of 3: {WRONG[way]}")
    assert tries == 2
    none_left()
    assert descriptors(bench) == open_before


@pytest.mark.parametrize("bench", [{"fetch_program": LIAR}], ids=[""], indirect=True)
@pytest.mark.parametrize("way,said", [("crashes", "ended by signal 6: Aborted"),
                                      ("complains", "ended with status 4")])
def test_its_end_is_logged(bench, way, said):
    bench.ask(bench.server.url(f"/{way}/{NAME}"))
    bench.failed("fetching", errno.EPROTO, DIED, 40)
    bench.uxmcd.until_logged(f"uxmc-fetch {'was ' if way == 'crashes' else ''}{said}",
                             bench.logged)


@pytest.mark.parametrize("bench", [{"fetch_program": LIAR}], ids=[""], indirect=True)
@pytest.mark.parametrize("way", ["descriptors", "lingers"])
def test_what_is_left_of_it(bench, way):
    """It may say that it failed, and be believed; then it is gone, with all it had."""
    open_before = descriptors(bench)
    bench.ask(bench.server.url(f"/{way}/{NAME}"))
    bench.failed("fetching", errno.EIO, "it ended", 40)
    none_left()
    assert descriptors(bench) == open_before


@pytest.mark.parametrize("bench", [{"fetch_program": LIAR, "connect_timeout": 1,
                                    "stall_timeout": 1, "retries": 2}],
                         ids=[""], indirect=True)
def test_silent(bench):
    bench.ask(bench.server.url(f"/silent/{NAME}"))
    bench.failed("fetching", errno.ETIMEDOUT,
                 "uxmc-fetch said nothing for 7 s, and was ended", 40)
    none_left()


@pytest.mark.parametrize("bench", [{"fetch_program": LIAR}], ids=[""], indirect=True)
@pytest.mark.parametrize("way", WRONG_SETTINGS)
def test_wrong_settings(bench, way):
    """Nothing of what it said is set, and it is asked again later."""
    url = bench.server.url(f"/{way}/firmware.xml")
    assert bench.uxmcd.ask(f"set firmware_status {url}")[0] == 0
    bench.uxmcd.until_logged(f"firmware_status: {WRONG_SETTINGS[way]}; it is looked "
                             "at again in", bench.logged, 40)
    assert bench.uxmcd.ask("get update_policy")[2].split()[0] == "auto_update"
    assert bench.uxmcd.ask("set firmware_status ")[0] == 0
    none_left()


# The real one, and what may become of it
def held(image):
    """It stops after a part; the next answer is sound."""
    sound = {"ranges": True, "etag": '"one"'}
    return [Answer(image.data, hold_after=CUT, **sound), Answer(image.data, **sound)]


def begun(bench, image, query=""):
    """A fetch that has got a part of the image; gives the URL, and the fetcher."""
    url = bench.serve(image, *held(image)) + query
    bench.ask(url)
    bench.module.until(lambda heard: heard["done"] == CUT, 40, "a part is there")
    return url, the_fetcher()


@pytest.fixture
def new(image):
    return image(size=SIZE)


def test_killed(bench, new):
    """What there is of the image is used."""
    url, pid = begun(bench, new)
    os.kill(pid, signal.SIGKILL)
    bench.done(new, url)
    assert [request.headers.get("range") for request in bench.server.requests] == \
        [None, f"bytes={CUT}-"]
    none_left()


@pytest.mark.parametrize("bench", [{"connect_timeout": 1, "stall_timeout": 2}],
                         ids=[""], indirect=True)
def test_stopped(bench, new):
    url, pid = begun(bench, new)
    os.kill(pid, signal.SIGSTOP)
    bench.done(new, url, 40)
    assert bench.server.requests[1].headers["range"] == f"bytes={CUT}-"
    none_left()


def test_uxmcd_is_killed(bench, new):
    """It does not outlive uxmcd, whatever it is at; the next one goes on."""
    url, pid = begun(bench, new, "?another")
    os.kill(pid, signal.SIGSTOP)
    bench.uxmcd.kill()
    none_left()
    bench.uxmcd.start()
    bench.finished(new, url)


def test_cancelled(bench, new):
    begun(bench, new)
    bench.client.cancel(bench.module.number)
    bench.failed("fetching", errno.ECANCELED, "cancelled")
    none_left()


# Who it is
def test_another_user(bench, new):
    """uxmcd is root here, and gives up what it can do without."""
    url, pid = begun(bench, new)
    user = pwd.getpwnam("uxmc-fetch")
    fetcher, daemon = status(pid), status(bench.uxmcd.process.pid)
    for name, number in (("Uid", user.pw_uid), ("Gid", user.pw_gid)):
        assert set(fetcher[name].split()) == {str(number)}
    assert not fetcher["Groups"].strip()
    for name in "CapInh", "CapPrm", "CapEff", "CapAmb":
        assert int(fetcher[name], 16) == 0, name
    # CAP_CHOWN, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_NET_ADMIN
    kept = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 12
    for name in "CapPrm", "CapEff", "CapBnd":
        assert int(daemon[name], 16) == kept, name
    for one in fetcher, daemon:
        assert (one["NoNewPrivs"], one["Seccomp"]) == ("1", "2")
    os.kill(pid, signal.SIGKILL)
    bench.done(new, url)


def sockets(pid):
    found = set()
    for name in os.listdir(f"/proc/{pid}/fd"):
        target = os.readlink(f"/proc/{pid}/fd/{name}")
        if target.startswith("socket:["):
            found.add(target[8:-1])
    return found


def internet_sockets():
    found = set()
    for name in "tcp", "tcp6", "udp", "udp6", "raw", "raw6":
        with open(f"/proc/net/{name}") as file:
            found |= {line.split()[9] for line in file.readlines()[1:]}
    return found


def test_who_has_the_libraries_and_the_connection(bench, new):
    """Who decides does not listen."""
    url, pid = begun(bench, new)
    with open(f"/proc/{bench.uxmcd.process.pid}/maps") as file:
        mapped = file.read()
    for library in "libcurl", "libxml2", "libssl", "libcrypto", "libgnutls", "libnghttp2":
        assert library not in mapped
    assert sockets(pid) & internet_sockets()
    assert not sockets(bench.uxmcd.process.pid) & internet_sockets()
    os.kill(pid, signal.SIGKILL)
    bench.done(new, url)


@pytest.mark.parametrize("bench,error,sentence", [
    ({"fetch_user": "nosuch"}, errno.EPERM, "there is no user nosuch for uxmc-fetch: "
     "make it, or name another as fetch_user in uxmcd.conf"),
    ({"fetch_user": "root"}, errno.EPERM, "root is root, which uxmc-fetch may not be: "
     "name another as fetch_user in uxmcd.conf"),
    ({"fetch_program": "/nowhere/uxmc-fetch"}, errno.ENOENT,
     "/nowhere/uxmc-fetch cannot be run: No such file or directory"),
    ({"fetch_program": "/etc/passwd"}, errno.EACCES,
     "/etc/passwd cannot be run: Permission denied"),
], ids=["no user", "root", "no program", "no program's file"], indirect=["bench"])
def test_cannot_be_started(bench, new, error, sentence):
    bench.ask(bench.serve(new))
    bench.failed("fetching", error, sentence)
    assert not bench.server.requests


@pytest.mark.parametrize("bench", [{"fetch_program": "/run/uxmc-script"}], ids=[""],
                         indirect=True)
def test_cannot_be_executed(bench, new):
    """What only the one who executes it can see"""
    with open("/run/uxmc-script", "w") as file:
        file.write("#!/nowhere/sh\n")
    os.chmod("/run/uxmc-script", 0o755)
    bench.ask(bench.serve(new))
    bench.failed("fetching", errno.EPROTO, DIED)
    assert "/run/uxmc-script cannot be run as uxmc-fetch: No such file or directory" \
        in bench.uxmcd.log()[bench.logged:]


@pytest.mark.parametrize("bench", [{"fetch_program": LIAR}], ids=[""], indirect=True)
def test_no_links_and_fifos(bench):
    """The firmware loader would follow them. What uxmcd starts is under its filter."""
    bench.ask(bench.server.url(f"/makes/{NAME}"))
    bench.failed("fetching", errno.EIO, "made file directory")
