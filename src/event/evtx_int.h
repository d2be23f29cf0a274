/* SPDX-License-Identifier: Apache-2.0 */
/* evtx_int.h - what the files of the EVTX reader share. */
#ifndef EVENT_EVTX_INT_H
#define EVENT_EVTX_INT_H

#include "event/evtx.h"
#include "event/evtx_tokens.h"
#include "event/xml_path.h"

enum { EVTX_SEEN = 1024, EVTX_BUCKETS = 4096, EVTX_NAME_BUCKETS = 8192, EVTX_DEF_HEAD = 24 };
/* The memory of names and templates, and what must be free at the beginning of a chunk. */
enum { EVTX_MEMORY = 64 << 20, EVTX_MEMORY_LOW = 8 << 20 };
/* Work that a record may cause: operations, and bytes of text that is put together. */
enum { EVTX_WORK = 1 << 16, EVTX_JOINED = 1 << 20, EVTX_PARTS_MAX = 512 };
/* Bytes of template bodies that a chunk may have compared or compiled. */
enum { EVTX_BODIES = 8 << 20 };

enum part_kind { PART_TEXT, PART_CHAR, PART_VALUE };

/* A piece of a text. */
struct evtx_part {
	const unsigned char *p;
	uint32_t len;
	uint16_t number;
	uint8_t kind, type;
	bool optional;
};

enum op_kind {
	OP_TEXT,     /* p, len: UTF-16 */
	OP_NULL,     /* there, and empty */
	OP_VALUE,    /* value `number` */
	OP_JOIN,     /* `number` parts at p */
	OP_MARK,     /* an element of that level begins */
	OP_EMPTY,    /* it ends: null where nothing came since */
	OP_NAME,     /* value `number` names the data that follow (name NULL) below `name` */
	OP_INSTANCE, /* a template instance stands from `at` to `end` of this chunk */
};

struct evtx_op {
	uint8_t kind;
	bool optional; /* null: it is not there */
	bool content;  /* of an element, not of an attribute */
	uint8_t level; /* of the element; 0: it began without a mark */
	uint16_t number;
	uint32_t len, at, end;
	const struct evtx_name *name;
	const unsigned char *p;
};

struct evtx_hole {
	uint32_t at; /* in the body: where the offset of a name stands */
	bool here;   /* and the name itself */
	struct wide_str name;
};

struct evtx_template {
	struct evtx_template *next;
	const struct evtx_name *context;
	const unsigned char *head; /* a copy of the definition: next, GUID, size, body */
	uint32_t size;             /* of the body */
	uint32_t n_ops, n_holes;
	const struct evtx_op *op;
	const struct evtx_hole *hole;
	bool bad;   /* nothing can be made of it */
	bool local; /* holds for this chunk only */
	bool cut;   /* a cap was met */
};

struct evtx_seen {
	uint32_t epoch, def;
	const struct evtx_name *context;
	struct evtx_template *template;
};

struct evtx_values {
	const struct evtx_instance *in; /* NULL: none, text without a template */
	const uint32_t *offset;         /* of each, from the beginning of the chunk */
};

struct evtx_name_row {
	struct evtx_name_row *next;
	struct evtx_name name;
};

struct evtx {
	struct arena whole, mem; /* names and templates */
	uint32_t names, names_epoch;
	uint64_t seed; /* of the tables: no file can choose where its names and templates lie */
	const unsigned short *ansi; /* what the bytes from 0x80 on mean */

	/* the chunk at hand */
	struct str chunk;
	uint32_t epoch; /* its number, for seen[] */
	uint32_t at, end;
	uint64_t last_id;
	bool unverified, slack;
	uint64_t bodies_left;

	/* the record at hand */
	struct arena text_whole, text; /* what is put together */
	uint32_t work_left, n;
	bool partial;
	const struct evtx_name *dynamic; /* of data whose name is a value */

	struct evtx_counts counts;
	struct evtx_seen seen[EVTX_SEEN];
	struct evtx_template *bucket[EVTX_BUCKETS];
	struct evtx_name_row *name_bucket[EVTX_NAME_BUCKETS];
	uint32_t offset[EVTX_MAX_NESTED + 1][EVTX_MAX_VALUES];
	struct evtx_slot slot[EVENT_MAX_FIELDS];
};

/* The name of what stands at `at` of `path`, `depth` elements deep; made where it is new. NULL: no memory. */
struct evtx_name_key {
	struct str path;
	struct xml_at at;
	size_t depth;
	bool windows, data, attr;
};
const struct evtx_name *evtx_name_get(struct evtx *e, const struct evtx_name_key *key);
/* That of <Data Name="text"> in `context`. */
const struct evtx_name *evtx_name_below(struct evtx *e, const struct evtx_name *context,
					struct str text);

/* Compile the tokens from `t` on; what is kept is copied into `a` when `copy`, else points into the chunk. */
MUST_USE bool evtx_compile(struct evtx *e, struct arena *a, struct evtx_tokens t,
			   const struct evtx_name *context, bool copy, struct evtx_template *out);
/* The template defined at `def` of the chunk, in that context; NULL: none, or too much work. */
struct evtx_template *evtx_template_get(struct evtx *e, uint32_t def,
					const struct evtx_name *context);

struct evtx_tokens evtx_tokens_of(const struct evtx *e, uint32_t at, uint32_t end);
/* The value `i` as it stands there; type EVTX_NULL where there is none. The name is not set. */
struct evtx_slot evtx_value(const struct evtx *e, const struct evtx_values *v, uint32_t i);
/* Take the next item off an array; false at its end. */
bool evtx_item(struct evtx_slot *array, struct evtx_slot *out);
/* UTF-16 to UTF-8 in `a`. */
struct str evtx_wide_text(struct arena *a, struct wide_str s);
/* Several pieces as one text; p NULL when `a` is full. */
struct str evtx_join(const struct evtx *e, const struct evtx_part *part, size_t n,
		     const struct evtx_values *v, struct arena *a);
/* µs UTC; TIME_NONE where it is none. */
int64_t evtx_filetime(uint64_t ft);
/* Where the binary XML of a record stands. */
bool evtx_body(const struct evtx *e, struct str record, uint32_t *at, uint32_t *end);

#endif
