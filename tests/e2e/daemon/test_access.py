# SPDX-License-Identifier: GPL-2.0-or-later
"""What uxmcd does for the web pages, for their user alone: passwords, sessions; and
that http_user and http_pass are shown to nobody.
"""
import hashlib
import json
import os
import pwd
import subprocess
import sys

import pytest

import guest
import uxmcd
from module import run_uxmcctl

WEB = "uxmc-web"
USER, PASS = "admin", "only:for me"
HERE, THERE = "192.0.2.1", "2001:db8::"
WRONG = "the name or the password is wrong"

# Asks on the control socket as another user: the arguments are requests
ASK = """
import json, os, socket, sys
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[1]))
client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
client.connect(sys.argv[3])
answers = []
for request in sys.argv[4:]:
    client.send(request.encode())
    answers.append(client.recv(8192).decode().split(" ", 2))
print(json.dumps(answers))
"""


def ask_as(user, *requests):
    """The answers to them: [(number, word, sentence)]."""
    account = pwd.getpwnam(user)
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(account.pw_uid),
         str(pwd.getpwnam(WEB).pw_gid), uxmcd.CONTROL, *requests],
        stdout=subprocess.PIPE, text=True, check=True)
    return [(int(number), word, sentence)
            for number, word, sentence in json.loads(done.stdout)]


def ask(*requests):
    return ask_as(WEB, *requests)


def set_by_input(name, value):
    return subprocess.run([f"{guest.TOP}/build/uxmcctl", "set", name, "-"],
                          input=f"{value}\n", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)


@pytest.fixture
def password(bench):
    """There is one; counting begins anew."""
    bench.uxmcd.stop()
    bench.uxmcd.start()
    for name, value in (("http_user", USER), ("http_pass", PASS)):
        done = set_by_input(name, value)
        assert (done.returncode, done.stdout) == (0, "")
    yield PASS
    for name in "http_user", "http_pass", "restrict_uri_queries":
        assert bench.uxmcd.ask(f"clear {name}")[0] == 0


def test_the_socket_is_the_web_users_too(bench):
    mode = os.stat(uxmcd.CONTROL)
    assert (mode.st_mode & 0o777, mode.st_gid) == (0o660, pwd.getpwnam(WEB).pw_gid)


def test_nobody_reads_them(bench, password):
    """Not by get, not in the list, not in the log."""
    for name in "http_user", "http_pass":
        done = run_uxmcctl("get", name)
        assert done.returncode == 5 and "shown to nobody" in done.stdout
    listed = json.loads(run_uxmcctl("get", "--json").stdout)
    assert listed["http_pass"] == {"value": "***", "origin": "user", "perm": ""}
    assert "http_pass is set\n" in bench.uxmcd.log()
    assert PASS not in bench.uxmcd.log()
    assert PASS in uxmcd.stored("settings")


def test_not_in_uxmcd_conf(bench, tmp_path):
    file = tmp_path / "uxmcd.conf"
    file.write_text("http_pass = x\n")
    done = subprocess.run([f"{guest.TOP}/build/uxmcd", "-c", str(file)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 78 and "everybody may read this file" in done.stderr


def test_without_a_password(bench):
    assert ask("visitor -", f"login {HERE} admin:", f"password {HERE} admin:") == [
        (0, "visitor", "no\tno\toff"),
        (1, "no-password", "there is no password: set http_pass"),
        (1, "no-password", "there is no password: set http_pass")]


def test_login(bench, password):
    (number, word, session), = ask(f"login {HERE} {USER}:{PASS}")
    assert (number, word, len(session)) == (0, "session", 64)
    assert ask(f"visitor {session}", "visitor -", f"visitor {session[:-1]}") == [
        (0, "visitor", "yes\tyes\toff"), (0, "visitor", "no\tyes\toff"),
        (0, "visitor", "no\tyes\toff")]
    assert bench.uxmcd.ask("set restrict_uri_queries on")[0] == 0
    assert ask(f"visitor {session}", f"logout {session}", f"visitor {session}") == [
        (0, "visitor", "yes\tyes\ton"), (0, "ended", "logged out"),
        (0, "visitor", "no\tyes\ton")]


@pytest.mark.parametrize("verb", ["login", "password", "digest"])
def test_from_nowhere(bench, password, verb):
    for argument in "", PASS.replace(" ", ""), f"{'x' * 64} {USER}:{PASS}":
        (number, word, _), = ask(f"{verb} {argument}")
        assert (number, word) == (2, "usage")


def test_another_password_ends_sessions(bench, password):
    (_, _, session), = ask(f"login {HERE} {USER}:{PASS}")
    assert set_by_input("http_pass", "another").returncode == 0
    assert ask(f"visitor {session}", f"password {HERE} {USER}:{PASS}",
               f"password {HERE} {USER}:another") == [
        (0, "visitor", "no\tyes\toff"), (9, "wrong", WRONG),
        (0, "right", "that is right")]


def test_blocked(bench, password):
    wrong = (9, "wrong", WRONG)
    answers = ask(*[f"password {HERE} a:b"] * 2, f"login {HERE} a:b",
                  f"digest {HERE} x y z", f"password {HERE} {USER}:{PASS}",
                  f"login {HERE} {USER}:{PASS}", f"digest {HERE} x y z",
                  f"password {THERE} {USER}:{PASS}")
    assert answers[:4] == [wrong] * 4
    assert [(number, word) for number, word, _ in answers[4:7]] == [(6, "blocked")] * 3
    assert 50 < int(answers[4][2]) <= 60
    # Others are not locked out with them.
    assert answers[7][:2] == (0, "right")
    assert f"4 wrong passwords for the web pages from {HERE}" in bench.uxmcd.log()
    # It is for new ones: what has begun goes on.
    assert bench.uxmcd.ask("get update_policy")[0] == 0


def md5(*parts):
    return hashlib.md5(":".join(parts).encode()).hexdigest()


def test_digest(bench, password):
    middle = f"nonce:00000001:cnonce:auth:{md5('GET', '/settings.htm')}"
    right = md5(md5(USER, "uxmc", PASS), middle)
    assert ask(f"digest {HERE} {right} {middle} {USER}", f"digest {HERE} {right} {middle} me",
               f"digest {HERE} {right} {middle}x {USER}", f"digest {HERE} {right} {middle}") == [
        (0, "right", "that is right"), (9, "wrong", WRONG), (9, "wrong", WRONG),
        (2, "usage", "digest takes a response, what is in it, and a user")]


@pytest.mark.parametrize("asked", [
    "visitor -", f"password {HERE} {USER}:{PASS}", f"login {HERE} {USER}:{PASS}", "logout -",
    f"digest {HERE} a b c"], ids=lambda asked: asked.split()[0])
def test_for_the_web_user_alone(bench, password, asked):
    """Nobody else, root neither, may guess passwords here."""
    refused = (9, "not-web", "that is for web_user of uxmcd.conf alone")
    assert bench.uxmcd.ask(asked) == refused
    assert ask_as("daemon", asked) == [refused]


# What anybody who is let in may see
def test_last(bench):
    bench.uxmcd.stop()
    bench.uxmcd.configure(first_look_spread=600)
    bench.uxmcd.start()
    assert bench.uxmcd.ask("last")[:2] == (1, "never")
    assert bench.uxmcd.ask_for_all("check")[1] == "nothing"
    with bench.uxmcd.connect() as client:
        client.send(b"last")
        first = bench.uxmcd.answer(client)
        assert first[:2] == (0, "entry") and first[2].split("\t")[1] == "-"
        steps = []
        while (answer := bench.uxmcd.answer(client))[1] == "step":
            steps.append(answer[2].split(" ")[0])
        assert steps == ["setting_server", "firmware_status", "policy", "provisioned"]
        assert answer[:2] == (0, "nothing")


def test_may(bench):
    def steps():
        with bench.uxmcd.connect() as client:
            client.send(b"may")
            while (answer := bench.uxmcd.answer(client))[1] == "step":
                yield answer[2]
            yield answer

    *rules, last = steps()
    assert rules == ["modules ok exactly one expansion module is connected",
                     "busy ok no update is under way",
                     "phone ok the phone's firmware is 10.1.64.14"]
    assert last[:2] == (0, "allowed")
    other = bench.plug(port=1)
    try:
        *rules, last = steps()
        assert [rule.split(" ")[:2] for rule in rules] == [
            ["modules", "no"], ["busy", "ok"], ["phone", "ok"]]
        assert last[:2] == (5, "many-modules")
    finally:
        bench.unplug(other)


def test_counts(bench, image):
    bench.uxmcd.stop()
    bench.uxmcd.start()
    new = image(size=50000)
    bench.update(new)
    with bench.uxmcd.connect() as client:
        client.send(b"counts")
        numbers = {}
        while (answer := bench.uxmcd.answer(client))[1] == "entry":
            name, number = answer[2].split("\t")
            numbers[name] = int(number)
    assert answer[:2] == (0, "done")
    assert numbers["updates_done"] == 1 and numbers["updates_failed"] == 0
    assert numbers["update_bytes"] == len(new.data)
