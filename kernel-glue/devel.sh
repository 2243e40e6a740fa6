#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devel.sh FARM TREE DIR: what a driver outside this tree is built against.
#
# DIR/include         the framework's headers
# DIR/compat          the overlay over the kernel's own headers, and its table of releases
# DIR/Module.symvers  exported symbols of the modules in FARM
# DIR/umdev.mk        to be included by the driver's Kbuild
set -euo pipefail

farm=$1 tree=$2 dir=$3
glue=$(dirname "$0")

mkdir -p "$dir/include/linux"
mkdir -p "$dir/compat"
cp -r "$glue/../shim/compat/." "$dir/compat"
cp "$tree"/include/linux/mdev*.h "$dir/include/linux"
cmp -s "$farm/Module.symvers" "$dir/Module.symvers" ||
	cp "$farm/Module.symvers" "$dir/Module.symvers"
cat >"$dir/umdev.mk" <<'END'
# SPDX-License-Identifier: GPL-2.0-only
# Include this from the Kbuild of a driver: headers before the kernel's own,
# and the symbols of umdev's modules instead of those of the in-tree mdev.
umdev-dir := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
NOSTDINC_FLAGS += -I$(umdev-dir)/compat/include -I$(umdev-dir)/include -I$(umdev-dir)
KBUILD_EXTRA_SYMBOLS += $(umdev-dir)/Module.symvers
END
