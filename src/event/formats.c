/* SPDX-License-Identifier: Apache-2.0 */
/* formats.c - every log format canh reads, one row each. */
#include "event/formats.h"

#include "event/json.h"
#include "event/kv.h"
#include "event/syslog.h"

static int never(struct str record)
{
	(void)record;
	return 0;
}

static bool keep(struct build *b, struct str record, struct err *why)
{
	(void)why;
	build_add(b, STR("message"), record);
	return true;
}

/* clang-format off */
const struct format formats[] = {
	[FORMAT_UNPARSED] =
	{ "unparsed", "-",                                        FAMILY_NONE, false, never,        keep },
	{ "json",     "JSON: Windows, ECS, Suricata, Zeek",       FAMILY_JSON, false, json_probe,   json_read },
	{ "kv",       "key=value: FortiGate, Sophos, SonicWall",  FAMILY_KV,   false, kv_probe,     kv_read },
	{ "syslog",   "syslog: RFC 5424, RFC 3164",               FAMILY_NONE, true,  syslog_probe, syslog_read },
};
/* clang-format on */
const size_t formats_n = COUNT(formats);

uint16_t format_find(struct str name)
{
	for (size_t i = 0; i < formats_n; i++)
		if (str_eq(name, str_of(formats[i].name)))
			return (uint16_t)i;
	return FORMAT_UNPARSED;
}
