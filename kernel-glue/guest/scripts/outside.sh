# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# A vendor driver that was built elsewhere, from installed headers and symbols.
. /lib/lib.sh

u=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
try "it loads with what it depends on" modprobe outside_vendor
try "vfio_mdev loads" modprobe vfio_mdev
put() {
	echo "$2" >"$1"
}

try "a device is created" \
	put /sys/class/mdev_bus/outside0/mdev_supported_types/outside-greeting/create $u
like "a read through VFIO reaches the driver" '^hello from outside$' vfio_read $u
try "it is removed" put /sys/bus/mdev/devices/$u/remove 1
try "modules unload" unload_ours
finish
