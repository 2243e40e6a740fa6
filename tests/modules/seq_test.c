// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of records, as nodes in /dev.
 *
 *	seq_numbers	"number N" for each up to @count, but not for @skip; N is
 *			followed by @pad characters for @large; the iterator fails at @fail
 *	seq_single	one record, by each of the functions that print
 *	seq_list	a list with a head line
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "mdev_test.h"

static int count = 5;
module_param(count, int, 0444);
static int skip = -1;
module_param(skip, int, 0444);
static int large = -1;
module_param(large, int, 0444);
static int pad = 6000;
module_param(pad, int, 0444);
static int fail = -1;
module_param(fail, int, 0444);

/* ---- numbers ------------------------------------------------------------- */

struct walk {
	int number;
	int started, stopped;
};

static void *number_at(struct seq_file *m, loff_t pos)
{
	struct walk *walk = m->private;

	if (pos == fail)
		return ERR_PTR(-EIO);
	if (pos >= count)
		return NULL;
	walk->number = pos;
	return walk;
}

static void *numbers_start(struct seq_file *m, loff_t *pos)
{
	((struct walk *)m->private)->started++;
	return number_at(m, *pos);
}

static void *numbers_next(struct seq_file *m, void *v, loff_t *pos)
{
	return number_at(m, ++*pos);
}

static void numbers_stop(struct seq_file *m, void *v)
{
	((struct walk *)m->private)->stopped++;
}

static int numbers_show(struct seq_file *m, void *v)
{
	struct walk *walk = v;
	int i;

	seq_printf(m, "number %d", walk->number);
	if (walk->number == large)
		for (i = 0; i < pad; i++)
			seq_putc(m, 'x');
	seq_putc(m, '\n');
	return walk->number == skip ? SEQ_SKIP : 0;
}

static const struct seq_operations numbers_sops = {
	.start = numbers_start, .next = numbers_next, .stop = numbers_stop, .show = numbers_show,
};

static int numbers_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &numbers_sops, sizeof(struct walk));
}

static int numbers_release(struct inode *inode, struct file *file)
{
	struct walk *walk = ((struct seq_file *)file->private_data)->private;

	WARN_ON(walk->started != walk->stopped);
	return seq_release_private(inode, file);
}

static const struct file_operations numbers_fops = {
	.owner = THIS_MODULE, .open = numbers_open, .read = seq_read, .llseek = seq_lseek,
	.release = numbers_release,
};

/* ---- one record ---------------------------------------------------------- */

static int functions_show(struct seq_file *m, void *v)
{
	static const unsigned char bytes[] = { 0, 1, 0xfe, 'A', 'z' };
	size_t room;
	char *buf;

	seq_puts(m, "text\n");
	seq_put_decimal_ull(m, "", 18446744073709551615ULL);
	seq_put_decimal_ull(m, " ", 42);
	seq_put_decimal_ll(m, ", ", -42);
	seq_putc(m, '\n');
	seq_setwidth(m, 8);
	seq_printf(m, "%s", "wide");
	seq_pad(m, '|');
	seq_setwidth(m, 2);
	seq_printf(m, "%s", "wider");
	seq_pad(m, '\n');
	seq_escape(m, "a b\tc\nd", " \t\n");
	seq_putc(m, '\n');
	seq_write(m, "bytes\n", 6);
	seq_hex_dump(m, "dump ", DUMP_PREFIX_OFFSET, 16, 1, bytes, sizeof(bytes), true);
	room = seq_get_buf(m, &buf);
	if (room > 4) {
		memcpy(buf, "own\n", 4);
		seq_commit(m, 4);
	} else {
		seq_commit(m, -1);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(functions);

/* ---- a list -------------------------------------------------------------- */

struct entry {
	const char *name;
	struct list_head list;
};

static LIST_HEAD(entries);
static struct entry entry_of[] = { { "first" }, { "second" }, { "third" } };

static void *list_start(struct seq_file *m, loff_t *pos)
{
	return seq_list_start_head(&entries, *pos);
}

static void *list_next_entry_of(struct seq_file *m, void *v, loff_t *pos)
{
	return seq_list_next(v, &entries, pos);
}

static void list_stop(struct seq_file *m, void *v)
{
}

static int list_show(struct seq_file *m, void *v)
{
	if (v == &entries)
		seq_puts(m, "entries:\n");
	else
		seq_printf(m, "%s\n", list_entry(v, struct entry, list)->name);
	return 0;
}

static const struct seq_operations list_sops = {
	.start = list_start, .next = list_next_entry_of, .stop = list_stop, .show = list_show,
};
DEFINE_SEQ_ATTRIBUTE(list);

/* ---- nodes --------------------------------------------------------------- */

static const struct {
	const char *name;
	const struct file_operations *fops;
} files[] = {
	{ "seq_numbers", &numbers_fops }, { "seq_single", &functions_fops }, { "seq_list", &list_fops },
};

static struct cdev cdevs[ARRAY_SIZE(files)];
static dev_t first;

static void remove_nodes(unsigned int n)
{
	while (n--) {
		device_destroy(&mdev_test_class, first + n);
		cdev_del(&cdevs[n]);
	}
}

static int make_node(unsigned int i)
{
	struct device *dev;
	int err;

	cdev_init(&cdevs[i], files[i].fops);
	cdevs[i].owner = THIS_MODULE;
	err = cdev_add(&cdevs[i], first + i, 1);
	if (err)
		return err;
	dev = device_create(&mdev_test_class, NULL, first + i, NULL, "%s", files[i].name);
	if (IS_ERR(dev))
		cdev_del(&cdevs[i]);
	return PTR_ERR_OR_ZERO(dev);
}

static int __init seq_test_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(entry_of); i++)
		list_add_tail(&entry_of[i].list, &entries);
	err = alloc_chrdev_region(&first, 0, ARRAY_SIZE(files), "seq_test");
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		err = make_node(i);
		if (err) {
			remove_nodes(i);
			unregister_chrdev_region(first, ARRAY_SIZE(files));
			return err;
		}
	}
	return 0;
}

static void __exit seq_test_exit(void)
{
	remove_nodes(ARRAY_SIZE(files));
	unregister_chrdev_region(first, ARRAY_SIZE(files));
}

module_init(seq_test_init);
module_exit(seq_test_exit);
MODULE_DESCRIPTION("Files of records");
MODULE_LICENSE("GPL v2");
