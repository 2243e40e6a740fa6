/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the two sides of the test of kobjects and sysfs. */
#ifndef UNIT_KOBJECT_H
#define UNIT_KOBJECT_H

/*
 * An object with a directory of its own: files "value" (read, write), "broken"
 * (removes itself), "prealloc" (as "value", SYSFS_PREALLOC), "bin" (16 bytes), and a
 * group "group" with "seen", "unseen" and the binary "binseen".
 */
struct kt_object;

struct kt_object *kt_new(const char *name, struct kt_object *parent);
void kt_put(struct kt_object *o);
int kt_add_error(const char *name, struct kt_object *parent);
/* An object whose type has no release, added and put; the error of adding. */
int kt_without_release(void);
int kt_misuse(const char *what);

int kt_create_file(struct kt_object *o, const char *name);
void kt_remove_file(struct kt_object *o, const char *name);
int kt_rename(struct kt_object *o, const char *name);
int kt_move(struct kt_object *o, struct kt_object *parent);

/* ksets and events */
struct kt_set;
struct kt_set *kt_set_new(const char *name, int filtered);
void kt_set_free(struct kt_set *s);
struct kt_object *kt_new_in(struct kt_set *s, const char *name);
int kt_find(struct kt_set *s, const char *name);
int kt_uevent(struct kt_object *o, const char *action);
int kt_var_overflow(void);
int kt_uevent_full(struct kt_object *o);
int kt_hooked(void);

/* A refcount at @start, put through @op; what is left of it. */
int kt_refcount(int start, const char *op);

/* A flat directory of @n plain objects, made and removed. */
struct kt_crowd;
struct kt_crowd *kt_crowd_new(const char *name, int n);
void kt_crowd_remove(struct kt_crowd *c, int i);
void kt_crowd_free(struct kt_crowd *c);
/* Siblings passed since the last call, on the way to those looked for. */
long kt_passed(void);

/* klist: names visited while deleting under an iterator; 0 when as should be */
int kt_klist_walk(void);
int kt_klist_skip(void);
long kt_klist_remove_waits(void *arg);
int kt_klist_hold(void);
void kt_klist_let_go(void);

/* One add and removal of an object with all files, another renamed and moved; its error. */
int kt_sweep_step(void);

#endif
