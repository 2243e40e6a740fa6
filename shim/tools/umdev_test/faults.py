# SPDX-License-Identifier: GPL-2.0-only
"""From the reports and failures of many programs to distinct faults.

A fault has a title, one line in the manner of syzkaller: what, and whose line.
Two reports are one fault when kind and functions are the same, whatever object
they are about and whatever test met them. What a program meets first is a
cause; what only ever comes after another fault, a consequence, which is counted.
Within one test a splat comes before what it left over, and that before the
assertion that failed because of it.
"""
import dataclasses
import re

import inverse
import run

# Of the sweep (check/sweep.c): those that are no fault of the code under it are
# "rolled back" and "benign".
WRONG_OUTCOMES = ("unnoticed", "not rolled back", "splat", "breaks what follows")
HOLDS = re.compile(r"get|put|hold|grab|take|ref|alloc")
SAID = re.compile(r"^(?P<file>[^\s:]+\.[ch]):(?P<line>\d+): (?P<text>.*)")
FAILURE = re.compile(r"--- (?P<file>[^\s:]+\.[ch]):(?P<line>\d+): error: Failure!")


@dataclasses.dataclass
class Fault:
    """One distinct fault, and where it was met."""
    key: tuple
    title: str
    rank: int                       # 0 splat, 1 left over, 2 a test's own check
    place: tuple = ()               # file, line
    programs: set = dataclasses.field(default_factory=set)
    tests: set = dataclasses.field(default_factory=set)
    first: int = 0                  # programs in which nothing came before it
    smallest: tuple = ()            # seconds, program, test
    story: str = ""
    limit: str = ""                 # a test that met it was ended: "no end within ..."


def is_test_file(path):
    return bool(re.search(r"(^|/)tests/(contract|unit|[^/]*\.c$)", path)) or "/cmocka" in path


def own_frames(stack):
    """Frames that are neither the shim's nor a library's, up to the first of a test."""
    frames = []
    for frame in stack["frames"]:
        path = frame.get("file")
        if not path or path.startswith("shim/") or not frame.get("function") or \
           frame.get("library"):
            continue
        if is_test_file(path):
            break
        frames.append(frame)
    return frames


def any_frames(stack):
    """Those of a driver; without one, those of a test."""
    return own_frames(stack) or [f for f in stack["frames"] if f.get("file") and
                                 f.get("function") and not f.get("library") and
                                 not f["file"].startswith("shim/")]


def place_text(frame):
    return f"{frame['function']} ({frame['file'].rsplit('/', 1)[-1]}:{frame['line']})"


def _where(frames):
    """The innermost function; a helper that only makes or takes is named with its caller."""
    if not frames:
        return ""
    if len(frames) > 1 and HOLDS.search(frames[0]["function"]):
        return f"{place_text(frames[1])}, by {frames[0]['function']}"
    return place_text(frames[0])


def _functions(frames):
    return tuple(f["function"] for f in frames[:2])


def _short(text):
    text = re.sub(r"possible (circular|recursive) lock\w+( dependency)? detected: ", r"\1: ", text)
    text = re.sub(r" at \S+:\d+ ", " ", text)
    text = re.sub(r": this never ends|CPU: \d+ PID: \d+|\(pid \d+\)|\bPID: \d+", "", text)
    return re.sub(r"\s+", " ", text).strip()


def _anonymous(text):
    """Without what differs between two reports of one fault."""
    text = re.sub(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|'[^']*'|0x[0-9a-f]+|\b\d+\b", "N", text)
    return re.sub(r"\(um_\w+\)|\b(main|kworker\S*|put|task\d*|remover)\b", "T", text)


def _object(report):
    names = report.get("names") or []
    name = names[0] if names else re.sub(r".*'([^']*)'.*", r"\1", report["text"])
    if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}", name):
        name = name[:4] + "…"
    more = f" and {report['count'] - 1} more" if report.get("count", 1) > 1 else ""
    return f"{report['kind']} '{name}'{more}"


def _counterpart(report, taker):
    """Who gives back what else its taker takes, and what it calls for that."""
    name = report.get("counterpart")
    if not name:
        return ""
    file = next((f["file"] for s in report["stacks"] if s["what"] == "counterpart"
                 for f in s["frames"] if f.get("function") == name and f.get("file")), "")
    helper = inverse.helper_of(name, file, taker)
    return f", not put by {name} > {helper}" if helper else f", not put by {name}"


def _releaser(report, taker):
    """Who ended what the holder had made, and should have put its reference then."""
    for stack in report["stacks"]:
        if stack["what"] == "released" and own_frames(stack):
            names = [f["function"] for f in own_frames(stack)[:3]]
            return f", not put by {' > '.join(reversed(names))}"
    return _counterpart(report, taker)


def _leak(report):
    made = report["stacks"][0]
    ended = [s for s in report["stacks"] if s["what"] == "ended"]
    holders = [s for s in report["stacks"] if s.get("unpaired")]
    holders.sort(key=lambda s: -len(own_frames(s)))
    if holders and (own_frames(holders[0]) or not report.get("unpaired")):
        frames = any_frames(holders[0])
        return (f"leak: {_object(report)} held by {_where(frames)}"
                f"{_releaser(report, frames[0]['function'] if frames else '')}"), frames
    if ended and own_frames(ended[0]):
        frames = any_frames(ended[0])
        return (f"leak: {_object(report)} removed by {place_text(frames[0])}, "
                "its first reference never put"), frames
    frames = any_frames(made)
    where = f" made by {place_text(frames[0])}" if frames else ""
    return f"leak: {_object(report)}{where}, never put", frames


def _since(report):
    """Where a lock was taken that is held too long."""
    for stack in report["stacks"]:
        if re.search(r"held since|was taken at|atomic since|held by", stack["what"]):
            frames = any_frames(stack)
            if frames:
                return frames
    return []


def _taker(frames):
    """A function that returns with a lock held does so for its caller."""
    text = place_text(frames[0])
    if len(frames) < 2:
        return text
    undone = inverse.of_function(frames[0]["function"], frames[0]["file"])
    by = f", not given back by {undone}" if undone else ""
    return f"{text} for {frames[1]['function']}{by}"


def _waiters(report):
    return [s for s in report["stacks"] if " waits for " in s["what"]]


def _splat(report):
    text, since = _short(report["text"]), _since(report)
    frames = any_frames(report["stacks"][0])
    if report["kind"] == "deadlock":
        for stack in _waiters(report):
            if own_frames(stack):
                what = re.sub(r"task (\S+) \(pid \d+\)", r"\1", stack["what"])
                return f"deadlock: {what} in {place_text(own_frames(stack)[0])}", own_frames(stack)
    if "taken in" in text and since:
        text = re.sub(r", taken in .*", "", text)
        return f"{text}, taken in {_taker(since)}", since
    if since:
        here = f" in {place_text(frames[0])}" if frames else ""
        text = re.sub(r" is taken again by (\S+), which holds it", " is taken again", text)
        return f"{text}{here}, held since {_taker(since)}", frames[:1] + since[:1]
    if frames and frames[0]["function"] not in text:
        text = f"{text} in {place_text(frames[0])}"
    extra = [own_frames(s) for s in report["stacks"] if s.get("extra")]
    if len(extra) == 1 and extra[0] and place_text(extra[0][0]) not in text:
        return f"{text}, and was put before without being taken in {place_text(extra[0][0])}", extra[0]
    return text, frames


def _sanitizer(report):
    frames = any_frames(report["stacks"][0])
    what = report.get("finding") or report["text"]
    if report["kind"] in ("UBSan", "LSan"):
        what = re.sub(rf"^{report['kind']}: | in \S+ \(.*", "", report["text"])
    title = f"{report['kind']}: {what}"
    if frames:
        title += f" in {place_text(frames[0])}"
    freed = [own_frames(s) for s in report["stacks"] if "freed" in s["what"]]
    if freed and freed[0]:
        title += f", freed by {place_text(freed[0][0])}"
    released = [own_frames(s) for s in report["stacks"] if s["what"] == "released"]
    if released and released[0]:
        title += f", not freed by {released[0][0]['function']}"
    return title, frames


def of_report(report):
    """The fault that a report tells, or None for one that is no fault."""
    kind = report["report"]
    if kind == "splat" and report.get("expected") is False:
        title, frames = _splat(report)
        rank = 1 if _is_left(report) else 0
    elif kind == "sanitizer":
        title, frames = _sanitizer(report)
        rank = 0
    elif kind == "alive" and not report.get("pinned"):
        title, frames = _leak(report)
        rank = 1
    elif kind == "fault" and report["kind"] in WRONG_OUTCOMES:
        title = f"fault sweep: {report['kind']}: {_short(report['text'])}"
        frames = any_frames(report["stacks"][0])
        rank = 0
    else:
        return None
    key = (kind, report["kind"], _functions(frames) or _anonymous(title))
    if kind == "splat":
        key += (_anonymous(re.sub(r"(taken|held since|in) \S+ \(.*", "", title)),)
    place = (frames[0]["file"], frames[0]["line"]) if frames else ()
    story = report["text"] + "\n" + report["details"]
    return Fault(key, title, rank, place, story=story)


def _failure_of(test):
    """What a test's own check said."""
    for line in test.text.splitlines():
        match = SAID.match(line)
        if match and "error: Failure!" not in line:
            return match["text"], match["file"], int(match["line"])
    match = FAILURE.search(test.text)
    said = [line for line in test.text.splitlines()
            if line.strip() and not line.startswith("[") and not FAILURE.search(line)]
    text = re.sub(r"^\[  ERROR   \] --- ", "", said[0] if said else "")
    if match:
        return text or "an assertion failed", match["file"], int(match["line"])
    return text, "", 0


def of_test(test):
    """The fault of a failed test that no report tells."""
    if test.reason:
        title = f"{test.program}: {test.name}: {test.reason}"
        begun = run.told(test.text)
        title += f", in a report: {begun}" if begun else ""
        return Fault(("ended", test.program, test.reason), title, 2, story=test.text)
    text, file, line = _failure_of(test)
    # which of many checks failed is no other fault when they say the same
    where = f" ({file.rsplit('/', 1)[-1]}:{line})" if file else f" ({test.program}: {test.name})"
    title = f"test: {text or 'failed'}{where}"
    key = ("test", file, line) if file else ("test", test.program, _anonymous(text or test.name))
    return Fault(key, title, 2, (file, line) if file else (), story=test.text)


def _is_left(report):
    """Is it the splat of an unload about what is still alive of the module?"""
    return bool(re.search(r"is unloaded and leaves|holds \d+ objects? of module .* which is unloaded",
                          report["text"]))


def _merge_pinned(reports):
    """What an audit of everything found to be kept by others is so in that of one module."""
    pinned = {(r["kind"], tuple(r["names"])) for r in reports
              if r["report"] == "alive" and r.get("pinned")}
    kept = [r for r in reports if r["report"] != "alive" or
            (r["kind"], tuple(r["names"])) not in pinned]
    leaks = any(r["report"] == "alive" for r in kept)
    return [r for r in kept if not (leaks and _is_left(r))]


def of_failure(result, test):
    """The distinct faults of one failed test, the cause first."""
    reports = [r for r in result.reports if r.get("test") == test.name]
    if test.name == "at its end" or (not reports and test is result.failed[0]):
        named = {t.name for t in result.tests}
        reports = [r for r in result.reports if r.get("test") not in named] + [
            r for r in result.reports if r["report"] == "sanitizer" and r["kind"] == "LSan"]
    found = {}
    for report in _merge_pinned(reports):
        fault = of_report(report)
        if fault and fault.key not in found:
            found[fault.key] = fault
    faults = sorted(found.values(), key=lambda f: f.rank)
    if not faults:
        return [of_test(test)]
    if test.reason.startswith(run.LIMIT):
        faults[0].limit = test.reason
    return faults


class Verdict:
    """All distinct faults of a run, causes before consequences."""

    def __init__(self, results):
        self.faults = {}
        for result in results:
            for number, test in enumerate(result.failed):
                for place, fault in enumerate(of_failure(result, test)):
                    self._note(result, test, fault, number == 0 and place == 0)
        everything = list(self.faults.values())
        self.causes = [f for f in everything if f.first]
        self.consequences = [f for f in everything if not f.first]
        self.causes.sort(key=lambda f: (f.rank == 2, -f.first, f.rank, -len(f.tests)))

    def _note(self, result, test, fault, is_first):
        known = self.faults.setdefault(fault.key, fault)
        known.programs.add(result.program.name)
        known.tests.add((result.program.name, test.name))
        known.first += is_first
        known.limit = known.limit or fault.limit
        contract = "contract" in result.program.labels
        here = (not is_first, not contract, result.seconds, result.program.name, test.name)
        if not known.smallest or here < known.smallest:
            known.smallest = here
            known.title, known.story = fault.title, fault.story
