# SPDX-License-Identifier: GPL-2.0-only
"""What kernel Makefiles say of sources: their module, and the flags they are compiled with.

shim/tools/kbuild.cmake reads them, here as in a build. A source that is asked
about alone is compiled as the Makefile beside it, or above it, would have it.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile

import compiler


class Unread(Exception):
    """A Makefile that cannot be read, and why, in one line."""


def tree_above(source):
    """The kernel tree that a source lies in, or None."""
    directory = os.path.dirname(os.path.realpath(source))
    while directory != "/":
        if os.path.isfile(os.path.join(directory, "include/linux/kernel.h")):
            return directory
        directory = os.path.dirname(directory)
    return None


def read(source_dir, tree, **asked):
    """The lines that kbuild.cmake prints; raises Unread."""
    cmake = os.environ.get("CMAKE", "cmake")
    words = [f"-D{name}={value}" for name, value in asked.items()]
    with tempfile.TemporaryDirectory() as cwd:
        done = subprocess.run(
            [cmake, *words, f"-DMDEV_TREE={tree or ''}", "-DUMDEV_RELEASE=6.1.0", "-P",
             os.path.join(source_dir, "shim/tools/kbuild.cmake")],
            cwd=cwd, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode:
        raise Unread(next((line.strip().removeprefix("-- ") for line in said.split("\n")
                           if ": " in line and "CMake" not in line), said.strip()))
    return said.splitlines()


def flags(text, tree):
    """Of a Makefile's flags those that change what a source is.

    Warnings do not; what is said to the machine (-m) may be said to another one;
    and of a kernel tree's own headers nothing is seen, as in a build.
    """
    words, out = shlex.split(text), []
    while words:
        word = words.pop(0)
        if word in ("-I", "-D", "-U") and words:
            word += words.pop(0)
        if re.match(r"-[Wm]", word):
            continue
        if word.startswith("-I"):
            path = os.path.join(tree or "/", word[2:])      # Kbuild works at the tree's top
            if tree and re.match(r"(arch/\w+/)?include(/|$)", os.path.relpath(path, tree)):
                continue
            word = "-I" + path
        out.append(word)
    return out


def units_of_directory(entries, directory, config, source_dir, tree, work):
    """The sources of all modules that a directory's Makefile, and those below it, name."""
    units, module = [], None
    for line in read(source_dir, tree, DIR=os.path.abspath(directory), CONFIG=";".join(config)):
        if line.startswith("module "):
            module = line[7:]
        match = re.match(r"  (.*?\.c)(?: (.*))?$", line)
        if match and module:
            units.append(compiler.unit_of_file(entries, match[1], work,
                                               flags(match[2] or "", tree), module))
    return units


def unit_of_source(entries, source, source_dir, tree, work, more=(), module=None):
    """A source alone. Where its Makefile cannot be read, that is said, and it is compiled without."""
    known = compiler.unit_of_build(entries, source)
    if known:
        return known
    tree, words = tree_above(source) or tree, []
    try:
        for line in read(source_dir, tree, SOURCE=os.path.realpath(source)):
            if line.startswith("module "):
                module = module or line[7:]
            elif line.startswith("  "):
                words = flags(line.removeprefix(f"  {os.path.realpath(source)}"), tree)
    except Unread as why:
        print(f"umdev missing: {source} is compiled without the flags of its Makefile: {why}",
              file=sys.stderr)
    return compiler.unit_of_file(entries, source, work, [*words, *more], module)
