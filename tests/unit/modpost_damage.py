# SPDX-License-Identifier: GPL-2.0-only
"""Damages objects, each in its own way, and looks at how modpost takes it.

usage: modpost_damage.py MODPOST LIST COUNT [SEED] OBJECT...

LIST names the files with the exports of all others. COUNT objects are made out of
each OBJECT: bytes are changed at random, most of them in the headers; words become
numbers that are large or none; pieces are zeroed; an object is cut. Each must be
dealt with in a few seconds, by a status, and if it is refused by a message; one
that is cut must be refused. Prints TAP.
"""
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

SECONDS = 20
ODD = (0, 1, 7, 0x7fffffff, 0xffffffff, 0x7fffffffffffffff, 0xffffffffffffffff)


def places(data):
    """Where the headers of the file and of its sections are, and the tables of symbols."""
    table, size, number = (struct.unpack_from(form, data, at)[0]
                           for form, at in (("<Q", 40), ("<H", 58), ("<H", 60)))
    where = [(0, 64), (table, table + size * number)]
    for i in range(number):
        kind, = struct.unpack_from("<I", data, table + i * size + 4)
        start, length = struct.unpack_from("<QQ", data, table + i * size + 24)
        if kind in (2, 4) and length:       # symbols, relocations
            where.append((start, start + length))
    return where


def damage(data, rng):
    """A copy that is damaged, and whether it is cut."""
    copy = bytearray(data)
    way = rng.randrange(6)
    if way == 0:
        return copy[:rng.randrange(len(copy))], True
    if way == 1:
        for _ in range(rng.randint(1, 40)):
            copy[rng.randrange(len(copy))] = rng.randrange(256)
        return copy, False
    if way == 2:
        start = rng.randrange(len(copy))
        length = min(rng.choice((8, 64, 512, 4096)), len(copy) - start)
        copy[start:start + length] = bytes(length)
        return copy, False
    for _ in range(rng.randint(1, 4)):
        start, end = rng.choice(places(data))
        form = rng.choice("BHIQ")
        size = struct.calcsize(form)
        at = start + rng.randrange(max(1, (end - start) // size)) * size
        if at + size <= len(copy):
            odd = rng.choice(ODD + (rng.getrandbits(64),))
            struct.pack_into("<" + form, copy, at, odd & ((1 << 8 * size) - 1))
    return copy, False


def run(command):
    """Status, or None when it takes too long, and what was said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace",
                              timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stderr


def problem(modpost, exports, work, path, cut):
    """What is wrong with how an object is taken, or None."""
    for command in ([modpost, "-s", f"{work}/x.symvers", "damaged", path],
                    [modpost, "-m", work, "damaged", exports, path],
                    [modpost, "-m", work, "-a", "damaged", exports, path]):
        status, said = run(command)
        if status is None:
            return f"{command[1]}: not done after {SECONDS} s"
        if status not in (0, 1):
            return f"{command[1]}: status {status}"
        if status and "modpost: " not in said:
            return f"{command[1]}: refused without a word"
        if cut and not status:
            return f"{command[1]}: one that is cut is taken"
    return None


def main():
    modpost, exports, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    args = sys.argv[4:]
    seed = int(args.pop(0)) if args[0].isdigit() else 1
    failed = 0
    for number, name in enumerate(args, 1):
        data = pathlib.Path(name).read_bytes()
        wrong = []
        with tempfile.TemporaryDirectory() as work:
            path = f"{work}/damaged.o"
            for i in range(count):
                copy, cut = damage(data, random.Random(f"{seed} {i}"))
                pathlib.Path(path).write_bytes(copy)
                what = problem(modpost, exports, work, path, cut)
                if what:
                    wrong.append(f"# seed {seed}, {i}: {what}")
        title = f"{count}_damaged_copies_of_{pathlib.Path(name).name}_are_dealt_with"
        print("not ok" if wrong else "ok", number, "-", title)
        print("\n".join(wrong[:20]), end="\n" if wrong else "")
        failed += bool(wrong)
    print(f"1..{len(args)}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
