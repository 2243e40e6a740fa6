// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of user_memory.c: a driver that is too trusting, in one way each. */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "user_memory.h"

static ssize_t trusting_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	char *data = kzalloc(64, GFP_KERNEL);
	ssize_t ret = count;

	if (!data)
		return -ENOMEM;
	/* one more than there is room for */
	if (count <= 32 && copy_to_user(buf, data, count + 1))
		ret = -EFAULT;
	/* more than it has */
	if (count > 64 && copy_to_user(buf, data, count))
		ret = -EFAULT;
	if (count == 64)
		ret = count + 1;
	kfree(data);
	return ret;
}

static ssize_t trusting_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char *data = kzalloc(16, GFP_KERNEL);
	ssize_t ret = count;

	if (!data)
		return -ENOMEM;
	if (copy_from_user(data, buf, count))
		ret = -EFAULT;
	kfree(data);
	return ret;
}

/* a length that the compiler does not know: the call is libc's */
static noinline long trusting_copy(void *user)
{
	size_t n = 512;
	long sum = 0;
	char *data;

	OPTIMIZER_HIDE_VAR(n);
	data = kzalloc(n, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	memcpy(data, user, n);
	sum = data[0];
	kfree(data);
	return sum;
}

static noinline long trusting_pages(void __user *user)
{
	char *data = (char *)__get_free_pages(GFP_KERNEL, 1);
	long ret;

	if (!data)
		return -ENOMEM;
	ret = copy_to_user(user, data, 2 * PAGE_SIZE + 1) ? -EFAULT : 0;
	free_pages((unsigned long)data, 1);
	return ret;
}

static noinline long trusting_vmalloc(void __user *user)
{
	char *data = vmalloc(5000);
	long ret;

	if (!data)
		return -ENOMEM;
	ret = copy_to_user(user, data, 5001) ? -EFAULT : 0;
	vfree(data);
	return ret;
}

/* the host's */
long strtol(const char *text, char **end, int base);

static long trusting_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct { u32 length; } head;
	char *data;
	long ret = 0;

	if (cmd == TRUSTING_TOUCH)
		return *(volatile char *)arg;
	if (cmd == TRUSTING_MEMCPY)
		return trusting_copy((void *)arg);
	if (cmd == TRUSTING_STRTOL)
		return strtol((char *)arg, NULL, 0);
	if (cmd == TRUSTING_PAGES)
		return trusting_pages((void __user *)arg);
	if (cmd == TRUSTING_VMALLOC)
		return trusting_vmalloc((void __user *)arg);
	if (copy_from_user(&head, (void __user *)arg, sizeof(head)))
		return -EFAULT;
	data = kzalloc(32, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	/* a length that a user gave */
	if (copy_to_user((void __user *)arg, data, head.length))
		ret = -EFAULT;
	kfree(data);
	return ret;
}

static const struct file_operations trusting_fops = {
	.owner = THIS_MODULE,
	.read = trusting_read,
	.write = trusting_write,
	.unlocked_ioctl = trusting_ioctl,
};

static struct miscdevice trusting = {
	.minor = MISC_DYNAMIC_MINOR, .name = "trusting", .fops = &trusting_fops,
};

int k_trusting_add(void)
{
	return misc_register(&trusting);
}

void k_trusting_remove(void)
{
	misc_deregister(&trusting);
}
