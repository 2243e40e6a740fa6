#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""all.py UMDEV: the sweep over everything, looked at from a terminal.

It must find nothing wrong; and whoever waits for it must be told the truth:
as many faults as were announced, one after the other. How far the estimates
were off is printed, not judged: that depends on what else the machine does.
"""
import os
import pty
import re
import subprocess
import sys
import time

ERASE = "\r\033[K"
LINE = re.compile(r"^([0-9]+) of ([0-9]+) faults, about ([0-9]+) s left \([a-z0-9_-]+:[a-z0-9_-]+\)$")
WORTH_SHOWING = 2  # seconds, as in umdev_sweep.c
wrong = []


def expect(truth, text):
    if not truth:
        wrong.append(text)


def run(command):
    """Returns status, standard output, and what the terminal got, each piece with its time."""
    master, slave = pty.openpty()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=slave, text=True)
    os.close(slave)
    pieces = []
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        pieces.append((time.monotonic(), data.decode()))
    out = child.stdout.read()
    return child.wait(), out, pieces


def drawn(pieces):
    """The lines of progress: (time, fault, faults, seconds left)."""
    lines = []
    for at, text in pieces:
        for line in text.split(ERASE):
            match = LINE.match(line)
            if match:
                lines.append((at, *map(int, match.groups())))
            else:
                expect(not line, f"on the terminal: {line!r}")
    return lines


def check(out, pieces, began, ended):
    total = re.search(r"^([0-9]+) scenarios, .* ([0-9]+) faults in ([0-9.]+) s:\n.* 0 wrong$", out,
                      re.M)
    expect(total, "no totals, or something is wrong")
    lines = drawn(pieces)
    # what it says itself: to start and to count take time before the first fault
    if not total or float(total[3]) < 1.5 * WORTH_SHOWING:
        print(f"{len(lines)} lines of progress in {ended - began:.1f} s")
        return
    expect(lines, "no progress was shown")
    last = 0
    errors = []
    for at, fault, faults, left in lines:
        expect(faults == int(total[2]), f"{faults} faults were announced and {total[2]} came")
        expect(last <= fault < faults, f"fault {fault} of {faults} after {last}")
        last = fault
        errors.append(abs(left - (ended - at)))
    errors.sort()
    expect(len(lines) <= 12 * (ended - began), f"{len(lines)} lines in {ended - began:.1f} s")
    expect("".join(text for _, text in pieces).endswith(ERASE), "the last line stays on the screen")
    if errors:
        print(f"{len(lines)} lines of progress, estimates wrong by {errors[len(errors) // 2]:.1f} s "
              f"in {ended - began:.1f} s")


began = time.monotonic()
status, out, pieces = run([sys.argv[1], "sweep"])
print(out, end="")
expect(status == 0, f"status {status}")
check(out, pieces, began, time.monotonic())
for text in wrong:
    print(f"sweep: {text}", file=sys.stderr)
if wrong:
    print("".join(text for _, text in pieces).replace("\r", "\n"), file=sys.stderr)
sys.exit(1 if wrong else 0)
