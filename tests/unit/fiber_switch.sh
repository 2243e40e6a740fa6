#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Fibers of processors that the suite does not run on: shim/host/fiber.c by
# ucontext, which is for those without a switch of their own, and that of
# aarch64, by a cross compiler and an emulator where they are installed. Each
# is built with a small program that switches between fibers in all ways.
set -euo pipefail
top=${UMDEV_SOURCE_DIR:?}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

cat >"$dir/main.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host/fiber.h"
#include "host/memory.h"

void *host_need(size_t size) { return calloc(1, size); }
void host_abort(void) { abort(); }
void host_memory_root(const void *p, size_t size) { (void)p; (void)size; }
void host_snapshot_spoil(void) { }

static struct host_fiber *self, *fibers[3];
static char trace[64];
static volatile double kept[3];

static void step(const char *what)
{
	strcat(trace, what);
}

/* What a call must keep is kept over a switch, floating point too. */
static void run(void *arg)
{
	long n = (long)arg;
	double own = n + 0.5;

	for (int i = 0; i < 3; i++) {
		step((const char *[]){ "a", "b", "c" }[n]);
		own *= 2;
		host_fiber_switch(fibers[(n + 1) % 3]);
	}
	kept[n] = own;
	host_fiber_leave(n == 2 ? self : fibers[n + 1]);
}

int main(void)
{
	self = host_fiber_adopt();
	for (int round = 0; round < 2; round++) {
		trace[0] = 0;
		for (long i = 0; i < 3; i++)
			fibers[i] = host_fiber_new(run, (void *)i);
		host_fiber_switch(fibers[0]);
		/* again, on stacks from the pool */
		for (int i = 0; i < 3; i++)
			host_fiber_free(fibers[i]);
		if (strcmp(trace, "abcabcabc") || kept[0] != 4 || kept[1] != 12 || kept[2] != 20) {
			printf("FAILED: %s %g %g %g\n", trace, kept[0], kept[1], kept[2]);
			return 1;
		}
	}
	return 0;
}
END
build() {
	"$@" -std=gnu11 -O1 -Wall -Wextra -Werror -Wno-unused-parameter -D_GNU_SOURCE -I"$top/shim" \
		"$top/shim/host/fiber.c" "$dir/main.c" -o "$dir/fibers"
}

build "${CC:-cc}" -DUMDEV_UCONTEXT
"$dir/fibers"
echo "ucontext: switches and keeps"

if ! command -v aarch64-linux-gnu-gcc >/dev/null; then
	echo "not compiled for aarch64: gcc-aarch64-linux-gnu is not installed"
	exit 0
fi
build aarch64-linux-gnu-gcc -static
if command -v qemu-aarch64 >/dev/null; then
	qemu-aarch64 "$dir/fibers"
	echo "aarch64: switches and keeps"
else
	echo "aarch64: compiles (qemu-user is not installed)"
fi
