/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inspect.h - one open file looked at: its name, its digests, its bytes under YARA rules.
 *
 * A file is only read. Up to WINDOW_BYTES it is held whole, so that what was hashed is what was
 * searched; a larger one goes by windows without its holes, and of the largest not all is read. What was
 * not looked at is told. One struct inspect belongs to one thread.
 */
#ifndef SWEEP_INSPECT_H
#define SWEEP_INSPECT_H

#include "base/hash.h"
#include "detect/lists.h"
#include "sweep/file_facts.h"
#include "sweep/yara_rules.h"

#include <sys/stat.h>

/* Of a file: longer ones are not hashed, and of their data no more is searched. */
#define INSPECT_FILE_MAX ((uint64_t)4 << 30)
enum { INSPECT_HITS_MAX = 1024 };

enum inspect_kind { INSPECT_YARA, INSPECT_DIGEST, INSPECT_NAME };
/* "yara", "hash", "name" */
const char *inspect_kind_name(enum inspect_kind k);

struct inspect_hit {
	enum inspect_kind kind;
	struct str rule;   /* the rule's name, or the indicator as the list writes it */
	struct str source; /* the file of the rule, or the name of the list */
	struct str note;   /* the rule's description, or what the list says about the indicator */
	const struct list_info *list;       /* NULL: a rule */
	uint64_t line;                      /* of the list */
	const struct list_info *known_good; /* a list that knows the file as good, or NULL */
	bool held;                          /* and holds the hit down */
};

/* Why a file was looked at in part only. */
enum inspect_part {
	INSPECT_CHANGED,   /* it changed while it was read */
	INSPECT_TOO_LARGE, /* INSPECT_FILE_MAX */
	INSPECT_TIMED_OUT, /* YARA's time was up */
	INSPECT_TOO_MANY,  /* a string of a rule, or hits, beyond what is counted */
	INSPECT_PART_N,
};
const char *inspect_part_name(enum inspect_part p); /* "changed", ... */

struct inspected {
	bool read;       /* its bytes were looked at */
	bool hashed;     /* sha256 is known */
	bool windows;    /* by windows */
	bool known_good; /* a list knows its digest as good */
	char sha256[HASH_HEX_MAX];
	uint64_t bytes;          /* that were read */
	unsigned parts;          /* 1 << enum inspect_part */
	struct inspect_hit *hit; /* in the arena */
	size_t n;
	bool failed; /* it cannot be read: `why` */
	struct err why;
};

struct inspect_with {                 /* all borrowed */
	const struct list_set *lists; /* NULL: none */
	const struct yara_set *rules; /* NULL: none */
	const struct owners *owners;
	unsigned timeout_s; /* of YARA, a file */
};

struct inspect;
struct inspect *inspect_new(const struct inspect_with *with); /* NULL: no memory */
void inspect_free(struct inspect *l);
/* `fd` is a plain file that was opened as *st says; it stays open. Results are in `a` and views of what
 * `with` borrows. */
void inspect_file(struct inspect *l, struct arena *a, struct str path, int fd,
		  const struct stat *st, struct inspected *out);

#endif
