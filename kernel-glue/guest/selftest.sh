#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# selftest.sh DIR [KIND]: does a run in the guest fail when it must, and does its
# report name the fault? One boot for each planted fault. KIND is a kernel of
# ../debug: debug, kcsan or release, with the faults that it looks for.
set -uo pipefail

dir=$1 kind=${2-}
guest=$(dirname "$0")
n=0
bad=0

# try TEST STATUS PATTERN...: the run's exit status, and what its output must have
try() {
	local test=$1 want=$2 status=0 missing="" pattern out
	shift 2
	out=$(TESTS="broken:$test" TOTAL=0 "$guest/run.sh" "$dir" 2>&1) || status=$?
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
	# a report may be long: what became of the programs comes first
	{
		grep -v '^# ' <<<"$out"
		tail -n 60 <<<"$out"
	} | sed 's/^/#   /'
}

try none 0 '^ok 1 - broken: none'
case $kind in
debug)
	try lock_order 1 'not ok .*lock_order' 'possible circular locking dependency' 'broken_lock_order'
	try use_after_free 1 'not ok .*use_after_free' 'KASAN: slab-use-after-free' 'broken_dereference'
	try sleeps_in_atomic 1 'not ok .*sleeps_in_atomic' \
		'sleeping function called from invalid context' 'broken_sleeps_in_atomic'
	try active_freed 1 'not ok .*active_freed' 'ODEBUG: free active' 'broken_active_freed'
	try memory_lost 1 'kmemleak reports' 'unreferenced object' 'broken_lost'
	;;
kcsan) try race 1 'not ok .*race' 'KCSAN: data-race' 'broken_counts' ;;
release) try freed_early 1 'not ok .*freed_early' 'ODEBUG: free active' 'broken_freed_early' ;;
'')
	try null 1 'not ok .*broken: null' 'NULL pointer dereference' 'broken_create'
	LIMIT=4 try unlock 1 'hang' 'broken_create' 'not ok'
	try warn 1 'not ok .*warn' 'broken_create warns'
	try leak 1 'not ok .*leak' 'left alive: .*broken_leak'
	try announced 1 'announced splat did not come: this does not come'
	try killed 1 'not ok .*broken'
	;;
*)
	echo "selftest.sh: there is no kind $kind: debug, kcsan, release" >&2
	exit 1
	;;
esac
echo "1..$n"
exit $bad
