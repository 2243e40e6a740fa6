#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# umdev test as a command: what it chooses, builds and runs, and what it says of
# it, in a build directory of its own: programs that pretend there, one that is
# real, with a core that has lost a put. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

top=${UMDEV_SOURCE_DIR:?}
real=${UMDEV_BINARY_DIR:?}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
told=("$dir/out" "$dir/err")
unset UMDEV_TEST_COMMAND UMDEV_FILTER

# ---- a build of three programs --------------------------------------------------

mkdir -p "$dir/build/tests"
build=$dir/build
cat >"$build/build.ninja" <<-'NINJA'
rule make
  command = cp $in $out
build tests/contract_alpha: make alpha.in
build tests/contract_alpha_two: make alpha_two.in
build tests/unit_beta: make beta.in
build all: phony tests/contract_alpha tests/contract_alpha_two tests/unit_beta
default all
NINJA
echo "CMAKE_HOME_DIRECTORY:INTERNAL=$top" >"$build/CMakeCache.txt"
echo "[]" >"$build/compile_commands.json"
cat >"$build/CTestTestfile.cmake" <<-CMAKE
add_test(contract/alpha "$build/tests/contract_alpha")
set_tests_properties(contract/alpha PROPERTIES LABELS "contract" TIMEOUT 20)
add_test(contract/alpha_two "$build/tests/contract_alpha_two")
set_tests_properties(contract/alpha_two PROPERTIES LABELS "contract" TIMEOUT 2)
add_test(unit/beta "$build/tests/unit_beta")
set_tests_properties(unit/beta PROPERTIES LABELS "unit" TIMEOUT 20)
add_test(late/contract/alpha "$build/tests/contract_alpha")
set_tests_properties(late/contract/alpha PROPERTIES LABELS "late;long" TIMEOUT 20)
CMAKE

# pretend NAME < LINES: a program of two tests; the second does what LINES say
pretend() {
	{
		cat <<-'SCRIPT'
		#!/bin/bash
		run() {
			[[ -z ${UMDEV_FILTER:-} || $1 == $UMDEV_FILTER ]] || return 1
			echo "[ RUN      ] $1"
		}
		echo "[==========] Running 2 test(s)."
		run first_passes && echo "[       OK ] first_passes"
		run second_varies || exit 0
		SCRIPT
		cat
	} >"$build/$1.in"
	chmod +x "$build/$1.in"
}
pass='echo "[       OK ] second_varies"'
pretend alpha <<<"$pass"
pretend alpha_two <<<"$pass"
pretend beta <<<"echo 'SKIP: it is Monday'; echo '[  SKIPPED ] second_varies'"

# leak OBJECT: what a detector reports of one that the put of k_remove() is missing of
leak() {
	cat <<-JSON
	{"report": "alive", "kind": "device", "text": "still alive: device '$1'", "function": "k_make", "file": "src/k.c", "line": 3, "count": 1, "names": ["$1"], "unpaired": 0, "pinned": false, "details": "    1 taken at\n        k_remove (src/k.c:9)\n", "pid": 1, "task": "main", "test": "second_varies", "stacks": [{"what": "made", "frames": [{"function": "k_make", "file": "src/k.c", "line": 3}]}, {"what": "holder", "taken": 1, "given_back": 0, "unpaired": 1, "frames": [{"function": "get_device", "file": "shim/drivers/base/core.c", "line": 1}, {"function": "k_remove", "file": "src/k.c", "line": 9}]}]}
	JSON
}

command=(python3 -S -X "pycache_prefix=$real/umdev-test/pycache" "$top/shim/tools/umdev_test"
	--build "$build")

# umtest ARGS...: leaves $status, $dir/out and $dir/err
umtest() {
	"${command[@]}" "$@" >"$dir/out" 2>"$dir/err" </dev/null
	status=$?
}

# begin ARGS...: as somebody at a terminal, who may press ^C; leaves $pid
begin() {
	env --default-signal=INT "${command[@]}" "$@" >"$dir/out" 2>"$dir/err" </dev/null &
	pid=$!
}

# wants STATUS TEXT...: adds to problem what is not so; a text with ! before it must not be there
wants() {
	local text
	[ "$status" = "$1" ] || problem+=("status $status, not $1")
	shift
	for text in "$@"; do
		case $text in
		!*) ! grep -qE -- "${text#!}" "$dir/out" || problem+=("it says '${text#!}'") ;;
		*) grep -qE -- "$text" "$dir/out" || problem+=("it does not say '$text'") ;;
		esac
	done
}

# ---- choosing ----------------------------------------------------------------------

problem=()
umtest alpha
wants 0 '^4 passed, 0 failed, 0 skipped'
[ ! -e "$build/tests/unit_beta" ] || problem+=("what nobody asked for is built")
umtest
wants 0 '^5 passed, 0 failed, 1 skipped' '^skipped: it is Monday'
umtest contract/alpha
wants 0 '^2 passed'
umtest unit
wants 0 '^1 passed, 0 failed, 1 skipped'
umtest 'alpha/first*'
wants 0 '^1 passed'
umtest late/contract/alpha
wants 0 '^2 passed'
verdict subject_chooses_what_is_built_and_run "${problem[@]}"

problem=()
umtest alfa
[ "$status" = 2 ] || problem+=("status $status")
grep -q "'alfa'; near it are alpha" "$dir/err" || problem+=("no name is suggested")
umtest --nonsense
[ "$status" = 2 ] || problem+=("status $status of an unknown option")
grep -q -- --nonsense "$dir/err" || problem+=("the wrong option is not named")
umtest 'alpha/no_such*'
wants 1 'no test ran'
verdict unknown_name_is_refused_with_its_neighbours "${problem[@]}"

# ---- the verdict ---------------------------------------------------------------------

problem=()
for name in alpha alpha_two; do
	leak "83b8f4f2-509f-382f-3c1e-e6bfe0fa100${#name}" >"$build/$name.report"
	pretend $name <<-SCRIPT
	cat "$build/$name.report" >>"\$UMDEV_REPORT"
	echo "$build/some.c:5: made is -17, want 0"
	echo "[  FAILED  ] second_varies"
	exit 1
	SCRIPT
done
umtest
wants 1 "^1\. leak: device '83b8…' held by k_remove \(k\.c:9\)$" \
	'^   2 programs, 2 tests; again: .* .contract/alpha(_two)?/second_varies.$' \
	'^3 passed, 2 failed, 1 skipped' '!^2\. ' '^            k_remove \(src/k.c:9\)'
verdict one_fault_in_two_programs_is_one_line "${problem[@]}"

problem=()
pretend alpha <<<"echo '$build/some.c:5: made is -17, want 0'; echo '[  FAILED  ] second_varies'; exit 1"
umtest alpha
wants 1 '^1\. leak: ' '^2\. test: made is -17, want 0 \(some\.c:5\)$'
verdict what_no_detector_tells_comes_last "${problem[@]}"

# tells_title REPORT TITLE: what the first line of the verdict says of a report
tells_title() {
	echo "$1" >"$build/alpha.report"
	pretend alpha <<-SCRIPT
	cat "$build/alpha.report" >>"\$UMDEV_REPORT"
	echo "[  FAILED  ] second_varies"
	exit 1
	SCRIPT
	umtest alpha/second_varies
	wants 1 "^1\. $2$"
}

# A function that returns with a lock held does so for its caller; the one beside it that is
# named as its inverse has not given it back. Without such a one the caller is all that is known.
problem=()
printf 'static int k_enter(int i)\n{\n}\n\nstatic void\nk_leave(int i)\n{\n}\n\nvoid k_take(int i)\n{\n}\n' >"$dir/k.c"
held() {
	cat <<-JSON
	{"report": "splat", "kind": "lock", "text": "lock: k_lock is held when main returns to user space (write), taken in $1 ($dir/k.c:3)", "function": "write", "file": "tests/contract/k.c", "line": 1, "expected": false, "details": "", "pid": 1, "task": "main", "test": "second_varies", "stacks": [{"what": "here", "frames": []}, {"what": "k_lock was taken at", "frames": [{"function": "$1", "file": "$dir/k.c", "line": 3}, {"function": "k_store", "file": "$dir/k.c", "line": 9}]}]}
	JSON
}
title='lock: k_lock is held when main returns to user space \(write\), taken in'
tells_title "$(held k_enter)" "$title k_enter \(k\.c:3\) for k_store, not given back by k_leave"
tells_title "$(held k_take)" "$title k_take \(k\.c:3\) for k_store"
verdict lock_kept_by_a_helper_is_told_with_its_inverse "${problem[@]}"

problem=()
lost() {
	cat <<-JSON
	{"report": "sanitizer", "kind": "LSan", "text": "LSan: 8 bytes in 1 object leaked, allocated in k_new (src/k.c:3)", "function": "k_new", "file": "src/k.c", "line": 3, "finding": "memory leak", "details": "", "pid": 1, "task": "main", "test": "second_varies", "stacks": [{"what": "allocated", "frames": [{"function": "k_new", "file": "src/k.c", "line": 3}]}$1]}
	JSON
}
title='LSan: 8 bytes in 1 object leaked, allocated in k_new \(k\.c:3\)'
tells_title "$(lost ', {"what": "released", "frames": [{"function": "k_release", "file": "src/k.c", "line": 7}]}')" \
	"$title, not freed by k_release"
tells_title "$(lost '')" "$title"
verdict memory_that_a_release_keeps_is_told_with_it "${problem[@]}"

problem=()
report=$(leak parent0)
tells_title "${report/'"unpaired": 0'/'"counterpart": "k_undo", "unpaired": 0'}" \
	"leak: device 'parent0' held by k_remove \(k\.c:9\), not put by k_undo"
tells_title "$report" "leak: device 'parent0' held by k_remove \(k\.c:9\)"
verdict who_gives_back_the_rest_is_in_the_title "${problem[@]}"

problem=()
pretend alpha <<<'kill -SEGV $$'
pretend alpha_two <<<'sleep 30'
umtest alpha
wants 1 '^[12]\. contract/alpha: second_varies: ended by SIGSEGV$' \
	'^[12]\. contract/alpha_two: second_varies: no end within 2 s$'
verdict crash_and_hang_are_of_the_test_that_ran "${problem[@]}"

problem=()
python3 - "$build/umdev-test" <<-'PYTHON' || problem+=("not as it should be")
	import json, sys, xml.etree.ElementTree as tree
	root = tree.parse(sys.argv[1] + "/junit.xml").getroot()
	suites = {s.get("name"): s for s in root}
	assert set(suites) == {"contract/alpha", "contract/alpha_two"}, set(suites)
	assert suites["contract/alpha"].get("failures") == "1"
	names = [(c.get("classname"), c.get("name")) for c in suites["contract/alpha"]]
	assert names == [("contract.alpha", "first_passes"), ("contract.alpha", "second_varies")], names
	ktap = open(sys.argv[1] + "/results.ktap").read().splitlines()
	assert ktap[:5] == ["KTAP version 1", "1..2", "  KTAP version 1", "  # Subtest: contract/alpha",
	                    "  1..2"], ktap[:5]
	assert "  ok 1 first_passes" in ktap and "not ok 1 contract/alpha" in ktap
	results = json.load(open(sys.argv[1] + "/results.json"))
	assert results["interrupted"] is False and len(results["faults"]) == 2
PYTHON
grep -q 'results: .*junit.xml, .*results.ktap, .*results.json$' "$dir/out" ||
	problem+=("where they are is not told")
verdict files_for_programs_name_suites_and_tests "${problem[@]}"

# What was told before it hangs is the fault, also where the last report was cut off.
problem=()
report=$(leak parent0)
pretend alpha_two <<-SCRIPT
cat "$build/alpha_two.report" >>"\$UMDEV_REPORT"
printf '%s' '{"report": "splat", "kind": "lock", "text": "cut o' >>"\$UMDEV_REPORT"
sleep 30
SCRIPT
echo "$report" >"$build/alpha_two.report"
umtest alpha_two
wants 1 "^1\. leak: device 'parent0' held by k_remove \(k\.c:9\)$" \
	'^   1 program, 1 test; no end within 2 s; again: '
verdict report_before_a_hang_is_told_with_the_limit "${problem[@]}"

problem=()
pretend alpha_two <<-'SCRIPT'
echo '=================================================================' >&2
echo '==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x1' >&2
echo '    #0 0x1 in k_read src/k.c:9' >&2
sleep 30
SCRIPT
umtest alpha_two
wants 1 '^1\. contract/alpha_two: second_varies: no end within 2 s, in a report: AddressSanitizer: heap-use-after-free on address 0x1$' \
	'^ *#0 0x1 in k_read src/k.c:9$'
pretend alpha_two <<<"echo 'src/k.c:9:3: runtime error: shift exponent 64 is too large'; kill -XCPU \$\$"
umtest alpha_two
wants 1 '^1\. contract/alpha_two: second_varies: ended by SIGXCPU, in a report: runtime error: shift exponent 64 is too large$'
verdict report_that_began_is_told_with_what_ended_it "${problem[@]}"

# Without a clock: a process whose time is over before the first wait, and not before the second.
problem=()
python3 -S -X "pycache_prefix=$real/umdev-test/pycache" - "$top/shim/tools/umdev_test" "$dir/log" <<-'PYTHON' ||
	import pathlib, subprocess, sys
	sys.path.insert(0, sys.argv[1])
	import run

	class Process:
	    pid = None
	    def __init__(self, status):
	        self.status, self.waits = status, []
	    def wait(self, timeout=None):
	        self.waits.append(timeout)
	        if len(self.waits) == 1:
	            raise subprocess.TimeoutExpired("it", timeout)
	        return self.status

	log = pathlib.Path(sys.argv[2])
	at_report = "[ RUN      ] one\n==7==ERROR: AddressSanitizer: SEGV on unknown address\n"
	for text, more in ((at_report, 5), (at_report + "[ RUN      ] two\n", 0), ("[ RUN      ] one\n", 0)):
	    log.write_text(text)
	    for status, want in ((-6, -6), (0, -9)):
	        process = Process(status)
	        assert run.wait(process, 5, log) == (want, True), (text, status)
	        assert process.waits == [5, more], (text, process.waits)
	PYTHON
	problem+=("who is at a report is ended all the same, or another is not")
verdict limit_waits_for_a_report_that_is_being_printed "${problem[@]}"

problem=()
umtest --json contract/alpha/first_passes
[ "$status" = 0 ] || problem+=("status $status")
python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["tests"][0]["state"] == "passed"' \
	"$dir/out" || problem+=("standard output is not JSON alone")
verdict json_is_alone_on_standard_output "${problem[@]}"

# ---- interrupted --------------------------------------------------------------------------

problem=()
mkfifo "$dir/begun"
pretend alpha <<<"$pass"
pretend alpha_two <<<"echo >'$dir/begun'; sleep 30"
umtest alpha_two/first_passes
for signal in INT TERM; do
	begin --json -j 1 alpha alpha_two
	read -r _ <"$dir/begun"
	kill -$signal "$pid"
	wait "$pid"
	status=$?
	[ "$status" = 130 ] || problem+=("status $status of $signal")
	python3 -c '
import json, sys
document = json.load(open(sys.argv[1]))
assert document["interrupted"] is True
assert {t["state"] for t in document["tests"]} <= {"passed"}, document["tests"]' "$dir/out" ||
		problem+=("of $signal it is not told in JSON")
done
begin -j 1 alpha alpha_two
read -r _ <"$dir/begun"
kill -INT "$pid"
wait "$pid"
status=$?
wants 130 '^[02] passed, 0 failed, 0 skipped;.*, interrupted$'
verdict interrupted_run_is_told_as_such "${problem[@]}"

problem=()
cp "$build/build.ninja" "$build/whole.ninja"
cat >"$build/build.ninja" <<-NINJA
rule make
  command = echo >'$dir/begun' && sleep 30
build tests/contract_alpha: make
NINJA
begin --json contract/alpha
read -r _ <"$dir/begun"
kill -TERM "$pid"
wait "$pid"
status=$?
[ "$status" = 130 ] || problem+=("status $status")
python3 -c '
import json, sys
document = json.load(open(sys.argv[1]))
assert document["interrupted"] is True and document["build"] is None' "$dir/out" ||
	problem+=("it is not told in JSON")
mv "$build/whole.ninja" "$build/build.ninja"
verdict interrupted_build_is_told_as_such "${problem[@]}"

# ---- again at each save ----------------------------------------------------------------------

# until_said TEXT: reads what the watcher says until there is a line that begins so
until_said() {
	local line
	while read -r -t 60 line <&3; do
		echo "$line" >>"$dir/out"
		[[ $line != "$1"* ]] || return 0
	done
	problem+=("it never says '$1'")
	return 1
}

problem=()
mkdir -p "$dir/home/build" "$dir/elsewhere"
echo 'CMAKE_HOME_DIRECTORY:INTERNAL='"$dir/home" >"$build/CMakeCache.txt"
echo '[{"file": "'"$dir/elsewhere/driver.c"'", "command": "", "directory": "/"}]' \
	>"$build/compile_commands.json"
touch "$dir/home/core.c" "$dir/elsewhere/driver.c"
pretend alpha <<<"$pass"
: >"$dir/out"
exec 3< <(exec env --default-signal=INT "${command[@]}" --watch contract/alpha 2>"$dir/err")
pid=$!
if until_said '2 passed' && until_said 'waiting for a save'; then
	pretend alpha <<<'echo "[  FAILED  ] second_varies"; exit 1'
	touch "$dir/home/.core.c.swp" "$build/made.c" "$dir/home/build/made.c"
	touch "$dir/home/core.c"
	until_said '== core.c' && until_said '1 passed, 1 failed' && until_said 'waiting for a save'
	pretend alpha <<<"$pass"
	mkdir "$dir/home/new"
	mv "$dir/elsewhere/driver.c" "$dir/elsewhere/renamed.c"
	until_said '== renamed.c' && until_said '2 passed' &&
		until_said 'waiting for a save'
	touch "$dir/home/new/late.c"
	until_said '== late.c' && until_said '2 passed' && until_said 'waiting for a save'
fi
kill -INT "$pid"
wait "$pid"
status=$?
exec 3<&-
wants 130
echo "[]" >"$build/compile_commands.json"
echo "CMAKE_HOME_DIRECTORY:INTERNAL=$top" >"$build/CMakeCache.txt"
verdict watch_runs_again_at_each_save "${problem[@]}"

# ---- builds -----------------------------------------------------------------------------

problem=()
cat >"$build/broken.ninja" <<-'NINJA'
rule make
  command = echo "src/k.c:7:3: error: 'x' undeclared" && false
build tests/contract_alpha: make
NINJA
cp "$build/build.ninja" "$build/whole.ninja"
cp "$build/broken.ninja" "$build/build.ninja"
umtest contract/alpha
wants 1 "^build: .*src/k.c:7: 'x' undeclared" '^nothing was run'
cp "$build/whole.ninja" "$build/build.ninja"
verdict failed_build_is_the_verdict "${problem[@]}"

# ---- a real one ---------------------------------------------------------------------------

core=$top/src/drivers/vfio/mdev/mdev_core.c

# line_of FUNCTION CALL: of the core's source
line_of() {
	awk -v f="$1" -v c="$2" '/^[a-z]/ && index($0, f "(") && !/;$/ { inside = 1 }
		inside && index($0, "\t" c "(") { print NR; exit } /^}/ { inside = 0 }' "$core"
}

# without LINE PROGRAM...: these programs on a core without the line
without() {
	local line=$1 program
	shift
	mkdir -p "$dir/core"
	[[ -n $line ]] && sed "${line}d" "$core" >"$dir/core/mdev_core.c" &&
		"$top/tests/history/variant" "$core" "$dir/core/mdev_core.c" "$dir/core/modules" >"$dir/err" 2>&1 ||
		return 1
	for program; do
		cat <<-CMAKE
		add_test($program "$real/tests/${program//\//_}")
		set_tests_properties($program PROPERTIES LABELS "${program%/*}" ENVIRONMENT
		    "UMDEV_MODULE_DIR=$dir/core/modules;ASAN_OPTIONS=${ASAN_OPTIONS:-};LSAN_OPTIONS=${LSAN_OPTIONS:-};TSAN_OPTIONS=${TSAN_OPTIONS:-}")
		CMAKE
	done >"$build/CTestTestfile.cmake"
	touch "$build/build.ninja"
}

problem=()
take=$(line_of mdev_device_remove get_device)
if without "$(line_of mdev_device_remove put_device)" contract/mdev_remove unit/mdev_remove; then
	umtest -j 1 mdev_remove
	wants 1 "^1\. leak: device '83b8…' held by mdev_device_remove \(mdev_core\.c:$take\)$"
	lines=$(wc -l <"$dir/out")
	[ "$lines" -lt 40 ] || problem+=("the story of one lost put has $lines lines")
	# README was at the end of a build that had passed before, and at another place
	sed 's/umdev test --build [^ ]*/build\/test\/umdev test/' "$dir/out" |
		"$top/tests/excerpt" "$top/README.md" '$ build/test/umdev test mdev_remove' --but changed \
			>"$dir/excerpt" || problem+=("$(cat "$dir/excerpt")")
else
	echo "# SKIP the core of this tree is another: no put to lose"
fi
verdict lost_put_is_told_by_its_holder "${problem[@]}"

# What a parent holds is given back by a helper. One that is not called says nothing of the
# parents that were released; one that forgets it is the culprit.
problem=()
if without "$(line_of mdev_parent_add mdev_parent_end)" contract/mdev_register; then
	umtest 'mdev_register/register_*'
	wants 1 "^1\. leak: device 'parent0' held by mdev_parent_add \(mdev_core\.c:[0-9]+\), by mdev_parent_alloc$"
	without "$(line_of mdev_parent_end put_device)" contract/mdev_register &&
		umtest 'mdev_register/register_*'
	wants 1 "^1\. leak: device 'parent0' held by .*, not put by mdev_parent_end > mdev_parent_put > mdev_parent_release$"
	without "$(line_of mdev_unregister_device mdev_parent_end)" contract/mdev_register &&
		umtest 'mdev_register/register_*'
	wants 1 "^1\. leak: device 'parent0' held by .*, not put by mdev_unregister_device$"
	without "$(line_of mdev_parent_release kfree)" contract/mdev_register &&
		umtest 'mdev_register/register_*'
	wants 1 '^1\. LSan: .*, not freed by mdev_parent_release$'
else
	echo "# SKIP the core of this tree is another: no parent to lose"
fi
verdict only_who_released_it_may_have_forgotten_its_put "${problem[@]}"

echo "1..$count"
exit $failed
