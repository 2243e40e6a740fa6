// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads /dev/kmsg into memory and finds the splats in it.
 *
 * /dev/kmsg cannot be read from a record number on. Who has read it on a descriptor
 * hands that on (UMDEV_KMSG): what is read there are the records that follow, and
 * not the thousands since the start. A record that the ring overwrote before it was
 * read is reported as a splat of its own: a check that missed messages must not pass.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kmsg.h"

#define RECORD_MAX	8192
#define CUT_HERE	"------------[ cut here ]------------"
#define END_TRACE	"---[ end trace"
#define RULE		"=================================================================="
/* where the guest has them; unit/guest_kmsg has its own */
#ifndef KNOWN
#define KNOWN		"/etc/known-splats"
#define UPDATES		"/lib/modules/%s/updates"
#endif
/* lockdep tells of each lock that is there, and the sanitizers of whole stacks */
#define LONGEST		300

struct record {
	uint64_t seq;
	char *text;
};

static struct {
	int fd;
	struct record *records;
	size_t n;
	size_t room;
	uint64_t next;		/* number after the last record */
} log_ = { .fd = -1 };

/* Lines that open a report outside the cut-here frame. */
static const char *const openers[] = {
	"WARNING: ",
	"BUG: ",
	"[ BUG: ",
	"kernel BUG at ",
	"Oops: ",
	"general protection fault",
	"refcount_t: ",
	"INFO: task ",
	"INFO: possible ",
	"INFO: rcu_",
	"INFO: trying to register non-static key",
	"rcu: INFO: ",
	"unreferenced object ",
	"kmemleak: Cannot ",
	"Kernel panic",
	"umdev: lost kernel messages",
};

static void add(uint64_t seq, const char *text)
{
	if (log_.n == log_.room) {
		log_.room = log_.room ? 2 * log_.room : 1024;
		log_.records = realloc(log_.records, log_.room * sizeof(*log_.records));
		if (!log_.records)
			abort();
	}
	log_.records[log_.n].seq = seq;
	log_.records[log_.n].text = strdup(text);
	if (!log_.records[log_.n++].text)
		abort();
	log_.next = seq + 1;
}

/* "level,seq,time,flags;text\n KEY=value\n": one record per read; bytes of it as \xNN stay so. */
static void drain(void)
{
	char buf[RECORD_MAX + 1];
	ssize_t len;

	for (;;) {
		unsigned long long seq;
		char *text, *end;

		len = read(log_.fd, buf, RECORD_MAX);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && errno == EPIPE) {
			add(log_.next, "umdev: lost kernel messages: the ring was overwritten");
			continue;
		}
		if (len <= 0)
			return;
		buf[len] = '\0';
		text = strchr(buf, ';');
		if (!text || sscanf(buf, "%*u,%llu,", &seq) != 1)
			continue;
		text++;
		end = strchr(text, '\n');
		if (end)
			*end = '\0';
		if (seq >= log_.next)
			add(seq, text);
	}
}

/* What is handed on, or the log from its start; descriptors are numbered as without. */
static int open_log(void)
{
	const char *handed = getenv("UMDEV_KMSG");
	int fd;

	if (!handed)
		return open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fcntl(atoi(handed), F_SETFL, O_NONBLOCK))
		return -1;
	fd = fcntl(atoi(handed), F_DUPFD_CLOEXEC, 0);
	close(atoi(handed));
	return fd;
}

int kmsg_open(uint64_t from)
{
	log_.fd = open_log();
	if (log_.fd < 0)
		return -errno;
	log_.next = from;
	drain();
	return 0;
}

void kmsg_close(void)
{
	size_t i;

	for (i = 0; i < log_.n; i++)
		free(log_.records[i].text);
	free(log_.records);
	close(log_.fd);
	memset(&log_, 0, sizeof(log_));
	log_.fd = -1;
}

uint64_t kmsg_next_seq(void)
{
	drain();
	return log_.next;
}

/* Index of the first record numbered @seq or later; records are in order. */
static size_t index_of(uint64_t seq)
{
	size_t low = 0, high = log_.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (log_.records[mid].seq < seq)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const char *kmsg_find(uint64_t seq, uint64_t *found)
{
	size_t i;

	drain();
	i = index_of(seq);
	if (i == log_.n)
		return NULL;
	*found = log_.records[i].seq;
	return log_.records[i].text;
}

static bool opens(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(openers) / sizeof(openers[0]); i++)
		if (!strncmp(text, openers[i], strlen(openers[i])))
			return true;
	return false;
}

/* Inside the frame the title is the message, or else the WARNING line. */
static void framed(size_t i, struct splat *splat)
{
	size_t end = i;

	while (end + 1 < log_.n && strncmp(log_.records[end].text, END_TRACE, strlen(END_TRACE)))
		end++;
	splat->first = log_.records[i].seq;
	splat->last = log_.records[end].seq;
	splat->title = log_.records[i + 1 < log_.n ? i + 1 : i].text;
}

/* One of a sanitizer's goes from a rule to the next, with several traces between. */
static bool is_ruled(size_t i)
{
	return i && !strcmp(log_.records[i - 1].text, RULE);
}

static bool is_end(const char *text, bool ruled)
{
	if (ruled)
		return !strcmp(text, RULE);
	return !strncmp(text, END_TRACE, strlen(END_TRACE)) || strstr(text, "</TASK>");
}

/* A report without a frame: to the end of its call trace, if there is one. */
static void unframed(size_t i, struct splat *splat)
{
	size_t end = i, last = i;

	while (end + 1 < log_.n && end < i + LONGEST &&
	       strcmp(log_.records[end + 1].text, CUT_HERE)) {
		end++;
		if (is_end(log_.records[end].text, is_ruled(i))) {
			last = end;
			break;
		}
	}
	splat->first = log_.records[i].seq;
	splat->last = log_.records[last].seq;
	splat->title = log_.records[i].text;
}

static bool found_next(uint64_t seq, struct splat *splat)
{
	size_t i;

	for (i = index_of(seq); i < log_.n; i++) {
		if (!strcmp(log_.records[i].text, CUT_HERE)) {
			framed(i, splat);
			return true;
		}
		if (opens(log_.records[i].text)) {
			unframed(i, splat);
			return true;
		}
	}
	return false;
}

/* KNOWN: in a line what the title has, a tab, what another line has, a tab, the reason. */
static bool is_known(const struct splat *splat)
{
	FILE *f = fopen(KNOWN, "re");
	char line[512], title[256], other[256];
	bool known = false;

	while (f && !known && fgets(line, sizeof(line), f))
		known = line[0] != '#' &&
			sscanf(line, "%255[^\t]\t%255[^\t]", title, other) == 2 &&
			strstr(splat->title, title) && splat_has(splat, other);
	if (f)
		fclose(f);
	return known;
}

/* A frame of a module that was built here; such are named behind their functions. */
static bool is_ours(const struct splat *splat)
{
	char path[256], frame[300];
	struct dirent *entry;
	struct utsname uts;
	bool ours = false;
	DIR *dir;

	uname(&uts);
	snprintf(path, sizeof(path), UPDATES, uts.release);
	dir = opendir(path);
	while (dir && !ours && (entry = readdir(dir))) {
		snprintf(frame, sizeof(frame), "[%s", entry->d_name);
		if (!strstr(frame, ".ko"))
			continue;
		strcpy(strstr(frame, ".ko"), "]");
		ours = splat_has(splat, frame);
	}
	if (dir)
		closedir(dir);
	return ours;
}

static bool is_the_kernels_own(const struct splat *splat)
{
	return is_known(splat) || (strstr(splat->title, "BUG: KCSAN: ") && !is_ours(splat));
}

bool splat_next(uint64_t seq, struct splat *splat)
{
	drain();
	while (found_next(seq, splat)) {
		if (!is_the_kernels_own(splat))
			return true;
		seq = splat->last + 1;
	}
	return false;
}

bool splat_has(const struct splat *splat, const char *text)
{
	size_t i;

	for (i = index_of(splat->first); i < log_.n && log_.records[i].seq <= splat->last; i++)
		if (strstr(log_.records[i].text, text))
			return true;
	return false;
}
