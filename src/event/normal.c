/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal.c - what all families share: how a value is put under its ECS name, direction, outcome.
 *
 * Invariant: from normal_run() on, raw fields are only read and ECS fields only added behind them.
 */
#include "event/normal.h"

#include "event/normal_int.h"
#include "event/shape.h"
#include "event/stamp.h"

static bool means_nothing(struct str v)
{
	static const struct str words[] = { STR("-"),      STR("N/A"),    STR("unknown"),
					    STR("?"),      STR("(null)"), STR("null"),
					    STR("::"),     STR("none"),   STR("0.0.0.0"),
					    STR("(none)"), STR("LOCAL"),  STR("(unknown)"),
					    STR("<NULL>") };

	if (v.n == 0)
		return true;
	if (v.n > 9)
		return false;
	/* how one of them begins decides most; case is one bit of a letter */
	for (size_t i = 0; i < COUNT(words); i++)
		if (v.n == words[i].n && (v.p[0] | 0x20) == (words[i].p[0] | 0x20) &&
		    str_eq_nocase(v, words[i]))
			return true;
	return false;
}

static enum ecs port_of(enum ecs ip)
{
	switch (ip) {
	case ECS_SOURCE_IP:
		return ECS_SOURCE_PORT;
	case ECS_DESTINATION_IP:
		return ECS_DESTINATION_PORT;
	case ECS_SOURCE_NAT_IP:
		return ECS_SOURCE_NAT_PORT;
	default:
		return ECS_NONE;
	}
}

static enum ecs domain_of(enum ecs ip)
{
	switch (ip) {
	case ECS_SOURCE_IP:
		return ECS_SOURCE_DOMAIN;
	case ECS_DESTINATION_IP:
		return ECS_DESTINATION_DOMAIN;
	default:
		return ECS_NONE;
	}
}

static bool is_ip(enum ecs id)
{
	return id == ECS_SOURCE_IP || id == ECS_DESTINATION_IP || id == ECS_SOURCE_NAT_IP ||
	       id == ECS_DESTINATION_NAT_IP || id == ECS_HOST_IP || id == ECS_DNS_ANSWER_IP;
}

/* An address written as IPv6 that is IPv4 stands as the IPv4 it is. */
static struct str plain_addr(struct build *b, const struct addr *a, struct str text)
{
	char out[ADDR_TEXT_MAX];
	struct str copy;

	if (!addr_is_v4(a) || memchr(text.p, ':', text.n) == NULL)
		return text;
	copy = arena_str(b->a, str_of(addr_text(a, out)));
	return copy.p == NULL ? text : copy;
}

/* "192.0.2.1:80", "[2001:db8::1]:80", "fe80::1%eth0", "192.0.2.1/32". */
static bool split_addr(struct str v, struct str *ip, struct str *port, struct addr *a)
{
	size_t n;

	*port = (struct str){ NULL, 0 };
	*ip = v;
	if (addr_parse(v, a))
		return true;
	if (v.n > 0 && v.p[0] == '[') {
		n = str_find_char(v, ']');
		*ip = str_sub(v, 1, n);
		*port = str_skip(v, n + 2);
		return addr_parse(*ip, a);
	}
	*ip = str_sub(v, 0, str_find_char(v, '%'));
	*ip = str_sub(*ip, 0, str_find_char(*ip, '/'));
	if (addr_parse(*ip, a))
		return true;
	n = str_find_char(v, ':');
	*ip = str_sub(v, 0, n);
	if (!addr_parse(*ip, a))
		return false;
	*port = str_skip(v, n + 1);
	*port = str_sub(*port, 0, str_find_char(*port, ':'));
	return true;
}

static bool is_port(struct str v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!ascii_digit(v.p[i]))
			return false;
	return v.n > 0 && v.n <= 5;
}

/* What stands where an address is looked for and has a letter may be a host's name. */
static bool is_name(struct str v)
{
	bool letter = false;

	for (size_t i = 0; i < v.n; i++) {
		if ((unsigned char)v.p[i] <= ' ' || v.p[i] == ',' || v.p[i] == '/')
			return false;
		letter = letter || ascii_alpha(v.p[i]) || (unsigned char)v.p[i] >= 0x80;
	}
	return letter && v.n < 256;
}

static void put_ip(struct build *b, enum ecs id, struct str v)
{
	struct str ip, port;
	struct addr a;

	if (split_addr(v, &ip, &port, &a)) {
		build_ecs(b, id, plain_addr(b, &a, ip));
		if (is_port(port))
			normal_default(b, port_of(id), port);
	} else if (is_name(v)) {
		build_ecs(b, domain_of(id), v);
	}
}

/* "DOMAIN\user"; the address form of a user stays whole. */
static void put_user(struct build *b, enum ecs id, struct str v)
{
	size_t cut = str_find_char(v, '\\');

	if (cut == v.n || cut == 0) {
		build_ecs(b, id, v);
		return;
	}
	size_t user = cut + 1 + (cut + 1 < v.n && v.p[cut + 1] == '\\');
	build_ecs(b, id, str_skip(v, user));
	if (id == ECS_USER_NAME)
		normal_default(b, ECS_USER_DOMAIN, str_sub(v, 0, cut));
}

void normal_hash(struct build *b, struct str hex)
{
	enum ecs id = hex.n == 32   ? ECS_FILE_HASH_MD5
		      : hex.n == 40 ? ECS_FILE_HASH_SHA1
		      : hex.n == 64 ? ECS_FILE_HASH_SHA256
				    : ECS_NONE;

	for (size_t i = 0; i < hex.n && id != ECS_NONE; i++) {
		char c = ascii_lower(hex.p[i]);

		if (!ascii_digit(c) && (c < 'a' || c > 'f'))
			return;
	}
	build_ecs(b, id, hex);
}

void normal_hashes(struct build *b, struct str list)
{
	static const struct {
		struct str name;
		enum ecs id;
	} kinds[] = { { STR("MD5="), ECS_FILE_HASH_MD5 },
		      { STR("SHA1="), ECS_FILE_HASH_SHA1 },
		      { STR("SHA256="), ECS_FILE_HASH_SHA256 } };
	struct str one;

	while (str_split(&list, ',', &one)) {
		one = str_trim(one);
		for (size_t i = 0; i < COUNT(kinds); i++)
			if (str_starts_nocase(one, kinds[i].name))
				normal_hash(b, str_skip(one, kinds[i].name.n));
	}
}

/* IANA numbers that firewalls write. */
static struct str transport_name(struct str proto)
{
	static const struct {
		struct str number, name;
	} known[] = {
		{ STR("1"), STR("icmp") },   { STR("6"), STR("tcp") },
		{ STR("17"), STR("udp") },   { STR("47"), STR("gre") },
		{ STR("50"), STR("esp") },   { STR("58"), STR("ipv6-icmp") },
		{ STR("132"), STR("sctp") }, { STR("TCP"), STR("tcp") },
		{ STR("UDP"), STR("udp") },  { STR("ICMP"), STR("icmp") },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(proto, known[i].number))
			return known[i].name;
	return str_sub(proto, 0, str_find_char(proto, '/'));
}

void normal_put(struct build *b, enum ecs id, struct str val)
{
	val = str_trim(val);
	if (id == ECS_NONE || means_nothing(val))
		return;
	if (is_ip(id))
		put_ip(b, id, val);
	else if (id == ECS_USER_NAME || id == ECS_TARGET_USER_NAME)
		put_user(b, id, val);
	else if (id == ECS_FILE_HASH_MD5 || id == ECS_FILE_HASH_SHA1 || id == ECS_FILE_HASH_SHA256)
		normal_hash(b, val);
	else
		build_ecs(b, id, id == ECS_NETWORK_TRANSPORT ? transport_name(val) : val);
}

const struct shape_means *normal_known(struct build *b, unsigned map)
{
	return b->shape == NULL ? NULL : shape_map(b->shapes, b->shape, b->f, map);
}

void normal_map(struct build *b, enum map map)
{
	const struct shape_means *known = normal_known(b, map);
	uint32_t n = b->ev.n_raw;

	for (size_t i = 0; known != NULL && i < known->n; i++) {
		const struct field *f = &b->f[known->mean[i].field];

		if (f->type != FIELD_NULL && f->val.n > 0)
			normal_put(b, (enum ecs)known->mean[i].is, f->val);
	}
	for (uint32_t i = b->inner; known == NULL && i < n; i++) {
		const struct field *f = &b->f[i];

		if (f->type != FIELD_NULL && f->val.n > 0)
			normal_put(b, map_find(map, field_bare(f)), f->val);
	}
}

void normal_default(struct build *b, enum ecs id, struct str val)
{
	if (id != ECS_NONE && build_ecs_get(b, id).p == NULL)
		normal_put(b, id, val);
}

void normal_replace(struct build *b, enum ecs id, struct str val)
{
	uint32_t to = b->ev.n_raw;

	for (uint32_t i = to; i < b->n; i++)
		if (b->f[i].id != id)
			b->f[to++] = b->f[i];
	b->n = to;
	normal_put(b, id, val);
}

enum outcome normal_outcome_word(struct str word)
{
	static const struct {
		struct str word;
		enum outcome is;
	} words[] = {
		{ STR("accept"), OUTCOME_ALLOWED },      { STR("allow"), OUTCOME_ALLOWED },
		{ STR("allowed"), OUTCOME_ALLOWED },     { STR("accepted"), OUTCOME_ALLOWED },
		{ STR("permit"), OUTCOME_ALLOWED },      { STR("permitted"), OUTCOME_ALLOWED },
		{ STR("pass"), OUTCOME_ALLOWED },        { STR("passed"), OUTCOME_ALLOWED },
		{ STR("passthrough"), OUTCOME_ALLOWED }, { STR("close"), OUTCOME_ALLOWED },
		{ STR("timeout"), OUTCOME_ALLOWED },     { STR("client-rst"), OUTCOME_ALLOWED },
		{ STR("server-rst"), OUTCOME_ALLOWED },  { STR("start"), OUTCOME_ALLOWED },
		{ STR("ip-conn"), OUTCOME_ALLOWED },     { STR("dns"), OUTCOME_ALLOWED },
		{ STR("detected"), OUTCOME_ALLOWED },    { STR("monitored"), OUTCOME_ALLOWED },
		{ STR("log-only"), OUTCOME_ALLOWED },    { STR("alert"), OUTCOME_ALLOWED },
		{ STR("alerted"), OUTCOME_ALLOWED },     { STR("deny"), OUTCOME_DENIED },
		{ STR("denied"), OUTCOME_DENIED },       { STR("drop"), OUTCOME_DENIED },
		{ STR("dropped"), OUTCOME_DENIED },      { STR("block"), OUTCOME_DENIED },
		{ STR("blocked"), OUTCOME_DENIED },      { STR("reject"), OUTCOME_DENIED },
		{ STR("rejected"), OUTCOME_DENIED },     { STR("reset"), OUTCOME_DENIED },
		{ STR("reset-client"), OUTCOME_DENIED }, { STR("reset-server"), OUTCOME_DENIED },
		{ STR("block-url"), OUTCOME_DENIED },    { STR("block-ip"), OUTCOME_DENIED },
		{ STR("sinkhole"), OUTCOME_DENIED },     { STR("drop-packet"), OUTCOME_DENIED },
		{ STR("reset_client"), OUTCOME_DENIED }, { STR("reset_server"), OUTCOME_DENIED },
		{ STR("drop_session"), OUTCOME_DENIED }, { STR("clear_session"), OUTCOME_DENIED },
		{ STR("quarantine"), OUTCOME_DENIED },   { STR("reset-both"), OUTCOME_DENIED },
		{ STR("prevent"), OUTCOME_DENIED },      { STR("discard"), OUTCOME_DENIED },
		{ STR("success"), OUTCOME_SUCCESS },     { STR("successful"), OUTCOME_SUCCESS },
		{ STR("succeeded"), OUTCOME_SUCCESS },   { STR("ok"), OUTCOME_SUCCESS },
		{ STR("yes"), OUTCOME_SUCCESS },         { STR("failure"), OUTCOME_FAILURE },
		{ STR("failed"), OUTCOME_FAILURE },      { STR("fail"), OUTCOME_FAILURE },
		{ STR("error"), OUTCOME_FAILURE },       { STR("no"), OUTCOME_FAILURE },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (word.n == words[i].word.n && word.n > 0 &&
		    (word.p[0] | 0x20) == words[i].word.p[0] && str_eq_nocase(word, words[i].word))
			return words[i].is;
	return OUTCOME_UNKNOWN;
}

void normal_date_time(struct build *b, struct str date, struct str clock, struct str zone)
{
	struct stamp_at when = { b->zone, b->now };
	char text[80];
	int64_t t;
	size_t n = 0;

	if (date.n == 0 || clock.n == 0 || date.n + clock.n + zone.n + 2 > sizeof text)
		return;
	memcpy(text, date.p, date.n);
	text[date.n] = ' ';
	n = date.n + 1;
	memcpy(text + n, clock.p, clock.n);
	n += clock.n;
	if (zone.n > 0)
		memcpy(text + n, zone.p, zone.n);
	n += zone.n;
	if (stamp_iso((struct str){ text, n }, &when, &t) > 0)
		build_time(b, t);
}

/* By our own ranges; a single address means that the other end is the machine that logs. */
static enum direction by_ranges(const struct build *b)
{
	struct str from = build_ecs_get(b, ECS_SOURCE_IP),
		   to = build_ecs_get(b, ECS_DESTINATION_IP);
	const struct own_ranges *own = b->ctx->own;
	struct addr a;
	bool in_from = true, in_to = true;

	if (from.p == NULL && to.p == NULL)
		return DIR_UNKNOWN;
	if (from.p != NULL && addr_parse(from, &a))
		in_from = addr_is_inside(own, &a);
	if (to.p != NULL && addr_parse(to, &a))
		in_to = addr_is_inside(own, &a);
	if (in_from)
		return in_to ? DIR_INSIDE : DIR_OUT;
	return in_to ? DIR_IN : DIR_OUTSIDE;
}

/* The ranges decide; where they see two outsiders, the product may know better. */
static void set_direction(struct build *b)
{
	static const struct str words[] = {
		[DIR_UNKNOWN] = STR("unknown"),  [DIR_IN] = STR("inbound"),
		[DIR_OUT] = STR("outbound"),     [DIR_INSIDE] = STR("internal"),
		[DIR_OUTSIDE] = STR("external"),
	};
	enum direction dir = by_ranges(b), told = (enum direction)b->ev.direction;

	if (dir == DIR_UNKNOWN || (dir == DIR_OUTSIDE && told != DIR_UNKNOWN))
		dir = told;
	b->ev.direction = (uint8_t)dir;
	if (dir != DIR_UNKNOWN)
		normal_replace(b, ECS_NETWORK_DIRECTION, words[dir]);
}

static void set_outcome(struct build *b)
{
	enum outcome is = (enum outcome)b->ev.outcome;

	if (is == OUTCOME_SUCCESS || is == OUTCOME_ALLOWED)
		normal_replace(b, ECS_EVENT_OUTCOME, STR("success"));
	else if (is == OUTCOME_FAILURE || is == OUTCOME_DENIED)
		normal_replace(b, ECS_EVENT_OUTCOME, STR("failure"));
}

void normal_run(struct build *b, enum family family)
{
	static void (*const families[])(struct build *) = {
		[FAMILY_JSON] = normal_json_ecs, [FAMILY_KV] = normal_kv,
		[FAMILY_CEF] = normal_cef,       [FAMILY_LEEF] = normal_leef,
		[FAMILY_AUDIT] = normal_audit,   [FAMILY_WEB] = normal_web,
		[FAMILY_TEXT] = normal_text,     [FAMILY_CSV] = normal_csv,
		[FAMILY_SYSLOG] = normal_syslog,
	};

	if (family == FAMILY_CSV)
		normal_csv_names(b);
	if (family == FAMILY_JSON || b->wrapped)
		normal_json(b);
	b->ev.n_raw = b->n;
	if (family != FAMILY_NONE)
		families[family](b);
	if (b->wrapped)
		normal_ecs(b);
	normal_default(b, ECS_HOST_NAME, b->host);
	normal_default(b, ECS_HOST_NAME, b->ctx->host);
	normal_default(b, ECS_PROCESS_NAME, b->program);
	set_direction(b);
	set_outcome(b);
}
