/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_products_test.c - logs-appliances and the JSON twins of sigma-regression: FortiGate against
 * the expected fields, CEF and LEEF by their format, Windows events in four envelopes.
 */
#include "event/corpus_int.h"

static unsigned cases;

static struct json *parse(const char *name, struct str text)
{
	struct json *v = NULL;

	CHECK(name, json_parse(text, text.n, &v, NULL));
	return v;
}

/* "destination.ip" in a tree; a list gives its first. */
static struct str at_path(const struct json *v, const char *path)
{
	struct str rest = str_of(path), part;
	char key[64];

	while (str_split(&rest, '.', &part)) {
		snprintf(key, sizeof key, "%.*s", STR_ARG(part));
		v = json_get(v, key);
	}
	if (json_is_array(v))
		v = json_at(v, 0);
	return json_str(v);
}

/* Its names, ours. Its event.action is made up from the log's number; the log's word stands apart. */
static const struct {
	const char *theirs, *ours;
} fortigate_names[] = {
	{ "source.ip", "source.ip" },
	{ "source.port", "source.port" },
	{ "destination.ip", "destination.ip" },
	{ "destination.port", "destination.port" },
	{ "fortinet.firewall.action", "event.action" },
	{ "event.code", "event.code" },
	{ "log.level", "log.level" },
	{ "network.direction", "network.direction" },
	{ "observer.name", "observer.name" },
	{ "observer.vendor", "observer.vendor" },
	{ "source.user.name", "user.name" },
	{ "event.outcome", "event.outcome" },
	{ "message", "message" },
};

static void fortigate_case(struct reader *r, struct arena a, const struct json *want)
{
	struct str line = at_path(want, "event.original");
	struct event ev;

	reader_read(r, &a, line, &ev);
	CHECK("FortiGate", strcmp(formats[ev.format].name, "kv") == 0);
	corpus_time("FortiGate", &ev, json_get_str(want, "@timestamp"));
	for (size_t i = 0; i < COUNT(fortigate_names); i++) {
		struct str val = at_path(want, fortigate_names[i].theirs);

		/* It keeps the quote and the bar that end one line. */
		if (str_ends(val, STR("\"|")))
			val.n -= 2;
		if (val.p != NULL)
			corpus_check("FortiGate", &ev, fortigate_names[i].ours, val);
	}
	cases++;
}

static void test_fortigate(struct reader *r)
{
	struct arena a = corpus_whole;
	struct json *v = parse("FortiGate", corpus_file(&a, "logs-appliances/fortigate/elastic/"
							    "test-fortinet-7-6.log-expected.json"));
	const struct json *list = json_get(v, "expected");
	unsigned before = cases;

	for (size_t i = 0; i < json_count(list); i++)
		fortigate_case(r, a, json_at(list, i));
	CHECK("FortiGate cases", cases - before == 12);
	json_free(v);
}

/* wazuh's .ini: "log N pass = LINE". Every line of that beginning must be of the format. */
static void ini_lines(struct reader *r, const char *path, const char *mark, const char *format,
		      unsigned least)
{
	struct arena a = corpus_whole;
	struct str rest = corpus_file(&a, path), line;
	unsigned n = 0;

	while (str_line(&rest, &line)) {
		struct arena b = a;
		struct event ev;
		size_t cut = str_find(line, STR(" = "));

		if (!str_starts(line, STR("log ")) || str_find(line, str_of(mark)) == line.n)
			continue;
		reader_read(r, &b, str_skip(line, cut + 3), &ev);
		if (!CHECK(path, strcmp(formats[ev.format].name, format) == 0 && ev.time_told))
			printf("  %s: %.*s\n", formats[ev.format].name,
			       (int)(line.n > 200 ? 200 : line.n), line.p);
		n++;
	}
	printf("%s: %u lines\n", path, n);
	CHECK(path, n >= least);
	cases += n;
}

/* A twin is {"Event": ...}: what System and EventData say must stand under their bare names. */
static void twin_members(const char *name, const struct event *ev, const struct json *object)
{
	const struct json *v;
	struct str key;

	for (const void *it = json_next(object, NULL, &key, &v); it != NULL;
	     it = json_next(object, it, &key, &v)) {
		char field[128];

		if (json_str(v).p == NULL || memchr(key.p, ' ', key.n) != NULL)
			continue;
		snprintf(field, sizeof field, "%.*s", STR_ARG(key));
		corpus_check(name, ev, field, json_str(v));
	}
}

static void check_twin(const char *name, const struct event *ev)
{
	struct json *v = parse(name, ev->raw);
	const struct json *event = json_get(v, "Event"), *sys = json_get(event, "System");

	CHECK(name, strcmp(formats[ev->format].name, "json") == 0 && ev->time_told && !ev->partial);
	twin_members(name, ev, sys);
	twin_members(name, ev, json_get(event, "EventData"));
	corpus_check(name, ev, "host.name", json_get_str(sys, "Computer"));
	corpus_check(name, ev, "winlog.channel", json_get_str(sys, "Channel"));
	corpus_check(name, ev, "Provider_Name",
		     at_path(json_get(json_get(sys, "Provider"), "#attributes"), "Name"));
	json_free(v);
}

static bool twin(void *ctx, const char *path, const char *name)
{
	struct arena a = corpus_whole;
	struct str rest, record;
	unsigned n = 0;
	bool cut;

	if (!str_ends(str_of(name), STR(".json")))
		return true;
	if (!CHECK(name, file_load(&a, AT_FDCWD, path, (size_t)16 << 20, &rest, NULL)))
		return true;
	for (; records_next(&rest, true, &record, &cut); n++) {
		struct arena b = a;
		struct event ev;

		reader_read((struct reader *)ctx, &b, record, &ev);
		check_twin(name, &ev);
	}
	CHECK(name, n > 0);
	cases++;
	return true;
}

/* winlogbeat's own goldens: an array of documents over many lines. */
static bool golden(void *ctx, const char *path, const char *name)
{
	static const char *const names[] = { "host.name", "event.code", "user.name" };
	struct arena a = corpus_whole;
	struct str text, rest, record;
	bool cut;
	size_t i = 0;

	if (!str_ends(str_of(name), STR(".golden.json")))
		return true;
	if (!CHECK(name, file_load(&a, AT_FDCWD, path, (size_t)16 << 20, &text, NULL)))
		return true;
	struct json *list = parse(name, text);
	for (rest = text; records_next(&rest, true, &record, &cut); i++) {
		struct arena b = a;
		struct event ev;
		const struct json *want = json_at(list, i);

		reader_read((struct reader *)ctx, &b, record, &ev);
		corpus_time(name, &ev, json_get_str(want, "@timestamp"));
		for (size_t k = 0; k < COUNT(names); k++)
			if (at_path(want, names[k]).p != NULL)
				corpus_check(name, &ev, names[k], at_path(want, names[k]));
		corpus_check(name, &ev, "Channel", at_path(want, "winlog.channel"));
		corpus_check(name, &ev, "EventID", at_path(want, "winlog.event_id"));
		twin_members(name, &ev, json_get(json_get(want, "winlog"), "event_data"));
		cases++;
	}
	CHECK(name, i == json_count(list));
	json_free(list);
	return true;
}

/* OTRF: flat Windows events as JSON lines. */
static bool flat(void *ctx, const char *path, const char *name)
{
	struct arena a = corpus_whole;
	struct str rest, record;
	unsigned n = 0, good = 0;
	bool cut;

	if (!str_ends(str_of(name), STR(".jsonl")))
		return true;
	if (!CHECK(name, file_load(&a, AT_FDCWD, path, (size_t)64 << 20, &rest, NULL)))
		return true;
	while (records_next(&rest, true, &record, &cut)) {
		struct arena b = a;
		struct event ev;

		reader_read((struct reader *)ctx, &b, record, &ev);
		good += ev.time_told && event_ecs(&ev, ECS_HOST_NAME).n > 0 &&
			event_ecs(&ev, ECS_EVENT_CODE).n > 0 &&
			event_ecs(&ev, ECS_LOG_CHANNEL).n > 0;
		n++;
	}
	if (!CHECK(name, n > 0 && good == n))
		printf("  %u of %u\n", good, n);
	cases++;
	return true;
}

static void walk(struct reader *r, const char *folder,
		 bool (*fn)(void *ctx, const char *path, const char *name))
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", test_corpus(), folder);
	unsigned before = cases;
	CHECK(folder, file_walk(path, &(struct walk){ .fn = fn, .ctx = r }));
	printf("%s: %u cases\n", folder, cases - before);
	CHECK(folder, cases > before);
}

int main(void)
{
	struct read_ctx ctx = { 0 };
	struct reader *r = reader_new(&ctx);

	if (corpus_open("logs-appliances")) {
		test_fortigate(r);
		ini_lines(r, "logs-appliances/fortigate/wazuh/fortigate.ini", "devid=", "kv", 10);
		ini_lines(r, "logs-appliances/f5-bigip/wazuh/f5_big_ip.ini", "CEF:", "cef", 5);
		ini_lines(r, "logs-appliances/panda/wazuh/panda_paps.ini", "LEEF:", "leef", 5);
		walk(r, "sigma-regression", twin);
		walk(r, "logs-appliances/winlogbeat", golden);
		walk(r, "windows-json-otrf/windows", flat);
		corpus_close();
	} else {
		CHECK("nothing else", true);
	}
	reader_free(r);
	return TEST_REPORT();
}
