// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of events, in /sys/kernel/tracing: available_events, set_event, trace,
 * tracing_on; events/enable, events/SYSTEM/enable, events/SYSTEM/EVENT/enable, and
 * id and format beside that. There they lie in sysfs itself, where a kernel mounts
 * tracefs.
 *
 * events_mutex guards the list of events and which are enabled. A directory is
 * removed after its events have left the list, and without the mutex: the files in
 * it may be waiting for that.
 *
 * "trace" is cleared by what is written to it, which is how a shell does it; in a
 * kernel by being opened to be cut.
 *
 * Left out: filters, triggers, trace_pipe, instances, the files of a kernel
 * that is compiled in; events of modules that are linked into a program.
 */
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/trace_events.h>
#include <linux/tracepoint.h>

#include "check/op.h"
#include "host/host.h"
#include "kernel/trace/trace.h"

struct known {
	struct list_head list;
	struct um_trace_event *event;
	bool was_enabled;
};

/* Events of several modules may be of one. */
struct system {
	struct list_head list;
	struct kobject *dir;
	unsigned int events;
	char name[];
};

static LIST_HEAD(events);
static DEFINE_MUTEX(events_mutex);
static LIST_HEAD(systems);	/* while modules come and go, one at a time */
static DEFINE_MUTEX(systems_mutex);
static struct kobject *tracing_dir, *events_dir;
static unsigned int last_id;	/* under systems_mutex */

/* All of tracefs is closed to others, where the directories of sysfs are open. */
static struct kobject *make_dir(const char *name, struct kobject *parent, umode_t mode)
{
	struct kobject *dir = kobject_create_and_add(name, parent);

	/* which finds a directory as it finds a file */
	if (dir)
		WARN_ON(sysfs_chmod_file(parent, &(struct attribute){ .name = name }, mode));
	return dir;
}

/* ---- enabling; events_mutex held ------------------------------------------ */

static int set_enabled(struct known *k, bool on)
{
	struct um_trace_event *event = k->event;
	int err;

	if (event->enabled == on)
		return 0;
	err = on ? tracepoint_probe_register(event->tracepoint, event->probe, event) :
		   tracepoint_probe_unregister(event->tracepoint, event->probe, event);
	if (!err) {
		event->enabled = on;
		k->was_enabled = true;
	}
	return err;
}

static bool is_in(const struct um_trace_event *event, const struct kobject *dir)
{
	return dir == events_dir || event->dir == dir ||
	       (event->dir && event->dir->parent == dir);
}

/* Of all events in a directory. -ENODEV: they have gone. */
static int set_all_in(const struct kobject *dir, bool on)
{
	int err = dir == events_dir ? 0 : -ENODEV;
	struct known *k;

	list_for_each_entry(k, &events, list) {
		if (!is_in(k->event, dir))
			continue;
		err = set_enabled(k, on);
		if (err)
			break;
	}
	return err;
}

static bool matches(const char *pattern, size_t len, const char *name)
{
	return (len == 1 && *pattern == '*') || !len ||
	       (strlen(name) == len && !strncmp(pattern, name, len));
}

/* "SYSTEM:EVENT", with "*" or nothing for any; or the name of either. */
static int set_named(const char *name, bool on)
{
	const char *colon = strchr(name, ':');
	int err = -EINVAL;
	struct known *k;

	list_for_each_entry(k, &events, list) {
		const struct um_trace_event *e = k->event;
		bool meant = colon ? matches(name, colon - name, e->system) &&
				     matches(colon + 1, strlen(colon + 1), e->name) :
				     matches(name, strlen(name), e->name) ||
				     matches(name, strlen(name), e->system);

		if (!meant)
			continue;
		err = set_enabled(k, on);
		if (err)
			break;
	}
	return err;
}

/* ---- files ---------------------------------------------------------------- */

static ssize_t enable_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	unsigned int on = 0, off = 0;
	struct known *k;

	mutex_lock(&events_mutex);
	list_for_each_entry(k, &events, list) {
		if (!is_in(k->event, kobj))
			continue;
		on += k->event->enabled;
		off += !k->event->enabled;
	}
	mutex_unlock(&events_mutex);
	if (!on && !off && kobj != events_dir)
		return -ENODEV;
	return sysfs_emit(buf, "%c\n", on && off ? 'X' : on ? '1' : '0');
}

static int parse_switch(const char *buf, bool *on)
{
	unsigned long value;
	int err = kstrtoul(buf, 10, &value);

	if (err)
		return err;
	if (value > 1)
		return -EINVAL;
	*on = value;
	return 0;
}

static ssize_t enable_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			    size_t count)
{
	bool on;
	int err = parse_switch(buf, &on);

	if (err)
		return err;
	mutex_lock(&events_mutex);
	err = set_all_in(kobj, on);
	mutex_unlock(&events_mutex);
	return err ?: count;
}
static struct kobj_attribute enable_attr = __ATTR_RW_MODE(enable, 0640);

/* events_mutex held; NULL: it has gone. */
static const struct um_trace_event *event_of(const struct kobject *dir)
{
	struct known *k;

	list_for_each_entry(k, &events, list)
		if (k->event->dir == dir)
			return k->event;
	return NULL;
}

static ssize_t id_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct um_trace_event *event;
	ssize_t n = -ENODEV;

	mutex_lock(&events_mutex);
	event = event_of(kobj);
	if (event)
		n = sysfs_emit(buf, "%u\n", event->id);
	mutex_unlock(&events_mutex);
	return n;
}
static struct kobj_attribute id_attr = __ATTR_RO_MODE(id, 0440);

static int put_field(char *buf, int n, const struct um_trace_field *f)
{
	return sysfs_emit_at(buf, n, "\tfield:%s %s%s;\toffset:%u;\tsize:%u;\tsigned:%d;\n", f->type,
			     f->name, f->dimension ?: "", f->offset, f->size, f->is_signed);
}

#define COMMON(_type, _member, _signed)					\
	{ .type = #_type, .name = "common_" #_member,			\
	  .offset = offsetof(struct trace_entry, _member), .size = sizeof(_type), \
	  .is_signed = _signed }

static int put_format(char *buf, const struct um_trace_event *event)
{
	static const struct um_trace_field common[] = {
		COMMON(unsigned short, type, false), COMMON(unsigned char, flags, false),
		COMMON(unsigned char, preempt_count, false), COMMON(int, pid, true),
	};
	const struct um_trace_field *f;
	unsigned int i;
	int n = 0;

	n += sysfs_emit_at(buf, n, "name: %s\nID: %u\nformat:\n", event->name, event->id);
	for (i = 0; i < ARRAY_SIZE(common); i++)
		n += put_field(buf, n, &common[i]);
	n += sysfs_emit_at(buf, n, "\n");
	for (f = event->fields(); f->type; f++)
		n += put_field(buf, n, f);
	return n + sysfs_emit_at(buf, n, "\nprint fmt: %s\n", event->print_format);
}

static ssize_t format_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	const struct um_trace_event *event;
	ssize_t n = -ENODEV;

	mutex_lock(&events_mutex);
	event = event_of(kobj);
	if (event)
		n = put_format(buf, event);
	mutex_unlock(&events_mutex);
	return n;
}
static struct kobj_attribute format_attr = __ATTR_RO_MODE(format, 0440);

static ssize_t list_events(char *buf, bool enabled_only)
{
	struct known *k;
	int n = 0;

	mutex_lock(&events_mutex);
	list_for_each_entry(k, &events, list)
		if (!enabled_only || k->event->enabled)
			n += sysfs_emit_at(buf, n, "%s:%s\n", k->event->system, k->event->name);
	mutex_unlock(&events_mutex);
	return n;
}

static ssize_t available_events_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return list_events(buf, false);
}
static struct kobj_attribute available_events_attr = __ATTR_RO_MODE(available_events, 0440);

static ssize_t set_event_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return list_events(buf, true);
}

/* Words: each enables, or with a "!" before it disables. */
static ssize_t set_event_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf,
			       size_t count)
{
	char *copy = kstrndup(buf, count, GFP_KERNEL), *rest = copy, *word;
	int err = 0;

	if (!copy)
		return -ENOMEM;
	mutex_lock(&events_mutex);
	while (!err && (word = strsep(&rest, " \t\n")))
		if (*word)
			err = set_named(word + (*word == '!'), *word != '!');
	mutex_unlock(&events_mutex);
	kfree(copy);
	return err ?: count;
}
static struct kobj_attribute set_event_attr = __ATTR_RW_MODE(set_event, 0640);

static ssize_t tracing_on_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", um_trace_is_on());
}

static ssize_t tracing_on_store(struct kobject *kobj, struct kobj_attribute *attr,
				const char *buf, size_t count)
{
	unsigned long value;
	int err = kstrtoul(buf, 10, &value);

	if (err)
		return err;
	um_trace_set(value);
	return count;
}
static struct kobj_attribute tracing_on_attr = __ATTR_RW_MODE(tracing_on, 0640);

static ssize_t trace_read(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			  char *buf, loff_t pos, size_t count)
{
	size_t len = 0;
	char *text = um_trace_text(&len);
	ssize_t n;

	if (!text)
		return -ENOMEM;
	n = memory_read_from_buffer(buf, count, &pos, text, len);
	host_free(text);
	return n;
}

static ssize_t trace_write(struct file *file, struct kobject *kobj, struct bin_attribute *attr,
			   char *buf, loff_t pos, size_t count)
{
	um_trace_clear();
	return count;
}
static struct bin_attribute trace_attr = {
	.attr = { .name = "trace", .mode = 0640 }, .read = trace_read, .write = trace_write,
};

/* ---- modules -------------------------------------------------------------- */

/* systems_mutex held. */
static struct system *get_system(const char *name)
{
	struct system *s;

	list_for_each_entry(s, &systems, list)
		if (!strcmp(s->name, name))
			goto found;
	s = kzalloc(sizeof(*s) + strlen(name) + 1, GFP_KERNEL);
	if (!s)
		return NULL;
	strcpy(s->name, name);
	s->dir = make_dir(name, events_dir, 0750);
	if (!s->dir || sysfs_create_file(s->dir, &enable_attr.attr)) {
		kobject_put(s->dir);
		kfree(s);
		return NULL;
	}
	list_add_tail(&s->list, &systems);
found:
	s->events++;
	return s;
}

static void put_system(const char *name)
{
	struct system *s;

	list_for_each_entry(s, &systems, list)
		if (!strcmp(s->name, name))
			break;
	if (list_entry_is_head(s, &systems, list) || --s->events)
		return;
	list_del(&s->list);
	kobject_put(s->dir);
	kfree(s);
}

/* Without its files an event cannot be enabled; the module is loaded all the same. */
static void make_files(struct um_trace_event *event)
{
	static const struct attribute *const files[] = {
		&enable_attr.attr, &id_attr.attr, &format_attr.attr, NULL,
	};
	struct system *s = get_system(event->system);
	struct kobject *dir;

	dir = s ? make_dir(event->name, s->dir, 0750) : NULL;
	if (!dir || sysfs_create_files(dir, files)) {
		kobject_put(dir);
		if (s)
			put_system(event->system);
		pr_warn("Could not create tracefs '%s' directory\n", event->name);
		return;
	}
	WRITE_ONCE(event->dir, dir);
}

static void add_event(struct um_trace_event *event)
{
	struct known *k = kzalloc(sizeof(*k), GFP_KERNEL);

	if (!k) {
		pr_warn("Could not initialize trace point events/%s\n", event->name);
		return;
	}
	k->event = event;
	event->id = ++last_id;
	make_files(event);
	mutex_lock(&events_mutex);
	list_add_tail(&k->list, &events);
	mutex_unlock(&events_mutex);
}

static struct known *find(const struct um_trace_event *event)
{
	struct known *k;

	list_for_each_entry(k, &events, list)
		if (k->event == event)
			return k;
	return NULL;
}

/* True: there may be records of it. */
static bool remove_event(struct um_trace_event *event)
{
	bool was_enabled = false;
	struct known *k;

	mutex_lock(&events_mutex);
	k = find(event);
	if (k) {
		set_enabled(k, false);
		was_enabled = k->was_enabled;
		list_del(&k->list);
		kfree(k);
	}
	mutex_unlock(&events_mutex);
	if (event->dir) {
		kobject_put(event->dir);
		put_system(event->system);
	}
	return was_enabled;
}

void um_trace_events_come(struct um_trace_event **e, size_t n)
{
	mutex_lock(&systems_mutex);
	for (; n; n--, e++)
		add_event(*e);
	mutex_unlock(&systems_mutex);
}

/*
 * Their code prints their records, so these go, too: with all others, as in a kernel,
 * which empties what such a module may have written to.
 */
void um_trace_events_go(struct um_trace_event **e, size_t n)
{
	bool recorded = false;

	mutex_lock(&systems_mutex);
	for (; n; n--, e++)
		recorded |= remove_event(*e);
	tracepoint_synchronize_unregister();
	if (recorded)
		um_trace_clear();
	mutex_unlock(&systems_mutex);
}

/* ---- at boot -------------------------------------------------------------- */

static int __init trace_init(void)
{
	static const struct attribute *const files[] = {
		&available_events_attr.attr, &set_event_attr.attr, &tracing_on_attr.attr, NULL,
	};
	int err;

	tracing_dir = make_dir("tracing", kernel_kobj, 0700);
	events_dir = tracing_dir ? make_dir("events", tracing_dir, 0750) : NULL;
	if (!events_dir)
		return -ENOMEM;
	um_object_permanent(tracing_dir);
	um_object_permanent(events_dir);
	err = sysfs_create_files(tracing_dir, files);
	if (!err)
		err = sysfs_create_bin_file(tracing_dir, &trace_attr);
	return err ?: sysfs_create_file(events_dir, &enable_attr.attr);
}
fs_initcall(trace_init);
