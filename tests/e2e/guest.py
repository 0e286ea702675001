# SPDX-License-Identifier: GPL-2.0-or-later
"""The guest that the tests run in: the driver in its kernel, the kernel's log,
and what there is to say when a test fails.
"""
import contextlib
import ctypes
import errno
import glob
import os
import re
import select
import shutil
import subprocess
import time

from patience import deadline

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DRIVER = "/tmp/uxmc.ko"
USB_DRIVER = "/sys/bus/usb/drivers/uxmc"
FIRMWARE = "/lib/firmware/uxmc"
STATE = "/var/lib/uxmcd"
CLASS = "/sys/class/uxmc"

# The driver's parameters, ms: short, so that a fault shows soon, but long enough for
# a slow machine, where a module takes ten times the 0.6 s to enumerate that it takes on
# a quiet one, and the simulator, a process, once took 1.5 s to answer a request.
PARAMETERS = {"request_timeout": 60000, "ctrl_timeout": 5000,
              "block_timeout": 3000, "manifest_timeout": 6000,
              "reboot_timeout": 10000, "least_rate": 16384}

# Attributes that show what the module, or an update of it, has said
SHOWN = "model mode firmware_version serial_number port update_state update_error".split()

# As tests/vm/run has it for the whole run.
TROUBLE = re.compile(
    r"Oops|BUG:|kernel BUG at|WARNING:|general protection|KASAN:|UBSAN:|Call Trace:"
    r"|possible circular locking|possible recursive locking"
    r"|INFO: task .* blocked|refcount_t:|unreferenced object"
    r"|INFO: trying to register|INFO: lockdep is turned off|rcu: INFO:"
    r"|ODEBUG: |DMA-API: debugging out of memory"
    r"|kmemleak: .*(suspected|Cannot|exhausted)"
    r"|sysfs: cannot create duplicate|Kernel panic")

_libc = ctypes.CDLL(None, use_errno=True)


def look_for(condition, within):
    """Wait for what no event tells of; returns what condition() gave last."""
    end = deadline(within)
    while True:
        result = condition()
        if result or time.monotonic() > end:
            return result
        time.sleep(0.01)


def until(condition, within, what):
    """The same of what has to be so in that time."""
    result = look_for(condition, within)
    assert result, f"not within {within} s: {what}"
    return result


def loaded():
    return os.path.isdir("/sys/module/uxmc")


def load(**parameters):
    """Load the driver; returns the parameters that it has."""
    values = PARAMETERS | parameters
    with open(DRIVER, "rb") as file:
        image = file.read()
    text = " ".join(f"{name}={value}" for name, value in values.items())
    if _libc.init_module(image, ctypes.c_ulong(len(image)), text.encode()):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), DRIVER)


def unload():
    """As rmmod does; raises OSError where the driver is in use."""
    if _libc.delete_module(b"uxmc", os.O_NONBLOCK):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), "uxmc")


def unload_if_unused():
    """Is it still loaded then?"""
    try:
        unload()
    except BlockingIOError:
        return True
    return False


def references():
    with open("/sys/module/uxmc/refcnt") as file:
        return int(file.read())


def write(path, text):
    """One write to a file, of sysfs for example; raises OSError where it is refused."""
    with open(path, "w") as file:
        file.write(text)


def tell_driver(what, interface):
    """To bind an interface, or to unbind it."""
    write(f"{USB_DRIVER}/{what}", interface)


def set_parameter(name, value):
    write(f"/sys/module/uxmc/parameters/{name}", str(value))


def modules():
    """The numbers of the modules that there are."""
    return sorted(int(path.rsplit("uxmc", 1)[1])
                  for path in glob.glob(f"{CLASS}/uxmc*"))


def set_up():
    """Once a boot: what an installation does, and the virtual host controller."""
    parameters = [f"{name}={value}" for name, value in PARAMETERS.items()]
    subprocess.run([f"{TOP}/tests/vm/setup", *parameters], check=True)
    # It would take more of the guest's time than all the rest; see udev().
    subprocess.run(["udevadm", "control", "--exit"], check=True)
    # The copy is in the guest's memory, and the same all the time.
    shutil.copy(f"{TOP}/driver/uxmc.ko", DRIVER)
    if loaded():
        unload()


def empty(directory):
    for entry in os.scandir(directory):
        if entry.is_dir(follow_symlinks=False):
            empty(entry.path)
            if entry.path != os.path.realpath(FIRMWARE):
                os.rmdir(entry.path)
        else:
            os.unlink(entry.path)


@contextlib.contextmanager
def udev():
    """udev at work, for tests of which it is a part; devtmpfs alone makes the
    nodes of the others.
    """
    subprocess.run(["/lib/systemd/systemd-udevd", "--daemon"], check=True)
    yield
    subprocess.run(["udevadm", "control", "--exit"], check=True)


class KernelLog:
    """The kernel's log from now on."""

    def __init__(self):
        self.file = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.file, 0, os.SEEK_END)
        self.lines = []

    def close(self):
        os.close(self.file)

    def read(self):
        """All lines so far."""
        while True:
            try:
                record = os.read(self.file, 8192).decode(errors="replace")
            except BlockingIOError:
                return self.lines
            except OSError as err:
                assert err.errno == errno.EPIPE     # overtaken: go on
                continue
            head, _, text = record.partition(";")
            stamp = int(head.split(",")[2]) / 1e6
            self.lines.append(f"[{stamp:12.6f}] {text.splitlines()[0]}")

    def trouble(self):
        return [line for line in self.read() if TROUBLE.search(line)]

    def wait(self, pattern, within):
        """The first line that matches; waits for it."""
        end = deadline(within)
        seen = 0
        while True:
            lines = self.read()
            for line in lines[seen:]:
                if re.search(pattern, line):
                    return line
            seen = len(lines)
            left = end - time.monotonic()
            assert left > 0, \
                f"the kernel did not say {pattern!r} within {within} s"
            select.select([self.file], [], [], left)


@contextlib.contextmanager
def driver():
    """The driver, freshly loaded; gives the kernel's log.

    Nothing may be left at the end: a module, a reference to the driver, a file,
    a line of trouble in the kernel's log.
    """
    # Only a test that failed leaves it loaded, and maybe in use for a while yet.
    until(lambda: not loaded() or not unload_if_unused(), 90,
          "the driver of an earlier test can be unloaded")
    log = KernelLog()
    load()
    yield log
    left = []
    try:
        until(lambda: not modules(), 40, "no module is left")
        if loaded():
            until(lambda: not references(), 15,
                  "nothing refers to the driver any more")
            unload()
    except (AssertionError, OSError) as err:
        left.append(f"the driver cannot be unloaded: {err}")
    empty(STATE)
    left += log.trouble()
    log.close()
    assert not left, "\n".join(left)
