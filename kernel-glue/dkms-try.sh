#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# DKMS in truth, in a tree of Debian's own (kernels.sh get 7.3), as root: what
# `make dkms-source` made is added, built and installed for each kernel whose
# headers are there, Debian's own besides the tree's, and removed; then the same by
# the package of `make deb`. TAP.
#
#   dkms-try.sh TREE SOURCE PACKAGE     SOURCE is .../umdev-VERSION
#
# Status 77, and why, where there is no such tree.
set -uo pipefail

tree=$1 source=$2 package=$3
module=$(basename "$source")
version=${module#umdev-}
count=0
failed=0

skip() { echo "dkms-try.sh: $1" >&2; exit 77; }

# tried NAME COMMAND...
tried() {
	local name=$1
	shift
	count=$((count + 1))
	if "$@" >"$tree/tmp/log" 2>&1; then
		echo "ok $count - $name"
		return
	fi
	echo "not ok $count - $name"
	tail -n 30 "$tree/tmp/log" | sed 's/^/# /'
	failed=1
}

inside() {
	# shellcheck disable=SC2016
	unshare -m sh -ec 'mount -t proc proc "$1/proc"; tree=$1; shift; exec chroot "$tree" "$@"' \
		sh "$tree" env DEBIAN_FRONTEND=noninteractive "$@"
}

# modules KERNEL: as modinfo finds them there
modules() {
	find "$tree/lib/modules/$1/updates/dkms" -name '*.ko*' -printf '%f\n' 2>/dev/null |
		sed 's/\.ko.*//' | sort
}

# named: those of dkms.conf
named() {
	sed -n 's/^BUILT_MODULE_NAME\[[0-9]*\]="\(.*\)"$/\1/p' "$source/dkms.conf" | sort
}

are_installed() { diff <(named) <(modules "$1"); }
are_gone() { [[ -z $(modules "$1") ]]; }
# depmod prefers updates/ to the kernel's own
are_preferred() { grep -q '^updates/dkms/mdev\.ko' "$tree/lib/modules/$1/modules.dep"; }
own_is_found() { grep -q '^kernel/.*/mdev\.ko' "$tree/lib/modules/$1/modules.dep"; }

[[ -x $tree/usr/bin/apt-get ]] || skip "$tree is no tree of Debian's: kernel-glue/kernels.sh get 7.3"
[[ $(id -u) == 0 ]] || skip "a tree is root's"

tried "dkms and Debian's own headers are installed" \
	inside apt-get -q -y --no-install-recommends install dkms kmod linux-headers-amd64
# what a run that was ended has left
inside dkms remove -m umdev -v "$version" --all >/dev/null 2>&1
rm -rf "$tree/usr/src/$module" "$tree"/lib/modules/*/updates/dkms
cp -r "$source" "$tree/usr/src/$module"
kernels=$(cd "$tree/lib/modules" && find . -maxdepth 2 -name build | cut -d/ -f2 | sort -V)

tried "dkms add" inside dkms add -m umdev -v "$version"
for kernel in $kernels; do
	tried "dkms build for $kernel" inside dkms build -m umdev -v "$version" -k "$kernel"
	tried "dkms install for $kernel" inside dkms install -m umdev -v "$version" -k "$kernel"
	tried "all modules of dkms.conf are installed for $kernel" are_installed "$kernel"
	tried "and depmod prefers them" are_preferred "$kernel"
done
tried "dkms remove" inside dkms remove -m umdev -v "$version" --all
for kernel in $kernels; do
	tried "nothing is left for $kernel" are_gone "$kernel"
done
rm -rf "$tree/usr/src/$module"

# DKMS builds for the kernel that runs and the newest, unless told otherwise
mkdir -p "$tree/etc/dkms/framework.conf.d"
echo 'autoinstall_all_kernels="y"' >"$tree/etc/dkms/framework.conf.d/umdev-try.conf"
cp "$package" "$tree/tmp/umdev-dkms.deb"
tried "the package is installed" \
	inside apt-get -q -y --no-install-recommends install /tmp/umdev-dkms.deb
for kernel in $kernels; do
	tried "and has built all modules for $kernel" are_installed "$kernel"
	tried "which depmod prefers" are_preferred "$kernel"
done
tried "the package is removed" inside apt-get -q -y purge umdev-dkms
for kernel in $kernels; do
	tried "with its modules for $kernel" are_gone "$kernel"
	[[ ! -d $tree/lib/modules/$kernel/kernel ]] ||
		tried "and the kernel's own is found again" own_is_found "$kernel"
done
tried "nothing of it is left" inside sh -c '! ls -d /usr/src/umdev-* /var/lib/dkms/umdev 2>/dev/null'
rm -f "$tree/etc/dkms/framework.conf.d/umdev-try.conf" "$tree/tmp/umdev-dkms.deb"
echo "1..$count"
exit $failed
