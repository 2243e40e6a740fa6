#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The modules that Kbuild made in each DIR, without debug sections, and
# depmod's index.
#
#   modules.sh ROOT RELEASE DIR...
#
# Copies what changed, removes what is no longer built.
set -euo pipefail

root=$1 release=$2
shift 2
updates=$root/lib/modules/$release/updates
changed=
# What loading a module takes longest over, a name for each function and a changed text for
# each call, and no test is about: nothing traces functions of modules, and static calls
# take a step more. Some thousand modules are loaded in a check.
unused=(-R __mcount_loc -R .rela__mcount_loc -R .static_call_sites -R .rela.static_call_sites)

mkdir -p "$updates"
declare -A wanted
while read -r path; do
	name=${path##*/}
	to=$updates/$name
	# the session's own, which is no driver that tests would load, look for or unload
	if [[ $path == */guest/hurry.ko ]]; then
		to=$root/lib/$name
	else
		wanted[$name]=1
	fi
	if [[ ! -e $to || $path -nt $to ]]; then
		strip --strip-debug "${unused[@]}" -o "$to" "$path"
		changed=1
	fi
# from 6.13 on a list has paths in its own directory
done < <(for dir; do [[ ! -e $dir/modules.order ]] || sed "s/\.o\$/.ko/; s,^[^/],$dir/&," "$dir/modules.order"; done)
for file in "$updates"/*.ko; do
	[[ -e $file ]] || continue
	if [[ -z ${wanted[${file##*/}]-} ]]; then
		rm "$file"
		changed=1
	fi
done
if [[ -n $changed || ! -e $root/lib/modules/$release/modules.dep ]]; then
	PATH=$PATH:/sbin:/usr/sbin depmod -b "$root" "$release"
fi
