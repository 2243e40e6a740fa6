# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What tests of umdev missing begin with, which source it: the tool, asked in a
# directory of the test's own where linux/ is a kernel tree that has what the
# test writes there, and driver/ is for the sources.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/tap.sh"

build=${UMDEV_BINARY_DIR:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
# shellcheck disable=SC2034 # for tap.sh
told=(said)

command -v python3 >/dev/null || { echo "ok 1 - missing # SKIP python3 is missing"; exit 77; }

mkdir -p linux/include/linux driver

missing() { "$build/umdev" missing --linux linux "$@" >said 2>&1; }

# rows TABLE: "kind name" of each row
rows() {
	python3 -c 'import json, sys
for r in json.load(open(sys.argv[1]))["missing"]:
    print(r["kind"], r["name"])' "$1" | LC_ALL=C sort
}

# with_overlay FLAGS OVERLAY TABLE NAME SOURCE...: they compile and link with what is listed
with_overlay() {
	FLAGS=$1 python3 "${UMDEV_SOURCE_DIR:?}/tests/with_overlay.py" "$build" "${@:2}" >said 2>&1
}
