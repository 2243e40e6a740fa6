#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Where the kernel's vringh comes from. Debian's kernel is built without it,
# but its source builds beside our modules, unmodified; it is not copied into
# this repository.
#
#   vringh.sh KDIR CACHE
#
# Prints "kernel" if the kernel of KDIR exports it; otherwise the path of a
# vringh.c: KDIR's own if that is a whole tree, else the one out of the
# package linux-source of the same version, beside KDIR or where packages are
# installed, unpacked into CACHE once.
# Status 77, and what to install: there is none.
set -euo pipefail

kdir=$1 cache=$2

if grep -qs '[[:space:]]vringh_init_kern[[:space:]]' "$kdir/Module.symvers"; then
	echo kernel
	exit 0
fi
if [[ -e $kdir/drivers/vhost/vringh.c ]]; then
	readlink -f "$kdir/drivers/vhost/vringh.c"
	exit 0
fi
version=
[[ $(<"$kdir/include/generated/utsrelease.h") =~ \"([0-9]+\.[0-9]+) ]] && version=${BASH_REMATCH[1]}
archive=$(cd -P "$kdir/.." && pwd)/linux-source-$version.tar.xz
[[ -e $archive ]] || archive=/usr/src/linux-source-$version.tar.xz
file=$cache/linux-source-$version/vringh.c
if [[ ! -e $archive ]]; then
	echo "kernel-glue: kernel $version has no vringh, and there is no $archive" >&2
	echo "to build it from; on Debian: apt-get install linux-source-$version" >&2
	exit 77
fi
if [[ ! -e $file || $archive -nt $file ]]; then
	mkdir -p "${file%/*}"
	tar -xOJf "$archive" --occurrence=1 "linux-source-$version/drivers/vhost/vringh.c" \
		>"$file.new"
	mv "$file.new" "$file"
fi
readlink -f "$file"
