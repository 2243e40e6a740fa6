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
            original = os.path.join(self.include, path)
            if os.path.exists(original):
                shutil.copy(original, os.path.join(self.directory, path))
        self.copied.clear()

    def edit(self, path, change):
        """@path: linux/foo.h in the copy; @change: of its text."""
        full = os.path.join(self.directory, path)
        with open(full) as f:
            text = f.read()
        with open(full, "w") as f:
            f.write(change(text))
        self.copied.add(path)

    def write(self, needs, shim):
        self.restore()
        top, structs, members, rest = [], {}, {}, []
        for need in needs:
            if need.brings.get(need.stand_in()):
                top.append(f"#include <{need.brings[need.stand_in()]}>")
            if re.search(rf"{need.inner}\b", need.stand_in()):
                structs.setdefault(need.inner, None)
            if need.kind == "header":
                self._header(need.name)
            elif need.kind == "include":
                top.append(f"#include <{need.name}>")
            elif need.kind == "member":
                members.setdefault(need.owner, []).append(need.stand_in())
            elif need.kind == "type" and need.stand_in() == "{}":
                structs[need.name] = need
            elif need.note and need.kind == "function":
                self._cover(need, shim)
            else:
                rest.append(need.stand_in())
        for owner in list(members):
            if owner not in structs:
                self._members(owner, members.pop(owner), shim)
        with open(os.path.join(self.directory, NAME), "w") as f:
            f.write(PREAMBLE + "\n".join(top) + "\n")
            f.write(self._structs(structs, members))
            f.write("\n".join(t for t in rest) + "\n#endif\n")

    def _header(self, name):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not os.path.exists(path):
            # what user space has by that name is no stand-in for all of it, but is there
            user = f"<uapi/{name}>"
            with open(path, "w") as f:
                f.write(f"/* missing: umdev missing */\n#if __has_include({user})\n"
                        f"#include {user}\n#endif\n")

    @staticmethod
    def _structs(structs, members):
        """Those that others hold by value come before them."""
        text, done = "".join(f"{s};\n" for s in structs), set()

        def put(name):
            nonlocal text
            if name in done:
                return
            done.add(name)
            body = members.get(name, [])
            for line in body:
                inner = re.match(r"(?:const )?((?:struct|union) \w+) \w", line)
                if inner and inner[1] in structs:
                    put(inner[1])
            # a member may have to be the first
            text += "%s {\n%s\tlong um_stand_in;\n};\n" % (name, "".join(f"\t{m}\n" for m in body))

        for name in structs:
            put(name)
        return text

    def _members(self, owner, lines, shim):
        """Into a struct that the shim has."""
        short = owner.split()[1]
        path, body = shim.members(short)
        if not path:
            return
        head = re.compile(r"((?:struct|union)\s+%s\s*(?:__\w+\s*)*\{)" % re.escape(short))
        forward = "".join(f"{s};\n" for s in
                          sorted(set(re.findall(r"\bstruct \w+", "\n".join(lines)))))
        add = "".join(f"\n\t{line}" for line in lines)

        def change(text):
            at = head.search(text)
            if not at:
                return text
            return text[:at.start()] + forward + at[1] + add + text[at.end():]

        relative = shim.relative(path)
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
