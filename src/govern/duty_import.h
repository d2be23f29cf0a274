/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duty_import.h - rows of a roster file (duty_csv.h) into the state, all in one transaction.
 */
#ifndef GOVERN_DUTY_IMPORT_H
#define GOVERN_DUTY_IMPORT_H

#include "govern/duty_csv.h"

enum { DUTY_FAULTS_MAX = 100 };

struct duty_import {
	const struct duty_row *rows;
	size_t n;
	const char *actor;
	bool preview; /* look what would be kept, keep nothing */
};
struct duty_fault {
	uint64_t line;
	struct err why;
};
struct duty_imported {
	size_t kept, twice;       /* new shifts; such as were there */
	const struct str *people; /* names that became new contacts; views of the rows */
	size_t n_people;
	struct duty_fault *bad; /* rows that could not be kept, in `a`; the first DUTY_FAULTS_MAX */
	size_t n_bad;
};
MUST_USE bool duty_import(struct db *db, struct arena *a, const struct duty_import *in,
			  struct duty_imported *out, struct err *why);

#endif
