/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lies between path lookup and a filesystem.
 *
 * A filesystem hands out nodes, which are its own and opaque here: what a
 * dentry and its inode are together. Path lookup (fs/namei.c) walks them,
 * follows symbolic links, and resolves ".." by remembering the nodes it came
 * through, so a filesystem needs no way back from a node to its directory.
 *
 * Rules for a filesystem:
 * - Every function returns 0 or a length, or a negative errno; those that
 *   return a node return it with a reference of its own, or an ERR_PTR().
 * - A node stays valid while it is referenced, even when what it stands for
 *   was removed meanwhile; operations on such a node give what the kernel
 *   gives (lookup: -ENOENT, open: -ENODEV).
 * - No function is called with any lock held; all may sleep.
 */
#ifndef UMDEV_FS_INTERNAL_H
#define UMDEV_FS_INTERNAL_H

#include <linux/limits.h>
#include <linux/types.h>
#include <umdev/umdev.h>

struct file;
struct device;
struct um_node;

/* Longest file name, as NAME_MAX; checked before lookup() is called. */
#define UM_NAME_MAX	255

/* An entry of a directory. */
struct um_dirent {
	u64 key;		/* from 2 on; as long as the entry is there */
	u64 ino;
	u32 mode;		/* its type */
	char name[PATH_MAX];
};

struct um_filesystem {
	/* "/sys": absolute; one component, but for um_mount_over() */
	const char *mount;
	/* the largest position that lseek() sets in a directory */
	loff_t max_pos;
	/* such a position is the upper part of an entry's key: without these bits */
	unsigned int key_shift;

	/* The topmost directory. */
	struct um_node *(*root)(void);

	struct um_node *(*get)(struct um_node *node);
	void (*put)(struct um_node *node);

	/*
	 * The entry of @dir called @name, which is @len bytes long, not
	 * NUL-terminated, neither "." nor "..", and has no '/'.
	 * -ENOENT when there is none. @dir is always a directory.
	 */
	struct um_node *(*lookup)(struct um_node *dir, const char *name,
				  size_t len);

	/* Type and permissions in st->mode; every member is to be set. */
	void (*getattr)(struct um_node *node, struct um_stat *st);

	/*
	 * Of that what never changes, for each component of each path: the type in
	 * st->mode, and st->ino. Takes no lock, as a walk in Linux does not for what
	 * the dentry knows.
	 */
	void (*identify)(struct um_node *node, struct um_stat *st);

	/*
	 * The target of a symbolic link, at most @size bytes of it and
	 * without a terminating NUL; returns how many. Absolute targets
	 * start at the root of all mounts.
	 */
	ssize_t (*readlink)(struct um_node *node, char *buf, size_t size);

	/*
	 * The entry of a directory, "." and ".." left out, with the smallest
	 * key that is at least @from. Entries may come and go between two
	 * calls: one that was there all the time is returned exactly once to
	 * who goes on from its key + 1. Returns 1, or 0 at the end.
	 */
	int (*readdir)(struct um_node *dir, u64 from, struct um_dirent *entry);

	/* Of what is no link; @mode is without the type. */
	void (*chmod)(struct um_node *node, umode_t mode);

	/*
	 * Extended attributes, whose names and sizes have been checked; @value NULL
	 * takes one away, a @size of 0 asks how much there is. -ENODATA, -EEXIST,
	 * -ERANGE. All of them, or none.
	 */
	ssize_t (*xattr_get)(struct um_node *node, const char *name, void *value, size_t size);
	int (*xattr_set)(struct um_node *node, const char *name, const void *value, size_t size,
			 int flags);
	ssize_t (*xattr_list)(struct um_node *node, char *list, size_t size);

	/*
	 * Open what is not a directory. file->f_flags, f_mode and um_name
	 * (the path, for reports) are set; open() sets file->f_op and
	 * private_data, and takes what references it needs beyond @node's,
	 * which the caller drops only after the file was released. When it
	 * fails, f_op->release() is not called.
	 */
	int (*open)(struct um_node *node, struct file *file);

	/* of fs/namei.c */
	struct um_filesystem *next;
	struct um_filesystem *below;	/* that it is mounted in, or NULL: at the root */
	struct um_node *covered;	/* the directory there */
};

/* For ever; @fs is not copied. */
void um_register_filesystem(struct um_filesystem *fs);
/* On a directory of another filesystem, which is there for ever. Errors as of a lookup. */
int um_mount_over(struct um_filesystem *fs);

/* ---- path lookup (namei.c) ------------------------------------------- */

/* A node with the filesystem it belongs to; the reference is the holder's. */
struct um_path {
	struct um_filesystem *fs;	/* NULL: the root of all mounts */
	struct um_node *node;
	u64 up_ino;			/* of the directory it was found in */
};

/*
 * Walk an absolute path. @follow: whether a symbolic link as the last
 * component is followed (a trailing slash follows it in any case).
 * -ENOENT, -ENOTDIR, -ELOOP (more than 40 links), -ENAMETOOLONG.
 */
int um_path_lookup(const char *name, bool follow, struct um_path *path);
void um_path_put(struct um_path *path);
void um_path_getattr(const struct um_path *path, struct um_stat *st);

/* The last component of a path, which need not exist. */
struct um_last {
	enum { UM_LAST_NORM, UM_LAST_DOT, UM_LAST_DOTDOT, UM_LAST_ROOT } type;
	bool slash;		/* a slash follows it */
	char name[PATH_MAX];	/* of UM_LAST_NORM */
};

/* Walk all but the last component, as open() with O_CREAT, mkdir() and so on do. */
int um_path_parent(const char *name, struct um_path *dir, struct um_last *last);
/* The entry of @dir called @last->name; a link is not followed. */
int um_path_child(const struct um_path *dir, const struct um_last *last,
		  struct um_path *path);
/* As um_filesystem's readdir(), also for the root of all mounts. */
int um_path_readdir(const struct um_path *dir, u64 from, struct um_dirent *entry);

/* ---- open directories (readdir.c) ------------------------------------ */

/* Gives @file the operations of a directory: nothing but a place to stand. */
int um_dir_open(struct file *file, const struct um_path *path);

/* ---- system calls (file_table.c) ------------------------------------- */

/*
 * Around each entry from the user's side, also nested. The last exit does
 * what was put off to the return to user mode, releases of files; no lock may
 * be held then.
 */
void um_syscall_enter(void);
void um_syscall_exit_from(const char *name);
#define um_syscall_exit() um_syscall_exit_from(__func__)

/* ---- descriptors (file.c) -------------------------------------------- */

struct files_struct;
/* A copy of the calling task's: its files have one reference more; NULL: -ENOMEM. */
struct files_struct *um_files_copy(void);
/* Closes all that is open there, as the end of a process does, and frees it. */
void um_files_exit(struct files_struct *files);

/* ---- files ----------------------------------------------------------- */

/*
 * A new file with one reference; @name is copied. f_op is not set: until it
 * is, and FMODE_OPENED with it, fput() frees the file without release().
 */
struct file *um_file_alloc(const char *name, unsigned int flags, fmode_t mode);
/* Sets f_op and what follows from it; every opened file comes through here. */
void um_file_opened(struct file *file);
struct inode *um_anon_inode(void);
/* As fget(), also of a file that only stands for its path. */
struct file *um_fget_raw(unsigned int fd);
/* Another descriptor, the lowest that is free from @from on; takes a reference of its own. */
int um_dup_from(struct file *file, unsigned long from);
/* Whether @count bytes from *@ppos on are positions; NULL: of a file that has none. */
int um_verify_area(const struct file *file, const loff_t *ppos, size_t count);
/* Off all epolls, and holding no lock: it is released. */
void um_epoll_forget(struct file *file);
void um_flock_forget(struct file *file);
/* for a node of a char device: finds the driver, pins it, opens */
int um_chrdev_open(struct inode *inode, struct file *file);

ssize_t vfs_read(struct file *file, char __user *buf, size_t count, loff_t *pos);
ssize_t vfs_write(struct file *file, const char __user *buf, size_t count, loff_t *pos);

#endif
