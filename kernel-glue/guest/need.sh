#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the guest needs of this machine; says what to install.
#
#   need.sh [KDIR CACHE]    as for ../vringh.sh; else those of the kernel that it boots
missing=
need() {
	command -v "$1" >/dev/null || PATH=$PATH:/sbin:/usr/sbin command -v "$1" >/dev/null ||
		missing="$missing $2"
}
need qemu-system-x86_64 qemu-system-x86
need busybox busybox-static
need depmod kmod
need cpio cpio
need xz xz-utils
need strip binutils
need setpriv util-linux
[ -e /usr/include/cmocka.h ] || printf '#include <stdarg.h>\n#include <stddef.h>\n#include <setjmp.h>\n#include <stdint.h>\n#include <cmocka.h>\n' |
	${CC:-cc} -E - >/dev/null 2>&1 || missing="$missing libcmocka-dev"
if [ -n "$missing" ]; then
	echo "kernel-glue: the guest needs; on Debian: apt-get install$missing" >&2
	exit 1
fi
if file -L "$(command -v busybox)" 2>/dev/null | grep -q 'dynamically linked'; then
	echo "kernel-glue: busybox is not static; on Debian: apt-get install busybox-static" >&2
	exit 1
fi
glue=$(dirname "$0")/..
kdir=${1:-/lib/modules/$("$glue/guest/image.sh" release)/build}
if [ -e "$kdir/Makefile" ]; then
	"$glue/vringh.sh" "$kdir" "${2:-$glue/../build/kernel}" >/dev/null || exit 1
fi
