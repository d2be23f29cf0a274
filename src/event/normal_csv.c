/* SPDX-License-Identifier: Apache-2.0 */
/* normal_csv.c - rows by what their columns are: the roles run along the raw fields. */
#include "base/utf8.h"
#include "event/csv.h"
#include "event/normal_int.h"

/* The channel of those providers that write to one only; the Event Viewer's CSV tells the provider. */
static struct str channel_of(struct str provider)
{
	static const struct {
		struct str provider, channel;
	} known[] = {
		{ STR("Microsoft-Windows-Security-Auditing"), STR("Security") },
		{ STR("Microsoft-Windows-Sysmon"), STR("Microsoft-Windows-Sysmon/Operational") },
		{ STR("Service Control Manager"), STR("System") },
		{ STR("Microsoft-Windows-Windows Defender"),
		  STR("Microsoft-Windows-Windows Defender/Operational") },
		{ STR("Microsoft-Windows-PowerShell"),
		  STR("Microsoft-Windows-PowerShell/Operational") },
		{ STR("PowerShell"), STR("Windows PowerShell") },
		{ STR("Microsoft-Windows-TaskScheduler"),
		  STR("Microsoft-Windows-TaskScheduler/Operational") },
	};

	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq_nocase(provider, known[i].provider))
			return known[i].channel;
	return (struct str){ NULL, 0 };
}

static struct str role_val(const struct build *b, uint8_t role)
{
	for (uint32_t i = b->inner; i < b->inner + b->n_roles; i++)
		if (b->roles[i - b->inner] == role)
			return b->f[i].val;
	return (struct str){ NULL, 0 };
}

/* The names that rules use for the head of a Windows event, and the data that stands in its text. */
void normal_csv_names(struct build *b)
{
	static const struct {
		struct str name;
		uint8_t role;
	} names[] = {
		{ STR("EventID"), ECS_EVENT_CODE },
		{ STR("Channel"), ECS_LOG_CHANNEL },
		{ STR("Provider_Name"), ECS_EVENT_PROVIDER },
		{ STR("Computer"), ECS_HOST_NAME },
		{ STR("Message"), CSV_TEXT },
	};
	struct str text;

	if (b->roles == NULL || !b->windows)
		return;
	text = role_val(b, CSV_TEXT);
	struct str vals[COUNT(names)];
	for (size_t i = 0; i < COUNT(names); i++)
		vals[i] = role_val(b, names[i].role);
	for (size_t i = 0; i < COUNT(names); i++)
		if (build_raw(b, names[i].name).p == NULL)
			build_add_some(b, names[i].name, vals[i]);
	if (build_raw(b, STR("Channel")).p == NULL)
		build_add_some(b, STR("Channel"), channel_of(build_raw(b, STR("Provider_Name"))));
	normal_windows_message(b, text);
}

/* What consoles say of what was done, in the words of more than one of them; the first that is there
 * counts. */
static enum outcome console_word(struct build *b, struct str said)
{
	static const struct {
		struct str word; /* folded */
		enum outcome is;
	} words[] = {
		{ STR("not "), OUTCOME_ALLOWED },     { STR("unable"), OUTCOME_ALLOWED },
		{ STR("failed"), OUTCOME_ALLOWED },   { STR("left alone"), OUTCOME_ALLOWED },
		{ STR("passed"), OUTCOME_ALLOWED },   { STR("khong"), OUTCOME_ALLOWED },
		{ STR("chua"), OUTCOME_ALLOWED },     { STR("cho phep"), OUTCOME_ALLOWED },
		{ STR("clean"), OUTCOME_DENIED },     { STR("delet"), OUTCOME_DENIED },
		{ STR("quarantin"), OUTCOME_DENIED }, { STR("disinfect"), OUTCOME_DENIED },
		{ STR("remov"), OUTCOME_DENIED },     { STR("block"), OUTCOME_DENIED },
		{ STR("denied"), OUTCOME_DENIED },    { STR("terminat"), OUTCOME_DENIED },
		{ STR("da xoa"), OUTCOME_DENIED },    { STR("da chan"), OUTCOME_DENIED },
		{ STR("cach ly"), OUTCOME_DENIED },   { STR("da diet"), OUTCOME_DENIED },
		{ STR("da xu ly"), OUTCOME_DENIED },  { STR("da lam sach"), OUTCOME_DENIED },
	};
	struct arena scratch = *b->a;
	struct str s = utf8_fold_search(&scratch, str_sub(said, 0, 256));

	for (size_t i = 0; s.p != NULL && i < COUNT(words); i++)
		if (str_find(s, words[i].word) < s.n)
			return words[i].is;
	return OUTCOME_UNKNOWN;
}

/* "auth-fail", "gateway-auth" with status "failure". */
static enum outcome told_outcome(struct build *b)
{
	struct str action = build_ecs_get(b, ECS_EVENT_ACTION),
		   status = build_raw(b, STR("status"));
	enum outcome is = normal_outcome_word(action);

	if (is == OUTCOME_UNKNOWN)
		is = normal_outcome_word(status);
	if (is != OUTCOME_UNKNOWN)
		return is;
	if (str_ends(action, STR("-fail")) || str_ends(action, STR(" Failed")) ||
	    str_ends(action, STR(" failed")))
		return OUTCOME_FAILURE;
	if (str_ends(action, STR("-success")) || str_ends(action, STR("-succ")) ||
	    str_ends(action, STR(" Successful")))
		return OUTCOME_SUCCESS;
	return build_ecs_get(b, ECS_THREAT_NAME).p != NULL ? console_word(b, action) : is;
}

/* "MSWinEventLog" says "Success Audit", the Event Viewer "Audit Success". */
static void windows_outcome(struct build *b)
{
	struct str type = build_raw(b, STR("EventType")), level = role_val(b, ECS_LOG_LEVEL);

	if (str_eq(type, STR("Failure Audit")) || str_eq(level, STR("Audit Failure")))
		b->ev.outcome = OUTCOME_FAILURE;
	else if (str_eq(type, STR("Success Audit")) || str_eq(level, STR("Audit Success")))
		b->ev.outcome = OUTCOME_SUCCESS;
}

static void by_roles(struct build *b)
{
	for (uint32_t i = b->inner; i < b->inner + b->n_roles; i++) {
		uint8_t role = b->roles[i - b->inner];

		if (role > ECS_NONE && role < ECS_COUNT)
			normal_put(b, (enum ecs)role, b->f[i].val);
	}
}

void normal_csv(struct build *b)
{
	if (b->roles == NULL)
		return;
	if (b->windows) {
		windows_outcome(b);
		normal_windows(b);
		by_roles(b);
		return;
	}
	by_roles(b);
	normal_put(b, ECS_OBSERVER_PRODUCT, b->product);
	normal_put(b, ECS_OBSERVER_VENDOR, b->vendor);
	normal_hash(b, role_val(b, ECS_FILE_HASH_SHA256));
	b->ev.outcome = (uint8_t)told_outcome(b);
	if (build_ecs_get(b, ECS_THREAT_NAME).p != NULL)
		normal_default(b, ECS_EVENT_CATEGORY, STR("malware"));
}
