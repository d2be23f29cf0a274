/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_decoders_test.c - logs-crowdsec: what content/decoders makes of the messages that its parsers
 * of daemons read, against the fields that they must give.
 *
 * parser.assert tells for each parser and number N the program, the message and the fields. The
 * message is read behind a header with that program, or as it stands where it tells none.
 */
#include "base/num.h"
#include "event/corpus_int.h"
#include "event/text.h"

static struct parser {
	const char *name;
	unsigned passed; /* floor */
	unsigned cases, ok;
} parsers[] = {
	{ "crowdsecurity/sshd-logs", 46, 0, 0 },
	{ "crowdsecurity/sshd-success-logs", 4, 0, 0 },
	{ "fulljackz/pureftpd-logs", 15, 0, 0 },
	{ "crowdsecurity/exim-logs", 11, 0, 0 },
	{ "mstilkerich/bind9", 12, 0, 0 },
	{ "crowdsecurity/dovecot-logs", 8, 0, 0 },
	{ "a1ad/mikrotik-logs", 7, 0, 0 },
	{ "crowdsecurity/mssql-text-logs", 7, 0, 0 },
	{ "\"vsftpd-logs", 3, 0, 0 },
	{ "crowdsecurity/postscreen-logs", 2, 0, 0 },
	{ "crowdsecurity/pam-logs", 2, 0, 0 },
	{ "crowdsecurity/amavis-logs", 1, 0, 0 },
	{ "crowdsecurity/smb-logs", 2, 0, 0 },
	{ "crowdsecurity/pkexec-logs", 1, 0, 0 },
	{ "crowdsecurity/wireguard-logs", 4, 0, 0 },
	{ "crowdsecurity/supabase-docker-pgsql", 6, 0, 0 },
	{ "firewallservices/pf-logs\"", 9, 0, 0 },
};

/* Their name of a field, and every name it may have here. */
static const struct {
	struct str theirs;
	enum ecs ours[2];
} names[] = {
	{ STR("Meta[\"source_ip\"]"), { ECS_SOURCE_IP } },
	{ STR("Meta[\"target_user\"]"), { ECS_USER_NAME, ECS_TARGET_USER_NAME } },
	{ STR("Meta[\"user\"]"), { ECS_USER_NAME } },
	{ STR("Parsed[\"sshd_client_port\"]"), { ECS_SOURCE_PORT } },
	{ STR("Parsed[\"source_port\"]"), { ECS_SOURCE_PORT } },
	{ STR("Parsed[\"remote_port\"]"), { ECS_SOURCE_PORT } },
	{ STR("Parsed[\"src_port\"]"), { ECS_SOURCE_PORT } },
	{ STR("Parsed[\"dst_port\"]"), { ECS_DESTINATION_PORT } },
	{ STR("Parsed[\"dst_ip\"]"), { ECS_DESTINATION_IP } },
	{ STR("Parsed[\"dovecot_user\"]"), { ECS_USER_NAME } },
	{ STR("Parsed[\"dovecot_local_ip\"]"), { ECS_DESTINATION_IP } },
	{ STR("Parsed[\"source_dns\"]"), { ECS_SOURCE_DOMAIN } },
	{ STR("Parsed[\"username\"]"), { ECS_USER_NAME } },
	{ STR("Parsed[\"amavis_from\"]"), { ECS_EMAIL_FROM } },
	{ STR("Parsed[\"amavis_to\"]"), { ECS_EMAIL_TO } },
	{ STR("Parsed[\"pgsql_dbname\"]"), { ECS_NONE } },
};

struct want {
	size_t name;
	struct str val;
};
static struct {
	char key[200];
	struct parser *of;
	struct str message, program;
	struct want want[32];
	size_t n;
	bool success;
} now;

/* A Go string literal without its quotes. */
static struct str go_string(struct arena *a, struct str s)
{
	char *out = arena_bytes(a, s.n + 1);
	size_t n = 0;

	if (s.n < 2 || s.p[0] != '"' || out == NULL)
		return (struct str){ NULL, 0 };
	for (size_t i = 1; i + 1 < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		out[n++] = s.p[i - 1] == '\\' && s.p[i] == 'n'   ? '\n'
			   : s.p[i - 1] == '\\' && s.p[i] == 't' ? '\t'
								 : s.p[i];
	}
	return (struct str){ out, n };
}

static bool holds(const struct event *ev, const struct want *w)
{
	for (uint32_t i = ev->n_raw; i < ev->n_fields; i++)
		for (size_t k = 0; k < 2; k++)
			if (ev->fields[i].id == names[w->name].ours[k] &&
			    str_eq(ev->fields[i].val, w->val))
				return true;
	return false;
}

/* Programs that write files of their own: the message is the line. */
static bool is_file(struct str program)
{
	static const struct str files[] = { STR("mssql"), STR("vsftpd"), STR("postgres"),
					    STR("mikrotik") };

	for (size_t i = 0; i < COUNT(files); i++)
		if (str_eq(program, files[i]))
			return ascii_digit(now.message.p[0]) || ascii_alpha(now.message.p[0]);
	return false;
}

static void finish(struct arena a, struct reader *r)
{
	struct event ev;
	struct str line = now.message;
	bool ok = true;

	if (!now.success || now.message.n == 0 || now.n == 0)
		return;
	if (now.program.n > 0 && !is_file(now.program))
		line = arena_printf(&a, "<38>Mar 10 12:00:00 host %.*s: %.*s", STR_ARG(now.program),
				    STR_ARG(now.message));
	reader_read(r, &a, line, &ev);
	for (size_t i = 0; i < now.n; i++) {
		if (holds(&ev, &now.want[i]))
			continue;
		ok = false;
		printf("  not so: %.*s %.*s (%s)\n    %.*s\n",
		       STR_ARG(names[now.want[i].name].theirs), STR_ARG(now.want[i].val),
		       formats[ev.format].name, (int)(line.n > 240 ? 240 : line.n), line.p);
	}
	now.of->cases++;
	now.of->ok += ok;
}

static struct parser *parser_of(struct str key)
{
	if (!str_starts(key, STR("results[\"s01-parse\"]")))
		return NULL;
	for (size_t i = 0; i < COUNT(parsers); i++)
		if (str_find(key, str_of(parsers[i].name)) < key.n)
			return &parsers[i];
	return NULL;
}

/* One assertion of the case: `.NAME == VALUE`. */
static void fact(struct arena *a, struct str left, struct str right)
{
	if (str_eq(left, STR("Success")))
		now.success = str_eq(right, STR("true"));
	if (!str_starts(left, STR("Evt.")))
		return;
	left = str_skip(left, 4);
	struct str val = go_string(a, right);
	if (str_eq(left, STR("Parsed[\"message\"]")))
		now.message = val;
	if (str_eq(left, STR("Parsed[\"program\"]")))
		now.program = val;
	for (size_t i = 0; i < COUNT(names); i++)
		if (str_eq(left, names[i].theirs) && val.n > 0 && names[i].ours[0] != ECS_NONE &&
		    now.n < COUNT(now.want))
			now.want[now.n++] = (struct want){ i, val };
}

static void assertion(struct arena *a, struct reader *r, struct str line)
{
	size_t eq = str_find(line, STR(" == ")), dot;
	struct str left = str_sub(line, 0, eq), right = str_trim(str_skip(line, eq + 4)), key;

	dot = str_find(left, STR("].Evt."));
	if (dot == left.n)
		dot = str_find(left, STR("].Success"));
	key = str_sub(left, 0, dot);
	if (dot == left.n || parser_of(key) == NULL || key.n >= sizeof now.key)
		return;
	if (!str_eq(key, str_of(now.key))) {
		finish(*a, r);
		memset(&now, 0, sizeof now);
		memcpy(now.key, key.p, key.n);
		now.of = parser_of(key);
	}
	fact(a, str_skip(left, dot + 2), right);
}

static bool one_file(void *ctx, const char *path, const char *name)
{
	struct arena a = corpus_whole;
	struct str rest, line;
	struct reader *r = ctx;

	if (strcmp(name, "parser.assert") != 0)
		return true;
	if (CHECK(path, file_load(&a, AT_FDCWD, path, (size_t)64 << 20, &rest, NULL)))
		while (str_line(&rest, &line))
			assertion(&a, r, line);
	finish(a, r);
	memset(&now, 0, sizeof now);
	return true;
}

static void all_parsers(struct reader *r)
{
	char path[4096];
	struct walk w = { .fn = one_file, .ctx = r };

	snprintf(path, sizeof path, "%s/logs-crowdsec", test_corpus());
	CHECK("logs-crowdsec", file_walk(path, &w));
	for (size_t i = 0; i < COUNT(parsers); i++) {
		const struct parser *p = &parsers[i];

		printf("%s: %u cases, %u passed, %u failed\n", p->name, p->cases, p->ok,
		       p->cases - p->ok);
		CHECK(p->name, p->ok >= p->passed && p->cases > 0);
	}
}

int main(void)
{
	const char *source = getenv("CANH_SOURCE");
	struct read_ctx ctx = { .now = INT64_C(1773118800000000) };
	struct decoders *d;
	struct reader *r;
	char path[4096];

	snprintf(path, sizeof path, "%s/content/decoders", source == NULL ? "." : source);
	d = decoders_load(path, NULL);
	CHECK("content/decoders", d != NULL);
	ctx.decoders = d;
	r = reader_new(&ctx);
	if (corpus_open("logs-crowdsec")) {
		all_parsers(r);
		corpus_close();
	}
	reader_free(r);
	decoders_free(d);
	return TEST_REPORT();
}
