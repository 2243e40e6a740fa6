# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# The package umdev-dkms is refused while the kernel's own mdev is in use.
. /lib/lib.sh

intree=$(find "/lib/modules/$(uname -r)/kernel" -name mdev.ko)
[ -n "$intree" ] || skip_all "this kernel has no mdev module of its own"

try "with nothing loaded it may be installed" sh /lib/preinst install
insmod "$intree"
refused "beside the kernel's own" sh /lib/preinst install
like "and says what to do" 'modprobe -r mdev' sh /lib/preinst install
# another module of the kernel that needs it, where there is one
user=$(find "/lib/modules/$(uname -r)/kernel" -name 'mtty.ko' -o -name 'mdpy.ko')
if [ -n "$user" ]; then
	modprobe vfio
	insmod "$user"
	like "it names who uses that" 'used by: mtty' sh /lib/preinst install
	rmmod mtty
fi
rmmod mdev
modprobe mdev
try "an upgrade is none of that" sh /lib/preinst upgrade 0.0.1
try "modules unload" unload_ours
finish
