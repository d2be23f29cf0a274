/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.c - the table of sources in memory, and its rows.
 *
 * Every number stands as (n, more): n is committed, more waits for the next commit. A commit that
 * fails leaves both, so it can be tried again. Invariant: stored = sum of formats, dropped = sum of
 * reasons, for n and for more.
 */
#include "store/source.h"

#include "base/hash.h"
#include "store/block.h"
#include "store/source_int.h"

#include <assert.h>
#include <stdlib.h>

static const char *const kind_names[SOURCE_KINDS] = { "udp",  "tcp",  "tls",    "push",  "bulk",
						      "file", "drop", "import", "canary" };

const char *source_kind_name(enum source_kind k)
{
	assert(k < SOURCE_KINDS);
	return kind_names[k];
}

struct str source_shown(const struct source_info *s)
{
	bool own_name = s->kind >= SOURCE_PUSH || s->peer.n == 0;

	if (s->given.n > 0)
		return s->given;
	return own_name && s->name.n > 0 ? s->name : s->peer;
}

bool source_kind_find(struct str name, enum source_kind *out)
{
	for (size_t i = 0; i < SOURCE_KINDS; i++)
		if (str_eq(name, str_of(kind_names[i]))) {
			*out = (enum source_kind)i;
			return true;
		}
	return false;
}

struct sources *sources_new(void)
{
	return calloc(1, sizeof(struct sources));
}

void source_drop_new_hosts(struct source *s)
{
	while (s->new_hosts != NULL) {
		struct new_host *next = s->new_hosts->next;

		free(s->new_hosts);
		s->new_hosts = next;
	}
}

static void source_free(struct source *s)
{
	source_drop_new_hosts(s);
	free(s->peer);
	free(s->name);
	free(s->counters);
	free(s->hosts);
	free(s->context);
	free(s);
}

void sources_free(struct sources *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		source_free(s->all[i]);
	free(s);
}

bool sources_waiting(const struct sources *s)
{
	return s->waiting;
}

bool sources_has(const struct sources *s, uint32_t id)
{
	return id > 0 && id <= s->n;
}

/* --- finding and making --- */

char *source_keep(struct str s)
{
	char *p = malloc(s.n + 1);

	if (p != NULL && s.n > 0)
		memcpy(p, s.p, s.n);
	return p;
}

static size_t slot_of(uint8_t kind, struct str peer, struct str name)
{
	return hash_quick(name, hash_quick(peer, kind)) % SLOTS;
}

static bool is(const struct source *s, uint8_t kind, struct str peer, struct str name)
{
	return s->kind == kind && !s->overflow &&
	       str_eq((struct str){ s->peer, s->peer_len }, peer) &&
	       str_eq((struct str){ s->name, s->name_len }, name);
}

static uint32_t find(const struct sources *s, uint8_t kind, struct str peer, struct str name)
{
	size_t at = slot_of(kind, peer, name);

	for (; s->slots[at] != 0; at = (at + 1) % SLOTS)
		if (is(s->all[s->slots[at] - 1], kind, peer, name))
			return s->slots[at];
	return 0;
}

struct source *source_make(struct sources *s, uint8_t kind, struct str peer, struct str name,
			   bool overflow)
{
	struct source *made = calloc(1, sizeof *made);

	assert(s->n < MAX_SOURCES);
	if (made == NULL)
		return NULL;
	*made = (struct source){
		.id = (uint32_t)s->n + 1,
		.kind = kind,
		.overflow = overflow,
		.peer = source_keep(peer),
		.name = source_keep(name),
		.peer_len = peer.n,
		.name_len = name.n,
		.first_seen = TIME_NONE,
		.last_seen = TIME_NONE,
	};
	if (made->peer == NULL || made->name == NULL) {
		source_free(made);
		return NULL;
	}
	s->all[s->n++] = made;
	if (overflow) {
		s->overflow[kind] = made->id;
		return made;
	}
	s->of_kind[kind]++;
	size_t at = slot_of(kind, peer, name);

	while (s->slots[at] != 0)
		at = (at + 1) % SLOTS;
	s->slots[at] = made->id;
	return made;
}

uint32_t sources_find(const struct sources *s, enum source_kind kind, struct str peer,
		      struct str name)
{
	uint8_t k = (uint8_t)kind;
	uint32_t id = find(s, k, str_sub(peer, 0, SOURCE_MAX_TEXT),
			   str_sub(name, 0, SOURCE_MAX_TEXT));

	return id == 0 && s->of_kind[k] >= SOURCES_PER_KIND ? s->overflow[k] : id;
}

bool sources_id(struct sources *s, enum source_kind kind, struct str peer, struct str name,
		uint32_t *out, struct err *why)
{
	uint8_t k = (uint8_t)kind;
	struct source *made;

	assert(kind < SOURCE_KINDS);
	uint32_t id = sources_find(s, kind, peer, name);

	if (id != 0) {
		*out = id;
		return true;
	}
	if (s->of_kind[k] < SOURCES_PER_KIND)
		made = source_make(s, k, str_sub(peer, 0, SOURCE_MAX_TEXT),
				   str_sub(name, 0, SOURCE_MAX_TEXT), false);
	else
		made = source_make(s, k, STR(""), STR(""), true);
	if (made == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	made->dirty = true;
	s->waiting = true;
	*out = made->id;
	return true;
}

/* --- counting --- */

struct counter *source_counter(struct source *s, bool drop, struct str name)
{
	name = str_sub(name, 0, SOURCE_MAX_WORD);
	if (s->n_counters >= SOURCE_MAX_COUNTERS - 2)
		name = STR("other");
	for (size_t i = 0; i < s->n_counters; i++) {
		struct counter *c = &s->counters[i];

		if (c->drop == drop && str_eq((struct str){ c->name, c->len }, name))
			return c;
	}
	if (s->n_counters == s->cap_counters) {
		size_t cap = s->cap_counters == 0 ? 4 : 2 * s->cap_counters;
		struct counter *more = realloc(s->counters, cap * sizeof *more);

		if (more == NULL)
			return NULL;
		s->counters = more;
		s->cap_counters = cap;
	}
	struct counter *c = &s->counters[s->n_counters++];

	*c = (struct counter){ .drop = drop, .len = (uint8_t)name.n };
	if (name.n > 0)
		memcpy(c->name, name.p, name.n);
	return c;
}

static bool knows_host(const struct source *s, uint64_t hash)
{
	for (size_t i = 0; i < s->n_hosts; i++)
		if (s->hosts[i] == hash)
			return true;
	return false;
}

bool source_add_host(struct source *s, uint64_t hash)
{
	if (s->hosts == NULL)
		s->hosts = calloc(SOURCE_MAX_HOSTS, sizeof *s->hosts);
	if (s->hosts == NULL)
		return false;
	s->hosts[s->n_hosts++] = hash;
	return true;
}

/* A host that does not get noted for want of memory is met again by its next record. */
static void note_host(struct source *s, struct str host, int64_t now)
{
	host = str_sub(host, 0, SOURCE_MAX_TEXT);
	uint64_t hash = hash_quick(host, 0);

	if (host.n == 0 || s->n_hosts == SOURCE_MAX_HOSTS || knows_host(s, hash))
		return;
	struct new_host *h = malloc(sizeof *h + host.n);

	if (h == NULL || !source_add_host(s, hash)) {
		free(h);
		return;
	}
	*h = (struct new_host){ s->new_hosts, now, host.n };
	memcpy(h->name, host.p, host.n);
	s->new_hosts = h;
}

struct str sources_context(const struct sources *s, uint32_t id)
{
	assert(sources_has(s, id));
	const struct source *src = s->all[id - 1];

	return (struct str){ src->context, src->context_len };
}

struct source_totals sources_totals(const struct sources *s, uint32_t id)
{
	assert(sources_has(s, id));
	const struct source *src = s->all[id - 1];

	return (struct source_totals){ src->stored.n + src->stored.more,
				       src->dropped.n + src->dropped.more };
}

/* A header is a line or, of those that begin with '#', a run of them; a new one takes the place of the
 * old. */
static bool note_header(struct source *s, const struct event *ev)
{
	struct str raw = ev->raw;
	bool run = raw.n > 0 && raw.p[0] == '#';
	size_t old = s->in_header && run ? s->context_len : 0, len = old + (old > 0) + raw.n;

	s->in_header = ev->header && run;
	if (!ev->header || raw.n == 0 || len > BLOCK_MAX_CONTEXT)
		return true;
	char *context = malloc(len);

	if (context == NULL)
		return false;
	if (old > 0) {
		memcpy(context, s->context, old);
		context[old] = '\n';
	}
	memcpy(context + len - raw.n, raw.p, raw.n);
	free(s->context);
	s->context = context;
	s->context_len = len;
	return true;
}

static void seen(struct sources *all, struct source *s, int64_t now)
{
	if (s->first_seen == TIME_NONE)
		s->first_seen = now;
	if (now > s->last_seen)
		s->last_seen = now;
	s->dirty = true;
	all->waiting = true;
}

bool sources_stored(struct sources *s, const struct event *ev, struct str format, struct err *why)
{
	assert(sources_has(s, ev->source));
	struct source *src = s->all[ev->source - 1];
	struct counter *c = source_counter(src, false, format);

	if (c == NULL || !note_header(src, ev))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	c->v.more++;
	src->stored.more++;
	src->unparsed.more += ev->format == 0;
	note_host(src, event_ecs(ev, ECS_HOST_NAME), ev->received);
	seen(s, src, ev->received);
	return true;
}

bool sources_dropped(struct sources *s, uint32_t id, struct str reason, uint64_t n, int64_t now,
		     struct err *why)
{
	assert(sources_has(s, id));
	struct source *src = s->all[id - 1];
	struct counter *c = source_counter(src, true, reason);

	if (c == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	c->v.more += n;
	src->dropped.more += n;
	seen(s, src, now);
	return true;
}
