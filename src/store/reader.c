/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.c - one block, sources, hits and seals; visit.c gives events by name, scan.c searches.
 *
 * Invariant: no database stays open when an exported function returns.
 */
#include "store/reader.h"

#include "base/num.h"
#include "event/formats.h"
#include "store/reader_int.h"

#include <stdio.h>
#include <stdlib.h>

const char *store_id_text(const struct store_id *id, char out[STORE_ID_MAX])
{
	char day[TIME_TEXT_MAX];

	snprintf(out, STORE_ID_MAX, "%s-%jd-%u", day_text(id->day, day), (intmax_t)id->block,
		 id->record);
	return out;
}

bool store_id_parse(struct str text, struct store_id *out)
{
	struct str rest = str_skip(text, 11), block, record;
	uint64_t b, n;
	int32_t day;

	if (text.n < 12 || text.p[10] != '-' || !day_parse(str_sub(text, 0, 10), &day) ||
	    !str_split(&rest, '-', &block) || !str_split(&rest, '-', &record) || rest.p != NULL)
		return false;
	if (!num_parse(block, 1, INT64_MAX, &b) || !num_parse(record, 0, BLOCK_MAX_RECORDS - 1, &n))
		return false;
	*out = (struct store_id){ day, (int64_t)b, (uint32_t)n };
	return true;
}

struct store_reader *store_reader_new(const char *folder, const struct store_reading *with)
{
	struct store_reader *r = calloc(1, sizeof *r);

	if (r == NULL || snprintf(r->folder, sizeof r->folder, "%s", folder) < 0)
		return NULL;
	if (with != NULL)
		r->with = *with;
	r->bytes = BUF(BLOCK_MAX_BYTES);
	r->zstd = zstd_new();
	r->reader =
		reader_new(&(struct read_ctx){ .own = r->with.own, .decoders = r->with.decoders });
	if (r->zstd != NULL && r->reader != NULL && arena_reserve(&r->whole, READER_SCRATCH))
		return r;
	store_reader_free(r);
	return NULL;
}

void store_reader_free(struct store_reader *r)
{
	if (r == NULL)
		return;
	reader_free(r->reader);
	reader_free(r->told.reader);
	zstd_free(r->zstd);
	buf_free(&r->bytes);
	if (r->whole.beg != NULL)
		arena_release(r->whole);
	free(r);
}

/* --- blocks and events --- */

/* The body into r->bytes' other half: unpacked while the row is held, so nothing is copied twice. */
static bool unpack(struct store_reader *r, struct arena *a, struct db_rows *rows,
		   const struct block_row *row, struct block *out, struct err *why)
{
	unsigned char hash[HASH_SHA256_LEN];
	struct str body = db_blob(rows, 0);

	r->opened++;
	hash_sha256(body, hash);
	if ((int64_t)body.n != row->size || memcmp(hash, row->hash, sizeof hash) != 0)
		return err_set(why, ERR_INPUT, (size_t)row->n,
			       "the bytes of block %jd do not match their hash", (intmax_t)row->n);
	if (!block_open(a, r->zstd, body, &r->bytes, out, why))
		return false;
	if ((int64_t)out->n != row->records)
		return err_set(why, ERR_INPUT, (size_t)row->n,
			       "block %jd holds %zu records, its row says %jd", (intmax_t)row->n,
			       out->n, (intmax_t)row->records);
	return true;
}

bool reader_block(struct store_reader *r, struct arena *a, struct db *db,
		  const struct block_row *row, struct block *out, struct err *why)
{
	struct db_rows *rows = db_query(db, "SELECT body FROM bodies WHERE n = $1",
					DB_VALS(V_INT(row->n)), why);
	bool any = db_next(rows);
	bool ok = any && unpack(r, a, rows, row, out, why);

	if (!db_end(rows, any && !ok ? NULL : why))
		return false;
	if (!any)
		return err_set(why, ERR_INPUT, (size_t)row->n, "the bytes of block %jd are missing",
			       (intmax_t)row->n);
	return ok;
}

/* A line with directives is W3C's, any other header is of a table. */
static bool tells(struct str line, const struct read_ctx *ctx)
{
	return str_starts(line, STR("#")) == (ctx->format == format_find(STR("w3c")));
}

/* Tell r->told.reader the directives and header lines that stand before `record` in its source. */
static bool tell(struct store_reader *r, struct arena scratch, const struct block *b, size_t record,
		 const struct read_ctx *ctx)
{
	uint32_t source = b->records[record].source;
	bool goes_on = r->told.reader != NULL && r->told.block == r->opened &&
		       r->told.source == source && r->told.upto <= record;
	struct event ev;

	if (!goes_on) {
		reader_free(r->told.reader);
		r->told.reader = reader_new(ctx);
		r->told.upto = 0;
	}
	if (r->told.reader == NULL)
		return false;
	reader_context(r->told.reader, ctx);
	for (size_t i = 0; !goes_on && i < b->n_contexts; i++) {
		struct str rest = b->contexts[i].text, line;

		while (b->contexts[i].source == source && str_line(&rest, &line))
			if (tells(line, ctx))
				reader_read(r->told.reader, &scratch, line, &ev);
	}
	for (size_t i = r->told.upto; i < record; i++)
		if (b->records[i].source == source && tells(b->records[i].raw, ctx) &&
		    ((b->records[i].flags & BLOCK_HEADER) != 0 ||
		     str_starts(b->records[i].raw, STR("#"))))
			reader_read(r->told.reader, &scratch, b->records[i].raw, &ev);
	r->told.block = r->opened;
	r->told.source = source;
	r->told.upto = record;
	return true;
}

/* Detect as intake did; where that gives another format than then, it had been told the format, or
 * what came before. */
static void read_again(struct store_reader *r, struct arena *a, const struct block *b,
		       size_t record, struct read_ctx *ctx, struct event *out)
{
	const struct block_record *from = &b->records[record];
	struct str name = b->formats[from->format];
	uint16_t format = format_find(name);
	struct event forced;

	if (str_eq(name, STR("w3c")) || str_eq(name, STR("csv"))) {
		ctx->format = format;
		if (tell(r, *a, b, record, ctx)) {
			reader_read(r->told.reader, a, from->raw, out);
			return;
		}
	}
	ctx->format = FORMAT_UNPARSED;
	reader_context(r->reader, ctx);
	reader_read(r->reader, a, from->raw, out);
	if (out->format == format || format == FORMAT_UNPARSED)
		return;
	ctx->format = format;
	reader_context(r->reader, ctx);
	reader_read(r->reader, a, from->raw, &forced);
	if (forced.format == format)
		*out = forced;
}

void reader_event(struct store_reader *r, struct arena *a, const struct block *b, size_t record,
		  const struct source_info *source, struct event *out)
{
	const struct block_record *from = &b->records[record];
	struct read_ctx ctx = { .own = r->with.own,
				.decoders = r->with.decoders,
				.now = from->received };

	/* as when it was taken in (proc/pipeline.c): a token's id is no host */
	if (source != NULL && source->kind <= SOURCE_TLS)
		ctx.host = source->peer;
	read_again(r, a, b, record, &ctx, out);
	out->time = from->time;
	out->received = from->received;
	out->seq = from->seq;
	out->source = from->source;
	out->time_told = from->flags & BLOCK_TIME_TOLD;
	out->partial |= (from->flags & BLOCK_PARTIAL) != 0;
}

bool reader_found(struct store_reader *r, struct arena *a, struct block *b,
		  const struct store_id *id, const struct source_names *names,
		  struct store_found *out)
{
	struct block_record *rec = &b->records[id->record];
	struct str raw = arena_str(a, rec->raw), name = arena_str(a, b->formats[rec->format]);

	if (raw.p == NULL || name.p == NULL)
		return false;
	rec->raw = raw; /* outlives the block */
	out->id = *id;
	out->format = name.p;
	out->source = source_named(names, rec->source);
	reader_event(r, a, b, id->record, out->source, &out->event);
	return true;
}

/* --- the newest file --- */

/* The newest day that can be opened; NULL and *why of the newest when none can. */
static struct db *open_newest(struct store_reader *r, struct arena scratch, int32_t *day,
			      struct err *why)
{
	struct err older;
	int32_t *days;
	size_t n;
	struct db *db = NULL;

	if (!day_list(&scratch, r->folder, &days, &n, why))
		return NULL;
	if (n == 0)
		(void)err_set(why, ERR_ABSENT, 0, "the store is empty");
	for (size_t i = n; db == NULL && i-- > 0;) {
		db = day_open(r->folder, days[i], i == n - 1 ? why : &older);
		*day = days[i];
	}
	return db;
}

bool store_newest(struct store_reader *r, int32_t *out, struct err *why)
{
	struct db *db = open_newest(r, r->whole, out, why);

	db_close(db);
	return db != NULL;
}

bool store_day_more(struct store_reader *r, struct merkle_range *tree, struct store_root *io,
		    struct err *why)
{
	struct db *db = day_open(r->folder, io->day, why);

	if (db == NULL)
		return false;
	bool ok = seal_go_on(db, tree, io, why);

	db_close(db);
	return ok;
}

static bool days_in(struct db *db, struct arena *a, const struct store_day **out, size_t *n,
		    struct err *why)
{
	int64_t count, have = 0;
	bool ok = true;

	if (!db_number(db, "SELECT count(*) FROM days", NULL, 0, &count, why))
		return false;
	struct store_day *all = NEW(a, struct store_day, (size_t)count);

	if (all == NULL && count > 0)
		return err_set(why, ERR_LIMIT, 0, "no room for %jd days", (intmax_t)count);
	struct db_rows *r = db_query(db, "SELECT " DAYS_COLUMNS " FROM days ORDER BY day", NULL, 0,
				     why);

	while (ok && have < count && db_next(r))
		ok = seal_day_take(r, &all[have++], why);
	if (!db_end(r, ok ? why : NULL) || !ok)
		return false;
	*out = all;
	*n = (size_t)have;
	return true;
}

bool store_days(struct store_reader *r, struct arena *a, const struct store_day **out, size_t *n,
		struct err *why)
{
	int32_t day;
	struct db *db = open_newest(r, r->whole, &day, why);

	if (db == NULL)
		return false;
	bool ok = days_in(db, a, out, n, why);

	db_close(db);
	return ok;
}

/* --- sources --- */

static bool take_source(struct db_rows *r, struct arena *a, struct source_info *out,
			struct err *why)
{
	enum source_kind kind;
	struct source_info s = {
		.id = (uint32_t)db_int(r, 0),
		.peer = db_keep(r, 2, a),
		.name = db_keep(r, 3, a),
		.overflow = db_int(r, 4) != 0,
		.first_seen = db_time(r, 5),
		.last_seen = db_time(r, 6),
		.stored = (uint64_t)db_int(r, 7),
		.unparsed = (uint64_t)db_int(r, 8),
		.dropped = (uint64_t)db_int(r, 9),
		.hosts = (uint64_t)db_int(r, 10),
		.before_stored = (uint64_t)db_int(r, 11),
		.before_unparsed = (uint64_t)db_int(r, 12),
		.before_dropped = (uint64_t)db_int(r, 13),
	};

	if (!source_kind_find(db_text(r, 1), &kind))
		return err_set(why, ERR_INPUT, s.id, "the table of sources is damaged");
	if (s.peer.p == NULL || s.name.p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the sources");
	s.kind = (uint8_t)kind;
	*out = s;
	return true;
}

static bool sources_in(struct db *db, struct arena *a, struct source_info **out, size_t *n,
		       struct err *why)
{
	int64_t count;
	size_t have = 0;
	bool ok = true;

	if (!db_number(db, "SELECT count(*) FROM sources", NULL, 0, &count, why))
		return false;
	struct source_info *all = NEW(a, struct source_info, (size_t)count);

	if (all == NULL && count > 0)
		return err_set(why, ERR_LIMIT, 0, "no room for the sources");
	struct db_rows *r = db_query(db,
				     "SELECT id, kind, peer, name, overflow, first_seen, last_seen,"
				     " stored, unparsed, dropped, hosts, carried_stored,"
				     " carried_unparsed, carried_dropped FROM sources ORDER BY id",
				     NULL, 0, why);

	while (ok && have < (size_t)count && db_next(r))
		ok = take_source(r, a, &all[have++], why);
	if (!db_end(r, ok ? why : NULL) || !ok)
		return false;
	*out = all;
	*n = have;
	return true;
}

/* The counts of one source and kind, in order of names. */
static bool counts_in(struct db *db, struct arena *a, uint32_t source, const char *what,
		      struct source_info *s, struct err *why)
{
	struct source_count *all = NEW(a, struct source_count, SOURCE_MAX_COUNTERS);
	bool full = all == NULL;
	size_t n = 0;
	struct db_rows *r = db_query(db,
				     "SELECT name, n FROM counts WHERE source = $1 AND what = $2",
				     DB_VALS(V_INT(source), V_Z(what)), why);

	while (!full && n < SOURCE_MAX_COUNTERS && db_next(r)) {
		all[n] = (struct source_count){ db_keep(r, 0, a), (uint64_t)db_int(r, 1) };
		full = all[n++].name.p == NULL;
	}
	if (!db_end(r, why))
		return false;
	if (full)
		return err_set(why, ERR_LIMIT, 0, "no room for the sources");
	if (strcmp(what, "drop") == 0) {
		s->drops = all;
		s->n_drops = n;
	} else {
		s->formats = all;
		s->n_formats = n;
	}
	return true;
}

bool store_sources(struct store_reader *r, struct arena *a, const struct source_info **out,
		   size_t *n, struct err *why)
{
	int32_t day;
	struct source_info *all = NULL;
	struct db *db = open_newest(r, r->whole, &day, why);

	if (db == NULL)
		return false;
	bool ok = sources_in(db, a, &all, n, why);

	for (size_t i = 0; ok && all != NULL && i < *n; i++)
		ok = counts_in(db, a, all[i].id, "drop", &all[i], why) &&
		     counts_in(db, a, all[i].id, "format", &all[i], why);
	db_close(db);
	if (ok)
		*out = all;
	return ok;
}

void store_reader_given(struct store_reader *r, const struct source_given *given, size_t n)
{
	r->given = given;
	r->n_given = n;
}

void reader_names(struct store_reader *r, struct arena *a, struct source_names *out)
{
	struct source_info *all = NULL;
	struct err why;
	int32_t day;
	struct db *db = open_newest(r, *a, &day, &why);

	*out = (struct source_names){ 0 };
	if (db != NULL && sources_in(db, a, &all, &out->n, &why))
		out->all = all;
	db_close(db);
	for (size_t i = 0; all != NULL && i < r->n_given; i++) {
		uint32_t id = r->given[i].id;

		if (id >= 1 && id <= out->n && all[id - 1].id == id)
			all[id - 1].given = r->given[i].name;
	}
}

const struct source_info *source_named(const struct source_names *names, uint32_t id)
{
	if (names->all == NULL || id == 0 || id > names->n || names->all[id - 1].id != id)
		return NULL;
	return &names->all[id - 1];
}

/* --- hits --- */

static bool take_hit(struct db_rows *r, struct arena *a, int32_t day, struct store_hit_row *out,
		     struct err *why)
{
	struct str *const texts[] = { &out->kind,  &out->severity,  &out->use,
				      &out->id,    &out->indicator, &out->type,
				      &out->field, &out->matched,   &out->about };

	*out = (struct store_hit_row){
		.day = day,
		.batch = db_int(r, 0),
		.n = db_int(r, 1),
		.event = { day, db_int(r, 2), (uint32_t)db_int(r, 3) },
		.time = db_int(r, 4),
		.excepted = db_int(r, 5) != 0,
		.line = db_int(r, 6),
	};
	for (size_t i = 0; i < COUNT(texts); i++) {
		*texts[i] = db_keep(r, 7 + (int)i, a);
		if (texts[i]->p == NULL)
			return err_set(why, ERR_LIMIT, 0, "no room for the hits");
	}
	return true;
}

struct hit_list {
	struct arena *a;
	struct store_hit_row *all;
	size_t n, max;
};

static bool hits_in(struct hit_list *l, struct db *db, int32_t day,
		    const struct store_hit_row *after, struct err *why)
{
	bool same = day == after->day, ok = true;
	struct db_rows *r = db_query(
		db,
		"SELECT h.batch, h.n, h.block, h.record, h.time, h.excepted, h.line, h.kind,"
		" h.severity, h.use, h.id, h.indicator, h.type, h.field, h.matched, coalesce(a.about, '{}')"
		" FROM hits h LEFT JOIN abouts a ON a.hash = h.about"
		" WHERE (h.batch, h.n) > ($1, $2) ORDER BY h.batch, h.n LIMIT $3",
		DB_VALS(V_INT(same ? after->batch : 0), V_INT(same ? after->n : 0),
			V_INT(l->max - l->n)),
		why);

	while (ok && l->n < l->max && db_next(r))
		ok = take_hit(r, l->a, day, &l->all[l->n++], why);
	return db_end(r, ok ? why : NULL) && ok;
}

bool store_hits_after(struct store_reader *r, struct arena *a, const struct store_hit_row *after,
		      size_t max, struct store_hit_rows *out, struct err *why)
{
	struct hit_list l = { a, NEW(a, struct store_hit_row, max), 0, max };
	struct store_hit_rows got = { .rows = l.all };
	struct arena scratch = r->whole;
	int32_t *days = NULL;
	size_t n_days = 0;

	if (l.all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for the hits");
	if (!day_list(&scratch, r->folder, &days, &n_days, why))
		return false;
	for (size_t i = 0; i < n_days && l.n < max; i++) {
		struct err here = { 0 };

		if (days[i] < after->day)
			continue;
		struct db *db = day_open(r->folder, days[i], &here);
		bool ok = db != NULL && hits_in(&l, db, days[i], after, &here);

		db_close(db);
		/* Absent: taken by retention, or not begun. */
		if (!ok && here.kind == ERR_LIMIT)
			return err_set(why, ERR_LIMIT, 0, "no room for the hits");
		if (!ok && here.kind != ERR_ABSENT) {
			got.n_unread++;
			got.unread = here;
		}
	}
	got.n = l.n;
	*out = got;
	return true;
}
