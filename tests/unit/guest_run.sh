#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel-glue/guest/run.sh with a QEMU that is none: what it makes of a guest that
# says nothing under KVM, of a QEMU that cannot have KVM, of a guest that ends in
# the middle, of one that does not end or falls silent, and of two at once; and of
# kept states: taken, used, of something else, damaged, not to be had, dead; and of what
# is made while a guest comes to life. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
work=${UMDEV_BINARY_DIR:?}/guest_run
told=("$work/said")
rm -rf "$work"
mkdir -p "$work/bin" "$work/guest/payload"

# It looks up what to do as KIND in $work/do: kvm or tcg; keep, a guest whose state is
# to be taken; state, one that goes on.
cat >"$work/bin/qemu-system-x86_64" <<'QEMU'
#!/bin/bash
case "$*" in
*"-accel kvm"*) kind=kvm ;;
*-incoming*) kind=state ;;
*-qmp*) kind=keep ;;
*) kind=tcg ;;
esac
# the first page of what the guest is given
line=$*
payload=${line##*id=payload,*mem-path=}
payload=${payload%%,*}
if [[ $kind == state ]]; then
	echo $$ >"$GUEST_RUN/began"
	until [[ $(head -c 1 "$payload" | tr -d '\0') == u ]]; do sleep .05; done
fi
programs=$(head -c 16384 "$payload" | tr -d '\0' | sed -n "s/^UMDEV_RUN='\(.*\)'/\1/p")
echo "$kind $* UMDEV_RUN=$programs " >>"$GUEST_RUN/arguments"
all() { printf '@run %s\n1..1\nok 1 - one\n@status %s 0\n@end\n' $kind $kind; exit 33; }
do=$(sed -n "s/^$kind //p" "$GUEST_RUN/do")
[[ $kind != state ]] || exec 1>&3
# until QEMU is told COMMAND
told() {
	while read -r line; do [[ $line != *"\"$1\""* ]] || break; done
}
if [[ $kind == keep && $do != dies ]]; then
	echo "seen by the console" >>console.log
	echo "the memory" >memory
	echo '{"return": {}}'
	[[ $do == lacks ]] && without=" without vfio"
	printf '@ready%s\r\n' "${without-}" >&3
	told migrate
	[[ $do != fails ]] || { echo '{"event": "MIGRATION", "data": {"status": "failed"}}'; exec sleep 1000; }
	command=$(sed 's/.*exec:\([^"]*\)".*/\1/' <<<"$line")
	echo '{"event": "MIGRATION", "data": {"status": "completed"}}'
	echo "the devices" | sh -c "$command"
	exec sleep 1000
fi
case $do in
works) all ;;
refuses) echo "no KVM here" >&2; exit 1 ;;
silent) exec sleep 1000 ;;
stops) printf '@silence 1\n@run %s\n1..2\nok 1 - one\nok 2' $kind; exec sleep 1000 ;;
slow)
	# in all longer than it may be silent
	printf '@silence 5\n@run %s\n1..6\n' $kind
	for ((i = 1; i <= 6; i++)); do sleep 1; echo "ok $i - $i"; done
	printf '@status %s 0\n@end\n' $kind
	exit 33
	;;
lines) printf '@run %s\r\n1..1\r\nok 1 - one\r\n@status %s 0\r\n@end\r\n' $kind $kind; exit 33 ;;
heard)
	# goes on when its result is out, which nothing may hold back
	printf '@run %s\n1..1\nok 1 - one\n' $kind
	for ((i = 0; i < 1200; i++)); do
		! grep -q '^ok 1' "$GUEST_RUN/said" || { printf '@status %s 0\n@end\n' $kind; exit 33; }
		sleep .1
	done
	exit 0
	;;
shares | loses | fails_first)
	[[ $do != fails_first ]] || echo "@fail something is missing"
	# all programs that it is to run; the one that loses ends in the middle of c
	for name in $programs; do
		printf '@run %s\n1..1\nok 1 - one\n' "$name"
		[[ $do != loses || $name != c ]] || exit 0
		[[ $name == a ]] && seconds=7.2 || seconds=0.3
		printf '@status %s 0 %s\n' "$name" $seconds
	done
	echo @end
	exit 33
	;;
changed)
	name=strings_are_searched_within_bounds
	printf '@run lib\n1..1\nnot ok 1 - %s\n@status lib 1\n@end\n' $name
	exit 35
	;;
dies) printf '@run %s\n1..2\nok 1 - one\n' $kind; exit 0 ;;
esac
QEMU
chmod +x "$work/bin/qemu-system-x86_64"

# run DOES [VARIABLE=VALUE...]: "kvm silent", "tcg works" and so on
run() {
	printf '%s\n' "$1" >"$work/do"
	shift
	rm -f "$work/arguments" "$work/began"
	env GUEST_RUN="$work" PATH="$work/bin:$PATH" KVM_PATIENCE=1 RESUME="${RESUME-no}" "$@" \
		"$top/kernel-glue/guest/run.sh" "$work/${DIR:-guest}" >"$work/said" 2>&1 </dev/null
}

# said NAME STATUS WANTED TEXT...
said() {
	local name=$1 status=$2 wanted=$3 text
	shift 3
	[[ $status == "$wanted" ]] || { verdict "$name" "status $status"; return; }
	for text; do
		grep -q -e "$text" "$work/said" || { verdict "$name" "no '$text'"; return; }
	done
	verdict "$name"
}

run "tcg works"
said "a guest is emulated" $? 0 '^ok 1 - tcg: one' '^# 1 passed, 0 failed'
grep -q -e '-accel tcg' "$work/arguments" && ! grep -q -e '-accel kvm' "$work/arguments"
report "KVM is not tried by itself" $?
grep -q -e '-smp 1,' "$work/arguments"
report "there is one processor" $?
run "tcg works" SMP=2
grep -q -e '-smp 2,sockets=2 ' "$work/arguments"
report "there are as many as asked for" $?

run $'kvm works\ntcg dies' KVM=1
said "KVM is tried when asked for" $? 0 '^ok 1 - kvm: one'
run $'kvm silent\ntcg works' KVM=1
said "a guest that says nothing is given up for one that is emulated" $? 0 \
	'^# KVM: no guest booted' '^ok 1 - tcg: one'
run $'kvm refuses\ntcg works' KVM=1
said "so is one that cannot be had" $? 0 '^# KVM: no guest booted' '^ok 1 - tcg: one'
grep -q 'no KVM here' "$work/guest/kvm.log"
report "why is kept" $?
run $'kvm dies\ntcg works' KVM=1
said "one that ended in the middle has failed" $? 1 '^not ok .*kvm.*ended in the middle'

run "tcg heard"
said "a result is printed when it comes" $? 0 '^ok 1 - tcg: one'
run "tcg lines"
said "lines may end as a terminal's do" $? 0 '^ok 1 - tcg: one$' '^# 1 passed, 0 failed'

run "tcg dies"
said "without an end there is no verdict" $? 1 'ended without a verdict'
run "tcg silent" TIMEOUT=1
said "nor of one that does not end" $? 1 'still running after 1 s'
run "tcg stops"
said "nor of one that says nothing any more" $? 1 '^ok 1 - tcg: one' 'fell silent'
run "tcg slow"
said "a slow one has its time" $? 0 '^ok 6 - tcg: 6'
run "tcg stops" GUESTS=2 TESTS="a b"
said "of two that fall silent both are ended" $? 1 'fell silent'

mkdir -p "$work/6.12.1/payload"
run "tcg changed"
said "what fails has failed" $? 1 '^not ok 1 - lib: '
DIR=6.12.1 run "tcg changed"
said "but for what a later kernel does otherwise" $? 0 '^ok 1 - lib: .* # changed by 6.5' \
	'^# 1 passed (1 changed by a later kernel), 0 failed'

mkdir -p "$work/guest/payload/tests"
touch "$work/guest/payload/tests"/{a,b,c,d}
printf '%s\n' "a 9" "b 2" "c 2" "d 2" >"$work/guest/times"
run "tcg shares" GUESTS=2
said "two guests share the programs" $? 0 '^ok [1-4] - a: one' '^ok [1-4] - b: one' \
	'^ok [1-4] - c: one' '^ok [1-4] - d: one' '^# 4 passed, 0 failed, 0 skipped in 4 programs'
grep -q 'UMDEV_RUN=a $' "$work/arguments" && grep -q 'UMDEV_RUN=d c b $' "$work/arguments"
report "so that both take as long as the last time, one the longest first, one last" $?
[[ $(sort "$work/guest/times" | paste -sd,) == "a 7.2,b 0.3,c 0.3,d 0.3" ]]
report "what each says that it took is kept" $?
run "tcg fails_first" TOTAL=9
said "how far it is, and how long to go, is told" $? 1 '^not ok 1 - something is missing' \
	'^# a (0 of 9 contract tests done)' '^# d (3 of 9 contract tests done, about [0-9]\{1,3\} s to go)'
printf '%s\n' "a 9" "b 2" "c 2" "d 2" >"$work/guest/times"
run "tcg shares" GUESTS=2 "LAST=a b"
grep -q 'UMDEV_RUN=a $' "$work/arguments" && grep -q 'UMDEV_RUN=d c b $' "$work/arguments"
report "those that are to be last are" $?
run "tcg shares" GUESTS=1 LAST=b
grep -q 'UMDEV_RUN=a c d b $' "$work/arguments"
report "in one guest, too" $?
run "tcg loses" GUESTS=2
said "one that ends in the middle takes no result from the other" $? 1 '^ok . - a: one' \
	'^not ok . - c: .*ended in the middle' 'ended without a verdict'
run "tcg shares" GUESTS=2 TESTS=a
said "one program is one guest's" $? 0 '^# 1 passed'
[[ $(wc -l <"$work/arguments") == 1 ]]
report "and no other is booted" $?
run "tcg shares" GUESTS=2 "TESTS=a:some*"
said "so is a pattern" $? 0 '^# 1 passed'

tail -c +16385 "$work/guest/payload.img" | cpio -it --quiet 2>/dev/null >"$work/said"
grep -qx tests/a "$work/said" && ! grep -qx tests/b "$work/said"
report "a guest is given what it is to run, and no other program" $?
head -c 16384 "$work/guest/payload.img" | tr -d '\0' | tail -n +2 >"$work/said"
[[ $(sh -c '. "$1"; echo "$UMDEV_FILTER"' - "$work/said") == "some*" ]]
report "and its settings, for a shell" $?

# ---- kept states

export RESUME=
states=$work/guest/states
kept='^# the state of the guest is kept: '
booted='^ok 1 - tcg: one'
resumed='^ok 1 - state: one'
all_work=$'keep works\nstate works\ntcg works'
echo "a kernel" >"$work/guest/vmlinux"
echo "an initramfs" >"$work/guest/initrd"

# kinds: the guests of the last run, in a line
kinds() { cut -d' ' -f1 "$work/arguments" | paste -sd' '; }

# like NAME WANTED: the guests of the last run were of the kinds WANTED
like() {
	[[ $(kinds) == "$2" ]] && verdict "$1" || verdict "$1" "there were: $(kinds)"
}

run "$all_work" TESTS=a
said "the first guest's state is kept, and gone on from" $? 0 "$kept" "$resumed"
like "by booting once" "keep state"
grep -q 'seen by the console' "$work/guest/console.log"
report "what the console said before is the beginning" $?
run "$all_work" TESTS=a
said "the next goes on from it" $? 0 "$resumed"
like "and none boots" "state"
run "$all_work" GUESTS=2
like "nor do two" "state state"
run "$all_work" TESTS=a RESUME=no
said "unless that is asked for" $? 0 "$booted"
like "which keeps nothing" "tcg"
run $'kvm works\n'"$all_work" TESTS=a KVM=1
like "a guest under KVM boots" "kvm"

# of NAME [VARIABLE=VALUE...]: the state is of something else, and another is taken; a
# directory for it comes, too, up to the number that is kept
of() {
	local name=$1
	shift
	run "$all_work" TESTS=a "$@"
	like "it is none of $name" "keep state"
}
of "two processors" SMP=2
of "more memory" MEMORY=600
of "another command line" APPEND=quiet
[[ $(find "$states" -mindepth 1 -maxdepth 1 -type d | wc -l) == 2 ]]
report "the last two are kept" $?
run "$all_work" TESTS=a MEMORY=600
run "$all_work" TESTS=a SMP=3
run "$all_work" TESTS=a MEMORY=600
like "those that were used last" "state"
run "$all_work" TESTS=a
echo "another kernel" >"$work/guest/vmlinux"
of "another kernel"
touch "$work/guest/initrd"
of "an initramfs that was made anew"
touch "$work/bin/qemu-system-x86_64"
of "another QEMU"

# damaged NAME COMMAND...: what does that in the state's directory
damaged() {
	local name=$1
	shift
	run "$all_work" TESTS=a
	(cd "$states" && cd "$(find . -name '[0-9a-f]*' -type d -printf '%T@ %f\n' | sort -n | tail -n 1 | cut -d' ' -f2)" && "$@")
	run "$all_work" TESTS=a
	said "one that $name is taken again" $? 0 "$kept" "$resumed"
}
damaged "was written to" sh -c 'echo x >>memory'
damaged "was cut off" truncate -s 1 device
damaged "lost a file" rm device
damaged "was not finished" rm whole

run $'keep works\nstate refuses\ntcg works' TESTS=a
said "a guest whose state QEMU refuses boots" $? 0 '^# the kept state does not come to life' "$booted"
grep -q 'no KVM here' "$work/guest/resume.log"
report "why is kept" $?
run "$all_work" TESTS=a
like "and its state is not" "keep state"
run $'keep works\nstate silent\ntcg works' TESTS=a RESUME_PATIENCE=1
said "so does one that does not come to life" $? 0 '^# the kept state does not come to life' "$booted"
run $'keep works\nstate dies\ntcg works' TESTS=a
said "but what came to life has failed when it ends in the middle" $? 1 '^not ok .*ended in the middle'
run $'keep works\nstate stops\ntcg works' TESTS=a
said "or falls silent" $? 1 'fell silent'

# none NAME DOES WHY: no state can be had
none() {
	rm -rf "$states"
	run "keep $2"$'\ntcg works' TESTS=a
	said "$1" $? 0 "^# no state of the guest is kept (.*$3.*): it boots" "$booted"
	[[ -z $(ls "$states") ]]
	report "and leaves nothing" $?
}
none "a guest that does not get so far has no state" dies 'did not get ready'
none "nor one that lacks a module" lacks 'did not get ready'
none "nor where QEMU gives none" fails 'did not give its state'
rm -rf "$states"
: >"$states"
run "$all_work" TESTS=a
said "where none can be written all boots" $? 0 '^# no state of the guest is kept (' "$booted"
rm "$states"
rm "$work/guest/vmlinux"
run "$all_work" TESTS=a
like "where it is not known what of there is none" "tcg"
echo "a kernel" >"$work/guest/vmlinux"

# ---- something is made first

# a command for FIRST; it ends well when it said so
cat >"$work/bin/make-first" <<'END'
#!/bin/bash
for ((i = 0; i < ${WANTED-0}; i++)); do
	[[ ! -e $GUEST_RUN/began ]] || break
	sleep .1
done
[[ -e $GUEST_RUN/began ]] && echo "made beside a guest" || echo "made alone"
echo "made" >"$GUEST_RUN/guest/payload/tests/made"
[[ -z ${KERNEL-} ]] || echo "$KERNEL" >"$GUEST_RUN/guest/vmlinux"
exit "${ENDS-0}"
END
chmod +x "$work/bin/make-first"
# gone: is the guest that began?
gone() {
	local status
	for ((i = 0; i < 100; i++)); do
		status=$(cat "/proc/$(cat "$work/began")/stat" 2>/dev/null) || return 0
		[[ $status != *") Z "* ]] || return 0
		sleep .1
	done
	return 1
}

run "$all_work" TESTS=a
run $'keep works\nstate shares\ntcg works' TESTS=made FIRST=make-first WANTED=1200
said "what is to be made is, while the guest comes to life" $? 0 '^made beside a guest' '^ok 1 - made: one'
like "which is the one that is given it" "state"
tail -c +16385 "$work/guest/payload.img" | cpio -it --quiet 2>/dev/null >"$work/said"
grep -qx tests/made "$work/said"
report "with what was made" $?
rm "$work/guest/payload/tests/made"
run "$all_work" TESTS=a FIRST=make-first WANTED=1200 ENDS=3
said "where it cannot be made that is all" $? 3 '^made beside a guest'
! grep -q '^ok\|^#\|^1\.\.' "$work/said"
report "with no result" $?
gone
report "and no guest" $?
run "$all_work" TESTS=a FIRST=make-first WANTED=1200 "KERNEL=yet another"
said "where it makes another kernel a state of that is taken" $? 0 '^made beside a guest' "$kept" "$resumed"
like "and gone on from" "keep state"
gone
report "and not from the other" $?
# in a second it would have begun
for how in TESTS="a b" TESTS= RESUME=no KVM=1 TIMEOUT=1000; do
	run $'kvm works\nkeep works\nstate shares\ntcg shares' TESTS=a "$how" GUESTS=2 \
		FIRST=make-first WANTED=10
	said "no guest comes to life first with $how" $? 0 '^made alone' '^ok 1 - '
done
rm -rf "$states"
run "$all_work" TESTS=a FIRST=make-first WANTED=10
said "nor where there is no state" $? 0 '^made alone' "$kept" "$resumed"
# killed SIGNAL: run.sh is, while the guest waits for what is made
cat >"$work/bin/end-parent" <<'END'
#!/bin/bash
until [[ -e $GUEST_RUN/began ]]; do sleep .1; done
kill -"$SIGNAL" $PPID
END
chmod +x "$work/bin/end-parent"
killed() {
	run "$all_work" TESTS=a FIRST=end-parent SIGNAL="$1" 2>/dev/null
	gone
	report "a guest that waits does not outlive who was ended by $1" $?
}
killed TERM
killed HUP
killed KILL

# another run that takes it has it locked, and is waited for
run "$all_work" TESTS=a
mkdir "$work/aside"
mv "$states"/[0-9a-f]* "$work/aside"
(
	exec 9>"$states/.lock"
	flock 9
	inode=$(stat -c %i "$states/.lock")
	echo locked
	for ((i = 0; i < 1200; i++)); do
		! grep -q -- "-> FLOCK .*:$inode " /proc/locks || break
		sleep .1
	done
	mv "$work/aside"/* "$states"
) >"$work/holder" &
holder=$!
until [[ -s $work/holder ]]; do sleep .1; done
run "$all_work" TESTS=a
wait "$holder"
like "of two at once one takes it" "state"

echo "1..$count"
exit $failed
