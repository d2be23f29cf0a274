/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - a message to the rule bases that may know it, and what they found to the event.
 *
 * Invariant: the build is touched only by a rule base that fits the whole message.
 */
#include "event/text.h"

#include "event/normal_int.h"
#include "event/stamp.h"
#include "event/text_int.h"

static struct str cut_ends(const struct decoder *d, struct str s)
{
	for (size_t i = 0; i < d->skip.n; i++)
		if (str_starts(s, d->skip.p[i]))
			s = str_skip(s, d->skip.p[i].n);
	for (size_t i = 0; i < d->end.n; i++)
		if (str_ends(s, d->end.p[i]))
			s = str_sub(s, 0, s.n - d->end.p[i].n);
	return s;
}

/* Solaris puts "[ID 800047 auth.info] " before the message. */
static struct str skip_msgid(struct str s)
{
	size_t end = str_starts(s, STR("[ID ")) ? str_find(str_sub(s, 0, 64), STR("] ")) : s.n;

	return end < s.n && end < 62 ? str_skip(s, end + 2) : s;
}

static bool match_one(struct build *b, const struct decoder *d, struct str message)
{
	struct str s = cut_ends(d, message);
	struct text_gift g = { .b = b, .line = s };

	if (!rulebase_match(d->rules, s, text_give, &g))
		return false;
	text_given(&g);
	if (!g.message)
		build_add(b, STR("message"), message);
	b->ev.format = b->ctx->decoders->format;
	return true;
}

static bool match_any(struct build *b, uint64_t which, struct str message)
{
	const struct decoders *d = b->ctx->decoders;

	for (; which != 0; which &= which - 1)
		if (match_one(b, &d->decoder[__builtin_ctzll(which)], message))
			return true;
	return false;
}

static bool fits(struct texts list, struct str s)
{
	for (size_t i = 0; i < list.n; i++)
		if (str_starts(s, list.p[i]) ||
		    (ascii_digit(s.p[0]) && str_eq(list.p[i], STR("digit"))))
			return true;
	return false;
}

/* Those of `which` of which a beginning fits. */
static uint64_t fitting(const struct decoders *d, uint64_t which, struct str s, bool line)
{
	uint64_t out = 0;

	for (; which != 0; which &= which - 1) {
		size_t i = (size_t)__builtin_ctzll(which);

		if (fits(line ? d->decoder[i].line : d->decoder[i].begins, s))
			out |= UINT64_C(1) << i;
	}
	return out;
}

/* "/usr/sbin/sshd", "postfix/smtpd", "CRON" are asked whole, then by what stands before the last and
 * behind the first slash. */
static uint64_t by_program(const struct decoders *d, struct str program)
{
	uint64_t which = decoders_of_program(d, program);
	size_t slash = str_find_char(program, '/');

	if (which != 0 || slash == program.n)
		return which;
	if (slash > 0)
		return decoders_of_program(d, str_sub(program, 0, slash));
	while (slash < program.n) {
		program = str_skip(program, slash + 1);
		slash = str_find_char(program, '/');
	}
	return decoders_of_program(d, program);
}

/* Some daemons' tags stand in brackets: "[sshd]: ". */
static struct str bracketed(struct str s, struct str *program)
{
	size_t end = s.n > 2 && s.p[0] == '[' ? str_find_char(str_sub(s, 0, 32), ']') : s.n;

	if (end >= s.n || end >= 32)
		return s;
	*program = str_sub(s, 1, end);
	s = str_skip(s, end + 1);
	return str_trim(s.n > 0 && s.p[0] == ':' ? str_skip(s, 1) : s);
}

/* The message, or what stands behind a time of its own; that of the header counts. */
static bool match_timed(struct build *b, uint64_t which, struct str message)
{
	size_t n;
	int64_t t;

	if (match_any(b, which, message))
		return true;
	n = text_stamp(b, message, &t);
	if (n == 0 || n == message.n || !match_any(b, which, str_skip(message, n)))
		return false;
	if (!b->ev.time_told)
		build_time(b, t);
	return true;
}

bool text_payload(struct build *b, struct str message)
{
	const struct decoders *d = b->ctx->decoders;
	struct str program = b->program, rest;
	uint64_t which;

	message = str_trim(message);
	if (d == NULL || message.n == 0 || message.n > TEXT_MAX_LINE)
		return false;
	rest = program.n == 0 ? bracketed(message, &program) : message;
	which = program.n > 0 ? by_program(d, program) : 0;
	if (which != 0 && rest.n > 0 && match_timed(b, which, skip_msgid(rest))) {
		b->program = program;
		return true;
	}
	which = d->begins[(unsigned char)message.p[0]];
	return which != 0 && match_any(b, fitting(d, which, message, false), message);
}

/* "00:00:46: %LINK-3-UPDOWN: ", "1w2d: %...": how long Cisco is up, and no time. */
static size_t uptime(struct str s)
{
	size_t n = 0;

	while (n < s.n && n < 24 &&
	       (ascii_digit(s.p[n]) || strchr("wdhy:.", s.p[n] == '\0' ? ' ' : s.p[n]) != NULL))
		n++;
	return n > 1 && s.p[n - 1] == ':' && str_starts(str_skip(s, n), STR(" %")) ? n + 1 : 0;
}

bool text_read(struct build *b, struct str record, struct err *why)
{
	const struct decoders *d = b->ctx->decoders;
	uint64_t which;
	size_t n;
	int64_t t;

	record = str_trim(record);
	if (d == NULL || record.n == 0 || record.n > TEXT_MAX_LINE)
		return err_set(why, ERR_INPUT, 0, "no text decoder for this");
	n = text_stamp(b, record, &t);
	if (n > 0 && n < record.n && match_any(b, d->timed, str_skip(record, n))) {
		build_time(b, t);
		return true;
	}
	record = str_skip(record, uptime(record));
	which = d->line[(unsigned char)record.p[0]];
	if (which != 0 && match_any(b, fitting(d, which, record, true), record))
		return true;
	return err_set(why, ERR_INPUT, 0, "no text decoder for this");
}

/* "Thu Aug 25 09:36:02 2016": what syslog never begins with. */
static bool weekday(struct str s)
{
	static const char days[] = "MonTueWedThuFriSatSun";

	for (size_t i = 0; i < 7; i++)
		if (s.n > 8 && memcmp(s.p, days + 3 * i, 3) == 0 && s.p[3] == ' ')
			return true;
	return false;
}

int text_probe(struct str record)
{
	if (record.n == 0)
		return 0;
	if (weekday(record))
		return 85;
	return ascii_digit(record.p[0]) || record.p[0] == '[' ? 65 : 1;
}
