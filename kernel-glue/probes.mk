# SPDX-License-Identifier: GPL-2.0-only
#
# What compiler, assembler and linker can do, asked once. Kbuild asks some thirty such
# questions each time that it runs (try-run in scripts/Makefile.compiler), with half a
# dozen processes each: most of what it does where one file has changed.
#
# MAKEFILES names this file, so that it is read before Kbuild's own, and UMDEV_PROBES the
# file of what was answered with yes: a line for each command, word for word, and the very
# programs that it runs. What else may change an answer is asked each time: where a file
# is read, where the answer was no, which may be for want of memory or room, and where a
# program is asked that is not known here. So is all where that file can be neither read
# nor written, and a line of it that is no more whole is no answer. A Kbuild that asks in
# another way does so, and takes longer.

# As one word, in which no letter means anything to make or a shell.
probe-nothing :=
probe-hash := \#
probe-word = $(subst $(probe-nothing) $(probe-nothing),_,$(subst %,^p,$(subst ',^q,$(subst $$,^d,$(subst =,^e,$(subst \
	:,^c,$(subst $(probe-hash),^h,$(subst ^,^^,$(strip $(1))))))))))

# The programs behind $(CC) and $(LD), by their inodes and times: found when the first
# question comes, and once for each pair.
probe-tools-of = $(call probe-word,$(shell { $(CC) -print-prog-name=cc1; $(CC) -print-prog-name=as; \
	printf '%s\n' $(filter-out -%,$(CC)) $(LD); } 2>/dev/null | \
	xargs sh -c 'for file; do command -v "$$file"; done' sh | xargs stat -L -c '%n,%i,%s,%.9Y,%.9Z'))
probe-pair = probe-tools<$(call probe-word,$(CC) $(LD))>
probe-tools = $(if $(filter undefined,$(origin $(probe-pair))),$(eval $(probe-pair) := $$(probe-tools-of)))$($(probe-pair))

# The answers that there are; read when the first question comes.
probe-yes = $(eval probe-yes := $$(shell cat '$$(UMDEV_PROBES)' 2>/dev/null))$(probe-yes)

# probe-lasts COMMAND: compiler or linker, fed with nothing, or with a line by printf
probe-lasts = $(if $(filter -include -imacros @%,$(1)),,$(if $(filter /dev/null - -v,$(1)),$(or \
	$(findstring ^$(strip $(CC)) ,^$(strip $(1)) ),$(findstring ^$(strip $(LD)) ,^$(strip $(1)) ),$(findstring \
	| $(strip $(CC)) ,$(strip $(1))))))

# probe-ask NAME,COMMAND: what it writes goes where Kbuild would have it
probe-dir = $(if $(findstring .tmp_,$(TMPOUT)),$(TMPOUT),.tmp_$$$$)
probe-ask = $(shell dir=$(probe-dir); TMP=$$dir/tmp; trap 'rm -rf "$$dir"' EXIT; mkdir -p "$$dir"; \
	if ($(2)) >/dev/null 2>&1; then echo y; { $(if $(1),printf '%s\n' '$(1)' >>'$(UMDEV_PROBES)',:); } 2>/dev/null; fi)

# probe NAME,COMMAND,IF-IT-WORKS,ELSE; without a name where the answer does not last
probe-works = $(or $(if $(1),$(filter $(1),$(probe-yes))),$(if $(call probe-ask,$(1),$(2)),y$(eval probe-yes += $(1))))
probe = $(if $(probe-works),$(3),$(4))

override try-run = $(call probe,$(if $(probe-lasts),probe<$(probe-tools)><$(call probe-word,$(1))>),$(1),$(2),$(3))
