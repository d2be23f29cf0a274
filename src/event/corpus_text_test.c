/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_text_test.c - logs-fail2ban: each line of a service that content/decoders claims, and that
 * must match, gives its host and its time, read on 2005-08-14 at 12:00 in Europe/Zurich.
 *
 * A line that does not hold the host (that project remembers it from a line before) is counted as
 * told elsewhere. The floors are what is reached: fewer is a regression.
 */
#include "event/corpus_int.h"
#include "event/text.h"

static const struct {
	const char *file;
	unsigned lines, passed, elsewhere;
} services[] = {
	{ "sshd", 109, 97, 12 },        { "pam-generic", 8, 8, 0 },
	{ "postfix", 58, 58, 0 },       { "named-refused", 16, 16, 0 },
	{ "openvpn", 8, 8, 0 },         { "cyrus-imap", 10, 10, 0 },
	{ "sieve", 3, 3, 0 },           { "exim", 48, 48, 0 },
	{ "exim-spam", 8, 8, 0 },       { "recidive", 7, 7, 0 },
	{ "mysqld-auth", 16, 16, 0 },   { "mssql-auth", 4, 4, 0 },
	{ "sendmail-auth", 13, 13, 0 }, { "sendmail-reject", 37, 37, 0 },
	{ "uwimap-auth", 6, 6, 0 },     { "pure-ftpd", 1, 1, 0 },
	{ "wuftpd", 3, 3, 0 },          { "gssftpd", 1, 1, 0 },
	{ "routeros-auth", 3, 3, 0 },   { "selinux-ssh", 5, 5, 0 },
};

static const struct zone *zurich;

struct tally {
	unsigned lines, passed, elsewhere;
};

static bool time_fits(const struct event *ev, struct str when)
{
	char text[40];
	struct civil c;
	int64_t t;
	bool zone;

	if (when.n == 0)
		return true;                  /* it names none */
	if (when.n > 9 && when.p[9] == 'T') { /* one writes "2005-03-7T" */
		snprintf(text, sizeof text, "%.8s0%.*s", when.p, (int)when.n - 8, when.p + 8);
		when = str_of(text);
	}
	if (!ev->time_told || !time_parse_rfc3339(when, &t, &zone))
		return false;
	c = civil_from_time(t);
	t = zone_to_utc(zurich, &c);
	return ev->time >= t && ev->time < t + TIME_SECOND;
}

/* The host as an address or a name, in the ECS run; as written where it is neither: one has a
 * leading zero. */
static bool host_fits(const struct event *ev, struct str host)
{
	struct addr a;

	for (uint32_t i = ev->n_raw; i < ev->n_fields; i++)
		if ((ev->fields[i].id == ECS_SOURCE_IP || ev->fields[i].id == ECS_SOURCE_DOMAIN) &&
		    str_eq(ev->fields[i].val, host))
			return true;
	return ascii_digit(host.p[0]) && !addr_parse(host, &a) &&
	       corpus_has(ev, STR("source.ip"), host);
}

static void one_line(struct reader *r, struct arena a, const struct json *want, struct str line,
		     struct tally *t)
{
	struct str host = json_get_str(want, "host"), when = json_get_str(want, "time");
	struct event ev;

	t->lines++;
	if (host.n == 0 || str_find(line, host) == line.n) {
		t->elsewhere++;
		return;
	}
	reader_read(r, &a, line, &ev);
	if (host_fits(&ev, host) && time_fits(&ev, when)) {
		t->passed++;
		return;
	}
	printf("  not so: %.*s %.*s (%s)\n    %.*s\n", STR_ARG(host), STR_ARG(when),
	       formats[ev.format].name, (int)(line.n > 240 ? 240 : line.n), line.p);
}

static struct tally one_service(struct reader *r, const char *file)
{
	static const struct str mark = STR("# failJSON:");
	struct arena a = corpus_whole;
	char path[256];
	struct str rest, line, note = { NULL, 0 };
	struct json *want;
	struct tally t = { 0 };

	snprintf(path, sizeof path, "logs-fail2ban/logs/%s", file);
	rest = corpus_file(&a, path);
	while (str_line(&rest, &line)) {
		if (str_starts(line, mark))
			note = str_trim(str_skip(line, mark.n));
		if (line.n == 0 || line.p[0] == '#' || note.n == 0)
			continue;
		if (CHECK(file, json_parse(note, note.n, &want, NULL))) {
			if (json_bool(json_get(want, "match"), false))
				one_line(r, a, want, line, &t);
			json_free(want);
		}
		note.n = 0;
	}
	return t;
}

static void all_services(struct reader *r)
{
	for (size_t i = 0; i < COUNT(services); i++) {
		struct tally t = one_service(r, services[i].file);

		printf("%s: %u lines, %u passed, %u told elsewhere, %u failed\n", services[i].file,
		       t.lines, t.passed, t.elsewhere, t.lines - t.passed - t.elsewhere);
		CHECK(services[i].file, t.lines >= services[i].lines);
		CHECK(services[i].file, t.passed >= services[i].passed);
		CHECK(services[i].file, t.elsewhere <= services[i].elsewhere);
	}
}

int main(void)
{
	struct zone *zone = zone_load(STR("Europe/Zurich"), NULL);
	struct civil noon = { .year = 2005, .month = 8, .day = 14, .hour = 12 };
	const char *source = getenv("CANH_SOURCE");
	struct decoders *d;
	struct read_ctx ctx = { .zone = zone };
	struct reader *r;
	char path[4096];

	if (zone == NULL) {
		test_skip("logs-fail2ban", "no time zone Europe/Zurich on this machine");
		CHECK("nothing else", true);
		return TEST_REPORT();
	}
	snprintf(path, sizeof path, "%s/content/decoders", source == NULL ? "." : source);
	d = decoders_load(path, NULL);
	CHECK("content/decoders", d != NULL);
	zurich = zone;
	ctx.now = zone_to_utc(zone, &noon);
	ctx.decoders = d;
	r = reader_new(&ctx);
	if (corpus_open("logs-fail2ban")) {
		all_services(r);
		corpus_close();
	}
	reader_free(r);
	decoders_free(d);
	zone_free(zone);
	return TEST_REPORT();
}
