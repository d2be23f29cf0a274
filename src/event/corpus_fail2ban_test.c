/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_fail2ban_test.c - logs-fail2ban: each line of a web server that must match gives its host
 * and its time, read as that project reads: on 2005-08-14 at 12:00 in Europe/Zurich.
 *
 * A time that tells its zone is the same moment everywhere; the others are local.
 */
#include "event/corpus_int.h"

static const struct {
	const char *file;
	unsigned lines; /* that must match, at least */
} services[] = {
	{ "apache-auth", 20 },    { "apache-botsearch", 5 },  { "apache-modsecurity", 2 },
	{ "apache-nohome", 1 },   { "apache-shellshock", 2 }, { "nginx-bad-request", 4 },
	{ "nginx-botsearch", 8 }, { "nginx-limit-req", 4 },   { "traefik-auth", 3 },
	{ "php-url-fopen", 1 },
};

static const struct zone *zurich;

static void check_line(struct reader *r, struct arena a, const struct json *want, struct str line,
		       const char *name)
{
	struct str host = json_get_str(want, "host"), when = json_get_str(want, "time");
	struct event ev;
	struct civil c;
	int64_t t;
	bool zone;

	reader_read(r, &a, line, &ev);
	corpus_check(name, &ev, "source.ip", host);
	if (when.p == NULL)
		return; /* journal lines: that project takes the time from elsewhere */
	if (!time_parse_rfc3339(when, &t, &zone)) {
		CHECK(name, false);
		return;
	}
	c = civil_from_time(t);
	t = zone_to_utc(zurich, &c);
	/* Fractions are not told by that project. */
	if (!CHECK(name, ev.time_told && ev.time >= t && ev.time < t + TIME_SECOND))
		printf("  wanted %.*s\n  %.*s\n", STR_ARG(when), STR_ARG(line));
}

static unsigned one_service(struct reader *r, const char *file)
{
	static const struct str mark = STR("# failJSON:");
	struct arena a = corpus_whole;
	char path[256];
	struct str rest, line, note = { NULL, 0 };
	struct json *want;
	unsigned n = 0;

	snprintf(path, sizeof path, "logs-fail2ban/logs/%s", file);
	rest = corpus_file(&a, path);
	while (str_line(&rest, &line)) {
		if (str_starts(line, mark))
			note = str_trim(str_skip(line, mark.n));
		if (line.n == 0 || line.p[0] == '#' || note.n == 0)
			continue;
		if (CHECK(file, json_parse(note, note.n, &want, NULL))) {
			if (json_bool(json_get(want, "match"), false)) {
				check_line(r, a, want, line, file);
				n++;
			}
			json_free(want);
		}
		note.n = 0;
	}
	return n;
}

int main(void)
{
	struct zone *zone = zone_load(STR("Europe/Zurich"), NULL);
	struct civil noon = { .year = 2005, .month = 8, .day = 14, .hour = 12 };
	struct read_ctx ctx = { .zone = zone };
	struct reader *r;

	if (zone == NULL) {
		test_skip("logs-fail2ban", "no time zone Europe/Zurich on this machine");
		CHECK("nothing else", true);
		return TEST_REPORT();
	}
	zurich = zone;
	ctx.now = zone_to_utc(zone, &noon);
	r = reader_new(&ctx);
	if (corpus_open("logs-fail2ban")) {
		for (size_t i = 0; i < COUNT(services); i++) {
			unsigned n = one_service(r, services[i].file);

			printf("%s: %u lines\n", services[i].file, n);
			CHECK(services[i].file, n >= services[i].lines);
		}
		corpus_close();
	} else {
		CHECK("nothing else", true);
	}
	reader_free(r);
	zone_free(zone);
	return TEST_REPORT();
}
