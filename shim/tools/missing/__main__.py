# SPDX-License-Identifier: GPL-2.0-only
"""umdev missing: all that a set of kernel sources needs and the shim lacks.

The sources are compiled again and again, each time with stand-ins for what was
found missing before, until the compiler has nothing left to say; then the
symbols that nobody exports are added. So the table is complete: with what it
lists, the sources compile and link. What stand-ins cannot mend is printed as
the compiler says it, and the exit status is 1.
"""
import argparse
import os
import re
import sys
import tempfile

import asked
import compiler
import linux
import needs
import overlay
import table
from search import Search, is_error
from trying import Clock, prune, search_all

TOLD = 20       # errors that are printed; what follows from one may be thousands


def exports(build):
    """Names that the modelled kernel and the build's modules export."""
    names = set()
    with open(os.path.join(build, "modules/.build/symvers.list")) as f:
        lists = f.read().split("\n")
    for path in filter(os.path.exists, filter(None, lists)):
        with open(path) as f:
            names |= {line.split("\t")[1] for line in f if "\t" in line}
    return names


def first_use(source, name):
    with open(source, errors="replace") as f:
        for number, line in enumerate(f, 1):
            if re.search(rf"\b{name}\b", line):
                return (source, number)
    return (source, 1)


def add_undefined(search, gcc, work, build):
    """Symbols of nobody. Returns what only a whole compilation says."""
    have = exports(build)
    undefined, left = gcc.undefined(work)
    search.trusted = False      # what a header declares is no symbol
    for name, sources in sorted(undefined.items()):
        if name in have or compiler.RUNTIME.match(name):
            continue
        known = next((n for n in search.needs.values()
                      if n.word == name and n.kind not in ("header", "include")), None)
        if known or (not search.tree.find(name, "function", "variable") and
                     search.macro_alone(name, first_use(sources[0], name))):
            continue        # a macro's name, in a string for the assembler, looks like a symbol
        note = "declared, and exported by nobody" if search.shim.find(name) else ""
        for source in sources:
            search.add(needs.Need("function", name, [""], note), first_use(source, name))
    return [d for d in left if is_error(d)]


def whole_search(search, gcc, over, clock, work, build):
    """All but where Linux has it; what is left. What is in strings for the assembler, only that tells of."""
    while True:
        search.trusted = True
        left = search_all(search, gcc, over, clock)
        if left:
            return left
        prune(search, gcc, over, clock)
        known = set(search.needs)
        left = add_undefined(search, gcc, work, build)
        told = [search.of_assembler(d) for d in left]
        in_strings = any(need.placed for key, need in search.needs.items() if key not in known)
        if clock.expired() or not (in_strings or any(told)):
            return left


def locate(search):
    """Where Linux has each of them."""
    for need in search.needs.values():
        if need.kind == "option":
            continue
        if need.kind == "header":
            path = search.tree.has(need.name)
            need.where = search.tree.relative(os.path.normpath(path)) if path else ""
            continue
        if need.kind == "include":
            need.where = "the shim has it"
            continue
        if need.kind == "member":
            fact = search.tree.member(need.name.split(".")[0], need.name.split(".")[1])
        else:
            kind = "struct" if " " in need.name else need.kind
            fact = search.tree.find(need.word, kind) or search.tree.find(need.word)
        if fact:
            need.where = f"{search.tree.relative(fact.path)}:{fact.line}"


def main():
    parser = argparse.ArgumentParser(
        prog="umdev missing", allow_abbrev=False,
        description="Prints all that kernel sources need and the shim lacks.")
    parser.add_argument("what", nargs="*", metavar="WHAT",
                        help="a module of the build, a C source, or a directory with a kernel "
                        "Makefile; CONFIG_X=m for the latter")
    parser.add_argument("--linux", metavar="TREE", help="kernel tree that says where Linux has it")
    parser.add_argument("--in", metavar="DIR", dest="project",
                        help="the build directory of a project that uses umdev (find_package): "
                        "modules are its")
    parser.add_argument("--json", action="store_true", help="the table as JSON, with all users")
    parser.add_argument("--overlay", metavar="DIR",
                        help="keep the headers with which the sources compile")
    parser.add_argument("--seconds", type=int, default=300, metavar="N",
                        help="end the search after N seconds, with what is known by then (300)")
    parser.add_argument("--build", default=os.environ.get("UMDEV_BINARY_DIR"), help=argparse.SUPPRESS)
    parser.add_argument("--source", default=os.environ.get("UMDEV_SOURCE_DIR"), help=argparse.SUPPRESS)
    args, wrong = parser.parse_known_args()
    if wrong or not args.what:
        print("umdev missing: " + (f"unknown option '{wrong[0]}': see umdev missing --help" if wrong else
                                   "of what? Name a module of the build, a C source, or a directory"
                                   " with a kernel Makefile"), file=sys.stderr)
        return 2

    source_dir = os.path.realpath(args.source)
    args.linux = args.linux or asked.tree(args.build)
    if args.linux and not os.path.isdir(os.path.join(args.linux, "include/linux")):
        raise SystemExit(f"umdev missing: {args.linux}: no include/linux there: give a kernel tree")
    project = args.project or args.build
    if not os.path.isfile(os.path.join(project, "compile_commands.json")):
        raise SystemExit(f"umdev missing: {project}: no compile_commands.json there: give the directory"
                         " that cmake -B was given")
    entries = compiler.database(project)

    with tempfile.TemporaryDirectory() as work:
        units = asked.units(args, entries, source_dir, work)
        include = os.path.join(source_dir, "shim/include")
        directory = os.path.abspath(args.overlay) if args.overlay else os.path.join(work, "include")
        shim = linux.Headers([include])
        system = {os.path.realpath(os.path.join(args.build, "uapi", d)): d
                  for d in ("linux", "asm", "asm-generic")}
        uapi = linux.Headers(list(system), system, linux.of_other_machines(system))
        sources = [u.source for u in units]
        texts = [u.text() for u in units]
        tree = linux.Headers(linux.linux_directories(args.linux, sources, texts) if args.linux else [])
        over = overlay.Overlay(directory, include)
        own = {os.path.realpath(word[2:]) for unit in units for word in unit.words
               if word.startswith("-I") and not os.path.realpath(word[2:]).startswith(source_dir)}
        search = Search(shim, uapi, tree, over, sorted(own | {os.path.dirname(u.source) for u in units}))
        over.fresh()
        gcc = compiler.Compiler(units, include, directory, os.path.join(directory, overlay.NAME))
        search.gcc = gcc
        clock = Clock(args.seconds)
        left = whole_search(search, gcc, over, clock, work, project)
        locate(search)

    if args.json:
        table.as_json(search, left)
    else:
        table.show(search, units)
        if left and clock.over:
            print(f"not complete: the search ended after {args.seconds} s (--seconds N); behind that:")
        elif left:
            print("and what nothing added would mend:")
        told = list(dict.fromkeys(table.tell(d) for d in left))
        for line in told[:TOLD]:
            print("  " + line)
        if len(told) > TOLD:
            print(f"  and {len(told) - TOLD} more (--json has all)")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
