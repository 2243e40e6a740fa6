#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/summary: what passed, failed and was skipped in logs of ctest. A program
# that came to its limit of time, or ended without a word, is a failure beside
# those that others told. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/Testing/Temporary"
told=("$dir/said")

# counted TEST STATUS LINE: of the log from stdin
counted() {
	cat >"$dir/Testing/Temporary/LastTest.log"
	"${UMDEV_SOURCE_DIR:?}/tests/summary" "$dir" >"$dir/said" 2>&1
	local status=$?
	[[ $status == "$2" && $(tail -n 1 "$dir/said") == "$3" ]]
	report "$1" $?
}

counted each_failure_is_one_whoever_tells_it 1 '3 passed, 3 failed, 1 skipped' <<'END'
1/4 Testing: contract/tells
[       OK ] one
[  FAILED  ] two
[  FAILED  ] two
Test Failed.
2/4 Testing: contract/comes_to_its_limit
[       OK ] three
Test Failed.
3/4 Testing: unit/says_nothing
Test Failed.
4/4 Testing: unit/script
ok 1 - four
ok 2 - five # SKIP there is none
Test Passed.
END

counted a_known_fault_is_found_when_a_test_fails 0 '2 passed, 0 failed, 0 skipped' <<'END'
1/2 Testing: history/caught
[  FAILED  ] one
Test Passed.
2/2 Testing: contract/passes
[       OK ] two
Test Passed.
END

counted a_log_without_a_test_is_no_success 1 '0 passed, 0 failed, 0 skipped' </dev/null

echo "1..$count"
exit $failed
