#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# umdev missing on a driver that lacks a lot: the table has what it lacks and
# nothing else; with what it lists the driver compiles and links, and without
# any one of them it does not. TAP.
# shellcheck source=tests/missing.sh
source "${BASH_SOURCE%/*}/../missing.sh"

# a kernel tree that has some of it
mkdir -p driver/inc
cat >linux/include/linux/of_nobody.h <<'END'
struct nobody {
	int usage;
	struct nobody_ops *ops;
};
#define NOBODY_FLAG	0x1
extern struct nobody *nobody_get(int which);
void nobody_put(struct nobody *n);
END

cat >driver/Makefile <<'END'
obj-m := lacking.o
lacking-y := main.o other.o
ccflags-y := -I$(src)/inc
END
cat >driver/inc/lacking.h <<'END'
#include <linux/of_nobody.h>
struct lacking {
	struct device *dev;
	struct nobody_state state;
	nobody_t handle;
};
int lacking_other(struct lacking *l);
#if defined(CONFIG_NOBODYS_DEBUG) || defined(CONFIG_NOBODYS_DEBUG_MODULE)
int lacking_debug(void);
#else
static inline int lacking_debug(void) { return 0; }
#endif
#if IS_ENABLED(CONFIG_NOBODYS_EXTRA)
struct lacking_extra {
	int depth;
};
#endif
END
cat >driver/main.c <<'END'
#include <linux/module.h>
#include <linux/device.h>
#include <linux/nobody_else.h>
#include "lacking.h"

static DEFINE_NOBODY(lacking_list);
static struct lacking one;

static int __nobody_init lacking_add(struct nobody *n)
{
	struct nobody *pos;

	nobody_for_each_entry(pos, &lacking_list, list) {
		if (pos == n)
			return NOBODY_FLAG;
	}
	n->usage = lacking_other(&one);
	one.dev->nobody_node = n;
	return n->ops->start(n, NOBODY_FLAG | NOBODY_OTHER);
}

static int __init lacking_init(void)
{
	struct nobody *n = nobody_get(1);

	return n ? lacking_add(n) : nobody_error()->code;
}

static void __exit lacking_exit(void)
{
	nobody_put(&nobody_global);
	device_unregister(one.dev, true);
}
module_init(lacking_init);
module_nobody_driver(lacking_exit);
MODULE_LICENSE("GPL");
END
cat >driver/other.c <<'END'
#include <linux/device.h>
#include "lacking.h"
int lacking_other(struct lacking *l)
{
	guard_of_nobody(l);
	switch (l->state.phase) {
	case NOBODY_FLAG:
		return sizeof(struct nobody_extra);
	case NOBODY_OTHER:
		return atomic_read(&l->state.count);
	}
	return nobody_get(2) != NULL;
}
int lacking_debug(void)
{
	return 1;
}
int lacking_depth(struct lacking_extra *extra)
{
	return extra->depth;
}
END

sed 's/ *$//' >expected <<'END'
option CONFIG_NOBODYS_DEBUG -
option CONFIG_NOBODYS_EXTRA -
header linux/nobody_else.h -
header linux/of_nobody.h linux/of_nobody.h
type nobody_t -
type struct nobody linux/of_nobody.h:1
type struct nobody_extra -
type struct nobody_ops -
type struct nobody_state -
member device.nobody_node -
member nobody.ops linux/of_nobody.h:3
member nobody.usage linux/of_nobody.h:2
member nobody_error.code -
member nobody_ops.start -
member nobody_state.count -
member nobody_state.phase -
constant NOBODY_OTHER -
macro DEFINE_NOBODY -
macro NOBODY_FLAG linux/of_nobody.h:5
macro __nobody_init -
macro module_nobody_driver -
macro nobody_for_each_entry -
variable nobody_global -
function device_unregister -
function guard_of_nobody -
function nobody_error -
function nobody_get linux/of_nobody.h:6
function nobody_put linux/of_nobody.h:7
END

missing --json --overlay "$work/overlay" driver
report sources_by_a_kernel_makefile $?
cp said table.json
python3 - <<'END' >found
import json
order = ["option", "header", "include", "type", "member", "constant", "macro", "variable", "function"]
rows = json.load(open("table.json"))["missing"]
for r in sorted(rows, key=lambda r: (order.index(r["kind"]), r["name"])):
    print(r["kind"], r["name"], r["linux"] or "-")
END
LC_ALL=C sort found >a
LC_ALL=C sort expected >b
diff b a >said
report the_table_has_all_and_nothing_else $?

cat >users.py <<'END'
import json
rows = {r["name"]: r for r in json.load(open("table.json"))["missing"]}
def users(name):
    return sorted((u["file"].split("/driver/")[1], u["line"]) for u in rows[name]["users"])
assert users("linux/of_nobody.h") == [("inc/lacking.h", 1)], users("linux/of_nobody.h")
assert users("struct nobody_state") == [("inc/lacking.h", 4)], users("struct nobody_state")
assert users("nobody_get") == [("main.c", 24), ("other.c", 12)], users("nobody_get")
assert users("device.nobody_node") == [("main.c", 18)]
assert "with other arguments" in rows["device_unregister"]["note"]
END
python3 users.py >said 2>&1
report each_has_all_its_users_in_headers_too $?

# ---- complete: with what it lists, by the build's own compiler calls

lacking() { with_overlay "-I$work/driver/inc" "$1" table.json lacking driver/main.c driver/other.c; }
lacking "$work/overlay"
report with_it_the_sources_compile_and_link $?

# and nothing in it is idle
idle=
for name in $(grep -oE '^(#define|typedef|extern) .*|^[a-z].*\(\);$' overlay/umdev-missing.h |
	grep -oE '\b(nobody_[a-z_]*|NOBODY_[A-Z]*|DEFINE_NOBODY|__nobody_init|guard_of_nobody|nobody_t|module_nobody_driver)\b' |
	sort -u); do
	rm -rf without
	cp -r overlay without
	grep -vE "^(#define|typedef|extern) .*\b$name\b|^[a-z].*\b$name\(\);$" overlay/umdev-missing.h >without/umdev-missing.h
	lacking "$work/without" && idle+=" $name"
done
echo "idle:$idle" >said
[[ -z $idle ]]
report without_one_they_do_not $?

# ---- what Linux declares is needed as it is declared there

cat >linux/include/linux/widget.h <<'END'
#define WIDGET_NAME_MAX		(WIDGET_WORDS * 4)
#define WIDGET_WORDS 4
#define widget_width	_shape.width
enum widget_mode {
	WIDGET_IDLE,
	WIDGET_BUSY = 1 << 4,
	WIDGET_GONE,
	WIDGET_MODES,
};
typedef int widget_filter(struct widget *w, /* may
	sleep */ int depth);
struct widget_ops {
	int (*start)(struct widget *w, bool now);
	void	(*tune)(struct widget *w, u8 tone,
			unsigned short volume);
};
struct widget_head {
	unsigned long word;
};
struct widget {
	int refs, users, *last;
	struct widget_head head;
	union {
		struct {
			u32 low, high;
		};
		u64 whole;
	};
	struct {
		int width;
		int height;
	} _shape;
	unsigned int	live:1,
			dying:1;
	char name[WIDGET_NAME_MAX];
	const struct widget_ops *ops;
	u8 tail[];
};
#define to_widget(h) container_of(h, struct widget, head)
#define widget_for_each(pos, set)	\
	for (pos = widget_first(set); pos; pos = widget_next(pos))
#define DECLARE_WIDGET_RING(ring, size) struct { int at[size]; } ring
#define DECLARE_WIDGET_MEAN(shift, weight) \
	static inline int widget_mean(int a)	\
	{					\
		/*				\
		 * of those before		\
		 */				\
		return (a << shift) / weight;	\
	}
struct widget *widget_first(struct list_head *set);
extern struct widget *__must_check
widget_next(struct widget *w);
static inline struct widget *
__must_check widget_peer(struct widget *w, const char *name)
{
	return widget_peer_of_nobody(w, name);
}
static inline enum widget_mode widget_mode(const struct widget *w)
{
	return widget_mode_of_nobody(w);
}
int widget_filter_all(widget_filter *filter, enum widget_mode mode);
extern const char *const widget_names[WIDGET_MODES];
struct widget_attr {
	const char *name;
	int mode;
};
struct widget_group {
	int of;
};
#define WIDGET_ATTR(_n) \
	static const struct widget_group widget_group_##_n = { .of = 1 };	\
	static struct widget_attr widget_attr_##_n = { .name = #_n, .mode = 1 }
typedef struct widget_log {
	int level;
} widget_log_t;
#define widget_says(_log, _level) \
	({ widget_log_t *__log = _log; __log && __log->level > (_level); })
extern widget_log_t *widget_log;
END
cat >driver/widget.c <<'END'
#include <linux/module.h>
#include <linux/widget.h>

#define WIDGETS 3
static char *shape = "round";
module_param(shape, charp, 0444);
MODULE_PARM_DESC(shape, "round, or square");
DECLARE_WIDGET_MEAN(3, 7)
struct widgets {
	DECLARE_WIDGET_RING(ring, WIDGETS);
	struct list_head set;
	struct widget_pool pool;
	widget_log_t log;
};

static int widget_start(struct widget *w, bool now)
{
	w->low = w->_shape.height + w->widget_width;
	w->whole >>= now ? 1 : 2;
	w->dying = !w->live;
	w->last = &w->users;
	return snprintf(w->name, sizeof(w->name), "%s", widget_names[WIDGET_GONE]);
}

static void widget_tune(struct widget *w, u8 tone, unsigned short volume)
{
	memset(w->tail, tone, volume);
}

static const struct widget_ops ops = { .start = widget_start, .tune = widget_tune };

static int deep(struct widget *w, int depth)
{
	w->ops = &ops;
	return widget_mode(w) == WIDGET_BUSY ? -EBUSY : depth;
}

WIDGET_ATTR(shape);

static int scan(struct widgets *all, struct widget_head *h)
{
	struct widget *w;
	int n = to_widget(h)->refs;

	BUILD_BUG_ON(WIDGET_BUSY != 16 || WIDGET_GONE != 17);
	widget_for_each(w, &all->set)
		n += widget_mean(w->refs) + all->ring.at[0];
	if (widget_says(widget_log, 3))
		n += widget_attr_shape.mode + widget_group_shape.of + (widget_peer(w, "next") == w);
	return n + widget_filter_all(deep, WIDGET_IDLE) + all->pool.stats.seen;
}

static int __init widgets_init(void)
{
	static struct widgets all;

	return scan(&all, NULL);
}
module_init(widgets_init);
MODULE_LICENSE("GPL");
END
cat >widgets <<'END'
constant WIDGET_BUSY
constant WIDGET_GONE
constant WIDGET_IDLE
constant WIDGET_MODES
function widget_filter_all
function widget_first
function widget_mode
function widget_next
function widget_peer
header linux/widget.h
macro DECLARE_WIDGET_MEAN
macro DECLARE_WIDGET_RING
macro WIDGET_ATTR
macro WIDGET_NAME_MAX
macro WIDGET_WORDS
macro to_widget
macro widget_for_each
macro widget_says
macro widget_width
member widget._shape
member widget.dying
member widget.head
member widget.last
member widget.live
member widget.low
member widget.name
member widget.ops
member widget.refs
member widget.tail
member widget.users
member widget.whole
member widget_attr.mode
member widget_attr.name
member widget_group.of
member widget_log.level
member widget_ops.start
member widget_ops.tune
member widget_pool.stats
member widget_pool.stats.seen
type enum widget_mode
type struct widget
type struct widget_attr
type struct widget_group
type struct widget_head
type struct widget_log
type struct widget_ops
type struct widget_pool
type widget_filter
type widget_log_t
variable widget_log
variable widget_names
END
missing --json --overlay "$work/overlay" driver/widget.c
report declarations_of_linux $?
cp said table.json
rows table.json >found
LC_ALL=C sort widgets | diff - found >said
report what_they_use_is_needed_too $?
with_overlay "" "$work/overlay" table.json widget driver/widget.c
report with_them_the_source_compiles_and_links $?

# ---- the table for a person

missing driver
grep -qE '^header +linux/of_nobody.h +linux/of_nobody.h +.*inc/lacking.h:1 *' said &&
	grep -qE '^function +nobody_get +linux/of_nobody.h:6 +driver/main.c:24 and 1 more$' said &&
	tail -n 1 said | grep -qE '^2 options, 2 headers, 5 types, 7 members, .* missing in 2 files$'
report the_table_names_header_line_and_user $?

cat >driver/fine.c <<'END'
#include <linux/module.h>
MODULE_LICENSE("GPL");
END
missing driver/fine.c
[[ $? == 0 && $(cat said) == "nothing missing in 1 file" ]]
report a_driver_that_lacks_nothing $?

# what no version of this will have is named as such
mkdir -p linux/include/net
echo 'struct devlink; void devlink_register(struct devlink *devlink);' >linux/include/net/devlink.h
echo 'struct kvm; void kvm_get_kvm(struct kvm *kvm);' >linux/include/linux/kvm_host.h
cat >driver/guest.c <<'END'
#include <linux/module.h>
#include <linux/kvm_host.h>
#include <net/devlink.h>
MODULE_LICENSE("GPL");
END
missing driver/guest.c
grep -qx 'stays out: KVM (1 row), devlink (1 row): umdev models none of it' said
report what_stays_out_is_named $?

# a header of the kernel's is missing even where user space has one of that name
cat >driver/frame.c <<'END'
#include <linux/module.h>
#include <linux/fb.h>
struct fb_info *frame_info;
int frame_type = FB_TYPE_PLANES;
MODULE_LICENSE("GPL");
END
missing driver/frame.c
[[ $? == 0 ]] && grep -qE '^header +linux/fb.h ' said && ! grep -q FB_TYPE_PLANES said
report a_header_that_only_user_space_has $?

# ---- not a matter of something missing

echo 'int f(void) { return 1 +; }' >>driver/fine.c
missing driver/fine.c
[[ $? == 1 ]] && grep -q "fine.c:3:25: expected expression before ';' token" said
report an_error_of_the_source_is_told_as_such $?
missing driver/nowhere.c
[[ $? == 1 ]] && grep -q "'driver/nowhere.c' is no file, no directory, and no module" said
report a_name_that_is_nothing $?
missing --wrong driver
[[ $? == 2 && $(cat said) == "umdev missing: unknown option '--wrong': see umdev missing --help" ]]
report an_option_that_is_none $?
missing driver/Makefile
[[ $? == 1 ]] && grep -q 'neither a C source nor a directory' said
report a_file_that_is_no_source $?
"$build/umdev" missing --linux "$work/driver" driver >said 2>&1
[[ $? == 1 ]] && grep -q 'no include/linux there: give a kernel tree' said
report a_tree_that_is_none $?

echo "1..$count"
exit $failed
