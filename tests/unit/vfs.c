// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files, paths, user memory and mappings, by a device made for it: what each
 * system call returns, when release() runs, which bytes are shared.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <umdev/umdev.h>

#include "child.h"
#include "vfs_kern.h"

#define NODE "/dev/vfs/test"
#define PAGE 4096

/* ---- fixtures and helpers -------------------------------------------- */

static void *user;	/* a page of user memory */

static int setup_all(void **state)
{
	return um_boot(NULL);
}

static int teardown_all(void **state)
{
	return um_shutdown();
}

static int setup(void **state)
{
	user = um_user_alloc(PAGE);
	um_audit_mark();
	return vk_register();
}

static int teardown(void **state)
{
	int bad;

	vk_unregister();
	bad = um_check_splats() + um_audit(NULL, NULL);
	um_user_free(user);
	return bad;
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static char *bytes(void)
{
	return um_user_ptr(user);
}

static int dev_open(int flags)
{
	int fd = um_open(NODE, flags);

	assert_true(fd >= 1 << 20);
	return fd;
}

static int append(const char *name, void *arg)
{
	strcat(arg, name);
	strcat(arg, " ");
	return 0;
}

/* ---- paths ----------------------------------------------------------- */

/* What any target shows is in tests/contract/files.c; this is the interface's own. */
static void link_is_cut_to_the_buffer(void **state)
{
	char target[8];

	assert_int_equal(um_readlink("/sys/class/misc/vfs_test", target, 0), -EINVAL);
	assert_int_equal(um_readlink("/sys/class/misc/vfs_test", target, 5), 5);
	assert_memory_equal(target, "../..", 5);
}

static void a_device_is_no_directory_and_is_not_made(void **state)
{
	assert_int_equal(um_open(NODE "/below", O_RDONLY), -ENOTDIR);
	assert_int_equal(um_open("/dev/nothing", O_RDWR | O_CREAT), -EACCES);
	assert_int_equal(um_open(NODE, O_RDWR | O_CREAT | O_EXCL), -EEXIST);
}

static void each_open_has_its_release(void **state)
{
	int a = dev_open(O_RDONLY), b = dev_open(O_WRONLY);

	assert_int_equal(vk_opens, 2);
	assert_int_equal(um_close(a), 0);
	assert_int_equal(vk_releases, 1);
	assert_int_equal(um_close(b), 0);
	assert_int_equal(vk_releases, 2);
	assert_int_equal(um_ioctl(b, VK_ADD_ONE, 0), -EBADF);
}

static void directories_are_read_and_come_and_go_with_their_nodes(void **state)
{
	char names[4096] = "";
	struct um_stat st;
	int fd;

	assert_int_equal(um_readdir("/", append, names), 0);
	assert_non_null(strstr(names, "sys "));
	assert_non_null(strstr(names, "dev "));
	names[0] = '\0';
	assert_int_equal(um_readdir("/dev/vfs", append, names), 0);
	assert_string_equal(names, "test ");
	assert_int_equal(um_readdir(NODE, append, names), -ENOTDIR);
	fd = um_open("/dev/vfs", O_RDONLY);
	assert_true(fd > 0);
	assert_int_equal(um_read(fd, user, 1), -EISDIR);
	assert_int_equal(um_write(fd, user, 1), -EBADF);
	assert_int_equal(um_close(fd), 0);
	vk_unregister();
	assert_int_equal(um_stat("/dev/vfs", &st, true), -ENOENT);
	assert_int_equal(vk_register(), 0);
}

/* ---- reading and writing --------------------------------------------- */

static void reads_and_writes_move_the_position(void **state)
{
	int fd = dev_open(O_RDWR);

	memcpy(bytes(), "hello world", 11);
	assert_int_equal(um_write(fd, user, 11), 11);
	assert_int_equal(um_lseek(fd, 0, SEEK_CUR), 11);
	assert_int_equal(um_lseek(fd, 6, SEEK_SET), 6);
	memset(bytes(), 0, 16);
	assert_int_equal(um_read(fd, user, 5), 5);
	assert_string_equal(bytes(), "world");
	assert_int_equal(um_pread(fd, user, 5, 0), 5);
	assert_memory_equal(bytes(), "hello", 5);
	assert_int_equal(um_lseek(fd, 0, SEEK_CUR), 11);
	assert_int_equal(um_pwrite(fd, user, 5, 60), 4);
	assert_int_equal(um_pwrite(fd, user, 5, 64), 0);
	assert_int_equal(um_pread(fd, user, 5, -1), -EINVAL);
	assert_int_equal(um_lseek(fd, -1, SEEK_SET), -EINVAL);
	assert_int_equal(um_lseek(fd, 0, 99), -EINVAL);
	assert_int_equal(um_close(fd), 0);
}

static void a_file_without_operations_says_so(void **state)
{
	int fd;

	assert_int_equal(vk_register_bare(), 0);
	fd = um_open("/dev/vfs_bare", O_RDWR);
	assert_true(fd > 0);
	assert_int_equal(um_read(fd, user, 1), -EINVAL);
	assert_int_equal(um_write(fd, user, 1), -EINVAL);
	assert_int_equal(um_pread(fd, user, 1, 0), -ESPIPE);
	assert_int_equal(um_lseek(fd, 0, SEEK_SET), -ESPIPE);
	assert_int_equal(um_ioctl(fd, VK_ADD_ONE, 0), -ENOTTY);
	assert_int_equal((long)um_mmap(PAGE, PROT_READ, MAP_SHARED, fd, 0), -ENODEV);
	assert_int_equal(um_poll(fd, POLLIN | POLLOUT, 0), POLLIN | POLLOUT);
	assert_int_equal(um_close(fd), 0);
	vk_unregister_bare();
}

static void release_waits_for_the_locks_of_the_system_call(void **state)
{
	int fd = dev_open(O_RDWR);

	assert_int_equal(um_ioctl(fd, VK_FPUT_LOCKED, 0), 0);
	assert_int_equal(um_close(fd), 0);
}

/* ---- user memory ----------------------------------------------------- */

static void bad_pointers_fault(void **state)
{
	char on_stack[8] = "";
	int fd = dev_open(O_RDWR);

	assert_int_equal(um_read(fd, NULL, 1), -EFAULT);
	assert_int_equal(um_read(fd, (void *)8, 1), -EFAULT);
	assert_int_equal(um_read(fd, on_stack, 1), -EFAULT);
	assert_int_equal(um_read(fd, (void *)-8, 1), -EFAULT);
	assert_int_equal(um_read(fd, (void *)-8, 0), -EFAULT);
	assert_int_equal(um_read(fd, (void *)8, 0), 0);
	assert_int_equal(um_write(fd, on_stack, 1), -EFAULT);
	assert_int_equal(um_ioctl(fd, VK_ADD_ONE, 8), -EFAULT);
	assert_int_equal(um_close(fd), 0);
}

static void get_user_and_put_user_translate(void **state)
{
	int fd = dev_open(O_RDWR);

	*(int *)bytes() = 41;
	assert_int_equal(um_ioctl(fd, VK_ADD_ONE, (unsigned long)user), 0);
	assert_int_equal(*(int *)bytes(), 42);
	assert_int_equal(um_ioctl(fd, VK_UNKNOWN, 0), -ENOTTY);
	assert_int_equal(um_close(fd), 0);
}

static void a_copy_ends_where_the_memory_ends(void **state)
{
	void *small = um_user_alloc(10);
	int fd = dev_open(O_RDWR);

	assert_int_equal(um_ioctl(fd, VK_COPY_LONG, (unsigned long)small), 54);
	assert_int_equal(um_ioctl(fd, VK_COPY_LONG, (unsigned long)small + 9), 63);
	assert_int_equal(um_ioctl(fd, VK_COPY_LONG, (unsigned long)small + 10), 64);
	um_user_free(small);
	assert_int_equal(um_ioctl(fd, VK_COPY_LONG, (unsigned long)small), 64);
	assert_int_equal(um_close(fd), 0);
}

static void strings_are_read_up_to_their_end(void **state)
{
	void *four = um_user_alloc(4);
	int fd = dev_open(O_RDWR);

	strcpy(bytes(), "a string");
	assert_int_equal(um_ioctl(fd, VK_STRING, (unsigned long)user), 8);
	assert_int_equal(um_ioctl(fd, VK_STRNLEN, (unsigned long)user), 9);
	memset(bytes(), 'x', 32);
	assert_int_equal(um_ioctl(fd, VK_STRING, (unsigned long)user), 16);
	assert_int_equal(um_ioctl(fd, VK_STRNLEN, (unsigned long)user), 17);
	memset(um_user_ptr(four), 'x', 4);
	assert_int_equal(um_ioctl(fd, VK_STRING, (unsigned long)four), -EFAULT);
	assert_int_equal(um_ioctl(fd, VK_STRNLEN, (unsigned long)four), 0);
	um_user_free(four);
	assert_int_equal(um_close(fd), 0);
}

static void copies_fail_by_injection(void **state)
{
	int fd = dev_open(O_RDWR);

	*(int *)bytes() = 1;
	um_fail_nth(1);
	assert_int_equal(um_ioctl(fd, VK_ADD_ONE, (unsigned long)user), -EFAULT);
	assert_non_null(strstr(um_fault_fired(), "get_user"));
	um_fail_nth(2);
	assert_int_equal(um_ioctl(fd, VK_ADD_ONE, (unsigned long)user), -EFAULT);
	um_fail_nth(0);
	assert_int_equal(*(int *)bytes(), 1);
	assert_int_equal(um_close(fd), 0);
}

static void a_copy_in_atomic_context_splats(void **state)
{
	int fd = dev_open(O_RDWR);

	um_expect_splat("sleeping function called from invalid context");
	assert_int_equal(um_ioctl(fd, VK_ATOMIC_COPY, (unsigned long)user), 0);
	assert_int_equal(um_close(fd), 0);
}

static int touch(void)
{
	setup(NULL);
	um_ioctl(dev_open(O_RDWR), VK_TOUCH, (unsigned long)user);
	return 0;
}

static void a_direct_dereference_is_named_and_ends_the_process(void **state)
{
	static char text[65536];
	int status = run_child("touch", text, sizeof(text));

	assert_true(WIFSIGNALED(status));
	assert_non_null(strstr(text, "user memory"));
	assert_non_null(strstr(text, "do_ioctl (tests/unit/vfs_kern.c:"));
}

static void a_read_only_block_is_not_written_to(void **state)
{
	char *mem = um_user_alloc(2 * PAGE);
	int fd = dev_open(O_RDWR);

	strcpy(um_user_ptr(mem + PAGE), "text");
	um_user_readonly(mem);
	assert_int_equal(um_pwrite(fd, mem + PAGE, 4, 0), 4);
	assert_int_equal(um_pread(fd, mem + PAGE, 4, 0), -EFAULT);
	assert_int_equal(um_ioctl(fd, VK_PIN, (unsigned long)mem), -EFAULT);
	um_user_free(mem);
	mem = um_user_alloc(2 * PAGE);
	assert_int_equal(um_pread(fd, mem + PAGE, 4, 0), 4);
	um_user_free(mem);
	assert_int_equal(um_close(fd), 0);
}

static void a_pinned_page_outlives_the_users(void **state)
{
	void *mem = um_user_alloc(PAGE);
	char *seen = um_user_ptr(mem);
	int fd = dev_open(O_RDWR);

	assert_int_equal(um_ioctl(fd, VK_PIN, 8), -EFAULT);
	assert_int_equal(um_ioctl(fd, VK_PIN, (unsigned long)mem), 0);
	assert_int_equal(um_ioctl(fd, VK_UNPIN, 0), 0);
	assert_string_equal(seen, "pinned");
	assert_int_equal(um_ioctl(fd, VK_PIN, (unsigned long)mem), 0);
	um_user_free(mem);
	assert_int_equal(um_ioctl(fd, VK_UNPIN, 0), 0);
	assert_int_equal(um_close(fd), 0);
}

/* ---- mappings -------------------------------------------------------- */

static char *map(int fd, unsigned long page, unsigned long pages)
{
	char *p = um_mmap(pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, page * PAGE);

	assert_true((long)p > 0 || (long)p < -4095);
	return p;
}

static void a_mapping_shares_the_devices_bytes(void **state)
{
	int fd = dev_open(O_RDWR);
	char *p = map(fd, VK_MAP_VMALLOC, 4), *q = map(fd, VK_MAP_VMALLOC + 1, 1);

	strcpy(vk_vmalloc_bytes() + PAGE, "from the device");
	assert_string_equal(p + PAGE, "from the device");
	assert_string_equal(q, "from the device");
	strcpy(q, "from the user");
	assert_string_equal(vk_vmalloc_bytes() + PAGE, "from the user");
	assert_int_equal(um_munmap(p, 4 * PAGE), 0);
	assert_int_equal(um_munmap(q, PAGE), 0);
	assert_int_equal(um_munmap(q, PAGE), 0);
	assert_int_equal(um_close(fd), 0);
}

static void a_mapping_keeps_the_file_open(void **state)
{
	int fd = dev_open(O_RDWR);
	char *p = map(fd, VK_MAP_VMALLOC, 1);

	assert_int_equal(um_close(fd), 0);
	assert_int_equal(vk_releases, 0);
	*p = 1;
	assert_int_equal(um_munmap(p, PAGE), 0);
	assert_int_equal(vk_releases, 1);
}

static void mmap_checks_its_arguments(void **state)
{
	int fd = dev_open(O_RDWR), ro = dev_open(O_RDONLY), wo = dev_open(O_WRONLY);

	assert_int_equal((long)um_mmap(PAGE, PROT_READ, MAP_SHARED, fd, 1), -EINVAL);
	assert_int_equal((long)um_mmap(PAGE, PROT_READ, MAP_SHARED, -1, 0), -EBADF);
	assert_int_equal((long)um_mmap(0, PROT_READ, MAP_SHARED, fd, 0), -EINVAL);
	assert_int_equal((long)um_mmap(PAGE, PROT_READ, 0, fd, 0), -EINVAL);
	assert_int_equal((long)um_mmap(PAGE, PROT_WRITE, MAP_SHARED, ro, 0), -EACCES);
	assert_int_equal((long)um_mmap(PAGE, PROT_READ, MAP_SHARED, wo, 0), -EACCES);
	assert_int_equal((long)um_mmap(PAGE, PROT_READ, MAP_SHARED, fd, 4 * PAGE), -EINVAL);
	assert_int_equal((long)um_mmap(5 * PAGE, PROT_READ, MAP_SHARED, fd, 0), -EINVAL);
	assert_int_equal((long)um_mmap(PAGE, PROT_READ, MAP_SHARED, fd, VK_MAP_ERROR * PAGE),
			 -EPERM);
	assert_int_equal(vk_fault_refs(0), 1);
	assert_int_equal(um_munmap((void *)1, PAGE), -EINVAL);
	assert_int_equal(um_munmap((void *)PAGE, 0), -EINVAL);
	assert_int_equal(um_close(fd), 0);
	assert_int_equal(um_close(ro), 0);
	assert_int_equal(um_close(wo), 0);
}

static void a_mapping_shrinks_and_has_no_room_to_grow(void **state)
{
	int fd = dev_open(O_RDWR);
	char *p = map(fd, VK_MAP_FAULT, 4);

	p[PAGE] = p[3 * PAGE] = 'x';
	assert_int_equal(um_mremap(p, 4 * PAGE, 4 * PAGE), 0);
	assert_int_equal(um_mremap(p, 4 * PAGE, 5 * PAGE), -ENOMEM);
	assert_int_equal(um_mremap(p, 4 * PAGE, 2 * PAGE - 1), 0);
	assert_int_equal(vk_fault_refs(1), 2);
	assert_int_equal(vk_fault_refs(3), 1);
	assert_int_equal(um_mremap(p, 4 * PAGE, 5 * PAGE), -EFAULT);
	assert_int_equal(um_mremap(p + 2 * PAGE, PAGE, PAGE), -EFAULT);
	assert_int_equal(um_mremap(p + 1, PAGE, PAGE), -EINVAL);
	assert_int_equal(um_mremap(p, -1, PAGE), -EINVAL);
	assert_int_equal(um_mremap(p, PAGE, 0), -EINVAL);
	assert_int_equal(um_mremap(p, PAGE, SIZE_MAX), -EINVAL);
	assert_int_equal(um_munmap(p, 2 * PAGE), 0);
	assert_int_equal(um_close(fd), 0);
}

static void pages_come_by_fault_and_are_put_by_unmap(void **state)
{
	int fd = dev_open(O_RDWR);
	volatile char *p = map(fd, VK_MAP_FAULT, 4);

	assert_int_equal(vk_faults, 0);
	p[2 * PAGE] = 'x';
	assert_int_equal(vk_faults, 1);
	assert_int_equal(vk_fault_bytes(2)[0], 'x');
	assert_int_equal(vk_fault_refs(2), 2);
	assert_int_equal(vk_fault_refs(1), 1);
	p[2 * PAGE + 1] = 'y';
	assert_int_equal(vk_faults, 1);
	assert_int_equal(um_munmap((char *)p, 4 * PAGE), 0);
	assert_int_equal(vk_fault_refs(2), 1);
	assert_int_equal(vk_vma_opens, 0);
	assert_int_equal(vk_vma_closes, 1);
	assert_int_equal(um_close(fd), 0);
}

static void a_copy_to_a_mapping_faults_its_pages_in(void **state)
{
	int fd = dev_open(O_RDWR);
	char *p = map(fd, VK_MAP_FAULT, 4);

	memcpy(bytes(), "text", 4);
	assert_int_equal(um_pwrite(fd, user, 4, 0), 4);
	assert_int_equal(um_pread(fd, p + PAGE - 2, 4, 0), 4);
	assert_int_equal(vk_faults, 2);
	assert_memory_equal(vk_fault_bytes(0) + PAGE - 2, "te", 2);
	assert_memory_equal(vk_fault_bytes(1), "xt", 2);
	assert_memory_equal(p + PAGE - 2, "text", 4);
	assert_int_equal(um_munmap(p, 4 * PAGE), 0);
	assert_int_equal(um_close(fd), 0);
}

static void a_part_can_be_unmapped(void **state)
{
	int fd = dev_open(O_RDWR);
	volatile char *p = map(fd, VK_MAP_FAULT, 4);

	p[0] = p[PAGE] = p[2 * PAGE] = p[3 * PAGE] = 1;
	assert_int_equal(um_munmap((char *)p + PAGE, 2 * PAGE), 0);
	assert_int_equal(vk_vma_opens, 2);
	assert_int_equal(vk_vma_closes, 1);
	assert_int_equal(vk_fault_refs(0), 2);
	assert_int_equal(vk_fault_refs(1), 1);
	assert_int_equal(vk_fault_refs(2), 1);
	assert_int_equal(vk_fault_refs(3), 2);
	p[3 * PAGE] = 7;
	assert_int_equal(vk_fault_bytes(3)[0], 7);
	assert_int_equal(um_read(fd, (char *)p + PAGE, 1), -EFAULT);
	assert_int_equal(um_close(fd), 0);
	assert_int_equal(um_munmap((char *)p, 4 * PAGE), 0);
	assert_int_equal(vk_vma_closes, 3);
	assert_int_equal(vk_releases, 1);
}

static void page_frames_are_mapped_without_references(void **state)
{
	int fd = dev_open(O_RDWR);
	char *p = map(fd, VK_MAP_PFN, 1);

	strcpy(p, "frame");
	assert_string_equal(vk_pfn_bytes(), "frame");
	assert_int_equal(um_ioctl(fd, VK_PIN, (unsigned long)p), -EFAULT);
	assert_int_equal(um_ioctl(fd, VK_ZAP, 0), 0);
	assert_string_equal(p, "frame");
	assert_int_equal(vk_faults, 1);
	assert_int_equal(um_munmap(p, PAGE), 0);
	assert_int_equal(um_close(fd), 0);
}

static sigjmp_buf after;

static void on_signal(int sig)
{
	siglongjmp(after, sig);
}

static void a_page_that_cannot_be_had_raises_sigbus(void **state)
{
	int fd = dev_open(O_RDWR);
	char *p = map(fd, VK_MAP_BUS, 1);
	void (*before)(int) = signal(SIGBUS, on_signal);

	if (!sigsetjmp(after, 1)) {
		*(volatile char *)p = 1;
		fail();
	}
	signal(SIGBUS, before);
	assert_int_equal(um_pread(fd, p, 1, 0), -EFAULT);
	assert_int_equal(um_munmap(p, PAGE), 0);
	assert_int_equal(um_close(fd), 0);
}

static void anonymous_memory_is_the_users(void **state)
{
	char *p = um_mmap(2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = dev_open(O_RDWR);

	strcpy(p + PAGE - 3, "anonymous");
	assert_int_equal(um_pwrite(fd, p + PAGE - 3, 9, 0), 9);
	assert_int_equal(um_pread(fd, user, 9, 0), 9);
	assert_memory_equal(bytes(), "anonymous", 9);
	assert_int_equal(um_munmap(p, 2 * PAGE), 0);
	assert_int_equal(um_pread(fd, p, 9, 0), -EFAULT);
	assert_int_equal(um_close(fd), 0);
}

/* ---- eventfds -------------------------------------------------------- */

static void an_eventfd_is_the_hosts_and_survives_its_close(void **state)
{
	int fd = dev_open(O_RDWR), real = eventfd(0, EFD_NONBLOCK), copy = dup(real);
	int other = eventfd(0, 0);
	uint64_t n;

	assert_int_equal(um_ioctl(fd, VK_EVENTFD, real), 0);
	assert_int_equal(um_ioctl(fd, VK_EVENTFD_AGAIN, copy), 1);
	assert_int_equal(um_ioctl(fd, VK_EVENTFD_AGAIN, other), 0);
	assert_int_equal(um_ioctl(fd, VK_SIGNAL, 2), 2);
	assert_int_equal(um_ioctl(fd, VK_SIGNAL, 1), 1);
	assert_int_equal(read(real, &n, sizeof(n)), sizeof(n));
	assert_int_equal(n, 3);
	close(real);
	assert_int_equal(um_ioctl(fd, VK_SIGNAL, 1), 1);
	assert_int_equal(read(copy, &n, sizeof(n)), sizeof(n));
	close(copy);
	close(other);
	assert_int_equal(um_ioctl(fd, VK_EVENTFD_DROP, 0), 0);
	assert_int_equal(um_close(fd), 0);
}

static void what_is_no_eventfd_is_refused(void **state)
{
	int fd = dev_open(O_RDWR), null = open("/dev/null", O_RDWR);

	assert_int_equal(um_ioctl(fd, VK_EVENTFD, -1), -EBADF);
	assert_int_equal(um_ioctl(fd, VK_EVENTFD, 999), -EBADF);
	assert_int_equal(um_ioctl(fd, VK_EVENTFD, null), -EINVAL);
	assert_int_equal(um_ioctl(fd, VK_EVENTFD, fd), -EINVAL);
	assert_int_equal(um_ioctl(fd, VK_EVENTFD, fd + 1), -EBADF);
	close(null);
	assert_int_equal(um_close(fd), 0);
}

/* ---- poll ------------------------------------------------------------ */

static long poll_task(void *arg)
{
	return um_poll(*(int *)arg, POLLIN, -1);
}

static void poll_waits_for_the_device(void **state)
{
	int fd = dev_open(O_RDWR);
	struct um_task *task;

	assert_int_equal(um_poll(fd, POLLIN, 0), 0);
	assert_int_equal(um_poll(fd, POLLIN, 1), 0);
	task = um_task_start("poll", poll_task, &fd);
	assert_true(um_task_wait_blocked(task));
	assert_int_equal(um_ioctl(fd, VK_WAKE, 1), 0);
	assert_int_equal(um_task_join(task), POLLIN);
	assert_int_equal(um_poll(fd, POLLIN | POLLOUT, -1), POLLIN);
	assert_int_equal(um_ioctl(fd, VK_WAKE, 0), 0);
	task = um_task_start("poll", poll_task, &fd);
	assert_true(um_task_wait_blocked(task));
	um_task_interrupt(task);
	assert_int_equal(um_task_join(task), -EINTR);
	assert_int_equal(um_close(fd), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(link_is_cut_to_the_buffer),
		TEST(a_device_is_no_directory_and_is_not_made),
		TEST(each_open_has_its_release),
		TEST(directories_are_read_and_come_and_go_with_their_nodes),
		TEST(reads_and_writes_move_the_position),
		TEST(a_file_without_operations_says_so),
		TEST(release_waits_for_the_locks_of_the_system_call),
		TEST(bad_pointers_fault),
		TEST(get_user_and_put_user_translate),
		TEST(a_copy_ends_where_the_memory_ends),
		TEST(strings_are_read_up_to_their_end),
		TEST(copies_fail_by_injection),
		TEST(a_copy_in_atomic_context_splats),
		TEST(a_direct_dereference_is_named_and_ends_the_process),
		TEST(a_read_only_block_is_not_written_to),
		TEST(a_pinned_page_outlives_the_users),
		TEST(a_mapping_shares_the_devices_bytes),
		TEST(a_mapping_keeps_the_file_open),
		TEST(mmap_checks_its_arguments),
		TEST(a_mapping_shrinks_and_has_no_room_to_grow),
		TEST(pages_come_by_fault_and_are_put_by_unmap),
		TEST(a_copy_to_a_mapping_faults_its_pages_in),
		TEST(a_part_can_be_unmapped),
		TEST(page_frames_are_mapped_without_references),
		TEST(a_page_that_cannot_be_had_raises_sigbus),
		TEST(anonymous_memory_is_the_users),
		TEST(an_eventfd_is_the_hosts_and_survives_its_close),
		TEST(what_is_no_eventfd_is_refused),
		TEST(poll_waits_for_the_device),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return setup_all(NULL) || touch();
	return cmocka_run_group_tests_name("vfs", tests, setup_all, teardown_all);
}
