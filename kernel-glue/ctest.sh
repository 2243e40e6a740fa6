#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# ctest.sh TARGET [VARIABLE=VALUE...]: a target of the Makefile as a test.
#
# Status 77, which ctest shows as skipped, with the reason, where headers, a
# kernel, the one that KERNEL= names, or QEMU are missing; otherwise make's.
cd "$(dirname "$0")" || exit 1
target=$1
shift

skip() {
	echo "skipped:"
	echo "$1"
	exit 77
}

kernel=
for argument; do
	case $argument in
	KERNEL=*) kernel=${argument#*=} ;;
	esac
done

case $target in
check | compare | guest | selftest)
	if [ -n "$kernel" ]; then
		reason=$(./kernels.sh kdir "$kernel" 2>&1) || skip "$reason"
		reason=$(guest/need.sh "$reason" ../build/kernel 2>&1) || skip "$reason"
		exec make --no-print-directory "$target" "$@"
	fi
	reason=$(guest/image.sh release 2>&1) || skip "$reason"
	reason=$(guest/need.sh 2>&1) || skip "$reason"
	reason=$(./kdir.sh "/lib/modules/$(guest/image.sh release)/build" 2>&1) || skip "$reason"
	;;
*)
	reason=$(./kdir.sh 2>&1) || skip "$reason"
	# without it mvnet is in one of the two builds only
	reason=$(./vringh.sh "$reason" ../build/kernel 2>&1) || skip "$reason"
	;;
esac
exec make --no-print-directory "$target" "$@"
