# SPDX-License-Identifier: GPL-2.0-only
"""A copy of the shim's headers with what stands in for all that is missing.

Members go into the struct's definition in the copy; functions whose shim has
other arguments are covered by a macro at the end of the header; all else is in
umdev-missing.h, which every source gets, and of that what such members need
before in umdev-members.h.
"""
import os
import re
import shutil

import linux
import needs

NAME = "umdev-missing.h"
MEMBERS = "umdev-members.h"
BESIDE = "umdev-beside/2/1"     # where ../ and ../../ lead to what is in the overlay, too
PREAMBLE = """/* What is missing, as stand-ins: written by umdev missing */
#ifndef {0}
#define {0}
"""


class Overlay:
    def __init__(self, directory, include):
        self.directory, self.include = directory, include
        self.copied, self.early = set(), []

    def fresh(self):
        """The shim's headers as they are."""
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.copytree(self.include, self.directory)
        os.makedirs(os.path.join(self.directory, BESIDE))

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
        return name if self.has(path) and not self.made(path) else None

    def made(self, path):
        """Is it a header of stand-ins alone?"""
        return self.has(path) and os.path.basename(path) in (NAME, MEMBERS)

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
        self.early = []     # members of structs that headers of ours have
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
            elif need.note and need.kind in ("function", "variable"):
                self._cover(need, shim)
            else:
                rest.append(need.stand_in())
        for owner, own in list(members.items()):
            # one declaration of Linux's may declare several
            members[owner] = list(dict.fromkeys(
                n.stand_in() for n in sorted(own, key=lambda n: n.line) if not n.note))
            if owner not in structs:
                self._members(owner, members.pop(owner), [n for n in own if n.note], search)
        self.early += [f"{name} um_early;" for _kind, name in search.early]
        early, late = in_order(structs, members, rest, "\n".join(self.early))
        self._write(MEMBERS, ["struct um_any { long um_stand_in; };"] + includes(search.brought[MEMBERS]) + early)
        self._write(NAME, options + includes([MEMBERS, *search.brought[NAME]]) + top + late)

    def _write(self, name, lines):
        with open(os.path.join(self.directory, name), "w") as f:
            f.write(PREAMBLE.format(re.sub(r"\W", "_", name).upper()) + "\n".join([*lines, "#endif", ""]))

    def _header(self, name):
        path = os.path.normpath(os.path.join(self.directory, BESIDE if name.startswith(".") else "", name))
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
        lines += [need.stand_in() for need in others]
        self.early += lines
        before = needs.mentioned("\n".join(lines)) + f"#include <{MEMBERS}>\n"
        add = "".join(f"\n\t{line}" for line in lines)

        def change(text):
            at = head.search(text)
            if not at:
                return text
            end = linux.closed(text, at.end())
            body = text[at.end():end]
            for need in others:
                body = re.sub(rf"\b{need.word}\b", f"um_other_{need.word}", body)
            # before the declaration that it is a part of
            top = [m.start() for m in re.finditer(r"^\w", text[:at.start() + 1], re.M)][-1]
            return text[:top] + before + text[top:at.end()] + add + body + text[end:]

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


def includes(headers):
    return [f"#include <{header}>" for header in headers]


def in_order(structs, members, rest, early):
    """Each piece behind what it needs complete: a struct by value, a type, a constant.

    Two lists: what @early needs, and all else.
    """
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
    out, done = [], set()

    def put(name, wanted):
        """@name in @out behind what it needs, of which that is written which is in @wanted."""
        if name in done or not (name in text or name in macro_text):
            return
        done.add(name)
        if name in wanted and name in macro_text:
            out.append(macro_text[name])
        for need in mentions(text.get(name) or macro_text[name]):
            put(need, wanted)
        if name in text:
            out.append(text[name])

    for name in mentions(early):
        put(name, macro_text)
    first, before = out, set(done)
    out = [m for name, m in macro_text.items() if name not in before]
    for name in sorted(text, key=lambda n: RANK.get(text[n].split()[0], 2)):
        put(name, ())
    forward = [s for s in structs if not s.startswith("enum")]
    return ([f"{s};" for s in forward if s in before] + first,
            [f"{s};" for s in forward] + out)


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
    pointer = re.search(r"\(\s*\*?\s*(\w+)\s*\)\s*\(", last) if last.startswith("typedef") else None
    return (pointer or re.search(r"(\w+)\s*(?:\[[^\]]*\])*\s*(?:\([^;]*\))?\s*;", last) or [None, last])[1]


def mentions(piece):
    """Names in it, and structs that it has by value."""
    found = re.findall(r"\b((?:struct|union) \w+)\s+\w", piece) + re.findall(r"\benum \w+", piece)
    return found + re.findall(r"(?<!struct )(?<!union )(?<!enum )\b\w+\b", piece)
