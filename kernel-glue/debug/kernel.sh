#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Kernels that look for faults of their own code, to run the contract tests on: a
# small configuration for the guest, and on top of it what looks.
#
#   kernel.sh build NAME    debug: memory, locks, objects, contexts
#                           kcsan: data races
#                           release: objects are released late
#   kernel.sh configured NAME   what NAME.config asks for and the kernel has not
#
# Below build/kernels/NAME, as kernels.sh has its own, so that KERNEL=NAME boots
# it; built from Linux 6.12 of Debian's linux-source once, and again when its
# configuration is another one. JOBS=n compiles as many files at once (all
# processors). Status 77, and why: there is no source.
set -euo pipefail

here=$(readlink -f "$(dirname "$0")")
kernels=$(dirname "$(dirname "$here")")/build/kernels
version=6.12

die() { echo "kernel-glue: $1" >&2; exit "${2:-1}"; }

# What a build of Debian's kernel needs beside a compiler
need_tools() {
	local tool missing=
	for tool in flex bison bc; do
		command -v $tool >/dev/null || missing+=" $tool"
	done
	[[ -e /usr/include/libelf.h ]] || missing+=" libelf-dev"
	[[ -z $missing ]] ||
		die "a kernel is built with$missing; on Debian: apt-get install$missing" 77
}

unpack_source() {
	local archive=$kernels/$version/usr/src/linux-source-$version.tar.xz name
	[[ -e $archive ]] || archive=/usr/src/linux-source-$version.tar.xz
	[[ -e $archive ]] ||
		die "no source of $version: kernel-glue/kernels.sh get $version brings it" 77
	# where it lies is no matter
	name=$(stat -L -c "${archive##*/} %s" "$archive")
	[[ -e $kernels/source/.from && $(cat "$kernels/source/.from") == "$name" ]] && return
	"$here/../fit.sh" room "$kernels" 1800 "a kernel's sources"
	rm -rf "$kernels/source"
	mkdir -p "$kernels/source"
	tar -xJf "$archive" --strip-components=1 -C "$kernels/source"
	echo "$name" >"$kernels/source/.from"
}

configure() {
	local name=$1 build=$kernels/$1/build
	make -s -C "$kernels/source" "O=$build" tinyconfig >/dev/null
	(cd "$kernels/source" && scripts/kconfig/merge_config.sh -m -O "$build" "$build/.config" \
		"$here/guest.config" "$here/$name.config" >/dev/null)
	make -s -C "$kernels/source" "O=$build" olddefconfig
}

# What was asked for and is not there: a dependency that a later source has.
not_configured() {
	grep -h '^CONFIG_' "$here/guest.config" "$here/$1.config" |
		grep -vxFf "$kernels/$1/build/.config" || :
}

install() {
	local name=$1 dir=$kernels/$1 release
	release=$(make -s -C "$dir/build" kernelrelease)
	rm -rf "${dir:?}/boot" "${dir:?}/lib"
	mkdir -p "$dir/boot"
	make -s -C "$dir/build" "INSTALL_MOD_PATH=$dir" modules_install
	cp "$dir/build/arch/x86/boot/bzImage" "$dir/boot/vmlinuz-$release"
	cp "$dir/build/.config" "$dir/boot/config-$release"
	echo build >"$dir/kdir"
}

build() {
	local name=$1 dir=$kernels/$1 wanted missing began=$SECONDS
	[[ -e $here/$name.config ]] || die "there is no kernel $name: debug, kcsan, release"
	need_tools
	unpack_source
	wanted=$(cat "$kernels/source/.from" "$here/guest.config" "$here/$name.config" | sha256sum)
	[[ -e $dir/built && $(cat "$dir/built") == "$wanted" ]] && return
	"$here/../fit.sh" room "$kernels" 600 "the objects of a kernel"
	mkdir -p "$dir"
	rm -f "$dir/built"
	configure "$name"
	missing=$(not_configured "$name")
	[[ -z $missing ]] || die "the source does not take: $missing"
	make -s -C "$dir/build" "-j${JOBS:-$(nproc)}" bzImage modules >"$dir/log" 2>&1 ||
		{ tail -n 20 "$dir/log" >&2; die "kernel $name does not build ($dir/log)"; }
	PATH=$PATH:/sbin:/usr/sbin install "$name"
	echo "$wanted" >"$dir/built"
	echo "kernel $name: built in $((SECONDS - began)) s"
}

case ${1-} in
build) build "${2-}" ;;
configured) not_configured "$2" ;;
*)
	sed -n '3,/^set -e/p' "$0" | sed -n 's/^# \{0,1\}//p' >&2
	exit 1
	;;
esac
