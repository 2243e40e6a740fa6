// SPDX-License-Identifier: GPL-2.0-only
/*
 * WARN, BUG and panic: their texts are made here, by the kernel's own printf.
 * Left out: taints, and what a kernel does after a panic.
 */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "check/op.h"
#include "host/host.h"

static int pid(void)
{
	const struct um_op_task *t = host_task_get();

	return t ? t->pid : 0;
}

static noinline void warn(const char *file, int line, const char *func, const char *message,
			  unsigned int skip)
{
	char text[1024];
	size_t len;

	scnprintf(text, sizeof(text), "WARNING: CPU: 0 PID: %d at %s:%d %s%s%s",
		      pid(), file, line, func, message ? ": " : "",
		      message ? message : "");
	len = strlen(text);
	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	um_splat_text("WARNING", text, skip + 1);
}

/**
 * um_warn_on() - WARN_ON().
 * @cond: whether to warn
 * @expr: its text
 * @file: where it stands
 * @line: likewise
 * @func: likewise
 *
 * Return: @cond.
 */
bool um_warn_on(bool cond, const char *expr, const char *file, int line, const char *func)
{
	if (unlikely(cond))
		warn(file, line, func, NULL, 1);
	return cond;
}
EXPORT_SYMBOL(um_warn_on);

/**
 * um_warn() - WARN().
 * @cond: whether to warn
 * @file: where it stands
 * @line: likewise
 * @func: likewise
 * @fmt: what to say, as for printk()
 * @...: its arguments
 *
 * Return: @cond.
 */
bool um_warn(bool cond, const char *file, int line, const char *func, const char *fmt, ...)
{
	char message[512];
	va_list ap;

	if (likely(!cond))
		return false;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	warn(file, line, func, message, 1);
	return true;
}
EXPORT_SYMBOL(um_warn);

/**
 * um_warn_once() - WARN_ONCE() and WARN_ON_ONCE().
 * @warned: the site's own: whether it has warned
 * @cond: whether to warn
 * @file: where it stands
 * @line: likewise
 * @func: likewise
 * @fmt: what to say, as for printk()
 * @...: its arguments
 *
 * Return: @cond, each time.
 */
bool um_warn_once(bool *warned, bool cond, const char *file, int line, const char *func,
		  const char *fmt, ...)
{
	char message[512];
	va_list ap;

	if (likely(!cond) || __atomic_exchange_n(warned, true, __ATOMIC_RELAXED))
		return cond;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	warn(file, line, func, message, 1);
	return true;
}
EXPORT_SYMBOL(um_warn_once);

/**
 * um_bug() - BUG() and BUG_ON().
 * @expr: what was true
 * @file: where it stands
 * @line: likewise
 * @func: likewise
 *
 * Context: the process ends by abort(); on fibers the check that runs the
 * task, where Linux stops the machine.
 */
void um_bug(const char *expr, const char *file, int line, const char *func)
{
	char text[512];

	scnprintf(text, sizeof(text), "kernel BUG at %s:%d! (%s in %s)", file, line,
		      expr, func);
	um_die_text("BUG", text, 1);
}
EXPORT_SYMBOL(um_bug);

/**
 * panic() - the end of the modelled kernel.
 * @fmt: why, as for printk()
 * @...: its arguments
 *
 * Context: the process ends by abort(); on fibers the check that runs the
 * task, where Linux stops the machine.
 */
void panic(const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	n = scnprintf(text, sizeof(text), "Kernel panic - not syncing: ");
	va_start(ap, fmt);
	vsnprintf(text + n, sizeof(text) - n, fmt, ap);
	va_end(ap);
	um_die_text("panic", text, 1);
}
EXPORT_SYMBOL(panic);
