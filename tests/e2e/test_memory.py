# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory of which much is free, but nowhere 64 KiB in a row."""
import errno
import fcntl
import os
import resource

import pytest

import expect

PAGE = 4096
PIPE_PAGES = 256
# A pipe of so many pages has an array of 40 bytes for each, which takes 64 KiB.
MANY_PAGES = 1024
# What is left free of pipes while memory is filled, KiB
SPARE = 60 << 10
MOST_FILES = 1 << 16


def available():
    with open("/proc/meminfo") as file:
        return next(int(line.split()[1]) for line in file
                    if line.startswith("MemAvailable"))


class Pipes:
    """The kernel cannot move what they have in memory."""

    def __init__(self):
        self.ends = []

    def new(self, pages):
        self.ends.append(os.pipe())
        fcntl.fcntl(self.ends[-1][1], fcntl.F_SETPIPE_SZ, pages * PAGE)

    def write_page(self):
        os.write(self.ends[-1][1], bytes(PAGE))

    def close(self):
        for pipe in self.ends:
            for end in pipe:
                os.close(end)


def make_holes(kept, closed):
    """Fill memory with pages of one and of the other in turns, then close one."""
    while available() > SPARE:
        kept.new(PIPE_PAGES)
        closed.new(PIPE_PAGES)
        for _ in range(PIPE_PAGES):
            kept.write_page()
            closed.write_page()
    closed.close()


def take_whole_pieces(pipes):
    """All that are left, and those that the kernel frees because of that."""
    before = None
    while len(pipes.ends) != before:
        before = len(pipes.ends)
        with pytest.raises(OSError) as refused:
            while True:
                pipes.new(MANY_PAGES)
        assert refused.value.errno == errno.ENOMEM
        # The pipe without the pages asked for
        for end in pipes.ends.pop():
            os.close(end)


def set_compaction(threshold):
    """At 1000 the kernel moves no memory to make place for large pieces."""
    path = "/proc/sys/vm/extfrag_threshold"
    with open(path) as file:
        before = file.read()
    with open(path, "w") as file:
        file.write(threshold)
    return before


@pytest.fixture
def pipes():
    """As many as memory has room for, and no compaction meanwhile."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
    threshold = set_compaction("1000")
    all_of_them = Pipes()
    yield all_of_them
    all_of_them.close()
    set_compaction(threshold)
    resource.setrlimit(resource.RLIMIT_NOFILE, files)


def blocks_sent(module):
    line, = (line for line in module.sim.log(module.logged) if line.startswith("took"))
    return int(line.split()[3])


# With all memory taken the guest reads its programs again and again.
@pytest.mark.slow
def test_no_64_kib_in_a_row(plug, image, pipes):
    """Smaller blocks than the module would take do as well. Memory that the kernel
    frees meanwhile may have a piece after all: that update has to go well too.
    """
    module = plug("--transfer-size", 65535)
    new = image(size=1 << 20)
    make_holes(pipes, Pipes())
    for _ in range(10):
        take_whole_pieces(pipes)
        module.flash(new)
        expect.done(module, new)
        if blocks_sent(module) >= (1 << 20) / (32 << 10):
            return
    pytest.fail("the driver always had 64 KiB in a row")
