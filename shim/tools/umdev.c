// SPDX-License-Identifier: GPL-2.0-only
/* The command umdev: what can be done with the modelled kernel from a shell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "umdev.h"

volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
	interrupted = 1;
	signal(sig, SIG_DFL);
}

void catch_interrupt(void)
{
	signal(SIGINT, on_interrupt);
}

void exit_interrupted(void)
{
	fflush(NULL);
	fputs("\numdev: interrupted\n", stderr);
	_exit(130);
}

int wrong_option(const char *command, const char *option)
{
	fprintf(stderr, "umdev %s: %s '%s': see umdev %s --help\n", command,
		option[0] == '-' ? "unknown option" : "what is", option, command);
	return 2;
}

bool option_value(const char *command, const char *option, char **argv, int *i,
		  const char **value)
{
	size_t len = strlen(option);

	if (strncmp(argv[*i], option, len) || (argv[*i][len] && argv[*i][len] != '='))
		return false;
	*value = argv[*i][len] ? argv[*i] + len + 1 : argv[++*i];
	if (*value && **value)
		return true;
	fprintf(stderr, "umdev %s: %s needs a value: see umdev %s --help\n", command, option,
		command);
	exit(2);
}

static const struct {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "test", test_main, "build what tests need, run them, say what is wrong: after each edit" },
	{ "demo", demo_main, "create, use and remove mediated devices of a real parent driver" },
	{ "sweep", sweep_main, "each call that may fail fails in turn: is everything rolled back?" },
	{ "explore", explore_main, "operations at once, in every order to a bound: is all as it must be?" },
	{ "history", history_main, "known faults put into our sources: what catches each" },
	{ "missing", missing_main, "all that sources of a driver need and the shim lacks" },
};

static void usage(FILE *to)
{
	size_t i;

	fprintf(to, "usage: umdev COMMAND [ARGUMENT...]\n\n");
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].what);
	fprintf(to, "\n  --pci CARD   a PCI card that is there, such as 1af4:1110,bar0=64K,msi=4; again for more\n"
		    "  --version\n  -h, --help   of each command, too\n");
}

/* "--pci CARD", wherever it stands, goes to who boots the kernel; the arguments that are left. */
static int take_cards(int argc, char **argv)
{
	char cards[512] = "";
	int i, n = 0;

	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--pci")) {
			argv[n++] = argv[i];
			continue;
		}
		if (++i == argc || strlen(cards) + strlen(argv[i]) + 2 > sizeof(cards)) {
			fputs("umdev: --pci wants a card, such as 1af4:1110,bar0=64K\n", stderr);
			exit(2);
		}
		strcat(cards, argv[i]);
		strcat(cards, " ");
	}
	argv[n] = NULL;
	if (*cards)
		setenv("UMDEV_PCI", cards, 1);
	return n;
}

int main(int argc, char **argv)
{
	size_t i;

	argc = take_cards(argc, argv);
	if (argc < 2) {
		usage(stderr);
		return 2;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		usage(stdout);
		return 0;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("umdev %s\n", UMDEV_VERSION);
		return 0;
	}
	if (argv[1][0] == '-') {
		fprintf(stderr, "umdev: unknown option '%s': see umdev --help\n", argv[1]);
		return 2;
	}
	if (getenv("UMDEV_DETECTORS") && !strcmp(getenv("UMDEV_DETECTORS"), "off")) {
		fputs("umdev: detectors are off (UMDEV_DETECTORS): its commands say what they find\n",
		      stderr);
		return 2;
	}
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].main(argc - 1, argv + 1);
	fprintf(stderr, "umdev: no command '%s': see umdev --help\n", argv[1]);
	return 2;
}
