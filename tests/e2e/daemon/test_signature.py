# SPDX-License-Identifier: GPL-2.0-or-later
"""image_keys: an image that is not signed with one of them reaches no module."""
import errno
import hashlib
import json
import os
import re
import shutil

import pytest

import guest
import uxmcd
from bench import SETTING, refused
from httpd import Answer
from journal import Journal
from minisign import Key
from test_powercut import cut_power, power_up

SIZE = 200000
ETAG = {"ranges": True, "etag": '"one"'}
KEYS = "/run/uxmc-image-keys"
CONFIG = {"image_keys": KEYS}


@pytest.fixture(scope="module", autouse=True)
def keys(tmp_path_factory):
    """Two that count, and one that does not; they are there before uxmcd."""
    directory = tmp_path_factory.mktemp("keys")
    made = [Key(directory, name) for name in ("one", "two", "other")]
    with open(KEYS, "w") as file:
        file.write("# whose images are ours\n")
        for key in made[:2]:
            with open(key.public) as public:
                file.write(public.read())
    return made


@pytest.fixture
def key(keys):
    return keys[0]


@pytest.fixture
def new(image):
    return image(size=SIZE, version="1.6.1")


def serve(bench, image, *signatures, answers=()):
    """The image and its signature; gives the URL."""
    bench.server.route(f"/{image.name}.minisig", *(
        one if isinstance(one, Answer) else Answer(one) for one in signatures))
    return bench.serve(image, *answers)


def paths(bench):
    return [one.path for one in bench.server.requests]


def trust(bench):
    return json.loads(bench.ctl("log", "--json").stdout)["updates"][-1]["trust"]


def untouched(bench):
    assert not bench.module.sim.matching("^(detach|received)", bench.module.logged)
    bench.uxmcd.expect_clean()


@pytest.mark.parametrize("which", [0, 1])
def test_signed(bench, keys, new, which):
    """By either key; the signature comes first, with the same query and User-Agent."""
    url = serve(bench, new, keys[which].sign(new)) + "?mac={mac}&x=/y#z"
    bench.ask(url)
    bench.done(new, url)
    assert paths(bench) == [f"/{new.name}.minisig?mac=000413922D24&x=/y",
                            f"/{new.name}?mac=000413922D24&x=/y"]
    first, second = bench.server.requests
    assert first.headers["user-agent"] == second.headers["user-agent"]
    assert trust(bench) == "signature"
    assert "nothing vouches" not in bench.uxmcd.log()[bench.logged:]


def test_pinned_as_well(bench, key, new):
    url = serve(bench, new, key.sign(new))
    sum256 = hashlib.sha256(new.data).hexdigest()
    assert bench.ctl("update", "--sha256", sum256, url).returncode == 0
    bench.done(new, url)
    assert trust(bench) == "pin,signature"
    refused(bench.ctl("update", "--sha256", sum256[::-1], url), 1,
            "the image is not the one that was pinned.*")


MISSING = (r"no signature: 127\.0\.0\.1 answered 404 \(not found\) \(image_keys in "
           r"uxmcd\.conf asks for one beside the image, NAME\.bin\.minisig\)")


def test_not_signed(bench, new):
    """The image is not even fetched."""
    url = bench.serve(new)
    bench.server.routes.pop(f"/{new.name}.minisig", None)
    bench.ask(url)
    bench.failed("fetching", errno.ENOENT, MISSING)
    assert paths(bench) == [f"/{new.name}.minisig"]
    untouched(bench)


def not_good(why):
    return f"the signature of the image is not good: {why} \\(image_keys in uxmcd.conf\\)"


# Name: the signature; the error, and the sentence
BAD = {
    "by another key": (
        lambda keys, new: keys[2].sign(new), errno.ENOKEY,
        r"the image is signed with key [0-9A-F]{13,16}, which is not among image_keys in "
        r"uxmcd\.conf"),
    "of the old kind": (
        lambda keys, new: keys[0].sign(new, "-l"), errno.EKEYREJECTED,
        not_good("it is of the old kind: sign without -l or, where minisign is old, with "
                 "-H")),
    "of another name": (
        lambda keys, new: keys[0].sign(new, name="snomD7C-1.1.1-r.bin"),
        errno.EKEYREJECTED, not_good("its trusted comment names another file, or none")),
    "of no name": (
        lambda keys, new: keys[0].sign(new, "-t", "trust me"),
        errno.EKEYREJECTED, not_good("its trusted comment names another file, or none")),
    "comment changed": (
        lambda keys, new: keys[0].sign(new, name="snomD7C-1.1.1-r.bin")
        .replace(b"snomD7C-1.1.1-r.bin", new.name.encode()),
        errno.EKEYREJECTED, not_good("its trusted comment is not as it was signed")),
    "a page": (
        lambda keys, new: b"<html><body>Sign in</body></html>", errno.EKEYREJECTED,
        not_good('it does not begin with "untrusted comment: "')),
    "cut off": (
        lambda keys, new: keys[0].sign(new)[:-40], errno.EKEYREJECTED,
        not_good("its fourth line is no signature")),
    "too large": (
        lambda keys, new: keys[0].sign(new) + bytes(4096), errno.EFBIG,
        r"no signature: 127\.0\.0\.1 sends more than the 4096 bytes of a signature .*"),
    "empty": (
        lambda keys, new: b"", errno.ENODATA,
        r"no signature: 127\.0\.0\.1 sent an empty file .*"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_signature(bench, keys, new, name):
    """It does not cost an image."""
    make, error, sentence = BAD[name]
    bench.ask(serve(bench, new, make(keys, new)))
    bench.failed("fetching", error, sentence)
    assert paths(bench) == [f"/{new.name}.minisig"]
    untouched(bench)
    assert trust(bench) == ""


def test_another_image(bench, key, new, image):
    """Of the same name, or changed on the way."""
    changed = bytearray(new.data)
    changed[SIZE // 2] ^= 1
    bench.ask(serve(bench, new, key.sign(new), answers=[Answer(bytes(changed))]))
    bench.failed("fetching", errno.EKEYREJECTED, not_good("it is of another image"))
    untouched(bench)
    old = image(size=SIZE, version="1.1.1")
    bench.ask(serve(bench, new, key.sign(new), answers=[Answer(old.data)]))
    bench.failed("fetching", errno.EKEYREJECTED, not_good("it is of another image"))
    untouched(bench)


# Tries
def test_server_that_comes_round(bench, key, new):
    """A signature that cannot be had now is tried again, as an image is."""
    url = serve(bench, new, Answer(status=503), Answer(key.sign(new), close_after=10),
                key.sign(new))
    bench.ask(url)
    bench.done(new, url)
    assert len(paths(bench)) == 4


def test_image_in_two_tries(bench, key, new):
    """Each has its own signature, and what is there counts for the sum."""
    url = serve(bench, new, key.sign(new), answers=[
        Answer(new.data, **ETAG, close_after=SIZE // 2), Answer(new.data, **ETAG)])
    bench.ask(url)
    bench.done(new, url)
    assert paths(bench) == 2 * [f"/{new.name}.minisig", f"/{new.name}"]
    assert bench.server.requests[-1].headers["range"] == f"bytes={SIZE // 2}-"


def test_changed_between_two_tries(bench, key, new, image):
    other = image(size=SIZE + 1, version="1.6.1")
    url = serve(bench, new, key.sign(new), key.sign(other), answers=[
        Answer(new.data, **ETAG, close_after=SIZE // 2),
        Answer(other.data, ranges=True, etag='"two"')])
    bench.ask(url)
    bench.done(other, url)


def test_killed_while_fetching(bench, key, new):
    url = serve(bench, new, key.sign(new), answers=[
        Answer(new.data, **ETAG, hold_after=SIZE // 2), Answer(new.data, **ETAG)])
    bench.ask(url)
    bench.module.until(lambda heard: heard["done"] == SIZE // 2, 40, "half fetched")
    bench.uxmcd.kill()
    bench.uxmcd.start()
    bench.done(new, url)
    assert bench.server.requests[-1].headers["range"] == f"bytes={SIZE // 2}-"


def test_killed_before_it_was_looked_at(bench, key, new):
    """A whole image, of which the journal does not say that it was found good, is not
    flashed.
    """
    url = serve(bench, new, key.sign(new), answers=[
        Answer(new.data, hold_after=SIZE // 2), Answer(new.data)])
    bench.ask(url)
    bench.module.until(lambda heard: heard["done"] == SIZE // 2, 40, "half fetched")
    bench.uxmcd.kill()
    assert Journal().step == "fetch"
    with open(f"{uxmcd.IMAGES}/{new.name}", "wb") as file:
        file.write(bytes(SIZE))
    bench.forget()
    bench.uxmcd.start()
    bench.done(new, url)
    assert paths(bench) == [f"/{new.name}.minisig", f"/{new.name}"]


def test_cancelled_while_at_the_signature(bench, key, new):
    bench.ask(serve(bench, new, Answer(key.sign(new), hold_after=10)))
    bench.server.wait_requests(1)
    assert bench.ctl("cancel").returncode == 0
    bench.module.until_state("failed")
    untouched(bench)
    assert paths(bench) == [f"/{new.name}.minisig"]


@pytest.mark.parametrize("before", [True, False], ids=["then, too", "since"])
def test_power_cut_while_flashing(bench, key, new, before):
    """What was signed need not be fetched again; what nobody looked at is."""
    if not before:
        bench.use()
    bench.set(SETTING)
    url = serve(bench, new, key.sign(new))
    bench.ask(url)
    bench.module.until_state("detaching")
    cut_power(bench)
    assert Journal().step == "flash"
    bench.config = CONFIG
    bench.uxmcd.configure(**CONFIG)
    bench.forget()
    power_up(bench)
    bench.finished(new, url)
    assert paths(bench) == ([] if before else [f"/{new.name}.minisig", f"/{new.name}"])
    assert trust(bench) == "signature"


def test_power_cut_and_key_taken_away(bench, keys, new, tmp_path):
    """What was signed with it is not flashed any more."""
    url = serve(bench, new, keys[0].sign(new))
    bench.ask(url)
    bench.module.until_state("detaching")
    cut_power(bench)
    assert Journal().step == "flash"
    bench.config = {"image_keys": keys[1].public}
    bench.uxmcd.configure(**bench.config)
    bench.forget()
    power_up(bench)
    bench.module.until_state("failed", within=20)
    assert re.search(BAD["by another key"][2], bench.module.read("update_error"))
    assert paths(bench) == [f"/{new.name}.minisig"]
    bench.uxmcd.expect_clean()


# Files
@pytest.fixture
def at_hand(new, tmp_path):
    """A copy of the image's file, beside which signatures may be put."""
    return shutil.copy(new.path, tmp_path)


def put_beside(path, signature):
    with open(f"{path}.minisig", "wb") as file:
        file.write(signature)


def test_file(bench, keys, new, at_hand):
    refused(bench.ctl("update", at_hand), 1,
            "no signature came with the file: image_keys in uxmcd.conf asks for one "
            r"beside it, NAME\.bin\.minisig")
    put_beside(at_hand, keys[2].sign(new))
    refused(bench.ctl("update", at_hand), 1, BAD["by another key"][2])
    put_beside(at_hand, keys[0].sign(new, name="snomD7C-1.1.1-r.bin"))
    refused(bench.ctl("update", at_hand), 1, BAD["of another name"][2])
    untouched(bench)
    put_beside(at_hand, keys[1].sign(new))
    done = bench.ctl("update", at_hand)
    assert done.returncode == 0, done.stdout
    assert trust(bench) == "file,signature"


def test_file_of_another_image(bench, key, image, at_hand):
    put_beside(at_hand, key.sign(image(size=SIZE + 1, version="1.6.1")))
    refused(bench.ctl("update", at_hand), 1, not_good("it is of another image"))
    untouched(bench)


def test_file_signed_without_keys(bench, key, new, at_hand):
    """What uxmcd does not look at proves nothing, and does no harm."""
    bench.use()
    put_beside(at_hand, key.sign(new))
    done = bench.ctl("update", at_hand)
    assert done.returncode == 0, done.stdout
    assert trust(bench) == "file"


@pytest.mark.parametrize("size", [0, 4097])
def test_no_signature_beside_a_file(bench, at_hand, size):
    put_beside(at_hand, bytes(size))
    refused(bench.ctl("update", at_hand), 5, r".*\.minisig: it is no signature, which has "
            "at most 4096 bytes")
    os.unlink(f"{at_hand}.minisig")
    os.mkdir(f"{at_hand}.minisig")
    refused(bench.ctl("update", at_hand), 5, r".*\.minisig: it is not a regular file")


@pytest.mark.parametrize("size", ["0", "4097", "x", "-1", ""])
def test_signature_of_a_size_that_is_none(bench, at_hand, size):
    assert bench.uxmcd.ask(f"file signature={size} 10 {at_hand}")[:2] == (2, "usage")


@pytest.mark.parametrize("pieces", [1, 50, 4000])
def test_signature_in_pieces(bench, key, new, at_hand, pieces):
    """However packets are cut, the file begins where the signature ends."""
    signature = key.sign(new)
    bench.module.begin()
    with bench.uxmcd.connect(30) as client:
        client.send(f"file signature={len(signature)} {SIZE} {at_hand}".encode())
        assert bench.uxmcd.answer(client)[1] == "accepted"
        whole = signature + new.data
        uxmcd.send_bytes(client, whole[:5000], pieces)
        uxmcd.send_bytes(client, whole[5000:])
        assert bench.uxmcd.answer(client)[:2] == (0, "done")


# The file of keys
@pytest.mark.parametrize("text, sentence", [
    (None, "No such file or directory"),
    (os.mkdir, "Is a directory"),
    ("", "there is no key in it"),
    ("RWQDxcZGTVmvfPt2LCdbWaQxzaAzIkdhaJFUDbdfJcU9w47SmTUQpPl\n",
     "line 1: it is no public key of minisign")])
def test_bad_keys(bench, tmp_path, text, sentence):
    """uxmcd does not start without what it was to have."""
    bench.uxmcd.stop()
    path = tmp_path / "keys"
    if text is os.mkdir:
        os.mkdir(path)
    elif text is not None:
        path.write_text(text)
    bench.uxmcd.configure(image_keys=path)
    bench.uxmcd.start(wait=False)
    assert bench.uxmcd.exited() == 78
    assert bench.uxmcd.log().endswith(f"uxmcd: image_keys: {path}: {sentence}\n")
    bench.uxmcd.configure(**CONFIG)


def test_memory(bench, key, new):
    """What checks an image is in memory only as long as that takes."""
    def loaded():
        with open(f"/proc/{bench.uxmcd.process.pid}/maps") as file:
            return "libsodium" in file.read()
    assert not loaded()
    url = serve(bench, new, Answer(key.sign(new)),
                answers=[Answer(new.data, hold_after=SIZE // 2)])
    bench.ask(url)
    bench.module.until(lambda heard: heard["done"] == SIZE // 2, 40, "half fetched")
    assert loaded()
    assert bench.ctl("cancel").returncode == 0
    bench.module.until_state("failed")
    guest.until(lambda: not loaded(), 40, "it is gone")
    assert re.search("cancelled", bench.module.read("update_error"))
