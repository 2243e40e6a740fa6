# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# limit: 240
# On a kernel that releases objects seconds after their last reference was put: a
# UUID stays taken until then, and nothing that is released then is of a module
# that has gone, or of memory that was freed.
. /lib/lib.sh

case $(uname -r) in
*-release) ;;
*) skip_all "this kernel releases objects at once (kernel-glue/debug has one that does not)" ;;
esac

u=83b8f4f2-509f-382f-3c1e-e6bfe0fa100
devices=/sys/bus/mdev/devices

# put FILE TEXT
put() {
	echo "$2" 2>/dev/null >"$1"
}

# freed TYPE: until the UUID can be taken again
freed() {
	while ! put "$1/create" ${u}1; do
		usleep 100000
	done 2>/dev/null
}

# The supported types of each sample's parent, one of each
for sample in mtty/mdev_supported_types/mtty-1 mdpy/mdev_supported_types/mdpy-vga \
		mbochs/mdev_supported_types/mbochs-small mvnet/mdev_supported_types/mvnet-virtio; do
	module=${sample%%/*}
	type=/sys/class/mdev_bus/$sample
	modprobe vfio_mdev && modprobe virtio_mdev
	modprobe "$module" 2>/dev/null || {
		skip "$module: its devices" "this kernel is without it"
		continue
	}
	try "$module: a device is made" put "$type/create" ${u}1
	try "$module: another" put "$type/create" ${u}2
	try "$module: one is removed" put $devices/${u}1/remove 1
	# the earliest release is a second away
	refused "$module: a device of its UUID before it is released" put "$type/create" ${u}1
	try "$module: its UUID is free again" freed "$type"
	try "$module: it is removed once more" put $devices/${u}1/remove 1
	try "$module: so is the other" put $devices/${u}2/remove 1
	try "$module: modules unload" unload_ours
done
# the longest that a release may come late
sleep 6
finish
