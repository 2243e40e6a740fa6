// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forms of %p for whole things: addresses of IP (I4, I6 and so on; IS of a socket's),
 * resources (R r), times (t, of struct rtc_time and of seconds), pixel formats (4cc),
 * flags (Gg, Gv, Gp), bytes that are escaped (E), dentries (d), files (D).
 */
#include <linux/bits.h>
#include <linux/ctype.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <uapi/linux/rtc.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/string_helpers.h>
#include <linux/time.h>

#include "fs/internal.h"
#include "lib/vsprintf.h"

/* ---- addresses of IP ------------------------------------------------------ */

/* @mode: I4 or i4, and the order of bytes: h (the machine's), l; n and b as they are */
void um_text_of_ip4(char *text, const u8 *ip, const char *mode)
{
	int first = mode[2] == 'h' || mode[2] == 'l' ? 3 : 0, step = first ? -1 : 1;

	scnprintf(text, UM_KIND_TEXT, *mode == 'i' ? "%03u.%03u.%03u.%03u" : "%u.%u.%u.%u",
		  ip[first], ip[first + step], ip[first + 2 * step], ip[first + 3 * step]);
}

static unsigned int word_of(const u8 *addr, int i)
{
	return addr[2 * i] << 8 | addr[2 * i + 1];
}

/* ::ffff:1.2.3.4, or the identifier of an interface that has such an address */
static bool ends_with_ip4(const u8 *addr)
{
	static const u8 mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned int high = (unsigned int)addr[8] << 24 | addr[9] << 16 | word_of(addr, 5);

	return !memcmp(addr, mapped, sizeof(mapped)) || (high | 0x02000000) == 0x02005efe;
}

/* The longest run of words that are 0, of two at least: the first of those. */
static int longest_run(const u8 *addr, int words, int *length)
{
	int at = -1, i, n;

	*length = 1;
	for (i = 0; i < words; i += n + 1) {
		for (n = 0; i + n < words && !word_of(addr, i + n); n++)
			;
		if (n > *length) {
			*length = n;
			at = i;
		}
	}
	return at;
}

/* As RFC 5952 has it. */
static void compressed(char *text, const u8 *addr)
{
	int words = ends_with_ip4(addr) ? 6 : 8, run, length, i, n = 0;
	bool colon = false;

	run = longest_run(addr, words, &length);
	for (i = 0; i < words; i++) {
		if (i == run) {
			n += scnprintf(text + n, UM_KIND_TEXT - n, "::");
			i += length - 1;
			colon = false;
			continue;
		}
		n += scnprintf(text + n, UM_KIND_TEXT - n, "%s%x", colon ? ":" : "",
			       word_of(addr, i));
		colon = true;
	}
	if (words == 6)
		scnprintf(text + n, UM_KIND_TEXT - n, "%s%u.%u.%u.%u", colon ? ":" : "", addr[12],
			  addr[13], addr[14], addr[15]);
}

void um_text_of_ip6(char *text, const u8 *addr, const char *mode)
{
	int i, n = 0;

	if (mode[0] == 'I' && mode[2] == 'c') {
		compressed(text, addr);
		return;
	}
	for (i = 0; i < 8; i++)
		n += scnprintf(text + n, UM_KIND_TEXT - n, "%s%04x", i && *mode == 'I' ? ":" : "",
			       word_of(addr, i));
}

/* As they lie in memory, whose headers are no kernel's; numbers are the network's. */
struct ip4_socket {
	u16 family;
	u8 port[2], addr[4];
};

struct ip6_socket {
	u16 family;
	u8 port[2], flow[4], addr[16];
	u32 scope;
};

#define FAMILY_IP4	2
#define FAMILY_IP6	10
/* the part of the flow's word that is its label and class */
#define FLOW_MASK	0x0fffffff

static unsigned int port_of(const u8 *port)
{
	return port[0] << 8 | port[1];
}

static void put_ip6_socket(char *text, const struct ip6_socket *sa, char letter, bool port,
			   bool flow, bool scope, bool compress)
{
	const char mode[] = { letter, '6', compress ? 'c' : '\0', '\0' };
	bool more = port || flow || scope;
	u32 flow_info = (u32)word_of(sa->flow, 0) << 16 | word_of(sa->flow, 1);
	int n;

	if (more)
		*text++ = '[';
	um_text_of_ip6(text, sa->addr, mode);
	if (!more)
		return;
	n = strlen(text);
	n += scnprintf(text + n, UM_KIND_TEXT - 1 - n, "]");
	if (port)
		n += scnprintf(text + n, UM_KIND_TEXT - 1 - n, ":%u", port_of(sa->port));
	if (flow)
		n += scnprintf(text + n, UM_KIND_TEXT - 1 - n, "/%u", flow_info & FLOW_MASK);
	if (scope)
		scnprintf(text + n, UM_KIND_TEXT - 1 - n, "%%%u", sa->scope);
}

static void put_ip4_socket(char *text, const struct ip4_socket *sa, char letter, char order,
			   bool port)
{
	const char mode[] = { letter, '4', order, '\0' };
	int n;

	um_text_of_ip4(text, sa->addr, mode);
	n = strlen(text);
	if (port)
		scnprintf(text + n, UM_KIND_TEXT - n, ":%u", port_of(sa->port));
}

void um_text_of_socket_address(char *text, const void *addr, const char *mode)
{
	bool port = false, flow = false, scope = false, compress = false;
	char order = '\0';
	const char *m;

	for (m = mode + 2; isalpha(*m); m++) {
		port = port || *m == 'p';
		flow = flow || *m == 'f';
		scope = scope || *m == 's';
		compress = compress || *m == 'c';
		if (strchr("hnbl", *m))
			order = *m;
	}
	if (*(const u16 *)addr == FAMILY_IP4)
		put_ip4_socket(text, addr, *mode, order, port);
	else if (*(const u16 *)addr == FAMILY_IP6)
		put_ip6_socket(text, addr, *mode, port, flow, scope, compress);
	else
		strscpy(text, "(einval)", UM_KIND_TEXT);
}

/* ---- resources ----------------------------------------------------------- */

static const struct {
	unsigned long type;
	const char *name, *number;
} resource_types[] = {
	{ IORESOURCE_IO, "io  ", "%#06llx" }, { IORESOURCE_MEM, "mem ", "%#010llx" },
	{ IORESOURCE_IRQ, "irq ", "%llu" }, { IORESOURCE_DMA, "dma ", "%llu" },
	{ IORESOURCE_BUS, "bus ", "%02llx" },
};

static int put_size(char *text, int n, const char *format, unsigned long long number)
{
	return n + scnprintf(text + n, UM_KIND_TEXT - n, format, number);
}

void um_text_of_resource(char *text, const struct resource *res, const char *mode)
{
	static const struct {
		unsigned long flag;
		const char *name;
	} flags[] = {
		{ IORESOURCE_MEM_64, " 64bit" }, { IORESOURCE_PREFETCH, " pref" },
		{ IORESOURCE_WINDOW, " window" }, { IORESOURCE_DISABLED, " disabled" },
	};
	const char *number = "%#010llx", *name = "??? ";
	bool raw = *mode == 'r', known = false;
	unsigned int i;
	int n;

	/* by the bit, not by the type: as a kernel looks at it */
	for (i = 0; i < ARRAY_SIZE(resource_types) && !known; i++) {
		known = res->flags & resource_types[i].type;
		if (known) {
			name = resource_types[i].name;
			number = resource_types[i].number;
		}
	}
	n = scnprintf(text, UM_KIND_TEXT, "[%s", name);
	if (known && !raw && res->flags & IORESOURCE_UNSET) {
		n += scnprintf(text + n, UM_KIND_TEXT - n, "size ");
		n = put_size(text, n, number, resource_size(res));
	} else {
		n = put_size(text, n, number, res->start);
		if (res->start != res->end) {
			n += scnprintf(text + n, UM_KIND_TEXT - n, "-");
			n = put_size(text, n, number, res->end);
		}
	}
	if (known && !raw)
		for (i = 0; i < ARRAY_SIZE(flags); i++)
			n += scnprintf(text + n, UM_KIND_TEXT - n, "%s",
				       res->flags & flags[i].flag ? flags[i].name : "");
	else
		n += scnprintf(text + n, UM_KIND_TEXT - n, " flags %#lx", res->flags);
	scnprintf(text + n, UM_KIND_TEXT - n, "]");
}

/* ---- times --------------------------------------------------------------- */

/* @mode: behind R or T: d or t for one of the two, r for numbers as they are, s for a blank */
static void put_rtc(char *text, const struct rtc_time *t, const char *mode)
{
	bool date = true, time = true, raw, blank;
	int n = 0;

	if (*mode == 'd' || *mode == 't') {
		time = *mode == 't';
		date = !time;
		mode++;
	}
	raw = strnchr(mode, strspn(mode, "rs"), 'r');
	blank = strnchr(mode, strspn(mode, "rs"), 's');
	if (date)
		n = scnprintf(text, UM_KIND_TEXT, "%04d-%02d-%02d", t->tm_year + (raw ? 0 : 1900),
			      t->tm_mon + !raw, t->tm_mday);
	if (date && time)
		n += scnprintf(text + n, UM_KIND_TEXT - n, blank ? " " : "T");
	if (time)
		scnprintf(text + n, UM_KIND_TEXT - n, "%02d:%02d:%02d", t->tm_hour, t->tm_min,
			  t->tm_sec);
}

bool um_text_of_time(char *text, const void *time, const char *mode)
{
	struct rtc_time rtc;
	struct tm tm;

	if (mode[1] == 'R') {
		put_rtc(text, time, mode + 2);
		return true;
	}
	if (mode[1] != 'T')
		return false;
	time64_to_tm(*(const time64_t *)time, 0, &tm);
	rtc = (struct rtc_time){
		.tm_sec = tm.tm_sec, .tm_min = tm.tm_min, .tm_hour = tm.tm_hour,
		.tm_mday = tm.tm_mday, .tm_mon = tm.tm_mon, .tm_year = tm.tm_year,
	};
	put_rtc(text, &rtc, mode + 2);
	return true;
}

/* ---- flags --------------------------------------------------------------- */

struct flag_name {
	unsigned long flags;
	const char *name;
};

#define FLAG(flag) { (__force unsigned long)(flag), #flag }
/* Those of several bits first, in the order of Linux. */
static const struct flag_name gfp_names[] = {
	FLAG(GFP_HIGHUSER_MOVABLE), FLAG(GFP_HIGHUSER), FLAG(GFP_USER), FLAG(GFP_KERNEL_ACCOUNT),
	FLAG(GFP_KERNEL), FLAG(GFP_NOFS), FLAG(GFP_ATOMIC), FLAG(GFP_NOIO), FLAG(GFP_NOWAIT),
	FLAG(GFP_DMA), FLAG(__GFP_HIGHMEM), FLAG(GFP_DMA32), FLAG(__GFP_HIGH), FLAG(__GFP_ATOMIC),
	FLAG(__GFP_IO), FLAG(__GFP_FS), FLAG(__GFP_NOWARN), FLAG(__GFP_RETRY_MAYFAIL),
	FLAG(__GFP_NOFAIL), FLAG(__GFP_NORETRY), FLAG(__GFP_COMP), FLAG(__GFP_ZERO),
	FLAG(__GFP_NOMEMALLOC), FLAG(__GFP_MEMALLOC), FLAG(__GFP_HARDWALL), FLAG(__GFP_THISNODE),
	FLAG(__GFP_RECLAIMABLE), FLAG(__GFP_MOVABLE), FLAG(__GFP_ACCOUNT), FLAG(__GFP_WRITE),
	FLAG(__GFP_RECLAIM), FLAG(__GFP_DIRECT_RECLAIM), FLAG(__GFP_KSWAPD_RECLAIM), { 0, NULL },
};

static const struct flag_name vma_names[] = {
	{ VM_READ, "read" }, { VM_WRITE, "write" }, { VM_EXEC, "exec" }, { VM_SHARED, "shared" },
	{ VM_MAYREAD, "mayread" }, { VM_MAYWRITE, "maywrite" }, { VM_MAYEXEC, "mayexec" },
	{ VM_MAYSHARE, "mayshare" }, { VM_PFNMAP, "pfnmap" }, { VM_LOCKED, "locked" },
	{ VM_IO, "io" }, { VM_DONTCOPY, "dontcopy" }, { VM_DONTEXPAND, "dontexpand" },
	{ VM_ACCOUNT, "account" }, { VM_DONTDUMP, "dontdump" }, { VM_MIXEDMAP, "mixedmap" },
	{ 0, NULL },
};

/* A page's own flags, in the order of Linux 6.1. */
static const struct flag_name page_names[] = {
#define PAGE_FLAG(name) { 1UL << PG_##name, #name }
	PAGE_FLAG(locked), PAGE_FLAG(waiters), PAGE_FLAG(error), PAGE_FLAG(referenced),
	PAGE_FLAG(uptodate), PAGE_FLAG(dirty), PAGE_FLAG(lru), PAGE_FLAG(active),
	PAGE_FLAG(workingset), PAGE_FLAG(slab), PAGE_FLAG(owner_priv_1), PAGE_FLAG(arch_1),
	PAGE_FLAG(reserved), PAGE_FLAG(private), PAGE_FLAG(private_2), PAGE_FLAG(writeback),
	PAGE_FLAG(head), PAGE_FLAG(mappedtodisk), PAGE_FLAG(reclaim), PAGE_FLAG(swapbacked),
	PAGE_FLAG(unevictable), PAGE_FLAG(mlocked), PAGE_FLAG(uncached), PAGE_FLAG(hwpoison),
	PAGE_FLAG(arch_2), { 0, NULL },
#undef PAGE_FLAG
};

/* And what else is in that word, on a machine of 64 bits with NUMA as Debian has it. */
static const struct {
	const char *format;
	unsigned int shift, width;
} page_fields[] = {
	{ "node=%lu", 54, 10 }, { "zone=%lu", 51, 3 }, { "lastcpupid=%#lx", 30, 21 },
};

static int put_names(char *text, unsigned long left, const struct flag_name *f)
{
	int n = 0;

	*text = '\0';
	for (; left && f->name; f++) {
		if ((left & f->flags) != f->flags)
			continue;
		left &= ~f->flags;
		n += scnprintf(text + n, UM_KIND_TEXT - n, "%s%s", f->name, left ? "|" : "");
	}
	if (left)
		n += scnprintf(text + n, UM_KIND_TEXT - n, "%#lx", left);
	return n;
}

static void put_page_flags(char *text, unsigned long flags)
{
	unsigned long own = flags & ((1UL << __NR_PAGEFLAGS) - 1);
	char names[UM_KIND_TEXT];
	unsigned int i;
	int n;

	put_names(names, own, page_names);
	n = scnprintf(text, UM_KIND_TEXT, "%#lx(%s", flags, names);
	for (i = 0; i < ARRAY_SIZE(page_fields); i++) {
		unsigned long mask = (1UL << page_fields[i].width) - 1;

		n += scnprintf(text + n, UM_KIND_TEXT - n, "%s", own || i ? "|" : "");
		n += scnprintf(text + n, UM_KIND_TEXT - n, page_fields[i].format,
			       flags >> page_fields[i].shift & mask);
	}
	scnprintf(text + n, UM_KIND_TEXT - n, ")");
}

void um_text_of_flags(char *text, const void *flags, const char *mode)
{
	if (mode[1] == 'p')
		put_page_flags(text, *(const unsigned long *)flags);
	else if (mode[1] == 'g')
		put_names(text, (__force unsigned long)*(const gfp_t *)flags, gfp_names);
	else
		put_names(text, *(const unsigned long *)flags, vma_names);
}

/* ---- the rest ------------------------------------------------------------ */

void um_text_of_fourcc(char *text, const u32 *code, const char *mode)
{
	u32 characters = *code & ~BIT(31);
	int i;

	if (mode[1] != 'c' || mode[2] != 'c') {
		strscpy(text, "(%p4?)", UM_KIND_TEXT);
		return;
	}
	for (i = 0; i < 4; i++) {
		unsigned char c = characters >> (8 * i);

		text[i] = isascii(c) && isprint(c) ? c : '.';
	}
	scnprintf(text + 4, UM_KIND_TEXT - 4, " %s-endian (0x%08x)",
		  *code & BIT(31) ? "big" : "little", *code);
}

unsigned int um_escape_flags(const char *mode)
{
	static const struct {
		char letter;
		unsigned int flags;
	} letters[] = {
		{ 'a', ESCAPE_ANY }, { 'c', ESCAPE_SPECIAL }, { 'h', ESCAPE_HEX },
		{ 'n', ESCAPE_NULL }, { 'o', ESCAPE_OCTAL }, { 'p', ESCAPE_NP },
		{ 's', ESCAPE_SPACE },
	};
	unsigned int flags = 0, i;

	for (mode++; isalpha(*mode); mode++)
		for (i = 0; i < ARRAY_SIZE(letters); i++)
			if (letters[i].letter == *mode)
				flags |= letters[i].flags;
	return flags ?: ESCAPE_ANY_NP;
}

/* The last names of its path; a root's is "/". */
void um_text_of_dentry(char *text, const struct dentry *dentry, const char *mode)
{
	int depth = mode[1] >= '2' && mode[1] <= '4' ? mode[1] - '0' : 1, n = 0, i;
	const char *names[4];

	for (i = 0; i < depth; i++) {
		names[i] = (const char *)dentry->d_name.name;
		if (dentry == dentry->d_parent) {
			/* alone it is a name, in front of others their slash */
			if (i)
				names[i] = "";
			i++;
			break;
		}
		dentry = dentry->d_parent;
	}
	while (i--)
		n += scnprintf(text + n, UM_DENTRY_TEXT - n, "%s%s", names[i], i ? "/" : "");
}

const char *um_name_of_file(const struct file *file, const char *mode)
{
	int depth = mode[1] >= '2' && mode[1] <= '4' ? mode[1] - '0' : 1;
	const char *name = file->um_name, *at = name + strlen(name);

	if (strstarts(name, "anon_inode:"))
		return name + strlen("anon_inode:");
	/* a filesystem's root has no name */
	if (file->um_path && file->um_path->fs)
		name += strlen(file->um_path->fs->mount);
	while (depth && at > name) {
		at--;
		depth -= *at == '/';
	}
	return *at == '/' && !depth ? at + 1 : at;
}
