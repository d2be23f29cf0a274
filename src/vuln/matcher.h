/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matcher.h - packages of assets held against what feeds say of them.
 *
 * A record is begun, its claims are made, it is ended: then each package that it names has one verdict,
 * and each verdict is a finding a CVE. Nothing is stated of a package that no record names.
 */
#ifndef VULN_MATCHER_H
#define VULN_MATCHER_H

#include "vuln/inventory.h"
#include "vuln/range.h"

enum { MATCHER_MAX_SUBJECTS = 1 << 22, MATCHER_MAX_FINDINGS = 1 << 24, MATCHER_MAX_CVES = 4096 };

enum finding_state { FINDING_AFFECTED, FINDING_FIXED, FINDING_UNKNOWN };

enum finding_reason {
	REASON_NONE,
	REASON_NO_VERSION,  /* the package's is not known */
	REASON_BAD_VERSION, /* one of them cannot be compared */
	REASON_NO_ORDER,    /* how versions of this ecosystem are ordered is not known here */
	REASON_NO_RANGE,    /* the record tells no range that can be compared */
	REASON_RELEASES,    /* releases differ, and the package's is not known */
	REASON_PARTIAL,     /* it is not installed to the end */
	REASON_OLD,         /* the feed is older than it may be, or tells no date */
	REASON_ASSUMED,     /* affected, if what was not looked at holds (a signature, a file) */
};

struct feed {
	struct str path;
	uint64_t files, records, bad, withdrawn,
		other;  /* other: files of a folder that are no feed */
	int64_t newest; /* of its own dates; TIME_NONE: it tells none */
	int64_t latest; /* what is dated behind it tells nothing; 0: any date is good */
	bool old;       /* set when all is read */
	struct feed *next;
};

struct finding {
	struct str asset;
	const struct package *package;
	struct str cve, advisory, fixed_in, severity;
	enum finding_state state;
	enum finding_reason reason;
	bool exploited;
	const struct feed *feed;
	const struct finding *next;
};

struct matcher;

/* All that it keeps is in `a`, which must outlive it. NULL when it is full. */
struct matcher *matcher_new(struct arena *a);
/* False when there is no room for more. The inventory is borrowed. */
MUST_USE bool matcher_add(struct matcher *m, struct str asset, const struct inventory *inv);
/* No more are added; records can come. */
MUST_USE bool matcher_seal(struct matcher *m);

struct claim_range {
	const struct range_event *event;
	size_t n;
};

/* What one record says of one package of one system. */
struct claim {
	struct str ecosystem; /* "Debian:12", "Go", as OSV calls them */
	struct str name;
	const struct claim_range *range;
	size_t n_ranges;
	const struct str *version; /* affected, whatever the ranges say */
	size_t n_versions;
	bool unordered; /* there is more than these, which cannot be compared */
};

/* `generic`: it is not of those who made the package, so it is silent where these speak of the same CVE. */
void matcher_begin(struct matcher *m, const struct feed *feed, bool generic);
void matcher_claim(struct matcher *m, const struct claim *c);
/* For records that tell no ranges: packages of this name and type, one after another; *at is 0 at
 * first. */
struct installed {
	const struct package *package;
	struct str asset;
	size_t subject;
};
bool matcher_next(const struct matcher *m, struct str name, struct str type, size_t *at,
		  struct installed *out);

struct said {
	struct str ecosystem;
	enum finding_state state;
	enum finding_reason reason;
	struct str fixed_in;
};
void matcher_say(struct matcher *m, size_t subject, const struct said *s);
/* The record at hand is of this system, whether it names a package that is there or not. */
void matcher_speaks(struct matcher *m, struct str ecosystem);

/* `cve` are the names of what it describes; without any there is one finding under `advisory` alone.
 * False when there is no room for more findings. */
MUST_USE bool matcher_end(struct matcher *m, struct str advisory, struct str severity,
			  const struct str *cve, size_t n);

/* A name that the catalogue of exploited vulnerabilities holds. False: no room. */
MUST_USE bool matcher_exploited(struct matcher *m, struct str cve);

/* How many packages each end came to. */
struct matcher_sum {
	size_t packages, partial;
	size_t with_feed, without_feed; /* a feed speaks of their system at all */
	size_t affected,
		not_assessed; /* have such a finding; an affected one is not counted again */
	size_t nothing_known; /* a feed that is whole and fresh does not say they are affected */
	size_t findings, exploited;
};

/* When all is read and the feeds are marked old or not: what is fixed by old data is unknown. Findings in
 * the order of asset, package, CVE, advisory; NULL when there are none. False: no room. */
MUST_USE bool matcher_finish(struct matcher *m, struct matcher_sum *sum,
			     const struct finding **out);

#endif
