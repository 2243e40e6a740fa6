#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel source gets from its includes what it gets in Linux: the names of
# include_graph.table, one header at a time; each header compiles alone, and
# one that the UAPI has too brings it. TAP.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
exec python3 include_graph.py check "${UMDEV_BINARY_DIR:?}/compile_commands.json" \
	include_graph.table
