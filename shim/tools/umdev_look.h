/* SPDX-License-Identifier: GPL-2.0-only */
/* What a parent driver of mediated devices has, found by looking (umdev_look.c). */
#ifndef UMDEV_TOOLS_UMDEV_LOOK_H
#define UMDEV_TOOLS_UMDEV_LOOK_H

#include <stdbool.h>
#include <stddef.h>

struct driver {
	char module[64];
	char parent[192];	/* the directory of its types */
	char type[64];		/* the one with room for the most devices */
	char big[64];		/* and the one with room for the fewest */
	char api[32];		/* what its device_api says: "vfio-pci", "virtio-net" */
	bool of_tests;		/* its source, or that of a module it needs, is below tests/ */
	/* of a device of that type */
	bool vfio, virtio;
	bool config, memory;	/* PCI configuration space; BAR 0 that can be read and written */
	bool irq;		/* INTx that takes an eventfd */
	bool serial;		/* a serial controller, by its PCI class */
	bool display, dmabuf;	/* a plane in a region; as a dma-buf */
	int mmap_region;	/* -1: none */
};

#define LOOK_UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa10ff"

/*
 * Calls @fn with the name of each module that needs the module mdev, as
 * modules.dep has it. Returns a negative errno.
 */
int look_for_modules(void (*fn)(const char *module, void *arg), void *arg);
/*
 * Loads a module, makes a device of its first parent, looks at it, and unloads all
 * again. -ENOENT: no such module; -ENODEV: it registers no parent with a type.
 */
int look_at_driver(const char *module, struct driver *d);
/*
 * The driver that is shown when none is named: one of a serial card before any
 * other, and none of the tests. -ENOENT: there is none.
 */
int look_for_driver(struct driver *d);
/* What a directory has, sorted; more than there is room for is left out. */
struct names {
	char name[64][64];
	unsigned int n;
};
void list_names(const char *path, struct names *l);
/* Unloads whatever can go, users before what they use. */
void unload_all(void);

#endif
