# SPDX-License-Identifier: GPL-2.0-only
"""The compiler calls of a build, made again with an overlay of headers."""
import concurrent.futures
import glob
import json
import os
import re
import shlex
import subprocess

from overlay import BESIDE

# what the compiler, or the shim for what is built in, brings by itself
RUNTIME = re.compile(r"__(asan|ubsan|tsan|sanitizer|gcov|llvm|sancov|stack_chk|atomic)_|"
                     r"_GLOBAL_OFFSET_TABLE_|__this_module$|__odr_|__start_|__stop_|__tls_get_addr|"
                     r"um_initcall_register$")
ABSENT = re.compile(r'#error "(\S+): the shim has no header')
INCLUDE = re.compile(r"\s*#\s*include\s*[<\"]([^>\"]+)[>\"]")
MARKER = re.compile(r'# (\d+) "((?:[^"\\]|\\.)*)"')
UNBRACED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')


class Unit:
    """One source file, and the words of the command that compiles it."""

    def __init__(self, source, words, directory):
        self.source, self.words, self.directory = source, words, directory
        self._text = None

    def text(self):
        if self._text is None:
            with open(self.source, errors="replace") as f:
                self._text = f.read()
        return self._text


def _strip(words):
    """Without output, dependencies, and what makes warnings errors or code slow."""
    out, skip = [], 0
    for word in words:
        if skip:
            skip -= 1
        elif word in ("-o", "-MF", "-MT", "-MQ"):
            skip = 1
        elif word in ("-c", "-MD", "-MMD") or re.match(r"-Werror|-Wextra|-fsanitize", word):
            continue
        else:
            out.append(word)
    return out


def database(build):
    with open(os.path.join(build, "compile_commands.json")) as f:
        return json.load(f)


def units_of_module(entries, module):
    """What the build compiles for module @module."""
    mark = f"/ko_{module.replace('-', '_')}_objects.dir/"
    return [Unit(e["file"], _strip(shlex.split(e["command"])), e["directory"])
            for e in entries if mark in e["command"]]


def tree_of(source):
    """The kernel tree, or slice of one with the framework's headers, that a source lies in."""
    directory = os.path.dirname(source)
    while directory != "/":
        if os.path.isfile(os.path.join(directory, "include/linux/mdev.h")):
            return directory
        directory = os.path.dirname(directory)
    return None


def events_of(source):
    """As the build does it: TRACE_INCLUDE_PATH is seen from include/trace of the source's tree."""
    directory = os.path.dirname(source)
    while directory != "/":
        if os.path.isfile(os.path.join(directory, "include/trace/define_trace.h")):
            return ["-idirafter", os.path.join(directory, "include/trace")]
        directory = os.path.dirname(directory)
    return []


def framework_of(tree, work):
    """As the build does it: of a tree's include/linux only mdev*.h is seen."""
    farm = os.path.join(work, "framework", tree.strip("/").replace("/", "-"))
    os.makedirs(os.path.join(farm, "linux"), exist_ok=True)
    for header in glob.glob(os.path.join(tree, "include/linux/mdev*.h")):
        link = os.path.join(farm, "linux", os.path.basename(header))
        if not os.path.lexists(link):
            os.symlink(header, link)
    return farm


def unit_of_build(entries, source):
    """@source as the build does it, if it does."""
    source = os.path.realpath(source)
    for entry in entries:
        if os.path.realpath(entry["file"]) == source and "ko_" in entry["command"]:
            return Unit(source, _strip(shlex.split(entry["command"])), entry["directory"])
    return None


def unit_of_file(entries, source, work, flags=(), module=None):
    """@source as the build does it, or as it does modules."""
    source = os.path.realpath(source)
    known = unit_of_build(entries, source)
    if known:
        return known
    model = next(e for e in entries if "/ko_" in e["command"] and "_objects.dir/" in e["command"])
    name = re.sub(r"\W", "_", module or os.path.splitext(os.path.basename(source))[0])
    words = [w for w in _strip(shlex.split(model["command"]))
             if not re.match(r"-DKBUILD_|-DKAPI_AS_5_4$", w) and w != model["file"]]
    tree = tree_of(source)
    if tree:
        words = [w for w in words if not re.search(r"/include-[0-9a-f]{8}$", w)]
        words.insert(1, "-I" + framework_of(tree, work))
    words += [f'-DKBUILD_MODNAME="{name}"', f'-DKBUILD_MODFILE="{name}"',
              f'-DKBUILD_BASENAME="{name}"', f"-I{os.path.dirname(source)}", *flags, *events_of(source), source]
    return Unit(source, words, model["directory"])


def _arrays(text):
    """The JSON arrays in what gcc prints: on one line each up to 13, over many lines later."""
    decoder, at = json.JSONDecoder(), text.find("[")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
            yield from found
        except ValueError:
            end = at + 1    # a bracket of other text
        at = text.find("\n[", end)
        at += at >= 0


PLAIN = ["-fdiagnostics-plain-output", "-ftrack-macro-expansion=0"]


def _as_text(text):
    """The errors that are told as text, as JSON has them."""
    for match in re.finditer(r"^(.+?):(\d+):(\d+): (error|fatal error): (.*?)(?: \[-W\S*\])?$", text, re.M):
        place = {"file": match[1], "line": int(match[2]), "column": int(match[3]), "byte-column": int(match[3])}
        yield {"kind": match[4], "message": match[5], "children": [], "locations": [{"caret": place}]}


OTHER_MACHINE = "does not assemble for this machine: "
OF_ASSEMBLER = re.compile(r"'asm'|\basm\b|unknown register name")


def _of_assembler(text):
    """What compiler and assembler say of instructions that this machine has not, and of all else."""
    for diagnostic in _arrays(text):
        if isinstance(diagnostic, dict):
            if OF_ASSEMBLER.search(diagnostic["message"]):
                diagnostic["message"] = OTHER_MACHINE + diagnostic["message"]
            yield diagnostic
    for match in re.finditer(r"^(.+?):(\d+): Error: (.*)$", text, re.M):
        yield {"kind": "error", "message": OTHER_MACHINE + match[3], "children": [],
               "locations": [{"caret": {"file": match[1], "line": int(match[2]), "column": 1,
                                        "byte-column": 1}}]}


class Compiler:
    def __init__(self, units, include, overlay, header):
        self.units, self.include, self.overlay, self.header = units, include, overlay, header
        self.at_work = units    # those that are looked at now

    def words(self, unit):
        words = []
        for word in unit.words:
            option = "-I" if word.startswith("-I") else ""
            path = word[len(option):]
            if (option or words[-1:] == ["-isystem"]) and os.path.realpath(path) == self.include:
                word = option + self.overlay
            words.append(word)
        # behind what the build includes by itself, before what the source's flags do
        last = words.index("linux/compiler_types.h") + 1
        # what stands in for a struct of Linux has nobody's size
        return words[:last] + ["-DUM_STAND_INS", "-include", self.header, "-idirafter",
                               os.path.join(self.overlay, BESIDE)] + words[last:]

    def _run(self, unit, extra):
        return subprocess.run(self.words(unit) + extra, cwd=unit.directory, check=False,
                              capture_output=True, text=True, errors="replace",
                              env=dict(os.environ, LC_ALL="C"))

    def expanded(self, unit):
        """What the preprocessor makes of each line: (file, line) -> (text, depth of braces before it)."""
        lines, depth, path, number = {}, 0, unit.source, 1
        for text in self._run(unit, ["-w", "-E"]).stdout.split("\n"):
            marker = MARKER.match(text)
            if marker:
                path, number = marker[2], int(marker[1])
                continue
            if text.strip():
                before = lines.get((path, number), ("", depth))
                lines[path, number] = (f"{before[0]} {text}".strip(), before[1])
                bare = UNBRACED.sub("", text)
                depth += bare.count("{") - bare.count("}")
            number += 1
        return lines

    def _check(self, unit):
        words = ["-fsyntax-only", "-fmax-errors=0", "-Wno-error", "-Werror=implicit-function-declaration",
                 "-Werror=implicit-int", "-Werror=incompatible-pointer-types"]
        done = self._run(unit, words + ["-fdiagnostics-format=json"])
        found = [d for d in _arrays(done.stderr) if isinstance(d, dict)]
        if done.returncode and not any(d["kind"] in ("error", "fatal error") for d in found):
            # one that is "confused by earlier errors" says them as text only
            found = list(_as_text(self._run(unit, words + PLAIN).stderr))
            if not found:
                raise SystemExit(f"umdev missing: {unit.source}: {done.stderr.strip()[:400]}")
        # a macro that uses another often says the same as often
        found = list({(d["message"], str(d["locations"])): d for d in found}.values())
        for diagnostic in found:
            diagnostic["unit"] = unit
            # what is said of the whole has no place
            diagnostic["locations"] = diagnostic["locations"] or [
                {"caret": {"file": unit.source, "line": 1, "column": 1, "byte-column": 1}}]
        return found

    def _headers(self, unit):
        """(header that is not there, file, line), as far as one look at the includes shows them."""
        said = self._run(unit, ["-w", "-M", "-MG"]).stdout
        names = said.replace("\\\n", " ").partition(":")[2].split()
        wanted, lines = set(), {}
        for name in names:
            path = os.path.join(unit.directory, name)
            if not os.path.isfile(path):
                wanted.add(name)
                continue
            with open(path, errors="replace") as f:
                lines[path] = f.read().split("\n")
            absent = ABSENT.match(lines[path][0])
            if absent:
                wanted.add(absent[1])
        return [(match[1], path, number) for path, text in (lines.items() if wanted else ())
                for number, match in enumerate(map(INCLUDE.match, text), 1)
                if match and match[1] in wanted]

    def headers(self):
        """The same of all sources: gcc itself stops at the first."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            return [row for rows in pool.map(self._headers, self.units) for row in rows]

    def check(self, units=None):
        """(unit, diagnostic) for all sources, or for some."""
        units = self.units if units is None else units
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            results = list(pool.map(self._check, units))
        return [(u, d) for u, found in zip(units, results) for d in found]

    def users(self, need):
        """The sources at work that a need may matter to: that name it, or all if a header does."""
        own = {os.path.realpath(u.source): u for u in self.units}
        found = [own.get(os.path.realpath(path)) for path, _line in need.users]
        if not all(found):
            return self.at_work
        word = re.compile(rf"\b{re.escape(need.word)}\b")
        return [u for u in self.at_work if u in found or word.search(u.text())]

    def undefined(self, work):
        """Symbols that the objects need and none of them has, name -> source files; diagnostics."""
        needed, defined, said = {}, set(), []
        outputs = [os.path.join(work, f"{i}.o") for i in range(len(self.units))]
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            done = list(pool.map(lambda unit, out: self._run(
                unit, ["-w", "-c", "-o", out, "-fdiagnostics-format=json"]), self.units, outputs))
        for unit, out, compiled in zip(self.units, outputs, done):
            if compiled.returncode:
                said += [dict(d, unit=unit) for d in _of_assembler(compiled.stderr)]
                continue
            names = subprocess.run(["nm", out], capture_output=True, text=True,
                                   check=True).stdout
            for line in names.splitlines():
                kind, name = line.split()[-2:]
                if kind == "U":
                    needed.setdefault(name, []).append(unit.source)
                elif kind.isupper():
                    defined.add(name)
        return {n: s for n, s in needed.items() if n not in defined}, said
