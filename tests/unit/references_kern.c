// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of references.c: references lost, and given back too often. */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/vfio.h>

#include "check/op.h"
#include "compat/levels.h"
#include "umdev/umdev.h"
#include "fs/kernfs/kernfs-internal.h"
#include "fs/sysfs/sysfs.h"
#include "references.h"

static struct kobject *kept[3];

static noinline void k_hold(struct kobject *kobj)
{
	kobject_get(kobj);
}

noinline int k_leak_three(void)
{
	char name[8];
	int i;

	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "kept%d", i);
		kept[i] = kobject_create_and_add(name, NULL);
		if (!kept[i])
			return -ENOMEM;
		k_hold(kept[i]);
	}
	return 0;
}

noinline void k_give_back_three(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		kobject_put(kept[i]);
		kobject_put(kept[i]);
	}
}

/* An object with holders of several manners, as a driver's has them. */
static struct kobject *keep;

noinline int k_keep_new(void)
{
	keep = kobject_create_and_add("keep", NULL);
	return keep ? 0 : -ENOMEM;
}

noinline void k_keep_use(bool forget)
{
	kobject_get(keep);
	if (!forget)
		kobject_put(keep);
}

static noinline void k_keep_hold(void)
{
	kobject_get(keep);
}

static noinline void k_keep_drop(void)
{
	kobject_put(keep);
}

noinline void k_keep_helped(void)
{
	k_keep_hold();
	k_keep_drop();
}

noinline void k_keep_end(void)
{
	kobject_del(keep);
	kobject_put(keep);
}

noinline void k_keep_del(void)
{
	kobject_del(keep);
}

noinline void k_keep_put(void)
{
	kobject_put(keep);
}

/* Something that holds the object, and is freed without putting it. */
static void *made_for;

noinline void k_keep_for(void)
{
	made_for = kmalloc(24, GFP_KERNEL);
	kobject_get(keep);
}

noinline void k_end_for(void)
{
	kfree(made_for);
}

/* Several: an address of one may still stand on the stack. */
noinline void k_lose_memory(void)
{
	int i;

	for (i = 0; i < 8; i++)
		made_for = kmalloc(24, GFP_KERNEL);
	made_for = NULL;
}

/* What lives by a count, and is released without being freed: as above. */
struct counted {
	struct kref ref;
};
static struct counted *counted;

static void counted_release(struct kref *ref)
{
}

noinline void k_lose_counted(void)
{
	int i;

	for (i = 0; i < 8; i++) {
		counted = kmalloc(sizeof(*counted), GFP_KERNEL);
		kref_init(&counted->ref);
		kref_put(&counted->ref, counted_release);
	}
	counted = NULL;
}

static noinline struct counted *counted_new(void)
{
	struct counted *c = kmalloc(sizeof(*c), GFP_KERNEL);

	kref_init(&c->ref);
	return c;
}

noinline void k_lose_counted_by_hand(void)
{
	int i;

	for (i = 0; i < 8; i++) {
		counted = counted_new();
		if (!refcount_dec_and_test(&counted->ref.refcount))
			kfree(counted);
	}
	counted = NULL;
}

/* Two objects that a helper takes; what undoes it forgets one of them. */
static struct kobject *one, *other;

noinline int k_pair_new(void)
{
	one = kobject_create_and_add("one", NULL);
	other = kobject_create_and_add("other", NULL);
	return one && other ? 0 : -ENOMEM;
}

static noinline void both_get(void)
{
	kobject_get(one);
	kobject_get(other);
}

static noinline void both_let_go(bool forget)
{
	kobject_put(one);
	if (!forget)
		kobject_put(other);
}

noinline void k_pair_use(bool forget)
{
	both_get();
	both_let_go(forget);
}

noinline void k_pair_free(void)
{
	kobject_del(one);
	kobject_put(one);
	kobject_del(other);
	kobject_put(other);
}

noinline void k_pair_put(void)
{
	kobject_put(other);
}

static bool released;
static DECLARE_COMPLETION(released_now);

static void plain_release(struct kobject *kobj)
{
	released = true;
	complete(&released_now);
}

static const struct kobj_type plain_ktype = { .release = plain_release };
static struct kobject plain;

static noinline struct kobject *plain_new(const char *name)
{
	memset(&plain, 0, sizeof(plain));
	released = false;
	reinit_completion(&released_now);
	kobject_init(&plain, &plain_ktype);
	return kobject_set_name(&plain, "%s", name) ? NULL : &plain;
}

noinline void k_put_twice(void)
{
	struct kobject *kobj = plain_new("twice");

	k_hold(kobj);
	kobject_put(kobj);
	kobject_put(kobj);
	kobject_put(kobj);
}

static noinline void plain_mistake(struct kobject *kobj)
{
	kobject_put(kobj);
	/* or an optimizer makes one function of both */
	barrier();
}

static noinline void plain_end(struct kobject *kobj)
{
	kobject_put(kobj);
}

noinline void k_put_by_mistake(void)
{
	struct kobject *kobj = plain_new("mistaken");

	plain_mistake(kobj);
	plain_end(kobj);
}

noinline void k_get_after_free(void)
{
	struct kobject *kobj = plain_new("gone");

	kobject_put(kobj);
	k_hold(kobj);
}

/*
 * A kobject ends in memory that is freed, and a kset that is in no registry
 * begins where it was, once the quarantine has let it go. False: it never did.
 */
noinline bool k_reuse_memory(void)
{
	struct kset *kset = kzalloc(sizeof(*kset), GFP_KERNEL), *again = NULL;
	unsigned long where = ~(unsigned long)kset;	/* not a pointer that keeps it */
	int i;

	reinit_completion(&released_now);
	kobject_init(&kset->kobj, &plain_ktype);
	kobject_put(&kset->kobj);
	wait_for_completion(&released_now);
	kfree(kset);
	for (i = 0; i < 1 << 14; i++) {
		again = kzalloc(sizeof(*again), GFP_KERNEL);
		if ((unsigned long)again == ~where)
			break;
		kfree(again);
		again = NULL;
	}
	if (!again)
		return false;
	kset_init(again);
	kset_put(kset_get(again));
	kfree(again);
	return true;
}

noinline void k_put_twice_in_heap(void)
{
	struct kobject *kobj = kobject_create_and_add("heap", NULL);

	kobject_put(kobj);
	kobject_put(kobj);
}

/* ---- devices ----------------------------------------------------------- */

static void nothing_release(struct device *dev)
{
}

/* Its memory stays, so that what comes after its end can be looked at. */
static struct device device;

static noinline int device_new(void)
{
	memset(&device, 0, sizeof(device));
	device.release = nothing_release;
	device.init_name = "kept-device";
	return device_register(&device);
}

noinline int k_leak_device(void)
{
	int err = device_new();

	if (!err)
		get_device(&device);
	return err;
}

noinline void k_give_back_device(void)
{
	put_device(&device);
	device_unregister(&device);
}

noinline void k_put_device_twice(void)
{
	if (device_new())
		return;
	device_unregister(&device);
	put_device(&device);
}

/* ---- modules ----------------------------------------------------------- */

noinline int k_hold_module(const char *name)
{
	struct module *mod = find_module(name);

	return mod && try_module_get(mod) ? 0 : -ENOENT;
}

void k_put_module(const char *name)
{
	module_put(find_module(name));
}

/* What the module leaky left in /sys. */
noinline void k_give_back_leaky(void)
{
	struct kernfs_node *kn = kernfs_find_and_get(sysfs_root_kn, "leaky");
	struct kobject *kobj = kn->priv;

	kernfs_put(kn);
	kobject_put(kobj);
}

/* ---- IOMMU groups ------------------------------------------------------ */

static struct iommu_group *group;

noinline int k_leak_group(void)
{
	group = iommu_group_alloc();
	if (IS_ERR(group))
		return PTR_ERR(group);
	iommu_group_ref_get(group);
	return 0;
}

noinline void k_give_back_group(void)
{
	iommu_group_put(group);
	iommu_group_put(group);
}

noinline void k_put_group_twice(void)
{
	if (k_leak_group())
		return;
	k_give_back_group();
	iommu_group_put(group);
}

/* ---- VFIO devices ------------------------------------------------------ */

/*
 * What is put twice must not be memory that was freed, or that is what is told:
 * a device without VFIO's allocation, whose memory since 6.2 only VFIO frees.
 */
static void vdev_release(struct vfio_device *vdev)
{
}

bool k_vfio_device_may_be_static(void)
{
	return KAPI_ABI_VFIO_FREE_DEVICE;
}

static const struct vfio_device_ops vdev_ops = {
	.name = "kept", .release = vdev_release,
};

static struct vfio_device vdev;

static noinline int vdev_new(void)
{
	int err = device_new();

	if (err)
		return err;
	memset(&vdev, 0, sizeof(vdev));
	err = vfio_init_device(&vdev, &device, &vdev_ops);
	if (err)
		device_unregister(&device);
	return err;
}

noinline int k_leak_vfio_device(void)
{
	int err = vdev_new();

	return err ?: vfio_register_emulated_iommu_dev(&vdev);
}

noinline void k_give_back_vfio_device(void)
{
	vfio_unregister_group_dev(&vdev);
	vfio_put_device(&vdev);
	device_unregister(&device);
}

noinline void k_put_vfio_device_twice(void)
{
	if (vdev_new())
		return;
	vfio_put_device(&vdev);
	vfio_put_device(&vdev);
	device_unregister(&device);
}

noinline void k_unregister_vfio_device_twice(void)
{
	if (k_leak_vfio_device())
		return;
	vfio_unregister_group_dev(&vdev);
	vfio_unregister_group_dev(&vdev);
}

/* ---- eventfds ---------------------------------------------------------- */

static struct eventfd_ctx *ctx;

noinline int k_leak_eventfd(int fd)
{
	ctx = eventfd_ctx_fdget(fd);
	return PTR_ERR_OR_ZERO(ctx);
}

noinline void k_give_back_eventfd(void)
{
	eventfd_ctx_put(ctx);
}

noinline void k_put_eventfd_twice(int fd)
{
	if (k_leak_eventfd(fd))
		return;
	eventfd_ctx_put(ctx);
	eventfd_ctx_put(ctx);
}

/* ---- pages ------------------------------------------------------------- */

static struct page *page;

noinline int k_leak_page(void)
{
	page = alloc_page(GFP_KERNEL);
	if (page)
		get_page(page);
	return page ? 0 : -ENOMEM;
}

noinline void k_give_back_page(void)
{
	put_page(page);
	__free_page(page);
}

noinline void k_put_page_twice(void)
{
	if (k_leak_page())
		return;
	k_give_back_page();
	put_page(page);
}

/* ---- every detector that lets one go on -------------------------------- */

noinline void k_complain(void)
{
	refcount_t r = REFCOUNT_INIT(0);

	WARN(1, "nothing is wrong with \"quotes\"\tand tabs");
	refcount_dec(&r);
	preempt_disable();
	might_sleep();
	preempt_enable();
}

/* ---- late releases ----------------------------------------------------- */

int k_late(void)
{
	int result;

	kobject_put(plain_new("late"));
	result = READ_ONCE(released) ? 1 : 0;
	um_late_flush();
	return result | (READ_ONCE(released) ? 2 : 0);
}

void k_wait_for_release(void)
{
	kobject_put(plain_new("awaited"));
	wait_for_completion(&released_now);
}
