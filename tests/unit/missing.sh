#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# umdev missing on a driver that lacks a lot: the table has what it lacks and
# nothing else; with what it lists the driver compiles and links, and without
# any one of them it does not. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

build=${UMDEV_BINARY_DIR:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
told=(said)

command -v python3 >/dev/null || { echo "ok 1 - missing # SKIP python3 is missing"; exit 77; }

missing() { "$build/umdev" missing --linux linux "$@" >said 2>&1; }

# a kernel tree that has some of it
mkdir -p linux/include/linux driver/inc
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
END

sed 's/ *$//' >expected <<'END'
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
order = ["header", "include", "type", "member", "constant", "macro", "variable", "function"]
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

cat >compile.py <<'END'
import json, os, subprocess, sys
sys.path.insert(0, os.path.join(os.environ["UMDEV_SOURCE_DIR"], "shim/tools/missing"))
import compiler
include = os.path.realpath(os.path.join(os.environ["UMDEV_SOURCE_DIR"], "shim/include"))
entries = compiler.database(os.environ["UMDEV_BINARY_DIR"])
overlay = sys.argv[1]
units = [compiler.unit_of_file(entries, f"driver/{n}.c", ".", ["-Idriver/inc"], "lacking")
         for n in ("main", "other")]
for unit in units:
    unit.words = [w.replace("-Idriver", f"-I{os.getcwd()}/driver") for w in unit.words]
gcc = compiler.Compiler(units, include, overlay, os.path.join(overlay, "umdev-missing.h"))
bad = False
for i, unit in enumerate(units):
    done = gcc._run(unit, ["-c", "-o", f"{os.getcwd()}/{i}.o",
                           "-Werror=implicit-function-declaration", "-Werror=implicit-int"])
    print(done.stderr)
    bad |= done.returncode != 0
sys.exit(bad)
END
python3 compile.py "$work/overlay" >said 2>&1
report with_it_the_sources_compile $?
"$build/shim/modpost" -s lacking.symvers lacking 0.o 1.o >said 2>&1
{ cat "$build/modules/.build/symvers.list"; echo lacking.symvers; } >list
"$build/shim/modpost" -a -m . lacking list 0.o 1.o >said 2>&1
grep -o '^WARNING: modpost: "[a-z_]*"\|^ERROR: modpost: "[a-z_]*"' said | sed 's/.*"\(.*\)"/\1/' | sort >undefined
grep -E '^(function|variable)' expected | cut -d' ' -f2 | sort >listed
comm -23 undefined listed >said
[[ -s undefined && ! -s said ]]
report and_link_but_for_what_it_lists $?

# and nothing in it is idle
idle=
for name in $(grep -oE '^(#define|typedef|extern) .*|^[a-z].*\(\);$' overlay/umdev-missing.h |
	grep -oE '\b(nobody_[a-z_]*|NOBODY_[A-Z]*|DEFINE_NOBODY|__nobody_init|guard_of_nobody|nobody_t|module_nobody_driver)\b' |
	sort -u); do
	rm -rf without
	cp -r overlay without
	grep -vE "^(#define|typedef|extern) .*\b$name\b|^[a-z].*\b$name\(\);$" overlay/umdev-missing.h >without/umdev-missing.h
	python3 compile.py "$work/without" >said 2>&1 && idle+=" $name"
done
echo "idle:$idle" >said
[[ -z $idle ]]
report without_one_they_do_not $?

# ---- the table for a person

missing driver
grep -qE '^header +linux/of_nobody.h +linux/of_nobody.h +.*inc/lacking.h:1 *' said &&
	grep -qE '^function +nobody_get +linux/of_nobody.h:6 +driver/main.c:24 and 1 more$' said &&
	tail -n 1 said | grep -qE '^2 headers, 5 types, 7 members, .* missing in 2 files$'
report the_table_names_header_line_and_user $?

cat >driver/fine.c <<'END'
#include <linux/module.h>
MODULE_LICENSE("GPL");
END
missing driver/fine.c
[[ $? == 0 && $(cat said) == "nothing missing in 1 file" ]]
report a_driver_that_lacks_nothing $?

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
missing driver/Makefile
[[ $? == 1 ]] && grep -q 'neither a C source nor a directory' said
report a_file_that_is_no_source $?
"$build/umdev" missing --linux "$work/driver" driver >said 2>&1
[[ $? == 1 ]] && grep -q 'no include/linux there: give a kernel tree' said
report a_tree_that_is_none $?

echo "1..$count"
exit $failed
