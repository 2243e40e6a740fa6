/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session at the modelled kernel, written as a person at a shell would: each
 * step is printed as a command with what it answered, or collected as JSON.
 */
#ifndef UMDEV_TOOLS_UMDEV_H
#define UMDEV_TOOLS_UMDEV_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session;

struct session *session_new(bool json);
/* Prints the JSON, if that is what it is. Returns how many steps went otherwise than said. */
int session_end(struct session *s);
/* Uevents and kernel messages so far are of no interest. */
void session_forget(struct session *s);

/* A line of explanation before the steps that follow. */
void say(struct session *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Each runs one command. @want is the errno it must give, 0 for success: a
 * demonstration that is not what it says fails. They return the errno.
 */
int sh_modprobe(struct session *s, const char *name, int want);
int sh_insmod(struct session *s, const char *name, int want);
int sh_rmmod(struct session *s, const char *name, int want);
int sh_echo(struct session *s, const char *text, const char *path, int want);
int sh_cat(struct session *s, const char *path, int want);
int sh_ls(struct session *s, const char *path);
int sh_tree(struct session *s, const char *path);
int sh_readlink(struct session *s, const char *path);
/* Uevents and kernel messages since the last call. */
void sh_udevadm(struct session *s);
void sh_dmesg(struct session *s);
/* What a program did, and what it got: a step that is no shell command. */
int step(struct session *s, const char *command, long result, long want,
	 const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* One file, one read; for values that the demonstration needs itself. */
int read_text(const char *path, char *buf, size_t size);
int write_text(const char *path, const char *text);

/*
 * ^C: a command that is in the middle of something comes to an end that it can
 * tell of. A second one ends it at once.
 */
extern volatile sig_atomic_t interrupted;
void catch_interrupt(void);
void exit_interrupted(void) __attribute__((noreturn));

/* "umdev COMMAND: unknown option 'X'", and where help is; returns 2. */
int wrong_option(const char *command, const char *option);
/*
 * Is argv[*i] @option? Then its value goes to *value: what stands behind a "=", or the
 * next argument, which is gone to; without one the program ends with a line and status 2.
 */
bool option_value(const char *command, const char *option, char **argv, int *i,
		  const char **value);

int test_main(int argc, char **argv);
int explore_main(int argc, char **argv);
/* "umdev explore" of a parent driver: its name, and options. */
int explore_driver(int argc, char **argv);
int demo_main(int argc, char **argv);
int sweep_main(int argc, char **argv);
int history_main(int argc, char **argv);
int missing_main(int argc, char **argv);
struct driver;
/* The part of it that is about a display; a PNG goes to @output. */
void demo_display(struct session *s, const struct driver *d, const char *output);
/* For one whose devices are serial cards. */
void demo_serial(struct session *s, const struct driver *d);
/* And for any other driver. */
void demo_any(struct session *s, const struct driver *d);

#endif
