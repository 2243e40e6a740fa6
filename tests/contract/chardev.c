// SPDX-License-Identifier: GPL-2.0-only
/*
 * Character devices as a process sees them: numbers, nodes, positions, the
 * ioctls that every file has, what a driver maps, and what copies from user
 * memory do with a bad address.
 */
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "../modules/chardev_test.h"
#include "mdev_test.h"

#define CHARDEV	DIR_TEST "/chardev"
#define PLAIN	"/dev/chardev_plain"
#define PAGE	4096

static void load(void)
{
	t_expect(t_insmod("mdev_test_control", NULL), 0);
	t_expect(t_insmod("chardev_test", NULL), 0);
	t_kmsg_flush();
}

static void run(const char *command, long want)
{
	t_expect(t_put(CHARDEV "/do", command), want < 0 ? want : (long)strlen(command));
}

/* ---- numbers --------------------------------------------------------------- */

static void numbers_overlap_only_where_they_are_the_same(void **state)
{
	load();
	run("region 510 4", 0);
	run("region 510 3", -EBUSY);
	run("region 510 4", -EBUSY);
	run("region 510 5", -EBUSY);
	run("region 510 2", 0);
	run("region 510 6", 0);
	run("unregion 510 2", 0);
	run("unregion 510 4", 0);
	run("unregion 510 6", 0);
	run("our_numbers", -EBUSY);
}

static void numbers_that_cannot_be_are_refused(void **state)
{
	load();
	run("region 512 0", -EINVAL);
	assert_true(t_kmsg_has("CHRDEV \"chardev_region\" major requested (512) is greater "
			       "than the maximum (511)"));
	run("too_many", -EINVAL);
	assert_true(t_kmsg_has("CHRDEV \"chardev_many\" minor range requested (1-1048576) is out "
			       "of range of maximum range (0-1048575) for a single major"));
}

static void region_may_run_into_the_next_major(void **state)
{
	load();
	run("region_over", 0);
	run("region_over taken", -EBUSY);
}

static void majors_are_given_until_there_are_none(void **state)
{
	load();
	run("all_majors", -EBUSY);
	assert_true(t_kmsg_has("CHRDEV \"chardev_all\" dynamic allocation region is full"));
}

static void number_without_a_driver_is_enxio(void **state)
{
	load();
	t_expect(t_open("/dev/chardev_empty", O_RDONLY), -ENXIO);
	run("old", 0);
	t_expect(t_close(open_it("/dev/chardev_old", O_RDONLY)), 0);
	run("unold", 0);
	t_expect(t_open("/dev/chardev_old", O_RDONLY), -ENXIO);
	run("unold_node", 0);
	t_expect(t_open("/dev/chardev_old", O_RDONLY), -ENOENT);
}

static void number_zero_is_no_device(void **state)
{
	load();
	t_expect_splat("cdev_add");
	run("number_zero", -EBUSY);
}

/* Seeking tells the two apart: one has no llseek operation. */
static void smaller_range_of_numbers_wins(void **state)
{
	int fd, narrow;

	load();
	run("wide", 0);
	run("narrow", 0);
	narrow = open_it("/dev/chardev_wide", O_RDONLY);
	t_expect(t_lseek(narrow, 1, SEEK_SET), -ESPIPE);
	run("unnarrow", 0);
	t_close(narrow);
	fd = open_it("/dev/chardev_wide", O_RDONLY);
	t_expect(t_lseek(fd, 1, SEEK_SET), 0);
	t_close(fd);
	run("unwide", 0);
}

static void device_of_a_going_module_is_enxio(void **state)
{
	struct t_task *unloader;

	load();
	t_expect(t_close(open_it(PLAIN, O_RDONLY)), 0);
	clear_log();
	hold("exit");
	unloader = t_rmmod_start("chardev_test");
	assert_true(t_task_wait_blocked(unloader));
	/* opened before; never opened; with an owner of its operations only */
	t_expect(t_open(PLAIN, O_RDONLY), -ENXIO);
	t_expect(t_open("/dev/chardev_noop", O_RDONLY), -ENXIO);
	t_expect(t_open("/dev/chardev_ownerless", O_RDONLY), -ENXIO);
	release("exit");
	t_expect(t_task_join(unloader), 0);
	t_expect(t_open(PLAIN, O_RDONLY), -ENOENT);
	/* nor does it get a file of its own any more */
	expect_log("late_file none\n");
}

static void open_file_keeps_the_module(void **state)
{
	int fd;

	load();
	fd = open_it("/dev/chardev_ownerless", O_RDONLY);
	t_expect(t_rmmod("chardev_test"), -EWOULDBLOCK);
	t_close(fd);
	t_expect(t_rmmod("chardev_test"), 0);
}

/* ---- nodes -------------------------------------------------------------------- */

static void exclamation_mark_makes_a_directory(void **state)
{
	struct t_stat st;

	load();
	run("node chardev!deep!down", 0);
	t_expect(t_stat("/dev/chardev/deep/down", &st), 0);
	t_expect(st.mode, 0020600);
	t_expect(t_stat("/dev/chardev/deep", &st), 0);
	t_expect(st.mode, 0040755);
	assert_true(t_exists(DIR_TEST "/chardev!deep!down"));
	run("unnode", 0);
	assert_false(t_exists("/dev/chardev/deep"));
	assert_false(t_exists("/dev/chardev"));
}

/* The device does not fail for it. */
static void node_below_a_node_cannot_be_made(void **state)
{
	load();
	run("node chardev!leaf", 0);
	run("node_below chardev!leaf!below", 0);
	assert_true(t_exists(DIR_TEST "/chardev!leaf!below"));
	t_expect(t_open("/dev/chardev/leaf/below", O_RDONLY), -ENOTDIR);
	run("unnode", 0);
	assert_false(t_exists("/dev/chardev"));
}

/* ---- positions ------------------------------------------------------------------ */

static void data_and_holes_of_a_device_without_a_size(void **state)
{
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_lseek(fd, 0, SEEK_DATA), -ENXIO);
	t_expect(t_lseek(fd, 7, SEEK_HOLE), -ENXIO);
	t_expect(t_lseek(fd, -1, SEEK_DATA), -EINVAL);
	t_expect(t_lseek(fd, 5, SEEK_SET), 5);
	t_expect(t_lseek(fd, -1, SEEK_HOLE), 0);
	t_expect(t_lseek(fd, 0, SEEK_CUR), 0);
	t_close(fd);
}

static void seek_that_does_nothing_tells_the_position(void **state)
{
	char buf[8];
	int fd;

	load();
	fd = open_it("/dev/chardev_noop", O_RDONLY);
	t_expect(t_read(fd, buf, 5), 5);
	t_expect(t_lseek(fd, 0, SEEK_SET), 5);
	t_expect(t_read(fd, buf, 5), 5);
	t_expect(t_lseek(fd, -100, SEEK_END), 10);
	t_close(fd);
}

static void file_that_cannot_seek_has_no_positions(void **state)
{
	char buf[8];
	int fd;

	load();
	fd = open_it("/dev/chardev_stream", O_RDONLY);
	t_expect(t_lseek(fd, 0, SEEK_SET), -ESPIPE);
	t_expect(t_pread(fd, buf, 1, 0), -ESPIPE);
	t_expect(t_read(fd, buf, 1), 1);
	t_close(fd);
}

/* The addresses of the upper half are positions below 0. */
static void positions_may_be_unsigned(void **state)
{
	char buf[16];
	int fd;

	load();
	fd = open_it("/dev/chardev_unsigned", O_RDONLY);
	t_expect(t_lseek(fd, -16, SEEK_SET), -16);
	t_expect(t_read(fd, buf, 8), 8);
	t_expect(buf[0], -16);
	t_expect(t_lseek(fd, 0, SEEK_CUR), -8);
	t_expect(t_read(fd, buf, 8), -EOVERFLOW);
	t_expect(t_pread(fd, buf, 16, INT64_MAX - 4), 16);
	t_close(fd);
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_lseek(fd, -16, SEEK_SET), -EINVAL);
	t_expect(t_pread(fd, buf, 16, INT64_MAX - 4), -EINVAL);
	t_close(fd);
}

static void a_copy_that_cannot_be_is_efault(void **state)
{
	int fd;

	load();
	fd = open_it(PLAIN, O_RDWR);
	t_expect(t_read_raw(fd, T_BAD_ADDR, 4), -EFAULT);
	t_expect(t_write_raw(fd, T_BAD_ADDR, 4), -EFAULT);
	t_expect(t_lseek(fd, 0, SEEK_CUR), 0);
	t_close(fd);
}

/* ---- ioctls, closing --------------------------------------------------------------- */

static void ioctls_that_every_file_has(void **state)
{
	int fd, on = 1, off = 0, n = 0;

	load();
	fd = open_it(PLAIN, O_RDWR);
	t_expect(t_ioctl(fd, FIGETBSZ, &n, sizeof(n)), 0);
	t_expect(n, PAGE);
	/* of regular files only; the driver does not know it */
	t_expect(t_ioctl(fd, FIONREAD, &n, sizeof(n)), -ENOTTY);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 0);
	t_expect(t_ioctl(fd, FIONBIO, &on, sizeof(on)), 0);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 1);
	t_expect(t_ioctl(fd, FIONBIO, &off, sizeof(off)), 0);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 0);
	t_expect(t_ioctl_raw(fd, FIONBIO, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(fd, FIOCLEX, 0), 0);
	t_expect(t_ioctl_raw(fd, FIONCLEX, 0), 0);
	/* nobody is to be told, so that stays off */
	t_expect(t_ioctl(fd, FIOASYNC, &off, sizeof(off)), 0);
	t_expect(t_ioctl(fd, FIOASYNC, &on, sizeof(on)), -ENOTTY);
	t_expect(t_ioctl_raw(fd, FIOASYNC, T_BAD_ADDR), -EFAULT);
	t_expect(t_ioctl_raw(fd, 0x6399, 0), -ENOTTY);
	t_close(fd);
}

static void opened_without_blocking_it_does_not_block(void **state)
{
	int fd;

	load();
	fd = open_it(PLAIN, O_RDWR | O_NONBLOCK);
	t_expect(t_ioctl(fd, CD_FLAGS, NULL, 0), 1);
	t_close(fd);
}

static void error_of_the_flush_is_the_closes(void **state)
{
	char buf[4];
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	answer("flush -5");
	t_expect(t_close(fd), -EIO);
	/* closed it is all the same */
	t_expect(t_read(fd, buf, 1), -EBADF);
	answer("flush 0");
	t_expect(t_rmmod("chardev_test"), 0);
}

static void anonymous_file_reads_and_seeks_but_has_no_pread(void **state)
{
	int fd, anon, n = 0;
	char buf[16];

	load();
	fd = open_it(PLAIN, O_RDONLY);
	anon = t_ioctl(fd, CD_ANON, NULL, 0);
	t_expect(anon >= 0, true);
	t_expect(t_ioctl(anon, FIGETBSZ, &n, sizeof(n)), 0);
	t_expect(n, PAGE);
	t_close(fd);
	/* which keeps the module by itself */
	t_expect(t_rmmod("chardev_test"), -EWOULDBLOCK);
	t_expect(t_read(anon, buf, 4), 4);
	assert_memory_equal(buf, "anon", 4);
	t_expect(t_pread(anon, buf, 4, 0), -ESPIPE);
	t_expect(t_write(anon, buf, 4), -EBADF);
	t_expect(t_lseek(anon, 2, SEEK_SET), 2);
	t_expect(t_read(anon, buf, sizeof(buf)), 7);
	assert_memory_equal(buf, "onymous", 7);
	t_expect(t_ioctl_raw(anon, CD_FLAGS, 0), -ENOTTY);
	t_close(anon);
}

/* ---- user memory --------------------------------------------------------------------- */

static void cleared_memory_is_zero_to_its_end(void **state)
{
	char bytes[32];
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	memset(bytes, 'x', sizeof(bytes));
	t_expect(t_ioctl(fd, CD_CLEAR, bytes, sizeof(bytes)), 0);
	assert_memory_equal(bytes, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0x", 17);
	t_expect(t_ioctl_raw(fd, CD_CLEAR, T_BAD_ADDR), 16);
	t_expect(t_ioctl_raw(fd, CD_CLEAR, -4096UL), 16);
	t_close(fd);
}

/* A structure that grew: what this kernel does not know must be 0. */
static void structures_of_other_sizes_are_understood(void **state)
{
	uint64_t both[] = { 16, 5, 6 }, old[] = { 8, 5 }, known[] = { 24, 5, 6, 0 };
	uint64_t unknown[] = { 24, 5, 6, 1 };
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_ioctl(fd, CD_STRUCT, both, sizeof(both)), 6);
	t_expect(t_ioctl(fd, CD_STRUCT, old, sizeof(old)), 0);
	t_expect(t_ioctl(fd, CD_STRUCT, known, sizeof(known)), 6);
	t_expect(t_ioctl(fd, CD_STRUCT, unknown, sizeof(unknown)), -E2BIG);
	t_expect(t_ioctl_raw(fd, CD_STRUCT, T_BAD_ADDR), -EFAULT);
	t_close(fd);
}

static void copies_of_strings_end_in_nul(void **state)
{
	char text[16] = "abc", longer[16] = "abcdefghij";
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_ioctl(fd, CD_DUP, text, sizeof(text)), 3);
	t_expect(t_ioctl(fd, CD_DUP, longer, sizeof(longer)), 8);
	t_expect(t_ioctl_raw(fd, CD_DUP, T_BAD_ADDR), -EFAULT);
	t_close(fd);
}

static void what_was_not_copied_is_zero(void **state)
{
	char bytes[16] = "x";
	int fd;

	load();
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_ioctl(fd, CD_COPY, bytes, sizeof(bytes)), 0);
	t_expect(t_ioctl_raw(fd, CD_COPY, T_BAD_ADDR), -EFAULT);
	/* an address of the kernel's */
	t_expect(t_ioctl_raw(fd, CD_COPY, -4096UL), -EFAULT);
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
	fd = open_it(PLAIN, O_RDONLY);
	t_expect(t_ioctl_raw(fd, CD_PIN, addr), 2);
	t_expect(bytes[skip], 'p');
	t_expect(bytes[skip + PAGE], 'p');
	t_expect(bytes[skip + 1], 'x');
	t_expect(t_ioctl_raw(fd, CD_PIN, T_BAD_ADDR), -EFAULT);
	t_close(fd);
	t_user_free(u);
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

static void map_fails(int fd, unsigned int what, int want)
{
	int err;

	t_mmap(PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (int64_t)what * PAGE, &err);
	t_expect(err, want);
}

static void two_mappings_show_the_same_bytes(int what)
{
	char *p, *q;
	int fd;

	load();
	fd = open_it(PLAIN, O_RDWR);
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
	two_mappings_show_the_same_bytes(CD_MAP_VMALLOC);
}

static void pages_in_a_row_are_mapped_by_their_physical_address(void **state)
{
	two_mappings_show_the_same_bytes(CD_MAP_RESERVED);
}

static void mapped_page_has_a_reference_more(void **state)
{
	char *p;
	int fd;

	load();
	fd = open_it(PLAIN, O_RDWR);
	t_expect(t_ioctl(fd, CD_REFS, NULL, 0), 1);
	p = map(fd, CD_MAP_PAGE, 1);
	t_expect(t_ioctl(fd, CD_REFS, NULL, 0), 2);
	p[0] = 'a';
	t_expect(t_munmap(p, PAGE), 0);
	t_expect(t_ioctl(fd, CD_REFS, NULL, 0), 1);
	t_close(fd);
}

static void failed_mapping_leaves_no_reference(void **state)
{
	int fd;

	load();
	fd = open_it(PLAIN, O_RDWR);
	map_fails(fd, CD_MAP_TWICE, -EBUSY);
	t_expect(t_ioctl(fd, CD_REFS, NULL, 0), 1);
	map_fails(fd, CD_MAP_OUTSIDE, -EFAULT);
	t_expect(t_ioctl(fd, CD_REFS, NULL, 0), 1);
	map_fails(fd, CD_MAP_NOT_USERS, -EINVAL);
	map_fails(fd, CD_MAP_NO_AREA, -EINVAL);
	map_fails(fd, 99, -EINVAL);
	t_close(fd);
}

static void frame_comes_when_it_is_touched(void **state)
{
	char *p, *q;
	int fd;

	load();
	fd = open_it(PLAIN, O_RDWR);
	p = map(fd, CD_MAP_LATE, 1);
	q = map(fd, CD_MAP_PAGE, 1);
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
	fd = open_it(PLAIN, O_RDWR);
	p = map(fd, CD_MAP_WHOLE, 3);
	t_expect(t_munmap(p, PAGE), -EPERM);
	t_expect(t_munmap(p + PAGE, PAGE), -EPERM);
	t_expect(t_munmap(p + 2 * PAGE, PAGE), -EPERM);
	t_expect(t_munmap(p, 3 * PAGE), 0);
	p = map(fd, CD_MAP_NOTHING, 3);
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
	fd = open_it(PLAIN, O_RDONLY);
	p = t_mmap(PAGE, PROT_READ, MAP_SHARED, fd, CD_MAP_NOTHING * PAGE, &err);
	t_expect(err, 0);
	t_expect(t_ioctl(fd, CD_VM_FLAGS, NULL, 0), 0);
	t_expect(t_munmap(p, PAGE), 0);
	map_fails(fd, CD_MAP_NOTHING, -EACCES);
	p = t_mmap(PAGE, PROT_READ, MAP_PRIVATE, fd, CD_MAP_NOTHING * PAGE, &err);
	t_expect(err, 0);
	t_expect(t_ioctl(fd, CD_VM_FLAGS, NULL, 0), CD_VM_MAYWRITE);
	t_expect(t_munmap(p, PAGE), 0);
	t_close(fd);
	fd = open_it(PLAIN, O_RDWR);
	p = t_mmap(PAGE, PROT_READ, MAP_SHARED, fd, CD_MAP_NOTHING * PAGE, &err);
	t_expect(err, 0);
	t_expect(t_ioctl(fd, CD_VM_FLAGS, NULL, 0), CD_VM_SHARED | CD_VM_MAYWRITE);
	t_expect(t_munmap(p, PAGE), 0);
	t_close(fd);
}

static void mapping_that_cannot_be_is_refused(void **state)
{
	int fd, err;

	load();
	fd = open_it(PLAIN, O_RDWR);
	t_mmap(SIZE_MAX - 2 * PAGE, PROT_READ, MAP_SHARED, fd, 0, &err);
	t_expect(err, -ENOMEM);
	t_mmap(2 * PAGE, PROT_READ, MAP_SHARED, fd, -PAGE, &err);
	t_expect(err, -EOVERFLOW);
	t_mmap(PAGE, PROT_READ, MAP_SHARED, fd, 5, &err);
	t_expect(err, -EINVAL);
	t_close(fd);
}

/* ---- memory of the kernel's ------------------------------------------------------------- */

static void resized_block_keeps_its_bytes(void **state)
{
	load();
	run("krealloc", 0);
}

static void cache_constructs_its_objects(void **state)
{
	load();
	run("constructor", 0);
}

static void kvfree_takes_vmalloc_memory_and_kvmalloc_has_a_limit(void **state)
{
	load();
	run("kvmalloc", 0);
}

static void copy_of_user_memory_has_a_limit_unless_it_is_virtual(void **state)
{
	load();
	run("memdup_limits", 0);
}

static void page_has_addresses_and_flags(void **state)
{
	load();
	run("pages", 0);
}

static void order_is_that_of_enough_pages(void **state)
{
	load();
	run("orders", 0);
}

static void second_vfree_warns(void **state)
{
	load();
	t_expect_splat("Trying to vfree() nonexistent vm area");
	run("vfree_twice", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T_TEST(numbers_overlap_only_where_they_are_the_same),
		T_TEST(numbers_that_cannot_be_are_refused),
		T_TEST(region_may_run_into_the_next_major),
		T_TEST(majors_are_given_until_there_are_none),
		T_TEST(number_without_a_driver_is_enxio),
		T_TEST(number_zero_is_no_device),
		T_TEST(smaller_range_of_numbers_wins),
		T_TEST(device_of_a_going_module_is_enxio),
		T_TEST(open_file_keeps_the_module),
		T_TEST(exclamation_mark_makes_a_directory),
		T_TEST(node_below_a_node_cannot_be_made),
		T_TEST(data_and_holes_of_a_device_without_a_size),
		T_TEST(seek_that_does_nothing_tells_the_position),
		T_TEST(file_that_cannot_seek_has_no_positions),
		T_TEST(positions_may_be_unsigned),
		T_TEST(a_copy_that_cannot_be_is_efault),
		T_TEST(ioctls_that_every_file_has),
		T_TEST(opened_without_blocking_it_does_not_block),
		T_TEST(error_of_the_flush_is_the_closes),
		T_TEST(anonymous_file_reads_and_seeks_but_has_no_pread),
		T_TEST(cleared_memory_is_zero_to_its_end),
		T_TEST(structures_of_other_sizes_are_understood),
		T_TEST(copies_of_strings_end_in_nul),
		T_TEST(what_was_not_copied_is_zero),
		T_TEST(pinned_pages_are_the_users),
		T_TEST(vmalloc_memory_is_mapped_by_its_frames),
		T_TEST(pages_in_a_row_are_mapped_by_their_physical_address),
		T_TEST(mapped_page_has_a_reference_more),
		T_TEST(failed_mapping_leaves_no_reference),
		T_TEST(frame_comes_when_it_is_touched),
		T_TEST(driver_may_refuse_to_have_its_mapping_split),
		T_TEST(mapping_says_what_the_file_allows),
		T_TEST(mapping_that_cannot_be_is_refused),
		T_TEST(resized_block_keeps_its_bytes),
		T_TEST(cache_constructs_its_objects),
		T_TEST(kvfree_takes_vmalloc_memory_and_kvmalloc_has_a_limit),
		T_TEST(copy_of_user_memory_has_a_limit_unless_it_is_virtual),
		T_TEST(page_has_addresses_and_flags),
		T_TEST(order_is_that_of_enough_pages),
		T_TEST(second_vfree_warns),
	};

	return t_run("chardev", tests);
}
