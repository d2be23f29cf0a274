/* SPDX-License-Identifier: Apache-2.0 */
/* clerk_unpack.c - an archive of logs, a file after the other, to watch. */
#include "proc/clerk_int.h"
#include "proc/members.h"

#include <sys/resource.h>

bool clerk_unpack(struct job *job, struct err *why)
{
	struct err unsent = { 0 };
	struct members out = { .link = job->link, .prefix = STR(""), .why = &unsent };
	struct rlimit cpu;

	/* so much takes longer than a list */
	if (getrlimit(RLIMIT_CPU, &cpu) == 0) {
		cpu.rlim_cur = CLERK_UNPACK_SECONDS;
		setrlimit(RLIMIT_CPU, &cpu);
	}
	if (members_unpack(&out, job->a, job->upload, why)) {
		jsonw_open(&job->w, '{');
		jsonw_close(&job->w, '}');
		return true;
	}
	if (why->kind == ERR_NONE)
		*why = unsent;
	return false;
}
