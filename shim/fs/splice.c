// SPDX-License-Identifier: GPL-2.0-only
/*
 * sendfile() and copy_file_range(): from one file to another without a user's memory
 * between. Only files of sysfs take part, whose operations take any sort of memory; a
 * driver's own do not, and nobody else has others. There are no pipes: splice() and tee()
 * have nothing that they could do.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "fs/internal.h"
#include "umdev/umdev.h"

#define AT_ONCE		(16 * PAGE_SIZE)	/* what a pipe between the two would hold */

/* All of it, in as many writes as the file wants; bytes, or the error of the first. */
static ssize_t write_all(struct file *out, const char *buf, size_t len, loff_t *pos)
{
	ssize_t done = 0, ret = 0;

	while (done < len) {
		ret = kernel_write(out, buf + done, len - done, pos);
		if (ret <= 0)
			break;
		done += ret;
	}
	return done ?: ret;
}

static ssize_t move(struct file *in, loff_t *in_pos, struct file *out, loff_t *out_pos,
		    size_t len, char *buf)
{
	ssize_t done = 0, n, ret = 0;
	loff_t pos;

	while (len) {
		pos = *in_pos;
		n = ret = kernel_read(in, buf, min_t(size_t, len, AT_ONCE), &pos);
		if (ret > 0)
			ret = out->f_mode & FMODE_UM_WHOLE ? write_all(out, buf, n, out_pos) :
							      -EINVAL;
		if (ret <= 0)
			break;
		done += ret;
		len -= ret;
		*in_pos += ret;
		if (ret < n)
			break;
	}
	return done ?: ret;
}

static ssize_t splice_direct(struct file *in, loff_t *in_pos, struct file *out, loff_t *out_pos,
			     size_t len)
{
	ssize_t ret;
	char *buf;

	if (out->f_flags & O_APPEND || !(in->f_mode & FMODE_LSEEK) ||
	    !(in->f_mode & FMODE_UM_WHOLE))
		return -EINVAL;
	buf = kmalloc(AT_ONCE, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	ret = move(in, in_pos, out, out_pos, len, buf);
	kfree(buf);
	return ret;
}

/* What lies behind the last position that the file system has is nowhere. */
static loff_t max_pos(const struct file *file)
{
	return file->um_path && file->um_path->fs ? file->um_path->fs->max_pos : LLONG_MAX;
}

/* NULL where there is none. */
struct two {
	struct file *in, *out;
};

static struct two get_two(int in_fd, int out_fd)
{
	return (struct two){ .in = fget(in_fd), .out = fget(out_fd) };
}

static void put_two(const struct two *t)
{
	if (t->in)
		fput(t->in);
	if (t->out)
		fput(t->out);
}

/* ---- sendfile ---------------------------------------------------------------------- */

static ssize_t send(const struct two *t, int64_t *ppos, size_t count)
{
	loff_t pos, out_pos, max;
	ssize_t ret;

	if (!t->in || !(t->in->f_mode & FMODE_READ))
		return -EBADF;
	if (ppos && !(t->in->f_mode & FMODE_PREAD))
		return -ESPIPE;
	pos = ppos ? *ppos : t->in->f_pos;
	ret = um_verify_area(t->in, &pos, count);
	if (ret)
		return ret;
	count = min_t(size_t, count, MAX_RW_COUNT);
	if (!t->out || !(t->out->f_mode & FMODE_WRITE))
		return -EBADF;
	max = min(max_pos(t->in), max_pos(t->out));
	if (count && pos >= max)
		return -EOVERFLOW;
	count = min_t(size_t, count, max - pos);
	out_pos = t->out->f_pos;
	ret = um_verify_area(t->out, &out_pos, count) ?:
	      splice_direct(t->in, &pos, t->out, &out_pos, count);
	if (ret <= 0)
		return ret;
	t->out->f_pos = out_pos;
	if (ppos)
		*ppos = pos;
	else
		t->in->f_pos = pos;
	return ret;
}

ssize_t um_sendfile(int out_fd, int in_fd, int64_t *pos, size_t count)
{
	struct two two;
	ssize_t ret;

	um_syscall_enter();
	two = get_two(in_fd, out_fd);
	ret = send(&two, pos, count);
	put_two(&two);
	um_syscall_exit();
	return ret;
}

/* ---- copy_file_range --------------------------------------------------------------- */

static bool is_sort(const struct file *file, u32 sort)
{
	struct um_stat st = { 0 };

	if (file->um_path)
		um_path_getattr(file->um_path, &st);
	return (st.mode & S_IFMT) == sort;
}

static int check_files(const struct two *t)
{
	if (is_sort(t->in, S_IFDIR) || is_sort(t->out, S_IFDIR))
		return -EISDIR;
	if (!is_sort(t->in, S_IFREG) || !is_sort(t->out, S_IFREG))
		return -EINVAL;
	if (!(t->in->f_mode & FMODE_READ) || !(t->out->f_mode & FMODE_WRITE) ||
	    t->out->f_flags & O_APPEND)
		return -EBADF;
	return t->in->um_path->fs != t->out->um_path->fs ? -EXDEV : 0;
}

/* No more than there is to be read, nor over itself; the size is that of stat(). */
static int check_range(const struct two *t, loff_t in_pos, loff_t out_pos, u64 *len)
{
	struct um_stat st;

	/* as numbers without a sign: what is no position is told later */
	if (in_pos + *len < in_pos || out_pos + *len < out_pos)
		return -EOVERFLOW;
	um_path_getattr(t->in->um_path, &st);
	*len = in_pos >= (loff_t)st.size ? 0 : min_t(u64, *len, st.size - in_pos);
	if (out_pos >= max_pos(t->out))
		return -EFBIG;
	if (t->in->um_path->node == t->out->um_path->node &&
	    (loff_t)(out_pos + *len) > in_pos && out_pos < (loff_t)(in_pos + *len))
		return -EINVAL;
	return 0;
}

static ssize_t copy(const struct two *t, loff_t *in_pos, loff_t *out_pos, u64 len,
		    unsigned int flags)
{
	loff_t in = *in_pos, out = *out_pos;
	ssize_t ret;

	if (flags)
		return -EINVAL;
	ret = check_files(t) ?: check_range(t, in, out, &len) ?:
	      um_verify_area(t->in, &in, len) ?: um_verify_area(t->out, &out, len);
	if (ret || !len)
		return ret;
	ret = splice_direct(t->in, &in, t->out, &out, min_t(size_t, len, MAX_RW_COUNT));
	if (ret > 0) {
		*in_pos += ret;
		*out_pos += ret;
	}
	return ret;
}

ssize_t um_copy_file_range(int in_fd, int64_t *in_pos, int out_fd, int64_t *out_pos, size_t len,
			   unsigned int flags)
{
	ssize_t ret = -EBADF;
	struct two two;

	um_syscall_enter();
	two = get_two(in_fd, out_fd);
	if (two.in && two.out)
		ret = copy(&two, (loff_t *)(in_pos ?: (int64_t *)&two.in->f_pos),
			   (loff_t *)(out_pos ?: (int64_t *)&two.out->f_pos), len, flags);
	put_two(&two);
	um_syscall_exit();
	return ret;
}

/* ---- splice, tee ------------------------------------------------------------------- */

#define SPLICE_FLAGS	0x0f

static ssize_t need_pipes(int in_fd, int out_fd)
{
	ssize_t ret = -EBADF;
	struct two two;

	um_syscall_enter();
	two = get_two(in_fd, out_fd);
	if (two.in && two.out && two.in->f_mode & FMODE_READ && two.out->f_mode & FMODE_WRITE)
		ret = -EINVAL;
	put_two(&two);
	um_syscall_exit();
	return ret;
}

ssize_t um_splice(int in_fd, int out_fd, size_t len, unsigned int flags)
{
	if (!len)
		return 0;
	return flags & ~SPLICE_FLAGS ? -EINVAL : need_pipes(in_fd, out_fd);
}

ssize_t um_tee(int in_fd, int out_fd, size_t len, unsigned int flags)
{
	if (flags & ~SPLICE_FLAGS)
		return -EINVAL;
	return len ? need_pipes(in_fd, out_fd) : 0;
}
