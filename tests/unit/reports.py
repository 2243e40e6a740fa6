# SPDX-License-Identifier: GPL-2.0-only
"""reports.py FILE SANITIZERS TOLD TORN: the reports that reports.sh collected; how
often a full file was told, and what a full one ends in instead of a line. TAP.

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
    "alive": {"count": int, "names": list, "unpaired": int, "pinned": bool},
    "fault": {"scenario": str, "n": int, "every": bool, "error": int, "site": str,
              "reason": str},
    "sanitizer": {"finding": str},
}
# of a splat about an object of kmalloc() or a cache, all of them
OF_OBJECTS = {"size": int, "offset": int, "cache": (str, type(None))}
COMMON = {"kind": str, "text": str, "details": str, "stacks": list, "task": str, "pid": int,
          "test": (str, type(None))}


def malformed(o):
    members = {**COMMON, **MEMBERS[o["report"]]}
    if o["report"] == "splat" and "size" in o:
        members.update(OF_OBJECTS)
    if o["report"] == "alive" and "counterpart" in o:
        members["counterpart"] = str
    for name, kind in members.items():
        if not isinstance(o[name], kind):
            return name
    if not is_place(o):
        return "place"
    if not o["stacks"] or not all(is_stack(s) for s in o["stacks"]):
        return "stacks"
    known = {"report", "function", "file", "line", *members}
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
         ("made", "k_leak_three"), ("holder", "k_hold", {"taken": 3, "given_back": 0, "unpaired": 3}),
         count=3, names=["kept0", "kept1", "kept2"])
detector("leak_by_a_helper", "alive", "kobject", "still alive: kobject 'other'", REFERENCES,
         ("holder", "both_get", {"unpaired": 1}), ("counterpart", "both_let_go"),
         counterpart="both_let_go")
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
OBJECTS = "tests/unit/quarantine_kern.c"
sanitizers = sys.argv[2].split()


def found_by(sanitizer, name, text, function, finding, *stacks):
    detector(name, "sanitizer", sanitizer, text, OBJECTS, ("here", function), *stacks,
             function=function, finding=finding)


if "ASan" in sanitizers:
    detector("lost_memory", "sanitizer", "LSan", " objects leaked, allocated in k_lose_memory",
             REFERENCES, ("allocated", "k_lose_memory"), function="k_lose_memory",
             finding="memory leak")
    detector("lost_by_its_release", "sanitizer", "LSan", " objects leaked, allocated in k_lose_counted",
             REFERENCES, ("allocated", "k_lose_counted"), ("released", "counted_release"),
             function="k_lose_counted")
    found_by("ASan", "write_after_free", "ASan: heap-use-after-free", "k_write_after_free",
             "heap-use-after-free", ("allocated", "k_new"), ("freed", "k_free"))
    found_by("ASan", "double_free", "ASan: attempting double-free", "k_free", "double-free",
             ("here", "k_free_twice"), ("allocated", "k_free_twice"), ("freed", "k_free_twice"))
    found_by("ASan", "trusted_index", "ASan: heap-buffer-overflow", "k_trust_index",
             "heap-buffer-overflow", ("allocated", "k_new"))
else:
    detector("write_after_free", "splat", "use after free", "was written at byte 8, after it",
             OBJECTS, ("allocated", "k_new"), ("freed", "k_write_after_free"), function="k_free",
             size=64, offset=8, cache=None, expected=False)
    detector("write_after_free_to_a_cache", "splat", "use after free", "of cache things", OBJECTS,
             ("allocated", "k_write_after_free_to_cache"), size=24, offset=23, cache="things")
    detector("double_free", "splat", "double free", "kfree() of object of 32 bytes", OBJECTS,
             ("here", "k_free_twice"), ("allocated", "k_free_twice"), ("freed", "k_free_twice"),
             function="k_free", size=32, offset=0)
    detector("invalid_free", "splat", "invalid free", "kfree() of byte 8", OBJECTS,
             ("here", "k_free_inside"), ("allocated", "k_free_inside"), size=32, offset=8)
    detector("trusted_index", "splat", "out of bounds", "was written at byte 32, behind its end",
             OBJECTS, ("allocated", "k_trust_index"), ("here", "k_trust_index"),
             function="k_new", size=32, offset=32)
    detector("pointer_out_of_freed_memory", "splat", "use after free", "read from freed memory",
             OBJECTS, ("touched", "k_follow_freed"), function="k_follow_freed")
if "MSan" in sanitizers:
    found_by("MSan", "unwritten_pointer", "MSan: use-of-uninitialized-value",
             "k_follow_unwritten", "use-of-uninitialized-value", ("allocated", "k_new"))
else:
    detector("unwritten_pointer", "splat", "uninitialised memory",
             "memory that nobody has written", OBJECTS, ("touched", "k_follow_unwritten"),
             function="k_follow_unwritten")
detector("overlong_copy", "splat", "user memory", "of which only 32 are the driver's own object",
         USER, ("here", "trusting_ioctl"), function="trusting_ioctl")
if "UBSan" in sanitizers:
    found_by("UBSan", "undefined_behaviour", "UBSan: Shift exponent 64 is too large",
             "k_trust_shift", "invalid-shift-exponent")
if "TSan" in sanitizers:
    detector("data_race", "sanitizer", "TSan", "TSan: data-race in free_and_count", OBJECTS,
             ("of 8 bytes by thread", "free_and_count"), function="free_and_count",
             finding="data-race")
detector("fault", "fault", "not rolled back", "alone: fault ", "tests/unit/sweep_kern.c",
         ("fault", "k_leaks"), function="k_leaks", error=-12, scenario="alone", every=False)
detector("fault_that_was_rolled_back", "fault", "rolled back", "alone: fault 1: ",
         "tests/unit/sweep_kern.c", ("fault", "k_leaks"), n=1)
verdict("full_file_is_told_once", None if sys.argv[3] == "1" else f"told {sys.argv[3]} times")
verdict("line_is_whole_or_not_there", None if sys.argv[4] == "0" else "the last line is torn")
print(f"1..{count}")
sys.exit(1 if failed else 0)
