#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/detectors: that everything the shim tells is planted somewhere and stands in
# the table, and that it would say so if not. TAP.
set -uo pipefail

top=${UMDEV_SOURCE_DIR:?}
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

whole=$("$top/tests/detectors")
report "all that is told is planted" $? "$whole"

# fresh: a copy of what it looks at, as it is
fresh() {
	rm -rf "$dir/tree"
	mkdir -p "$dir/tree/tests"
	cp -r "$top/shim" "$dir/tree/"
	cp -r "$top/tests/unit" "$top/tests/contract" "$top/tests/modules" "$dir/tree/tests/"
}

# says NAME WORDS: of the copy
says() {
	local out
	out=$("$top/tests/detectors" "$dir/tree")
	[ $? = 1 ] && [[ $out == *"$2"* ]]
	report "$1" $? "it says '$out', not '$2'"
}

fresh
sed -i '0,/^static /s//static void tell_more(void)\n{\n\tum_splat("lock", "a fault that nobody planted");\n}\n\nstatic /' \
	"$dir/tree/shim/lib/sort.c"
says "a message that no test expects" "no test expects 'lock: a fault that nobody planted'"

fresh
sed -i 's/um_object_new(pool, "DMA pool"/um_object_new(pool, "pool of some sort"/' "$dir/tree/shim/mm/dmapool.c"
says "a sort of object that no test leaves" "no test leaves something of the sort 'pool of some sort'"

fresh
sed -i 's/#define TASKLET\t"tasklet"/#define TASKLET\t"thing to be called"/' "$dir/tree/shim/kernel/softirq.c"
says "something in use that no test frees" "no test frees what holds a thing to be called"

fresh
sed -i '/^| dma | `dma.c`/d' "$dir/tree/shim/check/README.md"
says "a detector that is in no table" "shim/check/dma.c: the table of subscribers does not have it"

fresh
sed -i 's/memory_that_none_needs_is_not/another_name/' "$dir/tree/tests/unit/irq.c"
says "a test that there is not" "irq has no test memory_that_none_needs_is_not"

fresh
sed -i '/^| DMA that is undone in another way/d' "$dir/tree/shim/check/README.md"
says "a kind of report that is in no row" "DMA-API: told, and in no row"

echo "1..$count"
exit "$failed"
