#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel-glue/guest/run.sh with a QEMU that is none: what it makes of a guest that
# says nothing under KVM, of a QEMU that cannot have KVM, of a guest that ends in
# the middle, of one that does not end or falls silent, and of two at once. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
work=${UMDEV_BINARY_DIR:?}/guest_run
told=("$work/said")
rm -rf "$work"
mkdir -p "$work/bin" "$work/guest"

# It looks up what to do as KIND, kvm or tcg, in $work/do.
cat >"$work/bin/qemu-system-x86_64" <<'QEMU'
#!/bin/bash
case "$*" in *"-accel kvm"*) kind=kvm ;; *) kind=tcg ;; esac
echo "$* " >>"$GUEST_RUN/arguments"
all() { printf '@run %s\n1..1\nok 1 - one\n@status %s 0\n@end\n' $kind $kind; exit 33; }
do=$(sed -n "s/^$kind //p" "$GUEST_RUN/do")
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
shares | loses)
	# all programs that it is to run; the one that loses ends in the middle of c
	line=$*
	programs=${line##*UMDEV_RUN=}
	for name in ${programs//,/ }; do
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
	rm -f "$work/arguments"
	env GUEST_RUN="$work" PATH="$work/bin:$PATH" KVM_PATIENCE=1 "$@" \
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

mkdir -p "$work/6.12.1"
run "tcg changed"
said "what fails has failed" $? 1 '^not ok 1 - lib: '
DIR=6.12.1 run "tcg changed"
said "but for what a later kernel does otherwise" $? 0 '^ok 1 - lib: .* # changed by 6.5' \
	'^# 1 passed (1 changed by a later kernel), 0 failed'

mkdir -p "$work/guest/root/tests"
touch "$work/guest/root/tests"/{a,b,c,d}
printf '%s\n' "a 9" "b 2" "c 2" "d 2" >"$work/guest/times"
run "tcg shares" GUESTS=2
said "two guests share the programs" $? 0 '^ok [1-4] - a: one' '^ok [1-4] - b: one' \
	'^ok [1-4] - c: one' '^ok [1-4] - d: one' '^# 4 passed, 0 failed, 0 skipped in 4 programs'
grep -q 'UMDEV_RUN=a $' "$work/arguments" && grep -q 'UMDEV_RUN=b,c,d $' "$work/arguments"
report "so that both take as long as the last time" $?
[[ $(sort "$work/guest/times" | paste -sd,) == "a 7.2,b 0.3,c 0.3,d 0.3" ]]
report "what each says that it took is kept" $?
printf '%s\n' "a 9" "b 2" "c 2" "d 2" >"$work/guest/times"
run "tcg shares" GUESTS=2 "LAST=a b"
grep -q 'UMDEV_RUN=a $' "$work/arguments" && grep -q 'UMDEV_RUN=c,d,b $' "$work/arguments"
report "those that are to be last are" $?
run "tcg shares" GUESTS=1 LAST=b
grep -q 'UMDEV_RUN=a,c,d,b $' "$work/arguments"
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
echo "1..$count"
exit $failed
