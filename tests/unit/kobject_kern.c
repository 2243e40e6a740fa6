// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of the test of kobjects and sysfs. */
#include <linux/err.h>
#include <linux/klist.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/kernel.h>
#include <asm/page.h>

#include "compat/const.h"
#include "fs/kernfs/kernfs-internal.h"
#include "kobject.h"
#include "umdev/umdev.h"

struct kt_object {
	struct kobject kobj;
	char value[PAGE_SIZE + 1];
	struct kobj_attribute extra[2];
	unsigned char bytes[16];
};

static struct kt_object *to_object(struct kobject *kobj)
{
	return container_of(kobj, struct kt_object, kobj);
}

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s", to_object(kobj)->value);
}

static ssize_t value_store(struct kobject *kobj, struct kobj_attribute *attr,
			   const char *buf, size_t count)
{
	struct kt_object *o = to_object(kobj);

	if (strlen(buf) != count)
		return -EINVAL;
	memcpy(o->value, buf, count + 1);
	return count;
}
static struct kobj_attribute value_attr = __ATTR_RW(value);

/* Removes itself and writes on: what an active reference would forbid. */
static ssize_t broken_store(struct kobject *kobj, struct kobj_attribute *attr,
			    const char *buf, size_t count)
{
	struct kernfs_node *kn = sysfs_break_active_protection(kobj, &attr->attr);

	sysfs_remove_file(kobj, &attr->attr);
	sysfs_unbreak_active_protection(kn);
	return count;
}
static struct kobj_attribute broken_attr = __ATTR_WO(broken);

static struct kobj_attribute prealloc_attr =
	__ATTR_PREALLOC(prealloc, 0644, value_show, value_store);

static struct attribute *kt_attrs[] = {
	&value_attr.attr, &broken_attr.attr, &prealloc_attr.attr, NULL,
};

static ssize_t bin_read(struct file *file, struct kobject *kobj,
			kapi_bin_const struct bin_attribute *attr, char *buf, loff_t pos,
			size_t count)
{
	memcpy(buf, to_object(kobj)->bytes + pos, count);
	return count;
}

static ssize_t bin_write(struct file *file, struct kobject *kobj,
			 kapi_bin_const struct bin_attribute *attr, char *buf, loff_t pos,
			 size_t count)
{
	memcpy(to_object(kobj)->bytes + pos, buf, count);
	return count;
}
static BIN_ATTR_RW(bin, 16);
static kapi_bin_const struct bin_attribute *kapi_bin_const kt_bin_attrs[] = {
	&bin_attr_bin, NULL,
};

static const struct attribute_group kt_plain_group = {
	.attrs = kt_attrs,
	.bin_attrs = kt_bin_attrs,
};

static struct kobj_attribute seen_attr = __ATTR(seen, 0644, value_show, value_store);
static struct kobj_attribute unseen_attr = __ATTR(unseen, 0644, value_show, value_store);
static struct attribute *kt_group_attrs[] = {
	&seen_attr.attr, &unseen_attr.attr, NULL,
};
static struct bin_attribute bin_attr_binseen = __BIN_ATTR(binseen, 0444, bin_read, NULL, 16);
static kapi_bin_const struct bin_attribute *kapi_bin_const kt_group_bin_attrs[] = {
	&bin_attr_binseen, NULL,
};

static umode_t kt_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	if (attr == &seen_attr.attr)
		return 0444;
	return 0;
}

static umode_t kt_bin_visible(struct kobject *kobj,
			      kapi_bin_visible_const struct bin_attribute *attr, int n)
{
	return 0400;
}

static const struct attribute_group kt_named_group = {
	.name = "group",
	.is_visible = kt_visible,
	.is_bin_visible = kt_bin_visible,
	.attrs = kt_group_attrs,
	.bin_attrs = kt_group_bin_attrs,
};

static const struct attribute_group *kt_groups[] = {
	&kt_plain_group, &kt_named_group, NULL,
};

static void kt_release(struct kobject *kobj)
{
	kfree(to_object(kobj));
}

static const struct kobj_type kt_ktype = {
	.release = kt_release,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = kt_groups,
};

/* ---- objects ------------------------------------------------------------------ */

static struct kt_object *kt_make(const char *name, struct kobject *parent,
				 struct kset *kset)
{
	struct kt_object *o;
	int err;

	o = kzalloc(sizeof(*o), GFP_KERNEL);
	if (!o)
		return ERR_PTR(-ENOMEM);
	o->kobj.kset = kset;
	err = kobject_init_and_add(&o->kobj, &kt_ktype, parent, "%s", name);
	if (err) {
		kt_put(o);
		return ERR_PTR(err);
	}
	return o;
}

struct kt_object *kt_new(const char *name, struct kt_object *parent)
{
	struct kt_object *o;

	o = kt_make(name, parent ? &parent->kobj : NULL, NULL);
	return IS_ERR(o) ? NULL : o;
}

int kt_add_error(const char *name, struct kt_object *parent)
{
	struct kt_object *o;

	o = kt_make(name, parent ? &parent->kobj : NULL, NULL);
	if (IS_ERR(o))
		return PTR_ERR(o);
	kt_put(o);
	return 0;
}

static const struct kobj_type no_release = {
	.sysfs_ops = &kobj_sysfs_ops,
};

int kt_without_release(void)
{
	static struct kobject kobj;
	int err;

	memset(&kobj, 0, sizeof(kobj));
	err = kobject_init_and_add(&kobj, &no_release, NULL, "immortal");
	kobject_put(&kobj);
	um_late_flush();
	return err;
}

static void init_twice(struct kobject *kobj)
{
	kobject_init(kobj, &no_release);
	kobject_init(kobj, &no_release);
	kobject_put(kobj);
	um_late_flush();
}

static int rename_orphan(void)
{
	struct kobject *kobj = kobject_create_and_add("orphan", NULL);
	int err = kobject_rename(kobj, "renamed");

	kobject_put(kobj);
	return kobj ? err : -ENODEV;
}

/* Each is a mistake in the use of kobjects; the error, or what came of it. */
int kt_misuse(const char *what)
{
	struct kobject kobj = { 0 };
	struct kset kset = { 0 };
	int ret = -1;

	if (!strcmp(what, "init without type"))
		kobject_init(&kobj, NULL);
	else if (!strcmp(what, "init nothing"))
		kobject_init(NULL, &kt_ktype);
	else if (!strcmp(what, "init twice"))
		init_twice(&kobj);
	else if (!strcmp(what, "rename an orphan"))
		ret = rename_orphan();
	else if (!strcmp(what, "get the dead"))
		ret = kobject_get_unless_zero(&kobj) != NULL;
	else if (!strcmp(what, "set without type"))
		ret = kset_register(&kset);
	return ret;
}

/* The last one, too: its test goes on when the object is released. */
void kt_put(struct kt_object *o)
{
	kobject_put(&o->kobj);
	um_late_flush();
}

int kt_create_file(struct kt_object *o, const char *name)
{
	struct kobj_attribute *a = &o->extra[0];

	a->attr.name = name;
	a->attr.mode = 0644;
	a->show = value_show;
	a->store = value_store;
	sysfs_attr_init(&a->attr);
	return sysfs_create_file(&o->kobj, &a->attr);
}

void kt_remove_file(struct kt_object *o, const char *name)
{
	struct attribute attr = { .name = name };

	sysfs_remove_file(&o->kobj, &attr);
}

int kt_rename(struct kt_object *o, const char *name)
{
	return kobject_rename(&o->kobj, name);
}

int kt_move(struct kt_object *o, struct kt_object *parent)
{
	return kobject_move(&o->kobj, parent ? &parent->kobj : NULL);
}

/* ---- ksets and events ----------------------------------------------------------- */

struct kt_set {
	struct kset *kset;
};

static int no_filter(kapi_kset_uevent_set(struct kset *kset)
		     kapi_kset_uevent_const struct kobject *kobj)
{
	return 0;
}

static int with_var(kapi_kset_uevent_set(struct kset *kset)
		    kapi_kset_uevent_const struct kobject *kobj, struct kobj_uevent_env *env)
{
	int err = add_uevent_var(env, "MODALIAS=kt:%s", kobject_name(kobj));

	return err ? err : add_uevent_var(env, "AFTER=1");
}

static const struct kset_uevent_ops filtered_ops = { .filter = no_filter };
static const struct kset_uevent_ops var_ops = { .uevent = with_var };
static int hooked;

static void hook(const struct kobj_uevent_env *env)
{
	hooked++;
}

struct kt_set *kt_set_new(const char *name, int filtered)
{
	struct kt_set *s = kzalloc(sizeof(*s), GFP_KERNEL);

	s->kset = kset_create_and_add(name, filtered ? &filtered_ops : &var_ops, NULL);
	return s;
}

void kt_set_free(struct kt_set *s)
{
	kset_unregister(s->kset);
	kfree(s);
}

struct kt_object *kt_new_in(struct kt_set *s, const char *name)
{
	struct kt_object *o = kt_make(name, NULL, s->kset);

	return IS_ERR(o) ? NULL : o;
}

int kt_find(struct kt_set *s, const char *name)
{
	struct kobject *kobj = kset_find_obj(s->kset, name);

	kobject_put(kobj);
	return kobj != NULL;
}

int kt_uevent(struct kt_object *o, const char *action)
{
	static const char * const names[] = {
		"add", "remove", "change", "move", "online", "offline", "bind", "unbind",
	};
	char *ext[] = { "EXTRA=yes", NULL };
	int i;

	for (i = 0; i < 8; i++)
		if (!strcmp(names[i], action))
			return kobject_uevent_env(&o->kobj, i, ext);
	return -EINVAL;
}

int kt_var_overflow(void)
{
	struct kobj_uevent_env *env = kzalloc(sizeof(*env), GFP_KERNEL);
	int err;

	err = add_uevent_var(env, "A=%02000d", 1);
	if (!err)
		err = add_uevent_var(env, "B=%0100d", 1);
	kfree(env);
	return err;
}

/* An event with more variables than fit. */
int kt_uevent_full(struct kt_object *o)
{
	char *ext[UEVENT_NUM_ENVP + 1];
	int i;

	for (i = 0; i < UEVENT_NUM_ENVP; i++)
		ext[i] = "A=1";
	ext[i] = NULL;
	return kobject_uevent_env(&o->kobj, KOBJ_CHANGE, ext);
}

int kt_hooked(void)
{
	um_uevent_hook = hook;
	return hooked;
}

/* ---- refcounts -------------------------------------------------------------------- */

int kt_refcount(int start, const char *op)
{
	refcount_t r = REFCOUNT_INIT(start);

	if (!strcmp(op, "inc"))
		refcount_inc(&r);
	else if (!strcmp(op, "inc_not_zero"))
		return refcount_inc_not_zero(&r);
	else if (!strcmp(op, "add_not_zero"))
		return refcount_add_not_zero(1, &r) ? (int)refcount_read(&r) : -1;
	else if (!strcmp(op, "dec"))
		refcount_dec(&r);
	else if (!strcmp(op, "dec_and_test"))
		return refcount_dec_and_test(&r) ? 1000 : (int)refcount_read(&r);
	else if (!strcmp(op, "dec_not_one"))
		return refcount_dec_not_one(&r);
	else if (!strcmp(op, "dec_if_one"))
		return refcount_dec_if_one(&r);
	return refcount_read(&r);
}

/* ---- a crowd -------------------------------------------------------------------------- */

struct kt_crowd {
	struct kobject *dir;
	int n;
	struct kobject *members[];
};

struct kt_crowd *kt_crowd_new(const char *name, int n)
{
	struct kt_crowd *c = kvzalloc(sizeof(*c) + n * sizeof(c->members[0]), GFP_KERNEL);
	char member[32];
	int i;

	c->n = n;
	c->dir = kobject_create_and_add(name, NULL);
	for (i = 0; i < n; i++) {
		snprintf(member, sizeof(member), "member-%d", i);
		c->members[i] = kobject_create_and_add(member, c->dir);
	}
	return c;
}

void kt_crowd_remove(struct kt_crowd *c, int i)
{
	kobject_put(c->members[i]);
	um_late_flush();
	c->members[i] = NULL;
}

void kt_crowd_free(struct kt_crowd *c)
{
	int i;

	for (i = 0; i < c->n; i++)
		kobject_put(c->members[i]);
	kobject_put(c->dir);
	um_late_flush();
	kvfree(c);
}

long kt_passed(void)
{
	return atomic64_xchg(&kernfs_passed, 0);
}

/* ---- klist ------------------------------------------------------------------------------ */

struct knode {
	struct klist_node node;
	int refs;
};

static void knode_get(struct klist_node *n) { container_of(n, struct knode, node)->refs++; }
static void knode_put(struct klist_node *n) { container_of(n, struct knode, node)->refs--; }
static DEFINE_KLIST(test_klist, knode_get, knode_put);
static struct knode knodes[4];
static struct klist_iter held;

int kt_klist_walk(void)
{
	struct klist_iter i;
	struct klist_node *n;
	int k, bad = 0;

	for (k = 0; k < 4; k++)
		klist_add_tail(&knodes[k].node, &test_klist);

	klist_iter_init(&test_klist, &i);
	n = klist_next(&i);
	bad |= n != &knodes[0].node;
	/* gone behind, under and ahead of the iterator */
	klist_del(&knodes[0].node);
	klist_del(&knodes[1].node);
	bad |= knodes[0].refs != 1 || knodes[1].refs != 0;
	n = klist_next(&i);
	bad |= n != &knodes[2].node || knodes[0].refs != 0;
	bad |= klist_node_attached(&knodes[0].node);
	n = klist_prev(&i);
	bad |= n != NULL;
	klist_iter_exit(&i);

	klist_del(&knodes[2].node);
	klist_del(&knodes[3].node);
	for (k = 0; k < 4; k++)
		bad |= knodes[k].refs != 0;
	return bad;
}

/* A dead node that another iterator still stands on is passed over. */
int kt_klist_skip(void)
{
	struct klist_iter i, other;
	int k, bad = 0;

	for (k = 0; k < 3; k++)
		klist_add_tail(&knodes[k].node, &test_klist);
	klist_iter_init_node(&test_klist, &other, &knodes[1].node);
	klist_del(&knodes[1].node);
	klist_iter_init(&test_klist, &i);
	bad |= klist_next(&i) != &knodes[0].node;
	bad |= klist_next(&i) != &knodes[2].node;
	bad |= klist_prev(&i) != &knodes[0].node;
	klist_iter_exit(&i);
	bad |= knodes[1].refs != 1;
	klist_iter_exit(&other);
	bad |= knodes[1].refs != 0;
	klist_del(&knodes[0].node);
	klist_del(&knodes[2].node);
	return bad;
}

int kt_klist_hold(void)
{
	klist_add_tail(&knodes[0].node, &test_klist);
	klist_iter_init(&test_klist, &held);
	return klist_next(&held) == &knodes[0].node;
}

void kt_klist_let_go(void)
{
	klist_iter_exit(&held);
}

long kt_klist_remove_waits(void *arg)
{
	klist_remove(&knodes[0].node);
	return klist_node_attached(&knodes[0].node);
}

/* ---- faults -------------------------------------------------------------------------------- */

int kt_sweep_step(void)
{
	struct kt_object *o, *target;
	int err;

	o = kt_make("sweep", NULL, NULL);
	if (IS_ERR(o))
		return PTR_ERR(o);
	target = kt_make("target", &o->kobj, NULL);
	err = PTR_ERR_OR_ZERO(target);
	if (!err) {
		err = sysfs_create_link(&o->kobj, &target->kobj, "link");
		err = err ?: kobject_rename(&target->kobj, "renamed");
		err = err ?: kobject_move(&target->kobj, NULL);
		kobject_put(&target->kobj);
	}
	kt_put(o);
	return err;
}
