#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the explorer leaves out when it is asked to would have come to no other end (shim/explore/README.md,
# "What can be left out"): scenarios in both forms. Prints how many schedules each has.
# Arguments, each a subject and a scenario with its bound: those instead.
# UMDEV_BINARY_DIR is as ctest sets it.
set -uo pipefail

umdev=${UMDEV_BINARY_DIR:?}/umdev
bad=0 n=0

# value NAME <row: that member of it
value() {
	sed -nE "s/.*\"$1\": \"?([^\",}]*).*/\1/p"
}

# both SUBJECT SCENARIO BOUND
both() {
	local few all name a b
	n=$((n + 1))
	few=$("$umdev" explore "$1" "$2" --bound "$3" --force --json --reduce 2>/dev/null | grep '^{')
	all=$("$umdev" explore "$1" "$2" --bound "$3" --force --json 2>/dev/null | grep '^{')
	for name in ends ends_hash findings complete; do
		a=$(value "$name" <<<"$few") b=$(value "$name" <<<"$all")
		[ -n "$a" ] && [ "$a" = "$b" ] && continue
		printf 'not ok %d - %s %s: %s is %s with what is left out, %s without\n' "$n" "$1" "$2" "$name" "$b" "$a"
		bad=1
		return
	done
	a=$(value schedules <<<"$few") b=$(value schedules <<<"$all")
	if [ "$(value left_out <<<"$few")" = 0 ] || [ "$a" -ge "$b" ]; then
		printf 'not ok %d - %s %s: nothing is left out of %d\n' "$n" "$1" "$2" "$b"
		bad=1
		return
	fi
	printf 'ok %d - %s %s: bound %d, %d schedules instead of %d, %s ends\n' "$n" "$1" "$2" "$3" "$a" "$b" \
		"$(value ends <<<"$few")"
}

if [ $# = 0 ]; then
	set -- mdev close,remove 1 mdev open,close 1 mdev read,unbind 1 mdev remove,open 1 \
		mtty reset,memory 2 mvnet kick,status 1
fi
while [ $# -ge 3 ]; do
	both "$1" "$2" "$3"
	shift 3
done
echo "1..$n"
exit "$bad"
