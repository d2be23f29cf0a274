/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset.h - what a source tells of one machine: a row of an asset book, a directory, the leases of a DHCP
 * server, an anti-virus console.
 *
 * Cells are hostile. A cell that says nothing ("-", "N/A", "không") is not told; one that cannot be read
 * is a fault of its line, the machine stands without it: a denominator must not shrink because of a date.
 */
#ifndef FLEET_ASSET_H
#define FLEET_ASSET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"

enum asset_kind { ASSET_SERVER, ASSET_WORKSTATION, ASSET_APPLIANCE, ASSET_OTHER, ASSET_KINDS };
enum asset_state { ASSET_IN_USE, ASSET_OFF, ASSET_STATES };
enum asset_origin { ORIGIN_BOOK, ORIGIN_AD, ORIGIN_DHCP, ORIGIN_AV, ORIGINS };

/* What is told besides the name, each with its source and age. */
enum asset_fact {
	FACT_ADDRESS, /* several; as inet_ntop() writes them */
	FACT_MAC,     /* several; 00:11:22:33:44:55 */
	FACT_VENDOR,
	FACT_MODEL,
	FACT_SERIAL,
	FACT_OS,
	FACT_SYSTEM,
	FACT_LEVEL, /* 1 to 5 */
	FACT_OWNER,
	FACT_DEPARTMENT, /* as the source says, whether a unit is called so or not */
	FACT_PLACE,
	FACT_PURPOSE,
	FACT_SUPPORT_END, /* 2027-12-31 */
	FACT_ACCOUNT,     /* of the directory: enabled, disabled */
	FACTS,
};
static inline bool asset_fact_many(enum asset_fact f)
{
	return f == FACT_ADDRESS || f == FACT_MAC;
}

/* "server", "off", "ad", "support_end"; the value for "none" has no name. */
const char *asset_kind_name(enum asset_kind k);
const char *asset_state_name(enum asset_state s);
const char *asset_origin_name(enum asset_origin o);
const char *asset_fact_name(enum asset_fact f);
MUST_USE bool asset_origin_find(struct str s, enum asset_origin *out);
MUST_USE bool asset_fact_find(struct str s, enum asset_fact *out);

enum { TOLD_FACTS_MAX = 64, TOLD_TEXT_MAX = 500, TOLD_NAME_MAX = 253 };

struct told_fact {
	enum asset_fact fact;
	struct str value;
};
struct asset_told {
	uint64_t line;
	struct str
		name; /* with its domain where that is told; without a name the first MAC or address */
	bool named;
	struct str unit, site;   /* empty: not told */
	enum asset_kind kind;    /* ASSET_KINDS: not told */
	enum asset_state state;  /* ASSET_STATES: not told; ASSET_OFF only with who confirmed it */
	struct str confirmed_by; /* that it is off */
	int64_t confirmed;       /* TIME_NONE: not told when */
	int64_t seen;            /* when it was last there, by that source; TIME_NONE: not told */
	const struct told_fact *fact;
	size_t n;
};

/* Callbacks of one reading; what is handed over lives until the call returns, its views in the arena. */
struct told_sink {
	void (*row)(void *ctx, const struct asset_told *told);
	void (*bad)(void *ctx, uint64_t line, const struct err *why);
	void *ctx;
};

/* What a column, an attribute or a statement may hold. */
enum asset_field {
	FIELD_IGNORE,
	FIELD_NAME,
	FIELD_FQDN,
	FIELD_ADDRESS,
	FIELD_MAC,
	FIELD_UNIT,
	FIELD_SITE,
	FIELD_KIND,
	FIELD_VENDOR,
	FIELD_MODEL,
	FIELD_SERIAL,
	FIELD_OS,
	FIELD_OS_VERSION,
	FIELD_SYSTEM,
	FIELD_LEVEL,
	FIELD_OWNER,
	FIELD_PLACE,
	FIELD_PURPOSE,
	FIELD_STATE,
	FIELD_CONFIRMED_BY,
	FIELD_CONFIRMED,
	FIELD_SUPPORT_END,
	FIELD_ENABLED,
	FIELD_SEEN,
	FIELDS,
};
MUST_USE bool asset_field_find(struct str s, enum asset_field *out);

/* Cells of one row, put together to what it tells. */
struct told_build {
	struct arena *a;
	const struct told_sink *sink;
	bool month_first; /* how dates are written */
	struct asset_told told;
	struct told_fact fact[TOLD_FACTS_MAX];
	struct str fqdn, os, os_version;
};
void told_begin(struct told_build *b, uint64_t line);
/* A cell that cannot be read goes to sink->bad. */
void told_put(struct told_build *b, enum asset_field field, struct str cell);
/* Hand the row to sink->row; or to sink->bad when it names no machine. */
void told_end(struct told_build *b);

#endif
