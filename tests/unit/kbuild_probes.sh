#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# kernel-glue/probes.mk answers what Kbuild asks of the compiler: as Kbuild itself would
# find out, once for each question whose answer lasts, and anew where a program that
# answers is another one. With a compiler that is none, which counts. TAP.
set -uo pipefail
# shellcheck source=tests/tap.sh
source "${BASH_SOURCE%/*}/../tap.sh"

probes=${UMDEV_SOURCE_DIR:?}/kernel-glue/probes.mk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
unset MAKEFLAGS MFLAGS MAKEFILES
export PATH=$work/bin:$PATH
told=(said asked)

# It can do what the file can names; what it writes is the file behind -o.
mkdir bin
cat >bin/some-cc <<'END'
#!/bin/bash
case $1 in
-print-prog-name=*) echo "$0-${1#*=}"; exit ;;
esac
printf '%s\n' "$*" >>asked
while [[ $# != 0 ]]; do
	case $1 in
	-o) echo made >"$2" || exit; shift ;;
	-include) grep -qs yes "$2" || exit ;;
	-f*) grep -qxe "$1" can || exit ;;
	-)
		read -r line
		grep -qxe "$line" can || exit
		;;
	esac
	shift
done
END
for part in cc1 as ld; do echo "$part" >"bin/some-cc-$part"; done
cp bin/some-cc bin/some-ld
chmod +x bin/*
printf '%s\n' -fsome -fwith=value:and#more 'pause' >can

# Kbuild's own way stands behind it, as in a kernel, and what is asked, in its words
cat >Makefile <<'END'
# as Debian has it, with blanks
CC = $(NONE) some-cc
LD := some-ld
hash := \#
TMPOUT = $(if $(EXTMOD),$(firstword $(EXTMOD))/).tmp_$$$$
try-run = $(shell mkdir -p $(TMPOUT); TMP=$(TMPOUT)/tmp; \
	if ($(1)) >/dev/null 2>&1; then echo "$(2)"; else echo "$(3)"; fi; rm -rf $(TMPOUT))
option = $(call try-run,$(CC) -Werror $(FLAGS) $(1) -c -x c /dev/null -o "$$TMP",$(1),$(2))
instruction = $(call try-run,printf "%b\n" "$(1)" | $(CC) -c -o "$$TMP" -,$(2),$(3))
linker = $(call try-run,$(LD) $(1) -v,$(1),$(2),$(3))
header = $(call try-run,$(CC) -include header.h -c -x c /dev/null -o "$$TMP",yes,no)
text = $(call try-run,grep -q yes header.h && echo >>asked,yes,no)
all:
	@printf '%s\n' 'some: $(call option,-fsome)' 'other: $(call option,-fother,-fsome)' \
		'none: $(call option,-fnone)' 'signs: $(call option,-fwith=value:and$(hash)more,no)' \
		'instruction: $(call instruction,pause,-DPAUSE=1)' \
		'no instruction: $(call instruction,halt,-DHALT=1,-DNO_HALT)' \
		'linker: $(call linker,-fsome)' 'again: $(call option,-fsome,never)'
files:
	@printf '%s\n' 'header: $(header)' 'text: $(text)'
two:
	@printf '%s\n' '$(call option,-fsome)$(eval CC := third-cc)' '$(call option,-fsome)'
END

# asks NAME COUNT [VARIABLE=VALUE...]: so many questions reach the compiler, and what comes
# of it is what Kbuild finds by itself
asks() {
	local name=$1 wanted=$2 status
	shift 2
	make "$@" >wanted 2>&1
	: >asked
	MAKEFILES=$probes UMDEV_PROBES=$work/answers make "$@" >said 2>&1
	status=$?
	if [[ $status == 0 && $(wc -l <asked) == "$wanted" ]] && cmp -s said wanted; then
		verdict "$name"
	else
		verdict "$name" "status $status, $(wc -l <asked) questions: $(diff wanted said)"
	fi
}

# Of the seven of all three are answered with no
asks "each question is asked once" 7
grep -q '^signs: -fwith=value:and#more$' said && grep -q '^no instruction: -DNO_HALT$' said
report "and both sides of an answer are told" $?
asks "and again where the answer was no" 3
asks "with other flags it is another question" 5 FLAGS=-g
asks "of which the answer is kept, too" 3 FLAGS=-g
printf '%s\n' -fother -fnone >>can
asks "so what a compiler could not do for a while it can" 3
asks "and keeps that" 1
touch bin/some-cc-cc1
asks "another compiler proper is asked" 7
touch bin/some-cc
asks "so is another driver of it" 7
touch bin/some-ld
asks "and another linker" 7
cp bin/some-cc bin/third-cc
for part in cc1 as ld; do cp "bin/some-cc-$part" "bin/third-cc-$part"; done
asks "and one of another name" 7 CC=third-cc
asks "which both are known now" 1
printf '#!/bin/sh\nexec "$@"\n' >bin/wrap
chmod +x bin/wrap
asks "one behind a wrapper is another" 7 "CC=wrap some-cc"
asks "and known" 1 "CC=wrap some-cc"
touch bin/some-cc
asks "until it is replaced" 7 "CC=wrap some-cc"
asks "where a module's own directory has what is written, too" 7 "EXTMOD=$work/farm"
asks "the answer is the same" 1
rm answers
MAKEFILES=$probes UMDEV_PROBES=$work/answers make two >said 2>&1
touch bin/third-cc
asks "two compilers of one run are two" 1 two
echo no >header.h
asks "what reads a file is asked each time" 1 files
echo yes >header.h
asks "and has the file's answer" 2 files
[[ -z $(find "$work" -name '.tmp_*') ]]
report "nothing is left behind" $?

# the file of answers is a help, and no more
asks "answers are kept" 6
truncate -s -20 answers
asks "half a line is no answer" 2
asks "and spoils no other" 2
asks "which is kept in turn" 1
rm answers
mkdir answers
asks "where nothing can be kept all is asked" 7
rmdir answers
chmod -x bin/some-cc
asks "a compiler that cannot be run can do nothing" 1

echo "1..$count"
exit $failed
