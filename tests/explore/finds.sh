#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Faults that such code has had, put into our own (tests/history), and faults that
# nothing else finds, which the explorer must find: each patch with a line
# "Explore: SUBJECT SCENARIO [OPTION...]".
# The first finding is replayed three times. Prints schedules and time of each.
# UMDEV_BINARY_DIR and UMDEV_SOURCE_DIR are as ctest sets them.
set -uo pipefail

command -v patch >/dev/null || { echo "SKIP finds: no program 'patch'"; exit 77; }
cd "${UMDEV_SOURCE_DIR:?}" || exit 2
work=${UMDEV_BINARY_DIR:?}/tests/explore
umdev=$UMDEV_BINARY_DIR/umdev
bad=0

fail() {
	printf 'finds: %s: %s\n' "$name" "$1"
	bad=1
}

replay() {
	local string=$1 i
	for ((i = 0; i < 3; i++)); do
		"$umdev" explore "$subject" "$scenario" --replay "$string" >/dev/null 2>&1
		[ $? = 1 ] || { fail "replay $i of $string does not show it"; return; }
	done
}

mapfile -t patches < <(grep -l '^Explore: ' tests/history/core/*.patch tests/explore/*.patch)
for patch in "${patches[@]}"; do
	name=$(basename "$patch" .patch)
	read -r subject scenario options < <(sed -n 's/^Explore: //p' "$patch")
	dir=$work/$name
	mkdir -p "$dir"
	if ! tests/history/build "$patch" "$dir" >"$dir.log" 2>&1; then
		fail "does not build: $dir.log"
		continue
	fi
	export UMDEV_MODULE_DIR=$dir/modules
	# shellcheck disable=SC2086 # several words
	"$umdev" explore "$subject" "$scenario" $options >"$dir.log" 2>&1
	[ $? = 1 ] || { fail "nothing is found ($dir.log)"; continue; }
	awk -v name="$name" -v s="$scenario" '$1 == s { printf "%-32s %-24s %6d schedules %8.2f s %d findings\n", name, s, $7, $8, $NF }' "$dir.log"
	replay "$(sed -n 's/^replay: //p' "$dir.log" | head -n 1)"
done
[ "${#patches[@]}" -gt 0 ] || fail "no patch has a line Explore"
exit "$bad"
