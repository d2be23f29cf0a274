/* SPDX-License-Identifier: Apache-2.0 */
/* text_int.h - content/decoders in memory: what decoders.c loads and text.c reads with. */
#ifndef EVENT_TEXT_INT_H
#define EVENT_TEXT_INT_H

#include "event/build.h"
#include "event/rulebase.h"

enum { DECODERS_MAX = 64, DECODER_MAX_PROGRAMS = 1024 };

/* A list of texts, in the arena of the decoders. */
struct texts {
	const struct str *p;
	size_t n;
};

struct decoder {
	const char *name, *title;
	struct texts program;   /* syslog tags; one that ends in a star is a beginning */
	struct texts begins;    /* of messages of any program */
	struct texts line;      /* beginnings of lines without header; "digit" is any digit */
	struct texts skip, end; /* cut off before the rules see the message, each at most once */
	struct rulebase *rules; /* owned */
};

struct decoders {
	struct arena whole; /* of all texts */
	uint16_t format;    /* "text" in formats[] */
	size_t n;
	struct decoder decoder[DECODERS_MAX];
	/* By name, for bsearch: a bit a decoder. */
	struct program {
		struct str name;
		uint64_t decoders;
	} program[DECODER_MAX_PROGRAMS];
	size_t n_programs;
	uint16_t program_from[257]; /* by the first byte: where its names begin in program[] */
	struct program family[DECODERS_MAX]; /* "tmm*", without the star */
	size_t n_families;
	uint64_t begins[256], line[256]; /* by the first byte */
	uint64_t timed;                  /* lines that begin with a time */
};

/* The decoders of that program, as bits. */
uint64_t decoders_of_program(const struct decoders *d, struct str program);

/* What a rule base found, being put into the event. */
struct text_gift {
	struct build *b;
	struct str line;              /* what the rules saw */
	struct str yy, mm, dd, clock; /* of a time in its parts */
	bool message;
};

/* What names of rules mean to text_give(), once for a rule base. */
void text_names(struct rulebase *r);
/* rulebase_give of a struct text_gift. */
void text_give(void *ctx, const struct rule_name *name, struct str val);
/* All has been given. */
void text_given(struct text_gift *g);

/* A time, and blanks behind it, at the front; also in square brackets. How many bytes, 0 for none. */
size_t text_stamp(const struct build *b, struct str s, int64_t *out);

#endif
