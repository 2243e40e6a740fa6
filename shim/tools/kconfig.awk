# SPDX-License-Identifier: GPL-2.0-only
#
# Which symbols of a Kconfig file can be m, given what the shim is configured
# with: reads linux/autoconf.h (-v autoconf=FILE) and the Kconfig files, and
# prints "SYMBOL m" or "SYMBOL n EXPRESSION" for each symbol that they define,
# with what is not fulfilled. A symbol without a prompt is what others select;
# it counts as selected. Left out: types (an int is m or n, too), defaults,
# "visible if", "source".

function indent(line,	i, column) {
	for (i = 1; i <= length(line); i++)
		if (substr(line, i, 1) == "\t")
			column += 8 - column % 8
		else if (substr(line, i, 1) == " ")
			column++
		else
			break
	return column + 0
}

function token() {
	sub(/^[ \t]+/, "", rest)
	if (!match(rest, /^(&&|\|\||!=|=|[!()]|"[^"]*"|[A-Za-z0-9_.-]+)/))
		return tok = ""
	tok = substr(rest, 1, RLENGTH)
	rest = substr(rest, RLENGTH + 1)
	return tok
}

function primary(	value) {
	if (tok == "!") {
		token()
		return !primary()
	}
	if (tok == "(") {
		token()
		value = any()
		token()
		return value
	}
	value = is_set(tok)
	token()
	# a comparison is about a value that nobody has set
	if (tok == "=" || tok == "!=") {
		token()
		value = tok == "n" ? (value == 0) : value
		token()
	}
	return value
}

function all(	value) {
	value = primary()
	while (tok == "&&") {
		token()
		value = primary() && value
	}
	return value
}

function any(	value) {
	value = all()
	while (tok == "||") {
		token()
		value = all() || value
	}
	return value
}

function is_set(symbol,	keep_rest, keep_tok, i, value) {
	if (symbol == "m" || symbol == "y")
		return 1
	if (symbol in known)
		return known[symbol]
	if (!(symbol in count))
		return 0
	known[symbol] = 0	# on the path: a circle is not fulfilled
	keep_rest = rest
	keep_tok = tok
	value = 1
	for (i = 1; i <= count[symbol]; i++) {
		rest = depends[symbol, i]
		token()
		if (!any()) {
			value = 0
			why[symbol] = depends[symbol, i]
		}
	}
	rest = keep_rest
	tok = keep_tok
	return known[symbol] = value
}

BEGIN {
	while ((getline line < autoconf) > 0)
		if (match(line, /^#define CONFIG_[A-Z0-9_]+/)) {
			symbol = substr(line, 16, RLENGTH - 15)
			sub(/_MODULE$/, "", symbol)
			known[symbol] = 1
		}
}

# a line may be continued, and may end in a comment
{
	line = held $0
	held = ""
	if (line ~ /\\$/) {
		held = substr(line, 1, length(line) - 1)
		next
	}
	sub(/[ \t]+#.*$/, "", line)
	$0 = line
}
# a help text ends where a line is indented less than its first one
in_help {
	if ($0 ~ /^[ \t]*$/)
		next
	if (in_help < 0)
		in_help = indent($0) + 1
	if (indent($0) + 1 >= in_help && in_help > 1)
		next
	in_help = 0
}
/^[ \t]*(---)?help(---)?[ \t]*$/ { in_help = -1; next }

/^[ \t]*(menu)?config[ \t]/ {
	current = $2
	if (!(current in count)) {
		order[++symbols] = current
		count[current] = 0
	}
	# its own definition tells what it can be, whatever the shim models
	delete known[current]
	for (i = 1; i <= depth; i++)
		depends[current, ++count[current]] = around[i]
	next
}
/^[ \t]*if[ \t]/ { current = ""; expression = $0; sub(/^[ \t]*if[ \t]+/, "", expression); around[++depth] = expression; next }
/^[ \t]*endif/ { depth -= depth > 0; current = ""; next }
/^[ \t]*(menu|choice|comment|source|endmenu|endchoice|mainmenu)([ \t]|$)/ { current = ""; next }
current != "" && /^[ \t]*depends[ \t]+on[ \t]/ {
	expression = $0
	sub(/^[ \t]*depends[ \t]+on[ \t]+/, "", expression)
	depends[current, ++count[current]] = expression
}

END {
	for (i = 1; i <= symbols; i++)
		if (is_set(order[i])) {
			print order[i], "m"
		} else {
			gsub(/[ \t]+/, " ", why[order[i]])
			print order[i], "n", why[order[i]]
		}
}
