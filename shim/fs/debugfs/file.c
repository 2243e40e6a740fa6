// SPDX-License-Identifier: GPL-2.0-only
/*
 * What runs in the files of debugfs, against their removal.
 *
 * A file has operations of debugfs until it is opened. These call the driver's
 * open(), with its module pinned, and then the driver's operations take their
 * place: either directly, and then the driver says by debugfs_file_get() and
 * debugfs_file_put() what removal has to wait for; or through proxies that do that
 * around each call.
 *
 * A file that nobody has used has no count of users: the first makes it.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/export.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pm_runtime.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "fs/debugfs/internal.h"

/* ---- users ---------------------------------------------------------------- */

static struct debugfs_users *users_of(struct dentry *dentry)
{
	struct debugfs_users *users = READ_ONCE(dentry->d_fsdata), *first;

	if (users)
		return users;
	users = kmalloc(sizeof(*users), GFP_KERNEL);
	if (!users)
		return NULL;
	refcount_set(&users->active, 1);
	init_completion(&users->drained);
	first = cmpxchg(&dentry->d_fsdata, NULL, users);
	if (!first)
		return users;
	kfree(users);
	return first;
}

/**
 * debugfs_file_get() - until debugfs_file_put() the file is not removed
 * @dentry: of the file
 *
 * Context: may sleep. debugfs_remove() waits, so the caller may not call it.
 * Return: 0; -EIO when the file has been removed, and what it leads to may be gone;
 * -ENOMEM; -EINVAL, with a splat, for what is no file.
 */
int debugfs_file_get(struct dentry *dentry)
{
	struct debugfs_users *users;

	if (WARN_ON(!S_ISREG(READ_ONCE(d_inode(dentry)->i_mode))))
		return -EINVAL;
	users = users_of(dentry);
	if (!users)
		return -ENOMEM;
	/* behind cmpxchg(), see wait_for_users() */
	if (d_unlinked(dentry) || !refcount_inc_not_zero(&users->active))
		return -EIO;
	return 0;
}
EXPORT_SYMBOL_GPL(debugfs_file_get);

/**
 * debugfs_file_put() - end debugfs_file_get()
 * @dentry: of the file
 *
 * Context: the task that got it, or another; a debugfs_remove() that waits
 * goes on.
 */
void debugfs_file_put(struct dentry *dentry)
{
	struct debugfs_users *users = READ_ONCE(dentry->d_fsdata);

	if (refcount_dec_and_test(&users->active))
		complete(&users->drained);
}
EXPORT_SYMBOL_GPL(debugfs_file_put);

/**
 * debugfs_real_fops() - the operations that a file was made with
 * @filp: an open file of debugfs, after debugfs_file_get(); NULL and a splat before
 *
 * Return: the operations.
 */
const struct file_operations *debugfs_real_fops(const struct file *filp)
{
	if (WARN_ON(!READ_ONCE(file_dentry(filp)->d_fsdata)))
		return NULL;
	return to_entry(file_dentry(filp))->fops;
}
EXPORT_SYMBOL_GPL(debugfs_real_fops);

/* ---- opening -------------------------------------------------------------- */

/* The driver's operations, with its module pinned; and the caller is a user then. */
static const struct file_operations *open_begin(struct file *filp)
{
	struct dentry *dentry = file_dentry(filp);
	const struct file_operations *fops;
	int err = debugfs_file_get(dentry);

	if (err)
		return ERR_PTR(err == -EIO ? -ENOENT : err);
	fops = debugfs_real_fops(filp);
	if (fops_get(fops))
		return fops;
	/* unloading, and about to remove it; or unloaded, and it was forgotten */
	WARN(!fops->owner || fops->owner->state != MODULE_STATE_GOING,
	     "debugfs file owner did not clean up at exit: %pd", dentry);
	debugfs_file_put(dentry);
	return ERR_PTR(-ENXIO);
}

static int open_proxy_open(struct inode *inode, struct file *filp)
{
	const struct file_operations *fops = open_begin(filp);
	int err = 0;

	if (IS_ERR(fops))
		return PTR_ERR(fops);
	replace_fops(filp, fops);
	if (fops->open)
		err = fops->open(inode, filp);
	debugfs_file_put(file_dentry(filp));
	return err;
}

const struct file_operations debugfs_open_proxy_file_operations = {
	.open = open_proxy_open,
};

/* ---- proxies -------------------------------------------------------------- */

#define PROXY(name, type, removed, arguments, ...)			\
static type proxy_##name arguments					\
{									\
	struct dentry *dentry = file_dentry(filp);			\
	type ret = debugfs_file_get(dentry);				\
									\
	if (ret)							\
		return removed;						\
	ret = debugfs_real_fops(filp)->name(__VA_ARGS__);		\
	debugfs_file_put(dentry);					\
	return ret;							\
}

PROXY(llseek, loff_t, ret, (struct file *filp, loff_t offset, int whence), filp, offset, whence)
PROXY(read, ssize_t, ret, (struct file *filp, char __user *buf, size_t size, loff_t *ppos),
      filp, buf, size, ppos)
PROXY(write, ssize_t, ret,
      (struct file *filp, const char __user *buf, size_t size, loff_t *ppos),
      filp, buf, size, ppos)
PROXY(unlocked_ioctl, long, ret, (struct file *filp, unsigned int cmd, unsigned long arg),
      filp, cmd, arg)
PROXY(poll, __poll_t, EPOLLHUP, (struct file *filp, struct poll_table_struct *wait), filp, wait)

/* Also of a file that was removed: the driver frees what its open() made. */
static int proxy_release(struct inode *inode, struct file *filp)
{
	const struct file_operations *fops = debugfs_real_fops(filp), *proxies = filp->f_op;
	int ret = fops->release ? fops->release(inode, filp) : 0;

	replace_fops(filp, inode->i_fop);
	kfree(proxies);
	fops_put(fops);
	return ret;
}

static struct file_operations *proxies_of(const struct file_operations *fops)
{
	struct file_operations *proxies = kzalloc(sizeof(*proxies), GFP_KERNEL);

	if (!proxies)
		return NULL;
	proxies->release = proxy_release;
	if (fops->llseek)
		proxies->llseek = proxy_llseek;
	if (fops->read)
		proxies->read = proxy_read;
	if (fops->write)
		proxies->write = proxy_write;
	if (fops->poll)
		proxies->poll = proxy_poll;
	if (fops->unlocked_ioctl)
		proxies->unlocked_ioctl = proxy_unlocked_ioctl;
	return proxies;
}

static int full_proxy_open(struct inode *inode, struct file *filp)
{
	const struct file_operations *fops = open_begin(filp);
	struct file_operations *proxies;
	int err = -ENOMEM;

	if (IS_ERR(fops))
		return PTR_ERR(fops);
	proxies = proxies_of(fops);
	if (!proxies)
		goto put_fops;
	replace_fops(filp, proxies);
	err = fops->open ? fops->open(inode, filp) : 0;
	if (err) {
		replace_fops(filp, inode->i_fop);
		goto free_proxies;
	}
	if (WARN(filp->f_op != proxies, "debugfs file owner replaced proxy fops: %pd",
		 file_dentry(filp)))
		goto free_proxies;
	debugfs_file_put(file_dentry(filp));
	return 0;

free_proxies:
	kfree(proxies);
put_fops:
	fops_put(fops);
	debugfs_file_put(file_dentry(filp));
	return err;
}

const struct file_operations debugfs_full_proxy_file_operations = {
	.open = full_proxy_open,
};

/* ---- a file without operations -------------------------------------------- */

static ssize_t read_nothing(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	return 0;
}

static ssize_t write_nothing(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	return count;
}

const struct file_operations debugfs_noop_file_operations = {
	.read = read_nothing,
	.write = write_nothing,
	.open = simple_open,
	.llseek = noop_llseek,
};

/* ---- numbers -------------------------------------------------------------- */

/**
 * debugfs_attr_read() - simple_attr_read() against removal
 * @file: as for that
 * @buf:  likewise
 * @len:  likewise
 * @ppos: likewise
 *
 * Context: may sleep.
 * Return: as that, or -EIO when the file has been removed.
 */
ssize_t debugfs_attr_read(struct file *file, char __user *buf, size_t len, loff_t *ppos)
{
	ssize_t ret = debugfs_file_get(file_dentry(file));

	if (ret)
		return ret;
	ret = simple_attr_read(file, buf, len, ppos);
	debugfs_file_put(file_dentry(file));
	return ret;
}
EXPORT_SYMBOL_GPL(debugfs_attr_read);

/**
 * debugfs_attr_write() - simple_attr_write() against removal
 * @file: as for that
 * @buf:  likewise
 * @len:  likewise
 * @ppos: likewise
 *
 * Context: may sleep.
 * Return: as that, or -EIO when the file has been removed.
 */
ssize_t debugfs_attr_write(struct file *file, const char __user *buf, size_t len, loff_t *ppos)
{
	ssize_t ret = debugfs_file_get(file_dentry(file));

	if (ret)
		return ret;
	ret = simple_attr_write(file, buf, len, ppos);
	debugfs_file_put(file_dentry(file));
	return ret;
}
EXPORT_SYMBOL_GPL(debugfs_attr_write);

/**
 * debugfs_attr_write_signed() - simple_attr_write_signed() against removal
 * @file: as for that
 * @buf:  likewise
 * @len:  likewise
 * @ppos: likewise
 *
 * Context: may sleep.
 * Return: as that, or -EIO when the file has been removed.
 */
ssize_t debugfs_attr_write_signed(struct file *file, const char __user *buf, size_t len,
				  loff_t *ppos)
{
	ssize_t ret = debugfs_file_get(file_dentry(file));

	if (ret)
		return ret;
	ret = simple_attr_write_signed(file, buf, len, ppos);
	debugfs_file_put(file_dentry(file));
	return ret;
}
EXPORT_SYMBOL_GPL(debugfs_attr_write_signed);

/* Operations by what a file's mode lets one do. */
struct fops_by_mode {
	const struct file_operations *both, *read, *write;
};

static struct dentry *create_by_mode(const char *name, umode_t mode, struct dentry *parent,
				     void *value, const struct fops_by_mode *fops)
{
	return debugfs_create_file_unsafe(name, mode, parent, value,
					  !(mode & S_IWUGO) ? fops->read :
					  !(mode & S_IRUGO) ? fops->write : fops->both);
}

/* what the last two of them that had a result give, and how */
#if KAPI_ABI_DEBUGFS_VARIABLE_DENTRY
#define OLD_RESULT	struct dentry *
#define OLD_GIVES	return
#else
#define OLD_RESULT	void
#define OLD_GIVES	(void)
#endif

#define ACCESS(name, type)						\
static int get_##name(void *data, u64 *val)				\
{									\
	*val = READ_ONCE(*(type *)data);				\
	return 0;							\
}									\
static int set_##name(void *data, u64 val)				\
{									\
	WRITE_ONCE(*(type *)data, val);					\
	return 0;							\
}

/*
 * debugfs_create_u8() and its like - a file of a variable: decimal, or (x) hexadecimal;
 * what is written is cut to its size. By @mode it can be read, written, or both. As
 * debugfs_create_file(), without a result; debugfs_create_ulong() has it until 5.13.
 */
#define NUMBER_AS(result, gives, name, type, access, format, define)	\
define(name##_both, get_##access, set_##access, format);		\
define(name##_read, get_##access, NULL, format);			\
define(name##_write, NULL, set_##access, format);			\
static const struct fops_by_mode name##_fops = {			\
	&name##_both, &name##_read, &name##_write,			\
};									\
result debugfs_create_##name(const char *file, umode_t mode, struct dentry *parent,	\
			     type *value)				\
{									\
	gives create_by_mode(file, mode, parent, value, &name##_fops);	\
}									\
EXPORT_SYMBOL_GPL(debugfs_create_##name)
#define NUMBER(...)	NUMBER_AS(void, (void), __VA_ARGS__)

ACCESS(u8, u8)
ACCESS(u16, u16)
ACCESS(u32, u32)
ACCESS(u64, u64)
ACCESS(ulong, unsigned long)

NUMBER(u8, u8, u8, "%llu\n", DEFINE_DEBUGFS_ATTRIBUTE);
NUMBER(u16, u16, u16, "%llu\n", DEFINE_DEBUGFS_ATTRIBUTE);
NUMBER(u32, u32, u32, "%llu\n", DEFINE_DEBUGFS_ATTRIBUTE);
NUMBER(u64, u64, u64, "%llu\n", DEFINE_DEBUGFS_ATTRIBUTE);
NUMBER_AS(OLD_RESULT, OLD_GIVES, ulong, unsigned long, ulong, "%llu\n",
	  DEFINE_DEBUGFS_ATTRIBUTE);
NUMBER(size_t, size_t, ulong, "%llu\n", DEFINE_DEBUGFS_ATTRIBUTE);
NUMBER(x8, u8, u8, "0x%02llx\n", DEFINE_DEBUGFS_ATTRIBUTE);
NUMBER(x16, u16, u16, "0x%04llx\n", DEFINE_DEBUGFS_ATTRIBUTE);
NUMBER(x32, u32, u32, "0x%08llx\n", DEFINE_DEBUGFS_ATTRIBUTE);
NUMBER(x64, u64, u64, "0x%016llx\n", DEFINE_DEBUGFS_ATTRIBUTE);

static int get_atomic(void *data, u64 *val)
{
	*val = atomic_read((atomic_t *)data);
	return 0;
}

static int set_atomic(void *data, u64 val)
{
	atomic_set((atomic_t *)data, val);
	return 0;
}
NUMBER(atomic_t, atomic_t, atomic, "%lld\n", DEFINE_DEBUGFS_ATTRIBUTE_SIGNED);

/* ---- truth ---------------------------------------------------------------- */

/**
 * debugfs_read_file_bool() - the read operation of a file whose data is a bool
 * @file:     whose private_data is its address
 * @user_buf: user memory
 * @count:    bytes wanted
 * @ppos:     position
 *
 * Context: may sleep.
 * Return: bytes of "Y\n" or "N\n", -EIO when the file has been removed, or as
 * simple_read_from_buffer().
 */
ssize_t debugfs_read_file_bool(struct file *file, char __user *user_buf, size_t count,
			       loff_t *ppos)
{
	int err = debugfs_file_get(file_dentry(file));
	bool val;

	if (err)
		return err;
	val = READ_ONCE(*(bool *)file->private_data);
	debugfs_file_put(file_dentry(file));
	return simple_read_from_buffer(user_buf, count, ppos, val ? "Y\n" : "N\n", 2);
}
EXPORT_SYMBOL_GPL(debugfs_read_file_bool);

/**
 * debugfs_write_file_bool() - the write operation of a file whose data is a bool
 * @file:     whose private_data is its address
 * @user_buf: user memory: what kstrtobool() takes
 * @count:    bytes
 * @ppos:     not looked at
 *
 * Context: may sleep.
 * Return: @count, also for what says neither yes nor no, which is ignored; -EIO when the
 * file has been removed.
 */
ssize_t debugfs_write_file_bool(struct file *file, const char __user *user_buf, size_t count,
				loff_t *ppos)
{
	bool val;
	int err;

	if (kstrtobool_from_user(user_buf, count, &val))
		return count;
	err = debugfs_file_get(file_dentry(file));
	if (err)
		return err;
	WRITE_ONCE(*(bool *)file->private_data, val);
	debugfs_file_put(file_dentry(file));
	return count;
}
EXPORT_SYMBOL_GPL(debugfs_write_file_bool);

#define TEXT_FOPS(name, reads, writes)					\
static const struct file_operations name = {				\
	.read = reads, .write = writes, .open = simple_open, .llseek = default_llseek,	\
}
TEXT_FOPS(bool_both, debugfs_read_file_bool, debugfs_write_file_bool);
TEXT_FOPS(bool_read, debugfs_read_file_bool, NULL);
TEXT_FOPS(bool_write, NULL, debugfs_write_file_bool);

/**
 * debugfs_create_bool() - a file of a bool: "Y" or "N"
 * @name:   as for debugfs_create_file()
 * @mode:   likewise; says whether it can be read, written, or both
 * @parent: likewise
 * @value:  the variable
 *
 * Context: may sleep.
 * Return: nothing; until 5.13 as debugfs_create_file().
 */
OLD_RESULT debugfs_create_bool(const char *name, umode_t mode, struct dentry *parent, bool *value)
{
	static const struct fops_by_mode fops = { &bool_both, &bool_read, &bool_write };

	OLD_GIVES create_by_mode(name, mode, parent, value, &fops);
}
EXPORT_SYMBOL_GPL(debugfs_create_bool);

/* ---- text and bytes ------------------------------------------------------- */

static ssize_t read_str(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	ssize_t ret = debugfs_file_get(file_dentry(file));
	char *text;

	if (ret)
		return ret;
	text = kasprintf(GFP_KERNEL, "%s\n", *(char **)file->private_data);
	debugfs_file_put(file_dentry(file));
	if (!text)
		return -ENOMEM;
	ret = simple_read_from_buffer(buf, count, ppos, text, strlen(text));
	kfree(text);
	return ret;
}

static ssize_t write_str(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	return -EINVAL;
}
TEXT_FOPS(str_both, read_str, write_str);
TEXT_FOPS(str_read, read_str, NULL);
TEXT_FOPS(str_write, NULL, write_str);

/**
 * debugfs_create_str() - a file of a string
 * @name:   as for debugfs_create_file()
 * @mode:   likewise; what is written is -EINVAL
 * @parent: likewise
 * @value:  where the string is; no NULL in either, or there is a splat and no file
 *
 * Linux exports it from 6.4 on.
 *
 * Context: may sleep.
 */
void debugfs_create_str(const char *name, umode_t mode, struct dentry *parent, char **value)
{
	static const struct fops_by_mode fops = { &str_both, &str_read, &str_write };

	if (WARN_ON(!value || !*value))
		return;
	create_by_mode(name, mode, parent, value, &fops);
}
EXPORT_SYMBOL_GPL(debugfs_create_str);

static ssize_t read_blob(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct debugfs_blob_wrapper *blob = file->private_data;
	ssize_t ret = debugfs_file_get(file_dentry(file));

	if (ret)
		return ret;
	ret = simple_read_from_buffer(buf, count, ppos, blob->data, blob->size);
	debugfs_file_put(file_dentry(file));
	return ret;
}
TEXT_FOPS(blob_fops, read_blob, NULL);

/**
 * debugfs_create_blob() - a file of bytes
 * @name:   as for debugfs_create_file()
 * @mode:   likewise; it can only be read
 * @parent: likewise
 * @blob:   says where they are; stays as long as the file
 *
 * Context: may sleep.
 * Return: as debugfs_create_file().
 */
struct dentry *debugfs_create_blob(const char *name, umode_t mode, struct dentry *parent,
				   struct debugfs_blob_wrapper *blob)
{
	return debugfs_create_file_unsafe(name, mode & 0444, parent, blob, &blob_fops);
}
EXPORT_SYMBOL_GPL(debugfs_create_blob);

/* What the numbers are when it is opened. */
static int u32_array_open(struct inode *inode, struct file *file)
{
	struct debugfs_u32_array *data = inode->i_private;
	size_t size = data->n_elements * strlen("4294967295 ") + 1, n = 0;
	char *text = kmalloc(size, GFP_KERNEL);
	u32 i;

	if (!text)
		return -ENOMEM;
	text[0] = '\0';
	for (i = 0; i < data->n_elements; i++)
		n += scnprintf(text + n, size - n, "%u%c", data->array[i],
			       i + 1 < data->n_elements ? ' ' : '\n');
	file->private_data = text;
	return nonseekable_open(inode, file);
}

static ssize_t u32_array_read(struct file *file, char __user *buf, size_t len, loff_t *ppos)
{
	return simple_read_from_buffer(buf, len, ppos, file->private_data,
				       strlen(file->private_data));
}

static int u32_array_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations u32_array_fops = {
	.open = u32_array_open,
	.release = u32_array_release,
	.read = u32_array_read,
	.llseek = no_llseek,
};

/**
 * debugfs_create_u32_array() - a file of numbers, in one line
 * @name:   as for debugfs_create_file()
 * @mode:   likewise; it can only be read
 * @parent: likewise
 * @array:  says where they are; stays as long as the file
 *
 * Context: may sleep.
 */
void debugfs_create_u32_array(const char *name, umode_t mode, struct dentry *parent,
			      struct debugfs_u32_array *array)
{
	debugfs_create_file_unsafe(name, mode, parent, array, &u32_array_fops);
}
EXPORT_SYMBOL_GPL(debugfs_create_u32_array);

/* ---- registers ------------------------------------------------------------ */

/**
 * debugfs_print_regs32() - print registers of 32 bits, a line each
 * @s:      the file of records
 * @regs:   their names and offsets
 * @nregs:  how many
 * @base:   of the registers
 * @prefix: of each line, or NULL
 *
 * Context: may sleep.
 */
void debugfs_print_regs32(struct seq_file *s, const struct debugfs_reg32 *regs, int nregs,
			  void __iomem *base, char *prefix)
{
	int i;

	for (i = 0; i < nregs && !seq_has_overflowed(s); i++)
		seq_printf(s, "%s%s = 0x%08x\n", prefix ?: "", regs[i].name,
			   readl(base + regs[i].offset));
}
EXPORT_SYMBOL_GPL(debugfs_print_regs32);

static int regset32_show(struct seq_file *s, void *unused)
{
	struct debugfs_regset32 *regset = s->private;

	if (regset->dev)
		pm_runtime_get_sync(regset->dev);
	debugfs_print_regs32(s, regset->regs, regset->nregs, regset->base, "");
	if (regset->dev)
		pm_runtime_put(regset->dev);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(regset32);

/**
 * debugfs_create_regset32() - a file of registers, which are read with it
 * @name:   as for debugfs_create_file()
 * @mode:   likewise; it can only be read
 * @parent: likewise
 * @regset: the registers; stays as long as the file
 *
 * Context: may sleep.
 */
void debugfs_create_regset32(const char *name, umode_t mode, struct dentry *parent,
			     struct debugfs_regset32 *regset)
{
	debugfs_create_file(name, mode, parent, regset, &regset32_fops);
}
EXPORT_SYMBOL_GPL(debugfs_create_regset32);

/* ---- a file of a device's driver ------------------------------------------ */

struct devm_entry {
	int (*read)(struct seq_file *s, void *data);
	struct device *dev;
};

static int devm_entry_open(struct inode *inode, struct file *file)
{
	struct devm_entry *entry = inode->i_private;

	return single_open(file, entry->read, entry->dev);
}

static const struct file_operations devm_entry_fops = {
	.owner = THIS_MODULE,
	.open = devm_entry_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

/**
 * debugfs_create_devm_seqfile() - a file of one record, of a device
 * @dev:     s->private for @read_fn; what the function keeps is freed with its driver
 * @name:    as for debugfs_create_file()
 * @parent:  likewise; an ERR_PTR() is ignored. The file has to be removed before @dev is
 *	     unbound, and by others
 * @read_fn: prints the record
 *
 * Context: may sleep.
 */
void debugfs_create_devm_seqfile(struct device *dev, const char *name, struct dentry *parent,
				 int (*read_fn)(struct seq_file *s, void *data))
{
	struct devm_entry *entry;

	if (IS_ERR(parent))
		return;
	entry = devm_kzalloc(dev, sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return;
	entry->read = read_fn;
	entry->dev = dev;
	debugfs_create_file(name, 0444, parent, entry, &devm_entry_fops);
}
EXPORT_SYMBOL_GPL(debugfs_create_devm_seqfile);
