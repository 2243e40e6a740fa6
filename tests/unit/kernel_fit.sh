#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What cannot be built against, or not loaded, is told in one line of
# kernel-glue/fit.sh: each in a tree that is right but for that. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

glue=${UMDEV_SOURCE_DIR:-$(readlink -f "$(dirname "$0")/../..")}/kernel-glue
fit=$glue/fit.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset ARCH CC LLVM CROSS_COMPILE
told=(said)

# one that fits
tree() {
	local machine
	case $(uname -m) in
	x86_64) machine=X86_64 ;;
	aarch64) machine=ARM64 ;;
	i?86) machine=X86_32 ;;
	*) machine=OTHER ;;
	esac
	rm -rf kdir
	mkdir -p kdir/include/config bin
	touch kdir/Module.symvers
	printf '#!/bin/sh\necho 12.2.0\n' >bin/some-gcc-12
	chmod +x bin/some-gcc-12
	printf '%s\n' "CONFIG_$machine=y" CONFIG_CC_IS_GCC=y CONFIG_GCC_VERSION=120200 \
		'CONFIG_CC_VERSION_TEXT="some-gcc-12 (Somebody 12.2.0) 12.2.0"' \
		>kdir/include/config/auto.conf
}

fit() { PATH=$work/bin:$PATH "$fit" "$@" >said 2>&1; }

# refused TEST WHAT REMEDY: by the last command, in one line that has both
refused() {
	[[ $status == 1 && $(wc -l <said) == 1 ]] && grep -F -- "$2" said | grep -qF -- "$3"
	report "$1" $?
}

silent() { [[ $status == 0 && ! -s said ]]; report "$1" $?; }

tree
fit build kdir out; status=$?
silent a_tree_that_fits
rm kdir/Module.symvers
fit build kdir out; status=$?
refused a_tree_without_symbols 'no Module.symvers' "run 'make' there"
tree
sed -i 1d kdir/include/config/auto.conf
fit build kdir out; status=$?
refused headers_of_another_machine 'another machine' 'ARCH='
ARCH=other fit build kdir out; status=$?
silent who_says_arch_knows_better
tree
rm bin/some-gcc-12
fit build kdir out; status=$?
refused a_compiler_that_is_not_here 'built by some-gcc-12' 'CC='
CC=gcc fit build kdir out; status=$?
silent who_says_cc_knows_better
tree
sed -i 's/120200/140200/' kdir/include/config/auto.conf
fit build kdir out; status=$?
[[ $status == 0 ]] && grep -q 'warning: .*built by gcc 14, and some-gcc-12 is 12' said
report another_version_of_the_compiler_is_a_warning $?
tree
sed -i 's/CONFIG_CC_IS_GCC/CONFIG_CC_IS_CLANG/' kdir/include/config/auto.conf
fit build kdir out; status=$?
refused a_kernel_built_by_clang 'built by clang' 'LLVM=1'
tree
fit build kdir kdir/Module.symvers/out; status=$?
refused a_directory_that_cannot_be_written 'cannot write in' 'BUILD='
# make takes the lock before anything else
"$glue/locked.sh" kdir/Module.symvers/out/.lock true >said 2>&1; status=$?
refused a_lock_in_a_directory_that_cannot_be_made 'cannot write in' 'BUILD='
mkdir -p out/.lock
"$glue/locked.sh" out/.lock true >said 2>&1; status=$?
refused a_lock_that_cannot_be_written 'cannot write in' 'BUILD='
rmdir out/.lock
"$glue/locked.sh" out/.lock false >said 2>&1; status=$?
[[ $status == 1 && ! -s said ]]
report a_lock_that_is_had_leaves_the_status $?
printf '#!/bin/sh\necho Filesystem\necho "dev 9 9 5120 9 /"\n' >bin/df
chmod +x bin/df
fit build kdir out; status=$?
refused no_space 'room for 5 MB' 'BUILD='
fit room out 600 "the objects of a kernel"; status=$?
refused no_space_for_a_kernel 'room for 5 MB, and the objects of a kernel take 600' 'make some'
fit room out 5 "what fits"; status=$?
silent space_enough
rm bin/df

mkdir vars
printf '\006\0\0\0\001' >vars/SecureBoot-8be4df61
EFIVARS=vars fit load ''; status=$?
refused secure_boot_without_a_key 'Secure Boot is on' 'SIGN_KEY='
EFIVARS=vars fit load my.key; status=$?
silent secure_boot_with_a_key
printf '\006\0\0\0\0' >vars/SecureBoot-8be4df61
EFIVARS=vars fit load ''; status=$?
silent secure_boot_that_is_off
EFIVARS=none fit load ''; status=$?
silent no_firmware_variables

# ---- as who calls make sees it: that message, and what make adds when it fails

# of_make ARGUMENT...: of a tree that builds nothing
of_make() {
	mkdir -p kdir/include/generated
	echo '#define UTS_RELEASE "6.1.0-of-nobody"' >kdir/include/generated/utsrelease.h
	printf 'modules modules_install:\n\t@touch $(M)/built\n' >kdir/Makefile
	make --no-print-directory -C "$glue" KDIR="$work/kdir" BUILD="$work/out" VRINGH=no "$@" >all 2>&1
	status=$?
	grep -v '^make' all >said
	# make's own for what failed
	[[ $status != 2 ]] || status=1
}
export PATH=$work/bin:$PATH
unset MAKEFLAGS MAKELEVEL MFLAGS
rm -rf out
tree
of_make
[[ $status == 0 && -e out/6.1.0-of-nobody/built && ! -s said ]]
report make_builds_for_a_tree_that_fits $?
rm kdir/Module.symvers
of_make
refused make_without_symbols 'no Module.symvers' "run 'make' there"
tree
sed -i 1d kdir/include/config/auto.conf
of_make
refused make_for_another_machine 'another machine' 'ARCH='
tree
rm bin/some-gcc-12
of_make
refused make_without_the_compiler 'built by some-gcc-12' 'CC='
tree
of_make BUILD="$work/kdir/Module.symvers/out"
refused make_where_nothing_can_be_written 'cannot write in' 'BUILD='
tree
printf '#!/bin/sh\necho Filesystem\necho "dev 9 9 5120 9 /"\n' >bin/df
chmod +x bin/df
of_make
refused make_without_space 'room for 5 MB' 'BUILD='
rm bin/df

# what is installed is the other's, and does not load; depmod does nothing
printf '\006\0\0\0\001' >vars/SecureBoot-8be4df61
printf '#!/bin/sh\n' >bin/depmod
chmod +x bin/depmod
tree
EFIVARS=$work/vars of_make modules_install
grep -v '^PATH=' said >one && mv one said
[[ $status == 0 && $(wc -l <said) == 1 ]] && grep -F 'Secure Boot is on' said | grep -qF 'SIGN_KEY='
report make_installs_and_says_that_it_does_not_load $?

# file systems that are read-only, or full, where mounts can be made
mkdir -p mount
if unshare -m mount -t tmpfs none mount 2>/dev/null; then
	# mounted OPTIONS ARGUMENT...: make, where mount is such a file system
	mounted() {
		export -f of_make
		export work glue
		tree
		unshare -m bash -c 'mount -t tmpfs -o "$1" none "$work/mount" && shift && of_make "$@"; exit $status' \
			- "$@"
		status=$?
	}
	mounted ro BUILD="$work/mount/out"
	refused make_on_a_file_system_that_is_read_only 'cannot write in' 'BUILD='
	mounted size=5m BUILD="$work/mount/out"
	refused make_on_one_that_is_full 'room for ' 'BUILD='
	# the sources, and not what is built
	rm -rf out
	tree
	export -f of_make
	unshare -m bash -c 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && of_make; exit $status' \
		- "$(dirname "$glue")"
	[[ $? == 0 && -e out/6.1.0-of-nobody/built && ! -s said ]]
	report sources_may_be_read_only $?
else
	for name in make_on_a_file_system_that_is_read_only make_on_one_that_is_full sources_may_be_read_only; do
		verdict "$name # SKIP no file system can be mounted here"
	done
fi

echo "1..$count"
exit $failed
