# SPDX-License-Identifier: GPL-2.0-only
"""What was changed in the sources since a run that passed.

A run that passes leaves a copy of the sources of the modules; one that fails
is told with the functions that differ from it. The best hint is often the edit.
"""
import difflib
import json
import os
import re

# its type may stand in the line before
FUNCTION = re.compile(r"^(?:[a-z_][\w\s*]*?\b)?([a-z_]\w*)\([^;]*$")


def sources(build):
    """The sources of all modules but those made for tests."""
    database = json.loads((build / "compile_commands.json").read_text())
    found = set()
    for entry in database:
        path = os.path.realpath(entry["file"])
        if "/ko_" in entry["command"] and f"{os.sep}tests{os.sep}" not in path and \
           not path.startswith(f"{build}/"):
            found.add(path)
    return sorted(found)


def note(build, work):
    """Keeps the sources as they are."""
    kept = work / "passed"
    kept.mkdir(exist_ok=True)
    for path in sources(build):
        copy = kept / path.replace("/", "%")
        text = open(path, errors="replace").read()
        if not copy.exists() or copy.read_text(errors="replace") != text:
            copy.write_text(text)


def _function_at(lines, number):
    for line in reversed(lines[:number + 1]):
        match = FUNCTION.match(line)
        if match and not line.startswith(("#", "//", "/*")):
            return match[1]
    return ""


def _of_file(old, new, name):
    told = []
    for tag, a1, a2, b1, b2 in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if tag == "equal":
            continue
        function = _function_at(old, a1) if tag == "delete" else _function_at(new, b1)
        count = {"delete": f"{a2 - a1} out", "insert": f"{b2 - b1} in"}.get(
            tag, f"{a2 - a1} out, {b2 - b1} in")
        where = f"{name}:{b1 + 1}"
        told.append(f"{function} ({where}), {count}" if function else f"{where}, {count}")
    return told


def since(build, work, limit=4):
    """Functions and lines that differ from the last run that passed; [] when unknown."""
    told = []
    for path in sources(build):
        copy = work / "passed" / path.replace("/", "%")
        if not copy.exists():
            continue
        new = open(path, errors="replace").read()
        old = copy.read_text(errors="replace")
        if old != new:
            told += _of_file(old.splitlines(), new.splitlines(), os.path.basename(path))
    return told[:limit] + ([f"{len(told) - limit} more places"] if len(told) > limit else [])
