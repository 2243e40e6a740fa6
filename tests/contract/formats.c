// SPDX-License-Identifier: GPL-2.0-only
/*
 * printk's formats for whole things: addresses of IPv6 and of sockets, resources,
 * times, pixel formats, bytes that are escaped, flags, dentries, files.
 */
#include "mdev_test.h"

#define FORMATS	DIR_TEST "/formats/"

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("formats_test", NULL), 0);
}

static void shows(const char *file, const char *want)
{
	load();
	t_expect_text(file, want);
}

static void addresses_of_ipv6(void **state)
{
	shows(FORMATS "addresses",
	      "I6: 2001:0db8:0001:0002:0003:0004:0005:0006\n"
	      "i6: 20010db8000100020003000400050006\n"
	      "I6c: 2001:db8:1:2:3:4:5:6\n"
	      "run: 2001:db8::1\n"
	      "two runs: 2001:0:0:1::1\n"
	      "tie: 2001::1:1:0:0:1\n"
	      "one zero: 1:0:1:1:1:1:1:1\n"
	      "mapped: ::ffff:192.168.0.1\n"
	      "end: fe80::\n"
	      "any: ::|   ::\n");
}

static void addresses_of_sockets(void **state)
{
	shows(FORMATS "sockets",
	      "four: 1.2.3.4 001.002.003.004 1.2.3.4:12345 1.2.3.4\n"
	      "order: 4.3.2.1:12345 1.2.3.4 4.3.2.1:12345 1.2.3.4\n"
	      "six: 0001:0002:0003:0004:0005:0006:0007:0008 00010002000300040005000600070008\n"
	      "c: 1:2:3:4:5:6:7:8 [1:2:3:4:5:6:7:8]:12345 [1:2:3:4:5:6:7:8]/258\n"
	      "all: [1:2:3:4:5:6:7:8]%1234567890 [1:2:3:4:5:6:7:8]:12345/258 "
	      "[0001:0002:0003:0004:0005:0006:0007:0008]:12345/258%1234567890\n"
	      "none: (einval) (%pI?) (%pi?)\n"
	      "orders: 4.3.2.1 4.3.2.1 1.2.3.4 1.2.3.4\n");
}

static void resources(void **state)
{
	shows(FORMATS "resources",
	      "mem: [mem 0x00001000-0x00001fff pref]\n"
	      "large: [mem 0x123456789000-0x1234567890ff 64bit]\n"
	      "io: [io  0x0060-0x0064]\n"
	      "irq: [irq 9]\n"
	      "bus: [bus 00-ff window]\n"
	      "unset: [mem size 0x00001000]\n"
	      "none: [??? 0x00000001-0x00000002 flags 0x0]\n"
	      "raw: [mem 0x00001000-0x00001fff flags 0x2200]\n");
}

static void times_and_the_calendar(void **state)
{
	shows(FORMATS "times",
	      "R: 2019-01-04T15:32:23\n"
	      "Rd: 2019-01-04\n"
	      "Rt: 15:32:23\n"
	      "Rr: 0119-00-04T15:32:23\n"
	      "Rs: 2019-01-04 15:32:23\n"
	      "T: 2019-01-04T15:32:23\n"
	      "Tdr: 0119-00-04\n"
	      "0: 1970-1-1 0:0:0, 4 0\n"
	      "951782399: 2000-2-28 23:59:59, 1 58\n"
	      "951782400: 2000-2-29 0:0:0, 2 59\n"
	      "1583020799: 2020-2-29 23:59:59, 6 59\n"
	      "4107542399: 2100-2-28 23:59:59, 0 58\n"
	      "-1: 1969-12-31 23:59:59, 3 364\n"
	      "253402300800: 10000-1-1 0:0:0, 6 0\n"
	      "offset: 1\n");
}

static void pixel_formats_and_escaped_bytes(void **state)
{
	shows(FORMATS "various",
	      "4cc: XR24 little-endian (0x34325258)\n"
	      "big: XR24 big-endian (0xb4325258)\n"
	      "odd: B.A. little-endian (0x00410a42)\n"
	      "E: a\\n\\\\001 \\177\\0z\n"
	      "Eh: a\\x0a\\\\x01 \\x7f\\x00z\n"
	      "Eo: \\141\\012\n"
	      "Ens: a\\n\\\\\001 \177\\0z\n"
	      "Ea: \\141\\n\\\\\n");
}

static void flags_by_their_names(void **state)
{
	shows(FORMATS "flags",
	      "Gg: GFP_KERNEL\n"
	      "atomic: GFP_ATOMIC|__GFP_NOWARN\n"
	      "several: GFP_USER|__GFP_COMP|__GFP_ZERO\n"
	      "none: |\n"
	      "Gv: read|write|mayread\n");
}

static void flags_of_pages(void **state)
{
	shows(FORMATS "page_flags",
	      "number: 1\n"
	      "names: (locked|uptodate|lru\n"
	      "unknown: (%pG?)\n");
}

static void what_is_not_there(void **state)
{
	shows(FORMATS "absent",
	      "N: 0x000000000000c000 (%pN?)\n"
	      "f: (null) (null) (%pf?)\n"
	      "O: (%pO?)\n"
	      "k: string text (einval)\n"
	      "none: (null) (null) (null)\n");
	/* or as where the kernel is built without clocks, without block devices */
	t_expect(t_has_line(FORMATS "clock", "(null) (null)\n") ||
		 t_has_line(FORMATS "clock", "(%pC?) (%pC?)\n"), true);
	t_expect(t_has_line(FORMATS "block_device", "(null)\n") ||
		 t_has_line(FORMATS "block_device", "0000000000000000\n"), true);
}

static void names_of_dentries(void **state)
{
	shows(FORMATS "dentries",
	      "d: below umdev_formats/below /umdev_formats/below /umdev_formats/below\n"
	      "parent: umdev_formats /umdev_formats /\n"
	      "padded:    below|below   |\n");
}

static void names_of_files(void **state)
{
	load();
	t_expect(t_put(FORMATS "file_name", "/sys/bus/mdev_none"), -ENOENT);
	t_expect(t_put(FORMATS "file_name", FORMATS "times"), strlen(FORMATS "times"));
	t_expect_text(FORMATS "opened",
		      "times formats/times mdev_test/formats/times "
		      "virtual/mdev_test/formats/times|       times\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(addresses_of_ipv6),
		T_TEST(addresses_of_sockets),
		T_TEST(resources),
		T_TEST(times_and_the_calendar),
		T_TEST(pixel_formats_and_escaped_bytes),
		T_TEST(flags_by_their_names),
		T_TEST(flags_of_pages),
		T_TEST(what_is_not_there),
		T_TEST(names_of_dentries),
		T_TEST(names_of_files),
	};

	return t_run("formats", tests);
}
