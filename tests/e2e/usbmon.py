# SPDX-License-Identifier: GPL-2.0-or-later
"""What is on the bus of a module, as the kernel's usbmon sees it."""
import re
import subprocess

USBMON = "/sys/kernel/debug/usb/usbmon"

# An URB: its address, Submission or Callback, a control transfer, and of a
# submission the setup packet (Documentation/usb/usbmon.rst).
LINE = re.compile(r"(\S+) (\d+) ([SCE]) C[io]:(\d+):\d+:0 "
                  r"(?:s (\S+) (\S+) (\S+) (\S+) (\S+)|(\S+))")

CLASS = ("21", "a1")
DEVICE_IN = "80"

DNLOAD, GETSTATUS = "01", "03"
GET_DESCRIPTOR = "06"   # of a device; ABORT of DFU, which asks for no bytes


class Usbmon:
    """Class requests to an interface, as they are submitted and answered: some
    dozens, for more do not fit its buffer.
    """

    def __init__(self, module):
        bus = module.read("port").split("-")[0]
        subprocess.run(["modprobe", "usbmon"], check=True)
        with open(f"{USBMON}/{bus}u") as events:    # that is when it begins
            self.reader = subprocess.Popen(["timeout", "60", "cat"], stdin=events,
                                           stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.reader.terminate()     # timeout, which ends cat
        self.reader.communicate()

    def requests(self, until, kinds=CLASS):
        """(S or C, bRequest, wLength, when in us), up to the line that is found
        by until(). The kinds are bmRequestType.
        """
        names = {}
        for line in self.reader.stdout:
            match = LINE.match(line)
            if not match:
                continue
            urb, at, kind, _, kind_of, request, *_, length, _ = match.groups()
            if kind == "S":
                names[urb] = (request, int(length, 16)) \
                    if kind_of in kinds else None
            if names.get(urb):
                event = (kind, *names[urb], int(at))
                yield event
                if until(event):
                    return
