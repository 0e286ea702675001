# SPDX-License-Identifier: GPL-2.0-or-later
"""What the driver allocates, in updates that are measured for nothing else, since
tracing costs time.
"""
import contextlib

from measure import Setting, install, measure_plugged

import guest
from hosts import Driver
from kmem import KernelMemory
from sim import Sim


@contextlib.contextmanager
def plugged(setting, modules):
    """That many modules; gives the one that is updated."""
    with contextlib.ExitStack() as stack:
        sims = [stack.enter_context(Sim(*setting.module, "--port", port,
                                        "--serial", f"SIM{port:04}"))
                for port in range(modules)]
        guest.until(lambda: len(guest.modules()) == modules, 60,
                    f"{modules} modules")
        yield sims[0]
    guest.until(lambda: not guest.modules(), 15, "all modules are gone")


def allocated(setting, modules=1):
    """The most bytes at one time, from before the modules are plugged in; and the
    driver's own size.
    """
    image = install(setting.size)
    driver = Driver()
    driver.begin(setting.transfer)
    memory = KernelMemory("uxmc")
    with plugged(setting, modules) as sim:
        measure_plugged(driver, setting, image, sim)
    return memory.stop(), memory.own


def of_images(sizes, transfers):
    rows = []
    for size in sizes:
        for transfer in transfers:
            most, own = allocated(Setting(size, transfer))
            rows.append({"image": size, "transfer": transfer,
                         "allocated": most, "own size": own})
            print("    {image:12,} bytes, transfer size {transfer:5}: {allocated:,} "
                  "bytes allocated, {own size:,} its own".format(**rows[-1]), flush=True)
    return rows
