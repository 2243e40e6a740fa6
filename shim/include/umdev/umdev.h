/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * umdev: what a test, a tool or a vendor's own test program calls.
 *
 * An ordinary libc header for programs in C and C++ (the shim's own sources,
 * which have no libc, include it too). Everything is prefixed um_. Functions
 * that stand for a system call return a negative errno, as the kernel side of
 * one does; there is no errno variable.
 *
 * Context, unless a comment says otherwise: any thread, which becomes a task by
 * its first call, outside of the modelled kernel; it may have to wait. "Any"
 * is also inside, in whatever a driver calls, with locks held.
 */
#ifndef UMDEV_UMDEV_H
#define UMDEV_UMDEV_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- life of the modelled kernel ------------------------------------------- */

/**
 * um_boot() - bring the modelled kernel up: sysfs, buses, /dev, initcalls.
 * @module_dir: directory of modules (modules.dep and .ko files), or NULL for
 *              the environment variable UMDEV_MODULE_DIR, or ./modules; copied
 *
 * Call once before anything else: a process boots once, and a second call is
 * -EBUSY, also after um_shutdown().
 *
 * Return: 0, or the error of the first initcall that failed.
 */
int um_boot(const char *module_dir);

/**
 * um_shutdown() - unload all modules and audit what is still alive.
 *
 * Nothing else may be called afterwards; without um_boot() it does nothing.
 *
 * Return: how many modules could not be unloaded, plus how many objects are
 * left, plus how many splats nobody expected; 0 is clean. Everything found has
 * been printed.
 */
int um_shutdown(void);

/**
 * um_audit() - what is alive now and was not at boot (or at um_audit_mark()).
 * @report: called for each line of the report, or NULL for standard error
 * @arg: passed to @report
 *
 * Return: the number of objects; 0, with a word to @report, when the detectors
 * are off.
 */
int um_audit(void (*report)(const char *line, void *arg), void *arg);

/**
 * um_detectors_on() - does anybody look?
 *
 * UMDEV_DETECTORS=off at boot turns off what costs time: references
 * (um_audit() and um_shutdown() then find nothing and say so), lock orders,
 * sweeps. A list of names with commas between, without white space, leaves only
 * those on that it names:
 *
 *   context	sleeping and leaving in atomic context, with interrupts off
 *   faults	calls that are made to fail: um_fail_nth(), um_sweep()
 *   order	lock orders, what a task holds
 *   holders	references, what is alive: um_audit()
 *   user	copies to and from user memory that are too large
 *   dma	what a device may reach
 *   memory	freed memory under poison, redzones (without ASan)
 *
 * "on", nothing at all and no such variable have all of them on; a name that is
 * none turns nothing on.
 *
 * Return: whether somebody does.
 */
bool um_detectors_on(void);

/**
 * um_audit_mark() - objects alive now are left out of later audits.
 */
void um_audit_mark(void);

/**
 * um_late_flush() - until all is released that late release put off.
 *
 * UMDEV_LATE_RELEASE=1 at boot has the release of every kobject come later
 * than its last put: outside of the system call that put it. Each call below
 * waits for it before it returns; who calls kernel code by itself does so
 * with this. Nothing to wait for without late release.
 *
 * Context: may sleep; no locks held.
 */
void um_late_flush(void);

/* ---- system calls on the modelled kernel ------------------------------------- */

struct um_stat {
	uint32_t mode;		/* S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR and permissions */
	uint64_t size;
	uint64_t ino;
	uint32_t rdev;		/* MKDEV() of a character device */
	uint32_t nlink;		/* of a directory: 2 and the directories in it */
};

/**
 * um_open() - open(): a file below /sys or /dev.
 * @path: absolute; a relative one starts at the root too
 * @flags: O_RDONLY and so on, as in <fcntl.h>; no file can be created
 *
 * Return: a descriptor, which is far above those of the host, for um_close();
 * -ENOENT, -ENOTDIR, -EISDIR, -ENAMETOOLONG of the path; -ELOOP with
 * O_NOFOLLOW; -EACCES for a file that would have to be created, -EEXIST with
 * O_EXCL for one that is there; -EOPNOTSUPP with O_TMPFILE; -ENXIO for a node
 * whose driver is gone; -EINVAL (with O_DIRECT, too), -EMFILE, -ENOMEM, or the
 * error of the driver's open().
 */
int um_open(const char *path, int flags);

/**
 * um_close() - close().
 * @fd: from um_open(), or from an ioctl that makes descriptors
 *
 * With the last reference on the file the driver's release() is called.
 *
 * Return: 0, -EBADF, or the error of the driver's flush(), and the descriptor
 * is closed nevertheless.
 */
int um_close(int fd);

/**
 * um_exit_files() - what the end of a process does: no mapping of a file and no
 * descriptor is left.
 *
 * For a test that failed and has lost them. No other task may use them.
 *
 * Return: how many mappings and descriptors there were.
 */
unsigned int um_exit_files(void);

/**
 * um_read() - read(), at the file's own position.
 * @fd: the descriptor
 * @user_buf: user memory, from um_user_alloc() or um_mmap()
 * @count: bytes
 *
 * Return: bytes read, 0 at the end; -EBADF, -EINVAL, -EFAULT, or the driver's
 * error.
 */
ssize_t um_read(int fd, void *user_buf, size_t count);

/**
 * um_write() - write(), at the file's own position.
 * @fd: the descriptor
 * @user_buf: user memory, from um_user_alloc() or um_mmap()
 * @count: bytes
 *
 * Return: bytes written; -EBADF, -EINVAL, -EFAULT, or the driver's error.
 */
ssize_t um_write(int fd, const void *user_buf, size_t count);

/**
 * um_pread() - pread().
 * @fd: the descriptor
 * @user_buf: user memory, from um_user_alloc() or um_mmap()
 * @count: bytes
 * @pos: bytes from the beginning; the file's own position stays
 *
 * Return: as um_read(); -ESPIPE for a file without positions; -EINVAL for a
 * negative one.
 */
ssize_t um_pread(int fd, void *user_buf, size_t count, int64_t pos);

/**
 * um_pwrite() - pwrite().
 * @fd: the descriptor
 * @user_buf: user memory, from um_user_alloc() or um_mmap()
 * @count: bytes
 * @pos: bytes from the beginning; the file's own position stays
 *
 * Return: as um_write(); -ESPIPE for a file without positions; -EINVAL for a
 * negative one.
 */
ssize_t um_pwrite(int fd, const void *user_buf, size_t count, int64_t pos);

/* One buffer of a vector. */
struct um_iovec {
	void *base;		/* user memory */
	size_t len;
};

/**
 * um_readv() - readv(), at the file's own position.
 * @fd: the descriptor
 * @vec: the buffers, filled one after the other
 * @n: how many, 1024 at most
 *
 * A file of sysfs is read once for all; a driver's read() is called for each
 * buffer, until one is not filled.
 *
 * Return: as um_read().
 */
ssize_t um_readv(int fd, const struct um_iovec *vec, unsigned int n);

/**
 * um_writev() - writev(), at the file's own position.
 * @fd: the descriptor
 * @vec: the buffers
 * @n: how many, 1024 at most
 *
 * As um_readv(): one write to a file of sysfs, one for each buffer to a driver.
 *
 * Return: as um_write().
 */
ssize_t um_writev(int fd, const struct um_iovec *vec, unsigned int n);

/**
 * um_dup() - dup().
 * @fd: the descriptor
 *
 * Return: another for the same open file, for um_close(); -EBADF, -EMFILE.
 */
int um_dup(int fd);

/**
 * um_fcntl() - fcntl(): another descriptor of a file, and its flags.
 * @fd: the descriptor
 * @cmd: F_DUPFD, F_DUPFD_CLOEXEC, F_GETFL or F_SETFL
 * @arg: the lowest number that is wanted, or flags
 *
 * Return: the descriptor, the flags, 0; -EBADF, -EMFILE, or -EINVAL, for any other
 * command, too.
 */
long um_fcntl(int fd, unsigned int cmd, unsigned long arg);

/**
 * um_sendfile() - sendfile(): from one file of sysfs to another.
 * @out_fd: the descriptor that is written to
 * @in_fd: the one that is read
 * @pos: where from, moved on; or NULL: from where @in_fd is, which moves
 * @count: bytes
 *
 * Return: bytes moved; -EINVAL for files of other sorts, or where @out_fd appends;
 * -EBADF, -ESPIPE, -EOVERFLOW; or an error of either file.
 */
ssize_t um_sendfile(int out_fd, int in_fd, int64_t *pos, size_t count);

/**
 * um_copy_file_range() - copy_file_range(): likewise, no further than stat() says.
 * @in_fd: the descriptor that is read
 * @in_pos: where from, moved on; or NULL: from where it is
 * @out_fd: the one that is written to
 * @out_pos: where to, moved on; or NULL
 * @len: bytes
 * @flags: 0
 *
 * Return: bytes copied; -EISDIR, -EINVAL, -EBADF, -EXDEV, -EOVERFLOW, -EFBIG; or an
 * error of either file.
 */
ssize_t um_copy_file_range(int in_fd, int64_t *in_pos, int out_fd, int64_t *out_pos, size_t len,
			   unsigned int flags);

/**
 * um_splice() - splice(), which has no pipes to go through here.
 * @in_fd: the descriptor that is read
 * @out_fd: the one that is written to
 * @len: bytes
 * @flags: SPLICE_F_
 *
 * Return: 0 for no bytes; -EBADF, -EINVAL.
 */
ssize_t um_splice(int in_fd, int out_fd, size_t len, unsigned int flags);

/**
 * um_tee() - tee(): likewise.
 * @in_fd: the descriptor that is read
 * @out_fd: the one that is written to
 * @len: bytes
 * @flags: SPLICE_F_
 *
 * Return: as um_splice().
 */
ssize_t um_tee(int in_fd, int out_fd, size_t len, unsigned int flags);

/* as the system call has them */
#define UM_LOCK_SH	1
#define UM_LOCK_EX	2
#define UM_LOCK_NB	4
#define UM_LOCK_UN	8

/**
 * um_flock() - flock(): a lock of a whole file, which the open file holds until it is
 *	unlocked or released.
 * @fd: the descriptor
 * @op: UM_LOCK_SH or UM_LOCK_EX, with UM_LOCK_NB not to wait; or UM_LOCK_UN
 *
 * Return: 0; -EWOULDBLOCK where another open file's is in the way, -EINTR, -EINVAL,
 * -EBADF, -ENOMEM.
 */
int um_flock(int fd, unsigned int op);

/**
 * um_lseek() - lseek().
 * @fd: the descriptor
 * @pos: bytes
 * @whence: SEEK_SET and so on, as in <unistd.h>
 *
 * Return: the new position; -EBADF; -ESPIPE for a file without positions;
 * -EINVAL, or the driver's error.
 */
int64_t um_lseek(int fd, int64_t pos, int whence);

/**
 * um_ioctl() - ioctl().
 * @fd: the descriptor
 * @cmd: the command
 * @arg: a number, or the address of user memory, from um_user_alloc()
 *
 * Return: what the driver returns; -EBADF; -ENOTTY for a command that nobody
 * knows.
 */
long um_ioctl(int fd, unsigned int cmd, unsigned long arg);

/**
 * um_mmap() - mmap().
 * @length: bytes, more than 0; rounded up to pages
 * @prot: PROT_READ and so on, as in <sys/mman.h>
 * @flags: MAP_SHARED or MAP_PRIVATE, with MAP_ANONYMOUS or not; no MAP_FIXED
 * @fd: the descriptor
 * @offset: bytes, a multiple of the page size
 *
 * The mapping is ordinary memory of this process, which a test accesses at
 * the address that is returned, until um_munmap().
 *
 * Return: the address, or a negative errno as a pointer: -EINVAL, -EBADF,
 * -EOVERFLOW (beyond the last position), -EACCES, -ENODEV (the file cannot be
 * mapped), -EOPNOTSUPP (private and writable), -ENOMEM, or the driver's error.
 */
void *um_mmap(size_t length, int prot, int flags, int fd, int64_t offset);

/**
 * um_munmap() - munmap(): also a part of a mapping, or several.
 * @addr: a multiple of the page size
 * @length: bytes, rounded up to pages
 *
 * Return: 0, also where nothing is mapped; -EINVAL for another address or
 * length 0; -ENOMEM, or the driver's error, when a mapping cannot be cut.
 */
int um_munmap(void *addr, size_t length);

/**
 * um_mremap() - mremap() without MREMAP_MAYMOVE.
 * @addr: of a mapping, a multiple of the page size
 * @old_length: bytes, rounded up to pages
 * @new_length: bytes, more than 0, rounded up to pages
 *
 * A mapping can shrink. None can grow, but by the error one sees whether the
 * driver would let it.
 *
 * Return: 0; -EINVAL for another address or @new_length 0; -EFAULT where
 * nothing or less is mapped, or the driver has said VM_DONTEXPAND; otherwise
 * -ENOMEM.
 */
int um_mremap(void *addr, size_t old_length, size_t new_length);

/**
 * um_poll() - poll() of one descriptor.
 * @fd: the descriptor
 * @events: POLLIN and so on, as in <poll.h>
 * @timeout_ms: milliseconds; 0 does not wait, negative waits for ever
 *
 * Return: the events that are there (POLLNVAL for a bad descriptor), 0 when
 * the time ran out, as it does for a negative one; -EINTR, -ENOMEM.
 */
int um_poll(int fd, short events, int timeout_ms);

/**
 * um_epoll_create() - epoll_create().
 *
 * Return: a descriptor for um_close(); -EMFILE, -ENOMEM.
 */
int um_epoll_create(void);

/**
 * um_epoll_ctl() - epoll_ctl(): what an epoll watches.
 * @epfd: from um_epoll_create()
 * @op: EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL
 * @fd: the descriptor
 * @user_event: from um_user_alloc(): a struct epoll_event; not looked at to delete
 *
 * Return: 0; -EBADF; -EPERM for a file without poll(); -EINVAL where @epfd is no
 * epoll, or the same, or @op none of these, or EPOLLEXCLUSIVE does not go with the
 * rest; -ELOOP for epolls that watch each other in a circle, or too many in a row;
 * -EEXIST, -ENOENT, -EFAULT, -ENOMEM.
 */
int um_epoll_ctl(int epfd, int op, int fd, void *user_event);

/**
 * um_epoll_wait() - epoll_wait().
 * @epfd: from um_epoll_create()
 * @user_events: from um_user_alloc(): room for @max struct epoll_event
 * @max: more than 0
 * @timeout_ms: milliseconds; 0 does not wait, negative waits for ever
 *
 * Return: how many events there are; 0 when the time ran out; -EBADF, -EINVAL,
 * -EINTR, -EFAULT.
 */
int um_epoll_wait(int epfd, void *user_events, int max, int timeout_ms);

/**
 * um_readlink() - readlink().
 * @path: of the link
 * @buf: the test's own memory; gets no NUL
 * @size: bytes in @buf
 *
 * Return: bytes written; -EINVAL for what is no link, or @size 0; -ENOENT,
 * -ENOTDIR, -ENAMETOOLONG, -ENOMEM.
 */
ssize_t um_readlink(const char *path, char *buf, size_t size);

/**
 * um_stat() - stat(), or lstat().
 * @path: of the file
 * @st: the test's own memory, filled in
 * @follow: a link at the end of the path is followed, as by stat()
 *
 * Return: 0; -ENOENT, -ENOTDIR, -ELOOP, -ENAMETOOLONG, -ENOMEM.
 */
int um_stat(const char *path, struct um_stat *st, bool follow);

/**
 * um_fstat() - fstat().
 * @fd: the descriptor
 * @st: the test's own memory, filled in
 *
 * Return: 0; -EBADF.
 */
int um_fstat(int fd, struct um_stat *st);

/**
 * um_readdir() - opendir(), readdir() to the end, closedir().
 * @path: of the directory
 * @fn: called for each entry but . and .., and may make system calls, and
 *      remove what it is told about; non-zero ends it
 * @arg: passed to @fn
 *
 * Return: 0, what @fn returned when that was not 0, or a negative errno: -EIO
 * at an entry whose name is empty or has a slash.
 */
int um_readdir(const char *path, int (*fn)(const char *name, void *arg), void *arg);

/**
 * um_getdents() - getdents64(): a directory in parts.
 * @fd: an open directory
 * @user_buf: user memory, filled with struct dirent64 of <dirent.h>
 * @size: its bytes
 *
 * Goes on at the file's position, which um_lseek() sets to 0 or to the d_off
 * of an entry.
 *
 * Return: bytes filled, 0 at the end; -EINVAL when not one entry has room;
 * -EBADF, -ENOTDIR, -EFAULT, -ENOMEM; -EIO as um_readdir().
 */
ssize_t um_getdents(int fd, void *user_buf, size_t size);

/**
 * um_mkdir() - mkdir(): why it cannot be.
 * @path: of the directory
 *
 * Return: -EPERM where nothing else is wrong, as in sysfs; -EEXIST; or an error
 * of the path.
 */
int um_mkdir(const char *path);

/**
 * um_rmdir() - rmdir(): why it cannot be.
 * @path: of the directory
 *
 * Return: -EPERM where nothing else is wrong, as in sysfs; -ENOTDIR, -EBUSY (a
 * mount), -EINVAL or -ENOTEMPTY for "." and ".."; or an error of the path.
 */
int um_rmdir(const char *path);

/**
 * um_unlink() - unlink(): why it cannot be.
 * @path: of the file
 *
 * Return: -EPERM where nothing else is wrong, as in sysfs; -EISDIR; or an error
 * of the path.
 */
int um_unlink(const char *path);

/**
 * um_rename() - rename(): why it cannot be.
 * @old_path: of what is there
 * @new_path: what it should be
 *
 * Return: 0 when both are the same; -EPERM where nothing else is wrong, as in
 * sysfs; -EXDEV between file systems; -EBUSY, -EISDIR; or an error of the path.
 */
int um_rename(const char *old_path, const char *new_path);

/**
 * um_access() - access(): whether root may.
 * @path: of the file; a link is followed
 * @mode: F_OK, or a sum of R_OK, W_OK and X_OK
 *
 * Return: 0; -EACCES for what cannot be executed; -EINVAL; or an error of the path.
 */
int um_access(const char *path, unsigned int mode);

/* as the system calls have them */
#define UM_AT_SYMLINK_NOFOLLOW	0x100
#define UM_AT_SYMLINK_FOLLOW	0x400
#define UM_AT_NO_AUTOMOUNT	0x800
#define UM_AT_EMPTY_PATH	0x1000
#define UM_AT_STATX_SYNC_TYPE	0x6000
#define UM_STATX__RESERVED	0x80000000U

/**
 * um_statx() - statx(): what um_stat() says, whatever is asked for.
 * @path: of the file, which "" is none of
 * @flags: UM_AT_
 * @mask: STATX_
 * @st: filled in
 *
 * Return: 0; -EINVAL for flags and bits that there are none of; or an error of the path.
 */
int um_statx(const char *path, unsigned int flags, unsigned int mask, struct um_stat *st);

/**
 * um_name_to_handle() - name_to_handle_at(), which no file system here can.
 * @path: of the file
 * @flags: UM_AT_SYMLINK_FOLLOW, UM_AT_EMPTY_PATH
 *
 * Return: -EOPNOTSUPP, -EINVAL; or an error of the path.
 */
int um_name_to_handle(const char *path, unsigned int flags);

/**
 * um_getxattr() - getxattr(), as root.
 * @path: of the file; a link is followed
 * @name: of the attribute
 * @value: filled in
 * @size: its bytes; 0: only asked how many there are
 *
 * Return: bytes; -ENODATA, -ERANGE; -EOPNOTSUPP for names that the file system has none
 * of; -EINVAL for half a name; or an error of the path.
 */
ssize_t um_getxattr(const char *path, const char *name, void *value, size_t size);

/**
 * um_listxattr() - listxattr(), as root.
 * @path: of the file; a link is followed
 * @list: filled in: names, each with a NUL
 * @size: its bytes; 0: only asked how many there are
 *
 * Return: bytes; -ERANGE; or an error of the path.
 */
ssize_t um_listxattr(const char *path, char *list, size_t size);

#define UM_XATTR_CREATE		1
#define UM_XATTR_REPLACE	2

/**
 * um_setxattr() - setxattr(), as root.
 * @path: of the file; a link is followed
 * @name: of the attribute
 * @value: its value
 * @size: bytes of that
 * @flags: UM_XATTR_CREATE: it must not be there; UM_XATTR_REPLACE: it must
 *
 * Return: 0; -EEXIST, -ENODATA, -E2BIG, -ERANGE (no name, or too long), -EOPNOTSUPP, -EPERM
 * ("user." of a device), -EINVAL, -ENOMEM; or an error of the path.
 */
int um_setxattr(const char *path, const char *name, const void *value, size_t size, int flags);

/**
 * um_removexattr() - removexattr(), as root.
 * @path: of the file; a link is followed
 * @name: of the attribute
 *
 * Return: 0; -ENODATA; or as um_setxattr().
 */
int um_removexattr(const char *path, const char *name);

/**
 * um_chmod() - chmod().
 * @path: of the file; a link is followed
 * @mode: the permissions, which root passes, but for those of a file of sysfs
 *        that nobody may read or write
 *
 * Return: 0, or an error of the path.
 */
int um_chmod(const char *path, unsigned int mode);

/**
 * um_truncate() - truncate(), which no file here minds.
 * @path: of the file
 * @length: bytes
 *
 * Return: 0; -EISDIR; -EINVAL for a device or a negative length; -EFBIG; or an
 * error of the path.
 */
int um_truncate(const char *path, int64_t length);

/**
 * um_ftruncate() - ftruncate().
 * @fd: the descriptor, open for writing
 * @length: bytes
 *
 * Return: as um_truncate(), or -EBADF.
 */
int um_ftruncate(int fd, int64_t length);

/* ---- user memory ---------------------------------------------------------------- */

/**
 * um_user_alloc() - memory as a user process sees it.
 * @size: bytes, zeroed; a driver's copy from or to a byte beyond them fails
 *
 * The address cannot be dereferenced: it is what a driver is given, and a
 * driver that touches it without copy_*_user() faults. um_user_ptr() gives
 * the address under which the test itself reads and writes the same bytes.
 *
 * Return: NULL when out of memory. Free with um_user_free().
 */
void *um_user_alloc(size_t size);

/**
 * um_user_free() - free memory of um_user_alloc().
 * @user: as um_user_alloc() gave it, or there is a splat; NULL does nothing.
 *        A page that a driver has pinned stays until it is unpinned.
 */
void um_user_free(void *user);

/**
 * um_user_ptr() - where the test reads and writes user memory.
 * @user: any address in a block of um_user_alloc(); another is returned as it
 *        is, as for um_mmap()
 *
 * Return: where the same byte lies.
 */
void *um_user_ptr(void *user);

/**
 * um_user_readonly() - from now on copy_to_user() fails there.
 * @user: as um_user_alloc() gave it: the page that it lies in
 *
 * The driver can read it still, and the test write.
 */
void um_user_readonly(void *user);

/* ---- modules ----------------------------------------------------------------------- */

/**
 * um_insmod() - load one module, as finit_module() does.
 * @module: path of a .ko file (with a '/'), or the name of one in the module
 *          directory
 * @params: "a=1 b=x", or NULL
 *
 * Runs the module's init in the calling task.
 *
 * Return: 0 or a negative errno: -ENOENT (no such file, or a symbol that
 * nobody exports), -ENOEXEC (no module, built for another kernel, exports
 * what exists already), -EEXIST (loaded), -EBUSY (another load of it failed
 * meanwhile), -ENOMEM, a parameter's error, init's own.
 */
int um_insmod(const char *module, const char *params);

/**
 * um_rmmod() - unload a module, as rmmod does.
 * @name: its name; '-' and '_' are the same
 *
 * Runs the module's exit in the calling task, then audits what it leaves.
 *
 * Return: 0; -ENOENT: not loaded; -EWOULDBLOCK: other modules use it, or
 * somebody holds a reference; -EBUSY: it is not live, or has an init and no
 * exit; -EINTR.
 */
int um_rmmod(const char *name);

/**
 * um_delete_module() - delete_module().
 * @name: its name, as it is: '-' is not '_'
 * @flags: O_NONBLOCK changes nothing; O_TRUNC unloads also what somebody holds
 *         a reference on, or what has no exit, at the caller's own risk
 *
 * Return: as um_rmmod().
 */
int um_delete_module(const char *name, unsigned int flags);

/**
 * um_modprobe() - load a module and what it needs, as modprobe does.
 * @name_or_alias: '-' and '_' are the same in it
 * @params: for the module itself, or NULL
 *
 * With dependencies and soft dependencies, from modules.dep and so on.
 *
 * Return: 0 (also when it was loaded already); -ENOENT: nothing of that name
 * or alias; otherwise the error of um_insmod() for the module or one that it
 * depends on. What was loaded on the way stays loaded.
 */
int um_modprobe(const char *name_or_alias, const char *params);

/**
 * um_module_absent() - why a module that the build knows of is not there.
 * @module: its name; '-' and '_' are the same
 * @why: for the reason, cut to @size: "failed " and a compiler's or modpost's
 *       first error; "needs " and such a module; "left-out " and why the
 *       build has no place for it
 * @size: of @why
 *
 * Return: whether there is a reason; false for a module that was built, and
 * for a name that nobody knows.
 */
bool um_module_absent(const char *module, char *why, size_t size);

/**
 * um_autoload() - answer MODALIAS uevents by modprobe, as udev does, or not.
 * @on: off at boot; turning it off waits for what is in the queue
 *
 * Not to be called by several tasks at once.
 */
void um_autoload(bool on);

/**
 * um_autoload_settle() - until every event sent so far has been dealt with.
 *
 * Events that the loading of modules sends in turn are waited for too. Returns
 * at once when autoloading is off.
 */
void um_autoload_settle(void);

/* ---- uevents and kernel messages ------------------------------------------------------ */

/**
 * um_uevents_open() - listen to events from now on, in a queue of one's own.
 *
 * Return: a listener for um_uevents_close(); NULL without memory.
 */
struct um_uevents *um_uevents_open(void);

/**
 * um_uevents_close() - stop listening; what was not read is lost.
 * @u: from um_uevents_open()
 */
void um_uevents_close(struct um_uevents *u);

/**
 * um_uevents_read() - the oldest event not read yet; does not wait.
 * @u: from um_uevents_open()
 * @buf: gets it as netlink carries it: "add@/devices/..." NUL "ACTION=add" NUL
 *       and so on
 * @size: bytes in @buf
 *
 * Return: its length in bytes, 0 when there is none now, -ENOSPC (and the
 * event stays) when @buf is small.
 */
ssize_t um_uevents_read(struct um_uevents *u, char *buf, size_t size);

/**
 * um_kmsg_seq() - position in the ring of kernel messages.
 *
 * Return: the number of the next message: every later one has it or a larger.
 */
uint64_t um_kmsg_seq(void);

/**
 * um_kmsg_read() - the first message whose number is >= *@seq.
 * @seq: becomes the number after it; messages that the ring has lost are
 *       passed over
 * @level: set to its level; may be NULL
 * @buf: gets its text and a NUL, as /dev/kmsg has it without the prefix, cut
 *       to fit
 * @size: bytes in @buf; with 0 it is not touched
 *
 * Return: the length of the text in @buf, or with @size 0 of the message; 0
 * when there is no message.
 */
ssize_t um_kmsg_read(uint64_t *seq, int *level, char *buf, size_t size);

/**
 * um_console_level() - which messages also go to standard error.
 * @level: those of this level, or more urgent (less); -1: none, as it is at
 *         first unless UMDEV_CONSOLE says otherwise
 */
void um_console_level(int level);

/**
 * um_debug() - which debug messages are made.
 * @match: module names, names of source files or "*", separated by commas;
 *         "" or NULL for none; copied. At first the variable UMDEV_DEBUG.
 */
void um_debug(const char *match);

/* ---- tasks -------------------------------------------------------------------------------- */

struct um_task;

/**
 * um_task_start() - start a task, which is a thread.
 * @name: of the task, for reports; copied
 * @fn: what it does
 * @arg: passed to @fn
 *
 * Return: the task, for um_task_join(); the process ends when there is no
 * memory for it.
 */
struct um_task *um_task_start(const char *name, long (*fn)(void *arg), void *arg);

/**
 * um_fork() - what a child process does, from fork() to its exit.
 * @fn: what it does, in the calling task
 * @arg: passed to @fn
 *
 * Meanwhile the task has copies of the descriptors and of the mappings of files,
 * which are closed afterwards: files stay open until both have closed them. Memory
 * is the parent's. Tasks that @fn starts must have ended when it returns.
 *
 * Return: what @fn returned; -ENOMEM.
 */
long um_fork(long (*fn)(void *arg), void *arg);

/**
 * um_task_wait_blocked() - until a task waits in the kernel, or has ended.
 * @task: from um_task_start()
 *
 * Blocked is a task that waits while no other task runs that could end the
 * wait: a state to rely on.
 *
 * Return: true if it waits, false if it has ended.
 */
bool um_task_wait_blocked(struct um_task *task);

/**
 * um_task_interrupt() - a signal: interruptible waits end.
 * @task: not joined yet
 *
 * The signal stays: later waits end at once too.
 */
void um_task_interrupt(struct um_task *task);

/**
 * um_task_kill() - a signal that ends the process: killable waits end as well.
 * @task: not joined yet
 */
void um_task_kill(struct um_task *task);

/**
 * um_task_join() - wait for the end of a task, and free it.
 * @task: from um_task_start(), not held
 *
 * Return: what its function returned.
 */
long um_task_join(struct um_task *task);

/**
 * um_task_own() - a pointer that each task has for its own, for the program.
 *
 * What thread-local variables are for where each task is a thread: on fibers
 * all tasks share those. NULL at first.
 *
 * Context: a thread of the program's; it becomes a task.
 * Return: where it is; valid until the task ends.
 */
void **um_task_own(void);

/* ---- verdicts --------------------------------------------------------------------------------- */

/*
 * UMDEV_TASKS=fibers at the start of a program has all tasks share one thread:
 * one runs until it waits, time is virtual, and each run is the same. Threads
 * that the program starts by itself may not call anything here then.
 */
enum um_verdict {
	UM_RAN,			/* it returned */
	UM_DEADLOCK,		/* no task can go on */
	UM_LIVELOCK,		/* tasks go on, and nothing changes */
	UM_BUG,			/* BUG(), panic(), and what else ends a kernel */
};

/**
 * um_try() - run a function as a task, and outlive what becomes of it
 * @name: of the task, for reports; copied
 * @fn: what it does
 * @arg: passed to @fn
 * @result: gets what @fn returned; may be NULL
 * @report: gets the report of another end, cut to fit
 * @size: bytes in @report; 0: none is wanted
 *
 * On fibers, the tasks that @fn has started are abandoned at any other end, with
 * all that they hold: nothing that they have used may be used again. Free
 * running, such an end is that of the process, as everywhere.
 *
 * Return: the verdict.
 */
enum um_verdict um_try(const char *name, long (*fn)(void *arg), void *arg, long *result,
		       char *report, size_t size);

/* ---- tasks that are held, and interleavings -------------------------------------------------- */

/*
 * A point is where a task can be held: just before it takes a lock or begins
 * to wait, just after it releases a lock or wakes somebody, and, in a build
 * with sanitizers, the beginning of each basic block of a module's code.
 * Points are counted for each task alone, and a task that meets the same
 * locks and branches again passes the same points.
 */

/**
 * um_task_start_held() - start a task that stops at its @n-th point.
 * @name: of the task, for reports; copied
 * @fn: what it does
 * @arg: passed to @fn
 * @n: 1 is the first; a task that passes fewer is not held
 *
 * A held task keeps what it holds, spinlocks as well. Let it go before it is
 * joined.
 *
 * Return: the task; the process ends when there is no memory for it.
 */
struct um_task *um_task_start_held(const char *name, long (*fn)(void *arg), void *arg,
				   unsigned long n);

/**
 * um_task_wait_held() - until a task is held, or has ended.
 * @task: from um_task_start_held()
 *
 * One that has to wait before it comes to its point is held there first.
 *
 * Return: true if it is held, false if it has ended.
 */
bool um_task_wait_held(struct um_task *task);

/**
 * um_task_resume() - let a held task go on, to its end.
 * @task: from um_task_start_held(); it is not held any more
 */
void um_task_resume(struct um_task *task);

/**
 * um_task_run_alone() - let a task go on until it ends or waits; hold it there.
 * @task: from um_task_start_held()
 *
 * What the task waits for may come while it is held: it goes on when it is
 * let go again.
 *
 * Return: 1 when it has ended; 0 when it waits; -EBUSY when it has not moved.
 */
int um_task_run_alone(struct um_task *task);

/**
 * um_point_count() - points that this task passed since it last asked.
 *
 * Return: their number.
 */
unsigned long um_point_count(void);

/*
 * Two tasks that meet. @setup and @check return 0, or anything else when
 * something is wrong; @check is given what the two returned, and puts back
 * what they did. All of them run in another process.
 */
struct um_interleaving {
	const char *name;
	long (*setup)(void *arg);	/* before each schedule; NULL: nothing */
	long (*first)(void *arg);
	long (*second)(void *arg);
	long (*check)(void *arg, long first, long second);
	void *arg;
	/* called for each line of the report; NULL: standard error */
	void (*report)(const char *line, void *arg);
};

/**
 * um_interleave() - run two tasks with the first preempted at each of its points
 * @s: the tasks
 *
 * um_explore() (umdev/explore.h) of two tasks, with at most one preemption of the
 * first and no other choice, and with its finest grain: each operation is a
 * point, and the beginning of each basic block of a module in builds with
 * sanitizers. The first begins. What is found is told, and the search goes on
 * until 20 schedules were wrong.
 *
 * Context: needs UMDEV_TASKS=fibers.
 * Return: how many schedules were run, after which none is left; -ECANCELED when
 * one was wrong; -EOPNOTSUPP without fibers.
 */
long um_interleave(const struct um_interleaving *s);

/* ---- faults ---------------------------------------------------------------------------------- */

/**
 * um_fail_nth() - make the @n-th fallible call of this task fail, from now.
 * @n: 1 is the next one; 0 disarms
 *
 * Return: 0 if the fault armed before has fired or none was armed, otherwise
 * how many more calls it would have taken.
 */
unsigned int um_fail_nth(unsigned int n);

/**
 * um_fail_from_nth() - um_fail_nth() for it and every later call.
 * @n: 1 is the next one; 0 disarms
 *
 * Return: as um_fail_nth().
 */
unsigned int um_fail_from_nth(unsigned int n);

/**
 * um_fallible_count() - fallible calls of this task since it last asked.
 *
 * Return: their number.
 */
unsigned int um_fallible_count(void);

/**
 * um_fault_fired() - where the fault that this task armed last has fired.
 *
 * Return: "kmalloc at drivers/base/core.c:12 in device_add, from ...", with the
 * callers; NULL when it has not. Valid until the next call, of any task.
 */
const char *um_fault_fired(void);

/* ---- sweeps: every failure point, one after the other ---------------------------------------- */

/* Where in its call stack a failure is not the operation's, and why. */
struct um_benign {
	const char *where;	/* part of what um_fault_fired() says; NULL ends a list */
	const char *reason;
};

/*
 * An operation and its inverse. Each returns 0 or a negative errno; @arg is
 * passed through. Faults are injected into @run only.
 */
struct um_scenario {
	const char *name;
	long (*setup)(void *arg);	/* once, before all; NULL: nothing */
	long (*run)(void *arg);
	long (*undo)(void *arg);
	void (*teardown)(void *arg);	/* once, after all; NULL: nothing */
	void *arg;
	/*
	 * @run takes something away: a fault need not make it fail, it may go
	 * on to its end. When it does fail, everything must still be there.
	 */
	bool takes_away;
	const struct um_benign *benign;	/* besides those that any kernel has */
};

enum um_fault_outcome {
	UM_FAULT_ROLLED_BACK,	/* an error, and all as before */
	UM_FAULT_BENIGN,	/* success, as it must be there */
	/* and what is wrong: */
	UM_FAULT_UNNOTICED,	/* success, though something failed */
	UM_FAULT_CHANGED,	/* something is not as before: see details */
	UM_FAULT_SPLAT,
	UM_FAULT_BREAKS,	/* the operation does not work, or cannot be undone, afterwards */
};

struct um_fault {
	const char *scenario;
	unsigned int n;			/* the n-th fallible call */
	bool every;			/* it and each later one failed */
	long error;			/* what the operation returned */
	const char *site;		/* "kmalloc at drivers/base/core.c:12 in device_add" */
	const char *stack;		/* lines; only when something is wrong, or benign */
	enum um_fault_outcome outcome;
	const char *details;		/* lines, or "" */
	const char *reason;		/* why it is benign, or NULL */
};

struct um_sweep {
	/* filled in by um_sweep(), added to what is there */
	unsigned int scenarios, calls, faults, rolled_back, benign, bad;
	uint64_t ns;
	/* may be NULL: then only what is wrong is printed, to standard error */
	void (*report)(const struct um_fault *fault, void *arg);
	/* may be NULL: called before each fault */
	void (*progress)(const char *scenario, unsigned int done, unsigned int of, void *arg);
	void *arg;
};

/**
 * um_sweep() - run a scenario with each of its fallible calls failing.
 * @s: the scenario
 * @sweep: zeroed, or from an earlier sweep: figures are added up
 *
 * Once without faults, to count and to fill caches; then the n-th call fails,
 * alone and with all that follow, for each n. After each fault: objects,
 * references, held locks and the tree below /sys are as before, and the
 * operation works. Splats count as wrong. Audit marks are moved.
 *
 * Return: the number of faults after which something was wrong; -EOPNOTSUPP
 * when the detectors are off; or the negative errno of a scenario that does not
 * work without any fault (-EINVAL for a positive one).
 */
int um_sweep(const struct um_scenario *s, struct um_sweep *sweep);

/**
 * um_sweep_count() - how much um_sweep() of a scenario will have to do.
 * @s: the scenario; it is set up, run a few times without faults, torn down
 * @ns: the shortest time of such a run, with what is checked after it
 *
 * For estimates: a sweep injects two faults for each call.
 * Return: the calls that may fail, or the negative errno of the scenario
 * (-EINVAL for a positive one).
 */
long um_sweep_count(const struct um_scenario *s, uint64_t *ns);

/* A place in the code that may fail, with figures over all loads of its module. */
struct um_site {
	const char *what, *file, *func;
	unsigned int line;
	unsigned int hits, fails;	/* times reached; times made to fail */
};

/**
 * um_sites() - each place that may fail in modules that are or were loaded.
 * @fn: called for each; those of one line once; @site is valid meanwhile
 * @arg: passed to @fn
 */
void um_sites(void (*fn)(const struct um_site *site, void *arg), void *arg);

/* ---- splats ---------------------------------------------------------------------------------- */

/**
 * um_expect_splat() - the next splat whose text contains @substring is wanted.
 * @substring: copied, 127 characters of it; each call stands for one splat,
 *             and their order is free
 */
void um_expect_splat(const char *substring);

/**
 * um_expect_splats() - splats whose text contains @substring are wanted: one or more.
 * @substring: copied, 127 characters of it
 *
 * As a kernel's log is looked at, in which a warning may come several times.
 */
void um_expect_splats(const char *substring);

/**
 * um_check_splats() - were there splats that nobody wanted?
 *
 * Called by a test's teardown. Prints what it counts, and begins anew. Looks
 * first for what was written into freed objects and behind others (in builds
 * without ASan, which tells that at once).
 *
 * Return: unexpected splats since the last call, plus expected ones that did
 * not come.
 */
int um_check_splats(void);

#ifdef __cplusplus
}
#endif
#endif
