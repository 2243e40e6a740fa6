#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Modules from outside this repository, built by the package of this build: what
# of them does not compile, or names what nobody has, stops nothing else; the
# build says so at its end and fails. Also what Kbuild makes of a vendor's
# Makefile, with blanks in the path, and what UMDEV_ALLOW_MISSING does. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

build=${UMDEV_BINARY_DIR:?}
top=$build/guests
work="$top/a vendor's"
told=("$top/said")

for tool in cmake ninja make; do
	command -v $tool >/dev/null || { echo "ok 1 - guests # SKIP $tool is missing"; exit 77; }
done

# said TEST TEXT...: the last output has each of them
said() {
	local test=$1 text
	shift
	for text; do
		grep -qF -- "$text" "$top/said" || { echo "# missing: $text"; report "$test" 1; return; }
	done
	report "$test" 0
}

run() { "$@" >"$top/said" 2>&1 </dev/null; }
build() { run ninja -C "$out" "$@"; }

rm -rf "$top"
mkdir -p "$work/driver/core" "$work/driver/sub" "$work/driver/inc"
cd "$work" || exit 1
out=$top/out

# ---- the vendor's sources

cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.25)
project(vendor LANGUAGES C)
find_package(umdev REQUIRED)
umdev_add_kbuild_dir(driver CONFIG_VENDOR=m CONFIG_EXTRA=y)
umdev_add_kbuild_dir(linux/drivers/misc/eventful)
umdev_add_contract_test(use use.c)
END

cat >use.c <<'END'
#include "target.h"

static void good_loads(void **state)
{
	assert_int_equal(t_modprobe("good", NULL), 0);
	assert_true(t_kmsg_has("good: 1 2 3 two words"));
}

static void user_of_broken_loads(void **state)
{
	assert_int_equal(t_modprobe("user", NULL), 0);
}

static void missing_is_called(void **state)
{
	assert_int_equal(t_modprobe("lacks", NULL), 0);
}

static void generated_is_needed(void **state)
{
	assert_int_equal(t_modprobe("generated", NULL), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		T_TEST(good_loads), T_TEST(user_of_broken_loads), T_TEST(missing_is_called),
		T_TEST(generated_is_needed),
	};

	cmocka_set_test_filter(argc > 1 ? argv[1] : NULL);
	return t_run("use", tests);
}
END

cat >driver/Makefile <<'END'
ifneq ($(KERNELRELEASE),)
obj-$(CONFIG_VENDOR) += good.o broken.o user.o lacks.o generated.o
obj-$(CONFIG_NOT_HERE) += nothing.o
obj-m += sub/
good-y := main.o core/two.o
good-$(CONFIG_EXTRA) += three.o
good-$(CONFIG_NOT_HERE) += nothing.o
ccflags-y := -include one.h -include two.h -I$(src)/inc -DNAME='"two words"'
ccflags-y += $(call cc-option,-Wno-such-warning-there-is)
CFLAGS_three.o := -DTHREE=3
ccflags-remove-y := -DONE=9
ccflags-y += -DONE=9
subdir-ccflags-y := -DPASSED
NOSTDINC_FLAGS += -include $(src)/before.h
LINUXINCLUDE := -I$(src)/inc $(LINUXINCLUDE)
KBUILD_CFLAGS := $(filter-out -Wall,$(KBUILD_CFLAGS)) -DOF_KBUILD
else
all:
	$(MAKE) -C /lib/modules/$(shell uname -r)/build M=$(CURDIR)
endif
END
echo '#define BEFORE' >driver/before.h
echo 'enum { ONE_OF_HEADER = 1 };' >driver/inc/one.h
echo 'enum { TWO_OF_HEADER = 2 };' >driver/inc/two.h
cat >driver/main.c <<'END'
#include <linux/module.h>
int vendor_two(void);
int vendor_three(void);
#ifdef ONE
#error ccflags-remove-y
#endif
#if !defined(BEFORE) || !defined(OF_KBUILD)
#error flags of the kernel that a Makefile adds to
#endif
static int unused_function(int unused_parameter)
{
	return 0;
}
static int __init good_init(void)
{
	pr_info("good: %d %d %d " NAME "\n", ONE_OF_HEADER, vendor_two(), vendor_three());
	return 0;
}
static void __exit good_exit(void)
{
}
module_init(good_init);
module_exit(good_exit);
MODULE_LICENSE("GPL");
END
cat >driver/core/two.c <<'END'
int vendor_two(void);
int vendor_two(void)
{
	return TWO_OF_HEADER;
}
END
cat >driver/three.c <<'END'
int vendor_three(void);
int vendor_three(void)
{
	return THREE;
}
END
cat >driver/broken.c <<'END'
#include <linux/module.h>
int broken_export(void);
int broken_export(void)
{
	return vendor_typo;
}
EXPORT_SYMBOL_GPL(broken_export);
MODULE_LICENSE("GPL");
END
cat >driver/user.c <<'END'
#include <linux/module.h>
int broken_export(void);
static int __init user_init(void)
{
	return broken_export();
}
static void __exit user_exit(void)
{
}
module_init(user_init);
module_exit(user_exit);
MODULE_LICENSE("GPL");
END
cat >driver/lacks.c <<'END'
#include <linux/module.h>
static int __init lacks_init(void)
{
	return zap_vma_ptes_of_nobody(1);
}
static void __exit lacks_exit(void)
{
}
module_init(lacks_init);
module_exit(lacks_exit);
MODULE_LICENSE("GPL");
END
echo 'obj-m := below.o' >driver/sub/Kbuild
cat >driver/sub/below.c <<'END'
#include <linux/module.h>
#ifndef PASSED
#error subdir-ccflags-y
#endif
#if !defined(BEFORE) || !defined(OF_KBUILD)
#error flags that Kbuild exports to a directory below
#endif
#include "two.h"
MODULE_LICENSE("GPL");
END

# a driver in a kernel tree, whose header of events is found from the tree's include/trace
mkdir -p linux/include/trace linux/drivers/misc/eventful
echo '#error of the tree, not of the shim' >linux/include/trace/define_trace.h
echo 'obj-m := eventful.o' >linux/drivers/misc/eventful/Makefile
cat >linux/drivers/misc/eventful/eventful_trace.h <<'END'
#undef TRACE_SYSTEM
#define TRACE_SYSTEM eventful
#if !defined(EVENTFUL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define EVENTFUL_TRACE_H
#include <linux/tracepoint.h>
TRACE_EVENT(eventful,
	TP_PROTO(int a),
	TP_ARGS(a),
	TP_STRUCT__entry(__field(int, a)),
	TP_fast_assign(__entry->a = a;),
	TP_printk("a=%d", __entry->a)
);
#endif
#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH ../../drivers/misc/eventful
#define TRACE_INCLUDE_FILE eventful_trace
#include <trace/define_trace.h>
END
cat >linux/drivers/misc/eventful/eventful.c <<'END'
#include <linux/module.h>
#define CREATE_TRACE_POINTS
#include "eventful_trace.h"
static int __init eventful_init(void)
{
	trace_eventful(1);
	return 0;
}
module_init(eventful_init);
MODULE_LICENSE("GPL");
END

# ---- a failure stays where it is

compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
unset MAKEFLAGS MAKELEVEL MFLAGS UMDEV_MODULE_DIR
export LC_ALL=C.UTF-8	# the compiler's quotation marks
run cmake -S . -B "$out" -G Ninja -D CMAKE_C_COMPILER="$compiler" -D umdev_DIR="$build"
report configures_with_blanks_in_the_path $?

build
[[ $? != 0 && -e $out/modules/good.ko && -e $out/modules/below.ko && -e $out/modules/user.ko &&
	-e $out/tests/use ]]
report all_else_is_built_and_the_build_fails $?
[[ ! -e $out/modules/broken.ko && ! -e $out/modules/lacks.ko ]]
report what_failed_is_not_there $?
said the_verdict_is_the_last_word \
	'umdev: 3 modules are not built:' \
	"broken: $work/driver/broken.c:5:16: ‘vendor_typo’ undeclared" \
	"lacks: $work/driver/lacks.c:4:16: implicit declaration of function" \
	"generated: $work/driver/Makefile: generated.o has no source generated.c: if a rule" \
	"All that they need and the shim lacks, at once: $build/umdev missing --in $out broken lacks"
[[ $(grep -c 'umdev missing.*generated' "$top/said") == 0 ]]
report what_has_no_source_is_not_asked_about $?

run "$build/umdev" missing --in "$out" broken lacks
said which_can_be_asked '1 function missing in 2 files' 'zap_vma_ptes_of_nobody'

[[ -e $out/modules/eventful.ko ]]
report events_are_found_by_a_path_of_the_tree $?
run "$build/umdev" missing linux/drivers/misc/eventful/eventful.c
said and_they_lack_nothing 'nothing missing in 1 file'

run env UMDEV_MODULE_DIR="$out/modules" "$out/tests/use" good_loads
report flags_sources_and_directories_are_as_in_kbuild $?
run env UMDEV_MODULE_DIR="$out/modules" "$out/tests/use" missing_is_called
[[ $? != 0 ]]
report a_test_that_needs_it_fails $?
said and_says_why "not run: lacks: failed $work/driver/lacks.c:4:16: implicit declaration"
run env UMDEV_MODULE_DIR="$out/modules" "$out/tests/use" user_of_broken_loads
said as_does_one_whose_module_needs_it 'not run: user: needs broken, which is not built'

build good
report one_module_is_built_by_its_name $?
build broken
[[ $? != 0 ]]
report and_fails_by_its_name $?
said with_its_reason 'umdev: 1 module is not built:' 'broken.c:5:16'

sed -i 's/vendor_typo/0/' driver/broken.c
build broken
report mended_it_is_built $?
run env UMDEV_MODULE_DIR="$out/modules" "$out/tests/use" user_of_broken_loads
build
said the_others_are_told_still 'umdev: 2 modules are not built:' 'lacks: ' 'generated: '
run env UMDEV_MODULE_DIR="$out/modules" "$out/tests/use" user_of_broken_loads
report who_needed_it_loads $?

echo '#error again' >>driver/broken.c
build
[[ $? != 0 && ! -e $out/modules/broken.ko ]]
report what_an_older_build_made_of_it_goes $?
sed -i '$d' driver/broken.c

run env UMDEV_MODULE_DIR="$out/modules" "$out/tests/use" generated_is_needed
said one_without_a_source_costs_its_own_tests \
	"not run: generated: failed $work/driver/Makefile: generated.o has no source"

# ---- functions that are missing
sed -i 's/ generated.o//' driver/Makefile

run cmake -D UMDEV_ALLOW_MISSING=ON "$out"
build
report functions_may_be_missing $?
said but_are_told '"zap_vma_ptes_of_nobody" [lacks.ko] is missing: a call of it ends the test'
{ run env UMDEV_MODULE_DIR="$out/modules" "$out/tests/use" missing_is_called; } 2>/dev/null
[[ $? != 0 ]]
report a_call_ends_the_test $?
said with_its_name_and_caller 'missing: zap_vma_ptes_of_nobody() is not in the shim: called by lacks_init (' \
	'driver/lacks.c:4)'

# a variable has no call to wait for
cat >driver/lacks.c <<'END'
#include <linux/module.h>
extern int counter_of_nobody;
static int __init lacks_init(void)
{
	return counter_of_nobody;
}
module_init(lacks_init);
MODULE_LICENSE("GPL");
END
build
[[ $? != 0 ]]
report a_variable_may_not $?
said and_is_named '"counter_of_nobody" [lacks.ko] undefined!'

# ---- headers

echo '#include <linux/of_nobody.h>' >driver/inc/deep.h
printf '#include "deep.h"\n' >driver/lacks.c
build
said a_header_missing_in_a_header \
	"inc/deep.h:1:10: linux/of_nobody.h: No such file or directory" "umdev missing --in $out lacks"

# ---- no kernel source

printf '#include <stdio.h>\nint main(void) { return puts("no"); }\n' >driver/lacks.c
build
said a_program_is_no_module \
	"lacks.c:1:10: stdio.h: No such file or directory: that is libc's, and this no kernel source"

echo "1..$count"
exit $failed
