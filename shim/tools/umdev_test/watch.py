# SPDX-License-Identifier: GPL-2.0-only
"""Waits until somebody saves a file below some directories, by inotify."""
import ctypes
import json
import os
import select
import struct

CLOSE_WRITE, MOVED_TO, CREATE, DELETE = 0x8, 0x80, 0x100, 0x200
QUEUE_OVERFLOW, IS_DIRECTORY = 0x4000, 0x40000000
SETTLE_MS = 30      # editors write, rename and remove in one go
SOURCES = (".c", ".h", ".S", ".txt", ".cmake", ".mk", ".sh", ".py", ".awk", ".patch",
           "Makefile", "Kbuild", "Kconfig")


def roots_of(build, top):
    """The directories that a build's sources are in: its tree, and those outside of it."""
    database = json.loads((build / "compile_commands.json").read_text())
    outside = {os.path.dirname(os.path.realpath(entry["file"])) for entry in database}
    return [top] + sorted(d for d in outside if not _is_below(d, top) and
                          not _is_below(d, os.fspath(build)))


def _is_below(path, directory):
    return path == directory or path.startswith(directory + os.sep)


class Watch:
    """All directories below @roots but hidden ones and @skip."""

    def __init__(self, roots, skip):
        self.skip = skip
        self.watched = {}
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        for root in roots:
            self._add(root)

    def _add(self, root):
        """Watches a directory and those below it; returns the sources in them."""
        found = []
        for path, dirs, names in os.walk(root):
            dirs[:] = [d for d in dirs if not d.startswith(".") and
                       os.path.join(path, d) not in self.skip]
            number = self.libc.inotify_add_watch(self.fd, os.fsencode(path), CLOSE_WRITE |
                                                 MOVED_TO | CREATE | DELETE)
            if number < 0:
                raise OSError(ctypes.get_errno(), f"inotify_add_watch of {path}")
            self.watched[number] = path
            found += [name for name in names if name.endswith(SOURCES)]
        return found

    def _of_event(self, number, mask, name):
        """The sources that an event is about; a new directory is watched, too."""
        if mask & QUEUE_OVERFLOW:
            return ["more than can be told"]
        path = os.path.join(self.watched.get(number, ""), name)
        if name.startswith(".") or path in self.skip:
            return []
        if mask & IS_DIRECTORY:
            # what was saved in it before it was watched is told by no event
            return self._add(path) if os.path.isdir(path) else []
        return [name] if name.endswith(SOURCES) else []

    def _names(self):
        try:
            data = os.read(self.fd, 65536)
        except BlockingIOError:
            return set()
        names, at = set(), 0
        while at < len(data):
            number, mask, _, size = struct.unpack_from("iIII", data, at)
            name = data[at + 16:at + 16 + size].rstrip(b"\0").decode(errors="replace")
            names.update(self._of_event(number, mask, name))
            at += 16 + size
        return names

    def wait(self):
        """Returns the names of the sources that were saved."""
        saved = set()
        ready = select.poll()
        ready.register(self.fd, select.POLLIN)
        while True:
            if not ready.poll(SETTLE_MS if saved else None):
                return saved
            saved |= self._names()
