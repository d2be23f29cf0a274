/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/sweep_say.h"

#include "base/time.h"
#include "cmd/plain.h"

#include <stdio.h>

enum { PATH_SHOWN = 4096, TEXT_SHOWN = 300, LINE_MAX_BYTES = 64 << 10 };

static void say(struct buf *line)
{
	fprintf(stderr, "%.*s", (int)line->n, line->p);
	buf_free(line);
}

static void say_hit(const struct crew_item *item, const struct inspect_hit *h, struct buf *out)
{
	plain_put(out, item->path, PATH_SHOWN);
	buf_printf(out, ": %s ", inspect_kind_name(h->kind));
	plain_put(out, h->rule, TEXT_SHOWN);
	buf_add(out, STR(" ("));
	plain_put(out, h->source, PATH_SHOWN);
	if (h->line > 0)
		buf_printf(out, ":%llu", (unsigned long long)h->line);
	buf_char(out, ')');
	if (h->note.n > 0) {
		buf_add(out, STR(": "));
		plain_put(out, h->note, TEXT_SHOWN);
	}
	if (h->held) {
		buf_printf(out, msg(MSG_ID(" [known as good: ")));
		plain_put(out, h->known_good->name, PATH_SHOWN);
		buf_char(out, ']');
	}
	if (item->seen.hashed)
		buf_printf(out, " sha256:%s", item->seen.sha256);
	buf_char(out, '\n');
}

void sweep_say_hits(const struct crew_item *item, struct buf *out)
{
	for (size_t i = 0; item->what == CREW_FILE && i < item->seen.n; i++)
		say_hit(item, &item->seen.hit[i], out);
}

static void say_reason(struct str path, const char *reason)
{
	struct buf line = BUF(LINE_MAX_BYTES);

	plain_put(&line, path, PATH_SHOWN);
	buf_printf(&line, ": %s\n", reason);
	say(&line);
}

static void say_error(struct str path, const struct err *why)
{
	char text[ERR_TEXT_MAX];

	say_reason(path, err_text(why, msg_lang(), text, sizeof text));
}

void sweep_say_gap(const struct crew_item *item)
{
	static const char *const parts[INSPECT_PART_N] = {
		[INSPECT_CHANGED] = MSG_ID("it changed while it was read"),
		[INSPECT_TOO_LARGE] = MSG_ID("too large: not hashed, and of its data at most the "
					     "first 4 GiB were searched"),
		[INSPECT_TIMED_OUT] = MSG_ID("the time for rules was up: not all were tried"),
		[INSPECT_TOO_MANY] = MSG_ID("a rule matched too often: not all was counted"),
	};
	const struct inspected *l = &item->seen;

	if (item->what == CREW_FAILED)
		say_error(item->path, &item->why);
	else if (item->what == CREW_SKIPPED && item->skip == WALK_DEEP)
		say_reason(item->path, msg(MSG_ID("too many folders deep: not entered")));
	else if (item->what == CREW_SKIPPED && item->skip == WALK_VANISHED)
		say_reason(item->path, msg(MSG_ID("gone before it could be read")));
	if (item->what != CREW_FILE)
		return;
	if (l->failed)
		say_error(item->path, &l->why);
	for (unsigned p = 0; p < INSPECT_PART_N; p++)
		if ((l->parts >> p & 1) != 0)
			say_reason(item->path, msg(parts[p]));
}

void sweep_say_faults(const struct yara_set *set)
{
	for (size_t i = 0; set != NULL && i < yara_set_faults(set); i++) {
		const struct yara_fault *f = yara_set_fault(set, i);
		struct buf line = BUF(LINE_MAX_BYTES);
		char text[ERR_TEXT_MAX];

		plain_put(&line, f->path, PATH_SHOWN);
		if (f->line > 0)
			buf_printf(&line, ":%llu", (unsigned long long)f->line);
		buf_printf(&line, ": %s\n", err_text(&f->why, msg_lang(), text, sizeof text));
		say(&line);
	}
}

static uint64_t skipped(const struct receipt *r)
{
	uint64_t n = 0;

	for (unsigned s = 0; s < WALK_SKIP_N; s++)
		n += r->skipped[s];
	return n;
}

static void say_skipped(const struct receipt *r)
{
	fprintf(stderr, "%s", msg(MSG_ID("not looked at:")));
	for (unsigned s = 0; s < WALK_SKIP_N; s++)
		if (r->skipped[s] > 0)
			fprintf(stderr, " %s %llu", walk_skip_name((enum walk_skip)s),
				(unsigned long long)r->skipped[s]);
	fputc('\n', stderr);
}

void sweep_say_sum(const struct receipt *r, const struct receipt_about *about)
{
	const struct yara_set *set = about->rules;
	size_t lists = about->lists == NULL ? 0 : list_set_lists(about->lists);

	if (r->interrupted)
		fprintf(stderr, "%s", msg(MSG_ID("interrupted: the rest was not looked at\n")));
	fprintf(stderr,
		msg(MSG_ID("%llu hits; %llu files in %llu folders, %llu MiB, %.1f s; %llu looked "
			   "at in part, %llu could not be read; %zu rules, %zu rule files not "
			   "loaded; %zu lists\n")),
		(unsigned long long)r->hits, (unsigned long long)r->files,
		(unsigned long long)r->walked.folders, (unsigned long long)(r->bytes >> 20),
		(double)r->took / TIME_SECOND, (unsigned long long)r->files_partial,
		(unsigned long long)r->errors, set == NULL ? 0 : yara_set_rules(set),
		set == NULL ? 0 : yara_set_faults(set), lists);
	if (r->held > 0)
		fprintf(stderr, msg(MSG_ID("%llu hits on files that a list knows as good\n")),
			(unsigned long long)r->held);
	if (skipped(r) > 0)
		say_skipped(r);
}

void sweep_say_progress(struct tell_progress *due, const struct receipt *r, bool last)
{
	struct buf text = BUF(LINE_MAX_BYTES);

	if (!tell_progress_due(due, last))
		return;
	int64_t took = time_monotonic() - due->started;
	double rate = took > 0 ? (double)r->bytes / (1 << 20) / ((double)took / TIME_SECOND) : 0;

	buf_printf(&text, msg(MSG_ID("%llu files, %llu MiB, %.0f MiB/s; %llu hits")),
		   (unsigned long long)r->files, (unsigned long long)(r->bytes >> 20), rate,
		   (unsigned long long)r->hits);
	tell_progress_line(buf_str(&text));
	buf_free(&text);
}
