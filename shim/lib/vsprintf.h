/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What %p shows of whole things (lib/vsprintf_kinds.c): each writes a text, which
 * vsprintf.c cuts and pads. @mode begins with the letter behind %p. Room for
 * UM_KIND_TEXT characters.
 */
#ifndef UMDEV_LIB_VSPRINTF_H
#define UMDEV_LIB_VSPRINTF_H

#include <linux/types.h>

/* of all flags of a page, and its other fields */
#define UM_KIND_TEXT	384
/* of four names */
#define UM_DENTRY_TEXT	1024

struct dentry;
struct file;
struct resource;

void um_text_of_ip4(char *text, const u8 *addr, const char *mode);
void um_text_of_ip6(char *text, const u8 *addr, const char *mode);
void um_text_of_resource(char *text, const struct resource *res, const char *mode);
/* false: @mode says no sort of time */
bool um_text_of_time(char *text, const void *time, const char *mode);
void um_text_of_fourcc(char *text, const u32 *code, const char *mode);
/* A struct sockaddr of IPv4 or IPv6 (IS, iS). */
void um_text_of_socket_address(char *text, const void *addr, const char *mode);
/* @flags: a gfp_t (Gg), or an unsigned long of VM_ flags (Gv) or of a page's (Gp) */
void um_text_of_flags(char *text, const void *flags, const char *mode);
/* Room for UM_DENTRY_TEXT characters. */
void um_text_of_dentry(char *text, const struct dentry *dentry, const char *mode);
/* Which characters %pE escapes: ESCAPE_... */
unsigned int um_escape_flags(const char *mode);
/* The last components of the path that it was opened by, which must stay. */
const char *um_name_of_file(const struct file *file, const char *mode);

#endif
