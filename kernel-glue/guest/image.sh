#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel that the guest boots.
#
#   image.sh release [ROOT]     release of the newest kernel installed in ROOT
#   image.sh elf IMAGE OUT      its uncompressed ELF: booting that saves the
#                               guest three seconds of decompression under TCG;
#                               IMAGE itself, if that kernel is not to be entered
#                               that way: without PVH, or with KASAN, which is not
#                               set up yet where PVH enters
#
# The payload of a bzImage lies where its boot header says (boot protocol 2.08
# and later): no search for magic numbers.
set -euo pipefail

newest() {
	local root=$1 file release plain
	for file in "$root"/boot/vmlinuz-*; do
		[[ -e $file ]] || continue
		release=${file#"$root/boot/vmlinuz-"}
		[[ -d $root/lib/modules/$release/kernel ]] || continue
		plain=1
		case $release in *-cloud-* | *-rt-*) plain=0 ;; esac
		printf '%s %s %s\n' "${release%%-[a-z]*}" "$plain" "$release"
	done | sort -k1,1V -k2,2n | tail -n 1 | cut -d' ' -f3
}

# number OFFSET SIZE: little-endian, from $image
number() {
	od -An -v -j "$1" -N "$2" -t "u$2" "$image" | tr -d ' '
}

elf() {
	local image=$1 out=$2 config sectors offset length unpack
	if [[ ! -r $image ]]; then
		echo "kernel-glue: cannot read $image" >&2
		exit 1
	fi
	config=${image/vmlinuz-/config-}
	if [[ -r $config ]] && { ! grep -qx CONFIG_PVH=y "$config" || grep -qx CONFIG_KASAN=y "$config"; }; then
		cp "$image" "$out"
		return
	fi
	if [[ $(dd if="$image" bs=1 skip=514 count=4 status=none) != HdrS ]]; then
		echo "kernel-glue: $image has no boot header" >&2
		exit 1
	fi
	sectors=$(number 497 1)
	offset=$(((sectors + 1) * 512 + $(number 584 4)))
	length=$(number 588 4)
	case $(od -An -v -j "$offset" -N 4 -t x1 "$image" | tr -d ' ') in
	fd377a58) unpack='xz -dc --single-stream' ;;
	1f8b*) unpack='gzip -dc' ;;
	28b52ffd) unpack='zstd -dc' ;;
	02214c18) unpack='lz4 -dc' ;;
	425a68*) unpack='bzip2 -dc' ;;
	5d0000*) unpack='xz --format=lzma -dc' ;;
	*)
		echo "kernel-glue: $image is compressed in a way not known here" >&2
		exit 1
		;;
	esac
	# The payload ends with its own length; unpackers complain of those bytes.
	tail -c +$((offset + 1)) "$image" | head -c "$length" | $unpack >"$out.new" 2>/dev/null || :
	if [[ $(head -c 4 "$out.new" | tail -c 3) != ELF ]]; then
		echo "kernel-glue: unpacking $image with ${unpack%% *} failed" >&2
		rm -f "$out.new"
		exit 1
	fi
	mv "$out.new" "$out"
}

case ${1-} in
release)
	release=$(newest "${2-}")
	if [[ -z $release && -n ${2-} ]]; then
		echo "kernel-glue: no kernel with modules is in $2:" >&2
		echo "kernel-glue/kernels.sh get ${2##*/} brings it" >&2
		exit 1
	fi
	if [[ -z $release ]]; then
		echo "kernel-glue: no kernel with modules is installed; on Debian:" >&2
		echo "apt-get install linux-image-amd64" >&2
		exit 1
	fi
	echo "$release"
	;;
elf) elf "$2" "$3" ;;
*) sed -n '3,13s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
