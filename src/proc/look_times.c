/* SPDX-License-Identifier: Apache-2.0 */
/* look_times.c - invariant: base is the cell of what was first, and the last lies in the cells behind it. */
#include "proc/look_times.h"

#include "base/time.h"

#include <string.h>

static int64_t cell_of(int64_t at, int64_t step)
{
	return at / step - (at % step < 0);
}

/* The next longer step; each is so many of the one before it. */
static int64_t longer(int64_t step)
{
	static const int64_t seconds[] = { 1, 5, 15, 60, 300, 900, 3600, 21600, 86400 };

	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
		if (seconds[i] * TIME_SECOND > step)
			return seconds[i] * TIME_SECOND;
	return 2 * step;
}

static void widen(struct look_times *t)
{
	int64_t to = longer(t->step), times = to / t->step, base = cell_of(t->base, times);

	for (int k = 0; k < 2; k++) {
		uint64_t sum[LOOK_TIMES_CELLS] = { 0 };

		for (size_t i = 0; i < LOOK_TIMES_CELLS; i++)
			sum[cell_of(t->base + (int64_t)i, times) - base] += t->n[k][i];
		memcpy(t->n[k], sum, sizeof sum);
	}
	t->base = base;
	t->step = to;
}

/* Make the cell that is `by` before the first one the first one. */
static void shift(struct look_times *t, size_t by)
{
	for (int k = 0; k < 2; k++) {
		memmove(t->n[k] + by, t->n[k], (LOOK_TIMES_CELLS - by) * sizeof t->n[k][0]);
		memset(t->n[k], 0, by * sizeof t->n[k][0]);
	}
	t->base -= (int64_t)by;
}

void look_times_add(struct look_times *t, int kind, int64_t at)
{
	if (t->step == 0) {
		t->step = TIME_SECOND;
		t->base = cell_of(at, t->step);
		t->first = t->last = at;
	}
	t->first = at < t->first ? at : t->first;
	t->last = at > t->last ? at : t->last;
	while (cell_of(t->last, t->step) - cell_of(t->first, t->step) >= LOOK_TIMES_CELLS)
		widen(t);
	int64_t before = t->base - cell_of(t->first, t->step);
	if (before > 0)
		shift(t, (size_t)before);
	t->n[kind][cell_of(at, t->step) - t->base]++;
}

/* As long as `least` or longer, in whole steps, and a length that people count in. */
static int64_t even(int64_t least, int64_t step)
{
	static const int64_t seconds[] = { 1,    2,    5,     10,    15,    20,    30,
					   60,   120,  300,   600,   900,   1200,  1800,
					   3600, 7200, 10800, 14400, 21600, 43200, 86400 };

	for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
		if (seconds[i] * TIME_SECOND >= least && seconds[i] * TIME_SECOND % step == 0)
			return seconds[i] * TIME_SECOND;
	int64_t day = step > 86400 * TIME_SECOND ? step : 86400 * TIME_SECOND;
	return (least + day - 1) / day * day;
}

void look_times_parts(const struct look_times *t, size_t most, struct look_parts *out)
{
	int64_t begin, end, n = 0;

	*out = (struct look_parts){ .n = 0 };
	if (t->step == 0)
		return;
	/* a part may be begun at both ends */
	int64_t least = (t->last - t->first) / (int64_t)most;
	do {
		out->step = even(least, t->step);
		begin = cell_of(t->first, out->step);
		end = cell_of(t->last, out->step);
		n = end - begin + 1;
		least = out->step + 1;
	} while (n > (int64_t)most);
	out->from = begin * out->step;
	out->n = (size_t)n;
	for (int k = 0; k < 2; k++)
		for (int64_t i = 0; i < LOOK_TIMES_CELLS; i++) {
			int64_t at = (t->base + i) * t->step;

			if (t->n[k][i] > 0)
				out->count[k][cell_of(at, out->step) - begin] += t->n[k][i];
		}
}
