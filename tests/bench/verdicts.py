# SPDX-License-Identifier: GPL-2.0-or-later
"""What the figures have to be, and whether they are. Where there are several, such
as of two images, the one that is the furthest from being good enough counts.
"""
from measure import SMALL

FASTER_THAN_DFU_UTIL = {4096: 1.3, 65535: 4}
FASTER_THAN_FWUPDTOOL = 3
OVER_FLOOR = 10             # per cent
OVER_WAITS = 5              # per cent
SMALLER_THAN_FWUPDTOOL = 20
ALLOCATED = 256 << 10       # bytes

# How much more than in proportion is no growth: what differs from run to run
TOLERANCE = 1.10

# The transfer sizes at which fwupdtool sends the largest blocks that it can.
FWUPDTOOL_BEST = 4096, 65535


def target(name, figure, limit, met, note=""):
    return {"name": name, "figure": figure, "limit": limit, "met": bool(met),
            "note": note}


class Rows:
    """The table, by host and setting."""

    def __init__(self, table):
        self.rows = {(row["host"], row["size"], row["transfer"], row["poll"]): row
                     for row in table}

    def took(self, host, size, transfer, poll=0):
        return self.rows[host, size, transfer, poll]["took"]

    def settings(self, polls, transfers=None):
        """The sizes, transfer sizes and polls that there are."""
        return [key[1:] for key in self.rows
                if key[0] == "driver" and key[3] in polls
                and (transfers is None or key[2] in transfers)]

    def fast(self, transfers):
        """Those with no waits: of the real images, where they are among them, for
        1 MiB may be no more than 16 blocks.
        """
        settings = self.settings([0], transfers)
        return [setting for setting in settings if setting[0] != SMALL] or settings

    def ratio(self, host, transfers):
        """How much longer a host takes than the driver, at least."""
        return min(self.took(host, *setting) / self.took("driver", *setting)
                   for setting in self.fast(transfers))

    def over_floor(self, transfer):
        """By how many per cent the driver takes longer than the floor, at most."""
        return max(100 * (self.took("driver", *setting) / self.took("floor", *setting) - 1)
                   for setting in self.fast([transfer]))


def judge_hosts(table):
    rows = Rows(table)
    for transfer, least in FASTER_THAN_DFU_UTIL.items():
        ratio = rows.ratio("dfu-util", [transfer])
        yield target(f"throughput to dfu-util's, transfer size {transfer}, poll 0",
                     f"{ratio:.2f} times", f">= {least}", ratio >= least)
    ratio = rows.ratio("fwupdtool", FWUPDTOOL_BEST)
    yield target("throughput to fwupdtool's at its best, poll 0", f"{ratio:.2f} times",
                 f">= {FASTER_THAN_FWUPDTOOL}", ratio >= FASTER_THAN_FWUPDTOOL)
    yield from judge_floor(rows, "")


def judge_controllers(table):
    """On controllers as real hardware has them: no host is faster than the driver."""
    for controller in dict.fromkeys(row["controller"] for row in table):
        rows = Rows([row for row in table if row["controller"] == controller])
        for size, transfer, poll in rows.settings([0]):
            ratio = {host: rows.took(host, size, transfer, poll) /
                     rows.took("driver", size, transfer, poll)
                     for host in ("dfu-util", "fwupdtool")}
            best = min(ratio, key=ratio.get)
            yield target(f"throughput to the next best's, {best}, on {controller}, "
                         f"{size:,} bytes, transfer size {transfer}, poll 0",
                         f"{ratio[best]:.2f} times", ">= 1", ratio[best] >= 1)


def judge_floor(rows, how, note=""):
    for transfer in sorted({key[2] for key in rows.rows}):
        over = rows.over_floor(transfer)
        yield target(f"time over the floor, transfer size {transfer}, poll 0{how}",
                     f"{over:.1f} %", f"<= {OVER_FLOOR} %", over <= OVER_FLOOR, note)


def beyond_floor(rows):
    """What a block and what a KiB takes the driver longer than the floor, in us, from
    the smallest and the largest blocks, in a line through both.
    """
    settings = rows.fast(None)
    each = []
    for setting in sorted(settings, key=lambda key: key[1])[::len(settings) - 1]:
        blocks = rows.rows["driver", *setting]["blocks"]
        longer = rows.took("driver", *setting) - rows.took("floor", *setting)
        each.append((1e6 * longer / blocks, setting[0] / blocks / 1024))
    (least, few), (most, many) = each
    kib = (most - least) / (many - few)
    return least - kib * few, kib


def judge_counted(table):
    """Where time is counted in instructions."""
    rows = Rows(table)
    block, kib = beyond_floor(rows)
    yield from judge_floor(rows, ", counted in instructions",
                           f"{block:.2f} us more for a block, and {kib:.2f} us for a KiB: "
                           "reading the file and checking it")
    yield from judge_waits(rows)


def above_waits(row, bus=0):
    """In per cent of these; without the time that the bus takes, where it is known."""
    return 100 * (row["took"] - bus - row["waits"]) / row["waits"]


def judge_waits(rows):
    settings = sorted(rows.settings([1, 5]), key=lambda key: key[::-1])
    for size, transfer, poll in settings:
        above = above_waits(rows.rows["driver", size, transfer, poll])
        yield target(f"time above the waits, transfer size {transfer}, poll {poll} ms",
                     f"{above:.1f} %", f"< {OVER_WAITS} %", above < OVER_WAITS,
                     "the floor: "
                     f"{above_waits(rows.rows['floor', size, transfer, poll]):.1f} %")
    for size, transfer, poll in settings:
        late = above_waits(rows.rows["driver", size, transfer, poll],
                           rows.took("driver", size, transfer))
        yield target("the same without the time that the transfer takes at poll 0, "
                     f"transfer size {transfer}, poll {poll} ms", f"{late:.1f} %",
                     f"< {OVER_WAITS} %", late < OVER_WAITS)


def judge_memory(memory, table):
    most = max(row["allocated"] for row in memory)
    yield target("allocated by the driver at its peak", f"{most / 1024:.0f} KiB",
                 f"< {ALLOCATED >> 10} KiB", most < ALLOCATED)
    for transfer in sorted({row["transfer"] for row in memory}):
        each = [row["allocated"] for row in memory if row["transfer"] == transfer]
        yield target("allocated by the driver for the smallest and the largest image, "
                     f"transfer size {transfer}", f"{each[0]:,} and {each[-1]:,} bytes",
                     "the same", each[0] == each[-1])
    driver = most + memory[0]["own size"]
    least = min(row["resident"] for row in table if row["host"] == "fwupdtool")
    yield target("memory of fwupdtool to the driver's, its code included",
                 f"{least / driver:.0f} times", f">= {SMALLER_THAN_FWUPDTOOL}",
                 least >= SMALLER_THAN_FWUPDTOOL * driver)


def judge_sizes(rows):
    for transfer in sorted({row["transfer"] for row in rows}):
        costs = [row["s/MiB"] for row in rows if row["transfer"] == transfer]
        yield target("cost of a MiB of the largest image to that of the smallest, "
                     f"transfer size {transfer}", f"{costs[-1] / costs[0]:.2f} times",
                     f"<= {TOLERANCE:.2f}", costs[-1] <= TOLERANCE * costs[0])


def judge_modules(rows):
    one, two, eight = rows[0], rows[1], rows[-1]
    yield target("time with 8 modules present to that with 1",
                 f"{eight['took'] / one['took']:.2f} times", f"<= {TOLERANCE:.2f}",
                 eight["took"] <= TOLERANCE * one["took"])
    second = two["allocated"] - one["allocated"]
    each = (eight["allocated"] - one["allocated"]) / (eight["modules"] - 1)
    yield target("allocated for each module more, of 8 and of 2",
                 f"{each:,.0f} and {second:,} bytes", f"<= {TOLERANCE:.2f} times",
                 each <= TOLERANCE * second)
