// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who of an object's holders has forgotten to put it?
 *
 * A kernel reference does not name its holder, so gets and puts are paired by
 * how such code is written. A function gives back what it took itself, or a
 * helper of its took; what a device_add() took its device_del() gives back; the
 * first reference is dropped by whoever ends the object, in another function
 * than made it. Those pairs are made in the order of their certainty; gets that
 * are left over have lost their put. With several objects in one report counts
 * are paired, not references.
 *
 * That is a guess, and used as one: to choose which stack is shown first.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "check/holders.h"
#include "check/object_internal.h"
#include "check/report.h"
#include "host/host.h"

/* One stack's gets, or its puts. */
struct trace {
	struct um_trace at;
	int left;		/* without partner */
	int partner;		/* of a get: its put that is the most certain; -1: none */
};

struct pairing {
	unsigned int n;
	struct trace *get, *put;	/* of each holder; a last get is the birth */
};

static void add_frame(struct um_trace *t, const struct host_symbol *s, unsigned int *own,
		      bool *outside)
{
	if (!um_report_is_own(s)) {
		if (!*own)
			host_snprintf(t->api, sizeof(t->api), "%s", s->function);
		else
			*outside = true;
		return;
	}
	if (!*own)
		host_snprintf(t->object, sizeof(t->object), "%.63s", s->object);
	if (*own < UM_CALLERS && !*outside)
		host_snprintf(t->own[(*own)++], sizeof(t->own[0]), "%.63s", s->function);
}

void um_read_trace(struct um_trace *t, void *const *pc, unsigned int depth)
{
	struct host_symbol s[HOST_INLINED];
	char module[64] = "";
	unsigned int i, k, n, own = 0, named = 0;
	bool outside = false;

	for (i = 0; i < depth; i++) {
		n = host_find_symbols(pc[i], s, HOST_INLINED);
		for (k = 0; k < n; k++) {
			add_frame(t, &s[k], &own, &outside);
			if (s[k].shim && !strcmp(s[k].function, "do_init_module"))
				host_snprintf(t->init_of, sizeof(t->init_of), "%s", module);
			if (um_report_is_own(&s[k]))
				host_snprintf(module, sizeof(module), "%.63s", s[k].object);
		}
		if (own && !named)
			t->at = pc[i];
		for (; named < own; named++)
			t->called_from[named] = i + 1 < depth ? pc[i + 1] : NULL;
	}
}

/*
 * Does nothing but take or drop a reference, by its name; device_add() does more.
 * The call that was registered is itself no part of a stack: no name is one.
 */
static bool is_plain(const char *function)
{
	static const char *const words[] = { "get", "put", "hold", "drop", "ref", "grab", "take" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(function, words[i]))
			return true;
	return !*function;
}

/* Words that tell a function from its inverse. */
static bool is_verb(const char *word, size_t len)
{
	static const char *const verbs[] = {
		"add", "del", "register", "unregister", "create", "destroy", "remove", "init",
		"and", "new", "alloc", "free", "open", "close", "release", "link", "unlink",
		"begin", "end", "exit", "start", "stop", "enter", "leave", "bind", "unbind",
		"probe", "attach", "detach", "set", "clear",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (strlen(verbs[i]) == len && !strncmp(verbs[i], word, len))
			return true;
	return false;
}

/* "device" of device_add() and of device_del() */
static void stem_of(const char *api, char *stem, size_t size)
{
	size_t len, used = 0;

	stem[0] = '\0';
	for (; *api; api += len + (api[len] == '_')) {
		len = strcspn(api, "_");
		if (len && !is_verb(api, len) && used + len + 2 < size)
			used += host_snprintf(stem + used, size - used, "%.*s_", (int)len, api);
	}
}

static bool same_api(const struct trace *get, const struct trace *put)
{
	char a[64], b[64];

	if (is_plain(get->at.api) || is_plain(put->at.api))
		return false;
	stem_of(get->at.api, a, sizeof(a));
	stem_of(put->at.api, b, sizeof(b));
	return !strcmp(a, b);
}

static bool same_function(const struct trace *get, const struct trace *put)
{
	return *get->at.own[0] && !strcmp(get->at.own[0], put->at.own[0]);
}

/* Each in a helper made for that, which the same function called. */
static bool same_caller(const struct trace *get, const struct trace *put)
{
	return is_plain(get->at.own[0]) && is_plain(put->at.own[0]) && *get->at.own[1] &&
	       !strcmp(get->at.own[1], put->at.own[1]);
}

/* mdev_type_create() and mdev_type_release() */
static bool same_subject(const struct trace *get, const struct trace *put)
{
	char a[64], b[64];

	stem_of(get->at.own[0], a, sizeof(a));
	stem_of(put->at.own[0], b, sizeof(b));
	return *a && !strcmp(a, b);
}

static bool implied_put(const struct trace *get, const struct trace *put)
{
	return !is_plain(put->at.api);
}

static bool both_implied(const struct trace *get, const struct trace *put)
{
	return !is_plain(get->at.api) && !is_plain(put->at.api);
}

static bool related(const struct trace *get, const struct trace *put)
{
	unsigned int i, k;

	for (i = 0; i < UM_CALLERS; i++)
		for (k = 0; k < UM_CALLERS; k++)
			if (*get->at.own[i] && !strcmp(get->at.own[i], put->at.own[k]))
				return true;
	return false;
}

static bool any(const struct trace *get, const struct trace *put)
{
	return true;
}

static void pair(struct pairing *p, unsigned int first_get, unsigned int end_get,
		 bool (*match)(const struct trace *get, const struct trace *put))
{
	unsigned int g, k;
	int both;

	for (g = first_get; g < end_get; g++) {
		for (k = 0; k < p->n && p->get[g].left; k++) {
			if (!p->put[k].left || !match(&p->get[g], &p->put[k]))
				continue;
			both = min(p->get[g].left, p->put[k].left);
			p->get[g].left -= both;
			p->put[k].left -= both;
			if (p->get[g].partner < 0)
				p->get[g].partner = k;
		}
	}
}

static unsigned int count_uses(struct object *const *objects, unsigned int n)
{
	unsigned int i, uses = 0;
	const struct use *u;

	for (i = 0; i < n; i++)
		for (u = objects[i]->uses; u; u = u->next)
			uses++;
	return uses;
}

unsigned int um_object_holders(struct object *const *objects, unsigned int n,
			       struct um_holder **out)
{
	struct um_holder *h = host_need((count_uses(objects, n) + 1) * sizeof(*h));
	unsigned int i, k, n_holders = 0;
	const struct use *u;

	for (i = 0; i < n; i++) {
		for (u = objects[i]->uses; u; u = u->next) {
			for (k = 0; k < n_holders && h[k].pc != u->stack->pc; k++)
				;
			if (k == n_holders) {
				h[n_holders].depth = u->stack->depth;
				h[n_holders++].pc = u->stack->pc;
			}
			h[k].gets += u->gets;
			h[k].puts += u->puts;
		}
	}
	*out = h;
	return n_holders;
}

bool um_is_helper(const char *function)
{
	return *function && (is_plain(function) || strstr(function, "alloc"));
}

bool um_taken_for(const struct um_trace *get, const struct um_trace *born)
{
	const char *taker = get->own[0];
	unsigned int i;

	if (!*born->own[0])
		return false;
	if (is_plain(taker) && *get->own[1])
		taker = get->own[1];
	if (is_plain(get->api))
		return !strcmp(taker, born->own[0]);
	for (i = 0; i < UM_CALLERS; i++)
		if (!strcmp(taker, born->own[i]))
			return true;
	return false;
}

unsigned int um_pair_holders(struct um_holder *h, unsigned int n, void *const *born,
			     unsigned int n_born, unsigned int births)
{
	struct pairing p = { .n = n };
	unsigned int i, left;

	p.get = host_need((n + 1) * sizeof(*p.get));
	p.put = host_need((n + 1) * sizeof(*p.put));
	for (i = 0; i < n; i++) {
		um_read_trace(&p.get[i].at, h[i].pc, h[i].depth);
		p.put[i] = p.get[i];
		p.get[i].left = h[i].gets - min(h[i].gets, h[i].puts);
		p.put[i].left = h[i].puts - min(h[i].gets, h[i].puts);
		p.get[i].partner = -1;
	}
	um_read_trace(&p.get[n].at, born, n_born);
	p.get[n].left = births;

	pair(&p, 0, n, same_api);
	pair(&p, 0, n, same_function);
	pair(&p, 0, n, same_caller);
	pair(&p, 0, n, both_implied);
	pair(&p, n, n + 1, same_subject);
	pair(&p, n, n + 1, implied_put);
	pair(&p, 0, n, same_subject);
	pair(&p, n, n + 1, any);
	pair(&p, 0, n, related);
	pair(&p, 0, n, any);
	for (i = 0; i < n; i++) {
		h[i].unpaired = p.get[i].left;
		h[i].extra = p.put[i].left;
		h[i].partner = p.get[i].partner;
	}
	left = p.get[n].left;
	host_free(p.get);
	host_free(p.put);
	return left;
}
