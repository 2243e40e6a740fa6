/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Open files, inodes of device nodes, and what a driver gives for them.
 *
 * An inode exists here for device nodes, files of debugfs and anonymous files only,
 * a dentry for files of debugfs; there is no page cache, and no superblock. A path is
 * a string.
 */
#ifndef _LINUX_FS_H_SHIM
#define _LINUX_FS_H_SHIM

#include <linux/atomic.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/hash.h>
#include <linux/kdev_t.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/path.h>
#include <linux/radix-tree.h>
#include <linux/sched/signal.h>
#include <linux/semaphore.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/stat.h>
#include <linux/types.h>
#include <linux/uuid.h>
#include <linux/wait.h>
#include <linux/xarray.h>
#include_next <linux/fs.h>
#include "compat/levels.h"

struct cdev;
struct file;
struct inode;
struct module;
struct poll_table_struct;
struct vm_area_struct;

#define FMODE_READ		((__force fmode_t)0x1)
#define FMODE_WRITE		((__force fmode_t)0x2)
#define FMODE_LSEEK		((__force fmode_t)0x4)
#define FMODE_PREAD		((__force fmode_t)0x8)
#define FMODE_PWRITE		((__force fmode_t)0x10)
#define FMODE_EXEC		((__force fmode_t)0x20)
#define FMODE_NDELAY		((__force fmode_t)0x40)
#define FMODE_EXCL		((__force fmode_t)0x80)
#define FMODE_PATH		((__force fmode_t)0x4000)
#define FMODE_UNSIGNED_OFFSET	((__force fmode_t)0x2000)
#define FMODE_ATOMIC_POS	((__force fmode_t)0x8000)
#define FMODE_CAN_READ		((__force fmode_t)0x20000)
#define FMODE_CAN_WRITE		((__force fmode_t)0x40000)
#define FMODE_OPENED		((__force fmode_t)0x80000)
#define FMODE_STREAM		((__force fmode_t)0x200000)
/* the shim's own: a vector of buffers is one request, not one for each */
#define FMODE_UM_WHOLE		((__force fmode_t)0x40000000)

#define OPEN_FMODE(flag) ((__force fmode_t)(((flag) + 1) & O_ACCMODE))

/* the largest position in a file of a filesystem that asks for no other */
#define MAX_NON_LFS	((1UL << 31) - 1)

/* the most that one read or write moves */
#define MAX_RW_COUNT (INT_MAX & ~4095)

#define CHRDEV_MAJOR_MAX 512
#define CHRDEV_MAJOR_DYN_END 234
#define CHRDEV_MAJOR_DYN_EXT_START 511
#define CHRDEV_MAJOR_DYN_EXT_END 384

struct address_space;
struct um_path;

typedef void *fl_owner_t;

struct inode {
	umode_t i_mode;
	dev_t i_rdev;
	unsigned long i_ino;
	loff_t i_size;
	struct cdev *i_cdev;
	struct list_head i_devices;	/* on cdev->list, under the chrdev lock */
	struct address_space *i_mapping;
	const struct file_operations *i_fop;
	void *i_private;		/* of whoever made the file */
};

struct file_operations {
	struct module *owner;
	loff_t (*llseek)(struct file *, loff_t, int);
	ssize_t (*read)(struct file *, char __user *, size_t, loff_t *);
	ssize_t (*write)(struct file *, const char __user *, size_t, loff_t *);
	__poll_t (*poll)(struct file *, struct poll_table_struct *);
	long (*unlocked_ioctl)(struct file *, unsigned int, unsigned long);
	long (*compat_ioctl)(struct file *, unsigned int, unsigned long);
	int (*mmap)(struct file *, struct vm_area_struct *);
	unsigned long mmap_supported_flags;
	int (*open)(struct inode *, struct file *);
	int (*flush)(struct file *, fl_owner_t id);
	int (*release)(struct inode *, struct file *);
	int (*fsync)(struct file *, loff_t, loff_t, int datasync);
};

struct file {
	spinlock_t f_lock;
	fmode_t f_mode;
	atomic_long_t f_count;
	struct mutex f_pos_lock;
	loff_t f_pos;
	unsigned int f_flags;
	struct path f_path;		/* of files of debugfs */
	struct inode *f_inode;
	const struct file_operations *f_op;
	void *private_data;
	struct address_space *f_mapping;
	/* the shim's own: the path opened, or "anon_inode:[name]" */
	char *um_name;
	struct um_path *um_path;	/* by which it was opened, or NULL */
	struct file *um_next_fput;
	struct list_head um_epitems;	/* epolls that watch it (fs/eventpoll.c) */
	struct um_flock *um_flock;	/* fs/locks.c */
};

static inline struct inode *file_inode(const struct file *f)
{
	return f->f_inode;
}

static inline struct dentry *file_dentry(const struct file *f)
{
	return f->f_path.dentry;
}

static inline unsigned int iminor(const struct inode *inode)
{
	return MINOR(inode->i_rdev);
}

static inline unsigned int imajor(const struct inode *inode)
{
	return MAJOR(inode->i_rdev);
}

/* ---- files opened by the kernel itself -------------------------------- */

struct file *filp_open(const char *filename, int flags, umode_t mode);
int filp_close(struct file *filp, fl_owner_t id);
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos);
ssize_t kernel_write(struct file *file, const void *buf, size_t count, loff_t *pos);

/* ---- references ------------------------------------------------------ */

struct file *get_file(struct file *f);
void fput(struct file *f);
#define file_count(f) atomic_long_read(&(f)->f_count)

#define fops_get(fops) \
	(((fops) && try_module_get((fops)->owner) ? (fops) : NULL))
#define fops_put(fops) \
	do { if (fops) module_put((fops)->owner); } while (0)
#define replace_fops(f, fops)						\
	do {								\
		struct file *__file = (f);				\
		fops_put(__file->f_op);					\
		__file->f_op = (fops);					\
		BUG_ON(!__file->f_op);					\
	} while (0)

/* ---- ready-made operations ------------------------------------------- */

int nonseekable_open(struct inode *inode, struct file *filp);
int stream_open(struct inode *inode, struct file *filp);
/* as in 6.1: a file without the operation cannot seek */
#if KAPI_NO_LLSEEK
#define no_llseek NULL
#endif
loff_t noop_llseek(struct file *file, loff_t offset, int whence);
loff_t default_llseek(struct file *file, loff_t offset, int whence);
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
loff_t generic_file_llseek_size(struct file *file, loff_t offset, int whence,
				loff_t maxsize, loff_t eof);
loff_t fixed_size_llseek(struct file *file, loff_t offset, int whence,
			 loff_t size);
loff_t vfs_setpos(struct file *file, loff_t offset, loff_t maxsize);
loff_t vfs_llseek(struct file *file, loff_t offset, int whence);
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos,
				const void *from, size_t available);
ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos,
			       const void __user *from, size_t count);
ssize_t memory_read_from_buffer(void *to, size_t count, loff_t *ppos,
				const void *from, size_t available);
int simple_open(struct inode *inode, struct file *file);

/* ---- files of one number (fs/libfs.c) --------------------------------- */

int simple_attr_open(struct inode *inode, struct file *file, int (*get)(void *, u64 *),
		     int (*set)(void *, u64), const char *fmt);
int simple_attr_release(struct inode *inode, struct file *file);
ssize_t simple_attr_read(struct file *file, char __user *buf, size_t len, loff_t *ppos);
ssize_t simple_attr_write(struct file *file, const char __user *buf, size_t len,
			  loff_t *ppos);
ssize_t simple_attr_write_signed(struct file *file, const char __user *buf, size_t len,
				 loff_t *ppos);

static inline __printf(1, 2) void __simple_attr_check_format(const char *fmt, ...)
{
}

#define DEFINE_SIMPLE_ATTRIBUTE_XSIGNED(__fops, __get, __set, __fmt, __is_signed)	\
static int __fops##_open(struct inode *inode, struct file *file)		\
{										\
	__simple_attr_check_format(__fmt, 0ull);				\
	return simple_attr_open(inode, file, __get, __set, __fmt);		\
}										\
static const struct file_operations __fops = {					\
	.owner = THIS_MODULE,							\
	.open = __fops##_open,							\
	.release = simple_attr_release,						\
	.read = simple_attr_read,						\
	.write = (__is_signed) ? simple_attr_write_signed : simple_attr_write,	\
	.llseek = generic_file_llseek,						\
}
#define DEFINE_SIMPLE_ATTRIBUTE(__fops, __get, __set, __fmt)			\
	DEFINE_SIMPLE_ATTRIBUTE_XSIGNED(__fops, __get, __set, __fmt, false)
#define DEFINE_SIMPLE_ATTRIBUTE_SIGNED(__fops, __get, __set, __fmt)		\
	DEFINE_SIMPLE_ATTRIBUTE_XSIGNED(__fops, __get, __set, __fmt, true)

/* there are no programs of another word size */
#define compat_ptr_ioctl NULL
long vfs_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

static inline int call_mmap(struct file *file, struct vm_area_struct *vma)
{
	return file->f_op->mmap(file, vma);
}

/* ---- char devices ---------------------------------------------------- */

int alloc_chrdev_region(dev_t *dev, unsigned int baseminor, unsigned int count,
			const char *name);
int register_chrdev_region(dev_t from, unsigned int count, const char *name);
void unregister_chrdev_region(dev_t from, unsigned int count);
int __register_chrdev(unsigned int major, unsigned int baseminor,
		      unsigned int count, const char *name,
		      const struct file_operations *fops);
void __unregister_chrdev(unsigned int major, unsigned int baseminor,
			 unsigned int count, const char *name);

static inline int register_chrdev(unsigned int major, const char *name,
				  const struct file_operations *fops)
{
	return __register_chrdev(major, 0, 256, name, fops);
}

static inline void unregister_chrdev(unsigned int major, const char *name)
{
	__unregister_chrdev(major, 0, 256, name);
}

#endif
