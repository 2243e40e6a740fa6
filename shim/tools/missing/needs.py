# SPDX-License-Identifier: GPL-2.0-only
"""What is needed and not there, each with what may stand in for it.

A stand-in lets the compiler go on to what it could not see before. Which one
fits is found by trying: each need has a list of them, and when the compiler
still complains about a line that uses it, the next one is taken.
"""
import itertools
import re

number = itertools.count(0x6d000001)
LOOP = "#define {}(...) for (int um_once = 0; !um_once; um_once = 1)"


class Need:
    """One row of the table.

    kind: option, header, include, function, macro, constant, variable, type, member
    name: linux/foo.h; foo; struct foo; foo.bar
    text: stand-ins, C text, in the order to try them
    note: what the row says beside its name
    """

    def __init__(self, kind, name, text=("",), note=""):
        self.kind, self.name, self.note = kind, name, note
        self.text = list(text)
        self.at = 0
        self.real = False   # is the first of them Linux's own declaration?
        self.declares = False   # a macro that may define what it is given the name of
        self.owner = None   # of a member: struct foo
        self.placed = False # is it needed though nobody asks for it by name?
        self.line = 0       # of a member: where Linux has it, since one may have to be the first
        self.inner = f"struct um_{re.sub(r'[^A-Za-z0-9_]', '_', name)}"  # what it may be or point at
        self.brings = {}    # stand-in: the shim's header that it needs
        self.users = {}     # (file, line): True; in order
        self.where = ""
        self.round = 0          # in which it was found

    def __repr__(self):
        return f"{self.kind} {self.name}"

    @property
    def word(self):
        """What a source line has of it."""
        return re.split(r"[ .]", self.name)[-1]

    def names(self):
        """What a message about it may have."""
        return re.findall(r"\w+", self.note) if self.kind == "include" else [self.word]

    def stand_in(self):
        return self.text[self.at]

    def stands_alone(self):
        """Is its stand-in a declaration?"""
        return self.kind not in ("option", "header", "include", "member")

    def number(self):
        """Which stand-in is a number; None if there is none."""
        return next((at for at, text in enumerate(self.text)
                     if re.match(rf"(extern )?long {re.escape(self.word)}(\(\))?;$", text)), None)

    def another(self):
        """The next stand-in; False when there is none."""
        if self.at + 1 >= len(self.text):
            return False
        self.at += 1
        return True


def mentioned(text):
    """Forward declarations of the structs in a piece of C."""
    return "".join(f"{s};\n" for s in sorted(set(re.findall(r"\b(?:struct|union) \w+", text))))


def once_more(text):
    """Linux's own declaration as the first stand-in, if there is one."""
    return [text if text.startswith("#") else mentioned(text) + text] if text else []


def function(name, fact, real=None):
    """A function, or a macro that is called like one; @real is how Linux declares it."""
    kind = "macro" if name.isupper() or "for_each" in name or (fact and fact.kind == "macro") \
        else "function"
    text = once_more(real)
    if "for_each" in name:
        text += [LOOP.format(name)]
    elif kind == "macro" and name.upper() == name:
        text += [f"#define {name}(...) 0L", f"#define {name}(...)"]
    if real and fact.kind == "function":
        result = real[:real.index(name)].strip()
        text += [mentioned(result) + f"{result} {name}();"]
    text += [f"long {name}();", f"void *{name}();", f"struct um_{name} *{name}();",
             f"int {name}();", f"void {name}();", f"#define {name}(...)",
             f"#define {name}(...) 0L", f"#define {name}(...) (void *)0",
             f"#define {name}(...) (*(void *)0)",    # whose address is taken
             f"#define {name}(...) (*(long *)0)",    # which is assigned to
             f"#define {name}(...) {{ 0 }}"]
    return whole(Need(kind, name, text), real)


def whole(need, real):
    need.real = bool(real)
    return need


def declares(name, real=None):
    """A macro at file scope, which may define what its first argument names."""
    need = Need("macro", name, once_more(real) + [
        f"#define {name}(...) struct um_any",
        f"#define {name}(a, ...) long a",
        f"#define {name}(a, ...) struct um_{name} a",
        f"#define {name}(a, b, ...) long b",
        f"#define {name}(a, ...) void *a[16]"])
    need.declares = True
    return whole(need, real)


def value(name, fact, real=None):
    """Something that is named and not called: a constant, a variable, an attribute."""
    kind = fact.kind if fact and fact.kind in ("macro", "variable", "function", "constant") else \
        "constant" if name.isupper() else "variable"
    text = []
    if kind == "constant" and real:
        text.append(f"enum {{ {name} = {real} }};")
    else:
        text += once_more(real)
    if fact and fact.kind == "function":
        text += [t for t in function(name, fact, real).text[1:] if not t.startswith("#")]
    constant = f"enum {{ {name} = {next(number):#x} }};"
    variable = [f"extern long {name};", f"extern struct um_{name} {name};",
                f"extern struct um_{name} *{name};"]
    if name.upper() == name:
        text += [constant, f'#define {name} ""'] + variable
    else:
        text += variable + [f"long {name}();", constant, f"typedef long {name};"]
    text += [f"#define {name}", f"#define {name} ((struct um_any){{ 0 }})", f"#define {name} {{ 0 }}"]
    return whole(Need(kind, name, text), real)


def option(name):
    """Of the kernel's configuration: headers have other declarations with it."""
    return Need("option", name, [f"#define {name} 1"], "not set in the shim")


def attribute(name, real=None):
    return Need("macro", name, once_more(real) + [f"#define {name}", f"#define {name}(...)"])


def named_type(name, real=None):
    need = Need("type", name)
    need.text = once_more(real) + [
        f"typedef long {name};", f"typedef {need.inner} {name};",
        f"typedef void *{name};", f"typedef long (*{name})();", f"typedef long {name}();",
        f"#define {name}"]
    return whole(need, real)


def tagged(tag):
    """struct foo: what is between its braces comes with the members' needs."""
    kind, name = tag.split()
    if kind == "enum":
        return Need("type", tag, [f"enum {name} {{ um_{name} = 0 }};"])
    return Need("type", tag, ["{}"])


def member(owner, outer, name, fact):
    """@owner: "struct foo", or what was made up for @outer: "foo.bar"."""
    inner = "um_" + re.sub(r"\W", "_", f"{outer}__{name}")
    text = [fact.text] if fact else []
    text += [f"void *{name};", f"long {name};", f"long (*{name})();", f"struct {inner} {name};",
             f"struct {inner} *{name};", f"long {name}[16];", f"struct {inner} {name}[16];"]
    need = Need("member", f"{outer}.{name}", text)
    need.owner, need.inner = owner, f"struct {inner}"
    need.line = fact.line if fact else 0
    return whole(need, fact)
