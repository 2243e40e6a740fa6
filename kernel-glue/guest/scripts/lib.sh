# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# TAP from the guest's shell tests; sourced by them.
n=0
failed=0

# ok CONDITION-STATUS NAME
ok() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
	fi
}

# try NAME COMMAND...: prints what the command said if it fails
try() {
	name=$1
	shift
	if out=$("$@" 2>&1); then
		ok 0 "$name"
	else
		[ -z "$out" ] || echo "$out" | sed 's/^/# /'
		ok 1 "$name"
	fi
}

# like NAME PATTERN COMMAND...: output must match
like() {
	name=$1 pattern=$2
	shift 2
	out=$("$@" 2>&1)
	echo "$out" | grep -q -e "$pattern"
	status=$?
	[ $status = 0 ] || echo "$out" | sed 's/^/# /'
	ok $status "$name"
}

# refused NAME COMMAND...: must fail
refused() {
	name=$1
	shift
	if "$@" >/dev/null 2>&1; then
		ok 1 "$name is refused"
	else
		ok 0 "$name is refused"
	fi
}

# skip NAME REASON
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

finish() {
	echo "1..$n"
	exit $failed
}

updates=/lib/modules/$(uname -r)/updates

# What is loaded beside the kernel's own, users before what they use. No
# subshell: a fork costs more here than everything else.
ours() {
	loaded=
	while read -r module rest; do
		[ -e "$updates/$module.ko" ] && loaded="$loaded $module"
	done </proc/modules
	: "$rest"
}

unload_ours() {
	ours
	while [ -n "$loaded" ]; do
		went=
		for module in $loaded; do
			rmmod "$module" 2>/dev/null && went=1
		done
		[ -n "$went" ] || return 1
		ours
	done
}

skip_all() {
	echo "[  REASON  ] $1"
	exit 77
}
