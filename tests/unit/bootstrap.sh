#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# bootstrap as a command: what it refuses before anything is built, where it
# builds, how it installs. In a tree of its own, where the programs that it calls
# only note that they were called. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
chmod 755 "$dir"

if ! grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release; then
	echo "1..0 # SKIP packages are installed on Debian and Ubuntu only"
	exit 77
fi

# ---- a tree, and programs that pretend ---------------------------------------------

tree=$dir/tree
calls=$dir/calls
told=("$dir/out" "$dir/err" "$calls")
mkdir -p "$tree" "$dir/bin" "$dir/elsewhere"
chmod 777 "$dir/elsewhere"
cp "$top/bootstrap" "$top/CMakePresets.json" "$tree"
for tool in bash sh cat dirname env mkdir sed tail touch tr; do
	ln -s "$(command -v $tool)" "$dir/bin/$tool"
done

# pretend TOOL < SCRIPT: it is noted, with its arguments, and does what the script does
pretend() {
	{
		echo '#!/bin/bash'
		echo "echo \"$1 \$*\" >>'$calls'"
		cat
	} >"$dir/bin/$1"
	chmod +x "$dir/bin/$1"
}
pretend cmake <<'SCRIPT'
while [ $# -gt 1 ]; do [ "$1" != -B ] || build=$2; shift; done
touch "$build/build.ninja"
SCRIPT
pretend ninja <<'SCRIPT'
printf '#!/bin/sh\necho "demo $*"\n' >"$2/umdev"
chmod +x "$2/umdev" 2>/dev/null || /bin/chmod +x "$2/umdev"
echo '[1/2] one'
echo '[2/2] two'
SCRIPT
pretend python3 <<'SCRIPT'
shift 4
echo "tests $*"
SCRIPT
pretend dpkg-query <<'SCRIPT'
shift 3
for package; do
	[ "$package" = "$LACKS" ] || echo "$package installed"
done
SCRIPT
pretend apt-get </dev/null
pretend id <<'SCRIPT'
echo "${FAKE_UID:-0}"
SCRIPT

# boot ARGS...: in $tree or where $at says, leaves $status, $dir/out and $dir/err; calls of
# dpkg-query and id are of no interest
boot() {
	: >"$calls"
	chmod 666 "$calls"
	(cd "${at:-$tree}" && "${as[@]}" env -i HOME=/ PATH="$dir/bin" LACKS="${lacks:-}" FAKE_UID="${uid:-0}" \
		"${script:-$tree/bootstrap}" "$@") >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
	sed -i '/^dpkg-query\|^id/d' "$calls"
}
as=()

# wants STATUS FILE PATTERN: adds to problem what is not so
wants() {
	[ "$status" = "$1" ] || problem+=("status $status, not $1")
	grep -qE -- "$3" "$dir/$2" || problem+=("$2 does not say '$3'")
}

nothing_called() { [ ! -s "$calls" ] || problem+=("called: $(tr '\n' ';' <"$calls")"); }

problem=()

# ---- the command line ------------------------------------------------------------------

for line in "test --foo" "demo --foo" "--foo demo" "demo extra" "kernel-check extra" "nonsense" \
	"demo --driver" "packages nonsense"; do
	# shellcheck disable=SC2086
	boot $line
	[ "$status" != 0 ] || problem+=("'$line' is accepted")
	nothing_called
done
boot test --foo
wants 2 err "'--foo'"
verdict what_is_wrong_is_refused_before_anything_is_built "${problem[@]}"

boot --yes demo --driver x
wants 0 out '^demo demo --driver x$'
boot demo --json -y
wants 0 out '^demo demo --json$'
[ "$(cat "$dir/out")" = "demo demo --json" ] || problem+=("there is more on standard output")
boot --build "$dir/elsewhere" test mdev_create '*newline*' -j 2
wants 0 out "^tests --build $dir/elsewhere mdev_create \*newline\* -j 2$"
at=$dir/elsewhere boot demo --output picture.png
wants 0 out "^demo demo --output $dir/elsewhere/picture.png$"
verdict options_may_stand_anywhere "${problem[@]}"

# ---- the place ----------------------------------------------------------------------------

mkdir "$dir/with blank"
cp -r "$tree/." "$dir/with blank"
at="$dir/with blank" script="$dir/with blank/bootstrap" boot demo
wants 1 err 'blank'
nothing_called
boot --build "$dir/a b" demo
wants 1 err 'blank'
nothing_called
verdict blank_in_a_path_is_refused_at_once "${problem[@]}"

rm -rf "$tree/build"
if [ "$(id -u)" = 0 ]; then
	as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
chmod -R a-w "$tree"
boot demo
wants 1 err '--build DIR'
nothing_called
boot demo --build "$dir/elsewhere"
wants 0 out '^demo demo$'
grep -q "building in $dir/elsewhere" "$dir/err" || problem+=("where it builds is not said")
chmod -R u+w "$tree"
as=()
[ ! -e "$tree/build" ] || problem+=("something is written into the checkout")
verdict checkout_that_cannot_be_written_builds_elsewhere "${problem[@]}"

(ulimit -v 8000000; boot test; echo "$status" >"$dir/status")
status=$(cat "$dir/status")
wants 1 err 'ulimit -v 8000000'
nothing_called
verdict limit_of_address_space_is_named "${problem[@]}"

# ---- packages -----------------------------------------------------------------------------

lacks=libpng-dev
boot demo
wants 1 err '--yes to install, or run as root: apt-get update && apt-get install .*libpng-dev'
nothing_called
uid=1000 boot demo --yes
wants 1 err 'neither root nor sudo: run as root: apt-get update && apt-get install .*libpng-dev'
nothing_called
verdict without_a_right_to_install_it_says_what_to_type "${problem[@]}"

boot demo --yes
wants 0 out '^demo demo$'
grep -q '^apt-get .*update' "$calls" || problem+=("package lists are not brought up to date")
grep -q '^apt-get .*install .*--no-install-recommends libpng-dev$' "$calls" ||
	problem+=("it installs something else")
! grep -q sudo "$calls" || problem+=("root needs no sudo")
pretend sudo <<'SCRIPT'
exec "$@"
SCRIPT
uid=1000 boot demo --yes
wants 0 out '^demo demo$'
grep -q '^sudo env' "$calls" || problem+=("sudo is not used")
verdict what_is_missing_is_installed_and_nothing_else "${problem[@]}"

pretend apt-get <<'SCRIPT'
echo "E: no such package"
exit 100
SCRIPT
boot demo --yes
wants 1 err 'E: no such package'
! grep -q '^ninja' "$calls" || problem+=("it goes on")
lacks=
pretend ninja <<'SCRIPT'
echo '[1/2] one'
echo "k.c:7: error: 'x' undeclared"
exit 1
SCRIPT
boot demo
wants 1 err "k.c:7: error: 'x' undeclared"
verdict failure_on_the_way_is_told_and_ends_it "${problem[@]}"

echo "1..$count"
exit $failed
