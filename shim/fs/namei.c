// SPDX-License-Identifier: GPL-2.0-only
/*
 * Path lookup across the filesystems mounted at the root, and on directories of
 * others.
 *
 * The walk keeps the nodes it came through on a stack, the root of all
 * mounts at its bottom, so that ".." needs nothing of a filesystem. What is
 * left of the path is a string; a symbolic link puts its target in front of
 * it. A relative path starts at the root: there is no current directory.
 *
 * mkdir(), rmdir(), unlink() and rename() only tell, as sysfs does, why not.
 * What a program may do in a real /dev, which is a tmpfs, is left out.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "fs/internal.h"
#include "host/host.h"

#define MAX_LINKS	40

/* Guards additions; whoever walks takes no lock, since nothing is ever taken out. */
static DEFINE_MUTEX(filesystems_lock);
static struct um_filesystem *filesystems;

static struct um_filesystem *next_filesystem(struct um_filesystem *fs)
{
	return READ_ONCE(*(fs ? &fs->next : &filesystems));
}

void um_register_filesystem(struct um_filesystem *fs)
{
	struct um_filesystem **p = &filesystems;

	mutex_lock(&filesystems_lock);
	while (*p)
		p = &(*p)->next;
	fs->next = NULL;
	smp_store_release(p, fs);
	mutex_unlock(&filesystems_lock);
}

static struct um_filesystem *find_mount(const char *name, size_t len)
{
	struct um_filesystem *fs = NULL;

	while ((fs = next_filesystem(fs)))
		if (!fs->below && strlen(fs->mount + 1) == len &&
		    !memcmp(fs->mount + 1, name, len))
			break;
	return fs;
}

/* What is mounted on a directory, or NULL. */
static struct um_filesystem *find_cover(const struct um_filesystem *below,
					const struct um_node *node)
{
	struct um_filesystem *fs = NULL;

	while ((fs = next_filesystem(fs)))
		if (fs->below == below && fs->covered == node)
			break;
	return fs;
}

int um_mount_over(struct um_filesystem *fs)
{
	struct um_path path;
	int err = um_path_lookup(fs->mount, true, &path);

	if (err)
		return err;
	/* the reference stays */
	fs->below = path.fs;
	fs->covered = path.node;
	um_register_filesystem(fs);
	return 0;
}

/* ---- the walk -------------------------------------------------------- */

struct walk {
	struct um_path *stack;	/* [0] is the root of all mounts */
	unsigned int depth, room;
	char *rest;		/* what is still to be walked; owned */
	char *at;		/* where in it */
	unsigned int links;
};

static struct um_path *top(struct walk *w)
{
	return &w->stack[w->depth - 1];
}

static int push(struct walk *w, struct um_filesystem *fs, struct um_node *node)
{
	struct um_path *stack;

	if (w->depth == w->room) {
		w->room = w->room ? 2 * w->room : 16;
		stack = host_realloc(w->stack, w->room * sizeof(*stack));
		if (!stack) {
			fs->put(node);
			return -ENOMEM;
		}
		w->stack = stack;
	}
	w->stack[w->depth++] = (struct um_path){ .fs = fs, .node = node };
	return 0;
}

static void pop(struct walk *w)
{
	if (w->depth > 1)
		um_path_put(&w->stack[--w->depth]);
}

static int walk_begin(struct walk *w, const char *name)
{
	size_t len = strlen(name);

	if (!len)
		return -ENOENT;
	if (len >= PATH_MAX)
		return -ENAMETOOLONG;
	w->rest = host_alloc(len + 1);
	if (!w->rest)
		return -ENOMEM;
	memcpy(w->rest, name, len + 1);
	w->at = w->rest;
	return push(w, NULL, NULL);
}

static void walk_end(struct walk *w)
{
	while (w->depth > 1)
		pop(w);
	host_free(w->stack);
	host_free(w->rest);
}

static int step_down(struct walk *w, const char *name, size_t len)
{
	struct um_path *dir = top(w);
	struct um_filesystem *fs = dir->fs, *cover = NULL;
	struct um_node *node;

	if (fs) {
		node = fs->lookup(dir->node, name, len);
		if (IS_ERR(node))
			return PTR_ERR(node);
		cover = find_cover(fs, node);
		if (!cover)
			return push(w, fs, node);
		fs->put(node);
	}
	fs = cover ?: find_mount(name, len);
	if (!fs)
		return -ENOENT;
	node = fs->root();
	return IS_ERR(node) ? PTR_ERR(node) : push(w, fs, node);
}

/* The link on top of the stack gives way to its directory and its target. */
static int follow_link(struct walk *w)
{
	struct um_path *link = top(w);
	char *target, *rest;
	size_t left;
	ssize_t len;

	if (w->links++ >= MAX_LINKS)
		return -ELOOP;
	target = host_alloc(PATH_MAX);
	if (!target)
		return -ENOMEM;
	len = link->fs->readlink(link->node, target, PATH_MAX - 1);
	if (len <= 0) {
		host_free(target);
		return len ? len : -ENOENT;
	}
	left = strlen(w->at);
	rest = host_alloc(len + 1 + left + 1);
	if (!rest) {
		host_free(target);
		return -ENOMEM;
	}
	memcpy(rest, target, len);
	rest[len] = '\0';
	/* w->at is empty or begins with a slash */
	memcpy(rest + len, w->at, left + 1);
	host_free(target);
	host_free(w->rest);
	w->rest = rest;
	w->at = rest;
	pop(w);
	while (*w->at == '/' && w->depth > 1)
		pop(w);
	return 0;
}

static bool is_dot(const char *name, size_t len)
{
	return len == 1 && name[0] == '.';
}

static bool is_dotdot(const char *name, size_t len)
{
	return len == 2 && name[0] == '.' && name[1] == '.';
}

static int one_component(struct walk *w, size_t len)
{
	const char *name = w->at;

	w->at += len;
	if (is_dot(name, len))
		return 0;
	if (is_dotdot(name, len)) {
		pop(w);
		return 0;
	}
	return step_down(w, name, len);
}

/* Type and inode number only. */
static void identify(const struct um_path *path, struct um_stat *st)
{
	if (path->fs)
		path->fs->identify(path->node, st);
	else
		*st = (struct um_stat){ .mode = S_IFDIR, .ino = 1 };
}

/* One component, with the link it may be. Sets *@done at the end of the path. */
static int walk_step(struct walk *w, bool follow, bool *done)
{
	struct um_stat st;
	size_t len;

	identify(top(w), &st);
	if (S_ISLNK(st.mode)) {
		if (!*w->at && !follow) {
			*done = true;
			return 0;
		}
		return follow_link(w);
	}
	if (!*w->at) {
		*done = true;
		return 0;
	}
	/* a slash, or a name, follows: only a directory can have them */
	if (!S_ISDIR(st.mode))
		return -ENOTDIR;
	while (*w->at == '/')
		w->at++;
	len = strchrnul(w->at, '/') - w->at;
	return len ? one_component(w, len) : 0;
}

/* To the end of the path; what is found is the caller's. */
static int walk_all(struct walk *w, bool follow, struct um_path *path)
{
	struct um_stat up;
	bool done = false;
	int err = 0;

	while (!err && !done)
		err = walk_step(w, follow, &done);
	if (err)
		return err;
	*path = *top(w);
	if (w->depth > 1)
		w->depth--;
	identify(top(w), &up);
	path->up_ino = up.ino;
	return 0;
}

int um_path_lookup(const char *name, bool follow, struct um_path *path)
{
	struct walk w = {};
	int err;

	err = walk_begin(&w, name);
	if (!err)
		err = walk_all(&w, follow, path);
	walk_end(&w);
	return err;
}

/* Takes the last component off the end of @path. */
static void cut_last(char *path, struct um_last *last)
{
	size_t len = strlen(path), start;

	last->slash = len && path[len - 1] == '/';
	while (len && path[len - 1] == '/')
		len--;
	for (start = len; start && path[start - 1] != '/'; start--)
		;
	memcpy(last->name, path + start, len - start);
	last->name[len - start] = '\0';
	if (!len)
		last->type = UM_LAST_ROOT;
	else if (is_dot(last->name, len - start))
		last->type = UM_LAST_DOT;
	else if (is_dotdot(last->name, len - start))
		last->type = UM_LAST_DOTDOT;
	else
		last->type = UM_LAST_NORM;
	path[start] = '\0';
}

int um_path_parent(const char *name, struct um_path *dir, struct um_last *last)
{
	struct walk w = {};
	int err;

	err = walk_begin(&w, name);
	if (!err) {
		cut_last(w.rest, last);
		err = walk_all(&w, true, dir);
	}
	walk_end(&w);
	return err;
}

int um_path_child(const struct um_path *dir, const struct um_last *last,
		  struct um_path *path)
{
	struct walk w = {};
	int err;

	err = push(&w, NULL, NULL);
	if (!err && dir->fs)
		err = push(&w, dir->fs, dir->fs->get(dir->node));
	if (!err)
		err = step_down(&w, last->name, strlen(last->name));
	if (!err)
		*path = w.stack[--w.depth];
	walk_end(&w);
	return err;
}

void um_path_put(struct um_path *path)
{
	if (path->fs)
		path->fs->put(path->node);
}

static unsigned int mounts(void)
{
	struct um_filesystem *fs;
	unsigned int n = 0;

	mutex_lock(&filesystems_lock);
	for (fs = filesystems; fs; fs = fs->next)
		n += !fs->below;
	mutex_unlock(&filesystems_lock);
	return n;
}

void um_path_getattr(const struct um_path *path, struct um_stat *st)
{
	if (path->fs)
		path->fs->getattr(path->node, st);
	else
		*st = (struct um_stat){
			.mode = S_IFDIR | 0755, .ino = 1, .nlink = 2 + mounts(),
		};
}

/* The root of all mounts: the n-th filesystem has the key n + 2. */
static int read_mounts(u64 from, struct um_dirent *entry)
{
	struct um_filesystem *fs;
	u64 key = 2;

	mutex_lock(&filesystems_lock);
	for (fs = filesystems; fs && (key < from || fs->below); fs = fs->next)
		key++;
	mutex_unlock(&filesystems_lock);
	if (!fs)
		return 0;
	entry->key = key;
	entry->ino = 1;
	entry->mode = S_IFDIR;
	strscpy(entry->name, fs->mount + 1, sizeof(entry->name));
	return 1;
}

int um_path_readdir(const struct um_path *dir, u64 from, struct um_dirent *entry)
{
	return dir->fs ? dir->fs->readdir(dir->node, from, entry) : read_mounts(from, entry);
}

/* ---- making and taking away: no filesystem here lets a program ------- */

/* Of the directory that @name would be in; with room for its name. */
static int at_parent(const char *name, int (*fn)(const struct um_path *dir,
						 const struct um_last *last))
{
	struct um_last *last = host_alloc(sizeof(*last));
	struct um_path dir;
	int err;

	if (!last)
		return -ENOMEM;
	um_syscall_enter();
	err = um_path_parent(name, &dir, last);
	if (!err) {
		err = fn(&dir, last);
		um_path_put(&dir);
	}
	um_syscall_exit();
	host_free(last);
	return err;
}

/* The type of the entry, or a negative errno. */
static int child_type(const struct um_path *dir, const struct um_last *last)
{
	struct um_path path;
	struct um_stat st;
	int err;

	err = um_path_child(dir, last, &path);
	if (err)
		return err;
	um_path_getattr(&path, &st);
	um_path_put(&path);
	return st.mode & S_IFMT;
}

static int no_mkdir(const struct um_path *dir, const struct um_last *last)
{
	int type;

	if (last->type != UM_LAST_NORM)
		return -EEXIST;
	type = child_type(dir, last);
	if (type >= 0)
		return -EEXIST;
	return type == -ENOENT ? -EPERM : type;
}

static int no_rmdir(const struct um_path *dir, const struct um_last *last)
{
	int type;

	switch (last->type) {
	case UM_LAST_DOTDOT:
		return -ENOTEMPTY;
	case UM_LAST_DOT:
		return -EINVAL;
	case UM_LAST_ROOT:
		return -EBUSY;
	case UM_LAST_NORM:
		break;
	}
	type = child_type(dir, last);
	if (type < 0)
		return type;
	if (type != S_IFDIR)
		return -ENOTDIR;
	/* a mount */
	return dir->fs ? -EPERM : -EBUSY;
}

static int no_unlink(const struct um_path *dir, const struct um_last *last)
{
	int type;

	if (last->type != UM_LAST_NORM)
		return -EISDIR;
	type = child_type(dir, last);
	if (type < 0)
		return type;
	if (type == S_IFDIR)
		return -EISDIR;
	return last->slash ? -ENOTDIR : -EPERM;
}

int um_mkdir(const char *path)
{
	return at_parent(path, no_mkdir);
}

int um_rmdir(const char *path)
{
	return at_parent(path, no_rmdir);
}

int um_unlink(const char *path)
{
	return at_parent(path, no_unlink);
}

/* In the order in which Linux looks; the two directories are in one filesystem. */
static int no_rename_entry(const struct um_path *from, const struct um_last *old,
			   const struct um_path *to, const struct um_last *new)
{
	int type = child_type(from, old), target;

	if (type < 0)
		return type;
	target = child_type(to, new);
	if (target < 0 && target != -ENOENT)
		return target;
	if (type != S_IFDIR && (old->slash || new->slash))
		return -ENOTDIR;
	if (from->node == to->node && !strcmp(old->name, new->name))
		return 0;
	if (target < 0)
		return -EPERM;
	if (type == S_IFDIR && target != S_IFDIR)
		return -ENOTDIR;
	if (type != S_IFDIR && target == S_IFDIR)
		return -EISDIR;
	return -EPERM;
}

static int no_rename(const struct um_path *from, const struct um_last *old,
		     const struct um_path *to, const struct um_last *new)
{
	if (from->fs != to->fs)
		return -EXDEV;
	if (old->type != UM_LAST_NORM || new->type != UM_LAST_NORM)
		return -EBUSY;
	if (!from->fs)
		return -EBUSY;
	return no_rename_entry(from, old, to, new);
}

int um_rename(const char *old_path, const char *new_path)
{
	struct um_last *old = host_alloc(2 * sizeof(*old));
	struct um_path from, to;
	int err;

	if (!old)
		return -ENOMEM;
	um_syscall_enter();
	err = um_path_parent(old_path, &from, &old[0]);
	if (err)
		goto exit;
	err = um_path_parent(new_path, &to, &old[1]);
	if (err)
		goto put_from;
	err = no_rename(&from, &old[0], &to, &old[1]);
	um_path_put(&to);
put_from:
	um_path_put(&from);
exit:
	um_syscall_exit();
	host_free(old);
	return err;
}
