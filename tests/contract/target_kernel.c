// SPDX-License-Identifier: GPL-2.0-only
/*
 * target.h on a real kernel: system calls, netlink uevents, /dev/kmsg.
 *
 * Runs as root in the guest of kernel-glue/guest, where nothing else loads
 * modules, sends uevents or logs. Waiting tasks are recognised from outside,
 * by what /proc tells of a thread. What is left alive is what has appeared in
 * sysfs, in /dev and among the open files since the test began.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "kmsg.h"
#include "modindex.h"
#include "target_common.h"

#define UEVENT_BUFFER	(16 << 20)
#define BLOCK_TIMEOUT	20000		/* ms until a task must have blocked or ended */
#define BLOCK_SAMPLES	5		/* looks on each processor, 1 ms apart, that must agree */
#define AUDIT_TIMEOUT	1000		/* ms that a deferred release may take */
#define MAX_EXPECTED	16
#define MAX_EPOLL	8

#define RESULT(call) ({ __typeof__(call) ret_ = (call); ret_ < 0 ? -errno : ret_; })

static int uevents = -1;
static uint64_t splat_seq;		/* looked at up to here */
static const char *expected[MAX_EXPECTED];
static size_t n_expected;

/* ---- frame -------------------------------------------------------------------- */

const char *t_target(void)
{
	static char text[96];
	struct utsname un;

	uname(&un);
	snprintf(text, sizeof(text), "linux %s", un.release);
	return text;
}

bool t_is_shim(void)
{
	return false;
}

static void on_interrupt(int sig)
{
	(void)sig;
}

static int open_uevents(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int size = UEVENT_BUFFER;
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

/*
 * The number of the first message that no program has judged is handed on in
 * a file, so that a splat between two programs is found by the second.
 */
static uint64_t saved_seq(void)
{
	const char *path = getenv("UMDEV_KMSG_SEQ");
	FILE *f = path ? fopen(path, "re") : NULL;
	uint64_t seq = 0;

	if (f) {
		if (fscanf(f, "%" SCNu64, &seq) != 1)
			seq = 0;
		fclose(f);
	}
	return seq;
}

static void save_seq(void)
{
	const char *path = getenv("UMDEV_KMSG_SEQ");
	FILE *f = path ? fopen(path, "we") : NULL;

	if (f) {
		fprintf(f, "%" PRIu64 "\n", splat_seq);
		fclose(f);
	}
}

int t_raw_up(void)
{
	/* no SA_RESTART: an interrupted call must return */
	struct sigaction sa = { .sa_handler = on_interrupt };
	int err;

	sigaction(SIGUSR1, &sa, NULL);
	splat_seq = saved_seq();
	err = kmsg_open(splat_seq);
	if (err) {
		print_error("/dev/kmsg: %s\n", strerror(-err));
		return err;
	}
	err = modindex_read();
	if (err) {
		print_error("depmod's files: %s\n", strerror(-err));
		return err;
	}
	uevents = open_uevents();
	return uevents < 0 ? uevents : 0;
}

int t_raw_down(void)
{
	int bad = t_raw_check_splats();

	save_seq();
	kmsg_close();
	modindex_free();
	close(uevents);
	uevents = -1;
	return bad;
}

/* ---- what is alive --------------------------------------------------------------- */

#define FILES "/proc/self/fd"
/* FILES is the last */
static const char *const watched[] = {
	"/sys/bus", "/sys/bus/mdev/devices", "/sys/bus/mdev/drivers", "/sys/class",
	"/sys/class/mdev_bus", "/sys/devices", "/sys/devices/virtual", "/sys/kernel",
	"/sys/kernel/iommu_groups", "/dev", "/dev/vfio", FILES,
};
#define N_WATCHED (sizeof(watched) / sizeof(watched[0]))

static struct t_entries alive[N_WATCHED];

/* A list of open files has the one that it is read by. */
static bool is_own(size_t i, const struct t_entries *e, const char *name)
{
	return i == N_WATCHED - 1 && atoi(name) == e->fd;
}

void t_raw_mark(void)
{
	size_t i;

	for (i = 0; i < N_WATCHED; i++)
		t_entries_read(&alive[i], watched[i]);
}

/* Mappings of devices, which keep their files. */
static int unmap_files(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start, end;
	char line[512];
	int n = 0;

	while (maps && fgets(line, sizeof(line), maps)) {
		if (!strstr(line, " /dev/") && !strstr(line, "anon_inode:"))
			continue;
		if (sscanf(line, "%lx-%lx", &start, &end) != 2 ||
		    munmap((void *)start, end - start))
			continue;
		print_error("left mapped: %s", line);
		n++;
	}
	if (maps)
		fclose(maps);
	return n;
}

/* The names in a directory that were not there at the mark; the descriptors are closed. */
static int newcomers(size_t i, const char *tell)
{
	static struct t_entries now;
	const char *name;
	size_t at = 0, before = 0;
	int n = 0;

	t_entries_read(&now, watched[i]);
	if (t_entries_same(&now, &alive[i]))
		return 0;
	while ((name = t_entries_next(&now, &at))) {
		char path[512], target[256] = "";

		if (is_own(i, &now, name) ||
		    (t_entries_have(&alive[i], name, &before) && !is_own(i, &alive[i], name)))
			continue;
		n++;
		if (!tell)
			continue;
		snprintf(path, sizeof(path), "%s/%s", watched[i], name);
		t_readlink(path, target, sizeof(target));
		print_error("left %s: %s %s\n", tell, path, target);
		if (!strcmp(watched[i], FILES))
			close(atoi(name));
	}
	return n;
}

/* What a test that failed has left open, to be told and closed. */
int t_raw_close_left_open(void)
{
	return unmap_files() + newcomers(N_WATCHED - 1, "open");
}

static void sleep_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

/* A last reference may be dropped by a worker, a little later. */
int t_raw_audit(void)
{
	int waited, n;
	size_t i;

	for (waited = 0;; waited += 10) {
		for (n = 0, i = 0; i < N_WATCHED; i++)
			n += newcomers(i, waited >= AUDIT_TIMEOUT ? "alive" : NULL);
		if (!n || waited >= AUDIT_TIMEOUT)
			return n;
		sleep_ms(10);
	}
}

/* ---- splats -------------------------------------------------------------------------- */

void t_raw_expect_splat(const char *text)
{
	if (n_expected == MAX_EXPECTED)
		abort();
	expected[n_expected++] = text;
}

static void print_splat(const struct splat *splat)
{
	uint64_t seq = splat->first, found;
	const char *text;

	print_error("unannounced splat:\n");
	while (seq <= splat->last && (text = kmsg_find(seq, &found)) && found <= splat->last) {
		print_error("  %s\n", text);
		seq = found + 1;
	}
}

int t_raw_check_splats(void)
{
	bool came[MAX_EXPECTED] = { false };
	struct splat splat;
	uint64_t end = kmsg_next_seq();
	size_t i;
	int bad = 0;

	while (splat_next(splat_seq, &splat)) {
		bool announced = false;

		for (i = 0; i < n_expected; i++)
			if (splat_has(&splat, expected[i]))
				announced = came[i] = true;
		if (!announced) {
			print_splat(&splat);
			bad++;
		}
		splat_seq = splat.last + 1;
	}
	if (splat_seq < end)
		splat_seq = end;
	for (i = 0; i < n_expected; i++) {
		if (came[i])
			continue;
		print_error("announced splat did not come: %s\n", expected[i]);
		bad++;
	}
	n_expected = 0;
	return bad;
}

/* ---- system calls ----------------------------------------------------------------------- */

int t_open(const char *path, int flags)
{
	return RESULT(open(path, flags | O_CLOEXEC, 0600));
}

int t_close(int fd)
{
	return RESULT(close(fd));
}

ssize_t t_read(int fd, void *buf, size_t count)
{
	return RESULT(read(fd, buf, count));
}

ssize_t t_write(int fd, const void *buf, size_t count)
{
	return RESULT(write(fd, buf, count));
}

ssize_t t_pread(int fd, void *buf, size_t count, int64_t pos)
{
	return RESULT(pread(fd, buf, count, pos));
}

ssize_t t_pwrite(int fd, const void *buf, size_t count, int64_t pos)
{
	return RESULT(pwrite(fd, buf, count, pos));
}

int64_t t_lseek(int fd, int64_t pos, int whence)
{
	return RESULT(lseek(fd, pos, whence));
}

long t_ioctl(int fd, unsigned long cmd, void *arg, size_t size)
{
	(void)size;
	return RESULT(ioctl(fd, cmd, arg));
}

long t_ioctl_raw(int fd, unsigned long cmd, unsigned long arg)
{
	return RESULT(ioctl(fd, cmd, arg));
}

void *t_mmap(size_t length, int prot, int flags, int fd, int64_t offset, int *err)
{
	void *p = mmap(NULL, length, prot, flags, fd, offset);

	*err = p == MAP_FAILED ? -errno : 0;
	return *err ? NULL : p;
}

int t_munmap(void *addr, size_t length)
{
	return RESULT(munmap(addr, length));
}

int t_mremap(void *addr, size_t old_length, size_t new_length)
{
	return mremap(addr, old_length, new_length, 0) == MAP_FAILED ? -errno : 0;
}

int t_poll(int fd, short events, int timeout_ms)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	int n = poll(&pfd, 1, timeout_ms);

	return n < 0 ? -errno : n ? pfd.revents : 0;
}

int t_epoll_create(void)
{
	return RESULT(epoll_create1(EPOLL_CLOEXEC));
}

int t_epoll_ctl(int epfd, int op, int fd, unsigned int events, unsigned int data)
{
	struct epoll_event event = { .events = events, .data.u32 = data };

	return RESULT(epoll_ctl(epfd, op, fd, &event));
}

int t_epoll_wait(int epfd, struct t_epoll *events, int max, int timeout_ms)
{
	struct epoll_event got[MAX_EPOLL];
	int n = RESULT(epoll_wait(epfd, got, max, timeout_ms)), i;

	for (i = 0; i < n; i++)
		events[i] = (struct t_epoll){ got[i].events, got[i].data.u32 };
	return n;
}

static int stat_result(int ret, const struct stat *s, struct t_stat *st)
{
	if (ret)
		return -errno;
	st->mode = s->st_mode;
	st->size = s->st_size;
	/* as MKDEV() packs it */
	st->rdev = major(s->st_rdev) << 20 | minor(s->st_rdev);
	st->nlink = s->st_nlink;
	return 0;
}

int t_stat(const char *path, struct t_stat *st)
{
	struct stat s;
	int ret = stat(path, &s);

	return stat_result(ret, &s, st);
}

int t_lstat(const char *path, struct t_stat *st)
{
	struct stat s;
	int ret = lstat(path, &s);

	return stat_result(ret, &s, st);
}

int t_fstat(int fd, struct t_stat *st)
{
	struct stat s;
	int ret = fstat(fd, &s);

	return stat_result(ret, &s, st);
}

int t_mkdir(const char *path)
{
	return RESULT(mkdir(path, 0755));
}

int t_rmdir(const char *path)
{
	return RESULT(rmdir(path));
}

int t_unlink(const char *path)
{
	return RESULT(unlink(path));
}

int t_rename(const char *old_path, const char *new_path)
{
	return RESULT(rename(old_path, new_path));
}

int t_chmod(const char *path, unsigned int mode)
{
	return RESULT(chmod(path, mode));
}

int t_truncate(const char *path, int64_t length)
{
	return RESULT(truncate(path, length));
}

int t_ftruncate(int fd, int64_t length)
{
	return RESULT(ftruncate(fd, length));
}

int t_dup(int fd)
{
	return RESULT(dup(fd));
}

int t_access(const char *path, int mode)
{
	return RESULT(access(path, mode));
}

long t_fcntl(int fd, int cmd, unsigned long arg)
{
	return RESULT(fcntl(fd, cmd, arg));
}

ssize_t t_sendfile(int out_fd, int in_fd, int64_t *pos, size_t count)
{
	return RESULT(sendfile(out_fd, in_fd, pos, count));
}

ssize_t t_copy_file_range(int in_fd, int64_t *in_pos, int out_fd, int64_t *out_pos, size_t len,
			  unsigned int flags)
{
	return RESULT(copy_file_range(in_fd, in_pos, out_fd, out_pos, len, flags));
}

ssize_t t_splice(int in_fd, int out_fd, size_t len, unsigned int flags)
{
	return RESULT(splice(in_fd, NULL, out_fd, NULL, len, flags));
}

ssize_t t_tee(int in_fd, int out_fd, size_t len, unsigned int flags)
{
	return RESULT(tee(in_fd, out_fd, len, flags));
}

int t_flock(int fd, int op)
{
	return RESULT(flock(fd, op));
}

int t_name_to_handle(const char *path, int flags)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} u = { .handle.handle_bytes = MAX_HANDLE_SZ };
	int mount;

	return RESULT(name_to_handle_at(AT_FDCWD, path, &u.handle, &mount, flags));
}

int t_statx(const char *path, int flags, unsigned int mask, struct t_stat *st)
{
	struct statx s;

	if (statx(AT_FDCWD, path, flags, mask, &s))
		return -errno;
	*st = (struct t_stat){
		.mode = s.stx_mode, .size = s.stx_size, .nlink = s.stx_nlink,
		.rdev = s.stx_rdev_major << 20 | s.stx_rdev_minor,
	};
	return 0;
}

ssize_t t_getxattr(const char *path, const char *name, void *value, size_t size)
{
	return RESULT(getxattr(path, name, value, size));
}

ssize_t t_listxattr(const char *path, char *list, size_t size)
{
	return RESULT(listxattr(path, list, size));
}

int t_setxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
	return RESULT(setxattr(path, name, value, size, flags));
}

int t_removexattr(const char *path, const char *name)
{
	return RESULT(removexattr(path, name));
}

/* struct t_vec has the members of struct iovec in its order. */
ssize_t t_readv(int fd, const struct t_vec *vec, unsigned int n)
{
	return RESULT(readv(fd, (const struct iovec *)vec, n));
}

ssize_t t_writev(int fd, const struct t_vec *vec, unsigned int n)
{
	return RESULT(writev(fd, (const struct iovec *)vec, n));
}

ssize_t t_getdents(int fd, void *buf, size_t size)
{
	return RESULT(syscall(SYS_getdents64, fd, buf, size));
}

ssize_t t_readlink(const char *path, char *buf, size_t size)
{
	ssize_t len = readlink(path, buf, size - 1);
	int err = len < 0 ? -errno : 0;

	buf[len < 0 ? 0 : len] = '\0';
	return err ? err : len;
}

int t_raw_readdir(const char *path, void (*fn)(const char *name, void *arg), void *arg)
{
	DIR *dir = opendir(path);
	char own[16] = "";
	struct dirent *entry;
	int err;

	if (!dir)
		return -errno;
	/* a list of open files does not count the one it is read from */
	if (!strcmp(path, FILES))
		snprintf(own, sizeof(own), "%d", dirfd(dir));
	errno = 0;
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    strcmp(entry->d_name, own))
			fn(entry->d_name, arg);
		errno = 0;
	}
	err = -errno;
	closedir(dir);
	return err;
}

/* ---- user memory ---------------------------------------------------------------------------- */

/* Page-aligned, between pages that fault: a driver that runs over is seen. */
struct t_user {
	char *map;
	size_t length;
};

struct t_user *t_user_alloc(size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE);
	struct t_user *u = malloc(sizeof(*u));

	if (!u)
		return NULL;
	u->length = (size + page - 1) / page * page + 2 * page;
	u->map = mmap(NULL, u->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		      -1, 0);
	if (u->map == MAP_FAILED) {
		free(u);
		return NULL;
	}
	mprotect(u->map, page, PROT_NONE);
	mprotect(u->map + u->length - page, page, PROT_NONE);
	return u;
}

void t_user_free(struct t_user *u)
{
	if (!u)
		return;
	munmap(u->map, u->length);
	free(u);
}

void *t_user_ptr(struct t_user *u)
{
	return u->map + sysconf(_SC_PAGESIZE);
}

unsigned long t_user_addr(struct t_user *u)
{
	return (unsigned long)t_user_ptr(u);
}

void t_user_readonly(struct t_user *u)
{
	size_t page = sysconf(_SC_PAGESIZE);

	mprotect(u->map + page, u->length - 2 * page, PROT_READ);
}

ssize_t t_read_raw(int fd, unsigned long addr, size_t count)
{
	return RESULT(read(fd, (void *)addr, count));
}

ssize_t t_write_raw(int fd, unsigned long addr, size_t count)
{
	return RESULT(write(fd, (const void *)addr, count));
}

ssize_t t_pread_raw(int fd, unsigned long addr, size_t count, int64_t pos)
{
	return RESULT(pread(fd, (void *)addr, count, pos));
}

ssize_t t_pwrite_raw(int fd, unsigned long addr, size_t count, int64_t pos)
{
	return RESULT(pwrite(fd, (const void *)addr, count, pos));
}

/* ---- eventfds ---------------------------------------------------------------------------------- */

int t_eventfd(void)
{
	return RESULT(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

int t_eventfd_add(int fd, uint64_t n)
{
	return write(fd, &n, sizeof(n)) == sizeof(n) ? 0 : -errno;
}

uint64_t t_eventfd_take(int fd)
{
	uint64_t count;

	return read(fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

/* ---- modules ------------------------------------------------------------------------------------- */

int t_insmod(const char *name, const char *params)
{
	return modindex_insmod(name, params);
}

int t_modprobe(const char *name_or_alias, const char *params)
{
	return modindex_modprobe(name_or_alias, params);
}

int t_rmmod(const char *name)
{
	return modindex_rmmod(name);
}

int t_refcnt(const char *name)
{
	char path[128], text[32];
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/module/%s/refcnt", name);
	len = t_get(path, text, sizeof(text));
	return len < 0 ? (int)len : atoi(text);
}

int t_delete_module(const char *name, unsigned int flags)
{
	return RESULT(syscall(SYS_delete_module, name, flags));
}

bool t_raw_module_is_ours(const char *name)
{
	return modindex_is_ours(name);
}

/*
 * The agent that answers MODALIAS, as udev does in a whole system: a thread
 * with a netlink socket of its own. A pipe tells it to end.
 */
static struct {
	pthread_t thread;
	int socket;
	int stop[2];
	bool on;
	_Atomic unsigned long long handled;	/* SEQNUM of the last event */
} agent;

static void agent_handle(const char *msg, const char *end)
{
	unsigned long long seqnum = 0;
	const char *alias = NULL;
	bool add = false;
	const char *p;

	for (p = msg; p < end; p += strlen(p) + 1) {
		if (!strcmp(p, "ACTION=add"))
			add = true;
		else if (!strncmp(p, "MODALIAS=", 9))
			alias = p + 9;
		else if (!strncmp(p, "SEQNUM=", 7))
			seqnum = strtoull(p + 7, NULL, 10);
	}
	if (add && alias)
		modindex_modprobe(alias, NULL);
	if (seqnum)
		agent.handled = seqnum;
}

static void *agent_main(void *arg)
{
	struct pollfd fds[2] = {
		{ .fd = agent.socket, .events = POLLIN },
		{ .fd = agent.stop[0], .events = POLLIN },
	};
	char buf[8192];

	(void)arg;
	for (;;) {
		ssize_t len;

		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			return NULL;
		len = recv(agent.socket, buf, sizeof(buf) - 1, MSG_DONTWAIT);
		if (len <= 0)
			continue;
		buf[len] = '\0';
		agent_handle(buf, buf + len);
	}
}

static unsigned long long last_seqnum(void)
{
	char text[32];

	return t_get("/sys/kernel/uevent_seqnum", text, sizeof(text)) > 0 ?
	       strtoull(text, NULL, 10) : 0;
}

void t_autoload(bool on)
{
	if (on == agent.on)
		return;
	agent.on = on;
	if (on) {
		agent.socket = open_uevents();
		agent.handled = last_seqnum();
		if (agent.socket < 0 || pipe2(agent.stop, O_CLOEXEC) ||
		    pthread_create(&agent.thread, NULL, agent_main, NULL))
			abort();
		return;
	}
	if (write(agent.stop[1], "", 1) != 1)
		abort();
	pthread_join(agent.thread, NULL);
	close(agent.socket);
	close(agent.stop[0]);
	close(agent.stop[1]);
}

/* Loading a module sends events too: until all of those are dealt with. */
void t_autoload_settle(void)
{
	while (agent.on && agent.handled < last_seqnum())
		sleep_ms(1);
}

/* ---- uevents and messages -------------------------------------------------------------------------- */

ssize_t t_raw_uevent(char *buf, size_t size)
{
	ssize_t len = recv(uevents, buf, size, MSG_DONTWAIT);

	if (len < 0 && errno == ENOBUFS) {
		print_error("uevents were lost: the socket's buffer was full\n");
		abort();
	}
	return len < 0 ? 0 : len;
}

ssize_t t_raw_kmsg(uint64_t *seq, char *buf, size_t size)
{
	uint64_t found;
	const char *text = kmsg_find(*seq, &found);

	if (!text)
		return 0;
	*seq = found + 1;
	snprintf(buf, size, "%s", text);
	/* an empty message is one all the same */
	return strlen(buf) ? (ssize_t)strlen(buf) : 1;
}

uint64_t t_raw_kmsg_seq(void)
{
	return kmsg_next_seq();
}

/* ---- tasks ------------------------------------------------------------------------------------------- */

struct t_raw_task {
	pthread_t thread;
	_Atomic pid_t tid;		/* a child's, while the thread waits for it */
	_Atomic bool ended;
	long (*fn)(void *arg);
	void *arg;
	long ret;
};

static __thread struct t_raw_task *this_task;

static void *task_main(void *arg)
{
	struct t_raw_task *task = arg;

	this_task = task;
	task->tid = gettid();
	task->ret = task->fn(task->arg);
	task->ended = true;
	return NULL;
}

struct t_raw_task *t_raw_task_start(const char *name, long (*fn)(void *arg), void *arg)
{
	struct t_raw_task *task = calloc(1, sizeof(*task));
	char comm[16];

	if (!task)
		return NULL;
	task->fn = fn;
	task->arg = arg;
	if (pthread_create(&task->thread, NULL, task_main, task)) {
		free(task);
		return NULL;
	}
	snprintf(comm, sizeof(comm), "%s", name);
	pthread_setname_np(task->thread, comm);
	return task;
}

long t_fork(long (*fn)(void *arg), void *arg)
{
	long *result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long ret;
	pid_t pid;

	if (result == MAP_FAILED)
		return -errno;
	*result = -EPROTO;		/* of a child that dies */
	pid = fork();
	if (pid < 0)
		*result = -errno;
	if (!pid) {
		*result = fn(arg);
		_exit(0);
	}
	if (pid > 0 && this_task)
		this_task->tid = pid;
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (this_task)
		this_task->tid = gettid();
	ret = *result;
	munmap(result, sizeof(*result));
	return ret;
}

/* A file of /proc/<tid>; empty when the thread, or child, is gone. */
static void task_file(const struct t_raw_task *task, const char *file, char *buf, size_t size)
{
	char path[96];

	snprintf(path, sizeof(path), "/proc/%d/%s", task->tid, file);
	t_get(path, buf, size);
}

/*
 * How often the task has slept so far if it sleeps now, inside a system call
 * that can wait for another task; otherwise 0. Waiting for the test's own
 * locks and timers, or for a grace period, is not what is asked for.
 */
static unsigned long sleeping(const struct t_raw_task *task)
{
	char text[4096];
	const char *p;

	task_file(task, "stat", text, sizeof(text));
	p = strrchr(text, ')');
	if (!p || (p[2] != 'S' && p[2] != 'D'))
		return 0;
	task_file(task, "syscall", text, sizeof(text));
	if (text[0] < '0' || text[0] > '9')
		return 0;
	switch (atol(text)) {
	case SYS_futex:
	case SYS_nanosleep:
	case SYS_clock_nanosleep:
		return 0;
	}
	task_file(task, "stack", text, sizeof(text));
	if (strstr(text, "synchronize_rcu") || strstr(text, "wait_rcu_gp") ||
	    strstr(text, "rcu_barrier") || strstr(text, "synchronize_srcu"))
		return 0;
	task_file(task, "status", text, sizeof(text));
	p = strstr(text, "\nvoluntary_ctxt_switches:");
	return p ? strtoul(p + 25, NULL, 10) + 1 : 0;
}

/*
 * The caller goes on on that processor, so that it has run: a guest's may stand
 * still for long, and with it who would wake the task. Below 0: on any.
 */
static void go_to(int cpu)
{
	cpu_set_t set;
	int i;

	CPU_ZERO(&set);
	for (i = 0; i < CPU_SETSIZE; i++)
		if (cpu < 0 || i == cpu)
			CPU_SET(i, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Whether it sleeps and is not woken; -1 if that goes to and fro for too long. */
static int sleeps_on(struct t_raw_task *task, int cpus)
{
	unsigned long last = 0;
	int same = 0, waited;

	for (waited = 0; waited < BLOCK_TIMEOUT; waited++) {
		unsigned long now = task->tid ? sleeping(task) : 0;

		if (task->ended)
			return 0;
		same = now && now == last ? same + 1 : 0;
		if (same == BLOCK_SAMPLES * cpus)
			return 1;
		last = now;
		if (cpus > 1)
			go_to(waited % cpus);
		sleep_ms(1);
	}
	return -1;
}

bool t_raw_task_wait_blocked(struct t_raw_task *task)
{
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int ret = sleeps_on(task, cpus);

	if (cpus > 1)
		go_to(-1);
	if (ret >= 0)
		return ret;
	print_error("task %d has neither blocked nor ended in %d ms\n", task->tid,
		    BLOCK_TIMEOUT);
	return false;
}

void t_raw_task_interrupt(struct t_raw_task *task)
{
	if (!task->ended)
		syscall(SYS_tkill, task->tid, SIGUSR1);
}

void **t_raw_task_own(void)
{
	static __thread void *own;

	return &own;
}

long t_raw_task_join(struct t_raw_task *task)
{
	long ret;

	pthread_join(task->thread, NULL);
	ret = task->ret;
	free(task);
	return ret;
}
