# SPDX-License-Identifier: GPL-2.0-or-later
"""What comes in place of an image: it is refused before the module is disturbed, and
the sentence says what it was. By its bytes, never by its name or Content-Type.
"""
import errno
import gzip
import os

import pytest

import uxmcd
from bench import refused
from httpd import HOST, Answer, redirect
from provisioning import Phone, entry, settings_file

SIZE = 70000
CUT = 40000
NAME = "snomD7C-1.6.1-r.bin"
PAGE = (b"<!DOCTYPE html>\n<html><head><title>\n  Sign in to Hotel\n</title></head>"
        b"<body>" + b"<p>Welcome!</p>" * 5000)

# What comes, and what is said of it: of a URL, of a file
IMPOSTORS = {
    "page": (PAGE, "a web page, not an image: 'Sign in to Hotel': ",
             "sign in to the network, or correct the URL", "give the image itself"),
    "short page": (b"<h1>It works!</h1>", "a web page, not an image: 'It works!': ",
                   "sign in to the network, or correct the URL",
                   "give the image itself"),
    "XML": (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
            "an XML file, not an image: 'AccessDenied': ", "correct the URL",
            "give the image itself"),
    "text": (b"no such file\n", "a text, not an image: 'no such file': ",
             "correct the URL", "give the image itself"),
    "gzip": (gzip.compress(os.urandom(SIZE)), "a gzip file, not an image: ",
             "have it there unpacked", "unpack it first"),
}


@pytest.fixture
def new(image):
    return image(size=SIZE)


@pytest.fixture
def untouched(bench):
    """Nothing has been done to the module when the test ends."""
    mark = bench.module.sim.mark()
    yield
    assert bench.module.sim.log(mark) == []


@pytest.mark.parametrize("name", IMPOSTORS)
def test_fetched(bench, untouched, new, name):
    came, what, advice, _ = IMPOSTORS[name]
    headers = {"Content-Type": "application/octet-stream"}
    bench.ask(bench.serve(new, Answer(came, headers=headers)))
    bench.failed("fetching", errno.EBADMSG, f"{HOST} sent {what}{advice}")
    assert len(bench.server.requests) == 1


@pytest.mark.parametrize("name", IMPOSTORS)
def test_given_as_a_file(bench, untouched, tmp_path, name):
    came, what, _, advice = IMPOSTORS[name]
    (tmp_path / NAME).write_bytes(came)
    refused(bench.ctl("update", tmp_path / NAME), 1, f"the file is {what}{advice}")
    bench.failed("fetching", errno.EBADMSG, f"the file is {what}{advice}")


def test_image_with_another_label(bench, new):
    """Many servers do not know what a .bin is."""
    bench.update(new, Answer(new.data, headers={"Content-Type": "text/html"}))


def test_sign_in_between_two_tries(bench, untouched, new):
    """The network has begun to want one: the part that is there is not continued."""
    bench.server.route("/portal", Answer(PAGE))
    bench.ask(bench.serve(new, Answer(new.data, close_after=CUT, ranges=True,
                                      etag='"one"'), redirect("/portal")))
    bench.failed("fetching", errno.EBADMSG,
                 f"{HOST} sent a web page, not an image: 'Sign in to Hotel': .*")


def part(page, size=SIZE):
    """A page that is said to be the rest of the image, and is as long."""
    return Answer(page.ljust(size - CUT, b" "), etag='"one"',
                  content_range=f"bytes {CUT}-{size - 1}/{size}")


def test_page_as_the_rest(bench, untouched, new):
    """All numbers are right, and the validator is."""
    bench.ask(bench.serve(new, Answer(new.data, close_after=CUT, ranges=True,
                                      etag='"one"'), part(PAGE[:10000])))
    bench.failed("fetching", errno.EBADMSG,
                 f"after {CUT} bytes of the image came a web page: .*")


def test_page_as_a_part(bench, new):
    """The connection breaks then: it begins anew, with nothing of that."""
    page = part(PAGE[:10000])
    page.close_after = 5000
    bench.update(new, Answer(new.data, close_after=CUT, ranges=True, etag='"one"'),
                 page, Answer(new.data, ranges=True, etag='"one"'))
    assert [one.headers.get("range") for one in bench.server.requests] == [
        None, f"bytes={CUT}-", None]


@pytest.mark.parametrize("bench", [{"image_size_min": None}], ids=[""], indirect=True)
def test_smallest_size(bench, image, new):
    """The default: real images have 36 MB and more."""
    small = f"has {SIZE} bytes, fewer than the 1048576 of image_size_min in " \
        "uxmcd.conf: it is not an image"
    bench.ask(bench.serve(new))
    bench.failed("fetching", errno.EBADMSG, f"the image {small}")
    refused(bench.ctl("update", new.path), 1, f"the file {small}")
    bench.update(image(size=1 << 20))


def test_provisioned(bench, untouched, new):
    """As with a server that fails: it is tried again after a pause, not before."""
    phone = Phone(bench)
    url = bench.serve(new, Answer(PAGE))
    phone.serve("/settings.xml", settings_file(entry("firmware_uxm", url)))
    phone.start(setting_server=phone.server.url("/settings.xml"))
    bench.module.begin()
    assert phone.check().word == "started"
    bench.failed("fetching", errno.EBADMSG, ".*'Sign in to Hotel'.*")
    assert phone.check().word == "too-soon"
    assert phone.check().word == "too-soon"
    assert len(phone.requests(f"/{NAME}")) == 1
    assert uxmcd.setting() == ""
