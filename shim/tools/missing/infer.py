# SPDX-License-Identifier: GPL-2.0-only
"""What a message of the compiler says of the type that a missing name has.

A message about types names the two that do not fit. Where one is that of a
stand-in, the other is what it should have been: so each is tried for the names
in that line. Nothing is taken for true here; what has fewer errors stays.
"""
import re

import needs

TYPE = r"'([^']+)'(?: \{aka '([^']+)'\})?"
PAIRS = [
    rf"(?:assignment to|initialization of) {TYPE} from (?:incompatible pointer type )?{TYPE}",
    rf"incompatible types when (?:assigning to|initializing) type {TYPE} (?:from|using) type {TYPE}",
    rf"returning {TYPE} from a function with incompatible (?:return|result) type {TYPE}",
    rf"incompatible types when returning type {TYPE} but {TYPE} was expected",
    rf"expected {TYPE} but argument is of type {TYPE}",
    rf"invalid operands to binary \S+ \(have {TYPE} and {TYPE}\)",
]
# Who asks for a number says so; where both operands are wrong, one alone mends nothing.
NUMBERS = re.compile(r"invalid operands to binary|wrong type argument to (?:unary|bit-complement|increment|decrement)|"
                     r"(?:value|type|pointer value) used where an? (?:integer|floating)|"
                     r"used (?:struct|union) type value where scalar|switch quantity not an integer|"
                     r"array subscript is not an integer|aggregate value used where")
PLAIN = re.compile(r"\b(?:void|char|short|int|long|unsigned|signed|_Bool|const|volatile|float|double)\b")


def types(diagnostic):
    """Types in what a message and its notes say, each with what it is another name of."""
    found = []
    for text in [diagnostic["message"]] + [c["message"] for c in diagnostic.get("children", [])]:
        for pattern in PAIRS:
            match = re.search(pattern, text)
            if match:
                found += [(match[1], match[2]), (match[3], match[4])]
    return found


def declaration(shape, name):
    """@name of type @shape, as the compiler writes types; None where that has no name."""
    if "<anonymous>" in shape or "{" in shape:
        return None
    if "(*)" in shape:
        return shape.replace("(*)", f"(*{name})", 1)
    array = re.match(r"(.*?)\s*((?:\[\w*\])+)$", shape)
    if array:
        return f"{array[1]} {name}{array[2]}"
    if "(" in shape or shape == "void":
        return None
    return f"{shape}{'' if shape.endswith('*') else ' '}{name}"


def statement(need, text):
    """A declaration as @need's kind has it, with what has to be known before; None where it cannot be."""
    if need.kind == "member":
        return f"{text};"
    if need.kind == "variable":
        return needs.mentioned(text) + f"extern {text};"
    if need.kind in ("function", "macro") and text.endswith(need.word) and "(" not in text:
        return needs.mentioned(text[:-len(need.word)]) + f"{text}();"
    return None


def pointee(shape):
    """Of a pointer's type; it is written where it may be read only, too."""
    return shape[:-1].strip().removeprefix("const ") if shape.endswith("*") and "(" not in shape else None


def shape_of(word, known, text):
    """The type of a name by the first declaration of it that is found, or None."""
    for piece in [need.stand_in() for need in known if need.word == word and need.kind in ("member", "variable")] + [text]:
        match = re.search(rf"\b((?:const )?(?:struct|union) \w+)\s*(\**)\s*\b{re.escape(word)}\b\s*[;,)=\[]", piece)
        if match:
            return f"{match[1]} {match[2]}".strip()
    return None


def contained(line, known, text):
    """container_of(pointer, type, member): (member, what pointer points at) or None."""
    match = re.search(r"\bcontainer_of\w*\s*\(\s*([^,]*?)(\w+)\s*,\s*[^,]*,\s*[\w.\[\]]*?(\w+)\s*\)", line)
    if not match:
        return None
    shape = shape_of(match[2], known, text)
    if shape and not re.search(r"&[^,]*$", match[1]):
        shape = pointee(shape)
    return (match[3], shape) if shape else None


def number_wanted(diagnostic):
    return bool(NUMBERS.search(diagnostic["message"]))
