#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The initramfs: what does not change from run to run.
#
#   base.sh BASE PAYLOAD FROM "MODULES" PROGRAM...
#
# Puts into BASE: busybox with its applets, init, receive, the shared libraries that the
# PROGRAMs need, the kernel's own MODULES out of FROM, its directory of modules, and
# all that these need; one that ends in ? if it is there. PAYLOAD, which the guest is
# given later, gets the modules, too, for depmod to see. BASE.d is for make, of what
# all this came from.
set -euo pipefail

base=$1 payload=$2 from=$3 modules=$4
release=${from##*/}
shift 4

busybox=$(command -v busybox) || {
	echo "kernel-glue: busybox is missing; on Debian: apt-get install busybox-static" >&2
	exit 1
}
rm -rf "$base" "$payload/lib/modules" "$payload/sbin"
mkdir -p "$base"/{bin,sbin,dev,proc,sys,tmp,run,etc,tests,usr/bin,lib/modules/"$release"}
cp "$busybox" "$base/bin/busybox"
"$base/bin/busybox" --list | while read -r applet; do
	[[ -e $base/bin/$applet ]] || ln -s busybox "$base/bin/$applet"
done
ln -sf ../bin/busybox "$base/sbin/modprobe"
install -m 755 "$(dirname "$0")/init" "$base/init"

# "libc.so.6 => /lib/.../libc.so.6 (0x...)" and "/lib64/ld-linux... (0x...)"
libraries=$(for program; do
	ldd "$program" | awk '/=> \// { print $3 } $1 ~ /^\// { print $1 }'
done | sort -u)
for library in $libraries; do
	mkdir -p "$base/$(dirname "$library")"
	cp -L "$library" "$base/$library"
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
# unpack TOOL FROM TO
unpack() {
	command -v "$1" >/dev/null || {
		echo "kernel-glue: the kernel's modules are packed by $1, which is missing (Debian: xz-utils, zstd, gzip)" >&2
		exit 1
	}
	"$1" -dc <"$2" >"$3"
}

for path in $needed; do
	if [[ $path == \?* ]]; then
		name=${path#?}
		grep -q "/${name//_/[-_]}\.ko" "$from/modules.builtin" && continue
		echo "kernel-glue: module $name is not in $from" >&2
		exit 1
	fi
	to=$base/lib/modules/$release/$path
	mkdir -p "${to%/*}"
	case $path in
	*.xz) unpack xz "$from/$path" "${to%.xz}" ;;
	*.zst) unpack zstd "$from/$path" "${to%.zst}" ;;
	*.gz) unpack gzip "$from/$path" "${to%.gz}" ;;
	*) cp "$from/$path" "$to" ;;
	esac
done
cp "$from"/modules.{builtin,builtin.modinfo,order} "$base/lib/modules/$release/"
mkdir -p "$payload/lib/modules"
cp -a "$base/lib/modules/$release" "$payload/lib/modules"
PATH=$PATH:/sbin:/usr/sbin depmod -b "$base" "$release"
# the second line: a file that is gone is no error
sources="$busybox $from/modules.dep ${libraries//$'\n'/ }"
printf '%s\n' "$base.stamp: $sources" "$sources:" >"$base.d"
