# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# The kernel's own mdev module: ours takes its place, but not while it is loaded.
. /lib/lib.sh

release=$(uname -r)
updates=/lib/modules/$release/updates
intree=$(find "/lib/modules/$release/kernel" -name mdev.ko)
[ -n "$intree" ] || skip_all "this kernel has no mdev module of its own"

like "depmod prefers ours" "^updates/mdev.ko:" cat "/lib/modules/$release/modules.dep"
try "the kernel's own loads by its path" insmod "$intree"
refused "ours while it is loaded" insmod "$updates/mdev.ko"
try "the kernel's own goes" rmmod mdev
try "modprobe takes ours" modprobe mdev
[ -d /sys/class/mdev_bus ]
ok $? "and the compatibility class is there"
refused "the kernel's own while ours is loaded" insmod "$intree"
try "modules unload" unload_ours
finish
