/* SPDX-License-Identifier: GPL-2.0-only */
/* Types, checked where a macro takes anything: what does not fit, warns. */
#ifndef TYPECHECK_H_INCLUDED
#define TYPECHECK_H_INCLUDED

#define typecheck(type, x)						\
({									\
	type __um_type;							\
	typeof(x) __um_x;						\
									\
	(void)(&__um_type == &__um_x);					\
	1;								\
})
#define typecheck_fn(type, function)					\
({									\
	typeof(type) __um_fn = function;				\
									\
	(void)__um_fn;							\
})

#endif
