#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares the framework's document with what it describes. TAP.

  documentation.py TREE      checks the document of TREE
  documentation.py TREE -x   prints the document's example driver

A structure, an enumeration or a prototype in the document must be that of the
headers, token by token but for comments and spaces, and each that the headers
have must be in the document. Functions and macros named in the text must exist.
(That exported functions have kernel-doc is checked by tests/kernel_doc.py.)
"""
import pathlib
import re
import sys

DOCUMENT = "Documentation/driver-api/vfio-mediated-device.rst"
# What a name in the text may be without being in the framework's headers.
FOREIGN = {"MDEV_STATE"}


def tokens(code):
    return re.findall(r"\w+|\S", code)


def without_comments(code):
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", code, flags=re.S)


def code_blocks(text, language):
    """The code blocks in that language, with their options, without indentation."""
    blocks, lines = [], text.split("\n")
    for start, line in enumerate(lines):
        if line.strip() != f".. code-block:: {language}":
            continue
        block = []
        for body in lines[start + 1:]:
            if body and not body.startswith("   "):
                break
            block.append(body[3:])
        blocks.append("\n".join(block))
    return blocks


def declarations(code):
    """Name to tokens, of structures, enumerations, prototypes and macros."""
    code = without_comments(code)
    found = {}
    for match in re.finditer(r"^#define[ \t]+(\w+)(?:[^\n]*\\\n)*[^\n]*", code, re.M):
        found[match[1]] = [t for t in tokens(match[0]) if t != "\\"]
    code = re.sub(r"^#(?:[^\n]*\\\n)*[^\n]*", "", code, flags=re.M)
    for match in re.finditer(r"^(struct \w+|enum) \{.*?^\};", code, re.M | re.S):
        found[match[1]] = tokens(match[0])
    code = re.sub(r"^[^\n]*\{.*?^\}[^\n]*", "", code, flags=re.M | re.S)
    for match in re.finditer(r"^[a-z][\w\s]*[\s*](\w+)\([^;{}]*\);", code, re.M):
        found[match[1] + "()"] = tokens(match[0])
    return found


def check_declarations(documented, declared):
    complaints = []
    for name, wanted in declared.items():
        if name not in documented:
            # a macro may be documented by its use in the text
            if name[0].isupper() and name.isidentifier():
                continue
            complaints.append(f"not in the document: {name}")
        elif documented[name] != wanted:
            complaints.append(f"the document has: {' '.join(documented[name])}")
            complaints.append(f"the headers have: {' '.join(wanted)}")
    for name in documented.keys() - declared.keys():
        complaints.append(f"in the document, but not in the headers: {name}")
    return complaints


def check_names(text, declared):
    known = {name.removesuffix("()").split()[-1] for name in declared}
    known |= {token for found in declared.values() for token in found}
    complaints = []
    for name in sorted(set(re.findall(r"\b(?:mdev_[a-z_]+(?=\()|MDEV_[A-Z_]+|\w*_mdev(?=\())", text))):
        if name not in known | FOREIGN:
            complaints.append(f"named in the document, but not in the headers: {name}")
    return complaints


def check_macros(text, declared):
    return [f"not in the document: {name}" for name in declared
            if re.fullmatch(r"MDEV_[A-Z_]+", name) and name not in text]


def check_members(text, declared):
    """Callbacks quoted in the text are members of a structure."""
    members = "\x01".join(" ".join(found) for found in declared.values())
    complaints = []
    for quoted in re.findall(r"^``([^`]*\(\*\w+\)[^`]*)``", text, re.M):
        if " ".join(tokens(quoted)) not in members:
            complaints.append(f"no such callback in the headers: {quoted}")
    return complaints


def check_wording(tree):
    complaints = []
    for path in sorted(tree.rglob("*")):
        if not path.is_file():
            continue
        words = re.sub(r"[\s*`]+", " ", path.read_text())
        for wrong in re.findall(r"\b\w+ callback\(\)", words):
            complaints.append(f"{path.relative_to(tree)}: '{wrong}'")
    return complaints


def check_maintainers(tree):
    """Each pattern has files, and each file is somebody's."""
    patterns = re.findall(r"^F:\t(\S+)$", (tree / "MAINTAINERS").read_text(), re.M)
    complaints, owned = [], set()
    for pattern in patterns:
        files = set(tree.glob(pattern + "**/*" if pattern.endswith("/") else pattern))
        files = {path for path in files if path.is_file()}
        if not files:
            complaints.append(f"no file for the pattern {pattern}")
        owned |= files
    for path in sorted(tree.rglob("*")):
        if path.is_file() and path not in owned and path.name != "MAINTAINERS":
            complaints.append(f"no pattern for {path.relative_to(tree)}")
    return complaints


def example(text):
    return max(code_blocks(text, "c"), key=len).split("\n", 2)[2]


def main():
    tree = pathlib.Path(sys.argv[1])
    text = (tree / DOCUMENT).read_text()
    if sys.argv[2:] == ["-x"]:
        print(example(text))
        return 0

    headers = sorted((tree / "include/linux").glob("mdev*.h"))
    declared = declarations("\n".join(path.read_text() for path in headers))
    declared = {name: found for name, found in declared.items()
                if not re.fullmatch(r"\w+_H", name)}
    # what a vendor driver of an example defines is its own
    documented = {name: found for block in code_blocks(text, "c")
                  if "#include" not in block and "caption" not in block
                  for name, found in declarations(block).items()}
    checks = [
        ("declarations_are_those_of_the_headers", check_declarations(documented, declared)),
        ("names_in_the_text_exist", check_names(text, declared)),
        ("every_macro_is_documented", check_macros(text, declared)),
        ("callbacks_in_the_text_are_members", check_members(text, declared)),
        ("a_callback_is_called_create_callback", check_wording(tree)),
        ("patterns_in_maintainers_cover_the_tree", check_maintainers(tree)),
    ]
    for number, (name, complaints) in enumerate(checks, 1):
        print(f"{'not ok' if complaints else 'ok'} {number} - {name}")
        for complaint in complaints:
            print(f"# {complaint}")
    return 1 if any(complaints for _, complaints in checks) else 0


sys.exit(main())
