# SPDX-License-Identifier: GPL-2.0-only
"""Runs programs side by side, and reads what each of their tests did.

A program's output goes to a file, the reports of the detectors to another
(UMDEV_REPORT). Tests are told apart by the lines of cmocka, or of TAP; a
program that ends in the middle of a test is that test's failure.
"""
import concurrent.futures
import contextlib
import dataclasses
import json
import os
import re
import signal
import subprocess
import threading
import time

BEGIN = re.compile(r"^\[ RUN      \] (\S+)")
END = re.compile(r"^\[(       OK |  FAILED  |  SKIPPED |  ERROR   )\] (\S+)$")
REASON = re.compile(r"^\[  REASON  \] (.*)")
# SKIP and TODO are the two directives that TAP has
TAP = re.compile(r"^(not )?ok \d+(?: - | )?(.*?)(?: # (SKIP|TODO) ?(.*))?$")
LEAKS = "ERROR: LeakSanitizer: detected memory leaks"
# a sanitizer's report, from its first line on
TOLD = re.compile(r"^(?:==\d+==)?(?:ERROR|WARNING): (?P<what>\w+Sanitizer: .*)|"
                  r"^\S+: (?P<said>runtime error: .*)", re.MULTILINE)
LIMIT = "no end within"


@dataclasses.dataclass
class Test:
    """One test of a program; state is passed, failed or skipped."""
    program: str
    name: str
    state: str
    text: str = ""      # what it printed
    reason: str = ""    # of a skip, or how a program ended


@dataclasses.dataclass
class Result:
    """A program that has run."""
    program: object
    status: int
    seconds: float
    tests: list
    log: str            # path
    output: str
    reports: list
    ended: str          # "" when it ended by itself

    @property
    def failed(self):
        return [t for t in self.tests if t.state == "failed"]


def _ended(status, timed_out, timeout):
    if timed_out:
        return f"{LIMIT} {timeout:g} s"
    if status < 0:
        return f"ended by {signal.Signals(-status).name}"
    return ""


def _cmocka(program, output, ended):
    tests, current, lines, outside = [], None, [], []
    for line in output.splitlines():
        begin, end = BEGIN.match(line), END.match(line)
        if begin:
            current, lines = Test(program, begin[1], "failed"), []
        elif end and current and end[2] == current.name:
            current.state = {"       OK ": "passed", "  SKIPPED ": "skipped"}.get(end[1], "failed")
            current.text = "\n".join(lines)
            reason = [REASON.match(text) for text in lines]
            reason += [re.match(r"(?:SKIP|skip)\w*:? (.*)", text) for text in lines]
            current.reason = next((m[1] for m in reason if m), "")
            tests.append(current)
            current = None
        elif current:
            lines.append(line)
        else:
            outside.append(line)
    if current:
        current.text = "\n".join(lines)
        current.reason = ended or "the program ended in the middle of it"
        tests.append(current)
    return tests, "\n".join(outside)


def _tap(program, output):
    tests, lines = [], []
    for line in output.splitlines():
        match = TAP.match(line)
        if not match or line.startswith("1.."):
            lines.append(line)
            continue
        state = "skipped" if match[3] == "SKIP" else "failed" if match[1] else "passed"
        tests.append(Test(program, match[2] or "it", state, "\n".join(lines), match[4] or ""))
        lines = []
    return tests


def _whole(program, status, output, ended):
    state = "passed" if status == 0 else "skipped" if status == program.skip_code else "failed"
    reason = ended
    if state == "skipped":
        said = re.findall(r"(?:SKIP|skipped:?)\s+(.*)", output)
        reason = said[-1] if said else ""
    return Test(program.name, program.base, state, output, reason)


def tests_of(program, status, output, ended):
    """The tests in a program's output, and what failed outside them."""
    if "[ RUN      ] " in output or "[==========] Running " in output:
        tests, outside = _cmocka(program.name, output, ended)
    else:
        tests, outside = _tap(program.name, output), ""
        if status == program.skip_code and not any(t.state == "failed" for t in tests):
            tests = tests or [_whole(program, status, output, ended)]
        elif not tests:
            tests = [_whole(program, status, output, ended)]
    if status not in (0, program.skip_code) and not any(t.state == "failed" for t in tests):
        # a leak that is found at exit, a teardown of the whole program
        tests.append(Test(program.name, "at its end", "failed", outside or output, ended))
    return tests


def read_reports(path):
    """A line each; of a program that was ended the last one may be torn, and is not taken."""
    reports = []
    with contextlib.suppress(OSError), open(path, errors="replace") as file:
        for line in file:
            with contextlib.suppress(ValueError):
                reports.append(json.loads(line))
    return reports


def told(output):
    """What a sanitizer has told of the test that ran last, or begun to."""
    begin = max((m.start() for m in re.finditer(r"^\[ RUN      \] ", output, re.MULTILINE)), default=0)
    match = TOLD.search(output, begin)
    return (match["what"] or match["said"]) if match else ""


def wait(process, timeout, log):
    """Its status, never 0 when its time was over, and whether it was.

    One that is at a report then has as much time again: a report takes what it takes
    to read debug information, and is worth more than the rest of the program.
    """
    try:
        return process.wait(timeout), False
    except subprocess.TimeoutExpired:
        pass
    try:
        status = process.wait(timeout if told(log.read_text(errors="replace")) else 0)
        return status or -signal.SIGKILL, True
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return -signal.SIGKILL, True


class Interrupted(Exception):
    """A program that was not begun, or did not come to its end."""


class Running:
    """The programs that run now, each with its session, until all are ended at once."""

    def __init__(self):
        self.lock = threading.Lock()
        self.pids = set()
        self.over = False

    def begin(self, command, **how):
        with self.lock:
            if self.over:
                raise Interrupted
            process = subprocess.Popen(command, start_new_session=True, **how)
            self.pids.add(process.pid)
            return process

    def ended(self, process):
        with self.lock:
            self.pids.discard(process.pid)
            if self.over:
                raise Interrupted

    def end_all(self):
        with self.lock:
            self.over = True
            for pid in self.pids:
                with contextlib.suppress(ProcessLookupError):   # it has just ended
                    os.killpg(pid, signal.SIGKILL)


def run_one(program, work, running, extra):
    """Runs one program to its end, or to its limit of time."""
    stem = program.name.replace("/", "-")
    log, reports = work / "logs" / f"{stem}.log", work / "reports" / f"{stem}.json"
    for path in (log, reports):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    environment = {**os.environ, **program.environment, **extra, "UMDEV_REPORT": str(reports)}
    environment.pop("UMDEV_FILTER", None)
    if program.filter:
        environment["UMDEV_FILTER"] = program.filter
    start = time.monotonic()
    with open(log, "wb") as out:
        process = running.begin(program.command, stdin=subprocess.DEVNULL, stdout=out,
                                stderr=subprocess.STDOUT, env=environment, cwd=work)
        status, timed_out = wait(process, program.timeout, log)
        running.ended(process)
    output = log.read_text(errors="replace")
    ended = _ended(status, timed_out, program.timeout)
    return Result(program, status, time.monotonic() - start,
                  tests_of(program, status, output, ended), str(log), output,
                  read_reports(reports), ended)


class Times:
    """How long each program took last time: the longest begins first."""

    def __init__(self, work):
        self.path = work / "times.json"
        try:
            self.known = json.loads(self.path.read_text())
        except (OSError, ValueError):
            self.known = {}

    def order(self, programs):
        return sorted(programs, key=lambda p: -self.known.get(p.name, 1.0))

    def note(self, results):
        self.known.update({r.program.name: round(r.seconds, 3) for r in results
                           if not r.program.tests})
        self.path.write_text(json.dumps(self.known))


def run_all(programs, work, jobs, told, extra):
    """Runs all; told(result) after each. Returns the results in their order."""
    times = Times(work)
    results, running = {}, Running()
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    futures = [pool.submit(run_one, p, work, running, extra) for p in times.order(programs)]
    try:
        for future in concurrent.futures.as_completed(futures):
            result = future.result()
            results[result.program.name] = result
            told(result)
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        running.end_all()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        times.note(results.values())
    return [results[p.name] for p in programs if p.name in results]
