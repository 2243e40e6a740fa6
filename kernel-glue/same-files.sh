#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Proves that the user-space build and the kernel build compile the same
# files: prints each with its hash, and fails on the first world's file that
# the other did not compile, or compiled in another version.
#
#   same-files.sh FARM CMAKE_DIR TREE
#
# FARM       where Kbuild worked: each object's .cmd file names its source
# CMAKE_DIR  holds compile_commands.json
# TREE       the tree under test; the adapter in kernel-glue/compat counts too
set -euo pipefail

farm=$(readlink -f "$1")
commands=$2/compile_commands.json
tree=$(readlink -f "$3")
compat=$(readlink -f "$(dirname "$0")/compat")

if [[ ! -r $commands ]]; then
	echo "same-files: $commands is missing: build in user space first" >&2
	echo "(cmake --preset test), or name the directory with CMAKE_DIR=." >&2
	exit 1
fi

# Of the files on standard input those under test: name, hash of what the
# compiler reads under the name it was given.
under_test() {
	local file real
	while read -r file; do
		real=$(readlink -f "$file")
		case $real in
		"$tree"/*) printf 'tree/%s' "${real#"$tree"/}" ;;
		"$compat"/*) printf 'compat/%s' "${real#"$compat"/}" ;;
		*) continue ;;
		esac
		printf ' %s\n' "$(sha256sum <"$file" | cut -c 1-64)"
	done | sort -u
}

# A generated .mod.c belongs to no tree.
kernel=$(find "$farm" -name '.*.o.cmd' -exec sed -n 's/^source_[^ ]* := //p' {} + | under_test)
user=$(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$commands" | under_test)

if [[ -z $kernel ]]; then
	echo "same-files: $farm has no compiled file of $tree" >&2
	exit 1
fi
if [[ $kernel == "$user" ]]; then
	while read -r name hash; do
		printf '%.16s  %s\n' "$hash" "$name"
	done <<<"$kernel"
	echo "$(wc -l <<<"$kernel") files, the same in both builds"
	exit 0
fi
echo "same-files: the builds differ ('<' user space, '>' kernel):" >&2
diff <(printf '%s\n' "$user") <(printf '%s\n' "$kernel") | grep '^[<>]' >&2
exit 1
