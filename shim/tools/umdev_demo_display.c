// SPDX-License-Identifier: GPL-2.0-only
/*
 * umdev demo of a driver whose devices have a plane (mdpy, mbochs): a mediated display, opened by
 * VFIO as a virtual machine monitor opens it. A test card is drawn into its
 * framebuffer, the upper half through a mapping and the lower half by writes;
 * then the display is looked at the way the monitor does, and what is seen
 * becomes a PNG file. Where the plane is a region (mdpy) that is read; a dma-buf
 * (mbochs) is mapped. Of the types that one is taken which has room for the card.
 */
#include <drm_fourcc.h>
#include <errno.h>
#include <limits.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "umdev.h"
#include "umdev/umdev.h"
#include "umdev_look.h"
#include "umdev_vfio.h"

#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define MSAN 1
#include <sanitizer/msan_interface.h>
#endif
#endif

#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
#define MDEVS "/sys/bus/mdev/devices"

#define WIDTH	1024
#define HEIGHT	768

#define PLANE_PRIMARY 1		/* DRM_PLANE_TYPE_PRIMARY, which no UAPI header has */

struct display {
	struct session *s;
	const struct driver *driver;
	char type[64];
	struct vfio_user vfio;
	struct vfio_device_gfx_plane_info plane;
	struct vfio_region_info memory;	/* BAR 0 */
};

/* ---- the picture ------------------------------------------------------------------ */

static uint32_t rgb(unsigned int r, unsigned int g, unsigned int b)
{
	return r << 16 | g << 8 | b;
}

/* Eight bars above, a ramp of grey and one of hues below. */
static uint32_t card(unsigned int x, unsigned int y)
{
	static const uint32_t bars[] = {
		0xffffff, 0xffff00, 0x00ffff, 0x00ff00, 0xff00ff, 0xff0000, 0x0000ff, 0x101010,
	};
	unsigned int t = x * 256 / WIDTH;

	if (y < HEIGHT * 5 / 8)
		return bars[x * 8 / WIDTH];
	if (y < HEIGHT * 6 / 8)
		return rgb(t, t, t);
	return rgb(t, 255 - (y - HEIGHT * 6 / 8) * 255 / (HEIGHT / 4), 255 - t);
}

/* The card under a grid, a frame and a circle, which show if a line is off. */
static uint32_t pixel(unsigned int x, unsigned int y)
{
	int dx = (int)x - WIDTH / 2, dy = (int)y - HEIGHT / 2;
	int r2 = dx * dx + dy * dy, radius = HEIGHT * 3 / 8;

	if (x < 4 || y < 4 || x >= WIDTH - 4 || y >= HEIGHT - 4)
		return 0xffffff;
	if (r2 > (radius - 4) * (radius - 4) && r2 < (radius + 4) * (radius + 4))
		return 0xffffff;
	if (x % 64 == 0 || y % 64 == 0)
		return 0x404040;
	return card(x, y);
}

static uint32_t *draw(void)
{
	uint32_t *picture = malloc(WIDTH * HEIGHT * sizeof(*picture));
	unsigned int x, y;

	if (!picture) {
		perror("umdev");
		exit(2);
	}
	for (y = 0; y < HEIGHT; y++)
		for (x = 0; x < WIDTH; x++)
			picture[y * WIDTH + x] = pixel(x, y);
	return picture;
}

/* What libpng has written MSan has not seen: the library is not built with it. */
static void write_bytes(png_structp png, png_bytep bytes, size_t count)
{
#ifdef MSAN
	__msan_unpoison(bytes, count);
#endif
	if (fwrite(bytes, 1, count, png_get_io_ptr(png)) != count)
		png_error(png, "it cannot be written");
}

/* Rows of DRM_FORMAT_XRGB8888, which are blue, green, red, nothing in memory. */
static int write_rows(png_structp png, png_infop info, FILE *f, const char *bytes, size_t stride)
{
	volatile unsigned int y;

	if (setjmp(png_jmpbuf(png)))
		return -EIO;
	png_set_write_fn(png, f, write_bytes, NULL);
	png_set_IHDR(png, info, WIDTH, HEIGHT, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	png_set_filler(png, 0, PNG_FILLER_AFTER);
	png_set_bgr(png);
	for (y = 0; y < HEIGHT; y++)
		png_write_row(png, (png_const_bytep)bytes + y * stride);
	png_write_end(png, NULL);
	return 0;
}

static int write_png(const char *path, const char *bytes, size_t stride)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	FILE *f = info ? fopen(path, "wb") : NULL;
	int err;

	if (!info)
		err = -ENOMEM;
	else if (!f)
		err = -errno;
	else
		err = write_rows(png, info, f, bytes, stride);
	if (f && fclose(f) && !err)
		err = -errno;
	png_destroy_write_struct(&png, &info);
	return err;
}

/* ---- steps ----------------------------------------------------------------------------- */

static void load(struct display *d)
{
	const struct driver *driver = d->driver;
	char path[512];

	say(d->s, "A parent driver whose devices are displays, in memory only.");
	sh_modprobe(d->s, driver->module, 0);
	sh_ls(d->s, driver->parent);
	snprintf(path, sizeof(path), "%s/%s/description", driver->parent, d->type);
	sh_cat(d->s, path, 0);
	snprintf(path, sizeof(path), "%s/%s/create", driver->parent, d->type);
	sh_echo(d->s, UUID, path, 0);
	sh_tree(d->s, MDEVS "/" UUID "/vendor");
	sh_dmesg(d->s);
}

/* What the guest's driver does to set a mode: writes to the VBE registers in BAR 2. */
static void set_mode(struct display *d)
{
	static const uint16_t registers[] = { WIDTH, HEIGHT, 32, 0x41 };
	struct vfio_region_info mmio;
	int err = vfio_region(&d->vfio, VFIO_PCI_BAR2_REGION_INDEX, &mmio);
	ssize_t n = err;

	if (!err)
		n = vfio_write(&d->vfio, mmio.offset + 0x502, registers, sizeof(registers));
	step(d->s, "pwrite(device, BAR2 + 0x502, xres yres bpp enable, 8)", n, 0, "%dx%dx32", WIDTH,
	     HEIGHT);
}

static int query_plane(struct display *d, bool dmabuf)
{
	long ret;

	memset(&d->plane, 0, sizeof(d->plane));
	d->plane.argsz = sizeof(d->plane);
	d->plane.flags = dmabuf ? VFIO_GFX_PLANE_TYPE_DMABUF : VFIO_GFX_PLANE_TYPE_REGION;
	d->plane.drm_plane_type = PLANE_PRIMARY;
	ret = user_ioctl(d->vfio.device, VFIO_DEVICE_QUERY_GFX_PLANE, &d->plane, sizeof(d->plane));
	if (!ret && (d->plane.drm_format != DRM_FORMAT_XRGB8888 || d->plane.width != WIDTH ||
		     d->plane.height != HEIGHT))
		ret = -EIO;
	step(d->s, "ioctl(device, VFIO_DEVICE_QUERY_GFX_PLANE)", ret, 0,
	     "%ux%u, %u bytes a line, %s %u", d->plane.width, d->plane.height, d->plane.stride,
	     dmabuf ? "dma-buf" : "region", d->plane.dmabuf_id);
	return ret;
}

static void draw_by_mapping(struct display *d, const uint32_t *picture, size_t size)
{
	void *map = um_mmap(size, PROT_READ | PROT_WRITE, MAP_SHARED, d->vfio.device,
			    d->memory.offset);
	long err = (long)map < 0 && (long)map > -4096 ? (long)map : 0;

	step(d->s, "mmap(device, BAR0); draw the upper half; munmap", err, 0, "%zu bytes", size);
	if (err)
		return;
	memcpy(map, picture, size);
	um_munmap(map, size);
}

static void draw_by_writing(struct display *d, const uint32_t *picture, size_t offset, size_t size)
{
	ssize_t n = vfio_write(&d->vfio, d->memory.offset + offset, (const char *)picture + offset,
			       size);

	step(d->s, "pwrite(device, BAR0 + half): the lower half",
	     n == (ssize_t)size ? 0 : n < 0 ? n : -EIO, 0, "%zd bytes", n);
}

/* The picture as a monitor of the kind of mdpy's gets it, or NULL. */
static char *look_at_region(struct display *d, size_t size)
{
	struct vfio_region_info region;
	char *seen = malloc(size);
	ssize_t n = seen ? vfio_region(&d->vfio, d->plane.region_index, &region) : -ENOMEM;

	if (!n)
		n = vfio_read(&d->vfio, region.offset, seen, size);
	step(d->s, "pread(device, the plane's region)", n == (ssize_t)size ? 0 : n < 0 ? n : -EIO, 0,
	     "%zd bytes", n);
	if (n == (ssize_t)size)
		return seen;
	free(seen);
	return NULL;
}

/* And one of the kind of mbochs's. The dma-buf is closed while it is mapped. */
static char *look_at_dmabuf(struct display *d, size_t size)
{
	char *seen = malloc(size);
	uint32_t id = d->plane.dmabuf_id;
	void *map = (void *)-EBADF;
	long fd, err;

	fd = user_ioctl(d->vfio.device, VFIO_DEVICE_GET_GFX_DMABUF, &id, sizeof(id));
	step(d->s, "ioctl(device, VFIO_DEVICE_GET_GFX_DMABUF)", fd, 0, "%s",
	     fd < 0 ? "" : "a file descriptor");
	if (fd >= 0) {
		map = um_mmap(size, PROT_READ, MAP_SHARED, fd, 0);
		um_close(fd);
	}
	err = (long)map < 0 && (long)map > -4096 ? (long)map : 0;
	step(d->s, "mmap(dmabuf); close(dmabuf)", err, 0, "%zu bytes", size);
	if (err || !seen) {
		free(seen);
		return NULL;
	}
	memcpy(seen, map, size);
	um_munmap(map, size);
	return seen;
}

static void show(struct display *d, bool dmabuf, const char *output)
{
	size_t size = (size_t)WIDTH * HEIGHT * sizeof(uint32_t);
	uint32_t *picture = draw();
	char command[512], full[PATH_MAX], *seen;
	int err;

	say(d->s, "A test card is drawn: half of it through a mapping, half by writes.");
	draw_by_mapping(d, picture, size / 2);
	draw_by_writing(d, picture, size / 2, size / 2);
	say(d->s, "The display is looked at.");
	seen = dmabuf ? look_at_dmabuf(d, size) : look_at_region(d, size);
	if (seen) {
		step(d->s, "compare", memcmp(seen, picture, size) ? -EIO : 0, 0, "%s",
		     "every pixel is what was drawn");
		snprintf(command, sizeof(command), "write %s", output);
		err = write_png(output, seen, d->plane.stride);
		step(d->s, command, err, 0, "picture: %s",
		     realpath(output, full) ? full : output);
	}
	free(seen);
	free(picture);
}

/* Does a device of that type show a plane of the card's size, or have memory for one? */
static bool has_room(const struct driver *d, const char *type)
{
	struct vfio_device_gfx_plane_info plane = {
		.argsz = sizeof(plane), .flags = VFIO_GFX_PLANE_TYPE_REGION,
		.drm_plane_type = PLANE_PRIMARY,
	};
	struct vfio_region_info memory;
	struct vfio_user v;
	char path[512];
	bool room;

	snprintf(path, sizeof(path), "%s/%s/create", d->parent, type);
	if (write_text(path, UUID) < 0)
		return false;
	room = !vfio_open(&v, UUID);
	if (room) {
		if (d->dmabuf)
			room = !vfio_region(&v, VFIO_PCI_BAR0_REGION_INDEX, &memory) &&
			       memory.size >= 2ULL * WIDTH * HEIGHT * sizeof(uint32_t);
		else
			room = !user_ioctl(v.device, VFIO_DEVICE_QUERY_GFX_PLANE, &plane,
					   sizeof(plane)) && plane.width == WIDTH;
		vfio_close(&v);
	}
	write_text(MDEVS "/" UUID "/remove", "1");
	return room;
}

static int try_type(const char *name, void *arg)
{
	struct display *d = arg;

	if (!*d->type && has_room(d->driver, name))
		snprintf(d->type, sizeof(d->type), "%s", name);
	return 0;
}

static void pick_type(struct display *d)
{
	um_modprobe(d->driver->module, NULL);
	um_readdir(d->driver->parent, try_type, d);
	unload_all();
	if (!*d->type)
		snprintf(d->type, sizeof(d->type), "%s", d->driver->type);
}

void demo_display(struct session *s, const struct driver *driver, const char *output)
{
	struct display d = { .s = s, .driver = driver };
	int err;

	pick_type(&d);
	session_forget(s);
	load(&d);
	say(s, "A program opens the display through its VFIO group.");
	err = vfio_open(&d.vfio, UUID);
	step(s, "open container, group and device " UUID, err, 0, "%s", err ? "" : d.vfio.group_path);
	if (!err) {
		if (driver->dmabuf)
			set_mode(&d);
		err = vfio_region(&d.vfio, VFIO_PCI_BAR0_REGION_INDEX, &d.memory);
		step(s, "ioctl(device, VFIO_DEVICE_GET_REGION_INFO, BAR0)", err, 0, "%llu bytes",
		     (unsigned long long)d.memory.size);
		if (!err && !query_plane(&d, driver->dmabuf))
			show(&d, driver->dmabuf, output);
		vfio_close(&d.vfio);
	}
	say(s, "The display goes, and its driver.");
	sh_echo(s, "1", MDEVS "/" UUID "/remove", 0);
	sh_rmmod(s, driver->module, 0);
	sh_dmesg(s);
}
