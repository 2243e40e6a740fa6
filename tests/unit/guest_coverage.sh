#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel-glue/guest/coverage.sh with counters of a program in place of a module's:
# those of two guests add up, what is not of src/ goes, and a guest that has sent
# none is told. And coverage/worlds, with data of both worlds. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
work=${UMDEV_BINARY_DIR:?}/guest_coverage
# shellcheck disable=SC2034 # told of by tap.sh
told=("$work/said")
rm -rf "$work"
mkdir -p "$work"/{guest,objects/drivers/vfio/mdev,objects/lib}

if ! command -v lcov >/dev/null || ! command -v gcc >/dev/null; then
	echo "1..0 # SKIP lcov and gcc are needed; on Debian: apt-get install lcov gcc"
	exit 77
fi

for dir in drivers/vfio/mdev lib; do
	cat >"$work/objects/$dir/counted.c" <<-'EOF'
	#include <stdio.h>
	int main(int n, char **v)
	{
		if (n > 1)
			puts(v[1]);
		return 0;
	}
	EOF
	gcc --coverage -c -o "$work/objects/$dir/counted.o" "$work/objects/$dir/counted.c" &&
		gcc --coverage -o "$work/$(basename $dir)" "$work/objects/$dir/counted.o" || exit 1
done

# sent LOG TIMES: as the guest does, of so many runs with an argument and one without
sent() {
	local i dir
	find "$work/objects" -name '*.gcda' -delete
	for dir in mdev lib; do
		"$work/$dir" >/dev/null
		for ((i = 0; i < $2; i++)); do "$work/$dir" it >/dev/null; done
	done
	rm -rf "$work/gcov"
	(cd / && find "${work#/}/objects" -name '*.gcda' -print0 |
		xargs -0 cp --parents -t "$(mkdir -p "$work/gcov" && echo "$work/gcov")")
	tar -C "$work/gcov" -cf "$work/guest/$1" .
}

coverage() {
	"$top/kernel-glue/guest/coverage.sh" "$work/guest" "$work/info" >"$work/said" 2>&1
}

sent observe.log 1
coverage
report "what one guest has counted is told" $?
grep -qx DA:5,1 "$work/info"
report "as often as it ran" $?
sent observe-2.log 2
coverage && grep -qx DA:5,3 "$work/info" && grep -qx DA:6,5 "$work/info"
report "counters of two guests add up" $?
[[ $(grep -c '^SF:.*/drivers/vfio/mdev/counted\.c$' "$work/info") == 1 ]] &&
	! grep -q '^SF:.*/lib/' "$work/info"
report "what is not of src/ is not counted" $?
: >"$work/guest/observe-2.log"
echo nothing >"$work/guest/observe.log"
! coverage && grep -q 'has sent no counters' "$work/said"
report "a guest that has sent nothing is told" $?

# coverage/worlds: what ran where, of a file of src/ with four lines that matter
file=src/drivers/vfio/mdev/mdev_core.c
# data NAME LINE,HITS...
data() {
	local name=$1
	shift
	printf '%s\n' "SF:$top/$file" "${@/#/DA:}" end_of_record >"$work/$name"
}
worlds() {
	"$top/coverage/worlds" "$work/user" "$work/kernel" >"$work/said" 2>&1
}
data user 66,1 67,1 68,0 69,0
data kernel 66,3 67,0 68,2 69,0
worlds && grep -qE "^$file +4 +1 +1 +1 +1 " "$work/said" &&
	grep -q "^only in user space:" "$work/said" && grep -q "^$file:67: " "$work/said" &&
	grep -q "^$file:68: " "$work/said" && ! grep -q "^$file:6[69]: " "$work/said"
report "lines are told by where they ran" $?
touch -d 2001-01-01 "$work/kernel"
! worlds && grep -q "has changed since $work/kernel was made" "$work/said"
report "not by what was counted before a source was changed" $?
echo "1..$count"
# shellcheck disable=SC2154 # of tap.sh
exit "$failed"
