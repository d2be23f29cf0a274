/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal_json.c - JSON events by what they are: Windows in any envelope, ECS, Suricata, Zeek ...
 *
 * Nothing here knows the sender; each field speaks for itself through event/map.c, and a few name
 * pairs tell what the whole is.
 */
#include "event/normal_int.h"
#include "event/shape.h"
#include "event/stamp.h"

/* Where the time stands, best first. */
static const struct str time_names[] = {
	STR("Event.System.TimeCreated_SystemTime"),
	STR("data.win.system.systemTime"),
	STR("TimeCreated"),
	STR("@timestamp"),
	STR("timestamp"),
	STR("ts"),
	STR("EventTime"),
	STR("__REALTIME_TIMESTAMP"),
	STR("TimeGenerated"),
	STR("time"),
	STR("date"),
	STR("eventTime"),
	STR("UtcTime"),
};

/* The rank of a name among them, if it is below `below`; else that. */
static size_t time_rank(struct str name, size_t below)
{
	size_t k = 0;

	while (k < below && !str_eq(name, time_names[k]))
		k++;
	return k;
}

/* The best time so far, *best being its rank: that of field `i` where its rank `k` is better. */
static void try_time(struct build *b, uint32_t i, size_t k, size_t *best, int64_t *found)
{
	struct stamp_at when = { k + 1 == COUNT(time_names) ? NULL : b->zone, b->now };
	int64_t t;

	if (k >= *best)
		return;
	if (i == b->timed)
		t = b->timed_at;
	else if (!stamp_whole(b->f[i].val, &when, &t))
		return;
	*found = t;
	*best = k;
}

static void find_time(struct build *b, const struct shape *known)
{
	size_t best = COUNT(time_names);
	int64_t found = TIME_NONE;

	for (size_t i = 0; known != NULL && i < known->n_times; i++)
		try_time(b, known->time[i].field, known->time[i].is, &best, &found);
	for (uint32_t i = 0; known == NULL && i < b->n; i++)
		try_time(b, i, time_rank(b->f[i].name, best), &best, &found);
	build_time(b, found);
}

/* The names that rules use for the head of a Windows event, from what carriers call them. */
static const struct {
	struct str from, to;
} head_names[] = {
	{ STR("winlog.event_id"), STR("EventID") },
	{ STR("winlog.channel"), STR("Channel") },
	{ STR("winlog.provider_name"), STR("Provider_Name") },
	{ STR("winlog.computer_name"), STR("Computer") },
	{ STR("winlog.record_id"), STR("EventRecordID") },
	{ STR("winlog_event_id"), STR("EventID") },
	{ STR("winlog_channel"), STR("Channel") },
	{ STR("winlog_provider_name"), STR("Provider_Name") },
	{ STR("winlogbeat_winlog_event_id"), STR("EventID") },
	{ STR("winlogbeat_winlog_channel"), STR("Channel") },
	{ STR("winlogbeat_winlog_provider_name"), STR("Provider_Name") },
	{ STR("winlogbeat_event_id"), STR("EventID") },
	{ STR("winlogbeat_log_name"), STR("Channel") },
	{ STR("ProviderName"), STR("Provider_Name") },
	{ STR("SourceName"), STR("Provider_Name") },
	{ STR("data.win.system.providerName"), STR("Provider_Name") },
	{ STR("Hostname"), STR("Computer") },
};

static void name_head(struct build *b, uint32_t i, size_t k)
{
	build_add_bare(b, head_names[k].to, 0, b->f[i].val, (enum field_type)b->f[i].type);
}

/* What was added is noted in *learns, which may be NULL. */
static void name_for_rules(struct build *b, struct shape *learns)
{
	uint32_t n = b->n;

	for (uint32_t i = 0; i < n; i++) {
		for (size_t k = 0; k < COUNT(head_names); k++) {
			if (!str_eq(b->f[i].name, head_names[k].from) ||
			    build_raw(b, head_names[k].to).p != NULL)
				continue;
			name_head(b, i, k);
			if (learns == NULL)
				continue;
			if (learns->n_added < SHAPE_MAX_ADDED)
				learns->added[learns->n_added++] =
					(struct shape_mean){ (uint8_t)i, (uint8_t)k };
			else
				learns->unfit = true;
		}
	}
}

static bool is_windows(const struct build *b)
{
	return build_raw(b, STR("EventID")).p != NULL &&
	       (build_raw(b, STR("Channel")).p != NULL ||
		build_raw(b, STR("Provider_Name")).p != NULL);
}

static void learn_times(const struct build *b, struct shape *s)
{
	for (uint32_t i = 0; i < b->n; i++) {
		size_t k = time_rank(b->f[i].name, COUNT(time_names));

		if (k == COUNT(time_names))
			continue;
		if (s->n_times < SHAPE_MAX_TIMES)
			s->time[s->n_times++] = (struct shape_mean){ (uint8_t)i, (uint8_t)k };
		else
			s->unfit = true;
	}
}

/* An event of a shape that was met before. */
static void as_before(struct build *b, struct shape *s)
{
	find_time(b, s);
	for (size_t i = 0; i < s->n_added; i++)
		name_head(b, s->added[i].field, s->added[i].is);
}

static void head_of(struct build *b, struct shape *learns)
{
	static const struct str ids[] = { STR("EventID"), STR("winlog.event_id"),
					  STR("winlog_event_id"), STR("winlogbeat_winlog_event_id"),
					  STR("winlogbeat_event_id") };

	for (size_t i = 0; i < COUNT(ids); i++)
		if (build_raw(b, ids[i]).p != NULL) {
			name_for_rules(b, learns);
			return;
		}
}

void normal_json(struct build *b)
{
	bool plain = b->shapes != NULL && b->inner == 0 && !b->wrapped && !b->framed;
	struct shape *s = plain ? shapes_get(b->shapes, b->f, b->n, b->names) : NULL;

	if (s != NULL && s->unfit)
		s = NULL;
	if (s != NULL && s->n_raw > 0) {
		as_before(b, s);
	} else {
		if (s != NULL)
			learn_times(b, s);
		if (!b->wrapped || !b->ev.time_told)
			find_time(b, NULL);
		head_of(b, s);
		if (s != NULL && !s->unfit)
			shape_close(s, b->f, b->n);
	}
	if (s == NULL || s->unfit)
		return;
	b->ev.n_raw = b->n;
	b->ev.shape = s->id;
	b->shape = s;
}

static void put_ecs(struct build *b, const struct field *f, enum ecs id)
{
	if (f->type == FIELD_NULL)
		return;
	if (id == ECS_EVENT_OUTCOME && b->ev.outcome == OUTCOME_UNKNOWN)
		b->ev.outcome = (uint8_t)normal_outcome_word(f->val);
	else if (id != ECS_EVENT_OUTCOME)
		normal_put(b, id, f->val);
}

/* A document that speaks ECS already. */
void normal_ecs(struct build *b)
{
	const struct shape_means *known = normal_known(b, SHAPE_WHOLE);

	for (size_t i = 0; known != NULL && i < known->n; i++)
		put_ecs(b, &b->f[known->mean[i].field], (enum ecs)known->mean[i].is);
	for (uint32_t i = 0; known == NULL && i < b->ev.n_raw; i++)
		if (str_find_char(b->f[i].name, '.') < b->f[i].name.n)
			put_ecs(b, &b->f[i], map_find(MAP_ECS, b->f[i].name));
}

static void suricata(struct build *b)
{
	struct str type = build_raw(b, STR("event_type"));
	struct str action = build_raw(b, STR("alert.action"));

	if (type.p == NULL || build_raw(b, STR("src_ip")).p == NULL)
		return;
	normal_default(b, ECS_EVENT_ACTION, type);
	if (action.p != NULL)
		b->ev.outcome = (uint8_t)normal_outcome_word(action);
	else if (str_eq(type, STR("drop")))
		b->ev.outcome = OUTCOME_DENIED;
	struct str drop = build_raw(b, STR("verdict.action"));
	if (drop.p != NULL)
		b->ev.outcome = (uint8_t)normal_outcome_word(drop);
}

/* Zeek's conn_state: an answer was seen, a refusal was seen, or neither. */
void normal_zeek(struct build *b)
{
	struct str state = build_raw(b, STR("conn_state"));

	if (build_raw(b, STR("id.orig_h")).p == NULL && build_raw(b, STR("id_orig_h")).p == NULL)
		return;
	normal_default(b, ECS_EVENT_ACTION, build_raw(b, STR("_path")));
	normal_default(b, ECS_URL_DOMAIN, build_raw(b, STR("host")));
	if (str_eq(state, STR("REJ")))
		b->ev.outcome = OUTCOME_DENIED;
	else if (state.n >= 2 && state.p[0] == 'S' && state.p[1] >= '1' && state.p[1] <= '3')
		b->ev.outcome = OUTCOME_ALLOWED;
	else if (str_eq(state, STR("SF")))
		b->ev.outcome = OUTCOME_ALLOWED;
}

/* HTTP tells its outcome by a number. */
static void by_status(struct build *b)
{
	struct str status = build_ecs_get(b, ECS_HTTP_STATUS);

	if (b->ev.outcome != OUTCOME_UNKNOWN || status.n != 3)
		return;
	if (status.p[0] >= '1' && status.p[0] <= '3')
		b->ev.outcome = OUTCOME_SUCCESS;
	else if (status.p[0] == '4' || status.p[0] == '5')
		b->ev.outcome = OUTCOME_FAILURE;
}

/* Whose event it may be, by its names alone: of one shape found once. */
enum { MAY_TOLD = 1, MAY_WINDOWS = 2, MAY_CONSOLE = 4 };
static unsigned may_be(struct build *b)
{
	unsigned may = b->shape != NULL ? b->shape->may_be : 0;

	if (may == 0) {
		may = MAY_TOLD | (is_windows(b) ? MAY_WINDOWS : 0) |
		      (normal_may_console(b) ? MAY_CONSOLE : 0);
		if (b->shape != NULL)
			b->shape->may_be = (uint8_t)may;
	}
	return may;
}

void normal_json_ecs(struct build *b)
{
	unsigned may = may_be(b);

	normal_ecs(b);
	if ((may & MAY_CONSOLE) != 0 && normal_console(b))
		return;
	if ((may & MAY_WINDOWS) != 0) {
		normal_windows(b);
		return;
	}
	normal_map(b, MAP_JSON);
	if (b->ev.outcome == OUTCOME_UNKNOWN)
		b->ev.outcome = (uint8_t)normal_outcome_word(build_ecs_get(b, ECS_EVENT_ACTION));
	suricata(b);
	normal_zeek(b);
	by_status(b);
}

/* Kaspersky Security Center numbers what an event tells; the machine is not the sender. */
static void kaspersky(struct build *b, struct str type)
{
	normal_put(b, ECS_HOST_NAME, build_raw(b, STR("hdn")));
	normal_put(b, ECS_HOST_IP, build_raw(b, STR("hip")));
	normal_put(b, ECS_EVENT_CODE, type);
	if (!str_starts(type, STR("GNRL_EV_VIRUS_FOUND")))
		return;
	normal_put(b, ECS_EVENT_ACTION, STR("malware_found"));
	normal_hash(b, build_raw(b, STR("p1")));
	normal_put(b, ECS_FILE_PATH, build_raw(b, STR("p2")));
	normal_put(b, ECS_THREAT_NAME, build_raw(b, STR("p5")));
	normal_put(b, ECS_USER_NAME, build_raw(b, STR("p7")));
}

/* What event/text_give.c knew when it added them. */
static void text_ecs(struct build *b, bool later)
{
	for (uint32_t i = b->inner; i < b->ev.n_raw; i++) {
		const struct field *f = &b->f[i];
		enum ecs id = (enum ecs)(f->means & (TEXT_LATER - 1));

		if (id == ECS_NONE || (f->means >= TEXT_LATER) != later)
			continue;
		if (id != ECS_EVENT_OUTCOME)
			normal_put(b, id, f->val);
		else if (b->ev.outcome == OUTCOME_UNKNOWN)
			b->ev.outcome = (uint8_t)normal_outcome_word(f->val);
	}
}

/* Names that count only where nothing else tells. Dovecot writes the name that the client chose first
 * ("user=<a>, rip=192.0.2.1, b>, rip=..."): of its addresses the last counts. */
static void by_product(struct build *b)
{
	struct str zimbra = { NULL, 0 }, dovecot = { NULL, 0 }, kaspersky_type = { NULL, 0 };

	for (uint32_t i = 0; i < b->ev.n_raw; i++) {
		const struct field *f = &b->f[i];

		if (zimbra.p == NULL && str_eq(f->name, STR("zimbra.ip")))
			zimbra = f->val;
		else if (str_eq(f->name, STR("dovecot.rip")))
			dovecot = f->val;
		else if (kaspersky_type.p == NULL && str_eq(field_bare(f), STR("et")))
			kaspersky_type = f->val;
	}
	normal_default(b, ECS_SOURCE_IP, zimbra);
	normal_default(b, ECS_SOURCE_IP, dovecot);
	if (kaspersky_type.p != NULL)
		kaspersky(b, kaspersky_type);
}

void normal_text(struct build *b)
{
	text_ecs(b, false);
	text_ecs(b, true);
	by_product(b);
	if (b->ev.outcome == OUTCOME_UNKNOWN)
		b->ev.outcome = (uint8_t)normal_outcome_word(build_ecs_get(b, ECS_EVENT_ACTION));
	by_status(b);
}
