// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev sweep: every failure point of the mdev core and of its parent drivers,
 * one after the other.
 *
 * A subject is a driver, a scenario one thing that is done with it. Drivers are
 * the modules that need mdev, but for those of tests, and any that is named;
 * what can be done with one is found by looking (umdev_look.c). After
 * all of them are swept, each place in the swept sources that may fail and
 * was never made to is told, and fails the command: it is code whose error
 * path nobody has seen.
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "umdev.h"
#include "umdev/umdev.h"
#include "umdev_look.h"
#include "umdev_steps.h"
#include "umdev_terminal.h"
#include "umdev_vfio.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define TEST_VENDOR "/sys/devices/virtual/mdev_test/vendor"
#define IMPORTER "/sys/devices/virtual/dmabuf_test/importer"
#define TEST_CREATE "/sys/devices/virtual/mdev_test/parent0/mdev_supported_types/mdev_test-1/create"

#define MAX_SUBJECTS	24

static struct vendor subjects[MAX_SUBJECTS] = {
	{ .name = "mdev", .create = TEST_CREATE, .mmap_region = -1 },
};
static unsigned int n_subjects = 1;

/* ---- steps ----------------------------------------------------------------------- */

static long no_undo(void *arg)
{
	return 0;
}

static long insert(void *arg)
{
	struct use *u = arg;

	return um_insmod(u->vendor->name, NULL);
}

static long unload(void *arg)
{
	struct use *u = arg;

	return um_rmmod(u->vendor->name);
}

/* A mode is set, its plane asked for, and taken as a dma-buf: a descriptor. */
static long get_plane(struct use *u)
{
	static const uint16_t mode[] = { 640, 480, 32, 0x41 };
	struct vfio_device_gfx_plane_info plane = {
		.argsz = sizeof(plane), .flags = VFIO_GFX_PLANE_TYPE_DMABUF,
		.drm_plane_type = 1,
	};
	struct vfio_region_info info;
	unsigned int i;
	long ret = vfio_region(&u->vfio, VFIO_PCI_BAR2_REGION_INDEX, &info);

	for (i = 0; ret >= 0 && i < 4; i++)
		ret = vfio_write(&u->vfio, info.offset + 0x502 + 2 * i, &mode[i], 2);
	if (ret >= 0)
		ret = user_ioctl(u->vfio.device, VFIO_DEVICE_QUERY_GFX_PLANE, &plane,
				 sizeof(plane));
	if (ret >= 0)
		ret = user_ioctl(u->vfio.device, VFIO_DEVICE_GET_GFX_DMABUF, &plane.dmabuf_id,
				 sizeof(plane.dmabuf_id));
	return ret;
}

static long use_plane(struct use *u)
{
	long ret = get_plane(u);

	return ret < 0 ? ret : um_close(ret);
}

/* Another device maps the dma-buf. */
static long import(void *arg)
{
	struct use *u = arg;
	char text[16];

	snprintf(text, sizeof(text), "%d", u->dmabuf);
	return step_put(IMPORTER "/import", text);
}

static long drop(void *arg)
{
	return step_put(IMPORTER "/drop", "1");
}

/* What an open device keeps until it is closed is made in here, too. */
static long session(void *arg)
{
	struct use *u = arg;
	long ret = step_open(u);

	if (ret)
		return ret;
	ret = step_memory(u);
	if (!ret && u->vendor->has & NEEDS_DMABUF)
		ret = use_plane(u);
	step_close(u);
	return ret;
}

/* A virtio driver sets the device up, sends and receives a packet, and resets it. */
static long round_trip(void *arg)
{
	return step_put(STEP_MDEV "/virtio/do", "round_trip");
}

/* The card's virtio device is the only one that there is. */
#define VIRTIO_DEVICE "virtio0"

static long bind_card(void *arg)
{
	return step_put("/sys/bus/mdev/drivers/virtio_mdev/bind", STEP_UUID);
}

static long unbind_card(void *arg)
{
	return step_put("/sys/bus/mdev/drivers/virtio_mdev/unbind", STEP_UUID);
}

static long bind_user(void *arg)
{
	return step_put("/sys/bus/virtio/drivers/virtio_test_driver/bind", VIRTIO_DEVICE);
}

static long unbind_user(void *arg)
{
	return step_put("/sys/bus/virtio/drivers/virtio_test_driver/unbind", VIRTIO_DEVICE);
}

/* ---- the core, by the parent driver of the tests ---------------------------------- */

static long register_parent(void *arg)
{
	return step_put(TEST_VENDOR "/register", "0");
}

static long unregister_parent(void *arg)
{
	return step_put(TEST_VENDOR "/unregister", "0");
}

static long insert_driver(void *arg)
{
	const struct use *u = arg;

	return um_insmod(u->driver, NULL);
}

static long unload_driver(void *arg)
{
	const struct use *u = arg;

	return um_rmmod(u->driver);
}

/* Whose the driver is that the device got. */
static long find_driver(struct use *u)
{
	char target[256];
	ssize_t n = um_readlink(STEP_MDEV "/driver/module", target, sizeof(target) - 1);
	const char *name;

	if (n < 0)
		return n;
	target[n] = '\0';
	name = strrchr(target, '/');
	snprintf(u->driver, sizeof(u->driver), "%s", name ? name + 1 : target);
	return 0;
}

/* ---- what a scenario starts from ----------------------------------------------------- */

static void teardown(void *arg)
{
	struct use *u = arg;
	struct um_stat st;

	if (u->dmabuf > 0)
		um_close(u->dmabuf);
	u->dmabuf = 0;
	if (u->vfio.container > 0)
		vfio_close(&u->vfio);
	u->vfio.container = 0;
	if (!um_stat(STEP_MDEV "/remove", &st, true))
		step_remove(u);
	unload_all();
}

/* With the drivers that it asks for. */
static long with_core(void *arg)
{
	return um_modprobe("mdev", NULL);
}

static long with_parent(void *arg)
{
	long err = with_core(arg);

	return err ? err : insert(arg);
}

static long with_device(void *arg)
{
	long err = with_parent(arg);

	return err ? err : step_create(arg);
}

static long with_virtio(void *arg)
{
	long err = with_device(arg);

	return err ? err : um_modprobe("mdev_test_virtio", NULL);
}

static long with_virtio_drivers(void *arg)
{
	long err = with_parent(arg);

	err = err ? err : um_insmod("virtio_mdev", NULL);
	return err ? err : um_modprobe("virtio_test_driver", NULL);
}

/* A card without virtio_mdev; and one with it, without a virtio driver. */
static long without_virtio_mdev(void *arg)
{
	long err = with_virtio_drivers(arg);

	err = err ? err : step_create(arg);
	return err ? err : unbind_card(arg);
}

static long without_virtio_driver(void *arg)
{
	long err = with_virtio_drivers(arg);

	err = err ? err : step_create(arg);
	return err ? err : unbind_user(arg);
}

static long with_open(void *arg)
{
	long err = with_device(arg);

	return err ? err : step_open(arg);
}

static long with_plane(void *arg)
{
	struct use *u = arg;
	long ret = with_open(u);

	ret = ret ? ret : um_insmod("dmabuf_test", NULL);
	ret = ret ? ret : get_plane(u);
	if (ret < 0)
		return ret;
	u->dmabuf = ret;
	return 0;
}

static long nothing(void *arg)
{
	return 0;
}

static long core_alone(void *arg)
{
	return um_insmod("mdev", NULL);
}

static long with_test_vendor(void *arg)
{
	long err = core_alone(arg);

	err = err ? err : um_insmod("mdev_test_control", NULL);
	return err ? err : um_insmod("mdev_test_parent", "autoregister=0");
}

static long with_registered(void *arg)
{
	long err = with_test_vendor(arg);

	return err ? err : register_parent(arg);
}

static long with_test_device(void *arg)
{
	long err = with_registered(arg);

	return err ? err : step_create(arg);
}

/* A device that waits for its driver. */
static long without_driver(void *arg)
{
	long err = with_parent(arg), ret = err ? err : step_create(arg);

	if (ret < 0)
		return ret;
	err = find_driver(arg);
	ret = step_remove(arg);
	err = err ? err : ret < 0 ? ret : unload_driver(arg);
	return err ? err : step_create(arg);
}

/* ---- the scenarios ------------------------------------------------------------------- */

struct row {
	const char *name;
	long (*setup)(void *arg);
	long (*run)(void *arg);
	long (*undo)(void *arg);
	bool takes_away;
	unsigned int needs;
};

static const struct row core_rows[] = {
	{ "load", nothing, insert, unload, false, 0 },
	{ "unload", core_alone, unload, insert, true, 0 },
	{ "register", with_test_vendor, register_parent, unregister_parent, false, NEEDS_TESTS },
	{ "unregister", with_registered, unregister_parent, register_parent, true, NEEDS_TESTS },
	{ "create", with_registered, step_create, step_remove, false, NEEDS_TESTS },
	{ "remove", with_test_device, step_remove, step_create, true, NEEDS_TESTS },
};

static const struct row driver_rows[] = {
	{ "load", with_core, insert, unload, false, 0 },
	{ "create", with_parent, step_create, step_remove, false, 0 },
	{ "bind", without_driver, insert_driver, unload_driver, false, NEEDS_IRQ },
	{ "open", with_device, step_open, step_close, false, NEEDS_VFIO },
	{ "ioctl-info", with_open, step_device_info, no_undo, false, NEEDS_VFIO },
	{ "ioctl-region", with_open, step_region_info, no_undo, false, NEEDS_VFIO },
	{ "ioctl-irq", with_open, step_irq_info, no_undo, false, NEEDS_VFIO },
	{ "ioctl-set-irqs", with_open, step_set_irq, step_clear_irq, false, NEEDS_IRQ },
	{ "ioctl-reset", with_open, step_reset, no_undo, false, NEEDS_VFIO },
	{ "ioctl-plane", with_open, step_query_plane, no_undo, false, NEEDS_DISPLAY },
	{ "read", with_open, step_read_config, no_undo, false, NEEDS_CONFIG },
	{ "write", with_open, step_write_config, no_undo, false, NEEDS_CONFIG },
	{ "mmap", with_open, step_map, step_unmap, false, NEEDS_MMAP },
	{ "import", with_plane, import, drop, false, NEEDS_TESTS | NEEDS_DMABUF },
	{ "session", with_device, session, no_undo, false, NEEDS_VFIO },
	{ "virtio", with_virtio, round_trip, no_undo, false, NEEDS_TESTS | NEEDS_VIRTIO },
	{ "virtio-create", with_virtio_drivers, step_create, step_remove, false, NEEDS_TESTS | NEEDS_VIRTIO },
	{ "virtio-bind", without_virtio_mdev, bind_card, unbind_card, false,
	  NEEDS_TESTS | NEEDS_VIRTIO },
	{ "virtio-driver", without_virtio_driver, bind_user, unbind_user, false,
	  NEEDS_TESTS | NEEDS_VIRTIO },
	{ "remove", with_device, step_remove, step_create, true, 0 },
	{ "unload", with_parent, unload, insert, true, 0 },
};

/* The core's, and those of each driver; also when some cannot be had. */
#define MAX_ROWS	(N(core_rows) + (MAX_SUBJECTS - 1) * N(driver_rows))

/* Places that no fault can be put into without the modules of the tests, and why. */
static const struct {
	const char *file, *func;
	const char *reason;
} unreachable[] = {
	{ "vfio-mdev/mbochs.c", "mbochs_dmabuf_map", "only another driver maps a dma-buf" },
};

/*
 * How far the sweep is, for a terminal. Scenarios cost very different times,
 * so each is counted and timed before the first fault; what is left is
 * estimated from that, at the pace so far. A fault costs more than the run
 * that it is put into (its place is named, all is compared), whatever that
 * run is: half of the work is taken to be the same for each.
 */
struct progress {
	bool on;
	struct plan {
		unsigned int faults;
		double work;		/* seconds, as timed without faults */
	} all, done, row[MAX_ROWS];
	unsigned int at_row;
	double started, drawn;		/* the clock's seconds; drawn: 0 for never */
};

struct totals {
	struct um_sweep sweep;
	json_object *rows;	/* NULL: text */
	const char *filter;	/* NULL: all */
	struct progress progress;
	unsigned int failed, missed;
};

/* ---- output ------------------------------------------------------------------------------ */

static const char *const outcomes[] = {
	"rolled back", "benign", "unnoticed", "not rolled back", "splat", "breaks what follows",
};

/* Nothing is shown of a sweep that is over before one would look. */
#define WORTH_SHOWING	2.0
#define REDRAW		0.1

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void wipe(struct progress *p)
{
	if (p->drawn)
		fputs("\r\033[K", stderr);
}

/* Seconds' worth of work, as timed without faults. */
static double work_of(const struct progress *p, const struct plan *part)
{
	return (part->work + p->all.work * part->faults / p->all.faults) / 2;
}

/* The pace is not known at once: a tenth of all is taken to be done as timed. */
static double seconds_left(const struct progress *p, const struct plan *done, double spent)
{
	double all = p->all.work, known = all / 10, work = work_of(p, done);

	return (all - work) * (spent + known) / (work + known);
}

/* ^C in the middle of a row: what is known so far is told. */
static void end_here(struct totals *t) __attribute__((noreturn));

static void on_progress(const char *scenario, unsigned int n, unsigned int of, void *arg)
{
	struct progress *p = &((struct totals *)arg)->progress;
	double at = now(), spent = at - p->started, left;
	struct plan done = p->done;

	if (interrupted)
		end_here(arg);
	if (!p->all.faults || at - p->drawn < REDRAW)
		return;
	done.faults += n;
	done.work += p->row[p->at_row].work * n / of;
	left = seconds_left(p, &done, spent);
	if (!p->drawn && spent + left < WORTH_SHOWING)
		return;
	wipe(p);
	p->drawn = at;
	fprintf(stderr, "%u of %u faults, about %.0f s left (%s)", done.faults, p->all.faults,
		left + 0.5, scenario);
}

static void on_fault(const struct um_fault *f, void *arg)
{
	struct totals *t = arg;

	if (f->outcome <= UM_FAULT_BENIGN)
		return;
	wipe(&t->progress);
	fprintf(stderr, "%s: fault %u%s: %s\n  %s, which returned %ld (%s)\n%s%s",
		f->scenario, f->n, f->every ? " and all later ones" : "", outcomes[f->outcome],
		f->site, f->error, f->error < 0 ? strerror(-f->error) : "success", f->stack,
		f->details);
}

static void row_done(struct totals *t, const char *name, const struct um_sweep *s, long err)
{
	json_object *o;

	wipe(&t->progress);
	if (!t->rows) {
		printf("%-24s %6u %7u %12u %7u %6u %8.2f\n", name, s->calls, s->faults,
		       s->rolled_back, s->benign, s->bad, s->ns / 1e9);
		if (err < 0)
			printf("  ended: %s\n", strerror(-err));
		fflush(stdout);
		return;
	}
	o = json_object_new_object();
	json_object_object_add(o, "scenario", json_object_new_string(name));
	json_object_object_add(o, "calls", json_object_new_int64(s->calls));
	json_object_object_add(o, "faults", json_object_new_int64(s->faults));
	json_object_object_add(o, "rolled_back", json_object_new_int64(s->rolled_back));
	json_object_object_add(o, "benign", json_object_new_int64(s->benign));
	json_object_object_add(o, "wrong", json_object_new_int64(s->bad));
	json_object_object_add(o, "error", json_object_new_int64(err < 0 ? err : 0));
	json_object_object_add(o, "seconds", json_object_new_double(s->ns / 1e9));
	json_object_array_add(t->rows, o);
}

/* ---- sweeping -------------------------------------------------------------------------------- */

static bool wanted(const struct totals *t, const char *subject, const char *row, const char *name)
{
	return !t->filter || !strcmp(t->filter, subject) || !strcmp(t->filter, row) ||
	       !strcmp(t->filter, name);
}

static bool has_tests(void)
{
	char path[1024];
	const char *dir = getenv("UMDEV_MODULE_DIR");

	snprintf(path, sizeof(path), "%s/mdev_test_parent.ko", dir ? dir : UMDEV_MODULE_DIR);
	return !access(path, R_OK);
}

static bool can(const struct vendor *s, unsigned int needs)
{
	unsigned int has = s->has | (has_tests() ? NEEDS_TESTS : 0);

	return !(needs & ~has);
}

/* Does @fn with each scenario that is asked for and can be had. */
static void for_each_row(struct totals *t,
			 void (*fn)(struct totals *t, const struct um_scenario *s))
{
	size_t i, k;

	for (i = 0; i < n_subjects; i++) {
		const struct row *rows = i ? driver_rows : core_rows;

		for (k = 0; k < (i ? N(driver_rows) : N(core_rows)); k++) {
			struct use use = { .vendor = &subjects[i] };
			struct um_scenario s = {
				.setup = rows[k].setup, .run = rows[k].run, .undo = rows[k].undo,
				.teardown = teardown, .takes_away = rows[k].takes_away,
				.arg = &use,
			};
			char name[sizeof(subjects[i].name) + 32];

			snprintf(name, sizeof(name), "%.63s:%s", subjects[i].name, rows[k].name);
			if (!wanted(t, subjects[i].name, rows[k].name, name) ||
			    !can(&subjects[i], rows[k].needs))
				continue;
			s.name = name;
			use.eventfd = eventfd(0, EFD_NONBLOCK);
			fn(t, &s);
			close(use.eventfd);
		}
	}
}

static void found_row(struct totals *t, const struct um_scenario *s)
{
	t->progress.at_row++;
}

/* Whether there is a scenario to sweep. */
static bool has_rows(struct totals *t)
{
	bool any;

	for_each_row(t, found_row);
	any = t->progress.at_row;
	t->progress.at_row = 0;
	return any;
}

static void add_plan(struct plan *to, const struct plan *row)
{
	to->faults += row->faults;
	to->work += row->work;
}

/* One that does not work is told when it is swept. */
static void count_row(struct totals *t, const struct um_scenario *s)
{
	struct progress *p = &t->progress;
	struct plan *row = &p->row[p->at_row++];
	uint64_t ns = 0;
	long calls = um_sweep_count(s, &ns);

	if (calls < 0) {
		s->teardown(s->arg);
		return;
	}
	row->faults = 2 * calls;
	row->work = row->faults * (ns / 1e9);
	add_plan(&p->all, row);
}

static void sweep_row(struct totals *t, const struct um_scenario *s)
{
	struct um_sweep one = { .report = on_fault, .progress = on_progress, .arg = t };
	struct progress *p = &t->progress;
	long err;

	err = um_sweep(s, &one);
	if (err < 0)
		s->teardown(s->arg);
	t->failed += err != 0;
	row_done(t, s->name, &one, err);
	t->sweep.scenarios += one.scenarios;
	t->sweep.calls += one.calls;
	t->sweep.faults += one.faults;
	t->sweep.rolled_back += one.rolled_back;
	t->sweep.benign += one.benign;
	t->sweep.bad += one.bad;
	t->sweep.ns += one.ns;
	add_plan(&p->done, &p->row[p->at_row++]);
}

static void sweep_all(struct totals *t)
{
	if (t->progress.on)
		for_each_row(t, count_row);
	t->progress.at_row = 0;
	t->progress.started = now();
	for_each_row(t, sweep_row);
}

/* ---- places never reached -------------------------------------------------------- */

static const char *why_unreachable(const struct um_site *s)
{
	size_t i;

	if (has_tests())
		return NULL;
	for (i = 0; i < N(unreachable); i++)
		if (strstr(s->file, unreachable[i].file) &&
		    !strcmp(s->func, unreachable[i].func))
			return unreachable[i].reason;
	return NULL;
}

static void on_site(const struct um_site *s, void *arg)
{
	struct totals *t = arg;

	if (s->fails || strstr(s->file, "shim/") || strstr(s->file, "tests/") ||
	    strstr(s->file, "kernel-glue/") || why_unreachable(s))
		return;
	if (!t->missed++ && !t->rows)
		puts("\nplaces that no fault reached:");
	if (!t->rows)
		printf("  %s:%u: %s in %s%s\n", s->file, s->line, s->what, s->func,
		       s->hits ? "" : " (never run)");
}

static void print_json(const struct totals *t)
{
	const struct um_sweep *s = &t->sweep;
	json_object *top = json_object_new_object();

	json_object_object_add(top, "scenarios", t->rows);
	json_object_object_add(top, "faults", json_object_new_int64(s->faults));
	json_object_object_add(top, "rolled_back", json_object_new_int64(s->rolled_back));
	json_object_object_add(top, "benign", json_object_new_int64(s->benign));
	json_object_object_add(top, "wrong", json_object_new_int64(s->bad));
	json_object_object_add(top, "sites_missed", json_object_new_int64(t->missed));
	json_object_object_add(top, "seconds", json_object_new_double(s->ns / 1e9));
	json_object_object_add(top, "interrupted", json_object_new_boolean(interrupted));
	puts(json_object_to_json_string_ext(top, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(top);
}

static void end_here(struct totals *t)
{
	wipe(&t->progress);
	if (t->rows)
		print_json(t);
	exit_interrupted();
}

static int finish(struct totals *t)
{
	const struct um_sweep *s = &t->sweep;

	if (!t->filter)
		um_sites(on_site, t);
	if (t->rows)
		print_json(t);
	else
		printf("\n%u scenarios, %u calls that may fail, %u faults in %.1f s:\n"
		       "%u rolled back, %u benign, %u wrong\n", s->scenarios, s->calls, s->faults,
		       s->ns / 1e9, s->rolled_back, s->benign, s->bad);
	return t->failed || t->missed ? 1 : 0;
}

/* ---- subjects ------------------------------------------------------------------------ */

/* The module before the colon of the filter, or all of it. */
static bool is_named(const char *module, const char *filter)
{
	size_t len = filter ? strcspn(filter, ":") : 0;

	return strlen(module) == len && !strncmp(module, filter, len);
}

/* Those of tests are looked at when they are asked for. */
static void add_subject(const char *module, void *arg)
{
	struct totals *t = arg;
	struct vendor *s = &subjects[n_subjects];
	struct driver d;
	int err;

	if (n_subjects == MAX_SUBJECTS || interrupted)
		return;
	err = look_at_driver(module, &d);
	/* what is asked for is tried in any case, and says then what is wrong */
	if ((err || d.of_tests) && !is_named(module, t->filter))
		return;
	vendor_of(&d, s);
	n_subjects++;
}

static void usage(FILE *to)
{
	fputs("usage: umdev sweep [--json] [SCENARIO]\n\n"
	      "Makes each call that may fail fail in turn, and checks that all is rolled back.\n"
	      "SCENARIO is a driver (mdev for the core, or any module that registers a parent),\n"
	      "a step (load, create, open, ...) or both (mtty:create). Without it everything is\n"
	      "swept, and places that no fault reached are told.\n", to);
}

int sweep_main(int argc, char **argv)
{
	struct totals t = { .progress.on = may_redraw(2) };
	bool json = false;
	int i, bad;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			usage(stdout);
			return 0;
		}
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (argv[i][0] == '-' || t.filter)
			return wrong_option("sweep", argv[i]);
		else
			t.filter = argv[i];
	}
	/* looking at the drivers may be interrupted, too */
	catch_interrupt();
	if (json)
		t.rows = json_object_new_array();
	if (um_boot(getenv("UMDEV_MODULE_DIR") ? NULL : UMDEV_MODULE_DIR))
		return 1;
	um_console_level(-1);
	look_for_modules(add_subject, &t);
	if (interrupted)
		end_here(&t);
	if (!has_rows(&t)) {
		fprintf(stderr, "umdev: no scenario '%s': see umdev sweep --help\n",
			t.filter ? t.filter : "");
		json_object_put(t.rows);
		um_shutdown();
		return 2;
	}
	if (!json)
		printf("%-24s %6s %7s %12s %7s %6s %8s\n", "scenario", "calls", "faults",
		       "rolled back", "benign", "wrong", "seconds");
	sweep_all(&t);
	bad = finish(&t);
	return um_shutdown() || bad;
}
