/* SPDX-License-Identifier: Apache-2.0 */
/* sigma_rule_fuzz.c - a rule becomes a tree that can be run over an event, or an error with a line. */
#include "detect/sigma_rule.h"

#include "base/fuzz.h"
#include "base/yaml.h"
#include "detect/correl_rule.h"
#include "detect/sigma_eval.h"

#include <assert.h>

static void run(const struct names *names, const struct node *condition)
{
	static const struct field fields[] = {
		{ STR("Image"), STR("C:\\Windows\\cmd.exe"), ECS_NONE, FIELD_STRING, 0 },
		{ STR("x.CommandLine"), STR("cmd /c \xff\xc4\x90 aHR0cDovL3"), ECS_NONE,
		  FIELD_STRING, 2 },
		{ STR("EventID"), STR("1"), ECS_NONE, FIELD_INT, 0 },
		{ STR("Ip"), STR("192.0.2.1"), ECS_NONE, FIELD_STRING, 0 },
		{ STR("T"), STR("2026-11-22T03:04:05Z"), ECS_NONE, FIELD_STRING, 0 },
		{ STR("Nothing"), STR(""), ECS_NONE, FIELD_NULL, 0 },
	};
	const struct event ev = { .raw = STR("raw"),
				  .fields = fields,
				  .n_raw = COUNT(fields),
				  .n_fields = COUNT(fields) };
	struct sigma_scratch *s = sigma_scratch_new(names);
	struct sigma_match where;

	assert(s != NULL);
	sigma_event(s, &ev);
	bool once = sigma_holds(s, condition, NULL, 0, &where);
	assert(once == sigma_holds(s, condition, NULL, 0, NULL));
	assert(!once || (where.field.p != NULL && where.text.p != NULL));
	sigma_scratch_free(s);
}

/* A rule, a filter or a correlation; *out stays NULL for the last. */
static bool document(const struct sigma_ctx *c, const struct yml *doc, const struct node **out,
		     struct err *why)
{
	struct sigma_correlation x = { 0 };
	struct sigma_filter f = { 0 };
	struct sigma_rule r = { 0 };
	enum sigma_kind kind;
	bool ok;

	if (!sigma_kind_find(doc, &kind, why))
		return false;
	if (kind == SIGMA_CORRELATION) {
		ok = sigma_correlation_parse(c, doc, &x, why);
		assert(!ok || (x.n_rules > 0 && x.span > 0 && (x.n_tests > 0 || x.expr != NULL)));
		return ok;
	}
	ok = kind == SIGMA_FILTER ? sigma_filter_parse(c, doc, &f, why)
				  : sigma_rule_parse(c, doc, &r, why);
	*out = kind == SIGMA_FILTER ? f.condition : r.condition;
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char mem[4 << 20], tree[4 << 20];
	static const struct str admins[] = { STR("root"), STR("adm_*") };
	static const struct placeholder lists[] = { { STR("Admins"), admins, COUNT(admins) } };
	struct arena a = { mem, mem + sizeof mem }, t = { tree, tree + sizeof tree };
	struct names names = { 0 };
	struct sigma_ctx c = { &a, &names, lists, COUNT(lists) };
	const struct yml *doc = NULL;

	if (size > 16384 || !yml_parse(&t, (struct str){ (const char *)data, size }, &doc, NULL))
		return 0;
	for (; doc != NULL; doc = doc->next) {
		const struct node *condition = NULL;
		struct err why = { 0 };

		if (!document(&c, doc, &condition, &why))
			assert(why.kind != ERR_NONE && why.at > 0 && condition == NULL);
		else if (condition != NULL)
			run(&names, condition);
	}
	return 0;
}
