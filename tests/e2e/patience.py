# SPDX-License-Identifier: GPL-2.0-or-later
"""How long tests wait: on a kernel that looks for faults all takes longer."""
import os
import time

PATIENCE = float(os.environ.get("UXMC_PATIENCE", "1"))


def deadline(within):
    """The end (time.monotonic()) of what takes that many seconds elsewhere"""
    return time.monotonic() + within * PATIENCE
