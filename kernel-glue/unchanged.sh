#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# unchanged.sh DIR WORDS PATH... -- COMMAND...: runs COMMAND, which is Kbuild in DIR,
# unless it would find nothing to do. Kbuild takes seconds of a processor to find that
# out.
#
# It has nothing to do where it ended well the last time, and since then neither WORDS,
# nor what the environment tells it, nor a source in DIR, nor a file in one of the PATHs,
# nor what it made has changed: by the time of a file's last change, which nobody sets.
# Sources are looked at before COMMAND, so that one that is saved while it runs is new
# the next time. DIR/.unchanged says what was there.
set -u

dir=$1 words=$2
shift 2
paths=
while [ "$1" != -- ]; do
	paths="$paths $1"
	shift
done
shift

# letters come first, with no dash: make is only to say what it would do, or to do all
flags=${MAKEFLAGS-}
flags=${flags%% *}
case $flags in
-*) ;;
*[Bnqt]*) exec "$@" ;;
esac

sources() {
	printf '%s\n' "$words"
	env | grep -E '^(ARCH|SUBARCH|CROSS_COMPILE|LLVM.*|CC|LD|AR|AS|NM|STRIP|OBJCOPY|PAHOLE|PATH|[WCV]|CF|CHECK|SOURCE_DATE_EPOCH|GCOV_PROFILE.*|[A-Z]*CC|[A-Z]*FLAGS_?[A-Z]*|(KBUILD|UMDEV|CONFIG|KCONFIG)_.*|MAKEOVERRIDES)=' |
		grep -v '^MAKEFLAGS=\|^MFLAGS=' | sort
	# shellcheck disable=SC2086 # words
	{
		find -L "$dir" \( -name '*.[chS]' ! -name '*.mod.c' -o -name Makefile -o -name Kbuild \
			-o -name vringh \) -printf '%p %s %C@\n'
		find -L $paths -type f -printf '%p %s %C@\n'
	} 2>&1 | sort
}

made() {
	find "$dir" \( -name '*.ko' -o -name modules.order -o -name Module.symvers \) \
		-printf '%p %s %C@\n' | sort
}

before=$(sources)
if [ -e "$dir/.unchanged" ] && printf '%s\n' "$before" "$(made)" | cmp -s - "$dir/.unchanged"; then
	exit 0
fi
rm -f "$dir/.unchanged"
"$@" || exit
printf '%s\n' "$before" "$(made)" >"$dir/.unchanged"
