/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus_samples_test.c - logs-appliances and logs-ossec: lines of the products that content/decoders
 * claims, and tables. Their own tests tell a rule and a level, no fields: here a line must be read by
 * the format that is claimed, and some must give the fields that can be read off it.
 */
#include "event/corpus_int.h"
#include "event/text.h"

static const struct {
	const char *file;
	const char *mark; /* only lines that hold it; "" is all */
	const char *format;
	unsigned floor;
} files[] = {
	{ "logs-appliances/f5-bigip/wazuh/f5_big_ip.ini", " type process[", "text", 35 },
	{ "logs-appliances/squid/wazuh/squid_rules.ini", "TCP_", "text", 2 },
	{ "logs-appliances/openvpn/wazuh/openvpn_ldap.ini", "log 1", "text", 2 },
	{ "logs-appliances/sophos/wazuh/sophos.ini", "log 1 ", "text", 8 },
	{ "logs-appliances/pfsense/wazuh/pfsense.ini", "filterlog", "text", 2 },
	{ "logs-appliances/dhcp/elastic/test-log.log", "", "csv", 17 },
	{ "logs-appliances/symantec/elastic/test-agent-risk.log", "", "text", 1 },
	{ "logs-ossec/tests/sshd.ini", "log ", "text", 31 },
	{ "logs-ossec/tests/su.ini", "log ", "text", 6 },
	{ "logs-ossec/tests/dovecot.ini", "log ", "text", 15 },
	{ "logs-ossec/tests/postfix.ini", "log ", "text", 4 },
	{ "logs-ossec/tests/exim.ini", "log ", "text", 5 },
	{ "logs-ossec/tests/vsftpd.ini", "log ", "text", 4 },
	{ "logs-ossec/tests/doas.ini", "log ", "text", 4 },
	{ "logs-ossec/log-entries/sshd", "", "text", 345 },
	{ "logs-ossec/log-entries/proftpd", "", "text", 40 },
	{ "logs-ossec/log-entries/imapd", "", "text", 1126 },
	{ "logs-appliances/exchange/elastic/test-messagetracking.log", "", "csv", 6 },
	{ "logs-appliances/paloalto/wazuh/paloalto.ini", "log ", "csv", 11 },
	{ "timeline-plaso/test_data/Symantec.Log", "", "csv", 8 },
	{ "logs-appliances/cisco/wazuh/cisco_asa.ini", "log ", "text", 88 },
	{ "logs-appliances/cisco/wazuh/cisco_ios.ini", "log ", "text", 16 },
	{ "logs-appliances/checkpoint/wazuh/checkpoint_smart1.ini", "log ", "kv", 17 },
	{ "logs-appliances/firewall-other/wazuh/SonicWall.ini", "log ", "kv", 11 },
	{ "logs-appliances/firewall-other/wazuh/junos.ini", "log ", "syslog", 3 },
	{ "logs-appliances/fortinet-other/wazuh/fortiauth.ini", "log ", "kv", 4 },
	{ "logs-appliances/fortinet-other/wazuh/fortimail.ini", "log ", "kv", 6 },
	{ "logs-appliances/eset/wazuh/eset.ini", "log ", "json", 8 },
	{ "logs-appliances/office365/wazuh/office365.ini", "log 1 pass", "json", 128 },
	{ "timeline-plaso/test_data/AccessProtectionLog.txt", "", "csv", 14 },
};

/* The first line of the file that holds the words, and a field it must give. */
static const struct {
	const char *file, *words, *field;
	struct str val;
} facts[] = {
	{ "logs-appliances/squid/wazuh/squid_rules.ini", "/407", "source.ip",
	  STR("192.168.1.210") },
	{ "logs-appliances/squid/wazuh/squid_rules.ini", "/407", "user.name", STR("oahmet") },
	{ "logs-appliances/f5-bigip/wazuh/f5_big_ip.ini", "01010343", "destination.ip",
	  STR("1.1.1.1") },
	{ "logs-appliances/dhcp/elastic/test-log.log", "192.0.2.10", "source.ip",
	  STR("192.0.2.10") },
	{ "logs-appliances/dhcp/elastic/test-log.log", "192.0.2.10", "event.action",
	  STR("Assign") },
	{ "logs-appliances/exchange/elastic/test-messagetracking.log", "HAREDIRECTFAIL",
	  "event.action", STR("HAREDIRECTFAIL") },
	{ "logs-appliances/exchange/elastic/test-messagetracking.log", "backup successful",
	  "email.subject", STR("vzdump backup status (host01.my.domain.com): backup successful") },
	{ "logs-appliances/exchange/elastic/test-messagetracking.log", "backup successful",
	  "source.ip", STR("10.11.12.13") },
	{ "logs-appliances/paloalto/wazuh/paloalto.ini", "THREAT,vulnerability", "rule.name",
	  STR("DCS-2530L Unauthenticated Information Disclosure Vulnerability(90255)") },
	{ "logs-appliances/paloalto/wazuh/paloalto.ini", "THREAT,vulnerability", "event.outcome",
	  STR("failure") },
	{ "logs-appliances/paloalto/wazuh/paloalto.ini", "THREAT,vulnerability",
	  "destination.nat.ip", STR("10.20.0.19") },
	{ "logs-appliances/paloalto/wazuh/paloalto.ini", "policy-deny", "destination.port",
	  STR("500") },
	{ "logs-appliances/paloalto/wazuh/paloalto.ini", "policy-deny", "observer.name",
	  STR("P1A-GWLB-CORE-FW01") },
	{ "logs-appliances/cisco/wazuh/cisco_asa.ini", "ASA-2-106001", "source.ip",
	  STR("111.93.241.59") },
	{ "logs-appliances/cisco/wazuh/cisco_asa.ini", "ASA-2-106001", "event.outcome",
	  STR("failure") },
	{ "logs-appliances/cisco/wazuh/cisco_asa.ini", "ASA-6-302013", "destination.ip",
	  STR("10.1.2.1") },
	{ "logs-appliances/cisco/wazuh/cisco_asa.ini", "ASA-6-302013", "source.ip",
	  STR("10.1.1.2") },
	{ "logs-appliances/cisco/wazuh/cisco_asa.ini", "ASA-6-605004", "user.name", STR("root") },
	{ "logs-appliances/cisco/wazuh/cisco_asa.ini", "ASA-5-111010", "process.command_line",
	  STR("terminal pager 0") },
	{ "logs-appliances/cisco/wazuh/cisco_asa.ini", "ASA-6-305011", "source.nat.ip",
	  STR("193.17.116.1") },
	{ "logs-appliances/cisco/wazuh/cisco_ios.ini", "list 102 denied", "rule.name", STR("102") },
	{ "logs-appliances/cisco/wazuh/cisco_ios.ini", "list 102 denied", "destination.port",
	  STR("139") },
	{ "logs-appliances/checkpoint/wazuh/checkpoint_smart1.ini", "CleanUp Rule", "rule.name",
	  STR("CleanUp Rule") },
	{ "logs-appliances/checkpoint/wazuh/checkpoint_smart1.ini", "CleanUp Rule",
	  "destination.port", STR("1514") },
	{ "logs-appliances/checkpoint/wazuh/checkpoint_smart1.ini", "CleanUp Rule", "event.outcome",
	  STR("failure") },
	{ "logs-appliances/checkpoint/wazuh/checkpoint_smart1.ini", "CleanUp Rule",
	  "network.transport", STR("udp") },
	{ "logs-appliances/firewall-other/wazuh/SonicWall.ini", "login denied", "event.outcome",
	  STR("failure") },
	{ "logs-appliances/firewall-other/wazuh/SonicWall.ini", "login denied", "event.code",
	  STR("30") },
	{ "logs-appliances/firewall-other/wazuh/junos.ini", "RT_FLOW_SESSION_DENY",
	  "destination.port", STR("8010") },
	{ "logs-appliances/firewall-other/wazuh/junos.ini", "RT_FLOW_SESSION_DENY", "event.outcome",
	  STR("failure") },
	{ "logs-appliances/firewall-other/wazuh/junos.ini", "RT_FLOW_SESSION_DENY", "rule.name",
	  STR("Local-Default-Deny") },
	{ "logs-appliances/fortinet-other/wazuh/fortimail.ini", "EICAR_TEST_FILE", "event.action",
	  STR("malware_found") },
	{ "logs-appliances/fortinet-other/wazuh/fortimail.ini", "client_ip=\"11", "source.ip",
	  STR("11.22.33.44") },
	{ "logs-appliances/fortinet-other/wazuh/fortiauth.ini", "status=\"Failed", "event.outcome",
	  STR("failure") },
	{ "logs-appliances/eset/wazuh/eset.ini", "Threat_Event", "event.outcome", STR("success") },
	{ "logs-appliances/eset/wazuh/eset.ini", "Threat_Event", "event.action",
	  STR("Login attempt") },
	{ "logs-appliances/office365/wazuh/office365.ini", "\"ExchangeAdmin", "event.provider",
	  STR("ExchangeAdmin") },
	{ "logs-ossec/tests/su.ini", "changing from", "user.target.name", STR("root") },
	{ "logs-ossec/tests/dovecot.ini", "Aborted login: user", "source.ip", STR("1.2.3.4") },
	{ "logs-ossec/tests/sshd.ini", "Failed to create session", "event.outcome",
	  STR("failure") },
	{ "logs-ossec/log-entries/proftpd", "name/address mismatch", "source.ip",
	  STR("216.117.134.168") },
	{ "logs-ossec/log-entries/imapd", "ceopenedo4 host", "source.domain",
	  STR("bahiana.resenet.com.br") },
	{ "timeline-plaso/test_data/Symantec.Log", "Changeup!gen33", "threat.name",
	  STR("W32.Changeup!gen33") },
	{ "timeline-plaso/test_data/Symantec.Log", "Changeup!gen33", "host.name",
	  STR("SQLZZSERVEDD") },
	{ "timeline-plaso/test_data/AccessProtectionLog.txt", "2:42:39 PM", "rule.name",
	  STR("Common Standard Protection:Prevent termination of McAfee processes") },
	{ "timeline-plaso/test_data/AccessProtectionLog.txt", "2:42:39 PM", "user.name",
	  STR("someUser") },
	{ "logs-appliances/symantec/elastic/test-agent-risk.log", "risk", "threat.name",
	  STR("WS.Reputation.1") },
	{ "logs-appliances/symantec/elastic/test-agent-risk.log", "risk", "host.name",
	  STR("exampleComputer") },
	{ "logs-appliances/symantec/elastic/test-agent-risk.log", "risk", "file.path",
	  STR("e:\\removablemediaaccessutility.exe") },
	{ "logs-appliances/sophos/wazuh/sophos.ini", "has stopped on-access", "event.action",
	  STR("protection_off") },
	{ "logs-appliances/sophos/wazuh/sophos.ini", "<msg>NOTIFY_ON", "file.path",
	  STR("path_file") },
	{ "logs-appliances/pfsense/wazuh/pfsense.ini", "block,in", "destination.ip",
	  STR("10.9.0.255") },
};

/* An .ini holds "log N pass = LINE". */
static struct str sample(struct str line)
{
	size_t eq = str_starts(line, STR("log ")) ? str_find(line, STR(" = ")) : line.n;

	return eq < line.n && eq < 20 ? str_skip(line, eq + 3) : line;
}

static void all_files(struct reader *r)
{
	for (size_t i = 0; i < COUNT(files); i++) {
		struct arena a = corpus_whole;
		struct str rest = corpus_file(&a, files[i].file), line;
		unsigned lines = 0, good = 0;

		if (str_starts(rest, STR("\xef\xbb\xbf")))
			rest = str_skip(rest, 3);
		while (str_line(&rest, &line)) {
			struct arena scratch = a;
			struct event ev;

			if (str_trim(line).n == 0 ||
			    (files[i].mark[0] != '\0' &&
			     str_find(line, str_of(files[i].mark)) == line.n))
				continue;
			reader_read(r, &scratch, sample(line), &ev);
			lines++;
			good += ev.format == format_find(str_of(files[i].format));
		}
		printf("%s: %u lines, %u passed, %u failed\n", files[i].file, lines, good,
		       lines - good);
		CHECK(files[i].file, lines > 0 && good >= files[i].floor);
	}
}

static void all_facts(struct reader *r)
{
	for (size_t i = 0; i < COUNT(facts); i++) {
		struct arena a = corpus_whole;
		struct str rest = corpus_file(&a, facts[i].file), line = { NULL, 0 };
		struct event ev;

		while (str_line(&rest, &line) && str_find(line, str_of(facts[i].words)) == line.n)
			;
		reader_read(r, &a, sample(line), &ev);
		corpus_check(facts[i].words, &ev, facts[i].field, facts[i].val);
	}
}

int main(void)
{
	const char *source = getenv("CANH_SOURCE");
	struct read_ctx ctx = { .now = INT64_C(1773118800000000) };
	struct decoders *d;
	struct reader *r;
	char path[4096];

	snprintf(path, sizeof path, "%s/content/decoders", source == NULL ? "." : source);
	d = decoders_load(path, NULL);
	CHECK("content/decoders", d != NULL);
	ctx.decoders = d;
	r = reader_new(&ctx);
	if (corpus_open("logs-appliances, logs-ossec")) {
		all_files(r);
		all_facts(r);
		corpus_close();
	}
	reader_free(r);
	decoders_free(d);
	return TEST_REPORT();
}
