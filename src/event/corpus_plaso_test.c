/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_plaso_test.c - timeline-plaso: files of claimed formats give the number of events, the
 * times and the fields that its own tests state (expected.jsonl), read in UTC.
 *
 * A time with year 0000 or 0001 says only what the line says: month, day and time of day.
 */
#include "event/corpus_int.h"

static const struct {
	const char *file;
	const char *format;
	unsigned joined; /* records that we join with their neighbours of one id, and they do not */
} files[] = {
	{ "syslog/syslog", "syslog", 0 },
	{ "syslog/syslog_cron.log", "syslog", 0 },
	{ "syslog/syslog_osx", "syslog", 0 },
	{ "syslog/syslog_rsyslog", "syslog", 0 },
	{ "syslog/syslog_rsyslog_SysklogdFileFormat", "syslog", 0 },
	{ "iis/iis10.log", "w3c", 0 },
	{ "iis/iis10_edge_cases.log", "w3c", 0 },
	{ "iis/iis6.log", "w3c", 0 },
	{ "iis/iis7_owa.log", "w3c", 0 },
	{ "iis/iis_without_date.log", "w3c", 0 },
	{ "windows_firewall.log", "w3c", 0 },
	{ "confluence_access_post7.11.log", "access", 0 },
	{ "jira_access.log", "access", 0 },
	{ "jira_access_months.log", "access", 0 },
	{ "jira_access_post9.4.log", "access", 0 },
	{ "selinux.log", "audit", 1 },
};

/* Its names, ours. */
static const struct {
	const char *theirs, *ours;
} names[] = {
	{ "hostname", "hostname" },
	{ "message_body", "message" },
	{ "dest_ip", "s-ip" },
	{ "http_method", "cs-method" },
	{ "requested_uri_stem", "cs-uri-stem" },
	{ "source_ip", "source.ip" },
	{ "user_agent", "cs-user-agent" },
	{ "protocol_version", "cs-version" },
	{ "destination_ip", "destination.ip" },
	{ "tcp_flags", "tcpflags" },
	{ "forwarded_for", "x-forwarded-for" },
	{ "http_request_referer", "cs-referer" },
	{ "http_request_method", "cs-method" },
	{ "http_request_uri", "cs-uri" },
	{ "http_request_user_agent", "cs-user-agent" },
	{ "http_version", "cs-version" },
	{ "remote_name", "c-ip" },
	{ "username", "cs-username" },
	{ "audit_type", "type" },
	{ "executable", "exe" },
	{ "success", "success" },
	{ "process_name", "comm" },
	{ "parent_process_identifier", "ppid" },
};
static const struct {
	const char *theirs, *ours;
} numbers[] = {
	{ "dest_port", "s-port" },
	{ "http_status", "sc-status" },
	{ "source_port", "src-port" },
	{ "destination_port", "dst-port" },
	{ "http_response_bytes", "sc-bytes" },
	{ "http_response_code", "sc-status" },
	{ "audit_serial", "sequence" },
};

enum { MAX_EVENTS = 64 };
static struct event events[MAX_EVENTS];
static unsigned n_events, samples;

/* The events of `path` of that format: those that tell a time (directives of a log do not). */
static void read_file(struct arena *a, struct reader *r, const char *file, const char *format)
{
	char path[256];
	struct str rest, record;
	struct event ev;
	bool cut;

	snprintf(path, sizeof path, "timeline-plaso/test_data/%s", file);
	rest = corpus_file(a, path);
	n_events = 0;
	while (records_next(&rest, true, &record, &cut)) {
		reader_read(r, a, record, &ev);
		if (ev.time_told && strcmp(formats[ev.format].name, format) == 0 &&
		    n_events < MAX_EVENTS)
			events[n_events++] = ev;
	}
}

static void check_time(const char *name, const struct event *ev, struct str want)
{
	char text[TIME_TEXT_MAX];

	if (want.n > 10 && want.p[0] == '0') {
		want = str_skip(want, 4);
		time_rfc3339(ev->time, text);
		CHECK(name, str_starts(str_skip(str_of(text), 4), want));
	} else {
		corpus_time(name, ev, want);
	}
}

static void check_sample(const char *name, const struct event *ev, const struct json *values)
{
	struct str when = json_get_str(values, "recorded_time");
	char text[32];
	int64_t v;

	samples++;
	if (when.p == NULL)
		when = json_get_str(values, "last_written_time");
	if (when.p != NULL)
		check_time(name, ev, when);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct str want = json_get_str(values, names[i].theirs);

		/* What a program says inside syslog is for content/decoders. */
		if (strcmp(formats[ev->format].name, "syslog") == 0 &&
		    strcmp(names[i].theirs, "username") == 0)
			continue;
		/* The body of an audit record is cut into fields here. */
		if (want.p != NULL &&
		    (strcmp(names[i].ours, "message") != 0 || corpus_get(ev, "message").p != NULL))
			corpus_check(name, ev, names[i].ours, want);
	}
	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (!json_int(json_get(values, numbers[i].theirs), &v))
			continue;
		snprintf(text, sizeof text, "%lld", (long long)v);
		corpus_check(name, ev, numbers[i].ours, str_of(text));
	}
}

static void check_file(const struct json *want, unsigned joined)
{
	struct str file = json_get_str(want, "file");
	const struct json *list = json_get(want, "samples");
	char name[128];
	int64_t n, index;

	snprintf(name, sizeof name, "%.*s", STR_ARG(file));
	if (!CHECK(name, json_int(json_get(want, "number_of_event_data"), &n)))
		return;
	if (!CHECK(name, n_events + joined == (uint64_t)n))
		printf("  wanted %lld, got %u\n", (long long)n, n_events);
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *s = json_at(list, i);

		if (!json_int(json_get(s, "index"), &index))
			continue;
		/* Joined records stand before the sample in the only file that has them. */
		index -= (uint64_t)index + 1 == (uint64_t)n ? joined : 0;
		if (CHECK(name, index >= 0 && index < (int64_t)n_events))
			check_sample(name, &events[index], json_get(s, "values"));
	}
}

int main(void)
{
	struct zone *utc = zone_load(STR("UTC"), NULL);
	struct read_ctx ctx = { .zone = utc };
	struct str rest, line;
	unsigned found = 0;

	if (!corpus_open("timeline-plaso")) {
		zone_free(utc);
		CHECK("nothing else", true);
		return TEST_REPORT();
	}
	struct arena a = corpus_whole;
	rest = corpus_file(&a, "timeline-plaso/expected.jsonl");
	while (str_line(&rest, &line)) {
		struct json *want;

		if (line.n == 0 || !json_parse(line, line.n, &want, NULL))
			continue;
		for (size_t i = 0; i < COUNT(files); i++) {
			struct arena b = a;

			if (!str_eq(json_get_str(want, "file"), str_of(files[i].file)))
				continue;
			struct reader *r = reader_new(&ctx);
			read_file(&b, r, files[i].file, files[i].format);
			check_file(want, files[i].joined);
			reader_free(r);
			found++;
		}
		json_free(want);
	}
	printf("%u files, %u samples\n", found, samples);
	CHECK("every file has its line", found == COUNT(files));
	corpus_close();
	zone_free(utc);
	return TEST_REPORT();
}
