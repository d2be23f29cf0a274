/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal_windows.c - Windows events: who is meant by the several users of an event, success or
 * failure, hashes in one field, addresses in one field.
 *
 * The codes are those of the Security, System, Sysmon and Defender channels; a code means something
 * only together with its channel.
 */
#include "event/normal_int.h"
#include "event/shape.h"

/* The names that are asked for in each event of Windows. */
enum asked {
	ASK_SUBJECT_USER_NAME,
	ASK_SUBJECT_DOMAIN_NAME,
	ASK_TARGET_USER_NAME,
	ASK_TARGET_DOMAIN_NAME,
	ASK_ACCOUNT_NAME,
	ASK_DOMAIN,
	ASK_USER,
	ASK_KEYWORDS,
	ASK_EVENT_TYPE,
	ASK_STATUS,
	ASK_WINLOG_KEYWORDS,
	ASK_DIRECTION,
	ASK_INITIATED,
	ASK_NEW_PROCESS_NAME,
	ASK_PARENT_PROCESS_NAME,
	ASK_THREAT_NAME,
	ASK_CHANNEL,
	ASK_EVENT_ID,
	ASK_HASHES,
	ASK_HASH,
	ASK_QUERY_RESULTS,
	ASK_COUNT
};
static const struct str asked[ASK_COUNT] = {
	[ASK_SUBJECT_USER_NAME] = STR("SubjectUserName"),
	[ASK_SUBJECT_DOMAIN_NAME] = STR("SubjectDomainName"),
	[ASK_TARGET_USER_NAME] = STR("TargetUserName"),
	[ASK_TARGET_DOMAIN_NAME] = STR("TargetDomainName"),
	[ASK_ACCOUNT_NAME] = STR("AccountName"),
	[ASK_DOMAIN] = STR("Domain"),
	[ASK_USER] = STR("User"),
	[ASK_KEYWORDS] = STR("Keywords"),
	[ASK_EVENT_TYPE] = STR("EventType"),
	[ASK_STATUS] = STR("Status"),
	[ASK_WINLOG_KEYWORDS] = STR("winlog.keywords"),
	[ASK_DIRECTION] = STR("Direction"),
	[ASK_INITIATED] = STR("Initiated"),
	[ASK_NEW_PROCESS_NAME] = STR("NewProcessName"),
	[ASK_PARENT_PROCESS_NAME] = STR("ParentProcessName"),
	[ASK_THREAT_NAME] = STR("Threat Name"),
	[ASK_CHANNEL] = STR("Channel"),
	[ASK_EVENT_ID] = STR("EventID"),
	[ASK_HASHES] = STR("Hashes"),
	[ASK_HASH] = STR("Hash"),
	[ASK_QUERY_RESULTS] = STR("QueryResults"),
};
_Static_assert((int)ASK_COUNT <= (int)SHAPE_ASKED, "a place each");

/* As build_raw(). */
static struct str ask(const struct build *b, enum asked what)
{
	struct shape *s = b->shape;

	if (s == NULL)
		return build_raw(b, asked[what]);
	for (size_t i = 0; !s->asked && i < ASK_COUNT; i++)
		s->at[i] = (uint8_t)shape_first(s, b->f, asked[i]);
	s->asked = true;
	return s->at[what] < b->ev.n_raw ? b->f[s->at[what]].val : (struct str){ NULL, 0 };
}

enum who { WHO_SUBJECT, WHO_TARGET, WHO_BOTH }; /* whose deed it is: user.name */

static const struct code {
	unsigned code;
	enum who who;
	enum outcome outcome; /* OUTCOME_UNKNOWN: by keywords and status */
	struct str action, category;
} security[] = {
	{ 1102, WHO_SUBJECT, OUTCOME_SUCCESS, STR("audit-log-cleared"), STR("iam") },
	{ 4624, WHO_TARGET, OUTCOME_SUCCESS, STR("logged-in"), STR("authentication") },
	{ 4625, WHO_TARGET, OUTCOME_FAILURE, STR("logon-failed"), STR("authentication") },
	{ 4634, WHO_TARGET, OUTCOME_SUCCESS, STR("logged-out"), STR("authentication") },
	{ 4647, WHO_TARGET, OUTCOME_SUCCESS, STR("logged-out"), STR("authentication") },
	{ 4648, WHO_BOTH, OUTCOME_UNKNOWN, STR("logged-in-explicit"), STR("authentication") },
	{ 4672, WHO_SUBJECT, OUTCOME_SUCCESS, STR("logged-in-special"), STR("iam") },
	{ 4688, WHO_SUBJECT, OUTCOME_SUCCESS, STR("created-process"), STR("process") },
	{ 4689, WHO_SUBJECT, OUTCOME_SUCCESS, STR("exited-process"), STR("process") },
	{ 4697, WHO_SUBJECT, OUTCOME_SUCCESS, STR("service-installed"), STR("configuration") },
	{ 4698, WHO_SUBJECT, OUTCOME_SUCCESS, STR("scheduled-task-created"), STR("configuration") },
	{ 4702, WHO_SUBJECT, OUTCOME_SUCCESS, STR("scheduled-task-updated"), STR("configuration") },
	{ 4719, WHO_SUBJECT, OUTCOME_SUCCESS, STR("changed-audit-config"), STR("iam") },
	{ 4720, WHO_BOTH, OUTCOME_SUCCESS, STR("added-user-account"), STR("iam") },
	{ 4722, WHO_BOTH, OUTCOME_SUCCESS, STR("enabled-user-account"), STR("iam") },
	{ 4723, WHO_BOTH, OUTCOME_UNKNOWN, STR("changed-password"), STR("iam") },
	{ 4724, WHO_BOTH, OUTCOME_UNKNOWN, STR("reset-password"), STR("iam") },
	{ 4725, WHO_BOTH, OUTCOME_SUCCESS, STR("disabled-user-account"), STR("iam") },
	{ 4726, WHO_BOTH, OUTCOME_SUCCESS, STR("deleted-user-account"), STR("iam") },
	{ 4728, WHO_BOTH, OUTCOME_SUCCESS, STR("added-member-to-group"), STR("iam") },
	{ 4732, WHO_BOTH, OUTCOME_SUCCESS, STR("added-member-to-group"), STR("iam") },
	{ 4738, WHO_BOTH, OUTCOME_SUCCESS, STR("modified-user-account"), STR("iam") },
	{ 4740, WHO_TARGET, OUTCOME_SUCCESS, STR("locked-out-user-account"), STR("iam") },
	{ 4756, WHO_BOTH, OUTCOME_SUCCESS, STR("added-member-to-group"), STR("iam") },
	{ 4768, WHO_TARGET, OUTCOME_UNKNOWN, STR("kerberos-ticket"), STR("authentication") },
	{ 4769, WHO_TARGET, OUTCOME_UNKNOWN, STR("kerberos-service-ticket"), STR("authentication") },
	{ 4771, WHO_TARGET, OUTCOME_FAILURE, STR("kerberos-preauth-failed"), STR("authentication") },
	{ 4776, WHO_TARGET, OUTCOME_UNKNOWN, STR("credential-validated"), STR("authentication") },
	{ 4778, WHO_TARGET, OUTCOME_SUCCESS, STR("session-reconnected"), STR("session") },
	{ 4779, WHO_TARGET, OUTCOME_SUCCESS, STR("session-disconnected"), STR("session") },
	{ 5140, WHO_SUBJECT, OUTCOME_UNKNOWN, STR("network-share-accessed"), STR("network") },
	{ 5145, WHO_SUBJECT, OUTCOME_UNKNOWN, STR("network-share-checked"), STR("network") },
	{ 5152, WHO_SUBJECT, OUTCOME_DENIED, STR("packet-dropped"), STR("network") },
	{ 5156, WHO_SUBJECT, OUTCOME_ALLOWED, STR("connection-permitted"), STR("network") },
	{ 5157, WHO_SUBJECT, OUTCOME_DENIED, STR("connection-blocked"), STR("network") },
	{ 5158, WHO_SUBJECT, OUTCOME_ALLOWED, STR("bind-permitted"), STR("network") },
}, sysmon[] = {
	{ 1, WHO_SUBJECT, OUTCOME_SUCCESS, STR("created-process"), STR("process") },
	{ 2, WHO_SUBJECT, OUTCOME_SUCCESS, STR("changed-file-time"), STR("file") },
	{ 3, WHO_SUBJECT, OUTCOME_ALLOWED, STR("network-connection"), STR("network") },
	{ 5, WHO_SUBJECT, OUTCOME_SUCCESS, STR("exited-process"), STR("process") },
	{ 6, WHO_SUBJECT, OUTCOME_SUCCESS, STR("loaded-driver"), STR("driver") },
	{ 7, WHO_SUBJECT, OUTCOME_SUCCESS, STR("loaded-image"), STR("process") },
	{ 8, WHO_SUBJECT, OUTCOME_SUCCESS, STR("remote-thread"), STR("process") },
	{ 10, WHO_SUBJECT, OUTCOME_SUCCESS, STR("process-access"), STR("process") },
	{ 11, WHO_SUBJECT, OUTCOME_SUCCESS, STR("created-file"), STR("file") },
	{ 12, WHO_SUBJECT, OUTCOME_SUCCESS, STR("registry-key"), STR("registry") },
	{ 13, WHO_SUBJECT, OUTCOME_SUCCESS, STR("registry-value"), STR("registry") },
	{ 14, WHO_SUBJECT, OUTCOME_SUCCESS, STR("registry-renamed"), STR("registry") },
	{ 15, WHO_SUBJECT, OUTCOME_SUCCESS, STR("created-stream"), STR("file") },
	{ 17, WHO_SUBJECT, OUTCOME_SUCCESS, STR("created-pipe"), STR("file") },
	{ 18, WHO_SUBJECT, OUTCOME_SUCCESS, STR("connected-pipe"), STR("file") },
	{ 22, WHO_SUBJECT, OUTCOME_SUCCESS, STR("dns-query"), STR("network") },
	{ 23, WHO_SUBJECT, OUTCOME_SUCCESS, STR("deleted-file"), STR("file") },
	{ 26, WHO_SUBJECT, OUTCOME_SUCCESS, STR("deleted-file"), STR("file") },
}, system_codes[] = {
	{ 104, WHO_SUBJECT, OUTCOME_SUCCESS, STR("log-cleared"), STR("configuration") },
	{ 7045, WHO_SUBJECT, OUTCOME_SUCCESS, STR("service-installed"), STR("configuration") },
}, defender[] = {
	{ 1006, WHO_SUBJECT, OUTCOME_UNKNOWN, STR("malware-detected"), STR("malware") },
	{ 1116, WHO_SUBJECT, OUTCOME_UNKNOWN, STR("malware-detected"), STR("malware") },
	{ 1117, WHO_SUBJECT, OUTCOME_UNKNOWN, STR("malware-acted-on"), STR("malware") },
	{ 5001, WHO_SUBJECT, OUTCOME_SUCCESS, STR("protection-disabled"), STR("configuration") },
	{ 5010, WHO_SUBJECT, OUTCOME_SUCCESS, STR("protection-disabled"), STR("configuration") },
};

static const struct {
	struct str channel;
	const struct code *codes;
	size_t n;
} channels[] = {
	{ STR("Security"), security, COUNT(security) },
	{ STR("Microsoft-Windows-Sysmon/Operational"), sysmon, COUNT(sysmon) },
	{ STR("Linux-Sysmon/Operational"), sysmon, COUNT(sysmon) },
	{ STR("System"), system_codes, COUNT(system_codes) },
	{ STR("Microsoft-Windows-Windows Defender/Operational"), defender, COUNT(defender) },
};

static const struct code *code_of(struct str channel, struct str code)
{
	unsigned v = 0;

	for (size_t i = 0; i < code.n && i < 6; i++)
		v = v * 10 + (unsigned)(code.p[i] - '0');
	for (size_t c = 0; c < COUNT(channels); c++) {
		if (!str_eq_nocase(channels[c].channel, channel))
			continue;
		for (size_t i = 0; i < channels[c].n; i++)
			if (channels[c].codes[i].code == v)
				return &channels[c].codes[i];
	}
	return NULL;
}

static void put_user(struct build *b, struct str name, struct str domain)
{
	if (name.n == 0 || str_eq(name, STR("-")))
		return;
	normal_put(b, ECS_USER_NAME, name);
	normal_put(b, ECS_USER_DOMAIN, domain);
}

static void users(struct build *b, enum who who)
{
	struct str subject = ask(b, ASK_SUBJECT_USER_NAME);
	struct str subject_domain = ask(b, ASK_SUBJECT_DOMAIN_NAME);
	struct str target = ask(b, ASK_TARGET_USER_NAME);

	if (build_ecs_get(b, ECS_USER_NAME).p != NULL)
		return; /* the carrier told it under its ECS name */
	if (who == WHO_TARGET)
		put_user(b, target, ask(b, ASK_TARGET_DOMAIN_NAME));
	else
		put_user(b, subject, subject_domain);
	if (who != WHO_TARGET)
		normal_put(b, ECS_TARGET_USER_NAME, target);
	if (build_ecs_get(b, ECS_USER_NAME).p == NULL)
		put_user(b, ask(b, ASK_ACCOUNT_NAME), ask(b, ASK_DOMAIN));
	/* Sysmon: "DOMAIN\user". */
	normal_default(b, ECS_USER_NAME, ask(b, ASK_USER));
}

/* Security: bits 52 and 53 of the keywords, or the word a carrier makes of them. */
static enum outcome by_keywords(const struct build *b)
{
	struct str kw = ask(b, ASK_KEYWORDS);
	struct str type = ask(b, ASK_EVENT_TYPE);
	struct str status = ask(b, ASK_STATUS);

	if (kw.p == NULL)
		kw = ask(b, ASK_WINLOG_KEYWORDS);
	if (str_starts_nocase(kw, STR("0x8010")) || str_eq(kw, STR("Audit Failure")) ||
	    str_eq(type, STR("AUDIT_FAILURE")) || str_eq(kw, STR("-9218868437227405312")))
		return OUTCOME_FAILURE;
	if (str_starts_nocase(kw, STR("0x8020")) || str_eq(kw, STR("Audit Success")) ||
	    str_eq(type, STR("AUDIT_SUCCESS")) || str_eq(kw, STR("-9214364837600034816")))
		return OUTCOME_SUCCESS;
	if (str_eq(status, STR("0x0")))
		return OUTCOME_SUCCESS;
	return OUTCOME_UNKNOWN;
}

/* Sysmon 22: "type:  5 host.example;::ffff:192.0.2.1;". */
static void query_results(struct build *b, struct str list)
{
	struct str one;
	struct addr a;

	while (str_split(&list, ';', &one))
		if (addr_parse(str_trim(one), &a))
			normal_put(b, ECS_DNS_ANSWER_IP, one);
}

/* The numbers of the filtering platform: "%%14592" is inbound. */
static void told_direction(struct build *b)
{
	struct str dir = ask(b, ASK_DIRECTION);
	struct str initiated = ask(b, ASK_INITIATED);

	if (str_eq(dir, STR("%%14592")) || str_eq_nocase(initiated, STR("false")))
		b->ev.direction = DIR_IN;
	else if (str_eq(dir, STR("%%14593")) || str_eq_nocase(initiated, STR("true")))
		b->ev.direction = DIR_OUT;
}

static void process_id(struct build *b)
{
	const struct shape_means *known = normal_known(b, SHAPE_PIDS);

	for (size_t i = 0; known != NULL && i < known->n; i++)
		normal_default(b, ECS_PROCESS_PID, b->f[known->mean[i].field].val);
	/* "ProcessID" is the process that wrote the log; only its spelling tells it apart. */
	for (uint32_t i = 0; known == NULL && i < b->ev.n_raw; i++) {
		struct str name = field_bare(&b->f[i]);

		if (str_eq(name, STR("ProcessId")) || str_eq(name, STR("NewProcessId")))
			normal_default(b, ECS_PROCESS_PID, b->f[i].val);
	}
}

/* Members of one name in the order of trust: the process made, not the one that made it. */
static void process_made(struct build *b)
{
	struct str made = ask(b, ASK_NEW_PROCESS_NAME);
	struct str by = ask(b, ASK_PARENT_PROCESS_NAME);

	if (made.n == 0)
		return;
	normal_replace(b, ECS_PROCESS_EXECUTABLE, made);
	if (by.n > 0)
		normal_replace(b, ECS_PROCESS_PARENT_EXECUTABLE, by);
}

static void short_name(struct build *b)
{
	struct str exe = build_ecs_get(b, ECS_PROCESS_EXECUTABLE);
	size_t at = exe.n;

	while (at > 0 && exe.p[at - 1] != '\\' && exe.p[at - 1] != '/')
		at--;
	normal_default(b, ECS_PROCESS_NAME, str_skip(exe, at));
}

void normal_windows(struct build *b)
{
	const struct code *code;

	normal_map(b, MAP_WINDOWS);
	normal_default(b, ECS_THREAT_NAME, ask(b, ASK_THREAT_NAME));
	code = code_of(ask(b, ASK_CHANNEL), ask(b, ASK_EVENT_ID));
	users(b, code == NULL ? WHO_SUBJECT : code->who);
	if (code != NULL) {
		normal_default(b, ECS_EVENT_ACTION, code->action);
		normal_default(b, ECS_EVENT_CATEGORY, code->category);
		if (b->ev.outcome == OUTCOME_UNKNOWN)
			b->ev.outcome = (uint8_t)code->outcome;
	}
	if (b->ev.outcome == OUTCOME_UNKNOWN)
		b->ev.outcome = (uint8_t)by_keywords(b);
	process_made(b);
	process_id(b);
	short_name(b);
	normal_hashes(b, ask(b, ASK_HASHES));
	normal_hashes(b, ask(b, ASK_HASH));
	query_results(b, ask(b, ASK_QUERY_RESULTS));
	told_direction(b);
}
