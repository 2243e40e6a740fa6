#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the test programs in a guest, or in several that share them, and prints the
# results as one TAP stream. A guest goes on from the state of one that has booted
# (state.sh), or boots.
#
#   run.sh DIR      DIR holds vmlinux, initrd and payload, the directory of what the
#                   guest is given; console.log, tap.log, observe.log and dmesg.log
#                   are written there (console-2.log and dmesg-2.log of a second
#                   guest, and so on)
#
# Environment: FIRST (a command that makes what is in DIR; a guest that is alone, and may
# go on from a state, does so meanwhile, unless there is a TIMEOUT), TESTS (programs to run, or program:pattern for some tests of
# one), LIMIT (seconds that a program may say nothing; else by how long the guest
# took to boot), TIMEOUT (seconds for the whole guest; else it may take as long as it
# gets on), OBSERVE (non-empty: write observe.log), COVERAGE (non-empty: what gcov
# counted is in observe.log, a tar), TOTAL (number of tests, for the
# progress; else what DIR/total says), APPEND (more of the kernel command line), SMP (processors), MEMORY
# (megabytes), LAST (programs to be run behind all others: what is told of them keeps
# the kernel from looking any further), KVM (1: try it; /dev/kvm may open, and yet no guest boots: one that
# has said nothing after 20 s, KVM_PATIENCE, is given up for one that is emulated),
# RESUME (no: each guest boots),
# GUESTS (how many at once; each program runs in one of them, so that what the last
# run took is the same for all. One, where a pattern is given).
#
# A guest is given up when it is silent for longer than it lets its programs be: a
# slow machine has time, and one that hangs does not. While it waits for a processor
# of a busy machine it is not silent.
#
# Exit status 0 only if each guest said so itself, after its last program, and
# every announced test has a result. A panic, a hang or a splat does not.
set -uo pipefail

dir=$(readlink -f "$1")
guest=$(dirname "$0")
# shellcheck source=kernel-glue/guest/state.sh
source "$guest/state.sh"
tests=${TESTS-}
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
# What is translated once is found again where it is at the same address in each process
# (norandmaps), and where the TLB was not emptied: for a single processor the kernel would
# take the lock prefixes out of each module that it loads, by two address spaces for each.
append+=" norandmaps noreplace-smp"
# No test is about these, and each costs something at every open, switch or allocation.
append+=" lsm= psi=0 cgroup_disable=memory"
# on a busy machine the clock's first ticks come too late for the kernel's own check
append+=" no_timer_check ${APPEND-}"

# mawk fills its buffer before it shows a line, unless told not to
awk=(awk)
if [[ $(awk -W version 2>&1 </dev/null) == *mawk* ]]; then
	awk+=(-W interactive)
fi

limit=()
[[ -z ${TIMEOUT-} ]] || limit=(timeout --foreground "$TIMEOUT")

# settings PROGRAMS LENGTH: the first page of the payload, as receive.c reads it
settings() {
	local seed
	seed=$(od -An -v -N 32 -t x1 /dev/urandom | tr -d ' \n')
	printf 'umdev %d\n' "$2"
	printf 'UMDEV_%s\n' "RUN=${1@Q}" "FILTER=${filter@Q}" "LIMIT=${LIMIT-}" "OBSERVE=${OBSERVE-}" \
		"COVERAGE=${COVERAGE-}" "TIME=$EPOCHSECONDS" "SEED=$seed"
}

# tell LINE: passes it on; where several speak at once, a program's lines at a time
tell() {
	if [[ $guests == 1 ]]; then
		printf '%s\n' "$1"
		return
	fi
	block+=$1$'\n'
	case $1 in
	@status\ * | @end*) take_turn ;;
	esac
}

take_turn() {
	{
		flock 7
		printf %s "$block"
	} 7>"$dir/.turn"
	block=
}

# no_payload: the memory that is shared with the guest, before there is anything in it
no_payload() {
	rm -f "$dir/payload$n.img" && truncate -s "${payload_size}M" "$dir/payload$n.img"
}

# pack PROGRAMS: what the guest is given, and no program that another runs, into
# $dir/payload$n.img. Its first letter comes last: a guest that is there already waits
# for it (receive.c).
pack() {
	local image=$dir/payload$n.img name page=16384 into
	into=(dd "of=$image" conv=notrunc oflag=seek_bytes status=none)
	(
		cd "$dir/payload" || exit
		{
			find . \( -path ./tests -o -path ./selftest -o -path './lib/modules/*/kernel' \
				-o -name 'modules.builtin*' -o -name modules.order \) -prune -o -print
			for name in $1; do
				# the guest says that there is none
				compgen -G "tests/$name" || compgen -G "selftest/$name" || :
			done
		} | cpio -o -H newc --quiet
	) >"$image.new" && settings "$1" "$(stat -c %s "$image.new")" >"$image.page" &&
		(($(stat -c %s "$image.page") < page)) &&
		((page + $(stat -c %s "$image.new") <= payload_size << 20)) &&
		"${into[@]}" bs=1M seek=$page <"$image.new" &&
		tail -c +2 "$image.page" | "${into[@]}" bs=$page seek=1 &&
		head -c 1 "$image.page" | "${into[@]}" && rm "$image.new" "$image.page" && return
	tell "# $image cannot be written, or is too large"
	return 1
}

# What a guest writes: $dir/console$n.log and so on, n empty for the first.
# emulate MACHINE-OPTION...: in place of its shell; the guest's second serial line is
# the output
emulate() {
	local machine khz=''
	: >"$dir/console$n.log"
	: >"$dir/observe$n.log"
	hardware '' "$dir/payload$n.img" off
	lines "$dir/" "$n.log" stdio
	look_at_counter
	exec "${limit[@]}" "$qemu" "${machine[@]}" "$@" -kernel "$dir/vmlinux" \
		-initrd "$dir/initrd" -append "$append${khz:+ tsc_early_khz=$khz}" </dev/null
}

# Sets waited: for how many milliseconds the threads of a process have waited for a
# processor, the one that waited longest; 0 where the kernel does not tell.
kept_waiting() {
	local file delay longest=0
	for file in /proc/"$1"/task/*/schedstat; do
		read -r _ delay _ 2>/dev/null <"$file" || continue
		((delay <= longest)) || longest=$delay
	done
	waited=$((longest / 1000000))
}

# next_line PID PATIENCE FD: into line. Status: of read; over 128 after too long a silence,
# with what the guest had begun to say in line. What it waits for a processor is looked
# at when it has been silent for a while, from when on that counts.
next_line() {
	local pid=$1 patience=$2 silent=0 slice=$(($2 < 5 ? $2 : 5)) part got before waited=''
	line=
	while ((silent < 1000 * patience)); do
		IFS= read -r -t "$slice" -u "$3" part
		got=$?
		line+=$part
		((got > 128)) || return $got
		[[ -z $part ]] || silent=0
		before=$waited
		kept_waiting "$pid"
		[[ -n $before ]] || continue
		((waited - before >= 1000 * slice)) || silent=$((silent + 1000 * slice - waited + before))
	done
	return $got
}

# begin COMMAND...: a guest. Sets pid, and from, where it speaks.
begin() {
	exec {from}< <("$@")
	pid=$!
}

# listen PATIENCE: passes on what the guest says, until it ends or is silent for longer
# than it said. PATIENCE is for its first word. Sets spoke. Status: qemu's; 123 after
# too long a silence.
listen() {
	local patience=$1 line got status=
	while next_line "$pid" "$patience" "$from" || { got=$?; false; }; do
		spoke=1
		line=${line%$'\r'}
		case $line in
		"@silence "*) patience=${line#* } ;;
		@ready*) ;;
		*) tell "$line" ;;
		esac
	done
	# over 128: not in time
	if ((got > 128)); then
		kill "$pid"
		status=123
	fi
	wait "$pid" || : "${status:=$?}"
	exec {from}<&-
	# what it had begun to say
	[[ -z $line ]] || tell "$line"
	pid=
	return "${status:-0}"
}

# give_up: the guest that has begun
give_up() {
	[[ -n $pid ]] || return 0
	kill "$pid"
	wait "$pid"
	exec {from}<&-
	pid=
}

# run_guest NUMBER PROGRAMS: the one that has begun, or one that begins; its status goes
# into a file
run_guest() {
	local n=-$1 programs=$2 spoke='' status=1
	[[ $1 != 1 ]] || n=
	[[ -n $pid ]] || no_payload
	if pack "$programs"; then
		if [[ ${KVM-} == 1 ]]; then
			begin emulate -cpu host -accel kvm 2>"$dir/kvm$n.log"
			listen "${KVM_PATIENCE:-20}"
			status=$?
			[[ -n $spoke ]] || tell "# KVM: no guest booted ($dir/kvm$n.log); emulating"
		elif [[ -n $state ]]; then
			[[ -n $pid ]] || begin machine_going_on
			listen "${RESUME_PATIENCE:-30}"
			status=$?
			[[ -n $spoke ]] || {
				tell "# the kept state does not come to life ($dir/resume$n.log): booting"
				rm -rf "$state"
			}
		fi
		if [[ -z $spoke ]]; then
			begin emulate "${emulated[@]}"
			listen 300
			status=$?
		fi
	fi
	give_up
	[[ -z $block ]] || take_turn
	echo "$status" >"$dir/status$n"
}

# later PROGRAM...: those of LAST at the end
later() {
	local name early=() late=()
	for name; do
		case " ${LAST-} " in
		*" $name "*) late+=("$name") ;;
		*) early+=("$name") ;;
		esac
	done
	early+=("${late[@]}")
	echo "${early[*]}"
}

# share_out GUESTS PROGRAM...: a line for each, of about as many seconds by $dir/times. The
# longest wait most: every other guest has them last, so that somebody has work meanwhile.
share_out() {
	local guests=$1
	shift
	printf '%s\n' "$@" | awk -v guests="$guests" -v times="$dir/times" '
	BEGIN { while ((getline < times) > 0) seconds[$1] = $2 }
	{ print ($1 in seconds ? seconds[$1] : 1), $1 }' | sort -k1,1nr -k2 |
	awk -v guests="$guests" '
	{
		least = 1
		for (i = 2; i <= guests; i++) if (sum[i] < sum[least]) least = i
		sum[least] += $1 + 0.1
		share[least] = least % 2 ? share[least] " " $2 : $2 " " share[least]
	}
	END { for (i = 1; i <= guests; i++) print share[i] }'
}

run_all() {
	local number=0 programs running=()
	if [[ $guests == 1 ]]; then
		[[ -z ${LAST-} ]] || tests=$(later "${all[@]}")
		run_guest 1 "${tests:-${all[*]}}"
		return
	fi
	while read -r programs; do
		number=$((number + 1))
		# shellcheck disable=SC2086 # words
		run_guest $number "$(later $programs)" &
		running+=($!)
	done < <(share_out "$guests" "${all[@]}")
	wait "${running[@]}"
}

rm -f "$dir"/{console,observe,dmesg,kvm,resume}-*.log "$dir"/payload*.img "$dir"/status*
# shellcheck disable=SC2206 # words
all=($tests)
guests=${GUESTS:-1}
[[ -z $filter ]] || guests=1
n='' pid='' state='' block=''
# nobody else would end a guest that waits for what does not come
trap give_up EXIT
trap 'exit 129' HUP
trap 'exit 143' TERM
if [[ -n ${FIRST-} ]]; then
	# one of several has its programs only when all are there
	if ((guests == 1 || ${#all[@]} == 1)) && [[ -z ${TIMEOUT-} ]] && may_resume &&
		find_state && state_is_whole && no_payload; then
		begin machine_going_on
	fi
	ahead=$state
	eval "$FIRST" || exit
	# what has become of the state that it was taken from?
	{ find_state && [[ $state == "$ahead" ]] && state_is_whole; } || give_up
fi
have_state
[[ -n $tests ]] || mapfile -t all < <(ls "$dir/payload/tests" 2>/dev/null)
((guests <= ${#all[@]})) || guests=$((${#all[@]} > 1 ? ${#all[@]} : 1))
total=0
[[ -n $tests ]] || total=${TOTAL:-$(cat "$dir/total" 2>/dev/null)}

: >"$dir/tap.log"
# line by line, as they come: no filter that would keep a page of them
exec {out}> >(tee "$dir/tap.log" |
	"${awk[@]}" -v total="${total:-0}" -v release="${dir##*/}" -v guests="$guests" \
		-v times="$([[ -n $tests ]] || echo "$dir/times.new")" \
		-v differences="$guest/differences.txt" -f "$guest/tap.awk")
results=$!
run_all >&"$out"
exec {out}>&-
wait "$results"
verdict=$?
[[ -n ${COVERAGE-} ]] || cat "$dir"/observe-*.log >>"$dir/observe.log" 2>/dev/null
[[ ! -e $dir/times.new ]] || mv "$dir/times.new" "$dir/times"

# of the first that did not end well, at worst with tests that failed
n=
status=33
for file in "$dir"/status*; do
	[[ $(cat "$file") == 33 || $status$(cat "$file") == 3535 ]] && continue
	status=$(cat "$file")
	n=${file#"$dir/status"}
	[[ $status == 35 ]] || break
done

# isa-debug-exit: 2 * byte + 1; init writes 16 or 17. It does not know what a later
# kernel than 6.1 may do otherwise.
if [[ ($status == 33 || $status == 35) && $verdict == 0 ]]; then
	exit 0
fi
case $status in
33 | 35)
	echo "# all of the kernel's messages: $dir/dmesg$n.log"
	exit 1
	;;
123) echo "# the guest fell silent" ;;
124) echo "# the guest was still running after $TIMEOUT s" ;;
0) echo "# the guest ended without a verdict: the kernel panicked or reset" ;;
*) echo "# qemu ended with status $status" ;;
esac
if [[ -s $dir/console$n.log ]]; then
	# the first report is the cause, what follows it are consequences
	first=$(grep -n -m 1 -E 'BUG: |Oops|general protection|cut here|Kernel panic|INFO: ' \
		"$dir/console$n.log" | cut -d: -f1)
	lines=$(wc -l <"$dir/console$n.log")
	from=${first:-$((lines > 60 ? lines - 59 : 1))}
	echo "# the kernel's messages from line $from on (all: $dir/console$n.log):"
	tr -d '\r' <"$dir/console$n.log" | tail -n "+$from" | head -n 60 | sed 's/^/# /'
fi
exit 1
