#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# UMDEV_KERNEL: builds configured for other releases than the default still
# compile, without a warning. Only those files are compiled that see the table
# of differences (shim/compat/levels.h); what is left is the same for all. And
# the differences are there: each probe is a construct that compiles at the
# releases that have it and at no other. TAP.
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

# configure KERNEL: a build directory of its own
configure() {
	# what sanitizers add is none of a kernel's
	cmake -S "$top" -B "$work/$1" -G Ninja "-DUMDEV_KERNEL=$1" -DCMAKE_BUILD_TYPE=Debug \
		>"$log" 2>&1
}

# commands KERNEL FILE...: how that build compiles those of the files that it compiles
commands() {
	python3 - "$work/$1/compile_commands.json" "${@:2}" <<-'SCRIPT'
	import json
	import sys
	wanted = set(sys.argv[2:])
	seen = set()
	for entry in json.load(open(sys.argv[1], encoding="utf-8")):
	    if entry["file"] in wanted - seen and "-D__KERNEL__" in entry["command"]:
	        seen.add(entry["file"])
	        print(entry["command"].split(" -o ")[0], "-fsyntax-only -c", entry["file"])
	SCRIPT
}

# What the table is part of, as the build that is tested knows it.
mapfile -t users < <(awk -v table="$top/shim/compat/levels.h" '
	/^[^ ]/ { source = "" }
	/^ / { if (source == "") source = $1; if ($1 == table) print source }' "$work/deps" | sort -u)

# kernel KERNEL: everything that sees the table compiles
kernel() {
	configure "$1"
	report "$1: configured" $?
	commands "$1" "${users[@]}" >"$work/commands.$1"
	echo "# $(wc -l <"$work/commands.$1") files"
	[ "$(wc -l <"$work/commands.$1")" -gt 20 ]
	report "$1: what sees the table is found" $?
	(cd "$work/$1" && xargs -d '\n' -P "$(nproc)" -n 1 sh -c <"$work/commands.$1") >"$log" 2>&1
	report "$1: all of it compiles" $?
}

# compile KERNEL: $work/probe.c as a guest's source, without the overlay that smooths levels
compile() {
	local command
	command=$(grep -v -m 1 -e -DKAPI_AS -e -DUMDEV_BUILTIN "$work/commands.$1" | sed 's/ -fsyntax-only .*//')
	(cd "$work/$1" && sh -c "$command -fsyntax-only -c $work/probe.c") >"$log" 2>&1
}

# probe NAME YES NO: standard input compiles at each release of YES and at none of NO
probe() {
	local kernel
	cat >"$work/probe.c"
	for kernel in $2; do
		compile "$kernel"
		report "$1 at $kernel" $?
	done
	for kernel in $3; do
		! compile "$kernel" && ! grep -q 'No such file' "$log"
		report "no $1 at $kernel" $?
	done
}

for release in 5.4 6.1 7.3; do
	kernel "$release"
done

probe "bus_type.remove() that returns an int" "5.4" "6.1 7.3" <<-'SOURCE'
	#include <linux/device.h>
	static int old_remove(struct device *dev) { return 0; }
	struct bus_type bus = { .name = "old", .remove = old_remove };
SOURCE
probe "bus_type.remove() that returns nothing" "6.1 7.3" "5.4" <<-'SOURCE'
	#include <linux/device.h>
	static void new_remove(struct device *dev) { }
	struct bus_type bus = { .name = "new", .remove = new_remove };
SOURCE

echo "1..$count"
exit "$failed"
