#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# umdev explore as a command: what it lists, refuses, prints as a table and as
# JSON, and how it ends. UMDEV_BINARY_DIR is as ctest sets it.
set -uo pipefail

umdev=${UMDEV_BINARY_DIR:?}/umdev
n=0 bad=0

# expect STATUS PATTERN ARGUMENT...: that status, and a line that matches
expect() {
	local want=$1 pattern=$2 out status
	shift 2
	out=$("$umdev" explore "$@" 2>&1)
	status=$?
	n=$((n + 1))
	if [ "$status" = "$want" ] && grep -qE -- "$pattern" <<<"$out"; then
		echo "ok $n - $*"
		return
	fi
	printf 'not ok %d - %s: status %d, want %d and %s\n%s\n' "$n" "$*" "$status" "$want" "$pattern" "$out"
	bad=1
}

expect 0 '^usage: umdev explore' --help
expect 0 '^set_irq$' mtty --list
expect 0 '^drivers_probe$' mdev --list
expect 2 'there is no such module' nosuch
expect 2 'registers no parent' mdev_test_control
expect 2 "what is 'nosuch'" mtty nosuch
expect 2 "not with 'x'" mtty --bound x
expect 2 'name it' mtty --replay 1-2
expect 2 'is no schedule of this scenario' mtty reset,reset --replay 1-2
expect 0 'mtty: 2 scenarios, .* 0 findings' mtty reset,reset reset,set_irq --jobs 2
expect 0 '"scenario": "reset,reset", .* "complete": "yes"' mtty reset,reset --json
expect 0 '"reduced": false, "left_out": 0, .* "complete": "yes"' mtty reset,reset --json
expect 0 '"reduced": true, .* "complete": "yes"' mtty reset,reset --json --reduce
expect 0 'by chance' mvnet kick,status --pct 2 --schedules 5
expect 0 'by chance' mtty memory,reset --random --seed 7 --schedules 5

# rows on a terminal of so many columns
if command -v script >/dev/null; then
	for columns in 80 120; do
		wide=$(script -qec "stty cols $columns; TERM=dumb $umdev explore mtty memory,reset --random --schedules 2" /dev/null </dev/null |
			tr -d '\r' | awk -v most=$columns 'length > most')
		n=$((n + 1))
		if [ -z "$wide" ]; then
			echo "ok $n - rows fit $columns columns"
		else
			printf 'not ok %d - rows do not fit %d columns:\n%s\n' "$n" "$columns" "$wide"
			bad=1
		fi
	done
fi
expect 0 ' yes ' mtty reset,reset --bound 0 --faults 1
expect 0 ' yes ' mtty reset,memory --shard 1/2
expect 2 'cannot be at once' mtty close,close
expect 2 'schedules, .* hours at .* a second: --force' mdev bind,close --bound 9
expect 2 "not with '0'" mtty reset,reset --seconds 0
expect 2 ' no ' mdev create,create_other --bound 9 --seconds 1
expect 0 'a schedule takes [0-9]+ us, .* its tasks, .* the search: [0-9]+ a second' mtty reset,reset --times

# where schedules go on in the middle of the one before, they do so as well when modules are unloaded
resumed() {
	"$umdev" explore mdev "$1" --bound 1 --schedules 100 --json 2>/dev/null | grep -o '"resumed": [0-9]*'
}
n=$((n + 1))
if [ "$(resumed create,remove)" = '"resumed": 0' ] || [ "$(resumed create,unload_vendor)" != '"resumed": 0' ]; then
	echo "ok $n - schedules that unload a module go on as others do"
else
	echo "not ok $n - schedules that unload a module begin again each time"
	bad=1
fi
echo "1..$n"
exit "$bad"
