#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# checkpatch.sh CACHE FILE...: checkpatch --strict over whole files.
#
# The script comes from a kernel tree (CHECKPATCH=), or once out of the
# package linux-source into CACHE. Status 77: there is none.
set -euo pipefail

cache=$1
shift
script=${CHECKPATCH-}
if [[ -z $script ]]; then
	script=$cache/scripts/checkpatch.pl
	archive=$(printf '%s\n' /usr/src/linux-source-*.tar.xz | sort -V | tail -n 1)
	if [[ ! -e $script && -e $archive ]]; then
		mkdir -p "$cache"
		tar -C "$cache" --strip-components=1 -xJf "$archive" --wildcards \
			--occurrence=1 '*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
			'*/scripts/const_structs.checkpatch'
	fi
fi
if [[ ! -e $script ]]; then
	echo "kernel-glue: no checkpatch.pl; on Debian: apt-get install linux-source," >&2
	echo "or CHECKPATCH=/path/to/linux/scripts/checkpatch.pl" >&2
	exit 77
fi
perl "$script" --no-tree --strict --terse --show-types --file "$@"
