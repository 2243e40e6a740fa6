/* SPDX-License-Identifier: GPL-2.0-only */
/* What references.c asks of its kernel side. */
#ifndef UMDEV_TESTS_UNIT_REFERENCES_H
#define UMDEV_TESTS_UNIT_REFERENCES_H

int k_leak_three(void);
int k_keep_new(void);
void k_keep_use(bool forget);
void k_keep_helped(void);
void k_keep_end(void);
void k_keep_del(void);
void k_keep_put(void);
void k_keep_for(void);
void k_end_for(void);
void k_lose_memory(void);
void k_lose_counted(void);
void k_lose_counted_by_hand(void);
int k_pair_new(void);
void k_pair_use(bool forget);
void k_pair_free(void);
void k_pair_put(void);
void k_give_back_three(void);
void k_put_twice(void);
void k_put_by_mistake(void);
void k_get_after_free(void);
void k_put_twice_in_heap(void);
bool k_reuse_memory(void);

/* Each kind of object: one reference too many, and one given back too often. */
int k_leak_device(void);
void k_give_back_device(void);
void k_put_device_twice(void);
int k_hold_module(const char *name);
void k_put_module(const char *name);
void k_give_back_leaky(void);
int k_leak_group(void);
void k_give_back_group(void);
void k_put_group_twice(void);
bool k_vfio_device_may_be_static(void);
int k_leak_vfio_device(void);
void k_give_back_vfio_device(void);
void k_put_vfio_device_twice(void);
void k_unregister_vfio_device_twice(void);
int k_leak_eventfd(int fd);
void k_give_back_eventfd(void);
void k_put_eventfd_twice(int fd);
int k_leak_page(void);
void k_give_back_page(void);
void k_put_page_twice(void);

/* A warning, a refcount's underflow, sleeping where it must not be. */
void k_complain(void);

/* Bit 0: released by the put; bit 1: after the flush. */
int k_late(void);
void k_wait_for_release(void);

#endif
