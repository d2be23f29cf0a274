/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_test.c - one line in, one event out: format, time, direction, outcome, fields.
 *
 * Read as a machine in Viet Nam reads on 2026-03-10 with 198.51.100.0/24 as its public range.
 */
#include "event/reader.h"

#include "base/test.h"
#include "event/formats.h"

struct want {
	const char *name, *in;
	const char *format, *time; /* time NULL: not told */
	enum direction dir;
	enum outcome outcome;
	const char *fields[12]; /* "name=value"; "!name": absent; from the third on any run */
};

/* clang-format off */
static const struct want cases[] = {
{ "empty", "", "unparsed", NULL, DIR_UNKNOWN, OUTCOME_UNKNOWN, { "host.name=192.0.2.250" } },
{ "blanks", "   ", "unparsed", NULL, DIR_UNKNOWN, OUTCOME_UNKNOWN, { "message=   " } },
{ "unparsed", "nothing we know", "unparsed", NULL, DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "message=nothing we know", "host.name=192.0.2.250" } },
{ "RFC 5424",
  "<165>1 2026-03-09T22:14:15.003Z web1 app 123 ID47 [ex@32473 iut=\"3\" s=\"a \\\"b\\\" \\] c\"][x@1] \xef\xbb\xbfhello",
  "syslog", "2026-03-09T22:14:15.003000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "hostname=web1", "appname=app", "procid=123", "msgid=ID47", "iut=3", "s=a \"b\" ] c",
    "message=hello", "facility=local4", "severity=notice", "host.name=web1", "process.name=app" } },
{ "RFC 5424 with nothing", "<0>1 - - - - - -", "syslog", NULL, DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "facility=kern", "severity=emergency", "!hostname", "!message" } },
{ "RFC 5424 without structured data", "<34>1 2026-03-09T22:14:15+07:00 h su - - 'su root' failed",
  "syslog", "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "hostname=h", "appname=su", "message='su root' failed" } },
{ "RFC 3164", "<34>Mar  9 22:14:15 mymachine su[7]: 'su root' failed", "syslog",
  "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "hostname=mymachine", "appname=su", "procid=7", "message='su root' failed" } },
{ "no priority, last year", "Dec 31 23:59:59 h cron[1]: x", "syslog", "2025-12-31T16:59:59.000000Z",
  DIR_UNKNOWN, OUTCOME_UNKNOWN, { "message=x" } },
{ "a day ahead is this year", "Mar 11 11:59:59 h cron[1]: x", "syslog",
  "2026-03-11T04:59:59.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN, { "message=x" } },
{ "two days ahead is last year", "Mar 12 12:00:00 h cron[1]: x", "syslog",
  "2025-03-12T05:00:00.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN, { "message=x" } },
{ "leap day", "Feb 29 12:00:00 h cron[1]: x", "syslog", "2024-02-29T05:00:00.000000Z", DIR_UNKNOWN,
  OUTCOME_UNKNOWN, { "message=x" } },
{ "year behind the day", "<166>Mar 09 2026 15:03:06 fw : %ASA-6-302013: Built inbound", "syslog",
  "2026-03-09T08:03:06.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "hostname=fw", "appname=%ASA-6-302013", "message=Built inbound" } },
{ "ASA without host", "<166>Mar 09 2026 15:03:06: %ASA-6-302013: Built inbound", "syslog",
  "2026-03-09T08:03:06.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "!hostname", "appname=%ASA-6-302013", "message=Built inbound" } },
{ "ASA without time", "<166>%ASA-6-302013: Built inbound", "syslog", NULL, DIR_UNKNOWN,
  OUTCOME_UNKNOWN, { "appname=%ASA-6-302013", "message=Built inbound" } },
{ "IOS with sequence, star and zone",
  "<189>29: 000031: *Mar  9 22:14:15.123 UTC: %SYS-5-CONFIG_I: Configured", "syslog",
  "2026-03-09T22:14:15.123000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "appname=%SYS-5-CONFIG_I", "message=Configured" } },
{ "rsyslog file format", "2026-03-09T22:14:15.5+07:00 h systemd[1]: Started x.", "syslog",
  "2026-03-09T15:14:15.500000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "hostname=h", "appname=systemd", "message=Started x." } },
{ "level of macOS", "Mar  9 22:14:15 osx fw[1985] <Info>: Allow", "syslog",
  "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN, { "appname=fw", "message=Allow" } },
{ "an application's own log", "2026-03-09 22:14:15,123 ERROR something broke", "syslog",
  "2026-03-09T15:14:15.123000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "!hostname", "message=ERROR something broke" } },
{ "tag without colon", "<15>2026-03-06T04:07:33.194677+00:00 hostname log_tag this is debug",
  "syslog", "2026-03-06T04:07:33.194677Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "appname=log_tag", "message=log_tag this is debug" } },
{ "repeated", "Mar  9 22:14:15 h last message repeated 3 times", "syslog",
  "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "!appname", "message=last message repeated 3 times" } },
{ "JSON in syslog", "<13>Mar  9 22:14:15 h app: {\"user\":\"an\",\"n\":1}", "json",
  "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "user=an", "n=1", "user.name=an", "host.name=h", "!message" } },
{ "FortiGate traffic with source NAT",
  "<189>date=2026-03-09 time=22:14:15 devname=\"FGT1\" devid=\"FGVM00\" eventtime=1773069255123456789 tz=\"+0700\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" level=\"notice\" vd=\"root\" srcip=10.1.2.3 srcport=51000 srcintfrole=\"lan\" dstip=203.0.113.5 dstport=443 dstintfrole=\"wan\" proto=6 action=\"close\" policyname=\"out\" service=\"HTTPS\" trandisp=\"snat\" transip=198.51.100.7 transport=51001 sentbyte=100 rcvdbyte=200",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_OUT, OUTCOME_ALLOWED,
  { "source.ip=10.1.2.3", "source.port=51000", "source.nat.ip=198.51.100.7", "source.nat.port=51001",
    "destination.ip=203.0.113.5", "destination.port=443", "network.transport=tcp",
    "network.direction=outbound", "event.outcome=success", "host.name=FGT1", "rule.name=out" } },
{ "FortiGate denied from outside",
  "date=2026-03-09 time=22:14:15 devname=\"FGT1\" devid=\"FGVM00\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" srcip=203.0.113.5 srcport=1 dstip=198.51.100.7 dstport=22 proto=6 action=\"deny\" trandisp=\"dnat\" tranip=10.1.2.9 tranport=22 msg=\"a \\\"b\\\" c\"",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_DENIED,
  { "source.ip=203.0.113.5", "destination.ip=198.51.100.7", "destination.nat.ip=10.1.2.9",
    "event.outcome=failure", "msg=a \"b\" c", "!source.nat.ip" } },
{ "FortiGate without NAT",
  "date=2026-03-09 time=22:14:15 devname=\"FGT1\" devid=\"F\" logid=\"1\" type=\"traffic\" srcip=10.1.2.3 dstip=10.1.2.4 action=\"accept\" trandisp=\"noop\" transip=0.0.0.0",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_INSIDE, OUTCOME_ALLOWED,
  { "!source.nat.ip", "network.direction=internal" } },
{ "FortiGate virus",
  "date=2026-03-09 time=22:14:15 devname=\"FGT1\" devid=\"F\" logid=\"0211008192\" type=\"utm\" subtype=\"virus\" srcip=203.0.113.5 dstip=10.1.2.4 action=\"blocked\" filename=\"x.exe\" virus=\"W32/Test\" url=\"http://example.com/x.exe\" filehash=\"d41d8cd98f00b204e9800998ecf8427e\"",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_DENIED,
  { "threat.name=W32/Test", "file.path=x.exe", "file.hash.md5=d41d8cd98f00b204e9800998ecf8427e" } },
{ "FortiGate administrator",
  "2026-03-09T15:14:15.976660+00:00 192.168.2.1 date=2026-03-09 time=22:14:15 devname=\"FGT1\" devid=\"F\" tz=\"+0700\" logid=\"0100032002\" type=\"event\" subtype=\"system\" user=\"admin\" ui=\"https(172.16.1.2)\" action=\"login\" status=\"failed\" msg=\"failed\"|",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_INSIDE, OUTCOME_FAILURE,
  { "user.name=admin", "source.ip=172.16.1.2", "event.action=login", "host.name=FGT1" } },
{ "FortiGate by commas",
  "date=2026-03-09,time=22:14:15,devname=FGT1,devid=F,logid=1,type=traffic,srcip=10.1.2.3,dstip=203.0.113.5,action=timeout",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_OUT, OUTCOME_ALLOWED,
  { "source.ip=10.1.2.3", "event.action=timeout" } },
{ "netfilter",
  "Mar  9 22:14:15 gw kernel: [12.5] [UFW BLOCK] IN=eth0 OUT= MAC=00:11 SRC=203.0.113.5 DST=198.51.100.7 LEN=40 DF PROTO=TCP SPT=1 DPT=22 SYN URGP=0",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_DENIED,
  { "appname=kernel", "source.ip=203.0.113.5", "destination.port=22", "network.transport=tcp",
    "OUT=", "SYN=", "DF=", "!url.domain", "prefix=[12.5] [UFW BLOCK]", "host.name=gw" } },
{ "EVTX as JSON, failed logon",
  "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"Microsoft-Windows-Security-Auditing\"}},\"EventID\":4625,\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2026-03-09T15:14:15.1234567Z\"}},\"Channel\":\"Security\",\"Computer\":\"pc1.example.vn\"},\"EventData\":{\"SubjectUserName\":\"PC1$\",\"TargetUserName\":\"an\",\"TargetDomainName\":\"EX\",\"IpAddress\":\"::ffff:203.0.113.5\",\"IpPort\":\"0\",\"ProcessName\":\"-\"}}}",
  "json", "2026-03-09T15:14:15.123456Z", DIR_IN, OUTCOME_FAILURE,
  { "EventID=4625", "Provider_Name=Microsoft-Windows-Security-Auditing", "TargetUserName=an",
    "host.name=pc1.example.vn", "user.name=an", "user.domain=EX", "source.ip=203.0.113.5",
    "event.code=4625", "winlog.channel=Security", "event.action=logon-failed" } },
{ "winlogbeat",
  "{\"@timestamp\":\"2026-03-09T15:14:15.123Z\",\"winlog\":{\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"event_id\":\"1\",\"provider_name\":\"Microsoft-Windows-Sysmon\",\"computer_name\":\"pc1\",\"event_data\":{\"Image\":\"C:\\\\a\\\\b.exe\",\"CommandLine\":\"b.exe -x\",\"User\":\"EX\\\\an\",\"ProcessId\":\"77\",\"Hashes\":\"MD5=D41D8CD98F00B204E9800998ECF8427E,IMPHASH=0\"}}}",
  "json", "2026-03-09T15:14:15.123000Z", DIR_UNKNOWN, OUTCOME_SUCCESS,
  { "EventID=1", "Channel=Microsoft-Windows-Sysmon/Operational", "Image=C:\\a\\b.exe", "Computer=pc1",
    "process.executable=C:\\a\\b.exe", "process.name=b.exe", "process.command_line=b.exe -x",
    "user.name=an", "user.domain=EX", "process.pid=77",
    "file.hash.md5=D41D8CD98F00B204E9800998ECF8427E", "event.code=1" } },
{ "NXLog, flat",
  "{\"EventTime\":\"2026-03-09 22:14:15\",\"Hostname\":\"pc1\",\"Channel\":\"Security\",\"EventID\":4688,\"SourceName\":\"Microsoft-Windows-Security-Auditing\",\"SubjectUserName\":\"an\",\"NewProcessName\":\"C:\\\\x.exe\",\"ProcessID\":4,\"CommandLine\":\"x\"}",
  "json", "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_SUCCESS,
  { "Provider_Name=Microsoft-Windows-Security-Auditing", "Computer=pc1", "host.name=pc1",
    "user.name=an", "process.executable=C:\\x.exe", "!process.pid" } },
{ "Wazuh",
  "{\"timestamp\":\"2026-03-09T22:14:15.123+0700\",\"data\":{\"win\":{\"system\":{\"providerName\":\"Microsoft-Windows-Sysmon\",\"eventID\":\"3\",\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"computer\":\"pc1\"},\"eventdata\":{\"sourceIp\":\"10.1.2.3\",\"destinationIp\":\"203.0.113.5\",\"destinationPort\":\"443\",\"initiated\":\"true\"}}}}",
  "json", "2026-03-09T15:14:15.123000Z", DIR_OUT, OUTCOME_ALLOWED,
  { "eventID=3", "Provider_Name=Microsoft-Windows-Sysmon", "host.name=pc1", "source.ip=10.1.2.3",
    "destination.port=443" } },
{ "Suricata alert",
  "{\"timestamp\":\"2026-03-09T22:14:15.123456+0700\",\"event_type\":\"alert\",\"src_ip\":\"203.0.113.5\",\"src_port\":1,\"dest_ip\":\"10.1.2.3\",\"dest_port\":80,\"proto\":\"TCP\",\"alert\":{\"action\":\"blocked\",\"signature\":\"X\",\"signature_id\":7},\"http\":{\"hostname\":\"example.com\",\"url\":\"/a\"}}",
  "json", "2026-03-09T15:14:15.123456Z", DIR_IN, OUTCOME_DENIED,
  { "alert.signature=X", "rule.name=X", "event.code=7", "url.domain=example.com", "url.path=/a" } },
{ "Suricata DNS",
  "{\"timestamp\":\"2026-03-09T22:14:15.123456+0700\",\"event_type\":\"dns\",\"src_ip\":\"10.1.2.3\",\"dest_ip\":\"10.1.2.1\",\"proto\":\"UDP\",\"dns\":{\"rrname\":\"example.com\",\"answers\":[{\"rrname\":\"example.com\",\"rdata\":\"203.0.113.9\"}]}}",
  "json", "2026-03-09T15:14:15.123456Z", DIR_INSIDE, OUTCOME_UNKNOWN,
  { "dns.question.name=example.com", "dns.resolved_ip=203.0.113.9", "event.action=dns" } },
{ "Zeek connection",
  "{\"ts\":1773069255.123456,\"uid\":\"C1\",\"id.orig_h\":\"10.1.2.3\",\"id.orig_p\":1,\"id.resp_h\":\"203.0.113.5\",\"id.resp_p\":443,\"proto\":\"tcp\",\"service\":\"ssl\",\"conn_state\":\"REJ\"}",
  "json", "2026-03-09T15:14:15.123456Z", DIR_OUT, OUTCOME_DENIED,
  { "source.ip=10.1.2.3", "destination.port=443", "network.transport=tcp", "network.protocol=ssl" } },
{ "ECS",
  "{\"@timestamp\":\"2026-03-09T15:14:15Z\",\"source\":{\"ip\":\"203.0.113.5\"},\"user\":{\"name\":\"an\"},\"event\":{\"outcome\":\"failure\",\"action\":\"ssh_login\"},\"host\":{\"name\":\"h\"}}",
  "json", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_FAILURE,
  { "source.ip=203.0.113.5", "user.name=an", "event.action=ssh_login", "host.name=h" } },
	{ "CEF with escapes",
  "<134>Mar  9 22:14:15 waf ASM:CEF:0|F5|ASM|14.1|2000|SQL \\| injection|5|rt=Mar 09 2026 22:14:16 src=203.0.113.5 spt=1 dst=10.1.2.3 dpt=443 act=blocked request=/a?b\\=c&d=e msg=two words\\nand a line sourceTranslatedAddress=198.51.100.7 suser=EX\\\\an",
  "cef", "2026-03-09T15:14:16.000000Z", DIR_IN, OUTCOME_DENIED,
  { "name=SQL | injection", "request=/a?b=c&d=e", "msg=two words\nand a line", "deviceVendor=F5",
    "source.ip=203.0.113.5", "source.nat.ip=198.51.100.7", "destination.port=443", "user.name=an",
    "user.domain=EX", "host.name=waf", "rule.name=SQL | injection" } },
{ "CEF without extension", "CEF:0|v|p|1|2|n|3", "cef", NULL, DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "severity=3", "observer.vendor=v" } },
{ "CEF cut in its header", "CEF:0|v|p|1", "unparsed", NULL, DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "message=CEF:0|v|p|1" } },
{ "LEEF 1.0", "LEEF:1.0|Panda|paps|2|exec|sev=1\tdevTime=2026-03-09 22:14:15.25\tusrName=an\tdomain=EX\tsrc=10.1.2.3\tdst=203.0.113.5\taction=Block\tHash=D41D8CD98F00B204E9800998ECF8427E",
  "leef", "2026-03-09T15:14:15.250000Z", DIR_OUT, OUTCOME_DENIED,
  { "devVendor=Panda", "eventId=exec", "user.name=an", "user.domain=EX",
    "file.hash.md5=D41D8CD98F00B204E9800998ECF8427E", "destination.ip=203.0.113.5" } },
{ "LEEF 2.0 with its own delimiter", "LEEF:2.0|v|p|1|id|^|src=10.1.2.3^msg=a b^dst=10.1.2.4", "leef",
  NULL, DIR_INSIDE, OUTCOME_UNKNOWN, { "msg=a b", "source.ip=10.1.2.3" } },
{ "LEEF 2.0 with a number", "LEEF:2.0|v|p|1|id|0x7c|src=10.1.2.3|msg=a b", "leef", NULL, DIR_INSIDE,
  OUTCOME_UNKNOWN, { "msg=a b" } },
{ "audit of execve",
  "type=SYSCALL msg=audit(1773069255.123:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 items=2 ppid=1 pid=42 auid=1000 uid=0 tty=pts0 comm=\"sh\" exe=2F62696E2F7368 key=6578656301363462\x1d" "ARCH=x86_64 SYSCALL=execve AUID=\"an\" UID=\"root\"\ntype=EXECVE msg=audit(1773069255.123:7): argc=3 a0=\"sh\" a1=\"-c\" a2=6563686F2068690A\ntype=PROCTITLE msg=audit(1773069255.123:7): proctitle=7368002D63",
  "audit", "2026-03-09T15:14:15.123000Z", DIR_UNKNOWN, OUTCOME_SUCCESS,
  { "type=SYSCALL", "type=EXECVE", "exe=/bin/sh", "key=exec", "key=64b", "SYSCALL=execve", "AUID=an",
    "command=sh -c echo hi", "proctitle=sh -c", "process.command_line=sh -c echo hi", "user.name=an",
    "event.action=execve" } },
{ "audit with its number only",
  "node=h1 type=SYSCALL msg=audit(1773069255.123:7): arch=c000003e syscall=42 success=no exit=-13 pid=42 exe=\"/x\" key=(null)\nnode=h1 type=SOCKADDR msg=audit(1773069255.123:7): saddr=020001BBCB0071050000000000000000",
  "audit", "2026-03-09T15:14:15.123000Z", DIR_OUT, OUTCOME_FAILURE,
  { "SYSCALL=connect", "saddr_ip=203.0.113.5", "destination.ip=203.0.113.5", "destination.port=443",
    "host.name=h1", "!rule.name" } },
{ "audit of a login",
  "type=USER_LOGIN msg=audit(1773069255.123:8): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct=28696E76616C6964207573657229 exe=\"/usr/sbin/sshd\" hostname=? addr=203.0.113.5 terminal=sshd res=failed'",
  "audit", "2026-03-09T15:14:15.123000Z", DIR_IN, OUTCOME_FAILURE,
  { "acct=(invalid user)", "user.name=(invalid user)", "source.ip=203.0.113.5", "event.action=login" } },
{ "audit of SELinux",
  "type=AVC msg=audit(1773069255.123:9): avc:  denied  { read write } for  pid=1 comm=\"x\" old auid=5 new auid=6",
  "audit", "2026-03-09T15:14:15.123000Z", DIR_UNKNOWN, OUTCOME_DENIED,
  { "seresult=denied", "seperms=read write", "old_auid=5", "new_auid=6" } },
{ "audit in syslog",
  "Mar  9 22:14:15 h kernel: audit: type=1400 audit(1773069255.123:9): apparmor=\"DENIED\" operation=\"open\" name=\"/etc/x\"",
  "audit", "2026-03-09T15:14:15.123000Z", DIR_UNKNOWN, OUTCOME_DENIED,
  { "type=1400", "file.path=/etc/x", "host.name=h" } },
{ "audit without time", "type=X msg=audit(): no", "unparsed", NULL, DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "message=type=X msg=audit(): no" } },
{ "combined log",
  "203.0.113.5 - an [09/Mar/2026:22:14:15 +0700] \"GET /a/b.php?c=d&e=\\\"f HTTP/1.1\" 404 196 \"http://example.com/\" \"Mozilla/5.0 (X)\"",
  "access", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_FAILURE,
  { "c-ip=203.0.113.5", "cs-username=an", "cs-method=GET", "cs-uri-stem=/a/b.php", "sc-status=404",
    "cs-user-agent=Mozilla/5.0 (X)", "cs-referer=http://example.com/", "url.path=/a/b.php",
    "http.response.status_code=404", "user.name=an", "source.ip=203.0.113.5", "cs-version=HTTP/1.1" } },
{ "common log with a virtual host",
  "www.example.com:443 10.1.2.3 - - [09/Mar/2026:22:14:15 +0700] \"POST /x HTTP/2.0\" 200 -", "access",
  "2026-03-09T15:14:15.000000Z", DIR_INSIDE, OUTCOME_SUCCESS,
  { "cs-host=www.example.com:443", "c-ip=10.1.2.3", "!cs-username", "!sc-bytes" } },
{ "a request that is none",
  "203.0.113.5 - - [09/Mar/2026:22:14:15 +0700] \"\\x16\\x03\\x01\" 400 166 \"-\" \"-\"", "access",
  "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_FAILURE,
  { "request=\\x16\\x03\\x01", "sc-status=400", "!cs-method", "!cs-user-agent" } },
{ "access in syslog",
  "<190>Mar  9 22:14:15 web1 nginx: 203.0.113.5 - - [09/Mar/2026:22:14:16 +0700] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl/8\"",
  "access", "2026-03-09T15:14:16.000000Z", DIR_IN, OUTCOME_SUCCESS,
  { "host.name=web1", "process.name=nginx", "user_agent.original=curl/8" } },
{ "Tomcat of Atlassian",
  "[09/Mar/2026:22:14:15 +0700] 192.168.1.15 an http-exec-6 0:0:0:0:0:0:0:1 GET /index.action HTTP/1.1 200 1020ms 7881 http://localhost/ Mozilla/5.0 (X) Y",
  "access", "2026-03-09T15:14:15.000000Z", DIR_INSIDE, OUTCOME_SUCCESS,
  { "x-forwarded-for=192.168.1.15", "cs-username=an", "cs-uri-stem=/index.action", "sc-bytes=7881",
    "cs-user-agent=Mozilla/5.0 (X) Y" } },
{ "Apache error",
  "[Mon Mar 09 22:14:15.123456 2026] [auth_basic:error] [pid 12:tid 9] [client 203.0.113.5:51000] AH01617: user an: authentication failure for \"/\": Password Mismatch, referer: http://example.com/",
  "weberror", "2026-03-09T15:14:15.123456Z", DIR_IN, OUTCOME_UNKNOWN,
  { "level=error", "module=auth_basic", "pid=12", "source.ip=203.0.113.5", "source.port=51000",
    "user.name=an", "referrer=http://example.com/" } },
{ "nginx error",
  "2026/03/09 22:14:15 [error] 12#0: *5 user \"an\": password mismatch, client: 203.0.113.5, server: www.example.com, request: \"GET / HTTP/1.1\", host: \"www.example.com\"",
  "weberror", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_UNKNOWN,
  { "level=error", "pid=12", "user.name=an", "source.ip=203.0.113.5", "request=GET / HTTP/1.1",
    "message=*5 user \"an\": password mismatch, client: 203.0.113.5, server: www.example.com, request: \"GET / HTTP/1.1\", host: \"www.example.com\"" } },
{ "nginx as Zimbra's mail proxy",
  "2026/03/09 22:14:15 [info] 12#0: *5 client login failed: \"LOGIN failed\", client: 203.0.113.5:51000 using starttls, server: 192.0.2.1:143, login: \"an@example.vn\"",
  "weberror", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_FAILURE,
  { "user.name=an@example.vn", "source.ip=203.0.113.5", "source.port=51000", "event.action=mail_login" } },
{ "Check Point",
  "<134>1 2026-03-09T15:14:20Z gw1 CheckPoint 19710 - [action:\"Drop\"; origin:\"192.0.2.1\"; time:\"1773069255\"; dst:\"10.1.2.3\"; product:\"VPN-1 & FireWall-1\"; proto:\"6\"; s_port:\"50000\"; service:\"445\"; src:\"203.0.113.5\"; rule_name:\"a \\\"b\\\" c\"; ike::\"x\"; ]",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_DENIED,
  { "source.ip=203.0.113.5", "destination.port=445", "network.transport=tcp", "rule.name=a \"b\" c", "host.ip=192.0.2.1",
    "host.name=gw1", "ike=x", "observer.vendor=Check Point", "event.action=Drop" } },
{ "Junos behind another header",
  "Mar  9 22:14:20 192.0.2.9 junos-flow: 2026-03-09T15:14:15.5Z srx1 RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1.1.2.39 source-address=\"203.0.113.5\" source-port=\"50000\" destination-address=\"10.1.2.3\" destination-port=\"445\" protocol-id=\"6\" policy-name=\"deny\"]",
  "syslog", "2026-03-09T15:14:15.500000Z", DIR_IN, OUTCOME_DENIED,
  { "source.ip=203.0.113.5", "destination.port=445", "rule.name=deny", "host.name=srx1", "event.code=RT_FLOW_SESSION_DENY",
    "source-address=203.0.113.5", "network.transport=tcp" } },
{ "frame in frame in frame",
  "<14>1 2026-03-09T15:14:15Z a b - - 2026-03-09T15:14:15Z a b - - [x@1 y=\"z\"] 2026-03-09T15:14:15Z a b - - [x@1 y=\"z\"] 2026-03-09T15:14:15Z a b - - [x@1 y=\"z\"] 2026-03-09T15:14:15Z a b - - [x@1 y=\"z\"] t",
  "syslog", "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN, { "y=z" } },
{ "ESET PROTECT",
  "<12>1 2026-03-09T15:14:20Z srv ERAServer 5 - - {\"event_type\":\"Threat_Event\",\"ipv4\":\"10.1.2.3\",\"hostname\":\"pc1\",\"source_uuid\":\"u\",\"occured\":\"09-Mar-2026 15:14:15\",\"severity\":\"Warning\",\"threat_name\":\"Eicar\",\"object_uri\":\"file:///C:/x\",\"action_taken\":\"cleaned by deleting\",\"username\":\"CORP\\\\an\",\"hash\":\"DA39A3EE5E6B4B0D3255BFEF95601890AFD80709\",\"domain\":\"Domain group\"}",
  "json", "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_DENIED,
  { "threat.name=Eicar", "host.name=pc1", "host.ip=10.1.2.3", "user.name=an", "file.path=file:///C:/x",
    "file.hash.sha1=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "!destination.domain", "event.category=malware" } },
{ "Office 365",
  "{\"CreationTime\":\"2026-03-09T15:14:15\",\"RecordType\":15,\"OrganizationId\":\"o\",\"Operation\":\"UserLoginFailed\",\"Workload\":\"AzureActiveDirectory\",\"UserId\":\"an@example.vn\",\"ClientIP\":\"203.0.113.5\"}",
  "json", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_FAILURE,
  { "user.name=an@example.vn", "source.ip=203.0.113.5", "event.action=UserLoginFailed", "event.code=15" } },
{ "Office 365 by Wazuh",
  "{\"data\":{\"office365\":{\"CreationTime\":\"2026-03-09T15:14:15\",\"RecordType\":\"15\",\"OrganizationId\":\"o\",\"Operation\":\"UserLoggedIn\",\"UserId\":\"an@example.vn\"}}}",
  "json", "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_SUCCESS,
  { "user.name=an@example.vn", "Operation=UserLoggedIn" } },
{ "SonicWall",
  "<134>id=firewall sn=C0EAE4599999 time=\"2026-03-09 15:14:15 UTC\" fw=198.51.100.1 pri=1 c=32 m=30 msg=\"Administrator login denied due to bad credentials\" n=7 src=203.0.113.5:36701:WAN dst=198.51.100.1:443:WAN proto=tcp/https",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_DENIED,
  { "source.ip=203.0.113.5", "source.port=36701", "destination.ip=198.51.100.1", "event.code=30", "log.level=1",
    "observer.vendor=SonicWall", "host.ip=198.51.100.1" } },
{ "FortiMail",
  "date=2026-03-09 time=22:14:15 device_id=FE1 log_id=0200027993 type=statistics pri=information client_ip=\"203.0.113.5\" dst_ip=\"10.1.2.3\" from=\"x@example.com\" to=\"an@example.vn\" subject=\"hi\"",
  "kv", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_UNKNOWN,
  { "source.ip=203.0.113.5", "email.from.address=x@example.com", "email.to.address=an@example.vn", "observer.name=FE1",
    "event.code=0200027993", "log.level=information" } },
{ "W3C without its head", "2026-03-09 22:14:15 10.1.2.3 GET / - 80 - 203.0.113.5 - - 200 0 0 1", "syslog",
  "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN, { "!c-ip" } },
{ "a line in JSON",
  "{\"@timestamp\":\"2026-03-09T15:14:17Z\",\"host\":{\"name\":\"web2\"},\"message\":\"203.0.113.5 - - [09/Mar/2026:22:14:15 +0700] \\\"GET / HTTP/1.1\\\" 200 5\"}",
  "access", "2026-03-09T15:14:15.000000Z", DIR_IN, OUTCOME_SUCCESS,
  { "host.name=web2", "c-ip=203.0.113.5" } },
{ "a syslog line in JSON",
  "{\"log\":\"<34>Mar  9 22:14:15 h su[7]: x\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-09T15:14:20Z\"}",
  "syslog", "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN, { "appname=su", "host.name=h" } },
{ "Windows event of Log Analytics",
  "{\"TimeGenerated\":\"2026-03-09T15:14:15Z\",\"Provider\":\"P\",\"Channel\":\"Security\",\"Computer\":\"pc1\",\"EventData\":\"{\\\"Image\\\":\\\"C:\\\\\\\\x\\\"}\",\"EventID\":1}",
  "json", "2026-03-09T15:14:15.000000Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "EventData.Image=C:\\x", "Image=C:\\x", "process.executable=C:\\x" } },
{ "journald",
  "{\"__REALTIME_TIMESTAMP\":\"1773069255123456\",\"_HOSTNAME\":\"h\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_PID\":\"5\",\"MESSAGE\":\"hello\"}",
  "json", "2026-03-09T15:14:15.123456Z", DIR_UNKNOWN, OUTCOME_UNKNOWN,
  { "host.name=h", "process.name=sshd", "process.pid=5" } },
	};
/* clang-format on */

static bool has(const struct event *ev, struct str want)
{
	size_t cut = str_find_char(want, '=');
	struct str name = str_sub(want, 0, cut), val = str_skip(want, cut + 1);

	for (uint32_t i = 0; i < ev->n_fields; i++) {
		const struct field *f = &ev->fields[i];

		if ((str_eq(f->name, name) || str_eq(field_bare(f), name)) && str_eq(f->val, val))
			return true;
	}
	return false;
}

static bool absent(const struct event *ev, struct str name)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (str_eq(ev->fields[i].name, name))
			return false;
	return true;
}

static void print_event(const struct event *ev)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		printf("  %s %.*s = %.*s\n", i < ev->n_raw ? "raw" : "ECS",
		       STR_ARG(ev->fields[i].name), STR_ARG(ev->fields[i].val));
}

static void check_event(const struct want *w, const struct event *ev)
{
	unsigned failed = test_failed;
	char text[TIME_TEXT_MAX];

	CHECK(w->name, strcmp(formats[ev->format].name, w->format) == 0);
	CHECK(w->name, ev->time_told == (w->time != NULL));
	if (w->time != NULL && !CHECK(w->name, strcmp(time_rfc3339(ev->time, text), w->time) == 0))
		printf("  time is %s\n", text);
	CHECK(w->name, ev->direction == w->dir);
	CHECK(w->name, ev->outcome == w->outcome);
	for (size_t i = 0; i < COUNT(w->fields) && w->fields[i] != NULL; i++) {
		struct str f = str_of(w->fields[i]);
		bool ok = f.p[0] == '!' ? absent(ev, str_skip(f, 1)) : has(ev, f);

		if (!CHECK(w->name, ok))
			printf("  wanted %s\n", w->fields[i]);
	}
	if (test_failed > failed) {
		printf("  format %s, direction %d, outcome %d\n", formats[ev->format].name,
		       ev->direction, ev->outcome);
		print_event(ev);
	}
}

/* What the table says of a probe holds for every case. */
static void check_probes(const char *name, struct str in)
{
	for (size_t i = 0; i < formats_n; i++) {
		int how = formats[i].probe(in);

		CHECK(name, how >= 0 && how <= formats[i].surest);
		bool told = formats[i].begins != NULL && strchr(formats[i].begins, in.p[0]) != NULL;

		if (!CHECK(name, how < FORMAT_SURE || told))
			printf("  %s says %d of %.*s\n", formats[i].name, how, STR_ARG(in));
	}
}

static void check_runs(const char *name, const struct event *ev)
{
	for (uint32_t i = 0; i < ev->n_fields; i++)
		CHECK(name, (ev->fields[i].id == ECS_NONE) == (i < ev->n_raw) &&
				    ev->fields[i].bare <= ev->fields[i].name.n);
}

int main(void)
{
	struct range public;
	struct own_ranges own = { NULL, 0, &public, 1 };
	struct read_ctx ctx = { .own = &own, .host = STR("192.0.2.250") };
	struct arena whole;
	bool zone;

	if (!CHECK("public range", range_parse(STR("198.51.100.0/24"), &public, NULL)) ||
	    !CHECK("now", time_parse_rfc3339(STR("2026-03-10T05:00:00Z"), &ctx.now, &zone)) ||
	    !CHECK("room", arena_reserve(&whole, (size_t)16 << 20)))
		return TEST_REPORT();
	/* One reader for all: what it remembers must never spoil what comes next. */
	struct reader *one = reader_new(&ctx);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct reader *fresh = reader_new(&ctx);
		struct arena a = whole;
		struct event ev;

		reader_read(fresh, &a, str_of(cases[i].in), &ev);
		check_event(&cases[i], &ev);
		check_runs(cases[i].name, &ev);
		check_probes(cases[i].name, str_of(cases[i].in));
		reader_read(one, &a, str_of(cases[i].in), &ev);
		check_event(&cases[i], &ev);
		reader_free(fresh);
	}
	/* No room at all is a partial event, never a crash. */
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { whole.beg, whole.beg };
		struct event ev;

		reader_read(one, &a, str_of(cases[i].in), &ev);
		CHECK(cases[i].name, ev.n_fields == 0 && ev.partial);
	}
	reader_free(one);
	arena_release(whole);
	return TEST_REPORT();
}
