#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The tables of the modelled API: what they name is there, and tested (tests/api).
# TAP.
set -uo pipefail
cd "${UMDEV_SOURCE_DIR:?}" || exit 1
failed=0

if out=$(tests/api --check 2>&1); then
	echo "ok 1 - files_and_tests_of_each_api_are_there"
else
	echo "not ok 1 - files_and_tests_of_each_api_are_there"
	sed 's/^/# /' <<<"$out"
	failed=1
fi

# a row that names what is not there
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/tests" "$copy/shim"
cp tests/api "$copy/tests/"
printf '%s\n' '| API | files | tests | on |' '| --- | --- | --- | --- |' \
	"| \`nothing()\` | \`lib/nothing.c\` | \`contract/nothing\` | |" >"$copy/shim/README.md"
if out=$("$copy/tests/api" --check 2>&1) || [[ $out != *"no lib/nothing.c"*"no program contract/nothing"* ]]; then
	echo "not ok 2 - what_is_not_there_is_told"
	sed 's/^/# /' <<<"$out"
	failed=1
else
	echo "ok 2 - what_is_not_there_is_told"
fi
echo 1..2
exit $failed
