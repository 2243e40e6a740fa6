#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# selftest.sh DIR: does a run in the guest fail when it must, and does its
# report name the fault? One boot for each planted fault.
set -uo pipefail

dir=$1
guest=$(dirname "$0")
n=0
bad=0

# try TEST STATUS PATTERN...: the run's exit status, and what its output must have
try() {
	local test=$1 want=$2 status=0 missing="" pattern out
	shift 2
	out=$(TESTS="broken:$test" TOTAL=0 LIMIT=4 TIMEOUT=60 "$guest/run.sh" "$dir" 2>&1) || status=$?
	for pattern; do
		grep -q -e "$pattern" <<<"$out" || missing+=" '$pattern'"
	done
	n=$((n + 1))
	if [[ $status == "$want" && -z $missing ]]; then
		echo "ok $n - $test"
		return
	fi
	bad=1
	echo "not ok $n - $test: exit status $status, want $want${missing:+; not in its report:$missing}"
	printf '%s\n' "$out" | tail -n 60 | sed 's/^/#   /'
}

try none 0 '^ok 1 - broken: none'
try null 1 'not ok .*broken: null' 'NULL pointer dereference' 'broken_create'
try unlock 1 'hang' 'broken_create' 'not ok'
try warn 1 'not ok .*warn' 'broken_create warns'
try leak 1 'not ok .*leak' 'left alive: .*broken_leak'
try announced 1 'announced splat did not come: this does not come'
try killed 1 'not ok .*broken'
echo "1..$n"
exit $bad
