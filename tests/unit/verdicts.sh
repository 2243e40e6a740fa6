#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The known faults of Linux's own frameworks: each test in tests/upstream/verdicts is
# one that there is, each fault has a place in each tree that it is said of and a
# test that shows it, and what is "ours" says why. TAP.
set -uo pipefail

found=$("${UMDEV_SOURCE_DIR:?}/tests/upstream/verdict" --check)
if [[ $? == 0 && -z $found ]]; then
	echo "ok 1 - verdicts and faults fit together"
	echo "1..1"
	exit 0
fi
while IFS= read -r line; do
	echo "# $line"
done <<<"$found"
echo "not ok 1 - verdicts and faults fit together"
echo "1..1"
exit 1
