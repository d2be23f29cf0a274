/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uploads.c - invariant: a file stands in lists/ or rules/ before its row says so, and goes after it.
 */
#include "proc/uploads.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "proc/kept_imports.h"
#include "proc/kept_rules.h"
#include "respond/exception.h"
#include "state/list_row.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LISTS_TOLD = 4096, FAULTS_TOLD = 100 };
#define ROOM ((size_t)32 << 20)

struct upload {
	struct desk *desk;
	const struct json *ask; /* the request */
	const struct json *got; /* the clerk's answer */
	struct str keep;        /* what the clerk says shall be kept */
	int fd;
	char actor[64];
	struct arena a;
};

static int64_t number(const struct json *j, const char *key, int64_t otherwise)
{
	int64_t n;

	return json_int(json_get(j, key), &n) ? n : otherwise;
}

static bool save(const struct upload *u, const char *folder, const char *id, const char *end,
		 struct err *why)
{
	char path[4096];

	snprintf(path, sizeof path, "%.*s/%s/%s%s", STR_ARG(u->desk->config->data), folder, id,
		 end);
	return file_save(AT_FDCWD, path, u->keep, 0600, why);
}

/* No row says so: a rule file without one would be loaded for ever. */
static void discard(const struct upload *u, const char *folder, const char *id, const char *end)
{
	char path[4096];

	snprintf(path, sizeof path, "%.*s/%s/%s%s", STR_ARG(u->desk->config->data), folder, id,
		 end);
	if (unlink(path) == -1)
		log_error("'%s' could not be taken away: %s", path, strerror(errno));
}

/* SHA-256 and size of the file as it was handed in. */
static bool digest(int fd, char hex[65], int64_t *size, struct err *why)
{
	unsigned char sum[HASH_SHA256_LEN];
	struct stat st;
	void *p;

	if (fstat(fd, &st) == -1 || st.st_size == 0)
		return err_set(why, ERR_INPUT, 0, "the upload is empty");
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	hash_sha256((struct str){ p, (size_t)st.st_size }, sum);
	munmap(p, (size_t)st.st_size);
	hash_hex(sum, sizeof sum, hex);
	*size = st.st_size;
	return true;
}

static struct str or_none(struct str s)
{
	return s.n > 0 ? s : (struct str){ NULL, 0 };
}

static size_t read_faults(struct upload *u, struct list_fault *out)
{
	const struct json *bad = json_get(u->got, "bad");
	size_t n = 0;

	for (; n < json_count(bad) && n < FAULTS_TOLD; n++) {
		const struct json *b = json_at(bad, n), *reason = json_get(b, "reason");

		out[n] = (struct list_fault){ number(b, "line", 0), json_get_str(reason, "vi"),
					      json_get_str(reason, "en") };
	}
	return n;
}

static struct str types_json(struct upload *u)
{
	const struct json *types = json_get(u->got, "types"), *v;
	struct buf b = BUF(4096);
	struct jsonw w = { .out = &b };
	const void *it = NULL;
	struct str key;

	jsonw_open(&w, '{');
	while ((it = json_next(types, it, &key, &v)) != NULL) {
		int64_t n;

		jsonw_key_str(&w, key);
		jsonw_int(&w, json_int(v, &n) ? n : 0);
	}
	jsonw_close(&w, '}');
	struct str kept = arena_str(&u->a, buf_str(&b));
	buf_free(&b);
	return kept;
}

static void write_item(struct upload *u, const struct list_row *row, struct jsonw *w)
{
	jsonw_open(w, '{');
	list_row_put(w, row, json_get_str(json_get(u->ask, "actor"), "name"));
	jsonw_key(w, "bad");
	jsonw_open(w, '[');
	const struct json *bad = json_get(u->got, "bad");
	for (size_t i = 0; i < json_count(bad); i++) {
		const struct json *reason = json_get(json_at(bad, i), "reason");

		jsonw_open(w, '{');
		jsonw_kv_int(w, "line", number(json_at(bad, i), "line", 0));
		jsonw_key(w, "reason");
		jsonw_open(w, '{');
		jsonw_kv_str(w, "vi", json_get_str(reason, "vi"));
		jsonw_kv_str(w, "en", json_get_str(reason, "en"));
		jsonw_close(w, '}');
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_close(w, '}');
}

static bool keep_list(struct upload *u, struct jsonw *w, struct err *why)
{
	struct list_fault *faults = NEW(&u->a, struct list_fault, FAULTS_TOLD);
	struct list_row row = {
		.name = json_get_str(u->ask, "name"),
		.kind = json_get_str(u->ask, "kind"),
		.letter = or_none(json_get_str(u->ask, "letter")),
		.issuer = or_none(json_get_str(u->ask, "issuer")),
		.month = or_none(json_get_str(u->ask, "month")),
		.tlp = or_none(json_get_str(u->ask, "tlp")),
		.valid_from = number(u->ask, "from", TIME_NONE),
		.valid_until = number(u->ask, "to", TIME_NONE),
		.entries = number(u->got, "entries", 0),
		.bad_lines = number(u->got, "bad_lines", 0),
		.imported = time_now(),
		.types_json = types_json(u),
	};
	char hex[65];

	if (row.entries == 0)
		return err_set(why, ERR_INPUT, 0, "no line of the list could be used");
	if (faults == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!digest(u->fd, hex, &row.size_bytes, why))
		return false;
	if (row.name.n == 0)
		row.name = STR("?");
	row.sha256 = str_of(hex);
	row.imported_by = str_of(u->actor);
	uuid_new(row.id);
	if (!save(u, "lists", row.id, ".list", why))
		return false;
	pthread_mutex_lock(&u->desk->lock);
	bool ok = list_row_add(u->desk->db, &row, faults, read_faults(u, faults), u->actor, why);
	pthread_mutex_unlock(&u->desk->lock);
	if (ok)
		write_item(u, &row, w);
	else
		discard(u, "lists", row.id, ".list");
	return ok;
}

/* --- rules --- */

static void write_refusal(struct jsonw *w, const struct json *rule, struct str vi, struct str en)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "file", json_get_str(rule, "file"));
	jsonw_kv_int(w, "line", number(rule, "line", 0));
	jsonw_key(w, "reason");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "vi", vi);
	jsonw_kv_str(w, "en", en);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

/* Is it the file of a rule that this import takes the place of? "import/NAME", "import/NAME/PATH". */
static bool is_former(struct str file, struct str name)
{
	struct str rest = str_skip(file, 7);

	return str_starts(file, STR("import/")) && str_starts(rest, name) &&
	       (rest.n == name.n || rest.p[name.n] == '/');
}

/* Those whose id is that of another rule already: watch would refuse them. How many. */
static int64_t write_taken(struct upload *u, struct str name, struct jsonw *w)
{
	const struct json *rules = json_get(u->got, "rules");
	struct desk *d = u->desk;
	int64_t n = 0;

	pthread_rwlock_rdlock(&d->rules_lock);
	for (size_t i = 0; i < json_count(rules); i++) {
		const struct json *rule = json_at(rules, i);
		struct str file = told_rules_file(d->rules, json_get_str(rule, "id"));
		struct err why = { 0 };
		char vi[ERR_TEXT_MAX];

		if (file.p == NULL || is_former(file, name))
			continue;
		err_set(&why, ERR_INPUT, 0, "its id is that of '%.*s' already", STR_ARG(file));
		err_text(&why, LANG_VI, vi, sizeof vi);
		write_refusal(w, rule, str_of(vi), str_of(why.text));
		n++;
	}
	pthread_rwlock_unlock(&d->rules_lock);
	return n;
}

/* {"refused": [...], "loaded": n}, without its end; n. */
static int64_t write_outcome(struct upload *u, struct str name, struct jsonw *w)
{
	const struct json *refused = json_get(u->got, "refused");
	int64_t loaded = number(u->got, "loaded", 0);

	jsonw_open(w, '{');
	jsonw_key(w, "refused");
	jsonw_open(w, '[');
	for (size_t i = 0; i < json_count(refused); i++) {
		const struct json *f = json_at(refused, i), *reason = json_get(f, "reason");

		write_refusal(w, f, json_get_str(reason, "vi"), json_get_str(reason, "en"));
	}
	loaded -= write_taken(u, name, w);
	jsonw_close(w, ']');
	jsonw_kv_int(w, "loaded", loaded);
	return loaded;
}

static void write_known(const struct kept_import *same, struct jsonw *w)
{
	jsonw_key(w, "known");
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(same->id));
	jsonw_kv_str(w, "name", same->name);
	jsonw_kv_time(w, "imported", same->imported);
	jsonw_close(w, '}');
}

/* What no rule of can be used, or what is kept already, is told and leaves nothing behind. */
static bool keep_rules(struct upload *u, struct jsonw *w, bool *kept, struct err *why)
{
	struct desk *d = u->desk;
	char hex[65], data[4096];
	struct kept_rules k = { .data = data,
				.actor = u->actor,
				.name = json_get_str(u->ask, "name"),
				.text = u->keep };
	struct kept_import same;
	bool known = false;

	k.name = k.name.n > 0 ? k.name : STR("rules.yml");
	snprintf(data, sizeof data, "%.*s", STR_ARG(d->config->data));
	if (!digest(u->fd, hex, &k.bytes, why) ||
	    !kept_imports_same(&u->a, data, u->keep, &same, &known, why))
		return false;
	k.sha256 = str_of(hex);
	k.loaded = write_outcome(u, k.name, w);
	k.refused = number(u->got, "loaded", 0) - k.loaded +
		    (int64_t)json_count(json_get(u->got, "refused"));
	if (known)
		write_known(&same, w);
	jsonw_close(w, '}');
	*kept = k.loaded > 0 && !known;
	return !*kept || kept_rules_save(d->db, &d->lock, &k, why);
}

static bool keep(struct upload *u, struct str parsed_json, struct buf *answer, struct err *why)
{
	bool kept = true;
	struct str op = json_get_str(u->ask, "op"),
		   actor = json_get_str(json_get(u->ask, "actor"), "id");
	struct jsonw w = { .out = answer };
	struct buf told = BUF(32 << 20);
	bool ok;

	if (str_eq(op, STR("list-preview")) || str_eq(op, STR("duty-read")) ||
	    str_eq(op, STR("look"))) {
		buf_add(answer, parsed_json);
		return true;
	}
	snprintf(u->actor, sizeof u->actor, "%.*s", STR_ARG(actor.n > 0 ? actor : STR("canh")));
	ok = str_eq(op, STR("list-import")) ? keep_list(u, &w, why) : keep_rules(u, &w, &kept, why);
	/* It is kept; that watch cannot load it now is said by the rules page, not by this answer. */
	if (ok && kept && !desk_reload(u->desk, &told, why))
		ok = true;
	buf_free(&told);
	return ok;
}

bool upload_keep(struct desk *d, const struct json *request, int upload_fd, struct str parsed,
		 struct buf *answer, struct err *why)
{
	size_t nul = str_find_char(parsed, '\0');
	struct upload u = {
		.desk = d, .ask = request, .fd = upload_fd, .keep = str_skip(parsed, nul + 1)
	};
	struct json *j = NULL;
	struct arena whole;

	if (!json_parse(str_sub(parsed, 0, nul), 64 << 20, &j, why))
		return false;
	if (!arena_reserve(&whole, ROOM)) {
		json_free(j);
		return err_set(why, ERR_LIMIT, 0, "no memory");
	}
	u.got = j;
	u.a = whole;
	bool ok = keep(&u, str_sub(parsed, 0, nul), answer, why);
	arena_release(whole);
	json_free(j);
	return ok;
}

static void write_list(struct jsonw *w, const struct list_row *r)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", str_of(r->id));
	jsonw_kv_str(w, "name", r->name);
	jsonw_kv_str(w, "kind", r->kind);
	jsonw_kv_str(w, "letter", r->letter);
	jsonw_kv_str(w, "issuer", r->issuer);
	jsonw_kv_str(w, "month", r->month);
	jsonw_kv_str(w, "tlp", r->tlp);
	jsonw_kv_str(w, "sha256", r->sha256);
	if (r->valid_from != TIME_NONE)
		jsonw_kv_int(w, "valid_from", r->valid_from);
	if (r->valid_until != TIME_NONE)
		jsonw_kv_int(w, "valid_until", r->valid_until);
	jsonw_close(w, '}');
}

static bool write_exception(void *ctx, struct str id, struct str rule, struct str fields_json,
			    int64_t expires)
{
	struct jsonw *w = ctx;

	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", id);
	jsonw_kv_str(w, "rule", rule);
	jsonw_key(w, "fields");
	jsonw_raw(w, fields_json);
	jsonw_kv_int(w, "expires", expires);
	jsonw_close(w, '}');
	return true;
}

static bool inventory(struct desk *d, struct arena *a, struct jsonw *w, struct err *why)
{
	struct list_row *rows;
	size_t n;

	if (!list_row_all(d->db, a, LISTS_TOLD, &rows, &n, why))
		return false;
	jsonw_key(w, "lists");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		write_list(w, &rows[i]);
	jsonw_close(w, ']');
	jsonw_key(w, "exceptions");
	jsonw_open(w, '[');
	bool ok = exception_each(d->db, time_now(), write_exception, w, why);
	jsonw_close(w, ']');
	return ok;
}

bool upload_inventory(struct desk *d, struct buf *out, struct err *why)
{
	struct jsonw w = { .out = out };
	struct arena whole;
	struct str ranges = { NULL, 0 };

	if (!arena_reserve(&whole, ROOM))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = whole;
	bool ok = desk_ranges(d, &a, &ranges, why);
	if (ok) {
		jsonw_open(&w, '{');
		jsonw_key(&w, "ranges");
		jsonw_raw(&w, ranges);
		pthread_mutex_lock(&d->lock);
		ok = inventory(d, &a, &w, why);
		pthread_mutex_unlock(&d->lock);
		jsonw_close(&w, '}');
	}
	arena_release(whole);
	return ok && (!out->full || err_set(why, ERR_LIMIT, 0, "too many lists and exceptions"));
}
