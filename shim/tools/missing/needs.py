# SPDX-License-Identifier: GPL-2.0-only
"""What is needed and not there, each with what may stand in for it.

A stand-in lets the compiler go on to what it could not see before. Which one
fits is found by trying: each need has a list of them, and when the compiler
still complains about a line that uses it, the next one is taken.
"""
import itertools
import re

POINTER = re.compile(r"\b((?:const\s+)?(?:struct|union)\s+\w+|void|char|u8|unsigned\s+char)\s*\*+\s*$")
number = itertools.count(0x6d000001)


class Need:
    """One row of the table.

    kind: header, include, function, macro, constant, variable, type, member
    name: linux/foo.h; foo; struct foo; foo.bar
    text: stand-ins, C text, in the order to try them
    note: what the row says beside its name
    """

    def __init__(self, kind, name, text=("",), note=""):
        self.kind, self.name, self.note = kind, name, note
        self.text = list(text)
        self.at = 0
        self.declares = False   # a macro that may define what it is given the name of
        self.owner = None   # of a member: struct foo
        self.inner = f"struct um_{re.sub(r'[^A-Za-z0-9_]', '_', name)}"  # what it may be or point at
        self.brings = {}    # stand-in: the shim's header that it needs
        self.users = {}     # (file, line): True; in order
        self.where = ""

    def __repr__(self):
        return f"{self.kind} {self.name}"

    @property
    def word(self):
        """What a source line has of it."""
        return re.split(r"[ .]", self.name)[-1]

    def stand_in(self):
        return self.text[self.at]

    def another(self):
        """The next stand-in; False when there is none."""
        if self.at + 1 >= len(self.text):
            return False
        self.at += 1
        return True


def mentioned(text):
    """Forward declarations of the structs in a piece of C."""
    return "".join(f"{s};\n" for s in sorted(set(re.findall(r"\b(?:struct|union) \w+", text))))


def function(name, fact):
    """A function, or a macro that is called like one."""
    kind = "macro" if name.isupper() or "for_each" in name or (fact and fact.kind == "macro") \
        else "function"
    text = []
    if "for_each" in name:
        text += [f"#define {name}(...) for (int um_once = 0; !um_once; um_once = 1)"]
    elif kind == "macro" and name.upper() == name:
        text += [f"#define {name}(...) 0L", f"#define {name}(...)"]
    if fact and fact.kind == "function":
        before = fact.text[:fact.text.index(name)].replace("extern", "").strip()
        result = POINTER.search(before)
        if result:
            pointer = before[result.start():].strip()
            text += [mentioned(pointer) + f"{pointer}{name}();"]
        elif re.search(r"\b(?:struct|union) \w+$", before):
            text += [re.search(r"(?:struct|union) \w+$", before)[0] + f" {name}();"]
        elif re.search(r"\bbool$", before):
            text += [f"_Bool {name}();"]
        elif re.search(r"\bvoid$", before):
            text += [f"void {name}();"]
    text += [f"long {name}();", f"void *{name}();", f"struct um_{name} *{name}();",
             f"int {name}();", f"void {name}();", f"#define {name}(...)",
             f"#define {name}(...) 0L", f"#define {name}(...) (void *)0"]
    return Need(kind, name, text)


def declares(name):
    """A macro at file scope, which may define what its first argument names."""
    need = Need("macro", name, [
        f"#define {name}(...) struct um_any",
        f"#define {name}(a, ...) long a",
        f"#define {name}(a, ...) struct um_{name} a",
        f"#define {name}(a, b, ...) long b",
        f"#define {name}(a, ...) void *a[16]"])
    need.declares = True
    return need


def value(name, fact):
    """Something that is named and not called: a constant, a variable, an attribute."""
    kind = fact.kind if fact and fact.kind in ("macro", "variable", "function") else \
        "constant" if name.isupper() else "variable"
    text = []
    if fact and fact.kind == "variable":
        shape = re.match(r"\s*extern\s+(.*\S)\s*;", fact.text)
        if shape and re.search(r"\bstruct \w+", shape[1]):
            text.append(mentioned(shape[1]) + fact.text.strip())
    if fact and fact.kind == "function":
        text += [t for t in function(name, fact).text if not t.startswith("#")]
    constant = f"enum {{ {name} = {next(number):#x} }};"
    variable = [f"extern long {name};", f"extern struct um_{name} {name};",
                f"extern struct um_{name} *{name};"]
    if name.upper() == name:
        text += [constant, f'#define {name} ""'] + variable
    else:
        text += variable + [f"long {name}();", constant]
    text += [f"#define {name}", f"#define {name} ((struct um_any){{ 0 }})"]
    return Need("constant" if fact and fact.kind == "constant" else kind, name, text)


def attribute(name):
    return Need("macro", name, [f"#define {name}", f"#define {name}(...)"])


def named_type(name):
    return Need("type", name, [
        f"typedef long {name};", f"typedef struct {{ struct um_any a; }} {name};",
        f"typedef void *{name};", f"typedef long (*{name})();", f"typedef long {name}();",
        f"#define {name}"])


def tagged(tag):
    """struct foo: what is between its braces comes with the members' needs."""
    kind, name = tag.split()
    if kind == "enum":
        return Need("type", tag, [f"enum {name} {{ um_{name} = 0 }};"])
    return Need("type", tag, ["{}"])


def member(owner, outer, name, fact):
    """@owner: "struct foo", or what was made up for @outer: "foo.bar"."""
    inner = "um_" + re.sub(r"\W", "_", f"{outer}__{name}")
    text = []
    if fact:
        line = fact.text.split("/*")[0].strip()
        simple = re.match(rf"(.*?)\b{re.escape(name)}\b[^,]*;$", line)
        if simple and re.search(r"\bstruct \w+\s*\**\s*$", simple[1]) and "(" not in line:
            return as_member(owner, outer, name, inner, [line, f"void *{name};", f"long {name};"])
    text += [f"void *{name};", f"long {name};", f"long (*{name})();", f"struct {inner} {name};",
             f"struct {inner} *{name};", f"long {name}[16];", f"struct {inner} {name}[16];"]
    return as_member(owner, outer, name, inner, text)


def as_member(owner, outer, name, inner, text):
    need = Need("member", f"{outer}.{name}", text)
    need.owner, need.inner = owner, f"struct {inner}"
    return need
