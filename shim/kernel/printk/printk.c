// SPDX-License-Identifier: GPL-2.0-only
/*
 * printk: a ring of messages that tests read.
 *
 * A message is formatted on the caller's stack, then copied into a record
 * under a host lock, so that any context may print, the detectors included;
 * no modelled lock is taken and nothing is allocated. Records are numbered
 * for ever; the ring keeps the newest RING_RECORDS. As in Linux, a message
 * without a newline stays open for KERN_CONT by the same thread and can be
 * read when it is complete or the next message has come; a text is cut to
 * LOG_LINE_MAX; a NUL or another control character is read as \x00.
 *
 * Left out: facilities, dictionaries of devices, consoles other than
 * standard error, syslog(2), delays and rate limits at the console.
 *
 * The ring is not instrumented for TSan, and its lock is invisible to it: a
 * message must not order the tasks that print.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "check/op.h"
#include "host/host.h"
#include "umdev/umdev.h"

#define RING_RECORDS	2048
#define LOG_LINE_MAX	(1024 - 32)

struct record {
	char text[LOG_LINE_MAX];	/* not terminated */
	unsigned int len;
	int level;
	bool open;			/* KERN_CONT may still add to it */
	u64 thread;
};

static struct {
	struct host_lock lock;
	u64 next;			/* number of the next record */
	struct record records[RING_RECORDS];
} ring;

/* What also goes to standard error: -1 nothing, -2 not yet asked for. */
static int console = -2;

/* ---- the ring; lock held ---------------------------------------------------- */

/* By hand: memcpy() is known to TSan wherever it is called from. */
static __no_sanitize_thread void copy(volatile char *dst,
				      const volatile char *src, size_t n)
{
	while (n--)
		*dst++ = *src++;
}

static struct record *record_of(u64 seq)
{
	return &ring.records[seq % RING_RECORDS];
}

/* The open record that a continuation by this thread would lengthen. */
static __no_sanitize_thread struct record *open_record(void)
{
	struct record *r = record_of(ring.next - 1);

	return ring.next && r->open ? r : NULL;
}

static __no_sanitize_thread bool append(u64 thread, const char *text,
					unsigned int len, bool complete)
{
	struct record *r = open_record();

	if (!r || r->thread != thread || r->len + len > LOG_LINE_MAX)
		return false;
	copy(r->text + r->len, text, len);
	r->len += len;
	r->open = !complete;
	return true;
}

static __no_sanitize_thread void add(u64 thread, int level, const char *text,
				     unsigned int len, bool complete)
{
	struct record *r = open_record();

	if (r)
		r->open = false;
	r = record_of(ring.next++);
	copy(r->text, text, len);
	r->len = len;
	r->level = level;
	r->open = !complete;
	r->thread = thread;
}

/*
 * Copies out the first complete record from *@seq on; *@seq becomes its
 * number. Returns its length, -1 when there is none.
 */
static __no_sanitize_thread int fetch(u64 *seq, int *level, char *text)
{
	u64 oldest = ring.next > RING_RECORDS ? ring.next - RING_RECORDS : 0;
	struct record *r;

	if (*seq < oldest)
		*seq = oldest;
	if (*seq >= ring.next)
		return -1;
	r = record_of(*seq);
	if (r->open)
		return -1;
	copy(text, r->text, r->len);
	*level = r->level;
	return r->len;
}

static __no_sanitize_thread u64 next_to_read(void)
{
	return ring.next - (open_record() != NULL);
}

/* ---- the console -------------------------------------------------------------- */

static int console_level(void)
{
	int level = READ_ONCE(console);
	const char *env;

	if (level != -2)
		return level;
	env = host_getenv("UMDEV_CONSOLE");
	/* a level has one digit */
	level = env && *env >= '0' && *env <= '9' ? *env - '0' : -1;
	WRITE_ONCE(console, level);
	return level;
}

static void to_console(u64 from)
{
	char text[LOG_LINE_MAX], line[LOG_LINE_MAX + 40];
	u64 us = host_monotonic_ns() / 1000, seq;
	int level, len;

	for (seq = from;; seq++) {
		host_lock(&ring.lock);
		len = fetch(&seq, &level, text);
		host_unlock(&ring.lock);
		if (len < 0)
			return;
		if (level > console_level())
			continue;
		len = scnprintf(line, sizeof(line), "[%5llu.%06llu] %.*s\n",
				us / 1000000, us % 1000000, len, text);
		host_write(2, line, len);
	}
}

/* ---- printing -------------------------------------------------------------------- */

/* The text after the headers; the first level found counts, if none was given. */
static char *parse_headers(char *text, int *level, bool *cont)
{
	int header;

	while ((header = printk_get_level(text))) {
		if (header == 'c')
			*cont = true;
		else if (*level == LOGLEVEL_DEFAULT)
			*level = header - '0';
		text += 2;
	}
	return text;
}

/**
 * vprintk_emit() - add a message to the ring
 * @facility: 0: the kernel; @fmt may begin with KERN_ headers
 * @level:    LOGLEVEL_DEFAULT, or the level; a message with a given level is
 *	a line of its own, newline or not (it is a device's)
 * @dev_info: not kept; a message with one is a line of its own too
 * @fmt:      format
 * @args:     its arguments
 *
 * Return: the length of the text.
 */
int vprintk_emit(int facility, int level, const struct dev_printk_info *dev_info,
		 const char *fmt, va_list args)
{
	bool cont = false, complete = dev_info || level != LOGLEVEL_DEFAULT;
	char buf[LOG_LINE_MAX], *text = buf;
	int len = vscnprintf(buf, sizeof(buf), fmt, args);
	u64 thread = host_thread_number(), seq;

	if (len && buf[len - 1] == '\n') {
		buf[--len] = '\0';
		complete = true;
	}
	if (!facility)
		text = parse_headers(buf, &level, &cont);
	if (level == LOGLEVEL_DEFAULT)
		level = LOGLEVEL_WARNING;
	len -= text - buf;

	host_lock(&ring.lock);
	seq = next_to_read();
	if (!cont || !append(thread, text, len, complete))
		add(thread, level & 7, text, len, complete);
	host_unlock(&ring.lock);
	if (console_level() >= 0)
		to_console(seq);
	return len;
}
EXPORT_SYMBOL(vprintk_emit);

/**
 * vprintk() - printk() with a list of arguments
 * @fmt:  format, which may begin with a KERN_ header
 * @args: its arguments
 *
 * Return: the length of the text, without header and newline.
 */
int vprintk(const char *fmt, va_list args)
{
	return vprintk_emit(0, LOGLEVEL_DEFAULT, NULL, fmt, args);
}
EXPORT_SYMBOL(vprintk);

/**
 * _printk() - a message of the kernel; called as printk()
 * @fmt: format, which may begin with a KERN_ header
 * @...: its arguments
 *
 * Return: the length of the text, without header and newline.
 */
int _printk(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vprintk(fmt, args);
	va_end(args);
	return n;
}
EXPORT_SYMBOL(_printk);

static DEFINE_RATELIMIT_STATE(printk_limit, DEFAULT_RATELIMIT_INTERVAL,
			      DEFAULT_RATELIMIT_BURST);

/**
 * __printk_ratelimit() - may one more message be printed?
 * @func: of the caller, for the message that some were suppressed
 *
 * Called as printk_ratelimit(). One limit for all callers: 10 in 5 seconds.
 *
 * Return: non-zero when it may.
 */
int __printk_ratelimit(const char *func)
{
	return ___ratelimit(&printk_limit, func);
}
EXPORT_SYMBOL(__printk_ratelimit);

/**
 * printk_timed_ratelimit() - has enough time passed since the last message?
 * @caller_jiffies: when that was; 0 at first
 * @interval_msec:  how many milliseconds are enough
 *
 * Context: calls at the same time are the caller's matter: lines of one may
 * come between those of another.
 * Return: whether it has; then @caller_jiffies is now.
 */
bool printk_timed_ratelimit(unsigned long *caller_jiffies,
			    unsigned int interval_msec)
{
	unsigned long elapsed = jiffies - *caller_jiffies;

	if (*caller_jiffies && elapsed <= msecs_to_jiffies(interval_msec))
		return false;
	*caller_jiffies = jiffies;
	return true;
}
EXPORT_SYMBOL(printk_timed_ratelimit);

/* ---- for tests --------------------------------------------------------------------- */

uint64_t um_kmsg_seq(void)
{
	u64 seq;

	host_lock(&ring.lock);
	seq = next_to_read();
	host_unlock(&ring.lock);
	return seq;
}

/* As /dev/kmsg does it: what is not printable ASCII, and a backslash. */
static size_t escape(char *buf, size_t size, const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		unsigned char c = text[i];

		if (c < ' ' || c >= 127 || c == '\\')
			n += scnprintf(buf + n, size - n, "\\x%02x", c);
		else
			n += scnprintf(buf + n, size - n, "%c", c);
	}
	return n;
}

ssize_t um_kmsg_read(uint64_t *seq, int *level, char *buf, size_t size)
{
	char text[LOG_LINE_MAX];
	u64 at = *seq;
	int len, of_level;

	do {
		host_lock(&ring.lock);
		len = fetch(&at, &of_level, text);
		host_unlock(&ring.lock);
		if (len < 0)
			return 0;
		*seq = ++at;
		/* an empty message could not be told from none */
	} while (!len);
	if (level)
		*level = of_level;
	if (!size)
		return len;
	buf[0] = '\0';
	return escape(buf, size, text, len);
}

void um_console_level(int level)
{
	WRITE_ONCE(console, level);
}

static void print_line(const char *level, const char *line)
{
	_printk("%s%s\n", level, line);
}

static void __attribute__((__constructor__)) printk_models(void)
{
	um_op_models.print = print_line;
}
