/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lists_names.c - names in raw text: of hosts, with the URLs on them, and of files.
 *
 * Invariant: the hashes of a token decide only that a look is needed; what is found is found by the
 * same functions as in fields.
 */
#include "detect/domain.h"
#include "detect/file_name.h"
#include "detect/search_int.h"

enum {
	TOKEN_MAX = 1024,
	TOKENS = 64,
	TOKEN_NAMES = 6,
	PATH_MAX_TEXT = 512
}; /* TOKENS: looked at together */

/* Bytes of names and the dots between them. */
static const bool name_bytes[256] = {
	['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['0' ... '9'] = true,   ['-'] = true,
	['_'] = true,         ['.'] = true,         [0x80 ... 0xff] = true,
};

bool search_name_byte(char c)
{
	return name_bytes[(unsigned char)c];
}

static bool token_border(char c)
{
	return c == '.' || c == '-' || c == '_';
}

static bool url_host_known(const struct search *s, struct str host)
{
	return s->set->tables[T_URL].n > 0 &&
	       bloom_has(s->set->url_hosts, s->set->url_hosts_mask, mix64(hash_name(s->set, host)));
}

/* Behind a host that ends at `end`: an optional port, then the path. */
static void on_url(struct search *s, struct str host, size_t from, size_t end)
{
	struct found f = { .at = s->at };
	size_t at = end;

	if (!url_host_known(s, host))
		return;
	if (at < s->t.n && s->t.p[at] == ':') {
		at++;
		while (at < s->t.n && ascii_digit(s->t.p[at]) && at - end < 7)
			at++;
	}
	if (at == s->t.n || (s->t.p[at] != '/' && s->t.p[at] != '?'))
		return;
	find_url(s->set, host, str_skip(s->t, at), &f);
	size_t to = at;

	while (to < s->t.n && (unsigned char)s->t.p[to] > ' ' && s->t.p[to] != '"' &&
	       s->t.p[to] != '<' && s->t.p[to] != '>' && to - at < INDICATOR_MAX)
		to++;
	search_tell(s, &f, from, to);
}

/* A name in lower case and punycode that stands at t[from, to). */
static void judge_name(struct search *s, struct str name, size_t from, size_t to)
{
	struct found f = { .at = s->at };

	find_name(s->set, name, &f);
	search_tell(s, &f, from, to);
	on_url(s, name, from, to);
}

static bool hex_pair(struct str t, size_t at)
{
	unsigned char b;

	return hash_hex_parse(str_sub(t, at, at + 2), &b, 1);
}

/* Bytes above ASCII: letters of a name, or punctuation that borders it. */
static void judge_unicode(struct search *s, size_t from, size_t to)
{
	char name[DOMAIN_MAX];
	struct err why;
	size_t n;
	bool idn;

	for (int tries = 0; to > from && tries < 32; tries++) {
		struct str token = str_sub(s->t, from, to);

		if (domain_normal(token, name, &n, &idn, &why)) {
			judge_name(s, (struct str){ name, n }, from, to);
			return;
		}
		if (why.at >= token.n || !domain_char(token.p[why.at]) ||
		    (unsigned char)token.p[why.at] < 0x80)
			return;
		/* What stands in front of the sign may be a name, and what follows it too. */
		size_t cut = from + why.at;

		if (cut > from)
			judge_unicode(s, from, cut);
		from = cut + 1;
		while (from < to && ((unsigned char)s->t.p[from] & 0xC0) == 0x80)
			from++;
		if (memchr(s->t.p + from, '.', to - from) == NULL)
			return;
	}
}

/* A token without what stands around a name. */
struct token {
	size_t from, to;
	uint64_t hash[TOKEN_NAMES]; /* of the name and its parents, beginning with the shortest */
	uint8_t n;
	bool perhaps; /* it must be judged; the hashes do not decide */
};

static void trim_token(const struct search *s, struct token *x)
{
	if (x->from > 0 && s->t.p[x->from - 1] == '%' && hex_pair(s->t, x->from))
		x->from += 2;
	while (x->from < x->to && token_border(s->t.p[x->from]))
		x->from++;
	while (x->to > x->from && token_border(s->t.p[x->to - 1]))
		x->to--;
	if (x->to - x->from > DOMAIN_MAX)
		x->from = x->to - DOMAIN_MAX;
}

static void judge_token(struct search *s, const struct token *x)
{
	char low[DOMAIN_MAX];
	bool ascii = true;

	for (size_t i = x->from; i < x->to; i++) {
		low[i - x->from] = ascii_lower(s->t.p[i]);
		ascii &= (unsigned char)s->t.p[i] < 0x80;
	}
	if (ascii)
		judge_name(s, (struct str){ low, x->to - x->from }, x->from, x->to);
	else
		judge_unicode(s, x->from, x->to);
}

/* A byte that ends the path of a file in text, whatever is around it. */
static bool path_end(char c)
{
	return (unsigned char)c < ' ' || memchr("\"'<>|?*=;,", c, 10) != NULL;
}

/* The token as the end of a file's name or path, which may have begun before it. */
static void judge_file(struct search *s, const struct token *x)
{
	char path[PATH_MAX_TEXT];
	struct found f = { .at = s->at };
	size_t from = x->from, to = x->to, n;

	while (to < s->t.n && search_name_byte(s->t.p[to]) && s->t.p[to] != '.' &&
	       to - x->from < TOKEN_MAX)
		to++;
	while (from > 0 && !path_end(s->t.p[from - 1]) && to - from < sizeof path)
		from--;
	n = to - from;
	for (size_t i = 0; i < n && n <= sizeof path; i++)
		path[i] = file_byte(s->t.p[from + i]);
	if (n <= sizeof path)
		find_file(s->set, (struct str){ path, n }, true, &f);
	search_tell(s, &f, x->from, to);
}

static bool has_unicode(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return true;
	return false;
}

/* As find_name() does, but looks at nothing yet. False: no name or host of the set ends so, nor can one
 * end at punctuation above ASCII inside the token. */
static bool hash_token(const struct search *s, struct token *x)
{
	uint64_t h = s->set->seed;
	unsigned dots = 0;

	x->n = 0;
	x->perhaps = false;
	for (size_t i = x->to; i > x->from; i--) {
		char c = s->t.p[i - 1];

		x->perhaps |= (unsigned char)c >= 0x80;
		h = roll(h, ascii_lower(c));
		dots += c == '.';
		if (c == '.' || (i - 1 > x->from && s->t.p[i - 2] != '.'))
			continue;
		if (dots == 0 && !x->perhaps && !tld_known(s->set, mix64(h))) {
			x->perhaps = has_unicode(str_sub(s->t, x->from, i - 1));
			return x->perhaps;
		}
		if (dots == 0)
			continue;
		if (x->n == TOKEN_NAMES) {
			x->perhaps = true;
			break;
		}
		x->hash[x->n++] = mix64(h);
	}
	return true;
}

static void fetch_token(const struct search *s, const struct token *x)
{
	for (size_t i = 0; i < x->n; i++)
		table_fetch(&s->set->tables[T_NAME], x->hash[i]);
	if (x->n > 0 && s->set->tables[T_FILE].n > 0)
		table_fetch(&s->set->tables[T_FILE], x->hash[x->n - 1]);
	if (x->n > 0 && s->set->tables[T_URL].n > 0)
		__builtin_prefetch(
			&s->set->url_hosts[x->hash[x->n - 1] >> 34 & s->set->url_hosts_mask]);
}

/* May the set hold the name, a parent of it, or a URL of that host? */
static bool perhaps_token(const struct search *s, const struct token *x)
{
	const struct table *t = &s->set->tables[T_NAME];
	bool any = x->perhaps;

	for (size_t i = 0; i < x->n && !any; i++)
		any = bloom_has(t->bloom, t->bloom_mask, x->hash[i]);
	return any || (x->n > 0 &&
		       bloom_has(s->set->url_hosts, s->set->url_hosts_mask, x->hash[x->n - 1]));
}

static void look_token(struct search *s, const struct token *x)
{
	const struct table *t = &s->set->tables[T_FILE];

	if (perhaps_token(s, x))
		judge_token(s, x);
	if (t->n > 0 && !s->stopped &&
	    (x->perhaps || (x->n > 0 && bloom_has(t->bloom, t->bloom_mask, x->hash[x->n - 1]))))
		judge_file(s, x);
}

/* The token around a dot at `at`; false when no look at it is needed. */
static bool take_token(struct search *s, size_t at, struct token *x)
{
	x->from = x->to = at;
	while (x->from > 0 && search_name_byte(s->t.p[x->from - 1]) && at - x->from < TOKEN_MAX)
		x->from--;
	while (x->to < s->t.n && search_name_byte(s->t.p[x->to]) && x->to - at < TOKEN_MAX)
		x->to++;
	s->done[SCAN_NAME] = x->to;
	trim_token(s, x);
	return hash_token(s, x);
}

/* Tokens are gathered, then looked at, so that none waits for the memory of another. */
void search_names(struct search *s, size_t from, const uint32_t *place, size_t n)
{
	struct token some[TOKENS];

	for (size_t i = 0; i < n && !s->stopped;) {
		size_t got = 0;

		for (; i < n && got < TOKENS; i++) {
			if (from + place[i] < s->done[SCAN_NAME] ||
			    !take_token(s, from + place[i], &some[got]))
				continue;
			fetch_token(s, &some[got++]);
		}
		for (size_t k = 0; k < got && !s->stopped; k++)
			look_token(s, &some[k]);
	}
}
