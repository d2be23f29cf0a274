/* SPDX-License-Identifier: Apache-2.0 */
/* normal_host.c - the Linux audit log and web servers. */
#include "event/normal_int.h"

/* One of the users of a record, by trust: the account named, then the login user, then the effective. */
static void audit_user(struct build *b)
{
	static const struct str names[] = { STR("acct"), STR("AUID"), STR("UID"), STR("user") };

	for (size_t i = 0; i < COUNT(names); i++) {
		for (uint32_t k = 0; k < b->ev.n_raw; k++)
			if (str_eq(b->f[k].name, names[i]) && !str_eq(b->f[k].val, STR("unset")))
				normal_default(b, ECS_USER_NAME, b->f[k].val);
	}
}

/* SYSCALL tells success=yes, user space res=success, res=1 or res=failed. */
static void audit_outcome(struct build *b)
{
	struct str yes = build_raw(b, STR("success")), res = build_raw(b, STR("res"));

	if (yes.p == NULL)
		yes = res;
	if (yes.p == NULL)
		yes = build_raw(b, STR("result"));
	if (str_eq(yes, STR("1")))
		b->ev.outcome = OUTCOME_SUCCESS;
	else if (str_eq(yes, STR("0")))
		b->ev.outcome = OUTCOME_FAILURE;
	else
		b->ev.outcome = (uint8_t)normal_outcome_word(yes);
	if (str_eq(build_raw(b, STR("seresult")), STR("denied")) ||
	    str_eq(build_raw(b, STR("apparmor")), STR("DENIED")))
		b->ev.outcome = OUTCOME_DENIED;
}

/* connect() names where to, accept() where from. */
static void audit_socket(struct build *b)
{
	struct str ip = build_raw(b, STR("saddr_ip")), call = { NULL, 0 };
	bool from, to;

	if (ip.p == NULL)
		return;
	for (uint32_t k = 0; k < b->ev.n_raw; k++)
		if (str_eq(b->f[k].name, STR("SYSCALL")))
			call = b->f[k].val;
	from = str_starts(call, STR("accept")) || str_eq(call, STR("recvfrom"));
	to = str_eq(call, STR("connect")) || str_starts(call, STR("sendto"));
	if (!from && !to)
		return; /* bind, getsockname: our own end */
	normal_default(b, from ? ECS_SOURCE_IP : ECS_DESTINATION_IP, ip);
	normal_default(b, from ? ECS_SOURCE_PORT : ECS_DESTINATION_PORT,
		       build_raw(b, STR("saddr_port")));
}

void normal_audit(struct build *b)
{
	struct str type = build_raw(b, STR("type"));

	normal_default(b, ECS_PROCESS_COMMAND_LINE, build_raw(b, STR("command")));
	if (build_ecs_get(b, ECS_PROCESS_COMMAND_LINE).p == NULL)
		normal_put(b, ECS_PROCESS_COMMAND_LINE, build_raw(b, STR("proctitle")));
	normal_map(b, MAP_AUDIT);
	normal_put(b, ECS_EVENT_CODE, type);
	for (uint32_t k = 0; k < b->ev.n_raw; k++)
		if (str_eq(b->f[k].name, STR("SYSCALL")))
			normal_default(b, ECS_EVENT_ACTION, b->f[k].val);
	/* PATH tells one file for each item; all of them are meant. */
	for (uint32_t k = 0; k < b->ev.n_raw; k++)
		if (str_eq(b->f[k].name, STR("name")))
			normal_put(b, ECS_FILE_PATH, b->f[k].val);
	audit_user(b);
	audit_outcome(b);
	audit_socket(b);
}

/* nginx as the mail proxy of Zimbra. */
static void mail_proxy(struct build *b)
{
	struct str user = build_raw(b, STR("login")), message = build_raw(b, STR("message"));
	bool in = str_find(message, STR("client logged in")) < message.n;

	if (user.p == NULL)
		return;
	normal_default(b, ECS_USER_NAME, user);
	if (in || str_find(message, STR("client login failed")) < message.n) {
		normal_put(b, ECS_EVENT_ACTION, STR("mail_login"));
		b->ev.outcome = in ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
	}
}

void normal_web(struct build *b)
{
	struct str status, action = build_raw(b, STR("action"));

	normal_map(b, MAP_WEB);
	if (build_raw(b, STR("id.orig_h")).p != NULL) {
		normal_map(b, MAP_JSON); /* Zeek with tabs */
		normal_zeek(b);
	}
	normal_default(b, ECS_USER_NAME, build_raw(b, STR("user")));
	status = build_ecs_get(b, ECS_HTTP_STATUS);
	if (status.n == 3)
		b->ev.outcome = status.p[0] == '4' || status.p[0] == '5' ? OUTCOME_FAILURE
									 : OUTCOME_SUCCESS;
	else if (action.p != NULL)
		b->ev.outcome = (uint8_t)normal_outcome_word(action);
	mail_proxy(b);
}
