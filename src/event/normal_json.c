/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal_json.c - JSON events by what they are: Windows in any envelope, ECS, Suricata, Zeek ...
 *
 * Nothing here knows the sender; each field speaks for itself through event/map.c, and a few name
 * pairs tell what the whole is.
 */
#include "event/normal_int.h"
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

static void find_time(struct build *b)
{
	struct stamp_at when = { b->zone, b->now };
	size_t best = COUNT(time_names);
	int64_t t, found = TIME_NONE;

	for (uint32_t i = 0; i < b->n; i++) {
		size_t k = 0;

		while (k < best && !str_eq(b->f[i].name, time_names[k]))
			k++;
		if (k == best)
			continue;
		when.zone = k + 1 == COUNT(time_names) ? NULL : b->zone;
		if (stamp_whole(b->f[i].val, &when, &t)) {
			found = t;
			best = k;
		}
	}
	build_time(b, found);
}

/* The names that rules use for the head of a Windows event, from what carriers call them. */
static void name_for_rules(struct build *b)
{
	static const struct {
		struct str from, to;
	} names[] = {
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
	uint32_t n = b->n;

	for (uint32_t i = 0; i < n; i++) {
		for (size_t k = 0; k < COUNT(names); k++) {
			if (b->f[i].name.n != names[k].from.n ||
			    !str_eq(b->f[i].name, names[k].from))
				continue;
			if (build_raw(b, names[k].to).p == NULL)
				build_add_bare(b, names[k].to, 0, b->f[i].val,
					       (enum field_type)b->f[i].type);
		}
	}
}

static bool is_windows(const struct build *b)
{
	return build_raw(b, STR("EventID")).p != NULL &&
	       (build_raw(b, STR("Channel")).p != NULL ||
		build_raw(b, STR("Provider_Name")).p != NULL);
}

void normal_json(struct build *b)
{
	static const struct str ids[] = { STR("EventID"), STR("winlog.event_id"),
					  STR("winlog_event_id"), STR("winlogbeat_winlog_event_id"),
					  STR("winlogbeat_event_id") };

	if (!b->wrapped || !b->ev.time_told)
		find_time(b);
	for (size_t i = 0; i < COUNT(ids); i++)
		if (build_raw(b, ids[i]).p != NULL) {
			name_for_rules(b);
			return;
		}
}

/* A document that speaks ECS already. */
void normal_ecs(struct build *b)
{
	for (uint32_t i = 0; i < b->ev.n_raw; i++) {
		const struct field *f = &b->f[i];
		enum ecs id = f->type == FIELD_NULL || str_find_char(f->name, '.') == f->name.n
				      ? ECS_NONE
				      : map_find(MAP_ECS, f->name);

		if (id == ECS_EVENT_OUTCOME && b->ev.outcome == OUTCOME_UNKNOWN)
			b->ev.outcome = (uint8_t)normal_outcome_word(f->val);
		else if (id != ECS_EVENT_OUTCOME)
			normal_put(b, id, f->val);
	}
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

void normal_json_ecs(struct build *b)
{
	normal_ecs(b);
	if (normal_console(b))
		return;
	if (is_windows(b)) {
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
