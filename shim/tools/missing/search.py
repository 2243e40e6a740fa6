# SPDX-License-Identifier: GPL-2.0-only
"""What is known to be missing so far, and how a message of the compiler adds to it."""
import collections
import glob
import os
import re

import compiler
import incomplete
import infer
import initializers
import linux
import needs
import overlay

EXCESS = r"extra brace group at end of initializer|excess elements in (?:struct|union) initializer|" \
         r"field name not in record or union initializer"
VALUES = ("macro", "variable", "constant", "function")
NOTHING = linux.Fact("", "", "", 0, "")
CALL_LINES = 12     # that a macro's call may have
# DECLARE_FOO(name, 1) where a declaration is expected
BEGUN = r"(?:^|[;{{}}])\s*(?:(?:static|extern|const|inline|__inline|__inline__)\s+)*{}\s*\("
KEYWORDS = {"if", "else", "for", "while", "do", "switch", "case", "return", "sizeof", "typeof", "goto"}
TEXT_OF = re.compile(r"\b__stringify\s*\(\s*([A-Za-z_]\w*)\s*\)")
NO_MACRO = re.compile(r"_Static_assert|__attribute__|(?:__)?(?:asm|typeof)(?:__)?$")


class Search(incomplete.Incomplete, initializers.Initializers):
    """What is known so far, and how a message of the compiler adds to it."""

    def __init__(self, shim, uapi, tree, over, own=()):
        self.shim, self.uapi, self.tree, self.over = shim, uapi, tree, over
        self.needs = {}
        self.gcc = None         # who says what macros become
        self.expansions = {}    # of this round
        self.lines = {}
        self.macros = {}        # of files of the sources, by their names
        self.round = 0
        # headers that stand-ins need: the round in which they were added
        self.brought = {overlay.NAME: {}, overlay.MEMBERS: {}}
        self.early = []         # keys of what headers of the shim's or the system's need
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

    def in_header_of_ours(self):
        """Does the shim, or the system, need what is told of, and no stand-in or source?"""
        if not self.diagnostic:
            return False
        path = self.diagnostic["locations"][0]["caret"]["file"]
        return bool(self.over.relative(path)) or self.uapi.relative(os.path.realpath(path)) != os.path.realpath(path)

    def all_expanded(self):
        unit = self.diagnostic["unit"]
        if unit not in self.expansions:
            self.expansions[unit] = self.gcc.expanded(unit)
        return self.expansions[unit]

    def expanded(self):
        """What macros make of the line that is told of, and how many braces are open before it."""
        caret, lines = self.diagnostic["locations"][0]["caret"], self.all_expanded()
        for number in range(caret["line"], max(0, caret["line"] - CALL_LINES), -1):
            if (caret["file"], number) not in lines:
                continue
            text, depth = lines[caret["file"], number]
            for before in range(number - 1, number - CALL_LINES, -1):
                above = lines.get((caret["file"], before), ("",))[0]
                if text.count(")") > text.count("(") or (not depth and above.rstrip().endswith((",", "("))):
                    text = f"{above} {text}"
                elif above:
                    break       # of something else
            for more in range(number + 1, number + CALL_LINES):
                if text.count("(") > text.count(")"):
                    text += " " + lines.get((caret["file"], more), ("",))[0]
            return text, depth
        return "", 0

    def has_its_own(self, need):
        """A header of the sources has it: that it is not seen follows from something else."""
        if not self.trusted or not need.stands_alone():
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
        if need.word in KEYWORDS:
            return False        # that follows from something else
        if self.has_its_own(need):
            return self.option_of_own(need.word, where)
        key = (need.kind, need.name)
        if key in self.refused:
            return False
        known = self.needs.setdefault(key, need)
        known.users[where] = True
        if known is need:
            self.used_by(need, where)
        if key not in self.early and known.stands_alone() and self.in_header_of_ours():
            self.early.append(key)
            return True
        return known is need

    def used_by(self, need, where):
        """What Linux's own text of a macro calls: that the compiler may not tell."""
        head = re.match(r"#\s*define\s+\w+(\([^)]*\))?", need.text[0])
        if not head:
            return
        text, arguments = need.text[0][head.end():], set(re.findall(r"\w+", head[1] or ""))
        names = set(re.findall(r"\b([A-Za-z_]\w*)\s*\(", text))
        for name in sorted(names - KEYWORDS):
            fact = self.tree.find(name, "macro")
            if fact and not self.shim.facts(name) and not self.uapi.facts(name):
                self.add(needs.function(name, fact, self.tree.declaration(fact)), where)
        for name in dict.fromkeys(TEXT_OF.findall(text)):
            if name not in arguments:
                self.macro_alone(name, where)

    def macro_alone(self, name, where, placed=True):
        """What is a macro in Linux, and nowhere else.

        @placed: of which no more than the text is wanted: for the compiler, its name is one as well.
        """
        fact, real = self.in_linux(name, "macro")
        if not fact or self.shim.facts(name) or self.uapi.facts(name) or self.owned.facts(name) or \
                any(need.word == name for need in self.needs.values()):
            return False
        need = needs.function(name, fact, real) if re.match(r"#\s*define\s+\w+\(", real) \
            else needs.value(name, fact, real)
        need.placed = placed
        return self.add(need, where)

    def of_assembler(self, diagnostic):
        """The assembler does not know a word: of a macro that is missing, in a string, the name is left."""
        where, _text = self.place(diagnostic)
        self.diagnostic = diagnostic
        strings = " ".join(re.findall(r'"(?:[^"\\]|\\.)*"', self.expanded()[0]))
        return any(any([self.macro_alone(name, where) for name in dict.fromkeys(re.findall(r"\b[A-Za-z_]\w*", text))])
                   for text in (diagnostic["message"].removeprefix(compiler.OTHER_MACHINE), strings))

    def include(self, name, where, *kinds):
        """Is @name in a header of the shim that the source does not get?"""
        fact = self.shim.find(name, *kinds) or self.uapi.find(name, *kinds)
        if not fact:
            return False
        headers = self.shim if fact in self.shim.facts(name) else self.uapi
        header = headers.relative(fact.path)
        if self.inside:
            # a stand-in needs it: Linux's header, which has the real thing, brings it
            name = os.path.basename(self.diagnostic["locations"][0]["caret"]["file"])
            brought = self.brought.get(name, self.brought[overlay.MEMBERS])
            return brought.setdefault(header, self.round) == self.round
        if self.in_header_of_ours():
            self.brought[overlay.MEMBERS].setdefault(header, self.round)    # before that one
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
        return self.lacks_header(match[1], where)

    def lacks_header(self, name, where):
        if name.startswith("/") or (name.startswith(".") and not self.tree.beside(name)):
            return False        # the sources' own, by a path
        return self.add(needs.Need("header", name), where)

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
        if self.in_header_of_ours() and self.shim.member(match[2], name):
            return False        # it is seen again when what is said of the struct is mended
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
        if re.search(rf"\b{name}\s*\(\s*\*", text):
            return self.unknown_type(match, where, text)    # foo_t (*bar)(int a)
        begins = re.compile(rf"\s*(static\s+)?{name}\s*\(")
        if not begins.match(text) and not begins.match(self.line(where[0], where[1])) and \
                not re.search(BEGUN.format(name), self.expanded()[0]):
            return bool(self.in_linux(name, "type")[0]) and self.unknown_type(match, where, text)
        return self.declares(name, where)

    def declares(self, name, where):
        if self.include(name, where, "macro"):
            return True
        known = self.needs.get(("function", name))
        if known:
            return known.another()      # how it stands in is no declaration
        need = needs.declares(name, *self.in_linux(name, "macro")[1:])
        if re.search(rf"\b{name}\s*\([^;]*\)$", self.expanded()[0].strip()):
            # nothing ends the declaration, but the macro itself
            need.text.insert(need.real, f"#define {name}(...) struct um_any;")
        return self.add(need, where)

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
        text, depth = self.expanded()
        names = [] if depth else [name for name in re.findall(BEGUN.format(r"(\w+)") + r"(?!\s*\*)", at_top(text))
                                  if not NO_MACRO.match(name)]
        return any([self.declares(name, where) for name in dict.fromkeys(names)])

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
        if word.startswith("__") and not (name or "").startswith("__"):
            name = word     # or is one itself
        if not name or name in ("static", "int", "void", "struct", "const", "long", "unsigned"):
            return False
        if self.include(name, where):
            return True
        if self.shim.facts(name) or ("macro", name) in self.needs:
            return False
        return self.add(needs.attribute(name, *self.in_linux(name, "macro")[1:]), where)

    def loop(self, _match, where, text):
        """foo_for_each(a, b) {, or scoped_foo(a) {"""
        shape = re.search(r"\b(\w*for_each\w*)\s*\(", text) or \
            re.search(r"(\w+)\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\s*\{", self.expanded()[0])
        if not shape or shape[1] in KEYWORDS:
            return False
        need = needs.function(shape[1], *self.in_linux(shape[1], "macro"))
        need.text.insert(need.real, needs.LOOP.format(shape[1]))
        return self.add(need, where)

    def attribute_at(self, match, where, _text):
        """int a[2] __foo: behind what it is of, where no other word can stand."""
        name = match[1]
        if self.include(name, where, "macro"):
            return True
        real = self.in_linux(name, "macro")
        return bool(real[0]) and self.add(needs.attribute(name, real[1]), where)

    def in_condition(self, _match, where, text):
        """#if FOO(1): where no macro of that name is."""
        name = re.search(r"([A-Za-z_]\w*)\s*\(", re.sub(r"^\s*#\s*\w+|\bdefined\s*\(", "", text))
        return bool(name) and (self.include(name[1], where, "macro") or self.add(
            needs.function(name[1], *self.in_linux(name[1], "macro")), where))

    def told_by_source(self, _match, where, _text):
        """#error: of a condition that what is missing would have met."""
        if self.in_header_of_ours():
            return False
        lines, found = [self.line(where[0], n) for n in range(1, where[1])], False
        for names, _without in linux.conditions(lines, r"(?!defined\b)\b[A-Za-z_]\w*"):
            for name in names:
                real = self.in_linux(name, "macro")
                if self.shim.facts(name) and self.include(name, where, "macro"):
                    found = True
                elif name.startswith("CONFIG_"):
                    found |= self.add(needs.option(name.removesuffix("_MODULE")), where)
                elif real[0] and not self.shim.facts(name):
                    found |= self.add(needs.value(name, *real), where)
        return found

    def macros_of_ours_near(self, _match, where, text):
        """What Linux has as a variable, and the shim as a macro, is the name of something else as well."""
        found = False
        for name in dict.fromkeys(re.findall(r"\b[A-Za-z_]\w*", text)):
            real = self.in_linux(name, "variable")
            if not real[1] or not re.match(rf"\s*#\s*define\s+{name}\s", (self.shim.find(name) or NOTHING).text):
                continue
            plain = re.sub(r"\b__\w+(\s*\([^()]*\))?\s*", "", real[1])     # attributes may be missing, too
            found |= self.add(needs.Need("variable", name, [f"#undef {name}\n{plain}"], "a macro in the shim"), where)
        return found

    def macros_near(self, _match, where, _text):
        """Nothing tells of them by name: what stands there and is a macro in Linux, and nowhere else."""
        return any([self.macro_alone(name, where, False)
                    for name in dict.fromkeys(re.findall(r"\b[A-Za-z_]\w*", self.expanded()[0]))])

    def member_called(self, match, where, _text):
        """The shim has a function's pointer in a struct, with other arguments."""
        for struct in self.shim.structs_with(match[1]):
            key, fact = ("member", f"{struct}.{match[1]}"), self.shim.member(struct, match[1])
            if not fact or key in self.refused:
                continue
            if key in self.needs:       # and it is told of again: it was that of another struct
                self.refused.add(key)
                del self.needs[key]
                continue
            other = self.tree.member(struct, match[1])
            texts = ([other.text] if other and other.text != fact.text else []) + [
                f"long (*{match[1]})();", f"void *(*{match[1]})();"]
            need = needs.Need("member", key[1], texts, "with another type")
            need.owner = f"struct {struct}"
            return self.add(need, where)
        return False

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

    def twice(self, match, where, _text):
        """A name was taken for two things: that of the first message is what it is.

        One that the sources or a header define all the same was not seen before for what was missing.
        """
        name = next(filter(None, match.groups()))
        keys = [key for key, need in self.needs.items() if need.word == name and
                need.stands_alone() and " " not in need.name]
        here, *before = [place["caret"]["file"] for said in
                         [self.diagnostic, *self.diagnostic.get("children", [])] for place in said["locations"]]
        if not keys or (len(keys) == 1 and not any(map(self.over.made, before))):
            return False
        self.refused.add(keys[-1])
        need = self.needs.pop(keys[-1])
        if self.over.relative(here):
            self.include_header(self.over.relative(here), name, next(iter(need.users), where))
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
         (r"'(\w+)' redeclared as different kind of symbol|^conflicting types for '(\w+)'|"
          r"declaration of '(\w+)' follows (?:non-)?static declaration", twice),
         (r"expected identifier or '\(' before '", stubbed),
         (r"^missing binary operator before token \"\(\"|^function-like macro \"\w+\" is not defined", in_condition),
         (r"^#error", told_by_source)],
        [(r"unknown type name '(\w+)'", unknown_type),
         (r"'(?:const )?(struct|union|enum) (\w+)' declared inside", incomplete.Incomplete.named),
         (r"type defaults to 'int' in declaration of '(\w+)'", declarer),
         (r"expected specifier-qualifier-list before '(\w+)'", declarer),
         (r"expected (?:'\)'|declaration specifiers or '\.\.\.'|identifier or '(?:\.\.\.|\()') before "
          r"(?:(?:numeric|string) constant|'\S+?')", called_outside),
         (r"^return type defaults to 'int'|^data definition has no type or storage class", called_outside),
         (r"expected (?:',' or ';'|':' or '\)') before '(\w+)'", among_strings),
         (r"expected (?:':', ',', ';', '}' or '__attribute__'|';', ',' or '\)'|'=', ',', ';', 'asm' or "
          r"'__attribute__'|declaration specifiers) before '(\w+)'", attribute_at),
         (r"expected (?:'=', ',', ';', 'asm'|':', ',', ';', '}') or '__attribute__' before '(\w+)'", unexpected),
         (r"expected ';' before '\{' token", loop)],
        incomplete.RANK,
        # what a macro does not evaluate is not needed: all that is called comes first
        [(r"implicit declaration of function '(\w+)'", implicit)],
        [(r"^'(\w+)' undeclared", undeclared),
         (r"'(?:const |volatile )*(struct|union) (\w+)'(?: \{aka [^}]*\})? has no member named '(\w+)'",
          no_member),
         (r"\{aka '(?:const |volatile )*(struct|union) (\w+)'\} has no member named '(\w+)'",
          no_member)],
        [(EXCESS, initializers.Initializers.positional)],
        [(r"too (?:many|few) arguments to function '(\w+)'", differs),
         (r"macro \"(\w+)\" (?:passed|requires)", differs),
         (r"too (?:many|few) arguments to function '.*(?:->|\.)(\w+)'", member_called)],
    ]
    # When no other stand-in helps: the shim's function is another one.
    LAST = [(r"passing argument \d+ of '(\w+)' from incompatible", differs),
            (r"^initialization of .* from incompatible", initializers.Initializers.member_differs),
            (r"", initializers.Initializers.positional),
            (r"", macros_of_ours_near),
            (r"", macros_near)]

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
        self.diagnostic = diagnostic
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
        elif not any(need.word == word for need in self.needs.values() for _o, _d, word in words):
            # it is in the text of a macro
            made = self.expanded()[0]
            words += [(True, len(text) - m.start(), m[0]) for m in re.finditer(r"\w+", made)]
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
            if match and method(self, match, where, text):
                return True
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


def at_top(text):
    """Without what is between braces."""
    before = None
    while text != before:
        before, text = text, re.sub(r"\{[^{}]*\}", "{}", text)
    return text


def is_error(diagnostic):
    return diagnostic["kind"] in ("error", "fatal error") or \
        "declared inside parameter list" in diagnostic["message"]


def is_told(diagnostic):
    """An error, or what tells of something missing all the same."""
    return is_error(diagnostic) or re.match(EXCESS, diagnostic["message"])
