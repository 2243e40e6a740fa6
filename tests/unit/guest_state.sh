#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# guest_state.sh [KERNEL]: a guest that goes on from a kept state is as one that has
# booted: the same results, the same files, mounts, devices, modules and processes. And
# it is the guest that was asked for, not the one whose state it is: its command line,
# clock, random numbers, settings and programs are of this run. QEMU boots three times
# and goes on three times, with states and files of its own. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
kernel=${1-}
guest=$top/kernel-glue/guest
mkdir -p "${UMDEV_BINARY_DIR:?}"
said=$(mktemp)
work=
trap 'rm -rf "$said" "$work"' EXIT

"$top/kernel-glue/ctest.sh" guest ${kernel:+KERNEL="$kernel"} >"$said" 2>&1 </dev/null
status=$?
if [[ $status != 0 ]]; then
	cat "$said"
	exit $status
fi
release=$("$guest/image.sh" release ${kernel:+"$top/build/kernels/$kernel"})
work=$(mktemp -d "$UMDEV_BINARY_DIR/guest_state.XXXXXX")
dir=$work/$release
mkdir -p "$dir"
ln -s "$top/build/guest/$release"/{vmlinux,initrd,khz} "$dir"
# another run of make changes nothing here
cp -a "$top/build/guest/$release/payload" "$dir"
# a program that is another one in each run
mark=$dir/payload/selftest/mark.sh

# run NAME PROGRAMS [VARIABLE=VALUE...]: output in $work/NAME, what was seen in NAME.seen,
# and the settings that the guest was given in NAME.given
run() {
	local name=$1 programs=$2
	shift 2
	told=("$work/$name")
	rm -f "$dir/resume.log"
	echo "echo '# mark: the mark of $name'" >"$mark"
	date +%s >"$work/$name.from"
	env "$@" TESTS="seen.sh mark.sh $programs" GUESTS=1 "$guest/run.sh" "$dir" \
		>"$work/$name" 2>&1 </dev/null
	status=$?
	date +%s >"$work/$name.to"
	sed -n 's/^# seen //p' "$work/$name" >"$work/$name.seen"
	head -c 16384 "$dir/payload.img" | tr -d '\0' | sed -n 's/^UMDEV_/setting &/p' >"$work/$name.given"
	[[ $status == 0 ]] && grep -q '^file ' "$work/$name.seen"
	report "$name: passes, and says what it is" $?
}

# seen NAME WHAT: the lines of that
seen() { sed -n "s/^$2 //p" "$work/$1.seen"; }

# went_on NAME kept|found: in a state that was taken for it, or that was there
went_on() {
	local kept=found
	! grep -q '^# the state of the guest is kept' "$work/$1" || kept=kept
	[[ $kept == "$2" && -e $dir/resume.log ]] && ! grep -q boots\\\|booting "$work/$1"
	report "$1: goes on from a state that was $2" $?
}

# as_asked NAME WORD: what this run is told, each guest has, and no other's
as_asked() {
	local name=$1 word=$2 file sum

	[[ " $(seen "$name" command) " == *" $word "* ]]
	report "$name: its command line is the one asked for" $?
	(($(cat "$work/$name.from") <= $(seen "$name" time) &&
		$(seen "$name" time) <= $(cat "$work/$name.to")))
	report "$name: its clock is right" $?
	diff <(grep '^setting ' "$work/$name.seen") "$work/$name.given" >"$work/diff"
	report "$name: its settings are those of this run" $? "$(cat "$work/diff")"
	diff <(seen "$name" file | sed -n 's,^[^ ]* */tests/,,p' | sort) \
		<(sed -n "s/^setting UMDEV_RUN=//p" "$work/$name.given" | tr -d "'" | tr ' ' '\n' |
			grep -v '^seen\.sh$\|^mark\.sh$' | sort) >"$work/diff"
	report "$name: its programs are those of this run, and no other" $? "$(cat "$work/diff")"
	diff <(cd "$dir/payload" && seen "$name" file | while read -r sum file; do
			[[ ! -f .$file ]] || echo "$sum $file"
		done) \
		<(cd "$dir/payload" && seen "$name" file | while read -r sum file; do
			[[ ! -f .$file ]] || echo "$(md5sum ".$file" | cut -d' ' -f1) $file"
		done) >"$work/diff"
	report "$name: the files are what was given" $? "$(cat "$work/diff")"
	grep -q "^# mark: the mark of $name\$" "$work/$name"
	report "$name: so is the one that was changed last" $?
}

# like ONE OTHER: but for what must differ, and khz.c measures
like() {
	local name
	for name; do
		sed -e '/^\(time\|uuid\|bytes\) /d' -e '/^setting UMDEV_\(TIME\|SEED\)=/d' \
			-e '/^file .* \/run\/settings$/d' -e '/^file .* \/selftest\/mark.sh$/d' \
			-e 's/ tsc_early_khz=[0-9]*//' "$work/$name.seen" | sort >"$work/$name.is"
	done
	diff "$work/$1.is" "$work/$2.is" >"$work/diff"
	report "$1 and $2 are the same" $? "$(cat "$work/diff")"
	diff <(grep '^\(not \)\?ok \|^1\.\.' "$work/$1") <(grep '^\(not \)\?ok \|^1\.\.' "$work/$2") >"$work/diff"
	report "$1 and $2 have the same results" $? "$(cat "$work/diff")"
}

some="lib mdev_create mdev_remove vfio pci"
run booted "$some" RESUME=no APPEND=umdev.asked=once
[[ ! -e $dir/resume.log && ! -e $dir/states ]]
report "booted: has booted" $?
as_asked booted umdev.asked=once
run first "$some" RESUME= APPEND=umdev.asked=once
went_on first kept
as_asked first umdev.asked=once
like booted first
run second "$some" RESUME= APPEND=umdev.asked=once
went_on second found
as_asked second umdev.asked=once
like booted second
run other "chardev" RESUME= APPEND=umdev.asked=twice
went_on other kept
as_asked other umdev.asked=twice

for what in uuid bytes; do
	[[ $(for name in booted first second other; do seen $name $what; done | sort -u | wc -l) == 4 ]]
	report "no two draw the same random $what" $?
done

echo "1..$count"
exit $failed
