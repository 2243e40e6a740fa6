#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Header by header: what a real kernel's brings, of all that the shim has, the
# shim's brings too; and the kernel has every name that include_graph.table says
# it has. TAP. Skipped (77) without headers of a kernel of the
# release that this build models; KDIR= chooses others.
set -uo pipefail

top=${UMDEV_SOURCE_DIR:?}
why=$(mktemp)
trap 'rm -f "$why"' EXIT
if ! kdir=$("$top/kernel-glue/kdir.sh" ${KDIR:+"$KDIR"} 2>"$why"); then
	echo "1..0 # SKIP $(tr '\n' ' ' <"$why")"
	exit 77
fi
python3 "$top/tests/unit/include_graph.py" kernel \
	"${UMDEV_BINARY_DIR:?}/compile_commands.json" "$top/tests/unit/include_graph.table" "$kdir"
