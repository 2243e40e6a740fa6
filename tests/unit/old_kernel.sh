#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# UMDEV_KERNEL=5.4: a build configured so still compiles, without a warning.
# Only those files are compiled that see the difference, which are those that a
# file with the macro's name is part of; what is left is the same for both. And
# the difference is there: a bus whose remove() returns an int is one of 5.4.
# Other trees bring such buses; this one has none. TAP.
#
# Skipped (77) where the build is not one by Ninja, which knows what is part of
# what.
set -uo pipefail

top=${UMDEV_SOURCE_DIR:?}
build=${UMDEV_BINARY_DIR:?}
log=$(mktemp)
work=$(mktemp -d)
trap 'rm -rf "$work" "$log"' EXIT
count=0
failed=0

# report NAME STATUS: one line of TAP, with the log of what failed
report() {
	count=$((count + 1))
	if [ "$2" = 0 ]; then
		echo "ok $count - $1"
		return
	fi
	echo "not ok $count - $1"
	sed 's/^/# /' "$log" | head -n 60
	failed=1
}

if ! ninja -C "$build" -t deps >"$work/deps" 2>/dev/null || [ ! -s "$work/deps" ]; then
	echo "1..0 # SKIP not a build by Ninja"
	exit 77
fi

# what sanitizers add is none of a kernel's
cmake -S "$top" -B "$work/build" -G Ninja -DUMDEV_KERNEL=5.4 -DCMAKE_BUILD_TYPE=Debug \
	>"$log" 2>&1
report "configured" $?

# commands FILE...: how the build for 5.4 compiles those of the files that it compiles
commands() {
	python3 - "$work/build/compile_commands.json" "$@" <<-'SCRIPT'
	import json
	import sys
	wanted = set(sys.argv[2:])
	seen = set()
	for entry in json.load(open(sys.argv[1], encoding="utf-8")):
	    if entry["file"] in wanted - seen and "-DUMDEV_KERNEL_5_4" in entry["command"]:
	        seen.add(entry["file"])
	        print(entry["command"].split(" -o ")[0], "-fsyntax-only -c", entry["file"])
	SCRIPT
}

# The macro's files, and everything that one of them is a part of.
mapfile -t marked < <(grep -rl --include='*.[ch]' UMDEV_KERNEL_5_4 "$top/shim" "$top/src" "$top/kernel-glue")
mapfile -t users < <(awk -v marked="${marked[*]}" '
	BEGIN { n = split(marked, list, " "); for (i = 1; i <= n; i++) is[list[i]] = 1 }
	/^[^ ]/ { source = "" }
	/^ / { if (source == "") source = $1; if ($1 in is) print source }' "$work/deps" | sort -u)
commands "${users[@]}" >"$work/commands"
echo "# $(wc -l <"$work/commands") files see ${#marked[@]} with a difference"
[ "$(wc -l <"$work/commands")" -gt 20 ]
report "what sees the difference is found" $?

(cd "$work/build" && xargs -d '\n' -P "$(nproc)" -n 1 sh -c <"$work/commands") >"$log" 2>&1
report "all of it compiles" $?

# bus TYPE VALUE: a bus whose remove() returns that, in a file of its own
bus() {
	cat >"$work/bus.c" <<-SOURCE
	#include <linux/device.h>
	static $1 old_remove(struct device *dev) { return $2; }
	struct bus_type old_bus = { .name = "old", .remove = old_remove };
	SOURCE
}

compile="$(head -n 1 "$work/commands" | sed 's/ -fsyntax-only .*//') -fsyntax-only -c $work/bus.c"
bus int 0
(cd "$work/build" && sh -c "$compile") >"$log" 2>&1
report "a bus of 5.4 compiles" $?
! (cd "$work/build" && sh -c "${compile/UMDEV_KERNEL_5_4/UMDEV_KERNEL_6_1}") >"$log" 2>&1 &&
	grep -q incompatible "$log"
report "and is none of 6.1" $?
bus void ""
! (cd "$work/build" && sh -c "$compile") >"$log" 2>&1 && grep -q incompatible "$log"
report "a bus of 6.1 is none of 5.4" $?

echo "1..$count"
exit "$failed"
