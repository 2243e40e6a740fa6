#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The package umdev-dkms: the sources of `make dkms-source`, which DKMS builds for
# each kernel.
#
#   deb.sh DIR SOURCE VERSION     makes DIR/umdev-dkms_VERSION_all.deb; SOURCE is
#                                 what dkms.sh made
#
# By dpkg-deb alone. lintian, where it is installed, has the last word.
set -euo pipefail

here=$(readlink -f "$(dirname "$0")")
top=$(dirname "$(dirname "$here")")
dir=$1 source=$2 version=$3
root=$dir/umdev-dkms

command -v dpkg-deb >/dev/null || {
	echo "kernel-glue: dpkg-deb is missing: a package is made on Debian and its like" >&2
	exit 77
}
# who made it, as Debian's own tools want to know
maintainer="${DEBFULLNAME:-umdev contributors} <${DEBEMAIL:-mdev@lists.example.org}>"
# of the last change, so that the package of one commit is one package
date=$(git -C "$top" log -1 --format=%cd --date=rfc2822 2>/dev/null || date -R -r "$source")
stamp=$(date -d "$date" +%s)

umask 022
rm -rf "$root"
mkdir -p "$root"/{DEBIAN,usr/src,usr/share/doc/umdev-dkms}
cp -r "$source" "$root/usr/src/umdev-$version"

doc=$root/usr/share/doc/umdev-dkms
cp "$here/copyright" "$doc/copyright"
cp "$here/README.Debian" "$doc/README.Debian"
{
	echo "umdev-dkms ($version) unstable; urgency=medium"
	printf '\n  * The mediated device framework as of this version.\n\n'
	echo " -- $maintainer  $date"
} | gzip -9n >"$doc/changelog.gz"

for script in preinst postinst prerm; do
	sed "s/@VERSION@/$version/g" "$here/$script" >"$root/DEBIAN/$script"
	chmod 755 "$root/DEBIAN/$script"
done
sed -e "s/@VERSION@/$version/" -e "s/@MAINTAINER@/$maintainer/" -e "s/@SIZE@/$(du -sk "$root/usr" | cut -f1)/" \
	"$here/control" >"$root/DEBIAN/control"
(cd "$root" && find usr -type f -printf '%P\n' | sed 's,^,usr/,' | LC_ALL=C sort |
	xargs -d '\n' md5sum >DEBIAN/md5sums)
find "$root" -type f ! -path '*/DEBIAN/*' ! -name '*.sh' -exec chmod 644 {} +
find "$root" -exec touch -h -d "@$stamp" {} +

SOURCE_DATE_EPOCH=$stamp dpkg-deb --root-owner-group -b "$root" "$dir" >/dev/null
package=$dir/umdev-dkms_${version}_all.deb
echo "made $package"
if command -v lintian >/dev/null; then
	lintian --allow-root --fail-on error,warning "$package"
	echo "lintian: nothing to report"
else
	echo "lintian is not installed: not looked at"
fi
