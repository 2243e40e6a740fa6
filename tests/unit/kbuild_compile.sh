#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Compiles every file of the chosen tree, and the adapter, with the flags of a
# real kernel's build: W=1, and sparse where it is installed. One TAP line per
# file, with what the compiler said if it said anything. Works in a directory
# of links, so that the source tree stays as it is.
#
# Skipped (77) without make or without headers of a known kernel. KDIR= and
# MDEV_TREE= choose others.
set -uo pipefail

top=${UMDEV_SOURCE_DIR:-$(readlink -f "$(dirname "$0")/../..")}
tree=${MDEV_TREE:-$top/src}

skip() {
	echo "1..0 # SKIP $1"
	exit 77
}

command -v make >/dev/null || skip "make is not installed"
why=$(mktemp)
kdir=$("$top/kernel-glue/kdir.sh" ${KDIR:+"$KDIR"} 2>"$why") || kdir=
reason=$(tr '\n' ' ' <"$why")
rm -f "$why"
[[ -n $kdir ]] || skip "${reason:-no kernel headers}"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
farm=$work/farm
mkdir "$farm"
if ! "$top/kernel-glue/farm.sh" "$farm" "$tree"; then
	echo "Bail out! no farm of links to $tree"
	exit 1
fi

cd "$farm" || exit 1
mapfile -t sources < <(find drivers samples compat -name '*.c' 2>/dev/null | sort)
check=0
command -v sparse >/dev/null && check=1

echo "# $(basename "$kdir"), W=1, sparse: $check"
echo "1..${#sources[@]}"
# -Oline: the messages of files compiled at once do not mix within a line.
make -C "$kdir" -k -j"$(nproc)" -Oline M="$farm" W=1 C=$check \
	"${sources[@]/%.c/.o}" >"$work/log" 2>&1

status=0
n=0
for source in "${sources[@]}"; do
	n=$((n + 1))
	said=$(grep -F "$source:" "$work/log")
	if [[ -e ${source%.c}.o && -z $said ]]; then
		echo "ok $n - $source"
	else
		echo "not ok $n - $source"
		sed 's/^/# /' <<<"${said:-$(tail -n 20 "$work/log")}"
		status=1
	fi
done
exit $status
