#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Boots the guest and prints its results as one TAP stream.
#
#   run.sh DIR      DIR holds vmlinux and initrd; console.log, tap.log,
#                   observe.log and dmesg.log are written there
#
# Environment: TESTS (programs to run, or program:pattern for some tests of
# one), LIMIT (seconds per program), TIMEOUT (seconds for the whole guest),
# OBSERVE (non-empty: write observe.log), COVERAGE (non-empty: what gcov counted is
# in observe.log, a tar), TOTAL (number of tests, for the
# progress), APPEND (more of the kernel command line), SMP (processors), MEMORY
# (megabytes), KVM (1: try it; /dev/kvm may open, and yet no guest boots: one that
# has said nothing after 20 s, KVM_PATIENCE, is given up for one that is emulated).
#
# Exit status 0 only if the guest said so itself, after its last program, and
# every announced test has a result. A panic, a hang or a splat does not.
set -uo pipefail

dir=$1
guest=$(dirname "$0")
tests=${TESTS-}
total=${TOTAL:-0}
[[ -z $tests ]] || total=0
filter=
case $tests in
*:*)
	filter=${tests#*:}
	tests=${tests%%:*}
	;;
esac

append="console=ttyS0 panic=-1 oops=panic quiet mitigations=off tsc=reliable"
append+=" random.trust_cpu=on rcupdate.rcu_expedited=1 nokaslr audit=0 apparmor=0"
append+=" cryptomgr.notests i8042.noaux i8042.nokbd i8042.nopnp log_buf_len=4M"
append+=" printk.devkmsg=on hung_task_panic=0"
# on a busy machine the clock's first ticks come too late for the kernel's own check
append+=" no_timer_check"
append+=" UMDEV_RUN=${tests// /,} UMDEV_LIMIT=${LIMIT:-60} UMDEV_OBSERVE=${OBSERVE-}"
append+=" UMDEV_COVERAGE=${COVERAGE-}"
append+=" UMDEV_FILTER=$filter ${APPEND-}"

# mawk fills its buffer before it shows a line, unless told not to
awk=(awk)
if awk -W version 2>&1 </dev/null | grep -q mawk; then
	awk+=(-W interactive)
fi

# emulate MACHINE-OPTION...: in place of its shell; the guest's second serial line is
# the output
emulate() {
	: >"$dir/console.log"
	: >"$dir/observe.log"
	exec timeout --foreground "${TIMEOUT:-300}" qemu-system-x86_64 \
		-machine q35 "$@" -smp "${SMP:-1}" -m "${MEMORY:-512}" \
		-nodefaults -no-user-config -display none -no-reboot \
		-device isa-debug-exit,iobase=0xf4,iosize=0x04 \
		-serial "file:$dir/console.log" -serial stdio \
		-serial "file:$dir/observe.log" -serial "file:$dir/dmesg.log" \
		-kernel "$dir/vmlinux" -initrd "$dir/initrd" -append "$append" </dev/null
}

# with_kvm: status 125 if the guest has said nothing. By a file, since what is on its
# way in a pipe when QEMU ends cannot be asked for.
with_kvm() {
	local pid tail status tenths
	: >"$dir/kvm.out"
	emulate -cpu host -accel kvm >"$dir/kvm.out" 2>"$dir/kvm.log" &
	pid=$!
	tail -c +1 -s .1 -f --pid=$pid "$dir/kvm.out" 2>/dev/null &
	tail=$!
	for ((tenths = 0; tenths < 10 * ${KVM_PATIENCE:-20}; tenths++)); do
		[[ ! -s $dir/kvm.out ]] || break
		kill -0 $pid 2>/dev/null || break
		sleep .1
	done
	[[ -s $dir/kvm.out ]] || kill $pid 2>/dev/null
	wait $pid
	status=$?
	wait $tail
	[[ -s $dir/kvm.out ]] || return 125
	return $status
}

boot() {
	: >"$dir/tap.log"
	if [[ ${KVM-} == 1 ]]; then
		with_kvm
		local status=$?
		[[ $status == 125 ]] || return $status
		echo "# KVM: no guest booted ($dir/kvm.log); emulating"
	fi
	emulate -cpu qemu64 -accel tcg
}

# line by line, as they come: no filter that would keep a page of them
boot |
	tee "$dir/tap.log" |
	"${awk[@]}" -v total="$total" -v release="${dir##*/}" \
		-v differences="$guest/differences.txt" -f "$guest/tap.awk"
status=("${PIPESTATUS[@]}")

# isa-debug-exit: 2 * byte + 1; init writes 16 or 17
if [[ ${status[0]} == 33 && ${status[2]} == 0 ]]; then
	exit 0
fi
case ${status[0]} in
33 | 35)
	echo "# all of the kernel's messages: $dir/dmesg.log"
	exit 1
	;;
124) echo "# the guest was still running after ${TIMEOUT:-300} s" ;;
0) echo "# the guest ended without a verdict: the kernel panicked or reset" ;;
*) echo "# qemu ended with status ${status[0]}" ;;
esac
if [[ -s $dir/console.log ]]; then
	# the first report is the cause, what follows it are consequences
	first=$(grep -n -m 1 -E 'BUG: |Oops|general protection|cut here|Kernel panic|INFO: ' \
		"$dir/console.log" | cut -d: -f1)
	lines=$(wc -l <"$dir/console.log")
	from=${first:-$((lines > 60 ? lines - 59 : 1))}
	echo "# the kernel's messages from line $from on (all: $dir/console.log):"
	tr -d '\r' <"$dir/console.log" | tail -n "+$from" | head -n 60 | sed 's/^/# /'
fi
exit 1
