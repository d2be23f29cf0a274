/* SPDX-License-Identifier: Apache-2.0 */
/* live_controls.c - how the control tests of the rules and of each door stand, and the file they go by. */
#include "govern/source_judge.h"
#include "proc/live_int.h"

#include <stdio.h>

static void write_policy_fault(struct live *l)
{
	bool calendar = l->d->quiet.fault.kind == ERR_NONE;
	const struct err *fault = calendar ? &l->d->quiet.calendar_fault : &l->d->quiet.fault;

	jsonw_key(&l->w, "policy_fault");
	if (fault->kind == ERR_NONE) {
		jsonw_null(&l->w);
		return;
	}
	jsonw_open(&l->w, '{');
	jsonw_kv_str(&l->w, "file", calendar ? STR("calendar/") : STR("silence.yaml"));
	jsonw_kv_int(&l->w, "line", (int64_t)fault->at);
	live_sentence(&l->w, "reason", fault, NULL);
	jsonw_close(&l->w, '}');
}

static void write_test(struct live *l, enum control_kind kind, const char *subject)
{
	struct control_past past;
	struct control_judged j;
	struct err why = { 0 };

	if (!control_last(l->d->db, kind, str_of(subject), &past, &why))
		past = control_never;
	control_judge(l->policy, kind, &past, l->now, &j);
	jsonw_open(&l->w, '{');
	jsonw_kv_str(&l->w, "kind", str_of(control_kind_names[kind]));
	jsonw_kv_str(&l->w, "subject", str_of(subject));
	jsonw_kv_str(&l->w, "state", str_of(proof_names[j.proof]));
	live_sentence(&l->w, "reason", &j.reason, j.proof == PROOF_FAILED ? &past : NULL);
	live_sentence(&l->w, "next", &j.next, NULL);
	jsonw_kv_time(&l->w, "last_sent", past.sent);
	jsonw_kv_time(&l->w, "last_passed", past.passed);
	jsonw_kv_time(&l->w, "last_failed", past.failed);
	jsonw_close(&l->w, '}');
}

void live_controls(struct live *l)
{
	jsonw_key(&l->w, "controls");
	jsonw_open(&l->w, '[');
	pthread_mutex_lock(&l->d->lock);
	write_test(l, CONTROL_RULES, "");
	for (size_t i = 0; i < l->n_doors; i++)
		write_test(l, CONTROL_DOOR, l->doors[i].subject);
	pthread_mutex_unlock(&l->d->lock);
	jsonw_close(&l->w, ']');
	write_policy_fault(l);
}
