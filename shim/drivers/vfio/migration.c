// SPDX-License-Identifier: GPL-2.0-only
/*
 * Migration of VFIO devices: the ways between a device's migration states, and
 * the features by which a user asks for them. The states are the driver's to
 * keep; what it saves or restores goes through a file that it makes.
 *
 * Represented is not a table of next steps but the map they follow from: who
 * is whose neighbour when a device supports everything.
 */
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "drivers/vfio/vfio.h"

/* ---- the way from state to state --------------------------------------- */

#define STATES (VFIO_DEVICE_STATE_PRE_COPY_P2P + 1)
#define TO(name) BIT(VFIO_DEVICE_STATE_##name)

/* One step away, for a device with every optional state. None ends in ERROR. */
static const u8 neighbours[STATES] = {
	[VFIO_DEVICE_STATE_STOP] = TO(RUNNING_P2P) | TO(STOP_COPY) | TO(RESUMING),
	[VFIO_DEVICE_STATE_RUNNING] = TO(RUNNING_P2P) | TO(PRE_COPY),
	[VFIO_DEVICE_STATE_STOP_COPY] = TO(STOP),
	[VFIO_DEVICE_STATE_RESUMING] = TO(STOP),
	[VFIO_DEVICE_STATE_RUNNING_P2P] = TO(RUNNING) | TO(STOP) | TO(PRE_COPY_P2P),
	[VFIO_DEVICE_STATE_PRE_COPY] = TO(RUNNING) | TO(PRE_COPY_P2P),
	[VFIO_DEVICE_STATE_PRE_COPY_P2P] = TO(PRE_COPY) | TO(RUNNING_P2P) | TO(STOP_COPY),
};

/* Of ways of the same length, the one that begins with the first of these. */
static const u8 preference[] = {
	VFIO_DEVICE_STATE_RUNNING, VFIO_DEVICE_STATE_RUNNING_P2P,
	VFIO_DEVICE_STATE_STOP, VFIO_DEVICE_STATE_RESUMING,
	VFIO_DEVICE_STATE_PRE_COPY, VFIO_DEVICE_STATE_PRE_COPY_P2P,
	VFIO_DEVICE_STATE_STOP_COPY,
};

/* The features that a device must have to be in a state. */
static const unsigned int needs[STATES] = {
	[VFIO_DEVICE_STATE_ERROR] = ~0U,
	[VFIO_DEVICE_STATE_STOP] = VFIO_MIGRATION_STOP_COPY,
	[VFIO_DEVICE_STATE_RUNNING] = VFIO_MIGRATION_STOP_COPY,
	[VFIO_DEVICE_STATE_STOP_COPY] = VFIO_MIGRATION_STOP_COPY,
	[VFIO_DEVICE_STATE_RESUMING] = VFIO_MIGRATION_STOP_COPY,
	[VFIO_DEVICE_STATE_RUNNING_P2P] = VFIO_MIGRATION_STOP_COPY | VFIO_MIGRATION_P2P,
	[VFIO_DEVICE_STATE_PRE_COPY] = VFIO_MIGRATION_STOP_COPY | VFIO_MIGRATION_PRE_COPY,
	[VFIO_DEVICE_STATE_PRE_COPY_P2P] = VFIO_MIGRATION_STOP_COPY | VFIO_MIGRATION_P2P |
					   VFIO_MIGRATION_PRE_COPY,
};

static bool has_state(const struct vfio_device *device, unsigned int state)
{
	return state < STATES && (needs[state] & ~device->migration_flags) == 0;
}

/* What was saved already cannot be taken back by going on to save. */
static bool blocked(unsigned int from, unsigned int to)
{
	return from == VFIO_DEVICE_STATE_STOP_COPY &&
	       (to == VFIO_DEVICE_STATE_PRE_COPY || to == VFIO_DEVICE_STATE_PRE_COPY_P2P);
}

/*
 * The first step of the shortest way. Walks back from @to in rings until one
 * touches @from: the ring's members that are neighbours of @from are as near
 * to @to as any.
 */
static unsigned int next_step(unsigned int from, unsigned int to)
{
	u8 ring = BIT(to);
	unsigned int i, state;

	if (from == to || from == VFIO_DEVICE_STATE_ERROR || blocked(from, to))
		return from == to ? to : VFIO_DEVICE_STATE_ERROR;
	while (!(neighbours[from] & ring)) {
		u8 wider = ring;

		for (state = 0; state < STATES; state++)
			if (neighbours[state] & ring)
				wider |= BIT(state);
		if (wider == ring)
			return VFIO_DEVICE_STATE_ERROR;
		ring = wider;
	}
	for (i = 0; i < ARRAY_SIZE(preference); i++)
		if (neighbours[from] & ring & BIT(preference[i]))
			return preference[i];
	return VFIO_DEVICE_STATE_ERROR;
}

/**
 * vfio_mig_get_next_state() - the next step towards a migration state
 * @device: says by its migration_flags which states it has
 * @cur_fsm: the state it is in; one that it has
 * @new_fsm: the state wanted
 * @next_fsm: the state to go to next
 *
 * A driver implements single steps, and calls this until it is where it was
 * asked to be. States that the device has not are stepped over.
 *
 * Return: 0, or -EINVAL when there is no way, or no such state.
 */
int vfio_mig_get_next_state(struct vfio_device *device,
			    enum vfio_device_mig_state cur_fsm,
			    enum vfio_device_mig_state new_fsm,
			    enum vfio_device_mig_state *next_fsm)
{
	unsigned int next;

	if (WARN_ON(!has_state(device, cur_fsm)))
		return -EINVAL;
	if (!has_state(device, new_fsm))
		return -EINVAL;
	next = next_step(cur_fsm, new_fsm);
	while (next != VFIO_DEVICE_STATE_ERROR && !has_state(device, next))
		next = next_step(next, new_fsm);
	*next_fsm = next;
	return next == VFIO_DEVICE_STATE_ERROR ? -EINVAL : 0;
}
EXPORT_SYMBOL_GPL(vfio_mig_get_next_state);

/* ---- features ----------------------------------------------------------- */

/* Gives the user a descriptor of the driver's file, whose reference it takes over. */
static int return_file(struct file *file, struct vfio_device_feature_mig_state __user *arg,
		       struct vfio_device_feature_mig_state *mig)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd < 0) {
		fput(file);
		return fd;
	}
	mig->data_fd = fd;
	if (copy_to_user(arg, mig, sizeof(*mig))) {
		put_unused_fd(fd);
		fput(file);
		return -EFAULT;
	}
	fd_install(fd, file);
	return 0;
}

static int device_state(struct vfio_device *device, u32 flags, void __user *arg, size_t size)
{
	struct vfio_device_feature_mig_state mig;
	struct file *file = NULL;
	int ret;

	ret = vfio_check_feature(flags, size,
				 VFIO_DEVICE_FEATURE_GET | VFIO_DEVICE_FEATURE_SET, sizeof(mig));
	if (ret != 1)
		return ret;
	if (copy_from_user(&mig, arg, sizeof(mig)))
		return -EFAULT;
	if (flags & VFIO_DEVICE_FEATURE_GET) {
		enum vfio_device_mig_state state;

		ret = device->mig_ops->migration_get_state(device, &state);
		if (ret)
			return ret;
		mig.device_state = state;
	} else {
		file = device->mig_ops->migration_set_state(device, mig.device_state);
		if (file && !IS_ERR(file))
			return return_file(file, arg, &mig);
	}
	/* also when the driver failed: the user then sees that there is no file */
	mig.data_fd = -1;
	if (copy_to_user(arg, &mig, sizeof(mig)))
		return -EFAULT;
	return PTR_ERR_OR_ZERO(file);
}

static int migration_flags(struct vfio_device *device, u32 flags, void __user *arg, size_t size)
{
	struct vfio_device_feature_migration mig = { .flags = device->migration_flags };
	int ret = vfio_check_feature(flags, size, VFIO_DEVICE_FEATURE_GET, sizeof(mig));

	if (ret != 1)
		return ret;
	return copy_to_user(arg, &mig, sizeof(mig)) ? -EFAULT : 0;
}

static int data_size(struct vfio_device *device, u32 flags, void __user *arg, size_t size)
{
	struct vfio_device_feature_mig_data_size data = {};
	unsigned long length;
	int ret = vfio_check_feature(flags, size, VFIO_DEVICE_FEATURE_GET, sizeof(data));

	if (ret != 1)
		return ret;
	ret = device->mig_ops->migration_get_data_size(device, &length);
	if (ret)
		return ret;
	data.stop_copy_length = length;
	return copy_to_user(arg, &data, sizeof(data)) ? -EFAULT : 0;
}

/**
 * vfio_migration_feature() - VFIO_DEVICE_FEATURE, if it is one of migration
 * @device: the device, open
 * @flags: of the user's struct vfio_device_feature, checked for unknown ones
 * @arg: the data behind it
 * @size: and how much of it
 *
 * Context: may sleep.
 * Return: 0 or an error, which is -ENOTTY for a driver without the operations.
 */
int vfio_migration_feature(struct vfio_device *device, u32 flags, void __user *arg, size_t size)
{
	if (!device->mig_ops)
		return -ENOTTY;
	switch (flags & VFIO_DEVICE_FEATURE_MASK) {
	case VFIO_DEVICE_FEATURE_MIGRATION:
		return migration_flags(device, flags, arg, size);
	case VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE:
		return device_state(device, flags, arg, size);
	default:
		return data_size(device, flags, arg, size);
	}
}
