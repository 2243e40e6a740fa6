#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Makes the directory that Kbuild builds in: directories of its own with links
# to the sources, so that objects stay out of the source tree and every file
# that is compiled is the very file of the tree.
#
#   farm.sh FARM TREE [KDIR]
#
# FARM/Kbuild               link to kernel-glue/Kbuild
# FARM/include/linux/       links to TREE's mdev headers, and to no other header of TREE
# FARM/drivers, samples     links to TREE's own, Makefiles included
# FARM/compat               links to kernel-glue/compat, the adapter, and to shim/compat,
#                           the table of releases and the overlay of headers
# FARM/tests/modules        links to tests/modules
# FARM/guest                links to guest/modules
# FARM/vhost/vringh.c       link to the kernel's, if KDIR's kernel has to have it built
# FARM/vringh               kernel, built or missing: where that stands; what needs
#                           it is left out where it is missing, or KDIR is not given
#
# Links whose source is gone go, with the objects made from them. Existing
# links are left alone: a rebuild sees what changed by the sources' own times.
set -euo pipefail

farm=$1 kdir=${3-}
tree=$(cd "$2" 2>/dev/null && pwd -P) || tree=$2
glue=$(cd "$(dirname "$0")" && pwd -P)
top=${glue%/*}
shopt -s globstar nullglob

# By no process of its own where nothing is to be done: there are some hundred.
link() {
	[[ -L $2 && $2 -ef $1 ]] || ln -sfn "$1" "$2"
}

# link_dir FROM TO: every source, header and Makefile, in directories of TO's own
link_dir() {
	local from=$1 to=$2 file at
	for file in "$from"/**/*.[chS] "$from"/**/{Makefile,Kbuild}; do
		[[ -f $file && ! -L $file ]] || continue
		at=$to/${file#"$from/"}
		[[ -d ${at%/*} ]] || mkdir -p "${at%/*}"
		link "$file" "$at"
	done
}

if [[ ! -e $tree/drivers/vfio/mdev/Makefile ]]; then
	echo "kernel-glue: TREE=$2 has no drivers/vfio/mdev/Makefile" >&2
	exit 1
fi

[[ -d $farm/include/linux ]] || mkdir -p "$farm/include/linux"
find "$farm" -xtype l | while read -r stale; do
	rm -f "$stale" "${stale%.c}.o" "${stale%.c}.ko"
done

link "$glue/Kbuild" "$farm/Kbuild"
for header in "$tree"/include/linux/mdev*.h; do
	[[ -e $header ]] && link "$header" "$farm/include/linux/${header##*/}"
done
link_dir "$tree/drivers/vfio/mdev" "$farm/drivers/vfio/mdev"
link_dir "$tree/samples/vfio-mdev" "$farm/samples/vfio-mdev"
# A kernel tree's drivers/virtio is not ours; in a slice it is this framework's.
if [[ ! -e $tree/Kbuild ]]; then
	link_dir "$tree/drivers/virtio" "$farm/drivers/virtio"
fi
link_dir "$glue/compat" "$farm/compat"
link_dir "$top/shim/compat" "$farm/compat"
link_dir "$top/tests/modules" "$farm/tests/modules"
link_dir "$glue/guest/modules" "$farm/guest"

vringh=missing
if [[ -n $kdir ]]; then
	vringh=$("$glue/vringh.sh" "$kdir" "${farm%/*}") || {
		[[ $? == 77 ]]
		vringh=missing
		echo "kernel-glue: left out, because it needs vringh: mvnet" >&2
	}
fi
case $vringh in
/*)
	[[ -d $farm/vhost ]] || mkdir -p "$farm/vhost"
	link "$vringh" "$farm/vhost/vringh.c"
	vringh=built
	;;
*) rm -rf "$farm/vhost" ;;
esac
[[ -e $farm/vringh && $(<"$farm/vringh") == "$vringh" ]] || echo "$vringh" >"$farm/vringh"
