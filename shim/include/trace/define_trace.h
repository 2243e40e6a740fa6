/* SPDX-License-Identifier: GPL-2.0-only */
/* What a header of tracepoints includes at its end: without CONFIG_TRACEPOINTS nothing. */
