// SPDX-License-Identifier: GPL-2.0-only
/*
 * Aliases: what the tables of devices in a module's objects say of those that it
 * serves, in the form in which uevents name a device. A table is an array of ids,
 * up to one that is all zero; a row here knows how large an id of its bus is.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "modpost.h"
#include "modpost_object.h"

struct strings aliases;

void add_alias(const char *alias)
{
	if (!strings_have(&aliases, alias))
		strings_add(&aliases, alias);
}

static bool mdev_alias(const unsigned char *id, char *buf, size_t size)
{
	uint16_t class;

	memcpy(&class, id, sizeof(class));
	snprintf(buf, size, "mdev:c%02X", class);
	return true;
}

static void __attribute__((format(printf, 3, 4))) append(char *buf, size_t size, const char *fmt,
							  ...)
{
	size_t len = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + len, size - len, fmt, ap);
	va_end(ap);
}

/* A number of 32 bits; PCI_ANY_ID and VIRTIO_DEV_ANY_ID stand for all. */
static void append_id(char *buf, size_t size, const char *tag, uint32_t value)
{
	if (value == UINT32_MAX)
		append(buf, size, "%s*", tag);
	else
		append(buf, size, "%s%08X", tag, value);
}

/* Whatever a later kernel appends matches too. */
static void append_wildcard(char *buf, size_t size)
{
	if (buf[strlen(buf) - 1] != '*')
		append(buf, size, "*");
}

static bool virtio_alias(const unsigned char *id, char *buf, size_t size)
{
	uint32_t v[2];

	memcpy(v, id, sizeof(v));
	snprintf(buf, size, "virtio:");
	append_id(buf, size, "d", v[0]);
	append_id(buf, size, "v", v[1]);
	append_wildcard(buf, size);
	return true;
}

/* Class, subclass, interface: a byte each, each matched whole or not at all. */
static bool append_pci_class(char *buf, size_t size, uint32_t class, uint32_t mask)
{
	static const char *const tag[] = { "bc", "sc", "i" };

	for (int i = 0, shift = 16; i < 3; i++, shift -= 8) {
		uint8_t byte_mask = mask >> shift;

		if (byte_mask && byte_mask != 0xff) {
			complain(false, "Can't handle masks in %s:%04X", module, mask);
			return false;
		}
		if (byte_mask)
			append(buf, size, "%s%02X", tag[i], class >> shift & 0xff);
		else
			append(buf, size, "%s*", tag[i]);
	}
	return true;
}

static bool pci_alias(const unsigned char *id, char *buf, size_t size)
{
	uint32_t v[6], override_only;

	memcpy(v, id, sizeof(v));
	/* behind driver_data */
	memcpy(&override_only, id + 32, sizeof(override_only));
	if (override_only > 1) {
		complain(false, "Unknown PCI driver_override alias %08X", override_only);
		return false;
	}
	snprintf(buf, size, override_only ? "vfio_pci:" : "pci:");
	append_id(buf, size, "v", v[0]);
	append_id(buf, size, "d", v[1]);
	append_id(buf, size, "sv", v[2]);
	append_id(buf, size, "sd", v[3]);
	if (!append_pci_class(buf, size, v[4], v[5]))
		return false;
	append_wildcard(buf, size);
	return true;
}

static bool platform_alias(const unsigned char *id, char *buf, size_t size)
{
	snprintf(buf, size, "platform:%.20s", id);
	return true;
}

/*
 * One row per type of table: the size of an id, and what makes an alias of
 * one (false: there is none).
 */
static const struct device_table {
	const char *type;
	size_t size;
	bool (*alias)(const unsigned char *id, char *buf, size_t size);
} device_tables[] = {
	{ "mdev", 2, mdev_alias },
	{ "virtio", 8, virtio_alias },
	{ "pci", 40, pci_alias },
	{ "platform", 32, platform_alias },
};

static const struct device_table *device_table(const char *symbol_name)
{
	for (size_t i = 0; i < sizeof(device_tables) / sizeof(device_tables[0]); i++) {
		char prefix[64];

		snprintf(prefix, sizeof(prefix), "__mod_%s__", device_tables[i].type);
		if (starts_with(symbol_name, prefix))
			return &device_tables[i];
	}
	return NULL;
}

static bool all_zero(const unsigned char *p, size_t n)
{
	while (n && !p[n - 1])
		n--;
	return !n;
}

void read_device_table(struct object *o, const char *name, const GElf_Sym *sym)
{
	const size_t suffix = strlen("_device_table"), len = strlen(name);
	const struct device_table *t;
	const unsigned char *p, *end;
	Elf_Data *data;

	if (!starts_with(name, "__mod_") || len < suffix ||
	    strcmp(name + len - suffix, "_device_table"))
		return;
	t = device_table(name);
	if (!t) {
		/* a guest can be loaded by its name */
		complain(!guest, "%s: no aliases are known for the device table %s%s", module, name,
			 guest ? ": no device loads the module" : "");
		return;
	}
	data = elf_getdata(elf_getscn(o->elf, sym->st_shndx), NULL);
	if (!data || !data->d_buf)
		return;	/* all zero: an empty table */
	if (sym->st_value > data->d_size || sym->st_size > data->d_size - sym->st_value)
		fatal("%s: damaged: %s is not in its section. Build it again", o->path, name);
	p = (unsigned char *)data->d_buf + sym->st_value;
	end = sym->st_size ? p + sym->st_size : (unsigned char *)data->d_buf + data->d_size;
	for (;; p += t->size) {
		char alias[128];

		if (t->size > (size_t)(end - p)) {
			complain(true, "%s: struct %s_device_id is not terminated with a NULL entry!",
				 module, t->type);
			return;
		}
		if (all_zero(p, t->size))
			return;
		if (t->alias(p, alias, sizeof(alias)))
			add_alias(alias);
	}
}
