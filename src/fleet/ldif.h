/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ldif.h - entries of a directory in LDIF (RFC 2849): folded lines, base64, remarks; and the machines
 * among them, as Active Directory or an OpenLDAP describes them.
 *
 * Input is hostile. Values by reference (":<") are never fetched: a fault. Records of change other than
 * "add" are faults. Never logs.
 */
#ifndef FLEET_LDIF_H
#define FLEET_LDIF_H

#include "fleet/asset.h"

enum { LDIF_ATTRIBUTES_MAX = 512 };

struct ldif {
	struct str rest;
	uint64_t next; /* the number of the next line, from 1 */
};
struct ldif_entry {
	uint64_t line;
	struct {
		struct str name; /* without options: "cn", not "cn;lang-vi" */
		struct str value;
	} at[LDIF_ATTRIBUTES_MAX]; /* what is beyond is not read */
	size_t n;
};
void ldif_begin(struct ldif *l, struct str text);
/* The next entry into *out; LDIF_BAD: it cannot be read, out->line and *why tell, the next can. */
enum ldif_is { LDIF_END, LDIF_ENTRY, LDIF_BAD };
enum ldif_is ldif_next(struct ldif *l, struct arena *a, struct ldif_entry *out, struct err *why);

/* Entries that are no machines (people, groups, folders) are counted in *others. False: no entry at all. */
MUST_USE bool ldif_read_machines(struct arena *a, struct str text, const struct told_sink *sink,
				 uint64_t *others, struct err *why);

#endif
