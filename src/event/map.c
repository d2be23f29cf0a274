/* SPDX-License-Identifier: Apache-2.0 */
/*
 * map.c - the tables of names, and an open-addressed index over each.
 *
 * Of several rows that lead to one ECS name the record's own order decides, but where normal.c
 * says otherwise. A name stands once in a table (map_test.c).
 */
#include "event/map.h"

#include <assert.h>
#include <pthread.h>

enum { SLOTS = 512 };

/* clang-format off */
#define ROW(from, id) { STR(from), ECS_##id }

/* The names of the Elastic Common Schema themselves. */
static const struct map_row ecs_rows[] = {
#define X(id, name) ROW(name, id),
	ECS_FIELDS(X)
#undef X
};

/* Suricata EVE, Zeek, journald, Wazuh, what is flat and says nothing of itself. */
static const struct map_row json_rows[] = {
	ROW("src_ip", SOURCE_IP), ROW("src_port", SOURCE_PORT), ROW("dest_ip", DESTINATION_IP),
	ROW("dest_port", DESTINATION_PORT), ROW("dst_ip", DESTINATION_IP),
	ROW("dst_port", DESTINATION_PORT), ROW("proto", NETWORK_TRANSPORT),
	ROW("app_proto", NETWORK_PROTOCOL), ROW("alert.signature", RULE_NAME),
	ROW("alert.signature_id", EVENT_CODE), ROW("alert.action", EVENT_ACTION),
	ROW("dns.rrname", DNS_QUESTION_NAME), ROW("dns.query.rrname", DNS_QUESTION_NAME),
	ROW("dns.queries.rrname", DNS_QUESTION_NAME), ROW("dns.answers.rdata", DNS_ANSWER_IP),
	ROW("dns.rdata", DNS_ANSWER_IP), ROW("dns.grouped.A", DNS_ANSWER_IP),
	ROW("dns.grouped.AAAA", DNS_ANSWER_IP), ROW("tls.sni", TLS_SERVER_NAME),
	ROW("http.hostname", URL_DOMAIN), ROW("http.url", URL_PATH),
	ROW("http.http_user_agent", USER_AGENT), ROW("http.http_method", HTTP_METHOD),
	ROW("http.status", HTTP_STATUS), ROW("http.http_refer", HTTP_REFERRER),
	ROW("fileinfo.filename", FILE_PATH), ROW("fileinfo.md5", FILE_HASH_MD5),
	ROW("fileinfo.sha1", FILE_HASH_SHA1), ROW("fileinfo.sha256", FILE_HASH_SHA256),
	ROW("email.from", EMAIL_FROM), ROW("email.to", EMAIL_TO), ROW("email.subject", EMAIL_SUBJECT),
	ROW("flow.bytes_toserver", SOURCE_BYTES), ROW("flow.bytes_toclient", DESTINATION_BYTES),
	ROW("id_orig_h", SOURCE_IP), ROW("id_orig_p", SOURCE_PORT), ROW("id_resp_h", DESTINATION_IP),
	ROW("id_resp_p", DESTINATION_PORT), ROW("id.orig_h", SOURCE_IP), ROW("id.orig_p", SOURCE_PORT), ROW("id.resp_h", DESTINATION_IP),
	ROW("id.resp_p", DESTINATION_PORT), ROW("service", NETWORK_PROTOCOL),
	ROW("query", DNS_QUESTION_NAME), ROW("answers", DNS_ANSWER_IP), ROW("uri", URL_PATH),
	ROW("method", HTTP_METHOD), ROW("status_code", HTTP_STATUS), ROW("user_agent", USER_AGENT),
	ROW("referrer", HTTP_REFERRER), ROW("server_name", TLS_SERVER_NAME),
	ROW("orig_bytes", SOURCE_BYTES), ROW("resp_bytes", DESTINATION_BYTES),
	ROW("note", RULE_NAME), ROW("md5", FILE_HASH_MD5), ROW("sha1", FILE_HASH_SHA1),
	ROW("sha256", FILE_HASH_SHA256), ROW("tx_hosts", SOURCE_IP), ROW("rx_hosts", DESTINATION_IP),
	ROW("_HOSTNAME", HOST_NAME), ROW("SYSLOG_IDENTIFIER", PROCESS_NAME), ROW("_COMM", PROCESS_NAME),
	ROW("_PID", PROCESS_PID), ROW("_EXE", PROCESS_EXECUTABLE), ROW("_CMDLINE", PROCESS_COMMAND_LINE),
	ROW("agent.name", HOST_NAME), ROW("agent.ip", HOST_IP), ROW("predecoder.hostname", HOST_NAME),
	ROW("data.srcip", SOURCE_IP), ROW("data.srcport", SOURCE_PORT), ROW("data.dstip", DESTINATION_IP),
	ROW("data.dstport", DESTINATION_PORT), ROW("data.srcuser", USER_NAME),
	ROW("data.dstuser", USER_NAME), ROW("data.url", URL_PATH), ROW("rule.description", RULE_NAME),
	ROW("srcip", SOURCE_IP), ROW("srcport", SOURCE_PORT), ROW("dstip", DESTINATION_IP),
	ROW("dstport", DESTINATION_PORT), ROW("source_ip", SOURCE_IP), ROW("client_ip", SOURCE_IP),
	ROW("clientip", SOURCE_IP), ROW("remote_addr", SOURCE_IP), ROW("remote_ip", SOURCE_IP),
	ROW("x_forwarded_for", SOURCE_NAT_IP), ROW("request_method", HTTP_METHOD),
	ROW("request_uri", URL_PATH), ROW("http_user_agent", USER_AGENT),
	ROW("http_referer", HTTP_REFERRER), ROW("http_host", URL_DOMAIN), ROW("user", USER_NAME),
	ROW("username", USER_NAME), ROW("user_name", USER_NAME), ROW("hostname", HOST_NAME),
	ROW("host", HOST_NAME), ROW("host.hostname", HOST_NAME), ROW("action", EVENT_ACTION),
	ROW("level", LOG_LEVEL), ROW("severity", LOG_LEVEL), ROW("msg", MESSAGE), ROW("url", URL_FULL),
	ROW("domain", DESTINATION_DOMAIN),
	ROW("source.address", SOURCE_IP), ROW("destination.address", DESTINATION_IP),
	ROW("client.ip", SOURCE_IP), ROW("server.ip", DESTINATION_IP),
};

/* Trellix (McAfee) ePolicy Orchestrator. */
static const struct map_row epo_rows[] = {
	ROW("MachineName", HOST_NAME), ROW("IPAddress", HOST_IP), ROW("UserName", USER_NAME),
	ROW("ProductName", OBSERVER_PRODUCT), ROW("EventID", EVENT_CODE), ROW("ThreatName", THREAT_NAME),
	ROW("ThreatActionTaken", EVENT_ACTION), ROW("SourceIPV4", SOURCE_IP), ROW("SourceHostName", SOURCE_DOMAIN),
	ROW("SourceUserName", TARGET_USER_NAME), ROW("SourceProcessName", PROCESS_EXECUTABLE), ROW("SourcePort", SOURCE_PORT),
	ROW("TargetIPV4", DESTINATION_IP), ROW("TargetPort", DESTINATION_PORT), ROW("TargetHostName", DESTINATION_DOMAIN),
	ROW("TargetFileName", FILE_PATH), ROW("TargetProtocol", NETWORK_PROTOCOL), ROW("AnalyzerDetectionMethod", EVENT_CATEGORY),
	ROW("TargetUserName", TARGET_USER_NAME),
};

/* ESET PROTECT's JSON by syslog. */
static const struct map_row eset_rows[] = {
	ROW("hostname", HOST_NAME), ROW("ipv4", HOST_IP), ROW("ipv6", HOST_IP), ROW("severity", LOG_LEVEL),
	ROW("event_type", EVENT_PROVIDER), ROW("threat_name", THREAT_NAME), ROW("object_uri", FILE_PATH),
	ROW("action_taken", EVENT_ACTION), ROW("action", EVENT_ACTION), ROW("username", USER_NAME), ROW("user", USER_NAME),
	ROW("processname", PROCESS_EXECUTABLE), ROW("process_name", PROCESS_EXECUTABLE), ROW("application", PROCESS_EXECUTABLE),
	ROW("source_address", SOURCE_IP), ROW("source_port", SOURCE_PORT), ROW("target_address", DESTINATION_IP),
	ROW("target_port", DESTINATION_PORT), ROW("protocol", NETWORK_TRANSPORT), ROW("rulename", RULE_NAME),
	ROW("rule_name", RULE_NAME), ROW("event", EVENT_ACTION), ROW("detail", MESSAGE), ROW("threat_type", EVENT_CATEGORY),
};

/* The unified audit log of Office 365. */
static const struct map_row o365_rows[] = {
	ROW("UserId", USER_NAME), ROW("ClientIP", SOURCE_IP), ROW("ClientIPAddress", SOURCE_IP), ROW("ActorIpAddress", SOURCE_IP),
	ROW("Operation", EVENT_ACTION), ROW("Workload", EVENT_PROVIDER), ROW("RecordType", EVENT_CODE),
	ROW("UserAgent", USER_AGENT), ROW("ClientInfoString", USER_AGENT), ROW("SourceFileName", FILE_PATH),
	ROW("SiteUrl", URL_FULL), ROW("ObjectId", FILE_PATH), ROW("TargetUserOrGroupName", TARGET_USER_NAME),
	ROW("P2Sender", EMAIL_FROM), ROW("Recipients", EMAIL_TO), ROW("Subject", EMAIL_SUBJECT),
};

/* Check Point Log Exporter, its own form of syslog. */
static const struct map_row checkpoint_rows[] = {
	ROW("src", SOURCE_IP), ROW("s_port", SOURCE_PORT), ROW("dst", DESTINATION_IP), ROW("service", DESTINATION_PORT),
	ROW("xlatesrc", SOURCE_NAT_IP), ROW("xlatesport", SOURCE_NAT_PORT), ROW("xlatedst", DESTINATION_NAT_IP),
	ROW("proto", NETWORK_TRANSPORT), ROW("service_id", NETWORK_PROTOCOL), ROW("action", EVENT_ACTION),
	ROW("rule_name", RULE_NAME), ROW("protection_name", RULE_NAME), ROW("attack", RULE_NAME), ROW("product", OBSERVER_PRODUCT),
	ROW("origin", HOST_IP), ROW("user", USER_NAME), ROW("src_user_name", USER_NAME), ROW("src_machine_name", SOURCE_DOMAIN),
	ROW("dst_user_name", TARGET_USER_NAME), ROW("resource", URL_FULL), ROW("severity", LOG_LEVEL), ROW("malware_family", THREAT_NAME),
	ROW("file_name", FILE_PATH), ROW("file_md5", FILE_HASH_MD5), ROW("file_sha1", FILE_HASH_SHA1), ROW("file_sha256", FILE_HASH_SHA256),
	ROW("description", MESSAGE), ROW("ike", MESSAGE), ROW("client_outbound_bytes", SOURCE_BYTES), ROW("logid", EVENT_CODE),
};

/* Junos, the structured data of RT_FLOW, RT_IDS, RT_UTM, RT_IDP. */
static const struct map_row junos_rows[] = {
	ROW("source-address", SOURCE_IP), ROW("source-port", SOURCE_PORT), ROW("destination-address", DESTINATION_IP),
	ROW("destination-port", DESTINATION_PORT), ROW("nat-source-address", SOURCE_NAT_IP), ROW("nat-source-port", SOURCE_NAT_PORT),
	ROW("nat-destination-address", DESTINATION_NAT_IP), ROW("protocol-id", NETWORK_TRANSPORT),
	ROW("protocol-name", NETWORK_TRANSPORT), ROW("service-name", NETWORK_PROTOCOL), ROW("policy-name", RULE_NAME),
	ROW("attack-name", RULE_NAME), ROW("threat-severity", LOG_LEVEL), ROW("action", EVENT_ACTION), ROW("username", USER_NAME),
	ROW("bytes-from-client", SOURCE_BYTES), ROW("bytes-from-server", DESTINATION_BYTES), ROW("url", URL_FULL),
	ROW("filename", FILE_PATH), ROW("virus-name", THREAT_NAME), ROW("temporary-filename", FILE_PATH),
};

/* Windows events by the names of their own data, whatever carries them. */
static const struct map_row windows_rows[] = {
	ROW("Computer", HOST_NAME), ROW("Hostname", HOST_NAME), ROW("winlog.computer_name", HOST_NAME),
	ROW("Channel", LOG_CHANNEL), ROW("EventID", EVENT_CODE), ROW("Provider_Name", EVENT_PROVIDER),
	ROW("Image", PROCESS_EXECUTABLE), ROW("NewProcessName", PROCESS_EXECUTABLE),
	ROW("ProcessName", PROCESS_EXECUTABLE), ROW("Application", PROCESS_EXECUTABLE),
	ROW("SourceImage", PROCESS_EXECUTABLE), ROW("CommandLine", PROCESS_COMMAND_LINE),
	ROW("ProcessCommandLine", PROCESS_COMMAND_LINE), ROW("ParentImage", PROCESS_PARENT_EXECUTABLE),
	ROW("ParentProcessName", PROCESS_PARENT_EXECUTABLE),
	ROW("ParentCommandLine", PROCESS_PARENT_COMMAND_LINE), ROW("TargetFilename", FILE_PATH),
	ROW("ImageLoaded", FILE_PATH), ROW("ImagePath", FILE_PATH), ROW("ServiceFileName", FILE_PATH),
	ROW("Path", FILE_PATH), ROW("TargetObject", REGISTRY_PATH), ROW("ThreatName", THREAT_NAME),
	ROW("SourceIp", SOURCE_IP), ROW("SourcePort", SOURCE_PORT), ROW("SourceHostname", SOURCE_DOMAIN),
	ROW("DestinationIp", DESTINATION_IP), ROW("DestinationPort", DESTINATION_PORT),
	ROW("DestinationHostname", DESTINATION_DOMAIN), ROW("IpAddress", SOURCE_IP),
	ROW("IpPort", SOURCE_PORT), ROW("WorkstationName", SOURCE_DOMAIN),
	ROW("Workstation", SOURCE_DOMAIN), ROW("ClientAddress", SOURCE_IP), ROW("ClientName", SOURCE_DOMAIN),
	ROW("SourceAddress", SOURCE_IP), ROW("DestAddress", DESTINATION_IP), ROW("DestPort", DESTINATION_PORT),
	ROW("QueryName", DNS_QUESTION_NAME),
};

/* FortiGate, SonicWall, Sophos, netfilter and their like. */
static const struct map_row kv_rows[] = {
	ROW("srcip", SOURCE_IP), ROW("srcport", SOURCE_PORT), ROW("dstip", DESTINATION_IP),
	ROW("dstport", DESTINATION_PORT), ROW("srcname", SOURCE_DOMAIN), ROW("srcmac", SOURCE_MAC),
	ROW("dstname", DESTINATION_DOMAIN), ROW("user", USER_NAME), ROW("unauthuser", USER_NAME),
	ROW("devname", OBSERVER_NAME), ROW("action", EVENT_ACTION), ROW("logid", EVENT_CODE),
	ROW("hostname", URL_DOMAIN), ROW("url", URL_PATH), ROW("service", NETWORK_PROTOCOL),
	ROW("sentbyte", SOURCE_BYTES), ROW("rcvdbyte", DESTINATION_BYTES), ROW("virus", THREAT_NAME),
	ROW("attack", RULE_NAME), ROW("policyname", RULE_NAME), ROW("level", LOG_LEVEL),
	ROW("msg", MESSAGE), ROW("qname", DNS_QUESTION_NAME), ROW("ipaddr", DNS_ANSWER_IP),
	ROW("filename", FILE_PATH), ROW("httpmethod", HTTP_METHOD), ROW("agent", USER_AGENT),
	ROW("referralurl", HTTP_REFERRER), ROW("from", EMAIL_FROM), ROW("to", EMAIL_TO),
	ROW("sender", EMAIL_FROM), ROW("recipient", EMAIL_TO), ROW("subject", EMAIL_SUBJECT),
	ROW("remip", SOURCE_IP), ROW("locip", DESTINATION_IP), ROW("remport", SOURCE_PORT),
	ROW("locport", DESTINATION_PORT), ROW("sni", TLS_SERVER_NAME), ROW("scertcname", TLS_SERVER_NAME),
	ROW("src", SOURCE_IP), ROW("dst", DESTINATION_IP), ROW("src_ip", SOURCE_IP),
	ROW("dst_ip", DESTINATION_IP), ROW("src_port", SOURCE_PORT), ROW("dst_port", DESTINATION_PORT),
	ROW("spt", SOURCE_PORT), ROW("dpt", DESTINATION_PORT), ROW("sport", SOURCE_PORT),
	ROW("dport", DESTINATION_PORT), ROW("sourceip", SOURCE_IP), ROW("destinationip", DESTINATION_IP),
	ROW("destip", DESTINATION_IP), ROW("dest_ip", DESTINATION_IP), ROW("dest_port", DESTINATION_PORT),
	ROW("srchost", SOURCE_DOMAIN), ROW("dsthost", DESTINATION_DOMAIN), ROW("username", USER_NAME),
	ROW("usr", USER_NAME), ROW("user_name", USER_NAME), ROW("usrname", USER_NAME),
	ROW("src_mac", SOURCE_MAC), ROW("src_trans_ip", SOURCE_NAT_IP),
	ROW("dst_trans_ip", DESTINATION_NAT_IP), ROW("tran_src_ip", SOURCE_NAT_IP),
	ROW("tran_src_port", SOURCE_NAT_PORT), ROW("tran_dst_ip", DESTINATION_NAT_IP),
	ROW("device_name", OBSERVER_NAME), ROW("fw_rule_name", RULE_NAME), ROW("domain", URL_DOMAIN),
	ROW("user_agent", USER_AGENT), ROW("status_code", HTTP_STATUS), ROW("method", HTTP_METHOD),
};

/* ArcSight Common Event Format, revision 26, producer dictionary. */
static const struct map_row cef_rows[] = {
	ROW("src", SOURCE_IP), ROW("spt", SOURCE_PORT), ROW("dst", DESTINATION_IP),
	ROW("dpt", DESTINATION_PORT), ROW("shost", SOURCE_DOMAIN), ROW("dhost", DESTINATION_DOMAIN),
	ROW("smac", SOURCE_MAC), ROW("sourceTranslatedAddress", SOURCE_NAT_IP),
	ROW("sourceTranslatedPort", SOURCE_NAT_PORT),
	ROW("destinationTranslatedAddress", DESTINATION_NAT_IP), ROW("in", DESTINATION_BYTES),
	ROW("out", SOURCE_BYTES), ROW("act", EVENT_ACTION), ROW("app", NETWORK_PROTOCOL),
	ROW("proto", NETWORK_TRANSPORT), ROW("request", URL_FULL), ROW("requestMethod", HTTP_METHOD),
	ROW("requestClientApplication", USER_AGENT), ROW("filePath", FILE_PATH), ROW("fname", FILE_PATH),
	ROW("dvchost", OBSERVER_NAME), ROW("msg", MESSAGE), ROW("dproc", PROCESS_NAME),
	ROW("sproc", PROCESS_NAME), ROW("cat", EVENT_CATEGORY), ROW("suser", USER_NAME),
	ROW("duser", TARGET_USER_NAME), ROW("requestContext", HTTP_REFERRER),
	ROW("destinationDnsDomain", DESTINATION_DOMAIN), ROW("sntdom", USER_DOMAIN),
};

/* QRadar LEEF 2.0, predefined attributes. */
static const struct map_row leef_rows[] = {
	ROW("src", SOURCE_IP), ROW("srcPort", SOURCE_PORT), ROW("dst", DESTINATION_IP),
	ROW("dstPort", DESTINATION_PORT), ROW("srcPostNAT", SOURCE_NAT_IP),
	ROW("dstPostNAT", DESTINATION_NAT_IP), ROW("srcPostNATPort", SOURCE_NAT_PORT),
	ROW("srcMAC", SOURCE_MAC), ROW("usrName", USER_NAME), ROW("accountName", USER_NAME),
	ROW("proto", NETWORK_TRANSPORT), ROW("srcBytes", SOURCE_BYTES), ROW("dstBytes", DESTINATION_BYTES),
	ROW("url", URL_FULL), ROW("identHostName", SOURCE_DOMAIN), ROW("policy", RULE_NAME),
	ROW("action", EVENT_ACTION), ROW("cat", EVENT_CATEGORY), ROW("domain", USER_DOMAIN),
	ROW("resource", DESTINATION_DOMAIN), ROW("method", HTTP_METHOD), ROW("msg", MESSAGE),
	ROW("srcHostName", SOURCE_DOMAIN), ROW("dstHostName", DESTINATION_DOMAIN),
};

static const struct map_row audit_rows[] = {
	ROW("exe", PROCESS_EXECUTABLE), ROW("comm", PROCESS_NAME), ROW("pid", PROCESS_PID),
	ROW("key", RULE_NAME), ROW("addr", SOURCE_IP),
	ROW("hostname", SOURCE_DOMAIN), ROW("cmd", PROCESS_COMMAND_LINE), ROW("node", HOST_NAME),
	ROW("op", EVENT_ACTION),
};

/* The names of the W3C extended log, which Sigma uses for every web server. */
static const struct map_row web_rows[] = {
	ROW("c-ip", SOURCE_IP), ROW("c-port", SOURCE_PORT), ROW("s-ip", DESTINATION_IP),
	ROW("s-port", DESTINATION_PORT), ROW("cs-username", USER_NAME), ROW("cs-method", HTTP_METHOD),
	ROW("cs-uri-stem", URL_PATH), ROW("cs-uri-query", URL_QUERY), ROW("cs-host", URL_DOMAIN),
	ROW("sc-status", HTTP_STATUS), ROW("cs-user-agent", USER_AGENT), ROW("cs-referer", HTTP_REFERRER),
	ROW("sc-bytes", DESTINATION_BYTES), ROW("cs-bytes", SOURCE_BYTES), ROW("s-computername", HOST_NAME),
	ROW("client", SOURCE_IP), ROW("server", URL_DOMAIN), ROW("level", LOG_LEVEL),
	ROW("pid", PROCESS_PID), ROW("message", MESSAGE),
	/* Windows Firewall */
	ROW("src-ip", SOURCE_IP), ROW("dst-ip", DESTINATION_IP), ROW("src-port", SOURCE_PORT),
	ROW("dst-port", DESTINATION_PORT), ROW("action", EVENT_ACTION), ROW("protocol", NETWORK_TRANSPORT),
	/* Exchange message tracking */
	ROW("client-ip", SOURCE_IP), ROW("client-hostname", SOURCE_DOMAIN), ROW("server-ip", DESTINATION_IP),
	ROW("server-hostname", HOST_NAME), ROW("event-id", EVENT_ACTION), ROW("recipient-address", EMAIL_TO),
	ROW("sender-address", EMAIL_FROM), ROW("message-subject", EMAIL_SUBJECT),
};

/* Keys of the lists that rule bases hand on whole (event/text_give.c). */
static const struct map_row text_rows[] = {
	ROW("dovecot.user", USER_NAME), ROW("dovecot.lip", DESTINATION_IP),
	ROW("dovecot.rport", SOURCE_PORT), ROW("dovecot.lport", DESTINATION_PORT),
	ROW("postfix.from", EMAIL_FROM), ROW("postfix.to", EMAIL_TO), ROW("postfix.proto", NETWORK_PROTOCOL),
	ROW("postfix.sasl_username", USER_NAME), ROW("sendmail.from", EMAIL_FROM), ROW("sendmail.to", EMAIL_TO),
	ROW("zimbra.name", USER_NAME), ROW("zimbra.oip", SOURCE_IP), ROW("zimbra.ua", USER_AGENT),
	ROW("zimbra.account", USER_NAME), ROW("zimbra.email", USER_NAME), ROW("zimbra.protocol", NETWORK_PROTOCOL),
	ROW("asterisk.AccountID", USER_NAME), ROW("asterisk.Service", NETWORK_PROTOCOL),
	ROW("f5.user", USER_NAME), ROW("f5.host", SOURCE_IP), ROW("f5.cmd_data", PROCESS_COMMAND_LINE),
	ROW("symantec.User", USER_NAME),
	ROW("symantec.User_Name", USER_NAME), ROW("symantec.Domain", USER_DOMAIN),
	ROW("symantec.Domain_Name", USER_DOMAIN), ROW("symantec.Application_hash", FILE_HASH_SHA256),
	ROW("symantec.Actual_action", EVENT_ACTION), ROW("symantec.Risk_name", THREAT_NAME),
	ROW("symantec.Computer_name", HOST_NAME), ROW("symantec.IP_Address", HOST_IP),
	ROW("symantec.File_path", FILE_PATH), ROW("symantec.Remote_Host_IP", SOURCE_IP),
	ROW("symantec.Local_Host_IP", HOST_IP), ROW("symantec.Intrusion_URL", URL_FULL),
};
/* clang-format on */

#define TABLE(rows)               \
	{                         \
		rows, COUNT(rows) \
	}
const struct map_table map_tables[MAP_COUNT] = {
	[MAP_ECS] = TABLE(ecs_rows),
	[MAP_JSON] = TABLE(json_rows),
	[MAP_WINDOWS] = TABLE(windows_rows),
	[MAP_KV] = TABLE(kv_rows),
	[MAP_CEF] = TABLE(cef_rows),
	[MAP_LEEF] = TABLE(leef_rows),
	[MAP_AUDIT] = TABLE(audit_rows),
	[MAP_WEB] = TABLE(web_rows),
	[MAP_TEXT] = TABLE(text_rows),
	[MAP_EPO] = TABLE(epo_rows),
	[MAP_ESET] = TABLE(eset_rows),
	[MAP_O365] = TABLE(o365_rows),
	[MAP_CHECKPOINT] = TABLE(checkpoint_rows),
	[MAP_JUNOS] = TABLE(junos_rows),
};

static uint8_t slots[MAP_COUNT][SLOTS]; /* row + 1, 0 is free */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t slot_of(struct str name)
{
	size_t h = name.n;

	if (name.n == 0)
		return 0;
	h = h * 31 + (unsigned char)ascii_lower(name.p[0]);
	h = h * 31 + (unsigned char)ascii_lower(name.p[name.n / 2]);
	h = h * 31 + (unsigned char)ascii_lower(name.p[name.n * 3 / 4]);
	h = h * 31 + (unsigned char)ascii_lower(name.p[name.n - 1]);
	return (h ^ h >> 9) % SLOTS;
}

static void build_index(void)
{
	for (size_t m = 0; m < MAP_COUNT; m++) {
		assert(map_tables[m].n < UINT8_MAX);
		for (size_t i = 0; i < map_tables[m].n; i++) {
			size_t at = slot_of(map_tables[m].rows[i].name);

			while (slots[m][at] != 0)
				at = (at + 1) % SLOTS;
			slots[m][at] = (uint8_t)(i + 1);
		}
	}
}

void map_init(void)
{
	pthread_once(&once, build_index);
}

enum ecs map_find(enum map map, struct str name)
{
	for (size_t at = slot_of(name); slots[map][at] != 0; at = (at + 1) % SLOTS) {
		const struct map_row *row = &map_tables[map].rows[slots[map][at] - 1];

		if (row->name.n == name.n && str_eq_nocase(row->name, name))
			return row->to;
	}
	return ECS_NONE;
}
