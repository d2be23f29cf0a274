/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unpack.c - the only file that sees libarchive. One struct walking an archive; those in it share
 * what has come out so far, so that no nesting gets around a cap.
 */
#include "base/unpack.h"

#include <archive.h>
#include <archive_entry.h>

bool unpack_knows(struct str b)
{
	static const struct str magic[] = { STR("PK\x03\x04"),       STR("PK\x05\x06"),
					    STR("\x1f\x8b"),         STR("\xfd\x37zXZ"),
					    STR("\x28\xb5\x2f\xfd"), STR("7z\xbc\xaf\x27\x1c") };

	for (size_t i = 0; i < COUNT(magic); i++)
		if (str_starts(b, magic[i]))
			return true;
	/* a line of text may begin with BZh, too */
	if (str_starts(b, STR("BZh")) && str_starts(str_skip(b, 4), STR("1AY&SY")))
		return true;
	return str_starts(str_skip(b, 257), STR("ustar"));
}

bool unpack_name_safe(struct str name)
{
	struct str rest = name, part;

	if (name.n == 0 || name.n > UNPACK_MAX_NAME || name.p[0] == '/')
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f || name.p[i] == '\\')
			return false;
	while (str_split(&rest, '/', &part))
		if (str_eq(part, STR("..")))
			return false;
	return true;
}

struct out {
	const struct unpack_caps *caps;
	const struct unpack_sink *sink;
	uint64_t packed, unpacked; /* of the outermost archive; of all */
	size_t members;
	char *piece; /* UNPACK_PIECE */
	struct err *why;
};

struct walking {
	struct out *out;
	struct archive *a;
	struct arena scratch;
	struct str prefix; /* the name of this archive in that around it */
	unsigned depth;
};

static struct archive *open_reader(struct str bytes, bool single, struct err *why)
{
	struct archive *a = archive_read_new();

	if (a == NULL) {
		err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", bytes.n);
		return NULL;
	}
	archive_read_support_format_zip(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_7zip(a);
	if (single)
		archive_read_support_format_raw(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	if (archive_read_open_memory(a, bytes.p, bytes.n) == ARCHIVE_OK)
		return a;
	err_set(why, ERR_INPUT, 0, "not an archive that can be read: %s", archive_error_string(a));
	archive_read_free(a);
	return NULL;
}

static bool damaged(const struct walking *w, struct err *why)
{
	const char *says = archive_error_string(w->a);

	return err_set(why, ERR_INPUT, w->out->members, "the archive is damaged: %s",
		       says != NULL ? says : "-");
}

/* What came out just now is within the caps. */
static bool within(struct out *o, uint64_t n)
{
	const struct unpack_caps *c = o->caps;

	o->unpacked += n;
	if (o->unpacked > c->bytes)
		return err_set(o->why, ERR_LIMIT, o->members,
			       "the archive holds more than %zu bytes", (size_t)c->bytes);
	if (c->ratio > 0 && o->unpacked > UNPACK_RATIO_FROM && o->unpacked / c->ratio > o->packed)
		return err_set(o->why, ERR_LIMIT, o->members,
			       "the archive unpacks to more than %zu times its size",
			       (size_t)c->ratio);
	return true;
}

/* PIECE_DAMAGED: this member only; PIECE_STOP: the walk, with *out->why set or, where it was ended, not. */
enum piece { PIECE_MORE, PIECE_END, PIECE_DAMAGED, PIECE_STOP };

static enum piece next_piece(struct walking *w, struct str *out, struct err *why)
{
	struct out *o = w->out;
	la_ssize_t got = archive_read_data(w->a, o->piece, UNPACK_PIECE);

	if (got == ARCHIVE_RETRY)
		got = archive_read_data(w->a, o->piece, UNPACK_PIECE);
	if (got < 0) {
		(void)damaged(w, why);
		return PIECE_DAMAGED;
	}
	if (got == 0)
		return PIECE_END;
	*out = (struct str){ o->piece, (size_t)got };
	return within(o, (uint64_t)got) ? PIECE_MORE : PIECE_STOP;
}

/* The rest of the member at hand goes to the sink, `first` before it. */
static enum piece pass_on(struct walking *w, struct str name, struct str first)
{
	const struct unpack_sink *s = w->out->sink;
	struct str piece = first;
	enum piece got = PIECE_MORE;
	struct err why = { 0 };

	if (!s->begin(s->ctx, name))
		return PIECE_END;
	while (got == PIECE_MORE) {
		if (piece.n > 0 && !s->bytes(s->ctx, piece))
			return PIECE_STOP;
		got = next_piece(w, &piece, &why);
	}
	if (!s->end(s->ctx, got == PIECE_END ? NULL : got == PIECE_STOP ? w->out->why : &why))
		return PIECE_STOP;
	return got;
}

/* An archive in the archive: all of it, in the scratch. PIECE_END when *out is whole. */
static enum piece gather(struct walking *w, struct str first, struct arena *a, struct str *out,
			 struct err *why)
{
	size_t cap = w->out->caps->inner, n = 0;
	char *all = arena_bytes(a, cap);
	struct str piece = first;
	enum piece got = PIECE_MORE;

	while (got == PIECE_MORE && all != NULL && piece.n <= cap - n) {
		memcpy(all + n, piece.p, piece.n);
		n += piece.n;
		got = next_piece(w, &piece, why);
	}
	if (got == PIECE_MORE) {
		(void)err_set(why, ERR_LIMIT, 0, "longer than %zu bytes", cap);
		return PIECE_DAMAGED;
	}
	*out = (struct str){ all, n };
	return got;
}

static bool walk(struct walking *w);

static enum piece walk_inner(struct walking *w, struct str name, struct str first)
{
	const struct unpack_sink *s = w->out->sink;
	struct walking inner = {
		.out = w->out, .scratch = w->scratch, .prefix = name, .depth = w->depth + 1
	};
	struct str bytes;
	struct err why = { 0 };
	enum piece got = gather(w, first, &inner.scratch, &bytes, &why);

	if (got == PIECE_STOP)
		return got;
	if (got == PIECE_END)
		inner.a = open_reader(bytes, w->out->caps->single, &why);
	if (inner.a != NULL) {
		bool ok = walk(&inner);

		archive_read_free(inner.a);
		if (ok)
			return PIECE_END;
		if (w->out->why->kind != ERR_INPUT)
			return PIECE_STOP;
		why = *w->out->why; /* the inner one is damaged, which the outer one need not be */
		*w->out->why = (struct err){ 0 };
	}
	s->bad(s->ctx, name, &why);
	return PIECE_END;
}

/* The whole name of a member, in `a`: "inner.tar/log/a.log"; that of a single file is its archive's. */
static struct str name_of(struct walking *w, struct archive_entry *e, struct arena *a)
{
	const char *path = archive_entry_pathname_utf8(e);
	struct str name;
	char *p;

	if (archive_format(w->a) == ARCHIVE_FORMAT_RAW)
		return w->prefix.n > 0 ? w->prefix : STR("");
	if (path == NULL)
		path = archive_entry_pathname(e);
	name = path == NULL ? STR("?") : str_of(path);
	p = arena_bytes(a, w->prefix.n + 1 + name.n);
	if (p == NULL)
		return STR("?");
	name = str_sub(name, 0, UNPACK_MAX_NAME);
	if (w->prefix.n == 0) {
		memcpy(p, name.p, name.n);
		return (struct str){ p, name.n };
	}
	memcpy(p, w->prefix.p, w->prefix.n);
	p[w->prefix.n] = '/';
	memcpy(p + w->prefix.n + 1, name.p, name.n);
	return (struct str){ p, w->prefix.n + 1 + name.n };
}

static enum piece one_member(struct walking *w, struct archive_entry *e)
{
	const struct unpack_sink *s = w->out->sink;
	struct arena before = w->scratch;
	struct str name = name_of(w, e, &w->scratch), first = STR("");
	struct err why = { 0 };
	enum piece got = next_piece(w, &first, &why);

	if (got == PIECE_DAMAGED)
		s->bad(s->ctx, name, &why);
	else if (got != PIECE_STOP && w->depth < w->out->caps->depth && unpack_knows(first))
		got = walk_inner(w, name, first);
	else if (got != PIECE_STOP)
		got = pass_on(w, name, first);
	w->scratch = before;
	return got;
}

/* A hard link's bytes come with the file it is a link to. */
static bool is_file(struct archive_entry *e)
{
	return archive_entry_filetype(e) == AE_IFREG &&
	       (archive_entry_hardlink_utf8(e) == NULL && archive_entry_hardlink(e) == NULL);
}

static bool walk(struct walking *w)
{
	struct out *o = w->out;
	struct archive_entry *e;
	int rc;

	while ((rc = archive_read_next_header(w->a, &e)) == ARCHIVE_OK || rc == ARCHIVE_WARN) {
		if (archive_format(w->a) == ARCHIVE_FORMAT_RAW &&
		    archive_filter_code(w->a, 0) == ARCHIVE_FILTER_NONE)
			return err_set(o->why, ERR_INPUT, 0, "not an archive that is known");
		if (++o->members > o->caps->members)
			return err_set(o->why, ERR_LIMIT, o->members,
				       "the archive holds more than %zu files", o->caps->members);
		if (is_file(e) && one_member(w, e) == PIECE_STOP)
			return false;
	}
	return rc == ARCHIVE_EOF || damaged(w, o->why);
}

bool unpack_stream(struct arena scratch, struct str archive, const struct unpack_caps *caps,
		   const struct unpack_sink *sink, struct err *why)
{
	struct err none = { 0 };
	struct out o = { .caps = caps,
			 .sink = sink,
			 .packed = archive.n,
			 .piece = arena_bytes(&scratch, UNPACK_PIECE),
			 .why = &none };
	struct walking w = { .out = &o, .scratch = scratch, .prefix = STR("") };

	if (o.piece == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", (size_t)UNPACK_PIECE);
	w.a = open_reader(archive, caps->single, why);
	if (w.a == NULL)
		return false;
	bool ok = walk(&w);
	archive_read_free(w.a);
	if (!ok)
		*why = none;
	return ok;
}

/* --- a file at a time --- */

struct gathering {
	const struct unpack *u;
	char *all; /* u->max_member + 1 */
	size_t n;
	struct str name;
};

static bool gather_begin(void *ctx, struct str name)
{
	struct gathering *g = ctx;
	struct err why;

	g->name = name;
	g->n = 0;
	if (unpack_name_safe(name))
		return true;
	err_set(&why, ERR_INPUT, 0, "its name leads out of the archive");
	g->u->bad(g->u->ctx, name, &why);
	return false;
}

static bool gather_bytes(void *ctx, struct str piece)
{
	struct gathering *g = ctx;
	size_t room = g->u->max_member + 1 - g->n, n = piece.n < room ? piece.n : room;

	memcpy(g->all + g->n, piece.p, n);
	g->n += n;
	return true;
}

static bool gather_end(void *ctx, const struct err *why)
{
	struct gathering *g = ctx;
	struct err own;

	if (why == NULL && g->n <= g->u->max_member)
		return g->u->member(g->u->ctx, g->name, (struct str){ g->all, g->n });
	if (why == NULL)
		err_set(&own, ERR_LIMIT, 0, "longer than %zu bytes", g->u->max_member);
	else
		own = *why;
	g->u->bad(g->u->ctx, g->name, &own);
	return true;
}

static void gather_bad(void *ctx, struct str name, const struct err *why)
{
	struct gathering *g = ctx;

	g->u->bad(g->u->ctx, name, why);
}

bool unpack_walk(struct arena scratch, struct str archive, const struct unpack *u, struct err *why)
{
	struct gathering g = { .u = u, .all = arena_bytes(&scratch, u->max_member + 1) };
	struct unpack_caps caps = { .bytes = u->max_total, .members = UNPACK_MAX_MEMBERS };
	struct unpack_sink sink = { gather_begin, gather_bytes, gather_end, gather_bad, &g };

	if (g.all == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", u->max_member);
	return unpack_stream(scratch, archive, &caps, &sink, why);
}
