#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The part of the initramfs that does not change from run to run.
#
#   base.sh ROOT FROM "MODULES" PROGRAM...
#
# Puts into ROOT: busybox with its applets, init, the shared libraries that
# the PROGRAMs and depmod's index need, the kernel's own MODULES out of FROM,
# its directory of modules, and all that these need; one that ends in ? if it is there.
set -euo pipefail

root=$1 from=$2 modules=$3
release=${from##*/}
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

# as depmod says where the kernel is installed: "MODULE: WHAT IT NEEDS"
needed=$(awk -F: -v modules="$modules" '
	{
		name = $1
		sub(/.*\//, "", name)
		sub(/\.ko.*/, "", name)
		gsub(/-/, "_", name)
		line[name] = $1 $2
	}
	END {
		count = split(modules, wanted, " ")
		for (i = 1; i <= count; i++) {
			optional = sub(/[?]$/, "", wanted[i])
			if (wanted[i] in line) print line[wanted[i]]
			else if (!optional) print "?" wanted[i]
		}
	}' "$from/modules.dep" | tr ' ' '\n' | sort -u)
for path in $needed; do
	if [[ $path == \?* ]]; then
		name=${path#?}
		grep -q "/${name//_/[-_]}\.ko" "$from/modules.builtin" && continue
		echo "kernel-glue: module $name is not in $from" >&2
		exit 1
	fi
	to=$root/lib/modules/$release/$path
	mkdir -p "${to%/*}"
	case $path in
	*.xz) xz -dc "$from/$path" >"${to%.xz}" ;;
	*.zst) zstd -dcq "$from/$path" >"${to%.zst}" ;;
	*.gz) gzip -dc "$from/$path" >"${to%.gz}" ;;
	*) cp "$from/$path" "$to" ;;
	esac
done
cp "$from"/modules.{builtin,builtin.modinfo,order} "$root/lib/modules/$release/"
