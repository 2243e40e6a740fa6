#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# umdev missing on drivers that lack things of one kind each, such as a table
# once was not complete for: with what it lists each compiles and links, and the
# rows that the kind is about are there. TAP.
# shellcheck source=tests/missing.sh
source "${BASH_SOURCE%/*}/../missing.sh"

# complete TEST SOURCE [ROW...]: the table is these rows and no other, and with
# them the source compiles and links
complete() {
	local test=$1 source=$2
	shift 2
	missing --json --overlay "$work/overlay" "$source" && cp said table.json && {
		rows table.json >found
		printf '%s\n' "$@" | sed '/^$/d' | LC_ALL=C sort | diff - found >said
	} && with_overlay "" "$work/overlay" table.json kind "$source"
	report "$test" $?
}

# driver PATH: a source from stdin, with what every module has
driver() {
	mkdir -p "$(dirname "driver/$1")"
	{ cat; echo 'MODULE_LICENSE("GPL");'; } >"driver/$1"
}

# ---- a source alone is compiled as its Makefile would have it

mkdir -p driver/deep/{inc,part}
printf 'obj-m += deep/\nsubdir-ccflags-y := -DOF_ABOVE=1\n' >driver/Makefile
cat >driver/deep/Makefile <<'END'
ccflags-y := -I $(src)/inc -include $(src)/first.h -Werror -mno-such-option
CFLAGS_one.o := -DOWN='"a b"'
CFLAGS_part/two.o := -DOWN='"two"'
obj-$(CONFIG_DEEP) := depth.o
depth-y := one.o part/two.o
END
echo '#define ONLY_THERE 1' >driver/deep/inc/only_there.h
echo '#define FIRST 1' >driver/deep/first.h
for name in one part/two; do
	driver deep/$name.c <<'END'
#include <linux/module.h>
#include "only_there.h"
static char text[] = OWN;
static int unused;
static int __init depth_init(void) { return ONLY_THERE + FIRST + OF_ABOVE + text[0]; }
module_init(depth_init);
END
	complete "flags_of_${name//\//_}_are_its_makefiles" driver/deep/$name.c
done

printf 'all:\n\techo program\n$(error a program has its own)\n' >driver/deep/part/Makefile
complete a_programs_makefile_is_not_read driver/deep/part/two.c
printf 'obj-m := other.o\n$(error not outside of the kernel)\n' >driver/deep/part/Makefile
driver deep/part/free.c <<'END'
#include <linux/module.h>
END
missing driver/deep/part/free.c
[[ $? == 0 ]] && grep -q 'free.c is compiled without the flags of its Makefile: .*not outside of the kernel' said
report a_makefile_that_cannot_be_read_is_told $?

# ---- user space's headers do not stand in for the kernel's

driver setup.c <<'END'
#include <linux/module.h>
#include <asm/setup.h>
#include <asm/msr.h>
END
complete an_asm_header_that_only_user_space_has driver/setup.c 'header asm/setup.h' 'header asm/msr.h'
driver ticks.c <<'END'
#include <asm/param.h>
#include <linux/build_bug.h>
#include <linux/module.h>
static_assert(HZ == 250 && USER_HZ == 100 && CLOCKS_PER_SEC == 100);
END
complete ticks_are_the_kernels driver/ticks.c
driver words.c <<'END'
struct words { __u64 all; };
static int words_of(struct words *w) { return w->all != 0; }
#include <linux/module.h>
static int __init words_init(void) { return words_of(&(struct words){ 0 }); }
module_init(words_init);
END
complete another_machines_types_are_not_taken driver/words.c 'include asm-generic/int-ll64.h'

# ---- initializers without names

cat >linux/include/linux/gauge.h <<'END'
struct gauge_step {
	int min, max;
	unsigned int (*scale)(int at);
};
struct gauge {
	int length;
	struct gauge_step steps[];
};
struct gauge_label {
	u8 id;
	const char *text;
};
#define GAUGE_STEP(a)	{ -(a) * 1e6, (a) * 1e6 }
END
driver gauge.c <<'END'
#include <linux/module.h>
#include <linux/gauge.h>

static const struct gauge gauge = {
	2, {
		GAUGE_STEP(2.5),
		GAUGE_STEP(5),
	}
};
static struct gauge_label labels[] = {
	[0].text = "low",
	[1].text = "high",
	{ }
};
static int __init gauge_init(void)
{
	return gauge.length + labels[0].text[0];
}
module_init(gauge_init);
END
complete members_are_needed_for_their_place driver/gauge.c 'header linux/gauge.h' \
	'type struct gauge' 'type struct gauge_step' 'type struct gauge_label' 'macro GAUGE_STEP' \
	'member gauge.length' 'member gauge.steps' 'member gauge_label.text' \
	'member gauge_step.min' 'member gauge_step.max' 'member gauge_step.scale'

# ---- a name in the text of a statement of assembler

cat >linux/include/linux/patch.h <<'END'
#define PATCH_MARK	".pushsection .discard.patch\n\t" PATCH_WORD " 0\n\t.popsection\n\t"
#define PATCH_WORD	".quad"
#define DEFINE_PATCH(name, to) \
	asm(".globl __patch_" #name "\n__patch_" #name ":\n\t" PATCH_MARK); \
	static int (*patch_##name)(int) = (to)
END
driver patch.c <<'END'
#include <linux/module.h>
#include <linux/patch.h>
static int twice(int a) { return 2 * a; }
DEFINE_PATCH(it, twice);
static int __init patch_init(void) { return patch_it(0); }
module_init(patch_init);
END
complete macros_in_assembler driver/patch.c 'header linux/patch.h' 'macro DEFINE_PATCH' 'macro PATCH_MARK' \
	'macro PATCH_WORD'

# ---- macros in macros

cat >linux/include/linux/knob.h <<'END'
typedef unsigned long knob_size;
#define KNOB_END	((knob_size) (~0UL))
struct knob_attr {
	const char *name;
	int (*show)(int at);
};
#define KNOB_ATTR(_pfx, _name)			\
static struct knob_attr _pfx##attr_##_name = {	\
	.name	= __stringify(_name),		\
	.show	= _pfx##_name##_show,		\
}
#define KNOB_CHECK(at)	KNOB_CHECK_AT(at, #at)
#define KNOB_CHECK_AT(at, said)	do {		\
	static const struct knob_place place = { .text = said };	\
	if ((at) > KNOB_END)			\
		knob_failed(&place);		\
} while (0)
struct knob_place {
	const char *text;
};
void knob_failed(const struct knob_place *place);
END
driver knob.c <<'END'
#include <linux/module.h>
#include <linux/stringify.h>
#include <linux/knob.h>
struct knobs { int at; };
#define KNOB_OF_MINE(name)				\
	static int mine_##name##_show(int at)		\
	{						\
		struct knobs *all = &knobs;		\
		KNOB_CHECK(at);				\
		return all->at + at;			\
	}						\
	KNOB_ATTR(mine_, name)
static struct knobs knobs;
KNOB_OF_MINE(level);
KNOB_OF_MINE(tone);
static int __init knob_init(void) { return mine_attr_level.show(1) + mine_attr_tone.show(2); }
module_init(knob_init);
END
complete macros_in_macros driver/knob.c 'header linux/knob.h' 'macro KNOB_ATTR' 'macro KNOB_CHECK' \
	'macro KNOB_CHECK_AT' 'macro KNOB_END' 'type knob_size' 'type struct knob_attr' 'type struct knob_place' \
	'member knob_attr.name' 'member knob_attr.show' 'member knob_place.text' 'function knob_failed'

driver mine.c <<'END'
#include <linux/module.h>
#include <linux/knob.h>
#ifndef KNOB_CHECK
#define KNOB_CHECK(at) knob_of_nobody(at)
#endif
#ifndef KNOB_MINE
#define KNOB_MINE(at) ((at) + 1)
#endif
static int __init mine_init(void) { KNOB_CHECK(1); return KNOB_MINE(1); }
module_init(mine_init);
END
complete a_macro_that_the_source_would_make_itself driver/mine.c 'header linux/knob.h' 'macro KNOB_CHECK' \
	'macro KNOB_CHECK_AT' 'macro KNOB_END' 'type knob_size' 'type struct knob_place' \
	'member knob_place.text' 'function knob_failed'

# ---- names that are put together

cat >linux/include/linux/tally.h <<'END'
#define DECLARE_TALLY_OF(type, name)	extern __typeof__(type) name
#define DECLARE_TALLY(type, name)	DECLARE_TALLY_OF(type, name)
#define tally_read(t)	((t) + 0)
DECLARE_TALLY(unsigned long, tally_all);
struct tally {
	#define TALLY_ITEM(i) atomic_t i
	TALLY_ITEM(seen);
};
struct tallies {
	struct tally *stats;
};
extern struct tallies *tallies;
END
driver tally.c <<'END'
#include <linux/module.h>
#include <linux/atomic.h>
#include <linux/tally.h>
static int __init tally_init(void)
{
	atomic_inc(&tallies->stats->seen);
	atomic_add(2, &tallies->stats->seen);
	return tally_read(tally_all);
}
module_init(tally_init);
END
complete names_that_macros_declare driver/tally.c 'header linux/tally.h' 'macro tally_read' \
	'variable tally_all' 'macro DECLARE_TALLY' 'macro DECLARE_TALLY_OF' 'type struct tally' 'type struct tallies' \
	'member tallies.stats' 'member tally.seen' 'variable tallies'

# ---- types by what they are used for

driver types.c <<'END'
#include <linux/module.h>
#include <linux/list.h>
#include <linux/of_ring.h>

struct ring_done {
	int err;
};
struct ring_opts {
	int depth;
	struct ring_part part;
};

static int ring_size(struct ring *r, unsigned int of)
{
	return of < r->entry_size * r->num_entries ? r->entry_size << r->shift : 0;
}

static struct ring_opts *opts_of(struct ring_part *p)
{
	return container_of(p, struct ring_opts, part);
}

static int ring_wait(struct ring *r)
{
	struct ring_done done = { 0 };
	struct ring_opts *opts = opts_of(r->first);

	r->done = &done;
	list_del(&r->all);
	r->done->err = opts->depth;
	return done.err + ring_size(r, 1);
}

static int __init ring_init(void)
{
	return ring_wait(ring_get());
}
module_init(ring_init);
END
complete types_follow_from_uses driver/types.c 'header linux/of_ring.h' 'type struct ring' \
	'type struct ring_part' 'member ring.entry_size' 'member ring.num_entries' 'member ring.shift' \
	'member ring.first' 'member ring.done' 'member ring.all' 'function ring_get'

driver later.c <<'END'
#include <linux/module.h>
#include <linux/fs.h>
static void later_open(struct inode *inode, struct file *file) { }
static const struct file_operations later_ops = { .owner = THIS_MODULE, .open = later_open };
static int __init later_init(void) { return !later_ops.open; }
module_init(later_init);
END
complete a_member_of_another_releases_type driver/later.c 'member file_operations.open'
missing driver/later.c
grep -qE '^member +file_operations.open \(with another type\) ' said
report and_it_is_said_to_be_one $?

# ---- what can be no module

driver twice.c <<'END'
#include <linux/module.h>
static int first(void) { return 0; }
static int second(void) { return 0; }
subsys_initcall(first);
module_init(second);
END
complete two_initcalls_are_of_no_module driver/twice.c 'option MODULE'

# ---- where the shim, or another machine, has it

cat >linux/include/linux/pool.h <<'END'
struct pool {
	struct kfifo queue;
};
END
driver queue.c <<'END'
#include <linux/module.h>
#include <linux/kfifo.h>
#include <linux/pool.h>
static int pool_len(struct pool *p) { return kfifo_len(&p->queue); }
static int __init pool_init(void) { static struct pool pool; return pool_len(&pool); }
module_init(pool_init);
END
complete a_struct_that_a_macro_defines driver/queue.c 'header linux/pool.h' \
	'type struct pool' 'member pool.queue'

mkdir -p linux/arch/{sparc,x86}/include/asm
cat >linux/arch/sparc/include/asm/vport.h <<'END'
struct vport_state {
	unsigned long cookies[4];
	int (*ack)(struct vport_state *v, u16 seq);
};
END
driver vport.c <<'END'
#include <linux/module.h>
#include <asm/vport.h>
static int vport_ack(struct vport_state *v, u16 seq) { return v->cookies[seq & 3] ? -EBUSY : 0; }
static struct vport_state vport = { .ack = vport_ack };
static int __init vport_init(void) { return vport.ack(&vport, 0); }
module_init(vport_init);
END
complete headers_of_another_machine driver/vport.c 'header asm/vport.h' 'type struct vport_state' \
	'member vport_state.cookies' 'member vport_state.ack'
missing driver/vport.c
grep -qE '^member +vport_state.ack +asm/vport.h:3 ' said
report and_it_is_said_where $?

# ---- a variable that is declared with its enum

cat >linux/include/linux/phases.h <<'END'
extern enum phases {
	PHASE_ONE,
	PHASE_TWO,
} phase_now;
END
driver phases.c <<'END'
#include <linux/module.h>
#include <linux/phases.h>
static int __init phases_init(void) { return phase_now == PHASE_TWO; }
module_init(phases_init);
END
missing --json driver/phases.c && rows said >found
! grep -q '^type phase_now$' found && grep -q ' phase_now$' found
report an_enums_variable_is_no_type $?

echo "1..$count"
exit $failed
