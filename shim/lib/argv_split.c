// SPDX-License-Identifier: GPL-2.0-only
/* A text cut into its words, as an argument vector. */
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * um_argv_split() - argv_split(): the words of a string
 * @gfp: how to allocate
 * @s: the string, which is copied
 * @argc: the number of words, if not NULL
 *
 * Pointers, a NULL and the text they point into are one block.
 *
 * Context: as @gfp says.
 *
 * Return: the words, to be freed by argv_free(); NULL without memory.
 */
char **um_argv_split(gfp_t gfp, const char *s, int *argc)
{
	const char *p;
	char **argv, *text;
	int n = 0, i = 0;
	bool in_word = false;

	for (p = s; *p; p++) {
		if (!isspace(*p) && !in_word)
			n++;
		in_word = !isspace(*p);
	}
	argv = um_kmalloc((n + 1) * sizeof(*argv) + strlen(s) + 1, gfp);
	if (!argv)
		return NULL;
	text = strcpy((char *)(argv + n + 1), s);
	while (i < n) {
		text = skip_spaces(text);
		argv[i++] = text;
		while (*text && !isspace(*text))
			text++;
		if (*text)
			*text++ = '\0';
	}
	argv[n] = NULL;
	if (argc)
		*argc = n;
	return argv;
}
EXPORT_SYMBOL(um_argv_split);

/**
 * argv_free() - free what argv_split() gave
 * @argv: the words, or NULL
 */
void argv_free(char **argv)
{
	kfree(argv);
}
EXPORT_SYMBOL(argv_free);
