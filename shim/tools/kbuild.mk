# SPDX-License-Identifier: GPL-2.0-only
#
# Lets make itself evaluate a kernel Makefile and prints what it would build:
# one line "module NAME objects..." per module in obj-m, and before them
# "flags ..." with the compiler flags for all of them. Given on the command
# line: kbuild-file, src, obj, srctree, and CONFIG_*=m (or y).

.PHONY: umdev-print
umdev-print:

include $(kbuild-file)

# single-object modules have no list; a composite's list may be in three variables
umdev-parts = $(strip $($(1:.o=-objs)) $($(1:.o=-y)) $($(1:.o=-m)))
umdev-objects = $(or $(call umdev-parts,$(1)),$(1))
umdev-module = $(info module $(subst -,_,$(1:.o=)) $(call umdev-objects,$(1)))

umdev-print:
	$(info flags $(subdir-ccflags-y) $(subdir-ccflags-m) $(ccflags-y) $(ccflags-m) $(EXTRA_CFLAGS))
	$(foreach m,$(filter %.o,$(obj-m)),$(call umdev-module,$(m)))
	@:
