#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A host that gives little: each time one line that says what to do. TAP.
set -u
umdev=${UMDEV_BINARY_DIR:?}/umdev
out=$(mktemp)
trap 'rm -f "$out"' EXIT
count=0
failed=0

# report NAME STATUS: one line of TAP
report() {
	count=$((count + 1))
	if [ "$2" = 0 ]; then
		echo "ok $count - $1"
		return
	fi
	echo "not ok $count - $1"
	sed 's/^/# /' "$out"
	failed=1
}

(ulimit -n 12; exec "$umdev" demo) >"$out" 2>&1
[ $? != 0 ] && grep -q "12: 'ulimit -n 1024' helps" "$out"
report few_descriptors_are_told $?

(ulimit -n 64; exec "$umdev" demo) >"$out" 2>&1
report sixty_four_are_enough $?

if grep -q '^UMDEV_SANITIZE:.*=.' "$UMDEV_BINARY_DIR/CMakeCache.txt"; then
	count=$((count + 1))
	echo "ok $count - little_address_space_is_told # SKIP a sanitizer tells it (preset release has none)"
else
	(ulimit -v 4000000; exec "$umdev" demo) >"$out" 2>&1
	[ $? != 0 ] && grep -q "'ulimit -v unlimited' helps" "$out"
	report little_address_space_is_told $?
fi

UMDEV_REPORT=/dev/full "$UMDEV_BINARY_DIR/tests/unit_references" --child complain >"$out" 2>&1
[ "$(grep -c 'umdev: /dev/full: No space left on device' "$out")" = 1 ]
report report_on_a_full_disk_is_told_once $?

echo "1..$count"
exit "$failed"
