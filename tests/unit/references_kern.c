// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of references.c: references lost, and given back too often. */
#include <linux/completion.h>
#include <linux/gfp.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "check/late.h"
#include "references.h"

static struct kobject *kept[3];

static noinline void k_hold(struct kobject *kobj)
{
	kobject_get(kobj);
}

int k_leak_three(void)
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

void k_give_back_three(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		kobject_put(kept[i]);
		kobject_put(kept[i]);
	}
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

void k_put_twice(void)
{
	struct kobject *kobj = plain_new("twice");

	k_hold(kobj);
	kobject_put(kobj);
	kobject_put(kobj);
	kobject_put(kobj);
}

void k_get_after_free(void)
{
	struct kobject *kobj = plain_new("gone");

	kobject_put(kobj);
	k_hold(kobj);
}

void k_put_twice_in_heap(void)
{
	struct kobject *kobj = kobject_create_and_add("heap", NULL);

	kobject_put(kobj);
	kobject_put(kobj);
}

static struct page *page;

int k_leak_page(void)
{
	page = alloc_page(GFP_KERNEL);
	return page ? 0 : -ENOMEM;
}

void k_give_back_page(void)
{
	__free_page(page);
}

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
