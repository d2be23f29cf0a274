/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hit_note.c - the command lines, users, addresses and names that tell somebody what happened, of which
 * the tables below say the order; and what the rule matched, where it is not among them.
 */
#include "cmd/hit_note.h"

#include "base/hash.h"
#include "base/time.h"

enum { TEXTS = 3 + 2 * NOTE_VALUES };

/* Each with what stands in for it where it is not told. */
static const struct {
	enum ecs id, or ;
} shown[] = {
	{ ECS_PROCESS_COMMAND_LINE, ECS_PROCESS_EXECUTABLE },
	{ ECS_PROCESS_PARENT_COMMAND_LINE, ECS_PROCESS_PARENT_EXECUTABLE },
	{ ECS_USER_NAME, ECS_NONE },
	{ ECS_TARGET_USER_NAME, ECS_NONE },
	{ ECS_SOURCE_IP, ECS_SOURCE_DOMAIN },
	{ ECS_DESTINATION_IP, ECS_DESTINATION_DOMAIN },
	{ ECS_DESTINATION_PORT, ECS_NONE },
	{ ECS_DNS_QUESTION_NAME, ECS_NONE },
	{ ECS_URL_FULL, ECS_URL_PATH },
	{ ECS_FILE_PATH, ECS_NONE },
	{ ECS_REGISTRY_PATH, ECS_NONE },
	{ ECS_THREAT_NAME, ECS_NONE },
	{ ECS_EMAIL_FROM, ECS_NONE },
	{ ECS_EMAIL_SUBJECT, ECS_NONE },
};
/* What Windows tells and ECS has no name for. */
static const char *const shown_raw[] = { "ScriptBlockText", "ServiceName", "ImagePath",
					 "ServiceFileName", "TaskName",    "ImageLoaded",
					 "TargetImage",     "PipeName",    "ShareName",
					 "Details" };
/* Group-by fields that name a machine. */
static const char *const hosts[] = { "host.name", "Computer", "ComputerName", "hostname" };

struct fixed {
	struct hit_note head; /* its views mean nothing */
	uint32_t len[TEXTS];
};

static struct str cut(struct str s)
{
	size_t n = s.n < NOTE_VALUE_MAX ? s.n : NOTE_VALUE_MAX;

	while (n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--; /* not within a character */
	return str_sub(s, 0, n);
}

static void add(struct hit_note *note, struct str name, struct str val)
{
	struct note_value v = { .name = name, .val = cut(val), .len = val.n };

	if (val.n == 0 || str_eq(val, STR("-")) || note->n == NOTE_VALUES)
		return;
	if (v.val.n < val.n) {
		unsigned char sum[HASH_SHA256_LEN];

		hash_sha256(str_skip(val, v.val.n), sum);
		memcpy(v.rest, sum, sizeof v.rest);
	}
	for (size_t i = 0; i < note->n; i++)
		if (note_value_same(&note->value[i], &v))
			return;
	note->value[note->n++] = v;
	note->key = hash_quick(val, hash_quick(name, note->key));
}

static void add_matched(struct hit_note *note, const struct hit_place *p)
{
	struct str name = p->hit->field;

	for (uint32_t i = 0; i < p->ev->n_raw; i++)
		if (str_eq(p->ev->fields[i].name, name))
			name = field_bare(&p->ev->fields[i]);
	if (name.n > 0)
		add(note, name, p->hit->text);
}

static void add_event(struct hit_note *note, const struct hit_place *p)
{
	for (size_t i = 0; i < COUNT(shown); i++) {
		struct str v = event_ecs(p->ev, shown[i].id);
		enum ecs id = v.n > 0 ? shown[i].id : shown[i].or ;

		if (id != ECS_NONE)
			add(note, ecs_text(id), event_ecs(p->ev, id));
	}
	for (size_t i = 0; i < COUNT(shown_raw); i++) {
		const struct field *f = event_raw(p->ev, str_of(shown_raw[i]));

		if (f != NULL)
			add(note, field_bare(f), f->val);
	}
	add_matched(note, p);
}

static bool names_host(struct str name)
{
	for (size_t i = 0; i < COUNT(hosts); i++)
		if (str_eq_nocase(name, str_of(hosts[i])))
			return true;
	return false;
}

/* Of a correlation: what its events share. */
static void add_window(struct hit_note *note, const struct hit_window *x)
{
	note->from = x->from;
	for (size_t i = 0; i < x->n; i++)
		if (note->host.n == 0 && names_host(x->name[i]))
			note->host = x->group[i];
		else
			add(note, x->name[i], x->group[i]);
}

/* The texts of a note in the order in which they are written. */
static void texts_of(struct hit_note *note, struct str *text[TEXTS])
{
	size_t k = 0;

	text[k++] = &note->indicator;
	text[k++] = &note->host;
	text[k++] = &note->path;
	for (size_t i = 0; i < NOTE_VALUES; i++) {
		text[k++] = &note->value[i].name;
		text[k++] = &note->value[i].val;
	}
}

void hit_note_put(const struct hit_place *p, struct buf *out)
{
	const struct hit *h = p->hit;
	struct fixed f = { .head = { .rule = h->rule,
				     .list = h->list,
				     .time = p->ev->time_told ? p->ev->time : TIME_NONE,
				     .record = p->ev->seq,
				     .kind = h->kind,
				     .severity = h->severity,
				     .known_good = h->known_good != NULL,
				     .indicator = h->indicator,
				     .host = hit_host(p->ev),
				     .path = p->path } };
	struct hit_note *note = &f.head;
	struct str *text[TEXTS];

	note->from = note->time;
	if (h->window != NULL)
		add_window(note, h->window);
	else
		add_event(note, p);
	note->key = hash_quick(note->indicator, hash_quick(note->host, note->key));
	note->key = hash_quick((struct str){ (const char *)&note->rule, sizeof note->rule },
			       note->key ^ (uintptr_t)note->list ^ hit_note_judged(note));
	texts_of(note, text);
	for (size_t i = 0; i < TEXTS; i++)
		f.len[i] = (uint32_t)text[i]->n;
	buf_add(out, (struct str){ (const char *)&f, sizeof f });
	for (size_t i = 0; i < TEXTS; i++)
		buf_add(out, *text[i]);
}

void hit_note_take(struct str bytes, struct hit_note *out)
{
	struct fixed f;
	struct str *text[TEXTS];
	const char *at = bytes.p + sizeof f;

	assert(bytes.n >= sizeof f);
	memcpy(&f, bytes.p, sizeof f);
	*out = f.head;
	texts_of(out, text);
	for (size_t i = 0; i < TEXTS; i++) {
		*text[i] = (struct str){ at, f.len[i] };
		at += f.len[i];
	}
	assert(at == bytes.p + bytes.n);
}
