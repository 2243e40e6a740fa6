#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A checkout that nobody can write to: both commands build elsewhere, say so, work,
# and leave it as it was. Of another user, and, where a mount can be made, mounted
# read-only, which stops root, too. Builds all that the demo needs. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
chmod 755 "$dir"
tree=$dir/tree
out=$dir/build
told=("$dir/err" "$dir/out")
unset UMDEV_TEST_COMMAND UMDEV_TEST_BUILD UMDEV_FILTER UMDEV_MODULE_DIR

# ---- the checkout: what is in the repository, or in what was unpacked of it --------

mkdir "$tree" "$out"
chmod 777 "$out"
if git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
	(cd "$top" && git ls-files -z --cached --others --exclude-standard) >"$dir/names"
else
	(cd "$top" && find . -path ./build -prune -o -type f -print0) >"$dir/names"
fi
tar -C "$top" --null --ignore-failed-read -T "$dir/names" -cf - 2>/dev/null | tar -C "$tree" -xf -
chmod -R a+rX,a-w "$tree"

# names, kinds, sizes and times of all that is in it
state() { (cd "$tree" && find . -printf '%p %y %s %T@\n' | sort); }
state >"$dir/before"

# boot ARGS...: by whom @as says; leaves $status, $dir/out and $dir/err
boot() {
	"${as[@]}" env HOME=/ CI=false "$tree/bootstrap" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

# wants STATUS FILE PATTERN: adds to problem what is not so
wants() {
	[ "$status" = "$1" ] || problem+=("status $status, not $1")
	grep -qE -- "$3" "$dir/$2" || problem+=("$2 does not say '$3'")
}

untouched() {
	state | cmp -s "$dir/before" - || problem+=("the checkout has changed: $(state | diff "$dir/before" - | head -n 3)")
}

# ---- without a right to write -------------------------------------------------------

as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)

boot demo
wants 1 err 'cannot be written: say --build DIR'
untouched
verdict demo_without_a_place_to_build_is_refused "${problem[@]}"

boot demo --build "$out"
if grep -q 'not on a terminal: say --yes\|missing packages' "$dir/err"; then
	echo "1..0 # SKIP packages are missing: $(sed -n 's/^== to install: //p' "$dir/err")"
	exit 77
fi
wants 0 err "building in $out"
wants 0 out 'Everything went as said'
untouched
verdict demo_builds_elsewhere_and_runs "${problem[@]}"

boot test --build "$out" 'mdev_create/*newline*'
wants 0 err "building in $out"
wants 0 out '^[1-9][0-9]* passed, 0 failed'
grep -q "results: .*${out#"$dir"/}/umdev-test/junit.xml" "$dir/out" || problem+=("where the results are is not said")
untouched
verdict test_builds_elsewhere_and_runs "${problem[@]}"

# ---- mounted read-only -----------------------------------------------------------------

# in a mount namespace, with a user namespace around it where that is needed
alone=(unshare --mount)
[ "$(id -u)" = 0 ] || alone=(unshare --map-root-user --mount)
# shellcheck disable=SC2016
as=("${alone[@]}" sh -c 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd / && exec "$@"' "$tree")
if ! "${as[@]}" true 2>"$dir/err"; then
	echo "ok $((++count)) - read_only_mount_stops_root_too # SKIP no mount can be made: $(tail -n 1 "$dir/err")"
	echo "1..$count"
	exit $failed
fi
chmod -R u+w "$tree"
boot test
wants 1 err 'cannot be written: say --build DIR'
boot demo --build "$out"
wants 0 out 'Everything went as said'
boot test --build "$out" 'mdev_remove/any*'
wants 0 out '^[1-9][0-9]* passed, 0 failed'
untouched
verdict read_only_mount_stops_root_too "${problem[@]}"

echo "1..$count"
exit $failed
