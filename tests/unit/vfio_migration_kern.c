// SPDX-License-Identifier: GPL-2.0-only
/* See vfio_migration.h. */
#include <linux/vfio.h>

#include "vfio_migration.h"

int mig_next(unsigned int flags, unsigned int from, unsigned int to)
{
	struct vfio_device device = { .migration_flags = flags };
	enum vfio_device_mig_state next;
	int ret = vfio_mig_get_next_state(&device, from, to, &next);

	return ret ?: next;
}
