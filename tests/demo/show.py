# SPDX-License-Identifier: GPL-2.0-or-later
"""Show an update from end to end: run in the guest by make demo.

The driver, uxmcd and uxmcctl are the real ones, and so are the kernel, udev and
the HTTP server. The module is simulated, on the kernel's virtual host controller.
Everything is done as a person at a phone would; what it cost is measured from
outside.
"""
import hashlib
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import termios
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, f"{TOP}/tests/e2e")

from kmem import KernelMemory

UXMC = "/sys/class/uxmc/uxmc0"
WEB = "/tmp/demo-web"
PORT = 8080

# What it has to keep to.
DRIVER_MEMORY = 256 * 1024
UXMCD_MEMORY = 16 * 1024 * 1024
TRANSFER_TIME = 30

TERMINAL = sys.stdout.isatty()


class Output:
    """Lines, and below them, on a terminal, one that changes: the progress bar."""

    def __init__(self):
        self.lock = threading.Lock()
        self.bar = ""

    def say(self, text=""):
        with self.lock:
            print(f"\r\033[K{text}\n{self.bar}" if TERMINAL else text,
                  end="" if TERMINAL else "\n", flush=True)

    def draw(self, bar):
        with self.lock:
            self.bar = bar
            print(f"\r\033[K{bar}", end="", flush=True)


output = Output()
say = output.say


def read(path):
    with open(path) as file:
        return file.read().strip()


def follow(process, who):
    """Show what a process writes, as what it is."""
    def run():
        for line in process.stdout:
            say(f"    {who:15} | {line.rstrip()}")
    threading.Thread(target=run, daemon=True).start()


def until(condition, what, within=20):
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {within} s: {what}")
        time.sleep(0.05)


def serve(image):
    """nginx, with the image; gives its URL."""
    os.makedirs(f"{WEB}/root")
    shutil.copy(image, f"{WEB}/root/")
    with open(f"{WEB}/nginx.conf", "w") as file:
        file.write(f"""
            user root;
            daemon on;
            pid {WEB}/pid;
            error_log {WEB}/error.log;
            events {{ }}
            http {{
                access_log {WEB}/access.log;
                client_body_temp_path {WEB}/body;
                server {{ listen 127.0.0.1:{PORT}; root {WEB}/root; }}
            }}
        """)
    subprocess.run(["nginx", "-c", f"{WEB}/nginx.conf"], check=True)
    return f"http://127.0.0.1:{PORT}/{os.path.basename(image)}"


class Screen(threading.Thread):
    """Shows the screen of the simulated module, and remembers what it said."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self.pipe = pipe
        self.lines = []
        self.start()

    def run(self):
        next_count = 0
        for line in self.pipe:
            line = line.strip()
            self.lines.append(line)
            # The count rises five times a second: show every 4 MB of it.
            count = re.match(r"Received (\d+) bytes", line)
            if count:
                if int(count.group(1)) < next_count:
                    continue
                next_count = int(count.group(1)) + 4_000_000
            say(f"    module's screen | {line}")


class States(threading.Thread):
    """Follows update_state by poll(2): when did which state begin?"""

    def __init__(self):
        super().__init__(daemon=True)
        self.began = {}
        self.start()

    def run(self):
        with open(f"{UXMC}/update_state") as file:
            poller = select.poll()
            poller.register(file, select.POLLPRI)
            while True:
                file.seek(0)
                state = file.read().strip()
                self.began.setdefault(state, time.monotonic())
                if state in ("done", "failed"):
                    return
                poller.poll()

    def between(self, first, last):
        return self.began[last] - self.began[first]


class Claims:
    """What has to be true at the end, one line each."""

    def __init__(self):
        self.broken = 0

    def check(self, holds, text):
        self.broken += not holds
        say(f"  {'ok' if holds else 'NO':4}{text}")


def show_bar(command):
    """Run what draws a bar on a terminal, on one that is ours to look at."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, termios.tcgetwinsize(sys.stdout))
    with subprocess.Popen(command, stdout=theirs) as process:
        os.close(theirs)
        with open(ours, errors="replace", newline="\n") as screen:
            try:
                for line in screen:
                    text = re.sub(r"\033\[\d*[A-Z]|\r", "", line).strip()
                    if text:
                        output.draw(text)
            except OSError:
                pass    # that is how the other side's end is told
    bar = output.bar
    output.draw("")
    say(bar)
    return process.returncode


def watch():
    """uxmcctl's view of the update, until it ends; gives its exit status."""
    command = [f"{TOP}/build/uxmcctl", "watch", "--once"]
    if TERMINAL:
        return show_bar(command)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            say(f"    uxmcctl watch   | {line.rstrip()}")
    return process.returncode


def update(url):
    """The main job: returns what followed it, and uxmcctl's exit status."""
    states = States()
    say(f"$ echo {url} > {UXMC}/firmware_uxm")
    with open(f"{UXMC}/firmware_uxm", "w") as file:
        file.write(url + "\n")
    status = watch()
    states.join(10)
    return states, status


def main(image):
    say(f"  kernel  {os.uname().release}, Debian's own, {os.cpu_count()} processors"
        ", emulated")
    subprocess.run([f"{TOP}/tests/vm/setup"], check=True)
    with open("/etc/uxmcd.conf", "a") as file:
        file.write("\nphone_firmware = 10.1.101.11\nphone_mac = 000413922d24\n")
    url = serve(image)
    size = os.path.getsize(image)
    say(f"  server  {subprocess.getoutput('nginx -v').split(': ')[1]}"
        f", {url}, {size:,} bytes")
    memory = KernelMemory("uxmc")

    uxmcd = subprocess.Popen(["/usr/sbin/uxmcd"], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
    follow(uxmcd, "uxmcd")
    sim = subprocess.Popen(
        [f"{TOP}/build/uxmc-sim", "--version", "1.1.1", "--screen",
         "--manifest-ms", "6000", "--reboot-ms", "1000", "--log", f"{WEB}/sim.log"],
        stdout=subprocess.PIPE, text=True)
    screen = Screen(sim.stdout)
    # The kernel makes its node last: all the attributes are there by then.
    until(lambda: os.path.exists("/dev/uxmc0"), "a module at uxmc0")
    before = read(f"{UXMC}/firmware_version")
    say(f"  module  simulated {read(f'{UXMC}/model')}, firmware {before}, "
        f"serial number {read(f'{UXMC}/serial_number')}, at {UXMC}")
    say()

    states, status = update(url)
    after = read(f"{UXMC}/firmware_version")
    error = read(f"{UXMC}/update_error")
    resident = int(re.search(r"VmHWM:\s*(\d+)", read(f"/proc/{uxmcd.pid}/status"))
                   .group(1)) * 1024
    until(lambda: read(f"{UXMC}/firmware_uxm") == url or status,
          "the setting is kept")
    sim.terminate()
    sim.wait()
    until(lambda: not os.path.isdir(UXMC), "uxmc0 goes with its module")
    most = memory.stop()
    uxmcd.terminate()
    uxmcd.wait()

    say()
    say(f"firmware before: {before}")
    say(f"firmware after:  {after}")
    if error:
        say(f"error:           {error}")
    say()
    with open(image, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    claims = Claims()
    claims.check((before, after, status) == ("1.1.1", "1.6.1", 0),
                 "the module runs the new firmware")
    claims.check(f"received {size} {digest}" in read(f"{WEB}/sim.log"),
                 f"it received the image bit by bit (SHA-256 {digest[:16]}...)")
    claims.check("Update successful, rebooting..." in screen.lines,
                 "and said so on its screen")
    claims.check(not os.listdir("/var/lib/uxmcd/firmware"),
                 "the image has been removed after use")
    if not error:
        transfer = states.between("downloading", "manifesting")
        claims.check(transfer < TRANSFER_TIME,
                     f"transfer to the module: {transfer:.1f} s, "
                     f"{size / transfer / 1e6:.1f} MB/s (limit {TRANSFER_TIME} s)")
        say(f"      whole update: {states.between('requested', 'done'):.1f} s")
    claims.check(memory.own + most < DRIVER_MEMORY,
                 f"the driver's memory at its peak: {(memory.own + most) >> 10} KiB "
                 f"(code and data {memory.own >> 10}, allocated {most >> 10}; "
                 f"limit {DRIVER_MEMORY >> 10})")
    claims.check(resident < UXMCD_MEMORY,
                 f"uxmcd's peak resident memory: {resident / (1 << 20):.1f} MiB "
                 f"(limit {UXMCD_MEMORY >> 20})")
    return 1 if claims.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
