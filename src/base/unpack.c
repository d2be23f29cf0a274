/* SPDX-License-Identifier: Apache-2.0 */
/* unpack.c - the only file that sees libarchive. */
#include "base/unpack.h"

#include <archive.h>
#include <archive_entry.h>

bool unpack_knows(struct str b)
{
	static const struct str magic[] = { STR("PK\x03\x04"), STR("\x1f\x8b"), STR("BZh"),
					    STR("\xfd\x37zXZ"), STR("\x28\xb5\x2f\xfd") };

	for (size_t i = 0; i < COUNT(magic); i++)
		if (str_starts(b, magic[i]))
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

static struct archive *open_reader(struct str bytes)
{
	struct archive *a = archive_read_new();

	if (a == NULL)
		return NULL;
	archive_read_support_format_zip(a);
	archive_read_support_format_tar(a);
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	if (archive_read_open_memory(a, bytes.p, bytes.n) == ARCHIVE_OK)
		return a;
	archive_read_free(a);
	return NULL;
}

struct walking {
	const struct unpack *u;
	struct archive *a;
	struct arena scratch;
	size_t members, total;
	struct err *why;
};

static bool damaged(struct walking *w)
{
	const char *says = archive_error_string(w->a);

	return err_set(w->why, ERR_INPUT, w->members, "the archive is damaged: %s",
		       says != NULL ? says : "-");
}

/* All bytes of the member at hand. *passed: it was named to `bad` and the walk goes on. */
static bool read_member(struct walking *w, struct str name, struct str *out, bool *passed)
{
	struct arena a = w->scratch;
	char *all = arena_bytes(&a, w->u->max_member + 1);
	size_t n = 0;

	*passed = all == NULL;
	while (all != NULL && n <= w->u->max_member) {
		la_ssize_t got = archive_read_data(w->a, all + n, w->u->max_member + 1 - n);

		if (got < 0)
			return damaged(w);
		if (got == 0)
			break;
		n += (size_t)got;
	}
	w->total += n;
	if (w->total > w->u->max_total)
		return err_set(w->why, ERR_LIMIT, w->members,
			       "the archive holds more than %zu bytes", w->u->max_total);
	if (all == NULL || n > w->u->max_member) {
		struct err why;

		err_set(&why, ERR_LIMIT, 0, "longer than %zu bytes", w->u->max_member);
		w->u->bad(w->u->ctx, name, &why);
		*passed = true;
	}
	*out = (struct str){ all, n };
	return true;
}

/* False with why->kind ERR_NONE: the callback ended the walk. */
static bool one_member(struct walking *w, struct archive_entry *e)
{
	const char *path = archive_entry_pathname(e);
	struct str name = str_of(path), bytes = STR("");
	struct err why;
	bool passed = false;

	if (archive_entry_filetype(e) != AE_IFREG)
		return true;
	if (!unpack_name_safe(name)) {
		err_set(&why, ERR_INPUT, 0, "its name leads out of the archive");
		w->u->bad(w->u->ctx, name, &why);
		return true;
	}
	if (!read_member(w, name, &bytes, &passed))
		return false;
	return passed || w->u->member(w->u->ctx, name, bytes);
}

static bool walk(struct walking *w)
{
	struct archive_entry *e;
	int rc;

	while ((rc = archive_read_next_header(w->a, &e)) == ARCHIVE_OK || rc == ARCHIVE_WARN) {
		if (++w->members > UNPACK_MAX_MEMBERS)
			return err_set(w->why, ERR_LIMIT, w->members,
				       "the archive holds more than %d files", UNPACK_MAX_MEMBERS);
		if (!one_member(w, e))
			return false;
	}
	return rc == ARCHIVE_EOF || damaged(w);
}

bool unpack_walk(struct arena scratch, struct str archive, const struct unpack *u, struct err *why)
{
	struct walking w = { .u = u, .a = open_reader(archive), .scratch = scratch, .why = why };

	if (w.a == NULL)
		return err_set(why, ERR_INPUT, 0, "not an archive that is known");
	bool ok = walk(&w);
	archive_read_free(w.a);
	return ok;
}
