# SPDX-License-Identifier: GPL-2.0-or-later
"""The last thing in a guest: what all tests before it have left behind."""
import guest
import kmemleak


def lockdep_is_on():
    """It switches itself off with its first report, and when it is out of memory."""
    with open("/proc/lockdep_stats") as file:
        return any(line.split() == ["debug_locks:", "1"] for line in file)


def dma_debugging_is_on():
    """It, too, switches itself off when it is out of memory."""
    with open("/sys/kernel/debug/dma-api/disabled") as file:
        return file.read() == "N\n"


def test_nothing_has_leaked(plug, image, driver):
    module = plug()
    module.flash(image())
    module.until_state("done", within=60)
    module.sim.unplug()
    guest.until(lambda: not guest.modules(), 15, "no module is left")
    kmemleak.expect_none()


def test_nothing_has_leaked_once_unloaded(driver):
    guest.until(lambda: not guest.unload_if_unused(), 30, "the driver is unloaded")
    kmemleak.expect_none()
    assert lockdep_is_on()
    assert dma_debugging_is_on()
