/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request.h - the parts of a request as text: path, parameters, cookies, credentials, preferences.
 *
 * Input is hostile. Pure: allocates in the arena it is given, keeps no state, never logs. Results are
 * views into the input or into the arena.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "base/arena.h"
#include "base/err.h"

enum { PARAMS_MAX = 48, SEGMENTS_MAX = 12 };

struct param {
	struct str name, value;
};
struct params {
	struct param at[PARAMS_MAX];
	size_t n;
};

/* "a=1&b=x%20y": names and values unescaped. Fails on bad escapes and too many of them. */
MUST_USE bool request_params(struct arena *a, struct str query, struct params *out,
			     struct err *why);
/* The value of the first parameter of that name; p is NULL when there is none. */
struct str request_param(const struct params *p, const char *name);

/* "/a/b%2Fc" into its parts, each unescaped; "/" has none. Fails on empty parts, "." and "..", bad
 * escapes and too many parts; a slash at the end is let through. */
struct segments {
	struct str at[SEGMENTS_MAX];
	size_t n;
};
MUST_USE bool request_segments(struct arena *a, struct str path, struct segments *out,
			       struct err *why);

/* The value of the cookie `name` in a Cookie header; p is NULL when it is not there. */
struct str request_cookie(struct str header, const char *name);

/* What an Authorization header holds; empty views where it holds none of these or is ill-formed. */
struct credentials {
	struct str name;   /* of Basic, or the id of ApiKey */
	struct str secret; /* the password of Basic, the key of ApiKey, the token of Bearer */
};
bool request_credentials(struct arena *a, struct str header, struct credentials *out);

/* vi or en, whichever an Accept-Language header wants more; Vietnamese when it names neither. */
enum lang request_lang(struct str header);
/* Does an Accept or Accept-Encoding header name `what` ("text/html", "gzip") with q above 0? */
bool request_accepts(struct str header, struct str what);
/* Does an If-Match or If-None-Match header name the entity tag (without quotes), or "*"? */
bool request_etag_in(struct str header, struct str tag);
/* The version that an If-Match names, -1 without one or for any; a tag that is no version fits nothing. */
int64_t request_version(struct str header);

#endif
