/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.c - canh.yaml by a table of settings; a key that is not in it is a mistake, never ignored.
 */
#include "proc/config.h"

#include "base/json.h"
#include "base/jsonw.h"
#include "base/num.h"
#include "base/time.h"
#include "base/yaml.h"
#include "event/formats.h"
#include "proc/address.h"

#include <stddef.h>

enum type { TEXT, NUMBER };

/* Settings that are one value each. */
static const struct setting {
	const char *key;
	enum type type;
	size_t at;
	uint64_t max;
} settings[] = {
	{ "data", TEXT, offsetof(struct config, data), 0 },
	{ "content", TEXT, offsetof(struct config, content), 0 },
	{ "page", TEXT, offsetof(struct config, page), 0 },
	{ "zone", TEXT, offsetof(struct config, zone), 0 },
	{ "certificate", TEXT, offsetof(struct config, certificate), 0 },
	{ "key", TEXT, offsetof(struct config, key), 0 },
	{ "unit", TEXT, offsetof(struct config, unit), 0 },
	{ "witness", TEXT, offsetof(struct config, witness), 0 },
	{ "retention_days", NUMBER, offsetof(struct config, retention_days), 36500 },
	{ "min_free_mb", NUMBER, offsetof(struct config, min_free_mb), 1 << 30 },
};

const char *config_setting(size_t i)
{
	return i < COUNT(settings) ? settings[i].key : NULL;
}

const char *listener_name(enum listener_kind kind)
{
	static const char *const names[] = { "http", "udp", "tcp", "tls" };

	return names[kind];
}

void config_defaults(struct config *c, struct str data, struct str content, struct str page)
{
	*c = (struct config){
		.data = data,
		.content = content,
		.page = page,
		.zone = STR("Asia/Ho_Chi_Minh"),
		.min_free_mb = 1024,
	};
}

bool config_listen(struct arena *a, struct config *c, enum listener_kind kind, struct str address,
		   struct err *why)
{
	struct address parsed;

	if (!address_parse(address, &parsed, why))
		return false;
	if (c->n_listen == CONFIG_MAX_LISTENERS)
		return err_set(why, ERR_LIMIT, 0, "more than %d listeners", CONFIG_MAX_LISTENERS);
	struct str kept = arena_str(a, address);
	if (kept.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "the configuration is too long");
	c->listen[c->n_listen++] = (struct listener){ kind, kept, 0 };
	return true;
}

struct reading {
	struct arena *a;
	struct config *c;
	struct mistake *out;
	size_t n;
};

static void mistake(struct reading *r, uint32_t line, const struct err *why)
{
	if (r->n < CONFIG_MAX_MISTAKES)
		r->out[r->n++] = (struct mistake){ line, *why };
}

static bool set_one(struct reading *r, const struct setting *s, const struct yml *v,
		    struct err *why)
{
	char *field = (char *)r->c + s->at;
	struct str text = yml_str(v);
	uint64_t number;

	if (text.p == NULL)
		return err_set(why, ERR_INPUT, 0, "'%s' wants one value", s->key);
	if (s->type == TEXT) {
		struct str kept = arena_str(r->a, text);

		if (kept.p == NULL)
			return err_set(why, ERR_LIMIT, 0, "the configuration is too long");
		memcpy(field, &kept, sizeof kept);
		return true;
	}
	if (!num_parse(text, 0, s->max, &number))
		return err_set(why, ERR_INPUT, 0, "'%s' wants a number up to %llu, not '%.*s'",
			       s->key, (unsigned long long)s->max, STR_ARG(text));
	memcpy(field, &number, sizeof number);
	return true;
}

/* listen: {http: [..], syslog: [..], syslog_tls: [..]}; one value stands for a list of one. */
static void read_listen(struct reading *r, const struct yml *map)
{
	static const struct {
		const char *key;
		enum listener_kind first, second; /* syslog is both UDP and TCP */
	} kinds[] = { { "http", LISTEN_HTTP, LISTEN_HTTP },
		      { "syslog", LISTEN_UDP, LISTEN_TCP },
		      { "syslog_tls", LISTEN_TLS, LISTEN_TLS } };
	struct err why = { 0 };

	if (map->kind != YML_MAP) {
		err_set(&why, ERR_INPUT, 0, "'%s' wants keys and values", "listen");
		mistake(r, map->line, &why);
	}
	for (const struct yml *v = yml_first(map); v != NULL; v = v->next) {
		size_t k = 0;

		while (k < COUNT(kinds) && !str_eq(v->key, str_of(kinds[k].key)))
			k++;
		if (k == COUNT(kinds)) {
			err_set(&why, ERR_INPUT, 0, "unknown setting '%.*s'", STR_ARG(v->key));
			mistake(r, v->key_line, &why);
			continue;
		}
		for (const struct yml *e = v->kind == YML_SEQ ? yml_first(v) : v; e != NULL;
		     e = v->kind == YML_SEQ ? e->next : NULL) {
			size_t before = r->c->n_listen;

			if (!config_listen(r->a, r->c, kinds[k].first, yml_str(e), &why) ||
			    (kinds[k].second != kinds[k].first &&
			     !config_listen(r->a, r->c, kinds[k].second, yml_str(e), &why)))
				mistake(r, e->line, &why);
			for (size_t i = before; i < r->c->n_listen; i++)
				r->c->listen[i].line = e->line;
		}
	}
}

/* follow: a list of paths or of {path, name}. */
static void read_follow(struct reading *r, const struct yml *seq)
{
	struct err why = { 0 };
	const struct yml *e = seq->kind == YML_SEQ ? yml_first(seq) : seq;

	for (; e != NULL; e = seq->kind == YML_SEQ ? e->next : NULL) {
		struct str path = e->kind == YML_MAP ? yml_get_str(e, "path") : yml_str(e);

		if (path.n == 0 || path.p[0] != '/')
			err_set(&why, ERR_INPUT, 0, "'%s' wants an absolute path", "follow");
		else if (r->c->n_follow == CONFIG_MAX_FOLLOW)
			err_set(&why, ERR_LIMIT, 0, "more than %d files to follow",
				CONFIG_MAX_FOLLOW);
		else {
			r->c->follow[r->c->n_follow++] = (struct follow){
				arena_str(r->a, path), arena_str(r->a, yml_get_str(e, "name"))
			};
			continue;
		}
		mistake(r, e->line, &why);
	}
}

static bool check_way(const struct source_way *w, struct err *why)
{
	if (w->from.n == 0 || (w->format.n == 0 && w->zone.n == 0))
		return err_set(why, ERR_INPUT, 0, "'%s' wants 'from', and 'format' or 'zone'",
			       "sources");
	if (w->format.n > 0 && format_find(w->format) == FORMAT_UNPARSED)
		return err_set(why, ERR_INPUT, 0, "unknown format '%.*s'", STR_ARG(w->format));
	struct zone *z = w->zone.n > 0 ? zone_load(w->zone, why) : NULL;
	bool ok = w->zone.n == 0 || z != NULL;

	zone_free(z);
	return ok;
}

/* sources: a list of {from, format, zone}. */
static void read_sources(struct reading *r, const struct yml *seq)
{
	struct err why = { 0 };
	const struct yml *e = seq->kind == YML_SEQ ? yml_first(seq) : seq;

	for (; e != NULL; e = seq->kind == YML_SEQ ? e->next : NULL) {
		struct source_way w = { arena_str(r->a, yml_get_str(e, "from")),
					arena_str(r->a, yml_get_str(e, "format")),
					arena_str(r->a, yml_get_str(e, "zone")) };
		bool ok = check_way(&w, &why);

		if (ok && r->c->n_way == CONFIG_MAX_WAYS)
			ok = err_set(&why, ERR_LIMIT, 0, "more than %d sources", CONFIG_MAX_WAYS);
		if (ok)
			r->c->way[r->c->n_way++] = w;
		else
			mistake(r, e->line, &why);
	}
}

static void read_setting(struct reading *r, const struct yml *v)
{
	struct err why = { 0 };

	if (str_eq(v->key, STR("listen"))) {
		read_listen(r, v);
		return;
	}
	if (str_eq(v->key, STR("follow"))) {
		read_follow(r, v);
		return;
	}
	if (str_eq(v->key, STR("sources"))) {
		read_sources(r, v);
		return;
	}
	for (size_t i = 0; i < COUNT(settings); i++) {
		if (!str_eq(v->key, str_of(settings[i].key)))
			continue;
		if (!set_one(r, &settings[i], v, &why))
			mistake(r, v->line, &why);
		return;
	}
	err_set(&why, ERR_INPUT, 0, "unknown setting '%.*s'", STR_ARG(v->key));
	mistake(r, v->key_line, &why);
}

size_t config_read(struct arena *a, struct str yaml, struct config *c,
		   struct mistake out[CONFIG_MAX_MISTAKES])
{
	struct reading r = { .a = a, .c = c, .out = out };
	const struct yml *doc = NULL;
	struct err why = { 0 };

	if (!yml_parse(a, yaml, &doc, &why)) {
		mistake(&r, (uint32_t)why.at, &why);
		return r.n;
	}
	if (doc == NULL || yml_is_null(doc))
		return 0;
	if (doc->kind != YML_MAP) {
		err_set(&why, ERR_INPUT, 0, "the configuration wants keys and values");
		mistake(&r, doc->line, &why);
		return r.n;
	}
	for (const struct yml *v = yml_first(doc); v != NULL; v = v->next)
		read_setting(&r, v);
	struct zone *z = zone_load(c->zone, &why);
	if (z == NULL) {
		const struct yml *v = yml_get(doc, "zone");
		mistake(&r, v == NULL ? 0 : v->line, &why);
	}
	zone_free(z);
	return r.n;
}

bool config_own_ca(const struct config *c)
{
	return str_eq(c->certificate, STR("own"));
}

bool config_has_http(const struct config *c)
{
	for (size_t i = 0; i < c->n_listen; i++)
		if (c->listen[i].kind == LISTEN_HTTP)
			return true;
	return false;
}

void config_drop_http(struct config *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n_listen; i++)
		if (c->listen[i].kind != LISTEN_HTTP)
			c->listen[kept++] = c->listen[i];
	c->n_listen = kept;
}

bool config_check(const struct config *c, struct err *why)
{
	bool have_tls = config_own_ca(c) || (c->certificate.n > 0 && c->key.n > 0);

	if (!config_own_ca(c) && (c->certificate.n > 0) != (c->key.n > 0))
		return err_set(why, ERR_INPUT, 0, "'certificate' and 'key' go together");
	size_t pages = 0;
	for (size_t i = 0; i < c->n_listen; i++) {
		const struct listener *l = &c->listen[i];
		struct address a;

		pages += l->kind == LISTEN_HTTP;
		if (pages > 1)
			return err_set(why, ERR_INPUT, 0,
				       "page and API have one address, not also %.*s; for every "
				       "address of this machine give 0.0.0.0:PORT or [::]:PORT",
				       STR_ARG(l->address));
		if (!address_parse(l->address, &a, why))
			return false;
		if (l->kind == LISTEN_HTTP && !address_is_loopback(&a) && !have_tls)
			return err_set(why, ERR_INPUT, 0,
				       "plain HTTP is served on loopback only, not on %.*s: give "
				       "'certificate' and 'key' (PEM files) in canh.yaml, or "
				       "'certificate: own' for one of canh's own CA",
				       STR_ARG(l->address));
		if (l->kind == LISTEN_TLS && !have_tls)
			return err_set(
				why, ERR_INPUT, 0,
				"syslog over TLS on %.*s needs 'certificate' and 'key' in canh.yaml",
				STR_ARG(l->address));
	}
	return true;
}

void config_write(const struct config *c, bool key, struct buf *json)
{
	struct jsonw w = { .out = json };

	jsonw_open(&w, '{');
	for (size_t i = 0; i < COUNT(settings); i++) {
		const char *field = (const char *)c + settings[i].at;

		if (settings[i].type == TEXT) {
			struct str text;

			memcpy(&text, field, sizeof text);
			jsonw_kv_str(&w, settings[i].key, text.p == NULL ? STR("") : text);
		} else {
			uint64_t number;

			memcpy(&number, field, sizeof number);
			jsonw_kv_int(&w, settings[i].key, (int64_t)number);
		}
	}
	jsonw_kv_str(&w, "cert_pem", c->cert_pem);
	jsonw_kv_str(&w, "key_pem", key ? c->key_pem : STR(""));
	jsonw_kv_bool(&w, "own_ca", c->own_ca);
	jsonw_key(&w, "follow");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < c->n_follow; i++) {
		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "path", c->follow[i].path);
		jsonw_kv_str(&w, "name", c->follow[i].name);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_key(&w, "sources");
	jsonw_open(&w, '[');
	for (size_t i = 0; i < c->n_way; i++) {
		jsonw_open(&w, '{');
		jsonw_kv_str(&w, "from", c->way[i].from);
		jsonw_kv_str(&w, "format", c->way[i].format);
		jsonw_kv_str(&w, "zone", c->way[i].zone);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
}

static bool parse_setting(struct arena *a, const struct json *j, const struct setting *s,
			  struct config *out, struct err *why)
{
	const struct json *v = json_get(j, s->key);
	char *field = (char *)out + s->at;
	int64_t number;

	if (s->type == TEXT) {
		struct str kept = arena_str(a, json_str(v));

		if (kept.p == NULL)
			return err_set(why, ERR_LIMIT, 0, "the configuration is too long");
		memcpy(field, &kept, sizeof kept);
		return true;
	}
	if (!json_int(v, &number) || number < 0)
		return err_set(why, ERR_INPUT, 0, "'%s' wants one value", s->key);
	memcpy(field, &number, sizeof number);
	return true;
}

static bool parse_all(struct arena *a, const struct json *j, struct config *out, struct err *why)
{
	const struct json *follow = json_get(j, "follow"), *ways = json_get(j, "sources");

	for (size_t i = 0; i < COUNT(settings); i++)
		if (!parse_setting(a, j, &settings[i], out, why))
			return false;
	out->cert_pem = arena_str(a, json_get_str(j, "cert_pem"));
	out->key_pem = arena_str(a, json_get_str(j, "key_pem"));
	out->own_ca = json_bool(json_get(j, "own_ca"), false);
	for (size_t i = 0; i < json_count(follow) && i < CONFIG_MAX_FOLLOW; i++) {
		const struct json *f = json_at(follow, i);

		out->follow[out->n_follow++] = (struct follow){
			arena_str(a, json_get_str(f, "path")), arena_str(a, json_get_str(f, "name"))
		};
	}
	for (size_t i = 0; i < json_count(ways) && i < CONFIG_MAX_WAYS; i++) {
		const struct json *w = json_at(ways, i);

		out->way[out->n_way++] =
			(struct source_way){ arena_str(a, json_get_str(w, "from")),
					     arena_str(a, json_get_str(w, "format")),
					     arena_str(a, json_get_str(w, "zone")) };
	}
	return true;
}

bool config_parse(struct arena *a, struct str json, struct config *out, struct err *why)
{
	struct config c = { 0 };
	struct json *j = NULL;

	if (!json_parse(json, 1 << 20, &j, why))
		return false;
	bool ok = parse_all(a, j, &c, why);
	json_free(j);
	if (ok)
		*out = c;
	return ok;
}
