# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC3045 # busybox has it
#
# What this guest is, in lines "# seen WHAT ...", for tests/unit/guest_state.sh, which
# compares guests. No test of the kernel: run only where it is asked for.
seen() { echo "# seen $*"; }

seen command "$(cat /proc/cmdline)"
seen time "$(date +%s)"
seen uuid "$(cat /proc/sys/kernel/random/uuid)"
seen bytes "$(od -An -v -N 16 -t x1 /dev/urandom)"
sed -n 's/^UMDEV_/# seen setting &/p' /run/settings
# with what each is: what it was given, and what was there before
find / -xdev -type f -exec md5sum {} + | sed 's/^/# seen file /'
find / -xdev -type l | while read -r link; do
	seen link "$link $(readlink "$link")"
done

# as a boot leaves it
seen processors "$(nproc)"
seen memory "$(sed -n 's/^MemTotal: *//p' /proc/meminfo)"
seen tainted "$(cat /proc/sys/kernel/tainted)"
seen limits "$(ulimit -a | tr -s ' \n' ' ')"
sed 's/^/# seen mount /' /proc/mounts
cut -d' ' -f1,3- /proc/modules | sed 's/ 0x[0-9a-f]*//; s/^/# seen module /'
for directory in /dev /dev/shm /sys/bus /sys/class /sys/kernel/iommu_groups /run /tmp \
	/sys/bus/*/devices /sys/bus/*/drivers; do
	seen directory "$directory $(ls "$directory" 2>/dev/null | tr '\n' ' ')"
done
for device in /sys/bus/pci/devices/*; do
	seen card "${device##*/} $(md5sum <"$device/config")"
done
for process in /proc/[0-9]*; do
	program=$(readlink "$process/exe") && [ "$process" != "/proc/$$" ] &&
		seen process "$program" "$(ls -l "$process/fd" | sed -n 's/.* -> //p' | grep -v "^pipe:" | sort | tr '\n' ' ')"
done
for file in /proc/sys/kernel/printk /proc/sys/kernel/core_pattern /proc/sys/vm/overcommit_memory \
	/sys/devices/system/clocksource/clocksource0/current_clocksource /sys/kernel/rcu_expedited; do
	seen value "$file $(cat "$file" 2>/dev/null)"
done
exit 0
