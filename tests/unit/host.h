/* SPDX-License-Identifier: GPL-2.0-only */
/* What host.c asks of its kernel side. */
#ifndef UMDEV_TESTS_UNIT_HOST_H
#define UMDEV_TESTS_UNIT_HOST_H

long k_nothing(void *arg);
void k_need_too_much(void);
void k_touch(void *address);

/* The length or an errno; the text is for k_file_free(). */
long long k_file_read(const char *path, char **text);
void k_file_free(char *text);

int k_object_open(const char *path);
int k_object_map(const char *path, char *error, unsigned long size);
/* Mapped twice, unmapped once: it is said to be there still, and then not. */
int k_object_stays_mapped(const char *path);
int k_symbol_get(void);

/* The stack of the thread @tid, which runs and is no task. */
unsigned int k_stack_of(int tid, void **pc, unsigned int max);

#endif
