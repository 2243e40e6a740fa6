# SPDX-License-Identifier: GPL-2.0-only
"""Interface facts by name: what a set of header directories declares, and where.

The headers are read once, and searched for each name that is asked; the lines
that have it are read by the shapes that kernel headers have. A name that a macro
puts together is not found.
"""
import bisect
import collections
import functools
import glob
import os
import re
import subprocess

Fact = collections.namedtuple("Fact", "kind name path line text")
WORD = {bytes([c]) for c in range(256) if chr(c).isascii() and (chr(c).isalnum() or chr(c) == "_")}
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
# what a prototype may do without, and a second one must
NO_TYPE = (r"\b(?:extern|static|inline|asmlinkage|notrace|noinline|noinstr|__always_inline|"
           r"__must_check|__pure|__cold|__init|__exit|__ref|__malloc|__attribute_const__|"
           r"__(?:printf|scanf|attribute__|alloc_size)\s*\(+[^()]*\)+)(?!\w)")

# in order of preference; {} is the name
SHAPES = [
    ("struct", r"^\s*(?:typedef\s+)?(?:struct|union|enum)\s+{}\b[^;*(]*(?:\{{|$)"),
    ("struct", r"^(?:struct|union)\s+{}\s+[A-Z_]{{4,}}\s*\([^;]*\);"),     # a macro has its members
    ("macro", r"^\s*#\s*define\s+{}\b"),
    ("type", r"^\s*typedef\b.*\b{}\s*(?:\[[^\]]*\])?\s*;"),
    ("type", r"^\}}\s*(?:__\w+(?:\([^)]*\))?\s*)*{}\s*;"),
    ("type", r"^\s*typedef\b.*\(\s*\*?\s*{}\s*\)\s*\("),
    ("type", r"^\s*typedef\b[^(]*\b{}\s*\("),
    ("function", r"^[A-Za-z_][\w\s*]*?(?:[\s*]|__\w+\([^)]*\)\s*){}\s*\("),
    ("function", r"^{}\s*\("),
    ("variable", r"^\s*extern\b[^(]*\b{}\b\s*(?:\[[^\]]*\])*\s*(?:__\w+\s*)*;"),
    ("variable", r"^(?:DECLARE_\w+|EXPORT_\w+)\(.*\b{}\s*\)"),
    ("constant", r"^\s+{}\s*(?:=[^;]*|/\*.*|)\s*(?:,.*|/\*.*)?$"),
]


@functools.lru_cache(maxsize=4096)
def shapes_of(name):
    return [(kind, re.compile(shape.format(re.escape(name)))) for kind, shape in SHAPES]


class Headers:
    """@directories: what "linux/foo.h" may be found in, the most wanted first.

    @names: how a directory's headers begin, if not right below it.
    @unused: paths of those that are there for others.
    """

    def __init__(self, directories, names=None, unused=()):
        self.directories = [d for d in directories if os.path.isdir(d)]
        self.names = names or {}
        self.unused = set(unused)
        self.by_path = {}       # headers elsewhere in the tree: path: what it is called
        self.known = {}
        self.read = {}
        self.all, self.starts = None, []

    def _load(self):
        """All headers in one piece, each behind the place where it begins: read once, and searched often."""
        paths = sorted({os.path.join(top, name) for directory in self.directories
                        for top, _below, names in os.walk(directory) for name in names if name.endswith(".h")})
        self.all, self.starts = b"", []
        self._read([path for path in paths if path not in self.unused and not os.path.islink(path)] +
                   list(self.by_path))

    def _read(self, paths):
        pieces, at = [self.all], len(self.all)
        for path in paths:
            with open(path, "rb") as f:
                pieces.append(f.read() + b"\n")
            self.starts.append((at, path))
            at += len(pieces[-1])
        self.all = b"".join(pieces)

    def beside(self, header):
        """"../drivers/foo/bar.h", which is beside the tree's include/: is it there? It is looked into as well."""
        path = self.has(header)
        if not path:
            return False
        path = os.path.normpath(path)
        if path not in self.by_path:
            self.by_path[path] = re.sub(r"^(\.\./)+", "", header)
            self.known.clear()
            if self.all is not None:
                self._read([path])
        return True

    def _search(self, name):
        """The facts that lines tell which have the word, of a line one."""
        if self.all is None:
            self._load()
        word, end = name.encode(), 0
        while (at := self.all.find(word, end)) >= 0:
            end = at + len(word)
            if self.all[at - 1:at] in WORD or self.all[end:end + 1] in WORD:
                continue
            begin, end = self.all.rfind(b"\n", 0, at) + 1, self.all.find(b"\n", at)
            text = self.all[begin:end].decode(errors="replace")
            kind = next((kind for kind, shape in shapes_of(name) if shape.match(text)), None)
            if kind and not text.lstrip().startswith("*"):  # a comment, or what a line above began
                start, path = self.starts[bisect.bisect(self.starts, at, key=lambda s: s[0]) - 1]
                yield Fact(kind, name, path, self.all.count(b"\n", start, at) + 1, text)

    def _order(self, path):
        """linux/ first: what others have is an architecture's or a subsystem's own."""
        where = self.relative(path)
        return 0 if where.startswith("linux/") else 1

    def _for_assembler(self, fact):
        """Is it a macro that sources in C do not see?"""
        return fact.kind == "macro" and any(
            names and not without for names, without in
            conditions(self.lines(fact.path)[:fact.line - 1], r"__ASSEMBL(?:Y|ER)__"))

    def facts(self, name):
        if name not in self.known:
            self.known[name] = sorted(self._search(name), key=lambda f: (
                self._for_assembler(f), self._order(f.path), f.path, f.line))
        return self.known[name]

    def find(self, name, *kinds):
        """The fact that is worth most, of one of the kinds, or of any."""
        facts = [f for f in self.facts(name) if not kinds or f.kind in kinds]
        return facts[0] if facts else None

    def relative(self, path):
        """linux/foo.h"""
        for directory in self.directories:
            if path.startswith(directory + "/"):
                return os.path.join(self.names.get(directory, ""), path[len(directory) + 1:])
        return self.by_path.get(path, path)

    def has(self, header):
        for directory in self.directories:
            path = os.path.join(directory, header)
            if os.path.isfile(path):
                return path
        return None

    # ---- whole declarations -------------------------------------------------

    def lines(self, path):
        """The lines of a header, comments blanked out; every line keeps its number.

        One in a macro of many lines keeps their ends.
        """
        if path not in self.read:
            with open(path, errors="replace") as f:
                self.read[path] = COMMENT.sub(
                    lambda m: re.sub(r"[^\n\\]|\\(?!\n)", "", m[0]) or " ", f.read()).split("\n")
        return self.read[path]

    def declaration(self, fact):
        """@fact's whole text in one line, as a header would have it once more; or None.

        A function's body is not wanted: that of a static inline one calls others.
        """
        if fact.kind == "macro":
            return self._macro(fact)
        if fact.kind == "function":
            return self._prototype(fact)
        if fact.kind in ("type", "variable"):
            return self._statement(fact)
        return None

    def _macro(self, fact):
        lines, number, text = self.lines(fact.path), fact.line - 1, []
        while number < len(lines):
            text.append(lines[number].strip().removesuffix("\\").strip())
            if not lines[number].rstrip().endswith("\\"):
                break
            number += 1
        return " ".join(text)

    def _prototype(self, fact):
        lines, number = self.lines(fact.path), fact.line - 1
        text = lines[number]
        before = re.match(rf"(.*?)\b{re.escape(fact.name)}\s*\(", text)
        if before and number and not re.sub(NO_TYPE, " ", before[1]).strip(" *"):
            text = lines[number - 1].strip() + " " + text   # its type stands above
        while text.count("(") > text.count(")") and number + 1 < len(lines):
            number += 1
            text += " " + lines[number].strip()
        head = re.match(rf"(.*?)\b{re.escape(fact.name)}\s*\(", text)
        if not head:
            return None
        end, depth = head.end() - 1, 0
        for end in range(end, len(text)):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            if not depth:
                break
        if depth:
            return None
        text = re.sub(NO_TYPE, " ", head[1]) + text[head.end(1):end + 1] + ";"
        return re.sub(r"\s+", " ", text).strip()

    def _statement(self, fact):
        lines, number = self.lines(fact.path), fact.line - 1
        if lines[number].startswith("}"):
            return self._typedef(lines, number, fact.name)
        text = lines[number]
        while ";" not in text and number + 1 < len(lines):
            number += 1
            text += " " + lines[number].strip()
        text = re.sub(r"\s+", " ", text[:text.find(";") + 1]).strip()
        return text if "{" not in text else None

    @staticmethod
    def _typedef(lines, number, name):
        """} name; of a struct: by its tag, or whole where it has none."""
        first = number
        while first > 0 and not re.match(r"(?:typedef|extern|static|struct|union|enum)\b", lines[first]) and \
                number - first < 200:
            first -= 1
        head = re.match(r"typedef\s+(struct|union|enum)\s*(\w*)\s*(?:\{|$)", lines[first])
        if not head:
            return None
        if head[2]:
            return f"typedef {head[1]} {head[2]} {name};"
        text = " ".join(line for line in lines[first:number + 1] if not line.startswith("#"))
        return re.sub(r"\s+", " ", text).strip()

    def value(self, fact):
        """What a constant of an enum is: an expression, or None."""
        lines, number, before = self.lines(fact.path), fact.line - 1, []
        while number >= 0 and "{" not in lines[number]:
            before.insert(0, lines[number])
            number -= 1
        if number < 0 or not re.search(r"\benum\b", " ".join(lines[max(0, number - 1):number + 1])):
            return None
        last, behind = "0", 0
        for item in re.split(r",(?![^(]*\))", " ".join(
                line for line in [lines[number].split("{", 1)[1]] + before if not line.startswith("#"))):
            match = re.match(r"\s*(\w+)\s*(?:=\s*(.*\S))?\s*$", item.split("}")[0])
            if not match:
                continue
            if match[2]:
                last, behind = match[2], 0
            if match[1] == fact.name:
                return f"({last}) + {behind}" if behind else last
            behind += 1
        return None

    def body(self, struct):
        """Where struct (or union) @struct is defined, and what is between its braces.

        As (path, line, text), in which each line of the header is one of the text.
        """
        for fact in self.facts(struct):
            if fact.kind != "struct":
                continue
            lines, depth, text = self.lines(fact.path), 0, []
            for number in range(fact.line - 1, len(lines)):
                line = "" if lines[number].startswith("#") else lines[number]
                depth += line.count("{") - line.count("}")
                text.append(line)
                if depth == 0 and "}" in line:
                    whole = "\n".join(text)
                    before = whole.index("{") + 1
                    skipped = whole.count("\n", 0, before)
                    return fact.path, fact.line + skipped, whole[before:whole.rindex("}")]
                if depth == 0 and ";" in line:
                    break
        return None, 0, ""

    def members(self, struct):
        """The header that defines struct (or union) @struct, or None."""
        return self.body(struct)[0]

    def member(self, struct, name):
        """Where struct @struct declares member @name, and how: a Fact or None."""
        path, first, text = self.body(struct)
        for start, statement in statements(text):
            if not re.search(rf"\b{re.escape(name)}\b", statement):
                continue
            own = one_of(statement, name)
            if own:
                at = start + text[start:].index(name) if name in text[start:] else start
                return Fact("member", name, path, first + text.count("\n", 0, at), own)
        return None

    def anonymous(self, struct, name):
        """The whole of the union or struct without a name that has member @name of @struct, or None."""
        body = self.body(struct)[2]
        for match in re.finditer(r"\b(?:union|struct)\s*(?:__\w+\s*)*\{", body):
            end = closed(body, match.end())
            if body[:match.start()].count("{") == body[:match.start()].count("}") and \
                    re.match(r"\s*(?:__\w+(?:\([^)]*\))?\s*)*;", body[end + 1:]) and \
                    any(one_of(statement, name) for _start, statement in statements(body[match.end():end])):
                return re.sub(r"\s+", " ", body[match.start():end + 1]) + ";"
        return None

    def structs_with(self, name):
        """Structs that have a function's pointer of that name."""
        found = subprocess.run(
            ["grep", "-rnE", "--include=*.h", rf"\(\s*\*\s*{name}\s*\)\s*\("] + self.directories,
            capture_output=True, text=True, errors="replace", check=False).stdout
        structs = {}
        for line in found.splitlines():
            path, number, _text = line.split(":", 2)
            lines = self.lines(path)
            for at in range(int(number) - 1, -1, -1):
                head = re.match(r"struct\s+(\w+)\s*(?:__\w+\s*)*\{", lines[at])
                if head:
                    structs[head[1]] = True
                if head or lines[at].startswith("}"):
                    break
        return list(structs)

    def all_members(self, struct):
        """The names of struct @struct's members, in order."""
        names = []
        for _start, statement in statements(self.body(struct)[2]):
            text = re.sub(r"\{.*\}", " ", re.sub(r"\s+", " ", statement))
            function = re.search(r"\(\s*\*\s*(?:const )?(\w+)", text)
            names += [function[1]] if function else \
                re.findall(r"(\w+)\s*(?:\[[^\]]*\]\s*)*(?::[^,]*)?(?:__\w+(?:\([^()]*\))?\s*)*(?=,|$)",
                           re.sub(r"^[^,]*?(?=\w+\s*(?:[\[:,]|$))", "", text))
        return [name for name in dict.fromkeys(names) if self.member(struct, name)]


def closed(text, at, pair="{}"):
    """Where the brace that is open at @at, or another of a pair, is closed."""
    depth = 1
    for brace in re.compile(f"[{re.escape(pair)}]").finditer(text, at):
        depth += 1 if brace[0] == pair[0] else -1
        if not depth:
            return brace.start()
    return len(text)


def statements(text):
    """(offset, statement) of each member, those of nested structs without a name as well."""
    start, depth, inner = 0, 0, []
    for at, char in enumerate(text):
        if char in "({[":
            depth += 1
            if char == "{":
                inner.append((start, at + 1))
        elif char in ")}]":
            depth -= 1
            if char == "}" and inner:
                inner_start = inner.pop()[1]
                if not inner and re.match(r"\s*(?:__\w+(?:\([^)]*\))?\s*)*;", text[at + 1:]):
                    for offset, statement in statements(text[inner_start:at]):
                        yield inner_start + offset, statement
        elif char == ";" and depth == 0:
            yield start, text[start:at]
            start = at + 1


def one_of(statement, name):
    """Of a member's declaration that may declare several, @name's alone."""
    statement = re.sub(r"\s+", " ", statement).strip()
    word = re.escape(name)
    if "{" in statement:
        return f"{statement};" if re.search(rf"\}}[^}}]*\b{word}\b[^}}]*$", statement) else None
    if re.search(rf"\(\s*\*\s*(?:const )?{word}\s*(?:\[[^\]]*\])?\)\s*\(", statement) or \
            re.match(rf"[A-Z_]+\(.*\b{word}\b.*\)$", statement):
        return f"{statement};"
    if "(" in re.sub(r"\[[^\]]*\]|__\w+\s*\([^()]*\)", "", statement):
        return None
    statement = re.sub(r"\s_+(?:cacheline|aligned|attribute|randomize|guarded|counted)\w*(?:\([^()]*\))?",
                       "", statement)
    # a macro that declares members of its own may stand before it
    statement = re.sub(r"^[A-Z][A-Z0-9_]{4,} (?=\w+ \W*\w)", "", statement)
    parts = re.split(r",(?![^\[]*\])", statement)
    first = re.match(r"(.*?\w)([\s*]+(?:const |__\w+ )*\w+\s*(?:\[[^\]]*\]\s*)*(?::.*)?)$", parts[0])
    for part in [first[2]] + parts[1:] if first else []:
        if re.match(rf"[\s*]*(?:const |__\w+ )*{word}\b", part):
            return f"{first[1]} {part.strip()};"
    return None


def conditions(lines, wanted=r"\bCONFIG_\w+"):
    """Of each #if that what stands behind @lines is in: its options, and whether it is without them.

    @wanted: what is a name of one.
    """
    inside = []
    for line in lines:
        match = re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b(.*)", line)
        if not match:
            continue
        word, rest = match.groups()
        if word.startswith("if"):
            names = re.findall(wanted, rest)
            inside.append((names, word == "ifndef" or bool(re.match(r"\s*!", rest))))
        elif word == "endif" and inside:
            inside.pop()
        elif inside:
            names, without = inside[-1]
            inside[-1] = (names, not without)
    return inside


def option_against(lines):
    """CONFIG_X, if what stands behind @lines is for kernels without it; or None."""
    return next((names[0].removesuffix("_MODULE") for names, without in reversed(conditions(lines))
                 if without and names), None)


def option_for(lines):
    """CONFIG_X, if what stands behind @lines is for kernels with it; or None."""
    return next((names[0].removesuffix("_MODULE") for names, without in reversed(conditions(lines))
                 if names and not without), None)


def of_other_machines(directories):
    """Of user space's asm-generic/, what no header of this machine takes.

    One that stands in for another (int-l64.h for int-ll64.h) declares the same
    things in another way.
    """
    taken = set()
    for directory in directories:
        found = subprocess.run(["grep", "-rhoE", r"^ *# *include *<asm-generic/[^>]*>", directory],
                               capture_output=True, text=True, check=False).stdout
        taken |= set(re.findall(r"<asm-generic/([^>]*)>", found))
    return [os.path.join(d, name) for d in directories if os.path.basename(d) == "asm-generic"
            for name in os.listdir(d) if name not in taken]


def arch_of(tree, texts):
    """The architecture whose headers of asm/ the sources include, where x86 has none of these names."""
    asked = {name for text in texts for name in re.findall(r"#\s*include\s*<(asm/[^>]+)>", text)}
    tops = [d for d in linux_directories(tree) if d.startswith(os.path.join(tree, "arch"))]
    asked = [name for name in asked if not any(os.path.isfile(os.path.join(d, name)) for d in tops) and
             not os.path.isfile(os.path.join(tree, "include", name.replace("asm", "asm-generic", 1)))]
    have = {}
    for top in sorted(glob.glob(os.path.join(tree, "arch", "*", "include"))) if asked else ():
        have[top.split("/")[-2]] = sum(os.path.isfile(os.path.join(top, name)) for name in asked)
    best = max(have, key=have.get, default=None)
    return best if best and have[best] else None


def linux_directories(tree, sources=(), texts=()):
    """Where the headers of a kernel tree are.

    What lies in a directory with an architecture's name (drivers/s390), or includes
    what only one has, is for that one: it has the last word on what no other header has.
    """
    parts = {part for source in sources for part in source.split("/")}
    if texts:
        parts.add(arch_of(tree, texts) or "x86")
    arches = ["x86"] + sorted(part for part in parts - {"", "x86"}
                              if os.path.isdir(os.path.join(tree, "arch", part, "include")))
    return [os.path.join(tree, d) for d in
            ["include", "arch/x86/include", "include/uapi", "arch/x86/include/uapi"] +
            [f"arch/{arch}/include{more}" for arch in arches[1:] for more in ("", "/uapi")]]
