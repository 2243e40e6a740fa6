#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Does what tests/tutorial/README.md tells its reader to do, in a directory
# below the build directory, with this build of umdev. TAP: one line for each
# block of commands and each claim about their output.
#
#   tutorial.sh          without the virtual machine
#   tutorial.sh guest    all of it
#
# Blocks of the tutorial, by what follows the language:
#
#   file=NAME      a file to save
#   sh             commands that succeed
#   sh fails=TEXT  commands that fail and say TEXT
#   sh guest       commands that need the virtual machine
#   text said      each line is part of what the last commands said
#
# What AddressSanitizer says is looked for only where it was built in. Skipped
# (77), with the reason, where a tool is missing.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
build=${UMDEV_BINARY_DIR:?}
mode=${1:-}
work=$build/tutorial$mode
told=("$work/.said")
said=
checked=1

skip() {
	echo "ok 1 - tutorial # SKIP ${1//$'\n'/ }"
	exit 77
}

for tool in patch ninja cmake ctest pkg-config; do
	command -v $tool >/dev/null || skip "$tool is missing"
done

if [[ $mode == guest ]]; then
	glue=$top/kernel-glue
	reason=$("$glue/guest/image.sh" release 2>&1) || skip "$reason"
	reason=$("$glue/kdir.sh" "/lib/modules/$reason/build" 2>&1) || skip "$reason"
	reason=$("$glue/guest/need.sh" 2>&1) || skip "$reason"
	mkdir -p "$top/build"
	exec 9>"$top/build/.kernel-glue.lock"
	flock 9
fi

asan=
grep -q '^UMDEV_SANITIZE:.*address' "$build/CMakeCache.txt" && asan=1

# What the reader's shell has; ctest gives this one more.
CC=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
export CC umdev=$top umdev_DIR=$build
unset UMDEV_MODULE_DIR UMDEV_SOURCE_DIR UMDEV_BINARY_DIR ASAN_OPTIONS LSAN_OPTIONS \
	TSAN_OPTIONS MAKEFLAGS MAKELEVEL MFLAGS

rm -rf "$work"
mkdir -p "$work"
cd "$work" || exit 1

# run COMMANDS: as typed into one shell after those before; output in .said
run() {
	printf '%s' "$1" >.step
	bash -ec '[ ! -e .environment ] || . ./.environment; . ./.step; export -p >.environment' \
		>.said 2>&1 </dev/null
}

commands() {
	local text=$1 kind=$2 status name
	run "$text"
	status=$?
	name=$(tr '\n' ';' <<<"${text%$'\n'}" | tr -s ' ' | sed 's/ #[^;]*//g; s/;$//; s/;/; /g')
	said=$(cat .said)
	checked=1
	if [[ $kind == fails=* ]]; then
		checked=$asan
		if [[ $status == 0 ]]; then
			report "$name" 1 "did not fail"
		elif [[ -n $asan && $said != *"${kind#fails=}"* ]]; then
			report "$name" 1 "did not say ${kind#fails=}"
		else
			report "$name (fails)" 0
		fi
		return
	fi
	report "$name" $status
}

# A block is complete.
block() {
	local language=$1 kind=$2 text=$3 line
	case $kind in
	file=*)
		mkdir -p "$(dirname "${kind#file=}")"
		printf '%s' "$text" >"${kind#file=}"
		return
		;;
	*guest)
		[[ $mode == guest ]] || return 0
		;;
	esac
	case $language in
	sh) commands "$text" "$kind" ;;
	text)
		[[ -n $checked ]] || return 0
		while IFS= read -r line; do
			[[ $said == *"$line"* ]]
			report "it says: $line" $?
		done <<<"${text%$'\n'}"
		;;
	esac
}

text=
language=
while IFS= read -r line; do
	if [[ -z $language && $line =~ ^\`\`\`([a-z]+)\ ?(.*)$ ]]; then
		language=${BASH_REMATCH[1]} kind=${BASH_REMATCH[2]} text=
	elif [[ $line == '```' ]]; then
		block "$language" "$kind" "$text"
		language=
	elif [[ -n $language ]]; then
		text+=$line$'\n'
	fi
done <"$top/tests/tutorial/README.md"

echo "1..$count"
exit $failed
