# SPDX-License-Identifier: GPL-2.0-or-later
"""uxmcd's journal as a file: what a crash left, or what a test puts there."""
import uxmcd

FIRST = "uxmcd-journal 1"


class Journal:
    """The one that is there, its values as attributes."""

    def __init__(self):
        text = uxmcd.stored("journal")
        assert text, "there is no journal"
        lines = text.splitlines()
        assert (lines[0], lines[-1]) == (FIRST, "end"), text
        for line in lines[1:-1]:
            name, _, value = line.partition("=")
            setattr(self, name, value)

    @staticmethod
    def text(module, url, image, **values):
        """Of a job for that module; values that differ from the usual."""
        usual = {"step": "fetch", "kind": "url", "url": url,
                 "name": image.name, "expect": image.version,
                 "from": module.read("firmware_version"),
                 "port": module.read("port"),
                 "serial": module.read("serial_number"), "etag": "",
                 "modified": "", "boot": "", "size": len(image.data),
                 "resumed": 0}
        return "\n".join([FIRST, *(f"{name}={value}" for name, value
                                   in (usual | values).items()), "end", ""])

    @staticmethod
    def write(module, url, image, **values):
        uxmcd.store("journal", Journal.text(module, url, image, **values))
