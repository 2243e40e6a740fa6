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

static void fields_of_each_kind(void **state)
{
	shows(FORMATS "fields",
	      "24pR:      [io  0x0060-0x0064]|\n"
	      "-24pR: [io  0x0060-0x0064]     |\n"
	      "024pR:      [io  0x0060-0x0064]|\n"
	      ".6pR: [io  0|\n"
	      "20pI6c:          2001:db8::1|\n"
	      "-20pI6c: 2001:db8::1         |\n"
	      ".4pI6c: 2001|\n"
	      "12pI4:      1.2.3.4|\n"
	      "-12pI4: 1.2.3.4     |\n"
	      ".3pI4: 1.2|\n"
	      "20pM:    01:2a:ff:00:09:b0|\n"
	      "-20pM: 01:2a:ff:00:09:b0   |\n"
	      "14.4pm:           012a|\n"
	      "24ptR: 2019-01-04T15:32:23|\n"
	      "-24ptRt: 15:32:23|\n"
	      ".3ptRd: 2019-01-04|\n"
	      "40p4cc:          XR24 little-endian (0x34325258)|\n"
	      ".4p4cc: XR24|\n"
	      "16pGg: GFP_KERNEL|\n"
	      ".3pGg: GFP_KERNEL|\n"
	      "24pa: 0x0000000000001234|\n"
	      "-24pa: 0x0000000000001234|\n"
	      ".3pa: 0x0000000000001234|\n"
	      "2ph: 01 2a|\n"
	      "99phN: 128|\n"
	      "-3phC: 01:2a:ff|\n"
	      ".2ph: 01|\n"
	      "0pb: |\n"
	      "66pb: 3,80000000,00000005|\n"
	      "66pbl: 0,2,63-65|\n"
	      "-66pbl: 0,2,63-65|\n"
	      "3pE: a\\nb|\n"
	      "-3pE: a\\nb|\n"
	      "10pe:    -ENOMEM|\n"
	      "-10pe: -ENOMEM   |\n"
	      ".2pe: -E|\n"
	      "10pe:      -3000|\n"
	      "-40pUb: 20010db8-0000-0000-0000-000000000001    |\n"
	      "10pK:          0|\n"
	      "-10pI4: (null)    |\n"
	      "10pM:   (efault)|\n");
}

static void room_for_each_kind(void **state)
{
	shows(FORMATS "room",
	      "pR: 1\n30pr: 1\npI6c: 1\n-45pI6: 1\npI4: 1\npISpc: 1\npM: 1\n"
	      "-20pm: 1\nptR: 1\np4cc: 1\npGg: 1\npGv: 1\npa: 1\n9phD: 1\n66pb: 1\n"
	      "66pbl: 1\n6pEh: 1\n12pe: 1\npUl: 1\n-#20x: 1\n+.8lld: 1\n10.2s: 1\n"
	      "-5c: 1\n");
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
		T_TEST(fields_of_each_kind),
		T_TEST(room_for_each_kind),
	};

	return t_run("formats", tests);
}
