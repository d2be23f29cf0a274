/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists_event.c - what the lists say about one event: which fields tell what, and what each kind of
 * list makes of it.
 *
 * Invariant: a translated address (NAT) and the organisation's own public ones are never looked up,
 * lists of kind infected never meet traffic. Where the readers found no fact that lists are about,
 * the text is looked at: an indicator in a line that nobody understands is still found.
 */
#include "base/num.h"
#include "base/time.h"
#include "detect/domain.h"
#include "detect/file_name.h"
#include "detect/found_int.h"
#include "event/event.h"
#include "event/formats.h"

enum { HITS_MAX = 64 };

/* How a value stands to the organisation. */
enum role {
	ROLE_FROM, /* who called */
	ROLE_TO,   /* who was called */
	ROLE_WEB,  /* the name or URL that was asked for */
	ROLE_MAIL,
	ROLE_FILE,
	ROLE_RUN,  /* text that was run on a host */
	ROLE_TEXT, /* text of which no reader says what it tells */
};

enum look {
	LOOK_ADDR,
	LOOK_NAME,
	LOOK_URL,
	LOOK_MAIL,
	LOOK_HASH,
	LOOK_HASHES,
	LOOK_FILE,
	LOOK_TEXT
};

/* The facts of an event that lists are about. */
static const struct {
	uint8_t ecs, look, role;
} facts[] = {
	{ ECS_SOURCE_IP, LOOK_ADDR, ROLE_FROM },
	{ ECS_DESTINATION_IP, LOOK_ADDR, ROLE_TO },
	{ ECS_DNS_ANSWER_IP, LOOK_ADDR, ROLE_TO },
	{ ECS_SOURCE_DOMAIN, LOOK_NAME, ROLE_FROM },
	{ ECS_DESTINATION_DOMAIN, LOOK_NAME, ROLE_WEB },
	{ ECS_DNS_QUESTION_NAME, LOOK_NAME, ROLE_WEB },
	{ ECS_TLS_SERVER_NAME, LOOK_NAME, ROLE_WEB },
	{ ECS_URL_DOMAIN, LOOK_NAME, ROLE_WEB },
	{ ECS_URL_FULL, LOOK_URL, ROLE_WEB },
	{ ECS_EMAIL_FROM, LOOK_MAIL, ROLE_MAIL },
	{ ECS_EMAIL_TO, LOOK_MAIL, ROLE_MAIL },
	{ ECS_FILE_HASH_MD5, LOOK_HASH, ROLE_FILE },
	{ ECS_FILE_HASH_SHA1, LOOK_HASH, ROLE_FILE },
	{ ECS_FILE_HASH_SHA256, LOOK_HASH, ROLE_FILE },
	{ ECS_FILE_PATH, LOOK_FILE, ROLE_FILE },
	{ ECS_PROCESS_NAME, LOOK_FILE, ROLE_RUN },
	{ ECS_PROCESS_EXECUTABLE, LOOK_FILE, ROLE_RUN },
	{ ECS_PROCESS_PARENT_EXECUTABLE, LOOK_FILE, ROLE_RUN },
	{ ECS_PROCESS_COMMAND_LINE, LOOK_TEXT, ROLE_RUN },
};

struct judging {
	const struct list_set *set;
	const struct own_ranges *own;
	const struct event *ev;
	struct arena *a;
	struct hit hit[HITS_MAX];
	size_t n;
	bool full;
	struct str field;
	uint8_t role;
	bool told; /* the event has a fact that lists are about */
};

/* Somebody signed in: what turns a counted attacker into an alert. A web page served is no success. */
static bool is_sign_in(const struct event *ev)
{
	struct str category = event_ecs(ev, ECS_EVENT_CATEGORY);

	if (ev->outcome != OUTCOME_SUCCESS)
		return false;
	if (category.n > 0)
		return str_find(category, STR("authentication")) < category.n;
	return event_ecs(ev, ECS_USER_NAME).n > 0 && event_ecs(ev, ECS_HTTP_METHOD).n == 0;
}

static enum severity judge_c2(const struct judging *j)
{
	const struct event *ev = j->ev;

	switch (j->role) {
	case ROLE_TO:
	case ROLE_WEB:
		return ev->direction == DIR_IN || ev->outcome == OUTCOME_DENIED ? SEV_INFORMATIONAL
										: SEV_HIGH;
	case ROLE_FILE:
	case ROLE_RUN:
		return SEV_HIGH;
	case ROLE_MAIL:
	case ROLE_TEXT:
		return SEV_MEDIUM;
	default:
		return SEV_INFORMATIONAL;
	}
}

static enum severity judge_phishing(const struct judging *j, enum indicator_type type)
{
	if (j->ev->outcome == OUTCOME_DENIED)
		return SEV_INFORMATIONAL;
	if (type == IND_IP || type == IND_RANGE)
		return SEV_INFORMATIONAL;
	switch (j->role) {
	case ROLE_WEB:
		return j->ev->direction == DIR_IN ? SEV_INFORMATIONAL : SEV_HIGH;
	case ROLE_FILE:
	case ROLE_RUN:
		return SEV_HIGH;
	case ROLE_MAIL:
	case ROLE_TEXT:
		return SEV_MEDIUM;
	default:
		return SEV_INFORMATIONAL;
	}
}

static enum severity judge(const struct judging *j, const struct hit *h)
{
	switch (h->list->kind) {
	case LIST_C2:
		return judge_c2(j);
	case LIST_ATTACKER:
		if (j->role == ROLE_FILE)
			return SEV_HIGH;
		return j->role == ROLE_FROM && is_sign_in(j->ev) ? SEV_HIGH : SEV_INFORMATIONAL;
	case LIST_PHISHING:
		return judge_phishing(j, (enum indicator_type)h->type);
	default:
		return SEV_MEDIUM;
	}
}

/* The time that lists must be valid at. */
static int64_t time_of(const struct event *ev)
{
	return ev->time_told || ev->time != 0 ? ev->time : ev->received;
}

/* Keep a hit; of one list line in one event the loudest. */
static void keep(struct judging *j, const struct hit *h)
{
	for (size_t i = 0; i < j->n; i++)
		if (j->hit[i].list == h->list && j->hit[i].line == h->line) {
			if (h->severity > j->hit[i].severity)
				j->hit[i] = *h;
			return;
		}
	if (j->n < HITS_MAX)
		j->hit[j->n++] = *h;
	else
		j->full = true;
}

static void judge_hit(struct judging *j, struct hit *h, bool held)
{
	enum severity s = held ? SEV_INFORMATIONAL : judge(j, h);

	if (!h->in_force)
		return;
	h->severity = (uint8_t)s;
	h->use = (uint8_t)hit_use_of(s);
	h->field = j->field;
	if (h->indicator.p == NULL || h->text.p == NULL) {
		j->full = true;
		return;
	}
	keep(j, h);
}

static void judge_found(struct judging *j, const struct found *f, struct str text)
{
	struct found_hit hits[FOUND_MAX];
	struct list_text in = { text, time_of(j->ev) };
	size_t n = f->n == 0 ? 0 : found_hits(j->set, f, &in, j->a, hits);

	for (size_t i = 0; i < n; i++)
		judge_hit(j, &hits[i].hit, hits[i].held);
}

static void look_addr(struct judging *j, struct str val)
{
	struct found f = { .at = time_of(j->ev) };
	struct addr x;

	if (!addr_parse(val, &x) || addr_is_own_public(j->own, &x))
		return;
	find_addr(j->set, &x, &f);
	judge_found(j, &f, val);
}

static void look_name(struct judging *j, struct str val)
{
	struct found f = { .at = time_of(j->ev) };
	char name[DOMAIN_MAX];
	size_t n;
	bool idn;

	if (j->set->tables[T_NAME].n == 0 || !domain_normal(val, name, &n, &idn, NULL)) {
		look_addr(j, val);
		return;
	}
	find_name(j->set, (struct str){ name, n }, &f);
	judge_found(j, &f, val);
}

static void look_url(struct judging *j, struct str val)
{
	unsigned char mem[2 * INDICATOR_MAX];
	struct arena scratch = { mem, mem + sizeof mem };
	struct found f = { .at = time_of(j->ev) };
	struct url_parts u = { 0 };

	if (!url_normal(&scratch, str_sub(val, 0, INDICATOR_MAX), &u, NULL))
		return;
	struct str host = str_sub(u.text, 0, u.path);

	find_url(j->set, host, str_skip(u.text, u.path), &f);
	if (!u.is_addr)
		find_name(j->set, host, &f);
	else if (!addr_is_own_public(j->own, &u.addr))
		find_addr(j->set, &u.addr, &f);
	judge_found(j, &f, val);
}

/* "Name <a@b>", "a@b, c@d": each address. */
static void look_mail(struct judging *j, struct str val)
{
	struct str rest = val, part;

	while (str_split(&rest, ',', &part)) {
		unsigned char mem[2 * INDICATOR_MAX];
		struct arena scratch = { mem, mem + sizeof mem };
		struct found f = { .at = time_of(j->ev) };
		struct indicator x;
		size_t open = str_find_char(part, '<');

		if (open < part.n)
			part = str_sub(part, open + 1, str_find_char(part, '>'));
		part = str_trim(part);
		if (!indicator_parse(&scratch, part, &x, NULL) || x.type != IND_EMAIL)
			continue;
		find_mail(j->set, x.text, &f);
		find_name(j->set, str_skip(x.text, str_find_char(x.text, '@') + 1), &f);
		judge_found(j, &f, part);
	}
}

static void look_hash(struct judging *j, struct str val)
{
	static const struct {
		size_t len;
		enum indicator_type type;
	} kinds[] = {
		{ HASH_MD5_LEN, IND_MD5 },
		{ HASH_SHA1_LEN, IND_SHA1 },
		{ HASH_SHA256_LEN, IND_SHA256 },
	};
	unsigned char sum[HASH_MAX_LEN];
	struct found f = { .at = time_of(j->ev) };

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (hash_hex_parse(val, sum, kinds[i].len))
			find_hash(j->set, kinds[i].type, sum, &f);
	judge_found(j, &f, val);
}

/* "MD5=..,SHA256=.." as Sysmon writes them. */
static void look_hashes(struct judging *j, struct str val)
{
	struct str rest = val, part;

	while (str_split(&rest, ',', &part)) {
		size_t eq = str_find_char(part, '=');

		look_hash(j, str_trim(eq < part.n ? str_skip(part, eq + 1) : part));
	}
}

/* The path of a file or its name; of a long one the end. */
static void look_file(struct judging *j, struct str val)
{
	struct found f = { .at = time_of(j->ev) };

	find_path(j->set, val, &f);
	judge_found(j, &f, val);
}

static bool text_hit(void *ctx, const struct hit *hit, size_t at)
{
	struct judging *j = ctx;
	struct hit h = *hit;
	struct addr x;

	(void)at;
	if (h.type == IND_IP || h.type == IND_RANGE)
		if (addr_parse(h.text, &x) && addr_is_own_public(j->own, &x))
			return true;
	h.text = arena_str(j->a, h.text);
	h.indicator = arena_str(j->a, h.indicator);
	judge_hit(j, &h, h.use == HIT_COUNT);
	return true;
}

static void look_text(struct judging *j, struct str val)
{
	static _Thread_local unsigned char mem[3 << 16];
	struct arena scratch = { mem, mem + sizeof mem };

	list_set_match_text(j->set, (struct list_text){ val, time_of(j->ev) }, scratch, text_hit,
			    j);
}

static void look(struct judging *j, enum look how, struct str val)
{
	static void (*const looks[])(struct judging *, struct str) = {
		[LOOK_ADDR] = look_addr, [LOOK_NAME] = look_name, [LOOK_URL] = look_url,
		[LOOK_MAIL] = look_mail, [LOOK_HASH] = look_hash, [LOOK_HASHES] = look_hashes,
		[LOOK_FILE] = look_file, [LOOK_TEXT] = look_text,
	};

	if (val.n > 0)
		looks[how](j, val);
}

static void look_facts(struct judging *j)
{
	const struct event *ev = j->ev;

	for (uint32_t i = ev->n_raw; i < ev->n_fields; i++)
		for (size_t k = 0; k < COUNT(facts); k++)
			if (ev->fields[i].id == facts[k].ecs) {
				j->field = ev->fields[i].name;
				j->role = facts[k].role;
				/* A program that tells its name may tell more in its text. */
				j->told |= facts[k].look != LOOK_FILE;
				look(j, (enum look)facts[k].look, ev->fields[i].val);
			}
	const struct field *hashes = j->set->tables[T_HASH].n > 0 ? event_raw(ev, STR("Hashes"))
								  : NULL;

	if (hashes == NULL)
		return;
	j->field = hashes->name;
	j->role = ROLE_FILE;
	look(j, LOOK_HASHES, hashes->val);
}

/* An event of which nothing else is known: every text in it but the host that tells of itself. */
static void look_texts(struct judging *j)
{
	static const struct str self[] = { STR("hostname"), STR("host.name"), STR("Computer"),
					   STR("host") };
	const struct event *ev = j->ev;

	j->role = ROLE_TEXT;
	for (uint32_t i = 0; i < ev->n_raw; i++) {
		const struct field *f = &ev->fields[i];
		size_t k = 0;

		while (k < COUNT(self) && !str_eq_nocase(f->name, self[k]))
			k++;
		if (f->type != FIELD_STRING || k < COUNT(self))
			continue;
		j->field = f->name;
		look(j, LOOK_TEXT, f->val);
	}
}

bool list_set_match_event(const struct list_set *set, const struct own_ranges *own,
			  const struct event *ev, struct arena *a, struct hits *out)
{
	struct judging j = { .set = set, .own = own, .ev = ev, .a = a };

	look_facts(&j);
	if (ev->format == FORMAT_UNPARSED) {
		j.field = (struct str){ NULL, 0 };
		j.role = ROLE_TEXT;
		look(&j, LOOK_TEXT, ev->raw);
	} else if (!j.told) {
		look_texts(&j);
	}
	out->n = 0;
	out->hit = NULL;
	if (j.n == 0)
		return !j.full;
	out->hit = NEW(a, struct hit, j.n);
	if (out->hit == NULL)
		return false;
	memcpy(out->hit, j.hit, j.n * sizeof *out->hit);
	out->n = j.n;
	return !j.full;
}

/* Does the range touch one of the own public ones? */
static bool touches_own(const struct own_ranges *own, const struct range *r)
{
	for (size_t i = 0; i < own->n_public; i++)
		if (addr_cmp(&r->lo, &own->public[i].hi) <= 0 &&
		    addr_cmp(&r->hi, &own->public[i].lo) >= 0)
			return true;
	return false;
}

bool list_set_own_findings(const struct list_set *set, const struct own_ranges *own, int64_t now,
			   list_finding_fn *fn, void *ctx)
{
	for (size_t i = 0; i < set->n_ents; i++) {
		const struct entry *e = &set->ents[i];
		const struct list_info *list = &set->lists[e->list];

		if (list->kind != LIST_INFECTED || (e->type != IND_IP && e->type != IND_RANGE))
			continue;
		struct list_finding f = { .list = list,
					  .line = e->line,
					  .range = entry_range(set, e),
					  .note = entry_note(set, e),
					  .expired = list->valid_until != TIME_NONE &&
						     now > list->valid_until };
		int64_t from, until;

		entry_validity(set, e, &from, &until);
		f.expired = f.expired || (until != TIME_NONE && now > until);

		if (touches_own(own, &f.range) && !fn(ctx, &f))
			return false;
	}
	return true;
}
