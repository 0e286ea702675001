# SPDX-License-Identifier: GPL-2.0-or-later
"""The simulated module keeps to DFU 1.1, so that a driver that is tested on it
is tested on more than what the driver itself expects.
"""
import errno
import hashlib
import os
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import usbfs
from sim import PROGRAM, TOP, Sim
from usbfs import ABORT, CLRSTATUS, DETACH, DNLOAD, GETSTATUS, UPLOAD, Dfu

APPLICATION = 0xd7c0
DFU = 0xd7c1

OK = 0
BLOCK = b"\x5a" * 64


@pytest.fixture(autouse=True)
def driver():
    """In the place of the driver: here the test is the host."""
    subprocess.run(["modprobe", "vhci-hcd"], check=True)


@pytest.fixture
def sim():
    """Plug in a module: sim("--start-in-dfu"); quick unless options say other."""
    started = []

    def start(*options, **others):
        started.append(Sim("--reboot-ms", 120, "--manifest-ms", 50,
                           "--transfer-size", 64, *options, **others))
        return started[-1]

    yield start
    for one in started:
        one.unplug()


@pytest.fixture
def half_way(sim):
    """A module in DFU mode, without a firmware, in dfuIDLE: (sim, dfu)."""
    opened = []

    def start(*options):
        one = sim("--start-in-dfu", *options)
        opened.append(Dfu(DFU))
        assert opened[-1].status() == (usbfs.ERR_FIRMWARE, 0, "dfuERROR")
        opened[-1].send(CLRSTATUS)
        assert opened[-1].status() == (OK, 0, "dfuIDLE")
        return one, opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The bytes of a small image."""
    path = tmp_path_factory.mktemp("image") / "image"
    subprocess.run([f"{TOP}/build/mkimage", "--size", "1000", path], check=True)
    return path.read_bytes()


def stalled(request, *arguments):
    with pytest.raises(OSError) as caught:
        request(*arguments)
    assert caught.value.errno == errno.EPIPE


def download(dfu, data, size=64):
    """All of the data and the end of it, up to dfuMANIFEST; returns how long
    that lasts in ms.
    """
    blocks = range(0, len(data), size)
    for number, at in enumerate(blocks):
        assert dfu.block(number, data[at:at + size]) == (OK, 0, "dfuDNLOAD-IDLE")
    dfu.send(DNLOAD, len(blocks))
    status, poll, state = dfu.status()
    assert (status, state) == (OK, "dfuMANIFEST")
    return poll


# Application mode and back

def test_descriptors(sim):
    sim("--version", "1.10.2", "--serial", "A1")
    with Dfu(APPLICATION) as dfu:
        assert dfu.interface == 1
        functional = bytes([9, 0x21, 0x09, 0xe8, 3, 64, 0, 0x10, 1])
        assert dfu.control(0x81, 6, 0x2100, 1, 9) == functional
        with open(f"{dfu.path}/descriptors", "rb") as file:
            assert functional in file.read()
        with open(f"{dfu.path}/serial") as file:
            assert file.read() == "A1\n"
        with open(f"{dfu.path}/{os.path.basename(dfu.path)}:1.1/interface") as file:
            assert file.read() == "UXMC firmware 1.10.2\n"
        assert dfu.status() == (OK, 0, "appIDLE")


@pytest.mark.parametrize("options, interface, serial, version", [
    (["--no-panel"], 0, "SIM0001", "0111"),
    (["--no-version-string", "--version", "1.61"], 1, "SIM0001", "0161"),
    (["--no-serial", "--model", "D8C"], 1, None, "0111")])
def test_variants(sim, options, interface, serial, version):
    sim(*options)
    with Dfu(0xd8c0 if "D8C" in options else APPLICATION) as dfu:
        assert dfu.interface == interface
        assert os.path.exists(f"{dfu.path}/serial") == (serial is not None)
        with open(f"{dfu.path}/bcdDevice") as file:
            assert file.read() == f"{version}\n"
        name = os.path.basename(dfu.path)
        assert os.path.exists(f"{dfu.path}/{name}:1.{interface}/interface") == \
            ("--no-version-string" not in options)


def attribute(path, name):
    with open(f"{path}/{name}") as file:
        return file.read().strip()


@pytest.mark.parametrize("speed, rate, packet", [("high", "480", "0200"),
                                                 ("full", "12", "0040")])
def test_speed(sim, speed, rate, packet):
    """A bulk endpoint has packets of the size that its speed has, and there is a
    descriptor of another speed only where there is another speed.
    """
    sim("--speed", speed)
    with Dfu(APPLICATION) as dfu:
        panel = f"{dfu.path}/{os.path.basename(dfu.path)}:1.0"
        assert attribute(dfu.path, "speed") == rate
        assert attribute(f"{panel}/ep_01", "wMaxPacketSize") == packet
        assert attribute(f"{panel}/ep_81", "interval") == "1ms"
        if speed == "full":
            stalled(dfu.control, 0x80, 6, 0x0600, 0, 10)
            stalled(dfu.control, 0x80, 6, 0x0700, 0, 9)
        else:
            assert dfu.control(0x80, 6, 0x0600, 0, 10)[:2] == bytes([10, 6])


def test_application_refuses(sim):
    one = sim()
    with Dfu(APPLICATION) as dfu:
        for request in (DNLOAD, CLRSTATUS, ABORT):
            stalled(dfu.send, request)
        stalled(dfu.get, UPLOAD, 64)
        stalled(dfu.control, 0x21, DETACH, 1000, 0, b"")    # the panel's interface
        assert dfu.status() == (OK, 0, "appIDLE")
    assert not one.matching("^(detach|error|violation)")


def test_detach_by_itself(sim):
    one = sim("--will-detach")
    with Dfu(APPLICATION) as dfu:
        dfu.send(DETACH, 1000)
    one.wait("^off$", 5)
    one.wait("^attached dfu$", 5)
    with Dfu(DFU) as dfu:
        assert dfu.status() == (OK, 0, "dfuIDLE")
        # A reset without a download: the old firmware is still there.
        since = one.mark()
        dfu.reset()
    one.wait("^attached app 1.1.1$", 5, since)
    assert not one.matching("^(off|error)", since)
    usbfs.wait(APPLICATION)


def test_detach_and_reset(sim):
    one = sim("--no-will-detach")
    with Dfu(APPLICATION) as dfu:
        dfu.send(DETACH, 1000)
        assert dfu.status() == (OK, 0, "appDETACH")
        dfu.reset()
    one.wait("^attached dfu$", 5)
    with Dfu(DFU) as dfu:
        assert dfu.state == "dfuIDLE"
    assert one.log()[-4:] == ["detach", "reset", "attached dfu", "configured"]


@pytest.mark.parametrize("options, asked", [([], 100), (["--detach-ms", 100], 1000)])
def test_detach_times_out(sim, options, asked):
    """The shorter of the host's and the module's time counts."""
    one = sim("--no-will-detach", *options)
    with Dfu(APPLICATION) as dfu:
        dfu.send(DETACH, asked)
        assert dfu.state == "appDETACH"
        end = time.monotonic() + 5
        while dfu.state != "appIDLE":
            assert time.monotonic() < end
        dfu.reset()
        assert dfu.status() == (OK, 0, "appIDLE")
    assert one.matching("^reset$")
    assert not one.matching("^attached dfu")


def test_reset_in_application_mode(sim):
    one = sim()
    with Dfu(APPLICATION) as dfu:
        dfu.reset()
        assert dfu.status() == (OK, 0, "appIDLE")
    assert one.log() == ["attached app 1.1.1", "configured", "reset", "configured"]


# Download

def test_first_requests(half_way):
    _, dfu = half_way()
    dfu.send(ABORT)
    assert dfu.status() == (OK, 0, "dfuIDLE")
    stalled(dfu.send, DNLOAD)               # an image without a byte
    assert dfu.status() == (usbfs.ERR_STALLEDPKT, 0, "dfuERROR")
    stalled(dfu.send, ABORT)
    dfu.send(CLRSTATUS)
    for request in (CLRSTATUS, DETACH):
        stalled(dfu.send, request)
        dfu.send(CLRSTATUS)
    stalled(dfu.get, UPLOAD, 64)
    assert dfu.status() == (usbfs.ERR_STALLEDPKT, 0, "dfuERROR")


def test_block_needs_status(half_way):
    _, dfu = half_way()
    dfu.send(DNLOAD, 0, BLOCK)
    assert dfu.state == "dfuDNLOAD-SYNC"
    stalled(dfu.send, DNLOAD, 1, BLOCK)
    assert dfu.status() == (usbfs.ERR_STALLEDPKT, 0, "dfuERROR")


@pytest.mark.parametrize("number, length, violation", [
    (0, 64, "wBlockNum is not the next one"),
    (2, 64, "wBlockNum is not the next one"),
    (1, 65, "block longer than wTransferSize")])
def test_bad_block(half_way, number, length, violation):
    one, dfu = half_way()
    assert dfu.block(0, BLOCK) == (OK, 0, "dfuDNLOAD-IDLE")
    stalled(dfu.send, DNLOAD, number, b"x" * length)
    assert dfu.status() == (usbfs.ERR_STALLEDPKT, 0, "dfuERROR")
    assert one.violations == [violation]


def test_abort(half_way, image):
    """After it a download begins anew, from block 0."""
    one, dfu = half_way()
    for number in range(3):
        assert dfu.block(number, BLOCK) == (OK, 0, "dfuDNLOAD-IDLE")
    dfu.send(ABORT)
    assert dfu.status() == (OK, 0, "dfuIDLE")
    download(dfu, image)
    one.wait("^attached app 1.6.1", 5)
    assert one.received == (1000, hashlib.sha256(image).hexdigest())


def test_poll_timeout(half_way):
    one, dfu = half_way("--poll", "300")
    dfu.send(DNLOAD, 0, BLOCK)
    assert dfu.status() == (OK, 300, "dfuDNBUSY")
    time.sleep(0.3)
    assert dfu.status() == (OK, 0, "dfuDNLOAD-IDLE")
    assert not one.violations

    dfu.send(DNLOAD, 1, BLOCK)
    assert dfu.status() == (OK, 300, "dfuDNBUSY")
    stalled(dfu.get, GETSTATUS, 6)
    assert dfu.status() == (usbfs.ERR_STALLEDPKT, 0, "dfuERROR")
    assert one.violations == ["request before bwPollTimeout in dfuDNBUSY"]


def test_figures_of_a_download(half_way, image):
    """They are the device's: how many blocks, what it asked for, what it took."""
    one, dfu = half_way("--poll", "20", "--no-sha256")
    begun = time.monotonic()
    for number in range(3):
        dfu.send(DNLOAD, number, image[64 * number:64 * number + 64])
        assert dfu.status() == (OK, 20, "dfuDNBUSY")
        time.sleep(0.02)
        assert dfu.status() == (OK, 0, "dfuDNLOAD-IDLE")
    stalled(dfu.send, DNLOAD, 3)            # there is more to come, says the header
    most = time.monotonic() - begun
    took, blocks, waits = re.fullmatch(
        r"took (\d+) us, (\d+) blocks, (\d+) ms of waits",
        one.wait("^took", 5)).groups()
    assert (blocks, waits) == ("3", "60")
    assert 0.06 <= int(took) / 1e6 <= most
    one.wait("^received 192 -$", 5)


def test_reset_half_way(half_way):
    """There is no firmware to go back to."""
    one, dfu = half_way()
    assert dfu.block(0, BLOCK) == (OK, 0, "dfuDNLOAD-IDLE")
    dfu.reset()
    assert dfu.status() == (usbfs.ERR_FIRMWARE, 0, "dfuERROR")
    assert one.matching("^reset$")


# Manifestation

def test_not_tolerant(half_way, image):
    one, dfu = half_way("--no-will-detach")
    assert download(dfu, image) == 50
    one.wait("^verified 1.6.1$", 5)
    stalled(dfu.get, GETSTATUS, 6)
    stalled(dfu.get, usbfs.GETSTATE, 1)
    dfu.reset()
    one.wait("^attached app 1.6.1$", 5)
    usbfs.wait(APPLICATION)


def test_tolerant(half_way, image):
    one, dfu = half_way("--tolerant")
    poll = download(dfu, image)
    one.wait("^verified 1.6.1$", 5)
    assert poll == 50
    assert dfu.state == "dfuMANIFEST-SYNC"
    assert dfu.status() == (OK, 0, "dfuIDLE")
    dfu.reset()
    one.wait("^attached app 1.6.1$", 5)
    usbfs.wait(APPLICATION)


def test_manifestation_takes_its_time(half_way, image):
    one, dfu = half_way("--tolerant", "--manifest-ms", "5000")
    assert download(dfu, image) == 5000
    stalled(dfu.get, GETSTATUS, 6)
    assert dfu.status() == (usbfs.ERR_STALLEDPKT, 0, "dfuERROR")
    assert one.violations == ["request before bwPollTimeout in dfuMANIFEST"]


def test_short_image(half_way, image):
    one, dfu = half_way()
    for number, at in enumerate(range(0, 640, 64)):
        dfu.block(number, image[at:at + 64])
    stalled(dfu.send, DNLOAD, 10)
    assert dfu.status() == (usbfs.ERR_NOTDONE, 0, "dfuERROR")
    assert one.matching("^rejected")


def test_long_image(half_way, image):
    one, dfu = half_way()
    download(dfu, image + b"x")
    one.wait("^rejected", 5)
    assert dfu.status()[2] == "dfuERROR"


# Faults

@pytest.mark.parametrize("fault", ["hang:1", "stall:1"])
def test_fault_once(half_way, image, fault):
    one, dfu = half_way("--fault", fault)
    dfu.block(0, image[:64])
    with pytest.raises(OSError) as caught:
        dfu.send(DNLOAD, 1, BLOCK, timeout=500)
    if fault == "hang:1":
        assert caught.value.errno == errno.ETIMEDOUT
        dfu.send(ABORT)
    else:
        assert caught.value.errno == errno.EPIPE
        dfu.send(CLRSTATUS)
    assert one.matching("^fault")
    download(dfu, image)
    one.wait("^verified", 5)


def test_control_endpoint_waits(half_way, image):
    """It does one transfer after the other: what is behind a block that hangs is
    served when the host has given that up.
    """
    one, dfu = half_way("--fault", "hang:1")
    dfu.block(0, image[:64])
    begun = time.monotonic()
    with ThreadPoolExecutor() as other:
        hung = other.submit(dfu.send, DNLOAD, 1, BLOCK, timeout=700)
        one.wait("^fault hang", 5)
        assert dfu.status() == (OK, 0, "dfuDNLOAD-IDLE")
        assert time.monotonic() - begun >= 0.7
        assert hung.exception().errno == errno.ETIMEDOUT


@pytest.mark.parametrize("fault, answer", [
    ("status-short", bytes([0, 0, 0])), ("status-lie", bytes([0, 0, 0, 0, 9, 0])),
    ("status-error:0", bytes([3, 0, 0, 0, 10, 0])),
    ("huge-poll", bytes([0, 255, 255, 255, 4, 0])),
    ("poll-forever", bytes([0, 0, 0, 0, 4, 0]))])
def test_fault_in_status(half_way, image, fault, answer):
    one, dfu = half_way("--fault", fault)
    dfu.send(DNLOAD, 0, BLOCK)
    assert dfu.get(GETSTATUS, 6) == answer
    assert one.matching(f"^fault {fault.split(':')[0]}$")

    # As a host might that has had enough of it
    try:
        dfu.send(ABORT)
    except OSError:
        dfu.send(CLRSTATUS)
    download(dfu, image)
    one.wait("^verified", 5)


def test_fault_ends_when_plugged_anew(sim):
    one = sim("--fault", "no-return-dfu")
    with Dfu(APPLICATION) as dfu:
        dfu.send(DETACH, 1000)
    one.wait("^off$", 5)
    one.replug()
    with Dfu(APPLICATION) as dfu:
        dfu.send(DETACH, 1000)
    one.wait("^attached dfu$", 5)


# Plugging

def test_unplug_in_a_request(sim):
    """A request that is never answered does not keep a module on the bus: the
    host is told, and does not wait for its time-out.
    """
    one = sim("--fault", "hang-detach")
    with Dfu(APPLICATION) as dfu:
        child = os.fork()
        if not child:
            try:
                dfu.send(DETACH, timeout=60000)
            except OSError as err:
                os._exit(err.errno)
            os._exit(0)
        one.wait("^fault hang-detach", 5)
        one.unplug()
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) in (errno.EPROTO, errno.ENODEV)
    assert one.log()[-1] == "unplugged"


def test_unplug_in_manifestation(half_way, image):
    """... and so at its very end too; it ends with the program, not without."""
    for wait in (0, 0.02, 0.035, 0.05, 0.065):
        one, dfu = half_way()
        download(dfu, image)
        time.sleep(wait)
        one.unplug()
        assert one.log()[-1] == "unplugged"


def test_flash_outlives_the_power(sim, image):
    one = sim()
    with Dfu(APPLICATION) as dfu:
        dfu.send(DETACH, 1000)
    with Dfu(DFU) as dfu:
        dfu.block(0, BLOCK)
        one.kill()
    assert one.replug() == "attached dfu"
    with Dfu(DFU) as dfu:
        assert dfu.status() == (usbfs.ERR_FIRMWARE, 0, "dfuERROR")
        dfu.send(CLRSTATUS)
        download(dfu, image)
    one.wait("^attached app 1.6.1$", 5)
    one.unplug()
    assert one.replug() == "attached app 1.6.1"


def test_screen(sim, image):
    one = sim("--start-in-dfu", "--manifest-ms", "500", screen=True)
    with Dfu(DFU) as dfu:
        dfu.send(CLRSTATUS)
        download(dfu, image)
    one.wait_screen("^Firmware 1.6.1$", 10)
    shown = one.screen()
    assert shown[0] == "Waiting for an update"
    assert "Received 1000 bytes" in shown
    assert [line for line in shown if re.match(r"Update in progress: step 2/3", line)]
    assert shown[-3:] == ["Update in progress: step 3/3 100 %",
                          "Update successful, rebooting...", "Firmware 1.6.1"]


def test_two_modules(sim):
    one, two = sim(), sim("--port", 1, "--model", "D8C", "--serial", "TWO")
    one.wait("^configured$", 10)
    two.wait("^configured$", 10)
    assert os.path.basename(usbfs.wait(APPLICATION)) == "1-1"
    assert os.path.basename(usbfs.wait(0xd8c0)) == "1-2"


# The command line

@pytest.mark.parametrize("arguments", [
    ["--port", "99"], ["--fault", "nonsense"], ["--fault", "stall"],
    ["--transfer-size", "0"], ["--model", "D9C"], ["--poll"], ["--bogus"], ["extra"],
    ["--log", "/nonexistent/log"]])
def test_bad_options(arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True,
                          timeout=10, check=False)
    assert done.returncode == 2
    assert re.fullmatch(r"uxmc-sim: .+\nTry 'uxmc-sim --help'.\n", done.stderr)


@pytest.fixture
def remove_controller():
    """Unload the virtual host controller; it is back after the test."""
    yield lambda: subprocess.run(["modprobe", "-r", "vhci-hcd"], check=True)
    subprocess.run(["modprobe", "vhci-hcd"], check=True)


def test_no_controller(remove_controller):
    remove_controller()
    done = subprocess.run([PROGRAM], capture_output=True, text=True, timeout=10,
                          check=False)
    assert done.returncode == 1
    assert "modprobe vhci-hcd" in done.stderr


def test_controller_removed(sim, remove_controller):
    one = sim()
    usbfs.wait(APPLICATION)
    remove_controller()
    assert one.process.wait(10) == 1
