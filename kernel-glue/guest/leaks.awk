# SPDX-License-Identifier: GPL-2.0-only
#
# What kmemleak reports, less what Linux loses itself: of each object that is not
# known the whole report, of those that are a line for each reason. Exit status 1 if
# one is not known.
#
# Variable: known, the file known-splats.txt; a report is known where its title has
# the first field of a line, and any of its lines the second.

function passes(   i) {
	for (i = 1; i <= n; i++)
		if (index(title, title_has[i]) && index(report, line_has[i]))
			return i
	return 0
}
function judge(   i) {
	if (!title)
		return
	i = passes()
	if (i)
		seen[i]++
	else {
		printf "%s", report
		unknown = 1
	}
	title = report = ""
}

BEGIN {
	FS = "\t"
	while (known && (getline < known) > 0) {
		if ($0 ~ /^#/ || NF < 3)
			continue
		title_has[++n] = $1
		line_has[n] = $2
		reason[n] = $3
	}
}

/^unreferenced object / {
	judge()
	title = $0
}

title { report = report "# " $0 "\n" }

# what is no part of a report is none that could be known
!title {
	print "# " $0
	unknown = 1
}

END {
	judge()
	for (i = 1; i <= n; i++)
		if (seen[i])
			print "# known leaks of the kernel itself: " seen[i] ": " reason[i]
	exit unknown
}
