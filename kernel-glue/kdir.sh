#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Prints the kernel build tree to build against, or says what is missing.
#
#   kdir.sh [DIR]       one tree: DIR if given, else the running kernel's if
#                       it is there and not too old, else the newest known one
#   kdir.sh --release DIR   the release that DIR builds modules for
#   kdir.sh --all       every installed tree of a known version
#
# Known are the releases of shim/compat/levels.h, from the one after the
# framework was rebuilt. A newer one is tried, with a warning.
set -eu

# release_of DIR: without a process of its own, as it is asked for several times a build
release_of() {
	[ -r "$1/include/generated/utsrelease.h" ] || return
	while read -r _ name release; do
		release=${release#\"}
		[ "$name" != UTS_RELEASE ] || printf '%s\n' "${release%\"}"
	done <"$1/include/generated/utsrelease.h"
}

if [ "${1-}" = --release ]; then
	release_of "${2-}"
	exit 0
fi

levels=$(dirname "$0")/../shim/compat/levels.h

# bound NAME: the release of KAPI_<NAME> in the table, as 6.1
bound() {
	sed -n "s/^#define KAPI_$1[[:space:]]*KAPI_RELEASE(\([0-9]*\), \([0-9]*\))\$/\1.\2/p" "$levels"
}

first=$(bound DEFAULT)
last=$(bound LAST)
known="$first to $last"

# older A B: release A, as 6.1, is before B
older() {
	[ "${1%.*}" -lt "${2%.*}" ] || { [ "${1%.*}" = "${2%.*}" ] && [ "${1#*.}" -lt "${2#*.}" ]; }
}

# number RELEASE: 6.1 of 6.1.0-56-amd64; 0.0 of what is none
number() {
	case $1 in
	[0-9]*.[0-9]*)
		minor=${1#*.}
		printf '%s' "${1%%[!0-9]*}.${minor%%[!0-9]*}"
		;;
	*) printf 0.0 ;;
	esac
}

# A tree in which external modules can be built
is_tree() {
	[ -e "$1/Makefile" ] && [ -n "$(release_of "$1")" ]
}

is_known() {
	! older "$(number "$1")" "$first" && ! older "$last" "$(number "$1")"
}

# may_try RELEASE: not too old; what is newer than the table with a warning
may_try() {
	if older "$(number "$1")" "$first"; then
		echo "kernel-glue: kernel $1 is too old: known are $known. VFIO and mdev" >&2
		echo "were other interfaces before; install headers of a later kernel." >&2
		return 1
	fi
	is_known "$1" || {
		echo "kernel-glue: warning: kernel $1 is newer than those known," >&2
		echo "$known; trying. What it changed belongs into shim/compat." >&2
	}
}

# Newest last; of one version the plain flavour last: it is the one that boots
# anywhere. Debian's releases look like 6.1.0-56-amd64, -cloud-amd64, -rt-amd64.
installed() {
	for dir in /lib/modules/*/build /usr/src/linux-headers-*; do
		is_tree "$dir" || continue
		printf '%s %s\n' "$(release_of "$dir")" "$(readlink -f "$dir")"
	done | sort -u | while read -r release dir; do
		is_known "$release" || continue
		version=$(printf '%s' "$release" | sed 's/[-+][a-z].*//')
		plain=1
		case $release in *-cloud-* | *-rt-*) plain=0 ;; esac
		printf '%s %s %s\n' "$version" "$plain" "$dir"
	done | sort -k1,1V -k2,2n | cut -d' ' -f3-
}

if [ "${1-}" = --all ]; then
	installed
	exit 0
fi

if [ -n "${1-}" ]; then
	if ! is_tree "$1"; then
		echo "kernel-glue: KDIR=$1 is no kernel build tree (no Makefile, or no" >&2
		echo "include/generated/utsrelease.h there). Give the directory that a" >&2
		echo "headers package installs, such as /usr/src/linux-headers-6.1.0-9-amd64," >&2
		echo "or a kernel tree in which 'make modules_prepare' has run." >&2
		exit 1
	fi
	may_try "$(release_of "$1")" || exit 1
	readlink -f "$1"
	exit 0
fi

running=/lib/modules/$(uname -r)/build
if is_tree "$running" && may_try "$(release_of "$running")"; then
	readlink -f "$running"
	exit 0
fi
newest=$(installed | tail -n 1)
if [ -n "$newest" ]; then
	printf '%s\n' "$newest"
	exit 0
fi

echo "kernel-glue: no headers of a known kernel ($known) are installed; this machine" >&2
echo "runs $(uname -r). On Debian: apt-get install linux-headers-amd64 (or" >&2
echo "linux-headers-cloud-amd64, linux-headers-rt-amd64); or give a kernel build tree" >&2
echo "with KDIR=; or 'kernel-glue/kernels.sh get 6.12' gets one for this alone." >&2
exit 1
