/* SPDX-License-Identifier: Apache-2.0 */
/* csv_int.h - what the files of the csv reader and its tests share. */
#ifndef EVENT_CSV_INT_H
#define EVENT_CSV_INT_H

#include "event/csv.h"

struct csv_name {
	struct str name; /* folded */
	uint8_t role;
};

extern const struct csv_name csv_names[];
extern const size_t csv_names_n;

/* The words of a name, folded, parted by one blank; in `a`, p NULL when it is full. */
struct str csv_fold(struct arena *a, struct str name);

#endif
