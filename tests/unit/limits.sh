#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A process that may have too little: few descriptors, few addresses, a small stack. It ends with
# one line that says what to do. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"
program=${UMDEV_BINARY_DIR:?}/tests/contract_modules
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
told=("$work/err")

# limited LIMIT VALUE PROGRAM...: what it says goes to $work/err
limited() {
	local limit=$1 value=$2
	shift 2
	(ulimit "$limit" "$value" && exec "$@") >"$work/out" 2>"$work/err" </dev/null
} 2>/dev/null

# says TEST TEXT: just one line has it, and the program failed
says() {
	local status=$3 lines
	lines=$(cat "$work/out" "$work/err" | grep -cF -- "$2")
	report "$1" $((status == 0 || lines != 1)) "status $status, $lines lines"
}

limited -n 10 "$program"
says no_kernel_boots_with_ten_descriptors \
	"umdev: only 10 files may be open at once: allow more, such as 'ulimit -n 1024'" $?
(
	for fd in {3..14}; do
		eval "exec $fd</dev/null"
	done
	limited -n 16 "$program"
)
says descriptors_that_run_out_are_told \
	"umdev: only 16 files may be open at once: allow more, such as 'ulimit -n 1024'" $?

limited -s 128 "$program"
says a_stack_that_is_too_small_is_told \
	"umdev: only 128 KiB of stack may be used: allow more, such as 'ulimit -s 8192'" $?

# says_or_skips TEST TEXT STATUS: a sanitizer needs more than that before it begins. MSan says
# nothing when it has not
says_or_skips() {
	if grep -q "Sanitizer\|loading shared libraries" "$work/err" ||
		{ [[ $3 == 139 && ! -s $work/err ]] && grep -q fsanitize=memory "$UMDEV_BINARY_DIR/compile_commands.json"; }; then
		count=$((count + 1))
		echo "ok $count - $1 # SKIP this build's sanitizer cannot start with so few"
	else
		says "$@"
	fi
}

limited -v 4000000 "$program"
says_or_skips few_addresses_are_told "umdev: only 3906 MiB of addresses may be used" $?
# enough for what is looked at first, and not for all of it
limited -v 25500000 "$program"
status=$?
if [[ $status == 0 ]]; then
	count=$((count + 1))
	echo "ok $count - addresses_that_run_out_are_told # SKIP this build needs no more than these"
else
	says_or_skips addresses_that_run_out_are_told "umdev: only 24902 MiB of addresses may be used" $status
fi
limited -d 20000 "$program"
says_or_skips little_data_is_told "umdev: only 19 MiB of data may be had" $?

echo "1..$count"
exit $failed
