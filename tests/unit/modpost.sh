#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# modpost on modules that must not be linked: each is compiled with the
# command line of a real module and given to modpost together with the exports
# of the modelled kernel and of the modules in the build directory. TAP.

set -u
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"
build=${UMDEV_BINARY_DIR:?}
modpost=$build/shim/modpost
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
list=$build/modules/.build/symvers.list
told=("$work/out")

# The compiler call of tests/modules/mod_empty.c, up to its output. Without
# sanitizers: their padding would look like the end of a table.
compile=$(grep -m1 '"command": .*-c [^ ]*/tests/modules/mod_empty\.c"' "$build/compile_commands.json" |
	sed 's/^ *"command": "//; s/",\{0,1\}$//; s/\\\\/\x01/g; s/\\"/"/g; s/\x01/\\/g')
compile=${compile%% -o *}
if [ -z "$compile" ]; then
	echo "# no compile command for tests/modules/mod_empty.c in $build"
	exit 1
fi

# object NAME: compiles standard input
object() {
	cat > "$work/$1.c"
	(cd "$work" && eval "${compile//mod_empty/$1} -fno-sanitize=all -o $1.o -c $1.c") || exit 1
}

# run ARGUMENT...: modpost; output in $work/out
run() {
	"$modpost" "$@" > "$work/out" 2>&1
}

# post NAME [flags]: compiles standard input and runs modpost; output in $work/out
post() {
	local name=$1
	shift
	object "$name"
	"$modpost" -s "$work/$name.symvers" "$name" "$work/$name.o" > "$work/out" 2>&1 || return
	{ cat "$list"; echo "$work/$name.symvers"; } > "$work/list"
	"$modpost" -m "$work" "$@" "$name" "$work/list" "$work/$name.o" > "$work/out" 2>&1
}

# refuses TEST STATUS LINE...: modpost failed, and its output has each of the lines
refuses() {
	local test=$1 status=$2 line
	shift 2
	[ "$status" != 0 ] || { report "$test" 1; return; }
	for line in "$@"; do
		grep -qF -- "$line" "$work/out" || {
			echo "# missing: $line"
			report "$test" 1
			return
		}
	done
	report "$test" 0
}

post m_missing <<'END'
#include <linux/module.h>
int foo_of_nobody(int x);
static int noinline uses_foo(void)
{
	return foo_of_nobody(3);
}
static int __init m_init(void)
{
	return uses_foo();
}
module_init(m_init);
MODULE_LICENSE("GPL");
END
refuses undefined_symbol_names_module_and_user $? \
	'ERROR: modpost: "foo_of_nobody" [m_missing.ko] undefined!' \
	'm_missing.c:5: used by uses_foo()'
[ ! -e "$work/m_missing.mod.c" ]
report nothing_is_written_for_a_refused_module $?

# what Linux has where, by a tree that has little
mkdir -p "$work/tree/include/linux" "$work/tree/include/a"
cat > "$work/tree/include/a/caller.h" <<'END'
static inline int call_it(void)
{
	return foo_of_nobody(1);
}
int not_foo_of_nobody(int x);
END
cat > "$work/tree/include/linux/foo.h" <<'END'
/* foo_of_nobody(x) is here */
int foo_of_nobody(int x);
END
post m_allowed --allow-missing -l "$work/tree" < "$work/m_missing.c"
status=$?
grep -qF 'um_missing_function("foo_of_nobody", "linux/foo.h",' "$work/m_allowed.mod.c" &&
	grep -qF '"foo_of_nobody" [m_allowed.ko] is missing: a call of it ends the test' "$work/out" ||
	status=1
report missing_function_allowed_knows_where_linux_has_it $status

post m_guest -g < "$work/m_missing.c"
status=$?
grep -qxF 'failed "foo_of_nobody" [m_guest.ko] undefined!' "$work/m_guest.info" &&
	[ ! -e "$work/m_guest.mod.c" ] || status=1
report guest_that_is_refused_is_noted_and_no_error $status

post m_table <<'END'
#include <linux/module.h>
int foo_of_nobody(void);
struct ops { int (*call)(void); };
extern const struct ops m_ops;
const struct ops m_ops = { .call = foo_of_nobody };
MODULE_LICENSE("GPL");
END
refuses undefined_symbol_in_a_table_names_the_table $? 'used by m_ops'

post m_static_export <<'END'
#include <linux/module.h>
static int __used hidden(void) { return 1; }
EXPORT_SYMBOL(hidden);
MODULE_LICENSE("GPL");
END
refuses exported_static_function $? \
	'ERROR: modpost: m_static_export: EXPORT_SYMBOL(hidden), which it does not define as a global'

post m_nonfree <<'END'
#include <linux/module.h>
int mod_exports_gpl(void);
static int __init m_init(void) { return mod_exports_gpl(); }
module_init(m_init);
MODULE_LICENSE("Proprietary");
END
refuses gpl_only_symbol_for_a_proprietary_module $? \
	"ERROR: modpost: GPL-incompatible module m_nonfree.ko uses GPL-only symbol 'mod_exports_gpl'"

post m_unlicensed <<'END'
#include <linux/module.h>
MODULE_DESCRIPTION("no licence");
END
refuses missing_licence $? 'ERROR: modpost: missing MODULE_LICENSE() in m_unlicensed.o'

post m_namespace <<'END'
#include <linux/module.h>
int mod_exports_ns(void);
static int __init m_init(void) { return mod_exports_ns(); }
module_init(m_init);
MODULE_LICENSE("GPL");
END
refuses namespace_not_imported $? \
	'ERROR: modpost: module m_namespace uses symbol mod_exports_ns from namespace MOD_EXPORTS, but does not import it.'

post m_rival <<'END'
#include <linux/module.h>
int mod_exports_next(void);
int mod_exports_next(void) { return 0; }
EXPORT_SYMBOL(mod_exports_next);
MODULE_LICENSE("GPL");
END
refuses symbol_exported_twice $? \
	"'mod_exports_next' exported twice. Previous export was in"

post m_endless <<'END'
#include <linux/mod_devicetable.h>
#include <linux/module.h>
static const struct mdev_class_id ids[] = { { 1 }, { 2 } };
MODULE_DEVICE_TABLE(mdev, ids);
MODULE_LICENSE("GPL");
END
refuses device_table_without_an_end $? \
	'ERROR: modpost: m_endless: struct mdev_device_id is not terminated with a NULL entry!'

post m_strange <<'END'
#include <linux/module.h>
struct strange_id { int x; };
static const struct strange_id ids[] = { { 1 }, { 0 } };
MODULE_DEVICE_TABLE(strange, ids);
MODULE_LICENSE("GPL");
END
refuses device_table_of_an_unknown_type $? 'no aliases are known for the device table'
run -m "$work" -g m_strange "$work/list" "$work/m_strange.o" &&
	grep -q '^WARNING: modpost: m_strange: no aliases are known .*: no device loads the module' "$work/out"
report a_guest_with_such_a_table_is_loaded_by_its_name $?

post m_warned -w <<'END'
#include <linux/module.h>
int foo_of_nobody(void);
static int __init m_init(void) { return foo_of_nobody(); }
module_init(m_init);
MODULE_LICENSE("GPL");
END
status=$?
grep -qF 'WARNING: modpost: "foo_of_nobody" [m_warned.ko] undefined!' "$work/out" || status=1
grep -q foo_of_nobody "$work/m_warned.mod.c" || status=1
report warnings_on_request $status

post m_good <<'END'
#include <linux/mod_devicetable.h>
#include <linux/module.h>
int mod_exports_gpl(void);
int m_good_export(void);
int m_good_export(void) { return mod_exports_gpl(); }
EXPORT_SYMBOL_GPL(m_good_export);
static const struct mdev_class_id ids[] = { { 1 }, { 0x1ff }, { 0 } };
MODULE_DEVICE_TABLE(mdev, ids);
static void __exit m_exit(void) { }
module_exit(m_exit);
MODULE_ALIAS("mdev:c01");
MODULE_SOFTDEP("post: somebody");
MODULE_LICENSE("Dual BSD/GPL");
END
status=$?
diff - "$work/m_good.info" > "$work/out" <<'END' || status=1
name m_good
depends mod_exports
alias mdev:c01
alias mdev:c1FF
softdep post: somebody
END
grep -q '^	m_good_export;$' "$work/m_good.lds" || status=1
grep -q '\.init' "$work/m_good.mod.c" && status=1
grep -q '^	\.exit = cleanup_module,$' "$work/m_good.mod.c" || status=1
report good_module_gets_its_files $status

before=$(stat -c %y "$work/m_good.mod.c" "$work/m_good.lds" "$work/m_good.info")
"$modpost" -m "$work" m_good "$work/list" "$work/m_good.o" > "$work/out" 2>&1
[ "$before" = "$(stat -c %y "$work/m_good.mod.c" "$work/m_good.lds" "$work/m_good.info")" ]
report unchanged_files_are_not_written_again $?

# The aliases are those that file2alias makes for the same table.
post m_pci <<'END'
#include <linux/mod_devicetable.h>
#include <linux/module.h>
int mod_exports_ns(void);
static int __init m_init(void) { return mod_exports_ns(); }
module_init(m_init);
static const struct pci_device_id ids[] = {
	{ .vendor = 0x4348, .device = 0x3253, .subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID },
	{ .vendor = 0x10de, .device = PCI_ANY_ID, .subvendor = 1, .subdevice = 2,
	  .class = 0x030001, .class_mask = 0xffffff },
	{ .vendor = 0x10de, .device = 1, .class_mask = 0x0f0000 },
	{ .vendor = 0x10de, .device = 2, .override_only = 1 },
	{ .vendor = 0x10de, .device = 3, .override_only = 2 },
	{ }
};
MODULE_DEVICE_TABLE(pci, ids);
static const struct virtio_device_id virtio_ids[] = {
	{ 1, VIRTIO_DEV_ANY_ID }, { VIRTIO_DEV_ANY_ID, 0x1af4 }, { 0 }
};
MODULE_DEVICE_TABLE(virtio, virtio_ids);
MODULE_IMPORT_NS(SOMEBODY);
MODULE_IMPORT_NS(MOD_EXPORTS);
MODULE_LICENSE("GPL");
END
status=$?
grep -qF "WARNING: modpost: Can't handle masks in m_pci:F0000" "$work/out" || status=1
grep -qF 'WARNING: modpost: Unknown PCI driver_override alias 00000002' "$work/out" || status=1
cat > "$work/expected" <<'END'
alias pci:v000010DEd*sv00000001sd00000002bc03sc00i01*
alias pci:v00004348d00003253sv*sd*bc*sc*i*
alias vfio_pci:v000010DEd00000002sv00000000sd00000000bc*sc*i*
alias virtio:d*v00001AF4*
alias virtio:d00000001v*
END
grep '^alias' "$work/m_pci.info" | LC_ALL=C sort | diff - "$work/expected" >> "$work/out" || status=1
report device_tables_give_the_kernels_aliases $status

# ---- uses in several objects -------------------------------------------------

object u_other <<'END'
static const char licence[] __attribute__((section(".modinfo"), used)) = "license=GPL";
int u_other(int x);
int u_other(int x) { return x + 1; }
END
object u_user <<'END'
int foo_of_nobody(int x);
int u_user(int x);
int u_user(int x) { return foo_of_nobody(x) + 1; }
END
: > "$work/empty"
run -m "$work" m_two "$work/empty" "$work/u_other.o" "$work/u_user.o"
refuses only_the_object_with_the_use_is_named $? 'u_user.c:3: used by u_user()'
! grep -q u_other "$work/out"
report other_objects_are_not_named $?
ld -r -o "$work/u_both.o" "$work/u_other.o" "$work/u_user.o" &&
	run -m "$work" m_both "$work/empty" "$work/u_both.o"
refuses use_in_an_object_made_of_two $? 'u_user.c:3: used by u_user()'

run -m "$work" -w -q m_quiet "$work/empty" "$work/u_user.o" "$work/u_other.o"
status=$?
[ ! -s "$work/out" ] || status=1
report no_warnings_on_request $status

run -s "$work/m_good.symvers" m_good "$work/m_good.o" "$work/m_good.o"
refuses symbol_exported_twice_by_one_module $? \
	"ERROR: modpost: m_good: 'm_good_export' exported twice. Previous export was in m_good"

# ---- files ---------------------------------------------------------------------

run -s "$work/x.symvers" x "$work/absent.o"
refuses absent_object $? "FATAL: modpost: $work/absent.o: No such file or directory"
run -s "$work/x.symvers" x "$work/m_good.c"
refuses object_that_is_none $? "FATAL: modpost: $work/m_good.c: not an ELF object"
run -s "$work/no/such/directory" x "$work/m_good.o"
refuses output_that_cannot_be_written $? \
	"FATAL: modpost: $work/no/such/directory: No such file or directory"
run -m "$work" x "$work/absent.list" "$work/m_good.o"
refuses absent_list $? "FATAL: modpost: $work/absent.list: No such file or directory"
echo "$work/absent.symvers" > "$work/list"
run -m "$work" x "$work/list" "$work/m_good.o"
refuses absent_exports_are_nobodys $? 'ERROR: modpost: "mod_exports_gpl" [x.ko] undefined!'
printf '0x00000000\tfoo\tvmlinux\n' > "$work/bad.symvers"
echo "$work/bad.symvers" > "$work/list"
run -m "$work" x "$work/list" "$work/m_good.o"
refuses exports_that_cannot_be_read $? \
	"FATAL: modpost: $work/bad.symvers: parse error in symbol dump file"

# the checksum is written once, over an older one, and only behind what is there
cp "$work/m_good.o" "$work/sealed"
run -c "$work/sealed" && cp "$work/sealed" "$work/once" && run -c "$work/sealed" &&
	cmp "$work/once" "$work/sealed" && cmp -n "$(stat -c %s "$work/m_good.o")" "$work/m_good.o" "$work/sealed"
report checksum_is_behind_the_file $?
run -c "$work/absent.ko"
refuses checksum_of_nothing $? "FATAL: modpost: $work/absent.ko: No such file or directory"
run -g -c "$work/absent.ko"
report guest_that_is_not_linked_has_no_checksum $?

status=0
for arguments in "" "-s out" "-m dir name list" "-x"; do
	# shellcheck disable=SC2086 # words
	run $arguments
	[ $? = 2 ] || status=1
	grep -q '^usage: modpost -s OUT' "$work/out" || status=1
done
report wrong_arguments_print_the_usage $status

# ---- the tree --------------------------------------------------------------------

run -d "$work" "$work/absent.info"
refuses absent_information $? "FATAL: modpost: $work/absent.info: No such file or directory"
echo 'depends' > "$work/a.info"
run -d "$work" "$work/a.info"
refuses line_without_a_value $? "FATAL: modpost: $work/a.info: cannot read line 'depends'"
echo 'depends b' > "$work/a.info"
run -d "$work" "$work/a.info"
refuses information_without_a_name $? "FATAL: modpost: $work/a.info: no name"
printf 'name a\ndepends b\n' > "$work/a.info"
run -d "$work" "$work/a.info"
refuses dependency_that_is_not_there $? 'FATAL: modpost: module b is not in the list'

printf 'name b\ndepends a\n' > "$work/b.info"
"$modpost" -d "$work" "$work/a.info" "$work/b.info" > "$work/out" 2>&1
refuses dependency_cycle $? 'FATAL: modpost: dependency cycle through module a'

printf 'name b\nsoftdep pre: c\n' > "$work/b.info"
printf 'name c\ndepends a\nalias x:*\n' > "$work/c.info"
"$modpost" -d "$work" "$work/a.info" "$work/b.info" "$work/c.info" > "$work/out" 2>&1
status=$?
diff - "$work/modules.dep" >> "$work/out" <<'END' || status=1
a.ko: b.ko
b.ko:
c.ko: a.ko b.ko
END
grep -qx 'alias x:\* c' "$work/modules.alias" || status=1
grep -qx 'softdep b pre: c' "$work/modules.softdep" || status=1
report tree_files_are_as_depmod_writes_them $status

echo "1..$count"
exit $failed
