# SPDX-License-Identifier: GPL-2.0-only
"""What umdev missing is asked about: sources, and the kernel tree that they are held against."""
import os
import re

import compiler
import kbuild


def units(args, entries, source_dir, work):
    found = []
    config = [w for w in args.what if re.match(r"CONFIG_\w+=", w)]
    for what in args.what:
        if what in config:
            continue
        if os.path.isdir(what):
            try:
                found += kbuild.units_of_directory(entries, what, config, source_dir, args.linux, work)
            except kbuild.Unread as why:
                raise SystemExit(f"umdev missing: {why}") from None
        elif os.path.isfile(what):
            if not what.endswith(".c"):
                raise SystemExit(f"umdev missing: {what}: neither a C source nor a directory")
            found.append(kbuild.unit_of_source(entries, what, source_dir, args.linux, work))
        else:
            module = compiler.units_of_module(entries, what)
            if not module:
                raise SystemExit(f"umdev missing: '{what}' is no file, no directory, and no module"
                                 f" of {args.project or args.build}: give one of these")
            found += module
    return found


def tree(build):
    """MDEV_TREE if it is a whole kernel tree, else an installed one."""
    with open(os.path.join(build, "CMakeCache.txt")) as f:
        match = re.search(r"^MDEV_TREE:\w+=(.*)$", f.read(), re.M)
    candidates = [match[1]] if match else []
    for top in ("/lib/modules", "/usr/src"):
        for name in sorted(os.listdir(top) if os.path.isdir(top) else [], reverse=True):
            candidates += [os.path.join(top, name, "source"), os.path.join(top, name, "build"),
                           os.path.join(top, name)]
    return next((c for c in candidates
                 if os.path.exists(os.path.join(c, "include/linux/kernel.h"))), None)
