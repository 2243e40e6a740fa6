# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC1091
# The kernel's own virtio_net, unchanged, on a card of mvnet: virtio_mdev makes
# the virtio device that it finds.
# limit: 240
. /lib/lib.sh

u=83b8f4f2-509f-382f-3c1e-e6bfe0fa1001
mdev=/sys/bus/mdev/devices/$u
count=${UMDEV_FRAMES:-100000}

# The interface; it may take a moment to go or to come.
card() {
	for net in "$mdev"/virtio*/net/*; do
		[ -e "$net" ] && basename "$net" && return
	done
	return 1
}

# until COMMAND...: for ten seconds at most
until_ok() {
	i=0
	while [ $i -lt 100 ]; do
		"$@" >/dev/null 2>&1 && return 0
		usleep 100000
		i=$((i + 1))
	done
	"$@"
}

holds() {
	[ "$(cat "$2" 2>/dev/null)" = "$1" ]
}

frames() {
	command frames "$@" 2>&1
}

sent() {
	cat "/sys/class/net/$net/statistics/tx_packets"
}

has_sent_more_than() {
	[ "$(sent)" -gt "$1" ]
}

# Frames on their way until the interface goes; some that it sends are not ours.
start_traffic() {
	before=$(sent)
	frames flood "$net" >/tmp/flood &
	until_ok has_sent_more_than $((before + 100))
}

modprobe virtio_net && modprobe mvnet && modprobe virtio_mdev
ok $? "modules load"
try "a card is created" sh -c "echo $u >/sys/class/mdev_bus/mvnet/mdev_supported_types/mvnet-virtio/create"
like "its driver is virtio_mdev" /virtio_mdev$ readlink "$mdev/driver"
try "an interface appears" until_ok card
net=$(card)
like "it has the card's address" "^02:bf:e0:fa:10:01$" cat "/sys/class/net/$net/address"
# it cuts the name of the place after 31 characters
like "ethtool -i: the stock driver, on the mdev" "^driver virtio_net bus ${u%?????}$" frames info "$net"
try "it comes up" ip link set "$net" up
try "it has a carrier" until_ok holds 1 "/sys/class/net/$net/carrier"

# the first ones alone, to see at once what is wrong
like "a frame comes back unchanged" '^sent 1 received 1 bad 0 lost 0 ' frames run "$net" "$net" 1 60
for size in 60 61 999 1514; do
	like "frames of $size bytes come back unchanged" '^sent 1000 received 1000 bad 0 lost 0 ' \
		frames run "$net" "$net" 1000 "$size"
done
out=$(frames run "$net" "$net" "$count" 1000)
echo "# mvnet: $out"
case $out in
"sent $count received $count bad 0 lost 0 in "*) ok 0 "$count numbered frames come back, none is lost" ;;
*) ok 1 "$count numbered frames come back, none is lost" ;;
esac

# the same between the two ends of a pair, for a measure
modprobe veth && ip link add name pair type veth && ip link set pair up
peer=$(basename /sys/class/net/veth*)
ip link set "$peer" up
until_ok holds 1 /sys/class/net/pair/carrier
few=$((count / 10 + 1))
pair=$(frames run pair "$peer" "$few" 1000)
echo "# veth pair: $pair"
us=${out##* in } pair_us=${pair##* in }
echo "# ratio: $(awk "BEGIN { printf \"%.2f\", ${us% us} / $count / (${pair_us% us} / $few) }") times the time of a veth pair"
ip link del pair
rmmod veth

try "the MTU can be made smaller" ip link set "$net" mtu 500
like "frames that fit come back" '^sent 100 received 100 bad 0 ' frames run "$net" "$net" 100 514
refused "a frame that does not fit" frames run "$net" "$net" 1 515
try "and larger again" ip link set "$net" mtu 1500

try "the plug is pulled out" sh -c "echo 0 >$mdev/vendor/link"
try "the carrier goes" until_ok holds 0 "/sys/class/net/$net/carrier"
try "and put in again" sh -c "echo 1 >$mdev/vendor/link"
try "the carrier comes back" until_ok holds 1 "/sys/class/net/$net/carrier"
like "frames come back again" '^sent 100 received 100 bad 0 ' frames run "$net" "$net" 100 200

try "it goes down" ip link set "$net" down
refused "a frame on an interface that is down" frames run "$net" "$net" 1 60
try "it comes up again" ip link set "$net" up
try "with a carrier" until_ok holds 1 "/sys/class/net/$net/carrier"
like "frames come back after that" '^sent 1000 received 1000 bad 0 ' frames run "$net" "$net" 1000 300

refused "unloading the vendor driver" rmmod mvnet
virtio=$(basename "$mdev"/virtio*)
start_traffic
try "the virtio driver is unbound under traffic" \
	sh -c "echo $virtio >/sys/bus/virtio/drivers/virtio_net/unbind"
wait
like "who sent was told" '^ended: .* after [0-9]*[1-9][0-9]* frames' cat /tmp/flood
refused "unloading the vendor driver without a virtio driver" rmmod mvnet
try "the virtio driver is bound again" sh -c "echo $virtio >/sys/bus/virtio/drivers/virtio_net/bind"
try "the interface is back" until_ok card
net=$(card)
ip link set "$net" up
until_ok holds 1 "/sys/class/net/$net/carrier"
like "frames come back on it" '^sent 1000 received 1000 bad 0 ' frames run "$net" "$net" 1000 300

start_traffic
try "the mdev is removed under traffic" sh -c "echo 1 >$mdev/remove"
wait
like "who sent was told again" '^ended: .* after [0-9]*[1-9][0-9]* frames' cat /tmp/flood
[ ! -e "$mdev" ]
ok $? "the card is gone"
try "the vendor driver goes" rmmod mvnet
try "modules unload" unload_ours
rmmod virtio_net net_failover failover
finish
