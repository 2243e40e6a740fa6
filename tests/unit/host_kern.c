// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of host.c: calls of shim/host/ that only the shim makes. */
#include <linux/eventfd.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "host/host.h"
#include "host/module.h"
#include "host.h"

long k_nothing(void *arg)
{
	return 0;
}

void k_need_too_much(void)
{
	void *p = host_need(1UL << 60);

	OPTIMIZER_HIDE_VAR(p);
}

void k_touch(void *address)
{
	*(volatile char *)address = 1;
}

long long k_file_read(const char *path, char **text)
{
	return host_file_read(path, text);
}

void k_file_free(char *text)
{
	host_free(text);
}

int k_object_open(const char *path)
{
	struct host_object *obj;
	int err = host_object_open(path, &obj);

	if (!err)
		host_object_close(obj);
	return err;
}

int k_object_map(const char *path, char *error, unsigned long size)
{
	struct host_object *obj;
	int err = host_object_open(path, &obj);

	if (err)
		return err;
	err = host_object_map(obj, "test", error, size);
	host_object_close(obj);
	return err;
}

int k_object_stays_mapped(const char *path)
{
	struct host_object *one, *two;
	char error[256];
	bool ok;

	if (host_object_open(path, &one) || host_object_open(path, &two))
		return false;
	ok = !host_object_map(one, "one", error, sizeof(error)) &&
	     !host_object_map(two, "two", error, sizeof(error)) &&
	     !host_object_unmap(one, "one") && host_object_unmap(two, "two");
	host_object_close(one);
	host_object_close(two);
	return ok;
}

int k_symbol_get(void)
{
	void *found = __symbol_get("eventfd_signal");
	bool same = found == (void *)eventfd_signal;

	if (found)
		__symbol_put("eventfd_signal");
	return same;
}

unsigned int k_stack_of(int tid, void **pc, unsigned int max)
{
	return host_stack_of(tid, NULL, pc, max);
}
