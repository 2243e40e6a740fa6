// SPDX-License-Identifier: GPL-2.0-only
/*
 * read(), write(), their positioned forms, those with vectors, and lseek().
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/uio.h>

#include "check/op.h"
#include "fs/internal.h"
#include "host/host.h"
#include "kernel/sched/sched.h"
#include "umdev/umdev.h"

static bool unsigned_offsets(const struct file *file)
{
	return file->f_mode & FMODE_UNSIGNED_OFFSET;
}

int um_verify_area(const struct file *file, const loff_t *ppos, size_t count)
{
	u64 pos = ppos ? *ppos : 0;

	if ((ssize_t)count < 0)
		return -EINVAL;
	if (!ppos)
		return 0;
	if ((loff_t)pos < 0) {
		if (!unsigned_offsets(file))
			return -EINVAL;
		if (count >= -pos)
			return -EOVERFLOW;
	} else if ((loff_t)(pos + count) < 0 && !unsigned_offsets(file)) {
		return -EINVAL;
	}
	return 0;
}

/* A driver that claims more than it was asked for has a user believe in bytes that are none. */
static void check_result(ssize_t ret, size_t count, const void *fn)
{
	char name[256] = "a driver";

	if (likely(ret < 0 || (size_t)ret <= count))
		return;
	host_symbolize((const char *)fn + 1, name, sizeof(name));
	um_splat("user memory", "%s returned %zd for a request of %zu bytes", name, ret, count);
}

/* The buffer that the task's copies are to stay in; with calls within calls the inner one. */
struct user_buffer {
	unsigned long start, size;
};

static struct user_buffer set_buffer(struct user_buffer new)
{
	struct um_op_task *t = &um_this()->op;
	struct user_buffer old = { .start = t->user_start, .size = t->user_size };

	t->user_start = new.start;
	t->user_size = new.size;
	return old;
}

ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct user_buffer outer;
	ssize_t ret;
	int err;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_READ))
		return -EINVAL;
	if (!access_ok(buf, count))
		return -EFAULT;
	err = um_verify_area(file, pos, count);
	if (err)
		return err;
	count = min_t(size_t, count, MAX_RW_COUNT);
	outer = set_buffer((struct user_buffer){ (unsigned long)buf, count });
	ret = file->f_op->read(file, buf, count, pos);
	set_buffer(outer);
	check_result(ret, count, file->f_op->read);
	return ret;
}

ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct user_buffer outer;
	ssize_t ret;
	int err;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_WRITE))
		return -EINVAL;
	if (!access_ok(buf, count))
		return -EFAULT;
	err = um_verify_area(file, pos, count);
	if (err)
		return err;
	count = min_t(size_t, count, MAX_RW_COUNT);
	outer = set_buffer((struct user_buffer){ (unsigned long)buf, count });
	ret = file->f_op->write(file, buf, count, pos);
	set_buffer(outer);
	check_result(ret, count, file->f_op->write);
	return ret;
}

/* ---- from inside the kernel ------------------------------------------ */

static ssize_t not_supported(struct file *file, const char *what)
{
	pr_warn_ratelimited("kernel %s not supported for file %pD4 (pid: %d comm: %.20s)\n", what,
			    file, current->pid, current->comm);
	return -EINVAL;
}

/**
 * kernel_read() - read a file into memory of the kernel's
 * @file:  the file, open for reading
 * @buf:   where to
 * @count: bytes wanted
 * @pos:   where from; moved on
 *
 * As from Linux 5.10 on only files whose operation takes any sort of memory can be
 * read: those of sysfs; a driver's own read() takes a user's.
 *
 * Context: may sleep.
 * Return: bytes, or a negative errno.
 */
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	ssize_t ret = um_verify_area(file, pos, count);
	void *user;

	if (ret)
		return ret;
	if (WARN_ON_ONCE(!(file->f_mode & FMODE_READ)) || !(file->f_mode & FMODE_CAN_READ))
		return -EINVAL;
	if (!(file->f_mode & FMODE_UM_WHOLE))
		return not_supported(file, "read");
	count = min_t(size_t, count, MAX_RW_COUNT);
	user = um_user_alloc(count ?: 1);
	if (!user)
		return -ENOMEM;
	ret = vfs_read(file, user, count, pos);
	if (ret > 0)
		memcpy(buf, um_user_ptr(user), ret);
	um_user_free(user);
	return ret;
}
EXPORT_SYMBOL(kernel_read);

/**
 * kernel_write() - write memory of the kernel's to a file
 * @file:  the file, open for writing
 * @buf:   the bytes
 * @count: how many
 * @pos:   where to; moved on
 *
 * As for kernel_read() a file of sysfs.
 *
 * Context: may sleep.
 * Return: bytes, or a negative errno.
 */
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos)
{
	ssize_t ret = um_verify_area(file, pos, count);
	void *user;

	if (ret)
		return ret;
	if (WARN_ON_ONCE(!(file->f_mode & FMODE_WRITE)))
		return -EBADF;
	if (!(file->f_mode & FMODE_CAN_WRITE))
		return -EINVAL;
	if (!(file->f_mode & FMODE_UM_WHOLE))
		return not_supported(file, "write");
	count = min_t(size_t, count, MAX_RW_COUNT);
	user = um_user_alloc(count ?: 1);
	if (!user)
		return -ENOMEM;
	memcpy(um_user_ptr(user), buf, count);
	ret = vfs_write(file, user, count, pos);
	um_user_free(user);
	return ret;
}
EXPORT_SYMBOL(kernel_write);

/* ---- at the file's own position -------------------------------------- */

static void pos_lock(struct file *file)
{
	if (file->f_mode & FMODE_ATOMIC_POS)
		mutex_lock(&file->f_pos_lock);
}

static void pos_unlock(struct file *file)
{
	if (file->f_mode & FMODE_ATOMIC_POS)
		mutex_unlock(&file->f_pos_lock);
}

static ssize_t rw(int fd, void __user *buf, size_t count, bool write)
{
	struct file *file = fget(fd);
	loff_t pos, *ppos = NULL;
	ssize_t ret;

	if (!file)
		return -EBADF;
	pos_lock(file);
	if (!(file->f_mode & FMODE_STREAM)) {
		pos = READ_ONCE(file->f_pos);
		ppos = &pos;
	}
	ret = write ? vfs_write(file, buf, count, ppos) : vfs_read(file, buf, count, ppos);
	if (ret >= 0 && ppos)
		WRITE_ONCE(file->f_pos, pos);
	pos_unlock(file);
	fput(file);
	return ret;
}

ssize_t um_read(int fd, void *user_buf, size_t count)
{
	ssize_t ret;

	um_syscall_enter();
	ret = rw(fd, user_buf, count, false);
	um_syscall_exit();
	return ret;
}

ssize_t um_write(int fd, const void *user_buf, size_t count)
{
	ssize_t ret;

	um_syscall_enter();
	ret = rw(fd, (void __user *)user_buf, count, true);
	um_syscall_exit();
	return ret;
}

/* ---- at a given position --------------------------------------------- */

static ssize_t prw(int fd, void __user *buf, size_t count, loff_t pos, bool write)
{
	struct file *file;
	ssize_t ret = -ESPIPE;

	if (pos < 0)
		return -EINVAL;
	file = fget(fd);
	if (!file)
		return -EBADF;
	if (write && file->f_mode & FMODE_PWRITE)
		ret = vfs_write(file, buf, count, &pos);
	else if (!write && file->f_mode & FMODE_PREAD)
		ret = vfs_read(file, buf, count, &pos);
	fput(file);
	return ret;
}

ssize_t um_pread(int fd, void *user_buf, size_t count, int64_t pos)
{
	ssize_t ret;

	um_syscall_enter();
	ret = prw(fd, user_buf, count, pos, false);
	um_syscall_exit();
	return ret;
}

ssize_t um_pwrite(int fd, const void *user_buf, size_t count, int64_t pos)
{
	ssize_t ret;

	um_syscall_enter();
	ret = prw(fd, (void __user *)user_buf, count, pos, true);
	um_syscall_exit();
	return ret;
}

/* ---- vectors --------------------------------------------------------- */

/*
 * A driver with plain read() and write() is called once for each buffer. A
 * file with FMODE_UM_WHOLE takes them as one: they are put together here, in
 * user memory of the shim's own.
 */
static ssize_t vector_size(const struct um_iovec *vec, unsigned int n)
{
	size_t total = 0;
	unsigned int i;

	if (n > UIO_MAXIOV)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		if ((ssize_t)vec[i].len < 0)
			return -EINVAL;
		total += min_t(size_t, vec[i].len, MAX_RW_COUNT - total);
	}
	return total;
}

static ssize_t rw_each(struct file *file, const struct um_iovec *vec, unsigned int n,
		       loff_t *ppos, bool write)
{
	ssize_t done = 0, ret;
	unsigned int i;

	for (i = 0; i < n; i++) {
		ret = write ? vfs_write(file, vec[i].base, vec[i].len, ppos) :
			      vfs_read(file, vec[i].base, vec[i].len, ppos);
		if (ret < 0)
			return done ?: ret;
		done += ret;
		if ((size_t)ret != vec[i].len)
			break;
	}
	return done;
}

/* Between the vector and @whole; false when a buffer cannot be reached. */
static bool move(const struct um_iovec *vec, unsigned int n, char *whole, size_t size, bool in)
{
	unsigned int i;

	for (i = 0; i < n && size; i++) {
		size_t len = min_t(size_t, vec[i].len, size);

		if (in ? copy_from_user(whole, vec[i].base, len) :
			 copy_to_user(vec[i].base, whole, len))
			return false;
		whole += len;
		size -= len;
	}
	return true;
}

static ssize_t rw_whole(struct file *file, const struct um_iovec *vec, unsigned int n,
			size_t size, loff_t *ppos, bool write)
{
	void *user = um_user_alloc(size ?: 1);
	ssize_t ret = -EFAULT;

	if (!user)
		return -ENOMEM;
	if (!write)
		ret = vfs_read(file, user, size, ppos);
	else if (move(vec, n, um_user_ptr(user), size, true))
		ret = vfs_write(file, user, size, ppos);
	if (!write && ret > 0 && !move(vec, n, um_user_ptr(user), ret, false))
		ret = -EFAULT;
	um_user_free(user);
	return ret;
}

static ssize_t rw_vector(int fd, const struct um_iovec *vec, unsigned int n, bool write)
{
	ssize_t size = vector_size(vec, n), ret;
	struct file *file = fget(fd);
	loff_t pos, *ppos = NULL;

	if (!file)
		return -EBADF;
	pos_lock(file);
	if (!(file->f_mode & FMODE_STREAM)) {
		pos = READ_ONCE(file->f_pos);
		ppos = &pos;
	}
	if (!(file->f_mode & (write ? FMODE_WRITE : FMODE_READ)))
		ret = -EBADF;
	else if (!(file->f_mode & (write ? FMODE_CAN_WRITE : FMODE_CAN_READ)))
		ret = -EINVAL;
	else if (size <= 0)
		ret = size;
	else if (file->f_mode & FMODE_UM_WHOLE)
		ret = rw_whole(file, vec, n, size, ppos, write);
	else
		ret = rw_each(file, vec, n, ppos, write);
	if (ret >= 0 && ppos)
		WRITE_ONCE(file->f_pos, pos);
	pos_unlock(file);
	fput(file);
	return ret;
}

ssize_t um_readv(int fd, const struct um_iovec *vec, unsigned int n)
{
	ssize_t ret;

	um_syscall_enter();
	ret = rw_vector(fd, vec, n, false);
	um_syscall_exit();
	return ret;
}

ssize_t um_writev(int fd, const struct um_iovec *vec, unsigned int n)
{
	ssize_t ret;

	um_syscall_enter();
	ret = rw_vector(fd, vec, n, true);
	um_syscall_exit();
	return ret;
}

/* ---- seeking --------------------------------------------------------- */

/**
 * vfs_setpos() - set the position, if it is one the file may have
 * @file: the file
 * @offset: bytes from the start; below 0 only with FMODE_UNSIGNED_OFFSET
 * @maxsize: the largest position
 *
 * Return: @offset, or -EINVAL and the position stays.
 */
loff_t vfs_setpos(struct file *file, loff_t offset, loff_t maxsize)
{
	if (offset < 0 && !unsigned_offsets(file))
		return -EINVAL;
	if (offset > maxsize)
		return -EINVAL;
	WRITE_ONCE(file->f_pos, offset);
	return offset;
}
EXPORT_SYMBOL(vfs_setpos);

/**
 * generic_file_llseek_size() - an llseek operation with limits of one's own
 * @file: the file
 * @offset: bytes
 * @whence: SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA or SEEK_HOLE
 * @maxsize: the largest position
 * @eof: where SEEK_END and the one hole are
 *
 * Context: process context, as llseek() of a file is called.
 *
 * Return: the new position; -EINVAL; -ENXIO for SEEK_DATA or SEEK_HOLE at the
 * end or beyond.
 */
loff_t generic_file_llseek_size(struct file *file, loff_t offset, int whence,
				loff_t maxsize, loff_t eof)
{
	switch (whence) {
	case SEEK_END:
		offset += eof;
		break;
	case SEEK_CUR:
		if (!offset)
			return READ_ONCE(file->f_pos);
		spin_lock(&file->f_lock);
		offset = vfs_setpos(file, file->f_pos + offset, maxsize);
		spin_unlock(&file->f_lock);
		return offset;
	case SEEK_DATA:
		if ((u64)offset >= (u64)eof)
			return -ENXIO;
		break;
	case SEEK_HOLE:
		if ((u64)offset >= (u64)eof)
			return -ENXIO;
		offset = eof;
		break;
	}
	return vfs_setpos(file, offset, maxsize);
}
EXPORT_SYMBOL(generic_file_llseek_size);

/**
 * generic_file_llseek() - an llseek operation for a file of the inode's size
 * @file: the file
 * @offset: bytes
 * @whence: SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA or SEEK_HOLE
 *
 * All is data up to the end, where the one hole is. Positions go up to
 * LLONG_MAX, as in the files of /dev.
 *
 * Context: process context, as llseek() of a file is called.
 *
 * Return: the new position; -EINVAL; -ENXIO for SEEK_DATA or SEEK_HOLE at the
 * end or beyond.
 */
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence)
{
	return generic_file_llseek_size(file, offset, whence, LLONG_MAX, file_inode(file)->i_size);
}
EXPORT_SYMBOL(generic_file_llseek);

/**
 * default_llseek() - the llseek operation of drivers that name it
 * @file: the file
 * @offset: bytes
 * @whence: SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA or SEEK_HOLE
 *
 * Unlike for the generic one SEEK_DATA and SEEK_HOLE below 0 lie before the
 * end.
 *
 * Context: process context, as llseek() of a file is called.
 *
 * Return: the new position; -EINVAL; -ENXIO for SEEK_DATA or SEEK_HOLE at the
 * end or beyond.
 */
loff_t default_llseek(struct file *file, loff_t offset, int whence)
{
	loff_t eof = file_inode(file)->i_size;

	if (whence == SEEK_DATA || whence == SEEK_HOLE) {
		if (offset >= eof)
			return -ENXIO;
		return vfs_setpos(file, whence == SEEK_HOLE ? eof : offset, LLONG_MAX);
	}
	return generic_file_llseek_size(file, offset, whence, LLONG_MAX, eof);
}
EXPORT_SYMBOL(default_llseek);

/**
 * fixed_size_llseek() - an llseek operation for a device of a known size
 * @file: the file
 * @offset: bytes
 * @whence: SEEK_SET, SEEK_CUR or SEEK_END
 * @size: of the device in bytes; the position may be there, not beyond
 *
 * Context: process context, as llseek() of a file is called.
 *
 * Return: the new position, or -EINVAL.
 */
loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence, loff_t size)
{
	switch (whence) {
	case SEEK_SET:
	case SEEK_CUR:
	case SEEK_END:
		return generic_file_llseek_size(file, offset, whence, size, size);
	default:
		return -EINVAL;
	}
}
EXPORT_SYMBOL(fixed_size_llseek);

/**
 * noop_llseek() - an llseek operation that moves nothing
 * @file: the file
 * @offset: not looked at
 * @whence: not looked at
 *
 * Return: the position.
 */
loff_t noop_llseek(struct file *file, loff_t offset, int whence)
{
	return file->f_pos;
}
EXPORT_SYMBOL(noop_llseek);

/**
 * vfs_llseek() - move the position of a file by its own operation
 * @file: the file
 * @offset: bytes
 * @whence: one of SEEK_...
 *
 * Context: as the operation; may sleep.
 *
 * Return: the new position; -ESPIPE for a file that has none, or as the
 * operation.
 */
loff_t vfs_llseek(struct file *file, loff_t offset, int whence)
{
	if (!(file->f_mode & FMODE_LSEEK))
		return -ESPIPE;
	return file->f_op->llseek(file, offset, whence);
}
EXPORT_SYMBOL(vfs_llseek);

static loff_t do_lseek(int fd, loff_t pos, int whence)
{
	struct file *file = fget(fd);
	loff_t ret = -EINVAL;

	if (!file)
		return -EBADF;
	pos_lock(file);
	if (whence >= SEEK_SET && whence <= SEEK_MAX)
		ret = vfs_llseek(file, pos, whence);
	pos_unlock(file);
	fput(file);
	return ret;
}

int64_t um_lseek(int fd, int64_t pos, int whence)
{
	loff_t ret;

	um_syscall_enter();
	ret = do_lseek(fd, pos, whence);
	um_syscall_exit();
	return ret;
}
