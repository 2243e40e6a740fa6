#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# locked.sh FILE COMMAND...: runs COMMAND while nobody else holds FILE, and says
# so when that takes a wait.
file=$1
shift
if ! { mkdir -p "$(dirname "$file")" && true >>"$file"; } 2>/dev/null; then
	echo "kernel-glue: cannot write in $(dirname "$file"): name another directory by BUILD=" >&2
	exit 1
fi
exec 9>"$file"
flock -n 9 || {
	echo "kernel-glue: another make is at work in $(dirname "$file"): waiting for it" >&2
	flock 9
}
# what COMMAND leaves running must not keep it
"$@" 9>&-
