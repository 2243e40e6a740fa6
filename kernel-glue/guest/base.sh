#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The part of the initramfs that does not change from run to run.
#
#   base.sh ROOT RELEASE "MODULES" PROGRAM...
#
# Puts into ROOT: busybox with its applets, init, the shared libraries that
# the PROGRAMs and depmod's index need, the kernel's own MODULES.
set -euo pipefail

root=$1 release=$2 modules=$3
shift 3

busybox=$(command -v busybox) || {
	echo "kernel-glue: busybox is missing; on Debian: apt-get install busybox-static" >&2
	exit 1
}
mkdir -p "$root"/{bin,sbin,dev,proc,sys,tmp,run,etc,tests,usr/bin,lib/modules/"$release"}
cp "$busybox" "$root/bin/busybox"
"$root/bin/busybox" --list | while read -r applet; do
	[[ -e $root/bin/$applet ]] || ln -s busybox "$root/bin/$applet"
done
ln -sf ../bin/busybox "$root/sbin/modprobe"
install -m 755 "$(dirname "$0")/init" "$root/init"

# "libc.so.6 => /lib/.../libc.so.6 (0x...)" and "/lib64/ld-linux... (0x...)"
for program; do
	ldd "$program" | awk '/=> \// { print $3 } $1 ~ /^\// { print $1 }'
done | sort -u | while read -r library; do
	mkdir -p "$root/$(dirname "$library")"
	cp -L "$library" "$root/$library"
done

from=/lib/modules/$release
for module in $modules; do
	name=${module//_/[-_]}
	path=$(cd "$from" && find kernel -name "$name.ko*" | head -n 1)
	if [[ -z $path ]]; then
		echo "kernel-glue: module $module is not in $from" >&2
		exit 1
	fi
	mkdir -p "$root$from/${path%/*}"
	case $path in
	*.xz) xz -dc "$from/$path" >"$root$from/${path%.xz}" ;;
	*.zst) zstd -dcq "$from/$path" >"$root$from/${path%.zst}" ;;
	*.gz) gzip -dc "$from/$path" >"$root$from/${path%.gz}" ;;
	*) cp "$from/$path" "$root$from/$path" ;;
	esac
done
cp "$from"/modules.{builtin,builtin.modinfo,order} "$root$from/"
