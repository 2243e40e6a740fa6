/* SPDX-License-Identifier: GPL-2.0-only */
/* What may be written to a descriptor besides text: lines that are redrawn, colours. */
#ifndef UMDEV_TOOLS_UMDEV_TERMINAL_H
#define UMDEV_TOOLS_UMDEV_TERMINAL_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A line may be written over: it is a terminal, and no dumb one. */
static inline bool may_redraw(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && *term && strcmp(term, "dumb");
}

/* How many columns a row has; 0: as many as it needs, it goes to no terminal. */
static inline int columns_of(int fd)
{
	struct winsize size;

	return isatty(fd) && !ioctl(fd, TIOCGWINSZ, &size) ? size.ws_col : 0;
}

/* https://no-color.org: the variable counts when it is not empty. */
static inline bool may_colour(int fd)
{
	const char *no = getenv("NO_COLOR");

	return may_redraw(fd) && !(no && *no);
}

#endif
