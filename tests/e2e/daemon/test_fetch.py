# SPDX-License-Identifier: GPL-2.0-or-later
"""How an image is fetched. What the module received is compared with the file by
Bench.done(); here it is also looked at what the server was asked for.
"""
import errno

import pytest

import uxmcd
from httpd import HOST, Answer, Gate, Server, make_certificate, redirect

SIZE = 70000
CUT = 40000
NAME = "snomD7C-1.6.1-r.bin"


@pytest.fixture
def new(image):
    return image(size=SIZE)


def asked(bench, header):
    """What the requests said in that header, one after the other."""
    return [request.headers.get(header) for request in bench.server.requests]


# Redirects
@pytest.mark.parametrize("count", [1, 5])
def test_redirects(bench, new, count):
    url = bench.server.chain(f"/{NAME}", count, Answer(new.data))
    bench.ask(url)
    bench.done(new, url)
    assert len(bench.server.requests) == count + 1


def test_six_redirects(bench, new):
    bench.ask(bench.server.chain(f"/{NAME}", 6, Answer(new.data)))
    bench.failed("fetching", errno.ELOOP,
                 f"{HOST} redirects more than 5 times")
    assert len(bench.server.requests) == 6
    assert bench.server.requests[-1].path != f"/{NAME}"


@pytest.mark.parametrize("scheme", ["ftp", "file"])
def test_redirect_to(bench, new, scheme):
    bench.ask(bench.serve(new, redirect(f"{scheme}://{HOST}{new.path}")))
    bench.failed("fetching", errno.EPROTONOSUPPORT, f"{HOST} redirects to "
                 "something other than http and https")
    assert len(bench.server.requests) == 1


def test_redirect_to_another_name(bench, new):
    """The name that counts is that of the URL that was asked for."""
    bench.server.route("/store/4711", Answer(new.data))
    url = bench.serve(new, redirect("/store/4711?token=%2f"))
    bench.ask(url)
    bench.done(new, url)
    assert bench.server.requests[1].path == "/store/4711?token=%2f"


# Broken transfers
def test_resume(bench, new):
    """Three pieces; each goes on where the one before it broke off."""
    sound = {"ranges": True, "etag": '"one"'}
    bench.update(new, Answer(new.data, close_after=CUT, **sound),
                 Answer(new.data, close_after=10000, **sound),
                 Answer(new.data, **sound))
    assert asked(bench, "range") == [None, f"bytes={CUT}-",
                                     f"bytes={CUT + 10000}-"]
    assert asked(bench, "if-range") == [None, '"one"', '"one"']


@pytest.mark.parametrize("bench", [{"stall_timeout": 2}], ids=[""],
                         indirect=True)
def test_resume_after_a_stall(bench, new):
    sound = {"ranges": True, "etag": '"one"'}
    bench.update(new, Answer(new.data, hold_after=CUT, **sound),
                 Answer(new.data, **sound))
    assert asked(bench, "range") == [None, f"bytes={CUT}-"]


def test_resume_by_date(bench, new):
    sound = {"ranges": True, "modified": "Wed, 21 Oct 2015 07:28:00 GMT"}
    bench.update(new, Answer(new.data, close_after=CUT, **sound),
                 Answer(new.data, **sound))
    assert asked(bench, "range") == [None, f"bytes={CUT}-"]
    assert asked(bench, "if-range") == [None, sound["modified"]]


def test_server_without_ranges(bench, new):
    bench.update(new, Answer(new.data, close_after=CUT, etag='"one"'),
                 Answer(new.data, etag='"one"'))
    assert len(bench.server.requests) == 2


@pytest.mark.parametrize("tag", [None, 'W/"one"'], ids=["none", "weak"])
def test_no_telling_whether_it_is_the_same(bench, new, tag):
    """Then it is fetched from its start."""
    sound = {"ranges": True, "etag": tag}
    bench.update(new, Answer(new.data, close_after=CUT, **sound),
                 Answer(new.data, **sound))
    assert asked(bench, "range") == [None, None]


def test_changed_in_between(bench, image):
    """No image is made of two halves."""
    old, new = image(size=SIZE, version="1.5.3"), image(size=SIZE)
    url = bench.serve(
        new, Answer(old.data, close_after=CUT, ranges=True, etag='"old"'),
        Answer(new.data, ranges=True, etag='"new"'))
    bench.ask(url)
    bench.done(new, url)
    assert asked(bench, "if-range") == [None, '"old"']


def test_shrunk_in_between(bench, image):
    """What there is of it is longer than the new one: the server answers 416."""
    old, new = image(size=SIZE, version="1.5.3"), image(size=CUT - 1000)
    etag = {"ranges": True, "etag": '"same"'}
    url = bench.serve(new, Answer(old.data, close_after=CUT, **etag),
                      Answer(new.data, **etag))
    bench.ask(url)
    bench.done(new, url)
    assert asked(bench, "range") == [None, f"bytes={CUT}-", None]


@pytest.mark.parametrize("content_range", [
    f"bytes {CUT - 1}-{SIZE - 1}/{SIZE}", f"bytes {CUT}-{SIZE - 1}/{SIZE + 1}",
    f"bytes {CUT}-{SIZE - 2}/{SIZE}", "banana"])
def test_wrong_content_range(bench, new, content_range):
    """What is not the rest for sure is not taken: it starts again."""
    sound = {"ranges": True, "etag": '"one"'}
    bench.update(new, Answer(new.data, close_after=CUT, **sound),
                 Answer(new.data[CUT:], content_range=content_range, **sound),
                 Answer(new.data, **sound))
    assert asked(bench, "range") == [None, f"bytes={CUT}-", None]


def test_rest_that_nothing_vouches_for(bench, new):
    """The server may not have understood the question, or it may be another one."""
    sound = {"ranges": True, "etag": '"one"'}
    part = Answer(new.data[CUT:], content_range=f"bytes {CUT}-{SIZE - 1}/{SIZE}")
    bench.update(new, Answer(new.data, close_after=CUT, **sound), part,
                 Answer(new.data, **sound))
    assert asked(bench, "range") == [None, f"bytes={CUT}-", None]


def test_partial_answer_that_nobody_asked_for(bench, new):
    bench.ask(bench.serve(new, Answer(new.data[100:], content_range=
                                      f"bytes 100-{SIZE - 1}/{SIZE}")))
    bench.failed("fetching", errno.EREMOTEIO, fr"{HOST} answered 206 \(a part\)")
    assert len(bench.server.requests) == 1


@pytest.mark.parametrize("bench", [{"retry_delay": 0.4}], indirect=True)
def test_growing_delay(bench, new):
    bench.ask(bench.serve(new, Answer(b"", status=500)))
    bench.failed("fetching", errno.EREMOTEIO, ".*500.*")
    times = [request.time for request in bench.server.requests]
    assert len(times) == 3
    assert times[1] - times[0] >= 0.4
    assert times[2] - times[1] >= 0.8


def test_better_at_the_third_try(bench, new):
    bench.update(new, Answer(b"", status=500), Answer(b"", status=503),
                 Answer(new.data))
    assert len(bench.server.requests) == 3


def test_refused_at_first(bench, new):
    """A server that comes up between two tries."""
    with Server(listen=False) as late:
        bench.use(retries=5, retry_delay=0.3)
        url = late.route(f"/{NAME}", Answer(new.data))
        bench.ask(url)
        bench.module.until_state("fetching")
        late.listen()
        bench.done(new, url)


# What is sent along
def test_request(bench, new):
    """It looks like the phone's: servers recognise phones by that."""
    bench.update(new)
    request, = bench.server.requests
    assert (request.method, request.path) == ("GET", f"/{NAME}")
    assert request.headers["user-agent"] == (
        "Mozilla/4.0 (compatible; snomD785-SIP 10.1.64.14 "
        "2010.12-00004-g9ba52f5 000413922D24 SXM:0 UXM:1)")
    assert "range" not in request.headers


@pytest.mark.parametrize("bench", [{"user_agent": "Phone/1.0 (of ours)"}],
                         indirect=True)
def test_own_user_agent(bench, new):
    bench.update(new)
    assert asked(bench, "user-agent") == ["Phone/1.0 (of ours)"]


def test_query(bench, new):
    """It is sent, and is no part of the name."""
    url = bench.serve(new) + "?mac=000413922D24&v=1/2"
    bench.ask(url)
    bench.done(new, url)
    assert bench.server.requests[0].path == f"/{NAME}?mac=000413922D24&v=1/2"


def test_mac(bench, new):
    """{mac} is expanded when it is fetched; the setting keeps it."""
    bench.server.route(f"/000413922D24/{NAME}", Answer(new.data))
    url = bench.server.url(f"/{{mac}}/{NAME}?mac={{mac}}")
    bench.ask(url)
    bench.done(new, url)
    assert bench.server.requests[0].path == \
        f"/000413922D24/{NAME}?mac=000413922D24"
    assert "{mac}" in uxmcd.setting()


@pytest.mark.parametrize("bench", [{"phone_mac": None}], indirect=True)
def test_mac_not_known(bench):
    bench.ask(bench.server.url(f"/{{mac}}/{NAME}"))
    bench.failed("requested", errno.ENOKEY, r"\{mac\} in the URL, but the "
                 "phone's MAC address is not known: set phone_mac in uxmcd.conf")


# TLS
@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """What it is trusted by, which is the certificate itself, and the key"""
    certificate, key = make_certificate(tmp_path_factory.mktemp("tls"))
    return uxmcd.publish(certificate), key


@pytest.fixture
def secure(certificate):
    with Server(tls=certificate) as server:
        yield server


# TLS takes its time where a machine is emulated.
PATIENT = {"connect_timeout": 30, "stall_timeout": 30}


def test_https_with_ca_file(bench, new, certificate, secure):
    bench.use(ca_file=certificate[0], **PATIENT)
    url = secure.route(f"/{NAME}", Answer(new.data))
    bench.ask(url)
    bench.done(new, url)


@pytest.mark.parametrize("bench", [PATIENT], ids=[""], indirect=True)
def test_https_not_trusted(bench, new, secure):
    """Nor is it when a server redirects there."""
    there = secure.route(f"/{NAME}", Answer(new.data))
    for url in (there, bench.serve(new, redirect(there))):
        bench.ask(url)
        bench.failed("fetching", errno.EKEYREJECTED, f"{HOST}: its "
                     "certificate is not trusted: see ca_file in uxmcd.conf",
                     40)
    assert not secure.requests


# Size
@pytest.mark.parametrize("bench", [{"image_size_max": None}], ids=[""],
                         indirect=True)
def test_memory(bench, new):
    """An image of the real size is never in memory as a whole."""
    size = 35708675
    bench.ask(bench.serve(new, Answer(bytes(size), hold_after=size - 1)))
    bench.module.until(lambda heard: heard["done"] == size - 1, 60,
                       "all fetched but the last byte")
    assert bench.uxmcd.status("VmHWM") < 16 << 10
    bench.module.write("update_cancel", "1")
    bench.failed("fetching", errno.ECANCELED, "cancelled")
