# SPDX-License-Identifier: GPL-2.0-only
"""What the compiler says of types of which it knows the name only.

Some messages name the type, others what is of it, and some neither: then it is
one that the declaration, or the expression, has by value, and that nothing of
what is compiled defines.
"""
import re

import infer
import needs

BEFORE = 12     # lines that a declaration may begin above
QUALIFIERS = r"(?:const |volatile )*"
TAG = r"(?:struct|union|enum)\s+\w+"
BY_VALUE = re.compile(rf"\b({TAG})\b(?!\s*(?:(?:const|volatile|__\w+)\s*)*[*{{;])")
DEFINED = re.compile(rf"\b({TAG})\s*(?:__\w+(?:\s*\(\([^()]*(?:\([^()]*\))?\)\))?\s*)*\{{")
TYPEDEF = re.compile(rf"\btypedef\s+{QUALIFIERS}({TAG})\s+{QUALIFIERS}(\w+)\s*(?:\[[^\]]*\]\s*)*;")


def plain(tag):
    return re.sub(r"\s+", " ", tag)


class Incomplete:
    """A part of Search: methods that read messages about such types."""

    def tag(self, tag, where):
        name = tag.split()[1]
        if self.include(name, where, "struct"):
            return True
        if not self.tree.find(name, "struct"):
            fact, real = self.in_linux(name, "macro")
            other = re.match(r"#\s*define\s+\w+\s+(\w+)$", real or "")
            if other:
                # #define foo bar: so that a struct foo is a struct bar
                return self.include(name, where, "macro") or self.add(needs.value(name, fact, real), where) or \
                    self.tag(f"{tag.split()[0]} {other[1]}", where)
        return self.add(needs.tagged(tag), where)

    def any_tag(self, tags, where):
        return any([self.tag(plain(tag), where) for tag in dict.fromkeys(tags)])

    def named(self, match, where, _text):
        return self.tag(f"{match[1]} {match[2]}", where)

    # ---- what is compiled ---------------------------------------------------

    def compiled(self):
        """With macros expanded: the text, types that it defines, and {foo_t: what that is a name of}."""
        key = (self.diagnostic["unit"], "compiled")
        if key not in self.expansions:
            text = "\n".join(text for text, _depth in self.all_expanded().values())
            self.expansions[key] = (text, set(map(plain, DEFINED.findall(text))),
                                    {name: tag for tag, name in TYPEDEF.findall(text)})
        return self.expansions[key]

    def undefined(self, tag):
        return plain(tag) not in self.compiled()[1]

    def behind_type(self, name):
        """foo_t: what it is a name of, in Linux's own text or in what is compiled; or None."""
        need = self.needs.get(("type", name))
        found = TYPEDEF.search(need.stand_in()) if need else None
        return found[1] if found and found[2] == name else self.compiled()[2].get(name)

    def by_value(self, text):
        """Types that are undefined, and that @text has by value: by their tags, or by other names."""
        tags = BY_VALUE.findall(text)
        for name in dict.fromkeys(re.findall(r"\b[A-Za-z_]\w*\b(?!\s*[*(])", text)):
            tags += filter(None, [self.behind_type(name)])
        return [tag for tag in tags if self.undefined(tag)]

    def declaration(self):
        """What macros make of the declaration that the message points into, to the end of its line."""
        caret, lines = self.diagnostic["locations"][0]["caret"], self.all_expanded()
        text = lines.get((caret["file"], caret["line"]), ("",))[0]
        for number in range(caret["line"] - 1, max(0, caret["line"] - BEFORE), -1):
            above = lines.get((caret["file"], number), ("",))[0]
            text = f"{re.split(r'[;{}]', above)[-1]} {text}"
            if re.search(r"[;{}]", above):
                break
        return text

    # ---- messages -----------------------------------------------------------

    def of_name(self, match, where, text):
        """The message has what is of it: a variable, a member, a parameter."""
        name = re.escape(match[1])
        texts = [text, *self.macros_of(text), self.declaration()]
        for piece in texts:
            shape = re.search(rf"\b({TAG})\s+(?:\*?\w+\s*,\s*)*{name}\b", piece)
            if shape:
                return self.tag(plain(shape[1]), where)
            other = re.search(rf"\b(\w+)\s+(?:\*?\w+\s*,\s*)*{name}\b", piece)
            if other and self.behind_type(other[1]):
                return self.tag(plain(self.behind_type(other[1])), where)
        shape = re.search(rf"\b({TAG})\b[^;]*?\b{name}\b", text) or re.search(rf"\b({TAG})\b", text)
        if shape:
            return self.tag(plain(shape[1]), where)
        return self.of_nothing(match, where, text)

    def of_nothing(self, _match, where, text):
        """The message has neither the type nor what is of it."""
        for piece in (text, self.declaration(), *self.macros_of(text)):
            tags = self.by_value(piece)
            if tags:
                return self.any_tag(tags, where)
        return False

    def result(self, _match, where, text):
        """foo_t f(int a): of what stands before the function's name."""
        column = self.diagnostic["locations"][0]["caret"].get("byte-column", 1)
        name = re.match(r"\w+", text[column - 1:])
        whole = self.declaration()
        ends = [m.start() for m in re.finditer(rf"\b{name[0]}\s*\(", whole)] if name else []
        tags = self.by_value(re.split(r"[;{}]", whole[:ends[0]])[-1] if ends else whole)
        return self.any_tag(tags, where) if tags else self.of_nothing(_match, where, text)

    def parameter(self, _match, where, _text):
        """Of a call: in what the functions called there are declared with."""
        tags = []
        for name in dict.fromkeys(re.findall(r"\b(\w+)\s*\(", self.expanded()[0])):
            for declared in re.findall(rf"\b{name}\s*\)?\s*\(([^;{{}}]*)\)", self.compiled()[0]):
                tags += self.by_value(declared)
        return self.any_tag(tags, where)

    def pointed_at(self, _match, where, text):
        """Of a calculation: what pointers there are declared to point at."""
        path = self.diagnostic["locations"][0]["caret"]["file"]
        self.line(path, 1)
        above = "\n".join(reversed(self.lines[path]))    # the last before it
        tags = []
        for word in dict.fromkeys(re.findall(r"\b[A-Za-z_]\w*", text)):
            shape = infer.shape_of(word, self.needs.values(), above)
            tags += re.findall(TAG, shape or "")
        return self.any_tag([tag for tag in tags if self.undefined(tag)], where)


SAID = r"(?:undefined|incomplete) (?:element )?type(?:def)?"
RANK = [(rf"{SAID} '{QUALIFIERS}(struct|union|enum) (\w+)(?:\[\d*\])*'", Incomplete.named),
        (rf"{SAID} '[^']*' \{{aka '{QUALIFIERS}(struct|union|enum) (\w+)(?:\[\d*\])*'\}}", Incomplete.named),
        (r"field '(\w+)' has incomplete type", Incomplete.of_name),
        (r"variable '(\w+)' has initializer but incomplete type", Incomplete.of_name),
        (r"storage size of '(\w+)' isn't known", Incomplete.of_name),
        (r"parameter \d+ \('(\w+)'\) has incomplete type", Incomplete.of_name),
        (r"return type is an incomplete type", Incomplete.result),
        (r"parameter \d+ has incomplete type|conversion to incomplete type", Incomplete.of_nothing),
        (r"type of formal parameter \d+ is incomplete", Incomplete.parameter),
        (r"arithmetic on pointer to an incomplete type", Incomplete.pointed_at)]
