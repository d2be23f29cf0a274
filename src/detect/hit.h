/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hit.h - what the detector says about an event: a rule or an indicator that holds, and how loud.
 *
 * A hit is views: `rule` and `list` are borrowed from the detector that made it, `field` and `text`
 * from the event (or the scratch of the run). Copy what must outlive the batch or the detector.
 * Names of enum values are stored and sent as text, never as numbers.
 */
#ifndef DETECT_HIT_H
#define DETECT_HIT_H

#include "base/str.h"

enum hit_kind { HIT_RULE, HIT_INDICATOR };

/* The levels of Sigma; lists use the same. */
enum severity { SEV_INFORMATIONAL, SEV_LOW, SEV_MEDIUM, SEV_HIGH, SEV_CRITICAL, SEV_N };

/* What is done with a hit. */
enum hit_use {
	HIT_COUNT,   /* counted, shown nowhere by itself */
	HIT_CONTEXT, /* kept beside the event, seen when one looks at it */
	HIT_GROUP,   /* an alert that gathers all of its kind */
	HIT_ALERT,   /* an alert that somebody must look at now */
	HIT_USE_N,
};

/* What to tell whoever is on duty, from the `canh:` section of a rule; any part may be empty. */
struct rule_guide {
	struct str what, why, call;
	const struct str *check, *act;
	size_t n_check, n_act;
};

/* A rule as people see it. Views into the rule set; immutable. */
struct rule_info {
	struct str id; /* as the rule gives it; "FILE#n" where it gives none */
	struct str name, title, title_vi, status, description, author;
	struct str file; /* as it was loaded */
	uint32_t line;   /* where its document begins */
	uint8_t severity;
	const struct str *tags; /* "attack.t1110" */
	size_t n_tags;
	struct str logsource; /* "category=.. product=.. service=.." as far as given */
	const struct rule_guide *guide_vi, *guide_en; /* NULL where the rule has none */
	uint32_t number;                              /* in its rule set */
	bool correlated;                              /* correlations want to know when it holds */
	bool part; /* and tell instead of it: by itself it is only counted */
};

enum list_kind {
	LIST_UNKNOWN,
	LIST_INFECTED, /* Vietnamese addresses found infected: the national botnet list */
	LIST_C2,
	LIST_ATTACKER,
	LIST_PHISHING,
	LIST_KNOWN_GOOD,
	LIST_KIND_N,
};

enum indicator_type {
	IND_IP, /* an address */
	IND_RANGE,
	IND_DOMAIN,
	IND_URL,
	IND_MD5,
	IND_SHA1,
	IND_SHA256,
	IND_EMAIL,
	IND_FILE, /* a name or path: file_name.h */
	IND_TYPE_N,
};

/* A list as people see it. Times in µs UTC, TIME_NONE where not given. Borrowed from the detector. */
struct list_info {
	struct str id, name, letter, issuer, month, tlp;
	char sha256[65]; /* of the file, hexadecimal */
	uint8_t kind;    /* enum list_kind */
	int64_t valid_from, valid_until;
	uint64_t entries, bad_lines;
	const struct rule_guide *guide_vi,
		*guide_en; /* what to do about a hit; NULL: nothing told */
};

/* What a correlation found: the events of one group within its timespan. */
struct hit_window {
	int64_t from, to; /* the first and the last of them, µs UTC */
	uint64_t events;
	double value;                   /* what its condition compared */
	const struct str *name, *group; /* the fields of group-by and their values */
	size_t n;
};

struct hit {
	uint8_t kind;         /* enum hit_kind */
	uint8_t severity;     /* enum severity */
	uint8_t use;          /* enum hit_use */
	uint8_t type;         /* enum indicator_type; HIT_INDICATOR only */
	bool excepted;        /* an exception of the operator holds: counted, never an alert */
	struct str exception; /* its id, borrowed from the detector */
	/* HIT_INDICATOR: a known-good list that holds the same value, or NULL. Where it names it as
	 * narrowly as `list` does, or more, `use` is HIT_COUNT. */
	const struct list_info *known_good;
	const struct rule_info *rule;    /* HIT_RULE */
	const struct hit_window *window; /* a correlation; else NULL */
	const struct list_info *list;    /* HIT_INDICATOR */
	uint64_t line;                   /* HIT_INDICATOR: the line of the list */
	bool in_force;                   /* HIT_INDICATOR: list and line were valid then */
	struct str indicator;            /* HIT_INDICATOR: as the list writes it, refanged */
	struct str note;  /* HIT_INDICATOR: what the list says about it, may be empty */
	struct str field; /* where it matched; empty: in the record as a whole */
	struct str text;  /* what matched: the value of that field, or part of it */
};

/* "critical", "alert", "c2", "sha256" ...; never NULL. */
const char *severity_name(enum severity s);
const char *hit_use_name(enum hit_use u);
const char *list_kind_name(enum list_kind k);
const char *indicator_type_name(enum indicator_type t);
/* The value of that name in any case; false when there is none. */
MUST_USE bool severity_find(struct str name, enum severity *out);
MUST_USE bool list_kind_find(struct str name, enum list_kind *out);
/* What a hit of a rule of that level is for. */
enum hit_use hit_use_of(enum severity s);

#endif
