#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# UMDEV_KERNEL: builds configured for other releases than the default still
# compile, without a warning. Only those files are compiled that see the table
# of differences (shim/compat/levels.h); what is left is the same for all. And
# the differences are there: each probe is a construct that compiles at the
# releases that have it and at no other. TAP.
#
# Skipped (77) where the build is not one by Ninja, which knows what is part of
# what.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
build=${UMDEV_BINARY_DIR:?}
log=$(mktemp)
work=$(mktemp -d)
trap 'rm -rf "$work" "$log"' EXIT
told=("$log")

if ! ninja -C "$build" -t deps >"$work/deps" 2>/dev/null || [ ! -s "$work/deps" ]; then
	echo "1..0 # SKIP not a build by Ninja"
	exit 77
fi

# configure KERNEL: a build directory of its own
configure() {
	# what sanitizers add is none of a kernel's
	cmake -S "$top" -B "$work/$1" -G Ninja "-DUMDEV_KERNEL=$1" -DCMAKE_BUILD_TYPE=Debug \
		>"$log" 2>&1
}

# commands KERNEL FILE...: how that build compiles those of the files that it compiles
commands() {
	python3 - "$work/$1/compile_commands.json" "${@:2}" <<-'SCRIPT'
	import json
	import sys
	wanted = set(sys.argv[2:])
	seen = set()
	for entry in json.load(open(sys.argv[1], encoding="utf-8")):
	    if entry["file"] in wanted - seen and "-D__KERNEL__" in entry["command"]:
	        seen.add(entry["file"])
	        print(entry["command"].split(" -o ")[0], "-fsyntax-only -c", entry["file"])
	SCRIPT
}

# What the table is part of, as the build that is tested knows it.
mapfile -t users < <(awk -v table="$top/shim/compat/levels.h" '
	/^[^ ]/ { source = "" }
	/^ / { if (source == "") source = $1; if ($1 == table) print source }' "$work/deps" | sort -u)

# generate KERNEL: the header that each build makes of its own before it compiles
generate() {
	local header
	header=$(ninja -C "$work/$1" -t targets all | sed -n 's/^\(.*um_build\.h\): CUSTOM_COMMAND$/\1/p' | head -n 1)
	ninja -C "$work/$1" "$header" >"$log" 2>&1
}

# kernel KERNEL: everything that sees the table compiles
kernel() {
	configure "$1" && generate "$1"
	report "$1: configured" $?
	commands "$1" "${users[@]}" >"$work/commands.$1"
	echo "# $(wc -l <"$work/commands.$1") files"
	[ "$(wc -l <"$work/commands.$1")" -gt 20 ]
	report "$1: what sees the table is found" $?
	(cd "$work/$1" && xargs -d '\n' -P "$(nproc)" -n 1 sh -c <"$work/commands.$1") >"$log" 2>&1
	report "$1: all of it compiles" $?
}

# compile KERNEL: $work/probe.c as a guest's source, without the overlay that smooths levels
compile() {
	local command
	command=$(grep -v -m 1 -e -DKAPI_AS -e -DUMDEV_BUILTIN "$work/commands.$1" | sed 's/ -fsyntax-only .*//')
	(cd "$work/$1" && sh -c "$command -fsyntax-only -c $work/probe.c") >"$log" 2>&1
}

# probe NAME YES NO: standard input compiles at each release of YES and at none of NO
probe() {
	local kernel
	cat >"$work/probe.c"
	for kernel in $2; do
		compile "$kernel"
		report "$1 at $kernel" $?
	done
	for kernel in $3; do
		! compile "$kernel" && ! grep -q 'No such file' "$log"
		report "no $1 at $kernel" $?
	done
}

for release in 5.4 6.1 7.3; do
	kernel "$release"
done
# of these the declarations only: all else is as at a release before or behind
for release in 5.10 6.12; do
	configure "$release"
	report "$release: configured" $?
	commands "$release" "${users[@]}" >"$work/commands.$release"
done

probe "bus_type.remove() that returns an int" "5.4 5.10" "6.1 6.12 7.3" <<-'SOURCE'
	#include <linux/device.h>
	static int old_remove(struct device *dev) { return 0; }
	struct bus_type bus = { .name = "old", .remove = old_remove };
SOURCE
probe "bus_type.remove() that returns nothing" "6.1 6.12 7.3" "5.4 5.10" <<-'SOURCE'
	#include <linux/device.h>
	static void new_remove(struct device *dev) { }
	struct bus_type bus = { .name = "new", .remove = new_remove };
SOURCE
probe "match() of a const driver" "6.12 7.3" "5.4 5.10 6.1" <<-'SOURCE'
	#include <linux/device.h>
	static int match(struct device *dev, const struct device_driver *drv) { return 1; }
	struct bus_type bus = { .name = "new", .match = match };
SOURCE
probe "uevent() of a bus's const device" "6.12 7.3" "5.4 5.10 6.1" <<-'SOURCE'
	#include <linux/device.h>
	static int event(const struct device *dev, struct kobj_uevent_env *env) { return 0; }
	struct bus_type bus = { .name = "new", .uevent = event };
SOURCE
probe "uevent() of a kset's const object" "6.12 7.3" "5.4 5.10 6.1" <<-'SOURCE'
	#include <linux/kobject.h>
	static int event(const struct kobject *kobj, struct kobj_uevent_env *env) { return 0; }
	const struct kset_uevent_ops ops = { .uevent = event };
SOURCE
probe "class_create() with an owner" "5.4 5.10 6.1" "6.12 7.3" <<-'SOURCE'
	#include <linux/device.h>
	struct class *make(void) { return class_create(THIS_MODULE, "old"); }
SOURCE
probe "class_compat_create_link() with two arguments" "7.3" "5.4 5.10 6.1 6.12" <<-'SOURCE'
	#include <linux/device.h>
	int link(struct class_compat *c, struct device *d) { return class_compat_create_link(c, d); }
SOURCE
probe "a const bin_attribute that is read" "7.3" "5.4 5.10 6.1 6.12" <<-'SOURCE'
	#include <linux/sysfs.h>
	static ssize_t rd(struct file *f, struct kobject *k, const struct bin_attribute *a,
			  char *buf, loff_t at, size_t n) { return 0; }
	struct bin_attribute attr = { .read = rd };
SOURCE
probe "eventfd_signal() of one argument" "6.12 7.3" "5.4 5.10 6.1" <<-'SOURCE'
	#include <linux/eventfd.h>
	void signal(struct eventfd_ctx *ctx) { eventfd_signal(ctx); }
SOURCE
probe "debugfs_create_ulong() that gives the file" "5.4 5.10" "6.1 6.12 7.3" <<-'SOURCE'
	#include <linux/debugfs.h>
	struct dentry *make(unsigned long *v) { return debugfs_create_ulong("v", 0444, NULL, v); }
SOURCE
probe "remap_vmalloc_range_partial() with an offset" "5.10 6.1 6.12 7.3" "5.4" <<-'SOURCE'
	#include <linux/vmalloc.h>
	int map(struct vm_area_struct *v, void *p) { return remap_vmalloc_range_partial(v, 0, p, 0, 1); }
SOURCE
probe "vm_flags that can be assigned" "5.4 5.10 6.1" "6.12 7.3" <<-'SOURCE'
	#include <linux/mm.h>
	void set(struct vm_area_struct *v) { v->vm_flags |= VM_IO; }
SOURCE
probe "linux/unaligned.h" "6.12 7.3" "" <<-'SOURCE'
	#include <linux/unaligned.h>
	u32 get(const void *p) { return get_unaligned_le32(p); }
SOURCE
probe "from_timer()" "5.4 5.10 6.1 6.12" "7.3" <<-'SOURCE'
	#include <linux/timer.h>
	struct mine { struct timer_list timer; };
	struct mine *get(struct timer_list *t) { struct mine *m = from_timer(m, t, timer); return m; }
SOURCE
probe "hrtimer_setup()" "7.3" "5.4 5.10 6.1 6.12" <<-'SOURCE'
	#include <linux/hrtimer.h>
	static enum hrtimer_restart f(struct hrtimer *t) { return HRTIMER_NORESTART; }
	void set(struct hrtimer *t) { hrtimer_setup(t, f, CLOCK_MONOTONIC, HRTIMER_MODE_REL); }
SOURCE
probe "dma_buf_ops.map" "5.4" "5.10 6.1 6.12 7.3" <<-'SOURCE'
	#include <linux/dma-buf.h>
	static void *map(struct dma_buf *buf, unsigned long page) { return NULL; }
	const struct dma_buf_ops ops = { .map = map };
SOURCE
probe "dma_buf_vmap() that fills a map" "6.1 6.12 7.3" "5.4 5.10" <<-'SOURCE'
	#include <linux/dma-buf.h>
	int map(struct dma_buf *buf, struct iosys_map *m) { return dma_buf_vmap(buf, m); }
SOURCE
probe "VFIO's ops of 5.4" "5.4 5.10" "6.1 6.12 7.3" <<-'SOURCE'
	#include <linux/vfio.h>
	static int open(void *data) { return 0; }
	static const struct vfio_device_ops ops = { .open = open };
	int add(struct device *dev) { return vfio_add_group_dev(dev, &ops, NULL); }
SOURCE
probe "VFIO's ops of 6.1" "6.1 6.12 7.3" "5.4 5.10" <<-'SOURCE'
	#include <linux/vfio.h>
	struct mine { struct vfio_device vdev; };
	static int open(struct vfio_device *vdev) { return 0; }
	static const struct vfio_device_ops ops = { .open_device = open };
	struct mine *make(struct device *dev) { return vfio_alloc_device(mine, vdev, dev, &ops); }
SOURCE
probe "iommufd in VFIO's ops" "6.12 7.3" "5.4 5.10 6.1" <<-'SOURCE'
	#include <linux/vfio.h>
	const struct vfio_device_ops ops = {
		.bind_iommufd = vfio_iommufd_emulated_bind,
		.detach_ioas = vfio_iommufd_emulated_detach_ioas,
	};
SOURCE

echo "1..$count"
exit "$failed"
