/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files and shared objects, for the module loader alone: reading an object's
 * sections before it is mapped, mapping it, finding the sections again.
 */
#ifndef UMDEV_HOST_MODULE_H
#define UMDEV_HOST_MODULE_H

#include "host/host.h"

/**
 * host_file_read() - a whole file, with a NUL behind it.
 * @path: the file
 * @buf:  becomes its content, to be freed by host_free()
 *
 * Return: its length in bytes, or a negative errno.
 */
s64 host_file_read(const char *path, char **buf);

/* A shared object, mapped or not. */
struct host_object;

/**
 * host_object_open() - read the headers of a shared object.
 * @path: the file
 * @obj:  becomes the object, to be closed by host_object_close()
 *
 * Return: 0; the errno of open(), negative; -EBADMSG for a file that does not end
 * with the checksum of its build (host/checksum.h); -ENOEXEC for one that does and
 * is no shared object of this machine.
 */
int host_object_open(const char *path, struct host_object **obj);
/* Unmapped objects only. */
void host_object_close(struct host_object *obj);

/**
 * host_object_section() - a section's bytes as they are in the file.
 * @obj:  the object
 * @name: of the section
 * @size: becomes their number
 *
 * Return: the bytes, valid until the object is closed; NULL without such a
 * section.
 */
const char *host_object_section(struct host_object *obj, const char *name, size_t *size);

/**
 * host_object_map() - dlopen() with everything bound now and visible to later ones.
 * @obj:        the object
 * @name:       the module's, for backtraces
 * @error:      receives dlopen()'s message when it fails
 * @error_size: of @error in bytes
 *
 * Runs the object's constructors.
 *
 * Return: 0 or -ENOEXEC.
 */
int host_object_map(struct host_object *obj, const char *name, char *error, size_t error_size);
/**
 * host_object_unmap() - dlclose(), and the range stays reserved without access.
 * @obj:  a mapped object
 * @name: as it was mapped
 *
 * Runs the object's destructors.
 *
 * Return: true; false if the object is still mapped
 * because something in this process refers to it.
 */
bool host_object_unmap(struct host_object *obj, const char *name);

/* A section of a mapped object in memory, or NULL. */
void *host_object_address(struct host_object *obj, const char *section, size_t *size);
/* The address of an exported symbol of a mapped object, or NULL. */
void *host_object_symbol(struct host_object *obj, const char *name);
/* The mapped range: lowest address, length. */
void *host_object_range(struct host_object *obj, unsigned long *size);

/**
 * host_program_section() - a section of the running program's own file.
 * @name: of the section
 * @size: becomes its size in bytes
 *
 * For what is linked straight into it.
 *
 * Return: a copy, to be freed by host_free(), or NULL.
 */
char *host_program_section(const char *name, size_t *size);
/* The address of a symbol that the program or one of its libraries exports. */
void *host_program_symbol(const char *name);

#endif
