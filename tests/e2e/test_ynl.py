# SPDX-License-Identifier: GPL-2.0-or-later
"""The netlink family by its spec alone: driver/netlink/uxmc.yaml in the hands of the
kernel's own tool for such specs.
"""
import errno
import json
import os
import re
import select
import subprocess
import sys

import pytest

import genl
import guest
from module import unprivileged

YNL = os.environ["YNL"]
TOOL = f"{YNL}/tools/net/ynl"
SPEC = f"{guest.TOP}/driver/netlink/uxmc.yaml"
SCHEMA = f"{YNL}/Documentation/netlink/genetlink.yaml"
URL = "http://pbx.example/snomD7C-1.6.1-r.bin"

sys.path.insert(0, TOOL)

# pylint: disable=wrong-import-position,import-error
import yaml
import lib.ynl
from lib import NlError, YnlFamily


@pytest.fixture
def ynl(module):
    """Opens a socket of its own each time. The library keeps the families' numbers,
    and the driver is loaded anew for each test.
    """
    lib.ynl.genl_family_name_to_id = None
    return lambda: YnlFamily(SPEC, SCHEMA)


def refusal(call, *arguments):
    with pytest.raises(NlError) as refused:
        call(*arguments)
    message = refused.value.nl_msg
    return -message.error, message.extack["msg"]


def spec():
    with open(SPEC) as file:
        return yaml.safe_load(file)


def test_spec_is_that_of_the_header():
    """Names, numbers and limits, as far as the header has them."""
    with open(f"{guest.TOP}/driver/uapi/uxmc.h") as file:
        header = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)

    def enum(name, prefix):
        body = re.search(rf"enum {name} {{(.*?)}};", header, re.S).group(1)
        return [word.removeprefix(prefix).lower().replace("_", "-")
                for word in re.findall(rf"^\s({prefix}\w+)", body, re.M)
                if not word.endswith("_MAX")]
    described = spec()
    assert [one["name"] for one in described["operations"]["list"]] == \
        enum("uxmc_cmd", "UXMC_CMD_")
    assert [one["name"] for one in described["attribute-sets"][0]["attributes"]] == \
        enum("uxmc_attr", "UXMC_A_")
    kinds = {one["name"]: one for one in described["definitions"]}
    for name, c_name, prefix in (("state", "uxmc_state", "UXMC_STATE_"),
                                 ("mode", "uxmc_mode", "UXMC_MODE_"),
                                 ("module-event", "uxmc_module_event",
                                  "UXMC_MODULE_")):
        assert kinds[name]["entries"] == enum(c_name, prefix)
    limits = dict(re.findall(r"^#define UXMC_(\w+_MAX)\s+(\d+)$", header, re.M))
    constants = [one for one in kinds.values() if one["type"] == "const"]
    assert len(constants) == 4
    for one in constants:
        assert str(one["value"]) == limits[one["name"].upper().replace("-", "_")]


def test_tool(module):
    """As a person types it; the spec is checked against the kernel's schema."""
    done = subprocess.run(
        [sys.executable, f"{TOOL}/cli.py", "--spec", SPEC, "--schema", SCHEMA,
         "--dump", "module-get", "--output-json"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    one, = json.loads(done.stdout)
    assert (one["module"], one["port"], one["model"]) == (0, "1-1", "D7C")
    assert (one["state"], one["mode"], one["version"]) == \
        ("idle", "application", "1.1.1")


def test_request_and_cancel(module, ynl):
    """The same status by do, by dump and in the group, where all of it happens."""
    ynl, listener = ynl(), ynl()
    listener.ntf_subscribe("monitor")
    ynl.do("update-request", {"module": module.number, "url": URL})
    status = ynl.do("module-get", {"module": module.number})
    assert (status["state"], status["url"]) == ("requested", URL)
    assert status == ynl.dump("module-get", {})[0]
    ynl.do("update-report", {"module": module.number, "state": "fetching",
                             "total": 100})
    ynl.do("update-report", {"module": module.number, "state": "fetching",
                             "done": 10, "total": 100, "timeout": 5000})
    ynl.do("update-cancel", {"module": module.number})
    ynl.do("setting-set", {"module": module.number, "firmware-uxm": ""})

    heard = []
    while len(heard) < 5:
        assert select.select([listener.sock], [], [], 10)[0], heard
        listener.check_ntf()
        heard += listener.async_msg_queue
        listener.async_msg_queue.clear()
    assert {one["name"] for one in heard} == {"module-ntf"}
    told = [one["msg"] for one in heard]
    assert [one["state"] for one in told] == \
        ["requested", "fetching", "fetching", "failed", "failed"]
    assert [one["event"] for one in told] == ["changed"] * 5
    assert (told[2]["done"], told[2]["total"], told[2]["timeout"]) == (10, 100, 5000)
    assert (told[3]["message"], told[3]["errno"]) == \
        ("fetching: cancelled", errno.ECANCELED)
    assert told[4]["firmware-uxm"] == ""


def test_refusals(module, ynl):
    number, ynl = module.number, ynl()
    assert refusal(ynl.do, "update-cancel", {"module": number}) == \
        (errno.ENOENT, "there is no update to cancel")
    assert refusal(ynl.do, "module-get", {"module": 7}) == \
        (errno.ENODEV, "there is no such module")
    assert refusal(ynl.do, "update-cancel", {"module": number, "url": URL}) == \
        (errno.EINVAL, "Unknown attribute type")
    assert refusal(ynl.do, "update-request", {"module": number, "url": "a\x1bb"}) == \
        (errno.EINVAL,
         "a text has control characters in it, or is not UTF-8")
    assert refusal(ynl.dump, "module-get", {"module": number}) == \
        (errno.EINVAL, "a dump is of all modules, and takes no attributes")


def test_commands_say_what_they_take(module):
    """What the spec lists for a command is what the driver takes, and no more."""
    kinds = {one["name"]: one["type"]
             for one in spec()["attribute-sets"][0]["attributes"]}
    values = {"u32": 0, "u64": 0, "string": "x", "flag": b"", "pad": b""}
    for operation in spec()["operations"]["list"]:
        if "do" not in operation:
            continue
        takes = operation["do"]["request"]["attributes"]
        for name, kind in kinds.items():
            # There is no module of that number: all that is sound gets there.
            attributes = {"module": 7, name.replace("-", "_"): values[kind]}
            if name == "module":
                attributes = {"module": 7}
            with pytest.raises(genl.Refused) as refused:
                module.client.send(operation["name"], **attributes)
            unknown = refused.value.sentence in ("Unsupported attribute",
                                                 "Unknown attribute type")
            assert unknown == (name not in takes), (operation["name"], name)


def test_flags(module):
    """Who may not change anything is refused what the spec says, and only that."""
    admin = [one["name"] for one in spec()["operations"]["list"]
             if "admin-perm" in one.get("flags", ())]
    with unprivileged():
        user = genl.Genl()
        for name in genl.COMMANDS:
            if name == "module-ntf":
                continue
            with pytest.raises(genl.Refused) as refused:
                user.send(name)
            assert (refused.value.errno == errno.EPERM) == (name in admin)
    user.close()
