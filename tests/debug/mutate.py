# SPDX-License-Identifier: GPL-2.0-or-later
"""Bytes made from valid ones, by a generator of random numbers with a known seed."""

INTERESTING = (0, 1, 2, 3, 6, 7, 8, 9, 0x21, 0x7f, 0x80, 0xfe, 0xff)


def some_byte(rng):
    return rng.choice(INTERESTING) if rng.random() < 0.5 else rng.randrange(256)


def change(rng, data):
    data = bytearray(data)
    if data:
        data[rng.randrange(len(data))] = some_byte(rng)
    return bytes(data)


def flip(rng, data):
    data = bytearray(data)
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def shorten(rng, data):
    return data[:rng.randrange(len(data) + 1)]


def lengthen(rng, data):
    return data + bytes(some_byte(rng) for _ in range(rng.randrange(1, 40)))


def remove(rng, data):
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(1, 5):]


def insert(rng, data):
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes(some_byte(rng) for _ in range(rng.randrange(1, 5))) + \
        data[at:]


MUTATIONS = (change, change, flip, flip, shorten, lengthen, remove, insert)


def mutated(rng, data):
    """One to three mutations of the bytes."""
    for _ in range(rng.randrange(1, 4)):
        data = rng.choice(MUTATIONS)(rng, data)
    return data
