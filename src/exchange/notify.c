/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notify.c - invariant: nothing secret is written but into KEYS/notify.json. It is saved before the state
 * says what it belongs to, with the secrets that still hold, and once more without them after.
 */
#include "exchange/notify.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/log.h"
#include "exchange/notify_int.h"
#include "state/ledger.h"
#include "state/state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

enum { SETTING_MAX = 1 << 20, SECRETS_MAX = 1 << 18, LOADS = 8 };

const char *const mail_tls_names[3] = { "none", "starttls", "tls" };
const char *const recipient_kinds[4] = { "duty", "role", "contact", "address" };
static const char *const severities[NOTIFY_SEVERITIES] = { "informational", "low", "medium", "high",
							   "critical" };

int notify_severity(struct str name)
{
	for (int i = 0; i < NOTIFY_SEVERITIES; i++)
		if (str_eq(name, str_of(severities[i])))
			return i;
	return -1;
}

const char *notify_severity_name(int rank)
{
	return severities[rank];
}

bool notify_any(const struct notify *n)
{
	for (size_t i = 0; i < NOTIFY_SEVERITIES; i++)
		if (n->rules[i].is_set)
			return true;
	return false;
}

const struct webhook *notify_hook(const struct notify *n, struct str id)
{
	for (size_t i = 0; i < n->n_hooks; i++)
		if (str_eq(id, str_of(n->hooks[i].id)))
			return &n->hooks[i];
	return NULL;
}

/* --- JSON --- */

/* https://host:port/… of what may hold a token. */
static void put_origin(struct jsonw *w, struct str url)
{
	size_t scheme = str_find(url, STR("://")) + 3;
	size_t host = scheme < url.n ? str_find_char(str_skip(url, scheme), '/') : 0;
	struct buf b = BUF(NOTIFY_URL_MAX + 16);

	buf_add(&b, str_sub(url, 0, scheme + host));
	if (url.n > 0)
		buf_add(&b, STR("/…"));
	jsonw_kv_str(w, "url", b.n > 0 ? buf_str(&b) : STR(""));
	buf_free(&b);
}

static void put_smtp(struct jsonw *w, const struct notify *n, bool shown)
{
	jsonw_key(w, "smtp");
	if (!n->smtp) {
		jsonw_null(w);
		return;
	}
	jsonw_open(w, '{');
	jsonw_kv_str(w, "host", n->host);
	jsonw_kv_int(w, "port", n->port);
	jsonw_kv_str(w, "tls", str_of(mail_tls_names[n->tls]));
	jsonw_kv_str(w, "user", n->user.p == NULL ? STR("") : n->user);
	if (shown)
		jsonw_kv_bool(w, "password_set", n->password.n > 0);
	jsonw_kv_str(w, "from", n->from);
	jsonw_kv_str(w, "ca_pem", n->ca_pem.p == NULL ? STR("") : n->ca_pem);
	jsonw_close(w, '}');
}

static void put_hooks(struct jsonw *w, const struct notify *n, bool shown)
{
	jsonw_key(w, "webhooks");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n->n_hooks; i++) {
		const struct webhook *h = &n->hooks[i];

		jsonw_open(w, '{');
		jsonw_kv_str(w, "id", str_of(h->id));
		jsonw_kv_str(w, "name", h->name);
		if (shown) {
			put_origin(w, h->url);
			jsonw_kv_bool(w, "secret_set", h->secret.n > 0);
		}
		jsonw_kv_str(w, "ca_pem", h->ca_pem.p == NULL ? STR("") : h->ca_pem);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void put_recipients(struct jsonw *w, const char *key, const struct recipient *to, size_t n)
{
	jsonw_key(w, key);
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++) {
		jsonw_open(w, '{');
		jsonw_kv_str(w, "kind", str_of(recipient_kinds[to[i].kind]));
		jsonw_kv_str(w, "value", to[i].value);
		if (to[i].kind == TO_ADDRESS)
			jsonw_kv_str(w, "lang", to[i].lang);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

static void put_rule(struct jsonw *w, int rank, const struct notify_rule *r)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "severity", str_of(severities[rank]));
	jsonw_kv_bool(w, "mail", r->mail);
	jsonw_key(w, "webhooks");
	jsonw_open(w, '[');
	for (size_t i = 0; i < r->n_hooks; i++)
		jsonw_str(w, r->hooks[i]);
	jsonw_close(w, ']');
	put_recipients(w, "to", r->to, r->n_to);
	jsonw_kv_int(w, "repeat_min", r->repeat / TIME_MINUTE);
	jsonw_kv_int(w, "escalate_min", r->escalate / TIME_MINUTE);
	put_recipients(w, "escalate_to", r->higher, r->n_higher);
	jsonw_close(w, '}');
}

static void put_clock(struct jsonw *w, const char *key, int minutes)
{
	char text[16];

	snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
	jsonw_kv_str(w, key, str_of(text));
}

/* shown: to people, with what is set of the secrets; else to be kept. */
static void put_members(struct jsonw *w, const struct notify *n, bool shown)
{
	put_smtp(w, n, shown);
	put_hooks(w, n, shown);
	jsonw_key(w, "rules");
	jsonw_open(w, '[');
	for (int i = NOTIFY_SEVERITIES - 1; i >= 0; i--)
		if (n->rules[i].is_set)
			put_rule(w, i, &n->rules[i]);
	jsonw_close(w, ']');
	jsonw_key(w, "quiet");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n->n_quiet; i++) {
		jsonw_open(w, '{');
		jsonw_kv_str(w, "role", n->quiet[i].role);
		put_clock(w, "from", n->quiet[i].from);
		put_clock(w, "to", n->quiet[i].to);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
	jsonw_kv_bool(w, "critical_always", n->critical_always);
	jsonw_kv_bool(w, "exercises", n->exercises);
}

void notify_put(struct jsonw *w, const struct notify *n)
{
	jsonw_kv_int(w, "version", n->version);
	put_members(w, n, true);
}

/* --- secrets --- */

static bool path_of(const char *keys, char out[PATH_MAX], struct err *why)
{
	return snprintf(out, PATH_MAX, "%s/notify.json", keys) < PATH_MAX ||
	       err_set(why, ERR_LIMIT, 0, "name too long: '%s'", keys);
}

/* The secrets that belong to the settings of n: those under its version, else those that were the last
 * to be committed (settings out of a backup, or of before there were versions). */
static void take_secrets(struct arena *a, const struct json *j, struct notify *n)
{
	const struct json *next = json_get(j, "next");
	int64_t version = -1;

	if (next != NULL && json_int(json_get(next, "version"), &version) && version == n->version)
		j = next;
	n->password = arena_str(a, json_get_str(j, "smtp"));
	for (size_t i = 0; i < n->n_hooks; i++) {
		const struct json *h = json_get(json_get(j, "webhooks"), n->hooks[i].id);

		n->hooks[i].url = arena_str(a, json_get_str(h, "url"));
		n->hooks[i].secret = arena_str(a, json_get_str(h, "secret"));
	}
}

static bool load_secrets(struct arena *a, const char *keys, struct notify *n, struct err *why)
{
	char path[PATH_MAX];
	struct json *j = NULL;
	struct stat st;
	struct str text;

	if (!path_of(keys, path, why))
		return false;
	if (stat(path, &st) == -1 && errno == ENOENT)
		return true;
	if (!file_load(a, AT_FDCWD, path, SECRETS_MAX, &text, why) ||
	    !json_parse(text, SECRETS_MAX, &j, why))
		return false;
	take_secrets(a, j, n);
	json_free(j);
	return true;
}

static void put_secrets(struct jsonw *w, const struct notify *n)
{
	jsonw_kv_int(w, "version", n->version);
	jsonw_kv_str(w, "smtp", n->smtp && n->password.p != NULL ? n->password : STR(""));
	jsonw_key(w, "webhooks");
	jsonw_open(w, '{');
	for (size_t i = 0; i < n->n_hooks; i++) {
		jsonw_key(w, n->hooks[i].id);
		jsonw_open(w, '{');
		jsonw_kv_str(w, "url", n->hooks[i].url.p == NULL ? STR("") : n->hooks[i].url);
		jsonw_kv_str(w, "secret",
			     n->hooks[i].secret.p == NULL ? STR("") : n->hooks[i].secret);
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
}

/* next: not committed yet; NULL: none. */
static bool save_secrets(const char *keys, const struct notify *n, const struct notify *next,
			 struct err *why)
{
	struct buf b = BUF(SECRETS_MAX);
	struct jsonw w = { .out = &b };
	char path[PATH_MAX];

	jsonw_open(&w, '{');
	put_secrets(&w, n);
	if (next != NULL) {
		jsonw_key(&w, "next");
		jsonw_open(&w, '{');
		put_secrets(&w, next);
		jsonw_close(&w, '}');
	}
	jsonw_close(&w, '}');
	bool ok = path_of(keys, path, why) &&
		  (!b.full || err_set(why, ERR_LIMIT, 0, "no memory")) &&
		  file_save(AT_FDCWD, path, buf_str(&b), 0600, why);
	crypt_wipe(b.p, b.n);
	buf_free(&b);
	return ok;
}

/* --- kept --- */

static bool load(struct db *db, struct arena *a, const char *keys, struct notify *out,
		 struct err *why)
{
	struct reading r = { a, NULL, true };
	struct notify n = { .critical_always = true };
	struct json *j = NULL;
	struct str text;

	if (!state_setting(db, a, "notify", &text, why))
		return false;
	if (text.n > 0 && !json_parse(text, SETTING_MAX, &j, why))
		return false;
	if (j != NULL)
		notify_read_all(&r, j, &n);
	if (json_get(j, "version") != NULL)
		(void)json_int(json_get(j, "version"), &n.version);
	json_free(j);
	if (!load_secrets(a, keys, &n, why))
		return false;
	*out = n;
	return true;
}

static bool version_of(struct db *db, struct arena scratch, int64_t *out, struct err *why)
{
	struct json *j = NULL;
	struct str text;

	*out = 0;
	if (!state_setting(db, &scratch, "notify", &text, why) ||
	    (text.n > 0 && !json_parse(text, SETTING_MAX, &j, why)))
		return false;
	if (json_get(j, "version") != NULL)
		(void)json_int(json_get(j, "version"), out);
	json_free(j);
	return true;
}

bool notify_load(struct db *db, struct arena *a, const char *keys, struct notify *out,
		 struct err *why)
{
	const struct arena before = *a;
	int64_t now;

	/* a change between the settings and the file would join what does not belong together */
	for (int i = 0; i < LOADS; i++) {
		*a = before;
		if (!load(db, a, keys, out, why) || !version_of(db, *a, &now, why))
			return false;
		if (now == out->version)
			return true;
	}
	return err_set(why, ERR_STATE, 0,
		       "somebody else has changed this meanwhile; load it again");
}

static bool keep(struct db *db, const struct notify *n, const char *actor, struct err *why)
{
	const struct ledger_note note = { actor, "notify.changed", STR("notify"), TIME_NONE };
	struct buf b = BUF(SETTING_MAX);
	struct jsonw w = { .out = &b };
	int64_t rules = 0;

	jsonw_open(&w, '{');
	jsonw_kv_int(&w, "version", n->version);
	put_members(&w, n, false);
	jsonw_close(&w, '}');
	for (size_t i = 0; i < NOTIFY_SEVERITIES; i++)
		rules += n->rules[i].is_set;
	bool ok = (!b.full || err_set(why, ERR_LIMIT, 0, "no memory")) &&
		  state_setting_put(db, "notify", buf_str(&b), actor, why) &&
		  ledger_append(db, &note,
				LEDGER_FIELDS(F_BOOL("mail", n->smtp), F_INT("rules", rules),
					      F_PERSONAL("settings", buf_str(&b)),
					      F_INT("webhooks", n->n_hooks)),
				NULL, why);
	buf_free(&b);
	return ok;
}

static bool edit(struct db *db, struct arena *a, const char *keys, struct notify_edit *e,
		 struct notify *out, struct err *why)
{
	struct notify *old = NEW(a, struct notify, 1), *new = NEW(a, struct notify, 1);

	if (old == NULL || new == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!load(db, a, keys, old, why))
		return false;
	e->stale = e->version >= 0 && e->version != old->version;
	if (e->stale)
		return err_set(why, ERR_STATE, 0,
			       "somebody else has changed this meanwhile; load it again");
	*new = *old;
	if (!notify_change(a, e->body, new, &e->sink))
		return err_set(why, ERR_INPUT, 0, "some fields are not valid");
	new->version++;
	if (!save_secrets(keys, old, new, why) || !keep(db, new, e->actor, why))
		return false;
	*out = *new;
	return true;
}

/* With the write lock, so that nobody's next secrets go. */
static bool drop_old(struct db *db, struct arena scratch, const char *keys, int64_t version,
		     struct err *why)
{
	struct notify *n = NEW(&scratch, struct notify, 1);

	if (n == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!db_begin(db, why))
		return false;
	bool ok = load(db, &scratch, keys, n, why) &&
		  (n->version != version || save_secrets(keys, n, NULL, why));
	db_rollback(db);
	return ok;
}

bool notify_edit(struct db *db, struct arena *a, const char *keys, struct notify_edit *e,
		 struct notify *out, struct err *why)
{
	struct err late = { 0 };
	struct notify *n = NEW(a, struct notify, 1);

	e->stale = false;
	if (n == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!db_begin(db, why) || !db_leave(db, edit(db, a, keys, e, n, why), why))
		return false;
	/* the change holds already: the old secrets stay in the file until the next one */
	if (!drop_old(db, *a, keys, n->version, &late))
		log_warn("secrets that are no longer used stay in the key folder: %s", late.text);
	*out = *n;
	return true;
}
