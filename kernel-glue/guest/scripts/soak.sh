# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# 500 mdevs come and go, all modules are loaded and unloaded; the kernel log
# says nothing, and its memory does not grow.
. /lib/lib.sh

u=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
remove=/sys/bus/mdev/devices/$u/remove

modprobe mtty && modprobe vfio_mdev
ok $? "modules load"
type=/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1

cycle() {
	i=0
	while [ "$i" -lt "$1" ]; do
		echo "$u" >"$type/create" || return 1
		echo 1 >"$remove" || return 1
		i=$((i + 1))
	done
}

slabs() {
	awk '/^SUnreclaim/ { print $2 }' /proc/meminfo
}

try "100 create and remove cycles" cycle 100
before=$(slabs)
try "500 create and remove cycles" cycle 500
grown=$(($(slabs) - before))
[ "$grown" -lt 1024 ]
ok $? "slabs grew by $grown kB"
[ -z "$(ls /sys/bus/mdev/devices)" ]
ok $? "no mdev is left"
[ "$(cat $type/available_instances)" = 24 ]
ok $? "no port is lost"
try "modules unload" unload_ours

reload() {
	i=0
	while [ $i -lt 5 ]; do
		modprobe mtty || return 1
		modprobe vfio_mdev || return 1
		unload_ours || return 1
		i=$((i + 1))
	done
}
try "5 loads and unloads of all modules" reload
finish
