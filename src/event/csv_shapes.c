/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv_shapes.c - logs without a header line: how each is told from the others, what its columns are.
 *
 * Columns: Microsoft's of the DHCP server audit log and of message tracking; Palo Alto Networks' syslog
 * field descriptions; Broadcom TECH100099; Snare's of the Windows agent; what clients of Trend Micro and
 * McAfee write. A shape must be told by cells that no other log has so (csv_test.c tries all with all).
 */
#include "event/cells.h"
#include "event/csv.h"

/* '0' a digit, 'x' a hexadecimal one, else itself; the whole cell. */
static bool like(struct str s, const char *form)
{
	size_t n = strlen(form);

	if (s.n != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s.p[i], low = ascii_lower(c);

		if (form[i] == '0'   ? !ascii_digit(c)
		    : form[i] == 'x' ? !ascii_digit(c) && (low < 'a' || low > 'f')
				     : c != form[i])
			return false;
	}
	return true;
}

static bool digits(struct str s, size_t min, size_t max)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_digit(s.p[i]))
			return false;
	return s.n >= min && s.n <= max;
}

static bool one_of(struct str s, const struct str *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(s, words[i]))
			return true;
	return false;
}

// clang-format off
#define C(text, role) { STR(text), role }
#define E(text, id) { STR(text), ECS_##id }
#define X(text) { STR(text), ECS_NONE }

/* --- Windows DHCP server --- */

static bool dhcp(const struct cell *c, size_t n)
{
	return n >= 4 && digits(c[0].text, 2, 2) && like(c[1].text, "00/00/00") && like(c[2].text, "00:00:00");
}

static const struct csv_column dhcp_columns[] = {
	E("ID", EVENT_CODE), C("Date", CSV_DATE), C("Time", CSV_CLOCK), E("Description", EVENT_ACTION),
	E("IP Address", SOURCE_IP), E("Host Name", SOURCE_DOMAIN), E("MAC Address", SOURCE_MAC), E("User Name", USER_NAME),
	X("TransactionID"), X("QResult"), X("Probationtime"), X("CorrelationID"), X("Dhcid"), X("VendorClass(Hex)"),
	X("VendorClass(ASCII)"), X("UserClass(Hex)"), X("UserClass(ASCII)"), X("RelayAgentInformation"), X("DnsRegError"),
};

static bool dhcp6(const struct cell *c, size_t n)
{
	return n >= 5 && digits(c[0].text, 5, 5) && c[0].text.p[0] == '1' && like(c[1].text, "00/00/00") &&
	       like(c[2].text, "00:00:00");
}

static const struct csv_column dhcp6_columns[] = {
	E("ID", EVENT_CODE), C("Date", CSV_DATE), C("Time", CSV_CLOCK), E("Description", EVENT_ACTION),
	E("IPv6 Address", SOURCE_IP), E("Host Name", SOURCE_DOMAIN), X("Error Code"), X("Duid Length"), X("Duid Bytes(Hex)"),
	E("User Name", USER_NAME), X("Dhcid"), X("Subnet Prefix"),
};

/* --- Exchange message tracking --- */

static bool tracking(const struct cell *c, size_t n)
{
	static const struct str sources[] = {
		STR("SMTP"), STR("STOREDRIVER"), STR("AGENT"), STR("ROUTING"), STR("DNS"), STR("DSN"), STR("GATEWAY"),
		STR("MAILBOXRULE"), STR("MEETINGMESSAGEPROCESSOR"), STR("ORAR"), STR("PICKUP"), STR("POISONMESSAGE"),
		STR("PUBLICFOLDER"), STR("QUEUE"), STR("REDUNDANCY"), STR("RESOLVER"), STR("SAFETYNET"), STR("ADMIN"),
		STR("AGGREGATION"), STR("APPROVAL"), STR("BOOTLOADER"), STR("RESUBMITREQUEST"),
	};

	return n >= CSV_LOOK && c[0].text.n >= 20 && c[0].text.p[10] == 'T' && c[0].text.p[c[0].text.n - 1] == 'Z' &&
	       one_of(c[7].text, sources, COUNT(sources)) && c[8].text.n > 0;
}

static const struct csv_column tracking_columns[] = {
	C("date-time", CSV_TIME), E("client-ip", SOURCE_IP), E("client-hostname", SOURCE_DOMAIN), E("server-ip", DESTINATION_IP),
	E("server-hostname", HOST_NAME), X("source-context"), X("connector-id"), E("source", NETWORK_PROTOCOL),
	E("event-id", EVENT_ACTION), X("internal-message-id"), X("message-id"), X("network-message-id"),
	E("recipient-address", EMAIL_TO), X("recipient-status"), E("total-bytes", SOURCE_BYTES), X("recipient-count"),
	X("related-recipient-address"), X("reference"), E("message-subject", EMAIL_SUBJECT), E("sender-address", EMAIL_FROM),
	X("return-path"), X("message-info"), X("directionality"), X("tenant-id"), E("original-client-ip", SOURCE_IP),
	X("original-server-ip"), X("custom-data"), X("transport-traffic-type"), X("log-id"), X("schema-version"),
};

/* --- Palo Alto Networks --- */

static bool pan(const struct cell *c, size_t n, struct str type)
{
	return n >= 5 && c[0].text.n <= 4 && like(c[1].text, "0000/00/00 00:00:00") && str_eq(c[3].text, type);
}

static bool pan_traffic(const struct cell *c, size_t n)
{
	return pan(c, n, STR("TRAFFIC"));
}

static bool pan_url(const struct cell *c, size_t n)
{
	return pan(c, n, STR("THREAT")) && (str_eq(c[4].text, STR("url")) || str_eq(c[4].text, STR("data")));
}

static bool pan_malware(const struct cell *c, size_t n)
{
	static const struct str kinds[] = { STR("virus"), STR("spyware"), STR("wildfire"), STR("wildfire-virus"),
					    STR("ml-virus"), STR("file") };

	return pan(c, n, STR("THREAT")) && one_of(c[4].text, kinds, COUNT(kinds));
}

static bool pan_threat(const struct cell *c, size_t n)
{
	return pan(c, n, STR("THREAT"));
}

static bool pan_system(const struct cell *c, size_t n)
{
	return pan(c, n, STR("SYSTEM"));
}

static bool pan_config(const struct cell *c, size_t n)
{
	return pan(c, n, STR("CONFIG"));
}

static bool pan_globalprotect(const struct cell *c, size_t n)
{
	return pan(c, n, STR("GLOBALPROTECT"));
}

static bool pan_userid(const struct cell *c, size_t n)
{
	return pan(c, n, STR("USERID"));
}

static bool pan_auth(const struct cell *c, size_t n)
{
	return pan(c, n, STR("AUTHENTICATION"));
}

#define PAN_HEAD \
	X("future_use1"), C("receive_time", CSV_RECEIVED), X("serial"), E("type", EVENT_CATEGORY), X("subtype"), \
	X("config_version"), C("time_generated", CSV_TIME)
#define PAN_FLOW \
	E("src", SOURCE_IP), E("dst", DESTINATION_IP), E("natsrc", SOURCE_NAT_IP), E("natdst", DESTINATION_NAT_IP), \
	E("rule", RULE_NAME), E("srcuser", USER_NAME), E("dstuser", TARGET_USER_NAME), E("app", NETWORK_PROTOCOL), X("vsys"), \
	X("from"), X("to"), X("inbound_if"), X("outbound_if"), X("logset"), X("future_use2"), X("sessionid"), X("repeatcnt"), \
	E("sport", SOURCE_PORT), E("dport", DESTINATION_PORT), E("natsport", SOURCE_NAT_PORT), X("natdport"), X("flags"), \
	E("proto", NETWORK_TRANSPORT), E("action", EVENT_ACTION)
#define PAN_WHERE \
	X("dg_hier_level_1"), X("dg_hier_level_2"), X("dg_hier_level_3"), X("dg_hier_level_4"), X("vsys_name"), \
	E("device_name", OBSERVER_NAME)

static const struct csv_column pan_traffic_columns[] = {
	PAN_HEAD, PAN_FLOW, X("bytes"), E("bytes_sent", SOURCE_BYTES), E("bytes_received", DESTINATION_BYTES), X("packets"),
	X("start"), X("elapsed"), X("category"), X("future_use3"), X("seqno"), X("actionflags"), X("srcloc"), X("dstloc"),
	X("future_use4"), X("pkts_sent"), X("pkts_received"), X("session_end_reason"), PAN_WHERE, X("action_source"),
};

#define PAN_THREAT(misc, threatid) \
	PAN_HEAD, PAN_FLOW, misc, threatid, X("category"), E("severity", LOG_LEVEL), X("direction"), X("seqno"), \
	X("actionflags"), X("srcloc"), X("dstloc"), X("future_use3"), X("contenttype"), X("pcap_id"), \
	E("filedigest", FILE_HASH_SHA256), X("cloud"), X("url_idx"), E("user_agent", USER_AGENT), X("filetype"), X("xff"), \
	E("referer", HTTP_REFERRER), E("sender", EMAIL_FROM), E("subject", EMAIL_SUBJECT), E("recipient", EMAIL_TO), \
	X("reportid"), PAN_WHERE, X("future_use4"), X("src_uuid"), X("dst_uuid"), E("http_method", HTTP_METHOD)

static const struct csv_column pan_url_columns[] = { PAN_THREAT(E("misc", URL_FULL), X("threatid")) };
static const struct csv_column pan_malware_columns[] = { PAN_THREAT(E("misc", FILE_PATH), E("threatid", THREAT_NAME)) };
static const struct csv_column pan_threat_columns[] = { PAN_THREAT(E("misc", URL_FULL), E("threatid", RULE_NAME)) };

static const struct csv_column pan_system_columns[] = {
	PAN_HEAD, X("vsys"), E("eventid", EVENT_ACTION), X("object"), X("future_use2"), X("future_use3"), X("module"),
	E("severity", LOG_LEVEL), E("opaque", MESSAGE), X("seqno"), X("actionflags"), PAN_WHERE,
};

static const struct csv_column pan_config_columns[] = {
	PAN_HEAD, E("host", SOURCE_IP), X("vsys"), E("cmd", EVENT_ACTION), E("admin", USER_NAME), X("client"), X("result"),
	E("path", MESSAGE),
};

static const struct csv_column pan_globalprotect_columns[] = {
	PAN_HEAD, X("vsys"), E("eventid", EVENT_ACTION), X("stage"), X("auth_method"), X("tunnel_type"), E("srcuser", USER_NAME),
	X("srcregion"), E("machinename", SOURCE_DOMAIN), E("public_ip", SOURCE_IP), E("public_ipv6", SOURCE_IP),
	E("private_ip", SOURCE_NAT_IP), X("private_ipv6"), X("hostid"), X("serialnumber"), X("client_ver"), X("client_os"),
	X("client_os_ver"), X("repeatcnt"), X("reason"), X("error"), E("opaque", MESSAGE), X("status"), X("location"),
	X("login_duration"), X("connect_method"), X("error_code"), X("portal"), X("seqno"), X("actionflags"),
};

static const struct csv_column pan_userid_columns[] = {
	PAN_HEAD, X("vsys"), E("ip", SOURCE_IP), E("user", USER_NAME), X("datasourcename"), X("eventid"), X("repeatcnt"),
	X("timeout"), X("beginport"), X("endport"), X("datasource"), X("datasourcetype"), X("seqno"), X("actionflags"),
};

static const struct csv_column pan_auth_columns[] = {
	PAN_HEAD, X("vsys"), E("ip", SOURCE_IP), E("user", USER_NAME), X("normalize_user"), X("object"), X("authpolicy"),
	X("repeatcnt"), X("authid"), X("vendor"), X("logset"), X("serverprofile"), E("desc", MESSAGE), X("clienttype"),
	E("event", EVENT_ACTION), X("factorno"), X("seqno"), X("actionflags"),
};

/* --- anti-malware clients --- */

static bool symantec(const struct cell *c, size_t n)
{
	return n >= CSV_LOOK && like(c[0].text, "xxxxxxxxxxxx") && digits(c[1].text, 1, 2) && digits(c[2].text, 1, 1) &&
	       digits(c[3].text, 1, 2);
}

static const struct csv_column symantec_columns[] = {
	C("time", CSV_HEXTIME), E("event", EVENT_CODE), X("cat"), X("logger"), E("computer", HOST_NAME), E("user", USER_NAME),
	E("virus", THREAT_NAME), E("file", FILE_PATH), X("action1"), X("action2"), X("action0"), X("virustype"), X("flags"),
	E("description", MESSAGE), X("scanid"), X("new_ext"), X("groupid"), X("event_data"), X("vbin_id"), X("virus_id"),
	X("quarfwd_status"), X("access"), X("snd_status"), X("compressed"), X("depth"), X("still_infected"), X("definfo"),
	X("defseqnumber"), X("cleaninfo"), X("deleteinfo"), X("backup_id"), X("parent"), X("guid"), X("clientgroup"),
	E("address", HOST_IP), X("domainname"), E("ntdomain", USER_DOMAIN), X("macaddr"), X("version"), X("remote_machine"),
	E("remote_machine_ip", SOURCE_IP),
};

static bool trend_virus(const struct cell *c, size_t n)
{
	return n >= 8 && digits(c[0].text, 8, 8) && digits(c[1].text, 3, 6) && !digits(c[2].text, 1, 1) &&
	       digits(c[3].text, 1, 2) && digits(c[4].text, 1, 2);
}

static const struct csv_column trend_virus_columns[] = {
	C("date", CSV_DATE), C("time", CSV_CLOCK), E("threat", THREAT_NAME), X("action"), X("scan_type"), X("unused1"),
	E("path", FILE_PATH), X("filename"), X("unused2"), C("timestamp", CSV_EPOCH), X("unused3"), X("unused4"),
};

static bool trend_url(const struct cell *c, size_t n)
{
	return n >= CSV_LOOK && digits(c[0].text, 8, 8) && digits(c[1].text, 3, 6) && digits(c[2].text, 1, 1);
}

static const struct csv_column trend_url_columns[] = {
	C("date", CSV_DATE), C("time", CSV_CLOCK), X("block_mode"), E("url", URL_FULL), X("group_code"),
	E("group_name", RULE_NAME), X("credibility_rating"), X("policy_identifier"), E("application_name", PROCESS_EXECUTABLE),
	X("credibility_score"), E("ip", DESTINATION_IP), X("threshold"), C("timestamp", CSV_EPOCH), X("unused"),
};

static bool mcafee_access(const struct cell *c, size_t n)
{
	return n >= 7 && (str_find(c[2].text, STR("locked by ")) < c[2].text.n) &&
	       str_find_char(c[0].text, '/') < c[0].text.n && str_find_char(c[1].text, ':') < c[1].text.n;
}

static const struct csv_column mcafee_access_columns[] = {
	C("date", CSV_DATE), C("time", CSV_CLOCK), E("status", MESSAGE), E("username", USER_NAME), E("filename", PROCESS_EXECUTABLE),
	E("trigger_location", FILE_PATH), E("rule", RULE_NAME), E("action", EVENT_ACTION),
};

static bool mcafee_port(const struct cell *c, size_t n)
{
	return n >= 6 && str_find(c[2].text, STR("locked by port blocking rule")) < c[2].text.n;
}

static const struct csv_column mcafee_port_columns[] = {
	C("date", CSV_DATE), C("time", CSV_CLOCK), E("status", MESSAGE), E("filename", PROCESS_EXECUTABLE), E("rule", RULE_NAME),
	E("address", DESTINATION_IP),
};

/* --- Windows events by Snare and those who write as it does --- */

static bool snare(const struct cell *c, size_t n)
{
	return n >= CSV_LOOK && str_eq(c[0].text, STR("MSWinEventLog")) && digits(c[1].text, 1, 2) &&
	       digits(c[5].text, 1, 6);
}

static const struct csv_column snare_columns[] = {
	X("Snare"), E("Criticality", LOG_LEVEL), X("Channel"), X("SnareCounter"), C("EventTime", CSV_TIME), X("EventID"),
	X("Provider_Name"), X("UserName"), X("SidType"), X("EventType"), X("Computer"), X("CategoryString"), X("DataString"),
	C("Message", CSV_TEXT), X("SnareChecksum"),
};

#undef C
#undef E
#undef X

#define COLUMNS(list) list, COUNT(list)
#define PAN(name, columns) \
	{ "paloalto-" #name, ',', false, false, 5, pan_##name, COLUMNS(columns), "PAN-OS", "Palo Alto Networks" }
static const struct csv_shape shapes[] = {
	{ "windows-dhcp", ',', true, false, 4, dhcp, COLUMNS(dhcp_columns), "DHCP Server", "Microsoft" },
	{ "windows-dhcpv6", ',', true, false, 5, dhcp6, COLUMNS(dhcp6_columns), "DHCP Server", "Microsoft" },
	{ "exchange-tracking", ',', false, false, 20, tracking, COLUMNS(tracking_columns), "Exchange", "Microsoft" },
	PAN(traffic, pan_traffic_columns), PAN(url, pan_url_columns), PAN(malware, pan_malware_columns),
	PAN(threat, pan_threat_columns), PAN(system, pan_system_columns), PAN(config, pan_config_columns),
	PAN(globalprotect, pan_globalprotect_columns), PAN(userid, pan_userid_columns), PAN(auth, pan_auth_columns),
	{ "symantec-client", ',', true, false, 20, symantec, COLUMNS(symantec_columns), "Endpoint Protection", "Symantec" },
	{ "trend-virus", '\t', false, false, 8, trend_virus, COLUMNS(trend_virus_columns), "OfficeScan", "Trend Micro" },
	{ "trend-url", '\t', false, false, 12, trend_url, COLUMNS(trend_url_columns), "OfficeScan", "Trend Micro" },
	{ "mcafee-port", '\t', true, false, 6, mcafee_port, COLUMNS(mcafee_port_columns), "VirusScan", "McAfee" },
	{ "mcafee-access", '\t', true, false, 7, mcafee_access, COLUMNS(mcafee_access_columns), "VirusScan", "McAfee" },
	{ "snare", '\t', true, true, 12, snare, COLUMNS(snare_columns), NULL, NULL },
};
// clang-format on

static size_t first_cells(struct str record, char sep, struct cell cell[CSV_LOOK])
{
	size_t n = 0;

	while (n < CSV_LOOK && cells_next(&record, sep, &cell[n]))
		n++;
	return n;
}

/* Cheaply: each begins with a short number, time or word and a separator. */
static bool may_have_shape(struct str record)
{
	struct str head = str_sub(record, 0, 32);
	char c = record.n < 8 ? '\0' : record.p[0];

	if (!ascii_digit(c) && (c < 'A' || c > 'F') && c != 'M')
		return false;
	return memchr(head.p, ',', head.n) != NULL || memchr(head.p, '\t', head.n) != NULL;
}

const struct csv_shape *csv_shape_of(struct str record)
{
	struct cell cell[CSV_LOOK];
	char sep = '\0'; /* by which they are cut */
	size_t n = 0;

	if (!may_have_shape(record))
		return NULL;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		if (sep != shapes[i].sep)
			n = first_cells(record, shapes[i].sep, cell);
		sep = shapes[i].sep;
		if (shapes[i].fits(cell, n))
			return &shapes[i];
	}
	return NULL;
}
