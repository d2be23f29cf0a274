/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline_tell.c - what desk is told about once a second: counters that moved, log sources seen. */
#include "proc/pipeline_int.h"

#include "base/jsonw.h"
#include "base/time.h"
#include "detect/detector.h"
#include "proc/expected.h"
#include "proc/tally.h"

/* "seen": {LOG SOURCE: now} for those of the rules' log sources that had events since the last time. */
static void tell_seen(struct pipeline *p, struct jsonw *w)
{
	const struct rule_set *rules = p->scratch == NULL ? NULL
							  : detector_rules(p->wits->detector);
	size_t n = rules == NULL ? 0 : rule_set_n_sources(rules);

	jsonw_key(w, "seen");
	jsonw_open(w, '{');
	for (size_t i = 0; i < n && i < SEEN_SOURCES; i++) {
		uint64_t now = detect_scratch_seen(p->scratch, i);

		if (now == p->seen[i])
			continue;
		p->seen[i] = now;
		jsonw_key_str(w, rule_set_source(rules, i).key);
		jsonw_int(w, time_now());
	}
	jsonw_close(w, '}');
}

/* "controls": [ids of our own events that came]; false: none did. */
static bool tell_controls(struct pipeline *p, struct jsonw *w)
{
	bool came = false;

	jsonw_key(w, "controls");
	jsonw_open(w, '[');
	if (p->calls.expected != NULL)
		came = expected_came(p->calls.expected, w);
	jsonw_close(w, ']');
	return came;
}

/* Of what waits to be taken. A source whose first record waits is not counted yet: nobody can ask for
 * it. */
static void count_queued(void *ctx, void *item)
{
	struct pipeline *p = ctx;
	const struct chunk *c = item;
	enum source_kind kind;
	uint32_t source = 0;

	if (source_kind_find(str_of(door_name(c->door)), &kind))
		source = store_source_find(p->store, kind, c->peer, c->name);
	if (source == 0 || source >= MAX_SOURCES)
		return;
	pipeline_begin_count(p, source);
	counts_queue(p->counts, source, chunk_received(c));
}

void pipeline_tell(struct pipeline *p, bool tally)
{
	struct buf b = BUF(1 << 20);
	struct jsonw w = { .out = &b };
	bool came;

	counts_queue_none(p->counts);
	queue_each(p->intake, count_queued, p);
	jsonw_open(&w, '{');
	jsonw_kv_time(&w, "at", time_now());
	jsonw_key(&w, "sources");
	bool any = counts_tell(p->counts, &w);
	tell_seen(p, &w);
	tally = tally && tally_put(p->tally, &w);
	came = tell_controls(p, &w);
	any = pipeline_correl_tell(p, &w) || any;
	jsonw_close(&w, '}');
	if ((any || tally || came) && !b.full && p->calls.counted(p->calls.ctx, buf_str(&b))) {
		if (tally)
			tally_told(p->tally);
		if (came)
			expected_told(p->calls.expected);
	}
	buf_free(&b);
}
