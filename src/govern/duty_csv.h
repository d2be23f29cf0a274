/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duty_csv.h - a duty roster out of a CSV file, as a spreadsheet writes it.
 *
 * Input is hostile. The first line names the columns in Vietnamese or English, with or without their
 * marks; cells are apart by ',', ';' or a tab, quoted as RFC 4180 has it; UTF-8 or UTF-16. Times are those
 * of Viet Nam (UTC+7) unless they name their zone. Lines that cannot be used are named, the others read.
 */
#ifndef GOVERN_DUTY_CSV_H
#define GOVERN_DUTY_CSV_H

#include "base/arena.h"
#include "state/duty_row.h"

enum { DUTY_CSV_MAX = 1 << 20, DUTY_CSV_ROWS = 10000 };

struct duty_row {
	uint64_t line;
	int64_t from, to;
	enum post post;
	struct str name, phone, email, note; /* in the arena; empty: none */
};
struct duty_sink {
	void (*row)(void *ctx, const struct duty_row *row);
	void (*bad)(void *ctx, uint64_t line, const struct err *why);
	void *ctx;
};
/* False, why->at the line: nothing can be read (no header, a needed column is missing, too long). */
MUST_USE bool duty_csv_read(struct arena *a, struct str text, const struct duty_sink *sink,
			    struct err *why);

/* "2026-11-23 07:00", "23/11/2026 07:00", RFC 3339; 24:00 is the end of a day. */
MUST_USE bool duty_time_parse(struct str s, int64_t *out);

#endif
