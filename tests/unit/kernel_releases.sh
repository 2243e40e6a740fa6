#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Real modules for each kernel that is there: of the releases that
# kernel-glue/kernels.sh gets, and installed ones. Framework, adapter, samples
# and test modules, from the same files. One TAP line per kernel; one that is
# not there is a skip, with the command that gets it.
set -uo pipefail

top=${UMDEV_SOURCE_DIR:-$(readlink -f "$(dirname "$0")/../..")}
glue=$top/kernel-glue
log=$(mktemp)
trap 'rm -f "$log"' EXIT
count=0
failed=0
built=0

# report NAME STATUS
report() {
	count=$((count + 1))
	case $2 in
	0)
		echo "ok $count - $1"
		built=$((built + 1))
		;;
	77) echo "ok $count - $1 # SKIP $(grep -v '^make' "$log" | tail -n 1)" ;;
	*)
		echo "not ok $count - $1"
		grep -E 'error:|ERROR|warning:|\*\*\*' "$log" | sed 's/^/# /' | head -n 40
		failed=1
		;;
	esac
}

for tree in $("$glue/kdir.sh" --all); do
	make --no-print-directory -s -C "$glue" "KDIR=$tree" VRINGH=no "BUILD=$top/build/kernel-test" \
		UMDEV_TEST_MODULES=y modules >"$log" 2>&1
	report "$("$glue/kdir.sh" --release "$tree"), installed" $?
done
for release in 6.12 7.3; do
	"$glue/kernels.sh" build "$release" -s VRINGH=no "BUILD=$top/build/kernel-test" \
		UMDEV_TEST_MODULES=y modules >"$log" 2>&1
	report "$release" $?
done

echo "1..$count"
[ "$failed" = 0 ] || exit 1
[ "$built" -gt 0 ] || exit 77
