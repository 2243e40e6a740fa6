#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devel.sh FARM TREE DIR: what a driver outside this tree is built against.
#
# DIR/include         the framework's headers
# DIR/compat          the overlay over the kernel's own headers, and its table of releases
# DIR/Module.symvers  exported symbols of the modules in FARM
# DIR/umdev.mk        to be included by the driver's Kbuild
#
# Where all is as it was nothing is written, and a driver need not be built again.
set -euo pipefail

farm=$1 tree=$2 dir=$3
glue=$(dirname "$0")

new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
mkdir -p "$dir" "$new/include/linux" "$new/compat"
cp -r "$glue/../shim/compat/." "$new/compat"
cp "$tree"/include/linux/mdev*.h "$new/include/linux"
cp "$farm/Module.symvers" "$new"
cat >"$new/umdev.mk" <<'END'
# SPDX-License-Identifier: GPL-2.0-only
# Include this from the Kbuild of a driver: headers before the kernel's own,
# and the symbols of umdev's modules instead of those of the in-tree mdev.
umdev-dir := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
NOSTDINC_FLAGS += -I$(umdev-dir)/compat/include -I$(umdev-dir)/include -I$(umdev-dir)
KBUILD_EXTRA_SYMBOLS += $(umdev-dir)/Module.symvers
END
# what is there besides is somebody's own
[[ -z $(diff -rq "$new" "$dir" | grep -vF "Only in $dir") ]] || cp -r "$new/." "$dir"
