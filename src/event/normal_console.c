/* SPDX-License-Identifier: Apache-2.0 */
/*
 * normal_console.c - what management consoles send as JSON or XML: ePO, ESET PROTECT, Office 365.
 *
 * Each is told by names that no other sender has together; its time is in UTC without saying so.
 */
#include "event/normal_int.h"
#include "event/stamp.h"

static void utc_time(struct build *b, struct str text)
{
	struct stamp_at when = { NULL, b->now };
	int64_t t;

	if (stamp_whole(text, &when, &t))
		build_time(b, t);
}

/* Trellix (McAfee) ePO, as XML. */
static bool epo(struct build *b)
{
	struct str does = build_raw(b, STR("ThreatActionTaken"));

	if (build_raw(b, STR("MachineName")).p == NULL || build_raw(b, STR("AgentGUID")).p == NULL)
		return false;
	utc_time(b, build_raw(b, STR("GMTTime")));
	normal_map(b, MAP_EPO);
	b->ev.outcome = (uint8_t)normal_outcome_word(does);
	if (build_raw(b, STR("ThreatHandled")).p != NULL && b->ev.outcome == OUTCOME_UNKNOWN)
		b->ev.outcome = str_eq_nocase(build_raw(b, STR("ThreatHandled")), STR("true"))
					? OUTCOME_DENIED
					: OUTCOME_ALLOWED;
	return true;
}

/* ESET PROTECT: "cleaned by deleting", "blocked", "Success". */
static bool eset(struct build *b)
{
	struct str type = build_raw(b, STR("event_type")), result = build_raw(b, STR("result"));
	struct str done = build_raw(b, STR("action_taken"));

	if (!str_ends(type, STR("_Event")) || build_raw(b, STR("source_uuid")).p == NULL)
		return false;
	utc_time(b, build_raw(b, STR("occured")));
	normal_map(b, MAP_ESET);
	normal_put(b, ECS_OBSERVER_VENDOR, STR("ESET"));
	normal_hash(b, build_raw(b, STR("hash")));
	b->ev.outcome = (uint8_t)normal_outcome_word(result);
	if (b->ev.outcome == OUTCOME_UNKNOWN)
		b->ev.outcome = (uint8_t)normal_outcome_word(done);
	if (b->ev.outcome == OUTCOME_UNKNOWN && done.n > 0)
		b->ev.outcome = str_starts_nocase(done, STR("clean")) ||
						str_starts_nocase(done, STR("delet")) ||
						str_starts_nocase(done, STR("connection term"))
					? OUTCOME_DENIED
					: OUTCOME_UNKNOWN;
	if (str_eq(type, STR("Threat_Event")) && build_ecs_get(b, ECS_THREAT_NAME).p != NULL)
		normal_default(b, ECS_EVENT_CATEGORY, STR("malware"));
	return true;
}

/* The unified audit log of Office 365, whoever carries it. */
static bool office365(struct build *b)
{
	struct str user = build_raw(b, STR("UserId")), status = build_raw(b, STR("ResultStatus"));

	if (user.p == NULL || build_raw(b, STR("RecordType")).p == NULL ||
	    build_raw(b, STR("OrganizationId")).p == NULL)
		return false;
	utc_time(b, build_raw(b, STR("CreationTime")));
	normal_map(b, MAP_O365);
	normal_put(b, ECS_OBSERVER_PRODUCT, STR("Office 365"));
	b->ev.outcome = (uint8_t)normal_outcome_word(status);
	if (str_eq_nocase(status, STR("true")))
		b->ev.outcome = OUTCOME_SUCCESS;
	else if (str_eq_nocase(status, STR("false")) ||
		 str_eq(build_raw(b, STR("Operation")), STR("UserLoginFailed")))
		b->ev.outcome = OUTCOME_FAILURE;
	else if (str_eq(build_raw(b, STR("Operation")), STR("UserLoggedIn")))
		b->ev.outcome = OUTCOME_SUCCESS;
	return true;
}

static bool all_there(const struct build *b, const struct str *name, size_t n)
{
	size_t i = 0;

	while (i < n && build_raw(b, name[i]).p != NULL)
		i++;
	return i == n;
}

bool normal_may_console(const struct build *b)
{
	static const struct str of_epo[] = { STR("MachineName"), STR("AgentGUID") };
	static const struct str of_eset[] = { STR("event_type"), STR("source_uuid") };
	static const struct str of_office[] = { STR("UserId"), STR("RecordType"),
						STR("OrganizationId") };

	return all_there(b, of_epo, COUNT(of_epo)) || all_there(b, of_eset, COUNT(of_eset)) ||
	       all_there(b, of_office, COUNT(of_office));
}

bool normal_console(struct build *b)
{
	return epo(b) || eset(b) || office365(b);
}
