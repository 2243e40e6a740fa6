# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# TAP for the scripts that are tests, which source it: each result is a line, and
# below one that is none stands what was said by what is tested.

count=0
failed=0
# the files in which that is
told=()
problem=()

# verdict NAME [PROBLEM...]: passed when there is none, which is so afterwards
verdict() {
	local name=$1
	shift
	count=$((count + 1))
	problem=()
	if [ $# = 0 ]; then
		echo "ok $count - $name"
		return
	fi
	echo "not ok $count - $name${*:+: $*}"
	tail -qn 60 -- "${told[@]}" 2>/dev/null | sed 's/^/# /'
	# shellcheck disable=SC2034 # for whoever sources this
	failed=1
}

# report NAME STATUS [WHY]: passed when the status is 0
report() {
	if [ "$2" = 0 ]; then
		verdict "$1"
	else
		verdict "$1" "${3-}"
	fi
}
