#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What tests/kernel_doc.py tells of comments, by sources that are wrong in one
# thing each, and by one that is right. TAP.
set -uo pipefail
shopt -s lastpipe

top=${UMDEV_SOURCE_DIR:?}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
mkdir src
count=0
failed=0

# tells NAME TEXT [FILE]: of the source on standard input that is told, or nothing if TEXT is empty
tells() {
	local file=${3:-shim.c} out
	cat >"$file"
	out=$(python3 "$top/tests/kernel_doc.py" "$file")
	count=$((count + 1))
	if [[ -z $2 && -z $out || -n $2 && $out == *": $2" ]]; then
		echo "ok $count - $1"
		return
	fi
	echo "not ok $count - $1: it says '$out', not '$2'"
	failed=1
}

# source_of LINE BODY: a file with a function that sleeps, a helper that calls it, and one
# whose comment has LINE and whose body is BODY
source_of() {
	cat <<-C
	/**
	 * waits() - Waits
	 *
	 * Context: may sleep.
	 */
	void waits(void)
	{
		might_sleep();
	}
	EXPORT_SYMBOL(waits);

	static void helper(void)
	{
		waits();
	}

	/**
	 * does() - Does it
	 * @n: how often
	 *
	${1:+" * $1"}
	 * Return: 0.
	 */
	int does(int n)
	{
		$2
		return 0;
	}
	EXPORT_SYMBOL(does);
	C
}

source_of "" "quick(); /* no waits() */" | sed '/^$/d' | tells clean_source_is_not_complained_of ""
source_of "Context: may sleep." "waits();" | tells context_that_is_told_is_believed ""
source_of "" "waits();" | tells sleeper_must_say_so "does(): no 'Context:', and it may sleep in waits()"
source_of "" "helper();" |
	tells sleeper_behind_a_helper_must_say_so "does(): no 'Context:', and it may sleep in helper() > waits()"
source_of "Context: any." "" | tells any_alone_says_nothing "does(): 'Context: any' says nothing"
source_of "Context: any; needs no lock." "" | tells nor_does_any_with_nothing_behind_it "does(): 'Context: any; needs no lock' says nothing"
source_of "Context: any; takes a lock." "" |
	tells nor_does_it_before_what_is_to_be_said "does(): 'Context: any; takes a lock' says nothing"
source_of "Context: takes a lock, and so not with it held." "" | tells what_is_taken_says_something ""
source_of "" "" | tells framework_tells_every_context "does(): no 'Context:'" src/core.c
source_of "" "" | sed '/ \* @n:/d' | tells argument_must_be_described "does(): @n is not described"
source_of "" "" | sed '/ \* Return:/d' | tells result_must_be_described "does(): no 'Return:'"
source_of "" "" | sed '/ \* does()/d' | tells heading_must_be_there "does(): no kernel-doc"

echo "1..$count"
exit $failed
