// SPDX-License-Identifier: GPL-2.0-only
/*
 * printk's formats for whole things, asked over sysfs: the device "formats" of the
 * class mdev_test has files that show a line "name: text" for each. "file_name" is
 * written a path, which is opened; "opened" shows it by the formats for files.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/page-flags.h>
#include <uapi/linux/rtc.h>
#include <linux/string.h>
#include <linux/time.h>

#include "formatted.h"
#include "lines.h"
#include "mdev_test.h"

static ssize_t addresses_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const u8 full[16] = { 0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6 };
	static const u8 run[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	static const u8 two[16] = { 0x20, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1 };
	static const u8 tie[16] = { 0x20, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1 };
	static const u8 one[16] = { 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 };
	static const u8 mapped[16] = { [10] = 0xff, 0xff, 192, 168, 0, 1 };
	static const u8 end[16] = { 0xfe, 0x80 };
	static const u8 any[16] = { };
	struct out out = { .buf = buf };

	line(&out, "I6: %pI6", full);
	line(&out, "i6: %pi6", full);
	line(&out, "I6c: %pI6c", full);
	line(&out, "run: %pI6c", run);
	line(&out, "two runs: %pI6c", two);
	line(&out, "tie: %pI6c", tie);
	line(&out, "one zero: %pI6c", one);
	line(&out, "mapped: %pI6c", mapped);
	line(&out, "end: %pI6c", end);
	line(&out, "any: %pI6c|%5pI6c", any, any);
	return out.len;
}
static DEVICE_ATTR_RO(addresses);

struct ip4_socket {
	u16 family;
	u8 port[2], addr[4], zero[8];
};

struct ip6_socket {
	u16 family;
	u8 port[2], flow[4], addr[16];
	u32 scope;
};

static ssize_t sockets_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct ip4_socket four = { 2, { 0x30, 0x39 }, { 1, 2, 3, 4 } };
	const struct ip6_socket six = { 10, { 0x30, 0x39 }, { 0xf0, 0, 1, 2 }, { 0, 1, 0, 2, 0, 3, 0,
					4, 0, 5, 0, 6, 0, 7, 0, 8 }, 1234567890 };
	const struct ip4_socket none = { .family = 99 };
	struct out out = { .buf = buf };

	line(&out, "four: %pIS %piS %pISp %pISc", &four, &four, &four, &four);
	line(&out, "order: %pIShp %pISn %pISlp %pISb", &four, &four, &four, &four);
	line(&out, "six: %pIS %piS", &six, &six);
	line(&out, "c: %pISc %pISpc %pISfc", &six, &six, &six);
	line(&out, "all: %pISsc %pISpfc %pISpfs", &six, &six, &six);
	line(&out, "none: %pIS %pIx %pix", &none, &none, &none);
	line(&out, "orders: %pI4h %pI4l %pI4b %pI4n", four.addr, four.addr, four.addr, four.addr);
	return out.len;
}
static DEVICE_ATTR_RO(sockets);

static ssize_t resources_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct resource mem = { .start = 0x1000, .end = 0x1fff,
				.flags = IORESOURCE_MEM | IORESOURCE_PREFETCH };
	struct resource large = { .start = 0x123456789000, .end = 0x1234567890ff,
				  .flags = IORESOURCE_MEM | IORESOURCE_MEM_64 };
	struct resource io = { .start = 0x60, .end = 0x64, .flags = IORESOURCE_IO };
	struct resource irq = { .start = 9, .end = 9, .flags = IORESOURCE_IRQ };
	struct resource bus = { .start = 0, .end = 0xff,
				.flags = IORESOURCE_BUS | IORESOURCE_WINDOW };
	struct resource unset = { .start = 0, .end = 0xfff,
				  .flags = IORESOURCE_MEM | IORESOURCE_UNSET };
	struct resource none = { .start = 1, .end = 2 };
	struct out out = { .buf = buf };

	line(&out, "mem: %pR", &mem);
	line(&out, "large: %pR", &large);
	line(&out, "io: %pR", &io);
	line(&out, "irq: %pR", &irq);
	line(&out, "bus: %pR", &bus);
	line(&out, "unset: %pR", &unset);
	line(&out, "none: %pR", &none);
	line(&out, "raw: %pr", &mem);
	return out.len;
}
static DEVICE_ATTR_RO(resources);

static ssize_t times_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const time64_t moments[] = {
		0, 951782399, 951782400, 1583020799, 4107542399LL, -1, 253402300800LL,
	};
	struct rtc_time rtc = { .tm_year = 119, .tm_mon = 0, .tm_mday = 4, .tm_hour = 15,
				.tm_min = 32, .tm_sec = 23 };
	time64_t t = 1546615943;
	struct out out = { .buf = buf };
	struct tm tm;
	int i;

	line(&out, "R: %ptR", &rtc);
	line(&out, "Rd: %ptRd", &rtc);
	line(&out, "Rt: %ptRt", &rtc);
	line(&out, "Rr: %ptRr", &rtc);
	line(&out, "Rs: %ptRs", &rtc);
	line(&out, "T: %ptT", &t);
	line(&out, "Tdr: %ptTdr", &t);
	for (i = 0; i < ARRAY_SIZE(moments); i++) {
		time64_to_tm(moments[i], 0, &tm);
		line(&out, "%lld: %ld-%d-%d %d:%d:%d, %d %d", moments[i], tm.tm_year + 1900,
		     tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday,
		     tm.tm_yday);
	}
	time64_to_tm(0, 3600, &tm);
	line(&out, "offset: %d", tm.tm_hour);
	return out.len;
}
static DEVICE_ATTR_RO(times);

static ssize_t various_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const char bytes[] = { 'a', '\n', '\\', 1, ' ', 0x7f, 0, 'z' };
	u32 little = 0x34325258, big = little | 1U << 31, odd = 0x00410a42;
	struct out out = { .buf = buf };

	line(&out, "4cc: %p4cc", &little);
	line(&out, "big: %p4cc", &big);
	line(&out, "odd: %p4cc", &odd);
	line(&out, "E: %*pE", (int)sizeof(bytes), bytes);
	line(&out, "Eh: %*pEhp", (int)sizeof(bytes), bytes);
	line(&out, "Eo: %*pEo", 2, bytes);
	line(&out, "Ens: %*pEnsc", (int)sizeof(bytes), bytes);
	line(&out, "Ea: %*pEa", 3, bytes);
	return out.len;
}
static DEVICE_ATTR_RO(various);

static ssize_t flags_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	gfp_t kernel = GFP_KERNEL, atomic = GFP_ATOMIC | __GFP_NOWARN, none = 0;
	gfp_t several = GFP_USER | __GFP_ZERO | __GFP_COMP;
	unsigned long vma = VM_READ | VM_WRITE | VM_MAYREAD, no_vma = 0;
	struct out out = { .buf = buf };

	line(&out, "Gg: %pGg", &kernel);
	line(&out, "atomic: %pGg", &atomic);
	line(&out, "several: %pGg", &several);
	line(&out, "none: %pGg|%pGv", &none, &no_vma);
	line(&out, "Gv: %pGv", &vma);
	return out.len;
}
static DEVICE_ATTR_RO(flags);

/* Up to where other fields of that word begin, which depend on a kernel's configuration. */
static ssize_t page_flags_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const unsigned long flags = BIT(PG_locked) | BIT(PG_uptodate) | BIT(PG_lru);
	struct out out = { .buf = buf };
	char text[160], number[20], *names;

	scnprintf(text, sizeof(text), "%pGp", &flags);
	scnprintf(number, sizeof(number), "%#lx", flags);
	names = strchr(text, '(');
	if (!names)
		return -EINVAL;
	line(&out, "number: %d", !strncmp(text, number, names - text));
	line(&out, "names: %.20s", names);
	line(&out, "unknown: %pGx", &flags);
	return out.len;
}
static DEVICE_ATTR_RO(page_flags);

/* Of what may not be there. */
static ssize_t absent_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const u64 features = 0xc000;
	struct out out = { .buf = buf };

	line(&out, "N: %pNF %pNx", &features, &features);
	line(&out, "f: %pfw %pfwP %pfx", NULL, NULL, &features);
	line(&out, "O: %pOx", &features);
	line(&out, "k: %pks %pus %pkx", "string", "text", &features);
	line(&out, "none: %pIS %pGp %pNF", NULL, NULL, NULL);
	return out.len;
}
static DEVICE_ATTR_RO(absent);

static ssize_t clock_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%pC %pCn\n", NULL, NULL);
}
static DEVICE_ATTR_RO(clock);

static ssize_t block_device_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%pg\n", NULL);
}
static DEVICE_ATTR_RO(block_device);

/* Of a directory in debugfs, and one below it. */
static ssize_t dentries_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct dentry *dir = debugfs_create_dir("umdev_formats", NULL);
	struct dentry *below = debugfs_create_dir("below", dir);
	struct out out = { .buf = buf };

	if (IS_ERR(below))
		return PTR_ERR(below);
	line(&out, "d: %pd %pd2 %pd3 %pd4", below, below, below, below);
	line(&out, "parent: %pd %pd2 %pd", dir, dir, dir->d_parent);
	line(&out, "padded: %8pd|%-8pd|", below, below);
	debugfs_remove(dir);
	return out.len;
}
static DEVICE_ATTR_RO(dentries);

/* ---- fields, and room --------------------------------------------------------- */

/* "%20pR: [...]|" */
#define FIELD(fmt, ...)	line(&out, fmt ": %s|", f("%" fmt, __VA_ARGS__))

/* As little or as much room as they ask for. */
static ssize_t fields_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const u8 six[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	static const u8 mac[6] = { 1, 0x2a, 0xff, 0, 9, 0xb0 }, many[99];
	const struct ip4_socket four = { 2, { 0x30, 0x39 }, { 1, 2, 3, 4 } };
	struct resource io = { .start = 0x60, .end = 0x64, .flags = IORESOURCE_IO };
	struct rtc_time rtc = { .tm_year = 119, .tm_mon = 0, .tm_mday = 4, .tm_hour = 15,
				.tm_min = 32, .tm_sec = 23 };
	unsigned long map[] = { 0x8000000000000005UL, 3 };
	phys_addr_t at = 0x1234;
	gfp_t gfp = GFP_KERNEL;
	u32 code = 0x34325258;
	struct out out = { .buf = buf };

	FIELD("24pR", &io);
	FIELD("-24pR", &io);
	FIELD("024pR", &io);
	FIELD(".6pR", &io);
	FIELD("20pI6c", six);
	FIELD("-20pI6c", six);
	FIELD(".4pI6c", six);
	FIELD("12pI4", four.addr);
	FIELD("-12pI4", four.addr);
	FIELD(".3pI4", four.addr);
	FIELD("20pM", mac);
	FIELD("-20pM", mac);
	FIELD("14.4pm", mac);
	FIELD("24ptR", &rtc);
	FIELD("-24ptRt", &rtc);
	FIELD(".3ptRd", &rtc);
	FIELD("40p4cc", &code);
	FIELD(".4p4cc", &code);
	FIELD("16pGg", &gfp);
	FIELD(".3pGg", &gfp);
	FIELD("24pa", &at);
	FIELD("-24pa", &at);
	FIELD(".3pa", &at);
	FIELD("2ph", mac);
	/* 64 bytes at most */
	line(&out, "99phN: %zu|", strlen(f("%99phN", many)));
	FIELD("-3phC", mac);
	FIELD(".2ph", mac);
	FIELD("0pb", map);
	FIELD("66pb", map);
	FIELD("66pbl", map);
	FIELD("-66pbl", map);
	FIELD("3pE", "a\nb");
	FIELD("-3pE", "a\nb");
	FIELD("10pe", ERR_PTR(-ENOMEM));
	FIELD("-10pe", ERR_PTR(-ENOMEM));
	FIELD(".2pe", ERR_PTR(-ENOMEM));
	FIELD("10pe", ERR_PTR(-3000));
	FIELD("-40pUb", six);
	FIELD("10pK", NULL);
	FIELD("-10pI4", NULL);
	FIELD("10pM", (void *)16UL);
	return out.len;
}
static DEVICE_ATTR_RO(fields);

/* In as much room as there is, or one less, or none: the same text, cut, and its length. */
static bool is_cut_anywhere(const char *fmt, ...)
{
	char whole[128], part[130];
	int len, size, ret;
	bool ok = true;
	va_list args;

	va_start(args, fmt);
	len = vsnprintf(whole, sizeof(whole), fmt, args);
	va_end(args);
	for (size = 0; size <= len + 1; size++) {
		memset(part, '#', sizeof(part));
		va_start(args, fmt);
		ret = vsnprintf(part, size, fmt, args);
		va_end(args);
		ok = ok && ret == len && part[size] == '#';
		if (size)
			ok = ok && !memcmp(part, whole, size - 1) && !part[size - 1];
	}
	return ok && len > 0 && len < sizeof(whole);
}

#define CUT(fmt, ...)	line(&out, fmt ": %d", is_cut_anywhere("%" fmt, __VA_ARGS__))

static ssize_t room_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const u8 six[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	const struct ip4_socket four = { 2, { 0x30, 0x39 }, { 1, 2, 3, 4 } };
	struct resource io = { .start = 0x60, .end = 0x64, .flags = IORESOURCE_IO };
	struct rtc_time rtc = { .tm_year = 119, .tm_mon = 0, .tm_mday = 4 };
	unsigned long map[] = { 0x8000000000000005UL, 3 };
	gfp_t gfp = GFP_ATOMIC | __GFP_NOWARN;
	unsigned long vma = VM_READ | VM_WRITE;
	phys_addr_t at = 0x1234;
	u32 code = 0x34325258;
	struct out out = { .buf = buf };

	CUT("pR", &io);
	CUT("30pr", &io);
	CUT("pI6c", six);
	CUT("-45pI6", six);
	CUT("pI4", four.addr);
	CUT("pISpc", &four);
	CUT("pM", six);
	CUT("-20pm", six);
	CUT("ptR", &rtc);
	CUT("p4cc", &code);
	CUT("pGg", &gfp);
	CUT("pGv", &vma);
	CUT("pa", &at);
	CUT("9phD", six);
	CUT("66pb", map);
	CUT("66pbl", map);
	CUT("6pEh", "a\nb\001c");
	CUT("12pe", ERR_PTR(-ENOMEM));
	CUT("pUl", six);
	CUT("-#20x", 77);
	CUT("+.8lld", -77LL);
	CUT("10.2s", "text");
	CUT("-5c", 'c');
	return out.len;
}
static DEVICE_ATTR_RO(room);

static char opened[128];

static ssize_t file_name_store(struct device *dev, struct device_attribute *attr,
			       const char *buf, size_t count)
{
	struct file *file;
	char path[64];

	strscpy(path, buf, sizeof(path));
	file = filp_open(strim(path), O_RDONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	scnprintf(opened, sizeof(opened), "%pD %pD2 %pD3 %pD4|%12pD", file, file, file, file,
		  file);
	filp_close(file, NULL);
	return count;
}
static DEVICE_ATTR_WO(file_name);

static ssize_t opened_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", opened);
}
static DEVICE_ATTR_RO(opened);

static struct attribute *formats_attrs[] = {
	&dev_attr_addresses.attr,
	&dev_attr_sockets.attr,
	&dev_attr_resources.attr,
	&dev_attr_times.attr,
	&dev_attr_various.attr,
	&dev_attr_flags.attr,
	&dev_attr_page_flags.attr,
	&dev_attr_absent.attr,
	&dev_attr_clock.attr,
	&dev_attr_block_device.attr,
	&dev_attr_dentries.attr,
	&dev_attr_fields.attr,
	&dev_attr_room.attr,
	&dev_attr_file_name.attr,
	&dev_attr_opened.attr,
	NULL
};
ATTRIBUTE_GROUPS(formats);

static struct device *formats;

static int __init formats_test_init(void)
{
	formats = device_create_with_groups(&mdev_test_class, NULL, 0, NULL, formats_groups,
					    "formats");
	return PTR_ERR_OR_ZERO(formats);
}

static void __exit formats_test_exit(void)
{
	device_unregister(formats);
}

module_init(formats_test_init);
module_exit(formats_test_exit);
MODULE_DESCRIPTION("Formats for whole things");
MODULE_LICENSE("GPL v2");
