# SPDX-License-Identifier: GPL-2.0-only
"""What an initializer tells of the struct that it is for.

The compiler says near which member something is wrong; which struct that is of
follows from the variable's declaration, and from those of the members before it.
"""
import re

import infer
import needs

NEAR = re.compile(r"near initialization for '(\w+|\(anonymous\))([^']*)'")


class Initializers:
    """A part of Search: methods that read messages about initializers."""

    def type_of(self, variable, where):
        """The struct of an initialized variable, or of a literal's."""
        if variable == "(anonymous)":
            shape = re.search(r"\(\s*(?:const )?(?:struct|union)\s+(\w+)\s*\)\s*\{", self.expanded()[0])
        else:
            declared = re.compile(rf"\b(?:struct|union)\s+(\w+)\s+{variable}\b")
            shape = next(filter(None, map(declared.search, reversed(self.lines[where[0]][:where[1]]))), None) or \
                declared.search(self.expanded()[0])     # a macro declares it
        return shape[1] if shape else None

    def initialized(self, where):
        """[(struct, member), ...] on the way to what is told of; the last has no member."""
        said = [self.diagnostic["message"]] + [c["message"] for c in self.diagnostic.get("children", [])]
        near = next(filter(None, map(NEAR.search, said)), None)
        if not near:
            return []
        struct, found = self.type_of(near[1], where), []
        for member in re.findall(r"\.(\w+)", near[2]):
            if not struct:
                break       # one without a name
            found.append((struct, member))
            fact = self.shim.member(struct, member) or self.tree.member(struct, member)
            shape = fact and re.match(r"(?:const )?(?:struct|union) (\w+) \w", fact.text)
            struct = shape[1] if shape else None
        return [*found, (struct, None)]

    def positional(self, _match, where, _text):
        """{ 9, { a, b } }: what is initialized without names has all its members, in order."""
        found = False
        for struct, _member in self.initialized(where):
            owner = next((f"{kind} {struct}" for kind in ("struct", "union")
                          if ("type", f"{kind} {struct}") in self.needs), None)
            for each in self.tree.all_members(struct) if owner else ():
                found |= self.add(needs.member(owner, struct, each, self.tree.member(struct, each)), where)
                need = self.needs[("member", f"{struct}.{each}")]
                need.placed = True
                # the braces of one without a name are there in the initializer as well
                whole = self.tree.anonymous(struct, each)
                if whole and whole not in need.text:
                    need.text.insert(0, whole)
                    need.at, need.real, found = 0, True, True
        return found

    def member_differs(self, _match, where, _text):
        """The shim has the member with another type, as another release does."""
        struct, member = next(iter(self.initialized(where)[-2:]), (None, None))
        fact = self.shim.member(struct, member) if member else None
        if not fact:
            return False
        shapes = [s for pair in infer.types(self.diagnostic) for s in pair if s]
        texts = [f"{text};" for text in (infer.declaration(s, member) for s in shapes)
                 if text and f"{text};" != fact.text]
        linux = self.tree.member(struct, member)
        if linux and linux.text != fact.text:
            texts.insert(0, linux.text)
        if not texts:
            return False
        need = needs.Need("member", f"{struct}.{member}", dict.fromkeys(texts), "with another type")
        need.owner = f"struct {struct}"
        return self.add(need, where)
