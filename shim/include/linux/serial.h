/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of serial ports and of their registers, from the UAPI. Left out:
 * serial ports, and the counters that they keep.
 */
#ifndef _LINUX_SERIAL_H_SHIM
#define _LINUX_SERIAL_H_SHIM

#include <linux/compiler.h>
#include_next <linux/serial.h>
#include <linux/serial_reg.h>
#include <linux/types.h>

#endif
