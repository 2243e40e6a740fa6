# SPDX-License-Identifier: GPL-2.0-only
"""Interface facts by name: what a set of header directories declares, and where.

One grep for all names that are asked at once; what it finds is read as lines,
by the shapes that kernel headers have. A name that a macro puts together is not
found.
"""
import collections
import os
import re
import subprocess

Fact = collections.namedtuple("Fact", "kind path line text")

# in order of preference; {} is the name
SHAPES = [
    ("struct", r"^\s*(?:typedef\s+)?(?:struct|union|enum)\s+{}\b[^;*(]*(?:\{{|$)"),
    ("macro", r"^\s*#\s*define\s+{}\b"),
    ("type", r"^\s*typedef\b.*\b{}\s*(?:\[[^\]]*\])?\s*;"),
    ("type", r"^\}}\s*(?:__\w+(?:\([^)]*\))?\s*)*{}\s*;"),
    ("type", r"^\s*typedef\b.*\(\s*\*?\s*{}\s*\)\s*\("),
    ("function", r"^[A-Za-z_][\w\s*]*?(?:[\s*]|__\w+\([^)]*\)\s*){}\s*\("),
    ("function", r"^{}\s*\("),
    ("variable", r"^\s*extern\b[^(]*\b{}\b\s*(?:\[[^\]]*\])*\s*(?:__\w+\s*)*;"),
    ("variable", r"^(?:DECLARE_\w+|EXPORT_\w+)\(.*\b{}\s*\)"),
    ("constant", r"^\s+{}\s*(?:=[^;]*|/\*.*|)\s*(?:,.*|/\*.*)?$"),
]


class Headers:
    """@directories: what "linux/foo.h" may be found in, the most wanted first."""

    def __init__(self, directories):
        self.directories = [d for d in directories if os.path.isdir(d)]
        self.known = {}

    def learn(self, names):
        names = {n for n in names if n not in self.known}
        for name in names:
            self.known[name] = []
        if not names or not self.directories:
            return
        found = subprocess.run(
            ["grep", "-rnwF", "--include=*.h", "-f", "-", "--"] + self.directories,
            input="\n".join(sorted(names)), capture_output=True, text=True, errors="replace",
            env=dict(os.environ, LC_ALL="C"), check=False).stdout
        for line in found.splitlines():
            path, number, text = line.split(":", 2)
            for name in set(re.findall(r"\w+", text)) & names:
                self._read(name, path, int(number), text)
        for name in names:
            self.known[name].sort(key=lambda f: (self._order(f.path), f.path, f.line))

    def _order(self, path):
        """linux/ first: what others have is an architecture's or a subsystem's own."""
        where = self.relative(path)
        return 0 if where.startswith("linux/") else 1

    def _read(self, name, path, number, text):
        for kind, shape in SHAPES:
            if re.match(shape.format(re.escape(name)), text):
                self.known[name].append(Fact(kind, path, number, text))
                return

    def facts(self, name):
        self.learn([name])
        return self.known[name]

    def find(self, name, *kinds):
        """The fact that is worth most, of one of the kinds, or of any."""
        facts = [f for f in self.facts(name) if not kinds or f.kind in kinds]
        return facts[0] if facts else None

    def relative(self, path):
        """linux/foo.h"""
        for directory in self.directories:
            if path.startswith(directory + "/"):
                return path[len(directory) + 1:]
        return path

    def has(self, header):
        for directory in self.directories:
            path = os.path.join(directory, header)
            if os.path.isfile(path):
                return path
        return None

    def members(self, struct):
        """The text between the braces of struct (or union) @struct, and where it is."""
        for fact in self.facts(struct):
            if fact.kind != "struct":
                continue
            with open(fact.path, errors="replace") as f:
                lines = f.read().split("\n")
            depth, body, number = 0, [], fact.line - 1
            while number < len(lines):
                line = lines[number]
                depth += line.count("{") - line.count("}")
                body.append((number + 1, line))
                if depth == 0 and "}" in line:
                    return fact.path, body
                if depth == 0 and ";" in line:
                    break
                number += 1
        return None, []

    def member(self, struct, name):
        """Where struct @struct declares member @name: a Fact or None."""
        path, body = self.members(struct)
        for number, line in body[1:]:
            if re.search(rf"\b{re.escape(name)}\b\s*(?:\[|;|,|:|\)\s*\()", line):
                return Fact("member", path, number, line)
        return None


def linux_directories(tree):
    """Where the headers of a kernel tree are."""
    return [os.path.join(tree, d) for d in
            ("include", "arch/x86/include", "include/uapi", "arch/x86/include/uapi")]
