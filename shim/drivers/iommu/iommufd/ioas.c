// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address spaces of IOMMUFD (IOAS), as their user makes, fills and empties them.
 * What they map is in io_pagetable.c. Nothing is reserved in them, as nothing
 * with an IOMMU can be attached: all IOVAs are usable.
 */
#include "compat/levels.h"

#if KAPI_ABI_VFIO_IOMMUFD
#include <linux/capability.h>
#include <linux/iommu.h>
#include <linux/limits.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "drivers/iommu/iommufd/iommufd_private.h"

/* To be finalized, or aborted and freed. */
struct iommufd_ioas *iommufd_ioas_alloc(struct iommufd_ctx *ictx)
{
	struct iommufd_ioas *ioas;
	int err;

	ioas = kzalloc(sizeof(*ioas), GFP_KERNEL_ACCOUNT);
	if (!ioas)
		return ERR_PTR(-ENOMEM);
	err = iommufd_object_init(ictx, &ioas->obj, IOMMUFD_OBJ_IOAS);
	if (err) {
		kfree(ioas);
		return ERR_PTR(err);
	}
	iopt_init(&ioas->iopt);
	return ioas;
}

void iommufd_ioas_destroy(struct iommufd_object *obj)
{
	struct iommufd_ioas *ioas = container_of(obj, struct iommufd_ioas, obj);

	WARN_ON(iopt_unmap(&ioas->iopt, 0, ULONG_MAX, NULL));
	iopt_destroy(&ioas->iopt);
}

int iommufd_ioas_alloc_ioctl(struct iommufd_ucmd *ucmd)
{
	struct iommu_ioas_alloc *cmd = ucmd->cmd;
	struct iommufd_ioas *ioas;
	int err;

	if (cmd->flags)
		return -EOPNOTSUPP;
	ioas = iommufd_ioas_alloc(ucmd->ictx);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	cmd->out_ioas_id = ioas->obj.id;
	err = iommufd_respond(ucmd, sizeof(*cmd));
	if (err) {
		iommufd_object_abort(ucmd->ictx, &ioas->obj);
		iommufd_ioas_destroy(&ioas->obj);
		kfree(ioas);
		return err;
	}
	iommufd_object_finalize(ucmd->ictx, &ioas->obj);
	return 0;
}

int iommufd_ioas_iova_ranges(struct iommufd_ucmd *ucmd)
{
	struct iommu_iova_range range = { .start = 0, .last = ULONG_MAX };
	struct iommu_ioas_iova_ranges *cmd = ucmd->cmd;
	struct iommufd_ioas *ioas;
	u32 room = cmd->num_iovas;
	int err = 0;

	if (cmd->__reserved)
		return -EOPNOTSUPP;
	ioas = iommufd_get_ioas(ucmd->ictx, cmd->ioas_id);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	down_read(&ioas->iopt.iova_rwsem);
	cmd->num_iovas = 1;
	cmd->out_iova_alignment = ioas->iopt.iova_alignment;
	if (room && copy_to_user(u64_to_user_ptr(cmd->allowed_iovas), &range, sizeof(range)))
		err = -EFAULT;
	if (!err)
		err = iommufd_respond(ucmd, sizeof(*cmd));
	up_read(&ioas->iopt.iova_rwsem);
	iommufd_put_ioas(ucmd->ictx, ioas);
	return err ?: room ? 0 : -EMSGSIZE;
}

int iommufd_ioas_allow_iovas(struct iommufd_ucmd *ucmd)
{
	struct iommu_ioas_allow_iovas *cmd = ucmd->cmd;
	struct iommufd_ioas *ioas;
	int err;

	if (cmd->__reserved)
		return -EOPNOTSUPP;
	ioas = iommufd_get_ioas(ucmd->ictx, cmd->ioas_id);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	err = iopt_load_allowed(&ioas->iopt, u64_to_user_ptr(cmd->allowed_iovas),
				cmd->num_iovas);
	iommufd_put_ioas(ucmd->ictx, ioas);
	return err;
}

/* ---- map and unmap ------------------------------------------------------------ */

static int check_map_flags(u32 flags)
{
	const u32 access = IOMMU_IOAS_MAP_WRITEABLE | IOMMU_IOAS_MAP_READABLE;

	return flags & ~(access | IOMMU_IOAS_MAP_FIXED_IOVA) ? -EOPNOTSUPP : 0;
}

static int prot_of(u32 flags)
{
	return (flags & IOMMU_IOAS_MAP_WRITEABLE ? IOMMU_WRITE : 0) |
	       (flags & IOMMU_IOAS_MAP_READABLE ? IOMMU_READ : 0);
}

int iommufd_ioas_map(struct iommufd_ucmd *ucmd)
{
	struct iommu_ioas_map *cmd = ucmd->cmd;
	unsigned long iova = cmd->iova;
	struct iommufd_ioas *ioas;
	int err;

	if (check_map_flags(cmd->flags) || cmd->__reserved)
		return -EOPNOTSUPP;
	if (cmd->iova >= ULONG_MAX || cmd->length >= ULONG_MAX)
		return -EOVERFLOW;
	if (!prot_of(cmd->flags))
		return -EINVAL;
	ioas = iommufd_get_ioas(ucmd->ictx, cmd->ioas_id);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	err = iopt_map_user(&ioas->iopt, cmd->user_va, cmd->length, prot_of(cmd->flags),
			    cmd->flags & IOMMU_IOAS_MAP_FIXED_IOVA, &iova);
	if (!err) {
		/* a user who cannot be told has it mapped all the same */
		cmd->iova = iova;
		err = iommufd_respond(ucmd, sizeof(*cmd));
	}
	iommufd_put_ioas(ucmd->ictx, ioas);
	return err;
}

int iommufd_ioas_copy(struct iommufd_ucmd *ucmd)
{
	struct iommu_ioas_copy *cmd = ucmd->cmd;
	unsigned long iova = cmd->dst_iova;
	struct iommufd_ioas *src, *dst;
	int err;

	if (check_map_flags(cmd->flags))
		return -EOPNOTSUPP;
	if (cmd->length >= ULONG_MAX || cmd->src_iova >= ULONG_MAX || cmd->dst_iova >= ULONG_MAX)
		return -EOVERFLOW;
	if (!prot_of(cmd->flags))
		return -EINVAL;
	src = iommufd_get_ioas(ucmd->ictx, cmd->src_ioas_id);
	if (IS_ERR(src))
		return PTR_ERR(src);
	dst = iommufd_get_ioas(ucmd->ictx, cmd->dst_ioas_id);
	if (IS_ERR(dst)) {
		err = PTR_ERR(dst);
		goto put_src;
	}
	err = iopt_copy(&dst->iopt, &src->iopt, cmd->src_iova, cmd->length,
			prot_of(cmd->flags), cmd->flags & IOMMU_IOAS_MAP_FIXED_IOVA, &iova);
	if (!err) {
		cmd->dst_iova = iova;
		err = iommufd_respond(ucmd, sizeof(*cmd));
	}
	iommufd_put_ioas(ucmd->ictx, dst);
put_src:
	iommufd_put_ioas(ucmd->ictx, src);
	return err;
}

/* Of a range; all of it with 0 and U64_MAX. */
static int unmap(struct io_pagetable *iopt, u64 iova, u64 length, unsigned long *unmapped)
{
	unsigned long last;
	int err;

	if (!iova && length == U64_MAX)
		return iopt_unmap(iopt, 0, ULONG_MAX, unmapped);
	if (iova >= ULONG_MAX || length >= ULONG_MAX)
		return -EOVERFLOW;
	if (!length)
		return -EINVAL;
	if (check_add_overflow((unsigned long)iova, (unsigned long)length - 1, &last))
		return -EOVERFLOW;
	err = iopt_unmap(iopt, iova, last, unmapped);
	return err ?: *unmapped ? 0 : -ENOENT;
}

int iommufd_ioas_unmap(struct iommufd_ucmd *ucmd)
{
	struct iommu_ioas_unmap *cmd = ucmd->cmd;
	unsigned long unmapped = 0;
	struct iommufd_ioas *ioas;
	int err;

	ioas = iommufd_get_ioas(ucmd->ictx, cmd->ioas_id);
	if (IS_ERR(ioas))
		return PTR_ERR(ioas);
	err = unmap(&ioas->iopt, cmd->iova, cmd->length, &unmapped);
	if (!err) {
		cmd->length = unmapped;
		err = iommufd_respond(ucmd, sizeof(*cmd));
	}
	iommufd_put_ioas(ucmd->ictx, ioas);
	return err;
}

/* ---- options -------------------------------------------------------------------- */

static int option_rlimit_mode(struct iommu_option *cmd, struct iommufd_ctx *ictx)
{
	int err = 0;

	if (cmd->object_id)
		return -EOPNOTSUPP;
	if (cmd->op == IOMMU_OPTION_OP_GET) {
		cmd->val64 = ictx->account_mm;
		return 0;
	}
	if (cmd->op != IOMMU_OPTION_OP_SET)
		return -EOPNOTSUPP;
	if (!capable(CAP_SYS_RESOURCE))
		return -EPERM;
	xa_lock(&ictx->objects);
	if (!xa_empty(&ictx->objects))
		err = -EBUSY;
	else if (cmd->val64 > 1)
		err = -EINVAL;
	else
		ictx->account_mm = cmd->val64;
	xa_unlock(&ictx->objects);
	return err;
}

static int option_huge_pages(struct iommu_option *cmd, struct iommufd_ioas *ioas)
{
	if (cmd->op == IOMMU_OPTION_OP_GET) {
		cmd->val64 = !ioas->iopt.disable_large_pages;
		return 0;
	}
	if (cmd->op != IOMMU_OPTION_OP_SET)
		return -EOPNOTSUPP;
	if (cmd->val64 > 1)
		return -EINVAL;
	return iopt_set_large_pages(&ioas->iopt, cmd->val64);
}

int iommufd_option(struct iommufd_ucmd *ucmd)
{
	struct iommu_option *cmd = ucmd->cmd, __user *ucmd_user = ucmd->ubuffer;
	struct iommufd_ioas *ioas;
	int err;

	if (cmd->__reserved)
		return -EOPNOTSUPP;
	switch (cmd->option_id) {
	case IOMMU_OPTION_RLIMIT_MODE:
		err = option_rlimit_mode(cmd, ucmd->ictx);
		break;
	case IOMMU_OPTION_HUGE_PAGES:
		ioas = iommufd_get_ioas(ucmd->ictx, cmd->object_id);
		if (IS_ERR(ioas))
			return PTR_ERR(ioas);
		err = option_huge_pages(cmd, ioas);
		iommufd_put_ioas(ucmd->ictx, ioas);
		break;
	default:
		return -EOPNOTSUPP;
	}
	if (err)
		return err;
	return copy_to_user(&ucmd_user->val64, &cmd->val64, sizeof(cmd->val64)) ? -EFAULT : 0;
}
#endif
