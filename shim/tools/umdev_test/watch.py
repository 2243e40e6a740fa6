# SPDX-License-Identifier: GPL-2.0-only
"""Waits until somebody saves a file below some directories, by inotify."""
import ctypes
import os
import select
import struct

CLOSE_WRITE, MOVED_TO, CREATE, DELETE = 0x8, 0x80, 0x100, 0x200
SETTLE_MS = 30      # editors write, rename and remove in one go


class Watch:
    """All directories below @roots but hidden ones and @skip."""

    def __init__(self, roots, skip):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.fd = self.libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        for root in roots:
            for path, dirs, _ in os.walk(root):
                dirs[:] = [d for d in dirs if not d.startswith(".") and
                           os.path.join(path, d) != skip]
                if self.libc.inotify_add_watch(self.fd, os.fsencode(path), CLOSE_WRITE |
                                               MOVED_TO | CREATE | DELETE) < 0:
                    raise OSError(ctypes.get_errno(), f"inotify_add_watch of {path}")

    def _names(self):
        try:
            data = os.read(self.fd, 65536)
        except BlockingIOError:
            return []
        names, at = [], 0
        while at < len(data):
            _, _, _, size = struct.unpack_from("iIII", data, at)
            names.append(data[at + 16:at + 16 + size].rstrip(b"\0").decode(errors="replace"))
            at += 16 + size
        return names

    def wait(self):
        """Returns the names of the sources that were saved."""
        saved = set()
        while True:
            timeout = SETTLE_MS if saved else None
            ready = select.poll()
            ready.register(self.fd, select.POLLIN)
            if not ready.poll(timeout):
                return saved
            saved |= {n for n in self._names()
                      if n.endswith((".c", ".h", ".txt", ".cmake", "Makefile", "Kbuild", ".sh",
                                     ".py")) and not n.startswith(".")}
