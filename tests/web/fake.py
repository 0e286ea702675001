# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcd and the driver, as far as uxmcweb sees of them; what they say is a test's.

    with Fake(directory) as fake:
        fake.modules.append(module())
        fake.password = ("admin", "secret")
"""
import contextlib
import hashlib
import os
import secrets
import socket
import threading
import time

STATES = ("idle requested fetching verifying detaching downloading manifesting "
          "rebooting done failed").split()

REALM = "uxmc"

# name: (value, origin, permission)
SETTINGS = {
    "firmware_uxm": ("http://pbx/snomD7C-1.1.1-r.bin", "update", ""),
    "firmware_status": ("http://pbx/firmware.xml", "setting_server", "R"),
    "firmware_interval": ("2880", "default", ""),
    "update_policy": ("ask_for_update", "config", ""),
    "setting_server": ("http://pbx/{mac}.xml", "config", ""),
    "settings_refresh_timer": ("0", "default", ""),
    "http_client_user": ("", "default", ""),
    "http_client_pass": ("***", "setting_server", ""),
    "http_user": ("***", "setting_server", ""),
    "http_pass": ("***", "setting_server", ""),
    "restrict_uri_queries": ("off", "default", "")}


def module(state="idle", **fields):
    """A module as the driver shows it, with other values than these."""
    return {"id": 0, "port": "1-1", "model": "D7C", "version": "1.1.1",
            "serial": "0004134D7C01", "mode": 0, "away": 0, "done": 0, "total": 0,
            "timeout": 0, "error": 0, "message": "", "url": "", "file": "",
            "firmware_uxm": "http://pbx/snomD7C-1.1.1-r.bin",
            "state": STATES.index(state)} | fields


def md5(*parts):
    return hashlib.md5(":".join(parts).encode()).hexdigest()


class Listener:
    """A SOCK_SEQPACKET socket, with a thread for each who connects."""

    def __init__(self, path, serve):
        self.path = path
        self.serve = serve
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.bind(path)
        os.chmod(path, 0o666)
        self.socket.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.run, args=[client], daemon=True).start()

    def run(self, client):
        with client, contextlib.suppress(OSError):
            self.serve(client)

    def close(self):
        # accept() would not notice that it was closed.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        os.unlink(self.path)


class Fake:
    """Both of them. What was asked is in .requests; .answers overrides what is answered
    to a verb: a list of packets, or what gives one.
    """

    def __init__(self, directory):
        self.control = f"{directory}/control"
        self.driver = f"{directory}/driver"
        self.listeners = []
        self.watchers = []
        self.forget()

    def forget(self):
        """As at the beginning."""
        self.modules = [module()]
        self.password = None
        self.restricted = "off"
        self.sessions = set()
        self.failures = 0
        self.blocked = 0
        self.answers = {}
        self.requests = []
        self.connected = 0
        self.most = 0
        self.settings = dict(SETTINGS)
        self.file = b""
        self.delay = 0

    def __enter__(self):
        self.start_uxmcd()
        self.start_driver()
        return self

    def __exit__(self, *unused):
        for listener in self.listeners:
            listener.close()

    def start_uxmcd(self):
        self.listeners.append(Listener(self.control, self.serve))

    def start_driver(self):
        self.listeners.append(Listener(self.driver, self.serve_driver))

    def stop(self, path):
        """The one that listens there."""
        for listener in self.listeners:
            if listener.path == path:
                listener.close()
                self.listeners.remove(listener)
                return

    # The driver
    def serve_driver(self, client):
        if client.recv(64) == b"events":
            self.watchers.append(client)
            try:
                client.recv(64)
            finally:
                self.watchers.remove(client)
            return
        for one in self.modules:
            client.send("".join(f"{name}={value}\n" for name, value in one.items())
                        .encode())
        client.send(b"\n")

    def change(self, **fields):
        """The module is so now, and the driver says so."""
        self.modules[0] |= fields
        self.tell()

    def tell(self):
        for watcher in list(self.watchers):
            with contextlib.suppress(OSError):
                watcher.send(b"changed")

    # uxmcd
    def serve(self, client):
        self.connected += 1
        self.most = max(self.most, self.connected)
        try:
            while packet := client.recv(8192):
                self.serve_one(client, packet.decode())
        finally:
            self.connected -= 1

    def serve_one(self, client, request):
        self.requests.append(request)
        verb, _, argument = request.partition(" ")
        if self.delay:
            time.sleep(self.delay)
        if verb in self.answers:
            answers = self.answers[verb]
            packets = answers(argument) if callable(answers) else answers
        else:
            packets = getattr(self, f"on_{verb}")(argument)
        for packet in packets:
            client.send(packet.encode())
        if verb == "file" and packets[0].startswith("0 accepted"):
            self.take_file(client, int(argument.split(" ")[0]))

    def take_file(self, client, size):
        data = b""
        while len(data) < size and (packet := client.recv(8192)):
            data += packet
        self.file = data

    def asked(self, verb):
        """The arguments of all requests with that verb."""
        return [request.partition(" ")[2] for request in self.requests
                if request.split(" ")[0] == verb]

    # Verbs
    def check(self, right):
        """What uxmcd makes of a password, right or wrong; None: it is right."""
        if not self.password:
            return ["1 no-password there is no password"]
        if self.blocked:
            return [f"6 blocked {self.blocked}"]
        if right:
            self.failures = 0
            return None
        self.failures += 1
        if self.failures > 3:
            self.blocked = 60
        return ["9 wrong the name or the password is wrong"]

    def on_visitor(self, session):
        known = "yes" if session in self.sessions else "no"
        password = "yes" if self.password else "no"
        return [f"0 visitor {known}\t{password}\t{self.restricted}"]

    def on_password(self, argument):
        text = argument.partition(" ")[2]
        return self.check(text == ":".join(self.password or "")) or ["0 right yes"]

    def on_login(self, argument):
        text = argument.partition(" ")[2]
        refused = self.check(text == ":".join(self.password or ""))
        if refused:
            return refused
        return [f"0 session {self.begin()}"]

    def begin(self):
        """A session; gives its name."""
        session = secrets.token_hex(32)
        self.sessions.add(session)
        return session

    def on_logout(self, session):
        self.sessions.discard(session)
        return ["0 ended logged out"]

    def on_digest(self, text):
        _, response, middle, user = text.split(" ", 3)
        name, password = self.password or ("", "")
        right = md5(md5(name, REALM, password), middle)
        return self.check(response == right and user == name) or ["0 right yes"]

    @staticmethod
    def on_waiting(_):
        return ["0 none no update waits"]

    @staticmethod
    def on_log(_):
        return ["0 entry 1790000000\t61\tdone\tmanual\t1-1\t0004134D7C01\tD7C\t1.0.0\t"
                "1.1.1\thttp://pbx/snomD7C-1.1.1-r.bin\t-\tnone", "0 done 1"]

    def on_settings(self, _):
        return [f"0 entry {name}\t{value}\t{origin}\t{permission}"
                for name, (value, origin, permission) in self.settings.items()] + [
            f"0 done {len(self.settings)}"]

    def on_set(self, text):
        name, _, value = text.partition(" ")
        if name not in self.settings:
            return ["5 no-setting there is no setting of that name"]
        if self.settings[name][2] == "R":
            return [f"5 read-only {name} is read-only: the provisioning server says so"]
        self.settings[name] = (value, "user", "")
        return ["0 stored stored"]

    def on_clear(self, name):
        return self.on_set(f"{name} ")

    @staticmethod
    def on_update(_):
        return ["0 accepted uxmc0"]

    @staticmethod
    def on_file(_):
        return ["0 accepted uxmc0"]

    @staticmethod
    def on_cancel(_):
        return ["0 cancelled the update is cancelled"]

    @staticmethod
    def on_confirm(_):
        return ["0 accepted uxmc0"]

    @staticmethod
    def on_refuse(_):
        return ["0 refused the update is refused"]

    @staticmethod
    def on_check(_):
        return ["0 step policy ok update_policy is ask_for_update",
                "0 match firmware_uxm is the provisioned URL already"]

    @staticmethod
    def on_last(_):
        return ["0 entry 125\thttp://pbx/snomD7C-1.1.1-r.bin",
                "0 step setting_server ok not changed, no firmware_uxm in it",
                "0 step firmware_status ok read, firmware_uxm is a URL",
                "0 step policy ok update_policy is ask_for_update",
                "0 step match no firmware_uxm is the provisioned URL already",
                "0 match firmware_uxm is the provisioned URL already: clear it"]

    @staticmethod
    def on_may(_):
        return ["0 step modules ok exactly one expansion module is connected",
                "0 step busy ok no update is under way",
                "0 step phone ok the phone's firmware is 10.1.101.11",
                "0 allowed an update can be asked for"]

    @staticmethod
    def on_counts(_):
        return ["0 entry updates_done\t3", "0 entry updates_failed\t1",
                "0 entry updates_cancelled\t0", "0 entry update_seconds\t183",
                "0 entry update_bytes\t107126025", "0 entry lookups\t7",
                "0 entry lookup_failures\t2", "0 entry looked\t125", "0 done 8"]
