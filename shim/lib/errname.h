/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef UMDEV_LIB_ERRNAME_H
#define UMDEV_LIB_ERRNAME_H

/* "-ENOMEM" for ENOMEM, or NULL for a number without a name. */
const char *um_errname(int err);

#endif
