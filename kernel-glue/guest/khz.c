// SPDX-License-Identifier: GPL-2.0-only
/*
 * khz: how many thousand times a second the processor's time stamp counter counts,
 * which an emulated machine shows as its own. A kernel that boots measures it against
 * a clock that is emulated too, and on a busy machine it is wrong by half; so it is
 * measured here, between two looks at clock and counter at once, and told to it.
 * Nothing is printed for a machine that has no such counter.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#if defined(__x86_64__) || defined(__i386__)
#include <x86intrin.h>

#define LOOKS	50

struct look {
	uint64_t ticks;
	int64_t ns;
};

/* The one of several that was disturbed least. */
static struct look look(void)
{
	struct look best = { 0 };
	uint64_t least = UINT64_MAX;
	int i;

	for (i = 0; i < LOOKS; i++) {
		uint64_t before = __rdtsc(), after;
		struct timespec ts;

		clock_gettime(CLOCK_MONOTONIC, &ts);
		after = __rdtsc();
		if (after - before >= least)
			continue;
		least = after - before;
		best.ticks = before + least / 2;
		best.ns = ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
	}
	return best;
}

int main(void)
{
	const struct timespec between = { .tv_nsec = 20000000 };
	struct look first = look(), last;

	nanosleep(&between, NULL);
	last = look();
	printf("%.0f\n", (last.ticks - first.ticks) * 1e6 / (last.ns - first.ns));
	return 0;
}
#else
int main(void)
{
	return 0;
}
#endif
