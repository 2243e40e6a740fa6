# SPDX-License-Identifier: GPL-2.0-only
"""A copy of the shim's headers with what stands in for all that is missing.

Members go into the struct's definition in the copy; functions whose shim has
other arguments are covered by a macro at the end of the header; all else is in
umdev-missing.h, which every source gets.
"""
import os
import re
import shutil

NAME = "umdev-missing.h"
PREAMBLE = """/* What is missing, as stand-ins: written by umdev missing */
#ifndef UMDEV_MISSING_H
#define UMDEV_MISSING_H
struct um_any { long um_stand_in; };
"""


class Overlay:
    def __init__(self, directory, include):
        self.directory, self.include = directory, include
        self.copied = set()

    def fresh(self):
        """The shim's headers as they are."""
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.copytree(self.include, self.directory)

    def restore(self):
        for path in self.copied:
            original, copy = (os.path.join(d, path) for d in (self.include, self.directory))
            if os.path.exists(original):
                shutil.copy(original, copy)
            else:
                os.remove(copy)     # the system's
        self.copied.clear()

    def has(self, path):
        """Is it a header of ours, in which an error may be about a stand-in?"""
        return path.startswith(self.directory + "/")

    def relative(self, path):
        """linux/foo.h, of a header in the copy; None of another, and of what is made up."""
        name = os.path.relpath(path, self.directory)
        return name if self.has(path) and name != NAME else None

    def edit(self, path, change):
        """@path: linux/foo.h in the copy; @change: of its text."""
        full = os.path.join(self.directory, path)
        with open(full) as f:
            text = f.read()
        with open(full, "w") as f:
            f.write(change(text))
        self.copied.add(path)

    def write(self, search):
        self.restore()
        search.forget(self)
        shim = search.shim
        options, top, structs, members, rest = [], [], {}, {}, []
        for need in search.needs.values():
            if need.brings.get(need.stand_in()):
                top.append(f"#include <{need.brings[need.stand_in()]}>")
            if re.search(rf"{need.inner}\b", need.stand_in()):
                structs.setdefault(need.inner, None)
            if need.kind == "option":
                options.append(need.stand_in())
            elif need.kind == "header":
                self._header(need.name)
            elif need.kind == "include":
                top.append(f"#include <{need.name}>")
            elif need.kind == "member":
                members.setdefault(need.owner, []).append(need)
            elif need.kind == "type" and need.stand_in() == "{}":
                structs[need.name] = need
            elif need.note and need.kind == "function":
                self._cover(need, shim)
            else:
                rest.append(need.stand_in())
        for owner, own in list(members.items()):
            # one declaration of Linux's may declare several
            members[owner] = list(dict.fromkeys(
                n.stand_in() for n in sorted(own, key=lambda n: n.line) if not n.note))
            if owner not in structs:
                self._members(owner, members.pop(owner), [n for n in own if n.note], search)
        with open(os.path.join(self.directory, NAME), "w") as f:
            brought = [f"#include <{header}>" for header in search.brought]
            f.write(PREAMBLE + "\n".join(options + brought + top) + "\n")
            f.write(in_order(structs, members, rest))
            f.write("#endif\n")

    def _header(self, name):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not os.path.exists(path):
            # what user space has by that name is no stand-in for all of it, but is there
            user = f"<uapi/{name}>"
            with open(path, "w") as f:
                f.write(f"/* missing: umdev missing */\n#if __has_include({user})\n"
                        f"#include {user}\n#endif\n")

    def _members(self, owner, lines, others, search):
        """Into a struct that the shim has, or the system's headers; @others take the place of its own."""
        short = owner.split()[1]
        headers = next((h for h in (search.shim, search.uapi) if h.members(short)), None)
        if not headers:
            return
        path = headers.members(short)
        head = re.compile(r"((?:struct|union)\s+%s\s*(?:__\w+\s*)*\{)" % re.escape(short))
        forward = "".join(f"{s};\n" for s in
                          sorted(set(re.findall(r"\bstruct \w+", "\n".join(lines)))))
        add = "".join(f"\n\t{line}" for line in lines)

        def change(text):
            at = head.search(text)
            if not at:
                return text
            end = re.compile(r"^\}", re.M).search(text, at.end()).start()
            body = text[at.end():end]
            for need in others:
                body = "\n\t" + need.stand_in() + re.sub(rf"\b{need.word}\b", f"um_other_{need.word}", body)
            return text[:at.start()] + forward + at[1] + add + body + text[end:]

        relative = headers.relative(path)
        if not os.path.exists(os.path.join(self.directory, relative)):
            os.makedirs(os.path.dirname(os.path.join(self.directory, relative)), exist_ok=True)
            shutil.copy(path, os.path.join(self.directory, relative))
        self.edit(relative, change)

    def _cover(self, need, shim):
        fact = shim.find(need.name, "function", "macro")
        if not fact:
            return
        self.edit(shim.relative(fact.path), lambda text: text +
                  f"\n{need.stand_in()}\n")


def in_order(structs, members, rest):
    """Each piece behind what it needs complete: a struct by value, a type, a constant."""
    macros = [t for t in rest if t.startswith("#")]
    text = {}       # name: (what is written, what it needs)
    for name in structs:
        # one without a size has to be the last, and not the only one; a struct that has any
        # gets no other: an initializer goes on behind the last
        own = members.get(name, [])
        sized = [m for m in own if "[]" not in m]
        body = (sized or ["long um_stand_in;"]) + [m for m in own if "[]" in m]
        text[name] = "%s {\n%s};" % (name, "".join(f"\t{m}\n" for m in body))
    for piece in (t for t in rest if not t.startswith("#")):
        text[declared(piece)] = piece
    macro_text = {re.match(r"#(?:undef (\w+)\n#)?\s*define\s+(\w+)", m)[2]: m for m in macros}
    out, done = [f"{s};" for s in structs if not s.startswith("enum")], set()

    def put(name):
        if name in done:
            return
        done.add(name)
        for need in mentions(text.get(name) or macro_text[name]):
            if need in text or need in macro_text:
                put(need)
        if name in text:
            out.append(text[name])

    for name in sorted(text, key=lambda n: RANK.get(text[n].split()[0], 2)):
        put(name)
    return "\n".join(macros + out) + "\n"


RANK = {"enum": 0, "typedef": 1, "extern": 3}


def declared(piece):
    """What a stand-in is known by to the others: foo, or enum foo."""
    enum = re.match(r"enum (\w+) \{", piece)
    if enum:
        return enum[0][:-2]
    constant = re.match(r"enum \{ (\w+)", piece)
    if constant:
        return constant[1]
    last = piece.split("\n")[-1]
    if last.startswith("typedef") and "}" in last:
        last = "typedef" + last[last.rindex("}") + 1:]
    pointer = re.search(r"\(\s*\*\s*(\w+)\s*\)\s*\(", last) if last.startswith("typedef") else None
    return (pointer or re.search(r"(\w+)\s*(?:\[[^\]]*\])*\s*(?:\([^;]*\))?\s*;", last) or [None, last])[1]


def mentions(piece):
    """Names in it, and structs that it has by value."""
    found = re.findall(r"\b((?:struct|union) \w+)\s+\w", piece) + re.findall(r"\benum \w+", piece)
    return found + re.findall(r"\b\w+\b", piece)
