/* SPDX-License-Identifier: Apache-2.0 */
/* What is worst is told whatever comes before it; the same hunt is the same page wherever rules lie in memory. */
#include "cmd/hunt_page.h"

#include "base/msg.h"
#include "base/test.h"
#include "cmd/attack.h"
#include "cmd/times.h"

/* Not in the order of their numbers. */
static const struct rule_info rules[] = {
	{ .id = STR("second"), .title = STR("Second"), .number = 1 },
	{ .id = STR("first"), .title = STR("First"), .number = 0 },
};
static const struct list_info list = { .id = STR("list"), .name = STR("List") };

static bool put(void *ctx, struct str text)
{
	buf_add(ctx, text);
	return true;
}

/* Of `rule`, or of the list where that is NULL. */
static void add(struct hunt_fold *f, const struct rule_info *rule, uint8_t severity, int number)
{
	char value[16];
	struct hit_note n = { .rule = rule,
			      .list = rule == NULL ? &list : NULL,
			      .time = number * TIME_SECOND,
			      .from = number * TIME_SECOND,
			      .severity = severity,
			      .indicator = STR("192.0.2.1"),
			      .host = STR("pc"),
			      .path = STR("a.log"),
			      .record = (uint64_t)number,
			      .n = 1 };

	snprintf(value, sizeof value, "value-%d", number);
	n.value[0] = (struct note_value){ STR("v"), str_of(value), strlen(value) };
	hunt_fold_add(f, &n);
}

static void tell(struct hunt_fold *f, bool page, struct buf *out)
{
	const struct times times = { .begin = TIME_NONE, .end = TIME_NONE };
	const struct techniques none = { 0 };
	const struct hunt_sum sum = { .hits = hunt_fold_totals(f).hits,
				      .times = &times,
				      .techniques = &none };
	const struct hunt_pen pen = { put, out };

	CHECK("told", page ? hunt_page(&sum, f, &pen) : hunt_report(&sum, f, false, &pen));
	buf_char(out, '\0');
}

static const struct {
	const char *text;
	bool told;
} variants[] = {
	{ "value-30\n", true },
	{ "value-1\n", true },
	{ "value-7\n", true },
	{ "value-8\n", false },
	{ "value-31\n", false },
	{ "and 32 more of this rule", true },
	{ "record: a.log:30\n      and ", true }, /* behind the last that is told */
};

/* The only one that matters comes when there were enough of its list already. */
static void check_worst(void)
{
	struct hunt_fold *f = hunt_fold_new(1000, 1 << 20);
	struct buf out = BUF(1 << 20);

	for (int i = 1; i <= 40; i++)
		add(f, NULL, i == 30 ? SEV_HIGH : SEV_INFORMATIONAL, i);
	tell(f, false, &out);
	for (size_t i = 0; i < COUNT(variants); i++)
		CHECK(variants[i].text,
		      (strstr(out.p, variants[i].text) != NULL) == variants[i].told);
	buf_free(&out);
	hunt_fold_free(f);
}

static void check_numbers(void)
{
	static const char *const wanted[] = { "\"rules\":[", "\"first\"", "\"second\"",
					      "\"list\"" };
	struct hunt_fold *f = hunt_fold_new(1000, 1 << 20);
	struct buf out = BUF(1 << 20);

	add(f, NULL, SEV_LOW, 1);
	for (size_t i = 0; i < COUNT(rules); i++)
		for (int k = 0; k < 3; k++)
			add(f, &rules[i], SEV_LOW, k);
	tell(f, true, &out);
	const char *at = out.p;
	for (size_t i = 0; i < COUNT(wanted); i++) {
		const char *next = strstr(at, wanted[i]);

		CHECK(wanted[i], next != NULL);
		at = next != NULL ? next : at;
	}
	buf_free(&out);
	hunt_fold_free(f);
}

int main(void)
{
	msg_lang_set(LANG_EN);
	check_worst();
	check_numbers();
	return TEST_REPORT();
}
