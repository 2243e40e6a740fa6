#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Says which exported functions lack a kernel-doc comment, or have a wrong one.

  kernel_doc.py FILE...

Directly before the definition: a heading with the name, exactly the arguments
of the prototype, "..." among them, and what is returned if anything is. In
src/ each has its context ("Context:"). In the shim that is told where not every
one will do: a function without it may not come to one that "may sleep", itself or
through helpers of its file, and "any" says nothing: what has to be known is what is
not allowed, or held, or taken. A macro that defines and exports functions has no prototype to compare with:
any comment directly before it will do. What a file exports without defining it
is libc's, and exported variables are not looked at either.

Of a header every prototype must have one.
"""
import pathlib
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "shim/tools/missing"))
import linux  # noqa: E402

EXPORT = re.compile(r'^EXPORT_SYMBOL\w*\((\w+)|^UM_EXPORT_SYMBOL_AS\("um_k_(\w+)"', re.M)
MACRO = re.compile(r"^#define(?:[^\n]*\\\n)*[^\n]*", re.M)
PROTOTYPE = re.compile(r"^([a-z][\w\s*]*?)\b(\w+)\(", re.M)
CONTEXT = re.compile(r"^ \* Context: *(.*)", re.M)
NOTHING = re.compile(r"any\b|(an interrupt's, too|interrupts, too|does not sleep|"
                     r"(takes|needs) no lock|no lock needed|process context)\.?$", re.I)
SLEEPS = re.compile(r"(any )?may sleep(?! (unless|if|with))")
CALL = re.compile(r"\b(\w+)\(")
HELPER = re.compile(r"^(?:static|inline|__\w+)\b[\w\s*]*?\b(\w+)\([^;{}]*\)\n\{\n(.*?)^\}", re.M | re.S)
ABOVE_A_DEFINITION = re.compile(r"^ *$|^#|[;}]$|\*/$")


def definition(code, name):
    """Start, return type and arguments of a function, or None."""
    for match in re.finditer(rf"\b{name}\(", code):
        start = code.rfind("\n", 0, match.start()) + 1
        while start and not ABOVE_A_DEFINITION.search(code[:start - 1].rsplit("\n", 1)[-1]):
            start = code.rfind("\n", 0, start - 1) + 1
        before = code[start:match.start()]
        end = linux.closed(code, match.end(), "()")
        if re.fullmatch(r"\w[\w\s*(),]*", before) and re.match(r"\)\s*\{", code[end:]):
            return start, before, code[match.end():end]
    return None


def argument_names(arguments):
    arguments = re.sub(r"/\*.*?\*/", "", arguments, flags=re.S).strip()
    names, depth, start = [], 0, 0
    for position, char in enumerate(arguments + ","):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and not depth:
            argument = arguments[start:position].strip()
            pointed = re.search(r"\(\*\s*(\w+)\)\s*\(", argument)
            plain = re.search(r"(\w+|\.\.\.)\s*(?:\[[^]]*\])*$", argument)
            names.append((pointed or plain)[1])
            start = position + 1
    return [] if names == ["void"] else names


def comment_before(code, start):
    if not code[:start].endswith("*/\n"):
        return ""
    return code[code.rfind("/*", 0, start):start]


def complaints_of(comment, name, returns, arguments):
    if not re.match(rf"/\*\*\n \* {name}\(\) - \S", comment):
        yield f"{name}(): no kernel-doc"
        return
    wanted = argument_names(arguments)
    described = re.findall(r"^ \* @(\w+|\.\.\.):", comment, re.M)
    for argument in wanted:
        if argument not in described:
            yield f"{name}(): @{argument} is not described"
    for argument in described:
        if argument not in wanted:
            yield f"{name}(): there is no argument @{argument}"
    if not re.search(r"\bvoid\s+$", returns) and not re.search(r"^ \* Return:", comment, re.M):
        yield f"{name}(): no 'Return:'"


def complaints_of_header(code):
    """Pairs of a position and what is wrong there."""
    for match in PROTOTYPE.finditer(code):
        end = linux.closed(code, match.end(), "()")
        if not code.startswith(");", end):
            continue
        for complaint in complaints_of(comment_before(code, match.start()), match[2], match[1],
                                       code[match.end():end]):
            yield match.start(), complaint


def without_comments(code):
    return re.sub(r"/\*.*?\*/", "", code, flags=re.S)


def body_of(code, start):
    return code[code.index("\n{\n", start):code.index("\n}", start)]


def way_to_sleep(body, helpers, sleepers, seen):
    """The calls that lead from a function's body to one that may sleep; [] for none."""
    for name in CALL.findall(without_comments(body)):
        if name in sleepers:
            return [name]
        if name in helpers and name not in seen:
            seen.add(name)
            way = way_to_sleep(helpers[name], helpers, sleepers, seen)
            if way:
                return [name, *way]
    return []


def complaint_of_context(comment, body, helpers, sleepers):
    said = CONTEXT.search(comment)
    if sleepers is None:
        return "" if said else "no 'Context:'"
    if said:
        return f"'Context: {said[1].rstrip('.')}' says nothing" if NOTHING.match(said[1]) else ""
    way = way_to_sleep(body, helpers, sleepers, set())
    return f"no 'Context:', and it may sleep in {'() > '.join(way)}()" if way else ""


def sleepers_of(code):
    """Functions whose comment says that they may sleep."""
    for match in re.finditer(r"^/\*\*\n \* (\w+)\(\) - .*?\*/", code, re.M | re.S):
        said = CONTEXT.search(match[0])
        if said and SLEEPS.match(said[1]):
            yield match[1]


def complaints(code, sleepers):
    """Pairs of a position and what is wrong there; sleepers is None for the framework's own."""
    helpers = {match[1]: match[2] for match in HELPER.finditer(code)}
    for match in MACRO.finditer(code):
        if "EXPORT_SYMBOL" in match[0] and not comment_before(code, match.start()):
            yield match.start(), "a macro that exports functions has no comment"
    # blanked, since what it exports has no name yet
    code = MACRO.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), code)
    for match in EXPORT.finditer(code):
        name = match[1] or match[2]
        found = definition(code, name)
        if not found:
            if re.search(rf"^\w.*\b{name}\(", code, re.M):
                yield match.start(), f"{name}(): its definition is not understood"
            continue
        start, returns, arguments = found
        comment = comment_before(code, start)
        for complaint in complaints_of(comment, name, returns, arguments):
            yield start, complaint
        if comment.startswith("/**\n"):
            complaint = complaint_of_context(comment, body_of(code, start), helpers, sleepers)
            if complaint:
                yield start, f"{name}(): {complaint}"


def main():
    status = 0
    files = {path: pathlib.Path(path).read_text() for path in sys.argv[1:]}
    sleepers = {"might_sleep", "might_fault", "cond_resched"}
    for code in files.values():
        sleepers.update(sleepers_of(code))
    for path, code in files.items():
        known = None if path.startswith("src/") else sleepers
        found = complaints_of_header(code) if path.endswith(".h") else complaints(code, known)
        for position, complaint in sorted(found):
            print(f"{path}:{code.count(chr(10), 0, position) + 1}: {complaint}")
            status = 1
    return status


sys.exit(main())
