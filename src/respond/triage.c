/* SPDX-License-Identifier: Apache-2.0 */
/*
 * triage.c - what people do with an alert: a patch is one to four steps in one transaction.
 *
 * The words people write (comment, reason, action) may name people: the history keeps them, the
 * ledger binds them by a salted commitment.
 */
#include "respond/alert.h"

#include "base/utf8.h"
#include "respond/alert_int.h"
#include "respond/undo_int.h"

#include <stdio.h>

enum { TEXT_MAX = 4000, TITLE_MAX = 300, HOST_MAX = 255, DETAIL_MAX = 1 << 16 };

struct change {
	struct db *db;
	const struct actor *who;
	const struct alert_patch *patch;
	struct alert_row row;
	int64_t now;
	struct err *why;
};

/* --- steps --- */

/* A detail of one or two texts, NULL keys left out. */
static bool step(struct change *c, const char *act, const char *key, struct str value,
		 const char *key2, struct str value2)
{
	struct buf b = BUF(DETAIL_MAX);
	struct jsonw w = { .out = &b };
	bool plain = strcmp(act, "assigned") == 0;
	struct ledger_field fields[2];
	size_t n = 0;

	jsonw_open(&w, '{');
	if (key != NULL)
		jsonw_kv_str(&w, key, value);
	if (key2 != NULL && value2.n > 0)
		jsonw_kv_str(&w, key2, value2);
	jsonw_close(&w, '}');
	if (key != NULL)
		fields[n++] = plain ? F_TEXT(key, value) : F_PERSONAL(key, value);
	if (key2 != NULL && value2.n > 0)
		fields[n++] = F_PERSONAL(key2, value2);
	const struct alert_step s = { act, c->who->actor, c->now, buf_str(&b), fields, n };
	bool ok = b.full ? err_set(c->why, ERR_LIMIT, 0, "the text is too long")
			 : alert_step_put(c->db, &c->row, &s, c->why);

	buf_free(&b);
	return ok;
}

static bool assign(struct change *c)
{
	struct str to = c->patch->assignee;
	int64_t n = 1;

	if (!c->patch->has_assignee || str_eq(to, str_of(c->row.assignee)))
		return true;
	/* somebody who can see it */
	if (to.n > 0 && !db_number(c->db,
				   "SELECT count(*) FROM users u JOIN grants g ON g.user_id = u.id"
				   " WHERE u.id = $1 AND u.disabled = 0 AND " REACHES(
					   "g.unit", "g.site", "$2", "$3"),
				   DB_VALS(V_TEXT(to), HOME_VALS(&c->row.home)), &n, c->why))
		return false;
	if (n == 0 || to.n > UUID_LEN)
		return err_set(c->why, ERR_INPUT, 0, "no such user to assign to");
	snprintf(c->row.assignee, sizeof c->row.assignee, "%.*s", STR_ARG(to));
	return step(c, "assigned", "assignee", to, NULL, STR(""));
}

static bool judge(struct change *c)
{
	const struct alert_patch *p = c->patch;
	bool truly = str_eq(p->verdict, STR("true"));

	if (p->verdict.p == NULL)
		return true;
	if (!truly && !str_eq(p->verdict, STR("false")))
		return err_set(c->why, ERR_INPUT, 0, "a verdict is 'true' or 'false'");
	if (c->row.state == AS_HANDLED)
		return err_set(c->why, ERR_STATE, 0, "the alert is handled already");
	if (str_trim(p->reason).n == 0)
		return err_set(c->why, ERR_INPUT, 0, "a verdict needs its reason");
	if (c->row.severity >= 3 && str_trim(p->action).n == 0)
		return err_set(c->why, ERR_INPUT, 0,
			       "a verdict on a high or critical alert needs the action taken");
	c->row.state = truly ? AS_TRUE : AS_FALSE;
	if (c->row.ack_done == TIME_NONE)
		c->row.ack_done = c->now;
	snprintf(c->row.verdict, sizeof c->row.verdict, "%s", truly ? "true" : "false");
	return db_run(c->db,
		      "UPDATE alerts SET verdict_reason = $1, verdict_action = $2 WHERE id = $3",
		      DB_VALS(V_TEXT(p->reason), V_TEXT(p->action), V_Z(c->row.id)), c->why) &&
	       step(c, truly ? "verified_true" : "verified_false", "reason", p->reason, "action",
		    p->action);
}

static bool acknowledge(struct change *c)
{
	if (c->row.state != AS_NEW)
		return err_set(c->why, ERR_STATE, 0, "the alert is acknowledged already");
	c->row.state = AS_ACKNOWLEDGED;
	c->row.ack_done = c->now;
	if (c->row.assignee[0] == '\0' && c->who->user.n == UUID_LEN)
		memcpy(c->row.assignee, c->who->user.p, UUID_LEN);
	return step(c, "acknowledged", NULL, STR(""), NULL, STR(""));
}

static bool handle(struct change *c)
{
	if (c->row.state == AS_HANDLED)
		return err_set(c->why, ERR_STATE, 0, "the alert is handled already");
	if (c->row.state != AS_TRUE && c->row.state != AS_FALSE)
		return err_set(c->why, ERR_STATE, 0, "give a verdict first");
	c->row.state = AS_HANDLED;
	c->row.handle_done = c->now;
	return step(c, "handled", NULL, STR(""), NULL, STR(""));
}

static bool move(struct change *c)
{
	static const struct {
		enum alert_state to;
		bool (*fn)(struct change *c);
	} moves[] = { { AS_ACKNOWLEDGED, acknowledge }, { AS_HANDLED, handle } };

	if (c->patch->state.p == NULL)
		return true;
	for (size_t i = 0; i < COUNT(moves); i++)
		if (str_eq(c->patch->state, alert_state_names[moves[i].to]))
			return moves[i].fn(c);
	return err_set(c->why, ERR_INPUT, 0, "'%.*s' is no state to go to",
		       STR_ARG(c->patch->state));
}

static bool remark(struct change *c)
{
	if (c->patch->comment.p == NULL)
		return true;
	if (str_trim(c->patch->comment).n == 0)
		return err_set(c->why, ERR_INPUT, 0, "the comment is empty");
	return step(c, "commented", "comment", c->patch->comment, NULL, STR(""));
}

static bool change(struct change *c, struct str id, struct alert_changed *out)
{
	int64_t if_version = c->patch->if_version;

	bool in = false;

	if (!alert_row_get(c->db, id, &c->row, c->why) ||
	    !scope_has(c->db, &c->who->scope, &c->row.home, &in, c->why))
		return false;
	if (!in)
		return err_set(c->why, ERR_ABSENT, 0, "no such alert");
	out->version = c->row.version;
	out->stale = if_version >= 0 && if_version != c->row.version;
	if (out->stale)
		return err_set(c->why, ERR_STATE, 0, "somebody else changed the alert meanwhile");
	int before = (int)c->row.state;

	if (c->patch->undo)
		return alert_undo(c->db, &c->row, c->who->actor, c->now, c->why) &&
		       alert_row_put(c->db, &c->row, before, c->now, c->why);
	return assign(c) && judge(c) && move(c) && remark(c) &&
	       alert_row_put(c->db, &c->row, before, c->now, c->why);
}

bool alert_change(struct db *db, const struct actor *who, struct str id,
		  const struct alert_patch *patch, struct alert_changed *out, struct err *why)
{
	struct change c = { db, who, patch, { .number = 0 }, time_now(), why };

	*out = (struct alert_changed){ -1, false };
	if (!db_begin(db, why))
		return false;
	bool ok = change(&c, id, out);

	ok = db_leave(db, ok, why);
	if (ok)
		out->version = c.row.version;
	return ok;
}

/* --- bodies --- */

static bool take_text(const struct json *v, size_t max, struct str *out, struct err *why)
{
	struct str s = json_str(v);

	if (s.p == NULL)
		return err_set(why, ERR_INPUT, 0, "expected text");
	if (utf8_count(s) > max)
		return err_set(why, ERR_INPUT, 0, "longer than %zu characters", max);
	*out = s;
	return true;
}

static bool take_member(struct alert_patch *p, struct str key, const struct json *v,
			struct err *why)
{
	const struct {
		struct str key;
		struct str *to;
	} texts[] = {
		{ STR("state"), &p->state },     { STR("comment"), &p->comment },
		{ STR("verdict"), &p->verdict }, { STR("reason"), &p->reason },
		{ STR("action"), &p->action },
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		if (str_eq(key, texts[i].key))
			return take_text(v, TEXT_MAX, texts[i].to, why);
	if (str_eq(key, STR("undo"))) {
		p->undo = json_bool(v, false);
		return p->undo || err_set(why, ERR_INPUT, 0, "'undo' can only be true");
	}
	if (!str_eq(key, STR("assignee")))
		return err_set(why, ERR_INPUT, 0, "unknown member '%.*s'", STR_ARG(key));
	p->has_assignee = true;
	p->assignee = STR("");
	return json_is_null(v) || take_text(v, UUID_LEN, &p->assignee, why);
}

bool alert_patch_parse(const struct json *body, struct alert_patch *out, struct err *why)
{
	struct alert_patch p = { .if_version = -1 };
	const struct json *v;
	const void *it = NULL;
	struct str key;

	if (!json_is_object(body))
		return err_set(why, ERR_INPUT, 0, "expected an object");
	while ((it = json_next(body, it, &key, &v)) != NULL)
		if (!take_member(&p, key, v, why))
			return false;
	bool acts = p.state.p != NULL || p.verdict.p != NULL || p.comment.p != NULL ||
		    p.has_assignee;

	if (p.undo && acts)
		return err_set(why, ERR_INPUT, 0, "'undo' stands alone");
	if (!p.undo && !acts)
		return err_set(why, ERR_INPUT, 0, "nothing to change");
	*out = p;
	return true;
}

static const char *code_of(const struct err *why)
{
	switch (why->kind) {
	case ERR_ABSENT:
		return "not_found";
	case ERR_STATE:
		return "conflict";
	case ERR_INPUT:
	case ERR_LIMIT:
		return "invalid";
	default:
		return "busy";
	}
}

static void put_failed(struct jsonw *w, struct str id, const struct err *why)
{
	jsonw_open(w, '{');
	jsonw_kv_str(w, "id", id);
	jsonw_kv_str(w, "code", str_of(code_of(why)));
	jsonw_close(w, '}');
}

bool alert_bulk_put(struct db *db, struct arena a, const struct actor *who, const struct json *body,
		    struct jsonw *w, struct err *why)
{
	const struct json *ids = json_get(body, "ids");
	size_t n = json_count(ids);
	struct alert_patch patch = { .if_version = -1 };
	struct alert_changed changed;
	struct err *failed = n <= ALERT_BULK_MAX ? NEW(&a, struct err, n) : NULL;

	if (!json_is_array(ids) || n == 0 || n > ALERT_BULK_MAX)
		return err_set(why, ERR_INPUT, 0, "'ids' must be a list of 1 to %d",
			       ALERT_BULK_MAX);
	if (failed == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the answer");
	if (!alert_patch_parse(json_get(body, "patch"), &patch, why))
		return false;
	jsonw_open(w, '{');
	jsonw_key(w, "done");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		if (alert_change(db, who, json_str(json_at(ids, i)), &patch, &changed, &failed[i]))
			jsonw_str(w, json_str(json_at(ids, i)));
	jsonw_close(w, ']');
	jsonw_key(w, "failed");
	jsonw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		if (failed[i].kind != ERR_NONE)
			put_failed(w, json_str(json_at(ids, i)), &failed[i]);
	jsonw_close(w, ']');
	jsonw_close(w, '}');
	return true;
}

/* --- by hand --- */

static bool take_observed(const struct json *v, int64_t *out, struct err *why)
{
	bool zone;
	int64_t t;

	*out = TIME_NONE;
	if (v == NULL || json_is_null(v))
		return true;
	if (!time_parse_rfc3339(json_str(v), &t, &zone) || !zone)
		return err_set(why, ERR_INPUT, 0, "expected a time such as %s",
			       "2026-11-22T17:58:37Z");
	if (t > time_now() + TIME_HOUR)
		return err_set(why, ERR_INPUT, 0, "the time lies in the future");
	*out = t;
	return true;
}

static bool optional(const struct json *body, const char *key, size_t max, struct str *out,
		     struct err *why)
{
	const struct json *v = json_get(body, key);

	*out = STR("");
	return v == NULL || json_is_null(v) || take_text(v, max, out, why);
}

static bool known_channel(struct str s)
{
	return str_eq(s, STR("telephone")) || str_eq(s, STR("letter")) || str_eq(s, STR("soc"));
}

bool alert_draft_parse(const struct json *body, struct alert_draft *out, struct err *why)
{
	struct alert_draft d;

	if (!optional(body, "title", TITLE_MAX, &d.title, why) ||
	    !optional(body, "severity", 16, &d.severity, why) ||
	    !optional(body, "channel", 16, &d.channel, why) ||
	    !optional(body, "host", HOST_MAX, &d.host, why) ||
	    !optional(body, "description", TEXT_MAX, &d.description, why) ||
	    !optional(body, "unit", UUID_LEN, &d.unit, why) ||
	    !optional(body, "site", UUID_LEN, &d.site, why) ||
	    !take_observed(json_get(body, "observed_at"), &d.observed, why))
		return false;
	if (str_trim(d.title).n == 0)
		return err_set(why, ERR_INPUT, 0, "a title is needed");
	if (severity_rank(d.severity) < 0)
		return err_set(why, ERR_INPUT, 0, "unknown severity '%.*s'", STR_ARG(d.severity));
	if (!known_channel(d.channel))
		return err_set(why, ERR_INPUT, 0, "the channel is 'telephone', 'letter' or 'soc'");
	*out = d;
	return true;
}

static bool make(struct db *db, const struct actor *who, const struct alert_draft *d,
		 struct alert_row *row, struct err *why)
{
	unsigned char mem[65536];
	struct arena scratch = { mem, mem + sizeof mem };
	int64_t now = time_now(), seen = d->observed == TIME_NONE ? now : d->observed;
	struct clocks clocks;
	struct err none = { .kind = ERR_NONE };
	bool have = clocks_get(db, &clocks, &none), fresh;
	char key[16 + UUID_MAX], id[UUID_MAX];
	struct home home;

	if (!scope_pick(db, &who->scope, d->unit, d->site, &home, why))
		return false;
	if (!have && none.kind != ERR_ABSENT) {
		if (why != NULL)
			*why = none;
		return false;
	}
	snprintf(key, sizeof key, "manual:%s", uuid_new(id));
	const struct alert_new in = {
		.group_key = str_of(key),
		.title_vi = d->title,
		.title_en = d->title,
		.rule = STR("manual"),
		.rule_title = STR(""),
		.rule_level = d->severity,
		.rule_kind = STR("manual"),
		.tags_json = STR("[]"),
		.matched = STR(""),
		.channel = d->channel,
		.description = d->description,
		.home = &home,
		.severity = severity_rank(d->severity),
		.first_seen = seen,
		.last_seen = seen,
		.now = now,
		.actor = who->actor,
		.clocks = have ? &clocks : NULL,
	};

	if (!alert_open(db, scratch, &in, row, why))
		return false;
	const struct place place = { row->id, "host", d->host, seen };
	return d->host.n == 0 || alert_place(db, scratch, &place, &fresh, why);
}

bool alert_make(struct db *db, const struct actor *who, const struct alert_draft *draft,
		char id[UUID_MAX], struct err *why)
{
	struct alert_row row;

	if (!db_begin(db, why))
		return false;
	bool ok = make(db, who, draft, &row, why);

	ok = db_leave(db, ok, why);
	if (ok)
		memcpy(id, row.id, UUID_MAX);
	return ok;
}
