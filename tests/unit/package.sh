#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The package umdev-dkms: it is made, twice the same, has what DKMS builds from and
# nothing else, and lintian, where it is, has nothing to say. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
work=${UMDEV_BINARY_DIR:?}/package
told=("$work/said")
rm -rf "$work"
mkdir -p "$work"

for tool in make dpkg-deb; do
	command -v $tool >/dev/null || { echo "ok 1 - package # SKIP $tool is missing"; exit 77; }
done

make_it() { make --no-print-directory -C "$top/kernel-glue" deb "BUILD=$work" >"$work/said" 2>&1 </dev/null; }

make_it
report "it is made" $?
package=$(echo "$work"/umdev-dkms_*_all.deb)
if command -v lintian >/dev/null; then
	grep -q '^lintian: nothing to report$' "$work/said"
	report "lintian has nothing to say" $?
else
	echo "ok $((++count)) - lintian has nothing to say # SKIP lintian is not installed"
fi

dpkg-deb -f "$package" >"$work/control" 2>"$work/said"
version=$(sed -n 's/^Version: //p' "$work/control")
grep -q '^Depends: dkms' "$work/control"
report "it asks for DKMS" $?

cp "$package" "$work/first"
make_it
cmp "$work/first" "$package" >"$work/said" 2>&1
report "made again it is the same" $?

dpkg-deb -x "$package" "$work/root" >"$work/said" 2>&1
diff -r "$work/dkms/umdev-$version" "$work/root/usr/src/umdev-$version" >"$work/said" 2>&1
report "it has what dkms-source makes" $?
find "$work/root" -name '*.o' -o -name '*.ko' -o -name '.git*' >"$work/said"
[ ! -s "$work/said" ]
report "and nothing that was built" $?
echo "1..$count"
exit $failed
