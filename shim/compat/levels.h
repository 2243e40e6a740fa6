/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the releases of Linux, as far as a driver can tell: the
 * one table of it. The shim's headers follow it at the release that a build is
 * configured for (UMDEV_KERNEL), the overlay in compat/include follows it on
 * top of those and of a real kernel's headers, and CMake and kdir.sh read the
 * releases at its top. Nothing else compares a release with a number.
 *
 * A row is 1 in the releases that have the feature, named after what they
 * have, and 0 in all others. A release is the first that Linus released with
 * or without it; that a stable release took a change back into an older series
 * is not looked at.
 *
 * Where a row is from: tests/upstream/rows says how each is seen in a kernel's
 * own headers, and a test holds the table against each tree that ctest --preset
 * upstream has; tests/upstream/levels --table prints between which of them a row
 * changes. The release in between is from the kernel's history: no tree there
 * shows it.
 */
#ifndef COMPAT_LEVELS_H
#define COMPAT_LEVELS_H

#include <linux/version.h>

/* ---- the releases ------------------------------------------------------- */

/*
 * Read as text, too: one per line, KAPI_RELEASE(major, minor). Known are the
 * releases from the first to the last; what is newer may be tried. The
 * framework was rebuilt step by step in the releases from REBUILT_FIRST to
 * REBUILT_LAST, and its sources and VFIO drivers of those are not served.
 */
#define KAPI_RELEASE(a, b)	KERNEL_VERSION(a, b, 0)
#define KAPI_FIRST		KAPI_RELEASE(5, 4)
#define KAPI_LAST		KAPI_RELEASE(7, 3)
#define KAPI_DEFAULT		KAPI_RELEASE(6, 1)
#define KAPI_REBUILT_FIRST	KAPI_RELEASE(5, 13)
#define KAPI_REBUILT_LAST	KAPI_RELEASE(6, 0)
#define KAPI_REBUILT_NEEDS	\
	"VFIO as it was between its two interfaces (vfio_init_group_dev(), pinning by struct device or page frame) and the mdev core's half-way API"

/*
 * The shim's own files are written for the default's declarations, whatever the
 * level: that an argument is const, or a macro wraps a function, is nothing to
 * them. Where a level lays out memory or calls a pointer otherwise, the row is
 * one of KAPI_ABI_, and the shim follows it, too.
 */
#ifdef UMDEV_BUILTIN
#define KAPI_CODE		KAPI_DEFAULT
#else
#define KAPI_CODE		LINUX_VERSION_CODE
#endif
#define KAPI_SINCE(a, b)	(KAPI_RELEASE(a, b) <= KAPI_CODE)
#define KAPI_ABI_SINCE(a, b)	(KAPI_RELEASE(a, b) <= LINUX_VERSION_CODE)
/* the first release that does not have it any more */
#define KAPI_UNTIL(a, b)	(KAPI_RELEASE(a, b) > KAPI_CODE)
#define KAPI_ABI_UNTIL(a, b)	(KAPI_RELEASE(a, b) > LINUX_VERSION_CODE)

/* ---- driver model ------------------------------------------------------- */

/* bus_type.remove returns an int, which nobody reads */
#define KAPI_BUS_REMOVE_INT		KAPI_UNTIL(5, 15)
/* struct bus_type and struct class may be const, and are where they are read */
#define KAPI_BUS_CONST			KAPI_SINCE(6, 4)
#define KAPI_ABI_BUS_CONST		KAPI_ABI_SINCE(6, 4)
/* bus_type.match gets a const struct device_driver * */
#define KAPI_MATCH_CONST		KAPI_SINCE(6, 11)
/* filter, name and uevent of kset_uevent_ops get a const struct kobject * */
#define KAPI_KSET_UEVENT_CONST		KAPI_SINCE(6, 2)
/* filter, name and uevent of kset_uevent_ops get the set before the object */
#define KAPI_ABI_KSET_UEVENT_SET	KAPI_ABI_UNTIL(5, 17)
/* uevent of bus_type and device_type, devnode of the latter: const device */
#define KAPI_UEVENT_CONST		KAPI_SINCE(6, 3)
/* class.dev_uevent and class.devnode: likewise */
#define KAPI_CLASS_UEVENT_CONST		KAPI_SINCE(6, 2)
/* class_create(owner, name), and struct class has an owner */
#define KAPI_CLASS_CREATE_OWNER		KAPI_UNTIL(6, 4)
/* bus_type.need_parent_lock: later device_type's; 6.12 had it and lost it as a stable release */
#define KAPI_BUS_PARENT_LOCK		KAPI_UNTIL(6, 12)
/* devm_device_add_groups(), later devm_device_add_group() alone */
#define KAPI_DEVM_ADD_GROUPS		KAPI_UNTIL(6, 11)
/* add_dev and remove_dev of class_interface get the interface, too */
#define KAPI_CLASS_INTERFACE_SELF	KAPI_UNTIL(6, 4)
/* class_compat_create_link() and _remove_link() with the device linked to */
#define KAPI_ABI_CLASS_COMPAT_DEVICE_LINK KAPI_ABI_UNTIL(6, 14)
/* device_find_child(): data and what match gets of it are const */
#define KAPI_FIND_CHILD_CONST		KAPI_SINCE(6, 14)
/* read, write, mmap of bin_attribute get it const */
#define KAPI_BIN_ATTRIBUTE_CONST	KAPI_SINCE(6, 16)
/* attribute_group.is_bin_visible: likewise */
#define KAPI_IS_BIN_VISIBLE_CONST	KAPI_SINCE(6, 13)

/* platform_driver.remove returns an int, with remove_new beside it; later both are one and void */
#define KAPI_ABI_PLATFORM_REMOVE_INT	KAPI_ABI_UNTIL(6, 11)

/* ---- memory --------------------------------------------------------------- */

/* vm_area_struct.vm_flags is const, and changed by vm_flags_set() and its like */
#define KAPI_VM_FLAGS_SET		KAPI_SINCE(6, 3)
/* mm_struct.mmap_sem, later mmap_lock with mmap_read_lock() and its like */
#define KAPI_MMAP_SEM			KAPI_UNTIL(5, 8)
/* remap_vmalloc_range_partial() with an offset; and exported to modules */
#define KAPI_ABI_REMAP_PARTIAL_OFFSET	KAPI_ABI_SINCE(5, 7)
#define KAPI_ABI_REMAP_PARTIAL_EXPORTED	KAPI_ABI_UNTIL(5, 13)
/* linux/unaligned.h in place of asm/unaligned.h */
#define KAPI_LINUX_UNALIGNED		KAPI_SINCE(6, 12)
/* kmalloc_obj(), _objs() and _flex(), kzalloc_obj() and so on: by type, not size */
#define KAPI_ALLOC_OBJ			KAPI_SINCE(7, 0)
/* strlcpy(); strscpy() is as old as all levels */
#define KAPI_STRLCPY			KAPI_UNTIL(6, 8)

/* ---- headers ------------------------------------------------------------- */

/*
 * hex.h, sprintf.h, string_choices.h and wordpart.h, which are not in 6.1 and
 * are in 6.12; the releases between may have them
 */
#define KAPI_SPLIT_HEADERS		KAPI_SINCE(6, 2)
/* linux/module.h, and so device.h, brings linux/fs.h, by way of asm/elf.h */
#define KAPI_MODULE_BRINGS_FS		KAPI_SINCE(6, 7)

/* ---- modules, files, events, time -------------------------------------------- */

/* MODULE_IMPORT_NS("NS") and EXPORT_SYMBOL_NS(sym, "NS") */
#define KAPI_NAMESPACE_QUOTED		KAPI_SINCE(6, 13)
/* MODULE_SUPPORTED_DEVICE(), which said nothing */
#define KAPI_MODULE_SUPPORTED_DEVICE	KAPI_UNTIL(5, 12)
/* no_llseek, a function at first and NULL from 6.0 on */
#define KAPI_NO_LLSEEK			KAPI_UNTIL(6, 12)
/* debugfs_create_ulong() and _bool() give the file */
#define KAPI_ABI_DEBUGFS_VARIABLE_DENTRY KAPI_ABI_UNTIL(5, 14)
/* sysfs_emit() and sysfs_emit_at() */
#define KAPI_SYSFS_EMIT			KAPI_SINCE(5, 10)
/* complete_and_exit(), do_exit(), module_put_and_exit(); then kthread_exit() and its like */
#define KAPI_COMPLETE_AND_EXIT		KAPI_UNTIL(5, 17)
/* eventfd_signal(ctx, n) */
#define KAPI_ABI_EVENTFD_SIGNAL_N	KAPI_ABI_UNTIL(6, 8)
/* timer_delete() and timer_delete_sync(), at first beside del_timer() */
#define KAPI_TIMER_DELETE		KAPI_SINCE(6, 2)
#define KAPI_DEL_TIMER			KAPI_UNTIL(6, 15)
/* from_timer(), then timer_container_of() */
#define KAPI_FROM_TIMER			KAPI_UNTIL(6, 16)
/* try_to_del_timer_sync(), then timer_delete_sync_try() */
#define KAPI_TRY_TO_DEL_TIMER		KAPI_UNTIL(6, 16)
/* hrtimer_setup() with the function, at first beside hrtimer_init() without */
#define KAPI_HRTIMER_SETUP		KAPI_SINCE(6, 13)
#define KAPI_HRTIMER_INIT		KAPI_UNTIL(6, 15)
/* srcu_read_lock_nmisafe() and srcu_read_unlock_nmisafe() */
#define KAPI_SRCU_NMISAFE		KAPI_SINCE(6, 2)
/* init_llist_node(), llist_on_list(), llist_del_first_init() and _this() */
#define KAPI_LLIST_INIT_NODE		KAPI_SINCE(6, 7)

/* virtio_config_ops.find_vqs gets one array of struct virtqueue_info */
#define KAPI_VIRTQUEUE_INFO		KAPI_SINCE(6, 11)
/* vringh_iov_pull_kern(), _push_kern(), vringh_abandon_kern(): gone in 7.3 at the latest */
#define KAPI_VRINGH_PULL		KAPI_UNTIL(7, 3)

/* ---- PCI ------------------------------------------------------------------------- */

/* PCI_IRQ_INTX, at first beside PCI_IRQ_LEGACY */
#define KAPI_PCI_IRQ_INTX		KAPI_SINCE(6, 8)
#define KAPI_PCI_IRQ_LEGACY		KAPI_UNTIL(6, 12)
/* pcim_iomap_region() and pcim_request_region(), of one BAR */
#define KAPI_PCIM_REGION		KAPI_SINCE(6, 12)

/* ---- DMA ------------------------------------------------------------------------- */

/* linux/dma-map-ops.h, out of linux/dma-mapping.h */
#define KAPI_DMA_MAP_OPS_HEADER		KAPI_SINCE(5, 10)
/* dma_map_ops.map_phys and .unmap_phys in place of .map_page and .unmap_page */
#define KAPI_ABI_DMA_MAP_PHYS		KAPI_ABI_SINCE(6, 19)

/* ---- DMA buffers ---------------------------------------------------------------- */

/* the functions are in the symbol namespace DMA_BUF */
#define KAPI_ABI_DMA_BUF_NAMESPACE	KAPI_ABI_SINCE(5, 16)
/* dma_buf_ops.map and .unmap, and dma_buf_kmap() over them */
#define KAPI_ABI_DMA_BUF_KMAP		KAPI_ABI_UNTIL(5, 6)
/* dma_buf_ops.vmap and dma_buf_vmap() return an address, later fill a map */
#define KAPI_ABI_DMA_BUF_VMAP_ADDRESS	KAPI_ABI_UNTIL(5, 11)
/* that map is a struct dma_buf_map, and later a struct iosys_map */
#define KAPI_DMA_BUF_MAP		(KAPI_SINCE(5, 11) && KAPI_UNTIL(5, 18))
/* dma_buf_map_attachment() is for who holds the lock, and has an _unlocked one beside it */
#define KAPI_DMA_BUF_LOCKED		KAPI_SINCE(6, 2)

/* ---- VFIO -------------------------------------------------------------------------- */

/* vfio_check_precopy_ioctl(); which release of 7 was the first is not known */
#define KAPI_VFIO_CHECK_PRECOPY		KAPI_SINCE(7, 0)
/* VFIO's ops of 5.4: vfio_add_group_dev(), open and release, pages by number */
#define KAPI_VFIO_GROUP_DEV		KAPI_UNTIL(5, 13)
/* on the way to the ops of 6.1, which were complete in that release */
#define KAPI_VFIO_REBUILT		(!KAPI_VFIO_GROUP_DEV && KAPI_UNTIL(6, 1))
/* vfio_device_ops.release is mandatory, and calls vfio_free_device() */
#define KAPI_VFIO_FREE_DEVICE		KAPI_UNTIL(6, 2)
#define KAPI_ABI_VFIO_FREE_DEVICE	KAPI_ABI_UNTIL(6, 2)
/* vfio_device_ops: bind_iommufd, unbind_iommufd and attach_ioas */
#define KAPI_ABI_VFIO_IOMMUFD		KAPI_ABI_SINCE(6, 2)
/* detach_ioas */
#define KAPI_ABI_VFIO_DETACH_IOAS	KAPI_ABI_SINCE(6, 6)
/* pasid_attach_ioas and pasid_detach_ioas */
#define KAPI_ABI_VFIO_PASID		KAPI_ABI_SINCE(6, 15)
/* match_token_uuid */
#define KAPI_ABI_VFIO_TOKEN		KAPI_ABI_SINCE(6, 17)
/*
 * get_region_info_caps: VFIO_DEVICE_GET_REGION_INFO is VFIO's to copy, and does
 * not reach ioctl any more
 */
#define KAPI_ABI_VFIO_REGION_INFO	KAPI_ABI_SINCE(6, 19)

/* ---- behaviour ----------------------------------------------------------------------- */

/*
 * What later releases do otherwise, while the shim does as 6.1 at every level.
 * A contract test that sees such a difference is right on both: it looks at
 * what the kernel that it runs on has, or leaves the point out there.
 *
 * 5.15	remove() of a bus has no result that could be lost
 * 6.0	a file without llseek cannot be positioned; before, it could
 * 6.4	a bus or class that is not registered is found to be so by its address,
 *	and calls on it fail with -EINVAL; 6.1 looks into it
 * 6.8	eventfd_signal() adds 1, whatever a driver would have added
 * 6.19	VFIO_DEVICE_GET_REGION_INFO: the user's structure is read before the
 *	driver is asked: -EFAULT comes before the driver's own error
 */

#endif
