// SPDX-License-Identifier: GPL-2.0-only
/*
 * Path lookup across the filesystems mounted at the root.
 *
 * The walk keeps the nodes it came through on a stack, the root of all
 * mounts at its bottom, so that ".." needs nothing of a filesystem. What is
 * left of the path is a string; a symbolic link puts its target in front of
 * it. A relative path starts at the root: there is no current directory.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "fs/internal.h"
#include "host/host.h"

#define MAX_LINKS	40

static DEFINE_MUTEX(filesystems_lock);
static struct um_filesystem *filesystems;

void um_register_filesystem(struct um_filesystem *fs)
{
	struct um_filesystem **p = &filesystems;

	mutex_lock(&filesystems_lock);
	while (*p)
		p = &(*p)->next;
	fs->next = NULL;
	*p = fs;
	mutex_unlock(&filesystems_lock);
}

static struct um_filesystem *find_mount(const char *name, size_t len)
{
	struct um_filesystem *fs;

	mutex_lock(&filesystems_lock);
	for (fs = filesystems; fs; fs = fs->next)
		if (strlen(fs->mount + 1) == len && !memcmp(fs->mount + 1, name, len))
			break;
	mutex_unlock(&filesystems_lock);
	return fs;
}

const char *um_mount_name(unsigned int n)
{
	struct um_filesystem *fs;

	mutex_lock(&filesystems_lock);
	for (fs = filesystems; fs && n; fs = fs->next)
		n--;
	mutex_unlock(&filesystems_lock);
	return fs ? fs->mount + 1 : NULL;
}

/* ---- the walk -------------------------------------------------------- */

struct walk {
	struct um_path *stack;	/* [0] is the root of all mounts */
	unsigned int depth, room;
	char *rest;		/* what is still to be walked; owned */
	char *at;		/* where in it */
	unsigned int links;
};

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

static struct um_path *top(struct walk *w)
{
	return &w->stack[w->depth - 1];
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
	struct um_filesystem *fs = dir->fs;
	struct um_node *node;

	if (fs) {
		node = fs->lookup(dir->node, name, len);
		return IS_ERR(node) ? PTR_ERR(node) : push(w, fs, node);
	}
	fs = find_mount(name, len);
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
	/* sysfs, which alone has links, has relative ones only */
	pop(w);
	return 0;
}

static int one_component(struct walk *w, size_t len)
{
	const char *name = w->at;

	w->at += len;
	if (len == 1 && name[0] == '.')
		return 0;
	if (len == 2 && name[0] == '.' && name[1] == '.') {
		pop(w);
		return 0;
	}
	return step_down(w, name, len);
}

/* One component, with the link it may be. Sets *@done at the end of the path. */
static int walk_step(struct walk *w, bool follow, bool *done)
{
	struct um_stat st;
	size_t len;

	um_path_getattr(top(w), &st);
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

int um_path_lookup(const char *name, bool follow, struct um_path *path)
{
	struct walk w = {};
	bool done = false;
	int err;

	err = walk_begin(&w, name);
	while (!err && !done)
		err = walk_step(&w, follow, &done);
	if (!err) {
		*path = *top(&w);
		if (w.depth > 1)
			w.depth--;
	}
	walk_end(&w);
	return err;
}

void um_path_put(struct um_path *path)
{
	if (path->fs)
		path->fs->put(path->node);
}

void um_path_getattr(const struct um_path *path, struct um_stat *st)
{
	if (path->fs)
		path->fs->getattr(path->node, st);
	else
		*st = (struct um_stat){ .mode = S_IFDIR | 0755, .ino = 1 };
}
