# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# Debian's mdevctl manages our mtty as it does any mediated device.
. /lib/lib.sh

command -v mdevctl >/dev/null || skip_all "mdevctl is not installed on the host"
mkdir -p /etc/mdevctl.d/scripts.d/callouts /etc/mdevctl.d/scripts.d/notifiers
u=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001

modprobe mtty && modprobe vfio_mdev
ok $? "modules load"
like "types lists the parent" '^mtty' mdevctl types
like "types lists the type" 'mtty-2' mdevctl types
like "with its instances" 'Available instances: 12' mdevctl types
like "its API" 'Device API: vfio-pci' mdevctl types
like "and its name" 'Name: Dual port serial' mdevctl types
try "define" mdevctl define --uuid $u --parent mtty --type mtty-2
like "list --defined has it" "^$u mtty mtty-2 manual" mdevctl list --defined
[ -z "$(mdevctl list)" ]
ok $? "list has nothing active yet"
try "start" mdevctl start --uuid $u
like "list has it" "^$u mtty mtty-2 manual (defined)" mdevctl list
[ -e /sys/bus/mdev/devices/$u/driver ]
ok $? "and it has its driver"
like "instances are taken" 'Available instances: 11' mdevctl types
refused "starting it twice" mdevctl start --uuid $u
try "stop" mdevctl stop --uuid $u
[ -z "$(mdevctl list)" ]
ok $? "list has nothing any more"
try "undefine" mdevctl undefine --uuid $u
[ -z "$(mdevctl list --defined)" ]
ok $? "list --defined is empty"
refused "an unknown type" mdevctl start --uuid $u --parent mtty --type mtty-9
try "start without define" mdevctl start --uuid $u --parent mtty --type mtty-1
try "stop what was not defined" mdevctl stop --uuid $u
try "modules unload" unload_ours
finish
