#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a source gets from its includes, checked by compiling. TAP.

    include_graph.py check COMMANDS TABLE          the table, and each header alone
    include_graph.py kernel COMMANDS TABLE KDIR    the graph of a real kernel, which
                                                   judges the table as well

COMMANDS is the compile_commands.json of a build; the flags are those that it
gives a module. A line of TABLE is a header, a colon and the names that a
source has after including that header alone: macros, functions, types and
variables; 'struct:x' is one whose size is known, '!x' one that it must not
have. Lines that begin with blanks go on with the line before.
"""
import json
import os
import platform
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

ROOMS = ("linux", "asm", "drm", "uapi")

# Headers of the UAPI that a kernel-side source does not get under that name.
NOT_FROM_UAPI = {
    "linux/kdev_t.h": "the kernel's numbers have another layout",
    "linux/module.h": "flags of a system call, for the loader alone",
    "linux/string.h": "is the C library's",
}

# Edges that the kernel's graph has and this one has not.
NOT_BROUGHT = {
    ("linux/preempt.h", "linux/irqflags.h"): "the count of irqflags.h is that of preempt.h",
    ("linux/preempt.h", "asm/processor.h"): "the same",
    ("linux/preempt.h", "asm/irqflags.h"): "the same",
    ("linux/compiler.h", "linux/types.h"): "types.h cannot do without compiler.h",
    ("linux/compiler.h", "linux/stddef.h"): "the same",
}
# Headers of subsystems that are left out, which bring those: what they bring is not asked.
LEFT_OUT = {
    "linux/tracepoint.h": "tracepoints are configured off",
    "linux/virtio_net.h": "brings the network's protocols",
}


class Compiler:
    """A compiler, with the flags of a module."""

    def __init__(self, command, directory=None, include=None):
        self.command = command
        self.directory = directory
        self.include = include  # where the shim's headers are

    @classmethod
    def of_build(cls, commands):
        """As the build compiles its modules."""
        with open(commands, encoding="utf-8") as file:
            entry = next(e for e in json.load(file) if e["file"].endswith("/modules/mod_empty.c"))
        words = shlex.split(entry["command"])
        keep, skip = [], False
        for word in words:
            if skip or word == entry["file"] or word == "-c":
                skip = False
            elif word == "-o":
                skip = True
            elif not word.startswith(("-O", "-fsanitize", "--coverage", "-fprofile")):
                keep.append(word)
        include = next(w[2:] for w in words if w.startswith("-I") and w.endswith("/shim/include"))
        return cls(keep, entry["directory"], include)

    def run(self, source, *options):
        return subprocess.run(self.command + list(options) + ["-x", "c", "-"], input=source,
                              cwd=self.directory, capture_output=True, text=True, check=False)

    def accepts(self, source):
        """What the compiler says to a source: nothing when it takes it."""
        done = self.run(source, "-fsyntax-only")
        return "" if done.returncode == 0 else done.stderr

    def headers(self):
        """The names of all headers that a kernel-side source may include."""
        found = []
        for room in ROOMS:
            for where, _, files in os.walk(os.path.join(self.include, room)):
                found += [os.path.relpath(os.path.join(where, f), self.include) for f in files]
        return sorted(found)


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = 0

    def report(self, name, why):
        self.count += 1
        print(f"{'not ok' if why else 'ok'} {self.count} - {name}")
        for line in why.splitlines()[:30]:
            print(f"# {line}")
        self.failed |= bool(why)

    def end(self):
        print(f"1..{self.count}")
        return self.failed


def probe(header, name):
    """A source that compiles if @name is known after @header."""
    if name.startswith("struct:"):
        return f"#include <{header}>\nextern char probe[sizeof(struct {name[7:]})];\n"
    return (f"#include <{header}>\n#ifndef {name}\n"
            f"extern typeof({name}) *probe;\n#endif\n")


def read_table(path):
    rows = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].rstrip()
            if not line:
                continue
            if not line[0].isspace():
                header, line = line.split(":", 1)
            rows.setdefault(header, []).extend(line.split())
    return rows


def missing_names(compiler, header, names):
    """In one go if all is well, else name by name."""
    wanted = [n for n in names if not n.startswith("!")]
    whole = "".join(probe(header, n).replace("probe", f"probe{i}") for i, n in enumerate(wanted))
    why = ""
    if compiler.accepts(whole):
        for name in wanted:
            if said := compiler.accepts(probe(header, name)):
                why += f"<{header}> does not bring {name}: {said.splitlines()[0]}\n"
    for name in names:
        if name.startswith("!") and not compiler.accepts(probe(header, name[1:])):
            why += f"<{header}> brings {name[1:]}\n"
    return why


def system_header(compiler, name):
    """What #include_next finds below the shim's header of that name, if anything."""
    for at, word in enumerate(compiler.command):
        if word == "-isystem":
            path = os.path.join(compiler.command[at + 1], name)
            if os.path.exists(path):
                return path
    return None


def uapi_not_brought(compiler, name):
    """A header that the UAPI has too brings it: its guard is there, or the fault."""
    path = system_header(compiler, name)
    if not path or name in NOT_FROM_UAPI or name.startswith("uapi/"):
        return ""
    with open(path, encoding="utf-8") as file:
        guard = re.search(r"^\s*#\s*ifndef\s+(\w+)\s*\n\s*#\s*define\s+\1\b", file.read(), re.M)
    if not guard:
        return ""
    with open(os.path.join(compiler.include, name), encoding="utf-8") as file:
        if re.search(rf"^\s*#\s*define\s+{guard[1]}\s*$", file.read(), re.M):
            return f"{name} has the guard of {path}, {guard[1]}: what it includes next is empty"
    if compiler.accepts(f"#include <{name}>\n#ifndef {guard[1]}\n#error\n#endif\n"):
        return f"{name} does not bring {path}"
    return ""


def check(compiler, table):
    tap = Tap()
    tap.report("a name that nothing brings is missed",
               "" if missing_names(compiler, "linux/module.h", ["no_such_name"]) else "found")
    tap.report("a name that must not come is told",
               "" if missing_names(compiler, "linux/slab.h", ["!kmalloc"]) else "not told")
    headers = compiler.headers()
    with ThreadPoolExecutor(2) as pool:
        def alone(header):
            said = compiler.accepts(f"#include <{header}>\n#include <{header}>\n")
            if "not a header of this release" in said:
                return ""
            return f"{header}: {said.splitlines()[0]}\n" if said else ""
        tap.report("each header compiles alone", "".join(pool.map(alone, headers)))
        tap.report("each header brings the UAPI's of its name", "\n".join(filter(None, pool.map(
            lambda h: uapi_not_brought(compiler, h), headers))))
        rows = read_table(table)
        results = pool.map(lambda row: missing_names(compiler, *row), rows.items())
        for header, why in zip(rows, results):
            tap.report(header, why)
    return tap.end()


def kernel_compiler(compiler, kdir):
    """As the kernel of a build tree compiles its modules; and where its sources are."""
    source = kdir
    with open(os.path.join(kdir, "Makefile"), encoding="utf-8") as file:
        if other := re.search(r"^include\s+(\S+)/Makefile\s*$", file.read(), re.M):
            source = other[1]
    arch = "arch/x86/include"
    paths = [f"{source}/{arch}", f"{kdir}/{arch}/generated", f"{source}/include",
             f"{kdir}/include", f"{source}/{arch}/uapi", f"{kdir}/{arch}/generated/uapi",
             f"{source}/include/uapi", f"{kdir}/include/generated/uapi"]
    command = [compiler.command[0], "-std=gnu11", "-nostdinc", "-w", "-fshort-wchar",
               "-D__KERNEL__", "-DMODULE", '-DKBUILD_MODNAME="x"', '-DKBUILD_BASENAME="x"',
               "-DCC_USING_FENTRY"] + [f"-I{p}" for p in paths]
    for forced in ("kconfig.h", "compiler_types.h"):
        command += ["-include", f"{source}/include/linux/{forced}"]
    return Compiler(command), source


def brought(compiler, header):
    """The names of all headers that a source with that one include depends on, or None."""
    done = compiler.run(f"#include <{header}>\n", "-M")
    if done.returncode:
        return None
    names = re.findall(r"/include/(?:generated/)?((?:linux|asm|drm)/\S+\.h)", done.stdout)
    return set(names) - {header}


def release(compiler):
    done = compiler.run("#include <linux/version.h>\nLINUX_VERSION_CODE\n", "-E", "-P")
    code = done.stdout.split()[-1:] if done.returncode == 0 else []
    return int(code[0]) >> 8 if code and code[0].isdigit() else None


def stands_for(compiler, header):
    """What a header that is only another name stands for: its includes, or none."""
    with open(os.path.join(compiler.include, header), encoding="utf-8") as file:
        lines = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S).split("\n")
    includes = [re.fullmatch(r"#include <(\S+)>", line) for line in lines if line.strip()]
    return {i[1] for i in includes} if all(includes) else set()


def compare(ours, table, kdir):
    if platform.machine() != "x86_64":
        print("1..0 # SKIP the graph is that of an x86-64 kernel")
        return 77
    kernel, source = kernel_compiler(ours, kdir)
    if release(kernel) != release(ours):
        print(f"1..0 # SKIP {kdir} is of another release than this build's level")
        return 77
    headers = [h for h in ours.headers() if not h.startswith("uapi/")]
    common = {h for h in headers if h.startswith("asm/") or
              os.path.exists(f"{source}/include/{h}")}
    names = {h: stands_for(ours, h) for h in common}
    tap = Tap()
    with ThreadPoolExecutor(2) as pool:
        for header, real, model in zip(
                headers, pool.map(lambda h: brought(kernel, h), headers),
                pool.map(lambda h: brought(ours, h), headers)):
            if header not in common or real is None or model is None:
                continue
            lacks = sorted(h for h in (real & common) - model
                           if not any((at, h) in NOT_BROUGHT for at in model | {header})
                           and not (names[h] and names[h] <= model | {header}))
            if header in LEFT_OUT:
                lacks = []
            tap.report(f"{header} brings what Linux's does",
                       "".join(f"{header} does not bring {h}\n" for h in lacks))
        rows = read_table(table)
        for header, why in zip(rows, pool.map(
                lambda row: missing_names(kernel, *row), rows.items())):
            tap.report(f"the table is right about {header}", why)
    return tap.end()


def main():
    mode, commands, table, *kdir = sys.argv[1:]
    compiler = Compiler.of_build(commands)
    return check(compiler, table) if mode == "check" else compare(compiler, table, *kdir)


sys.exit(main())
