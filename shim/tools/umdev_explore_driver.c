// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev explore DRIVER: what can be done at once to the mediated devices of any
 * parent driver.
 *
 * What that is, is found by looking: a process of its own boots, loads the
 * driver, makes a device and tries each step and each attribute alone. What works
 * alone is an operation, and what does not is left out and told. A scenario
 * starts with a device, or without one where an operation makes it; with it open
 * where one uses it. Whoever takes a device away waits until it is closed, so the
 * last operation to use it closes it then.
 *
 * At once with others an operation may succeed, or say that the device is gone, in
 * use or not there yet. Afterwards each mdev that the bus lists can be removed,
 * and nothing is left; and once for each end that schedules come to, all can be
 * done again and unloaded.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "umdev.h"
#include "umdev/umdev.h"
#include "umdev_look.h"
#include "umdev_scenarios.h"
#include "umdev_steps.h"

#define OTHER_UUID	"83b8f4f2-509f-382f-3c1e-e6bfe0fa1002"
#define MDEVS		"/sys/bus/mdev/devices"
#define MAX_FILES	24
#define MAX_OPERATIONS	(MAX_FILES + 24)

/* What a start must be for an operation: without the device, or with it open. */
enum {
	MAKES = 1, USES = 2, CLOSES = 4, TAKES_AWAY = 8, UNLOADS = 16,
};

/* What the look has found, in memory that its process shares. */
struct found {
	int err;
	struct vendor vendor;
	char driver[256];
	struct file {
		char path[256];		/* below the device */
		char text[64];		/* what it says, to be written back; "" if it cannot be */
		char name[80], write[80];	/* of the operations */
	} file[MAX_FILES];
	unsigned int n_files;
	long tried[MAX_OPERATIONS];	/* what each operation gave alone */
};

static struct found *found;
static struct use use = { .vfio = { .container = -1, .group = -1, .device = -1 } };
static unsigned int users;	/* operations of this schedule that still use the open device */
static bool closes_last;	/* somebody waits for that */

/* ---- operations ------------------------------------------------------------------ */

static long create_other(void *arg)
{
	return step_put(use.vendor->create, OTHER_UUID);
}

static long read_types(void *arg)
{
	char dir[320], path[400], text[256];
	static const char *const names[] = { "available_instances", "name", "device_api" };
	long ret = 0, one;
	unsigned int i;

	snprintf(dir, sizeof(dir), "%s", use.vendor->create);
	*strrchr(dir, '/') = '\0';
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		one = read_text(path, text, sizeof(text));
		/* not each driver has each of them */
		if (one < 0 && one != -ENOENT)
			ret = one;
	}
	return ret;
}

static long set_and_clear_irq(void *arg)
{
	long ret = step_set_irq(&use);

	return ret ? ret : step_clear_irq(&use);
}

static long map_and_unmap(void *arg)
{
	struct use own = use;
	long ret = step_map(&own);

	return ret ? ret : step_unmap(&own);
}

static long unbind(void *arg)
{
	char path[400];

	snprintf(path, sizeof(path), "/sys/bus/mdev/drivers/%.255s/unbind", found->driver);
	return step_put(path, STEP_UUID);
}

static long drivers_probe(void *arg)
{
	return step_put("/sys/bus/mdev/drivers_probe", STEP_UUID);
}

static long unload(void *arg)
{
	return um_rmmod(use.vendor->name);
}

static const struct step {
	const char *name;
	long (*run)(void *arg);
	unsigned int needs;
	unsigned int has;	/* of the driver; 0: any */
} steps[] = {
	{ "create", step_create, MAKES, 0 },
	{ "create_other", create_other, 0, 0 },
	{ "remove", step_remove, TAKES_AWAY, 0 },
	{ "read_types", read_types, 0, 0 },
	{ "unbind", unbind, TAKES_AWAY, 0 },
	{ "drivers_probe", drivers_probe, 0, 0 },
	{ "info", step_device_info, USES, NEEDS_VFIO },
	{ "regions", step_region_info, USES, NEEDS_VFIO },
	{ "irqs", step_irq_info, USES, NEEDS_VFIO },
	{ "set_irq", set_and_clear_irq, USES, NEEDS_IRQ },
	{ "reset", step_reset, USES, NEEDS_VFIO },
	{ "read_config", step_read_config, USES, NEEDS_CONFIG },
	{ "write_config", step_write_config, USES, NEEDS_CONFIG },
	{ "memory", step_memory, USES, NEEDS_VFIO },
	{ "mmap", map_and_unmap, USES, NEEDS_MMAP },
	{ "plane", step_query_plane, USES, NEEDS_DISPLAY },
	{ "close", step_close, USES | CLOSES, NEEDS_VFIO },
	/* as well, where an open device does not hold the driver's module */
	{ "unload", unload, TAKES_AWAY | UNLOADS, 0 },
};

#define N_STEPS	(sizeof(steps) / sizeof(steps[0]))

static long read_file(void *arg)
{
	const struct file *f = arg;
	char text[4096];
	long ret = read_text(f->path, text, sizeof(text));

	return ret < 0 ? ret : 0;
}

static long write_file(void *arg)
{
	const struct file *f = arg;

	return step_put(f->path, f->text);
}

/* One that uses the open device. */
static long use_it(void *arg)
{
	const struct step *step = arg;
	long ret = step->run(&use);

	if (!--users && closes_last)
		step_close(&use);
	return ret;
}

/* ---- what there is ---------------------------------------------------------------- */

static int boot(void);
static long set_up(unsigned int needs);
static long put_back(unsigned int needs);

static struct operation operations[MAX_OPERATIONS];
static struct subject subject = {
	.operations = operations, .once = CLOSES, .apart = MAKES | USES, .unloads = UNLOADS,
	.boot = boot, .set_up = set_up, .put_back = put_back,
};

static void add_operation(const char *name, long (*run)(void *arg), unsigned int needs, void *arg)
{
	/* that it is gone, going, in use, or not there yet */
	static const long errors[] = {
		-ENODEV, -ENOENT, -ENXIO, -EBUSY, -EAGAIN, -EEXIST, -EIO, -EBADF, -EINVAL,
	};
	struct operation *op = &operations[subject.n++];

	*op = (struct operation){ .name = name, .run = run, .needs = needs, .arg = arg };
	memcpy(op->errors, errors, sizeof(errors));
}

/* The same in each process: what was found is in memory that they share. */
static void list_operations(void)
{
	unsigned int i;

	subject.n = 0;
	for (i = 0; i < N_STEPS; i++) {
		if (steps[i].has & ~found->vendor.has)
			continue;
		if (steps[i].needs & USES && !(steps[i].needs & CLOSES))
			add_operation(steps[i].name, use_it, steps[i].needs, (void *)&steps[i]);
		else
			add_operation(steps[i].name, steps[i].run, steps[i].needs, &use);
	}
	for (i = 0; i < found->n_files; i++) {
		struct file *f = &found->file[i];

		add_operation(f->name, read_file, 0, f);
		if (*f->text)
			add_operation(f->write, write_file, 0, f);
	}
}

static void drop_what_failed(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < subject.n; i++) {
		if (!found->tried[i]) {
			operations[n++] = operations[i];
			continue;
		}
		fprintf(stderr, "umdev explore: %s: '%s' alone gives %s: left out\n",
			found->vendor.name, operations[i].name,
			strerrorname_np(-found->tried[i]) ?: "something else than 0");
	}
	subject.n = n;
}

/* ---- before and after a schedule --------------------------------------------------- */

static bool exists(const char *path)
{
	struct um_stat st;

	return !um_stat(path, &st, true);
}

static int load(void)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", found->vendor.name);
	return exists(path) ? 0 : um_modprobe(found->vendor.name, NULL);
}

static int boot(void)
{
	int err = load();

	unload_all();
	um_audit_mark();
	return err;
}

static long set_up(unsigned int needs)
{
	long err = load();

	users = scenario_needing(USES);
	closes_last = needs & TAKES_AWAY;
	if (!err && !(needs & MAKES))
		err = step_create(&use);
	if (!err && needs & USES)
		err = step_open(&use);
	return err;
}

static int remove_listed(const char *name, void *arg)
{
	char path[400];
	long ret;

	snprintf(path, sizeof(path), MDEVS "/%s/remove", name);
	ret = step_put(path, "1");
	if (ret) {
		fprintf(stderr, "%s gives %s\n", path, strerrorname_np(-ret));
		*(long *)arg = 1;
	}
	return 0;
}

static long put_back(unsigned int needs)
{
	static bool loaded_once;	/* and not unloaded since */
	long wrong = 0;

	step_close(&use);
	um_readdir(MDEVS, remove_listed, &wrong);
	if (wrong)
		return wrong;
	if (needs & UNLOADS) {
		unload_all();
		loaded_once = false;
	} else if (!loaded_once) {
		/* the modules stay; what they are now is no schedule's */
		loaded_once = true;
		um_audit_mark();
	}
	return um_audit(NULL, NULL);
}

/* ---- looking ---------------------------------------------------------------------------- */

/* Not what the driver core has of every device, nor what takes the device away. */
static bool is_of_the_driver(const char *name)
{
	static const char *const others[] = {
		"remove", "uevent", "driver_override", "waiting_for_supplier", "dev", "power",
		"driver", "subsystem", "iommu_group", "mdev_type",
	};
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(name, others[i]))
			return false;
	return true;
}

static void add_file(const char *path)
{
	struct file *f = &found->file[found->n_files];
	const char *name = strrchr(path, '/') + 1;
	char text[sizeof(f->text)] = "";
	struct um_stat st;

	if (found->n_files == MAX_FILES || um_stat(path, &st, false) || strlen(path) >= sizeof(f->path))
		return;
	strcpy(f->path, path);
	snprintf(f->name, sizeof(f->name), "read_%.60s", name);
	snprintf(f->write, sizeof(f->write), "write_%.60s", name);
	if (read_text(path, text, sizeof(text)) > 0 && st.mode & 0200)
		snprintf(f->text, sizeof(f->text), "%s", text);
	found->n_files++;
}

/* Its attributes, and those of its groups. */
static void look_at_files(const char *dir, unsigned int deep)
{
	struct names l;
	char path[512];
	struct um_stat st;
	unsigned int i;

	list_names(dir, &l);
	for (i = 0; i < l.n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, l.name[i]);
		if (!is_of_the_driver(l.name[i]) || um_stat(path, &st, false))
			continue;
		if (S_ISREG(st.mode))
			add_file(path);
		else if (S_ISDIR(st.mode) && deep)
			look_at_files(path, deep - 1);
	}
}

static void find_driver(void)
{
	char target[256];
	ssize_t n = um_readlink(STEP_MDEV "/driver", target, sizeof(target) - 1);

	target[n < 0 ? 0 : n] = '\0';
	snprintf(found->driver, sizeof(found->driver), "%s",
		 strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
}

/* Each alone, from the start that it needs. */
static void try_all(void)
{
	unsigned int i;

	for (i = 0; i < subject.n; i++) {
		const struct operation *op = &operations[i];

		users = 1;
		closes_last = false;
		found->tried[i] = load();
		if (!found->tried[i] && !(op->needs & MAKES))
			found->tried[i] = step_create(&use);
		if (!found->tried[i] && op->needs & USES)
			found->tried[i] = step_open(&use);
		if (!found->tried[i])
			found->tried[i] = op->run(op->arg);
		step_close(&use);
		put_back(UNLOADS);
	}
}

/* In a process of its own. */
static void look(const char *module)
{
	struct driver d;

	use.vendor = &found->vendor;
	use.eventfd = eventfd(0, EFD_NONBLOCK);
	found->err = um_boot(NULL);
	if (!found->err)
		found->err = look_at_driver(module, &d);
	if (found->err)
		return;
	vendor_of(&d, &found->vendor);
	found->err = load();
	if (!found->err)
		found->err = step_create(&use);
	if (found->err)
		return;
	find_driver();
	look_at_files(STEP_MDEV, 1);
	step_remove(&use);
	list_operations();
	try_all();
}

static int look_in_child(const char *module)
{
	int status;
	pid_t pid;

	found = mmap(NULL, sizeof(*found), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (found == MAP_FAILED)
		return -ENOMEM;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		look(module);
		scenarios_end_child();
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return status ? -ECHILD : found->err;
}

static const char *why(int err)
{
	return err == -ENOENT ? "there is no such module" :
	       err == -ENODEV ? "it registers no parent of mediated devices" :
	       err == -ECHILD ? "it did not live through a look at it" : strerror(-err);
}

/* @argv: the driver's name, and options. */
int explore_driver(int argc, char **argv)
{
	int err = look_in_child(argv[0]);

	if (err) {
		fprintf(stderr, "umdev explore: %s cannot be explored: %s\n", argv[0], why(err));
		return 2;
	}
	use.vendor = &found->vendor;
	use.eventfd = eventfd(0, EFD_NONBLOCK);
	list_operations();
	drop_what_failed();
	subject.name = found->vendor.name;
	return scenarios_main(&subject, argc, argv);
}
