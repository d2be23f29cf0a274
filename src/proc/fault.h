/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.h - for the tests of the whole program only: a record that does to watch what a broken reader
 * would. In the program with -Dfaults=true, never in one that is shipped.
 */
#ifndef PROC_FAULT_H
#define PROC_FAULT_H

#include "base/str.h"

#ifdef CANH_FAULTS

#include <stdlib.h>

/* "canh-fault-crash" in a record ends this process, "canh-fault-loop" keeps it busy for ever. */
static inline void fault_read(struct str record)
{
	if (str_find(record, STR("canh-fault-crash")) < record.n)
		abort();
	if (str_find(record, STR("canh-fault-loop")) < record.n)
		for (volatile unsigned i = 0;; i++)
			;
}

/* "canh-fault-body" in a pushed body: while the body is taken apart. */
static inline void fault_body(struct str body)
{
	if (str_find(body, STR("canh-fault-body")) < body.n)
		abort();
}

#else

static inline void fault_body(struct str body)
{
	(void)body;
}

static inline void fault_read(struct str record)
{
	(void)record;
}

#endif
#endif
