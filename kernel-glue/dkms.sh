#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
#   dkms.sh source DIR TREE VERSION   make DIR, a source directory for `dkms add`
#   dkms.sh check FARM                dkms.conf names just the modules that FARM builds
#
# Without vringh, and the sample that needs it: a machine that rebuilds modules
# for each new kernel need not have that kernel's source.
set -euo pipefail

glue=$(readlink -f "$(dirname "$0")")

case $1 in
source)
	dir=$2 tree=$3 version=$4
	rm -rf "$dir"
	mkdir -p "$dir/src" "$dir/kernel-glue" "$dir/shim"
	# as in farm.sh: that of a whole kernel tree is not ours
	virtio=drivers/virtio
	[[ ! -e $tree/Kbuild && -e $tree/$virtio ]] || virtio=
	(cd "$tree" && tar cf - drivers/vfio/mdev $virtio include/linux/mdev*.h samples/vfio-mdev) |
		tar -C "$dir/src" -xf -
	cp -r "$glue"/{Makefile,Kbuild,farm.sh,fit.sh,kdir.sh,locked.sh,probes.mk,help.txt,compat} "$dir/kernel-glue"
	cp -r "$glue/../shim/compat" "$dir/shim"
	sed "s/@VERSION@/$version/" "$glue/dkms.conf" >"$dir/dkms.conf"
	echo "made $dir; next: dkms add $dir && dkms install umdev/$version"
	;;
check)
	# from 6.13 on without a directory in front
	diff <(sed -n 's/^BUILT_MODULE_NAME\[[0-9]*\]="\(.*\)"$/\1/p' "$glue/dkms.conf" | sort) \
		<(sed -n 's,^[^/],./&,; /\/tests\/\|\/guest\/\|\/vhost\/\|\/mvnet\./!s/.*\/\(.*\)\.[ko]*$/\1/p' \
			"$2/modules.order" | sort) ||
		{ echo "kernel-glue: dkms.conf ('<') and what is built ('>') differ" >&2; exit 1; }
	;;
esac
