# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# A program that knows nothing of this project uses an mtty through VFIO.
. /lib/lib.sh

u=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
modprobe mtty && modprobe vfio_mdev
echo $u >/sys/class/mdev_bus/mtty/mdev_supported_types/mtty-2/create || exit 1
vfio_user $u
failed=$?
echo 1 >/sys/bus/mdev/devices/$u/remove || failed=1
unload_ours || failed=1
exit $failed
