/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape_test.c - an event reads the same whether its shape was met before or not, and events have the same
 * shape only where their raw names are the same.
 */
#include "event/shape.h"

#include "event/corpus_int.h"

static struct reader *knows, *fresh; /* fresh: each record is the first one */
static struct arena room;

static bool fields_same(const struct event *a, const struct event *b)
{
	if (a->n_raw != b->n_raw || a->n_fields != b->n_fields)
		return false;
	for (uint32_t i = 0; i < a->n_fields; i++) {
		const struct field *f = &a->fields[i], *g = &b->fields[i];

		if (!str_eq(f->name, g->name) || !str_eq(f->val, g->val) || f->id != g->id ||
		    f->type != g->type || f->bare != g->bare)
			return false;
	}
	return true;
}

static bool same(const struct event *a, const struct event *b)
{
	return fields_same(a, b) && a->time == b->time && a->time_told == b->time_told &&
	       a->format == b->format && a->partial == b->partial && a->direction == b->direction &&
	       a->outcome == b->outcome;
}

static struct read_ctx context(struct shapes *shapes)
{
	return (struct read_ctx){ .now = 1772000000000000, .shapes = shapes };
}

/* Read as the first of its shape and as a later one. */
static void read_both(const char *name, struct str line, struct event *out)
{
	struct shapes *none = shapes_new();
	struct read_ctx ctx = context(none);
	struct arena a = room;
	struct event once, again, first;

	if (!CHECK(name, none != NULL))
		return;
	reader_context(fresh, &ctx);
	reader_read(fresh, &a, line, &first);
	reader_read(knows, &a, line, &once);
	reader_read(knows, &a, line, &again);
	CHECK(name, same(&first, &once));
	CHECK(name, same(&first, &again));
	CHECK(name, once.shape == again.shape);
	shapes_free(none);
	*out = again;
}

/* clang-format off */
static const struct {
	const char *name, *line;
	int as; /* of the same shape as that row; -1: of one of its own; -2: of none */
} cases[] = {
{ "nothing", "{}", -1 },
{ "one field", "{\"a\":1}", -1 },
{ "another value", "{\"a\":\"x\"}", 1 },
{ "null", "{\"a\":null}", 1 },
{ "in another case", "{\"A\":1}", -1 },
{ "twice", "{\"a\":[1,2]}", -1 },
{ "another order", "{\"b\":1,\"a\":2}", -1 },
{ "the order turned", "{\"a\":1,\"b\":2}", -1 },
{ "nested", "{\"a\":{\"b\":1}}", -1 },
{ "the same name, not nested", "{\"a.b\":1}", 8 },
{ "an envelope", "{\"winlog\":{\"event_data\":{\"b\":1}}}", -1 },
{ "the same name, no envelope", "{\"winlog.event_data.b\":1}", -1 },
{ "winlogbeat", "{\"@timestamp\":\"2026-03-09T22:14:15Z\",\"winlog\":{\"event_id\":4624,\"channel\":\"Security\","
  "\"provider_name\":\"p\",\"computer_name\":\"c\",\"record_id\":7,\"event_data\":{\"TargetUserName\":\"an\","
  "\"IpAddress\":\"203.0.113.9\",\"IpPort\":\"50\",\"Status\":\"0x0\"}}}", -1 },
{ "winlogbeat, a logon that failed", "{\"@timestamp\":\"2026-03-09T22:14:16Z\",\"winlog\":{\"event_id\":4625,"
  "\"channel\":\"Security\",\"provider_name\":\"p\",\"computer_name\":\"d\",\"record_id\":8,\"event_data\":{"
  "\"TargetUserName\":\"-\",\"IpAddress\":\"::1\",\"IpPort\":null,\"Status\":\"0xc\"}}}", 12 },
{ "NXLog", "{\"EventTime\":\"2026-03-09 22:14:15\",\"Hostname\":\"h\",\"EventID\":1,\"SourceName\":\"s\","
  "\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"Image\":\"C:\\\\a.exe\",\"User\":\"D\\\\u\","
  "\"Hashes\":\"MD5=0123456789abcdef0123456789abcdef\",\"ProcessId\":4}", -1 },
{ "NXLog, another time", "{\"EventTime\":\"no time\",\"Hostname\":\"\",\"EventID\":13,\"SourceName\":null,"
  "\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"Image\":\"\",\"User\":\"u\",\"Hashes\":\"x\","
  "\"ProcessId\":\"-\"}", 14 },
{ "the better time is none", "{\"ts\":1,\"timestamp\":\"-\",\"date\":\"2026-03-09\",\"time\":\"2026-03-08\"}", -1 },
{ "the better time is one", "{\"ts\":1,\"timestamp\":\"2026-03-07\",\"date\":\"2026-03-09\",\"time\":\"-\"}", 16 },
{ "ECS", "{\"event\":{\"outcome\":\"failure\",\"code\":5},\"source\":{\"ip\":\"192.0.2.1\"}}", -1 },
{ "ECS, null", "{\"event\":{\"outcome\":null,\"code\":null},\"source\":{\"ip\":\"x.example.com\"}}", 18 },
{ "Suricata", "{\"event_type\":\"alert\",\"src_ip\":\"192.0.2.1\",\"dest_ip\":\"192.0.2.2\",\"alert\":{\"action\":\"blocked\"}}", -1 },
{ "Zeek", "{\"id.orig_h\":\"192.0.2.1\",\"id.resp_h\":\"192.0.2.2\",\"conn_state\":\"REJ\",\"_path\":\"conn\"}", -1 },
{ "more times than have room", "{\"time\":[1,2,3,4,5,6,7,8,9]}", -2 },
{ "around a line", "{\"message\":\"<34>Mar  9 22:14:15 h su[7]: x\",\"host\":\"a\"}", -2 },
};
/* clang-format on */

static void test_cases(void)
{
	uint64_t shape[COUNT(cases)];

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct event ev = { 0 };

		read_both(cases[i].name, str_of(cases[i].line), &ev);
		shape[i] = ev.shape;
		CHECK(cases[i].name, (ev.shape == 0) == (cases[i].as == -2));
		for (size_t k = 0; k < i && shape[i] != 0; k++)
			CHECK(cases[i].name,
			      (shape[k] == shape[i]) ==
				      (cases[i].as == (int)k ||
				       (cases[i].as >= 0 && cases[k].as == cases[i].as)));
	}
}

/* Up to the most fields that a shape has, and beyond. */
static void test_many(void)
{
	char line[4096];

	for (int fields = 110; fields < 130; fields++) {
		struct event ev = { 0 };
		size_t n = 1;

		line[0] = '{';
		for (int i = 0; i < fields; i++)
			n += (size_t)snprintf(line + n, sizeof line - n, "\"k%d\":%d,", i, i);
		snprintf(line + n, sizeof line - n, "\"EventID\":1}");
		read_both("many fields", str_of(line), &ev);
		CHECK("many fields",
		      (ev.shape == 0) == (ev.n_raw > SHAPE_MAX_FIELDS - SHAPE_MAX_ADDED));
	}
}

/* More shapes than there is room for: all are forgotten, none is taken for another. */
static void test_forget(void)
{
	char line[256];
	struct event ev = { 0 };

	for (int i = 0; i < 20000; i++) {
		struct arena a = room;
		struct event plain;

		snprintf(line, sizeof line, "{\"EventID\":%d,\"Channel\":\"c\",\"k%d\":1}", i % 7,
			 i);
		reader_read(knows, &a, str_of(line), &plain);
	}
	read_both("after many shapes", STR("{\"EventID\":1,\"Channel\":\"c\",\"k5\":2}"), &ev);
}

static void test_corpus_file(const char *path)
{
	struct arena a = corpus_whole;
	struct str text = corpus_file(&a, path), line;

	while (text.p != NULL && str_line(&text, &line)) {
		struct event ev = { 0 };

		read_both(path, line, &ev);
	}
}

int main(void)
{
	struct read_ctx ctx = context(NULL);

	knows = reader_new(&ctx);
	fresh = reader_new(&ctx);
	if (!CHECK("memory", knows != NULL && fresh != NULL && arena_reserve(&room, 64 << 20)))
		return TEST_REPORT();
	test_cases();
	test_many();
	test_forget();
	if (corpus_open("events of Windows as JSON")) {
		test_corpus_file(
			"windows-json-otrf/windows/credential_access/host/cmd_psexec_lsa_secrets_dump.jsonl");
		test_corpus_file(
			"windows-json-otrf/windows/credential_access/host/cmd_sam_copy_esentutl.jsonl");
		test_corpus_file(
			"windows-json-otrf/windows/credential_access/host/psh_windows_vault_web_credentials.jsonl");
		test_corpus_file(
			"windows-json-otrf/windows/defense_evasion/host/cmd_mshta_vbscript_execute_psh.jsonl");
		corpus_close();
	}
	reader_free(knows);
	reader_free(fresh);
	arena_release(room);
	return TEST_REPORT();
}
