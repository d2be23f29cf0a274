/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset_list.h - the registry as it is shown: assets with what is told of them, imports, and what may be
 * one machine twice. Views in results live in the given arena.
 */
#ifndef FLEET_ASSET_LIST_H
#define FLEET_ASSET_LIST_H

#include "fleet/asset.h"
#include "state/scope.h"

struct jsonw;

/* Of a fact that cannot be several the newest that has not ended is current. */
struct asset_says {
	enum asset_fact fact;
	struct str value;
	bool current;
	char source[UUID_MAX];
	struct str source_kind, source_name;
	int64_t first, told, ended; /* ended TIME_NONE: not */
};
struct asset {
	char id[UUID_MAX], unit[UUID_MAX], site[UUID_MAX];
	struct str name, unit_name, site_name, kind, state;
	bool named;
	struct str confirmed_by;                 /* that it is off */
	int64_t confirmed, seen;                 /* TIME_NONE: not told */
	int64_t told, created, changed, version; /* told: when a source last told of it */
	struct asset_says *says;
	size_t n_says;
};
/* It was seen after somebody confirmed that it is off. */
static inline bool asset_returned(const struct asset *x)
{
	return x->confirmed != TIME_NONE && x->seen != TIME_NONE && x->seen > x->confirmed;
}
/* The values of a fact that are current, ", " between them. */
struct str asset_values(struct arena *a, const struct asset *x, enum asset_fact fact);

struct asset_wish {
	struct scope scope;
	struct str id;          /* that one; empty: all */
	struct str text;        /* in the name or a current value, case ignored; empty: all */
	enum asset_kind kind;   /* ASSET_KINDS: all */
	enum asset_state state; /* ASSET_STATES: all */
	struct str after_name,
		after_id; /* what stands behind that one, by name; empty: from the first */
	size_t most;
	bool history; /* facts that have ended, too */
};
MUST_USE bool asset_list(struct db *db, struct arena *a, const struct asset_wish *wish,
			 struct asset **out, size_t *n, struct err *why);
/* By id, or by name where only one asset has it. ERR_ABSENT, ERR_STATE: several. */
MUST_USE bool asset_find(struct db *db, struct arena *a, const struct scope *scope, struct str what,
			 struct asset *out, struct err *why);
/* Its members; the caller opens and closes the object. */
void asset_put(struct jsonw *w, const struct asset *x);

struct asset_source {
	char id[UUID_MAX];
	struct str kind, name, sha256, imported_by;
	int64_t size_bytes, rows, bad_rows, added, changed, same, imported;
};
struct asset_sources {
	struct asset_source *at;
	size_t n;
};
/* Newest first, at most `most`. */
MUST_USE bool asset_sources(struct db *db, struct arena *a, const struct scope *scope, size_t most,
			    struct asset_sources *out, struct err *why);
void asset_source_put(struct jsonw *w, const struct asset_source *s);

/* Assets that may be one: the same address or MAC address now, or the same name in another domain or
 * unit. Rows of one proposal follow each other. */
struct asset_twin {
	struct str by, value; /* "address", "mac", "name" */
	char id[UUID_MAX];
	struct str name;
};
struct asset_twins {
	struct asset_twin *at;
	size_t n;
};
MUST_USE bool asset_duplicates(struct db *db, struct arena *a, const struct scope *scope,
			       size_t most, struct asset_twins *out, struct err *why);

#endif
