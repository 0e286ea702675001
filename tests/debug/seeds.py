# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests/debug/run says of how long and with which random numbers."""
import os
import random

LONG = bool(os.environ.get("UXMC_LONG"))
# How many guests tests/debug/run has share a part that is long
GUESTS = 2
SEED = int(os.environ.get("UXMC_SEED", "1"))


def generator(name):
    """Random numbers for a part: the same ones for the same seed."""
    return random.Random(f"{SEED} {name}")


def usual_or_long(usual, long):
    return long if LONG else usual
