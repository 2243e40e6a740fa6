# SPDX-License-Identifier: GPL-2.0-only
"""umdev missing: all that a set of kernel sources needs and the shim lacks.

The sources are compiled again and again, each time with stand-ins for what was
found missing before, until the compiler has nothing left to say; then the
symbols that nobody exports are added. So the table is complete: with what it
lists, the sources compile and link. What stand-ins cannot mend is printed as
the compiler says it, and the exit status is 1.
"""
import argparse
import collections
import glob
import os
import re
import sys
import tempfile
import time

import asked
import compiler
import infer
import initializers
import linux
import needs
import overlay
import table

ROUNDS = 300    # each finds something; no driver needs a tenth of them
TOLD_BY_ANOTHER = 6     # stand-ins that are tried since one that does not fit told of them
TOLD = 20       # errors that are printed; what follows from one may be thousands
EXCESS = r"extra brace group at end of initializer|excess elements in (?:struct|union) initializer"
VALUES = ("macro", "variable", "constant", "function")


class Search(initializers.Initializers):
    """What is known so far, and how a message of the compiler adds to it."""

    def __init__(self, shim, uapi, tree, over, own=()):
        self.shim, self.uapi, self.tree, self.over = shim, uapi, tree, over
        self.needs = {}
        self.lines = {}
        self.macros = {}        # of files of the sources, by their names
        self.round = 0
        self.brought = {}       # headers that stand-ins need: the round in which they were added
        self.inside = False     # is the message that is read about a stand-in?
        self.diagnostic = None  # which is read
        self.refused = set()    # types that were taken for missing, and are defined
        self.own = own          # directories that the sources have headers in
        self.owned = linux.Headers(own)
        self.trusted = True     # what these have is not missing, whatever the compiler says

    def line(self, path, number):
        if path not in self.lines:
            try:
                with open(path, errors="replace") as f:
                    self.lines[path] = f.read().split("\n")
            except OSError:
                self.lines[path] = []
        lines = self.lines[path]
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def forget(self, over):
        """The headers of @over are written anew."""
        for path in [p for p in self.lines if over.has(p)]:
            del self.lines[path]
            self.macros.pop(path, None)

    def has_its_own(self, need):
        """A header of the sources has it: that it is not seen follows from something else."""
        if not self.trusted or need.kind in ("option", "header", "include", "member"):
            return False
        if " " in need.name:
            return self.owned.members(need.word) is not None
        return self.owned.find(need.word) is not None

    def option_of_own(self, name, where):
        """A header of the sources has it in a kernel with an option only: is that new?"""
        for fact in self.owned.facts(name):
            option = linux.option_for(self.owned.lines(fact.path)[:fact.line - 1])
            if option and not self.shim.find(option, "macro"):
                return self.add(needs.option(option), where)
        return False

    def add(self, need, where):
        """True if it is new."""
        if self.has_its_own(need):
            return self.option_of_own(need.word, where)
        key = (need.kind, need.name)
        if key in self.refused:
            return False
        known = self.needs.setdefault(key, need)
        known.users[where] = True
        if known is need:
            self.used_by(need, where)
        return known is need

    def used_by(self, need, where):
        """What Linux's own text of a macro calls: that the compiler may not tell."""
        head = re.match(r"#\s*define\s+\w+(\([^)]*\))?", need.text[0])
        if not head:
            return
        names = set(re.findall(r"\b([A-Za-z_]\w*)\s*\(", need.text[0][head.end():]))
        for headers in (self.shim, self.uapi, self.tree):
            headers.learn(names)
        for name in sorted(names - {"if", "for", "while", "switch", "sizeof", "typeof"}):
            fact = self.tree.find(name, "macro")
            if fact and not self.shim.facts(name) and not self.uapi.facts(name):
                self.add(needs.function(name, fact, self.tree.declaration(fact)), where)

    def include(self, name, where, *kinds):
        """Is @name in a header of the shim that the source does not get?"""
        fact = self.shim.find(name, *kinds) or self.uapi.find(name, *kinds)
        if not fact:
            return False
        headers = self.shim if fact in self.shim.facts(name) else self.uapi
        header = headers.relative(fact.path)
        if self.inside:
            # a stand-in needs it: Linux's header, which has the real thing, brings it
            added = self.brought.setdefault(header, self.round)
            return added == self.round
        return self.include_header(header, name, where)

    def include_header(self, header, name, where):
        """True if it was not added before, and did not help."""
        key = ("include", header)
        if key not in self.needs:
            self.needs[key] = needs.Need("include", header)
            self.needs[key].round = self.round
        need = self.needs[key]
        need.users[where] = True
        need.note = ", ".join(sorted(set(filter(None, need.note.split(", "))) | {name}))
        return need.round == self.round

    def in_linux(self, name, *kinds):
        """Where the kernel tree has @name, of one of the kinds or of any, and its text there."""
        fact = self.tree.find(name, *kinds)
        if not fact:
            return None, None
        return fact, self.tree.value(fact) if fact.kind == "constant" else self.tree.declaration(fact)

    # ---- messages -----------------------------------------------------------

    def header(self, match, where, _text):
        if match[1].startswith((".", "/")):
            return False        # the sources' own, by a path
        return self.add(needs.Need("header", match[1]), where)

    def implicit(self, match, where, _text):
        name = match[1]
        if self.include(name, where, "function", "macro"):
            return True
        return self.add(needs.function(name, *self.in_linux(name, "function", "macro")), where)

    def undeclared(self, match, where, text):
        name = match[1]
        declarer = self.declared_by(name)
        if declarer:
            return declarer.another()
        if self.include(name, where):
            return True
        if re.search(rf"\b(struct|union|enum)\s+{name}\b", text):
            return self.add(needs.tagged(re.search(rf"\b(?:struct|union|enum)\s+{name}\b", text)[0]),
                            where)
        # a struct of that name is something else; a cast to a type looks like a value
        real = self.in_linux(name, *VALUES)
        _fact, shape = self.in_linux(name, "type") if not real[0] else (None, None)
        if shape and shape.startswith("typedef"):
            return self.add(needs.named_type(name, shape), where)
        return self.add(needs.value(name, *real), where)

    def unknown_type(self, match, where, _text):
        name = match[1]
        if self.include(name, where):
            return True
        fact = self.tree.find(name)
        if fact and fact.kind == "macro":
            return self.add(needs.attribute(name, self.tree.declaration(fact)), where)
        return self.add(needs.named_type(name, *self.in_linux(name, "type")[1:]), where)

    def tag(self, tag, where):
        name = tag.split()[1]
        if self.include(name, where, "struct"):
            return True
        return self.add(needs.tagged(tag), where)

    def incomplete_named(self, match, where, _text):
        return self.tag(f"{match[1]} {match[2]}", where)

    def incomplete(self, match, where, text):
        """The message names the variable or the field only."""
        declared = rf"\b((?:struct|union|enum)\s+\w+)\s+(?:\*?\w+\s*,\s*)*{match[1]}\b"
        shape = re.search(declared, text) or re.search(declared, "\n".join(self.macros_of(text))) or \
            re.search(rf"\b((?:struct|union|enum)\s+\w+)\b[^;]*?\b{match[1]}\b", text) or \
            re.search(r"\b((?:struct|union|enum)\s+\w+)\b", text)
        tags = [shape[1]] if shape else self.behind_types(text) + self.in_macros(text)
        if not tags:
            shape = self.declaration_above(where)
            tags = [shape[1]] if shape else []
        return any(self.tag(re.sub(r"\s+", " ", tag), where) for tag in tags)

    def behind_types(self, text):
        """foo_t bar: what Linux's own text of foo_t is a name of."""
        needed = filter(None, (self.needs.get(("type", name)) for name in re.findall(r"\w+", text)))
        shapes = [re.search(r"^typedef ((?:struct|union|enum) \w+) \w+;$",
                            need.stand_in().split("\n")[-1]) for need in needed]
        return [shape[1] for shape in shapes if shape]

    def declaration_above(self, where):
        for number in range(where[1] - 1, max(0, where[1] - 4), -1):
            shape = re.search(r"\b((?:struct|union|enum)\s+\w+)\b", self.line(where[0], number))
            if shape:
                return shape
        return None

    def macros_of(self, text):
        """FOO(a, b): the source's or Linux's own text of FOO, and of what that uses in turn."""
        found, todo = {}, [text]
        path = self.diagnostic["locations"][0]["caret"]["file"]
        while todo:
            for name in re.findall(r"\b\w+\b", todo.pop()):
                need = self.needs.get(("macro", name))
                own = need.stand_in() if need else "" if self.inside else self.macro_of(path, name)
                if own and name not in found:
                    found[name] = own
                    todo.append(own)
        return list(found.values())

    def in_macros(self, text):
        return [tag for made in self.macros_of(text)
                for tag in re.findall(r"\b((?:struct|union|enum)\s+\w+)\b", made)]

    def no_member(self, match, where, text):
        owner, name = f"{match[1]} {match[2]}", match[3]
        known = self.shim.find(match[2], "struct") or self.uapi.find(match[2], "struct")
        outer = next((n.name for n in self.needs.values() if n.inner == owner), match[2])
        fact = self.tree.member(match[2], name)
        macro = self.in_linux(name, "macro") if not fact else (None, None)
        if macro[0] and re.match(r"#\s*define\s+\w+\s", macro[1]):
            return self.add(needs.value(name, *macro), where)   # #define foo _u._foo
        if self.trusted and self.owned.members(match[2]):
            return self.option_of_own(match[2], where)
        if not known and ("type", owner) not in self.needs and outer == match[2]:
            return owner in self.in_macros(text) and self.tag(owner, where)
        return self.add(needs.member(owner, outer, name, fact), where)

    def declarer(self, match, where, text):
        name = match[1]
        if self.shim.find(name, "type") or self.uapi.find(name, "type"):
            return self.include(name, where, "type")
        begins = re.compile(rf"\s*(static\s+)?{name}\s*\(")
        outer = re.match(r"\s*(?:static\s+)?(\w+)\s*\(", text)
        if not begins.match(text) and not begins.match(self.line(where[0], where[1])) and \
                not (outer and re.search(rf"\b{name}\s*\(", self.macro_of(where[0], outer[1]))):
            return False
        if self.include(name, where, "macro"):
            return True
        known = self.needs.get(("function", name))
        if known:
            return known.another()      # how it stands in is no declaration
        return self.add(needs.declares(name, *self.in_linux(name, "macro")[1:]), where)

    def macro_of(self, path, name):
        """The text of a macro that the file itself defines; empty if it does not."""
        if path not in self.macros:
            self.line(path, 1)
            text = "\n".join(self.lines[path])
            self.macros[path] = {m[1]: m[0] for m in
                                 re.finditer(r"^\s*#\s*define\s+(\w+)(?:.*\\\n)*.*$", text, re.M)}
        return self.macros[path].get(name, "")

    def called_outside(self, match, where, text):
        """DECLARE_FOO(name, 1): a macro whose arguments are no declaration of a function."""
        word = re.search(r"before '(\w+)'$", match[0])
        if word and self.among_strings(word, where, text):
            return True     # asm("a" FOO)
        number = where[1]
        while re.match(r"\s", text) and number > max(1, where[1] - 5):
            number -= 1     # its arguments, on lines of their own
            text = self.line(where[0], number)
        shape = re.match(r"(?:static\s+)?(\w+)\s*\(", text)
        return bool(shape) and self.declarer(shape, where, text)

    def among_strings(self, match, where, _text):
        """"a" FOO "b": only a macro can stand there."""
        name = match[1]
        if self.include(name, where, "macro"):
            return True
        real = self.in_linux(name, "macro")
        return bool(real[0]) and self.add(needs.function(name, *real), where)

    def unexpected(self, match, where, text):
        """An attribute that is none stands before the word."""
        word = match[1]
        before = re.search(rf"(\w+)\s*(?:\([^()]*\))?\s*\*?\s*\b{re.escape(word)}\b", text)
        name = before[1] if before else None
        if not name or name in ("static", "int", "void", "struct", "const", "long", "unsigned"):
            return False
        if self.include(name, where):
            return True
        if self.shim.facts(name) or ("macro", name) in self.needs:
            return False
        return self.add(needs.attribute(name, *self.in_linux(name, "macro")[1:]), where)

    def loop(self, _match, where, text):
        shape = re.search(r"\b(\w*for_each\w*)\s*\(", text)
        return bool(shape) and self.add(needs.function(shape[1], *self.in_linux(shape[1], "macro")), where)

    def differs(self, match, where, _text):
        """The shim has it with other arguments."""
        name = match[1]
        if any(n.word == name for n in self.needs.values()) or not self.shim.find(name):
            return False
        need = needs.Need("function", name, [
            f"#undef {name}\n#define {name}(...) ((long)0)",
            f"#undef {name}\n#define {name}(...) ((void *)0)"], "with other arguments")
        return self.add(need, where)

    def redefined(self, match, where, _text):
        """A header that was added meanwhile has it, in a shape that was not found."""
        key = ("type", f"{match[1]} {match[2]}")
        need = self.needs.pop(key, None)
        self.refused.add(key)
        places = self.diagnostic["locations"] + [
            place for child in self.diagnostic.get("children", []) for place in child["locations"]]
        header = next((self.over.relative(place["caret"]["file"]) for place in places
                       if self.over.relative(place["caret"]["file"])), None)
        if need and header:
            return self.include_header(header, match[2], next(iter(need.users), where)) or True
        return need is not None

    def built_in(self, _match, where, _text):
        """With two of module_init() and its like a source can be a part of the kernel only."""
        return self.add(needs.Need("option", "MODULE", ["#undef MODULE"],
                                   "is set here: two initcalls, no module"), where)

    def twice(self, match, _where, _text):
        """A name was taken for two things: that of the first message is what it is."""
        keys = [key for key, need in self.needs.items() if need.word == match[1] and
                need.kind not in ("option", "header", "include", "member") and " " not in need.name]
        if len(keys) < 2:
            return False
        self.refused.add(keys[-1])
        del self.needs[keys[-1]]
        return True

    def option(self, _match, where, _text):
        """A header has a function for kernels that are built without the source."""
        for child in self.diagnostic.get("children", []):
            if not re.match("previous definition of", child["message"]) or not child["locations"]:
                continue
            caret = child["locations"][0]["caret"]
            name = linux.option_against([self.line(caret["file"], n) for n in range(1, caret["line"])])
            if name:
                return self.add(needs.option(name), where)
        return False

    def stubbed(self, _match, where, text):
        """So it is when the stub is a macro: #define foo NULL."""
        name = re.match(r"\w+", text[self.diagnostic["locations"][0]["caret"]["byte-column"] - 1:])
        for directory in self.own if name else ():
            for path in glob.glob(os.path.join(directory, "*.h")):
                self.line(path, 1)
                for number, line in enumerate(self.lines[path]):
                    if re.match(rf"\s*#\s*define\s+{name[0]}\b", line):
                        option = linux.option_against(self.lines[path][:number])
                        return bool(option) and self.add(needs.option(option), where)
        return False

    # By how much else may be wrong on their account: what a rank finds is mended
    # before the next is looked at.
    RANKS = [
        [(r"^(\S+): No such file or directory", header),
         (r"^#error \"(\S+): the shim has no header", header),
         (r"redefinition of '(struct|union|enum) (\w+)'", redefined),
         (r"redefinition of '(?:__inittest|init_module)'", built_in),
         (r"redefinition of '(\w+)'", option),
         (r"'(\w+)' redeclared as different kind of symbol", twice),
         (r"expected identifier or '\(' before '", stubbed)],
        [(r"unknown type name '(\w+)'", unknown_type),
         (r"'(?:const )?(struct|union|enum) (\w+)' declared inside", incomplete_named),
         (r"type defaults to 'int' in declaration of '(\w+)'", declarer),
         (r"expected specifier-qualifier-list before '(\w+)'", declarer),
         (r"expected (?:'\)'|declaration specifiers or '\.\.\.') before (?:(?:numeric|string) constant|'\w+')",
          called_outside),
         (r"expected '=', ',', ';', 'asm' or '__attribute__' before '(\w+)'", unexpected),
         (r"expected (?:',' or ';'|':' or '\)') before '(\w+)'", among_strings),
         (r"expected ';' before '\{' token", loop)],
        [(r"(?:undefined type|incomplete type|incomplete typedef) '(?:const |volatile )*"
          r"(struct|union|enum) (\w+)'", incomplete_named),
         (r"incomplete typedef '\w+' \{aka '(?:const |volatile )*(struct|union|enum) (\w+)'\}",
          incomplete_named),
         (r"array type has incomplete element type '(struct|union|enum) (\w+)'", incomplete_named),
         (r"field '(\w+)' has incomplete type", incomplete),
         (r"variable '(\w+)' has initializer but incomplete type", incomplete),
         (r"storage size of '(\w+)' isn't known", incomplete),
         (r"parameter \d+ \('(\w+)'\) has incomplete type", incomplete)],
        # what a macro does not evaluate is not needed: all that is called comes first
        [(r"implicit declaration of function '(\w+)'", implicit)],
        [(r"^'(\w+)' undeclared", undeclared),
         (r"'(?:const |volatile )*(struct|union) (\w+)'(?: \{aka [^}]*\})? has no member named '(\w+)'",
          no_member),
         (r"\{aka '(?:const |volatile )*(struct|union) (\w+)'\} has no member named '(\w+)'",
          no_member)],
        [(EXCESS, initializers.Initializers.positional)],
        [(r"too (?:many|few) arguments to function '(\w+)'", differs),
         (r"macro \"(\w+)\" (?:passed|requires)", differs)],
    ]
    # When no other stand-in helps: the shim's function is another one.
    LAST = [(r"passing argument \d+ of '(\w+)' from incompatible", differs),
            (r"^initialization of .* from incompatible", initializers.Initializers.member_differs),
            (r"", initializers.Initializers.positional)]

    def declared_by(self, name):
        """The missing macro that should have defined it, if there is one."""
        for need in self.needs.values():
            if need.declares and any(
                    re.search(rf"\b{need.name}\s*\([^;]*\b{name}\b", self.line(*where))
                    for where in need.users):
                return need
        return None

    def suspects(self, diagnostic):
        """Whose stand-ins may not fit: the last in what is marked, then what is near.

        Of two operands that do not fit neither is marked: members come first, since
        what they are of is right already. What is as Linux declares it comes last.
        """
        operands = "mismatch in conditional expression" in diagnostic["message"]
        _where, text = self.place(diagnostic)
        place = diagnostic["locations"][0]
        column = place["caret"].get("byte-column", 1)
        ends = [place.get(k, place["caret"]).get("byte-column", 1) for k in ("start", "finish")]
        words = [(not ends[0] <= m.start() + 1 <= ends[1], -m.start() if
                  ends[0] <= m.start() + 1 <= ends[1] else abs(column - m.start()), m[0])
                 for m in re.finditer(r"\w+", text)]
        if "called object" in diagnostic["message"]:
            # in a macro's text the message names what the line does not
            called = re.search(r"called object '(\w+)'", diagnostic["message"]) or \
                re.search(r"(\w+)\s*\(", text[column - 1:])
            words = [(False, 0, called[1])] if called else []
        needed = collections.defaultdict(list)
        for need in self.needs.values():
            if need.kind not in ("option", "header", "include"):
                needed[need.word].append(need)
        found = []
        for outside, _distance, word in sorted(words):
            for need in needed[word] or filter(None, [self.declared_by(word)]):
                if need not in [n for _last, n in found] and len(need.text) > 1:
                    found.append(((need.real and not need.at, operands and need.kind != "member"), need))
        return [need for _last, need in sorted(found, key=lambda f: f[0])]

    def take(self, diagnostic, rank):
        """Reads one message; True if the next round may go better."""
        where, text = self.place(diagnostic)
        self.diagnostic = diagnostic
        for pattern, method in rank:
            match = re.search(pattern, diagnostic["message"])
            if match:
                return method(self, match, where, text)
        return False

    def hint(self, need, diagnostic):
        """Stand-ins of the types that the message names, as indices into @need's."""
        said = infer.types(diagnostic)
        _where, line = self.place(diagnostic)
        wanted = []
        for shape, other in said:
            function = re.match(r"([^'()]*?) ?\(\*\)\(", shape)
            if function and need.kind not in ("member", "type"):
                wanted.append((needs.mentioned(function[1]) + f"{function[1]} {need.word}();", None))
            header, known = self.type_known(shape)
            shape = shape if known else other
            if not shape:
                continue
            shapes = [shape]
            if re.search(rf"&[\w.\->\[\]()]*\b{need.word}\b(?!\s*(?:->|\.|\[))", line):
                shapes.insert(0, infer.pointee(shape))
            wanted += [(infer.statement(need, infer.declaration(s, need.word) or ""), header)
                       for s in shapes if s]
        if "container_of" in diagnostic["message"]:
            wanted += self.contained(need, line, diagnostic)
        at = []
        for text, header in wanted:
            if not text:
                continue
            if text not in need.text:
                need.text.append(text)
                if header:
                    need.brings[text] = header
            if need.text.index(text) not in at + [need.at]:
                at.append(need.text.index(text))
        return at

    def contained(self, need, line, diagnostic):
        """The member of container_of() is what the pointer points at."""
        path = diagnostic["locations"][0]["caret"]["file"]
        self.line(path, 1)
        found = infer.contained(line, self.needs.values(), "\n".join(self.lines[path]))
        if not found or found[0] != need.word or not found[1]:
            return []
        return [(infer.statement(need, f"{found[1]} {need.word}"), self.type_known(found[1])[0])]

    def type_known(self, shape):
        """(the shim's header of a type's name, if it takes one; does a stand-in know it?)"""
        name = re.search(r"\w+(?=[\s*\[(]*$|\s*\(\*\)|\s*\*)", infer.PLAIN.sub("", shape))
        if not name:
            return None, True
        kinds = ("struct",) if re.search(r"\b(struct|union|enum)\b", shape) else ("type",)
        fact = self.shim.find(name[0], *kinds)
        if fact:
            return self.shim.relative(fact.path), True
        return None, kinds == ("struct",) or ("type", name[0]) in self.needs

    def reads(self, diagnostic):
        return any(re.search(p, diagnostic["message"]) for rank in self.RANKS for p, _m in rank)

    def place(self, diagnostic):
        """Where the message points, as (file, line) and the line's text."""
        caret = diagnostic["locations"][0]["caret"]
        where, text = (caret["file"], caret["line"]), self.line(caret["file"], caret["line"])
        self.inside = self.over.has(caret["file"])
        if self.inside:
            # a stand-in needs it: on behalf of who needs that
            for need in self.needs.values():
                if need.users and text.strip() and text.strip() in need.stand_in():
                    return next(iter(need.users)), text
        return where, text

    def notes(self, diagnostic):
        """Names that a round's messages ask about, to be looked up at once."""
        return set(re.findall(r"'(?:struct |union |enum |const )*(\w+)'", diagnostic["message"]))


def is_error(diagnostic):
    return diagnostic["kind"] in ("error", "fatal error") or \
        "declared inside parameter list" in diagnostic["message"]


def is_told(diagnostic):
    """An error, or what tells of something missing all the same."""
    return is_error(diagnostic) or re.match(EXCESS, diagnostic["message"])


class Clock:
    """Until when to search; who waits for it at a terminal is told how far it is."""

    EVERY = 5   # seconds

    def __init__(self, limit):
        self.start = self.told = time.monotonic()
        self.limit, self.over = limit, False

    def expired(self):
        self.over = self.over or time.monotonic() - self.start > self.limit
        return self.over

    def tell(self, what):
        now = time.monotonic()
        if sys.stderr.isatty() and now - self.told > self.EVERY:
            self.told = now
            print(f"umdev missing: {now - self.start:.0f} s: {what}", file=sys.stderr, flush=True)


def errors_of(gcc, units=None, wanted=is_error):
    """Of each source that has some, in order."""
    found = {}
    for unit, diagnostic in gcc.check(units):
        if wanted(diagnostic):
            found.setdefault(unit, []).append(diagnostic)
    return found


def learn(search, errors):
    """Reads what the compiler says; True if the next round may go better."""
    names = set().union(*(search.notes(d) for d in errors))
    for headers in (search.shim, search.uapi, search.tree, search.owned):
        headers.learn(names)
    # of a rank all of them, each in its turn
    return any(any([search.take(d, rank) for d in errors]) for rank in search.RANKS)


def learn_without_trust(search, errors):
    search.trusted = False
    learned = learn(search, errors)
    search.trusted = True
    return learned


def search_all(search, gcc, over, clock):
    """Rounds until nothing is missing, or nothing helps. Returns what is left.

    Sources of a driver share most of their headers, and what those lack: a few
    sources are looked at until nothing is left of them, and then more.
    """
    over.write(search)
    for name, path, line in gcc.headers():
        if not name.startswith((".", "/")):
            search.add(needs.Need("header", name), (path, line))
    add_fallbacks(search, gcc)
    width = os.cpu_count() or 1
    gcc.at_work = gcc.units[:width]
    given_up = set()        # sources whose errors nothing mended
    for search.round in range(ROUNDS):
        over.write(search)
        found = errors_of(gcc, gcc.at_work, is_told)
        if not found and len(gcc.at_work) < len(gcc.units):
            found = errors_of(gcc, None, is_told)
            gcc.at_work = [unit for unit in found if unit not in given_up][:width]
            width *= 2
        errors = [d for unit in gcc.at_work for d in found.get(unit, ())]
        if not errors or clock.expired():
            break
        clock.tell(f"round {search.round + 1}: {len(search.needs)} missing, {len(errors)} errors behind them")
        if not learn(search, errors) and not learn_without_trust(search, errors):
            errors = [d for d in errors if is_error(d)]
            if try_others(search, gcc, over, errors, clock) or \
                    try_others(search, gcc, over, errors, clock, True) or \
                    any([search.take(d, search.LAST) for d in errors]):
                continue
            # the others may lack more than that
            given_up |= set(found)
            gcc.at_work = []
    gcc.at_work = gcc.units
    over.write(search)
    return [d for found in errors_of(gcc).values() for d in found]


def add_fallbacks(search, gcc):
    """#ifndef FOO, #define FOO: a source that makes its own of what a header that is missing has."""
    for unit in gcc.units:
        for match in re.finditer(r"^\s*#\s*ifndef\s+(\w+)\s*\n\s*#\s*define\s+\1\b", unit.text(), re.M):
            fact, real = search.in_linux(match[1], "macro")
            if fact and ("header", search.tree.relative(fact.path)) in search.needs:
                need = needs.function(match[1], fact, real) if re.match(r"#\s*define\s+\w+\(", real) \
                    else needs.value(match[1], fact, real)
                need.placed = True      # the compiler does not ask for it
                search.add(need, (unit.source, unit.text().count("\n", 0, match.start(1)) + 1))


def count_errors(search, gcc, over, units):
    """How many nobody can read, and how many there are; and which."""
    over.write(search)
    errors = [d for _unit, d in gcc.check(units) if is_error(d)]
    return (sum(1 for d in errors if not search.reads(d)), len(errors)), errors


def try_together(search, gcc, over, diagnostic):
    """Where a number is wanted of several names, one alone mends nothing: all at once."""
    group = [(n, n.number()) for n in search.suspects(diagnostic)[:4] if n.number() not in (None, n.at)]
    if not infer.number_wanted(diagnostic) or len(group) < 2:
        return False
    units = gcc.users(group[0][0])
    before = [need.at for need, _number in group]
    were, _errors = count_errors(search, gcc, over, units)
    for need, number in group:
        need.at = number
    if count_errors(search, gcc, over, units)[0] < were:
        return True
    for (need, _number), at in zip(group, before):
        need.at = at
    return False


def try_others(search, gcc, over, errors, clock, whatever=False):
    """Other stand-ins with which there are fewer errors; False if there are none.

    @whatever: also for what Linux has, if that only turns errors into others that can be read.
    """
    tried, lines, words, changed = set(), set(), set(), False
    for diagnostic in errors:
        where, text = search.place(diagnostic)
        if where in lines or words & set(re.findall(r"\w+", text)):
            continue        # what follows from a change there is seen in the next round
        if not clock.expired() and try_together(search, gcc, over, diagnostic):
            lines.add(where)
            changed = True
            continue
        for need in search.suspects(diagnostic)[:4]:
            hinted = search.hint(need, diagnostic)
            if (need in tried and not hinted) or clock.expired():
                continue
            clock.tell(f"{len(search.needs)} missing, {len(errors)} errors; another stand-in for {need}")
            others = hinted if need in tried else \
                hinted + [at for at in range(len(need.text)) if at not in hinted]
            tried.add(need)
            if try_of(search, gcc, over, need, others, len(hinted), clock, whatever):
                lines.add(where)
                words.add(need.word)
                changed = True
                break
    return changed


def try_of(search, gcc, over, need, others, hinted, clock, whatever):
    """The best of @need's stand-ins @others, of which the first @hinted do to be better. False if none is.

    What is said of one that does not fit may tell another.
    """
    units = gcc.users(need)
    before, others = need.at, list(others)
    most = len(others) + TOLD_BY_ANOTHER
    first, errors = count_errors(search, gcc, over, units)
    best, seen = (first, before), {d["message"] for d in errors}
    for number, need.at in enumerate(others):
        if best[0][1] == 0 or (number >= hinted and best[1] in others[:hinted]) or clock.expired():
            break
        if need.at == before:
            continue
        score, errors = count_errors(search, gcc, over, units)
        if score < best[0] and (whatever or before or not need.real or score[1] < first[1]):
            best = (score, need.at)
        for diagnostic in [d for d in errors if d["message"] not in seen][:2]:
            if need in search.suspects(diagnostic) and len(others) < most:
                others += [at for at in search.hint(need, diagnostic) if at not in others]
    need.at = best[1]
    return need.at != before


def prune(search, gcc, over, clock):
    """Drops what only followed from something else that was missing at first.

    All go at once; what the compiler then asks for comes back, until it asks for
    nothing.
    """
    whole = dict(search.needs)
    doubtful = {k: n for k, n in whole.items() if n.kind not in ("option", "header", "type") and not n.placed}
    while doubtful and not clock.expired():
        clock.tell(f"do the other {len(doubtful)} only follow from something else?")
        search.needs = {k: n for k, n in whole.items() if k not in doubtful}
        over.write(search)
        errors = [d for _unit, d in gcc.check() if is_error(d)]
        if not errors:
            break
        asked = set()
        for diagnostic in errors:
            asked |= set(re.findall(r"\w+", diagnostic["message"])) | \
                set(re.findall(r"\w+", search.place(diagnostic)[1]))
        back = [k for k, n in doubtful.items() if asked & set(n.names())]
        for key in back or list(doubtful):
            del doubtful[key]
    else:
        search.needs = whole
    over.write(search)


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
        if known:
            continue
        note = "declared, and exported by nobody" if search.shim.find(name) else ""
        for source in sources:
            search.add(needs.Need("function", name, [""], note), first_use(source, name))
    return [d for d in left if is_error(d)]


def locate(search):
    """Where Linux has each of them."""
    search.tree.learn({re.split(r"[ .]", n.name)[0 if n.kind == "member" else -1]
                       for n in search.needs.values() if n.kind not in ("option", "header", "include")})
    for need in search.needs.values():
        if need.kind == "option":
            continue
        if need.kind == "header":
            path = search.tree.has(need.name)
            need.where = need.name if path else ""
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
        clock = Clock(args.seconds)
        left = search_all(search, gcc, over, clock)
        locate(search)
        if not left:
            prune(search, gcc, over, clock)
            left = add_undefined(search, gcc, work, project)
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
