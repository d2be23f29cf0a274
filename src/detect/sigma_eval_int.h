/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_eval_int.h - the fields of the event at hand as the reference looks them up, for the compiled
 * engine: both must find the same.
 */
#ifndef DETECT_SIGMA_EVAL_INT_H
#define DETECT_SIGMA_EVAL_INT_H

#include "base/arena.h"
#include "detect/regex.h"
#include "detect/sigma_eval.h"

enum { NO_LINK = UINT32_MAX };

struct link {
	uint32_t field, next; /* index into ev->fields; next link or NO_LINK */
};

/* What is known of a name in the event at hand. */
struct slot {
	uint32_t stamp, first;
	uint8_t tier;
};

/* A name that fields had, and its numbers; NAME_NONE: nothing asks for it. */
struct known_name {
	uint32_t whole, bare;
	uint8_t len, bare_at;
	char text[54];
};
enum { KNOWN_NAMES = 1024 }; /* a power of 2 */

/* The links of the raw fields of a shape: those of each name that is asked for. */
struct shape_name_link {
	uint32_t id, first;
	uint8_t tier;
};
struct shape_links {
	uint64_t shape; /* 0: free */
	uint32_t n_links, n_names;
	const struct link *link;
	const struct shape_name_link *name;
};

struct sigma_scratch {
	const struct names *names;
	struct known_name *known;  /* owned; NULL: each name is looked up anew */
	struct shape_links *shape; /* owned; NULL: each event is linked anew */
	struct arena shapes_whole, shapes;
	uint32_t ecs[ECS_COUNT]; /* the numbers of ECS names */
	struct slot *slot;       /* one a name */
	uint32_t stamp;
	struct regex_scratch *regex;
	struct arena whole, a;
	uint64_t undecided;
	uint64_t
		work; /* bytes that patterns and expressions looked at in the event at hand, about */

	const struct event *ev;
	struct link *link;
	uint32_t n_links;
	uint32_t *there; /* names that the event has, each once */
	uint32_t n_there;
	struct str *folded; /* one a field and one for the record; p == NULL: not yet */

	const struct rename *rename;
	size_t n_renames;
	struct sigma_match best;
	size_t best_weight;
};

/* From here on know names of fields, and shapes, again; false: no memory. */
MUST_USE bool sigma_scratch_know(struct sigma_scratch *s);
void sigma_link_fini(struct sigma_scratch *s);
/* The first link of a field under the name it goes by here, or NO_LINK. */
uint32_t sigma_first(const struct sigma_scratch *s, uint32_t name);
/* `text` folded, kept at *cache; false when there is no room. */
bool sigma_folded(struct sigma_scratch *s, struct str text, struct str *cache);
/* Records that are one JSON document show their text in the values; the escapes would only mislead. */
bool sigma_raw_is_text(struct str raw);
/* Does one atom hold, under the names that apply in `s`? */
bool sigma_atom_holds(struct sigma_scratch *s, const struct atom *at);

#endif
