// SPDX-License-Identifier: GPL-2.0-only
/*
 * uevents: what user space is told about objects. An event is a buffer of
 * "KEY=value" strings, made of the defaults, what the sender adds and what
 * the kset of the object, or of its nearest ancestor with one, adds.
 *
 * Listeners (um_uevents_open()) stand for netlink sockets: each gets every
 * event sent while it is open, in the order of SEQNUM. A queue has no limit:
 * a slow listener loses nothing, where a socket's buffer would overflow.
 * Left out: /sbin/hotplug helpers, namespaces.
 */
#define pr_fmt(fmt) fmt

#include <linux/bug.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/uuid.h>
#include <umdev/umdev.h>

#include "host/host.h"

void (*um_uevent_hook)(const struct kobj_uevent_env *env);

/* What netlink carries: one buffer, shared by the listeners' queues. */
struct uevent_message {
	refcount_t refs;
	size_t len;
	char data[];
};

struct um_uevents {
	struct list_head list;		/* on listeners */
	struct list_head queue;		/* of struct uevent_entry */
};

struct uevent_entry {
	struct list_head list;
	struct uevent_message *message;
};

/* Guards uevent_seqnum, the listeners and their queues. */
static DEFINE_MUTEX(uevent_sock_mutex);
static LIST_HEAD(listeners);
u64 uevent_seqnum;

static const char * const kobject_actions[] = {
	[KOBJ_ADD] = "add",
	[KOBJ_REMOVE] = "remove",
	[KOBJ_CHANGE] = "change",
	[KOBJ_MOVE] = "move",
	[KOBJ_ONLINE] = "online",
	[KOBJ_OFFLINE] = "offline",
	[KOBJ_BIND] = "bind",
	[KOBJ_UNBIND] = "unbind",
};

/* ---- listeners --------------------------------------------------------------- */

static void message_put(struct uevent_message *message)
{
	if (refcount_dec_and_test(&message->refs))
		kfree(message);
}

static struct uevent_message *message_new(const struct kobj_uevent_env *env,
					  const char *action,
					  const char *devpath)
{
	size_t head = strlen(action) + strlen(devpath) + 2;
	struct uevent_message *message;

	message = kmalloc(sizeof(*message) + head + env->buflen, GFP_KERNEL);
	if (!message)
		return NULL;
	refcount_set(&message->refs, 1);
	message->len = head + env->buflen;
	snprintf(message->data, head, "%s@%s", action, devpath);
	memcpy(message->data + head, env->buf, env->buflen);
	return message;
}

/* Without a listener nothing is allocated, so nothing can fail. */
static int broadcast(const struct kobj_uevent_env *env, const char *action,
		     const char *devpath)
{
	struct uevent_message *message;
	struct uevent_entry *entry;
	struct um_uevents *u;

	if (list_empty(&listeners))
		return 0;
	message = message_new(env, action, devpath);
	if (!message)
		return -ENOMEM;

	list_for_each_entry(u, &listeners, list) {
		entry = host_alloc(sizeof(*entry));
		if (!entry)
			continue;
		refcount_inc(&message->refs);
		entry->message = message;
		list_add_tail(&entry->list, &u->queue);
	}
	message_put(message);
	return 0;
}

static void entry_free(struct uevent_entry *entry)
{
	list_del(&entry->list);
	message_put(entry->message);
	host_free(entry);
}

struct um_uevents *um_uevents_open(void)
{
	struct um_uevents *u;

	u = host_zalloc(sizeof(*u));
	if (!u)
		return NULL;
	INIT_LIST_HEAD(&u->queue);
	mutex_lock(&uevent_sock_mutex);
	list_add_tail(&u->list, &listeners);
	mutex_unlock(&uevent_sock_mutex);
	return u;
}

void um_uevents_close(struct um_uevents *u)
{
	struct uevent_entry *entry, *next;

	if (!u)
		return;
	mutex_lock(&uevent_sock_mutex);
	list_del(&u->list);
	list_for_each_entry_safe(entry, next, &u->queue, list)
		entry_free(entry);
	mutex_unlock(&uevent_sock_mutex);
	host_free(u);
}

ssize_t um_uevents_read(struct um_uevents *u, char *buf, size_t size)
{
	struct uevent_entry *entry;
	ssize_t ret = 0;

	mutex_lock(&uevent_sock_mutex);
	if (!list_empty(&u->queue)) {
		entry = list_first_entry(&u->queue, struct uevent_entry, list);
		ret = -ENOSPC;
		if (entry->message->len <= size) {
			ret = entry->message->len;
			memcpy(buf, entry->message->data, ret);
			entry_free(entry);
		}
	}
	mutex_unlock(&uevent_sock_mutex);
	return ret;
}

/* ---- the environment --------------------------------------------------------------- */

/**
 * add_uevent_var() - add one "KEY=value" to an event
 * @env: the event
 * @format: the string
 * @...: arguments for @format
 *
 * Context: as the caller's; takes no lock.
 *
 * Return: 0; -ENOMEM, with a splat, when it does not fit: UEVENT_NUM_ENVP
 * strings, UEVENT_BUFFER_SIZE bytes.
 */
int add_uevent_var(struct kobj_uevent_env *env, const char *format, ...)
{
	int room = sizeof(env->buf) - env->buflen;
	va_list args;
	int len;

	if (WARN(env->envp_idx >= UEVENT_NUM_ENVP,
		 "add_uevent_var: too many keys\n"))
		return -ENOMEM;

	va_start(args, format);
	len = vsnprintf(env->buf + env->buflen, room, format, args);
	va_end(args);
	if (WARN(len >= room, "add_uevent_var: buffer size too small\n"))
		return -ENOMEM;

	env->envp[env->envp_idx++] = env->buf + env->buflen;
	env->buflen += len + 1;
	return 0;
}
EXPORT_SYMBOL_GPL(add_uevent_var);

/* So that a device that was just unbound is not bound again by user space. */
static void drop_modalias(struct kobj_uevent_env *env)
{
	char *var, *rest;
	int i = 0, j, len;

	while (i < env->envp_idx) {
		var = env->envp[i];
		if (strncmp(var, "MODALIAS=", 9)) {
			i++;
			continue;
		}
		len = strlen(var) + 1;
		rest = var + len;
		memmove(var, rest, env->buf + env->buflen - rest);
		env->buflen -= len;
		env->envp_idx--;
		for (j = i; j < env->envp_idx; j++)
			env->envp[j] = env->envp[j + 1] - len;
	}
}

static int fill_env(struct kobj_uevent_env *env, struct kobject *kobj,
		    struct kset *kset, const char *action,
		    const char *devpath, const char *subsystem, char **ext)
{
	const struct kset_uevent_ops *ops = kset->uevent_ops;
	int err;

	err = add_uevent_var(env, "ACTION=%s", action);
	if (!err)
		err = add_uevent_var(env, "DEVPATH=%s", devpath);
	if (!err)
		err = add_uevent_var(env, "SUBSYSTEM=%s", subsystem);
	for (; !err && ext && *ext; ext++)
		err = add_uevent_var(env, "%s", *ext);
	if (!err && ops && ops->uevent)
		err = ops->uevent(kapi_kset_uevent_set(kset) kobj, env);
	return err;
}

/* Numbers and queues the event: in one step, so that both are one order. */
static int send_env(struct kobj_uevent_env *env, const char *action,
		    const char *devpath)
{
	int err;

	mutex_lock(&uevent_sock_mutex);
	WRITE_ONCE(uevent_seqnum, uevent_seqnum + 1);
	err = add_uevent_var(env, "SEQNUM=%llu",
			     (unsigned long long)uevent_seqnum);
	if (!err)
		err = broadcast(env, action, devpath);
	mutex_unlock(&uevent_sock_mutex);
	return err;
}

static int build_and_send(struct kobject *kobj, enum kobject_action action,
			  struct kset *kset,
			  const char *subsystem, char *ext[])
{
	void (*hook)(const struct kobj_uevent_env *env);
	struct kobj_uevent_env *env;
	char *devpath;
	int err;

	env = kzalloc(sizeof(*env), GFP_KERNEL);
	if (!env)
		return -ENOMEM;
	devpath = kobject_get_path(kobj, GFP_KERNEL);
	if (!devpath) {
		err = -ENOENT;
		goto free_env;
	}

	err = fill_env(env, kobj, kset, kobject_actions[action], devpath,
		       subsystem, ext);
	if (err)
		goto free_path;
	/* kobject_del() sends REMOVE for whoever got this far. */
	if (action == KOBJ_ADD)
		kobj->state_add_uevent_sent = 1;
	if (action == KOBJ_UNBIND)
		drop_modalias(env);

	err = send_env(env, kobject_actions[action], devpath);
	hook = READ_ONCE(um_uevent_hook);
	if (!err && hook)
		hook(env);
free_path:
	kfree(devpath);
free_env:
	kfree(env);
	return err;
}

/**
 * kobject_uevent_env() - send an event with variables of the sender's
 * @kobj: whom it is about
 * @action: what happened
 * @envp_ext: "KEY=value" strings, ends with NULL; or NULL
 *
 * Context: may sleep.
 *
 * Return: 0, also when the event is suppressed or filtered out; -EINVAL when
 * neither the object nor an ancestor belongs to a kset; -ENOENT when the path
 * cannot be had; -ENOMEM; the error of the kset's uevent().
 */
int kobject_uevent_env(struct kobject *kobj, enum kobject_action action,
		       char *envp_ext[])
{
	const struct kset_uevent_ops *ops;
	const char *subsystem;
	struct kobject *top;

	/* Even if it fails: the sender does not want another one at cleanup. */
	if (action == KOBJ_REMOVE)
		kobj->state_remove_uevent_sent = 1;

	top = kobj;
	while (!top->kset && top->parent)
		top = top->parent;
	if (!top->kset) {
		pr_debug("kobject: '%s' (%p): kobject_uevent_env: attempted to send uevent without kset!\n",
			 kobject_name(kobj), kobj);
		return -EINVAL;
	}
	ops = top->kset->uevent_ops;

	if (kobj->uevent_suppress)
		return 0;
	if (ops && ops->filter && !ops->filter(kapi_kset_uevent_set(top->kset) kobj))
		return 0;

	if (ops && ops->name)
		subsystem = ops->name(kapi_kset_uevent_set(top->kset) kobj);
	else
		subsystem = kobject_name(&top->kset->kobj);
	if (!subsystem)
		return 0;

	return build_and_send(kobj, action, top->kset, subsystem, envp_ext);
}
EXPORT_SYMBOL_GPL(kobject_uevent_env);

/**
 * kobject_uevent() - kobject_uevent_env() without variables of one's own
 * @kobj: whom it is about
 * @action: what happened
 *
 * Context: may sleep.
 *
 * Return: as kobject_uevent_env().
 */
int kobject_uevent(struct kobject *kobj, enum kobject_action action)
{
	return kobject_uevent_env(kobj, action, NULL);
}
EXPORT_SYMBOL_GPL(kobject_uevent);

/* ---- events made by user space, through a "uevent" file ------------------------------ */

static size_t strip_end(const char *buf, size_t count)
{
	if (count && (buf[count - 1] == '\n' || buf[count - 1] == '\0'))
		count--;
	return count;
}

/* The first word; *@args is what follows it, NULL when nothing does. */
static int parse_action(const char *buf, size_t count,
			enum kobject_action *action, const char **args)
{
	const char *space;
	size_t len;
	int i;

	len = strip_end(buf, count);
	if (!len)
		return -EINVAL;
	space = strnchr(buf, len, ' ');
	*args = space ? space + 1 : NULL;
	if (space)
		len = space - buf;

	for (i = 0; i < ARRAY_SIZE(kobject_actions); i++) {
		if (strlen(kobject_actions[i]) != len || memcmp(kobject_actions[i], buf, len))
			continue;
		*action = i;
		return 0;
	}
	return -EINVAL;
}

/* Letters and digits up to @delim or the end: one at least. */
static size_t word_len(const char *p, const char *end, char delim)
{
	const char *start = p;

	while (p < end && *p != delim)
		if (!isalnum(*p++))
			return 0;
	return p - start;
}

/* " KEY=value" as often as it comes. */
static int parse_pairs(struct kobj_uevent_env *env, const char *p, const char *end)
{
	size_t key, value;

	while (p < end) {
		if (*p++ != ' ')
			return -EINVAL;
		key = word_len(p, end, '=');
		if (!key || p + key >= end)
			return -EINVAL;
		value = word_len(p + key + 1, end, ' ');
		if (!value)
			return -EINVAL;
		if (add_uevent_var(env, "SYNTH_ARG_%.*s=%.*s", (int)key, p,
				   (int)value, p + key + 1))
			return -EINVAL;
		p += key + 1 + value;
	}
	return 0;
}

/* "UUID KEY=value ..."; @env is empty and is filled. */
static int parse_args(struct kobj_uevent_env *env, const char *buf, size_t count)
{
	count = strip_end(buf, count);
	if (count < UUID_STRING_LEN || !uuid_is_valid(buf))
		return -EINVAL;
	if (add_uevent_var(env, "SYNTH_UUID=%.*s", UUID_STRING_LEN, buf))
		return -EINVAL;
	return parse_pairs(env, buf + UUID_STRING_LEN, buf + count);
}

static int send_with_args(struct kobject *kobj, enum kobject_action action,
			  const char *args, size_t count, const char **msg)
{
	struct kobj_uevent_env *env;
	int err;

	if (!strip_end(args, count)) {
		*msg = "incorrect uevent action arguments";
		return -EINVAL;
	}
	env = kzalloc(sizeof(*env), GFP_KERNEL);
	if (!env)
		return -ENOMEM;
	err = parse_args(env, args, count);
	if (err)
		*msg = "incorrect uevent action arguments";
	else
		err = kobject_uevent_env(kobj, action, env->envp);
	kfree(env);
	return err;
}

/**
 * kobject_synth_uevent() - what a write to a "uevent" file does
 * @kobj: whom the event is about
 * @buf: NUL-terminated: an action, or an action, a UUID and pairs KEY=value
 * @count: length of @buf in bytes
 *
 * Context: may sleep.
 *
 * Return: 0; -EINVAL for what cannot be parsed; -ENOMEM; as
 * kobject_uevent_env(). Every error is said aloud.
 */
int kobject_synth_uevent(struct kobject *kobj, const char *buf, size_t count)
{
	char *no_uuid[] = { "SYNTH_UUID=0", NULL };
	const char *msg = "failed to send uevent";
	enum kobject_action action;
	const char *args;
	char *devpath;
	int err;

	err = parse_action(buf, count, &action, &args);
	if (err)
		msg = "unknown uevent action string";
	else if (!args)
		err = kobject_uevent_env(kobj, action, no_uuid);
	else
		err = send_with_args(kobj, action, args, count - (args - buf), &msg);
	if (!err)
		return 0;

	devpath = kobject_get_path(kobj, GFP_KERNEL);
	pr_warn("synth uevent: %s: %s\n",
		devpath ? devpath : "unknown device", msg);
	kfree(devpath);
	return err;
}
EXPORT_SYMBOL_GPL(kobject_synth_uevent);
