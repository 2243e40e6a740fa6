# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# The package umdev-dkms: it is refused while the kernel's own mdev is in use, warns
# of kvmgt, and when it is removed the kernel's own is found again. In the place of
# DKMS stands what that does to the modules.
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
else
	skip "it names who uses that" "no module of this kernel needs its mdev"
fi
rmmod mdev
modprobe mdev
try "an upgrade is none of that" sh /lib/preinst upgrade 0.0.1
try "modules unload" unload_ours

modules=/lib/modules/$(uname -r)
gvt=$modules/kernel/drivers/gpu/drm/i915
mkdir -p "$gvt" /tmp/package
[ -z "$(sh /lib/postinst configure 2>&1 | grep kvmgt)" ]
ok $? "where there is no kvmgt it says nothing of it"
: >"$gvt/kvmgt.ko"
like "it warns of kvmgt" 'kvmgt needs the kernel.s own mdev' sh /lib/postinst configure
rm "$gvt/kvmgt.ko"

cat >/tmp/package/dkms <<-EOF
	#!/bin/sh
	case \$1 in
	status) echo "umdev: installed" ;;
	remove) mv $modules/updates /tmp/package && depmod ;;
	esac
EOF
chmod +x /tmp/package/dkms
cp "$modules"/modules.* /tmp/package
# owner: of the mdev that modprobe loads
owner() {
	modprobe mdev || return
	grep -q O /sys/module/mdev/taint && echo ours || echo "the kernel's"
	rmmod mdev
}
like "while it is installed, modprobe finds this mdev" ours owner
PATH=/tmp/package:$PATH
export PATH
try "it is removed" sh /lib/prerm remove
like "and modprobe finds the kernel's own again" "the kernel's" owner
# the programs that come after need them
mv /tmp/package/updates "$modules"
cp /tmp/package/modules.* "$modules"
like "what is installed again is found again" ours owner
finish
