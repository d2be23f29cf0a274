/* SPDX-License-Identifier: Apache-2.0 */
/* quiet.h - content/silence.yaml and content/calendar/ as desk goes by them now. */
#ifndef PROC_QUIET_H
#define PROC_QUIET_H

#include "base/err.h"
#include "govern/silence.h"

#include <pthread.h>

/* quiet.c */
struct quiet {
	pthread_mutex_t lock;
	bool known;
	struct silence policy;
	struct zone *zone; /* owned */
	struct err fault;  /* of the file as it stands; kind ERR_NONE: none */
	uint64_t sum;      /* of the text that was read last; by jobs.c alone */
	bool read;
	/* content/calendar/; workdays.c */
	struct calendar calendar;
	struct err calendar_fault;
	uint64_t calendar_sum;
};

#endif
