// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of snapshot.c. */
#include <linux/mutex.h>
#include <linux/vmalloc.h>

#include "check/lockdep.h"
#include "host/host.h"
#include "host/module.h"
#include "snapshot.h"

static DEFINE_MUTEX(outer);
static DEFINE_MUTEX(inner);

void k_take_in_order(void)
{
	mutex_lock(&outer);
	mutex_lock(&inner);
	mutex_unlock(&inner);
	mutex_unlock(&outer);
}

unsigned long k_orders(void)
{
	unsigned int classes;
	unsigned long orders;

	um_lockdep_count(&classes, &orders);
	return orders;
}

unsigned int k_classes(void)
{
	unsigned int classes;
	unsigned long orders;

	um_lockdep_count(&classes, &orders);
	return classes;
}

long k_file_size(const char *path)
{
	char *text = NULL;
	long size = host_file_read(path, &text);

	if (size >= 0)
		host_free(text);
	return size;
}

#define AREA_SIZE (20UL << 20)

static char *area;

void k_area_new(void)
{
	area = vmalloc_user(AREA_SIZE);
}

char *k_area(void)
{
	return area + AREA_SIZE / 2;
}

void k_area_free(void)
{
	vfree(area);
	area = NULL;
}
