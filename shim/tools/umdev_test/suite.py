# SPDX-License-Identifier: GPL-2.0-only
"""What tests a build has, and which of them a subject names.

The list is that which CMake writes for ctest: programs, their environment, their
time limits. What was read of it is kept beside the build until CMake runs anew.

A subject is one of

  mdev_create            the contract and unit programs of that name, and those
                         that begin so: mtty is mtty, mtty_irqs, mtty_registers
  contract, unit         all of a directory
  mdev_create/newline*   tests of these programs, by shell pattern
  late/contract/sysfs    a test by its whole name in ctest, long ones too
  some_test              one test, in whatever program has it
  src/.../mdev_core.c    a source: the programs of its module
"""
import dataclasses
import fnmatch
import json
import os
import pathlib
import re

# What takes minutes or needs a kernel runs when it is asked for by name: labels that
# the preset test leaves out, too.
LONG = re.compile("guest|kernel|long|nightly|search|upstream")


class NoSuchTest(Exception):
    """Nothing has that name; the text says what might have been meant."""


@dataclasses.dataclass
class Program:
    """One entry of ctest."""
    name: str
    command: list
    environment: dict
    labels: set
    timeout: float
    skip_code: int
    tests: list = dataclasses.field(default_factory=list)   # patterns; none: all

    @property
    def base(self):
        return self.name.rsplit("/", 1)[-1]

    @property
    def filter(self):
        return ",".join(self.tests)


# A word of CMake: [=[bracketed]=], "quoted" or plain.
WORD = re.compile(r'\[(=*)\[(.*?)\]\1\]|"((?:[^"\\]|\\.)*)"|([^\s()"]+)', re.S)


def _words(text):
    return [m[2] if m[1] is not None else re.sub(r"\\(.)", r"\1", m[3]) if m[3] is not None
            else m[4] for m in WORD.finditer(text)]


def _calls(text):
    """The calls in a file that CMake has written: (function, words)."""
    at = 0
    while match := re.compile(r"^\s*(\w+)\(", re.M).search(text, at):
        at = match.end()
        begin = at
        while text[at] != ")":
            word = WORD.match(text, at)
            at = word.end() if word else at + 1
        yield match[1], _words(text[begin:at])


def _read(directory, programs):
    """What ctest reads. It knows no command of what has not been built, this does."""
    for function, words in _calls((directory / "CTestTestfile.cmake").read_text()):
        if function == "add_test":
            programs[words[0]] = {"name": words[0], "command": words[1:]}
        elif function == "set_tests_properties" and words[0] in programs:
            programs[words[0]].update(zip(words[2::2], words[3::2]))
        elif function == "subdirs":
            for sub in words:
                _read(directory / sub, programs)


def _program(entry):
    environment = dict(item.split("=", 1) for item in entry.get("ENVIRONMENT", "").split(";")
                       if "=" in item)
    return Program(entry["name"], entry["command"], environment,
                   set(entry.get("LABELS", "").split(";")) - {""},
                   float(entry.get("TIMEOUT", 60)), int(entry.get("SKIP_RETURN_CODE", 77)))


def _read_long(programs):
    """What the preset test leaves out, of the tree that the tests are of."""
    global LONG
    top = next((p.environment["UMDEV_SOURCE_DIR"] for p in programs
                if "UMDEV_SOURCE_DIR" in p.environment), "")
    try:
        presets = json.loads(pathlib.Path(top, "CMakePresets.json").read_text())
    except (OSError, ValueError):
        return
    for preset in presets.get("testPresets", []):
        label = preset.get("filter", {}).get("exclude", {}).get("label")
        if preset["name"] == "base" and label:
            LONG = re.compile(label)


def load(build, work):
    """All of the build's tests."""
    programs = _load(build, work)
    _read_long(programs)
    return programs


def _load(build, work):
    cache = work / "suite.json"
    stamp = max((build / name).stat().st_mtime_ns
                for name in ("build.ninja", "CTestTestfile.cmake"))
    try:
        known = json.loads(cache.read_text())
        if known["stamp"] == stamp:
            return [_program(entry) for entry in known["tests"]]
    except (OSError, ValueError, KeyError):
        pass
    programs = {}
    _read(build, programs)
    tests = list(programs.values())
    cache.write_text(json.dumps({"stamp": stamp, "tests": tests}))
    return [_program(entry) for entry in tests]


def module_of(build, source):
    """The module that a source file belongs to, or None."""
    database = json.loads((build / "compile_commands.json").read_text())
    for entry in database:
        module = re.search(r"/ko_(\w+)_objects\.dir/", entry.get("output", entry["command"]))
        if module and os.path.realpath(entry["file"]) == source:
            return module[1]
    return None


def _is_source(subject):
    return subject.endswith((".c", ".h")) and os.path.isfile(subject)


def _names_of_source(build, source, programs):
    path = os.path.realpath(source)
    stem = pathlib.Path(path).stem
    exact = [p for p in programs if f"/{p.name}.c" in path or f"/{p.name}_kern.c" in path]
    if exact:
        return {p.name for p in exact}
    module = module_of(build, path)
    if module:
        return {p.name for p in programs if _is_family(p, module)}
    family = {p.name for p in programs if _is_family(p, stem)}
    return family or {p.name for p in programs}


def _is_family(program, name):
    return program.base == name or program.base.startswith(name + "_")


def _is_short(program):
    return not any(LONG.search(label) for label in program.labels)


def _whole(program, subject):
    """Whether the subject stands for the whole program."""
    if fnmatch.fnmatchcase(program.name, subject):
        # "*" and a directory's name do not ask for what is long
        return _is_short(program) or "/" in subject
    if not _is_short(program):
        return program.base == subject and not program.name.startswith("late/")
    return (fnmatch.fnmatchcase(program.base, subject) or _is_family(program, subject) or
            program.name.split("/")[0] == subject or subject in program.labels)


def all_tests(programs):
    """Test names by program, from the programs' sources."""
    found = {}
    for program in programs:
        source = pathlib.Path(program.environment.get("UMDEV_SOURCE_DIR", ""), "tests", program.name + ".c")
        if source.is_file():
            words = re.findall(r'(?:T_\w+|unit_test\w*|_TEST)\(\s*(?:"\w+", )?(\w+)\)', source.read_text())
            found[program.name] = words
    return found


def _add(chosen, program, pattern=None):
    known = chosen.get(program.name)
    if known is None:
        chosen[program.name] = dataclasses.replace(program, tests=[pattern] if pattern else [])
    elif not pattern:
        known.tests = []
    elif known.tests:
        known.tests.append(pattern)


def _choose_one(build, programs, subject, chosen):
    if _is_source(subject):
        names = _names_of_source(build, subject, [p for p in programs if _is_short(p)])
        for program in programs:
            if program.name in names:
                _add(chosen, program)
        return bool(names)
    whole = [p for p in programs if _whole(p, subject)]
    for program in whole:
        _add(chosen, program)
    if whole:
        return True
    if "/" in subject:
        head, tail = subject.rsplit("/", 1)
        some = [p for p in programs if _whole(p, head)]
        exact = [p for p in some if head in (p.name, p.base)]
        for program in exact or some:
            _add(chosen, program, tail)
        return bool(some)
    found = False
    for name, tests in all_tests([p for p in programs if _is_short(p)]).items():
        if any(fnmatch.fnmatchcase(test, subject) for test in tests):
            _add(chosen, next(p for p in programs if p.name == name), subject)
            found = True
    return found


def choose(build, programs, subjects):
    """The programs that the subjects name; without subjects all that is not long."""
    if not subjects:
        return [p for p in programs if _is_short(p)]
    chosen = {}
    for subject in subjects:
        if not _choose_one(build, programs, subject, chosen):
            raise NoSuchTest(_suggest(build, programs, subject))
    return list(chosen.values())


def _suggest(build, programs, subject):
    import difflib
    names = {p.base for p in programs if _is_short(p)}
    for tests in all_tests([p for p in programs if _is_short(p)]).values():
        names.update(tests)
    near = difflib.get_close_matches(subject.rsplit("/", 1)[-1], sorted(names), n=3)
    hint = f"; near it are {', '.join(near)}" if near else ""
    return f"no program or test is named '{subject}'{hint} (--list prints all)"
