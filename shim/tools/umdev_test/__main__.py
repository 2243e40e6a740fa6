# SPDX-License-Identifier: GPL-2.0-only
"""umdev test: builds what tests need and nothing else, runs them, says what is wrong."""
import sys
# what is kept of modules is below the build directory, where it is in nobody's way
sys.dont_write_bytecode = not sys.pycache_prefix
import argparse
import fnmatch
import json
import os
import pathlib
import re
import signal
import subprocess
import time

import build
import changes
import faults
import files
import inverse
import run
import screen
import suite

EPILOG = """
A SUBJECT is a program or what its name begins with (mdev_create, mtty), a directory
(contract, unit), tests of a program by pattern ('mdev_create/newline*'), one test by its
name, a test of ctest by its whole name (late/contract/sysfs), or a source file. Without
one: all that does not take minutes. Exit status: 0 all passed, 1 something failed or
does not build, 2 the command was wrong, 130 interrupted.
"""

INTERRUPTED = 130       # what a shell says of a program that ^C ended


class Run:
    """One build and one run of some programs."""

    def __init__(self, options, out):
        self.options = options
        self.build_dir = options.build
        self.work = options.build / "umdev-test"
        self.work.mkdir(exist_ok=True)
        self.out = out
        self.results, self.changes = [], []
        self.built = self.verdict = None
        self.start = time.monotonic()
        self.interrupted = False

    @property
    def seconds(self):
        return time.monotonic() - self.start

    def make(self, programs):
        try:
            self.built = build.run(self.build_dir, programs, self.out.path, self.out.step)
        except KeyboardInterrupt:
            self.interrupted = True
            return False
        if self.built.output and (not self.built.ok or self.built.warnings):
            self.out.line(self.out.relative(self.built.output.rstrip()))
        return self.built.ok

    def told(self, result, done, total):
        failed = len(result.failed)
        if failed:
            self.out.line(f"{result.program.name}: {failed} of {len(result.tests)} failed "
                          f"({self.out.path(result.log)})")
        self.out.step(f"[{done}/{total}] {result.program.name}")

    def go(self, programs):
        done = 0

        def told(result):
            nonlocal done
            done += 1
            self.results.append(result)
            self.told(result, done, len(programs))

        extra = {"UMDEV_VERBOSE": "1"} if self.options.verbose > 1 else {}
        try:
            run.run_all(programs, self.work, self.options.jobs, told, extra)
        except KeyboardInterrupt:
            self.interrupted = True
        order = {p.name: i for i, p in enumerate(programs)}
        self.results.sort(key=lambda r: order[r.program.name])
        self.verdict = faults.Verdict(self.results)

    @property
    def failed(self):
        return not self.built or not self.built.ok or not self.n_tests or \
            any(r.failed for r in self.results)

    @property
    def n_tests(self):
        return sum(len(r.tests) for r in self.results)

    def status(self):
        return INTERRUPTED if self.interrupted else int(self.failed)


class Parser(argparse.ArgumentParser):
    """What is wrong in one line, as all of umdev's commands say it."""

    def error(self, message):
        unknown = re.match(r"unrecognized arguments: (\S+)", message)
        if unknown:
            message = f"unknown option '{unknown[1]}'"
        self.exit(2, f"umdev test: {message}: see umdev test --help\n")


def options_of(argv):
    parser = Parser(prog="umdev test", epilog=EPILOG, allow_abbrev=False,
                    description=__doc__.split(": ", 1)[1],
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT")
    parser.add_argument("--build", type=pathlib.Path, metavar="DIR",
                        help="the build directory (the one that umdev is in)")
    parser.add_argument("-j", "--jobs", type=int, default=len(os.sched_getaffinity(0)),
                        help="programs at a time (%(default)s)")
    parser.add_argument("--watch", action="store_true", help="again at each save")
    parser.add_argument("--list", action="store_true", help="print what there is")
    parser.add_argument("--json", action="store_true", help="JSON alone on standard output")
    parser.add_argument("-v", "--verbose", action="count", default=0,
                        help="the whole story of each fault; -vv: all frames and holders")
    options = parser.parse_args(argv)
    if not options.build:
        options.build = pathlib.Path(os.environ.get("UMDEV_TEST_BUILD", "build/test"))
    options.build = options.build.resolve()
    if not (options.build / "build.ninja").is_file():
        parser.exit(2, f"umdev test: {options.build} is no build directory: ./bootstrap test makes one\n")
    if options.jobs < 1:
        parser.error("--jobs: at least one")
    return options


def command_line(options, out):
    """What is typed here to do the same for another subject."""
    typed = os.environ.get("UMDEV_TEST_COMMAND")
    if typed:
        return typed
    tool = options.build / "umdev"
    if tool.exists():
        return out.path(tool) + " test"
    return f"umdev test --build {out.path(options.build)}"


def print_list(programs, subjects):
    tests = suite.all_tests(programs)
    for program in programs:
        print(program.name)
        for test in tests.get(program.name, []):
            if not program.tests or any(fnmatch.fnmatchcase(test, p) for p in program.tests):
                print(f"    {test}")


def verdict_screen(current, out, options):
    built = current.built
    verbose = options.verbose
    if not built:
        out.line("nothing was run: the build was interrupted")
        return
    if not built.ok:
        for title in built.titles[:10]:
            out.line(out.paint("31", f"build: {title}"))
        out.line(f"nothing was run: the build failed after {built.seconds:.1f} s")
        return
    if current.verdict.causes:
        out.line()
        screen.story(out, current.verdict, 1000 if verbose else 14)
        if verbose:
            for fault in current.verdict.consequences:
                out.line(f"after these: {fault.title}")
    screen.skips(out, current.results)
    screen.last(out, current, command_line(options, out), 12)
    if built.warnings:
        out.line(f"the build warns: {built.warnings[0]}" +
                 (f" and {len(built.warnings) - 1} more" if len(built.warnings) > 1 else ""))
    if not current.n_tests:
        out.line("no test ran: does the pattern match one?")
    where = ", ".join(out.path(path) for path in current.files.values())
    out.line(f"results: {where}")
    summary = screen.counts(current.results)
    note = ", interrupted" if current.interrupted else ""
    out.line(out.paint("31" if current.failed else "32", summary) +
             f"; build {built.seconds:.1f} s, all {current.seconds:.1f} s{note}")


def once(options, out):
    current = Run(options, out)
    known = suite.load(options.build, current.work)
    programs = suite.choose(options.build, known, options.subjects)
    if current.make(programs):
        current.go(programs)
        if current.failed:
            current.changes = changes.since(options.build, current.work)
        elif not current.interrupted:
            changes.note(options.build, current.work)
    document = files.as_json(current.results, current.verdict, current.built, current.seconds,
                             current.interrupted)
    current.files = files.write_all(current.work, current.results, document)
    verdict_screen(current, out, options)
    if options.json:
        print(json.dumps(document, indent=1))
    return current.status()


def top_of(options):
    for line in (options.build / "CMakeCache.txt").read_text().splitlines():
        if line.startswith("CMAKE_HOME_DIRECTORY:"):
            return line.split("=", 1)[1]
    return os.getcwd()


def watch_for_ever(options, out, top):
    import watch as inotify
    watch = inotify.Watch(inotify.roots_of(options.build, top),
                          {os.path.join(top, "build"), os.fspath(options.build)})
    while True:
        try:
            if once(options, out) == INTERRUPTED:
                return INTERRUPTED
        except suite.NoSuchTest as wrong:
            out.line(f"umdev test: {wrong}")
        out.line("waiting for a save; ^C ends")
        names = watch.wait()
        out.line(f"\n== {', '.join(sorted(names))}")


def interrupt(_number, _frame):
    """SIGTERM ends a run as ^C does."""
    raise KeyboardInterrupt


def main():
    signal.signal(signal.SIGTERM, interrupt)
    options = options_of(sys.argv[1:])
    top = top_of(options)
    inverse.look_in(top)
    out = screen.Screen(sys.stderr if options.json else sys.stdout, top)
    try:
        if options.list:
            work = options.build / "umdev-test"
            work.mkdir(exist_ok=True)
            known = suite.load(options.build, work)
            print_list(suite.choose(options.build, known, options.subjects), options.subjects)
            return 0
        if options.watch:
            return watch_for_ever(options, out, top)
        return once(options, out)
    except suite.NoSuchTest as wrong:
        print(f"umdev test: {wrong}", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as wrong:
        print(f"umdev test: {wrong.cmd[0]} failed: {wrong.stderr}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
