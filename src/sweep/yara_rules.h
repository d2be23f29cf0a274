/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yara_rules.h - YARA rule files compiled into one set, each file in a namespace of its own.
 *
 * A file that does not compile is named with line and reason, and the others go on. "include" is
 * refused: a rule file reads no other file. The variables that others' rules ask for are known:
 * filename, filepath, extension, filetype, owner (sweep/file_facts.h). A set is immutable and used by
 * any number of threads.
 */
#ifndef SWEEP_YARA_RULES_H
#define SWEEP_YARA_RULES_H

#include "base/err.h"

enum { YARA_FILES_MAX = 1 << 16 };

struct yara_build;
struct yara_set;

/* NULL: no memory. */
struct yara_build *yara_build_new(void);
/* A rule file; `path` is what it is called. Copies both. False when there is no room. */
MUST_USE bool yara_build_add(struct yara_build *b, struct str path, struct str text,
			     struct err *why);
/* One that could not be read. */
void yara_build_refuse(struct yara_build *b, struct str path, const struct err *why);
/* Takes `b`, also on failure (NULL: YARA or the system failed). Without a file that compiles the set is
 * empty. */
struct yara_set *yara_build_done(struct yara_build *b, struct err *why);
void yara_set_free(struct yara_set *set);

struct yara_fault {
	struct str path;
	uint64_t line; /* 0: none */
	struct err why;
};

size_t yara_set_rules(const struct yara_set *set);
size_t yara_set_files(const struct yara_set *set); /* that are used */
size_t yara_set_faults(const struct yara_set *set);
const struct yara_fault *yara_set_fault(const struct yara_set *set, size_t i);
/* SHA-256 over name and text of the files that are used, in order; hexadecimal. */
const char *yara_set_sha256(const struct yara_set *set);
/* "4.2.3" */
const char *yara_version(void);

#endif
