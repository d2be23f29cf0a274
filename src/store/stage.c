/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stage.c - what waits for the next commit. Everything is copied: events into the block builder, the
 * rest into one arena that is dropped after the commit.
 */
#include "store/writer_int.h"

#include "base/jsonw.h"
#include "base/num.h"
#include "event/formats.h"

#include <assert.h>

enum { ABOUT_MAX = 256 << 10 };

void stage_clear(struct store *s)
{
	block_clear(s->builder);
	buf_clear(&s->bodies);
	if (s->bodies.cap > 16 << 20)
		buf_free(&s->bodies);
	memset(s->blocks, 0, (s->n_blocks + 1) * sizeof *s->blocks);
	s->n_blocks = 0;
	s->staged = 0;
	s->stage = s->whole;
	arena_trim(s->whole, STAGE_KEEP);
	s->streams = s->last_stream = NULL;
	if (s->sent_answers != NULL)
		memset(s->buckets, 0, sizeof s->buckets);
	s->sent_answers = s->last_answer = NULL;
}

bool store_waiting(const struct store *s)
{
	return s->n_blocks > 0 || block_span(s->builder)->n > 0 || s->streams != NULL ||
	       s->sent_answers != NULL || sources_waiting(s->sources);
}

bool stage_block(struct store *s, struct err *why)
{
	struct staged_block *b = &s->blocks[s->n_blocks];
	size_t at = s->bodies.n;

	if (block_span(s->builder)->n == 0)
		return true;
	b->span = *block_span(s->builder);
	if (!block_close(s->builder, s->zstd, &s->bodies, why))
		return false;
	b->at = at;
	b->len = s->bodies.n - at;
	hash_sha256((struct str){ s->bodies.p + at, b->len }, b->hash);
	s->n_blocks++;
	return true;
}

bool store_source(struct store *s, enum source_kind kind, struct str peer, struct str name,
		  uint32_t *out, struct err *why)
{
	return sources_id(s->sources, kind, peer, name, out, why);
}

uint32_t store_source_find(const struct store *s, enum source_kind kind, struct str peer,
			   struct str name)
{
	return sources_find(s->sources, kind, peer, name);
}

struct source_totals store_totals(const struct store *s, uint32_t source)
{
	return sources_totals(s->sources, source);
}

struct str store_context(const struct store *s, uint32_t source)
{
	return sources_context(s->sources, source);
}

bool store_add(struct store *s, const struct event *ev, struct store_ref *out, struct err *why)
{
	struct str format = str_of(formats[ev->format].name);

	assert(sources_has(s->sources, ev->source) && ev->format < formats_n);
	if (s->staged >= STORE_MAX_STAGED || s->n_blocks + 1 >= STAGE_BLOCKS)
		return err_set(why, ERR_LIMIT, 0, "too much waits to be stored");
	if (!block_fits(s->builder, ev) && !stage_block(s, why))
		return false;
	if (!block_add(s->builder, ev, format, sources_context(s->sources, ev->source), why) ||
	    !sources_stored(s->sources, ev, format, why))
		return false;
	s->staged += ev->raw.n + 64;
	*out = (struct store_ref){ .block = (uint32_t)s->n_blocks,
				   .record = block_span(s->builder)->n - 1,
				   .time = ev->time };
	return true;
}

bool store_drop(struct store *s, uint32_t source, struct str reason, uint64_t n, struct err *why)
{
	return n == 0 || sources_dropped(s->sources, source, reason, n, s->clock(), why);
}

/* --- hits --- */

static void strings(struct jsonw *w, const char *key, const struct str *v, size_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		jsonw_str(w, v[i]);
	jsonw_close(w, ']');
}

static void guide(struct jsonw *w, const char *lang, const struct rule_guide *g)
{
	if (g == NULL)
		return;
	jsonw_key(w, lang);
	jsonw_open(w, '{');
	jsonw_kv_str(w, "what", g->what);
	jsonw_kv_str(w, "why", g->why);
	strings(w, "check", g->check, g->n_check);
	strings(w, "act", g->act, g->n_act);
	jsonw_kv_str(w, "call", g->call);
	jsonw_close(w, '}');
}

static void guides(struct jsonw *w, const struct rule_guide *vi, const struct rule_guide *en)
{
	jsonw_key(w, "guide");
	jsonw_open(w, '{');
	guide(w, "vi", vi);
	guide(w, "en", en);
	jsonw_close(w, '}');
}

static void about_rule(struct jsonw *w, const struct rule_info *r)
{
	jsonw_kv_str(w, "kind", STR("rule"));
	jsonw_kv_str(w, "id", r->id);
	jsonw_kv_str(w, "name", r->name);
	jsonw_kv_str(w, "title", r->title);
	jsonw_kv_str(w, "title_vi", r->title_vi);
	jsonw_kv_str(w, "level", str_of(severity_name(r->severity)));
	jsonw_kv_str(w, "status", r->status);
	jsonw_kv_str(w, "description", r->description);
	jsonw_kv_str(w, "author", r->author);
	jsonw_kv_str(w, "file", r->file);
	jsonw_kv_int(w, "line", r->line);
	jsonw_kv_str(w, "logsource", r->logsource);
	strings(w, "tags", r->tags, r->n_tags);
	guides(w, r->guide_vi, r->guide_en);
}

static void about_list(struct jsonw *w, const struct list_info *l)
{
	jsonw_kv_str(w, "kind", STR("indicator"));
	jsonw_kv_str(w, "id", l->id);
	jsonw_kv_str(w, "name", l->name);
	jsonw_kv_str(w, "list_kind", str_of(list_kind_name(l->kind)));
	jsonw_kv_str(w, "letter", l->letter);
	jsonw_kv_str(w, "issuer", l->issuer);
	jsonw_kv_str(w, "month", l->month);
	jsonw_kv_str(w, "tlp", l->tlp);
	jsonw_kv_str(w, "sha256", str_of(l->sha256));
	jsonw_kv_time(w, "valid_from", l->valid_from);
	jsonw_kv_time(w, "valid_until", l->valid_until);
	guides(w, l->guide_vi, l->guide_en);
}

/* What people need to know of the rule or list, as JSON. */
static struct str about(struct arena *a, const struct hit *hit)
{
	struct buf text = BUF(ABOUT_MAX);
	struct jsonw w = { .out = &text };
	struct str kept = { NULL, 0 };

	jsonw_open(&w, '{');
	if (hit->kind == HIT_RULE)
		about_rule(&w, hit->rule);
	else
		about_list(&w, hit->list);
	jsonw_close(&w, '}');
	if (!text.full)
		kept = arena_str(a, buf_str(&text));
	buf_free(&text);
	return kept;
}

/* A copy that binds as text, never as NULL; p is NULL when the arena is full. */
static struct db_val copy(struct arena *a, struct str s, bool *full)
{
	struct str kept = arena_str(a, s);

	*full |= kept.p == NULL;
	return (struct db_val){ .kind = DB_TEXT, .s = kept };
}

static struct db_val word(const char *text)
{
	return (struct db_val){ .kind = DB_TEXT, .s = str_of(text) };
}

bool store_hit(struct store *s, const struct store_ref *ref, const struct hit *hit, struct err *why)
{
	struct arena a = s->stage;
	struct staged_hit *h = NEW(&a, struct staged_hit, 1);
	bool indicator = hit->kind == HIT_INDICATOR, full = false;

	assert(ref->block <= s->n_blocks);
	struct staged_block *b = &s->blocks[ref->block];

	if (h == NULL)
		return err_set(why, ERR_LIMIT, 0, "too much waits to be stored");
	h->about = about(&a, hit);
	const struct db_val vals[HIT_VALS] = {
		[3] = V_INT(ref->record),
		[4] = V_INT(ref->time),
		[5] = word(indicator ? "indicator" : "rule"),
		[6] = word(severity_name(hit->severity)),
		[7] = word(hit_use_name(hit->use)),
		[8] = V_INT(hit->excepted),
		[9] = copy(&a, indicator ? hit->list->id : hit->rule->id, &full),
		[10] = V_INT(indicator ? hit->line : hit->rule->line),
		[11] = copy(&a, hit->indicator, &full),
		[12] = word(indicator ? indicator_type_name(hit->type) : ""),
		[13] = copy(&a, hit->field, &full),
		[14] = copy(&a, hit->text, &full),
		[15] = V_BYTES(h->about_hash, sizeof h->about_hash),
	};

	if (full || h->about.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "too much waits to be stored");
	hash_sha256(h->about, h->about_hash);
	memcpy(h->vals, vals, sizeof vals);
	if (b->last_hit == NULL)
		b->hits = h;
	else
		b->last_hit->next = h;
	b->last_hit = h;
	b->n_hits++;
	s->stage = a;
	return true;
}

/* --- streams and answers --- */

static bool stage_stream(struct store *s, struct staged_stream *at, struct err *why)
{
	struct arena a = s->stage;
	struct staged_stream *kept = NEW(&a, struct staged_stream, 1);

	if (at->key.n == 0 || at->key.n > STORE_MAX_KEY || at->head.n > 64)
		return err_set(why, ERR_INPUT, 0, "no fit name of a stream");
	struct staged_stream *last = s->last_stream;

	if (last != NULL && !at->forget && !last->forget && at->head.n == 0 && last->head.n == 0 &&
	    str_eq(at->key, last->key)) { /* it has only gone on */
		last->place = at->place;
		last->inode = at->inode;
		return true;
	}
	at->key = arena_str(&a, at->key);
	at->head = arena_str(&a, at->head);
	if (kept == NULL || at->key.p == NULL || at->head.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "too much waits to be stored");
	*kept = *at;
	if (s->last_stream == NULL)
		s->streams = kept;
	else
		s->last_stream->next = kept;
	s->last_stream = kept;
	s->stage = a;
	return true;
}

bool store_stream_set(struct store *s, struct str key, const struct store_stream *at,
		      struct err *why)
{
	struct staged_stream staged = {
		.key = key, .head = at->head, .place = at->place, .inode = at->inode
	};

	return stage_stream(s, &staged, why);
}

bool store_stream_forget(struct store *s, struct str key, struct err *why)
{
	struct staged_stream staged = { .key = key, .forget = true };

	return stage_stream(s, &staged, why);
}

void answer_key(struct str token, struct str key, unsigned char out[HASH_SHA256_LEN])
{
	struct hash h;

	hash_begin(&h, HASH_SHA256);
	row_hash(&h, DB_VALS(V_TEXT(token), V_TEXT(key)));
	hash_end(&h, out);
}

struct staged_answer **answer_bucket(struct store *s, const unsigned char key[HASH_SHA256_LEN])
{
	return &s->buckets[load_le32(key) % ANSWER_BUCKETS];
}

bool store_answer_set(struct store *s, const struct store_answer *answer, struct err *why)
{
	struct arena a = s->stage;
	struct staged_answer *kept = NEW(&a, struct staged_answer, 1);

	if (answer->token.n > STORE_MAX_KEY || answer->key.n > STORE_MAX_KEY ||
	    answer->request.n > 64)
		return err_set(why, ERR_INPUT, 0, "a key is longer than %d bytes", STORE_MAX_KEY);
	if (answer->answer.n > STORE_MAX_ANSWER || s->answers >= STORE_MAX_ANSWERS)
		return err_set(why, ERR_LIMIT, 0, "no room to keep the answer to a key");
	if (kept == NULL)
		return err_set(why, ERR_LIMIT, 0, "too much waits to be stored");
	answer_key(answer->token, answer->key, kept->key);
	kept->request = arena_str(&a, answer->request);
	kept->answer = arena_str(&a, answer->answer);
	if (kept->request.p == NULL || kept->answer.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "too much waits to be stored");
	if (s->last_answer == NULL)
		s->sent_answers = kept;
	else
		s->last_answer->next = kept;
	s->last_answer = kept;
	struct staged_answer **bucket = answer_bucket(s, kept->key);
	kept->same_bucket = *bucket;
	*bucket = kept;
	s->stage = a;
	return true;
}
