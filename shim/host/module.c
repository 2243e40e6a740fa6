// SPDX-License-Identifier: GPL-2.0-only
/*
 * Modules as shared objects of the host: libelf reads their sections before
 * anything of them runs, dlopen() maps them. Both are shown only what is as it
 * was built: dlopen() ends the process, or runs what it should not, when a file
 * is damaged.
 *
 * RTLD_GLOBAL without DT_NEEDED models insmod: symbols bind to what is loaded
 * already, and a missing provider is an error instead of a silent load. After
 * dlclose() the range stays reserved (host_module_unmapped()), so that code
 * of an unloaded module is really gone. From one to the other nothing else may be
 * mapped there, so modules come and go one at a time.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host/snapshot.h"
#include "host/checksum.h"
#include "host/module.h"

#if defined(__x86_64__)
#define HOST_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define HOST_MACHINE EM_AARCH64
#else
#error "umdev: host/module.c does not know this machine's ELF number"
#endif

struct host_object {
	char *path;
	int fd;
	Elf *elf;
	size_t shstrndx;
	unsigned long size;	/* of the mapped image, from its program headers */
	void *handle;		/* of dlopen(); NULL while not mapped */
	char *base;
};

static bool valid_object(struct host_object *obj)
{
	GElf_Ehdr eh;
	size_t i, n;

	if (elf_kind(obj->elf) != ELF_K_ELF || !gelf_getehdr(obj->elf, &eh))
		return false;
	if (eh.e_type != ET_DYN || eh.e_machine != HOST_MACHINE ||
	    elf_getshdrstrndx(obj->elf, &obj->shstrndx) || elf_getphdrnum(obj->elf, &n))
		return false;
	for (i = 0; i < n; i++) {
		GElf_Phdr ph;

		if (!gelf_getphdr(obj->elf, i, &ph) || ph.p_type != PT_LOAD)
			continue;
		if (ph.p_vaddr + ph.p_memsz > obj->size)
			obj->size = ph.p_vaddr + ph.p_memsz;
	}
	return obj->size > 0;
}

/*
 * Files whose checksum was right, by what changes with their content: a module
 * is loaded over and over. A place for each of some, the last one has it. One that
 * is as young as a clock's tick may yet change and have the same times.
 */
#define KNOWN_FILES	64
static struct {
	pthread_mutex_t lock;
	struct stat file[KNOWN_FILES];
} known = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       same_time(&a->st_mtim, &b->st_mtim) && same_time(&a->st_ctim, &b->st_ctim);
}

static bool is_settled(const struct stat *st)
{
	struct timespec now;

	return !clock_gettime(CLOCK_REALTIME, &now) && now.tv_sec - st->st_ctim.tv_sec > 1;
}

static bool is_intact(struct host_object *obj)
{
	struct stat st, *place;
	const char *bytes;
	bool intact;
	size_t size;

	if (fstat(obj->fd, &st) || !S_ISREG(st.st_mode))
		return false;
	place = &known.file[st.st_ino % KNOWN_FILES];
	pthread_mutex_lock(&known.lock);
	intact = same_file(place, &st);
	pthread_mutex_unlock(&known.lock);
	if (intact)
		return true;
	bytes = elf_rawfile(obj->elf, &size);
	if (!bytes || !module_is_intact(bytes, size))
		return false;
	if (!is_settled(&st))
		return true;
	pthread_mutex_lock(&known.lock);
	*place = st;
	pthread_mutex_unlock(&known.lock);
	return true;
}

int host_object_open(const char *path, struct host_object **out)
{
	struct host_object *obj;
	int err;

	host_snapshot_spoil();
	if (elf_version(EV_CURRENT) == EV_NONE)
		return -ENOEXEC;
	obj = host_zalloc(sizeof(*obj));
	if (!obj)
		return -ENOMEM;
	err = -ENOMEM;
	/* an absolute path: dlopen() searches the library path for a bare name */
	obj->path = realpath(path, NULL);
	if (!obj->path) {
		err = -errno;
		goto free_object;
	}
	obj->fd = open(obj->path, O_RDONLY | O_CLOEXEC);
	if (obj->fd < 0) {
		err = -errno;
		host_limit_met(-err);
		goto free_path;
	}
	err = -EBADMSG;
	obj->elf = elf_begin(obj->fd, ELF_C_READ_MMAP, NULL);
	if (!obj->elf)
		goto close_file;
	if (!is_intact(obj))
		goto end_elf;
	err = -ENOEXEC;
	if (!valid_object(obj))
		goto end_elf;
	*out = obj;
	return 0;

end_elf:
	elf_end(obj->elf);
close_file:
	close(obj->fd);
free_path:
	free(obj->path);
free_object:
	host_free(obj);
	return err;
}

void host_object_close(struct host_object *obj)
{
	/* when the state is put back it is open again */
	if (host_snapshot_is_active())
		return;
	elf_end(obj->elf);
	close(obj->fd);
	free(obj->path);
	host_free(obj);
}

static Elf_Scn *find_section(Elf *elf, size_t shstrndx, const char *name, GElf_Shdr *sh)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn))) {
		const char *have = gelf_getshdr(scn, sh) ?
				   elf_strptr(elf, shstrndx, sh->sh_name) : NULL;

		if (have && !strcmp(have, name))
			return scn;
	}
	return NULL;
}

const char *host_object_section(struct host_object *obj, const char *name, size_t *size)
{
	GElf_Shdr sh;
	Elf_Scn *scn = find_section(obj->elf, obj->shstrndx, name, &sh);
	Elf_Data *data = scn ? elf_rawdata(scn, NULL) : NULL;

	if (!data || !data->d_buf)
		return NULL;
	*size = data->d_size;
	return data->d_buf;
}

/* dlopen() keeps no errno: what it might have lacked is tried. */
static void tell_limits(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		host_limit_met(errno);
	else
		close(fd);
}

static pthread_mutex_t mapping = PTHREAD_MUTEX_INITIALIZER;

#ifdef UMDEV_TSAN
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);

/*
 * TSan does not see what ld.so maps, and would take what others have done at those
 * addresses (libelf, a thread's stack, another module) for accesses to what is
 * loaded there. It forgets them when it sees the range mapped by who is to be
 * ignored; ld.so then gets the same range.
 */
static void forget_accesses(size_t size)
{
	void *p;

	__tsan_ignore_thread_begin();
	p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p != MAP_FAILED)
		munmap(p, size);
	__tsan_ignore_thread_end();
}
#else
static void forget_accesses(size_t size)
{
}
#endif

/* Lock held. */
static int map_object(struct host_object *obj, const char *name, char *error, size_t error_size)
{
	struct link_map *map;

	host_module_maps(obj->path);
	forget_accesses(obj->size);
	obj->handle = dlopen(obj->path, RTLD_NOW | RTLD_GLOBAL);
	if (!obj->handle) {
		snprintf(error, error_size, "%s", dlerror());
		tell_limits();
		return -ENOEXEC;
	}
	dlinfo(obj->handle, RTLD_DI_LINKMAP, &map);
	obj->base = (char *)map->l_addr;
	host_module_mapped(obj->handle, name);
	return 0;
}

int host_object_map(struct host_object *obj, const char *name, char *error, size_t error_size)
{
	int err;

	host_snapshot_spoil();
	host_snapshot_end_closed();
	pthread_mutex_lock(&mapping);
	err = map_object(obj, name, error, error_size);
	pthread_mutex_unlock(&mapping);
	return err;
}

/* Lock held. */
static bool unmap_object(struct host_object *obj, const char *name)
{
	bool closed = host_snapshot_close(obj->handle, name, obj->base, obj->size);
	void *still;

	if (!closed) {
		host_snapshot_spoil();
		/* what uses this one, and was only closed, would keep it mapped */
		host_snapshot_end_closed();
		dlclose(obj->handle);
	}
	obj->handle = NULL;
	obj->base = NULL;
	if (closed) {
		host_module_closed(name);
		return true;
	}
	still = dlopen(obj->path, RTLD_NOW | RTLD_NOLOAD);
	if (still) {
		dlclose(still);
		return false;
	}
	host_module_unmapped(name);
	return true;
}

bool host_object_unmap(struct host_object *obj, const char *name)
{
	bool gone;

	pthread_mutex_lock(&mapping);
	gone = unmap_object(obj, name);
	pthread_mutex_unlock(&mapping);
	return gone;
}

void *host_object_address(struct host_object *obj, const char *section, size_t *size)
{
	GElf_Shdr sh;

	if (!obj->handle || !find_section(obj->elf, obj->shstrndx, section, &sh))
		return NULL;
	*size = sh.sh_size;
	return obj->base + sh.sh_addr;
}

void *host_object_symbol(struct host_object *obj, const char *name)
{
	return obj->handle ? dlsym(obj->handle, name) : NULL;
}

void *host_object_range(struct host_object *obj, unsigned long *size)
{
	*size = obj->size;
	return obj->base;
}

char *host_program_section(const char *name, size_t *size)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	size_t shstrndx;
	char *copy = NULL;
	GElf_Shdr sh;
	Elf *elf;

	if (fd < 0)
		return NULL;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf && !elf_getshdrstrndx(elf, &shstrndx)) {
		Elf_Scn *scn = find_section(elf, shstrndx, name, &sh);
		Elf_Data *data = scn ? elf_rawdata(scn, NULL) : NULL;

		if (data && data->d_buf && (copy = host_alloc(data->d_size))) {
			memcpy(copy, data->d_buf, data->d_size);
			*size = data->d_size;
		}
	}
	elf_end(elf);
	close(fd);
	return copy;
}

void *host_program_symbol(const char *name)
{
	return dlsym(RTLD_DEFAULT, name);
}
