# SPDX-License-Identifier: GPL-2.0-only
#
# What compiler, assembler and linker can do, asked once. Kbuild asks some thirty such
# questions each time that it runs (try-run in scripts/Makefile.compiler), with half a
# dozen processes each: most of what it does where one file has changed.
#
# MAKEFILES names this file, so that it is read before Kbuild's own, and UMDEV_PROBES the
# file where the answers are kept. An answer is of one command, word for word, and of the
# very programs that it runs; any other question is asked. A Kbuild that asks in another
# way does so, and takes longer.

-include $(UMDEV_PROBES)

# Names of variables: without what would end one, or begin something else.
probe-nothing :=
probe-hash := \#
probe-name = $(subst $(probe-nothing) $(probe-nothing),_,$(subst $$,^d,$(subst =,^e,$(subst \
	:,^c,$(subst $(probe-hash),^h,$(subst ^,^^,$(strip $(1))))))))

# Compiler, its parts and the linker as files, by their inodes and times. Found when
# the first question comes, and once for each compiler.
probe-tools = $(if $(filter $(CC) $(LD),$(probe-tools-named)),,$(eval probe-tools-named := $(CC) $(LD))$(eval \
	probe-tools-are := $(shell for part in cc1 as ld; do $(CC) -print-prog-name=$$part; done 2>/dev/null | \
	xargs sh -c 'for file; do command -v "$$file"; done' sh $(firstword $(CC)) $(LD) | \
	xargs stat -L -c '%n,%i,%s,%.9Y,%.9Z')))$(call probe-name,$(probe-tools-are))

# probe-ask NAME,COMMAND: what it writes goes where Kbuild would have it
probe-dir = $(if $(findstring .tmp_,$(TMPOUT)),$(TMPOUT),.tmp_$$$$)
probe-ask = $(eval $(1) := $(shell dir=$(probe-dir); TMP=$$dir/tmp; trap 'rm -rf "$$dir"' EXIT; \
	mkdir -p "$$dir"; if ($(2)) >/dev/null 2>&1; then echo y; fi))$(file \
	>>$(UMDEV_PROBES),$(1) := $($(1)))

# probe NAME,COMMAND,IF-IT-WORKS,ELSE
probe = $(if $(filter undefined,$(origin $(1))),$(call probe-ask,$(1),$(2)))$(if $($(1)),$(3),$(4))

override try-run = $(call probe,probe<$(probe-tools)><$(call probe-name,$(1))>,$(1),$(2),$(3))
