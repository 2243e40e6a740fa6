// SPDX-License-Identifier: GPL-2.0-only
/* The results of the benchmarks: a table for people, JSON for tools, checks. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "bench.h"

#define LIMIT	3.0

void report_checks(const struct results *r, struct check checks[N_CHECKS])
{
	const struct population *p = r->create_remove;

	checks[0] = (struct check) {
		.name = "create+remove: cost at 100,000 live mdevs / cost at 100",
		.ratio = p[3].seconds / p[0].seconds,
		.limit = LIMIT,
	};
	checks[1] = (struct check) {
		.name = "create+remove at 10,000: cost with a walked list / cost",
		.ratio = p[2].list_seconds / p[2].seconds,
	};
	checks[2] = (struct check) {
		.name = "read: cost through VFIO and vfio_mdev / cost of the op",
		.ratio = r->vfio_read / r->direct_read,
	};
	checks[3] = (struct check) {
		.name = "frame: cost through virtio and virtio_mdev / by the ops",
		.ratio = r->virtio_frame / r->direct_frame,
	};
}

bool report_passed(const struct check checks[N_CHECKS])
{
	int i;

	for (i = 0; i < N_CHECKS; i++)
		if (checks[i].limit && !(checks[i].ratio <= checks[i].limit))
			return false;
	return true;
}

/* ---- for people -------------------------------------------------------------- */

/* With the commas of thousands; for two numbers in one printf(). */
static const char *commas(unsigned long n)
{
	static char texts[4][32];
	static unsigned int next;
	char digits[24], *out = texts[next++ % 4];
	int len = snprintf(digits, sizeof(digits), "%lu", n), i, j = 0;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			out[j++] = ',';
		out[j++] = digits[i];
	}
	out[j] = '\0';
	return out;
}

static void population_text(const struct population *p)
{
	printf("  %11s  %10s  %8.1f us  %10s  %10.1f us  %8.1f\n", commas(p->live),
	       commas(1 / p->seconds), p->seconds * 1e6, commas(1 / p->list_seconds),
	       p->list_seconds * 1e6, p->list_seconds / p->seconds);
}

static void check_text(const struct check *c)
{
	printf("  %-57s  %8.1f", c->name, c->ratio);
	if (c->limit)
		printf("  at most %.0f: %s", c->limit, c->ratio <= c->limit ? "ok" : "FAILED");
	printf("\n");
}

void report_text(const struct results *r, const struct check checks[N_CHECKS])
{
	int i;

	printf("\ncreate+remove of an mdev through sysfs (medians)\n\n");
	printf("  %11s  %10s  %11s  %25s  %8s\n", "", "", "", "with a walked list of all", "times");
	printf("  %11s  %10s  %11s  %10s  %13s  %8s\n", "live mdevs", "per second", "each",
	       "per second", "each", "slower");
	for (i = 0; i < N_SIZES; i++)
		population_text(&r->create_remove[i]);

	printf("\nread of four bytes\n\n");
	printf("  %-35s  %8.0f ns\n", "the vendor's op, called", r->direct_read * 1e9);
	printf("  %-35s  %8.0f ns\n", "pread() through VFIO and vfio_mdev", r->vfio_read * 1e9);

	printf("\nframe of 64 bytes to a card of mvnet and back, time of processors\n\n");
	printf("  %-35s  %8.0f ns\n", "the vendor's ops, called", r->direct_frame * 1e9);
	printf("  %-35s  %8.0f ns\n", "a virtio driver on virtio_mdev", r->virtio_frame * 1e9);

	printf("\nload and unload of a module\n\n");
	for (i = 0; i < N_LOADS; i++)
		printf("  %-35s  %8.0f us\n", r->load[i].module, r->load[i].seconds * 1e6);

	printf("\nratios\n\n");
	for (i = 0; i < N_CHECKS; i++)
		check_text(&checks[i]);
	printf("\n");
}

/* ---- for tools ---------------------------------------------------------------------- */

static void add_number(json_object *to, const char *key, double value)
{
	json_object_object_add(to, key, json_object_new_double(value));
}

static json_object *create_remove_json(const struct results *r)
{
	json_object *all = json_object_new_array();
	int i;

	for (i = 0; i < N_SIZES; i++) {
		const struct population *p = &r->create_remove[i];
		json_object *o = json_object_new_object();

		json_object_object_add(o, "live", json_object_new_int(p->live));
		add_number(o, "seconds", p->seconds);
		add_number(o, "per_second", 1 / p->seconds);
		add_number(o, "list_seconds", p->list_seconds);
		add_number(o, "list_per_second", 1 / p->list_seconds);
		add_number(o, "list_times_slower", p->list_seconds / p->seconds);
		json_object_array_add(all, o);
	}
	return all;
}

static json_object *read_json(const struct results *r)
{
	json_object *o = json_object_new_object();

	add_number(o, "direct_seconds", r->direct_read);
	add_number(o, "vfio_seconds", r->vfio_read);
	return o;
}

static json_object *frame_json(const struct results *r)
{
	json_object *o = json_object_new_object();

	add_number(o, "direct_seconds", r->direct_frame);
	add_number(o, "virtio_seconds", r->virtio_frame);
	return o;
}

static json_object *load_json(const struct results *r)
{
	json_object *all = json_object_new_array();
	int i;

	for (i = 0; i < N_LOADS; i++) {
		json_object *o = json_object_new_object();

		json_object_object_add(o, "module", json_object_new_string(r->load[i].module));
		add_number(o, "seconds", r->load[i].seconds);
		json_object_array_add(all, o);
	}
	return all;
}

static json_object *checks_json(const struct check checks[N_CHECKS])
{
	json_object *all = json_object_new_array();
	int i;

	for (i = 0; i < N_CHECKS; i++) {
		const struct check *c = &checks[i];
		json_object *o = json_object_new_object();

		json_object_object_add(o, "name", json_object_new_string(c->name));
		add_number(o, "ratio", c->ratio);
		if (c->limit) {
			add_number(o, "limit", c->limit);
			json_object_object_add(o, "passed",
					       json_object_new_boolean(c->ratio <= c->limit));
		}
		json_object_array_add(all, o);
	}
	return all;
}

int report_json(const struct results *r, const struct check checks[N_CHECKS], const char *path)
{
	json_object *top = json_object_new_object();
	int ret;

	json_object_object_add(top, "create_remove", create_remove_json(r));
	json_object_object_add(top, "read", read_json(r));
	json_object_object_add(top, "frame", frame_json(r));
	json_object_object_add(top, "load", load_json(r));
	json_object_object_add(top, "checks", checks_json(checks));
	json_object_object_add(top, "passed", json_object_new_boolean(report_passed(checks)));
	errno = 0;
	ret = json_object_to_file_ext(path, top, JSON_C_TO_STRING_PRETTY |
				      JSON_C_TO_STRING_NOSLASHESCAPE);
	ret = ret ? -(errno ?: EIO) : 0;
	json_object_put(top);
	return ret;
}
