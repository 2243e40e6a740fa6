#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Kernels that are not installed, to build modules for and to boot in the guest:
# headers, image, modules and source out of Debian's packages, below
# build/kernels, with an apt configuration of its own. Nothing is installed, and
# the machine's own apt is left alone. In each directory everything lies where a
# machine has it: boot, lib/modules, usr/src.
#
#   kernels.sh get RELEASE     6.12: Debian 12's backports, unpacked; the build
#                              is the machine's own gcc 12
#                              7.3 (and what else Debian 13's backports have): a
#                              tree of Debian 13 with its compiler and tools, by
#                              debootstrap, as root
#   kernels.sh list            release and build tree of each that is there
#   kernels.sh kdir RELEASE    its build tree, as seen from outside
#   kernels.sh build RELEASE [ARGUMENT...]
#                              make in kernel-glue for it; in its tree where it
#                              has one, which needs root
#   kernels.sh times           a table: build from nothing, and with one file touched,
#                              for these and for each that is installed
#
# MIRROR=URL is the archive; else the one of the machine's own apt.
# Status 77, and why: it is not there, or cannot be used here.
set -euo pipefail

glue=$(readlink -f "$(dirname "$0")")
top=$(dirname "$glue")
kernels=$top/build/kernels

die() { echo "kernels.sh: $1" >&2; exit "${2:-1}"; }

mirror() {
	local site
	# shellcheck disable=SC2016
	site=${MIRROR:-$(apt-get indextargets --format '$(SITE)' 2>/dev/null | head -n 1)}
	[[ -n $site ]] || die "no archive is known: say MIRROR=URL" 77
	echo "$site"
}

# apt_own SUITE...: the options of an apt that knows these suites only
apt_own() {
	local dir=$kernels/apt suite site keyring=/usr/share/keyrings/debian-archive-keyring.gpg
	command -v apt-get >/dev/null || die "apt-get is missing: this is for Debian and its like" 77
	[[ -r $keyring ]] ||
		die "no keys of Debian's archive; on Debian and Ubuntu: apt-get install debian-archive-keyring" 77
	site=$(mirror)
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	for suite; do
		echo "deb [signed-by=$keyring] $site $suite main"
	done >"$dir/sources.list"
	apt=(-o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=-
		-o "Dir::State::lists=$dir/lists" -o "Dir::Cache=$dir/cache"
		-o Dir::State::status=/dev/null	# what is installed here is no matter
		-o "APT::Sandbox::User=$(id -un)" -o Acquire::Languages=none)
}

# newest PATTERN: the package of the highest version whose name matches
newest() {
	apt-cache "${apt[@]}" search --names-only "$1" | cut -d' ' -f1 | sort -V | tail -n 1
}

# version_of DIR: of the kernel whose headers are there, as packages are named by it
version_of() {
	local package
	package=$(basename "$(cat "$1/kdir")")
	package=${package#linux-headers-}
	echo "${package%-amd64}"
}

# to_boot DIR RELEASE OPTION...: image, modules and source beside the headers;
# OPTIONs are those of an apt that knows them. Unpacked, not installed: no boot
# loader and no initramfs has to hear of them.
to_boot() {
	local dir=$1 release=$2 version image
	shift 2
	version=$(version_of "$dir")-amd64
	image=linux-image-$version
	apt-cache "$@" show "$image" >/dev/null 2>&1 || image+=-unsigned
	mkdir -p "$dir/packages"
	# later ones are in several packages, which the image's asks for
	apt-cache "$@" depends "$image" |
		sed -n "s/^ *Depends: \(linux-[a-z]*-$version\)\$/\1/p" |
		(cd "$dir/packages" &&
			xargs apt-get "$@" -q download "$image" "linux-source-$release")
	for deb in "$dir"/packages/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$dir"
	done
	rm -r "$dir/packages"
	[[ -e $dir/lib ]] || ln -s usr/lib "$dir/lib"
	[[ -e $dir/boot/vmlinuz-$version ]] ||
		cp "$dir/lib/modules/$version/vmlinuz" "$dir/boot/vmlinuz-$version"
	PATH=$PATH:/sbin:/usr/sbin depmod -b "$dir" "$version"
}

get_unpacked() {
	local release=$1 dir=$kernels/$1 package version
	apt_own bookworm-backports
	apt-get "${apt[@]}" -q update
	package=$(newest "^linux-headers-${release//./\\.}\.[0-9.]*[^ ]*deb12-amd64\$")
	[[ -n $package ]] || die "Debian 12's backports have no headers of $release" 77
	"$glue/fit.sh" room "$kernels" 600 "packages and what is in them"
	version=${package#linux-headers-}
	version=${version%-amd64}
	rm -rf "$dir"
	mkdir -p "$dir/packages"
	(cd "$dir/packages" && apt-get "${apt[@]}" -q download "$package" \
		"linux-headers-$version-common" "linux-kbuild-$version")
	for deb in "$dir"/packages/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -r "$dir/packages"
	# the packages know where they are installed
	sed -i "s,include /usr/src/,include $dir/usr/src/," "$dir/usr/src/$package/Makefile"
	echo "usr/src/$package" >"$dir/kdir"
	to_boot "$dir" "$release" "${apt[@]}"
}

get_tree() {
	local release=$1 dir=$kernels/$1 package
	[[ $(id -u) == 0 ]] || die "a tree of Debian 13 is made by root" 77
	command -v debootstrap >/dev/null ||
		die "debootstrap is missing: ./bootstrap packages kernel, or apt-get install debootstrap" 77
	apt_own trixie-backports
	apt-get "${apt[@]}" -q update
	package=$(newest "^linux-headers-${release//./\\.}\.[0-9.]*[^ ]*deb13-amd64\$")
	[[ -n $package ]] || die "Debian 13's backports have no headers of $release" 77
	"$glue/fit.sh" room "$kernels" 2000 "the files of a tree"
	rm -rf "$dir"
	debootstrap --variant=minbase trixie "$dir" "$(mirror)"
	sed 's/ trixie / trixie-backports /' "$dir/etc/apt/sources.list" \
		>"$dir/etc/apt/sources.list.d/backports.list"
	chroot "$dir" apt-get -q update
	DEBIAN_FRONTEND=noninteractive chroot "$dir" apt-get -q -y --no-install-recommends \
		-t trixie-backports install "$package" make binutils
	echo "/usr/src/$package" >"$dir/kdir"
	# the lists are those of the tree's own apt, which is not asked again
	to_boot "$dir" "$release" -o "Dir=$dir" -o "Dir::State::status=$dir/var/lib/dpkg/status" \
		-o "APT::Sandbox::User=root"
}

list() {
	local file
	for file in "$kernels"/*/kdir; do
		[[ -e $file ]] || continue
		printf '%s %s\n' "$(basename "${file%/kdir}")" "$(cat "$file")"
	done | sort -V
}

build() {
	local release=$1 dir=$kernels/$1 kdir
	shift
	[[ -e $dir/kdir ]] || die "no headers of $release: kernel-glue/kernels.sh get $release" 77
	kdir=$(cat "$dir/kdir")
	if [[ $kdir != /* ]]; then
		make --no-print-directory -C "$glue" "KDIR=$dir/$kdir" "$@"
		return
	fi
	[[ $(id -u) == 0 ]] || die "a build in a tree of its own is root's" 77
	mkdir -p "$dir/$top"
	# the same paths inside; the mounts go with the shell
	# shellcheck disable=SC2016
	unshare -m sh -ec '
		mount --bind "$1" "$2/$1"
		mount -t proc proc "$2/proc"
		dir=$2 glue=$3
		shift 3
		exec chroot "$dir" make --no-print-directory -C "$glue" "$@"
	' sh "$top" "$dir" "$glue" "KDIR=$kdir" "$@"
}

# seconds RELEASE|TREE: one build, of a kernel that is here or of a tree that is installed
seconds() {
	local from options=(-s VRINGH=no "BUILD=$top/build/kernel-times")
	from=$(date +%s.%N)
	if [[ $1 == /* ]]; then
		make --no-print-directory -C "$glue" "KDIR=$1" "${options[@]}"
	else
		build "$1" "${options[@]}"
	fi >/dev/null 2>"$kernels/log" || { cat "$kernels/log" >&2; return 1; }
	awk -v from="$from" -v to="$(date +%s.%N)" 'BEGIN { printf "%.1f s", to - from }'
}

times() {
	local release what cold
	mkdir -p "$kernels"
	printf '%-22s %10s %10s\n' kernel cold touched
	{
		"$glue/kdir.sh" --all 2>/dev/null | while read -r what; do
			printf '%s %s\n' "$("$glue/kdir.sh" --release "$what")" "$what"
		done
		list | while read -r release what; do
			printf '%s %s\n' "$release" "$release"
		done
	} | while read -r release what; do
		rm -rf "$top/build/kernel-times"
		cold=$(seconds "$what" </dev/null)
		touch "$top/src/drivers/vfio/mdev/mdev_core.c"
		printf '%-22s %10s %10s\n' "$release" "$cold" "$(seconds "$what" </dev/null)"
	done
	rm -rf "$top/build/kernel-times"
}

case "${1-}" in
get)
	"$glue/fit.sh" room "$kernels" 10 "lists of packages"
	case "${2-}" in
	6.*) get_unpacked "$2" ;;
	[0-9]*.[0-9]*) get_tree "$2" ;;
	*) die "get what? a release, such as 6.12 or 7.3" ;;
	esac
	;;
list) list ;;
kdir)
	[[ -e $kernels/${2-}/kdir ]] ||
		die "kernel ${2-} is not there: kernel-glue/kernels.sh get ${2-RELEASE}" 77
	kdir=$(cat "$kernels/$2/kdir")
	echo "$kernels/$2/${kdir#/}"
	;;
build)
	[[ -n ${2-} ]] || die "build for what? one of: $(list | cut -d' ' -f1 | tr '\n' ' ')"
	build "${@:2}"
	;;
times) times ;;
*)
	sed -n '3,/^set -e/p' "$0" | sed -n 's/^# \{0,1\}//p' >&2
	exit 1
	;;
esac
