#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel-glue/guest/leaks.awk: which of kmemleak's reports are the kernel's own, and
# which fail a check. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

guest=${UMDEV_SOURCE_DIR:?}/kernel-glue/guest
work=${UMDEV_BINARY_DIR:?}/guest_leaks
told=("$work/said")
mkdir -p "$work"

# object FUNCTION...: a report whose backtrace has these
object() {
	echo 'unreferenced object 0xffff888004de3900 (size 64):'
	echo '  comm "driver_core", pid 208, jiffies 4295029551'
	echo '  hex dump (first 32 bytes):'
	echo '    74 65 73 74 62 75 73 3a 20 44 65 76 69 63 65 20  testbus: Device '
	echo '  backtrace (crc f6714887):'
	printf '    %s+0x28/0x30\n' kmemleak_alloc "$@"
}

# judge WANTED: what is on its input
judge() {
	awk -v known="$guest/known-splats.txt" -f "$guest/leaks.awk" >"$work/said" 2>&1
	[[ $? == "$1" ]]
}

reason() {
	object kvasprintf device_set_deferred_probe_reason dev_err_probe driver_attach
}

judge 0 </dev/null
report "without a report nothing is lost" $?
[[ ! -s $work/said ]]
report "and nothing is said" $?
reason | judge 0
report "what Linux loses itself is no fault" $?
grep -qx '# known leaks of the kernel itself: 1: who binds .*' "$work/said"
report "it is said, with the reason" $?
object mdev_device_create | judge 1
report "what a module loses is" $?
grep -q '^#     mdev_device_create' "$work/said" && grep -q '^# unreferenced object' "$work/said"
report "and is named" $?
{ reason; object mdev_device_create; reason; } | judge 1
report "between others as well" $?
grep -q '^# known .*: 2: ' "$work/said" && grep -q mdev_device_create "$work/said" &&
	! grep -q dev_err_probe "$work/said"
report "those are counted" $?
object device_set_deferred_probe_reason | sed 's/unreferenced object/unknown object/' | judge 1
report "what is no report is not taken for one that is known" $?
echo "1..$count"
exit $failed
