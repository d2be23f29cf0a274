/* SPDX-License-Identifier: Apache-2.0 */
/* clerk_unpack.c - an archive of logs, a file after the other, to watch. */
#include "event/evtx.h"
#include "proc/clerk_int.h"
#include "proc/members.h"

#include <sys/resource.h>

/* An event log is taken as an archive of one file without a name. */
static bool take_all(struct members *out, struct job *job, struct err *why)
{
	if (!evtx_known(job->upload))
		return members_unpack(out, job->a, job->upload, why);
	return members_begin(out, STR("")) && members_bytes(out, job->upload) &&
	       members_end(out, NULL);
}

void clerk_long(void)
{
	struct rlimit cpu;

	if (getrlimit(RLIMIT_CPU, &cpu) == 0) {
		cpu.rlim_cur = CLERK_UNPACK_SECONDS;
		setrlimit(RLIMIT_CPU, &cpu);
	}
}

bool clerk_unpack(struct job *job, struct err *why)
{
	struct err unsent = { 0 };
	struct members out = { .link = job->link, .prefix = STR(""), .why = &unsent };

	clerk_long();
	bool ok = take_all(&out, job, why);

	members_fini(&out);
	if (ok) {
		jsonw_open(&job->w, '{');
		jsonw_close(&job->w, '}');
		return true;
	}
	if (why->kind == ERR_NONE)
		*why = unsent;
	return false;
}
