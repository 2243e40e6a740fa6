# SPDX-License-Identifier: GPL-2.0-only
"""What the scripts of this directory share: figures of files, and the limits.

A count is (hit, total). Paths are relative to the top of the source tree.
"""
import collections
import json
import os

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def relative(path):
    return os.path.relpath(os.path.realpath(path), os.path.realpath(TOP))


def read_data(path):
    """file -> (hits of each line, hits of each branch), from lcov's data; records of one file add up."""
    files = collections.defaultdict(lambda: ({}, {}))
    lines = branches = None
    with open(path, encoding="utf-8") as info:
        for row in info:
            key, _, value = row.strip().partition(":")
            if key == "SF":
                lines, branches = files[relative(value)]
            elif key == "DA":
                number, hits = value.split(",")[:2]
                lines[number] = lines.get(number, 0) + int(hits)
            elif key == "BRDA":
                where, hits = value.rsplit(",", 1)
                branches[where] = branches.get(where, 0) + (0 if hits == "-" else int(hits))
    return files


def read_info(path):
    """file -> (lines, branches) as counts."""
    return {name: (count(lines.values()), count(branches.values()))
            for name, (lines, branches) in read_data(path).items()}


def read_mcdc(path):
    """file -> its decisions, as coverage/mcdc wrote them; None if it did not."""
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as data:
        return json.load(data)


def mcdc_count(decisions):
    return count(c["covered"] for d in decisions for c in d["conditions"])


def count(hits):
    hits = list(hits)
    return sum(h > 0 for h in hits), len(hits)


def add(counts):
    """Of (hit, total) pairs."""
    counts = list(counts)
    return sum(c[0] for c in counts), sum(c[1] for c in counts)


def percent(counted):
    hit, total = counted
    return 100.0 * hit / total if total else 100.0


def short(counted):
    """For a table; never 100.0 when something is missing."""
    hit, total = counted
    return f"{int(1000 * hit / total) / 10:.1f}" if total else "-"


def below(counted, limit):
    """Nothing of what is wanted was counted: that is no 100 %, but no data."""
    return limit is not None and (not counted[1] or percent(counted) < limit)


def sources():
    """What must be in the data: all code of the core and of the samples."""
    found = []
    for top in ("src/drivers", "src/samples"):
        for where, _, names in os.walk(os.path.join(TOP, top)):
            found += [relative(os.path.join(where, n)) for n in names if n.endswith(".c")]
    return sorted(found)


def read_limits():
    """(path prefix, least % of lines, branches, conditions) of each row; '-' is None."""
    with open(os.path.join(TOP, "coverage", "limits"), encoding="utf-8") as limits:
        for row in limits:
            row = row.split("#")[0].split()
            if row:
                yield (row[0], *(None if f == "-" else float(f) for f in row[1:4]))
