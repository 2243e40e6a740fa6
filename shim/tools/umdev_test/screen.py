# SPDX-License-Identifier: GPL-2.0-only
"""What a person sees: progress, the story of each fault, and the verdict last."""
import os
import re
import shutil
import time

LOG_EVERY = 15      # seconds


class Screen:
    """A terminal, or a file that gets no progress and no colour."""

    def __init__(self, out, top):
        self.out = out
        self.top = top
        terminal = out.isatty()
        dumb = os.environ.get("TERM", "dumb") in ("", "dumb")
        self.progress = terminal and not dumb
        self.colour = self.progress and not os.environ.get("NO_COLOR")
        self.width = shutil.get_terminal_size((100, 24)).columns if terminal else 0
        self.shown = False
        self.told = time.monotonic()

    def paint(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self.colour else text

    def step(self, text):
        """One line that stands until the next; in a log one now and then."""
        if not self.progress and time.monotonic() - self.told > LOG_EVERY:
            self.told = time.monotonic()
            self.line(f"== {text}")
        if self.progress:
            self.out.write("\r\033[K" + text[:self.width - 1])
            self.out.flush()
            self.shown = True

    def line(self, text=""):
        if self.shown:
            self.out.write("\r\033[K")
            self.shown = False
        self.out.write(text + "\n")
        self.out.flush()

    def path(self, path):
        """As one would type it from here."""
        path = os.path.join(self.top, path)
        relative = os.path.relpath(path)
        return relative if not relative.startswith("../../..") else os.path.normpath(path)

    def relative(self, text):
        """The same for the paths in a text of many lines."""
        def from_here(match):
            path = os.path.join(self.top, match[0])
            return self.path(path) if os.path.exists(path) else match[0]
        return re.sub(r"(?<![\w/.])/?(?:[\w.+-]+/)+[\w.+-]+\.[ch]\b", from_here, text)

    def wrapped(self, text, indent):
        """Broken at blanks where the terminal ends."""
        if not self.width:
            return [text]
        lines, line = [], ""
        for word in text.split(" "):
            if line and len(line) + 1 + len(word) > self.width - 1:
                lines.append(line)
                line = " " * indent + word
            else:
                line = f"{line} {word}" if line else word
        return lines + [line]


def _plural(n, word):
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def story(screen, verdict, lines):
    """Each cause with its frames; the whole of it is in the logs."""
    for fault in verdict.causes:
        screen.line(screen.paint("1", fault.title))
        text = screen.relative(fault.story).rstrip().splitlines()
        text = [t for t in text if t.strip()]
        for t in text[:lines]:
            screen.line("    " + t)
        if len(text) > lines:
            screen.line(f"    ... {len(text) - lines} more lines")
        screen.line()


def counts(results):
    states = [t.state for r in results for t in r.tests]
    return (f"{states.count('passed')} passed, {states.count('failed')} failed, "
            f"{states.count('skipped')} skipped")


def skips(screen, results):
    by_reason = {}
    for result in results:
        for test in result.tests:
            if test.state == "skipped":
                by_reason.setdefault(test.reason or "no reason given", []).append(test.name)
    for reason, names in by_reason.items():
        screen.line(f"skipped: {reason} ({names[0] if len(names) == 1 else len(names)})")


def last(screen, run, command, limit):
    """One line for each distinct fault, where it repeats, and the sum."""
    verdict = run.verdict
    for number, fault in enumerate(verdict.causes[:limit], 1):
        for line in screen.wrapped(f"{number}. {fault.title}", 3):
            screen.line(screen.paint("31", line))
        program, test = fault.smallest[-2:]
        which = f"{program}/{test}" if re.fullmatch(r"\w+", test) else program
        ended = f"; {fault.limit}" if fault.limit else ""
        screen.line(f"   {_plural(len(fault.programs), 'program')}, "
                    f"{_plural(len(fault.tests), 'test')}{ended}; again: {command} '{which}'")
    if len(verdict.causes) > limit:
        screen.line(f"   and {len(verdict.causes) - limit} more faults")
    if verdict.consequences:
        screen.line(f"   {_plural(len(verdict.consequences), 'more title')} only after "
                    "these (-v tells them)")
    for change in run.changes:
        screen.line(f"changed since these tests last passed: {change}")
