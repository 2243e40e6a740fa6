// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts that are put together while an event is printed. What does not fit is left
 * out, and the sequence says that it is full.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/trace_events.h>
#include <linux/trace_seq.h>

/**
 * trace_seq_vprintf() - add to a text
 * @s:    the text
 * @fmt:  as of printk()
 * @args: for it
 */
void trace_seq_vprintf(struct trace_seq *s, const char *fmt, va_list args)
{
	size_t room = sizeof(s->buffer) - s->len;
	int n;

	if (s->full)
		return;
	n = vsnprintf(s->buffer + s->len, room, fmt, args);
	s->full = n >= room;
	s->len += s->full ? room - 1 : n;
}
EXPORT_SYMBOL_GPL(trace_seq_vprintf);

/**
 * trace_seq_printf() - add to a text
 * @s:   the text
 * @fmt: as of printk()
 * @...: for it
 */
void trace_seq_printf(struct trace_seq *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	trace_seq_vprintf(s, fmt, args);
	va_end(args);
}
EXPORT_SYMBOL_GPL(trace_seq_printf);

/**
 * trace_seq_puts() - add a string to a text
 * @s:   the text
 * @str: the string
 */
void trace_seq_puts(struct trace_seq *s, const char *str)
{
	trace_seq_printf(s, "%s", str);
}
EXPORT_SYMBOL_GPL(trace_seq_puts);

/**
 * trace_seq_putc() - add a character to a text
 * @s: the text
 * @c: the character, which may be the NUL that ends it
 */
void trace_seq_putc(struct trace_seq *s, unsigned char c)
{
	if (s->len + 1 >= sizeof(s->buffer))
		s->full = 1;
	if (s->full)
		return;
	s->buffer[s->len++] = c;
	s->buffer[s->len] = '\0';
}
EXPORT_SYMBOL_GPL(trace_seq_putc);

/**
 * trace_print_flags_seq() - names of flags; of __print_flags()
 * @p:          where the text is put
 * @delim:      between two
 * @flags:      the flags
 * @flag_array: their names, up to one that is NULL
 *
 * Return: the text; what has no name is a number.
 */
const char *trace_print_flags_seq(struct trace_seq *p, const char *delim, unsigned long flags,
				  const struct trace_print_flags *flag_array)
{
	const char *text = trace_seq_buffer_ptr(p);
	bool first = true;

	for (; flag_array->name && flags; flag_array++) {
		if ((flags & flag_array->mask) != flag_array->mask)
			continue;
		flags &= ~flag_array->mask;
		trace_seq_printf(p, "%s%s", first ? "" : delim, flag_array->name);
		first = false;
	}
	if (flags)
		trace_seq_printf(p, "%s0x%lx", first ? "" : delim, flags);
	trace_seq_putc(p, '\0');
	return text;
}
EXPORT_SYMBOL(trace_print_flags_seq);

/**
 * trace_print_symbols_seq() - the name of a value; of __print_symbolic()
 * @p:            where the text is put
 * @val:          the value
 * @symbol_array: names, up to one that is NULL
 *
 * Return: the text; the number, if it has no name.
 */
const char *trace_print_symbols_seq(struct trace_seq *p, unsigned long val,
				    const struct trace_print_flags *symbol_array)
{
	const char *text = trace_seq_buffer_ptr(p);

	while (symbol_array->name && symbol_array->mask != val)
		symbol_array++;
	if (symbol_array->name)
		trace_seq_puts(p, symbol_array->name);
	else
		trace_seq_printf(p, "0x%lx", val);
	trace_seq_putc(p, '\0');
	return text;
}
EXPORT_SYMBOL(trace_print_symbols_seq);

/**
 * trace_print_hex_seq() - bytes; of __print_hex() and __print_hex_str()
 * @p:           where the text is put
 * @buf:         the bytes
 * @len:         how many
 * @concatenate: without blanks between them
 *
 * Return: the text.
 */
const char *trace_print_hex_seq(struct trace_seq *p, const unsigned char *buf, int len,
				bool concatenate)
{
	const char *text = trace_seq_buffer_ptr(p);
	int i;

	for (i = 0; i < len; i++)
		trace_seq_printf(p, "%s%02x", i && !concatenate ? " " : "", buf[i]);
	trace_seq_putc(p, '\0');
	return text;
}
EXPORT_SYMBOL(trace_print_hex_seq);

/**
 * trace_print_array_seq() - numbers; of __print_array()
 * @p:       where the text is put
 * @buf:     the numbers
 * @count:   how many
 * @el_size: bytes of one: 1, 2, 4, 8
 *
 * Return: the text.
 */
const char *trace_print_array_seq(struct trace_seq *p, const void *buf, int count, size_t el_size)
{
	const char *text = trace_seq_buffer_ptr(p);
	int i;

	trace_seq_putc(p, '{');
	for (i = 0; i < count; i++) {
		u64 number = 0;

		/* the lowest byte first, as both machines have it */
		memcpy(&number, (const char *)buf + i * el_size, min(el_size, sizeof(number)));
		trace_seq_printf(p, "%s0x%llx", i ? "," : "", number);
	}
	trace_seq_putc(p, '}');
	trace_seq_putc(p, '\0');
	return text;
}
EXPORT_SYMBOL(trace_print_array_seq);

/**
 * trace_print_bitmask_seq() - a bitmap; of __get_bitmask()
 * @p:            where the text is put
 * @bitmask_ptr:  the bitmap
 * @bitmask_size: its bytes
 *
 * Return: the text.
 */
const char *trace_print_bitmask_seq(struct trace_seq *p, void *bitmask_ptr,
				    unsigned int bitmask_size)
{
	const char *text = trace_seq_buffer_ptr(p);

	trace_seq_printf(p, "%*pb", (int)bitmask_size * 8, (unsigned long *)bitmask_ptr);
	trace_seq_putc(p, '\0');
	return text;
}
EXPORT_SYMBOL_GPL(trace_print_bitmask_seq);
