// SPDX-License-Identifier: GPL-2.0-only
/*
 * A parameter of every type, and some with rules of their own: "even" takes
 * even numbers, "lost" fails as if there were no such parameter.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

static int number = 1;
module_param(number, int, 0644);
static unsigned char byte_value;
module_param_named(byte, byte_value, byte, 0444);
static unsigned long big;
module_param(big, ulong, 0444);
static unsigned int hex;
module_param(hex, hexint, 0444);
static short small;
module_param(small, short, 0644);
static long wide;
module_param(wide, long, 0644);
static unsigned long long widest;
module_param(widest, ullong, 0644);
static bool flag;
module_param(flag, bool, 0644);
static bool once;
module_param(once, bool_enable_only, 0644);
static int on;
module_param(on, bint, 0644);
static bool danger;
module_param_unsafe(danger, bool, 0644);
static bool inverse;
module_param(inverse, invbool, 0444);
static char *text = "default";
module_param(text, charp, 0644);
static char fixed[8] = "abc";
module_param_string(fixed, fixed, sizeof(fixed), 0644);
static int list[4];
static unsigned int list_len;
module_param_array(list, int, &list_len, 0644);
static char *names[3];
static unsigned int names_len;
module_param_array(names, charp, &names_len, 0644);
static int hidden;
module_param(hidden, int, 0);
static int write_only;
module_param(write_only, int, 0200);

static int even;
static int set_even(const char *val, const struct kernel_param *kp)
{
	int v, err = kstrtoint(val, 0, &v);

	if (err)
		return err;
	if (v & 1)
		return -ERANGE;
	*(int *)kp->arg = v;
	return 0;
}

static const struct kernel_param_ops even_ops = {
	.set = set_even,
	.get = param_get_int,
};
module_param_cb(even, &even_ops, &even, 0644);
MODULE_PARM_DESC(even, "An even number");

/* The error that it is given. */
static int set_lost(const char *val, const struct kernel_param *kp)
{
	int err;

	return kstrtoint(val, 0, &err) || err >= 0 ? -ENOENT : err;
}

static const struct kernel_param_ops lost_ops = { .set = set_lost };
module_param_cb(lost, &lost_ops, NULL, 0200);

static int __init mod_params_init(void)
{
	pr_info("mod_params: number %d text %s fixed %s list_len %u hidden %d flag %d inverse %d\n",
		number, text, fixed, list_len, hidden, flag, inverse);
	return 0;
}
module_init(mod_params_init);

static void __exit mod_params_exit(void)
{
}
module_exit(mod_params_exit);

MODULE_LICENSE("GPL");
