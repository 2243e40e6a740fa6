# SPDX-License-Identifier: GPL-2.0-only
#
# Lets make itself evaluate a kernel Makefile and prints what it would build,
# a line each:
#
#   module NAME OBJECT...     each module in obj-m
#   object OBJECT FLAGS       each of their objects, as the shell would get its
#                             flags: quotes are still there
#   subdir DIR                a directory to descend into
#   pass FLAGS                what holds below it, too (subdir-ccflags-y)
#   builtin OBJECT...         what obj-y puts into the kernel
#   cannot WHAT               what Kbuild does and this does not
#
# Given on the command line: kbuild-file, src, obj, srctree, umdev-passed (the
# flags from above), CC, umdev-version, CONFIG_*=m (or y), and umdev-asked: an
# object whose flags are wanted, whatever it becomes a part of.

.PHONY: umdev-print
umdev-print:

# A Makefile for both Kbuild and a person tells them apart by this.
KERNELRELEASE := $(umdev-version)
VERSION := $(word 1,$(subst ., ,$(umdev-version)))
PATCHLEVEL := $(word 2,$(subst ., ,$(umdev-version)))
SUBLEVEL := $(or $(word 3,$(subst ., ,$(umdev-version))),0)
ARCH := x86
SRCARCH := x86
KBUILD_EXTMOD := $(if $(filter $(srctree)/%,$(src)),,$(src))
objtree := $(obj)
srcroot := $(src)

# Kbuild's own flags, of which only what the Makefile says to them is wanted. They are
# exported, so a directory below gets them, too.
umdev-exported := NOSTDINC_FLAGS LINUXINCLUDE KBUILD_CPPFLAGS KBUILD_CFLAGS KBUILD_CFLAGS_MODULE CFLAGS_MODULE
$(foreach v,$(umdev-exported),$(eval $(v) :=))

# Kbuild's functions that Makefiles call.
umdev-try = $(shell $(CC) -Werror $(1:-Wno-%=-W%) -c -x c /dev/null -o /dev/null >/dev/null 2>&1 && echo y)
cc-option = $(if $(call umdev-try,$(1)),$(1),$(2))
cc-option-yn = $(if $(call umdev-try,$(1)),y,n)
cc-disable-warning = $(if $(call umdev-try,-W$(strip $(1))),-Wno-$(strip $(1)))
as-option = $(call cc-option,$(1),$(2))
as-instr = $(3)
ld-option = $(2)
umdev-gcc := $(shell echo __GNUC__ __GNUC_MINOR__ | $(CC) -E -P -x c - 2>/dev/null)
umdev-gcc-number := $(shell printf '%d%02d00' $(or $(umdev-gcc),0 0))
cc-ifversion = $(shell [ $(umdev-gcc-number) $(1) $(2) ] && echo $(3) || echo $(4))
gcc-min-version = $(shell [ $(umdev-gcc-number) -ge $(1) ] && echo y)
test-lt = $(shell [ $(1) -lt $(2) ] 2>/dev/null && echo y)
test-le = $(shell [ $(1) -le $(2) ] 2>/dev/null && echo y)
test-gt = $(shell [ $(1) -gt $(2) ] 2>/dev/null && echo y)
test-ge = $(shell [ $(1) -ge $(2) ] 2>/dev/null && echo y)

include $(kbuild-file)

# single-object modules have no list; a composite's list may be in three variables
umdev-once = $(if $(strip $(1)),$(strip $(firstword $(1)) \
	$(call umdev-once,$(filter-out $(firstword $(1)),$(1)))))
umdev-parts = $(call umdev-once,$($(1:.o=-objs)) $($(1:.o=-y)) $($(1:.o=-m)))
umdev-objects = $(or $(call umdev-parts,$(1)),$(1))
umdev-module = $(info module $(subst -,_,$(notdir $(1:.o=))) $(call umdev-objects,$(1)))

umdev-modules := $(call umdev-once,$(filter %.o,$(obj-m)))
umdev-subdirs := $(call umdev-once,$(filter %/,$(obj-m) $(obj-y)) $(addsuffix /,$(patsubst %/,%,$(subdir-m) $(subdir-y))))
umdev-subdir-flags = $(umdev-passed) $(foreach v,$(umdev-exported),$($(v))) $(subdir-ccflags-y) $(subdir-ccflags-m)
umdev-all-flags = $(filter-out $(ccflags-remove-y) $(ccflags-remove-m) $(subdir-ccflags-remove-y), \
	$(umdev-subdir-flags) $(ccflags-y) $(ccflags-m) $(EXTRA_CFLAGS))
# in a tree src is relative to srctree, for a driver outside it is not
umdev-clean = $(subst $(srctree)/$(src),$(src),$(1))
umdev-own-flags = $(if $(findstring /,$(1)),$(CFLAGS_$(1)) $(CFLAGS_$(notdir $(1))),$(CFLAGS_$(1)))
umdev-flags = $(filter-out $(CFLAGS_REMOVE_$(1)) $(if $(findstring /,$(1)),$(CFLAGS_REMOVE_$(notdir $(1)))), \
	$(umdev-all-flags) $(umdev-own-flags))
umdev-cannot = $(if $(strip $($(1))),$(info cannot $(1) ($(strip $($(1))))))

umdev-print:
	$(foreach m,$(umdev-modules),$(call umdev-module,$(m)))
	$(foreach o,$(sort $(umdev-asked) $(foreach m,$(umdev-modules),$(call umdev-objects,$(m)))), \
		$(info object $(o) $(call umdev-clean,$(call umdev-flags,$(o)))))
	$(info pass $(call umdev-clean,$(umdev-subdir-flags)))
	$(foreach d,$(umdev-subdirs),$(info subdir $(d)))
	$(if $(filter %.o,$(obj-y)),$(info builtin $(filter %.o,$(obj-y))))
	$(foreach v,lib-y lib-m hostprogs hostprogs-y always-y extra-y,$(call umdev-cannot,$(v)))
	@:
