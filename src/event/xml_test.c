/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml_test.c - an event as XML gives what the same event gives as JSON; what is cut off or holds what
 * XML does not allow is read as far as it goes; records are cut where one <Event> ends.
 */
#include "event/xml.h"

#include "base/test.h"
#include "event/formats.h"

#define HEAD "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>"
#define SYS                                                                                     \
	"<System><Provider Name='P' Guid='{0}'/><EventID Qualifiers='0'>4625</EventID>"         \
	"<Level>0</Level><TimeCreated SystemTime='2026-03-09T15:14:15.1234567Z'/>"              \
	"<EventRecordID>7</EventRecordID><Correlation/><Execution ProcessID='4' ThreadID='5'/>" \
	"<Channel>Security</Channel><Computer>pc1.example.vn</Computer><Security/></System>"

/* clang-format off */
static const struct {
	const char *name, *in;
	bool partial;
	const char *format;
	const char *want; /* "name=value|name=value", "!name" is absent */
} cases[] = {
	{ "logon failure",
	  HEAD SYS "<EventData><Data Name='TargetUserName'>an</Data><Data Name='IpAddress'>203.0.113.5</Data>"
	  "<Data Name='Threat Name'>a&amp;b</Data><Data Name='Empty'/><Data>x</Data><Data>y</Data></EventData></Event>",
	  false, "xml",
	  "Event.System.Provider_Name=P|Event.System.EventID=4625|Event.System.EventID_Qualifiers=0|"
	  "Event.System.Execution_ProcessID=4|EventID=4625|Channel=Security|TargetUserName=an|"
	  "ThreatName=a&b|Event.EventData.Data=x|Event.EventData.Data=y|Event.EventData.Empty=|"
	  "event.code=4625|host.name=pc1.example.vn|source.ip=203.0.113.5|event.outcome=failure|"
	  "winlog.channel=Security|event.provider=P|!Event_xmlns|!Event.xmlns" },
	{ "user data",
	  HEAD "<System><EventID>1102</EventID><Channel>Security</Channel></System><UserData>"
	  "<LogFileCleared xmlns='u'><SubjectUserName>an</SubjectUserName></LogFileCleared></UserData></Event>",
	  false, "xml",
	  "Event.UserData.LogFileCleared.SubjectUserName=an|SubjectUserName=an|user.name=an" },
	{ "rendered",
	  HEAD "<System><EventID>1</EventID><Channel>System</Channel><Level>2</Level></System>"
	  "<RenderingInfo Culture='en-US'><Message>said\nso</Message><Level>Error</Level></RenderingInfo></Event>",
	  false, "xml",
	  "Message=said\nso|Event.RenderingInfo.Level=Error|Event.RenderingInfo_Culture=en-US|Level=2" },
	{ "laid out over lines",
	  "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Event>\r\n  <System>\r\n    <EventID>1</EventID>\r\n"
	  "    <Channel>C</Channel>\r\n    <Security>\r\n    </Security>\r\n  </System>\r\n  <EventData>\r\n"
	  "    <Data Name=\"A\"> b </Data>\r\n    <Data Name=\"E\">\r\n    </Data>\r\n  </EventData>\r\n</Event>\r\n",
	  false, "xml", "A= b |E=|EventID=1" },
	{ "NXLog, flat",
	  "<Event><EventTime>2026-03-09 22:14:15</EventTime><Hostname>pc1</Hostname><EventID>4624</EventID>"
	  "<Channel>Security</Channel><SourceName>P</SourceName><TargetUserName>an</TargetUserName></Event>",
	  false, "xml", "EventTime=2026-03-09 22:14:15|EventID=4624|host.name=pc1|Provider_Name=P|TargetUserName=an|user.name=an" },
	{ "Sysmon for Linux by syslog",
	  "<14>Mar  9 22:14:15 h1 sysmon: <Event><System><Provider Name=\"Linux-Sysmon\" Guid=\"{0}\"/><EventID>1</EventID>"
	  "<TimeCreated SystemTime=\"2026-03-09T15:14:14.5Z\"/><Channel>Linux-Sysmon/Operational</Channel>"
	  "<Computer>h1</Computer></System><EventData><Data Name=\"Image\">/usr/bin/id</Data>"
	  "<Data Name=\"CommandLine\">id</Data><Data Name=\"User\">root</Data></EventData></Event>",
	  false, "xml",
	  "appname=sysmon|Image=/usr/bin/id|process.executable=/usr/bin/id|process.name=id|user.name=root|"
	  "event.action=created-process|host.name=h1" },
	{ "in JSON",
	  "{\"TimeGenerated\":\"2026-03-09T15:14:20Z\",\"SyslogMessage\":\"\\u003cEvent\\u003e\\u003cSystem\\u003e\\u003cEventID\\u003e5\\u003c/EventID\\u003e"
	  "\\u003cChannel\\u003eLinux-Sysmon/Operational\\u003c/Channel\\u003e\\u003c/System\\u003e\\u003c/Event\\u003e\"}",
	  false, "xml", "EventID=5|event.action=exited-process" },
	{ "ePO",
	  "<29>1 2026-03-09T15:14:15Z epo EPOEvents - EventFwd [agentInfo@3401 tenantId=\"1\"] \xef\xbb\xbf<?xml version=\"1.0\"encoding=\"UTF-8\"?>"
	  "<EPOevent><MachineInfo><MachineName>PC1</MachineName><AgentGUID>{1}</AgentGUID><IPAddress>192.0.2.7</IPAddress><UserName>an</UserName></MachineInfo>"
	  "<SoftwareInfo ProductName=\"AV\"><Event><EventID>1027</EventID><ThreatName>T</ThreatName></Event></SoftwareInfo></EPOevent>",
	  false, "xml",
	  "EPOevent.MachineInfo.MachineName=PC1|MachineName=PC1|EPOevent.SoftwareInfo.Event.EventID=1027|"
	  "EPOevent.SoftwareInfo_ProductName=AV|host.name=PC1|host.ip=192.0.2.7|user.name=an|threat.name=T|event.code=1027" },
	{ "cut off by the sender",
	  HEAD SYS "<EventData><Data Name='TargetUserName'>an</Data><Data Name='IpAdd",
	  true, "xml", "EventID=4625|TargetUserName=an|!IpAdd" },
	{ "cut off in a text",
	  HEAD SYS "<EventData><Data Name='CommandLine'>cmd /c who", true, "xml", "CommandLine=cmd /c who" },
	{ "a control character hides nothing",
	  HEAD SYS "<EventData><Data Name='CommandLine'>a\x01 b &#x0; c &nope; d\xff</Data><Data Name='X'>y</Data></EventData></Event>",
	  true, "xml", "CommandLine=a\xef\xbf\xbd b \xef\xbf\xbd c \xef\xbf\xbdnope; d\xef\xbf\xbd|X=y" },
	{ "semicolons that got lost",
	  HEAD SYS "<EventData><Data Name='Image'>&lt unknown process&gt </Data></EventData></Event>", false, "xml",
	  "Image=<unknown process>" },
	{ "crossed", HEAD SYS "<EventData><Data Name='X'>y</Wrong></EventData></Event>", true, "xml", "EventID=4625|X=y" },
	{ "document type", "<!DOCTYPE Event [<!ENTITY e 'x'>]><Event><EventID>&e;</EventID></Event>", false, "unparsed", "!EventID" },
	{ "declared type behind the declaration", "<?xml version='1.0'?><!DOCTYPE Event [<!ENTITY e 'x'>]><Event>&e;</Event>", false, "unparsed", "" },
	{ "another document", "<?xml version='1.0'?><a b='c'><d e='f'>g</d></a>", false, "xml", "a_b=c|a.d_e=f|d=g" },
	{ "no document", "<Event is not closed", false, "unparsed", "message=<Event is not closed" },
	{ "Sophos stays text", "<log><category>x</category></log>", false, "unparsed", "" },
};
/* clang-format on */

static bool has(const struct event *ev, struct str want)
{
	size_t eq = str_find_char(want, '=');
	struct str name = str_sub(want, 0, eq), val = str_skip(want, eq + 1);

	for (uint32_t i = 0; i < ev->n_fields; i++)
		if ((str_eq(ev->fields[i].name, name) ||
		     str_eq(field_bare(&ev->fields[i]), name)) &&
		    (want.n > 0 && want.p[0] != '!' ? str_eq(ev->fields[i].val, val) : true))
			return true;
	return false;
}

static void check_case(struct reader *r, struct arena a, size_t i)
{
	struct str rest = str_of(cases[i].want), one;
	struct event ev;

	reader_read(r, &a, str_of(cases[i].in), &ev);
	if (!CHECK(cases[i].name, strcmp(formats[ev.format].name, cases[i].format) == 0))
		printf("  is %s\n", formats[ev.format].name);
	CHECK(cases[i].name, ev.partial == cases[i].partial);
	while (rest.n > 0 && str_split(&rest, '|', &one)) {
		bool not = one.p[0] == '!';

		if (CHECK(cases[i].name, has(&ev, not ? str_skip(one, 1) : one) != not ))
			continue;
		printf("  wanted %.*s\n", STR_ARG(one));
		for (uint32_t k = 0; k < ev.n_fields; k++)
			printf("    %.*s = %.*s\n", STR_ARG(ev.fields[k].name),
			       STR_ARG(ev.fields[k].val));
	}
}

static const struct {
	const char *name, *text;
	const char *want[4];
} cuts[] = {
	{ "the Event Viewer",
	  "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events><Event "
	  "a='1'>x</Event><Event>\r\ny</Event></Events>",
	  { "<Event a='1'>x</Event>", "<Event>\r\ny</Event>" } },
	{ "wevtutil",
	  "<Event>x</Event>\n<Event>y</Event>\n",
	  { "<Event>x</Event>", "<Event>y</Event>" } },
	{ "never closed", "<Event>x\ny\n", { "<Event>x", "y" } },
	{ "no event", "<Eventual>x\n<34>y\n", { "<Eventual>x", "<34>y" } },
};

static void check_cut(size_t i)
{
	struct str text = str_of(cuts[i].text), rest, out;
	size_t n = 0;
	bool cut;

	/* however the bytes come, the records are the same */
	for (size_t have = 0; have <= text.n; have++) {
		rest = str_sub(text, 0, have);
		for (n = 0; records_next(&rest, have == text.n, &out, &cut); n++)
			CHECK(cuts[i].name, n < 4 && cuts[i].want[n] != NULL &&
						    str_eq(out, str_of(cuts[i].want[n])));
	}
	CHECK(cuts[i].name, n == 4 || cuts[i].want[n] == NULL);
}

int main(void)
{
	struct read_ctx ctx = { .now = INT64_C(1773118800000000) };
	struct reader *r = reader_new(&ctx);
	struct arena whole;

	if (!CHECK("room", r != NULL && arena_reserve(&whole, (size_t)16 << 20)))
		return TEST_REPORT();
	for (size_t i = 0; i < COUNT(cases); i++)
		check_case(r, whole, i);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct event ev;

		reader_read(r, &(struct arena){ whole.beg, whole.beg }, str_of(cases[i].in), &ev);
		CHECK(cases[i].name, ev.n_fields == 0 && ev.partial);
	}
	for (size_t i = 0; i < COUNT(cuts); i++)
		check_cut(i);
	reader_free(r);
	arena_release(whole);
	return TEST_REPORT();
}
