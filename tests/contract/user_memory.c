// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a user and a driver: what is copied, what is pinned, and what the
 * driver maps, until when, with which references on its pages.
 */
#include <signal.h>
#include <sys/mman.h>

#include "../modules/user_memory_test.h"
#include "mdev_test.h"

#define NODE	"/dev/user_memory"
#define PAGE	4096

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("user_memory_test", NULL), 0);
}

static long refs(int fd, unsigned long page)
{
	return t_ioctl_raw(fd, UT_REFS, page);
}

static long faults(int fd)
{
	return t_ioctl_raw(fd, UT_FAULTS, 0);
}

/* ---- copies --------------------------------------------------------------------- */

static void cleared_memory_is_zero_to_its_end(void **state)
{
	char bytes[32];
	int fd;

	load();
	fd = open_it(NODE, O_RDONLY);
	memset(bytes, 'x', sizeof(bytes));
	t_expect(t_ioctl(fd, UT_CLEAR, bytes, sizeof(bytes)), 0);
	assert_memory_equal(bytes, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0x", 17);
	t_expect(t_ioctl_raw(fd, UT_CLEAR, T_BAD_ADDR), 16);
	t_expect(t_ioctl_raw(fd, UT_CLEAR, -4096UL), 16);
	t_close(fd);
}

/* A structure that grew: what this kernel does not know must be 0. */
static void structures_of_other_sizes_are_understood(void **state)
{
	uint64_t both[] = { 16, 5, 6 }, old[] = { 8, 5 }, known[] = { 24, 5, 6, 0 };
	uint64_t unknown[] = { 24, 5, 6, 1 };
	int fd;

	load();
	fd = open_it(NODE, O_RDONLY);
	t_expect(t_ioctl(fd, UT_STRUCT, both, sizeof(both)), 6);
	t_expect(t_ioctl(fd, UT_STRUCT, old, sizeof(old)), 0);
	t_expect(t_ioctl(fd, UT_STRUCT, known, sizeof(known)), 6);
	t_expect(t_ioctl(fd, UT_STRUCT, unknown, sizeof(unknown)), -E2BIG);
	t_expect(t_ioctl_raw(fd, UT_STRUCT, T_BAD_ADDR), -EFAULT);
	t_close(fd);
}

static void copies_of_strings_end_in_nul(void **state)
{
	char text[16] = "abc", longer[16] = "abcdefghij", five[8] = "hello", six[8] = "hello!";
	int fd;

	load();
	fd = open_it(NODE, O_RDONLY);
	t_expect(t_ioctl(fd, UT_DUP, text, sizeof(text)), 3);
	t_expect(t_ioctl(fd, UT_DUP, longer, sizeof(longer)), 8);
	t_expect(t_ioctl_raw(fd, UT_DUP, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl(fd, UT_STRNDUP, five, sizeof(five)), 5);
	t_expect(t_ioctl(fd, UT_STRNDUP, six, sizeof(six)), -EINVAL);
	t_expect(t_ioctl_raw(fd, UT_STRNDUP, T_BAD_ADDR), -EFAULT);
	t_close(fd);
}

static void what_was_not_copied_is_zero(void **state)
{
	char bytes[16] = "x";
	int fd;

	load();
	fd = open_it(NODE, O_RDONLY);
	t_expect(t_ioctl(fd, UT_COPY, bytes, sizeof(bytes)), 0);
	t_expect(t_ioctl_raw(fd, UT_COPY, T_BAD_ADDR), -EFAULT);
	/* an address of the kernel's */
	t_expect(t_ioctl_raw(fd, UT_COPY, -4096UL), -EFAULT);
	t_close(fd);
}

static void pinned_pages_are_the_users(void **state)
{
	struct t_user *u = t_user_alloc(3 * PAGE);
	unsigned long addr, skip;
	char *bytes = t_user_ptr(u);
	int fd;

	load();
	memset(bytes, 'x', 3 * PAGE);
	addr = (t_user_addr(u) + PAGE - 1) & -PAGE;
	skip = addr - t_user_addr(u);
	fd = open_it(NODE, O_RDONLY);
	t_expect(t_ioctl_raw(fd, UT_PIN, addr), 2);
	t_expect(bytes[skip], 'p');
	t_expect(bytes[skip + PAGE], 'p');
	t_expect(bytes[skip + 1], 'x');
	t_expect(t_ioctl_raw(fd, UT_PIN, T_BAD_ADDR), -EFAULT);
	t_close(fd);
	t_user_free(u);
}

static void bad_addresses_are_efault(void **state)
{
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	t_expect(t_read_raw(fd, T_BAD_ADDR, 4), -EFAULT);
	t_expect(t_write_raw(fd, T_BAD_ADDR, 4), -EFAULT);
	t_expect(t_read_raw(fd, 0, 1), -EFAULT);
	/* addresses of the kernel's, be it for no byte */
	t_expect(t_read_raw(fd, -8UL, 1), -EFAULT);
	t_expect(t_read_raw(fd, -8UL, 0), -EFAULT);
	t_expect(t_read_raw(fd, T_BAD_ADDR, 0), 0);
	t_expect(t_ioctl_raw(fd, UT_ADD_ONE, T_BAD_ADDR), -EFAULT);
	t_expect(t_lseek(fd, 0, SEEK_CUR), 0);
	t_close(fd);
}

static void value_is_got_and_put(void **state)
{
	int fd, value = 41;

	load();
	fd = open_it(NODE, O_RDONLY);
	t_expect(t_ioctl(fd, UT_ADD_ONE, &value, sizeof(value)), 0);
	t_expect(value, 42);
	t_close(fd);
}

static void strings_are_read_up_to_their_end(void **state)
{
	char text[32] = "a string";
	int fd;

	load();
	fd = open_it(NODE, O_RDONLY);
	t_expect(t_ioctl(fd, UT_STRING, text, sizeof(text)), 8);
	t_expect(t_ioctl(fd, UT_STRNLEN, text, sizeof(text)), 9);
	memset(text, 'x', sizeof(text));
	t_expect(t_ioctl(fd, UT_STRING, text, sizeof(text)), 16);
	t_expect(t_ioctl(fd, UT_STRNLEN, text, sizeof(text)), 17);
	t_expect(t_ioctl_raw(fd, UT_STRING, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(fd, UT_STRNLEN, T_BAD_ADDR), 0);
	t_close(fd);
}

static void numbers_are_parsed_where_they_are(void **state)
{
	static const struct {
		enum ut_number_type type;
		const char *text;
		int err;
		unsigned long long value;
	} table[] = {
		{ UT_ULL, "18446744073709551615\n", 0, -1ULL },
		{ UT_LL, "-9223372036854775808", 0, 1ULL << 63 },
		{ UT_UL, "0xffffffffffffffff", 0, -1ULL }, { UT_L, "-1", 0, -1ULL },
		{ UT_INT, "-2147483648", 0, -2147483648LL }, { UT_UINT, "123\n", 0, 123 },
		{ UT_UINT, "123\nx", -EINVAL, 0 }, { UT_U16, "65536", -ERANGE, 0 },
		{ UT_U8, "255", 0, 255 }, { UT_U8, "-1", -EINVAL, 0 },
		{ UT_BOOL, "off and so on", 0, 0 }, { UT_BOOL, "o", -EINVAL, 0 },
		{ UT_BOOL, "Y\n", 0, 1 },
	};
	struct ut_number n = { 0 };
	size_t i;
	int fd;

	load();
	fd = open_it(NODE, O_RDONLY);
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		n.type = table[i].type;
		n.len = strlen(table[i].text);
		/* what follows is not looked at */
		memset(n.text, '7', sizeof(n.text));
		memcpy(n.text, table[i].text, n.len);
		t_expect(t_ioctl(fd, UT_NUMBER, &n, sizeof(n)), table[i].err);
		t_expect(n.value == table[i].value, true);
	}
	t_close(fd);
}

static void memory_that_is_for_reading_is_not_written_to(void **state)
{
	struct t_user *u = t_user_alloc(PAGE);
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	strcpy(t_user_ptr(u), "text");
	t_user_readonly(u);
	t_expect(t_pwrite_raw(fd, t_user_addr(u), 4, 0), 4);
	t_expect(t_pread_raw(fd, t_user_addr(u), 4, 0), -EFAULT);
	t_expect(t_ioctl_raw(fd, UT_HOLD, t_user_addr(u)), -EFAULT);
	t_user_free(u);
	t_close(fd);
}

static void pinned_page_outlives_the_users(void **state)
{
	struct t_user *u = t_user_alloc(16);
	int fd;

	load();
	fd = open_it(NODE, O_RDONLY);
	t_expect(t_ioctl_raw(fd, UT_HOLD, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(fd, UT_HOLD, t_user_addr(u)), 0);
	t_expect(t_ioctl_raw(fd, UT_LET_GO, 0), 0);
	assert_string_equal(t_user_ptr(u), "pinned");
	t_expect(t_ioctl_raw(fd, UT_HOLD, t_user_addr(u)), 0);
	t_user_free(u);
	t_expect(t_ioctl_raw(fd, UT_LET_GO, 0), 0);
	t_close(fd);
}

static void anonymous_memory_is_the_users(void **state)
{
	char *p, buf[9];
	int fd, err;

	load();
	fd = open_it(NODE, O_RDWR);
	p = t_mmap(2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, &err);
	t_expect(err, 0);
	memcpy(p + PAGE - 3, "anonymous", 9);
	t_expect(t_pwrite_raw(fd, (unsigned long)p + PAGE - 3, 9, 0), 9);
	t_expect(t_pread(fd, buf, 9, 0), 9);
	assert_memory_equal(buf, "anonymous", 9);
	t_expect(t_munmap(p, 2 * PAGE), 0);
	t_expect(t_pread_raw(fd, (unsigned long)p, 9, 0), -EFAULT);
	t_close(fd);
}

/* ---- mappings -------------------------------------------------------------------------- */

static char *map(int fd, unsigned int what, unsigned int pages)
{
	int err;
	char *p = t_mmap(pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			 (int64_t)what * PAGE, &err);

	t_expect(err, 0);
	return p;
}

static void mmap_fails(int fd, size_t length, int prot, int flags, int64_t offset, int want)
{
	int err;

	t_mmap(length, prot, flags, fd, offset, &err);
	t_expect(err, want);
}

static void map_fails(int fd, unsigned int what, int want)
{
	mmap_fails(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, (int64_t)what * PAGE, want);
}

static void two_mappings_show_the_same_bytes(int what)
{
	char *p, *q;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	p = map(fd, what, 2);
	q = map(fd, what, 2);
	p[0] = 'a';
	p[PAGE] = 'b';
	t_expect(q[0], 'a');
	t_expect(q[PAGE], 'b');
	t_expect(t_munmap(p, 2 * PAGE), 0);
	t_expect(q[PAGE], 'b');
	t_expect(t_munmap(q, 2 * PAGE), 0);
	t_close(fd);
}

static void vmalloc_memory_is_mapped_by_its_frames(void **state)
{
	two_mappings_show_the_same_bytes(UT_MAP_VMALLOC);
}

static void pages_in_a_row_are_mapped_by_their_physical_address(void **state)
{
	two_mappings_show_the_same_bytes(UT_MAP_RESERVED);
}

static void mapped_page_has_a_reference_more(void **state)
{
	char *p;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	t_expect(refs(fd, 0), 1);
	p = map(fd, UT_MAP_PAGE, 1);
	t_expect(refs(fd, 0), 2);
	p[0] = 'a';
	t_expect(t_munmap(p, PAGE), 0);
	t_expect(refs(fd, 0), 1);
	t_close(fd);
}

static void failed_mapping_leaves_no_reference(void **state)
{
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	map_fails(fd, UT_MAP_TWICE, -EBUSY);
	t_expect(refs(fd, 0), 1);
	map_fails(fd, UT_MAP_OUTSIDE, -EFAULT);
	t_expect(refs(fd, 0), 1);
	map_fails(fd, UT_MAP_NOT_USERS, -EINVAL);
	map_fails(fd, UT_MAP_NO_AREA, -EINVAL);
	map_fails(fd, 99, -EINVAL);
	t_close(fd);
}

static void frame_comes_when_it_is_touched(void **state)
{
	char *p, *q;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	p = map(fd, UT_MAP_LATE, 1);
	q = map(fd, UT_MAP_PAGE, 1);
	p[3] = 'c';
	t_expect(q[3], 'c');
	t_expect(t_munmap(p, PAGE), 0);
	t_expect(t_munmap(q, PAGE), 0);
	t_close(fd);
}

static void driver_may_refuse_to_have_its_mapping_split(void **state)
{
	char *p;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	p = map(fd, UT_MAP_WHOLE, 3);
	t_expect(t_munmap(p, PAGE), -EPERM);
	t_expect(t_munmap(p + PAGE, PAGE), -EPERM);
	t_expect(t_munmap(p + 2 * PAGE, PAGE), -EPERM);
	t_expect(t_munmap(p, 3 * PAGE), 0);
	p = map(fd, UT_MAP_NOTHING, 3);
	t_expect(t_munmap(p + PAGE, PAGE), 0);
	t_expect(t_munmap(p, 3 * PAGE), 0);
	t_close(fd);
}

/* From the flags a driver knows whether its memory may ever be written. */
static void mapping_says_what_the_file_allows(void **state)
{
	int fd, err;
	void *p;

	load();
	fd = open_it(NODE, O_RDONLY);
	p = t_mmap(PAGE, PROT_READ, MAP_SHARED, fd, UT_MAP_NOTHING * PAGE, &err);
	t_expect(err, 0);
	t_expect(t_ioctl(fd, UT_VM_FLAGS, NULL, 0), 0);
	t_expect(t_munmap(p, PAGE), 0);
	map_fails(fd, UT_MAP_NOTHING, -EACCES);
	p = t_mmap(PAGE, PROT_READ, MAP_PRIVATE, fd, UT_MAP_NOTHING * PAGE, &err);
	t_expect(err, 0);
	t_expect(t_ioctl(fd, UT_VM_FLAGS, NULL, 0), UT_VM_MAYWRITE);
	t_expect(t_munmap(p, PAGE), 0);
	t_close(fd);
	fd = open_it(NODE, O_RDWR);
	p = t_mmap(PAGE, PROT_READ, MAP_SHARED, fd, UT_MAP_NOTHING * PAGE, &err);
	t_expect(err, 0);
	t_expect(t_ioctl(fd, UT_VM_FLAGS, NULL, 0), UT_VM_SHARED | UT_VM_MAYWRITE);
	t_expect(t_munmap(p, PAGE), 0);
	t_close(fd);
}

static void users_memory_of_the_kernel_is_mapped_from_any_page_on(void **state)
{
	char *p, *q;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	p = map(fd, UT_MAP_USERS, 4);
	q = map(fd, UT_MAP_USERS + 1, 1);
	p[PAGE] = 'a';
	t_expect(q[0], 'a');
	q[1] = 'b';
	t_expect(p[PAGE + 1], 'b');
	/* what is behind its end is none of it */
	map_fails(fd, UT_MAP_USERS + 4, -EINVAL);
	mmap_fails(fd, 5 * PAGE, PROT_READ, MAP_SHARED, UT_MAP_USERS * PAGE, -EINVAL);
	t_expect(t_munmap(p, 4 * PAGE), 0);
	t_expect(t_munmap(q, PAGE), 0);
	t_close(fd);
}

static void file_is_released_when_it_is_neither_open_nor_mapped(void **state)
{
	char *p;
	int fd, other;

	load();
	clear_log();
	fd = open_it(NODE, O_RDWR);
	other = open_it(NODE, O_RDONLY);
	expect_log("open user_memory\nopen user_memory\n");
	clear_log();
	t_expect(t_close(other), 0);
	expect_log("release user_memory\n");
	clear_log();
	p = map(fd, UT_MAP_PAGE, 1);
	t_expect(t_close(fd), 0);
	p[0] = 'a';
	expect_log("");
	t_expect(t_munmap(p, PAGE), 0);
	expect_log("release user_memory\n");
}

static void pages_come_by_fault_and_go_by_unmap(void **state)
{
	volatile char *p;
	char *q;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	clear_log();
	p = map(fd, UT_MAP_FAULT, 4);
	t_expect(faults(fd), 0);
	p[0] = 'x';
	t_expect(faults(fd), 1);
	t_expect(refs(fd, 0), 2);
	t_expect(refs(fd, 1), 1);
	p[1] = 'y';
	t_expect(faults(fd), 1);
	q = map(fd, UT_MAP_PAGE, 1);
	assert_memory_equal(q, "xy", 2);
	t_expect(t_munmap(q, PAGE), 0);
	expect_log("");
	t_expect(t_munmap((char *)p, 4 * PAGE), 0);
	expect_log("vm_close told\n");
	t_expect(refs(fd, 0), 1);
	t_close(fd);
}

static void copy_to_a_mapping_has_its_pages_come(void **state)
{
	char *p;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	p = map(fd, UT_MAP_FAULT, 4);
	t_expect(t_pwrite(fd, "text", 4, 0), 4);
	t_expect(t_pread_raw(fd, (unsigned long)p + PAGE - 2, 4, 0), 4);
	t_expect(faults(fd), 2);
	assert_memory_equal(p + PAGE - 2, "text", 4);
	t_expect(t_munmap(p, 4 * PAGE), 0);
	t_close(fd);
}

static void part_of_a_mapping_is_unmapped(void **state)
{
	volatile char *p;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	p = map(fd, UT_MAP_FAULT, 4);
	p[0] = p[PAGE] = p[2 * PAGE] = p[3 * PAGE] = 1;
	clear_log();
	t_expect(t_munmap((char *)p + PAGE, 2 * PAGE), 0);
	/* what is left are two, for each cut one more */
	expect_log("vm_open told\nvm_open told\nvm_close told\n");
	t_expect(refs(fd, 0), 2);
	t_expect(refs(fd, 1), 1);
	t_expect(refs(fd, 2), 1);
	t_expect(refs(fd, 3), 2);
	t_expect(t_read_raw(fd, (unsigned long)p + PAGE, 1), -EFAULT);
	t_close(fd);
	clear_log();
	t_expect(t_munmap((char *)p, 4 * PAGE), 0);
	expect_logged("vm_close told\n");
	expect_logged("release user_memory\n");
}

static void mapping_shrinks_in_place(void **state)
{
	char *p;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	p = map(fd, UT_MAP_FAULT, 4);
	p[PAGE] = p[3 * PAGE] = 'x';
	t_expect(t_mremap(p, 4 * PAGE, 4 * PAGE), 0);
	t_expect(t_mremap(p, 4 * PAGE, 2 * PAGE - 1), 0);
	t_expect(refs(fd, 1), 2);
	t_expect(refs(fd, 3), 1);
	t_expect(t_mremap(p + 2 * PAGE, PAGE, PAGE), -EFAULT);
	t_expect(t_mremap(p + 1, PAGE, PAGE), -EINVAL);
	t_expect(t_mremap(p, PAGE, 0), -EINVAL);
	t_expect(t_munmap(p, 2 * PAGE), 0);
	t_close(fd);
}

static void frames_cannot_be_pinned(void **state)
{
	char *p;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	p = map(fd, UT_MAP_LATE, 1);
	p[0] = 'x';
	t_expect(refs(fd, 0), 1);
	t_expect(t_ioctl_raw(fd, UT_HOLD, (unsigned long)p), -EFAULT);
	t_expect(t_munmap(p, PAGE), 0);
	t_close(fd);
}

static sigjmp_buf touched;

static void on_signal(int sig)
{
	siglongjmp(touched, sig);
}

static void page_that_cannot_be_had_is_a_bus_error(void **state)
{
	void (*before)(int) = signal(SIGBUS, on_signal);
	volatile bool came_back = false;
	char *p;
	int fd;

	load();
	fd = open_it(NODE, O_RDWR);
	p = map(fd, UT_MAP_NOTHING, 1);
	if (!sigsetjmp(touched, 1)) {
		*(volatile char *)p = 1;
		came_back = true;
	}
	signal(SIGBUS, before);
	assert_false(came_back);
	/* to a copy of the kernel's it is an address as bad as any */
	t_expect(t_pread_raw(fd, (unsigned long)p, 1, 0), -EFAULT);
	t_expect(t_munmap(p, PAGE), 0);
	t_close(fd);
}

static void mapping_that_cannot_be_is_refused(void **state)
{
	int fd, ro, wo;

	load();
	fd = open_it(NODE, O_RDWR);
	ro = open_it(NODE, O_RDONLY);
	wo = open_it(NODE, O_WRONLY);
	mmap_fails(fd, SIZE_MAX - 2 * PAGE, PROT_READ, MAP_SHARED, 0, -ENOMEM);
	mmap_fails(fd, 2 * PAGE, PROT_READ, MAP_SHARED, -PAGE, -EOVERFLOW);
	mmap_fails(fd, PAGE, PROT_READ, MAP_SHARED, 5, -EINVAL);
	mmap_fails(fd, 0, PROT_READ, MAP_SHARED, 0, -EINVAL);
	mmap_fails(fd, PAGE, PROT_READ, 0, 0, -EINVAL);
	mmap_fails(-1, PAGE, PROT_READ, MAP_SHARED, 0, -EBADF);
	mmap_fails(ro, PAGE, PROT_WRITE, MAP_SHARED, UT_MAP_PAGE * PAGE, -EACCES);
	mmap_fails(wo, PAGE, PROT_READ, MAP_SHARED, UT_MAP_PAGE * PAGE, -EACCES);
	mmap_fails(wo, PAGE, PROT_WRITE, MAP_SHARED, UT_MAP_PAGE * PAGE, -EACCES);
	/* the driver's error, after it has mapped a page */
	map_fails(fd, UT_MAP_REFUSED, -EPERM);
	t_expect(refs(fd, 0), 1);
	t_expect(t_munmap((void *)1, PAGE), -EINVAL);
	t_expect(t_munmap((void *)PAGE, 0), -EINVAL);
	t_close(fd);
	t_close(ro);
	t_close(wo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(cleared_memory_is_zero_to_its_end),
		T_TEST(structures_of_other_sizes_are_understood),
		T_TEST(copies_of_strings_end_in_nul),
		T_TEST(what_was_not_copied_is_zero),
		T_TEST(pinned_pages_are_the_users),
		T_TEST(bad_addresses_are_efault),
		T_TEST(value_is_got_and_put),
		T_TEST(strings_are_read_up_to_their_end),
		T_TEST(numbers_are_parsed_where_they_are),
		T_TEST(memory_that_is_for_reading_is_not_written_to),
		T_TEST(pinned_page_outlives_the_users),
		T_TEST(anonymous_memory_is_the_users),
		T_TEST(vmalloc_memory_is_mapped_by_its_frames),
		T_TEST(pages_in_a_row_are_mapped_by_their_physical_address),
		T_TEST(mapped_page_has_a_reference_more),
		T_TEST(failed_mapping_leaves_no_reference),
		T_TEST(frame_comes_when_it_is_touched),
		T_TEST(driver_may_refuse_to_have_its_mapping_split),
		T_TEST(mapping_says_what_the_file_allows),
		T_TEST(users_memory_of_the_kernel_is_mapped_from_any_page_on),
		T_TEST(file_is_released_when_it_is_neither_open_nor_mapped),
		T_TEST(pages_come_by_fault_and_go_by_unmap),
		T_TEST(copy_to_a_mapping_has_its_pages_come),
		T_TEST(part_of_a_mapping_is_unmapped),
		T_TEST(mapping_shrinks_in_place),
		T_TEST(frames_cannot_be_pinned),
		T_TEST(page_that_cannot_be_had_is_a_bus_error),
		T_TEST(mapping_that_cannot_be_is_refused),
	};

	return t_run("user_memory", tests);
}
