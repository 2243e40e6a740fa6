/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_TESTS_KTHREAD_H
#define UMDEV_TESTS_KTHREAD_H

/* A thread that ends by itself, and is left alone. */
int kt_end(void);
/* One that is stopped afterwards: the result. */
int kt_end_and_stop(void);
/* One that ends below its function, and is stopped afterwards: the result. */
int kt_leave_and_stop(void);
/* One that completes something as it ends there; 0: it had ended by then. */
int kt_leave_and_complete(void);
/* One that nobody stops until kt_give_back(). */
int kt_lose(void);
void kt_give_back(void);
/* The error of a thread for which there is no memory. */
long kt_without_memory(void);

#endif
