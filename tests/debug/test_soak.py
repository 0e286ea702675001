# SPDX-License-Identifier: GPL-2.0-or-later
"""Updates by uxmcd, one after another, most of them disturbed at a random moment: the
module or the driver or the daemon goes, the bus is reset, the system is suspended.
Each ends, and so does the one after it; none leaves memory behind.
"""
import contextlib
import os
import time

import pytest

import genl
import guest
import suspend
import usbfs
import uxmcd
from httpd import Answer, Server
from patience import deadline
from seeds import GUESTS, SEED, generator, usual_or_long

UPDATES = usual_or_long(50, 1000 // GUESTS)
# Longer than all timeouts that a disturbance may run into, one after the other
UPDATE_SECONDS = 120
# What the first updates take for good is not lost: caches, and the like.
WARM_UP = UPDATES // 5
# What all others may take, KiB: less than the image of one of them
MOST_LOST = 4096

# The module is a process, and may have to wait for a processor.
TIMEOUTS = {"block_timeout": 10000, "reboot_timeout": 15000}

MODULE = ("--transfer-size", 1024, "--poll", 2)
# It is the driver's soak: what it has no part in takes this kernel most of its time.
FETCHED = 0.2
FLASHING = ("verifying", "detaching", "downloading", "downloading", "manifesting",
            "rebooting")


def free_memory():
    """KiB, with what the kernel could free at once"""
    with open("/proc/sys/vm/drop_caches", "w") as file:
        file.write("3")
    with open("/proc/meminfo") as file:
        values = {line.split(":")[0]: int(line.split()[1]) for line in file}
    return values["MemFree"], values["SUnreclaim"]


class Soak:
    def __init__(self, directory, sim, client, monitor, image):
        self.rng = generator("soak")
        self.one = sim
        self.client = client
        self.monitor = monitor
        self.server = Server()
        self.url = self.server.route(f"/{image.name}", Answer(image.data))
        self.image = image
        self.daemon = uxmcd.Uxmcd(directory)
        self.daemon.start()
        guest.until(self.module, 15, "the module is there")
        self.interface = None
        self.opened = {}
        self.refused = 0
        self.repaired = 0

    def close(self):
        self.close_files()
        self.daemon.stop()
        self.server.close()

    def module(self):
        """The module's status, once it is on the bus"""
        return next((one for one in self.client.dump() if not one["away"]), None)

    def settled(self):
        """Nobody is at work on it; gives its status."""
        found = self.module()
        if not found or found["state"] not in ("idle", "done", "failed"):
            return None
        return None if "journal" in uxmcd.left() else found

    def settle(self, what):
        """Looks after each event, and now and then: the journal's end is none. (To look
        all the time would leave this kernel little time for anything else.)
        """
        end = deadline(UPDATE_SECONDS)
        found = self.settled()
        while not found:
            assert time.monotonic() < end, f"not settled {what}"
            self.monitor.next(0.2)
            self.monitor.pending()
            found = self.settled()
        return found

    # Others who look at it meanwhile, as udev does, which would take half of all time
    def open_files(self):
        for number in guest.modules():
            for path in (f"/dev/uxmc{number}",
                         *(f"{guest.CLASS}/uxmc{number}/{name}"
                           for name in guest.SHOWN + ["firmware_uxm"])):
                with contextlib.suppress(OSError):
                    self.opened[path] = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self.read_files()

    def read_files(self):
        """What is open may belong to a module that is gone."""
        for path, file in self.opened.items():
            with contextlib.suppress(OSError):
                if path.startswith("/dev"):
                    os.read(file, 4096)
                else:
                    # The driver is asked again at the beginning only.
                    os.pread(file, 4096, 0)

    def close_files(self):
        self.read_files()
        while self.opened:
            os.close(self.opened.popitem()[1])

    # Disturbances
    def unplug(self):
        self.one.unplug()

    def pull(self):
        self.one.kill()

    def reset(self):
        """By somebody else; the module may be off the bus just now."""
        for product in 0xd7c0, 0xd7c1:
            path = usbfs.find(product)
            if path:
                with contextlib.suppress(OSError):
                    usbfs.reset(path)

    def unbind(self):
        for name in os.listdir(guest.USB_DRIVER):
            if ":" in name:
                self.interface = name
                with contextlib.suppress(OSError):
                    guest.tell_driver("unbind", name)

    def suspend(self):
        try:
            suspend.suspend()
        except OSError:
            self.refused += 1

    def kill(self):
        self.daemon.kill()

    def nothing(self):
        pass

    def repair(self):
        """What a person would do"""
        self.repaired = self.one.mark()
        if self.interface:
            with contextlib.suppress(OSError):
                guest.tell_driver("bind", self.interface)
            self.interface = None
        if not self.one.running:
            self.one.start()
        if not self.daemon.running():
            self.daemon.start()

    # Updates
    def ask(self):
        """To have it fetched, by sysfs, or with the file; gives the states to come.
        It would be refused while the daemon is at work. A module that the driver was
        taken from may leave the bus by itself, just when it is asked for an update.
        """
        number = self.settle("before an update")["module"]
        fetched = self.rng.random() < FETCHED
        refusal = self.send_url(number) if fetched else self.send_file()
        if refusal:
            assert "off" in self.one.log(self.repaired), refusal
            return self.ask()
        return ("requested", "fetching") + FLASHING if fetched else FLASHING

    def send_url(self, number):
        try:
            with open(f"{guest.CLASS}/uxmc{number}/firmware_uxm", "w") as file:
                file.write(self.url)
        except OSError as err:
            return str(err)
        return None

    def send_file(self):
        """The file, and away"""
        data = self.image.data
        with self.daemon.connect(60) as client:
            client.send(f"file {len(data)} /tmp/{self.image.name}".encode())
            number, word, sentence = self.daemon.answer(client)
            if (number, word) != (0, "accepted"):
                return sentence
            uxmcd.send_bytes(client, data)
        return None

    def reached(self, state, within):
        """Wait until it is in that state, or has ended."""
        return self.monitor.wait(lambda heard: heard["state"] in (state, "failed"),
                                 within)

    def update(self, disturbance):
        """One that is disturbed; gives the state in which it ends, and where."""
        self.monitor.pending()
        state = self.rng.choice(self.ask())
        self.reached(state, 20)
        self.open_files()
        time.sleep(self.rng.choice((0, 0, 0.02, 0.3)))
        getattr(self, disturbance)()
        time.sleep(self.rng.choice((0, 0.2)))
        self.repair()
        self.read_files()
        end = self.settle(f"after {disturbance}")
        self.close_files()
        return f"{disturbance} while {state}: {end['state']}", end

    def undisturbed(self):
        """Of a module that has nothing left to do by itself"""
        since = self.one.mark()
        self.one.replug()
        self.one.wait("^configured$", 15, since)
        self.ask()
        # How the one before it ended may be told again until then.
        self.monitor.wait(lambda heard: heard["state"] == "verifying", UPDATE_SECONDS)
        heard = self.monitor.wait(lambda heard: heard["state"] in ("done", "failed"),
                                  UPDATE_SECONDS)
        assert heard and heard["state"] == "done", heard
        self.settle("after an undisturbed one")


DISTURBANCES = ["unplug", "pull", "reset", "reset", "unbind", "kill", "kill", "nothing",
                "nothing", "suspend"]


@pytest.fixture
def suspend_without_devices():
    """A suspend as far as the driver has a part in it: its notice of it, and nobody
    runs for a second. What is plugged into vhci refuses to go on. Where the kernel is
    enumerating the module, a process that is frozen by then, it is not waited for long.
    """
    with suspend.cut_short("freezer", within=10):
        yield


def test_soak(sim, image, client, suspend_without_devices, driver, tmp_path):
    print(f"\nseed {SEED}")
    for name, value in TIMEOUTS.items():
        guest.set_parameter(name, value)
    with genl.Monitor() as monitor:
        soak = Soak(tmp_path, sim(*MODULE), client, monitor, image(size=100 << 10))
        ends = {}
        for count in range(UPDATES):
            if count == WARM_UP:
                free, slab = free_memory()
            how, _ = soak.update(soak.rng.choice(DISTURBANCES))
            ends[how] = ends.get(how, 0) + 1
            print(f"update {count}: {how}", flush=True)
            if count % 10 == 9:
                soak.undisturbed()
                monitor.heard.clear()
                assert not driver.trouble()
                driver.lines.clear()
        soak.undisturbed()
        free_after, slab_after = free_memory()
        soak.close()
    for how, times in sorted(ends.items()):
        print(f"{times:5} {how}")
    print(f"{soak.refused} suspends refused")
    print(f"free memory {free} KiB, then {free_after}; slab {slab}, then {slab_after}")
    assert free - free_after < MOST_LOST
    assert not soak.one.violations
