#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/exports: a function is wanted by nobody only where all that may want it
# could be looked at. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

command -v python3 >/dev/null || { echo "ok 1 - exports # SKIP python3 is missing"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
told=("$work/said")

# exported LINUX: with an index of its own
exported() {
	rm -f "$work/exports.json"
	UMDEV_BINARY_DIR=$work "${UMDEV_SOURCE_DIR:?}/tests/exports" "$1" >"$work/said" 2>&1
}

mkdir -p "$work"/linux/{drivers/net,sound,net,fs,samples,crypto,block}
printf 'obj-$(CONFIG_NET) += net/ \\\n\tvirtio/\n# obj-y += gone/\n' >"$work/linux/drivers/Makefile"
exported "$work/linux"
[[ $? == 2 ]] && grep -qx "which may use them all the same where these trees lack something: $work/linux/drivers/virtio" "$work/said"
report a_tree_that_is_not_whole_proves_nothing $?

mkdir "$work/linux/drivers/virtio"
exported "$work/linux"
[[ $? == 1 ]] && grep -q '^ *0 disable_hardirq ' "$work/said" && ! grep -q 'trees lack' "$work/said"
report nobody_in_a_whole_tree_wants_it $?

sed -n 's/^ *0 \(\w*\) .*/\1();/p' "$work/said" >"$work/linux/drivers/net/all.c"
exported "$work/linux"
[[ $? == 0 ]] && grep -q '^ *1 disable_hardirq ' "$work/said" && grep -q ' of those 0 by no module of Linux$' "$work/said"
report somebody_does $?

echo "1..$count"
exit $failed
