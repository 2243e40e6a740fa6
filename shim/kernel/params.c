// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameters of modules: parsing "a=1 b=x,y c", the standard types, and the
 * directory /sys/module/<name>/parameters.
 *
 * Strings set by charp parameters are memory of this file, kept on one list
 * so that a parameter's initial value, which is not, is never freed. Left
 * out: the kernel's own command line, levels, lockdown.
 */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "kernel/module/internal.h"

#define PARAM_STRING_MAX 1024
#define PARAM_PAGE 4096

/* Guards the parameters of what is built in; a module has its own lock. */
static DEFINE_MUTEX(builtin_param_lock);

static struct mutex *param_mutex(struct module *mod)
{
	return mod ? &mod->param_lock : &builtin_param_lock;
}

/**
 * kernel_param_lock() - keep sysfs from changing a module's parameters
 * @mod: the module, or NULL for what is built in
 *
 * Context: may sleep; kernel_param_unlock() follows. Held by the core around
 * the callbacks of parameters.
 */
void kernel_param_lock(struct module *mod)
{
	mutex_lock(param_mutex(mod));
}
EXPORT_SYMBOL(kernel_param_lock);

/**
 * kernel_param_unlock() - end what kernel_param_lock() began
 * @mod: the module, or NULL for what is built in
 */
void kernel_param_unlock(struct module *mod)
{
	mutex_unlock(param_mutex(mod));
}
EXPORT_SYMBOL(kernel_param_unlock);

/* ---- parsing --------------------------------------------------------------- */

bool parameqn(const char *a, const char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char x = a[i] == '-' ? '_' : a[i];
		char y = b[i] == '-' ? '_' : b[i];

		if (x != y)
			return false;
	}
	return true;
}

bool parameq(const char *a, const char *b)
{
	return strlen(a) == strlen(b) && parameqn(a, b, strlen(a));
}

/*
 * Splits off the first argument, in place. A double quote may stand before
 * the name or after '=', and then blanks do not end the argument.
 */
static char *next_argument(char *args, char **param, char **val)
{
	bool in_quote = false, quoted = false;
	char *equals = NULL, *end;

	if (*args == '"') {
		args++;
		in_quote = true;
		quoted = true;
	}
	for (end = args; *end; end++) {
		if (isspace(*end) && !in_quote)
			break;
		if (!equals && end > args && *end == '=')
			equals = end;
		if (*end == '"')
			in_quote = !in_quote;
	}
	*param = args;
	*val = NULL;
	if (equals) {
		*equals = '\0';
		*val = equals + 1;
		if (**val == '"') {
			++*val;
			if (end[-1] == '"')
				end[-1] = '\0';
		}
	}
	if (quoted && end > args && end[-1] == '"')
		end[-1] = '\0';
	if (*end)
		*end++ = '\0';
	return skip_spaces(end);
}

static int set_param(const struct kernel_param *kp, const char *val)
{
	int err;

	if (!val && !(kp->ops->flags & KERNEL_PARAM_OPS_FL_NOARG))
		return -EINVAL;
	if (!kp->ops->set)
		return -EPERM;
	if (kp->flags & KERNEL_PARAM_FL_UNSAFE)
		pr_notice("Setting dangerous option %s - tainting kernel\n", kp->name);
	kernel_param_lock(kp->mod);
	err = kp->ops->set(val, kp);
	kernel_param_unlock(kp->mod);
	return err;
}

static int parse_one(char *param, char *val, const char *doing,
		     const struct kernel_param *params, unsigned int num, void *arg,
		     int (*unknown)(char *param, char *val, const char *doing, void *arg))
{
	unsigned int i;

	for (i = 0; i < num; i++)
		if (parameq(param, params[i].name))
			return set_param(&params[i], val);
	return unknown ? unknown(param, val, doing, arg) : -ENOENT;
}

char *parse_args(const char *doing, char *args, const struct kernel_param *params,
		 unsigned int num, s16 min_level, s16 max_level, void *arg,
		 int (*unknown)(char *param, char *val, const char *doing, void *arg))
{
	char *param, *val, *err = NULL;

	args = skip_spaces(args);
	while (*args) {
		int ret;

		args = next_argument(args, &param, &val);
		if (!val && !strcmp(param, "--"))
			return err ?: args;
		ret = parse_one(param, val, doing, params, num, arg, unknown);
		switch (ret) {
		case 0:
			continue;
		case -ENOENT:
			pr_err("%s: Unknown parameter `%s'\n", doing, param);
			break;
		case -ENOSPC:
			pr_err("%s: `%s' too large for parameter `%s'\n",
			       doing, val ?: "", param);
			break;
		default:
			pr_err("%s: `%s' invalid for parameter `%s'\n",
			       doing, val ?: "", param);
			break;
		}
		err = ERR_PTR(ret);
	}
	return err;
}

/* ---- numbers ---------------------------------------------------------------- */

/*
 * param_set_int() and its like take decimal, octal and hexadecimal numbers:
 * 0, or -EINVAL or -ERANGE of kstrtoint() and so on with the variable as it
 * was. param_get_int() and its like print into a page and return its bytes.
 * kernel_param_lock() is held.
 */
#define NUMBER_PARAM(name, type, format, parse)				\
	int param_set_##name(const char *val, const struct kernel_param *kp) \
	{								\
		return parse(val, 0, (type *)kp->arg);			\
	}								\
	EXPORT_SYMBOL(param_set_##name);				\
	int param_get_##name(char *buffer, const struct kernel_param *kp) \
	{								\
		return scnprintf(buffer, PARAM_PAGE, format "\n", *(type *)kp->arg); \
	}								\
	EXPORT_SYMBOL(param_get_##name);				\
	const struct kernel_param_ops param_ops_##name = {		\
		.set = param_set_##name,				\
		.get = param_get_##name,				\
	};								\
	EXPORT_SYMBOL(param_ops_##name)

NUMBER_PARAM(byte, unsigned char, "%hhu", kstrtou8);
NUMBER_PARAM(short, short, "%hi", kstrtos16);
NUMBER_PARAM(ushort, unsigned short, "%hu", kstrtou16);
NUMBER_PARAM(int, int, "%i", kstrtoint);
NUMBER_PARAM(uint, unsigned int, "%u", kstrtouint);
NUMBER_PARAM(long, long, "%li", kstrtol);
NUMBER_PARAM(ulong, unsigned long, "%lu", kstrtoul);
NUMBER_PARAM(ullong, unsigned long long, "%llu", kstrtoull);
NUMBER_PARAM(hexint, unsigned int, "%#08x", kstrtouint);

/* ---- booleans ----------------------------------------------------------------- */

/**
 * param_set_bool() - set a bool
 * @val: what kstrtobool() understands; NULL is true
 * @kp:  its arg points to the bool
 *
 * Context: kernel_param_lock() is held: nobody reads or sets it meanwhile.
 * Return: 0, or -EINVAL with the bool as it was.
 */
int param_set_bool(const char *val, const struct kernel_param *kp)
{
	return kstrtobool(val ?: "1", kp->arg);
}
EXPORT_SYMBOL(param_set_bool);

/**
 * param_get_bool() - print a bool
 * @buffer: a page
 * @kp:     its arg points to the bool
 *
 * Context: kernel_param_lock() is held: nobody reads or sets it meanwhile.
 * Return: bytes in @buffer: Y or N, and a newline.
 */
int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%c\n", *(bool *)kp->arg ? 'Y' : 'N');
}
EXPORT_SYMBOL(param_get_bool);

const struct kernel_param_ops param_ops_bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bool,
	.get = param_get_bool,
};
EXPORT_SYMBOL(param_ops_bool);

/**
 * param_set_bool_enable_only() - set a bool that stays true once it is
 * @val: what kstrtobool() understands; NULL is true
 * @kp:  its arg points to the bool
 *
 * Context: kernel_param_lock() is held: nobody reads or sets it meanwhile.
 * Return: 0, -EINVAL, or -EROFS for false when it is true.
 */
int param_set_bool_enable_only(const char *val, const struct kernel_param *kp)
{
	bool new;
	int err = kstrtobool(val ?: "1", &new);

	if (err)
		return err;
	if (!new && *(bool *)kp->arg)
		return -EROFS;
	*(bool *)kp->arg = new;
	return 0;
}
EXPORT_SYMBOL_GPL(param_set_bool_enable_only);

const struct kernel_param_ops param_ops_bool_enable_only = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bool_enable_only,
	.get = param_get_bool,
};
EXPORT_SYMBOL_GPL(param_ops_bool_enable_only);

/**
 * param_set_invbool() - set a bool to the contrary
 * @val: what kstrtobool() understands
 * @kp:  its arg points to the bool
 *
 * Context: kernel_param_lock() is held: nobody reads or sets it meanwhile.
 * Return: 0, or -EINVAL with the bool as it was.
 */
int param_set_invbool(const char *val, const struct kernel_param *kp)
{
	bool value;
	int err = kstrtobool(val ?: "1", &value);

	if (!err)
		*(bool *)kp->arg = !value;
	return err;
}
EXPORT_SYMBOL(param_set_invbool);

/**
 * param_get_invbool() - print the contrary of a bool
 * @buffer: a page
 * @kp:     its arg points to the bool
 *
 * Context: kernel_param_lock() is held: nobody reads or sets it meanwhile.
 * Return: bytes in @buffer: N or Y, and a newline.
 */
int param_get_invbool(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%c\n", *(bool *)kp->arg ? 'N' : 'Y');
}
EXPORT_SYMBOL(param_get_invbool);

const struct kernel_param_ops param_ops_invbool = {
	.set = param_set_invbool,
	.get = param_get_invbool,
};
EXPORT_SYMBOL(param_ops_invbool);

/**
 * param_set_bint() - set an int that is 0 or 1
 * @val: what kstrtobool() understands; NULL is 1
 * @kp:  its arg points to the int
 *
 * Context: kernel_param_lock() is held: nobody reads or sets it meanwhile.
 * Return: 0, or -EINVAL with the int as it was.
 */
int param_set_bint(const char *val, const struct kernel_param *kp)
{
	bool value;
	int err = kstrtobool(val ?: "1", &value);

	if (!err)
		*(int *)kp->arg = value;
	return err;
}
EXPORT_SYMBOL(param_set_bint);

const struct kernel_param_ops param_ops_bint = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bint,
	.get = param_get_int,
};
EXPORT_SYMBOL(param_ops_bint);

/* ---- strings -------------------------------------------------------------------- */

struct param_string {
	struct list_head list;
	char text[];
};

static LIST_HEAD(param_strings);
static DEFINE_SPINLOCK(param_strings_lock);

/* Does nothing to a string that is not on the list. */
static void free_param_string(const char *text)
{
	struct param_string *s, *found = NULL;

	spin_lock(&param_strings_lock);
	list_for_each_entry(s, &param_strings, list) {
		if (s->text == text) {
			list_del(&s->list);
			found = s;
			break;
		}
	}
	spin_unlock(&param_strings_lock);
	kfree(found);
}

/**
 * param_set_charp() - set a string that may be of any length up to 1024
 * @val: copied
 * @kp:  its arg points to the pointer, whose former string is freed if it was
 *	set by this function
 *
 * Context: may sleep; kernel_param_lock() is held.
 * Return: 0; -ENOSPC, with a message, for a longer one; -ENOMEM. After an
 * error the string is as it was.
 */
int param_set_charp(const char *val, const struct kernel_param *kp)
{
	size_t len = strnlen(val, PARAM_STRING_MAX + 1);
	struct param_string *s;

	if (len > PARAM_STRING_MAX) {
		pr_err("%s: string parameter too long\n", kp->name);
		return -ENOSPC;
	}
	s = kmalloc(sizeof(*s) + len + 1, GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	memcpy(s->text, val, len + 1);
	spin_lock(&param_strings_lock);
	list_add(&s->list, &param_strings);
	spin_unlock(&param_strings_lock);

	free_param_string(*(char **)kp->arg);
	*(char **)kp->arg = s->text;
	return 0;
}
EXPORT_SYMBOL(param_set_charp);

/**
 * param_get_charp() - print a string
 * @buffer: a page
 * @kp:     its arg points to the pointer
 *
 * Context: kernel_param_lock() is held: nobody reads or sets it meanwhile.
 * Return: bytes in @buffer, with a newline.
 */
int param_get_charp(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PARAM_PAGE, "%s\n", *(char **)kp->arg);
}
EXPORT_SYMBOL(param_get_charp);

/**
 * param_free_charp() - free the string that param_set_charp() made, if it did
 * @arg: points to the pointer, which stays as it is
 */
void param_free_charp(void *arg)
{
	free_param_string(*(char **)arg);
}
EXPORT_SYMBOL(param_free_charp);

const struct kernel_param_ops param_ops_charp = {
	.set = param_set_charp,
	.get = param_get_charp,
	.free = param_free_charp,
};
EXPORT_SYMBOL(param_ops_charp);

/**
 * param_set_copystring() - set a string in an array
 * @val: copied
 * @kp:  its str has the array and its size
 *
 * Context: kernel_param_lock() is held: nobody reads or sets it meanwhile.
 * Return: 0; -ENOSPC, with a message, when it does not fit with its end.
 */
int param_set_copystring(const char *val, const struct kernel_param *kp)
{
	const struct kparam_string *str = kp->str;

	if (strnlen(val, str->maxlen) == str->maxlen) {
		pr_err("%s: string doesn't fit in %u chars.\n", kp->name, str->maxlen - 1);
		return -ENOSPC;
	}
	strcpy(str->string, val);
	return 0;
}
EXPORT_SYMBOL(param_set_copystring);

/**
 * param_get_string() - print a string in an array
 * @buffer: a page
 * @kp:     its str has the array
 *
 * Context: kernel_param_lock() is held: nobody reads or sets it meanwhile.
 * Return: bytes in @buffer, with a newline.
 */
int param_get_string(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PARAM_PAGE, "%s\n", kp->str->string);
}
EXPORT_SYMBOL(param_get_string);

const struct kernel_param_ops param_ops_string = {
	.set = param_set_copystring,
	.get = param_get_string,
};
EXPORT_SYMBOL(param_ops_string);

/* ---- arrays ----------------------------------------------------------------------- */

/* Comma-separated values; elements before a bad one stay set. */
static int param_array_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	unsigned int ignored, *num = arr->num ?: &ignored;
	struct kernel_param element = *kp;
	char *list = (char *)val;	/* parse_args() and sysfs own the text */
	char save;
	int err;

	*num = 0;
	element.arg = arr->elem;
	do {
		size_t len = strcspn(list, ",");

		if (*num == arr->max) {
			pr_err("%s: can only take %i arguments\n", kp->name, arr->max);
			return -EINVAL;
		}
		save = list[len];
		list[len] = '\0';
		err = arr->ops->set(list, &element);
		if (err)
			return err;
		element.arg += arr->elemsize;
		list += len + 1;
		++*num;
	} while (save == ',');
	return 0;
}

static int param_array_get(char *buffer, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	unsigned int i, num = arr->num ? *arr->num : arr->max;
	struct kernel_param element = *kp;
	int len, off = 0;

	for (i = 0; i < num; i++) {
		/* the element before ended with a newline */
		if (i)
			buffer[off - 1] = ',';
		element.arg = arr->elem + arr->elemsize * i;
		len = arr->ops->get(buffer + off, &element);
		if (len < 0)
			return len;
		off += len;
	}
	buffer[off] = '\0';
	return off;
}

static void param_array_free(void *arg)
{
	const struct kparam_array *arr = arg;
	unsigned int i, num = arr->num ? *arr->num : arr->max;

	for (i = 0; arr->ops->free && i < num; i++)
		arr->ops->free(arr->elem + arr->elemsize * i);
}

const struct kernel_param_ops param_array_ops = {
	.set = param_array_set,
	.get = param_array_get,
	.free = param_array_free,
};
EXPORT_SYMBOL(param_array_ops);

/* ---- /sys/module/<name>/parameters -------------------------------------------------- */

struct param_attribute {
	struct module_attribute mattr;
	const struct kernel_param *param;
};

struct module_param_attrs {
	struct attribute_group grp;
	struct attribute **attrs;
	unsigned int num;
	struct param_attribute params[];
};

static ssize_t param_attr_show(struct module_attribute *mattr,
			       struct module_kobject *mk, char *buf)
{
	const struct kernel_param *kp = container_of(mattr, struct param_attribute, mattr)->param;
	ssize_t ret;

	if (!kp->ops->get)
		return -EPERM;
	kernel_param_lock(mk->mod);
	ret = kp->ops->get(buf, kp);
	kernel_param_unlock(mk->mod);
	return ret;
}

static ssize_t param_attr_store(struct module_attribute *mattr, struct module_kobject *mk,
				const char *buf, size_t len)
{
	const struct kernel_param *kp = container_of(mattr, struct param_attribute, mattr)->param;
	int err = set_param(kp, buf);

	return err ?: len;
}

static void fill_param_attr(struct param_attribute *pa, const struct kernel_param *kp,
			    const char *name)
{
	sysfs_attr_init(&pa->mattr.attr);
	pa->param = kp;
	pa->mattr.attr.name = name;
	pa->mattr.attr.mode = kp->perm;
	pa->mattr.show = param_attr_show;
	if (kp->perm & 0222)
		pa->mattr.store = param_attr_store;
}

/*
 * Creates the directory for all parameters that have permissions; @prefix
 * bytes of each name are left out. Undone by um_param_sysfs_remove().
 */
int um_param_sysfs_setup(struct module_kobject *mk, struct kernel_param *const *kps,
			 unsigned int num, size_t prefix)
{
	struct module_param_attrs *mp;
	unsigned int i, visible = 0;
	int err;

	for (i = 0; i < num; i++)
		visible += kps[i]->perm != 0;
	if (!visible)
		return 0;

	err = -ENOMEM;
	mp = kzalloc(sizeof(*mp) + visible * sizeof(mp->params[0]), GFP_KERNEL);
	if (!mp)
		return err;
	mp->attrs = kcalloc(visible + 1, sizeof(mp->attrs[0]), GFP_KERNEL);
	if (!mp->attrs)
		goto free_mp;
	for (i = 0; i < num; i++) {
		struct param_attribute *pa = &mp->params[mp->num];

		if (!kps[i]->perm)
			continue;
		fill_param_attr(pa, kps[i], kps[i]->name + prefix);
		mp->attrs[mp->num++] = &pa->mattr.attr;
	}
	mp->grp.name = "parameters";
	mp->grp.attrs = mp->attrs;
	err = sysfs_create_group(&mk->kobj, &mp->grp);
	if (err)
		goto free_attrs;
	mk->mp = mp;
	return 0;

free_attrs:
	kfree(mp->attrs);
free_mp:
	kfree(mp);
	return err;
}

/* Waits for running shows and stores. */
void um_param_sysfs_remove(struct module_kobject *mk)
{
	struct module_param_attrs *mp = mk->mp;

	if (!mp)
		return;
	sysfs_remove_group(&mk->kobj, &mp->grp);
	mk->mp = NULL;
	kfree(mp->attrs);
	kfree(mp);
}

void um_param_free_all(struct kernel_param *kp, unsigned int num)
{
	unsigned int i;

	for (i = 0; i < num; i++)
		if (kp[i].ops->free)
			kp[i].ops->free(kp[i].arg);
}
