#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# umdev sweep as a command: what it writes where, and how it ends. TAP. (The
# sweep over everything, and what a terminal shows of it: tests/sweep.)
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

umdev=${UMDEV_BINARY_DIR:?}/umdev
modules=$UMDEV_BINARY_DIR/modules
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
told=("$dir/out" "$dir/err")

# sweep ARGS...: leaves $status, $dir/out and $dir/err
sweep() {
	"$umdev" sweep "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

[ -e "$modules/mtty.ko" ] || {
	echo "ok 1 - sweep # SKIP mtty is not among the modules of this tree"
	exit 77
}

sweep --json mtty:read
problem=()
[ "$status" = 0 ] || problem+=("status $status")
python3 - "$dir/out" <<-'PYTHON' || problem+=("not the figures of one scenario")
	import json, sys
	top = json.load(open(sys.argv[1]))
	row, = top["scenarios"]
	assert row["scenario"] == "mtty:read" and row["calls"] > 0 and row["error"] == 0
	assert row["faults"] == 2 * row["calls"] == row["rolled_back"] + row["benign"]
	assert top["wrong"] == 0 and top["faults"] == row["faults"]
PYTHON
verdict json_has_the_figures_of_each_scenario "${problem[@]}"

# without the driver's module no scenario of it can be set up
mkdir "$dir/modules"
cp "$modules"/mdev.ko "$modules"/modules.* "$dir/modules"
UMDEV_MODULE_DIR=$dir/modules sweep mtty:load
problem=()
[ "$status" = 1 ] || problem+=("status $status")
grep -zqP '\nmtty:load .*\n  ended: No such file' "$dir/out" || problem+=("the reason is not told")
verdict scenario_that_does_not_work_fails_the_command "${problem[@]}"

UMDEV_MODULE_DIR=$dir/modules sweep mdev
problem=()
[ "$status" = 0 ] || problem+=("status $status")
grep -qE '^mdev:load( +[0-9]+){4} +0 +[0-9.]+$' "$dir/out" || problem+=("no row of mdev:load")
grep -zqP '\n2 scenarios, .*:\n.*, 0 wrong\n' "$dir/out" || problem+=("not just what needs no test module")
[ ! -s "$dir/err" ] || problem+=("progress goes into a log")
long=$(awk 'length > 79' "$dir/out")
[ -z "$long" ] || problem+=("it does not fit a terminal: $long")
verdict log_gets_what_can_be_swept_and_no_progress "${problem[@]}"

# a core that creates the device's driver side before the parent has agreed
fault=$UMDEV_SOURCE_DIR/tests/history/core/driver-before-create.patch
if reason=$("$UMDEV_SOURCE_DIR/tests/history/build" "$fault" "$dir/wrong" 2>&1); then
	UMDEV_MODULE_DIR=$dir/wrong/modules sweep mdev:create
	problem=()
	# what is left may be the end of the process, too
	[ "$status" != 0 ] || problem+=("status $status")
	for text in '^mdev:create: fault [0-9]*: not rolled back$' \
		'vendor_create, which returned -12 (Cannot allocate memory)$' \
		'^    mdev_device_create (.*mdev_core.c:[0-9]*)$' \
		'^\(new\|gone\): '; do
		grep -q "$text" "$dir/err" || problem+=("no '$text'")
	done
	verdict what_is_not_rolled_back_is_told_with_its_place "${problem[@]}"
else
	count=$((count + 1))
	echo "ok $count - what_is_not_rolled_back_is_told_with_its_place" \
		"# SKIP ${reason##*$'\n'}"
fi

problem=()
for args in nonsense "--json nonsense" "nonsense --json"; do
	# shellcheck disable=SC2086 # several arguments
	sweep $args
	[ "$status" = 2 ] || problem+=("status $status of $args")
	grep -q "no scenario 'nonsense'" "$dir/err" || problem+=("not told what is missing: $args")
	[ ! -s "$dir/out" ] || problem+=("something is written for $args")
done
verdict unknown_scenario_is_refused "${problem[@]}"

problem=()
for args in "mdev mtty" --nonsense "--json --nonsense"; do
	# shellcheck disable=SC2086 # several arguments
	sweep $args
	[ "$status" = 2 ] || problem+=("status $status of $args")
	grep -q "^umdev sweep: .* '.*': see umdev sweep --help" "$dir/err" || problem+=("not told what is wrong with $args")
done
sweep --help
[ "$status" = 0 ] || problem+=("status $status of --help")
grep -q '^usage: umdev sweep' "$dir/out" || problem+=("no usage for --help")
verdict usage_is_told "${problem[@]}"

# An interrupt as soon as it is caught, before there is a row: valid JSON that says so.
problem=()
python3 - "$umdev" >"$dir/out" 2>"$dir/err" <<-'PYTHON' || problem+=("no JSON that says interrupted")
	import json, os, re, signal, subprocess, sys
	sweep = subprocess.Popen([sys.argv[1], "sweep", "--json"], stdout=subprocess.PIPE,
	                         stderr=subprocess.PIPE, text=True)
	def caught():
	    with open(f"/proc/{sweep.pid}/status") as f:
	        return int(re.search(r"^SigCgt:\s*(\w+)", f.read(), re.M)[1], 16)
	while not caught() & 1 << signal.SIGINT - 1:
	    os.sched_yield()
	sweep.send_signal(signal.SIGINT)
	out, err = sweep.communicate()
	top = json.loads(out)
	assert top["interrupted"] is True and top["scenarios"] == [], out
	assert sweep.returncode == 130 and err.strip() == "umdev: interrupted", err
PYTHON
verdict interrupted_json_is_valid_and_says_so "${problem[@]}"

UMDEV_DETECTORS=off sweep mdev:load
problem=()
[ "$status" = 2 ] || problem+=("status $status")
grep -q 'detectors are off' "$dir/err" || problem+=("not told why")
verdict nothing_is_swept_with_detectors_off "${problem[@]}"

exit $failed
