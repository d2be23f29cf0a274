/* SPDX-License-Identifier: Apache-2.0 */
/* formats.c - every log format canh reads, one row each. */
#include "event/formats.h"

#include "event/access.h"
#include "event/audit.h"
#include "event/cef.h"
#include "event/csv.h"
#include "event/evtx_read.h"
#include "event/json.h"
#include "event/kv.h"
#include "event/leef.h"
#include "event/syslog.h"
#include "event/text.h"
#include "event/w3c.h"
#include "event/xml.h"

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
	{ "unparsed", "-",                                        FAMILY_NONE, false, 0, NULL, never,        keep },
	{ "json",     "JSON: Windows, ECS, Suricata, Zeek",       FAMILY_JSON, false, 95, "{[ \t\r\n", json_probe,   json_read },
	{ "xml",      "XML: Windows events, Sysmon for Linux, ePO", FAMILY_JSON, false, 95, "< \t\r\n\xef", xml_probe,  xml_read },
	{ "cef",      "CEF: F5 ASM, Check Point, Trend Micro ...", FAMILY_CEF, false, 100, "C", cef_probe,    cef_read },
	{ "leef",     "LEEF: Panda, Palo Alto, Sophos ...",       FAMILY_LEEF, false, 100, "L", leef_probe,   leef_read },
	{ "audit",    "Linux audit",                              FAMILY_AUDIT, false, 100, "tna", audit_probe, audit_read },
	{ "kv",       "key=value: FortiGate, Sophos, SonicWall",  FAMILY_KV, false, 95, "d ", kv_probe,     kv_read },
	{ "access",   "Web access: Apache, nginx, Tomcat",        FAMILY_WEB, false, 90, NULL, access_probe, access_read },
	{ "weberror", "Web errors: Apache, nginx",                FAMILY_WEB, false, 92, NULL, weberror_probe, weberror_read },
	{ "w3c",      "W3C: IIS, Exchange, Windows Firewall, Zeek", FAMILY_WEB, false, 100, "#", w3c_probe,   w3c_read },
	{ "csv",      "Columns: DHCP, Exchange, Palo Alto, Snare, console exports", FAMILY_CSV, false, 96, "0123456789ABCDEFM", csv_probe, csv_read },
	{ "text",     "Text: daemons, mail servers, F5, Squid, anti-malware ...", FAMILY_TEXT, false, 85, NULL, text_probe, text_read },
	{ "evtx",     "Windows event log files (.evtx)",          FAMILY_JSON, false, 0, NULL, evtx_probe, evtx_read },
	{ "syslog",   "syslog: RFC 5424, RFC 3164",               FAMILY_SYSLOG, true, 95, "<", syslog_probe, syslog_read },
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
