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
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time

import compiler
import linux
import needs
import overlay

RUNTIME = re.compile(r"__(asan|ubsan|tsan|sanitizer|gcov|llvm|sancov|stack_chk|atomic)_|"
                     r"_GLOBAL_OFFSET_TABLE_|__this_module$|__odr_|__start_|__stop_|__tls_get_addr")
ROUNDS = 300    # each finds something; no driver needs a tenth of them
TOLD = 20       # errors that are printed; what follows from one may be thousands
VALUES = ("macro", "variable", "constant", "function")
ORDER = ["option", "header", "include", "type", "member", "constant", "macro", "variable", "function"]


# What is not modelled here, and will not be: whoever needs it has come to the wrong house.
OUTSIDE = {
    "KVM": re.compile(r"\b(linux|asm|kvm)/\w*kvm\w*|^kvm/"),
    "devlink": re.compile(r"\bnet/devlink"),
    "networking": re.compile(
        r"^net/|^linux/(netdev|netlink|netfilter|skbuff|etherdevice|ethtool|inetdevice|rtnetlink|"
        r"if_(vlan|bridge|tun|link|arp|macvlan)|in6?\.h|ip(v6)?\.h|tcp|udp|phy|phylink|mdio|filter\.h)"),
    "s390": re.compile(r"\barch/s390/|\basm/(ap|airq|chsc|cio|ccwdev|ccwgroup|css_chars|eadm|facility|"
                       r"idals|isc|pci_insn|schid|scsw|zcrypt)\.h"),
}


class Search:
    """What is known so far, and how a message of the compiler adds to it."""

    def __init__(self, shim, uapi, tree, over, own=()):
        self.shim, self.uapi, self.tree, self.over = shim, uapi, tree, over
        self.needs = {}
        self.lines = {}
        self.round = 0
        self.brought = {}       # headers that stand-ins need: the round in which they were added
        self.inside = False     # is the message that is read about a stand-in?
        self.diagnostic = None  # which is read
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
        key = ("include", header)
        if key not in self.needs:
            self.needs[key] = needs.Need("include", header)
            self.needs[key].round = self.round
        need = self.needs[key]
        need.users[where] = True
        need.note = ", ".join(sorted(set(filter(None, need.note.split(", "))) | {name}))
        # what was added before and did not help is not it
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
        # a struct of that name is something else
        return self.add(needs.value(name, *self.in_linux(name, *VALUES)), where)

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
        shape = re.search(rf"\b((?:struct|union|enum)\s+\w+)\s+(?:\*?\w+\s*,\s*)*{match[1]}\b", text) or \
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

    def in_macros(self, text):
        """FOO(a, b): what Linux's own text of FOO makes."""
        needed = filter(None, (self.needs.get(("macro", name))
                               for name in re.findall(r"\b(\w+)\s*\(", text)))
        return [tag for need in needed
                for tag in re.findall(r"\b((?:struct|union|enum)\s+\w+)\b", need.stand_in())]

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
        if not re.match(rf"\s*(static\s+)?{name}\s*\(", text) and \
                not re.match(rf"\s*(static\s+)?{name}\s*\(", self.line(where[0], where[1])):
            return False
        if self.include(name, where, "macro"):
            return True
        known = self.needs.get(("function", name))
        if known:
            return known.another()      # how it stands in is no declaration
        return self.add(needs.declares(name, *self.in_linux(name, "macro")[1:]), where)

    def called_outside(self, _match, where, text):
        """DECLARE_FOO(name, 1): a macro whose arguments are no declaration of a function."""
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

    def redefined(self, match, _where, _text):
        """A header that was added meanwhile has it."""
        return self.needs.pop(("type", f"{match[1]} {match[2]}"), None) is not None

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
         (r"redefinition of '(\w+)'", option),
         (r"expected identifier or '\(' before '", stubbed)],
        [(r"unknown type name '(\w+)'", unknown_type),
         (r"'(?:const )?(struct|union|enum) (\w+)' declared inside", incomplete_named),
         (r"type defaults to 'int' in declaration of '(\w+)'", declarer),
         (r"expected specifier-qualifier-list before '(\w+)'", declarer),
         (r"expected (?:'\)'|declaration specifiers or '\.\.\.') before (?:(?:numeric|string) constant|'\w+')",
          called_outside),
         (r"expected '=', ',', ';', 'asm' or '__attribute__' before '(\w+)'", unexpected),
         (r"expected ',' or ';' before '(\w+)'", among_strings),
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
        [(r"too (?:many|few) arguments to function '(\w+)'", differs),
         (r"macro \"(\w+)\" (?:passed|requires)", differs)],
    ]
    # When no other stand-in helps: the shim's function is another one.
    LAST = [(r"passing argument \d+ of '(\w+)' from incompatible", differs)]

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
        what they are of is right already.
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
            called = re.search(r"(\w+)\s*\(", text[column - 1:])
            words = [(False, 0, called[1])] if called else []
        needed = collections.defaultdict(list)
        for need in self.needs.values():
            if need.kind not in ("option", "header", "include"):
                needed[need.word].append(need)
        found = []
        for outside, _distance, word in sorted(words):
            for need in needed[word] or filter(None, [self.declared_by(word)]):
                if need not in [n for _last, n in found] and len(need.text) > 1:
                    found.append((operands and need.kind != "member", need))
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
        """What the message says of the type that is wanted."""
        shape = re.match(r"(?:initialization of|assignment to) '([^'()]*?) ?\(\*\)\(",
                         diagnostic["message"])
        if shape and need.kind not in ("member", "type"):
            text = needs.mentioned(shape[1]) + f"{shape[1]} {need.word}();"
            if text not in need.text:
                need.text.append(text)
        shape = re.match(r"incompatible types when (?:assigning to|initializing|returning) type "
                         r"'((?:struct|union) \w+)'", diagnostic["message"])
        if shape and need.kind in ("member", "function", "macro"):
            text = f"{shape[1]} {need.word}{'' if need.kind == 'member' else '()'};"
            if text not in need.text:
                need.text.append(text)
        # a member whose address is given to who expects another's has that type
        for child in diagnostic.get("children", []):
            shape = re.search(r"expected '(?:const |volatile )*([\w ]+?) \*'", child["message"])
            if shape and need.kind == "member" and shape[1] != "void":
                text = f"{shape[1]} {need.word};"
                fact = self.shim.find(shape[1].split()[-1], "type", "struct")
                if text not in need.text:
                    need.text.append(text)
                    need.brings[text] = self.shim.relative(fact.path) if fact else None

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


def errors_of(gcc, units=None):
    """Of each source that has some, in order."""
    found = {}
    for unit, diagnostic in gcc.check(units):
        if is_error(diagnostic):
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
    width = os.cpu_count() or 1
    gcc.at_work = gcc.units[:width]
    given_up = set()        # sources whose errors nothing mended
    for search.round in range(ROUNDS):
        over.write(search)
        found = errors_of(gcc, gcc.at_work)
        if not found and len(gcc.at_work) < len(gcc.units):
            found = errors_of(gcc)
            gcc.at_work = [unit for unit in found if unit not in given_up][:width]
            width *= 2
        errors = [d for unit in gcc.at_work for d in found.get(unit, ())]
        if not errors or clock.expired():
            break
        clock.tell(f"round {search.round + 1}: {len(search.needs)} missing, {len(errors)} errors behind them")
        if not learn(search, errors) and not learn_without_trust(search, errors) and \
                not try_others(search, gcc, over, errors, clock) and \
                not any([search.take(d, search.LAST) for d in errors]):
            # the others may lack more than that
            given_up |= set(found)
            gcc.at_work = []
    gcc.at_work = gcc.units
    over.write(search)
    return [d for found in errors_of(gcc).values() for d in found]


def count_errors(search, gcc, over, units):
    """How many nobody can read, and how many there are."""
    over.write(search)
    errors = [d for _unit, d in gcc.check(units) if is_error(d)]
    return sum(1 for d in errors if not search.reads(d)), len(errors)


def try_others(search, gcc, over, errors, clock):
    """Other stand-ins with which there are fewer errors; False if there are none."""
    tried, lines, changed = set(), set(), False
    for diagnostic in errors:
        where = search.place(diagnostic)[0]
        if where in lines:
            continue        # what follows from a change there is seen in the next round
        for need in search.suspects(diagnostic)[:4]:
            if need in tried or clock.expired():
                continue
            search.hint(need, diagnostic)
            tried.add(need)
            clock.tell(f"{len(search.needs)} missing, {len(errors)} errors; another stand-in for {need}")
            units = gcc.users(need)
            before, best = need.at, (count_errors(search, gcc, over, units), need.at)
            for need.at in range(len(need.text)):
                if best[0][1] == 0:
                    break
                if need.at != before:
                    best = min(best, (count_errors(search, gcc, over, units), need.at))
            need.at = best[1]
            if need.at != before:
                lines.add(where)
                changed = True
                break
    return changed


def prune(search, gcc, over, clock):
    """Drops what only followed from something else that was missing at first.

    All go at once; what the compiler then asks for comes back, until it asks for
    nothing.
    """
    whole = dict(search.needs)
    doubtful = {k: n for k, n in whole.items() if n.kind not in ("option", "header", "type")}
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
        if name in have or RUNTIME.match(name):
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


def shown(path, units):
    """As short as it can be: a source's own name, a header's below its directory."""
    here = os.path.relpath(path)
    return here if len(here) < len(path) and not here.startswith("..") else \
        os.path.basename(path) if any(u.source == path for u in units) else path


def outside(need):
    """Which of what stays out a row is of, or None."""
    return next((area for area, pattern in OUTSIDE.items()
                 if pattern.search(need.where or "") or
                 (need.kind == "header" and pattern.search(need.name))), None)


def print_outside(search):
    areas = collections.Counter(filter(None, map(outside, search.needs.values())))
    if areas:
        said = ", ".join(f"{area} ({n} row{'s' if n > 1 else ''})" for area, n in areas.items())
        print(f"stays out: {said}: umdev models none of it")


def print_table(search, units, files):
    rows = [("what", "name", "Linux has it in", "used by")]
    for need in sorted(search.needs.values(), key=lambda n: (ORDER.index(n.kind), n.name)):
        users = [f"{shown(p, units)}:{n}" for p, n in need.users]
        more = f" and {len(users) - 1} more" if len(users) > 1 else ""
        name = need.name + (f" ({need.note})" if need.note else "")
        rows.append((need.kind, name, need.where or "-", users[0] + more))
    if len(rows) > 1:
        widths = [max(len(r[i]) for r in rows) for i in range(3)]
        for row in rows:
            print("  ".join(c.ljust(w) for c, w in zip(row, widths)) + "  " + row[3])
        print()
    print_outside(search)
    counts = [(k, sum(1 for n in search.needs.values() if n.kind == k)) for k in ORDER]
    said = ", ".join(f"{n} {k}{'s' if n > 1 else ''}" for k, n in counts if n)
    print(f"{said or 'nothing'} missing in {files} file{'s' if files > 1 else ''}")


def as_json(search, left):
    rows = []
    for need in search.needs.values():
        row = {"kind": need.kind, "name": need.name, "linux": need.where or None,
               "users": [{"file": p, "line": n} for p, n in need.users]}
        if need.note:
            row["note"] = need.note
        if outside(need):
            row["outside"] = outside(need)
        rows.append(row)
    print(json.dumps({"missing": rows, "complete": not left,
                      "left": list(dict.fromkeys(tell(d) for d in left))}, indent=1))


def tell(diagnostic):
    caret = diagnostic["locations"][0]["caret"]
    return f"{caret['file']}:{caret['line']}:{caret['column']}: {diagnostic['message']}"


def kbuild_units(entries, directory, config, source_dir, linux_tree, work):
    """The sources of a directory with a kernel Makefile, with their flags."""
    cmake = os.environ.get("CMAKE", "cmake")
    with tempfile.TemporaryDirectory() as cwd:
        done = subprocess.run(
            [cmake, f"-DDIR={os.path.abspath(directory)}", f"-DCONFIG={';'.join(config)}",
             f"-DMDEV_TREE={linux_tree or ''}", "-DUMDEV_RELEASE=6.1.0", "-P",
             os.path.join(source_dir, "shim/tools/kbuild.cmake")],
            cwd=cwd, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        if done.returncode:
            raise SystemExit("umdev missing: " + next(
                (line.strip() for line in said.split("\n") if ": " in line and "CMake" not in line),
                said.strip()))
        units, module = [], None
        for line in said.splitlines():
            if line.startswith("module "):
                module = line[7:]
            match = re.match(r"  (.*?\.c)(?: (.*))?$", line)
            if match and module:
                units.append(compiler.unit_of_file(entries, match[1], work,
                                                   shlex.split(match[2] or ""), module))
        return units


def find_units(args, entries, source_dir, work):
    units = []
    config = [w for w in args.what if re.match(r"CONFIG_\w+=", w)]
    for what in args.what:
        if what in config:
            continue
        if os.path.isdir(what):
            units += kbuild_units(entries, what, config, source_dir, args.linux, work)
        elif os.path.isfile(what):
            if not what.endswith(".c"):
                raise SystemExit(f"umdev missing: {what}: neither a C source nor a directory")
            units.append(compiler.unit_of_file(entries, what, work))
        else:
            module = compiler.units_of_module(entries, what)
            if not module:
                raise SystemExit(f"umdev missing: '{what}' is no file, no directory, and no module"
                                 f" of {args.project or args.build}: give one of these")
            units += module
    return units


def default_tree(build):
    """MDEV_TREE if it is a whole kernel tree, else an installed one."""
    with open(os.path.join(build, "CMakeCache.txt")) as f:
        match = re.search(r"^MDEV_TREE:\w+=(.*)$", f.read(), re.M)
    candidates = [match[1]] if match else []
    for top in ("/lib/modules", "/usr/src"):
        for name in sorted(os.listdir(top) if os.path.isdir(top) else [], reverse=True):
            candidates += [os.path.join(top, name, "source"), os.path.join(top, name, "build"),
                           os.path.join(top, name)]
    return next((c for c in candidates
                 if os.path.exists(os.path.join(c, "include/linux/kernel.h"))), None)


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
    args.linux = args.linux or default_tree(args.build)
    if args.linux and not os.path.isdir(os.path.join(args.linux, "include/linux")):
        raise SystemExit(f"umdev missing: {args.linux}: no include/linux there: give a kernel tree")
    project = args.project or args.build
    if not os.path.isfile(os.path.join(project, "compile_commands.json")):
        raise SystemExit(f"umdev missing: {project}: no compile_commands.json there: give the directory"
                         " that cmake -B was given")
    entries = compiler.database(project)

    with tempfile.TemporaryDirectory() as work:
        units = find_units(args, entries, source_dir, work)
        include = os.path.join(source_dir, "shim/include")
        directory = os.path.abspath(args.overlay) if args.overlay else os.path.join(work, "include")
        shim = linux.Headers([include])
        system = {os.path.realpath(os.path.join(args.build, "uapi", d)): d
                  for d in ("linux", "asm", "asm-generic")}
        uapi = linux.Headers(list(system), system)
        sources = [u.source for u in units]
        tree = linux.Headers(linux.linux_directories(args.linux, sources) if args.linux else [])
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
        as_json(search, left)
    else:
        print_table(search, units, len(units))
        if left and clock.over:
            print(f"not complete: the search ended after {args.seconds} s (--seconds N); behind that:")
        elif left:
            print("and what nothing added would mend:")
        told = list(dict.fromkeys(tell(d) for d in left))
        for line in told[:TOLD]:
            print("  " + line)
        if len(told) > TOLD:
            print(f"  and {len(told) - TOLD} more (--json has all)")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
