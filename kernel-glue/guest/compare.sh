#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# compare.sh DIR CMAKE_DIR: the shim on trial.
#
# Runs every contract test on the shim (programs of CMAKE_DIR) and in the guest
# (DIR), and prints a table: test, result on the shim, result on the kernel,
# whether all that the test saw was the same. What it saw is what
# target_observe.c writes down; DIR/compare/{shim,kernel} keep it, a file for
# each test. Rows that differ are followed by their differences.
#
# differences.txt, beside this file, names what is meant to differ, and what a
# later kernel than the shim's, 6.1, changed. Where a test has tasks race
# (t_race_start()) what is seen from then on is the scheduler's, and not written
# down: the result and what came before are compared.
#
# Exit status 0: every row is the same or named.
set -uo pipefail

dir=$1 cmake=$(readlink -f "$2")
guest=$(readlink -f "$(dirname "$0")")
top=$(readlink -f "$guest/../..")
out=$dir/compare
release=${dir##*/}

if ! compgen -G "$cmake/tests/contract_*" >/dev/null; then
	echo "compare: $2 has no test programs: build in user space first" >&2
	echo "(cmake --workflow --preset test), or name the directory with CMAKE_DIR=." >&2
	exit 1
fi
rm -rf "$out"
mkdir -p "$out"

programs=()
for path in "$dir"/payload/tests/*; do
	name=${path##*/}
	[[ -x $cmake/tests/contract_$name ]] || continue
	[[ -z ${TESTS-} || " $TESTS " == *" $name "* ]] && programs+=("$name")
done

# both at once: neither has all processors all the time
echo "# on the shim and on the kernel: ${#programs[@]} programs" >&2
OBSERVE=1 TESTS="${programs[*]}" "$guest/run.sh" "$dir" >"$out/kernel.out" &
kernel=$!
export UMDEV_MODULE_DIR=$cmake/modules UMDEV_SOURCE_DIR=$top UMDEV_BINARY_DIR=$cmake
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=1:detect_stack_use_after_return=0
export LSAN_OPTIONS=suppressions=$top/tests/lsan.supp:print_suppressions=0
for name in "${programs[@]}"; do
	echo "@program $name" >>"$out/shim.log"
	echo "@run $name" >>"$out/shim.tap"
	UMDEV_OBSERVE=$out/shim.log CMOCKA_MESSAGE_OUTPUT=TAP timeout 120 \
		"$cmake/tests/contract_$name" >>"$out/shim.tap" 2>/dev/null
done

wait $kernel
tr -d '\r' <"$dir/observe.log" >"$out/kernel.log"
tr -d '\r' <"$dir/tap.log" >"$out/kernel.tap"

# "program: test<TAB>passed"
results() {
	awk '
	/^@run / { program = $2 }
	/^(not )?ok / {
		result = /^ok/ ? "passed" : "FAILED"
		name = $0
		sub(/^(not )?ok [0-9]* *-? */, "", name)
		sub(/ Could not run test.*/, "", name)
		if (sub(/^# SKIP */, "", name)) result = "skipped"
		print program ": " name "\t" result
	}' "$1" | sort -u
}

# One file for each test: the runner's calls in order, then those of other
# tasks, sorted, since nothing orders them. Numbers that mean nothing go, and
# so does the directory power of every device: the shim has no power management.
# Of a trace the events are compared, and its head, but not who was recorded, when, on
# which processor and whether another was to run there, nor how many bytes that makes.
observations() {
	local from=$1 to=$2
	mkdir -p "$to"
	sed -E -e 's,/dev/vfio/[0-9]+,/dev/vfio/N,g' -e 's,iommu_groups/[0-9]+,iommu_groups/N,g' \
		-e 's/(group_id = |group )[0-9]+/\1N/g' -e 's/(0x)?[0-9a-f]{16}/ADDRESS/g' \
		-e 's/(CPU|PID): [0-9]+/\1: N/g' \
		-e '/\tlist /s/([\t ])power( |$)/\1/' \
		-e '/"# tracer: /{s/\tread [0-9]+\t[0-9]+/\tread\tN/;s/ *#P:[0-9]+/ #P:N/' \
		-e 's/(\\n) *[^ ]+-[0-9]+ +\[[0-9]+\] (.)[^ ](...) +[0-9]+\.[0-9]+:/\1TASK [CPU] \2.\3 TIME:/g}' \
		-e 's/\tread [0-9]+\t0 ""$/\tread\t0 ""/' "$from" |
	awk -F '\t' -v OFS='\t' '
	/^@program / { program = substr($0, 10); next }
	NF >= 5 || NF == 4 {
		main = $2 == "main"
		print program "." $1, main ? 0 : 1, main ? ++n : 0, $2, $3, $4
	}' | sort -t $'\t' -k1,1 -k2,2n -k3,3n -k4 |
	awk -F '\t' -v to="$to" '
	{
		line = $4 ": " $5 " -> " $6
		file = to "/" $1
		if (file != last && last) close(last)
		if (file != last || line != previous) print line > file
		last = file
		previous = line
	}'
}

# not_before RELEASE: the guest's kernel is that, or a later one
not_before() {
	[[ $(printf '%s\n%s\n' "$1" "$release" | sort -V | head -n 1) == "$1" ]]
}

# known KIND TEST: the reason given in differences.txt for a line of that kind
known() {
	local kind pattern reason
	while IFS=$'\t' read -r kind pattern reason; do
		# shellcheck disable=SC2053 # a pattern
		[[ $kind == "$1" && $2 == $pattern ]] && echo "$reason" && return
	done <"$guest/differences.txt"
}

# changed TEST: the release that changed it, and what
changed() {
	local kind pattern reason
	while IFS=$'\t' read -r kind pattern reason; do
		# shellcheck disable=SC2053 # a pattern
		[[ $kind =~ ^(changed|seen)\ (.*) && $1 == $pattern ]] && not_before "${BASH_REMATCH[2]}" &&
			echo "by ${BASH_REMATCH[2]}: $reason" && return
	done <"$guest/differences.txt"
}

results "$out/shim.tap" >"$out/shim.results"
results "$out/kernel.tap" >"$out/kernel.results"
observations "$out/shim.log" "$out/shim"
observations "$out/kernel.log" "$out/kernel"

rows=0 same=0 named=0 later=0 differ=0
printf '%-66s %-8s %-8s %s\n' test shim kernel same
while IFS=$'\t' read -r test shim kernel; do
	file=${test/: /.}
	rows=$((rows + 1))
	difference=$(diff --unchanged-line-format= --old-line-format='    shim:   %L' \
		--new-line-format='    kernel: %L' "$out/shim/$file" "$out/kernel/$file" 2>&1)
	[[ -e $out/shim/$file && -e $out/kernel/$file ]] || difference=
	note=
	if grep -q '^main: race ' "$out/shim/$file" 2>/dev/null; then
		note=" (up to its race)"
	fi
	if [[ $shim == "$kernel" && -z $difference && $shim != FAILED ]]; then
		same=$((same + 1))
		printf '%-66s %-8s %-8s yes%s\n' "$test" "$shim" "$kernel" "$note"
		continue
	fi
	reason=$(changed "$test")
	if [[ -n $reason ]]; then
		later=$((later + 1))
		printf '%-66s %-8s %-8s changed %s\n' "$test" "$shim" "$kernel" "$reason"
		[[ -z $difference ]] || head -n 12 <<<"$difference" | cut -c 1-300
		continue
	fi
	reason=$(known named "$test")
	if [[ -n $reason ]]; then
		named=$((named + 1))
		printf '%-66s %-8s %-8s named: %s\n' "$test" "$shim" "$kernel" "$reason"
		continue
	fi
	differ=$((differ + 1))
	printf '%-66s %-8s %-8s NO\n' "$test" "$shim" "$kernel"
	[[ -z $difference ]] || head -n 12 <<<"$difference" | cut -c 1-300
done < <(join -t $'\t' -a 1 -a 2 -e missing -o 0,1.2,2.2 "$out/shim.results" "$out/kernel.results")
echo "$rows rows: $same the same, $named named differences," \
	"$later changed by a later kernel, $differ differences"
[[ $differ == 0 && $rows != 0 ]]
