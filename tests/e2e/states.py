# SPDX-License-Identifier: GPL-2.0-or-later
"""An update that is brought to one state, and stays there for a while."""
import image as images

URL = "http://pbx.example/snomD7C-1.6.1-r.bin"

# Options of the simulator that make a state last for two seconds.
OPTIONS = {
    "detaching": ("--reboot-ms", 2000),
    "downloading": ("--poll", 40),
    "manifesting": ("--manifest-ms", 2000),
    "rebooting": ("--reboot-ms", 2000),
}


def bring_to(module, state):
    """Bring an update of a module with those OPTIONS to the middle of a state;
    gives the image if it would end well.
    """
    module.begin()
    if state in ("requested", "fetching"):
        module.client.request(module.number, URL)
        if state == "fetching":
            module.client.report(module.number, done=10, total=100)
        module.until_state(state)
        return None
    if state == "verifying":
        module.client.flash(module.number, images.install_endless())
        module.until_state(state)
        return None

    new = images.make()
    since = module.sim.mark()
    module.flash(new)
    module.until(lambda heard: heard["state"] == state and
                 (state not in ("detaching", "rebooting") or heard["away"]) and
                 (state != "downloading" or heard["done"]),
                 20, f"in the middle of {state}")
    if state == "manifesting":      # which begins before the module knows
        module.sim.wait("^manifest$", 20, since)
    return new
