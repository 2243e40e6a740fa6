#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What the default level has not: tests that are skipped there run in a build for the
# last release that the table of differences knows (shim/compat/levels.h). TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
work=$(mktemp -d)
log=$work/log
trap 'rm -rf "$work"' EXIT
told=("$log")

last=$(sed -n 's/^#define KAPI_LAST.*KAPI_RELEASE(\([0-9]*\), \([0-9]*\)).*/\1.\2/p' "$top/shim/compat/levels.h")

build() {
	cmake --preset test -S "$top" -B "$work/build" "-DUMDEV_KERNEL=$last" >"$log" 2>&1 &&
		cmake --build "$work/build" -j 2 --target contract_iommufd contract_iommufd_group >"$log" 2>&1
}

# None of its tests is skipped.
passes() {
	ctest --test-dir "$work/build" -R "^$1\$" --verbose >"$log" 2>&1 &&
		grep -q '  PASSED  ' "$log" && ! grep -q '  SKIPPED ' "$log"
}

build
report "a build for $last" $? "it fails"
for program in iommufd iommufd_group; do
	passes "contract/$program"
	report "$program" $? "a test fails, or is skipped"
	passes "late/contract/$program"
	report "$program, where objects are released late" $? "a test fails, or is skipped"
done

echo "1..$count"
exit "$failed"
