/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c - a table of files in one arena, sorted by path.
 *
 * Invariant: after page_load() nothing changes, so any thread may read it.
 */
#include "web/page_int.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/hash.h"
#include "web/call_int.h"

#include <fcntl.h>
#include <stdlib.h>

enum { PAGE_MAX = 64 << 20, FILES_MAX = 512, TAG_MAX = 24 };

struct page_file {
	struct str path;          /* "/assets/x.js" */
	struct str bytes, packed; /* packed: of the .gz twin, else p is NULL */
	const char *type;
	char tag[TAG_MAX];
	bool kept; /* the name changes with the content */
};

struct page {
	struct arena whole, mem;
	struct page_file files[FILES_MAX];
	size_t n, dir_len;
	struct str index; /* the shell, with __CSP_NONCE__ in it */
	struct err why;
};

static const struct {
	struct str suffix;
	const char *type;
} types[] = {
	{ STR(".html"), "text/html; charset=utf-8" },
	{ STR(".js"), "text/javascript; charset=utf-8" },
	{ STR(".css"), "text/css; charset=utf-8" },
	{ STR(".json"), "application/json" },
	{ STR(".webmanifest"), "application/manifest+json" },
	{ STR(".svg"), "image/svg+xml" },
	{ STR(".png"), "image/png" },
	{ STR(".ico"), "image/x-icon" },
	{ STR(".woff2"), "font/woff2" },
	{ STR(".txt"), "text/plain; charset=utf-8" },
};

static const char *type_of(struct str path)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (str_ends(path, types[i].suffix))
			return types[i].type;
	return "application/octet-stream";
}

static bool take_file(void *ctx, const char *path, const char *name)
{
	struct page *p = ctx;
	struct str rel = str_skip(str_of(path), p->dir_len);
	struct str bytes;

	(void)name;
	if (p->n == FILES_MAX)
		return err_set(&p->why, ERR_LIMIT, 0, "the page has more than %d files", FILES_MAX);
	if (!file_load(&p->mem, AT_FDCWD, path, PAGE_MAX, &bytes, &p->why))
		return false;
	struct page_file *f = &p->files[p->n++];
	*f = (struct page_file){ .path = arena_str(&p->mem, rel), .bytes = bytes };
	if (f->path.p == NULL)
		return err_set(&p->why, ERR_LIMIT, 0, "the page is larger than %d bytes", PAGE_MAX);
	f->type = type_of(f->path);
	f->kept = str_starts(f->path, STR("/assets/"));
	unsigned char digest[HASH_SHA256_LEN];
	hash_sha256(bytes, digest);
	hash_hex(digest, TAG_MAX / 2 - 1, f->tag);
	return true;
}

static void note_bad(void *ctx, const char *path, const struct err *why)
{
	struct page *p = ctx;

	err_set(&p->why, ERR_IO, 0, "cannot read '%s': %s", path, why->text);
}

static const struct page_file *find(const struct page *p, struct str path)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->files[i].path, path))
			return &p->files[i];
	return NULL;
}

/* Hang each "x.gz" on its "x". */
static bool pair_twins(struct page *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct str twin = arena_printf(&p->mem, "%.*s.gz", STR_ARG(p->files[i].path));

		if (twin.p == NULL)
			return false;
		const struct page_file *packed = find(p, twin);
		if (packed != NULL)
			p->files[i].packed = packed->bytes;
	}
	return true;
}

static bool load(struct page *p, const char *dir)
{
	struct walk w = { take_file, note_bad, p };

	if (!file_walk(dir, &w) || p->why.kind != ERR_NONE)
		return false;
	const struct page_file *index = find(p, STR("/index.html"));
	if (index == NULL)
		return err_set(&p->why, ERR_ABSENT, 0, "'%s' has no index.html", dir);
	p->index = index->bytes;
	return pair_twins(p) ||
	       err_set(&p->why, ERR_LIMIT, 0, "the page is larger than %d bytes", PAGE_MAX);
}

struct page *page_load(const char *dir, struct err *why)
{
	struct page *p = calloc(1, sizeof *p);

	if (p == NULL || !arena_reserve(&p->whole, PAGE_MAX)) {
		free(p);
		err_set(why, ERR_IO, 0, "no memory");
		return NULL;
	}
	p->mem = p->whole;
	p->dir_len = strlen(dir);
	while (p->dir_len > 1 && dir[p->dir_len - 1] == '/')
		p->dir_len--;
	if (load(p, dir))
		return p;
	if (why != NULL)
		*why = p->why;
	page_free(p);
	return NULL;
}

void page_free(struct page *p)
{
	if (p == NULL)
		return;
	arena_release(p->whole);
	free(p);
}

/* The shell with a nonce of its own for each load. */
static void answer_index(const struct page *p, struct call *c)
{
	static const struct str mark = STR("__CSP_NONCE__");
	unsigned char raw[18];
	struct str rest = p->index;

	crypt_random(raw, sizeof raw);
	struct str nonce = crypt_base64_url(&c->a, (struct str){ (const char *)raw, sizeof raw });
	reply_json(c, 200);
	c->reply.type = "text/html; charset=utf-8";
	for (;;) {
		size_t at = str_find(rest, mark);

		buf_add(&c->reply.body, str_sub(rest, 0, at));
		if (at == rest.n)
			break;
		buf_add(&c->reply.body, nonce);
		rest = str_skip(rest, at + mark.n);
	}
	reply_header(c, "Content-Security-Policy",
		     arena_printf(&c->a,
				  "default-src 'none'; script-src 'self' 'nonce-%.*s'; "
				  "style-src 'self' 'nonce-%.*s'; img-src 'self' data:; "
				  "font-src 'self'; connect-src 'self'; manifest-src 'self'; "
				  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
				  STR_ARG(nonce), STR_ARG(nonce)));
}

static void answer_file(const struct page_file *f, struct call *c)
{
	bool pack = f->packed.p != NULL &&
		    request_accepts(c->header[H_ACCEPT_ENCODING], STR("gzip"));
	struct str tag = arena_printf(&c->a, "%s%s", f->tag, pack ? "-gz" : "");

	reply_empty(c, 200);
	reply_etag(c, tag);
	reply_header(c, "Cache-Control",
		     f->kept ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
	if (f->packed.p != NULL)
		reply_header(c, "Vary", STR("Accept-Encoding"));
	if (request_etag_in(c->header[H_IF_NONE_MATCH], tag)) {
		c->reply.status = 304;
		return;
	}
	c->reply.type = f->type;
	c->reply.fixed = pack ? f->packed : f->bytes;
	if (pack)
		reply_header(c, "Content-Encoding", STR("gzip"));
}

bool page_answer(const struct page *p, struct call *c)
{
	if (p == NULL)
		return false;
	if (str_eq(c->path, STR("/")) || str_eq(c->path, STR("/index.html"))) {
		answer_index(p, c);
		return true;
	}
	const struct page_file *f = find(p, c->path);
	if (f == NULL || str_ends(f->path, STR(".gz")))
		return false;
	answer_file(f, c);
	return true;
}
