# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcd as a test runs it: its configuration, its files, its control socket."""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time

import guest

CONTROL = "/run/uxmcd/control"
IMAGES = f"{guest.STATE}/firmware"

# What uxmc-fetch's user can read and search
PUBLIC = "/run/uxmc-public"

# Images that are small, and quick, so that a fault shows soon, but patient with a server that is made to
# wait while a test looks; the rest is as in uxmcd.conf.
CONFIG = {"phone_firmware": "10.1.64.14", "phone_mac": "000413922d24",
          "image_size_min": 0, "image_size_max": 1 << 20, "retries": 3, "retry_delay": 0.05,
          "connect_timeout": 10, "stall_timeout": 20, "exit_delay": 0.2,
          "first_look_spread": 0, "plug_delay": 0.1}


def publish(path):
    """Puts a copy where others than root can read it; gives its path."""
    os.makedirs(PUBLIC, 0o755, exist_ok=True)
    copy = shutil.copy(path, PUBLIC)
    os.chmod(copy, 0o755)
    return copy


def stored(name):
    """A file of the state directory; None if there is none."""
    try:
        with open(f"{guest.STATE}/{name}") as file:
            return file.read()
    except FileNotFoundError:
        return None


def store(name, text):
    with open(f"{guest.STATE}/{name}", "w") as file:
        file.write(text)


def store_setting(value):
    store("settings", f"uxmcd-settings 1\nfirmware_uxm={value}\nend\n")


def setting():
    """firmware_uxm as it is on the disk."""
    lines = (stored("settings") or "").splitlines()
    values = [line.partition("=")[2] for line in lines
              if line.startswith("firmware_uxm=")]
    return values[0] if values else ""


def left():
    """What an ended job must not leave in the state directory."""
    known = {"lock", "settings", "settings.damaged", "journal.damaged",
             "history", "history.damaged", "modules", "modules.damaged",
             "attempts", "attempts.damaged",
             "firmware", "ballast"}
    names = set(os.listdir(guest.STATE)) - known
    if os.path.isdir(IMAGES):
        names |= {f"firmware/{name}" for name in os.listdir(IMAGES)}
    return sorted(names)


def send_bytes(client, data, piece=4096):
    """Of a file, on the control socket."""
    for start in range(0, len(data), piece):
        client.send(data[start:start + piece])


class Uxmcd:
    """The daemon, once started: Uxmcd(directory, retries=1).start()."""

    def __init__(self, directory, **config):
        self.file = f"{directory}/uxmcd.conf"
        self.log_file = f"{directory}/uxmcd.log"
        self.process = None
        self.configure(**config)

    def configure(self, **config):
        """For the next start; a value of None leaves the line out."""
        with open(self.file, "w") as file:
            for name, value in (CONFIG | config).items():
                if value is not None:
                    file.write(f"{name} = {value}\n")

    def start(self, *options, wait=True):
        with open(self.log_file, "a") as log:
            self.process = subprocess.Popen(
                [f"{guest.TOP}/build/uxmcd", "-c", self.file, "-v", *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if wait:
            self.ready()
        return self

    def ready(self, within=30):
        """It has its first look at the modules behind it when it answers. The
        first start takes long, since nothing of it is in memory yet. Where one
        before it was killed, what that one had just forked holds its socket still.
        """
        def answers():
            assert self.process.poll() is None, f"uxmcd ended:\n{self.log()}"
            try:
                return self.ask("get firmware_uxm")
            except (FileNotFoundError, ConnectionError):
                return None
        guest.until(answers, within, "uxmcd answers")

    def log(self):
        with open(self.log_file, errors="replace") as file:
            return file.read()

    @staticmethod
    def connect(within=40):
        client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        client.settimeout(within)
        try:
            client.connect(CONTROL)
        except OSError:
            client.close()
            raise
        return client

    def ask(self, request, within=40):
        """One request on the control socket; gives (number, word, sentence)."""
        with self.connect(within) as client:
            # The answer says why.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                client.send(request if isinstance(request, bytes)
                            else request.encode())
            return self.answer(client)

    def ask_for_all(self, request):
        """The same where there are several answers; gives the last one."""
        with self.connect() as client:
            client.send(request.encode())
            while (answer := self.answer(client))[1] in ("step", "entry"):
                pass
            return answer

    @staticmethod
    def answer(client):
        try:
            packet = client.recv(8192)
        except ConnectionResetError:    # it may be behind that
            packet = client.recv(8192)
        if not packet:
            raise ConnectionResetError("uxmcd closed the connection")
        number, word, sentence = packet.decode().split(" ", 2)
        return int(number), word, sentence

    def until_logged(self, text, since=0, within=40):
        """Since where in the log that is to be found: len(log()) of then."""
        guest.until(lambda: text in self.log()[since:], within,
                    f"uxmcd logs {text!r}")

    def freeze(self):
        """It does not do anything any more, until kill() or thaw()."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def exited(self, within=40):
        """Its exit status, once it has ended by itself."""
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"uxmcd runs on after {within} s") from None

    def kill(self):
        """As the kernel would when memory is short: it cannot do anything."""
        self.process.kill()
        assert self.exited() == -signal.SIGKILL

    def stop(self):
        self.process.terminate()
        assert self.exited() == 0, self.log()

    def status(self, name):
        """A line of /proc/PID/status, such as VmHWM, as a number."""
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith(f"{name}:"):
                    return int(line.split()[1])
        raise AssertionError(f"no {name} in /proc")

    def expect_clean(self, within=20):
        """No journal, image or part is left, once it is through with the job."""
        end = time.monotonic() + within
        while left():
            assert time.monotonic() < end, f"left behind: {left()}"
            time.sleep(0.01)
