/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_audit_test.c - logs-auditd: single records with every field (auparse goldens), whole events
 * of several records with time, outcome and process (aucoalesce goldens).
 *
 * Not compared, because the goldens translate them and we keep the log's own words: numbers of
 * users made "unset", error numbers made names, SELinux contexts cut in parts, modes and file types.
 */
#include "event/corpus_int.h"

static unsigned records, events;

static bool translated(struct str key)
{
	static const struct str keys[] = {
		STR("auid"),        STR("ses"),      STR("arch"),         STR("exit"),
		STR("old_auid"),    STR("new_auid"), STR("old_ses"),      STR("new_ses"),
		STR("result"),      STR("syscall"),  STR("sig"),          STR("proto"),
		STR("socket_addr"), STR("saddr"),    STR("audit_enabled")
	};

	for (size_t i = 0; i < COUNT(keys); i++)
		if (str_eq(key, keys[i]))
			return true;
	return str_starts(key, STR("subj_")) || str_starts(key, STR("obj_"));
}

static void check_outcome(const char *name, const struct event *ev, struct str result)
{
	bool good = ev->outcome == OUTCOME_SUCCESS;
	bool bad = ev->outcome == OUTCOME_FAILURE || ev->outcome == OUTCOME_DENIED;

	/* AppArmor's refusal says more than a call that returned; an abort tells no result. */
	if (str_eq(corpus_get(ev, "apparmor"), STR("DENIED")))
		CHECK(name, bad);
	else if (str_eq(corpus_get(ev, "type"), STR("ANOM_ABEND")))
		CHECK(name, ev->outcome == OUTCOME_UNKNOWN);
	else if (str_eq(result, STR("success")))
		CHECK(name, good);
	else if (result.p != NULL)
		CHECK(name, bad);
}

static void check_data(const char *name, const struct event *ev, const struct json *data)
{
	const struct json *v;
	struct str key;

	for (const void *it = json_next(data, NULL, &key, &v); it != NULL;
	     it = json_next(data, it, &key, &v)) {
		char field[64];

		if (translated(key) || json_str(v).p == NULL)
			continue;
		snprintf(field, sizeof field, "%.*s", STR_ARG(key));
		corpus_check(name, ev, field, json_str(v));
	}
	struct str call = json_get_str(data, "syscall");
	if (call.p != NULL)
		corpus_check(name, ev, "SYSCALL", call);
	check_outcome(name, ev, json_get_str(data, "result"));
}

/* One golden record: "raw_msg" as the log has it, "data" as it must come out. */
static void check_record(struct reader *r, struct arena a, const struct json *want,
			 const char *name)
{
	struct str type = json_get_str(want, "record_type"), raw = json_get_str(want, "raw_msg");
	struct str line = arena_printf(&a, "type=%.*s msg=", STR_ARG(type));
	char *text = arena_bytes(&a, line.n + raw.n);
	struct event ev;

	if (!CHECK(name, text != NULL && raw.n > 0))
		return;
	memcpy(text, line.p, line.n);
	for (size_t i = 5; i < 5 + type.n; i++)
		text[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i]);
	memcpy(text + line.n, raw.p, raw.n);
	reader_read(r, &a, (struct str){ text, line.n + raw.n }, &ev);
	CHECK(name, strcmp(formats[ev.format].name, "audit") == 0);
	corpus_time(name, &ev, json_get_str(want, "@timestamp"));
	check_data(name, &ev, json_get(want, "data"));
	for (size_t i = 0; i < json_count(json_get(want, "keys")); i++)
		corpus_check(name, &ev, "key", json_str(json_at(json_get(want, "keys"), i)));
	records++;
}

/* The records of `test` in the YAML beside the golden: indented below "  TEST: |". */
static struct str yaml_lines(struct arena *a, struct str yaml, struct str test)
{
	struct str line, rest = yaml;
	char *out = arena_bytes(a, yaml.n + 1);
	size_t n = 0;
	bool inside = false;

	while (out != NULL && str_line(&rest, &line)) {
		if (str_starts(line, STR("    ")) && inside) {
			line = str_trim(line);
			memcpy(out + n, line.p, line.n);
			n += line.n;
			out[n++] = '\n';
			continue;
		}
		line = str_trim(line);
		inside = line.n == test.n + 3 && str_starts(line, test) &&
			 str_ends(line, STR(": |"));
	}
	return (struct str){ out, n };
}

static void check_process(const char *name, const struct event *ev, const struct json *p)
{
	static const struct {
		const char *theirs, *ours;
	} names[] = { { "pid", "pid" }, { "ppid", "ppid" }, { "name", "comm" },
		      { "exe", "exe" }, { "cwd", "cwd" },   { "title", "proctitle" } };
	const struct json *args = json_get(p, "args");
	char line[1024];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(names); i++)
		if (json_get_str(p, names[i].theirs).p != NULL)
			corpus_check(name, ev, names[i].ours, json_get_str(p, names[i].theirs));
	for (size_t i = 0; i < json_count(args) && n < sizeof line; i++)
		n += (size_t)snprintf(line + n, sizeof line - n, "%s%.*s", i > 0 ? " " : "",
				      STR_ARG(json_str(json_at(args, i))));
	if (n > 0 && json_get_str(p, "title").p == NULL)
		corpus_check(name, ev, "command", str_of(line));
}

/* One golden event of several records. */
static void check_event(struct reader *r, struct arena a, struct str yaml, const struct json *want)
{
	struct str test = json_get_str(want, "test_name"), rest = yaml_lines(&a, yaml, test),
		   record;
	const struct json *e = json_get(want, "event");
	struct event ev;
	char name[128];
	bool cut;

	snprintf(name, sizeof name, "%.*s", STR_ARG(test));
	if (!CHECK(name, records_next(&rest, true, &record, &cut)))
		return;
	reader_read(r, &a, record, &ev);
	corpus_time(name, &ev, json_get_str(e, "@timestamp"));
	check_outcome(name, &ev, json_get_str(e, "result"));
	check_process(name, &ev, json_get(e, "process"));
	for (size_t i = 0; i < json_count(json_get(e, "tags")); i++)
		corpus_check(name, &ev, "key", json_str(json_at(json_get(e, "tags"), i)));
	if (str_eq(json_get_str(e, "category"), STR("user-login")) &&
	    json_get_str(json_get(e, "data"), "acct").p != NULL)
		corpus_check(name, &ev, "user.name", json_get_str(json_get(e, "data"), "acct"));
	events++;
}

static void golden(struct reader *r, const char *stem, bool coalesced)
{
	struct arena a = corpus_whole;
	struct json *list;
	struct str text, yaml = { NULL, 0 };
	char path[256];

	snprintf(path, sizeof path, "logs-auditd/%s%s", stem,
		 coalesced ? ".json.golden" : ".log.golden");
	text = corpus_file(&a, path);
	if (coalesced) {
		snprintf(path, sizeof path, "logs-auditd/%s.yaml", stem);
		yaml = corpus_file(&a, path);
	}
	if (!CHECK(path, json_parse(text, text.n, &list, NULL)))
		return;
	for (size_t i = 0; i < json_count(list); i++) {
		if (coalesced)
			check_event(r, a, yaml, json_at(list, i));
		else
			check_record(r, a, json_at(list, i), path);
	}
	json_free(list);
}

int main(void)
{
	struct read_ctx ctx = { 0 };
	struct reader *r = reader_new(&ctx);

	if (corpus_open("logs-auditd")) {
		golden(r, "auparse/testdata/audit-rhel6", false);
		golden(r, "auparse/testdata/audit-ubuntu16", false);
		golden(r, "auparse/testdata/audit-ubuntu17", false);
		golden(r, "auparse/testdata/test2", false);
		golden(r, "aucoalesce/testdata/random-internet", true);
		golden(r, "aucoalesce/testdata/ubuntu-16.04-linux-4.13.0", true);
		golden(r, "aucoalesce/testdata/ubuntu-17.04-linux-4.10.0", true);
		printf("%u records, %u events\n", records, events);
		CHECK("all goldens were read", records >= 15 && events >= 15);
		corpus_close();
	} else {
		CHECK("nothing else", true);
	}
	reader_free(r);
	return TEST_REPORT();
}
