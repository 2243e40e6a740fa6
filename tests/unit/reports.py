# SPDX-License-Identifier: GPL-2.0-only
"""reports.py FILE: the reports that reports.sh collected. TAP.

Each line is an object of the one form that shim/check/report.h describes, and
each detector that fired told what a person would want to know first: the line.
"""
import json
import sys

count = 0
failed = False


def verdict(name, problem=None):
    global count, failed
    count += 1
    if problem:
        failed = True
        print(f"not ok {count} - {name}: {problem}")
    else:
        print(f"ok {count} - {name}")


def is_place(o):
    if not (o["function"] is None or isinstance(o["function"], str)):
        return False
    if o["file"] is None:
        return o["line"] is None
    return isinstance(o["file"], str) and isinstance(o["line"], int)


def is_stack(stack):
    if not isinstance(stack["what"], str) or not isinstance(stack["frames"], list):
        return False
    for frame in stack["frames"]:
        if not is_place(frame) or (frame["file"] is None and "object" not in frame):
            return False
    return True


MEMBERS = {
    "splat": {"expected": bool},
    "alive": {"count": int, "names": list},
    "fault": {"scenario": str, "n": int, "every": bool, "error": int, "site": str,
              "reason": str},
}
COMMON = {"kind": str, "text": str, "details": str, "stacks": list, "task": str, "pid": int}


def malformed(o):
    for name, kind in {**COMMON, **MEMBERS[o["report"]]}.items():
        if not isinstance(o[name], kind):
            return name
    if not is_place(o):
        return "place"
    if not o["stacks"] or not all(is_stack(s) for s in o["stacks"]):
        return "stacks"
    known = {"report", "function", "file", "line", *COMMON, *MEMBERS[o["report"]]}
    return ", ".join(set(o) - known)


def has(stacks, what, function, **more):
    """A stack of that name which goes through that function; where its members say so."""
    return any(what in s["what"] and any(f["function"] == function and f["line"]
                                         for f in s["frames"])
               and all(s.get(k) == v for k, v in more.items()) for s in stacks)


reports = []
problem = None
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        try:
            o = json.loads(line)
            problem = problem or malformed(o)
            reports.append(o)
        except (ValueError, KeyError, TypeError) as e:
            problem = f"{e!r} in {line}"
if not reports:
    problem = "there are none"
verdict("every_line_is_a_report_of_one_form", problem)


def detector(name, report, kind, text, file, *stacks, function=None, **members):
    """One was made with that text at that place, with these stacks (what, function)."""
    near = [o for o in reports if o["report"] == report and o["kind"] == kind
            and text in o["text"]]
    for o in near:
        if (o["file"] == file and o["line"] > 0 and function in (None, o["function"])
                and all(has(o["stacks"], *s[:2], **(s[2] if len(s) > 2 else {})) for s in stacks)
                and all(o[k] == v for k, v in members.items())):
            verdict(name)
            return
    verdict(name, json.dumps(near, indent=1) if near else f"no {report} {kind} '{text}'")


REFERENCES = "tests/unit/references_kern.c"
LOCKDEP = "tests/unit/lockdep_kern.c"
LOCKING = "tests/unit/locking_kern.c"
USER = "tests/unit/user_memory_kern.c"

detector("warning", "splat", "WARNING", "nothing is wrong with \"quotes\"\tand tabs", REFERENCES,
         ("here", "k_complain"), function="k_complain", expected=False)
detector("refcount", "splat", "refcount", "refcount_t: decrement hit 0; leaking memory.",
         REFERENCES, ("here", "k_complain"))
detector("sleeping_in_atomic", "splat", "BUG", "sleeping function called from invalid context",
         REFERENCES, ("here", "k_complain"), function="k_complain")
detector("leak", "alive", "kobject", "still alive: 3 times kobject 'kept0'", REFERENCES,
         ("made", "k_leak_three"), ("holder", "k_hold", {"taken": 3, "given_back": 0}),
         count=3, names=["kept0", "kept1", "kept2"])
detector("leak_of_a_module", "splat", "reference", "module leaky is unloaded and leaves 1 object",
         "tests/unit/references.c", ("here", "main"))
detector("leak_of_a_module_with_late_releases", "alive", "kobject", "kobject 'leaky'",
         "tests/modules/leaky.c", ("made", "leaky_init"), ("holder", "leaky_init"))
detector("double_put", "splat", "reference", "kobject 'heap' is given back after it was freed",
         REFERENCES, ("here", "k_put_twice_in_heap"), ("made", "k_put_twice_in_heap"),
         ("holder", "k_put_twice_in_heap"), ("freed", "k_put_twice_in_heap"))
detector("code_of_an_unloaded_module", "splat", "module", "its module is gone",
         "shim/lib/kobject.c", ("touched", "k_give_back_leaky"))
detector("lock_order", "splat", "lock", "possible circular locking", LOCKDEP,
         ("lock_b is held since", "k_b_then_a"), ("lock_a is wanted at", "k_b_then_a"),
         ("lock_a was held since", "k_a_then_b"), ("lock_b was wanted at", "k_a_then_b"),
         expected=True, task="main")
detector("recursive_lock", "splat", "lock", "possible recursive locking", LOCKDEP,
         ("is held since", "k_same_class"), expected=False)
detector("deadlock", "splat", "deadlock", "all wait for each other", LOCKING,
         ("waits for mutex lock_b, held by other", "k_abba"),
         ("waits for mutex lock_a", "b_then_a"), ("lock_b, held by other", "b_then_a"))
detector("bug", "splat", "BUG", "kernel BUG at " + LOCKING, LOCKING, ("here", "k_bug"))
detector("user_pointer", "splat", "user memory", "user address", USER,
         ("touched", "main"), function="trusting_ioctl")
detector("fault", "fault", "not rolled back", "alone: fault ", "tests/unit/sweep_kern.c",
         ("fault", "k_leaks"), function="k_leaks", error=-12, scenario="alone", every=False)
detector("fault_that_was_rolled_back", "fault", "rolled back", "alone: fault 1: ",
         "tests/unit/sweep_kern.c", ("fault", "k_leaks"), n=1)
print(f"1..{count}")
sys.exit(1 if failed else 0)
