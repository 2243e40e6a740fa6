// SPDX-License-Identifier: GPL-2.0-only
/*
 * References on modules, taken and given back by writing to parameters, and
 * other calls that only a module can make:
 * "self" takes (1) and gives back (0) a reference on this module, "symbol"
 * looks mod_exports_gpl up at run time, calls it, and keeps the reference
 * until it is set to 0. "calls" tells how often mod_empty_calls() was called
 * through symbol_get() in mod_empty's present life. "lookup" looks any symbol
 * up and gives it back at once. "request" calls
 * request_module(); "alias" sends an add uevent with that MODALIAS.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kmod.h>
#include <linux/module.h>

static int set_self(const char *val, const struct kernel_param *kp)
{
	bool get;
	int err = kstrtobool(val, &get);

	if (err)
		return err;
	if (get)
		return try_module_get(THIS_MODULE) ? 0 : -ENODEV;
	module_put(THIS_MODULE);
	return 0;
}

static const struct kernel_param_ops self_ops = { .set = set_self };
module_param_cb(self, &self_ops, NULL, 0200);

static int set_symbol(const char *val, const struct kernel_param *kp)
{
	int (*fn)(void);
	bool get;
	int err = kstrtobool(val, &get);

	if (err)
		return err;
	if (!get) {
		__symbol_put("mod_exports_gpl");
		return 0;
	}
	fn = __symbol_get("mod_exports_gpl");
	if (!fn)
		return -ENXIO;
	pr_info("mod_holder: symbol says %d\n", fn());
	return 0;
}

static const struct kernel_param_ops symbol_ops = { .set = set_symbol };
module_param_cb(symbol, &symbol_ops, NULL, 0200);

static int set_lookup(const char *val, const struct kernel_param *kp)
{
	char name[32];

	if (sscanf(val, "%31s", name) != 1)
		return -EINVAL;
	if (!__symbol_get(name))
		return -ENXIO;
	__symbol_put(name);
	return 0;
}

static const struct kernel_param_ops lookup_ops = { .set = set_lookup };
module_param_cb(lookup, &lookup_ops, NULL, 0200);

static int get_calls(char *buffer, const struct kernel_param *kp)
{
	int (*fn)(void) = __symbol_get("mod_empty_calls");
	int calls;

	if (!fn)
		return -ENXIO;
	calls = fn();
	__symbol_put("mod_empty_calls");
	return sprintf(buffer, "%d\n", calls);
}

static const struct kernel_param_ops calls_ops = { .get = get_calls };
module_param_cb(calls, &calls_ops, NULL, 0444);

static int set_request(const char *val, const struct kernel_param *kp)
{
	char name[32];
	int ret;

	if (sscanf(val, "%31s", name) != 1)
		return -EINVAL;
	ret = request_module("%s", name);
	pr_info("mod_holder: request_module(%s) = %d\n", name, ret);
	return ret < 0 ? ret : 0;
}

static const struct kernel_param_ops request_ops = { .set = set_request };
module_param_cb(request, &request_ops, NULL, 0200);

static int set_alias(const char *val, const struct kernel_param *kp)
{
	char modalias[64];
	char *envp[] = { modalias, NULL };

	snprintf(modalias, sizeof(modalias), "MODALIAS=%s", val);
	return kobject_uevent_env(&THIS_MODULE->mkobj.kobj, KOBJ_ADD, envp);
}

static const struct kernel_param_ops alias_ops = { .set = set_alias };
module_param_cb(alias, &alias_ops, NULL, 0200);

static int __init mod_holder_init(void)
{
	return 0;
}
module_init(mod_holder_init);

static void __exit mod_holder_exit(void)
{
}
module_exit(mod_holder_exit);

MODULE_LICENSE("GPL");
