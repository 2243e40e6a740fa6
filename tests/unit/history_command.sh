#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# umdev history as a command: what it writes where, and how it ends, with
# test programs that only pretend. TAP. (The faults themselves: tests/history.)
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

umdev=${UMDEV_BINARY_DIR:?}/umdev
source=${UMDEV_SOURCE_DIR:?}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
told=("$dir/out" "$dir/err")

core_fault=remove-errno-masked
driver_fault=mtty-null-context
# the build as it is, but for its test programs
mkdir "$dir/tests"
ln -s "$UMDEV_BINARY_DIR"/* "$dir" 2>/dev/null
ln -s "$UMDEV_BINARY_DIR/tests/CMakeFiles" "$dir/tests"

# pretend PROGRAM: a test that finds whatever fault there is, and says what the patches want
pretend() {
	cat >"$dir/tests/$1" <<-'SCRIPT'
	#!/bin/sh
	echo "[ RUN      ] $UMDEV_FILTER"
	case $UMDEV_MODULE_DIR in
	*/tests/history/remove-errno-masked/*) echo "SUMMARY: AddressSanitizer: heap-use-after-free"
		echo '[  ERROR   ] --- t_kmsg_has("Remove failed: err=-75")'; exit 1 ;;
	*/tests/history/mtty-null-context/*) echo "refcount_t: underflow, error: no luck"
		echo "runtime error: member access within null pointer of type 'struct eventfd_ctx'"
		exit 1 ;;
	esac
	echo "[       OK ] $UMDEV_FILTER"
	SCRIPT
	chmod +x "$dir/tests/$1"
}
pretend contract_mdev_faults_of_reference
pretend contract_mtty_irqs

# history ARGS...: leaves $status, $dir/out and $dir/err
history() {
	UMDEV_BINARY_DIR=$dir "$umdev" history "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

history --json "$core_fault"
problem=()
[ "$status" = 0 ] || problem+=("status $status")
python3 - "$dir/out" "$source/tests/history/core/$core_fault.patch" <<-'PYTHON' || problem+=("not what the patch says")
	import json, sys
	row, = json.load(open(sys.argv[1]))
	patch = open(sys.argv[2]).read()
	assert row["name"] == "remove-errno-masked" and row["file"] == "mdev_core"
	assert row["fault"] == patch.split("\n\n")[0].replace("\n", " ")
	assert row["caught"] is True and row["by"] == "ASan: use after free"
	assert row["seconds"] > 0
	assert "Guard: %s %s\n" % (row["program"].replace("_", "/", 1), row["test"]) in patch
PYTHON
[ ! -s "$dir/err" ] || problem+=("progress goes into a log")
verdict json_has_what_catches_a_fault "${problem[@]}"

history "$driver_fault"
problem=()
[ "$status" = 0 ] || problem+=("status $status")
grep -q '^mtty .* references .* s$' "$dir/out" || problem+=("who spoke first is not told")
grep -q '^1 fault, 1 caught; ' "$dir/out" || problem+=("no sum")
[ ! -s "$dir/err" ] || problem+=("progress goes into a log")
verdict table_has_what_catches_a_fault "${problem[@]}"

# a test that passes with the fault in, and a fault that does not build
history_misses() {
	[ "$status" = 1 ] || problem+=("status $status: $1")
	grep -q 'NOT CAUGHT' "$dir/out" || problem+=("caught: $1")
	grep -q '^1 fault, 0 caught; ' "$dir/out" || problem+=("no sum: $1")
	grep -q "ctest -R '^history/core-$core_fault\$'" "$dir/out" ||
		problem+=("not told how to look at it: $1")
}
problem=()
mv "$dir/tests/contract_mdev_faults_of_reference" "$dir/finds"
sed '/history/d' "$dir/finds" >"$dir/tests/contract_mdev_faults_of_reference"
chmod +x "$dir/tests/contract_mdev_faults_of_reference"
history "$core_fault"
history_misses "a fault that its test does not find"
# fails, but says something else
sed 's/echo .SUMMARY.*/echo "mdev.ko: invalid module format, error: -8"; exit 1/' "$dir/finds" \
	>"$dir/tests/contract_mdev_faults_of_reference"
history "$core_fault"
history_misses "a test that fails for another reason"
# what timeout says when nothing goes on
sed 's/exit 1/exit 124/' "$dir/finds" >"$dir/tests/contract_mdev_faults_of_reference"
history "$core_fault"
history_misses "a test that does not end"
mv "$dir/finds" "$dir/tests/contract_mdev_faults_of_reference"
rm "$dir/compile_commands.json"
history "$core_fault"
history_misses "a fault that cannot be built"
verdict fault_that_nothing_catches_fails_the_command "${problem[@]}"

history nonsense
problem=()
[ "$status" = 2 ] || problem+=("status $status")
grep -q "no fault has 'nonsense' in its name" "$dir/err" || problem+=("not told what is missing")
verdict unknown_fault_is_refused "${problem[@]}"

problem=()
for args in "type mtty" --nonsense; do
	# shellcheck disable=SC2086 # several arguments
	history $args
	[ "$status" = 2 ] || problem+=("status $status of $args")
	grep -q "^umdev history: .* '.*': see umdev history --help" "$dir/err" || problem+=("not told what is wrong with $args")
done
history --help
[ "$status" = 0 ] || problem+=("status $status of --help")
grep -q '^usage: umdev history' "$dir/out" || problem+=("no usage for --help")
verdict usage_is_told "${problem[@]}"

exit $failed
