#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Detectors' reports as JSON (UMDEV_REPORT, see shim/check/report.h): warnings,
# refcount_t, sleeping in atomic context, leaks (of a module, and with late
# releases, too), putting twice, code of an unloaded module, lock order,
# recursive locks, deadlock, BUG(), user pointers, copies that are too long, uses
# of objects after their end and behind it, a data race and undefined behaviour
# where the build has the sanitizer for it, and the fault sweep are made to fire,
# and reports.py looks at what they wrote. TAP.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

tests=${UMDEV_BINARY_DIR:?}/tests
UMDEV_REPORT=$(mktemp)
export UMDEV_REPORT
trap 'rm -f "$UMDEV_REPORT"' EXIT

# most of them end as they must: by a signal
fire() {
	"$@" >/dev/null 2>&1 </dev/null
} 2>/dev/null

fire "$tests/unit_references" --child complain
UMDEV_LATE_RELEASE=1 fire "$tests/unit_references" --child leaky
fire "$tests/unit_references" --child heap
fire "$tests/unit_references" --child lost
fire "$tests/unit_references" --child lost_counted
fire "$tests/unit_references" --child unloaded-code
fire "$tests/unit_lockdep" --child json
fire "$tests/unit_locking" --child abba
fire "$tests/unit_locking" --child bug
fire "$tests/unit_user_memory" --child touch
fire "$tests/unit_user_memory" --child length
for fault in written cache twice inside index followed unwritten shift race; do
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:symbolize=0 fire "$tests/unit_quarantine" --child "$fault"
done
fire "$tests/unit_sweep" --child alone
# a file that takes no line is told, once, and the last line is not torn
full=$(UMDEV_REPORT=/dev/full "$tests/unit_lockdep" --child json 2>&1 </dev/null |
	grep -c '^umdev: /dev/full: No space left on device$')
small=$(mktemp)
(
	trap '' XFSZ
	ulimit -f 2
	UMDEV_REPORT=$small "$tests/unit_references" --child complain >/dev/null 2>&1 </dev/null
)
torn=$(tail -c 1 "$small" | tr -d '\n' | wc -c)
rm -f "$small"
python3 reports.py "$UMDEV_REPORT" "$("$tests/unit_quarantine" --child sanitizers)" "$full" "$torn"
