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
trap 'rm -f "$said" "$said".*' EXIT
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

# says TEST TEXT...: each is in what the last command said
says() {
	local name=$1 text
	shift
	count=$((count + 1))
	for text; do
		grep -qE -- "$text" "$said" || { echo "not ok $count - $name: no '$text'"; failed=1; return; }
	done
	echo "ok $count - $name"
}

for module in mtty vfio_mdev; do
	[ -e "$build/modules/$module.ko" ] || {
		echo "ok 1 - demo # SKIP $module is not among the modules of this tree"
		exit 77
	}
done

try demo_ends_as_said_and_leaves_nothing 0 bash -o pipefail -c \
	'"$1" demo | tee /dev/stderr | grep -x "0 objects left"' demo "$umdev"
try readme_shows_this_demo 0 bash -o pipefail -c \
	'"$1" demo | "$2/tests/excerpt" "$2/README.md" "\$ modprobe mtty"' demo "$umdev" "$UMDEV_SOURCE_DIR"
try json_is_of_the_same_steps 0 bash -o pipefail -c '"$1" demo --json | python3 -c "
import json, sys
steps = json.load(sys.stdin)[\"steps\"]
sys.exit(len(steps) < 10 or not all(step[\"as_said\"] for step in steps))"' demo "$umdev"
try unknown_option_is_refused 2 "$umdev" demo --no-such-option
try option_without_its_value_is_told 2 "$umdev" demo --driver
says it_is_told_as_that "^umdev demo: --driver needs a value"
try value_may_stand_behind_a_sign 2 "$umdev" demo --driver=nosuch
says and_is_taken "no module 'nosuch' here"
try unknown_command_is_refused 2 "$umdev" no-such-command
try no_command_is_refused 2 "$umdev"
try help_is_no_error 0 "$umdev" --help
# help of each command, by both names, wherever it stands among options that are right
for command in demo sweep history missing test "explore mdev" explore; do
	for option in -h --help "--json -h"; do
		# shellcheck disable=SC2086
		"$umdev" $command $option >"$said" 2>&1 </dev/null && grep -q '^usage: umdev' "$said" ||
			echo "$command $option" >>"$said.helpless"
	done
done
try help_is_everywhere 0 bash -c '! cat "$1" 2>/dev/null' help "$said.helpless"
rm -f "$said.helpless"

# colours VARIABLE=VALUE...: does the demo write in colours to a terminal, with these set?
colours() {
	env -u NO_COLOR "$@" script -qec "$umdev demo" /dev/null </dev/null | tee "$said.tty"
	grep -q 'Everything went as said' "$said.tty" || return 3
	grep -q $'\033' "$said.tty"
}
# a bare chroot has no pseudo-terminals
if command -v script >/dev/null && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	try terminal_is_written_to_in_colours 0 colours TERM=xterm
	try dumb_terminal_is_not 1 colours TERM=dumb
	try no_color_is_respected 1 colours TERM=xterm NO_COLOR=1
else
	count=$((count + 1))
	echo "ok $count - terminal_is_written_to_in_colours # SKIP no pseudo-terminal can be had"
fi

try version_is_that_of_the_project 0 bash -c '"$1" --version | grep -xE "umdev [0-9.]+"' demo "$umdev"

# One of serial cards, whatever it calls its parent and its types, is told the same story.
other=$(mktemp -d)
trap 'rm -rf "$said" "$said".* "$other"' EXIT
source=$UMDEV_SOURCE_DIR/src/samples/vfio-mdev/mtty.c
if grep -qE -e '--coverage|-fcoverage-mapping' "$build/compile_commands.json"; then
	count=$((count + 1))
	echo "ok $count - serial_card_is_known_by_what_it_is # SKIP what is measured is the tree's own"
elif grep -q '"mtty"' "$source" && sed 's/"mtty"/"other_card"/' "$source" >"$other/mtty.c" &&
	"$UMDEV_SOURCE_DIR/tests/history/variant" "$source" "$other/mtty.c" "$other/modules" >"$said" 2>&1; then
	try serial_card_is_known_by_what_it_is 0 bash -o pipefail -c \
		'UMDEV_MODULE_DIR=$2 "$1" demo | tee /dev/stderr |
		grep -zE "> /sys/class/mdev_bus/other_card/mdev_supported_types/other_card-2/create.*21 interrupts"' \
		demo "$umdev" "$other/modules"
else
	count=$((count + 1))
	echo "ok $count - serial_card_is_known_by_what_it_is # SKIP the tree's mtty is not built from here"
fi

# A driver that is not there: one line, with those that are.
try driver_that_is_not_there_is_refused 2 "$umdev" demo --driver nosuch
says and_those_that_are_there_are_named "^umdev demo: no module 'nosuch' here; those that need mdev are:.* mtty"
count=$((count + 1))
if [ "$(wc -l <"$said")" = 1 ]; then
	echo "ok $count - in_one_line"
else
	echo "not ok $count - in_one_line"
	failed=1
fi
empty=$(mktemp -d)
trap 'rm -rf "$said" "$other" "$empty"' EXIT
try demo_without_modules_says_so 2 env UMDEV_MODULE_DIR="$empty" "$umdev" demo
try demo_of_a_driver_without_modules_says_so 2 env UMDEV_MODULE_DIR="$empty" "$umdev" demo --driver mtty
says and_that_there_are_none "^umdev demo: no module 'mtty' here, and none that needs mdev$"

# What it needs cannot be loaded: each step says so, and the end does not claim success.
for driver in mtty mdpy mbochs; do
	cp "$build/modules/$driver.ko" "$build"/modules/modules.* "$empty" 2>/dev/null || continue
	try "demo_of_${driver}_that_cannot_be_loaded_fails" 1 \
		env UMDEV_MODULE_DIR="$empty" "$umdev" demo --driver $driver --output "$empty/png"
	says "${driver}_says_which_steps_failed" 'umdev: this should have been: success' \
		'^umdev: NOT everything went as said$'
done

echo "1..$count"
exit $failed
