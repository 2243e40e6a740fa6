/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages about a device, with its driver and its name in front:
 * "mdev_bus pci0: text". Every level, the _once and the ratelimited forms.
 *
 * dev_dbg() is off until um_debug() or UMDEV_DEBUG asks for it, as
 * pr_debug() is. Left out: the dictionary (SUBSYSTEM=, DEVICE=) that a kernel
 * hangs on the record, and the index of format strings.
 */
#ifndef _DEVICE_PRINTK_H_
#define _DEVICE_PRINTK_H_

#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/stdarg.h>
#include <linux/dynamic_debug.h>
#include <linux/kern_levels.h>
#include <linux/ratelimit.h>

struct device;

#ifndef dev_fmt
#define dev_fmt(fmt)	fmt
#endif

void _dev_printk(const char *level, const struct device *dev,
		 const char *fmt, ...) __printf(3, 4);
void _dev_emerg(const struct device *dev, const char *fmt, ...) __printf(2, 3);
void _dev_alert(const struct device *dev, const char *fmt, ...) __printf(2, 3);
void _dev_crit(const struct device *dev, const char *fmt, ...) __printf(2, 3);
void _dev_err(const struct device *dev, const char *fmt, ...) __printf(2, 3);
void _dev_warn(const struct device *dev, const char *fmt, ...) __printf(2, 3);
void _dev_notice(const struct device *dev, const char *fmt, ...) __printf(2, 3);
void _dev_info(const struct device *dev, const char *fmt, ...) __printf(2, 3);

#define dev_printk(level, dev, fmt, ...) \
	_dev_printk(level, dev, fmt, ##__VA_ARGS__)

/* Nothing is printed, the arguments are still checked against the format. */
#define dev_no_printk(level, dev, fmt, ...)				\
({									\
	if (0)								\
		_dev_printk(level, dev, fmt, ##__VA_ARGS__);		\
})

#define dev_emerg(dev, fmt, ...)  _dev_emerg(dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_alert(dev, fmt, ...)  _dev_alert(dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_crit(dev, fmt, ...)   _dev_crit(dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_err(dev, fmt, ...)    _dev_err(dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_warn(dev, fmt, ...)   _dev_warn(dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_notice(dev, fmt, ...) _dev_notice(dev, dev_fmt(fmt), ##__VA_ARGS__)
#define dev_info(dev, fmt, ...)   _dev_info(dev, dev_fmt(fmt), ##__VA_ARGS__)

#ifdef DEBUG
#define dev_dbg(dev, fmt, ...) \
	dev_printk(KERN_DEBUG, dev, dev_fmt(fmt), ##__VA_ARGS__)
#else
#define dev_dbg(dev, fmt, ...)						\
do {									\
	if (um_debug_on(__FILE__, UM_KBUILD_MODNAME))			\
		dev_printk(KERN_DEBUG, dev, dev_fmt(fmt), ##__VA_ARGS__); \
} while (0)
#endif

#ifdef VERBOSE_DEBUG
#define dev_vdbg	dev_dbg
#else
#define dev_vdbg(dev, fmt, ...) \
	dev_no_printk(KERN_DEBUG, dev, dev_fmt(fmt), ##__VA_ARGS__)
#endif

#define dev_level_once(dev_level, dev, fmt, ...)			\
do {									\
	static bool __print_once;					\
									\
	if (!__print_once) {						\
		__print_once = true;					\
		dev_level(dev, fmt, ##__VA_ARGS__);			\
	}								\
} while (0)

#define dev_emerg_once(dev, fmt, ...) \
	dev_level_once(dev_emerg, dev, fmt, ##__VA_ARGS__)
#define dev_alert_once(dev, fmt, ...) \
	dev_level_once(dev_alert, dev, fmt, ##__VA_ARGS__)
#define dev_crit_once(dev, fmt, ...) \
	dev_level_once(dev_crit, dev, fmt, ##__VA_ARGS__)
#define dev_err_once(dev, fmt, ...) \
	dev_level_once(dev_err, dev, fmt, ##__VA_ARGS__)
#define dev_warn_once(dev, fmt, ...) \
	dev_level_once(dev_warn, dev, fmt, ##__VA_ARGS__)
#define dev_notice_once(dev, fmt, ...) \
	dev_level_once(dev_notice, dev, fmt, ##__VA_ARGS__)
#define dev_info_once(dev, fmt, ...) \
	dev_level_once(dev_info, dev, fmt, ##__VA_ARGS__)
#define dev_dbg_once(dev, fmt, ...) \
	dev_level_once(dev_dbg, dev, fmt, ##__VA_ARGS__)

#define dev_level_ratelimited(dev_level, dev, fmt, ...)			\
do {									\
	static DEFINE_RATELIMIT_STATE(_rs, DEFAULT_RATELIMIT_INTERVAL,	\
				      DEFAULT_RATELIMIT_BURST);		\
									\
	if (__ratelimit(&_rs))						\
		dev_level(dev, fmt, ##__VA_ARGS__);			\
} while (0)

#define dev_emerg_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_emerg, dev, fmt, ##__VA_ARGS__)
#define dev_alert_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_alert, dev, fmt, ##__VA_ARGS__)
#define dev_crit_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_crit, dev, fmt, ##__VA_ARGS__)
#define dev_err_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_err, dev, fmt, ##__VA_ARGS__)
#define dev_warn_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_warn, dev, fmt, ##__VA_ARGS__)
#define dev_notice_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_notice, dev, fmt, ##__VA_ARGS__)
#define dev_info_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_info, dev, fmt, ##__VA_ARGS__)
#ifdef DEBUG
#define dev_dbg_ratelimited(dev, fmt, ...) \
	dev_level_ratelimited(dev_dbg, dev, fmt, ##__VA_ARGS__)
#else
#define dev_dbg_ratelimited(dev, fmt, ...) \
	dev_dbg(dev, fmt, ##__VA_ARGS__)
#endif

#define dev_WARN(dev, format, arg...)					\
	WARN(1, "%s %s: " format, dev_driver_string(dev),		\
	     dev_name(dev), ## arg)
#define dev_WARN_ONCE(dev, condition, format, arg...)			\
	WARN_ONCE(condition, "%s %s: " format, dev_driver_string(dev),	\
		  dev_name(dev), ## arg)

int dev_err_probe(const struct device *dev, int err, const char *fmt,
		  ...) __printf(3, 4);
int dev_warn_probe(const struct device *dev, int err, const char *fmt,
		   ...) __printf(3, 4);

#endif
