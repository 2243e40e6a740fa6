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

cat >linux/include/linux/stamp.h <<'END'
#define STAMP_SEG	gs
#define STAMP_ARG(_x)	"%%" __stringify(STAMP_SEG) ":%" #_x
#define STAMP_ROOM	.discard.stamp
#define STAMP_ALIGN	8
#define STAMP_WORD	.quad
#define STAMP_SELF	1b
#define STAMP_ENTRY(_at)	".balign " __stringify(STAMP_ALIGN) "\n\t" _at "\n\t"
#define stamp_read(_from)					\
({								\
	unsigned long _to;					\
	asm("mov " STAMP_ARG(1) ", %0" : "=r" (_to) : "m" (_from));	\
	_to;							\
})
#define stamp_mark()	asm volatile("1:\n\t.pushsection " __stringify(STAMP_ROOM) "\n\t"	\
	STAMP_ENTRY(__stringify(STAMP_WORD) " " __stringify(STAMP_SELF)) ".popsection")
#define STAMP_NOP	nop
#define STAMP_ZERO	$0
#define STAMP_NAME	stamped
#define STAMP_HERE	stamp_count
END
driver stamp.c <<'END'
#include <linux/module.h>
#include <linux/stringify.h>
#include <linux/stamp.h>
#define STAMP_OF_MINE	nop
#define STAMP_ASM(op)	asm volatile(__stringify(op))
unsigned long stamp_count;
static const char *stamp_name(void) { return __stringify(STAMP_NAME); }
static unsigned long stamp_all(unsigned long *of)
{
	unsigned long here = 0;

	stamp_mark();
	STAMP_ASM(STAMP_OF_MINE);
	STAMP_ASM(STAMP_NOP);
	asm volatile("mov " __stringify(STAMP_ZERO) ", %0" : "=r" (here));
	asm volatile("lea " __stringify(STAMP_HERE) "(%%rip), %0" : "=r" (here));
	return stamp_read(*of) + here;
}
static int __init stamp_init(void) { return stamp_all(&stamp_count) + stamp_name()[0]; }
module_init(stamp_init);
END
complete macros_in_strings_for_the_assembler driver/stamp.c 'header linux/stamp.h' 'macro STAMP_SEG' 'macro STAMP_ARG' \
	'macro STAMP_ROOM' 'macro STAMP_ALIGN' 'macro STAMP_WORD' 'macro STAMP_SELF' 'macro STAMP_ENTRY' 'macro stamp_read' \
	'macro stamp_mark' 'macro STAMP_NOP' 'macro STAMP_ZERO' 'macro STAMP_NAME' 'macro STAMP_HERE'

# by the source's own way to make text of a name, of which only the assembler tells
driver word.c <<'END'
#include <linux/module.h>
#include <linux/stamp.h>
#define WORD(name)	#name
#define WORD_OF(name)	WORD(name)
unsigned long stamp_count;
static int __init word_init(void)
{
	unsigned long here;

	asm volatile(WORD_OF(STAMP_NOP));
	asm volatile("lea " WORD_OF(STAMP_HERE) "(%%rip), %0" : "=r" (here));
	return here & 1;
}
module_init(word_init);
END
complete macros_of_which_the_assembler_tells driver/word.c 'header linux/stamp.h' 'macro STAMP_NOP' 'macro STAMP_HERE'

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

# ---- types of which only the name is known, by value in each way

cat >linux/include/linux/gate.h <<'END'
enum gate_state { GATE_SHUT, GATE_OPEN };
enum gate_unused { GATE_NEVER };
enum gate_mode { GATE_ONCE = 1 };
enum gate_kind { GATE_OLD };
enum gate_side { GATE_LEFT };
struct gate_span { int from, to; };
struct gate_pos { int at; };
struct gate_res { int of; };
struct gate_slot { u64 words[2]; };
struct gate_cell { int at; };
struct gate_blob { int at; };
union gate_word { u32 all; };
END
driver gate.c <<'END'
#include <linux/module.h>
#include <linux/gate.h>
typedef struct gate_pos gate_pos_t;
typedef struct gate_cell gate_cell_t;
typedef const struct gate_blob gate_blob_t;
typedef union gate_word gate_word_t;
enum gate_mode;
void gate_set(enum gate_mode mode);
#define GATE_RESULT struct gate_res

static enum gate_state
gate_read(int at)
{
	return at;
}
static const struct gate_span gate_spans(struct gate_slot *first, struct gate_slot *last)
{
	return (struct gate_span) { .from = last - first };
}
static gate_pos_t gate_pos(void)
{
	return (gate_pos_t) { .at = 1 };
}
static GATE_RESULT gate_result(gate_blob_t *blob)
{
	return (struct gate_res) { .of = sizeof(gate_blob_t) + sizeof(*blob) };
}
static int gate_any(enum gate_unused) { return 1; }
static gate_cell_t cells[2];
static int gate_all(gate_word_t *words)
{
	union {
		enum gate_side side;
		int any;
	} of = { .any = 1 };

	gate_set(1);
	return words[1].all + of.side + (cells[0].at == (enum gate_kind)1);
}
static int __init gate_init(void)
{
	return gate_read(1) + gate_spans(NULL, NULL).from + gate_pos().at + gate_result(NULL).of +
		gate_any(0) + gate_all(NULL);
}
module_init(gate_init);
END
complete types_by_value driver/gate.c 'header linux/gate.h' 'type enum gate_state' 'type enum gate_unused' \
	'type enum gate_mode' 'type enum gate_kind' 'type enum gate_side' 'type struct gate_span' 'type struct gate_pos' \
	'type struct gate_res' 'type struct gate_slot' 'type struct gate_cell' 'type struct gate_blob' 'type union gate_word' \
	'member gate_span.from' 'member gate_pos.at' 'member gate_res.of' 'member gate_cell.at' 'member gate_word.all' \
	'function gate_set'

# ---- a struct that has a second name by a macro

cat >linux/include/linux/bell.h <<'END'
struct bell_wheel {
	struct device dev;
	u16 count;
};
#define bell_tower		bell_wheel
#define bell_tower_get(_t)	bell_wheel_get(_t)
#define bell_tower_put		bell_wheel_put
struct bell_wheel *bell_wheel_get(struct bell_wheel *wheel);
void bell_wheel_put(struct bell_wheel *wheel);
END
driver bell.c <<'END'
#include <linux/module.h>
#include <linux/device.h>
#include <linux/bell.h>
static int bell_ring(struct bell_tower *tower)
{
	struct bell_tower *mine = bell_tower_get(tower);

	dev_info(&tower->dev, "of %s: %u\n", dev_name(tower->dev.parent), mine->count);
	bell_tower_put(mine);
	return mine->count;
}
static struct bell_tower *towers;
struct bell_room {
	struct bell_tower tower;
};
static int __init bell_init(void)
{
	return bell_ring(towers) + sizeof(struct bell_room);
}
module_init(bell_init);
END
complete a_struct_that_is_another_by_a_macro driver/bell.c 'header linux/bell.h' 'macro bell_tower' \
	'macro bell_tower_get' 'macro bell_tower_put' 'type struct bell_wheel' 'member bell_wheel.dev' \
	'member bell_wheel.count' 'function bell_wheel_get' 'function bell_wheel_put'

driver coil.c <<'END'
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/dma-mapping.h>
#include <linux/coil_of_nobody.h>
static void coil_fill(struct coil *coil, struct platform_device *pdev)
{
	dma_unmap_single(coil->dev.parent, 0, 1, DMA_TO_DEVICE);
	dev_info(&coil->dev, "filled\n");
	coil->dev.parent = pdev->dev.parent;
}
static int __init coil_init(void)
{
	static struct platform_device pdev;

	coil_fill(coil_alloc(&pdev.dev, 1), &pdev);
	return 0;
}
module_init(coil_init);
END
complete what_is_told_to_be_only_read_is_written driver/coil.c 'header linux/coil_of_nobody.h' \
	'type struct coil' 'member coil.dev' 'function coil_alloc'

# ---- what can be no module

driver twice.c <<'END'
#include <linux/module.h>
static int first(void) { return 0; }
static int second(void) { return 0; }
subsys_initcall(first);
module_init(second);
END
complete two_initcalls_are_of_no_module driver/twice.c 'option MODULE'

# ---- a header beside the tree's include/

mkdir -p linux/drivers/dock
cat >linux/drivers/dock/dock.h <<'END'
#define DOCK_PORTS	4
struct dock {
	u8 used[DOCK_PORTS];
};
END
driver dock.c <<'END'
#include <linux/module.h>
#include "../drivers/dock/dock.h"
static int __init dock_init(void) { static struct dock dock; return dock.used[DOCK_PORTS - 1]; }
module_init(dock_init);
END
complete a_header_by_its_path_in_the_tree driver/dock.c 'header ../drivers/dock/dock.h' 'type struct dock' \
	'member dock.used' 'macro DOCK_PORTS'
missing driver/dock.c
grep -qE '^header +../drivers/dock/dock.h +drivers/dock/dock.h ' said && grep -qE '^type +struct dock +drivers/dock/dock.h:2 ' said
report and_it_is_said_which_it_is $?

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

# ---- a variable that is called as its struct is

cat >linux/include/linux/racks.h <<'END'
struct rack_place {
	int room_id;
};
extern struct rack_place rack_place[4];
#define rack_room(_at)	(rack_place[_at].room_id)
END
driver racks.c <<'END'
#include <linux/module.h>
#include <linux/racks.h>
static int __init racks_init(void) { return rack_room(1); }
module_init(racks_init);
END
complete a_variable_with_its_structs_name driver/racks.c 'header linux/racks.h' 'macro rack_room' \
	'variable rack_place' 'type struct rack_place' 'member rack_place.room_id'

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

# ---- a macro that is missing in macros of the source's own

cat >linux/include/linux/dial.h <<'END'
struct dial {
	const char *name;
	int (*show)(int at);
	int of;
};
#define DIAL(_name, _show, _of)		{ .name = __stringify(_name), .show = _show, .of = _of }
#define DIAL_DEFINE(_name, _show, _of)	struct dial dial_##_name = DIAL(_name, _show, _of)
#define DIAL_DEFINE_RO(_name, _of)	DIAL_DEFINE(_name, _name##_show, _of)
#define DIAL_SHOWN(_name, _show)	struct dial dial_##_name __maybe_unused = { .show = _show }
#define DIAL_FIELDS(_name)		int _name##_first; int _name##_last
#define DIAL_ALL			DIAL_LIST_OF(struct dial *)
#define DIAL_LIST_OF(_type)		static _type dial_list __maybe_unused
#define dial_suites(_suites...)		__dial_suites(dials_of_it, ##_suites)
#define __dial_suites(_unique, ...)	static struct dial *_unique[] __maybe_unused = { __VA_ARGS__ }
END
driver dial.c <<'END'
#include <linux/module.h>
#include <linux/dial.h>
static int in_show(int at) { return at; }
static int out_show(int at) { return -at; }
#define MY_PAIR(of)						\
	MY_INPUT(in##of, of);					\
	static DIAL_DEFINE(out##of, out_show,			\
			   (of) ? 1 : 0)
#define MY_INPUT(name, of)	static DIAL_DEFINE(name, in_show, of)
#define MY_DIAL(kind, name, of)	DIAL_DEFINE_##kind(name, of)
#define MY_ATTRS(of)		&dial_in##of, &dial_out##of
MY_PAIR(0);
MY_PAIR(1);
static MY_DIAL(RO, in, 2);
static DIAL_SHOWN(nothing,
		  NULL);
#define MY_LIST DIAL_ALL
MY_LIST;
struct my_dials {
#define MY_FIELDS(name) DIAL_FIELDS(name)
	MY_FIELDS(of);
};
dial_suites(&dial_in, &dial_in0);
static int __init dial_init(void)
{
	struct dial *all[] = { MY_ATTRS(0), MY_ATTRS(1) };
	struct my_dials mine = { .of_first = 1 };

	return all[mine.of_first]->of + all[0]->show(1);
}
module_init(dial_init);
END
complete macros_in_macros_of_its_own driver/dial.c 'header linux/dial.h' 'macro DIAL' 'macro DIAL_DEFINE' \
	'macro DIAL_DEFINE_RO' 'macro DIAL_SHOWN' 'macro DIAL_FIELDS' 'macro DIAL_ALL' 'macro DIAL_LIST_OF' 'macro dial_suites' \
	'macro __dial_suites' 'type struct dial' 'member dial.name' 'member dial.show' 'member dial.of'

driver nowhere.c <<'END'
#include <linux/module.h>
#define MY_ONE(name)		MY_OTHER(name, 1)
#define MY_OTHER(name, of)	static DIAL_OF_NOBODY(name, &of_##of)
static int of_1;
MY_ONE(it);
dials_of_nobody(&of_1, -1)
static int __init nowhere_init(void) { return of_1; }
module_init(nowhere_init);
END
complete macros_that_no_tree_has driver/nowhere.c 'macro DIAL_OF_NOBODY' 'macro dials_of_nobody'

# ---- a macro that declares, close behind lines that end in commas

cat >linux/include/linux/meter.h <<'END'
struct meter_const {
	const char *string;
	struct device_attribute dev_attr;
};
#define METER_CONST(_name, _string)				\
	struct meter_const meter_const_##_name			\
	= { .string = _string,					\
	    .dev_attr = __ATTR(_name, 0444, meter_show, NULL)}
#define METER_CONST_RATES(_string)				\
	METER_CONST(rates, _string)
ssize_t meter_show(struct device *dev, struct device_attribute *attr, char *buf);
END
driver meter.c <<'END'
#include <linux/module.h>
#include <linux/device.h>
#include <linux/meter.h>
static int meter_read(struct device *dev,
		      struct device_attribute *attr,
		      char *buf)
{
	return 0;
}
static METER_OF_NOBODY("1 2");

static const struct device_attribute meters = {
	.attr = { "meter", 0444 },
	.show = meter_show,
};

static METER_CONST_RATES("400 800");

static struct attribute *attrs[] = {
	&meter_const_rates.dev_attr.attr,
	NULL
};
static int __init meter_init(void) { return attrs[0]->mode + meters.attr.mode + meter_read(NULL, NULL, NULL); }
module_init(meter_init);
END
complete macros_behind_commas driver/meter.c 'header linux/meter.h' 'macro METER_CONST' 'macro METER_CONST_RATES' \
	'type struct meter_const' 'member meter_const.string' 'member meter_const.dev_attr' 'function meter_show' 'macro METER_OF_NOBODY'

# ---- initializers with the braces of what has no name

cat >linux/include/linux/latch.h <<'END'
struct latch {
	int enabled;
	union {
		unsigned long type;
		struct latch_entry *entries;
	};
};
struct latch_true {
	struct latch key;
};
struct latch_order {
	union {
		struct {
			u16 turn:3, side:1;
		};
		struct {
			u8 low;
			u8 high;
		} bytes;
	};
};
#define LATCH_INIT		{ .enabled = 1, { .type = 1UL } }
#define LATCH_TRUE_INIT		(struct latch_true) { .key = LATCH_INIT, }
#define DEFINE_LATCH_TRUE(name)	struct latch_true name = LATCH_TRUE_INIT
END
driver latch.c <<'END'
#include <linux/module.h>
#include <linux/latch.h>
static DEFINE_LATCH_TRUE(latch);
static int latch_order(u8 turn)
{
	struct latch_order order = {
		{
			{
				.turn = turn,
				.side = 1
			}
		}
	};

	return order.bytes.low;
}
static int __init latch_init(void) { return latch_order(latch.key.enabled); }
module_init(latch_init);
END
complete an_initializer_that_a_macro_makes driver/latch.c 'header linux/latch.h' 'macro DEFINE_LATCH_TRUE' \
	'macro LATCH_TRUE_INIT' 'macro LATCH_INIT' 'type struct latch_true' 'member latch_true.key' \
	'type struct latch' 'member latch.enabled' 'member latch.type' 'member latch.entries' \
	'type struct latch_order' 'member latch_order.turn' 'member latch_order.side' 'member latch_order.bytes'

# ---- a member that the shim's struct lacks, of a type that is missing

cat >linux/include/linux/device.h <<'END'
#define DEV_SLOTS	(DEV_SLOT_PAIRS * 2)
#define DEV_SLOT_PAIRS	3
enum dev_mood {
	DEV_CALM,
	DEV_BUSY,
};
typedef struct {
	int low, high;
} dev_span_t;
struct dev_note {
	const char *text;
	struct completion done;
};
struct dev_msi {
	struct dev_msi_data *data;
	struct dev_note note;
};
struct device {
	struct device *parent;
	struct dev_msi msi;
	enum dev_mood mood;
	struct dev_note slots[DEV_SLOTS];
	dev_span_t span;
	union {
		struct dev_edge edge;
		struct dev_note *note;
	};
	struct dev_later *later;
};
struct dev_edge {
	u8 kind;
};
END
driver msi.c <<'END'
#include <linux/module.h>
#include <linux/device.h>
static struct device *device_of(struct dev_msi *msi)
{
	return container_of(msi, struct device, msi);
}
static size_t sizes(struct device *dev)
{
	struct dev_note *last = &dev->slots[ARRAY_SIZE(dev->slots) - 1];

	BUILD_BUG_ON(sizeof(dev->slots) != 6 * sizeof(struct dev_note));
	return offsetof(struct device, msi.note.text) + sizeof(dev->span) + (last->text ? dev->span.high : 0);
}
static int __init msi_init(void)
{
	static struct device dev = { .mood = DEV_BUSY };

	dev.edge.kind = dev.note ? 1 : 2;
	init_completion(&dev.msi.note.done);
	return sizes(&dev) + (device_of(&dev.msi)->msi.data == NULL) + !dev.later;
}
module_init(msi_init);
END
complete members_of_missing_types driver/msi.c 'type struct dev_msi' 'type struct dev_note' 'type struct dev_edge' \
	'type enum dev_mood' 'type dev_span_t' 'constant DEV_BUSY' 'macro DEV_SLOTS' 'macro DEV_SLOT_PAIRS' \
	'member device.msi' 'member device.mood' 'member device.slots' 'member device.span' 'member device.edge' \
	'member device.note' 'member device.later' 'member dev_msi.note' 'member dev_msi.data' 'member dev_note.text' \
	'member dev_note.done' 'member dev_edge.kind'
rm linux/include/linux/device.h

# ---- what was not seen for what was missing

cat >linux/include/linux/rows.h <<'END'
#define ROW_FNS(bit, name) \
	static inline int row_##name(unsigned long *flags) { return test_bit(ROW_##bit, flags); }
END
driver rows.c <<'END'
#include <linux/module.h>
#include <linux/bitops.h>
#include <linux/rows.h>
enum { ROW_FIRST, ROW_SECOND };
ROW_FNS(FIRST, first)		/* of which no declaration is told */
ROW_FNS(SECOND, second)
struct rows {
	unsigned long flags;
};
static int both(struct rows *r);
static int (*hook)(struct rows *r) = both;
static int both(struct rows *r)
{
	return row_first(&r->flags) && row_second(&r->flags);
}
static int __init rows_init(void) { static struct rows r; return hook(&r); }
module_init(rows_init);
END
complete macros_without_a_semicolon driver/rows.c 'header linux/rows.h' 'macro ROW_FNS'

# ---- where a word stands that nobody knows

cat >linux/include/linux/marks.h <<'END'
#define __mark_counted(_by)
#define __mark_free(_name)	__attribute__((__cleanup__(_name)))
#define __mark_holds(_lock)
#define mark_scope(_lock)	for (int _once = (_lock) != NULL; _once; _once = 0)
#define MARK_LEVEL(_a, _b)	((_a) * 10 + (_b))
#define MARK_WORDS		4
#define mark_at(_marks, _at)	((_marks)->at[(_at)])
END
driver marks.c <<'END'
#include <linux/module.h>
#include <linux/marks.h>
#if MARK_LEVEL(1, 2) < 12
#error too old
#endif
#ifndef MARK_WORDS
#error marks have words
#endif
struct marks {
	int n;
	u8 *names __mark_counted(n);
	int at[MARK_WORDS];
};
static void mark_put(struct marks **m) { }
static int marks_first(struct marks *m)
	__mark_holds(m)
{
	struct marks *mine __mark_free(mark_put) = m;

	mark_scope(m) {
		mark_at(mine, 1) = m->n;
	}
	scoped_mark_of_nobody(m) {
		mark_of_nobody(m, 1) = m->n;
	}
	return m->names[0];
}
static int __init marks_init(void) { static struct marks m; return marks_first(&m); }
module_init(marks_init);
END
complete words_of_nobody driver/marks.c 'header linux/marks.h' 'macro __mark_counted' 'macro __mark_free' \
	'macro __mark_holds' 'macro mark_scope' 'macro MARK_LEVEL' 'macro MARK_WORDS' 'macro mark_at' \
	'function scoped_mark_of_nobody' 'function mark_of_nobody'

# ---- names of types

cat >linux/include/linux/tones.h <<'END'
struct tone;
struct tone_value;
typedef int (tone_get_t)(struct tone *t, struct tone_value *v);
enum tone_result {
	TONE_OK = 0x10,
};
typedef enum tone_result tone_result_t;
struct tone {
	tone_get_t *get;
};
END
driver tones.c <<'END'
#include <linux/module.h>
#include <linux/tones.h>
static int tone_get(struct tone *t, struct tone_value *v) { return v ? 1 : 0; }
static struct tone tone = { .get = tone_get };
static tone_result_t
tone_play(struct tone *t, tone_of_nobody_t *other)
{
	other->depth = t->get(t, NULL);
	return TONE_OK;
}
static int __init tones_init(void)
{
	tone_of_nobody_t other = { .depth = 1 };

	return tone_play(&tone, &other);
}
module_init(tones_init);
END
complete names_of_types driver/tones.c 'header linux/tones.h' 'type tone_get_t' 'type enum tone_result' \
	'type tone_result_t' 'type struct tone' 'type struct tone_value' 'member tone.get' 'constant TONE_OK' 'type tone_of_nobody_t' \
	'member tone_of_nobody_t.depth'

cat >linux/include/linux/valve.h <<'END'
typedef u8 __bitwise valve_status_t;
struct valve_ops {
	valve_status_t (*turn)(struct valve *v, int by);
};
END
driver valve.c <<'END'
#include <linux/module.h>
#include <linux/valve.h>
static int __init valve_init(void)
{
	static struct valve_ops ops;

	return ops.turn ? (int)ops.turn(NULL, 1) : valve_kind_of_nobody (*THIS_MODULE->name);
}
module_init(valve_init);
END
complete types_of_what_members_return driver/valve.c 'header linux/valve.h' 'type valve_status_t' 'type struct valve' 'type struct valve_ops' \
	'member valve_ops.turn' 'function valve_kind_of_nobody'

# ---- an operation that has other arguments

driver seek.c <<'END'
#include <linux/module.h>
#include <linux/fs.h>
static int __init seek_init(void)
{
	static struct file file;

	return file.f_op->open(NULL, &file, 1);
}
module_init(seek_init);
END
complete an_operation_of_another_release driver/seek.c 'member file_operations.open'

# ---- a variable of Linux's that is a macro here, and the name of something else

echo 'extern unsigned long volatile __of_its_own_line jiffies;' >linux/include/linux/jiffies.h
driver jiffies.c <<'END'
#include <linux/module.h>
#include <linux/jiffies.h>
struct waits {
	unsigned long jiffies;
};
static int __init waits_init(void)
{
	struct waits wait = { .jiffies = jiffies };

	return wait.jiffies + HZ == 0;
}
module_init(waits_init);
END
complete a_macro_that_is_a_variable driver/jiffies.c 'variable jiffies'
missing driver/jiffies.c
grep -qE '^variable +jiffies \(a macro in the shim\) +linux/jiffies.h:1 ' said
report and_it_is_said_that_it_is_a_macro $?
rm linux/include/linux/jiffies.h

# ---- a header of user space's that needs what only libc has

cat >linux/include/linux/plug.h <<'END'
struct plug {
	struct ifreq req;
};
END
mkdir -p linux/include/uapi/linux
echo 'struct ifreq;' >linux/include/uapi/linux/if.h
driver plug.c <<'END'
#include <linux/module.h>
#include <linux/plug.h>
#include <linux/if.h>
static int __init plug_init(void) { static struct plug plug; return plug.req.ifr_name[0]; }
module_init(plug_init);
END
missing --json --overlay "$work/overlay" driver/plug.c && cp said table.json &&
	with_overlay "" "$work/overlay" table.json plug driver/plug.c
report a_header_of_user_spaces_that_needs_more $?

# ---- what is of no machine here

driver old.c <<'END'
#include <linux/module.h>
static int __init old_init(void)
{
	asm volatile("no_such_instruction %eax");
	return 0;
}
module_init(old_init);
END
missing driver/old.c
[[ $? == 1 ]] && grep -qE 'old.c:4:1: does not assemble for this machine: .*no_such_instruction' said
report an_instruction_that_is_none_is_told $?

echo "1..$count"
exit $failed
