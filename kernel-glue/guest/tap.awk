# SPDX-License-Identifier: GPL-2.0-only
#
# One TAP stream out of what init sends: each program's tests renumbered and
# named PROGRAM: TEST, a plan at the end. Exit status 1 if a test failed, if a
# program ended with an error or with fewer tests than its plan, or if "@end"
# is missing. What a later kernel than 6.1 does otherwise, and differences.txt
# says so, is no failure where it fails on such a kernel, and one where it does not.
#
# Several guests take turns, a program at a time.
#
# Variables: total, for the progress; release, of the kernel; differences, the file;
# guests, how many; times, a file for the seconds that each program said, or empty.

function say(line) { print line; fflush() }
function number(version,   part) {
	split(version, part, ".")
	return part[1] * 1000 + part[2]
}
function result(ok, name,   test) {
	n++
	# the program's exit status speaks of those that were changed, too
	if (!ok) failures++
	test = name
	sub(/ Could not run test.*/, "", test)
	if (test in changed) {
		if (ok)
			name = name ": passes, though changed by " changed[test]
		else {
			name = test " # changed by " changed[test]
			differing++
		}
		ok = !ok
	}
	if (ok) good++
	else bad++
	say((ok ? "ok " : "not ok ") n " - " name)
	seen++
	if (program && program !~ /[.]sh$/) contract++
}

# Seconds; not every awk knows them itself.
function now(   t) {
	"date +%s" | getline t
	close("date +%s")
	return t
}
# By the tests that are done: those that need long are not all at the end.
function progress() {
	if (!total)
		return ""
	if (contract && contract < total)
		left = sprintf(", about %d s to go", (now() - began) * (total - contract) / contract)
	else
		left = ""
	return sprintf(" (%d of %d contract tests done%s)", contract, total, left)
}

function ended_in_it() {
	result(0, program ": " test ": the guest ended in the middle of it")
	lost++
	program = ""
}

BEGIN {
	FS = "\t"
	while (differences && (getline < differences) > 0)
		if ($1 ~ /^changed / && number(substr($1, 9)) <= number(release))
			changed[$2] = substr($1, 9) ": " $3
	FS = " "
	began = now()
	if (total)
		say("# " total " contract tests")
}

{ sub(/\r$/, "") }

/^@run / {
	# of another guest than this one
	if (program)
		ended_in_it()
	program = $2
	programs++
	test = ""
	planned = -1
	seen = 0
	failures = 0
	say("# " program progress())
	next
}

/^@test / {
	test = $2
	next
}

/^@status / {
	if (times)
		print program, $4 >times
	if ($3 == 77 && planned < 0) {
		n++
		skipped++
		say("ok " n " - " program " # SKIP " reason)
	} else if (planned < 0) {
		result($3 == 0, program ($3 == 0 ? "" : ": exit status " $3))
	} else if (seen < planned) {
		result(0, program ": " planned - seen " tests have no result, exit status " $3)
	} else if ($3 != 0 && !failures) {
		result(0, program ": exit status " $3)
	}
	planned = -1
	program = ""
	next
}

/^@hang / {
	say("# " substr($0, 2))
	next
}

/^@fail / {
	result(0, substr($0, 7))
	next
}

/^@end/ {
	ended++
	next
}

/^1\.\.[0-9]+/ {
	planned = substr($0, 4) + 0
	next
}

/^(not )?ok / {
	ok = $1 == "ok"
	name = $0
	sub(/^(not )?ok [0-9]* *-? */, "", name)
	# cmocka 1.1.5 writes "not ok N # SKIP name"
	if (name ~ /# SKIP/) {
		n++
		seen++
		contract++
		skipped++
		sub(/# SKIP */, "", name)
		say("ok " n " - " program ": " name " # SKIP " reason)
		reason = ""
	} else {
		result(ok, program ": " name)
	}
	next
}

# t_skip() says why just before cmocka reports the skip
/\[  REASON  \]/ {
	reason = $0
	sub(/.*\[  REASON  \] */, "", reason)
	next
}

/^# (not )?ok - / {
	next
}

/^#/ {
	say($0)
	next
}

NF {
	say("# " $0)
}

END {
	if (!guests)
		guests = 1
	if (program && ended < guests)
		ended_in_it()
	if (ended + lost < guests)
		result(0, "the guest did not reach its end")
	say("1.." n)
	say(sprintf("# %d passed%s, %d failed, %d skipped in %d programs", good,
		    differing ? " (" differing " changed by a later kernel)" : "", bad, skipped, programs))
	exit bad || ended < guests || !n
}
