# SPDX-License-Identifier: GPL-2.0-or-later
"""Put the parts of the bench together: their tables and verdicts on standard
output, and all of it in one file. Each part is a JSON object:

    {"part": name, "table": [row, ...],
     "targets": [{"name", "figure", "limit", "met"}, ...]}

A target may also have the "unit" of its figure and limit, and a "note". In RESULT each
part says of which commit it is, and with which versions of others' programs.

usage: report.py [--keep] RESULT PART...
  --keep    what RESULT has of other parts stays there
Exit status: 0, or 1 where a target is not met.
"""
import argparse
import json
import subprocess
import sys

# What the figures depend on besides this tree
PACKAGES = "dfu-util", "fwupd", "qemu-system-x86"


def text(value):
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def columns(rows):
    return list(dict.fromkeys(name for row in rows for name in row))


def show_table(rows):
    names = columns(rows)
    lines = [names] + [[text(row.get(name)) for name in names] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        print("  " + "  ".join(cell.rjust(width) for cell, width in zip(line, widths)))


def show_tables(part):
    """A part may have rows of several kinds: a table for each."""
    print(f"\n{part['part']}")
    kinds = {}
    for row in part["table"]:
        # Known by the first column: not all is measured of every host.
        kinds.setdefault(next(iter(row)), []).append(row)
    for rows in kinds.values():
        show_table(rows)
        print()


def show_target(target):
    verdict = "met" if target["met"] else "NOT met"
    unit = target.get("unit", "")
    unit = unit and f" {unit}"
    print(f"{verdict:8}{target['name']}: {target['figure']}{unit} "
          f"({target['limit']}{unit})")
    if target.get("note"):
        print(f"{'':8}  {target['note']}")


def versions():
    """Of Debian's packages; none where this is not Debian."""
    try:
        said = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *PACKAGES],
            stdout=subprocess.PIPE, text=True, check=False).stdout
    except FileNotFoundError:
        return {}
    return dict(line.split() for line in said.splitlines())


def commit():
    """Of the tree that was measured; none where it is not in git."""
    return subprocess.run(["git", "describe", "--always", "--dirty"], text=True,
                          stdout=subprocess.PIPE, check=False).stdout.strip()


def read(name):
    """A part, and with what it was measured."""
    with open(name) as file:
        return json.load(file) | {"commit": commit(), "versions": versions()}


def read_others(name, parts):
    """What is there already of other parts"""
    measured = {part["part"] for part in parts}
    with open(name) as file:
        return [part for part in json.load(file)["parts"]
                if part["part"] not in measured]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("result")
    parser.add_argument("parts", nargs="+")
    return parser.parse_args()


def main(asked):
    parts = [read(name) for name in asked.parts]
    for part in parts:
        show_tables(part)
    targets = [target for part in parts for target in part["targets"]]
    for target in targets:
        show_target(target)
    met = sum(target["met"] for target in targets)
    others = read_others(asked.result, parts) if asked.keep else []
    with open(asked.result, "w") as file:
        json.dump({"parts": others + parts}, file, indent=1)
        file.write("\n")
    print(f"bench: {met} met, {len(targets) - met} not met")
    return 0 if met == len(targets) else 1


if __name__ == "__main__":
    sys.exit(main(arguments()))
