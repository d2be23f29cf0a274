/* SPDX-License-Identifier: Apache-2.0 */
/*
 * windows_message.c - the English text of a Windows event, for those who send that and no data.
 *
 * The Event Viewer's CSV has a line for each "Label: value", Snare one line with the labels two blanks
 * apart. The same label means another field in each section ("Subject:", "New Logon:"). Sysmon's text
 * uses the names of the data themselves.
 *
 * Invariant: `at` only grows and never passes text.n.
 */
#include "event/normal_int.h"

enum section { SUBJECT, TARGET, MEMBER, OTHER, SECTIONS };

// clang-format off
static const struct {
	struct str text;
	enum section is;
} sections[] = {
	{ STR("Subject"), SUBJECT }, { STR("New Logon"), TARGET }, { STR("Account For Which Logon Failed"), TARGET },
	{ STR("Account That Was Locked Out"), TARGET }, { STR("Account Whose Credentials Were Used"), TARGET },
	{ STR("Target Account"), TARGET }, { STR("New Account"), TARGET }, { STR("Account Information"), TARGET },
	{ STR("Group"), TARGET }, { STR("New Group"), TARGET }, { STR("Deleted Group"), TARGET }, { STR("Target Subject"), TARGET },
	{ STR("Member"), MEMBER }, { STR("Process Information"), OTHER }, { STR("Network Information"), OTHER },
	{ STR("Detailed Authentication Information"), OTHER }, { STR("Failure Information"), OTHER },
	{ STR("Logon Information"), OTHER }, { STR("Service Information"), OTHER }, { STR("Additional Information"), OTHER },
	{ STR("Attributes"), OTHER }, { STR("Task Information"), OTHER }, { STR("Object"), OTHER }, { STR("Share Information"), OTHER },
	{ STR("Access Request Information"), OTHER }, { STR("Application Information"), OTHER }, { STR("Filter Information"), OTHER },
	{ STR("Target Server"), OTHER },
};

/* The field in each section; one name alone is the field wherever it stands. */
static const struct {
	struct str label, field[SECTIONS];
} labels[] = {
	{ STR("Security ID"), { STR("SubjectUserSid"), STR("TargetUserSid"), STR("MemberSid") } },
	{ STR("Account Name"), { STR("SubjectUserName"), STR("TargetUserName"), STR("MemberName") } },
	{ STR("Account Domain"), { STR("SubjectDomainName"), STR("TargetDomainName") } },
	{ STR("Logon ID"), { STR("SubjectLogonId"), STR("TargetLogonId") } },
	{ STR("Group Name"), { STR("TargetUserName") } }, { STR("Group Domain"), { STR("TargetDomainName") } },
	{ STR("User ID"), { STR("TargetSid") } }, { STR("Supplied Realm Name"), { STR("TargetDomainName") } },
	{ STR("Logon Type"), { STR("LogonType") } }, { STR("Failure Reason"), { STR("FailureReason") } },
	{ STR("Status"), { STR("Status") } }, { STR("Sub Status"), { STR("SubStatus") } }, { STR("Error Code"), { STR("Status") } },
	{ STR("Failure Code"), { STR("Status") } }, { STR("Result Code"), { STR("Status") } },
	{ STR("Process ID"), { STR("ProcessId") } }, { STR("Caller Process ID"), { STR("ProcessId") } },
	{ STR("New Process ID"), { STR("NewProcessId") } }, { STR("Creator Process ID"), { STR("ProcessId") } },
	{ STR("Process Name"), { STR("ProcessName") } }, { STR("Caller Process Name"), { STR("ProcessName") } },
	{ STR("New Process Name"), { STR("NewProcessName") } }, { STR("Creator Process Name"), { STR("ParentProcessName") } },
	{ STR("Process Command Line"), { STR("CommandLine") } }, { STR("Token Elevation Type"), { STR("TokenElevationType") } },
	{ STR("Mandatory Label"), { STR("MandatoryLabel") } }, { STR("Workstation Name"), { STR("WorkstationName") } },
	{ STR("Source Workstation"), { STR("Workstation") } }, { STR("Logon Account"), { STR("TargetUserName") } },
	{ STR("Source Network Address"), { STR("IpAddress") } }, { STR("Network Address"), { STR("IpAddress") } },
	{ STR("Client Address"), { STR("IpAddress") } }, { STR("Client Port"), { STR("IpPort") } }, { STR("Source Port"), { STR("IpPort") } },
	{ STR("Source Address"), { STR("SourceAddress") } }, { STR("Destination Address"), { STR("DestAddress") } },
	{ STR("Destination Port"), { STR("DestPort") } }, { STR("Direction"), { STR("Direction") } }, { STR("Protocol"), { STR("Protocol") } },
	{ STR("Application Name"), { STR("Application") } }, { STR("Logon Process"), { STR("LogonProcessName") } },
	{ STR("Authentication Package"), { STR("AuthenticationPackageName") } }, { STR("Key Length"), { STR("KeyLength") } },
	{ STR("Service Name"), { STR("ServiceName") } }, { STR("Service File Name"), { STR("ImagePath") } },
	{ STR("Service Type"), { STR("ServiceType") } }, { STR("Service Start Type"), { STR("StartType") } },
	{ STR("Service Account"), { STR("AccountName") } }, { STR("Ticket Encryption Type"), { STR("TicketEncryptionType") } },
	{ STR("Ticket Options"), { STR("TicketOptions") } }, { STR("Pre-Authentication Type"), { STR("PreAuthType") } },
	{ STR("Task Name"), { STR("TaskName") } }, { STR("Share Name"), { STR("ShareName") } }, { STR("Share Path"), { STR("ShareLocalPath") } },
	{ STR("Relative Target Name"), { STR("RelativeTargetName") } }, { STR("Object Name"), { STR("ObjectName") } },
	{ STR("Object Type"), { STR("ObjectType") } }, { STR("Access Mask"), { STR("AccessMask") } },
	{ STR("Privileges"), { STR("PrivilegeList") } }, { STR("SAM Account Name"), { STR("SamAccountName") } },
	{ STR("Caller Computer Name"), { STR("CallerComputerName") } },
};
// clang-format on

struct scan {
	struct build *b;
	struct str text;
	size_t at;
	enum section section;
	bool lines, sysmon;
};

static bool gap(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A label begins a line or stands behind a tab or two blanks. */
static bool label_may_begin(const struct scan *s)
{
	size_t at = s->at;

	return at == 0 || s->text.p[at - 1] == '\n' || s->text.p[at - 1] == '\t' ||
	       (at > 1 && s->text.p[at - 1] == ' ' && gap(s->text.p[at - 2]));
}

static struct str take_value(struct scan *s)
{
	struct str text = s->text;
	size_t from = s->at, to;

	while (from < text.n && (text.p[from] == ' ' || text.p[from] == '\t'))
		from++;
	for (to = from; to < text.n && text.p[to] != '\n'; to++)
		if (!s->lines && (text.p[to] == '\t' ||
				  (text.p[to] == ' ' && to + 1 < text.n && text.p[to + 1] == ' ')))
			break;
	s->at = to;
	return str_trim(str_sub(text, from, to));
}

static void give(struct scan *s, struct str name, struct str val)
{
	if (val.n > 0 && !str_eq(val, STR("-")) && build_raw(s->b, name).p == NULL)
		build_add(s->b, name, val);
}

static bool take_section(struct scan *s, struct str label)
{
	size_t after = s->at;

	for (size_t i = 0; i < COUNT(sections); i++) {
		if (!str_eq(label, sections[i].text))
			continue;
		/* a label of that name has its value behind it on its line */
		while (after < s->text.n && (s->text.p[after] == ' ' || s->text.p[after] == '\t'))
			after++;
		if (s->lines && after < s->text.n && s->text.p[after] != '\n' &&
		    s->text.p[after] != '\r')
			return false;
		s->section = sections[i].is;
		return true;
	}
	return false;
}

static void take_label(struct scan *s, struct str label)
{
	for (size_t i = 0; i < COUNT(labels); i++) {
		if (!str_eq(label, labels[i].label))
			continue;
		struct str field = labels[i].field[s->section];

		if (field.n == 0)
			field = labels[i].field[0];
		give(s, field, take_value(s));
		return;
	}
}

/* What Sysmon names needs no table. */
static bool sysmon_name(struct str label)
{
	for (size_t i = 0; i < label.n; i++)
		if (!ascii_alpha(label.p[i]) && !ascii_digit(label.p[i]))
			return false;
	return label.n > 1 && label.p[0] >= 'A' && label.p[0] <= 'Z';
}

void normal_windows_message(struct build *b, struct str text)
{
	struct str provider = build_raw(b, STR("Provider_Name")), rest, label;
	struct scan s = { .b = b, .text = text, .section = OTHER };
	size_t colon;

	s.lines = str_find_char(text, '\n') < text.n;
	s.sysmon = str_find(provider, STR("Sysmon")) < provider.n;
	while (s.at < text.n && b->n < EVENT_MAX_FIELDS) {
		if (gap(text.p[s.at]) || !label_may_begin(&s)) {
			s.at++;
			continue;
		}
		rest = str_sub(text, s.at, s.at + 48);
		colon = str_find_char(rest, ':');
		label = str_sub(rest, 0, colon);
		if (colon == rest.n || str_find_char(label, '\n') < label.n) {
			s.at++;
			continue;
		}
		s.at += colon + 1;
		if (s.sysmon && sysmon_name(label))
			give(&s, label, take_value(&s));
		else if (!take_section(&s, label))
			take_label(&s, label);
	}
}
