/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel side of vfs_faults.c. All but the scenarios return 0 or an error. */
#ifndef TESTS_UNIT_VFS_FAULTS_KERN_H
#define TESTS_UNIT_VFS_FAULTS_KERN_H

struct um_scenario;

int vf_register(void);	/* /dev/vf, and the directory /sys/vf */
void vf_unregister(void);

/* the last one has no name */
extern const struct um_scenario vf_scenarios[];

enum {
	VF_FPUT_MANY = 0x7700,	/* the last references of three files */
	VF_FPUT_TWICE,		/* a reference that there is not */
	VF_OPEN,		/* a descriptor of an anonymous file */
};

/* mmap offsets, in pages: what comes of it */
enum {
	VF_MAP_PAGE,		/* a page */
	VF_MAP_LONG,		/* frames to behind the end of the mapping */
	VF_MAP_NO_FRAME,	/* a frame that there is not */
	VF_MAP_FAULT,		/* a page when touched; another was mapped meanwhile */
};

extern volatile int vf_releases;

int vf_page_refs(void);		/* of the page that VF_MAP_PAGE and VF_MAP_FAULT give */
char *vf_page_bytes(void);
void vf_use_free_page(void);	/* takes and drops references on one */
void vf_free_wrong_order(void);
int vf_large_is_zero(void);	/* a large piece, written, freed and taken again */

#endif
