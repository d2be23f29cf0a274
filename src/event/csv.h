/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.h - columns by place: logs without a header that are known by their shape, exports with one.
 *
 * What a column means is told by the shape (event/csv_shapes.c) or by the names in the header line,
 * Vietnamese or English, which the reader keeps for the lines behind it (event/csv_head.c). A line is
 * taken for a header by itself only where it stands in a file and two of its names are known; where a
 * source is forced to this format its first line is one, whatever it says. Input is hostile: columns
 * and bytes are capped; a row that does not fit the header is no row of it.
 */
#ifndef EVENT_CSV_H
#define EVENT_CSV_H

#include "event/build.h"

struct cell;

enum { CSV_MAX_COLUMNS = 128, CSV_TEXT_MAX = 6144, CSV_NAME_MAX = 96 };

/* What a column is: an enum ecs, or one of these. */
enum csv_role {
	CSV_TIME = ECS_COUNT, /* date and clock */
	CSV_DATE,
	CSV_CLOCK,
	CSV_RECEIVED, /* a time that counts only where no other is told */
	CSV_ZONE,     /* of the other times */
	CSV_EPOCH,
	CSV_HEXTIME, /* Symantec: six bytes in hexadecimal, years since 1970 first */
	CSV_IP,      /* of the host where one is named, else of the source */
	CSV_SOURCE,  /* an address, or who reports where events have numbers */
	CSV_ID,      /* number of the event where a provider or channel is named */
	CSV_TEXT,    /* the rendered text of a Windows event */
	CSV_ROLES,
};

struct csv_column {
	struct str name;
	uint8_t role;
};

/* The header that holds for the lines behind it. */
struct csv {
	char text[CSV_TEXT_MAX];
	struct csv_column column[CSV_MAX_COLUMNS]; /* names into text */
	size_t n;
	char sep;
	bool us, windows; /* dates are month first; rows are Windows events */
};

/* Fill *out from a header line. `sure`: it must say so itself. False where it is none. */
bool csv_header(struct csv *out, struct arena scratch, struct str record, bool sure);

/* A log without a header. */
struct csv_shape {
	const char *name;
	char sep;
	bool us;                                         /* dates are month first */
	bool windows;                                    /* names are those of Windows events */
	uint8_t least;                                   /* columns a row has */
	bool (*fits)(const struct cell *cell, size_t n); /* the first CSV_LOOK cells */
	const struct csv_column *column;
	size_t n;
	const char *product, *vendor; /* observer.product, observer.vendor; NULL */
};

enum { CSV_LOOK = 10 };
/* The shape that the record has, or NULL. */
const struct csv_shape *csv_shape_of(struct str record);

int csv_probe(struct str record);
MUST_USE bool csv_read(struct build *b, struct str record, struct err *why);

#endif
