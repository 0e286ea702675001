# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad input: what is no URL of an image is refused before anything is fetched,
by sysfs and by uxmcctl, with a sentence that says what to do.
"""
import errno

import pytest

from bench import refused
from httpd import Answer

GOOD = "http://127.0.0.1:1"
NAME = "snomD7C-1.6.1-r.bin"

SCHEME = "not an http:// or https:// URL: give the complete URL of the image"
PLAIN = ("the URL does not end in a plain file name: give one that ends in "
         "snomD7C-<version>-r.bin")
NOT_VALID = ("not a valid URL: give one with a host, and without blanks and "
             "control characters")


def named(name):
    return (f"the file is named {name}: an image for this module is named "
            "snomD7C-<version>-r.bin")


URLS = {
    "words": ("hello, world", errno.EPROTONOSUPPORT, SCHEME),
    "name alone": (NAME, errno.EPROTONOSUPPORT, SCHEME),
    "ftp": (f"ftp://pbx.example/{NAME}", errno.EPROTONOSUPPORT, SCHEME),
    "file": (f"file:///tmp/{NAME}", errno.EPROTONOSUPPORT, SCHEME),
    "scheme alone": ("http://", errno.EINVAL, NOT_VALID),
    "no host": (f"http:///{NAME}", errno.EINVAL, NOT_VALID),
    "blank": (f"{GOOD}/a b/{NAME}", errno.EINVAL, NOT_VALID),
    "not ASCII": (f"{GOOD}/ä/{NAME}", errno.EINVAL, NOT_VALID),
    "backslash": (f"{GOOD}/..\\{NAME}", errno.EINVAL, NOT_VALID),
    "no path": (GOOD, errno.EINVAL, PLAIN),
    "no name": (f"{GOOD}/", errno.EINVAL, PLAIN),
    "dot dot": (f"{GOOD}/..", errno.EINVAL, PLAIN),
    "escaped slash": (f"{GOOD}/..%2f{NAME}", errno.EINVAL, PLAIN),
    "escaped dots": (f"{GOOD}/%2e%2e", errno.EINVAL, PLAIN),
    "escaped NUL": (f"{GOOD}/{NAME}%00", errno.EINVAL, PLAIN),
    "name in query": (f"{GOOD}/get?file=/{NAME}", errno.EINVAL, named("get")),
    "name in fragment": (f"{GOOD}/get#/{NAME}", errno.EINVAL, named("get")),
    "way out": (f"{GOOD}/../../etc/passwd", errno.EINVAL, named("passwd")),
    "way out as version": (f"{GOOD}/snomD7C-..-r.bin", errno.EINVAL,
                           named("snomD7C-..-r.bin")),
    "no version": (f"{GOOD}/snomD7C--r.bin", errno.EINVAL,
                   named("snomD7C--r.bin")),
    "bootloader": (f"{GOOD}/snomD7C-1.6.1-b.bin", errno.EINVAL,
                   named("snomD7C-1.6.1-b.bin")),
    "the phone's own": (f"{GOOD}/snomD785-10.1.64.14-SIP-r.bin", errno.EINVAL,
                        named("snomD785-10.1.64.14-SIP-r.bin")),
    "capitals": (f"{GOOD}/SNOMD7C-1.6.1-R.BIN", errno.EINVAL,
                 named("SNOMD7C-1.6.1-R.BIN")),
    "more after it": (f"{GOOD}/{NAME}.gz", errno.EINVAL, named(f"{NAME}.gz")),
    "other model": (f"{GOOD}/snomD8C-1.6.1-r.bin", errno.EINVAL,
                    "the image is for a D8C, but the module is a D7C: give the "
                    "URL of a D7C image"),
    "unknown model": (f"{GOOD}/snomD9C-1.6.1-r.bin", errno.EINVAL,
                      named("snomD9C-1.6.1-r.bin")),
}


def literally(sentence):
    return "".join(c if c.isalnum() else f"\\{c}" for c in sentence)


@pytest.mark.parametrize("url, error, sentence", URLS.values(), ids=URLS)
def test_url(bench, url, error, sentence):
    sentence = literally(sentence)
    bench.ask(url)
    end = bench.failed("requested", error, sentence)
    assert end["url"] == url

    if "://" in url:    # what is no URL is a file to uxmcctl
        refused(bench.ctl("update", url), 5, sentence)
    assert bench.module.client.get(bench.module.number) == {
        name: end[name] for name in end if name != "event"}, \
        "a request that uxmcctl was refused is no update"
    bench.uxmcd.expect_clean()


def test_not_a_url_is_a_file_to_uxmcctl(bench):
    refused(bench.ctl("update", "hello, world"), 5,
            "hello, world: No such file or directory")
    refused(bench.ctl("update", ""), 5, ".*No such file or directory")


def before_and_after(bench):
    """What must be the same after a request that does not come to anything."""
    return bench.module.by_sysfs()


CONTROL = [b"\x01", b"\x1b[31m", b"\x7f", b"\t", b"\r", b"\n", b"\0"]


@pytest.mark.parametrize("character", CONTROL, ids=repr)
def test_control_character(bench, character):
    before = before_and_after(bench)
    url = b"%s/a%sb/%s" % (GOOD.encode(), character, NAME.encode())
    with pytest.raises(OSError) as caught:
        bench.module.write("firmware_uxm", url)
    assert caught.value.errno == errno.EINVAL
    assert bench.uxmcd.ask(b"update " + url)[:2] == (5, "url-bad")
    if character != b"\0":      # no argument can hold one
        refused(bench.ctl("update", url), 5, ".*control characters.*")
    assert before_and_after(bench) == before
    bench.uxmcd.expect_clean()


def url_of_length(length):
    return f"{GOOD}/{'a' * (length - len(GOOD) - len(NAME) - 2)}/{NAME}"


@pytest.mark.parametrize("length", [2049, 4090, 5000, 100000])
def test_long_url(bench, length):
    before = before_and_after(bench)
    url = url_of_length(length)
    # sysfs takes 4095 bytes at a time
    with pytest.raises(OSError) as caught:
        bench.module.write("firmware_uxm", url)
    assert caught.value.errno == errno.ENAMETOOLONG
    refused(bench.ctl("update", url), 5, ".*too long.*2048 characters")
    assert before_and_after(bench) == before
    bench.uxmcd.expect_clean()


def test_longest_url(bench, image):
    """2048 characters are a URL like any other."""
    new = image(size=70000)
    path = "/" + "a" * (2048 - len(bench.server.url("//")) - len(NAME))
    url = bench.server.route(f"{path}/{NAME}", Answer(new.data))
    assert len(url) == 2048
    bench.ask(url)
    bench.done(new, url)


def test_empty_url(bench):
    """To sysfs it means: clear the setting. To uxmcd it is no URL."""
    assert bench.uxmcd.ask("update ")[:2] == (5, "no-url")
    assert bench.uxmcd.ask("update")[:2] == (5, "no-url")
