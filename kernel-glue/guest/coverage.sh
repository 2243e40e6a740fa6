#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# coverage.sh DIR INFO: what gcov counted in the guests (DIR/observe.log, a tar of
# run.sh's; observe-2.log and so on) as lcov's data, of the files of src/ only.
#
# A counter's file lies where its object lies, below a directory for each guest; the compiler's notes are
# beside the object. Sources are read through the links of farm.sh.
set -euo pipefail

dir=$1 info=$2
top=$(readlink -f "$(dirname "$0")/../..")

command -v lcov >/dev/null || {
	echo "kernel-glue: lcov is missing; on Debian: apt-get install lcov" >&2
	exit 1
}
rm -rf "$dir/gcov"
for sent in "$dir"/observe*.log; do
	here=$dir/gcov/$(basename "$sent" .log)
	mkdir -p "$here"
	tar -C "$here" -xf "$sent" 2>/dev/null || {
		echo "kernel-glue: the guest has sent no counters: is its kernel one of debug-check?" >&2
		exit 1
	}
done
find "$dir/gcov" -name '*.gcda' | while read -r data; do
	object=${data#"$dir/gcov/"}
	object=/${object#*/}
	notes=${object%.gcda}.gcno
	case $object in
	*/drivers/vfio/mdev/* | */drivers/virtio/* | */samples/vfio-mdev/*)
		[[ ! -e $notes ]] || cp "$notes" "${data%.gcda}.gcno"
		;;
	*) rm "$data" ;;
	esac
done
lcov --config-file "$top/coverage/lcovrc" -q --capture --directory "$dir/gcov" \
	--output-file "$info.raw" 2>"$dir/lcov.log" || { tail "$dir/lcov.log" >&2; exit 1; }
lcov --config-file "$top/coverage/lcovrc" -q --extract "$info.raw" '*/drivers/vfio/mdev/*.c' \
	'*/drivers/virtio/*.c' '*/samples/vfio-mdev/*.c' --output-file "$info"
rm "$info.raw"
echo "coverage of the guest: $info"
