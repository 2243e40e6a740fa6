#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Figures in documents: each block has the form of what its command prints now,
# and one that has not is told (tests/figures). TAP.
set -uo pipefail
cd "${UMDEV_SOURCE_DIR:?}" || exit 1
failed=0

if [[ ${UMDEV_BINARY_DIR:?} != "$UMDEV_SOURCE_DIR/build/test" ]]; then
	echo "ok 1 - blocks_have_the_form_of_their_commands # SKIP they are of build/test"
elif out=$(tests/figures --check 2>&1); then
	echo "ok 1 - blocks_have_the_form_of_their_commands"
else
	echo "not ok 1 - blocks_have_the_form_of_their_commands"
	sed 's/^/# /' <<<"$out"
	failed=1
fi

document=$(mktemp --suffix=.md)
trap 'rm -f "$document"' EXIT
cat >"$document" <<-'MARKDOWN'
<!-- figures: echo 3 apples; form: echo 1 pear -->
```
2 apples
```
MARKDOWN
if out=$(tests/figures --check "$document"); then
	echo "not ok 2 - another_form_is_told: it is not"
	failed=1
elif [[ $out == *"- N apples"*"+ N pear"* ]]; then
	echo "ok 2 - another_form_is_told"
else
	echo "not ok 2 - another_form_is_told: $out"
	failed=1
fi
tests/figures "$document" >/dev/null
if grep -qx '3 apples' "$document"; then
	echo "ok 3 - figures_are_written_by_the_command"
else
	echo "not ok 3 - figures_are_written_by_the_command: $(cat "$document")"
	failed=1
fi
sed -i 's/echo 3 apples/echo lost; false/' "$document"
if tests/figures "$document" >/dev/null 2>&1 || ! grep -qx '3 apples' "$document"; then
	echo "not ok 4 - nothing_is_lost_by_a_command_that_fails"
	failed=1
else
	echo "ok 4 - nothing_is_lost_by_a_command_that_fails"
fi
echo "1..4"
exit $failed
