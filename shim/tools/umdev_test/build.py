# SPDX-License-Identifier: GPL-2.0-only
"""Builds what programs need, by ninja, and says shortly what went wrong."""
import dataclasses
import os
import re
import signal
import subprocess
import time

DIAGNOSTIC = re.compile(r"^(?P<file>[^\s:]+):(?P<line>\d+):(?:\d+:)? "
                        r"(?P<kind>fatal error|error|warning): (?P<text>.*)")
REFUSED = re.compile(r"^(?:modpost|umdev|.*ld.*?): (?P<text>.*)")


@dataclasses.dataclass
class Built:
    """How a build ended."""
    ok: bool
    seconds: float
    steps: int
    output: str         # of the steps that said something
    warnings: list
    titles: list        # of what stopped it


def targets(build, programs):
    """What ninja must make for these programs; for a script, all."""
    wanted = set()
    for program in programs:
        # a launcher may stand before the program
        built = [w for w in program.command if w.startswith(f"{build}/")]
        if not built or not program.command[0].startswith(("/usr/bin/setarch", str(build))):
            return ["all"]
        wanted.add(os.path.relpath(built[0], build))
    return sorted(wanted)


def _step_text(step, of, seconds):
    """How far it is, and how long it takes at the pace so far."""
    left = f", about {seconds * (of - step) / step:.0f} s left" if seconds > 3 and step else ""
    return f"building, step {step} of {of}{left}"


def _titles(output, shorten):
    titles, warnings = [], []
    for line in output.splitlines():
        match = DIAGNOSTIC.match(line)
        if match:
            title = f"{shorten(match['file'])}:{match['line']}: {match['text']}"
            (warnings if match["kind"] == "warning" else titles).append(title)
            continue
        match = REFUSED.match(line)
        if match:
            titles.append(match["text"])
    return list(dict.fromkeys(titles)), list(dict.fromkeys(warnings))


def run(build, programs, shorten, progress):
    """Runs ninja; progress(text) is told each step."""
    start = time.monotonic()
    command = ["ninja", "-C", str(build), *targets(build, programs)]
    environment = dict(os.environ, NINJA_STATUS="[%f/%t] ")
    said, steps = [], 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", env=environment) as ninja:
        try:
            for line in ninja.stdout:
                step = re.match(r"\[(\d+)/(\d+)\] ", line)
                if step:
                    steps = int(step[1])
                    progress(_step_text(steps, int(step[2]), time.monotonic() - start))
                elif not line.startswith(("ninja: ", "-- ")):
                    said.append(line)
        except KeyboardInterrupt:
            # it removes what is half written, whoever was told to end
            ninja.send_signal(signal.SIGINT)
            ninja.communicate()
            raise
    output = "".join(said)
    titles, warnings = _titles(output, shorten)
    if ninja.returncode and not titles:
        titles = ["ninja failed"]
    return Built(ninja.returncode == 0, time.monotonic() - start, steps, output, warnings,
                 titles if ninja.returncode else [])
