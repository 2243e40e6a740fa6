#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The framework's document: its declarations are those of the headers, its
# example compiles, it renders without a warning (in the build directory, below
# doc/), and the kernel-doc comments are what the kernel's own script accepts.
#
# Skipped (77) without Sphinx. A check whose tool is missing is a skip by itself.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
build=${UMDEV_BINARY_DIR:?}
here=$top/tests/unit
tree=$top/src
out=$build/doc
log=$out/log
told=("$log")

mkdir -p "$out"

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

if ! command -v python3 >/dev/null || ! command -v sphinx-build >/dev/null; then
	echo "ok 1 - documentation # SKIP sphinx-build is missing; on Debian: apt-get install python3-sphinx"
	exit 77
fi

python3 "$here/documentation.py" "$tree" >"$log" 2>&1
status=$?
grep -E '^(not )?ok|^#' "$log"
count=$(grep -cE '^(not )?ok' "$log")
if [ $status != 0 ] && ! grep -q '^not ok' "$log"; then
	report checker_runs $status
fi
[ $status = 0 ] || failed=1

# The compiler call of tests/modules/mod_empty.c, up to its output.
compile=$(grep -m1 '"command": .*-c [^ ]*/tests/modules/mod_empty\.c"' "$build/compile_commands.json" |
	sed 's/^ *"command": "//; s/",\{0,1\}$//; s/\\\\/\x01/g; s/\\"/"/g; s/\x01/\\/g')
compile=${compile%% -o *}
python3 "$here/documentation.py" "$tree" -x >"$out/acme_note.c"
(cd "$out" && eval "$compile -I$tree/include -fsyntax-only acme_note.c") >"$log" 2>&1
report example_compiles $?

# The kernel's tree gives the page its surroundings; here it is a book of one.
rm -rf "$out/html"
sphinx-build -q -W --keep-going -n -C -b html -D master_doc=vfio-mediated-device \
	-D project="Mediated devices" -d "$out/doctrees" \
	"$tree/Documentation/driver-api" "$out/html" >"$log" 2>&1
report renders_without_a_warning $?

kernel_doc=
for script in /usr/src/linux-headers-*/scripts/kernel-doc /usr/lib/linux-kbuild-*/scripts/kernel-doc; do
	[ -e "$script" ] && kernel_doc=$script
done
if [ -n "$kernel_doc" ] && command -v perl >/dev/null; then
	find "$tree" -name '*.[ch]' -print0 |
		xargs -0 perl "$kernel_doc" -none -Werror >"$log" 2>&1
	report kernel_doc_is_well_formed $?
else
	skip kernel_doc_is_well_formed "no scripts/kernel-doc; on Debian: apt-get install linux-headers-amd64"
fi

echo "1..$count"
exit $failed
