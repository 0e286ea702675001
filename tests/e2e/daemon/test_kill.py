# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcd is killed, as it would be when memory is short: in each state of an
update. Once it is started again it brings the update to its end.
"""
import errno

import pytest

import expect
import uxmcd
from bench import SETTING, refused
from httpd import Answer
from journal import Journal

# Slow enough to be caught in each of its states.
SLOW = ("--manifest-ms", 300, "--reboot-ms", 300, "--poll", 5)
SIZE = 150000
CUT = 60000
ETAG = {"ranges": True, "etag": '"one"'}


@pytest.fixture(autouse=True, scope="module")
def slow_module(bench_of_file):
    bench_of_file.replace(*SLOW)


@pytest.fixture(autouse=True)
def all_as_before(bench):
    """The old version of the image comes from another URL."""
    bench.set(SETTING)
    yield
    if not bench.uxmcd.running():
        bench.uxmcd.start()


@pytest.fixture
def new(image):
    return image(size=SIZE, version="1.6.1")


def start_again(bench):
    bench.uxmcd.start()


def test_requested(bench, new):
    """It has not even seen the request."""
    url = bench.serve(new)
    bench.uxmcd.freeze()
    bench.ask(url)
    bench.uxmcd.kill()
    assert bench.module.state == "requested"
    assert uxmcd.stored("journal") is None
    start_again(bench)
    bench.done(new, url)


def fetch_half(bench, new):
    """Half of it has come; the server will not send more on that connection."""
    url = bench.serve(new, Answer(new.data, hold_after=CUT, **ETAG),
                      Answer(new.data, **ETAG))
    bench.ask(url)
    bench.module.until(lambda heard: heard["done"] == CUT, 40, "half fetched")
    return url


def test_fetching(bench, new):
    """What has come is not fetched again."""
    url = fetch_half(bench, new)
    bench.uxmcd.kill()
    assert Journal().step == "fetch"
    start_again(bench)
    bench.done(new, url)
    assert bench.server.requests[-1].headers["range"] == f"bytes={CUT}-"


def test_fetching_from_a_server_without_ranges(bench, new):
    url = bench.serve(new, Answer(new.data, hold_after=CUT), Answer(new.data))
    bench.ask(url)
    bench.module.until(lambda heard: heard["done"] == CUT, 40, "half fetched")
    bench.uxmcd.kill()
    start_again(bench)
    bench.done(new, url)


def test_fetching_and_changed_on_the_server(bench, new, image):
    """Meanwhile there is another image at that URL."""
    old = image(size=SIZE, version="1.5.3")
    url = bench.serve(new, Answer(old.data, hold_after=CUT, **ETAG),
                      Answer(new.data, ranges=True, etag='"two"'))
    bench.ask(url)
    bench.module.until(lambda heard: heard["done"] == CUT, 40, "half fetched")
    bench.uxmcd.kill()
    start_again(bench)
    bench.done(new, url)


def test_pausing(bench, new):
    """Between two tries."""
    bench.use(retry_delay=0.5)
    url = bench.serve(new, Answer(status=500), Answer(new.data))
    bench.ask(url)
    bench.server.wait_requests(1)
    bench.uxmcd.until_logged("fetch -> pause")
    bench.uxmcd.kill()
    start_again(bench)
    bench.done(new, url)


FLASHING = ["verifying", "detaching", "downloading", "manifesting", "rebooting"]


@pytest.mark.parametrize("state, later", [
    *((state, False) for state in FLASHING), ("downloading", True)])
def test_flashing(bench, new, state, later):
    """The driver goes on; uxmcd comes back in the middle of it, or after it."""
    url = bench.serve(new)
    bench.ask(url)
    bench.module.until_state(state)
    bench.uxmcd.kill()
    assert Journal().step == "flash"
    assert uxmcd.setting() == SETTING
    if later:
        end = bench.module.until_state("done", "failed")
        assert end["firmware_uxm"] == SETTING
        bench.module.position -= 1
    start_again(bench)
    bench.done(new, url)
    assert len(bench.server.requests) == 1


def test_done_but_not_stored(bench, new):
    url = bench.serve(new)
    bench.ask(url)
    bench.module.until_state("downloading")
    bench.uxmcd.freeze()
    bench.module.until_state("done")
    bench.uxmcd.kill()
    assert (Journal().step, uxmcd.setting()) == ("flash", SETTING)
    bench.module.position -= 1
    start_again(bench)
    bench.done(new, url)


@pytest.mark.parametrize("step", ["done", "failed"])
def test_in_the_middle_of_the_end(bench, new, step):
    """The journal says that it ended; what is to be done then was not."""
    url = bench.update(new)
    bench.set(SETTING)
    bench.uxmcd.stop()
    new.install()
    Journal.write(bench.module, url, new, step=step)
    bench.uxmcd.start()
    bench.uxmcd.expect_clean()
    expected = url if step == "done" else SETTING
    assert uxmcd.setting() == expected
    bench.until_shown(expected)


def test_driver_fails_meanwhile(bench, new, image):
    """It is not tried again: the driver's sentence is the end."""
    bad = image(size=SIZE, options=("--corrupt",))
    bench.ask(bench.serve(bad))
    bench.module.until_state("downloading")
    bench.uxmcd.kill()
    bench.module.until_state("failed")
    start_again(bench)
    bench.module.position -= 1
    bench.failed("manifesting", errno.EPROTO, "the module reports err.*")
    assert bench.module.states().count("manifesting") == 1
    bench.update(new)


def test_module_pulled_out_meanwhile(bench, new):
    """It has no firmware then. It gets it when it is back."""
    url = bench.serve(new)
    bench.ask(url)
    bench.module.until(lambda heard: heard["state"] == "downloading" and heard["done"],
                       20, "partly flashed")
    bench.uxmcd.kill()
    bench.module.sim.kill()
    bench.module.until(lambda heard: heard["event"] == "removed", 40, "removed")
    start_again(bench)
    assert Journal().step == "flash"
    bench.module.sim.start()
    expect.replugged(bench.module)
    bench.finished(new, url)


def test_cancelled_meanwhile(bench, new):
    """By uxmcctl, which can do that at the driver."""
    fetch_half(bench, new)
    bench.uxmcd.kill()
    done = bench.ctl("cancel")
    assert done.returncode == 0, done.stdout
    end = bench.module.until_state("failed")
    bench.module.position -= 1
    start_again(bench)
    assert end["errno"] == errno.ECANCELED
    bench.failed("fetching", errno.ECANCELED, "cancelled")
    assert len(bench.server.requests) == 1


def test_another_request_meanwhile(bench, new, image):
    """The newer one counts."""
    fetch_half(bench, new)
    bench.uxmcd.kill()
    newer = image(size=SIZE, version="1.7.1")
    url = bench.serve(newer)
    bench.client.cancel(bench.module.number)
    bench.ask(url)
    start_again(bench)
    bench.done(newer, url)


def test_given_up_in_the_end(bench, new):
    """Whatever kills it each time, it is not gone on with for ever."""
    # However late it is killed, there is more to fetch for all five of them.
    some = SIZE // 10
    bench.ask(bench.serve(new, Answer(new.data, hold_after=some, **ETAG)))
    for _ in range(4):
        bench.module.until(lambda heard: heard["done"] >= some, 40, "fetched")
        bench.uxmcd.kill()
        start_again(bench)
    bench.failed("fetching", errno.ELOOP,
                 "given up: it was interrupted too often.*")
    bench.update(new)


# With uxmcctl waiting for it
def test_uxmcctl_follows_the_driver(bench, new):
    """Without uxmcd it still sees the end of the flashing."""
    url = bench.serve(new)
    with bench.ctl_running("update", url) as ctl:
        bench.module.until_state("downloading")
        bench.uxmcd.kill()
        bench.module.until_state("done")
        bench.module.position -= 1
        output, _ = ctl.communicate(timeout=10)
    assert ctl.returncode == 0, output
    assert "uxmcd has gone; following the driver alone" in output
    assert "done" in output
    start_again(bench)
    bench.done(new, url)


def test_file_in_the_middle_of_the_copying(bench, new):
    """The file that was handed in cannot be opened again by uxmcd: it says so."""
    bench.uxmcd.stop()
    Journal.write(bench.module, new.path, new, step="copy", kind="file")
    bench.module.begin()
    bench.uxmcd.start()
    bench.uxmcd.expect_clean()
    assert "interrupted before the file was copied: give it again" in \
        bench.uxmcd.log()
    refused(bench.ctl("cancel"), 1, "there is no update to cancel")


def test_file_in_the_middle_of_the_flashing(bench, new):
    with bench.ctl_running("update", new.path) as ctl:
        bench.module.until_state("detaching")
        bench.uxmcd.kill()
        start_again(bench)
        output, _ = ctl.communicate(timeout=20)
    assert ctl.returncode == 0, output
    bench.uxmcd.expect_clean()
    assert bench.module.read("update_state") == "done"
    assert uxmcd.setting() == SETTING
