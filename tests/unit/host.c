// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the shim asks of the host, where that fails or belongs to the program:
 * memory, threads, files, shared objects, and the signal of a wrong access,
 * which a program may handle itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "child.h"
#include "host.h"
#include "umdev/umdev.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

/* ---- children: what ends the process ----------------------------------------- */

static void limit(int resource, rlim_t soft)
{
	struct rlimit r;

	getrlimit(resource, &r);
	r.rlim_cur = soft;
	setrlimit(resource, &r);
}

/* The memory file is larger by far; what a coverage build writes is not. */
static void no_memory_file(void)
{
	signal(SIGXFSZ, SIG_IGN);
	limit(RLIMIT_FSIZE, 1UL << 30);
	um_boot(NULL);
	um_user_alloc(64);
}

static void no_thread(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	um_boot(NULL);
	if (f && fscanf(f, "%lu", &pages) == 1)
		limit(RLIMIT_AS, pages * sysconf(_SC_PAGESIZE) + (300 << 10));
	um_task_start("too many", k_nothing, NULL);
}

static void no_memory(void)
{
	um_boot(NULL);
	k_need_too_much();
}

static void on_segv(int sig)
{
	exit(42);
}

static void on_segv_info(int sig, siginfo_t *si, void *context)
{
	exit(si->si_addr == (void *)16 ? 43 : 1);
}

/* With user memory there is a handler of the shim's before the one that is set. */
static void touch_badly(void)
{
	struct sigaction now;

	um_boot(NULL);
	um_user_alloc(64);
	sigaction(SIGSEGV, NULL, &now);
	if (now.sa_handler != on_segv && now.sa_sigaction != on_segv_info &&
	    now.sa_handler != SIG_DFL)
		k_touch((void *)16);
}

static void programs_handler(void)
{
	signal(SIGSEGV, on_segv);
	touch_badly();
}

static void programs_handler_info(void)
{
	struct sigaction sa = { .sa_sigaction = on_segv_info, .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &sa, NULL);
	touch_badly();
}

static void no_handler(void)
{
	signal(SIGSEGV, SIG_DFL);
	touch_badly();
}

/* As test frameworks do around each test: signal() does not know what ours wants. */
static void handler_put_back(void)
{
	void (*ours)(int sig);

	um_boot(NULL);
	um_user_alloc(64);
	ours = signal(SIGSEGV, SIG_DFL);
	signal(SIGSEGV, ours);
	k_touch(um_user_alloc(64));
}

static const struct {
	const char *name;
	void (*fn)(void);
} children[] = {
	{ "memory-file", no_memory_file },
	{ "thread", no_thread },
	{ "memory", no_memory },
	{ "handler", programs_handler },
	{ "handler-info", programs_handler_info },
	{ "no-handler", no_handler },
	{ "put-back", handler_put_back },
};

static int child_main(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(children) / sizeof(children[0]); i++)
		if (!strcmp(name, children[i].name))
			children[i].fn();
	return 1;
}

static char said[65536];

static int child(const char *name)
{
	return run_child(name, said, sizeof(said));
}

static void dies_saying(const char *name, const char *what)
{
	int status = child(name);

	assert_false(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	if (strstr(said, what))
		return;
	print_error("no '%s' in:\n%s\n", what, said);
	fail();
}

static void memory_file_that_cannot_be_made_is_told(void **state)
{
	dies_saying("memory-file", "umdev: cannot make the memory file: File too large");
}

static void thread_that_cannot_be_made_is_told(void **state)
{
#ifdef SANITIZED
	puts("SKIP: a sanitizer needs address space without a limit (preset release has none)");
	skip();
#endif
	/* what it lacks is addresses, which is told in its place */
	dies_saying("thread", " MiB of addresses may be used, ");
}

static void memory_that_cannot_be_had_is_told(void **state)
{
#ifdef SANITIZED
	dies_saying("memory", "Sanitizer");
#else
	dies_saying("memory", "umdev: out of memory (");
#endif
}

static void fault_that_is_not_ours_goes_to_the_programs_handler(void **state)
{
	int status = child("handler");

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	status = child("handler-info");
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 43);
}

static void fault_that_nobody_handles_ends_the_process(void **state)
{
	int status = child("no-handler");

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
}

static void handler_that_was_put_back_without_its_flags_is_set_anew(void **state)
{
	dies_saying("put-back", "user memory: user address");
	assert_non_null(strstr(said, "k_touch (tests/unit/host_kern.c:"));
}

/* ---- files and shared objects --------------------------------------------------- */

static void file_is_read_whatever_its_size_says(void **state)
{
	char *text;
	long long len, size;
	int fd;

	assert_int_equal(k_file_read("/nonexistent", &text), -ENOENT);
	assert_int_equal(k_file_read("/", &text), -EISDIR);
	/* a size of 0, and many times the first buffer */
	len = k_file_read("/proc/self/maps", &text);
	assert_true(len > 4096);
	assert_int_equal(strlen(text), len);
	k_file_free(text);
	fd = open("/proc/self/exe", O_RDONLY);
	size = lseek(fd, 0, SEEK_END);
	close(fd);
	assert_int_equal(k_file_read("/proc/self/exe", &text), size);
	assert_memory_equal(text, "\177ELF", 4);
	assert_int_equal(text[size], 0);
	k_file_free(text);
}

static void what_is_no_shared_object_is_not_opened(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/umdev-host-XXXXXX";
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char *text;

	assert_non_null(mkdtemp(dir));
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/socket", dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(k_object_open(addr.sun_path), -ENXIO);
	unlink(addr.sun_path);
	close(fd);
	/* an object's first bytes, and nothing of what they announce */
	fd = open(addr.sun_path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_int_equal(k_file_read("/proc/self/exe", &text) > 64, 1);
	assert_int_equal(write(fd, text, 64), 64);
	k_file_free(text);
	close(fd);
	assert_int_equal(k_object_open(addr.sun_path), -EBADMSG);
	unlink(addr.sun_path);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(k_object_open("/"), -EBADMSG);
	assert_int_equal(k_object_open("/nonexistent"), -ENOENT);
	assert_int_equal(k_object_open("/proc/self/status"), -EBADMSG);
}

static const char *module_path(const char *name)
{
	static char path[1024];

	snprintf(path, sizeof(path), "%s/%s.ko", getenv("UMDEV_MODULE_DIR"), name);
	return path;
}

static void object_whose_symbols_are_missing_is_not_mapped(void **state)
{
	char error[1024];

	assert_int_equal(k_object_map(module_path("mod_user"), error, sizeof(error)), -ENOEXEC);
	assert_non_null(strstr(error, "undefined symbol"));
}

static void object_in_use_elsewhere_stays_mapped(void **state)
{
	assert_true(k_object_stays_mapped(module_path("mod_empty")));
}

static void exported_symbol_of_the_program_is_found_by_name(void **state)
{
	assert_true(k_symbol_get());
}

/* ---- stacks ------------------------------------------------------------------ */

#ifdef __x86_64__
/* sub $8,%rsp; call *%rdi; add $8,%rsp; ret: no unwind table knows it */
static const unsigned char calls[] = { 0x48, 0x83, 0xec, 8, 0xff, 0xd7, 0x48, 0x83, 0xc4, 8, 0xc3 };

static struct {
	void *code;
	int tid, go;
} caller;

static void waits(void)
{
	__atomic_store_n(&caller.tid, gettid(), __ATOMIC_RELEASE);
	while (!__atomic_load_n(&caller.go, __ATOMIC_ACQUIRE))
		;
}

static void *calls_what_goes(void *arg)
{
	((void (*)(void (*)(void)))caller.code)(waits);
	return NULL;
}

static void stack_ends_where_the_code_is_gone(void **state)
{
	pthread_t thread;
	void *pc[8];

	caller.code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(caller.code, MAP_FAILED);
	memcpy(caller.code, calls, sizeof(calls));
	assert_int_equal(pthread_create(&thread, NULL, calls_what_goes, NULL), 0);
	while (!__atomic_load_n(&caller.tid, __ATOMIC_ACQUIRE))
		sched_yield();
	assert_int_equal(mprotect(caller.code, 4096, PROT_NONE), 0);
	assert_in_range(k_stack_of(caller.tid, pc, 8), 1, 7);
	assert_int_equal(mprotect(caller.code, 4096, PROT_READ | PROT_EXEC), 0);
	__atomic_store_n(&caller.go, 1, __ATOMIC_RELEASE);
	assert_int_equal(pthread_join(thread, NULL), 0);
	munmap(caller.code, 4096);
}
#else
static void stack_ends_where_the_code_is_gone(void **state)
{
	print_message("SKIP no code of this processor is written here\n");
	skip();
}
#endif

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_file_that_cannot_be_made_is_told),
		cmocka_unit_test(thread_that_cannot_be_made_is_told),
		cmocka_unit_test(memory_that_cannot_be_had_is_told),
		cmocka_unit_test(fault_that_is_not_ours_goes_to_the_programs_handler),
		cmocka_unit_test(fault_that_nobody_handles_ends_the_process),
		cmocka_unit_test(handler_that_was_put_back_without_its_flags_is_set_anew),
		cmocka_unit_test(file_is_read_whatever_its_size_says),
		cmocka_unit_test(what_is_no_shared_object_is_not_opened),
		cmocka_unit_test(object_whose_symbols_are_missing_is_not_mapped),
		cmocka_unit_test(object_in_use_elsewhere_stays_mapped),
		cmocka_unit_test(exported_symbol_of_the_program_is_found_by_name),
		cmocka_unit_test(stack_ends_where_the_code_is_gone),
	};

	if (argc == 3 && !strcmp(argv[1], "--child"))
		return child_main(argv[2]);
	if (um_boot(NULL))
		return 1;
	if (cmocka_run_group_tests_name("host", tests, NULL, NULL))
		return 1;
	return um_shutdown() != 0;
}
