# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # variables of run.sh
#
# The state of a guest that has booted, for others to go on from: a boot takes seconds
# of a processor, to go on a fraction of one. Sourced by run.sh.
#
# It is taken where init waits to be given something to do ("@ready"), and is two
# files: the guest's memory, which QEMU maps, and of which each guest copies what it
# writes to; and what QEMU tells of everything else when a machine migrates. They are
# in DIR/states/KEY, where KEY is a checksum of all that goes into the boot: kernel,
# initramfs, QEMU and what it is told, and the boot of this machine, whose time stamp
# counter the guest's is. A state of something else is therefore not looked at. One that
# was written to since is not used, and one that QEMU refuses or that does not come to
# life is removed: in each case the guest boots, and a line says so.
#
# A state is as large as the memory that its guest uses: 80 MB, and 270 of a kernel with
# KASAN. The two that were used last are kept.

states_kept=2
qemu="qemu-system-x86_64"
emulated=(-cpu kvm64 -accel tcg)
# megabytes; the device has that size in every guest
payload_size=64

# hardware MEMORY PAYLOAD SHARED: sets machine, QEMU's options for all that a state is
# of but processor and kernel. MEMORY and PAYLOAD are files; without MEMORY it is nobody
# else's. QEMU writes to them where SHARED is on; where it is not it takes a page of them
# as it is in the file, until it writes to it. A comma in a name is doubled.
hardware() {
	local size=${MEMORY:-512} memory=memory-backend-ram
	[[ -z $1 ]] || memory="memory-backend-file,mem-path=${1//,/,,},share=$3"
	# edu is the card of a test of drivers of PCI
	machine=(-machine "q35,memory-backend=memory" -object "$memory,id=memory,size=${size}M"
		-smp "${SMP:-1},sockets=${SMP:-1}" -m "$size"
		-nodefaults -no-user-config -display none -no-reboot -device edu
		-device "isa-debug-exit,iobase=0xf4,iosize=0x04"
		-object "memory-backend-file,id=payload,size=${payload_size}M,mem-path=${2//,/,,},share=$3"
		-device "ivshmem-plain,memdev=payload,master=on")
}

# lines BEFORE AFTER MAIN: adds the four lines of the guest to machine: console, MAIN,
# observations and the kernel's messages, whose files are BEFOREconsoleAFTER and so on.
# What the console said is kept: of a guest that goes on it is the beginning.
lines() {
	machine+=(-chardev "file,id=console,append=on,path=${1//,/,,}console${2//,/,,}"
		-serial chardev:console -serial "$3" -serial "file:$1observe$2"
		-serial "file:$1dmesg$2")
}

# What stat says of files: one that was written to, copied or replaced is another.
identity() {
	stat -L -c '%n %i %s %.9Y %.9Z' "$@"
}

# Sets state to the directory of what this guest would go on from; fails where there is
# nothing to be known of it.
find_state() {
	local machine of boot
	hardware memory payload on
	lines '' .log stdio
	of=$(cd "$dir" && identity vmlinux initrd "$(command -v "$qemu")" 2>/dev/null) &&
		read -r boot </proc/sys/kernel/random/boot_id || return
	of=$(printf '%s\n' "$of" "$boot" "${machine[@]}" "${emulated[@]}" "$append" | sha256sum)
	state=$dir/states/${of%% *}
}

# Is it there, and was it not written to since?
state_is_whole() {
	[[ -e $state/whole ]] &&
		(cd "$state" && identity memory device console.log) 2>/dev/null | cmp -s - "$state/whole"
}

# qmp COMMAND [ARGUMENTS]: as QEMU wants it
qmp() {
	printf '{"execute": "%s", "arguments": {%s}}\n' "$1" "${2-}"
}

# The memory itself is in a file that both sides have.
qmp_begin() {
	qmp qmp_capabilities
	qmp migrate-set-capabilities '"capabilities": [{"capability": "x-ignore-shared", "state": true},
		{"capability": "events", "state": true}]' | tr -d '\n\t'
	echo
}

# Sets khz to what the guest need not find out by itself (khz.c).
look_at_counter() {
	khz=$("$dir/khz" 2>/dev/null)
}

# machine_to_keep DIRECTORY: in place of its shell; what guest and QEMU say is the output
machine_to_keep() {
	local machine
	cd "$1" || exit
	hardware memory payload on
	lines '' .log file:/dev/fd/3
	exec 3>&1 2>&1
	exec "$qemu" "${machine[@]}" "${emulated[@]}" -qmp stdio -kernel "$dir/vmlinux" \
		-initrd "$dir/initrd" -append "$append${khz:+ tsc_early_khz=$khz}" <&"$commands"
}

# take_state DIRECTORY: boots a guest in it and takes its state. Sets why where that fails.
take_state() {
	local line='' pid from commands patience=300 khz has=''
	why="no space, or nothing can be written"
	truncate -s "${payload_size}M" "$1/payload" && mkfifo "$1/commands" &&
		exec {commands}<>"$1/commands" || return
	rm "$1/commands"
	look_at_counter
	why="the guest did not get ready"
	exec {from}< <(machine_to_keep "$1")
	pid=$!
	qmp_begin >&"$commands"
	while [[ $has != completed,written ]] && next_line "$pid" "$patience" "$from"; do
		case ${line%$'\r'} in
		@ready)
			qmp migrate '"uri": "exec:cat >device && echo @written >&2"' >&"$commands"
			why="QEMU did not give its state"
			patience=60
			;;
		@written) has+=,written ;;
		*'"status": "completed"'*) has=completed$has ;;
		@* | *'"error"'* | *'"status": "failed"'*) break ;;
		"$qemu: "*) why+=", $line" ;;
		esac
	done
	# it stands still when it has given its state
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	exec {from}<&- {commands}>&-
	[[ $has == completed,written ]] || return
	rm -f "$1/payload" "$1/observe.log" "$1/dmesg.log"
	why="no space, or nothing can be written"
	# a hole where the memory was zeroed
	fallocate -d "$1/memory" 2>/dev/null
	(cd "$1" && identity memory device console.log >whole)
}

# take_state_anew: into the place of one that is not whole
take_state_anew() {
	local new
	rm -rf "$state"
	new=$(mktemp -d "$dir/states/.new-XXXXXX") || return
	if take_state "$new" && mv -T "$new" "$state"; then
		echo "# the state of the guest is kept: $(du -m "$state" | cut -f1) MB in $dir/states"
		find "$dir/states" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn |
			tail -n "+$((states_kept + 1))" | cut -d' ' -f2- | xargs -r -d '\n' rm -rf
	else
		rm -rf "$new"
		return 1
	fi
}

# keep_state: into state, unless it is there. Sets why where that fails.
keep_state() {
	local lock status
	why="no space, or nothing can be written"
	{ mkdir -p "$dir/states" && exec {lock}>"$dir/states/.lock"; } 2>/dev/null || return
	# who comes second finds what the first has taken
	flock "$lock"
	state_is_whole || take_state_anew
	status=$?
	exec {lock}>&-
	[[ $status == 0 ]] || return
	touch "$state"
}

# May guests go on from a state, if there is one?
may_resume() {
	[[ ${RESUME-} != no && ${KVM-} != 1 ]]
}

# have_state: sets state to what the guests go on from; to nothing if they boot
have_state() {
	local why
	state=
	may_resume && find_state || return
	keep_state || {
		echo "# no state of the guest is kept ($why): it boots"
		state=
	}
}

# machine_going_on: as emulate(), from state, in whose memory the kernel already is. It may
# be waiting for what it is to do, and ends with who would have given it that.
machine_going_on() {
	local machine commands
	cp "$state/console.log" "$dir/console$n.log"
	cd "$state" || exit
	mkfifo "$dir/commands$n" && exec {commands}<>"$dir/commands$n" || exit
	rm "$dir/commands$n"
	hardware memory "$dir/payload$n.img" off
	lines "$dir/" "$n.log" file:/dev/fd/3
	{ qmp_begin; qmp migrate-incoming '"uri": "exec:cat device"'; } >&"$commands"
	exec 3>&1 >"$dir/resume$n.log" 2>&1
	exec setpriv --pdeathsig TERM "${limit[@]}" "$qemu" "${machine[@]}" "${emulated[@]}" -qmp stdio \
		-incoming defer <&"$commands"
}
