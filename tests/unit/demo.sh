#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The command umdev: its demo ends as it said it would, for people and for
# programs, and a call that makes no sense is refused. TAP.
#
# Skipped (77) for a tree without the samples that the demo uses.
set -uo pipefail

build=${UMDEV_BINARY_DIR:?}
umdev=$build/umdev
said=$(mktemp)
trap 'rm -f "$said"' EXIT
count=0
failed=0

# try NAME STATUS COMMAND...: it ends with that status; if not, shows what it said
try() {
	local name=$1 want=$2 status=0
	shift 2
	count=$((count + 1))
	"$@" >"$said" 2>&1 </dev/null || status=$?
	if [ "$status" = "$want" ]; then
		echo "ok $count - $name"
		return
	fi
	echo "not ok $count - $name: status $status, want $want"
	tail -n 40 "$said" | sed 's/^/# /'
	failed=1
}

for module in mtty vfio_mdev; do
	[ -e "$build/modules/$module.ko" ] || {
		echo "ok 1 - demo # SKIP $module is not among the modules of this tree"
		exit 77
	}
done

try demo_ends_as_said_and_leaves_nothing 0 bash -o pipefail -c \
	'"$1" demo | tee /dev/stderr | grep -x "0 objects left"' demo "$umdev"
try json_is_of_the_same_steps 0 bash -o pipefail -c '"$1" demo --json | python3 -c "
import json, sys
steps = json.load(sys.stdin)[\"steps\"]
sys.exit(len(steps) < 10 or not all(step[\"as_said\"] for step in steps))"' demo "$umdev"
try unknown_option_is_refused 2 "$umdev" demo --no-such-option
try unknown_command_is_refused 2 "$umdev" no-such-command
try no_command_is_refused 2 "$umdev"
try help_is_no_error 0 "$umdev" --help
try version_is_that_of_the_project 0 bash -c '"$1" --version | grep -xE "umdev [0-9.]+"' demo "$umdev"

# Nothing can be loaded: each step says so, and the end does not claim success.
empty=$(mktemp -d)
trap 'rm -rf "$said" "$empty"' EXIT
for driver in mtty mdpy mbochs; do
	try "demo_of_${driver}_without_modules_says_what_went_wrong" 1 \
		env UMDEV_MODULE_DIR="$empty" "$umdev" demo --driver $driver --output "$empty/png"
	count=$((count + 1))
	if grep -q 'umdev: this should have been: success' "$said" &&
	   grep -qx 'umdev: NOT everything went as said' "$said"; then
		echo "ok $count - ${driver}_says_which_steps_failed"
	else
		echo "not ok $count - ${driver}_says_which_steps_failed"
		failed=1
	fi
done

echo "1..$count"
exit $failed
