/* SPDX-License-Identifier: Apache-2.0 */
/* ldif_machines.c - which entries are machines, and what their attributes tell (MS-ADA, RFC 2307). */
#include "base/num.h"
#include "fleet/ldif.h"

/* From 1601, in steps of 100 ns, to 1970. */
#define FILETIME_1970 INT64_C(116444736000000000)
enum { ACCOUNT_DISABLED = 2 };

// clang-format off
static const struct {
	struct str name;
	enum asset_field field;
} attributes[] = {
	{ STR("name"), FIELD_NAME }, { STR("cn"), FIELD_NAME }, { STR("sAMAccountName"), FIELD_NAME },
	{ STR("dNSHostName"), FIELD_FQDN },
	{ STR("operatingSystem"), FIELD_OS }, { STR("operatingSystemVersion"), FIELD_OS_VERSION },
	{ STR("location"), FIELD_PLACE }, { STR("l"), FIELD_PLACE }, { STR("description"), FIELD_PURPOSE },
	{ STR("serialNumber"), FIELD_SERIAL }, { STR("ipHostNumber"), FIELD_ADDRESS },
	{ STR("networkAddress"), FIELD_ADDRESS }, { STR("macAddress"), FIELD_MAC },
	{ STR("department"), FIELD_UNIT },
};
// clang-format on

static bool is_machine(const struct ldif_entry *e)
{
	static const struct str classes[] = { STR("computer"), STR("ipHost"), STR("device"),
					      STR("ieee802Device") };

	for (size_t i = 0; i < e->n; i++) {
		if (str_eq_nocase(e->at[i].name, STR("operatingSystem")))
			return true;
		if (!str_eq_nocase(e->at[i].name, STR("objectClass")))
			continue;
		for (size_t k = 0; k < COUNT(classes); k++)
			if (str_eq_nocase(e->at[i].value, classes[k]))
				return true;
	}
	return false;
}

/* "CN=Nguyen Van An,OU=Users,DC=example,DC=vn": what is before the first comma, behind "CN=". */
static struct str first_part(struct str dn)
{
	size_t n = 0;

	if (str_starts_nocase(dn, STR("CN=")))
		dn = str_skip(dn, 3);
	while (n < dn.n && dn.p[n] != ',')
		n += dn.p[n] == '\\' && n + 1 < dn.n ? 2 : 1;
	return str_sub(dn, 0, n);
}

static void put_logon(struct told_build *b, struct str value)
{
	int64_t v;

	if (!num_parse_i64(value, FILETIME_1970, INT64_MAX, &v)) /* 0: never */
		return;
	int64_t t = (v - FILETIME_1970) / 10;
	if (b->told.seen == TIME_NONE || t > b->told.seen)
		b->told.seen = t;
}

static void put_account(struct told_build *b, struct str value)
{
	uint64_t flags;

	if (num_parse(value, 0, UINT32_MAX, &flags))
		told_put(b, FIELD_ENABLED, flags & ACCOUNT_DISABLED ? STR("false") : STR("true"));
}

static void put(struct told_build *b, struct str name, struct str value)
{
	if (str_eq_nocase(name, STR("lastLogonTimestamp")) ||
	    str_eq_nocase(name, STR("lastLogon"))) {
		put_logon(b, value);
	} else if (str_eq_nocase(name, STR("userAccountControl"))) {
		put_account(b, value);
	} else if (str_eq_nocase(name, STR("managedBy"))) {
		told_put(b, FIELD_OWNER, first_part(value));
	} else {
		for (size_t i = 0; i < COUNT(attributes); i++)
			if (str_eq_nocase(name, attributes[i].name))
				told_put(b, attributes[i].field, value);
	}
}

bool ldif_read_machines(struct arena *a, struct str text, const struct told_sink *sink,
			uint64_t *others, struct err *why)
{
	struct told_build b = { .a = a, .sink = sink };
	struct ldif_entry *e = NEW(a, struct ldif_entry, 1);
	struct err reason = { 0 };
	enum ldif_is is;
	uint64_t n = 0, rest = 0;
	struct ldif l;

	if (e == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (ldif_begin(&l, text); (is = ldif_next(&l, a, e, &reason)) != LDIF_END; n++) {
		if (is == LDIF_BAD) {
			sink->bad(sink->ctx, e->line, &reason);
			continue;
		}
		if (!is_machine(e)) {
			rest++;
			continue;
		}
		told_begin(&b, e->line);
		for (size_t i = 0; i < e->n; i++)
			put(&b, e->at[i].name, e->at[i].value);
		told_end(&b);
	}
	if (n == 0)
		return err_set(why, ERR_INPUT, 1, "no entry in it");
	*others = rest;
	return true;
}
