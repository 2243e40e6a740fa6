#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Which messages of a kernel fail a check in the guest (kernel-glue/guest/kmsg.c): each
# kind of report does, with all its lines; what is only named like one does not, nor what
# is listed as the kernel's own, nor a data race without a frame of a module of ours.
# splat-check is built here, and reads records from a socket as from /dev/kmsg. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

guest=${UMDEV_SOURCE_DIR:?}/kernel-glue/guest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
told=(said)

mkdir updates
touch updates/{mdev,mtty}.ko
${CC:-cc} -std=gnu11 -D_GNU_SOURCE= "-DKNOWN=\"$work/known\"" "-DUPDATES=\"$work/updates\"" -w \
	-o splat-check "$guest/splat-check.c" "$guest/kmsg.c" || exit 1
: >known

# One record each time that it is read; nothing more is told by EAGAIN.
cat >feed.py <<'END'
import os, socket, subprocess, sys
ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
for buffer in ours, its:
    buffer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
for number, line in enumerate(sys.stdin):
    ours.send(f"6,{number},{number * 1000},-;{line}".encode())
sys.exit(subprocess.run(["./splat-check", "none"], pass_fds=[its.fileno()], check=False,
                        env={**os.environ, "UMDEV_KMSG": str(its.fileno())}).returncode)
END

# judged NAME STATUS LINES: how the check of the file log ends, and how much it shows
judged() {
	local name=$1 wanted=$2 lines=$3 status
	python3 feed.py <log >said
	status=$?
	if [[ $status == "$wanted" && $(wc -l <said) == "$lines" ]]; then
		verdict "$name"
	else
		verdict "$name" "status $status, $(wc -l <said) lines"
	fi
}

# fails NAME LINE: between other messages
fails() {
	printf '%s\n' "mtty: loaded" "$2" "mtty: unloaded" >log
	judged "$1 fails" 1 1
	grep -qF -- "$2" said
	report "and is told" $?
}

printf '%s\n' "mtty: loaded" "mtty: a WARNING: of nobody" "DEBUG: BUG: no" >log
judged "a log without reports passes" 0 0
fails "a NULL dereference" "BUG: kernel NULL pointer dereference, address: 0000000000000000"
fails "memory that was freed" "BUG: KASAN: slab-use-after-free in broken_dereference+0x1/0x2 [broken]"
fails "a call that may sleep" "BUG: sleeping function called from invalid context at mm/slab.h:1"
fails "a wait in the wrong context" "[ BUG: Invalid wait context ]"
fails "a lock that is held to the end" "[ BUG: held lock freed! ]"
fails "a warning of lockdep" "WARNING: possible circular locking dependency detected"
fails "an order of locks in interrupts" "WARNING: inconsistent lock state"
fails "a task that hangs" "INFO: task mdev:1 blocked for more than 120 seconds."
fails "a lock without a key" "INFO: trying to register non-static key."
fails "a stall" "rcu: INFO: rcu_preempt self-detected stall on CPU"
fails "a count of references" "refcount_t: underflow; use-after-free."
fails "a leak" "unreferenced object 0xffff888000000000 (size 64):"
fails "a leak that was not looked for" "kmemleak: Cannot allocate a kmemleak_object structure"
fails "a panic" "Kernel panic - not syncing: broken"

# a report goes to the end of its trace, and what comes behind is not its
framed() {
	printf '%s\n' "before" "------------[ cut here ]------------" "$1" \
		"WARNING: CPU: 0 PID: 1 at lib/debugobjects.c:1" "Call Trace:" " broken_create+0x1/0x2 [broken]" \
		"---[ end trace 0000000000000000 ]---" "behind"
}
framed "ODEBUG: free active (active state 0) object type: timer_list" >log
judged "a report between its marks fails, whole" 1 6
! grep -q 'before\|behind' said
report "and alone" $?

# a listed one: by its title and another line
printf '# a comment\tx\ty\nODEBUG: free active\tbroken_create\tthe reason\n' >known
framed "ODEBUG: free active (active state 0) object type: timer_list" >log
judged "one that is listed passes" 0 0
framed "ODEBUG: init active (active state 0) object type: timer_list" >log
judged "another title does not" 1 6
framed "ODEBUG: free active (active state 0)" | sed s/broken_create/other/ >log
judged "nor the same one from elsewhere" 1 6
{
	framed "ODEBUG: free active (active state 0)"
	echo "BUG: kernel NULL pointer dereference, address: 0000000000000000"
} >log
judged "nor what comes behind it" 1 1
: >known

# race FRAME: as KCSAN tells of one
race() {
	printf '%s\n' "==================================================================" \
		"BUG: KCSAN: data-race in a / b" "write to 0xffff888000000000 of 4 bytes by task 1 on cpu 0:" \
		" a+0x1/0x2$1" " vfs_write+0x1/0x2" "read to 0xffff888000000000 of 4 bytes by task 2 on cpu 1:" \
		" b+0x1/0x2" "=================================================================="
}
race "" >log
judged "a race of the kernel's own passes" 0 0
race " [vfio]" >log
judged "so does one in a module of its" 0 0
race " [mtty]" >log
judged "one in a module of ours does not" 1 7
race " [mtty_of_others]" >log
judged "a name that begins alike is another" 0 0
{
	race ""
	race " [mdev]"
} >log
judged "it is found behind one of the kernel's" 1 7

echo "1..$count"
exit $failed
