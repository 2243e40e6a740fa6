# SPDX-License-Identifier: GPL-2.0-only
"""The verdict for programs: JUnit, KTAP and JSON."""
import json
import os
import xml.etree.ElementTree as tree


def _clean(text):
    """XML knows no control characters."""
    return "".join(c for c in text if c in "\t\n" or " " <= c)


def junit(path, results):
    """One suite for each program, named as ctest names it."""
    root = tree.Element("testsuites", name="umdev")
    for result in results:
        count = {state: sum(t.state == state for t in result.tests)
                 for state in ("failed", "skipped")}
        suite = tree.SubElement(root, "testsuite", name=result.program.name,
                                tests=str(len(result.tests)), failures=str(count["failed"]),
                                skipped=str(count["skipped"]), errors="0",
                                time=f"{result.seconds:.3f}")
        for test in result.tests:
            case = tree.SubElement(suite, "testcase", name=test.name,
                                   classname=result.program.name.replace("/", "."))
            if test.state == "failed":
                failure = tree.SubElement(case, "failure",
                                          message=_clean(test.reason or "failed"))
                failure.text = _clean(test.text)
            elif test.state == "skipped":
                tree.SubElement(case, "skipped", message=_clean(test.reason))
    tree.indent(root)
    tree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _ktap_line(number, test, indent):
    if test.state == "skipped":
        return f"{indent}ok {number} {test.name} # SKIP {test.reason}".rstrip() + "\n"
    word = "ok" if test.state == "passed" else "not ok"
    return f"{indent}{word} {number} {test.name}\n"


def ktap(path, results):
    """Version 1, nested: a program is a test whose tests are subtests."""
    with open(path, "w") as out:
        out.write(f"KTAP version 1\n1..{len(results)}\n")
        for number, result in enumerate(results, 1):
            out.write(f"  KTAP version 1\n  # Subtest: {result.program.name}\n"
                      f"  1..{len(result.tests)}\n")
            for k, test in enumerate(result.tests, 1):
                if test.state == "failed":
                    for line in (test.text + ("\n" + test.reason if test.reason else "")
                                 ).strip().splitlines()[:200]:
                        out.write(f"  # {line}\n")
                out.write(_ktap_line(k, test, "  "))
            states = {t.state for t in result.tests}
            word = "not ok" if "failed" in states else "ok"
            skip = " # SKIP" if states == {"skipped"} else ""
            out.write(f"{word} {number} {result.program.name}{skip}\n")


def as_json(results, verdict, built, seconds, interrupted=False):
    """The whole of a run, for programs."""
    return {
        "interrupted": interrupted,
        "build": {"ok": built.ok, "seconds": round(built.seconds, 3), "errors": built.titles,
                  "warnings": built.warnings} if built else None,
        "seconds": round(seconds, 3),
        "tests": [{"program": r.program.name, "test": t.name, "state": t.state,
                   "reason": t.reason} for r in results for t in r.tests],
        "programs": [{"name": r.program.name, "seconds": round(r.seconds, 3), "log": r.log}
                     for r in results],
        "faults": [{"title": f.title, "programs": len(f.programs), "tests": len(f.tests),
                    "cause": f in verdict.causes, "file": f.place[0] if f.place else None,
                    "line": f.place[1] if f.place else None, "smallest": list(f.smallest[-2:]),
                    "limit": f.limit,
                    "story": f.story}
                   for f in verdict.causes + verdict.consequences] if verdict else [],
    }


def write_all(work, results, document):
    """Returns the paths, by format."""
    paths = {kind: work / name for kind, name in
             (("junit", "junit.xml"), ("ktap", "results.ktap"), ("json", "results.json"))}
    junit(paths["junit"], results)
    ktap(paths["ktap"], results)
    paths["json"].write_text(json.dumps(document, indent=1) + "\n")
    return {kind: os.fspath(path) for kind, path in paths.items()}
