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

#define KAPI_SINCE(a, b)	(LINUX_VERSION_CODE >= KAPI_RELEASE(a, b))
/* the first release that does not have it any more */
#define KAPI_UNTIL(a, b)	(LINUX_VERSION_CODE < KAPI_RELEASE(a, b))

/* ---- declarations ---------------------------------------------------------- */

/* bus_type.remove returns an int, which nobody reads */
#define KAPI_BUS_REMOVE_INT		KAPI_UNTIL(5, 15)
/* bus_type.match gets a const struct device_driver * */
#define KAPI_BUS_MATCH_CONST		KAPI_SINCE(6, 11)
/* bus_type, class and device_type: uevent gets a const struct device * */
#define KAPI_UEVENT_CONST		KAPI_SINCE(6, 3)
/* class_create(owner, name), and struct class has an owner */
#define KAPI_CLASS_CREATE_OWNER		KAPI_UNTIL(6, 4)
/* class_compat_create_link() and _remove_link() with the device linked to */
#define KAPI_CLASS_COMPAT_DEVICE_LINK	KAPI_UNTIL(6, 14)
/* eventfd_signal(ctx, n) */
#define KAPI_EVENTFD_SIGNAL_N		KAPI_UNTIL(6, 8)
/* vm_flags is const, and changed by vm_flags_set() and its like */
#define KAPI_VM_FLAGS_SET		KAPI_SINCE(6, 3)
/* linux/unaligned.h in place of asm/unaligned.h */
#define KAPI_LINUX_UNALIGNED		KAPI_SINCE(6, 12)
/* kmalloc_obj(), _objs() and _flex(), kzalloc_obj() and so on: by type, not size */
#define KAPI_ALLOC_OBJ			KAPI_SINCE(7, 0)
/* vfio_check_precopy_ioctl(); which release of 7 was the first is not known */
#define KAPI_VFIO_CHECK_PRECOPY		KAPI_SINCE(7, 0)
/* VFIO's ops of 5.4: vfio_add_group_dev(), open and release, pages by number */
#define KAPI_VFIO_GROUP_DEV		KAPI_UNTIL(5, 13)

#endif
