#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# umdev demo --driver: everything goes as said, and the picture is a PNG of the
# size of the display.
set -euo pipefail

umdev=${UMDEV_BINARY_DIR:?}/umdev
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "demo_display: $*" >&2
	exit 1
}

# number OFFSET FILE: 32 bits, big-endian
number() {
	printf '%d' "0x$(od -An -v -t x1 -j "$1" -N 4 "$2" | tr -d ' \n')"
}

for driver in mdpy mbochs; do
	if [ ! -e "${UMDEV_MODULE_DIR:-$UMDEV_BINARY_DIR/modules}/$driver.ko" ]; then
		echo "demo_display: SKIP $driver is not among the modules of this tree"
		exit 77
	fi
	png=$dir/$driver.png
	"$umdev" demo --driver "$driver" --output "$png" >"$dir/log" 2>&1 || {
		cat "$dir/log"
		fail "--driver $driver failed"
	}
	grep -qx "picture: $png" "$dir/log" || fail "$driver: no path is printed"
	[ "$(head -c 4 "$png" | od -An -v -t x1 | tr -d ' \n')" = 89504e47 ] ||
		fail "$png is no PNG"
	[ "$(number 16 "$png")x$(number 20 "$png")" = 1024x768 ] ||
		fail "$driver: the picture has another size"
done
# Both displays were shown the same card.
cmp "$dir/mdpy.png" "$dir/mbochs.png"

"$umdev" demo --driver mdpy --output "$dir/no/such/dir.png" >"$dir/log" 2>&1 &&
	fail "a picture that cannot be written is not noticed"
"$umdev" demo --driver nonsense >"$dir/log" 2>&1 && fail "an unknown driver is accepted"
echo "demo_display: ok"
