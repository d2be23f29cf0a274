/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal_net.c - appliances: key=value (FortiGate first), CEF and LEEF.
 *
 * A translated address of our own stands under *.nat.ip and never under source.ip: a list of
 * infected addresses must not hit on our own gateway because it gates.
 */
#include "event/normal_int.h"
#include "event/stamp.h"

/* FortiOS: trandisp snat tells the source's translation in transip, dnat the target's in tranip. */
static void fortigate_nat(struct build *b)
{
	struct str disp = build_raw(b, STR("trandisp"));

	if (disp.n == 0 || str_eq(disp, STR("noop")))
		return;
	normal_put(b, ECS_SOURCE_NAT_IP, build_raw(b, STR("transip")));
	normal_put(b, ECS_SOURCE_NAT_PORT, build_raw(b, STR("transport")));
	normal_put(b, ECS_DESTINATION_NAT_IP, build_raw(b, STR("tranip")));
}

/* What the roles of the interfaces, or the log itself, say of the way. */
static void fortigate_direction(struct build *b)
{
	struct str from = build_raw(b, STR("srcintfrole")), to = build_raw(b, STR("dstintfrole"));
	struct str told = build_raw(b, STR("direction"));
	bool out = str_eq(to, STR("wan")), in = str_eq(from, STR("wan"));

	if (out != in)
		b->ev.direction = out ? DIR_OUT : DIR_IN;
	else if (str_eq(told, STR("outgoing")) || str_eq(told, STR("outbound")))
		b->ev.direction = DIR_OUT;
	else if (str_eq(told, STR("incoming")) || str_eq(told, STR("inbound")))
		b->ev.direction = DIR_IN;
}

/* "https(192.0.2.1)", "ssh(192.0.2.1)": where an administrator came from. */
static void fortigate_ui(struct build *b)
{
	struct str ui = build_raw(b, STR("ui"));
	size_t open = str_find_char(ui, '('), close = str_find_char(ui, ')');

	if (open < close && close < ui.n && build_ecs_get(b, ECS_SOURCE_IP).p == NULL)
		normal_put(b, ECS_SOURCE_IP, str_sub(ui, open + 1, close));
}

/* eventtime is seconds, milli-, micro- or nanoseconds by version; date and time have a zone. */
static void fortigate_time(struct build *b)
{
	struct str date = build_raw(b, STR("date")), clock = build_raw(b, STR("time"));
	struct str zone = build_raw(b, STR("tz"));
	int64_t t;

	if (zone.n == 0 && stamp_epoch(build_raw(b, STR("eventtime")), &t))
		build_time(b, t);
	else
		normal_date_time(b, date, clock, zone);
}

static void fortigate_outcome(struct build *b)
{
	struct str status = build_raw(b, STR("status")), type = build_raw(b, STR("type"));
	enum outcome is = normal_outcome_word(status);

	if (is == OUTCOME_UNKNOWN || str_eq(type, STR("traffic")) || str_eq(type, STR("utm")))
		is = normal_outcome_word(build_raw(b, STR("action")));
	if (is == OUTCOME_UNKNOWN)
		is = normal_outcome_word(build_raw(b, STR("utmaction")));
	if (is == OUTCOME_UNKNOWN &&
	    str_find(build_raw(b, STR("action")), STR("-fail")) < build_raw(b, STR("action")).n)
		is = OUTCOME_FAILURE;
	b->ev.outcome = (uint8_t)is;
}

static void fortigate(struct build *b)
{
	struct str name = build_raw(b, STR("devname")), list = build_raw(b, STR("ipaddr")), one;

	/* A tunnel logs the address as its user and the person apart. */
	struct str person = build_raw(b, STR("eapuser"));
	if (person.n == 0 || str_eq(person, STR("N/A")))
		person = build_raw(b, STR("xauthuser"));
	if (person.n > 0 && !str_eq(person, STR("N/A")))
		normal_replace(b, ECS_USER_NAME, person);
	fortigate_nat(b);
	fortigate_direction(b);
	fortigate_ui(b);
	fortigate_time(b);
	fortigate_outcome(b);
	normal_default(b, ECS_HOST_NAME, name);
	normal_put(b, ECS_OBSERVER_VENDOR, STR("Fortinet"));
	normal_put(b, ECS_EVENT_PROVIDER, build_raw(b, STR("type")));
	normal_put(b, ECS_EVENT_CATEGORY, build_raw(b, STR("subtype")));
	if (list.p != NULL && memchr(list.p, ',', list.n) != NULL)
		while (str_split(&list, ',', &one))
			normal_put(b, ECS_DNS_ANSWER_IP, one);
}

/* A time in one field, or in two. */
static void kv_time(struct build *b)
{
	static const struct str names[] = { STR("time"), STR("timestamp"), STR("eventtime"),
					    STR("date"), STR("datetime") };
	struct stamp_at when = { b->zone, b->now };
	int64_t t;

	for (size_t i = 0; i < COUNT(names); i++) {
		if (!stamp_whole(build_raw(b, names[i]), &when, &t))
			continue;
		build_time(b, t);
		return;
	}
	normal_date_time(b, build_raw(b, STR("date")), build_raw(b, STR("time")),
			 (struct str){ NULL, 0 });
}

/* netfilter: the prefix of the rule is all that tells what became of the packet. */
static void netfilter_prefix(struct build *b)
{
	static const struct {
		struct str word;
		enum outcome is;
	} words[] = {
		{ STR("DROP"), OUTCOME_DENIED },   { STR("BLOCK"), OUTCOME_DENIED },
		{ STR("REJECT"), OUTCOME_DENIED }, { STR("DENY"), OUTCOME_DENIED },
		{ STR("DENIED"), OUTCOME_DENIED }, { STR("ACCEPT"), OUTCOME_ALLOWED },
		{ STR("ALLOW"), OUTCOME_ALLOWED },
	};
	struct str prefix = build_raw(b, STR("prefix"));

	for (size_t i = 0; i < COUNT(words) && prefix.n > 0; i++)
		if (str_find(prefix, words[i].word) < prefix.n)
			b->ev.outcome = (uint8_t)words[i].is;
	normal_put(b, ECS_RULE_NAME, prefix);
}

/* Sophos: log_subtype; SonicWall and others: what they did, or the result. */
static void kv_outcome(struct build *b)
{
	static const struct str names[] = { STR("action"), STR("log_subtype"), STR("fw_action"),
					    STR("status"), STR("result"),      STR("outcome"),
					    STR("res") };

	for (size_t i = 0; i < COUNT(names) && b->ev.outcome == OUTCOME_UNKNOWN; i++)
		b->ev.outcome = (uint8_t)normal_outcome_word(build_raw(b, names[i]));
}

/* Check Point's own syslog: action, and time in seconds. */
static void checkpoint(struct build *b)
{
	struct str action = build_raw(b, STR("rule_action"));
	int64_t t;

	normal_map(b, MAP_CHECKPOINT);
	if (stamp_epoch(build_raw(b, STR("time")), &t))
		build_time(b, t);
	if (action.p == NULL)
		action = build_raw(b, STR("action"));
	b->ev.outcome = (uint8_t)normal_outcome_word(action);
	if (str_eq(action, STR("Encrypt")) || str_eq(action, STR("Decrypt")) ||
	    str_eq(action, STR("Key Install")))
		b->ev.outcome = OUTCOME_ALLOWED;
	normal_put(b, ECS_OBSERVER_VENDOR, STR("Check Point"));
}

/* SonicWall numbers what it tells, and says in words what it did. */
static void sonicwall(struct build *b)
{
	static const struct {
		struct str word;
		enum outcome is;
	} words[] = {
		{ STR("dropped"), OUTCOME_DENIED },
		{ STR("denied"), OUTCOME_DENIED },
		{ STR("blocked"), OUTCOME_DENIED },
		{ STR("rejected"), OUTCOME_DENIED },
		{ STR("Failed"), OUTCOME_FAILURE },
		{ STR("failed"), OUTCOME_FAILURE },
		{ STR("Connection Opened"), OUTCOME_ALLOWED },
		{ STR("Connection Closed"), OUTCOME_ALLOWED },
	};
	struct str msg = build_raw(b, STR("msg"));

	if (build_raw(b, STR("sn")).p == NULL || build_raw(b, STR("fw")).p == NULL)
		return;
	normal_put(b, ECS_OBSERVER_VENDOR, STR("SonicWall"));
	normal_default(b, ECS_EVENT_CODE, build_raw(b, STR("m")));
	normal_default(b, ECS_LOG_LEVEL, build_raw(b, STR("pri")));
	normal_default(b, ECS_RULE_NAME, build_raw(b, STR("rule")));
	normal_default(b, ECS_HOST_IP, build_raw(b, STR("fw")));
	normal_default(b, ECS_OBSERVER_NAME, build_raw(b, STR("id")));
	for (size_t i = 0; i < COUNT(words) && b->ev.outcome == OUTCOME_UNKNOWN; i++)
		if (str_find(msg, words[i].word) < msg.n)
			b->ev.outcome = (uint8_t)words[i].is;
}

/* FortiMail, FortiAuthenticator: they have no devid. */
static void fortinet_others(struct build *b)
{
	struct str id = build_raw(b, STR("device_id")), type = build_raw(b, STR("log_id"));

	if (id.p == NULL && type.p == NULL && build_raw(b, STR("typeid")).p == NULL)
		return;
	normal_default(b, ECS_SOURCE_IP, build_raw(b, STR("client_ip")));
	normal_default(b, ECS_SOURCE_IP, build_raw(b, STR("userip")));
	normal_default(b, ECS_OBSERVER_NAME, id);
	normal_default(b, ECS_EVENT_CODE, type);
	normal_default(b, ECS_EVENT_CODE, build_raw(b, STR("typeid")));
	normal_default(b, ECS_LOG_LEVEL, build_raw(b, STR("pri")));
	normal_default(b, ECS_EVENT_PROVIDER, build_raw(b, STR("type")));
	normal_default(b, ECS_EVENT_CATEGORY, build_raw(b, STR("subtype")));
	fortigate_ui(b);
	if (str_eq(build_raw(b, STR("type")), STR("virus")))
		normal_default(b, ECS_EVENT_ACTION, STR("malware_found"));
}

void normal_kv(struct build *b)
{
	struct str proto = build_raw(b, STR("proto"));

	if (b->checkpoint) {
		checkpoint(b);
		return;
	}
	normal_map(b, MAP_KV);
	if (proto.p == NULL)
		proto = build_raw(b, STR("protocol"));
	normal_put(b, ECS_NETWORK_TRANSPORT, proto);
	normal_hash(b, build_raw(b, STR("filehash")));
	if (build_raw(b, STR("devid")).p != NULL && build_raw(b, STR("logid")).p != NULL) {
		fortigate(b);
		return;
	}
	kv_time(b);
	kv_outcome(b);
	sonicwall(b);
	fortinet_others(b);
	netfilter_prefix(b);
	normal_default(b, ECS_HOST_NAME, build_raw(b, STR("device_name")));
}

/* The first of these that is a time. */
static void time_of(struct build *b, const struct str *names, size_t n)
{
	struct stamp_at when = { b->zone, b->now };
	int64_t t;

	for (size_t i = 0; i < n; i++) {
		if (!stamp_whole(build_raw(b, names[i]), &when, &t))
			continue;
		build_time(b, t);
		return;
	}
}

static void outcome_of(struct build *b, const struct str *names, size_t n)
{
	for (size_t i = 0; i < n && b->ev.outcome == OUTCOME_UNKNOWN; i++)
		b->ev.outcome = (uint8_t)normal_outcome_word(build_raw(b, names[i]));
}

void normal_cef(struct build *b)
{
	static const struct str times[] = { STR("rt"), STR("start"), STR("end") };
	static const struct str words[] = { STR("outcome"), STR("act"), STR("deviceAction") };
	struct str way = build_raw(b, STR("deviceDirection"));

	normal_map(b, MAP_CEF);
	normal_put(b, ECS_OBSERVER_VENDOR, build_raw(b, STR("deviceVendor")));
	normal_put(b, ECS_OBSERVER_PRODUCT, build_raw(b, STR("deviceProduct")));
	normal_put(b, ECS_EVENT_CODE, build_raw(b, STR("deviceEventClassId")));
	normal_put(b, ECS_RULE_NAME, build_raw(b, STR("name")));
	normal_put(b, ECS_LOG_LEVEL, build_raw(b, STR("severity")));
	normal_hash(b, build_raw(b, STR("fileHash")));
	/* Without a source user the target's user is the one who acts. */
	normal_default(b, ECS_USER_NAME, build_raw(b, STR("duser")));
	normal_default(b, ECS_HOST_NAME, build_raw(b, STR("dvchost")));
	time_of(b, times, COUNT(times));
	outcome_of(b, words, COUNT(words));
	if (str_eq(way, STR("0")))
		b->ev.direction = DIR_IN;
	else if (str_eq(way, STR("1")))
		b->ev.direction = DIR_OUT;
}

void normal_leef(struct build *b)
{
	static const struct str times[] = { STR("devTime"), STR("eventTime"), STR("time") };
	static const struct str words[] = { STR("action"), STR("result"), STR("status"),
					    STR("outcome") };

	normal_map(b, MAP_LEEF);
	normal_put(b, ECS_OBSERVER_VENDOR, build_raw(b, STR("devVendor")));
	normal_put(b, ECS_OBSERVER_PRODUCT, build_raw(b, STR("devProduct")));
	normal_put(b, ECS_EVENT_CODE, build_raw(b, STR("eventId")));
	normal_put(b, ECS_LOG_LEVEL, build_raw(b, STR("sev")));
	normal_hash(b, build_raw(b, STR("Hash")));
	time_of(b, times, COUNT(times));
	outcome_of(b, words, COUNT(words));
}

/* syslog whose structured data tells all: Junos. */
void normal_syslog(struct build *b)
{
	struct str msgid = build_raw(b, STR("msgid"));

	if (build_raw(b, STR("source-address")).p == NULL)
		return;
	normal_map(b, MAP_JUNOS);
	normal_put(b, ECS_EVENT_CODE, msgid);
	normal_default(b, ECS_EVENT_ACTION, msgid);
	normal_put(b, ECS_OBSERVER_VENDOR, STR("Juniper"));
	b->ev.outcome = (uint8_t)normal_outcome_word(build_raw(b, STR("action")));
	if (str_ends(msgid, STR("_DENY")) || str_ends(msgid, STR("_FAIL")))
		b->ev.outcome = OUTCOME_DENIED;
	else if (str_ends(msgid, STR("_CREATE")) || str_ends(msgid, STR("_CLOSE")))
		b->ev.outcome = OUTCOME_ALLOWED;
}
