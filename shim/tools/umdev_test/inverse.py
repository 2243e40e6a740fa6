# SPDX-License-Identifier: GPL-2.0-only
"""The function that undoes another one, by how such pairs are named.

A function that returns with a lock held has, as a rule, one beside it that gives the
lock back: foo_enter() and foo_leave(). What foo_alloc() made foo_put() gives back.
Of one that does nothing any more no report has a frame; the source has it.
"""
import functools
import os
import pathlib
import re

import changes

PAIRS = (("enter", "leave"), ("enter", "exit"), ("lock", "unlock"), ("begin", "end"),
         ("start", "end"), ("start", "stop"), ("get", "put"), ("acquire", "release"),
         ("take", "drop"), ("grab", "drop"), ("hold", "drop"), ("down", "up"),
         ("freeze", "thaw"), ("block", "unblock"), ("pin", "unpin"), ("open", "close"))
GIVES_BACK = re.compile(r"put|drop|free|release|unref")

_top = ""


def look_in(top):
    """Relative paths are those of the tree at top."""
    global _top
    _top = os.fspath(top)


@functools.lru_cache(maxsize=None)
def functions_of(path):
    """The functions that a source file defines, as far as they look like Linux's, with
    what is called in them."""
    try:
        lines = pathlib.Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return {}
    found, calls = {}, None
    for line in lines:
        match = changes.FUNCTION.match(line)
        if match:
            calls = found[match[1]] = []
        elif line.startswith("}"):
            calls = None
        elif calls is not None:
            calls += re.findall(r"\b(\w+)\(", line)
    return found


def helper_of(name, file, taker):
    """What that function calls to give back what the taker took, by its name, or ""."""
    known = functions_of(os.path.join(_top, file))
    stem = taker.rsplit("_", 1)[0] + "_"
    return next((call for call in known.get(name, ()) if call in known and
                 call.startswith(stem) and GIVES_BACK.search(call)), "")


def of_function(name, file):
    """Its inverse in that source, or ""."""
    known = functions_of(os.path.join(_top, file))
    words = name.split("_")
    for word, other in PAIRS:
        for at in (i for i, w in enumerate(words) if w == word):
            undone = "_".join(words[:at] + [other] + words[at + 1:])
            if undone in known:
                return undone
    return ""
