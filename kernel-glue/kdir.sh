#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Prints the kernel build tree to build against, or says what is missing.
#
#   kdir.sh [DIR]       one tree: DIR if given, else the running kernel's if
#                       it is there and known, else the newest known one
#   kdir.sh --release DIR   the release that DIR builds modules for
#   kdir.sh --all       every installed tree of a known version
#
# Known are the kernels that the adapter in compat/ was written for and that
# the guest check has run on. UNTRIED=1 lets another one through.
set -eu

known="6.1"

release_of() {
	sed -n 's/^#define UTS_RELEASE "\(.*\)"$/\1/p' \
		"$1/include/generated/utsrelease.h" 2>/dev/null
}

# A tree in which external modules can be built
is_tree() {
	[ -e "$1/Makefile" ] && [ -n "$(release_of "$1")" ]
}

is_known() {
	for version in $known; do
		case $1 in
		"$version".* | "$version"-* | "$version") return 0 ;;
		esac
	done
	return 1
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
if [ "${1-}" = --release ]; then
	release_of "$2"
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
	release=$(release_of "$1")
	if ! is_known "$release" && [ -z "${UNTRIED-}" ]; then
		echo "kernel-glue: kernel $release is untried: the adapter in compat/ is" >&2
		echo "written for $known. UNTRIED=1 builds against it all the same." >&2
		exit 1
	fi
	readlink -f "$1"
	exit 0
fi

running=/lib/modules/$(uname -r)/build
if is_tree "$running" && is_known "$(release_of "$running")"; then
	readlink -f "$running"
	exit 0
fi
newest=$(installed | tail -n 1)
if [ -n "$newest" ]; then
	printf '%s\n' "$newest"
	exit 0
fi

echo "kernel-glue: no headers of a known kernel ($known) are installed; this machine" >&2
if is_tree "$running"; then
	echo "runs $(uname -r), whose headers are there but which is untried: UNTRIED=1 with" >&2
	echo "KDIR=$running builds against it all the same." >&2
else
	echo "runs $(uname -r)." >&2
fi
echo "On Debian 12: apt-get install linux-headers-amd64 (or linux-headers-cloud-amd64," >&2
echo "linux-headers-rt-amd64); or give a kernel build tree with KDIR=." >&2
exit 1
