#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What would end a build, or an insmod after it, in somebody else's words: said
# before, in one message, with what to do.
#
#   fit.sh build KDIR BUILD    can modules be built against KDIR, in BUILD?
#   fit.sh room DIR MEGABYTES WHAT   can WHAT, which takes so many, be put in DIR?
#   fit.sh load SIGN_KEY       will this machine load what is installed?
#
# Status 1 if not. ARCH, CC and LLVM in the environment say that somebody knows
# better what machine and compiler it is; EFIVARS is where firmware variables are.
set -u

say() { echo "kernel-glue: $1" >&2; }
die() { say "$1"; exit 1; }

# megabytes that a build of all modules, the tests' included, takes
of_modules=100

# Sets config_X86_64 and so on: what is asked below of the configuration of KDIR.
look_at_config() {
	config_X86_64='' config_X86_32='' config_ARM64=''
	config_CC_VERSION_TEXT='' config_CC_IS_CLANG='' config_GCC_VERSION=''
	while IFS='=' read -r name value; do
		value=${value#\"}
		value=${value%\"}
		case $name in
		CONFIG_X86_64) config_X86_64=$value ;;
		CONFIG_X86_32) config_X86_32=$value ;;
		CONFIG_ARM64) config_ARM64=$value ;;
		CONFIG_CC_VERSION_TEXT) config_CC_VERSION_TEXT=$value ;;
		CONFIG_CC_IS_CLANG) config_CC_IS_CLANG=$value ;;
		CONFIG_GCC_VERSION) config_GCC_VERSION=$value ;;
		esac
	done <<END
$(grep -E '^CONFIG_(X86_64|X86_32|ARM64|CC_VERSION_TEXT|CC_IS_CLANG|GCC_VERSION)=' \
	"$kdir/include/config/auto.conf" 2>/dev/null)
END
}

fits_machine() {
	case $(uname -m) in
	x86_64) [ "$config_X86_64" = y ] ;;
	i?86) [ "$config_X86_32" = y ] ;;
	aarch64) [ "$config_ARM64" = y ] ;;
	*) true ;;
	esac
}

check_compiler() {
	compiler=${config_CC_VERSION_TEXT%% *}
	[ -z "${CC-}${LLVM-}" ] && [ -n "$compiler" ] || return 0
	if [ "$config_CC_IS_CLANG" = y ]; then
		die "the kernel of $kdir was built by clang: say LLVM=1"
	fi
	command -v "$compiler" >/dev/null ||
		die "the kernel of $kdir was built by $compiler, which is not here: install it (Debian: apt-get install ${compiler##*-gnu-}), or name one by CC="
	theirs=$config_GCC_VERSION
	ours=$("$compiler" -dumpversion)
	ours=${ours%%.*}
	[ -z "$theirs" ] || [ "$ours" = $((theirs / 10000)) ] ||
		say "warning: the kernel of $kdir was built by gcc $((theirs / 10000)), and $compiler is $ours: a flag that it does not know ends the build; CC= names another"
}

build() {
	[ -e "$kdir/Module.symvers" ] ||
		die "$kdir has no Module.symvers, so nothing is known of what that kernel exports: run 'make' there, or install the headers package again"
	look_at_config
	[ -n "${ARCH-}" ] || fits_machine ||
		die "the headers in $kdir are for another machine than this, $(uname -m): install those of its own kernel, or say ARCH= and CROSS_COMPILE="
	check_compiler
	room "$1" "$of_modules" modules ": name another directory by BUILD=" \
		", or name another directory by BUILD="
}

# room DIR MEGABYTES WHAT [ELSE-WHERE [OR-ELSE-WHERE]]
room() {
	{ { [ -d "$1" ] || mkdir -p "$1"; } && true >"$1/.written"; } 2>/dev/null || die "cannot write in $1${4-}"
	rm -f "$1/.written"
	free=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1024) }')
	[ "${free:-$2}" -ge "$2" ] ||
		die "$1 has room for $free MB, and $3 take $2: make some${5-}"
}

# Four bytes of attributes, and one that is 1 when only what is signed is loaded.
load() {
	for file in "${EFIVARS:-/sys/firmware/efi/efivars}"/SecureBoot-*; do
		[ -e "$file" ] || continue
		[ "$(od -An -v -j 4 -N 1 -t u1 "$file" | tr -d ' ')" = 1 ] || continue
		[ -n "$1" ] && continue
		die "Secure Boot is on, and these modules are not signed: they are installed, and do not load; SIGN_KEY= and SIGN_CERT= sign them (README.md, Secure Boot)"
	done
}

case ${1-} in
build)
	kdir=$2
	build "$3"
	;;
room) room "$2" "$3" "$4" ": what is built goes there; make it writable" ;;
load) load "${2-}" ;;
*)
	sed -n '3,/^set -u/p' "$0" | sed -n 's/^# \{0,1\}//p' >&2
	exit 2
	;;
esac
