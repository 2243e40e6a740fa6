// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev demo: the whole life of mediated devices, as somebody at a shell
 * would try it, on the unmodified mdev core. Which story is told depends on what
 * the driver's devices are (umdev_look.c): serial cards (umdev_demo_serial.c),
 * displays (umdev_demo_display.c), or anything else, which is shown by what it has
 * (umdev_demo_any.c).
 *
 * Every step says what it expects; a step that goes otherwise is marked, and
 * the exit status is not 0.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "umdev.h"
#include "umdev/umdev.h"
#include "umdev_look.h"

/* Of the modules that nobody uses the first, into a buffer of MODULE bytes. */
#define MODULE 64

static int unused(const char *module, void *arg)
{
	char path[128], count[16];

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", module);
	if (!*(char *)arg && read_text(path, count, sizeof(count)) > 0 && !atoi(count))
		snprintf(arg, MODULE, "%s", module);
	return 0;
}

/* Users before what they use; a driver may have brought others. */
static void unload_rest(struct session *s)
{
	char module[MODULE];
	int left;

	do {
		*module = '\0';
		um_readdir("/sys/module", unused, module);
	} while (*module && !sh_rmmod(s, module, 0));
	sh_ls(s, "/sys/module");
	say(s, "What is still alive? The audit looks at every object and every reference.");
	left = um_audit(NULL, NULL);
	step(s, "um_audit()", left ? -EBUSY : 0, 0, "%d objects left", left);
}

static int usage(FILE *to, int status)
{
	fprintf(to,
		"usage: umdev demo [--json] [--driver NAME] [--output FILE]\n\n"
		"  --json     the same for programs\n"
		"  --driver   a parent driver, any module that there is (one of serial cards, if\n"
		"             there is one); a display's picture is written as PNG\n"
		"  --output   where to (NAME.png in the build directory)\n");
	return status;
}

/* What is shown of which driver. */
struct plan {
	const char *name, *output;
	struct driver driver;
	int err;		/* of looking at it */
};

static void hint(const char *module, void *arg)
{
	fprintf(stderr, "%s %s", *(bool *)arg ? "" : "; those that need mdev are:", module);
	*(bool *)arg = true;
}

/* One whose file is there and that cannot be loaded is shown as such. */
static bool is_there(const char *module)
{
	const char *dir = getenv("UMDEV_MODULE_DIR");
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.ko", dir ? dir : UMDEV_MODULE_DIR, module);
	return !access(path, R_OK);
}

static int look(struct plan *p)
{
	if (!p->name) {
		p->name = p->driver.module;
		if (look_for_driver(&p->driver)) {
			fputs("umdev demo: no module here registers a parent of mdevs\n", stderr);
			return 2;
		}
	} else {
		p->err = look_at_driver(p->name, &p->driver);
	}
	if (p->err == -ENOENT && !is_there(p->name)) {
		bool any = false;

		fprintf(stderr, "umdev demo: no module '%s' here", p->name);
		look_for_modules(hint, &any);
		fprintf(stderr, "%s\n", any ? "" : ", and none that needs mdev");
		return 2;
	}
	if (!p->err && p->output && !p->driver.display) {
		fprintf(stderr, "umdev demo: --output: devices of %s have no picture\n", p->name);
		return 2;
	}
	return 0;
}

static void demonstrate(struct session *s, const struct plan *p)
{
	char picture[512];

	snprintf(picture, sizeof(picture), UMDEV_BINARY_DIR "/%s.png", p->name);
	if (p->err) {
		sh_modprobe(s, p->name, 0);
		if (p->err == -ENODEV)
			step(s, "a parent with a type", p->err, 0, "%s", "");
		return;
	}
	if (p->driver.display)
		demo_display(s, &p->driver, p->output ? p->output : picture);
	else if (p->driver.serial && p->driver.irq)
		demo_serial(s, &p->driver);
	else
		demo_any(s, &p->driver);
	unload_rest(s);
}

int demo_main(int argc, char **argv)
{
	struct plan plan = { .name = NULL };
	int i, err, surprises;
	bool json = false;
	struct session *s;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return usage(stdout, 0);
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (!option_value("demo", "--driver", argv, &i, &plan.name) &&
			 !option_value("demo", "--output", argv, &i, &plan.output))
			return wrong_option("demo", argv[i]);
	}
	catch_interrupt();
	err = um_boot(getenv("UMDEV_MODULE_DIR") ? NULL : UMDEV_MODULE_DIR);
	if (err) {
		fprintf(stderr, "umdev: the modelled kernel does not boot: %s\n", strerror(-err));
		return 2;
	}
	if (look(&plan)) {
		um_shutdown();
		return 2;
	}
	s = session_new(json);
	demonstrate(s, &plan);
	surprises = session_end(s);
	surprises += um_shutdown();
	if (!json)
		printf("\n%s\n", surprises ? "umdev: NOT everything went as said" :
		       "Everything went as said, and nothing is left.");
	return surprises != 0;
}
