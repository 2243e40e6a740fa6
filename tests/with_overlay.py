#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""with_overlay BUILD OVERLAY TABLE NAME SOURCE...: is what umdev missing says complete?

Compiles the sources as the build compiles a module's, with the headers that
umdev missing --overlay left, and links them: modpost may name nothing as missing
that is no row of its table (--json). Sources that are part of a module, whose
license another file of it has, get one. Exit status 1 and why, if it is not so.
"""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "shim" / "tools" / "missing"))
import compiler  # noqa: E402
import kbuild  # noqa: E402


def compiled(build, overlay, name, sources, flags, work):
    """The objects; or ends with what the compiler says."""
    entries = compiler.database(build)
    units = [kbuild.unit_of_source(entries, s, TOP, None, work, flags, name) for s in sources]
    include = str(TOP / "shim" / "include")
    if not any("MODULE_LICENSE" in unit.text() for unit in units):
        rest = os.path.join(work, "rest.c")
        pathlib.Path(rest).write_text('#include <linux/module.h>\nMODULE_LICENSE("GPL");\n')
        units.append(compiler.unit_of_file(entries, rest, work, flags, name))
    gcc = compiler.Compiler(units, include, overlay, os.path.join(overlay, "umdev-missing.h"))
    objects = []
    for number, unit in enumerate(units):
        objects.append(os.path.join(work, f"{number}.o"))
        done = subprocess.run(
            gcc.words(unit) + ["-c", "-o", objects[-1], "-Werror=implicit-function-declaration",
                               "-Werror=implicit-int", "-Werror=incompatible-pointer-types"],
            cwd=unit.directory, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
    return objects


def undefined(build, name, objects, work, built_in):
    """What modpost finds with nobody. What is @built_in says nothing of a license."""
    modpost = os.path.join(build, "shim", "modpost")
    subprocess.run([modpost, "-s", "own.symvers", name, *objects], cwd=work, check=True)
    with open(os.path.join(build, "modules/.build/symvers.list")) as f:
        lists = f.read()
    with open(os.path.join(work, "list"), "w") as f:
        f.write(lists + "own.symvers\n")
    said = subprocess.run([modpost, "-g", "-a", "-m", ".", name, "list", *objects], cwd=work,
                          capture_output=True, text=True, check=False)
    others = [line for line in said.stderr.splitlines()
              if line.startswith("ERROR:") and not line.startswith('ERROR: modpost: "') and
              not (built_in and "missing MODULE_LICENSE" in line)]
    if others:
        sys.exit("\n".join(others))
    names = re.findall(r'^(?:WARNING|ERROR): modpost: "(\w+)"', said.stderr + said.stdout, re.M)
    return {name for name in names if not compiler.RUNTIME.match(name)}


def main():
    build, overlay, table = map(os.path.abspath, sys.argv[1:4])
    name, *sources = sys.argv[4:]
    flags = shlex.split(os.environ.get("FLAGS", ""))
    with open(table) as f:
        rows = {r["name"]: r for r in json.load(f)["missing"]}
    with tempfile.TemporaryDirectory() as work:
        objects = compiled(build, overlay, name, sources, flags, work)
        lacks = undefined(build, name, objects, work, "MODULE" in rows)
    for symbol in sorted(lacks - set(rows)):
        print(f"{symbol} is missing, and no row of the table")
    print(f"{len(sources)} compiled, {len(lacks)} symbols of nobody, {len(rows)} rows")
    return 1 if lacks - set(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
