# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091,SC2034
# An mdev is opened by the device's own file, where the kernel's VFIO has such files.
. /lib/lib.sh

u=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
modprobe iommufd 2>/dev/null || [ -e /dev/iommu ] || skip_all "this kernel has no iommufd"
modprobe mtty && modprobe vfio_mdev
echo $u >/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create || exit 1
vfio_cdev $u >/tmp/vfio_cdev
status=$?
if [ $status = 77 ]; then
	echo 1 >/sys/bus/mdev/devices/$u/remove
	unload_ours
	skip_all "VFIO of this kernel has no files of devices (CONFIG_VFIO_DEVICE_CDEV)"
fi
sed '/^1[.][.]/d' /tmp/vfio_cdev
n=$(grep -c '^\(not \)\?ok ' /tmp/vfio_cdev)
failed=$status

# it goes when its user has closed it
mkfifo /tmp/vfio_cdev_says
vfio_cdev $u hold >/tmp/vfio_cdev_says &
user=$!
read -r says </tmp/vfio_cdev_says
[ "$says" = open ]
ok $? "somebody has it open"
echo 1 >/sys/bus/mdev/devices/$u/remove &
remover=$!
kill $user
wait $remover
ok $? "removal in use ends when that one is killed"
[ ! -e /sys/bus/mdev/devices/$u ]
ok $? "and the device is gone"
try "modules unload" unload_ours
rm -f /tmp/vfio_cdev /tmp/vfio_cdev_says
finish
