/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside host/: walking stacks (host/walk.c). */
#ifndef UMDEV_WALK_H
#define UMDEV_WALK_H

/* What is mapped has changed: where code is is looked up anew. */
void host_walk_note_code(void);
/* The calling thread ends. */
void host_walk_forget(void);

#endif
