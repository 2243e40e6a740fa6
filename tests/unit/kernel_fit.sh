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

echo "1..$count"
exit $failed
