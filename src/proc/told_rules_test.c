/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/told_rules.h"

#include "base/json.h"
#include "base/test.h"

#define RULE(id, title, status, source)                                   \
	"{\"id\":\"" id "\",\"title\":\"" title "\",\"status\":\"" status \
	"\",\"logsource\":\"" source                                      \
	"\",\"level\":\"high\",\"line\":7,\"file\":\"f.yml\",\"tags\":[\"attack.t1110\"]}"

static const struct str table =
	STR("{\"rules\":[" RULE("r1", "Đăng nhập lạ", "loaded", "windows/security") "," RULE(
		"r2", "Web shell", "loaded",
		"webserver") "," RULE("r3", "Broken", "refused",
				      "webserver") "," RULE("r4", "Đăng xuất", "loaded",
							    "windows/security") "," RULE("r5",
											 "No source",
											 "refused",
											 "") "],\"ranges\":{}}");

/* Of the log sources in their order: "", webserver, windows/security. */
static const int64_t now = 1000 * TIME_DAY;

static struct told_rules *parse(struct str text)
{
	struct told_rules *t = NULL;

	CHECK("parse", told_rules_parse(text, &t, NULL));
	return t;
}

static void counts(const struct told_rules *t)
{
	static const struct {
		const char *name;
		int64_t at[3];
		int64_t can_fire;
	} cases[] = {
		{ "none was seen", { TIME_NONE, TIME_NONE, TIME_NONE }, 0 },
		{ "one, just now", { TIME_NONE, TIME_NONE, now }, 2 },
		{ "a refused rule never fires", { now, now, TIME_NONE }, 1 },
		{ "seven days ago", { TIME_NONE, now - 7 * TIME_DAY, TIME_NONE }, 1 },
		{ "longer ago", { TIME_NONE, now - 7 * TIME_DAY - 1, TIME_NONE }, 0 },
	};

	CHECK("log sources", told_rules_sources(t) == 3 && told_rules_source(t, 0).n == 0 &&
				     str_eq(told_rules_source(t, 1), STR("webserver")) &&
				     str_eq(told_rules_source(t, 2), STR("windows/security")));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct told_seen seen = { now, cases[i].at };
		struct told_counts got;

		told_rules_count(t, &seen, &got);
		CHECK(cases[i].name, got.loaded == 3 && got.refused == 2);
		CHECK(cases[i].name, got.can_fire == cases[i].can_fire);
	}
	struct told_counts got = { 1, 1, 1 };

	told_rules_count(NULL, &(struct told_seen){ now, NULL }, &got);
	CHECK("nothing told", got.loaded == 0 && got.refused == 0 && got.can_fire == 0);
}

static const struct {
	const char *name;
	struct told_wish wish;
	const char *ids, *next;
} pages[] = {
	{ "all", { .limit = 9 }, "r1 r2 r3 r4 r5 ", NULL },
	{ "as many as there are", { .limit = 5 }, "r1 r2 r3 r4 r5 ", NULL },
	{ "the first two", { .limit = 2 }, "r1 r2 ", "2" },
	{ "the next two", { .from = 2, .limit = 2 }, "r3 r4 ", "4" },
	{ "past the end", { .from = 99, .limit = 2 }, "", NULL },
	{ "refused", { .state = STR("refused"), .limit = 9 }, "r3 r5 ", NULL },
	{ "loaded: what follows fits", { .state = STR("loaded"), .limit = 2 }, "r1 r2 ", "3" },
	{ "loaded: nothing follows", { .state = STR("loaded"), .limit = 3 }, "r1 r2 r4 ", NULL },
	{ "another state", { .state = STR("x"), .limit = 3 }, "", NULL },
	{ "by title without marks", { .q = STR("DANG"), .limit = 9 }, "r1 r4 ", NULL },
	{ "by log source", { .q = STR("webserver"), .limit = 9 }, "r2 r3 ", NULL },
	{ "by id", { .q = STR("r5"), .limit = 9 }, "r5 ", NULL },
	{ "not across members", { .q = STR("shellr2"), .limit = 9 }, "", NULL },
};

static void page(const struct told_rules *t, size_t i)
{
	static const int64_t at[3] = { TIME_NONE, TIME_NONE, now };
	struct told_seen seen = { now, at };
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	struct json *j = NULL;
	char ids[64] = "";
	size_t n = 0;

	CHECK(pages[i].name, told_rules_write(t, &seen, &pages[i].wish, &w, NULL));
	if (!CHECK(pages[i].name, json_parse(buf_str(&b), 1 << 20, &j, NULL)))
		return;
	const struct json *items = json_get(j, "items");

	for (size_t k = 0; k < json_count(items); k++) {
		struct str id = json_get_str(json_at(items, k), "id");
		bool fires = json_bool(json_get(json_at(items, k), "can_fire"), false);

		n += (size_t)snprintf(ids + n, sizeof ids - n, "%.*s ", STR_ARG(id));
		CHECK("can fire", fires == (str_eq(id, STR("r1")) || str_eq(id, STR("r4"))));
		CHECK("tags", json_count(json_get(json_at(items, k), "tags")) == 1);
	}
	if (!CHECK(pages[i].name, strcmp(ids, pages[i].ids) == 0))
		printf("  %s\n", ids);
	struct str next = json_get_str(j, "next");

	CHECK(pages[i].name,
	      pages[i].next == NULL ? next.p == NULL : str_eq(next, str_of(pages[i].next)));
	json_free(j);
	buf_free(&b);
}

static void lists_told(void)
{
	struct told_rules *t =
		parse(STR("{\"rules\":[],\"lists\":[{\"id\":\"a\",\"kind\":\"c2\"},{\"id\":\"b\","
			  "\"error\":{\"vi\":\"mất\",\"en\":\"gone\"},\"kept\":true}]}"));
	bool kept = false;

	CHECK("a list that was read",
	      told_rules_list(t, STR("a"), LANG_EN, &kept).p == NULL && !kept);
	CHECK("one that was not",
	      str_eq(told_rules_list(t, STR("b"), LANG_EN, &kept), STR("gone")) && kept);
	CHECK("in Vietnamese", str_eq(told_rules_list(t, STR("b"), LANG_VI, &kept), STR("mất")));
	CHECK("one that is not known", told_rules_list(t, STR("c"), LANG_EN, &kept).p == NULL);
	CHECK("nothing was told yet", told_rules_list(NULL, STR("b"), LANG_EN, &kept).p == NULL);
	told_rules_free(t);
}

int main(void)
{
	struct told_rules *t = parse(table), *none = NULL;
	struct err why = { 0 };

	counts(t);
	for (size_t i = 0; i < COUNT(pages); i++)
		page(t, i);
	told_rules_free(t);
	lists_told();
	told_rules_free(parse(STR("{}")));
	CHECK("no JSON", !told_rules_parse(STR("{"), &none, &why) && none == NULL);
	return TEST_REPORT();
}
