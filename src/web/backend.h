/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backend.h - what the web room asks of the process it runs in, as functions handed over at start.
 *
 * web/ knows no other process and no message; proc/ fills this in. Every function may block and is
 * called from several worker threads at once. On failure (false) outputs are untouched and
 * why->kind becomes the status: ERR_INPUT 422, ERR_LIMIT 413, ERR_IO 503, ERR_ABSENT 404,
 * ERR_DENIED 403, ERR_STATE 429 with Retry-After (not now: busy, restarting).
 */
#ifndef WEB_BACKEND_H
#define WEB_BACKEND_H

#include "base/arena.h"
#include "base/err.h"
#include "base/jsonw.h"

enum push_kind { PUSH_NDJSON, PUSH_PLAIN, PUSH_BULK };
enum push_encoding { ENC_NONE, ENC_GZIP, ENC_ZSTD };

/* One body of events. All views live as long as the call. */
struct push_request {
	int body_fd; /* memfd with the whole body, offset 0; the caller closes it */
	uint64_t len;
	enum push_kind kind;
	enum push_encoding encoding;
	struct str token_id;        /* of whoever pushes: a token's id */
	struct str token_name;      /* its name, for people */
	struct str source_name;     /* ?source= or X-Canh-Source; empty: the token is the source */
	struct str peer;            /* the sender's address, without port */
	struct str index;           /* of /{index}/_bulk; else empty */
	struct str idempotency_key; /* empty: none */
	bool import;                /* old logs, by hand: not a source that may fall silent */
	struct str format, zone;    /* of the records, checked; empty: as they look, as set */
};

/* reason: a stable word of ours ("too_long", "not_utf8", ...), n > 0. */
struct push_drop {
	struct str reason;
	uint64_t n;
};

enum { PUSH_DROPS_MAX = 16 };

/* received = stored + the sum of dropped; these are what push_answer_put() (push.c) puts into an
 * object. A replay answers what the first time answered. */
struct push_answer {
	uint64_t received, stored;
	struct push_drop dropped[PUSH_DROPS_MAX];
	size_t n_dropped;
	struct str bulk_items; /* PUSH_BULK: one each, in order, as bulk_item_put() writes */
	bool replay;
};
void push_answer_put(struct jsonw *w, const struct push_answer *got);

/*
 * JSON requests are objects with a member "op"; times in them are integers, microseconds UTC, and
 * absent where the reader gave none. JSON answers are the body of the HTTP answer as docs/openapi
 * has it, unless said otherwise.
 */
struct web_backend {
	void *ctx;

	/* Blocks until the events are durable. Views in *out are in `a` or static. A body that holds
	 * something that cannot be framed (a _bulk action line) is ERR_INPUT, nothing stored. */
	bool (*push)(void *ctx, struct arena *a, const struct push_request *request,
		     struct push_answer *out, struct err *why);

	/*
	 * Reads the store, in the process seek.
	 *   {"op":"search","q","from","to","order","limit","cursor"}  the page of GET /events
	 *   {"op":"histogram","q","from","to","buckets"}      GET /events/histogram
	 *   {"op":"event","id"}                               GET /events/{id}
	 * each with "sources":["1",..], when only what these sent may be found.
	 */
	bool (*seek)(void *ctx, struct str request, struct buf *answer, struct err *why);

	/*
	 * Parses an upload (`upload_fd`: memfd, offset 0) in a process of its own; for the imports the
	 * desk then keeps the result, appends to the ledger and has it loaded, all in the name of
	 * "actor":{"id","name"} ("id" is "user:ID" or "token:ID"). A text {"vi","en"} of the answer goes
	 * out in the reader's language.
	 *   {"op":"list-preview","name","kind","letter","issuer","month","from","to","tlp","map"}
	 *       (from, to: validity)
	 *   {"op":"list-import", the same members, "actor"}   the new item plus "bad"
	 *   {"op":"rules-import","name","actor"}              {"loaded","refused":[...]}; nothing is kept
	 *       where loaded is 0, nor where "known":{"id","name","imported"} holds the same rules
	 *   {"op":"duty-read"}    a roster file, kept by whoever asks: {"rows":[{"line","from","to",
	 *       "post","name","phone","email","note"}],"bad":[{"line","reason":{"vi","en"}}]}
	 *   {"op":"look"}    what the file is and what rules and lists say of it; nothing is kept
	 */
	bool (*clerk)(void *ctx, struct str request, int upload_fd, struct buf *answer,
		      struct err *why);

	/*
	 * Have the records of an upload stored (`request`: of the upload, packed as it is, its source and
	 * manner; the key is made here), in the name of `actor`: {"received","stored","dropped":{},
	 * "files","lost":[{"file","reason":{"vi","en"}}]}. What is stored when it fails is in the ledger, and
	 * is not stored twice by the same file under the same source within the day.
	 */
	bool (*keep)(void *ctx, const struct push_request *request, struct str name,
		     struct str actor, struct buf *answer, struct err *why);

	/* Rules, lists or ranges changed: watch compiles and swaps; the old ones stay on failure. */
	bool (*reload)(void *ctx, struct buf *answer, struct err *why);

	/*
	 * The moving state of the house; always answers, quickly (processes that do not answer are named):
	 * {"ready":bool, "processes":{name:state}, "sources":[items of GET /sources],
	 *  "self":{...members of the board's "self"}}
	 */
	bool (*live)(void *ctx, struct buf *answer);

	/*
	 * From the table of rules as watch compiled it last; "from" is a place in it, "next" one or null.
	 *   {"q","state","from","limit"}   {"items":[of GET /rules, without "alerts_24h"],"next","counts"}
	 */
	bool (*rules)(void *ctx, struct str request, struct buf *answer, struct err *why);

	/* Is there a rule of that id? *known is untouched as long as nobody can tell. */
	bool (*rule_known)(void *ctx, struct str id, bool *known, struct err *why);
	/* Why the file of that list could not be read at the last load, in `a`; p is NULL when it could.
	 * *kept: what was read of it before is still in use. */
	struct str (*list_fault)(void *ctx, struct arena *a, struct str id, enum lang lang,
				 bool *kept);
	/* The body of GET /rules/imports; take one away in the name of "user:ID" (ERR_ABSENT: none). */
	bool (*rule_imports)(void *ctx, struct buf *answer, struct err *why);
	bool (*rule_import_remove)(void *ctx, struct str id, struct str actor, struct err *why);
	/* Send the control tests of the rules and of every door now; their outcome shows in `live`. */
	bool (*control)(void *ctx, struct err *why);

	/* The settings of notices changed, or one was queued: look now. */
	void (*notify)(void *ctx);

	/* The body of GET /exercises; begin one of the scenarios it names, in the name of "user:ID". */
	bool (*exercises)(void *ctx, struct buf *answer, struct err *why);
	bool (*exercise)(void *ctx, struct str scenario, struct str actor, struct err *why);

	/* Holds on days changed: watch is told before it returns true; else it is told later. */
	bool (*hold)(void *ctx, struct err *why);
	/*
	 * Have the settings (canh.yaml) read anew, in the name of "user:ID": what came of it, also when they
	 * were refused. And what came of it the last time, by a signal too; null when they never were:
	 * {"at","by","outcome":{"ok","file","changed":[],"restart":[],"watch_anew",
	 *  "mistakes":[{"line","reason":{"vi","en"}}]}}
	 */
	bool (*configure)(void *ctx, struct str actor, struct buf *answer, struct err *why);
	bool (*configured)(void *ctx, struct buf *answer);
};

#endif
