# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests expect of a module: the end of an update, in all places where it
shows, and in one place what it looked like on the way.
"""
import errno
import os
import re

import pytest

from genl import Refused

# Steps that an update of a module in application mode goes through
STEPS = "verifying detaching downloading manifesting rebooting done".split()


def told(heard):
    """A notification, in a line."""
    away = " away" if heard["away"] else ""
    rest = f" {heard['message']!r} errno {heard['errno']}" if heard["errno"] else ""
    return (f"uxmc{heard['module']} {heard['event']}: {heard['mode']}{away} "
            f"{heard['version'] or '-'} {heard['state']} "
            f"{heard['done']}/{heard['total']}{rest}")


def added(monitor, within=40):
    """The next module that comes."""
    heard = monitor.wait(lambda heard: heard["event"] == "added", within)
    assert heard, f"no module was added within {within} s"
    return heard


def replugged(module, within=40):
    """The module has been plugged in again; it may have another number, and
    nobody has told the driver its setting yet.
    """
    heard = module.until(lambda heard: heard["event"] == "added", within,
                         "plugged in again", any_number=True)
    module.renumber(heard["module"])
    module.setting = ""
    return heard


def done(module, image, within=60, shown=None):
    """The update ends well: the module has received the image, and runs its
    version, which it may show in another form.
    """
    end = module.until_state("done", "failed", within=within)
    assert end["state"] == "done", told(end)
    assert not end["errno"] and not end["message"]

    view = module.agreed()
    assert view["state"] == "done"
    assert view["message"] == ""
    assert view["mode"] == "application"
    assert view["version"] == (shown or image.version)

    module.sim.wait(f"^verified {re.escape(image.version)}$", 20, module.logged)
    log = module.sim.log(module.logged)
    assert [line for line in log if line.startswith("received")] == [image.received]
    assert not [line for line in log if line.startswith("violation")]
    return end


def updates(module, image):
    """It can be updated, whatever was before."""
    again = image(version="1.7.0")
    module.flash(again)
    done(module, again)


def refusal(call, *arguments, **attributes):
    """The errno and the sentence that a netlink request is refused with."""
    with pytest.raises(Refused) as refused:
        call(*arguments, **attributes)
    assert refused.value.sentence, "a refusal without a sentence"
    return refused.value.errno, refused.value.sentence


def message(text, phase, sentence):
    """An update's error is "<phase>: <sentence>", for people; after a semicolon
    it may say what to do.
    """
    assert re.fullmatch(f"{phase}: {sentence}(; .+)?", text), text
    assert len(text) < 256 and text.isprintable()


def failed(module, phase, error, sentence, within):
    """The update fails, says so everywhere, and changes no setting."""
    end = module.until_state("done", "failed", within=within)
    assert end["state"] == "failed", told(end)
    message(end["message"], phase, sentence)
    assert errno.errorcode[end["errno"]] == errno.errorcode[error]
    still_failed(module, end)
    return end


def still_failed(module, end):
    """It shows this failure."""
    view = module.agreed()
    assert view["state"] == "failed"
    assert view["message"] == end["message"]
    assert module.client.get(module.number)["errno"] == end["errno"]
    assert view["firmware_uxm"] == module.setting


def failed_and_gone(module, phase, error, sentence, within):
    """The same of a module that is off the bus then, and so is no more."""
    end = module.until_state("done", "failed", within=within)
    assert end["state"] == "failed", told(end)
    message(end["message"], phase, sentence)
    assert errno.errorcode[end["errno"]] == errno.errorcode[error]
    assert end["firmware_uxm"] == module.setting
    removed = module.until(lambda heard: heard["event"] == "removed", 20, "removed")
    assert removed["message"] == end["message"]
    assert not os.path.exists(module.path)
    assert module.number not in [one["module"] for one in module.client.dump()]
    return end
