/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rulebase.c - invariant: a context and every JSON object that came out of it are touched only while
 * the lock of its lane is held.
 *
 * The library reports a bad rule through a callback and goes on; here any report is a failure. It
 * reads a string without telling lines, so on failure the rules are tried one by one to name the line.
 */
#include "event/rulebase.h"

#include "event/rulebase_int.h"

#include <liblognorm.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_PAIRS = 64 };

struct lane {
	pthread_mutex_t lock;
	ln_ctx ctx;
};

/* How often all lanes were busy before one more is opened. */
enum { WAITS_A_LANE = 1000 };

struct rulebase {
	char *rules; /* NUL-terminated; owned: for more lanes */
	size_t max_lanes;
	atomic_size_t n_lanes, waits;
	pthread_mutex_t growing;
	struct lane lane[RULEBASE_MAX_LANES];
};

/* What the library last complained of. */
struct complaint {
	bool any;
	char text[200];
};

static void complain(void *cookie, const char *text, size_t n)
{
	struct complaint *c = cookie;
	const char *mark = memmem(text, n, "]: ", 3); /* behind its own, empty, file name */

	if (c->any)
		return;
	if (mark != NULL) {
		n -= (size_t)(mark + 3 - text);
		text = mark + 3;
	}
	c->any = true;
	snprintf(c->text, sizeof c->text, "%.*s", (int)(n > 190 ? 190 : n), text);
}

/* 2.0.6 hands the cookie of debug messages to the function for errors. */
static void complain_to(ln_ctx ctx, struct complaint *c)
{
	ln_setDebugCB(ctx, NULL, c);
	ln_setErrMsgCB(ctx, c == NULL ? NULL : complain, c);
}

/* `rules` is NUL-terminated. NULL and c->any on failure. */
static ln_ctx open_rules(const char *rules, struct complaint *c)
{
	ln_ctx ctx = ln_initCtx();

	if (ctx == NULL) {
		c->any = true;
		return NULL;
	}
	complain_to(ctx, c);
	if (ln_loadSamplesFromString(ctx, rules) != 0)
		c->any = true;
	complain_to(ctx, NULL);
	if (!c->any)
		return ctx;
	ln_exitCtx(ctx);
	return NULL;
}

/* The library reads past the end of a rule whose '%' are not in pairs. */
static bool paired(struct str line)
{
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++)
		n += line.p[i] == '%';
	return n % 2 == 0;
}

/* The rules one by one, to tell the line. */
static bool first_fault(struct rules *rules, const char *name, struct err *why)
{
	struct complaint c = { 0 };
	ln_ctx ctx = ln_initCtx();
	char *p = rules->text, *end;
	size_t i = 0;

	if (ctx == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", name);
	complain_to(ctx, &c);
	for (; i < rules->n; i++, p = end + 1) {
		char next;

		end = strchr(p, '\n');
		next = end[1];
		end[1] = '\0';
		if (ln_loadSamplesFromString(ctx, p) != 0 || c.any)
			break;
		end[1] = next;
	}
	ln_exitCtx(ctx);
	i = i < rules->n ? rules->line[i] : 0;
	return err_set(why, ERR_INPUT, i, "'%s', line %zu: %s", name, i,
		       c.text[0] != '\0' ? c.text : "?");
}

static bool check_text(struct str text, const char *name, struct err *why)
{
	struct str rest = text, line;
	size_t at = 0;

	if (text.n > RULEBASE_MAX_BYTES)
		return err_set(why, ERR_LIMIT, 0, "longer than %d bytes", RULEBASE_MAX_BYTES);
	while (str_line(&rest, &line)) {
		at++;
		if (at == 1 && !str_eq(line, STR("version=2")))
			return err_set(why, ERR_INPUT, at, "'%s': the first line must be version=2",
				       name);
		if (memchr(line.p, '\0', line.n) != NULL || memchr(line.p, '\r', line.n) != NULL)
			return err_set(why, ERR_INPUT, at, "'%s', line %zu: control character",
				       name, at);
		if (line.n > 0 && line.p[0] != '#' && !paired(line))
			return err_set(why, ERR_INPUT, at,
				       "'%s', line %zu: a %% without its other half", name, at);
		if (str_starts(line, STR("include=")))
			return err_set(why, ERR_INPUT, at, "'%s', line %zu: no includes here", name,
				       at);
	}
	return true;
}

static size_t lanes_wanted(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > RULEBASE_MAX_LANES ? RULEBASE_MAX_LANES : (size_t)n;
}

/* The caller holds r->growing or is alone. */
static bool open_lane(struct rulebase *r, struct complaint *c)
{
	size_t n = atomic_load(&r->n_lanes);

	r->lane[n].ctx = open_rules(r->rules, c);
	if (r->lane[n].ctx == NULL)
		return false;
	pthread_mutex_init(&r->lane[n].lock, NULL);
	atomic_store(&r->n_lanes, n + 1);
	return true;
}

static bool open_text(struct rulebase *r, struct str text, const char *name, struct arena a,
		      struct err *why)
{
	struct rules *rules = NEW(&a, struct rules, 1);
	struct complaint c = { 0 };

	if (rules == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", name);
	if (!rules_expand(&a, text, name, rules, why))
		return false;
	if (rules->n == 0)
		return err_set(why, ERR_INPUT, 0, "no rules in '%s'", name);
	r->rules = malloc(rules->len + 1);
	if (r->rules == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", name);
	memcpy(r->rules, rules->text, rules->len + 1);
	return open_lane(r, &c) || first_fault(rules, name, why);
}

struct rulebase *rulebase_new(struct str text, const char *name, struct err *why)
{
	struct rulebase *r;
	struct arena whole;
	bool ok;

	if (!check_text(text, name, why))
		return NULL;
	r = calloc(1, sizeof *r);
	if (r == NULL || !arena_reserve(&whole, 16 << 20)) {
		free(r);
		(void)err_set(why, ERR_LIMIT, 0, "no memory for the rules of '%s'", name);
		return NULL;
	}
	pthread_mutex_init(&r->growing, NULL);
	r->max_lanes = lanes_wanted();
	ok = open_text(r, text, name, whole, why);
	arena_release(whole);
	if (ok)
		return r;
	rulebase_free(r);
	return NULL;
}

void rulebase_free(struct rulebase *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n_lanes; i++) {
		ln_exitCtx(r->lane[i].ctx);
		pthread_mutex_destroy(&r->lane[i].lock);
	}
	pthread_mutex_destroy(&r->growing);
	free(r->rules);
	free(r);
}

/* All lanes are busy: open one more where that happens often; what cannot be opened is done without. */
static void grow(struct rulebase *r)
{
	struct complaint c = { 0 };

	if (atomic_fetch_add(&r->waits, 1) < WAITS_A_LANE ||
	    pthread_mutex_trylock(&r->growing) != 0)
		return;
	atomic_store(&r->waits, 0);
	if (atomic_load(&r->n_lanes) < r->max_lanes && !open_lane(r, &c))
		r->max_lanes = atomic_load(&r->n_lanes);
	pthread_mutex_unlock(&r->growing);
}

static struct lane *take_lane(struct rulebase *r)
{
	size_t n = atomic_load_explicit(&r->n_lanes, memory_order_acquire);

	for (size_t i = 0; i < n; i++)
		if (pthread_mutex_trylock(&r->lane[i].lock) == 0)
			return &r->lane[i];
	grow(r);
	pthread_mutex_lock(&r->lane[0].lock);
	return &r->lane[0];
}

static struct str text_of(struct json_object *v)
{
	const char *p = json_object_get_string(v);

	return json_object_get_type(v) == json_type_string
		       ? (struct str){ p, (size_t)json_object_get_string_len(v) }
		       : str_of(p);
}

static void give_tags(struct json_object *tags, rulebase_give *give, void *ctx)
{
	int n = json_object_array_length(tags);

	for (int i = 0; i < n; i++)
		give(ctx, STR(""), text_of(json_object_array_get_idx(tags, i)));
}

/* The library adds fields on its way back up: the last of the line first. */
static void give_all(struct json_object *fields, rulebase_give *give, void *ctx)
{
	struct json_object_iterator it = json_object_iter_begin(fields),
				    end = json_object_iter_end(fields);
	struct {
		struct str name;
		struct json_object *val;
	} pair[MAX_PAIRS];
	struct json_object *tags = NULL;
	size_t n = 0;

	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it)) {
		struct str name = str_of(json_object_iter_peek_name(&it));
		struct json_object *val = json_object_iter_peek_value(&it);

		if (str_eq(name, STR("event.tags")))
			tags = val;
		else if (n < COUNT(pair) && val != NULL) {
			pair[n].name = name;
			pair[n++].val = val;
		}
	}
	while (n-- > 0)
		give(ctx, pair[n].name, text_of(pair[n].val));
	if (tags != NULL && json_object_get_type(tags) == json_type_array)
		give_tags(tags, give, ctx);
}

bool rulebase_match(struct rulebase *r, struct str line, rulebase_give *give, void *ctx)
{
	struct lane *lane = take_lane(r);
	struct json_object *fields = NULL;
	bool ok = ln_normalize(lane->ctx, line.p, line.n, &fields) == 0;

	if (ok && fields != NULL)
		give_all(fields, give, ctx);
	if (fields != NULL)
		json_object_put(fields);
	pthread_mutex_unlock(&lane->lock);
	return ok;
}
