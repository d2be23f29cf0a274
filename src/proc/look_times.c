/* SPDX-License-Identifier: Apache-2.0 */
/* look_times.c - invariant: base is the cell of what was first, and the last lies in the cells behind it. */
#include "proc/look_times.h"

#include "base/time.h"

#include <string.h>

static int64_t cell_of(int64_t at, int64_t step)
{
	return at / step - (at % step < 0);
}

/* Steps twice as long. */
static void widen(struct look_times *t)
{
	int64_t base = cell_of(t->base, 2);

	for (int k = 0; k < 2; k++) {
		uint64_t half[LOOK_TIMES_CELLS] = { 0 };

		for (size_t i = 0; i < LOOK_TIMES_CELLS; i++)
			half[cell_of(t->base + (int64_t)i, 2) - base] += t->n[k][i];
		memcpy(t->n[k], half, sizeof half);
	}
	t->base = base;
	t->step *= 2;
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

void look_times_parts(const struct look_times *t, size_t most, struct look_parts *out)
{
	int64_t begin, cells, each;

	*out = (struct look_parts){ .n = 0 };
	if (t->step == 0)
		return;
	begin = cell_of(t->first, t->step);
	cells = cell_of(t->last, t->step) - begin + 1;
	each = (cells + (int64_t)most - 1) / (int64_t)most;
	out->from = begin * t->step;
	out->step = each * t->step;
	out->n = (size_t)((cells + each - 1) / each);
	for (int k = 0; k < 2; k++)
		for (int64_t i = 0; i < cells; i++)
			out->count[k][i / each] += t->n[k][begin - t->base + i];
}
