/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notify_change.c - the body of PUT /notify onto what is kept, each mistake told by its field. What is
 * kept is read by the same code.
 */
#include "exchange/notify_int.h"

#include "state/contact_row.h"
#include "state/duty_row.h"

#include <arpa/inet.h>
#include <stdio.h>

enum { HOST_MAX = 253, USER_MAX = 254, SECRET_MAX = 512, NAME_MAX_BYTES = 128, MINUTES_MAX = 1440 };

static bool tell_fault(struct reading *r, const char *field, const struct err *why)
{
	r->ok = false;
	if (r->sink != NULL)
		r->sink->fault(r->sink->ctx, field, why);
	return false;
}

static bool fault(struct reading *r, const char *field, const char *reason)
{
	struct err why = { .kind = ERR_INPUT, .id = reason };

	snprintf(why.text, sizeof why.text, "%s", reason);
	return tell_fault(r, field, &why);
}

static const char *name_of(struct reading *r, const char *list, size_t i, const char *member)
{
	struct str s = arena_printf(r->a, "%s[%zu]%s%s", list, i, member[0] ? "." : "", member);

	return s.p == NULL ? list : s.p;
}

/* Text without controls; a missing one stays as it is. */
static bool take_text(struct reading *r, const struct json *v, const char *field, size_t max,
		      struct str *out)
{
	struct str s = json_str(v);

	if (v == NULL)
		return true;
	if (s.p == NULL)
		return fault(r, field, MSG_ID("expected text"));
	if (s.n > max)
		return fault(r, field, MSG_ID("too long"));
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return fault(r, field, MSG_ID("a control character"));
	*out = arena_str(r->a, s);
	return out->p != NULL;
}

static bool take_pem(struct reading *r, const struct json *v, const char *field, struct str *out)
{
	struct str s = json_str(v);

	if (v == NULL)
		return true;
	if (s.p == NULL || s.n > NOTIFY_PEM_MAX ||
	    (s.n > 0 && str_find(s, STR("-----BEGIN CERTIFICATE-----")) == s.n))
		return fault(r, field, MSG_ID("expected certificates as PEM"));
	*out = arena_str(r->a, s);
	return out->p != NULL;
}

static bool host_ok(struct str s)
{
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_digit(s.p[i]) && !ascii_alpha(s.p[i]) && s.p[i] != '-' &&
		    s.p[i] != '.' && s.p[i] != ':')
			return false;
	return true;
}

static bool loopback(struct str host)
{
	char text[INET_ADDRSTRLEN];
	struct in_addr ip;

	if (str_eq(host, STR("localhost")) || str_eq(host, STR("::1")))
		return true;
	snprintf(text, sizeof text, "%.*s", STR_ARG(host));
	return str_starts(host, STR("127.")) && host.n < sizeof text &&
	       inet_pton(AF_INET, text, &ip) == 1;
}

static bool take_name(struct str s, const char *const *names, size_t n, int *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(s, str_of(names[i])))
			continue;
		*out = (int)i;
		return true;
	}
	return false;
}

static void read_smtp(struct reading *r, const struct json *v, struct notify *n)
{
	struct err why;
	int tls = MAIL_STARTTLS;

	n->smtp = !json_is_null(v);
	if (!n->smtp)
		return;
	take_text(r, json_get(v, "host"), "smtp.host", HOST_MAX, &n->host);
	if (!host_ok(n->host))
		fault(r, "smtp.host", MSG_ID("expected a host name or an address"));
	if (!json_int(json_get(v, "port"), &n->port) || n->port < 1 || n->port > 65535)
		fault(r, "smtp.port", MSG_ID("expected a port from 1 to 65535"));
	if (!take_name(json_get_str(v, "tls"), mail_tls_names, COUNT(mail_tls_names), &tls))
		fault(r, "smtp.tls", MSG_ID("expected none, starttls or tls"));
	n->tls = (enum mail_tls)tls;
	take_text(r, json_get(v, "user"), "smtp.user", USER_MAX, &n->user);
	take_text(r, json_get(v, "password"), "smtp.password", SECRET_MAX, &n->password);
	if (n->password.n > 0 && n->user.n > 0 && n->tls == MAIL_NONE && !loopback(n->host))
		fault(r, "smtp.tls", MSG_ID("a password goes over TLS only"));
	if (take_text(r, json_get(v, "from"), "smtp.from", CONTACT_EMAIL_MAX, &n->from) &&
	    (n->from.n == 0 || !contact_email_check(n->from, &why)))
		fault(r, "smtp.from", MSG_ID("expected an e-mail address"));
	take_pem(r, json_get(v, "ca_pem"), "smtp.ca_pem", &n->ca_pem);
}

/* --- webhooks --- */

static bool url_ok(struct str s)
{
	struct str rest = str_starts(s, STR("https://")) ? str_skip(s, 8) : str_skip(s, 7);
	size_t n = str_find_char(rest, '/');
	struct str host = str_sub(rest, 0, n);
	size_t port = host.n;

	while (port > 0 && ascii_digit(host.p[port - 1]))
		port--;
	if (port > 0 && port < host.n && host.p[port - 1] == ':')
		host = str_sub(host, 0, port - 1);
	if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = str_sub(host, 1, host.n - 1);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f)
			return false;
	if (!host_ok(host))
		return false;
	return str_starts(s, STR("https://")) || (str_starts(s, STR("http://")) && loopback(host));
}

static const struct webhook *hook_of(const struct webhook *all, size_t n, struct str id)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(id, str_of(all[i].id)))
			return &all[i];
	return NULL;
}

static void read_hook(struct reading *r, const struct json *v, size_t i, const struct notify *old,
		      struct webhook *out)
{
	struct str id = json_get_str(v, "id");
	const struct webhook *was = hook_of(old->hooks, old->n_hooks, id);

	*out = was != NULL ? *was : (struct webhook){ .name = { NULL, 0 } };
	if (was == NULL && id.n == UUID_LEN && r->sink == NULL)
		snprintf(out->id, sizeof out->id, "%.*s", STR_ARG(id));
	else if (was == NULL && id.n > 0)
		fault(r, name_of(r, "webhooks", i, "id"), MSG_ID("there is no such webhook"));
	else if (was == NULL)
		uuid_new(out->id);
	take_text(r, json_get(v, "name"), name_of(r, "webhooks", i, "name"), NAME_MAX_BYTES,
		  &out->name);
	if (out->name.n == 0)
		fault(r, name_of(r, "webhooks", i, "name"), MSG_ID("must not be empty"));
	take_text(r, json_get(v, "url"), name_of(r, "webhooks", i, "url"), NOTIFY_URL_MAX,
		  &out->url);
	if (r->sink != NULL && !url_ok(out->url))
		fault(r, name_of(r, "webhooks", i, "url"),
		      MSG_ID("expected https://, or http:// to this machine"));
	take_text(r, json_get(v, "secret"), name_of(r, "webhooks", i, "secret"), SECRET_MAX,
		  &out->secret);
	take_pem(r, json_get(v, "ca_pem"), name_of(r, "webhooks", i, "ca_pem"), &out->ca_pem);
}

static void read_hooks(struct reading *r, const struct json *list, struct notify *n)
{
	struct notify old = *n;

	if (!json_is_array(list) || json_count(list) > NOTIFY_HOOKS) {
		fault(r, "webhooks", MSG_ID("expected a list of at most 8"));
		return;
	}
	n->n_hooks = json_count(list);
	for (size_t i = 0; i < n->n_hooks; i++)
		read_hook(r, json_at(list, i), i, &old, &n->hooks[i]);
}

/* --- rules --- */

static bool recipient_ok(enum recipient_kind kind, struct str value)
{
	static const struct str roles[] = { STR("analyst"), STR("lead"), STR("admin") };
	enum post post;
	struct err why;

	switch (kind) {
	case TO_DUTY:
		return post_parse(value, &post);
	case TO_CONTACT:
		return uuid_valid(value);
	case TO_ADDRESS:
		return value.n > 0 && contact_email_check(value, &why);
	case TO_ROLE:
		break;
	}
	for (size_t i = 0; i < COUNT(roles); i++)
		if (str_eq(value, roles[i]))
			return true;
	return false;
}

static void read_recipients(struct reading *r, const struct json *list, const char *field,
			    struct recipient *out, size_t *n)
{
	if (list == NULL)
		return;
	if (!json_is_array(list) || json_count(list) > NOTIFY_RECIPIENTS) {
		fault(r, field, MSG_ID("expected a list of at most 32"));
		return;
	}
	*n = 0;
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *v = json_at(list, i);
		struct recipient *to = &out[*n];
		int kind = 0;

		*to = (struct recipient){ .lang = str_eq(json_get_str(v, "lang"), STR("en"))
							  ? STR("en")
							  : STR("vi") };
		if (!take_name(json_get_str(v, "kind"), recipient_kinds, COUNT(recipient_kinds),
			       &kind) ||
		    !recipient_ok((enum recipient_kind)kind, json_get_str(v, "value"))) {
			fault(r, name_of(r, field, i, ""),
			      MSG_ID("not a recipient: a post, a role, a contact or an address"));
			continue;
		}
		to->kind = (enum recipient_kind)kind;
		to->value = arena_str(r->a, json_get_str(v, "value"));
		++*n;
	}
}

static int64_t read_minutes(struct reading *r, const struct json *v, const char *field)
{
	int64_t n = 0;

	if (v != NULL && (!json_int(v, &n) || n < 0 || n > MINUTES_MAX))
		fault(r, field, MSG_ID("expected minutes from 0 to 1440"));
	return n * TIME_MINUTE;
}

static void read_rule(struct reading *r, const struct json *v, size_t i, struct notify *n)
{
	int rank = notify_severity(json_get_str(v, "severity"));
	const struct json *hooks = json_get(v, "webhooks");
	struct notify_rule rule = { .is_set = true, .mail = json_bool(json_get(v, "mail"), false) };

	if (rank < 0 || n->rules[rank].is_set) {
		fault(r, name_of(r, "rules", i, "severity"),
		      MSG_ID("expected a severity, each once"));
		return;
	}
	for (size_t k = 0; k < json_count(hooks) && k < NOTIFY_HOOKS; k++) {
		const struct webhook *h = hook_of(n->hooks, n->n_hooks,
						  json_str(json_at(hooks, k)));

		if (h != NULL)
			rule.hooks[rule.n_hooks++] = arena_str(r->a, str_of(h->id));
		else
			fault(r, name_of(r, "rules", i, "webhooks"),
			      MSG_ID("there is no such webhook"));
	}
	if (rule.mail && !n->smtp)
		fault(r, name_of(r, "rules", i, "mail"), MSG_ID("no mail server is set"));
	read_recipients(r, json_get(v, "to"), name_of(r, "rules", i, "to"), rule.to, &rule.n_to);
	read_recipients(r, json_get(v, "escalate_to"), name_of(r, "rules", i, "escalate_to"),
			rule.higher, &rule.n_higher);
	if (rule.mail && rule.n_to == 0)
		fault(r, name_of(r, "rules", i, "to"), MSG_ID("must not be empty"));
	rule.repeat = read_minutes(r, json_get(v, "repeat_min"),
				   name_of(r, "rules", i, "repeat_min"));
	rule.escalate = read_minutes(r, json_get(v, "escalate_min"),
				     name_of(r, "rules", i, "escalate_min"));
	n->rules[rank] = rule;
}

static void read_rules(struct reading *r, const struct json *list, struct notify *n)
{
	for (size_t i = 0; i < NOTIFY_SEVERITIES; i++)
		n->rules[i].is_set = false;
	if (!json_is_array(list) || json_count(list) > NOTIFY_SEVERITIES)
		fault(r, "rules", MSG_ID("expected a list of at most 5"));
	for (size_t i = 0; i < json_count(list) && i < NOTIFY_SEVERITIES; i++)
		read_rule(r, json_at(list, i), i, n);
}

/* Rules that were not named still name what is gone now. */
static void check_rules(struct reading *r, const struct notify *n)
{
	for (size_t i = 0; i < NOTIFY_SEVERITIES; i++) {
		const struct notify_rule *rule = &n->rules[i];

		if (!rule->is_set)
			continue;
		if (rule->mail && !n->smtp)
			fault(r, "smtp", MSG_ID("a rule sends mail: it needs the mail server"));
		for (size_t k = 0; k < rule->n_hooks; k++)
			if (notify_hook(n, rule->hooks[k]) == NULL)
				fault(r, "webhooks", MSG_ID("a rule uses a webhook that is gone"));
	}
}

/* --- quiet hours --- */

/* "22:00" in minutes. */
static bool read_clock(struct str s, int *out)
{
	if (s.n != 5 || s.p[2] != ':')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (i != 2 && !ascii_digit(s.p[i]))
			return false;
	int h = (s.p[0] - '0') * 10 + s.p[1] - '0', m = (s.p[3] - '0') * 10 + s.p[4] - '0';
	*out = h * 60 + m;
	return h < 24 && m < 60;
}

static void read_quiet(struct reading *r, const struct json *list, struct notify *n)
{
	static const char *const roles[] = { "viewer", "analyst", "lead", "auditor", "admin" };

	if (!json_is_array(list) || json_count(list) > NOTIFY_QUIET) {
		fault(r, "quiet", MSG_ID("expected a list of at most 8"));
		return;
	}
	n->n_quiet = 0;
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *v = json_at(list, i);
		struct quiet_hours *q = &n->quiet[n->n_quiet];
		int role;

		if (!take_name(json_get_str(v, "role"), roles, COUNT(roles), &role))
			fault(r, name_of(r, "quiet", i, "role"), MSG_ID("no such role"));
		else if (!read_clock(json_get_str(v, "from"), &q->from))
			fault(r, name_of(r, "quiet", i, "from"),
			      MSG_ID("expected a time like 22:00"));
		else if (!read_clock(json_get_str(v, "to"), &q->to))
			fault(r, name_of(r, "quiet", i, "to"),
			      MSG_ID("expected a time like 22:00"));
		else {
			q->role = str_of(roles[role]);
			n->n_quiet++;
		}
	}
}

void notify_read_all(struct reading *r, const struct json *body, struct notify *n)
{
	static const struct {
		const char *key;
		void (*read)(struct reading *r, const struct json *v, struct notify *n);
	} parts[] = { { "smtp", read_smtp },
		      { "webhooks", read_hooks },
		      { "rules", read_rules },
		      { "quiet", read_quiet } };

	for (size_t i = 0; i < COUNT(parts); i++)
		if (json_get(body, parts[i].key) != NULL)
			parts[i].read(r, json_get(body, parts[i].key), n);
	n->critical_always = json_bool(json_get(body, "critical_always"), n->critical_always);
	n->exercises = json_bool(json_get(body, "exercises"), n->exercises);
	if (r->sink != NULL)
		check_rules(r, n);
}

bool notify_change(struct arena *a, const struct json *body, struct notify *n,
		   const struct notify_sink *sink)
{
	struct reading r = { a, sink, true };
	struct notify changed = *n;

	notify_read_all(&r, body, &changed);
	if (r.ok)
		*n = changed;
	return r.ok;
}
