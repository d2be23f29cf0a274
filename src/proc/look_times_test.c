/* SPDX-License-Identifier: Apache-2.0 */
/* look_times_test.c - whatever the order and the span, nothing is lost and each thing stands where it was. */
#include "proc/look_times.h"

#include "base/test.h"
#include "base/time.h"

#define S TIME_SECOND
#define DAY (86400 * S)
#define AT (1700000000 * S) /* not a whole number of any step */

static const struct {
	const char *name;
	int64_t at[6];
	size_t n, parts;
	int64_t step_s;
} cases[] = {
	{ "none", { 0 }, 0, 0, 0 },
	{ "one", { AT }, 1, 1, 1 },
	{ "twice the same", { AT, AT + 1 }, 2, 1, 1 },
	{ "a minute", { AT, AT + 59 * S }, 2, 60, 1 },
	{ "two minutes and more", { AT, AT + 121 * S }, 2, 61, 2 },
	{ "ten minutes", { AT, AT + 600 * S }, 2, 0, 10 },
	{ "a day", { AT, AT + DAY }, 2, 0, 900 },
	{ "a year", { AT, AT + 365 * DAY }, 2, 0, 4 * 86400 },
	{ "backwards", { AT, AT - S, AT - 2 * S }, 3, 3, 1 },
	{ "days, out of order", { AT, AT + 3 * DAY, AT - 2 * DAY, AT + DAY }, 4, 0, 0 },
	{ "before 1970", { -5 * S, -1, 0, 1 }, 4, 6, 1 },
	{ "1601 and 9999", { -11644473600 * S, 253402300799 * S, AT }, 3, 0, 0 },
	{ "last first", { AT + 400 * DAY, AT, AT + 200 * DAY }, 3, 0, 0 },
};

static uint64_t sum(const struct look_parts *p, int kind)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->count[kind][i];
	return n;
}

/* Does the part in which `at` lies count something? */
static bool stands(const struct look_parts *p, int64_t at)
{
	int64_t i = (at - p->from) / p->step;

	return at >= p->from && i < (int64_t)p->n && p->count[0][i] > 0;
}

int main(void)
{
	static struct look_times t;
	static struct look_parts p;

	for (size_t i = 0; i < COUNT(cases); i++) {
		t = (struct look_times){ 0 };
		for (size_t k = 0; k < cases[i].n; k++) {
			look_times_add(&t, 0, cases[i].at[k]);
			look_times_add(&t, 1, cases[i].at[0]);
		}
		look_times_parts(&t, 120, &p);
		CHECK(cases[i].name, sum(&p, 0) == cases[i].n && sum(&p, 1) == cases[i].n);
		CHECK(cases[i].name, p.n <= 120);
		CHECK(cases[i].name, cases[i].parts == 0 || p.n == cases[i].parts);
		CHECK(cases[i].name, cases[i].step_s == 0 || p.step == cases[i].step_s * S);
		for (size_t k = 0; k < cases[i].n; k++)
			CHECK(cases[i].name, stands(&p, cases[i].at[k]));
	}
	return TEST_REPORT();
}
