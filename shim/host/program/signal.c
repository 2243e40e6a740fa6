// SPDX-License-Identifier: GPL-2.0-only
/*
 * signal() of each program under TSan and MSan. Theirs keep tables of handlers, and
 * with one that a test framework sets around a fixture the shim's would be gone until
 * it is entered next. In the program itself it comes before theirs (host/signals.c).
 */
typedef void (*handler)(int sig);

handler host_signal(int sig, handler fn);
handler signal(int sig, handler fn);

handler signal(int sig, handler fn)
{
	return host_signal(sig, fn);
}
