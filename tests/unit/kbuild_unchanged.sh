#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel-glue/unchanged.sh runs Kbuild when that has something to do, and not when it
# has not: whatever a source, the kernel's tree, the command line, the environment or
# what was made has become since the last time. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

unchanged=${UMDEV_SOURCE_DIR:?}/kernel-glue/unchanged.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset MAKEFLAGS MFLAGS W
told=(said)

mkdir -p tree/sub farm/sub kernel/include
echo 'int a;' >tree/a.c
echo 'int b;' >tree/sub/b.h
ln -s "$work/tree/a.c" farm/a.c
ln -s "$work/tree/sub/b.h" farm/sub/b.h
echo 'obj-m := a.o' >farm/Kbuild
echo symbols >kernel/Module.symvers
echo header >kernel/include/generated.h

# as Kbuild: what it makes is there again each time that it has run
cat >kbuild <<'END'
#!/bin/sh
echo ran >>runs
[ ! -e during ] || { sh during; rm during; }
[ ! -e fails ] || exit 3
echo object >farm/a.o
echo module >farm/a.ko
echo 'int module;' >farm/a.mod.c
echo order >farm/modules.order
END
chmod +x kbuild

words=some
build() {
	rm -f runs
	"$unchanged" farm "$words" kernel/Module.symvers kernel/include -- ./kbuild >said 2>&1
	status=$?
}
# runs NAME, or idle NAME: the next one
runs() { build; [[ $status == 0 && $(wc -l <runs) == 1 ]]; report "runs: $1" $?; }
idle() { build; [[ $status == 0 && ! -e runs ]]; report "has nothing to do: $1" $?; }
# after NAME COMMAND...: it has something to do once that was done, and then no more
after() {
	local name=$1
	shift
	"$@"
	runs "$name"
	idle "after that"
}

runs "the first time"
idle "the second time"
after "a source was written to" sh -c 'echo "int c;" >>tree/a.c'
after "a header was" sh -c 'echo "int c;" >>tree/sub/b.h'
after "a source became an older one" sh -c 'echo "int d;" >tree/a.c; touch -d 2001-01-01 tree/a.c'
after "a source came" sh -c 'echo "int e;" >farm/sub/e.c'
after "a source went" rm farm/sub/e.c
after "its makefile is another" sh -c 'echo "obj-m += b.o" >>farm/Kbuild'
after "the kernel's symbols are others" sh -c 'echo more >>kernel/Module.symvers'
cp -p kernel/include/generated.h kept
after "a package brought headers of the same time" sh -c 'rm kernel/include/generated.h; cp -p kept kernel/include/generated.h'
after "a module was removed" rm farm/a.ko
after "another Kbuild was at work" sh -c 'echo order >farm/modules.order'
words=other
runs "other words"
words=some
runs "and those of before"
export W=1
runs "the environment asks for warnings"
idle "as the last time"
unset W
runs "and it does not"

: >fails
echo 'int f;' >>tree/a.c
build
[[ $status == 3 ]]
report "what fails fails with its status" $?
build
[[ $status == 3 && -e runs ]]
report "and runs again" $?
rm fails
runs "until it ends well"
idle "then"

echo 'int g;' >>tree/a.c
echo 'echo "int h;" >>tree/a.c' >during
runs "a source was written to"
runs "and again while that was built"
idle "at last"

MAKEFLAGS='n -- TESTS=a' build
[[ -e runs ]]
report "make that only says what it would do is let" $?
MAKEFLAGS='wB --jobserver-auth=3,4' build
[[ -e runs ]]
report "so is one that does all" $?
# both made it again, which is seen where the clock of the files has gone on
build
rm -f runs
MAKEFLAGS='kw --no-print-directory -- TESTS=bent' build
[[ ! -e runs ]]
report "others are not asked for that" $?
MAKEFLAGS=' -j2 --jobserver-auth=3,4 -- TESTS=bent' build
[[ ! -e runs ]]
report "nor those that have no letters" $?

echo "1..$count"
exit $failed
