/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv_test.c - rows of known logs, rows behind header lines in two languages, cells over lines; what is
 * no table stays what it is.
 */
#include "event/cells.h"
#include "event/csv_int.h"

#include "base/test.h"
#include "event/formats.h"
#include "event/stamp.h"

/* Fed line by line to one reader: "name=value|!name" of the last record, which must be of `format`. */
/* clang-format off */
static const struct {
	const char *name, *text, *format, *time, *want;
} cases[] = {
	{ "DHCP lease", "10,03/09/26,22:14:15,Assign,192.0.2.10,pc1.example.vn,0242AC110002,,1,0,,,,,MSFT 5.0,,,,0", "csv",
	  "2026-03-09T15:14:15.000000Z",
	  "ID=10|Description=Assign|IP Address=192.0.2.10|event.code=10|event.action=Assign|source.ip=192.0.2.10|"
	  "source.domain=pc1.example.vn|source.mac=0242AC110002|observer.product=DHCP Server|DnsRegError=0|!User Name" },
	{ "DHCPv6", "11004,03/09/26,22:14:15,DHCPV6 Solicit,2001:db8::5,pc1,,14,00010001,,,", "csv",
	  "2026-03-09T15:14:15.000000Z", "event.code=11004|source.ip=2001:db8::5|source.domain=pc1" },
	{ "DHCP failed", "31,03/09/26,22:14:15,DNS Update Failed,192.0.2.10,pc1,,,0,6,,,,,,,,,10054", "csv",
	  "2026-03-09T15:14:15.000000Z", "event.outcome=failure" },
	{ "DHCP by syslog", "<30>Mar  9 22:14:20 dc1 dhcp: 10,03/09/26,22:14:15,Assign,192.0.2.10,pc1,0242AC110002,", "csv",
	  "2026-03-09T15:14:15.000000Z", "host.name=dc1|source.ip=192.0.2.10" },
	{ "message tracking",
	  "2026-03-09T15:14:15.123Z,203.0.113.5,mx.example.com,192.0.2.2,mail1,x;y,conn,SMTP,RECEIVE,1,<a@b>,guid,an@example.vn,,100,1,,,\"Hello, \"\"you\"\"\",x@example.com,x@example.com,,Incoming,,203.0.113.9,192.0.2.2,S:a=b,Email,id,15",
	  "csv", "2026-03-09T15:14:15.123000Z",
	  "event-id=RECEIVE|event.action=RECEIVE|email.from.address=x@example.com|email.to.address=an@example.vn|"
	  "email.subject=Hello, \"you\"|source.ip=203.0.113.5|source.ip=203.0.113.9|host.name=mail1|destination.ip=192.0.2.2" },
	{ "PAN-OS traffic",
	  "<14>Mar  9 22:14:20 fw1 1,2026/03/09 22:14:16,001,TRAFFIC,end,2049,2026/03/09 22:14:15,10.1.2.3,203.0.113.5,198.51.100.7,203.0.113.5,allow-web,corp\\an,,ssl,vsys1,trust,untrust,eth1,eth2,fwd,2026/03/09 22:14:15,77,1,50000,443,61000,443,0x400000,tcp,allow,5000,1000,4000,20,2026/03/09 22:14:00,15,any,,1,0x0,VN,US,,10,10,tcp-fin,0,0,0,0,,fw1,from-policy",
	  "csv", "2026-03-09T15:14:15.000000Z",
	  "src=10.1.2.3|source.ip=10.1.2.3|destination.ip=203.0.113.5|source.nat.ip=198.51.100.7|user.name=an|user.domain=corp|"
	  "destination.port=443|network.transport=tcp|event.action=allow|event.outcome=success|network.direction=outbound|"
	  "observer.name=fw1|rule.name=allow-web|observer.vendor=Palo Alto Networks|source.bytes=1000|host.name=fw1" },
	{ "PAN-OS virus",
	  "1,2026/03/09 22:14:16,001,THREAT,virus,2049,2026/03/09 22:14:15,203.0.113.5,10.1.2.3,,,r,,,web-browsing,vsys1,u,t,e1,e2,f,x,1,1,80,50000,0,0,0x0,tcp,reset-both,\"a,b.exe\",Eicar(100000),any,medium,server-to-client",
	  "csv", "2026-03-09T15:14:15.000000Z",
	  "threat.name=Eicar(100000)|file.path=a,b.exe|event.outcome=failure|log.level=medium|network.direction=inbound|event.category=THREAT" },
	{ "PAN-OS URL",
	  "1,2026/03/09 22:14:16,001,THREAT,url,2049,2026/03/09 22:14:15,10.1.2.3,203.0.113.5,,,r,,,web-browsing,vsys1,u,t,e1,e2,f,x,1,1,80,50000,0,0,0x0,tcp,block-url,\"example.com/x\",(9999),malware,informational,client-to-server",
	  "csv", "2026-03-09T15:14:15.000000Z", "url.full=example.com/x|event.outcome=failure|!threat.name" },
	{ "PAN-OS system", "1,2026/03/09 22:14:16,001,SYSTEM,auth,0,2026/03/09 22:14:15,,auth-fail,p,0,0,general,medium,\"failed authentication for user 'an'. From: 203.0.113.5.\",1,0x0,0,0,0,0,,fw1",
	  "csv", "2026-03-09T15:14:15.000000Z", "event.action=auth-fail|event.outcome=failure|observer.name=fw1" },
	{ "PAN-OS GlobalProtect", "1,2026/03/09 22:14:16,001,GLOBALPROTECT,0,2561,2026/03/09 22:14:15,vsys1,gateway-auth,login,LDAP,,an,VN,PC1,203.0.113.5,0.0.0.0,0.0.0.0,0.0.0.0,id,,6.0,Windows,10,1,,,,failure,,0,,0,portal",
	  "csv", "2026-03-09T15:14:15.000000Z", "user.name=an|source.ip=203.0.113.5|source.domain=PC1|event.action=gateway-auth|event.outcome=failure" },
	{ "Symantec client", "380209160E0F,5,1,2,PC1,an,Eicar,C:\\x\\eicar.com,5,3,1,256,0,\"\",0,,0,,0,1,0,1", "csv",
	  "2026-03-09T15:14:15.000000Z", "host.name=PC1|threat.name=Eicar|file.path=C:\\x\\eicar.com|event.category=malware" },
	{ "OfficeScan virus", "20260309<;>2214<;>Eicar_test_1<;>10<;>1<;>0<;>C:\\temp\\<;>eicar.com<;><;>1773069255<;><;>", "csv",
	  "2026-03-09T15:14:15.000000Z", "threat.name=Eicar_test_1|file.path=C:\\temp\\|filename=eicar.com" },
	{ "OfficeScan virus without seconds", "20260309<;>914<;>Eicar_test_1<;>10<;>1<;>0<;>C:\\temp\\<;>eicar.com<;>", "csv",
	  "2026-03-09T02:14:00.000000Z", "threat.name=Eicar_test_1" },
	{ "OfficeScan URL", "20260309<;>2214<;>1<;>http://example.com/x<;>4E<;>Malware Accomplice<;>1<;>1<;>C:\\wget.exe<;>49<;><;>0<;>1773069255<;>", "csv",
	  "2026-03-09T15:14:15.000000Z", "url.full=http://example.com/x|process.executable=C:\\wget.exe|rule.name=Malware Accomplice" },
	{ "McAfee access protection", "3/9/2026\t10:14:15 PM\tBlocked by Access Protection rule\tCORP\\an\tC:\\x.exe\tC:\\y.exe\tRule:Name\tAction blocked : Terminate", "csv",
	  "2026-03-09T15:14:15.000000Z", "user.name=an|user.domain=CORP|process.executable=C:\\x.exe|rule.name=Rule:Name" },
	{ "Snare",
	  "<14>Mar  9 22:14:20 pc1 MSWinEventLog\t1\tSecurity\t77\tMon Mar 09 22:14:15 2026\t4625\tMicrosoft-Windows-Security-Auditing\tCORP\\an\tN/A\tFailure Audit\tPC1.corp.vn\tLogon\t\tAn account failed to log on.    Subject:   Security ID:  S-1-0-0   Account Name:  -   Logon ID:  0x0    Logon Type:   3    Account For Which Logon Failed:   Security ID:  S-1-0-0   Account Name:  an   Account Domain:  CORP    Failure Information:   Failure Reason:  Unknown user name or bad password.   Status:   0xC000006D   Sub Status:  0xC000006A    Network Information:   Workstation Name: KALI   Source Network Address: 203.0.113.5   Source Port:  50000\t5",
	  "csv", "2026-03-09T15:14:15.000000Z",
	  "EventID=4625|Channel=Security|Provider_Name=Microsoft-Windows-Security-Auditing|TargetUserName=an|LogonType=3|"
	  "IpAddress=203.0.113.5|SubStatus=0xC000006A|user.name=an|source.ip=203.0.113.5|event.outcome=failure|"
	  "host.name=PC1.corp.vn|event.code=4625|winlog.channel=Security|WorkstationName=KALI" },
	{ "Snare as rsyslog escapes it",
	  "<14>Mar  9 22:14:20 pc1 MSWinEventLog#0111#011Security#01177#011Mon Mar 09 22:14:15 2026#0111102#011Microsoft-Windows-Eventlog#011an#011N/A#011Information#011PC1#011Log clear#011#011The audit log was cleared.  Subject:  Security ID: S-1-5-21  Account Name: an  Domain Name: CORP#0115",
	  "csv", "2026-03-09T15:14:15.000000Z", "EventID=1102|SubjectUserName=an|user.name=an|host.name=PC1" },
	{ "the Event Viewer, a cell over lines",
	  "Level,Date and Time,Source,Event ID,Task Category\n"
	  "Audit Failure,3/9/2026 10:14:15 PM,Microsoft-Windows-Security-Auditing,4625,Logon,\"An account failed to log on.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tS-1-0-0\r\n\tAccount Name:\t\t-\r\n\r\nLogon Type:\t\t\t3\r\n\r\nAccount For Which Logon Failed:\r\n\tAccount Name:\t\tan \"\"x\"\"\r\n\tAccount Domain:\t\tCORP\r\n\r\nNetwork Information:\r\n\tSource Network Address:\t203.0.113.5\r\n\tSource Port:\t\t50000\r\n\"\n",
	  "csv", "2026-03-09T15:14:15.000000Z",
	  "EventID=4625|Channel=Security|Provider_Name=Microsoft-Windows-Security-Auditing|TargetUserName=an \"x\"|LogonType=3|"
	  "IpAddress=203.0.113.5|event.outcome=failure|user.name=an \"x\"" },
	{ "Get-WinEvent of Sysmon",
	  "\"Message\",\"Id\",\"ProviderName\",\"LogName\",\"MachineName\",\"TimeCreated\"\n"
	  "\"Process Create:\nRuleName: -\nUtcTime: 2026-03-09 15:14:15.000\nImage: C:\\x.exe\nCommandLine: x.exe  -y\nUser: CORP\\an\",\"1\",\"Microsoft-Windows-Sysmon\",\"Microsoft-Windows-Sysmon/Operational\",\"PC1\",\"09/03/2026 10:14:15 CH\"\n",
	  "csv", "2026-03-09T15:14:15.000000Z",
	  "EventID=1|Channel=Microsoft-Windows-Sysmon/Operational|Image=C:\\x.exe|CommandLine=x.exe  -y|process.executable=C:\\x.exe|user.name=an|Computer=PC1|host.name=PC1" },
	{ "Kaspersky, tabs",
	  "Event type\tApplication\tUser\tComponent\tResult\tObject\tObject name\tDevice\tIP address\tTime\n"
	  "Malicious object detected\tKaspersky Endpoint Security\tCORP\\an\tFile Threat Protection\tDeleted\tTrojan.Win32.X\tC:\\x\\y.exe\tPC1\t10.1.2.3\t09.03.2026 22:14:15\n",
	  "csv", "2026-03-09T15:14:15.000000Z", "event.action=Malicious object detected|host.name=PC1|host.ip=10.1.2.3|user.name=an|file.path=C:\\x\\y.exe|Component=File Threat Protection" },
	{ "ESET, semicolons",
	  "Time;Scanner;Object type;Object;Detection;Action;User;Information;Hash;First seen here\n"
	  "3/9/2026 10:14:15 PM;Real-time file system protection;file;C:\\x\\y.exe;Win32/Agent.X trojan;cleaned by deleting;CORP\\an;Event occurred on a new file;DA39A3EE5E6B4B0D3255BFEF95601890AFD80709;3/9/2026\n",
	  "csv", "2026-03-09T15:14:15.000000Z", "threat.name=Win32/Agent.X trojan|file.path=C:\\x\\y.exe|user.name=an|event.outcome=failure|"
	  "file.hash.sha1=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709|event.category=malware" },
	{ "Trend Micro Apex Central",
	  "\"Received\",\"Generated\",\"Product Entity/Endpoint\",\"Product\",\"Virus/Malware\",\"Endpoint\",\"Source Host\",\"User\",\"Result\",\"Action\",\"File\"\n"
	  "\"2026-03-09 22:20:00\",\"2026-03-09 22:14:15\",\"srv\",\"Apex One\",\"Eicar\",\"PC1\",\"203.0.113.5\",\"an\",\"successful\",\"File quarantined\",\"y.exe\"\n",
	  "csv", "2026-03-09T15:14:15.000000Z", "threat.name=Eicar|host.name=PC1|source.ip=203.0.113.5|user.name=an|file.path=y.exe" },
	{ "Symantec console",
	  "Event Time,Computer Name,IP Address,User Name,Risk Name,File Path,Actual Action\n"
	  "2026-03-09 22:14:15,PC1,10.1.2.3,an,Trojan.Gen,\"C:\\a, b\\y.exe\",Left alone\n",
	  "csv", "2026-03-09T15:14:15.000000Z", "host.name=PC1|host.ip=10.1.2.3|threat.name=Trojan.Gen|file.path=C:\\a, b\\y.exe|event.outcome=success" },
	{ "Vietnamese header",
	  "STT;Thời gian;Tên máy;Địa chỉ IP;Người dùng;Tên mã độc;Đường dẫn;Kết quả xử lý\n"
	  "1;09/03/2026 22:14:15;KT-PC1;10.1.2.3;an;Trojan.X;C:\\x.exe;Đã xóa\n",
	  "csv", "2026-03-09T15:14:15.000000Z", "host.name=KT-PC1|host.ip=10.1.2.3|user.name=an|threat.name=Trojan.X|file.path=C:\\x.exe|event.outcome=failure|STT=1" },
	{ "Vietnamese header, no machine, clock first",
	  "Thời điểm,IP nguồn,IP đích,Cổng đích,Hành động\n22:14:15 09/03/2026,203.0.113.5,10.1.2.3,445,deny\n",
	  "csv", "2026-03-09T15:14:15.000000Z", "source.ip=203.0.113.5|destination.ip=10.1.2.3|destination.port=445|event.outcome=failure|network.direction=inbound" },
	{ "decomposed marks, upper case",
	  "THO\xcc\x9b\xcc\x80I GIAN,TE\xcc\x82N MA\xcc\x81Y,DIA CHI IP\n2026-03-09 22:14,PC1,10.1.2.3\n",
	  "csv", "2026-03-09T15:14:00.000000Z", "host.name=PC1|host.ip=10.1.2.3" },
	{ "date and time apart, zone told", "Date,Time,Timezone,Host,Message\n03/09/2026,15:14:15,UTC,pc1,x\n", "csv",
	  "2026-03-09T15:14:15.000000Z", "host.name=pc1|message=x" },
	{ "zone in the name", "Time (UTC+07:00),Source IP\n2026-03-09 22:14:15,203.0.113.5\n", "csv", "2026-03-09T15:14:15.000000Z", "source.ip=203.0.113.5" },
	{ "a new header takes the place of the old", "Time,Host,User\n2026-03-09 22:14:14,a,b\nTime,User,Host\n2026-03-09 22:14:15,an,pc1\n", "csv",
	  "2026-03-09T15:14:15.000000Z", "user.name=an|host.name=pc1" },
	{ "a known log between rows", "Time,Host,User\n10,03/09/26,22:14:15,Assign,192.0.2.10,pc1,0242AC110002,\n", "csv",
	  "2026-03-09T15:14:15.000000Z", "source.ip=192.0.2.10" },
	{ "not as many columns", "Time,Host,User,Action\n2026-03-09 22:14:15 hello, there\n", "syslog", "2026-03-09T15:14:15.000000Z", "" },
	{ "text with commas is no header", "user logged in, host unknown, time not told", "unparsed", NULL, "" },
	{ "a header in syslog is none", "<14>Mar  9 22:14:15 h x: Time,Host,User\n", "syslog", "2026-03-09T15:14:15.000000Z", "!header" },
	{ "names alone do not make one", "alpha,beta,gamma\n1,2,3\n", "unparsed", NULL, "" },
	{ "JSON among rows", "Time,Host,User\n{\"a\":1,\"b\":2,\"c\":3}\n", "json", NULL, "a=1" },
};
/* clang-format on */

static struct str value(const struct event *ev, struct str name, struct str val)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (str_eq(ev->fields[i].name, name) &&
		    (val.p == NULL || str_eq(ev->fields[i].val, val)))
			return ev->fields[i].val;
	return (struct str){ NULL, 0 };
}

static void check_wants(const char *name, const struct event *ev, struct str wants)
{
	struct str one;

	while (wants.n > 0 && str_split(&wants, '|', &one)) {
		bool not = one.p[0] == '!';
		size_t eq = str_find_char(one, '=');
		struct str key = not ? str_skip(one, 1) : str_sub(one, 0, eq);
		struct str val = not ? (struct str){ NULL, 0 } : str_skip(one, eq + 1);

		if (CHECK(name, (value(ev, key, val).p != NULL) != not ))
			continue;
		printf("  wanted %.*s\n", STR_ARG(one));
		for (uint32_t i = 0; i < ev->n_fields; i++)
			printf("    %.*s = %.*s\n", STR_ARG(ev->fields[i].name),
			       STR_ARG(ev->fields[i].val));
	}
}

static void check_case(struct arena whole, size_t i)
{
	struct read_ctx ctx = { .now = INT64_C(1773118800000000) };
	struct reader *r = reader_new(&ctx);
	struct str rest = str_of(cases[i].text), record;
	struct event ev = { 0 };
	struct arena a = whole;
	char text[TIME_TEXT_MAX];
	bool cut;

	while (records_next(&rest, true, &record, &cut)) {
		a = whole;
		reader_read(r, &a, record, &ev);
	}
	if (!CHECK(cases[i].name, strcmp(formats[ev.format].name, cases[i].format) == 0))
		printf("  is %s\n", formats[ev.format].name);
	CHECK(cases[i].name, ev.time_told == (cases[i].time != NULL) && !ev.partial && !ev.header);
	if (cases[i].time != NULL &&
	    !CHECK(cases[i].name, strcmp(time_rfc3339(ev.time, text), cases[i].time) == 0))
		printf("  time is %s\n", text);
	check_wants(cases[i].name, &ev, str_of(cases[i].want));
	/* no room at all is a partial event, never a crash */
	reader_read(r, &(struct arena){ whole.beg, whole.beg }, record, &ev);
	CHECK(cases[i].name, ev.n_fields == 0);
	reader_free(r);
}

/* Forced to csv a source's first line is the header, whatever it says. */
static void check_forced(struct arena whole)
{
	struct read_ctx ctx = { .now = INT64_C(1773118800000000),
				.format = format_find(STR("csv")) };
	struct reader *r = reader_new(&ctx);
	struct arena a = whole;
	struct event ev;

	reader_read(r, &a, STR("alpha|beta|gamma"), &ev);
	CHECK("forced header", ev.header && ev.format == ctx.format);
	reader_read(r, &a, STR("1|2|3"), &ev);
	CHECK("forced row", str_eq(value(&ev, STR("beta"), STR("2")), STR("2")));
	reader_read(r, &a, STR("1|2|3|4|5"), &ev);
	CHECK("more cells",
	      str_eq(value(&ev, STR("more"), STR("4")), STR("4")) && ev.format == ctx.format);
	reader_read(r, &a, STR("no cells"), &ev);
	CHECK("one cell", str_eq(value(&ev, STR("alpha"), STR("no cells")), STR("no cells")));
	reader_free(r);
}

static const struct {
	const char *name, *text;
	size_t end; /* 0: no record over lines */
} spans[] = {
	{ "a cell over lines", "a,b,\"c\nd\"\nx", 9 },
	{ "with cells behind", "a,b,\"c\n\nd\",e\r\nx", 13 },
	{ "semicolons", "a;b;\"c\nd\";\"e\nf\"\nx", 15 },
	{ "doubled quotes", "a,b,\"c\"\"\nd\"\"\"\nx", 13 },
	{ "every cell in quotes", "\"a\nb\",\"c\",\"d\"\nx", 13 },
	{ "one cell in quotes", "\"a\nb\",c\nx", 0 },
	{ "one cell before it", "a,\"c\nd\"\nx", 0 },
	{ "never closed", "a,b,\"c\nd\nx", 0 },
	{ "a quote inside a cell", "a,b,c\"d\ne\"\nx", 0 },
	{ "the next line begins as this one",
	  "2026-03-09 22:14:15 a,b,\"c\n2026-03-09 22:14:16 d\"\n", 0 },
	{ "the next row begins with the same cell", "Error,b,\"c\nError,d,\"e\n", 0 },
	{ "syslog", "Mar  9 22:14:15 h x: a,b,\"c\nd\"\n", 0 },
	{ "a syslog line inside", "a,b,\"c\nMar  9 22:14:15 h x: d\"\n", 0 },
	{ "with priority", "<34>a,b,\"c\nd\"\n", 0 },
	{ "even quotes", "a,b,\"c\" \"d\ne\n", 0 },
};

static void check_spans(void)
{
	for (size_t i = 0; i < COUNT(spans); i++) {
		struct str text = str_of(spans[i].text);
		size_t end = 0;
		enum cells_extent is = cells_extent(text, true, &end);

		CHECK(spans[i].name, (is == CELLS_WHOLE) == (spans[i].end > 0));
		if (!CHECK(spans[i].name, end == spans[i].end))
			printf("  ends at %zu\n", end);
		/* with less of it: wait, or the line is one; never another end */
		for (size_t n = 0; n < text.n; n++) {
			is = cells_extent(str_sub(text, 0, n), false, &end);
			CHECK(spans[i].name, is != CELLS_WHOLE || end == spans[i].end);
			CHECK(spans[i].name, n <= str_find_char(text, '\n') || n > spans[i].end ||
						     is == CELLS_MORE);
		}
	}
}

static void check_names(struct arena a)
{
	for (size_t i = 0; i < csv_names_n; i++) {
		struct arena b = a;

		if (!CHECK("folded", str_eq(csv_fold(&b, csv_names[i].name), csv_names[i].name)))
			printf("  %.*s\n", STR_ARG(csv_names[i].name));
		for (size_t k = 0; k < i; k++)
			if (!CHECK("once", !str_eq(csv_names[i].name, csv_names[k].name)))
				printf("  %.*s\n", STR_ARG(csv_names[i].name));
	}
}

static const struct {
	const char *text, *want; /* NULL: no time */
	bool us;
} times[] = {
	{ "9/3/2026 10:14:15 PM", "2026-03-09T22:14:15.000000Z", true },
	{ "3/9/2026 10:14:15 PM", "2026-03-09T22:14:15.000000Z", false },
	{ "09/03/2026 22:14:15", "2026-03-09T22:14:15.000000Z", false },
	{ "03/09/2026 22:14:15", "2026-03-09T22:14:15.000000Z", true },
	{ "25/12/2025 22:14", "2025-12-25T22:14:00.000000Z", true },
	{ "12/25/2025 22:14", "2025-12-25T22:14:00.000000Z", false },
	{ "09/12/2025 00:00:00.5", "2025-12-09T00:00:00.500000Z", false },
	{ "09.03.2026 22:14:15", "2026-03-09T22:14:15.000000Z", false },
	{ "22:14:15 09-03-2026", "2026-03-09T22:14:15.000000Z", false },
	{ "09/03/2026 10:14:15 CH", "2026-03-09T22:14:15.000000Z", false },
	{ "09/03/2026 12:14:15 SA", "2026-03-09T00:14:15.000000Z", false },
	{ "2026/3/9, 22:14", "2026-03-09T22:14:00.000000Z", false },
	{ "03/09/26 22:14:15", "2026-03-09T22:14:15.000000Z", true },
	{ "31/02/2026 22:14:15", NULL, false },
	{ "9/3/2026", NULL, false },
	{ "9/3/2026 13:14 PM", NULL, false },
	{ "9/3/2026 22:14:15 x", NULL, false },
	{ "1/2/3/2026 22:14:15", NULL, false },
	{ "10.1.2.3 22:14:15", NULL, false },
};

static void check_times(void)
{
	struct stamp_at at = { NULL, INT64_C(1773118800000000) };

	for (size_t i = 0; i < COUNT(times); i++) {
		char text[TIME_TEXT_MAX];
		int64_t t = 0;
		bool ok = stamp_slash(str_of(times[i].text), &at, times[i].us, &t);

		CHECK(times[i].text, ok == (times[i].want != NULL));
		if (ok &&
		    !CHECK(times[i].text, times[i].want != NULL && strcmp(time_rfc3339(t, text),
									  times[i].want) == 0))
			printf("  is %s\n", text);
	}
}

int main(void)
{
	struct arena whole;

	if (!CHECK("room", arena_reserve(&whole, (size_t)16 << 20)))
		return TEST_REPORT();
	for (size_t i = 0; i < COUNT(cases); i++)
		check_case(whole, i);
	check_forced(whole);
	check_spans();
	check_names(whole);
	check_times();
	arena_release(whole);
	return TEST_REPORT();
}
