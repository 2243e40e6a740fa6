#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What cannot be built is refused in one line, with what is wrong and what to
# do: trees that are no kernel's, that have no mdev or another generation of it;
# Makefiles with what Kbuild has and umdev does not; a project's own lines. Nothing
# of them is compiled. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

tools=${UMDEV_SOURCE_DIR:?}/shim/tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
told=(said)

# refused TEST WHAT REMEDY: the last output has both in one of its lines, and no
# call stack of CMake's below it
refused() {
	grep -F -- "$2" said | grep -qF -- "$3" && ! grep -qF 'Call Stack' said
	report "$1" $?
}

tree() { cmake -D MDEV_TREE="$1" -P "$tools/tree.cmake" >said 2>&1; }
kbuild() { cmake -D DIR="$1" -D CONFIG="${2-}" -D UMDEV_RELEASE=6.1.0 -P "$tools/kbuild.cmake" >said 2>&1; }
accepts() { grep -qxF -- "$2" said; report "$1" $?; }

# a tree that has what is looked at, with @1 as its mdev.h
make_tree() {
	rm -rf tree
	mkdir -p tree/drivers/vfio/mdev tree/include/linux tree/samples/any
	echo 'obj-m := mdev.o' >tree/drivers/vfio/mdev/Makefile
	printf '%s\n' "$1" >tree/include/linux/mdev.h
}

# ---- trees

tree "$work/nowhere"
refused no_tree "MDEV_TREE is '$work/nowhere': no such directory" 'give the top of a kernel tree'
mkdir empty
tree empty
refused no_kernel_tree 'no drivers/vfio/mdev/Makefile' 'give the top of a kernel tree'
mkdir -p old/kernel && touch old/Kbuild
tree old
refused a_tree_without_mdev 'a kernel tree without mdev' 'take a whole tree from 5.4 on'
make_tree 'struct mdev_parent_ops { struct mdev_driver *device_driver; };'
tree tree
refused a_generation_between 'as in Linux 5.14 to 5.18' 'take a tree up to 5.12 or from 6.1 on'
make_tree 'struct mdev_parent_ops { int x; };'
echo 'vfio_register_group_dev(&mvdev->vdev);' >tree/drivers/vfio/mdev/vfio_mdev.c
tree tree
refused a_generation_between_by_its_driver 'as in Linux 5.13' 'take a tree up to 5.12 or from 6.1 on'
make_tree 'int mdev_register_device(struct device *dev, struct mdev_driver *mdev_driver);'
tree tree
refused a_generation_between_without_ops 'as in Linux 5.19 and 6.0' 'take a tree up to 5.12 or from 6.1 on'
make_tree 'int mdev_enroll(struct device *dev);'
tree tree
refused a_generation_to_come 'this generation of mdev is not known' 'newer than this umdev, or no mdev'

# what is served is found by looking, and so are the samples
make_tree 'struct mdev_parent_ops { int x; };'
touch tree/samples/any/Makefile
echo '#include <linux/mdev.h>' >tree/samples/any/mine.c
tree tree
accepts ops_in_the_parent 'generation parent-ops'
accepts samples_by_what_they_include "samples $work/tree/samples/any"
make_tree 'int mdev_register_parent(struct mdev_parent *parent);'
tree tree
accepts a_driver_per_parent 'generation mdev-driver'
make_tree 'struct mdev_class_id;'
tree tree
accepts class_ids 'generation class-ids'

# ---- releases, by the whole configuration

# configure MAKEFILE LINE...: a tree of that release
configure() {
	make_tree 'struct mdev_class_id;'
	printf '%s\n' "$@" >tree/Makefile
	cmake -S "$UMDEV_SOURCE_DIR" -B out -G Ninja -D MDEV_TREE="$work/tree" 2>&1 |
		tr '\n' ' ' | tr -s ' ' >said
}

# level RELEASE: the release without a tree, by what configuring looks at for it
level() {
	cat >level.cmake <<-'END'
		cmake_policy(VERSION 3.25)
		include("${TOOLS}/tree.cmake")
		include("${TOOLS}/level.cmake")
		function(set_property)
		endfunction()
		umdev_choose_level()
		message(NOTICE "level ${UMDEV_LEVEL}")
	END
	cmake -D TOOLS="$tools" -D UMDEV_KERNEL="$1" -P level.cmake 2>&1 | tr '\n' ' ' | tr -s ' ' >said
}
configure 'VERSION = 4' 'PATCHLEVEL = 19' 'SUBLEVEL = 1'
refused a_tree_too_old 'MDEV_TREE is Linux 4.19.1: too old' 'set UMDEV_KERNEL to'
configure 'VERSION = 5' 'PATCHLEVEL = 15' 'SUBLEVEL = 0'
refused a_tree_of_a_release_between 'MDEV_TREE is Linux 5.15.0' 'is not served'
for release in 5.13 6.0.7; do
	level $release
	refused "what_${release}_does_not_get_is_told" "UMDEV_KERNEL is $release: the mdev framework and VFIO's interface of 5.13 to 6.0 are not served" \
		"level ${release%.7}"
done
for release in 5.12 6.1; do
	level $release
	! grep -q 'not served' said && grep -q "level $release" said
	report "nothing_is_told_of_$release" $?
done

# ---- Makefiles

kbuild nowhere
refused no_such_directory "$work/nowhere: no such directory" "give the one that has the driver's Makefile"
mkdir driver
kbuild driver
refused no_makefile 'neither Kbuild nor Makefile there' 'umdev_add_module(NAME SOURCE...)'
printf 'all: prog\nprog: prog.c\n\tcc -o $@ $<\n' >driver/Makefile
kbuild driver
refused a_programs_makefile 'names no module (obj-m)' 'is it a kernel Makefile?'
echo 'obj-m := made.o' >driver/Makefile
kbuild driver
refused a_source_that_is_made 'made.o has no source made.c' 'run that first, or name the sources'
touch driver/made.S
kbuild driver
refused assembler 'made.S is assembler' 'build the module without it'
printf 'obj-m := m.o\nm-y := part/\n' >driver/Makefile
kbuild driver
refused a_directory_in_a_module 'takes the whole directory part/' 'name the objects in it'
echo 'obj-m += below/' >driver/Makefile
kbuild driver
refused a_directory_that_is_not_there 'no directory below/' 'unpack the whole driver'
printf 'include $(srctree)/scripts/Makefile.of-nobody\nobj-m := m.o\n' >driver/Makefile
kbuild driver
refused a_makefile_of_the_kernels_own 'Makefile.of-nobody: No such file or directory' \
	'name the sources by umdev_add_module'
printf 'obj-m := m.o\nendif\n' >driver/Makefile
kbuild driver
refused a_makefile_that_is_broken 'make cannot evaluate it' "extraneous 'endif'"
touch driver/m.c driver/inside.c
printf 'obj-m := m.o\nhostprogs := gen\nlib-y := lib.o\nobj-y := inside.o\n' >driver/Makefile
kbuild driver
accepts what_is_for_the_image_is_left_out \
	"-- $work/driver/Makefile: left out: obj-y (inside.o) is for the kernel's own image"
accepts what_makes_others_is_left_out \
	"-- $work/driver/Makefile: left out: hostprogs (gen): what it makes for others must be there before"
accepts and_the_module_is_built 'module m'

# ---- Kconfig: what depends on what the shim does not have

cat >driver/Kconfig <<'END'
menuconfig TOP
	bool "all of it"
	depends on VFIO
	help
	  depends on NOTHING
	    depends on NOTHING EITHER
if TOP
config YES
	tristate "yes"
	depends on (VFIO || NOBODY) && !NOBODY_EITHER && m
config NO
	tristate "no"
	depends on YES && \
		NOBODY
config FAR
	tristate "no, since it depends on NO"
	depends on NO
config SELECTED
	tristate
endif
END
printf 'obj-$(CONFIG_%s) += %s.o\n' YES yes NO no FAR far SELECTED selected FREE free >driver/Makefile
touch driver/{yes,no,far,selected,free}.c
kbuild driver
for name in yes selected free; do
	accepts "config_$name" "module $name"
done
for name in no far; do
	! grep -qx "module $name" said
	report "config_$name" $?
done
accepts config_no_says_why \
	"-- $work/driver: no.o is left out: CONFIG_NO depends on YES && NOBODY, which the shim does not have"
kbuild driver CONFIG_NO=m
accepts config_given_is_config_taken 'module no'

mkdir 'a blank' at && cp driver/yes.c 'a blank' && echo 'obj-m := yes.o' >'a blank/Makefile'
(cd at && TMPDIR=$work/at cmake -D DIR='../a blank' -P "$tools/kbuild.cmake" >../said 2>&1)
accepts a_blank_in_a_path 'module yes'
[ -z "$(ls -A at)" ]
report and_nothing_is_left_of_the_way_around_it $?

# ---- the same by a project's own CMakeLists.txt

# project LINE... [-D...]: what find_package(umdev) and the lines say
project() {
	mkdir -p project
	{ echo 'cmake_minimum_required(VERSION 3.25)'; printf '%s\n' "$@"; } >project/CMakeLists.txt
	rm -rf out
	cmake -S project -B out -G Ninja -D "umdev_DIR=${UMDEV_BINARY_DIR:?}" \
		-D "CMAKE_C_COMPILER=${compiler:-cc}" >said 2>&1
}
compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$UMDEV_BINARY_DIR/CMakeCache.txt")
find='find_package(umdev REQUIRED)'
mkdir no_driver
project 'project(p C)' "$find" 'umdev_add_kbuild_dir(../no_driver)'
refused a_directory_of_a_project 'neither Kbuild nor Makefile there' 'umdev_add_module(NAME SOURCE...)'
project 'project(p C)' "$find" 'umdev_add_module(m none.c)'
refused a_source_that_is_not_there "there is no $work/project/none.c" 'name the .c files'
touch project/m.S
project 'project(p C)' "$find" 'umdev_add_module(m m.S)'
refused a_source_that_is_no_c 'm.S is no C source' 'name the .c files'
project 'project(p C)' "$find" 'umdev_add_module(m)'
refused a_module_without_sources 'no sources' 'name the .c files'
project 'project(p NONE)' "$find"
refused a_project_without_c "umdev's modules are C" 'say project(p C)'
project 'project(p C)' "$find" 'add_custom_command(OUTPUT made.c COMMAND touch made.c)' \
	'umdev_add_module(m ${CMAKE_CURRENT_BINARY_DIR}/made.c)'
! grep -q '^CMake Error' said
report a_source_that_a_command_makes $?

echo "1..$count"
exit $failed
