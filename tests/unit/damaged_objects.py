#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""modpost on objects that are cut off or have changed bytes. TAP.

The object is a real module's, the damage drawn from a fixed seed. modpost may
find nothing wrong with a changed byte, as in a function's code; it must not
crash, nor hang, and of a cut object it must say so.
"""
import os
import random
import struct
import subprocess
import sys
import tempfile

BUILD = os.environ["UMDEV_BINARY_DIR"]
MODPOST = os.path.join(BUILD, "shim", "modpost")
NAME = "mod_params"
SECONDS = 20

REFUSED, TAKEN = (1,), (0, 0)
ANY = [REFUSED, TAKEN, (0, 1)]


def find_object():
    for top, _, files in os.walk(os.path.join(BUILD, "tests", "CMakeFiles")):
        if NAME + ".c.o" in files and "ko_" + NAME in top:
            return os.path.join(top, NAME + ".c.o")
    sys.exit("no object of " + NAME)


def headers(data):
    """Bytes that numbers of modpost's lie in: ELF and section headers, symbols, relocations."""
    shoff, = struct.unpack_from("<Q", data, 40)
    n, = struct.unpack_from("<H", data, 60)
    places = list(range(16, 64)) + list(range(shoff, shoff + 64 * n))
    for i in range(n):
        kind, = struct.unpack_from("<I", data, shoff + 64 * i + 4)
        offset, size = struct.unpack_from("<QQ", data, shoff + 64 * i + 24)
        if kind in (2, 4):
            places += range(offset, offset + min(size, 2400))
    return places


def run(work, data):
    """Exit statuses of the steps of a module, up to one that fails; or what went wrong."""
    done_with = ()
    path = os.path.join(work, NAME + ".o")
    with open(path, "wb") as f:
        f.write(data)
    lists = os.path.join(BUILD, "modules", ".build", "symvers.list")
    for args in (["-s", os.path.join(work, "symvers"), NAME, path],
                 ["-m", work, NAME, lists, path]):
        try:
            done = subprocess.run([MODPOST] + args, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return "hangs"
        if done.returncode not in (0, 1):
            return "ended by %d: %s" % (done.returncode, done.stderr.decode()[-200:])
        if done.returncode and not done.stderr:
            return "fails without a word"
        done_with += (done.returncode,)
        if done.returncode:
            break
    return done_with


def cut(data, draw):
    for length in [0, 1, 15, 63, 64, 100] + [draw.randrange(len(data)) for _ in range(60)]:
        yield "cut to %d" % length, data[:length], [REFUSED]
    yield "whole", data, [TAKEN]


def changed(data, draw):
    places = headers(data)
    for _ in range(400):
        at = draw.choice(places) if draw.random() < 0.8 else draw.randrange(len(data))
        value = draw.choice([0, 1, 0x7f, 0x80, 0xff, draw.randrange(256)])
        copy = bytearray(data)
        copy[at] = value
        yield "byte %d is %#x" % (at, value), bytes(copy), ANY


def grown(data, draw):
    """Whole words of headers, where a byte says little."""
    places = [at for at in headers(data) if at % 8 == 0]
    shoff, = struct.unpack_from("<Q", data, 40)
    n, = struct.unpack_from("<H", data, 60)
    sizes = [shoff + 64 * i + 32 for i in range(n)] + [shoff + 64 * i + 56 for i in range(n)]
    for at in sizes + [draw.choice(places) for _ in range(60)]:
        value = draw.choice([2 ** 64 - 1, 2 ** 63, 2 ** 60, 2 ** 32, 2 ** 31, len(data), 1, 0])
        copy = bytearray(data)
        struct.pack_into("<Q", copy, at, value)
        yield "word %d is %#x" % (at, value), bytes(copy), ANY


def overwritten(data, draw):
    """A stretch of it is something else, as when a disk lost a block."""
    for _ in range(150):
        length = draw.choice([8, 64, 512, 4096])
        at = draw.randrange(len(data))
        copy = bytearray(data)
        end = min(at + length, len(data))
        copy[at:end] = draw.choice([bytes(end - at), draw.randbytes(end - at)])
        yield "%d bytes from %d on" % (end - at, at), bytes(copy), ANY


def main():
    with open(find_object(), "rb") as f:
        data = f.read()
    draw = random.Random(6)
    failed = 0
    print("1..4")
    with tempfile.TemporaryDirectory() as work:
        for number, kind in enumerate((cut, changed, grown, overwritten), 1):
            bad = []
            for what, content, wanted in kind(data, draw):
                result = run(work, content)
                if result not in wanted:
                    bad.append("%s: %s" % (what, str(result)))
            for line in bad[:20]:
                print("#", line)
            print("%s %d - object_that_was_%s" % ("not ok" if bad else "ok", number, kind.__name__))
            failed += bool(bad)
    return failed


sys.exit(main())
