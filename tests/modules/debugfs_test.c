// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files in debugfs, below the directory umdev_test: of variables, of operations that
 * stop at points, and what a driver gets when it asks for what cannot be.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "mdev_test.h"

static struct dentry *top, *sub, *deep;
static struct device *debugfs_test;

/* ---- variables ----------------------------------------------------------- */

static u8 v8 = 200;
static u16 v16 = 60000;
static u32 v32 = 4000000000U;
static u64 v64 = 18000000000000000000ULL;
static unsigned long vlong = 7;
static size_t vsize = 8;
static atomic_t vatomic = ATOMIC_INIT(-5);
static bool vbool = true;
static u32 array[] = { 1, 4294967295U, 30 };
static struct debugfs_u32_array vector = { .array = array, .n_elements = ARRAY_SIZE(array) };
static char bytes[] = { 'b', 'l', 0, 'b' };
static struct debugfs_blob_wrapper blob = { .data = bytes, .size = sizeof(bytes) };

static u64 number;
static u64 left_of_number = 3;

static int number_get(void *data, u64 *val)
{
	*val = *(u64 *)data;
	return number == 13 ? -EDOM : 0;
}

static int number_set(void *data, u64 val)
{
	if (val == 99)
		return -EBUSY;
	*(u64 *)data = val;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(number_fops, number_get, number_set, "%llu\n");
DEFINE_SIMPLE_ATTRIBUTE(simple_fops, number_get, number_set, "<%lld>\n");
DEFINE_DEBUGFS_ATTRIBUTE(mute_fops, NULL, NULL, "%llu\n");

/* of its type: some releases choose a function by it */
static const struct file_operations *const no_fops;

static void make_variables(struct dentry *dir)
{
	debugfs_create_u8("u8", 0644, dir, &v8);
	debugfs_create_u16("u16", 0644, dir, &v16);
	debugfs_create_u32("u32", 0644, dir, &v32);
	debugfs_create_u64("u64", 0644, dir, &v64);
	debugfs_create_ulong("ulong", 0644, dir, &vlong);
	debugfs_create_size_t("size_t", 0644, dir, &vsize);
	debugfs_create_x8("x8", 0644, dir, &v8);
	debugfs_create_x16("x16", 0644, dir, &v16);
	debugfs_create_x32("x32", 0644, dir, &v32);
	debugfs_create_x64("x64", 0644, dir, &v64);
	debugfs_create_atomic_t("atomic", 0644, dir, &vatomic);
	debugfs_create_bool("bool", 0644, dir, &vbool);
	debugfs_create_u8("only_read", 0444, dir, &v8);
	debugfs_create_u8("only_written", 0200, dir, &v8);
	debugfs_create_u32_array("array", 0444, dir, &vector);
	debugfs_create_blob("blob", 0644, dir, &blob);
	debugfs_create_file_unsafe("number", 0644, dir, &number, &number_fops);
	debugfs_create_file("simple", 0644, dir, &left_of_number, &simple_fops);
	debugfs_create_file_unsafe("mute", 0644, dir, NULL, &mute_fops);
	debugfs_create_file("nothing", 0644, dir, NULL, no_fops);
	debugfs_create_file_size("sized", 0400, dir, NULL, no_fops, 123);
	debugfs_create_symlink("link", dir, "sub/held");
}

/* ---- registers: of memory, which a kernel reads as it does those ----------- */

static u32 registers[4] = { 0x11, 0x22334455, 0, 0xffffffff };
static const struct debugfs_reg32 register_names[] = {
	{ .name = "FIRST", .offset = 0 }, { .name = "SECOND", .offset = 4 },
	{ .name = "LAST", .offset = 12 },
};
static struct debugfs_regset32 regset = {
	.regs = register_names, .nregs = ARRAY_SIZE(register_names),
	.base = (void __iomem *)registers,
};

/* ---- operations that stop ------------------------------------------------ */

static int held_open(struct inode *inode, struct file *file)
{
	int err = mdev_test_call("df_open", "held");

	if (!err)
		file->private_data = inode->i_private;
	return err;
}

static ssize_t held_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	mdev_test_call("df_read", "held");
	return simple_read_from_buffer(buf, count, ppos, file->private_data,
				       strlen(file->private_data));
}

static long held_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return cmd == 0x5501 ? 5 : -ENOTTY;
}

static int held_release(struct inode *inode, struct file *file)
{
	mdev_test_call("df_release", "held");
	return 0;
}

static const struct file_operations held_fops = {
	.owner = THIS_MODULE,
	.open = held_open,
	.read = held_read,
	.unlocked_ioctl = held_ioctl,
	.llseek = default_llseek,
	.release = held_release,
};

/* What removal does not wait for, but for what lies between get and put. */
static ssize_t bare_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	ssize_t ret;

	mdev_test_call("df_before", "bare");
	ret = debugfs_file_get(file->f_path.dentry);
	if (ret)
		return ret;
	mdev_test_call("df_within", "bare");
	debugfs_file_put(file->f_path.dentry);
	return 0;
}

static const struct file_operations bare_fops = {
	.owner = THIS_MODULE, .open = simple_open, .read = bare_read,
};

static int record_show(struct seq_file *s, void *unused)
{
	struct device *dev = s->private;

	seq_printf(s, "of %s\n", dev_name(dev));
	return 0;
}

static void make_tree(void)
{
	top = debugfs_create_dir("umdev_test", NULL);
	make_variables(top);
	debugfs_create_regset32("registers", 0444, top, &regset);
	debugfs_create_devm_seqfile(debugfs_test, "record", top, record_show);
	sub = debugfs_create_dir("sub", top);
	debugfs_create_file("held", 0444, sub, "text\n", &held_fops);
	debugfs_create_file_unsafe("bare", 0444, sub, NULL, &bare_fops);
	deep = debugfs_create_dir("deep", sub);
	debugfs_create_file("leaf", 0444, deep, "leaf\n", &held_fops);
}

/* ---- commands ------------------------------------------------------------ */

static int do_remove(const char *name, const char *b)
{
	struct dentry *dentry = debugfs_lookup(name, sub);

	if (!dentry)
		return -ENOENT;
	debugfs_remove(dentry);
	dput(dentry);
	return 0;
}

static int do_remove_all(const char *a, const char *b)
{
	debugfs_remove_recursive(top);
	top = NULL;
	return 0;
}

/* An error in place of a directory comes back, and so does what is there already. */
static int do_errors(const char *a, const char *b)
{
	struct dentry *bad = ERR_PTR(-EXDEV);

	if (debugfs_create_dir("x", bad) != bad ||
	    debugfs_create_file("x", 0, bad, NULL, no_fops) != bad ||
	    debugfs_create_symlink("x", bad, "y") != bad ||
	    debugfs_create_blob("x", 0, bad, &blob) != bad)
		return -EINVAL;
	if (debugfs_lookup("x", bad) || debugfs_lookup("x", top))
		return -EEXIST;
	debugfs_create_u32("x", 0644, bad, &v32);
	debugfs_remove(bad);
	debugfs_remove(NULL);
	return PTR_ERR_OR_ZERO(debugfs_create_dir("sub", top)) == -EEXIST &&
	       PTR_ERR_OR_ZERO(debugfs_create_file("u8", 0, top, NULL, no_fops)) == -EEXIST ? 0 : -EIO;
}

static const struct mdev_test_command commands[] = {
	{ "remove", do_remove },
	{ "remove_all", do_remove_all },
	{ "errors", do_errors },
};

static ssize_t do_store(struct device *dev, struct device_attribute *attr, const char *buf,
			size_t count)
{
	return mdev_test_run(commands, ARRAY_SIZE(commands), buf, count);
}
static DEVICE_ATTR(do, 0200, NULL, do_store);

static struct attribute *debugfs_test_attrs[] = {
	&dev_attr_do.attr,
	NULL
};
ATTRIBUTE_GROUPS(debugfs_test);

static int __init debugfs_test_init(void)
{
	debugfs_test = device_create_with_groups(&mdev_test_class, NULL, 0, NULL,
						 debugfs_test_groups, "debugfs_test");
	if (IS_ERR(debugfs_test))
		return PTR_ERR(debugfs_test);
	make_tree();
	return 0;
}

static void __exit debugfs_test_exit(void)
{
	debugfs_remove(top);
	device_unregister(debugfs_test);
}

module_init(debugfs_test_init);
module_exit(debugfs_test_exit);
MODULE_DESCRIPTION("Files in debugfs");
MODULE_LICENSE("GPL v2");
