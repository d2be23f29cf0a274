/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_crowdsec_test.c - logs-crowdsec: lines that its own parsers of web servers, FortiGate,
 * Suricata and auditd read, with the fields they must give.
 *
 * Read from parser.assert: `results["s01-parse"]["PARSER"][N].Evt.Parsed["message"] == "line"` gives
 * the line, the other assertions of the same N what must come out.
 */
#include "base/num.h"
#include "event/corpus_int.h"

static const char *const claimed[] = {
	"crowdsecurity/nginx-logs",    "crowdsecurity/apache2-logs",
	"crowdsecurity/fortinet-logs", "crowdsecurity/suricata-evelogs",
	"crowdsecurity/auditd-logs",   "crowdsecurity/traefik-logs",
	"crowdsecurity/iptables-logs",
};

/* What its names are called here. */
static const struct {
	const char *theirs, *ours;
} names[] = {
	{ "Meta[\"source_ip\"]", "source.ip" },
	{ "Meta[\"http_verb\"]", "http.request.method" },
	{ "Meta[\"http_status\"]", "http.response.status_code" },
	{ "Meta[\"http_user_agent\"]", "user_agent.original" },
	{ "Meta[\"http_path\"]", "cs-uri" },
	{ "Parsed[\"remote_user\"]", "cs-username" },
	{ "Parsed[\"dest_ip\"]", "destination.ip" },
	{ "Parsed[\"exe\"]", "exe" },
	{ "Parsed[\"ppid\"]", "ppid" },
	{ "Meta[\"exe\"]", "exe" },
};

struct want {
	const char *field;
	struct str val;
};
static struct {
	char key[256];
	struct str line;
	struct want want[16];
	size_t n;
	bool success;
} now;
static struct str raw_lines[1024]; /* by N, of the stage before */
static unsigned cases, lines_without;

/* A Go string literal without its quotes. */
static struct str go_string(struct arena *a, struct str s)
{
	char *out = arena_bytes(a, s.n + 1);
	size_t n = 0;

	if (s.n < 2 || s.p[0] != '"' || out == NULL)
		return (struct str){ NULL, 0 };
	for (size_t i = 1; i + 1 < s.n; i++) {
		if (s.p[i] == '\\') {
			i++;
			out[n++] = s.p[i] == 'n' ? '\n' : s.p[i] == 't' ? '\t' : s.p[i];
		} else {
			out[n++] = s.p[i];
		}
	}
	return (struct str){ out, n };
}

/* The stage before keeps the whole line where the parser replaces it by a part. */
static void raw_line(struct arena *a, struct str line)
{
	static const struct str head = STR("results[\"s00-raw\"][\"crowdsecurity/non-syslog\"][");
	static const struct str mark = STR("].Evt.Parsed[\"message\"] == ");
	size_t end = str_find(line, mark);
	uint64_t n;

	if (end < line.n && str_starts(line, head) &&
	    num_parse(str_sub(line, head.n, end), 0, COUNT(raw_lines) - 1, &n))
		raw_lines[n] = go_string(a, str_skip(line, end + mark.n));
}

static struct str whole_line(struct str part)
{
	struct str key = str_of(now.key);
	size_t open = key.n;
	uint64_t n;

	while (open > 0 && key.p[open - 1] != '[')
		open--;
	if (!num_parse(str_skip(key, open), 0, COUNT(raw_lines) - 1, &n) ||
	    str_find(raw_lines[n], part) == raw_lines[n].n)
		return part;
	return raw_lines[n];
}

static void finish(struct arena a, struct reader *r, const char *name)
{
	struct event ev;

	if (now.success && now.line.n > 0 && now.n > 0) {
		reader_read(r, &a, whole_line(now.line), &ev);
		cases++;
		for (size_t i = 0; i < now.n; i++)
			corpus_check(name, &ev, now.want[i].field, now.want[i].val);
	} else if (now.success && now.n > 0) {
		lines_without++;
	}
	now.n = 0;
	now.line.n = 0;
	now.success = false;
}

static bool is_claimed(struct str key)
{
	for (size_t i = 0; i < COUNT(claimed); i++)
		if (str_find(key, str_of(claimed[i])) < key.n)
			return str_starts(key, STR("results[\"s01-parse\"]"));
	return false;
}

/* One assertion: `key[N].Evt.NAME == VALUE`. */
static void assertion(struct arena *a, struct reader *r, struct str line, const char *name)
{
	size_t eq = str_find(line, STR(" == ")), dot;
	struct str left = str_sub(line, 0, eq), right = str_trim(str_skip(line, eq + 4)), key;

	dot = str_find(left, STR("].Evt."));
	if (dot == left.n)
		dot = str_find(left, STR("].Success"));
	key = str_sub(left, 0, dot);
	if (dot == left.n || !is_claimed(key) || key.n >= sizeof now.key)
		return;
	if (!str_eq(key, str_of(now.key))) {
		finish(*a, r, name);
		memcpy(now.key, key.p, key.n);
		now.key[key.n] = '\0';
	}
	left = str_skip(left, dot + 2);
	if (str_starts(left, STR("Success")))
		now.success = str_eq(right, STR("true"));
	if (str_eq(left, STR("Evt.Parsed[\"message\"]")))
		now.line = go_string(a, right);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct str val = { NULL, 0 };

		if (str_starts(left, STR("Evt.")) &&
		    str_eq(str_skip(left, 4), str_of(names[i].theirs)))
			val = go_string(a, right);
		/* Its pattern loses the scheme of an absolute URI; ours keeps the request's. */
		if (str_starts(val, STR("//")))
			continue;
		if (val.n > 0 && !str_eq(val, STR("-")) && now.n < COUNT(now.want))
			now.want[now.n++] = (struct want){ names[i].ours, val };
	}
}

static bool one_file(void *ctx, const char *path, const char *name)
{
	struct read_ctx rc = { 0 };
	struct arena a = corpus_whole;
	struct str rest, line;
	struct reader *r;

	(void)ctx;
	if (strcmp(name, "parser.assert") != 0)
		return true;
	r = reader_new(&rc);
	if (CHECK(path, file_load(&a, AT_FDCWD, path, (size_t)64 << 20, &rest, NULL)))
		while (str_line(&rest, &line)) {
			raw_line(&a, line);
			assertion(&a, r, line, path + strlen(test_corpus()));
		}
	finish(a, r, path);
	now.key[0] = '\0';
	memset(raw_lines, 0, sizeof raw_lines);
	reader_free(r);
	return true;
}

int main(void)
{
	char path[4096];

	if (!corpus_open("logs-crowdsec"))
		return TEST_REPORT();
	snprintf(path, sizeof path, "%s/logs-crowdsec", test_corpus());
	file_walk(path, &(struct walk){ .fn = one_file });
	printf("%u cases, %u without their line\n", cases, lines_without);
	CHECK("cases were found", cases > 40);
	corpus_close();
	return TEST_REPORT();
}
