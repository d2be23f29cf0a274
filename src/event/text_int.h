/* SPDX-License-Identifier: Apache-2.0 */
/* text_int.h - content/decoders in memory: what decoders.c loads and text.c reads with. */
#ifndef EVENT_TEXT_INT_H
#define EVENT_TEXT_INT_H

#include "base/arena.h"
#include "event/rulebase.h"

enum { DECODERS_MAX = 64, DECODER_MAX_PROGRAMS = 1024 };

/* A list of texts, in the arena of the decoders. */
struct texts {
	const struct str *p;
	size_t n;
};

struct decoder {
	const char *name, *title;
	struct texts program;   /* syslog tags */
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
	uint64_t begins[256], line[256]; /* by the first byte */
};

/* The decoders of that program, as bits. */
uint64_t decoders_of_program(const struct decoders *d, struct str program);

#endif
