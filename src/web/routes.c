/* SPDX-License-Identifier: Apache-2.0 */
/*
 * routes.c - every URL with the role it needs and the parameters it takes. The page's files are found
 * before (page.c).
 */
#include "web/routes.h"

#include "web/handlers_int.h"
#include "web/house_int.h"
#include "web/people_int.h"
#include "web/request.h"

// clang-format off
const struct route routes[] = {
	/* open */
	{ M_GET,    "/api/v1/health",                 OPEN,         BODY_NONE,    LANE_QUICK,  health_get },
	{ M_GET,    "/api/v1/invite/{token}",         OPEN,         BODY_NONE,    LANE_QUICK,  invite_get },
	{ M_POST,   "/api/v1/invite/{token}",         OPEN,         BODY_JSON,    LANE_SIGNIN, invite_post },
	{ M_POST,   "/api/v1/invite/{token}/confirm", OPEN,         BODY_JSON,    LANE_QUICK,  invite_confirm_post },
	{ M_POST,   "/api/v1/session",                OPEN,         BODY_JSON,    LANE_SIGNIN, session_post },
	{ M_GET,    "/ca.crt",                        OPEN,         BODY_NONE,    LANE_QUICK,  ca_get },
	{ M_GET,    "/ca.pem",                        OPEN,         BODY_NONE,    LANE_QUICK,  ca_get },
	{ M_GET,    "/ca.der",                        OPEN,         BODY_NONE,    LANE_QUICK,  ca_get },
	/* oneself */
	{ M_GET,    "/api/v1/session",                ACT_OWN,      BODY_NONE,    LANE_QUICK,  session_get },
	{ M_PATCH,  "/api/v1/session",                ACT_OWN,      BODY_JSON,    LANE_QUICK,  session_patch },
	{ M_DELETE, "/api/v1/session",                ACT_OWN,      BODY_NONE,    LANE_QUICK,  session_delete },
	{ M_POST,   "/api/v1/session/password",       ACT_OWN,      BODY_JSON,    LANE_SIGNIN, session_password_post },
	{ M_GET,    "/api/v1/sessions",               ACT_OWN,      BODY_NONE,    LANE_QUICK,  sessions_list },
	{ M_DELETE, "/api/v1/sessions/{id}",          ACT_OWN,      BODY_NONE,    LANE_QUICK,  sessions_delete },
	/* accounts and tokens */
	{ M_GET,    "/api/v1/users",                  ACT_READ_ACCESS, BODY_NONE, LANE_QUICK,  users_list },
	{ M_POST,   "/api/v1/users",                  ACT_USERS,    BODY_JSON,    LANE_QUICK,  users_post },
	{ M_PATCH,  "/api/v1/users/{id}",             ACT_USERS,    BODY_JSON,    LANE_QUICK,  users_patch },
	{ M_POST,   "/api/v1/users/{id}/invite",      ACT_USERS,    BODY_NONE,    LANE_QUICK,  users_invite },
	{ M_GET,    "/api/v1/tokens",                 ACT_READ_ACCESS, BODY_NONE, LANE_QUICK,  tokens_list },
	{ M_POST,   "/api/v1/tokens",                 ACT_TOKENS,   BODY_JSON,    LANE_QUICK,  tokens_post },
	{ M_DELETE, "/api/v1/tokens/{id}",            ACT_TOKENS,   BODY_NONE,    LANE_QUICK,  tokens_delete },
	{ M_GET,    "/api/v1/settings",               ACT_READ_HOUSE, BODY_NONE,  LANE_QUICK,  settings_get },
	{ M_PUT,    "/api/v1/settings",               ACT_SETTINGS, BODY_JSON,    LANE_UPLOAD, settings_put },
	{ M_GET,    "/api/v1/certificate",            ACT_READ,     BODY_NONE,    LANE_QUICK,  certificate_get },
	{ M_GET,    "/api/v1/reload",                 ACT_READ_HOUSE, BODY_NONE,  LANE_QUICK,  reload_get },
	{ M_POST,   "/api/v1/reload",                 ACT_SETTINGS, BODY_NONE,    LANE_UPLOAD, reload_post },
	{ M_GET,    "/api/v1/ledger",                 ACT_READ_LEDGER, BODY_NONE, LANE_QUICK,  ledger_get,
	  "kind from to limit cursor" },
	{ M_GET,    "/api/v1/units",                  ACT_READ,     BODY_NONE,    LANE_QUICK,  units_list },
	{ M_POST,   "/api/v1/units",                  ACT_UNITS,    BODY_JSON,    LANE_QUICK,  units_post },
	{ M_PATCH,  "/api/v1/units/{id}",             ACT_UNITS,    BODY_JSON,    LANE_QUICK,  units_patch },
	{ M_DELETE, "/api/v1/units/{id}",             ACT_UNITS,    BODY_NONE,    LANE_QUICK,  units_delete },
	{ M_POST,   "/api/v1/units/{id}/sites",       ACT_UNITS,    BODY_JSON,    LANE_QUICK,  sites_post },
	{ M_PATCH,  "/api/v1/sites/{id}",             ACT_UNITS,    BODY_JSON,    LANE_QUICK,  sites_patch },
	{ M_DELETE, "/api/v1/sites/{id}",             ACT_UNITS,    BODY_NONE,    LANE_QUICK,  sites_delete },
	{ M_GET,    "/api/v1/witness",                ACT_READ,     BODY_NONE,    LANE_QUICK,  witness_get,
	  "from" },
	/* the first run */
	{ M_GET,    "/api/v1/setup",                  ACT_READ,     BODY_NONE,    LANE_QUICK,  setup_get },
	{ M_GET,    "/api/v1/snippets",               ACT_READ,     BODY_NONE,    LANE_QUICK,  snippets_list },
	{ M_GET,    "/api/v1/doors",                  ACT_READ,     BODY_NONE,    LANE_QUICK,  doors_get },
	/* sources, lists, rules */
	{ M_GET,    "/api/v1/sources",                ACT_READ,     BODY_NONE,    LANE_QUICK,  sources_list },
	{ M_PATCH,  "/api/v1/sources/{id}",           ACT_SOURCES,  BODY_JSON,    LANE_QUICK,  sources_patch },
	{ M_POST,   "/api/v1/sources/{id}/heartbeat", ACT_SOURCES,  BODY_NONE,    LANE_QUICK,  sources_beat },
	{ M_DELETE, "/api/v1/sources/{id}/heartbeat", ACT_SOURCES,  BODY_NONE,    LANE_QUICK,  sources_beat_end },
	{ M_GET,    "/api/v1/controls",               ACT_READ,     BODY_NONE,    LANE_QUICK,  controls_list },
	{ M_POST,   "/api/v1/controls",               ACT_SOURCES,  BODY_NONE,    LANE_QUICK,  controls_post },
	{ M_GET,    "/api/v1/exercises",              ACT_READ,     BODY_NONE,    LANE_QUICK,  exercises_list },
	{ M_POST,   "/api/v1/exercises",              ACT_DRILL,    BODY_JSON,    LANE_QUICK,  exercises_post },
	{ M_GET,    "/api/v1/aside",                  ACT_READ,     BODY_NONE,    LANE_QUICK,  aside_list,
	  "limit cursor" },
	{ M_GET,    "/api/v1/aside/{id}",             ACT_READ,     BODY_NONE,    LANE_QUICK,  aside_get },
	{ M_GET,    "/api/v1/lists",                  ACT_READ,     BODY_NONE,    LANE_QUICK,  lists_list },
	{ M_POST,   "/api/v1/lists",                  ACT_LISTS,    BODY_FILE,    LANE_UPLOAD, lists_post,
	  "name kind letter issuer month from until tlp map preview" },
	{ M_GET,    "/api/v1/lists/{id}",             ACT_READ,     BODY_NONE,    LANE_QUICK,  lists_get },
	{ M_DELETE, "/api/v1/lists/{id}",             ACT_LISTS,    BODY_NONE,    LANE_UPLOAD, lists_delete },
	{ M_GET,    "/api/v1/rules",                  ACT_READ,     BODY_NONE,    LANE_QUICK,  rules_list,
	  "q state limit cursor" },
	{ M_POST,   "/api/v1/rules",                  ACT_RULES,    BODY_FILE,    LANE_UPLOAD, rules_post,
	  "name" },
	{ M_GET,    "/api/v1/rules/imports",          ACT_READ,     BODY_NONE,    LANE_QUICK,  rules_imports },
	{ M_DELETE, "/api/v1/rules/imports/{id}",     ACT_RULES,    BODY_NONE,    LANE_UPLOAD, rules_imports_delete },
	/* a file that somebody holds out */
	{ M_POST,   "/api/v1/look",                   ACT_LOOK,     BODY_FILE,    LANE_LOOK,   look_post },
	{ M_POST,   "/api/v1/look/keep",              ACT_IMPORT,   BODY_FILE,    LANE_LOOK,   look_keep,
	  "source name format tz" },
	/* days of the store that must not go */
	{ M_GET,    "/api/v1/holds",                  ACT_READ,     BODY_NONE,    LANE_QUICK,  holds_list },
	{ M_POST,   "/api/v1/holds",                  ACT_HOLD,     BODY_JSON,    LANE_UPLOAD, holds_post },
	{ M_DELETE, "/api/v1/holds/{id}",             ACT_HOLD,     BODY_NONE,    LANE_UPLOAD, holds_delete, "reason" },
	/* alerts */
	{ M_GET,    "/api/v1/alerts",                 ACT_READ,     BODY_NONE,    LANE_QUICK,  alerts_list,
	  "state severity assignee q exercise order from to limit cursor" },
	{ M_POST,   "/api/v1/alerts",                 ACT_TRIAGE,   BODY_JSON,    LANE_QUICK,  alerts_post },
	{ M_POST,   "/api/v1/alerts/bulk",            ACT_TRIAGE,   BODY_JSON,    LANE_QUICK,  alerts_bulk },
	{ M_GET,    "/api/v1/alerts/{id}",            ACT_READ,     BODY_NONE,    LANE_QUICK,  alerts_get },
	{ M_PATCH,  "/api/v1/alerts/{id}",            ACT_TRIAGE,   BODY_JSON,    LANE_QUICK,  alerts_patch },
	{ M_GET,    "/api/v1/techniques",             ACT_READ,     BODY_NONE,    LANE_QUICK,  techniques_list },
	{ M_GET,    "/api/v1/exceptions",             ACT_READ,     BODY_NONE,    LANE_QUICK,  exceptions_list },
	{ M_POST,   "/api/v1/exceptions",             ACT_EXCEPTIONS, BODY_JSON,  LANE_UPLOAD, exceptions_post },
	{ M_POST,   "/api/v1/exceptions/preview",     ACT_EXCEPTIONS, BODY_JSON,  LANE_QUICK,  exceptions_preview },
	{ M_DELETE, "/api/v1/exceptions/{id}",        ACT_EXCEPTIONS, BODY_NONE,  LANE_UPLOAD, exceptions_delete },
	/* directives and the board */
	{ M_GET,    "/api/v1/directives",             ACT_READ,     BODY_NONE,    LANE_QUICK,  directives_list },
	{ M_GET,    "/api/v1/directives/{id}",        ACT_READ,     BODY_NONE,    LANE_QUICK,  directives_get },
	{ M_GET,    "/api/v1/directives/{id}/history", ACT_READ,    BODY_NONE,    LANE_QUICK,  directives_history,
	  "from to" },
	{ M_POST,   "/api/v1/directives/{id}/measures/{mid}/attest", ACT_ATTEST, BODY_JSON, LANE_QUICK, directives_attest },
	{ M_GET,    "/api/v1/board",                  ACT_READ,     BODY_NONE,    LANE_QUICK,  board_get },
	/* duty */
	{ M_GET,    "/api/v1/duty",                   ACT_READ,     BODY_NONE,    LANE_QUICK,  duty_list,
	  "from to" },
	{ M_POST,   "/api/v1/duty",                   ACT_DUTY,     BODY_JSON,    LANE_QUICK,  duty_post },
	{ M_DELETE, "/api/v1/duty/{id}",              ACT_DUTY,     BODY_NONE,    LANE_QUICK,  duty_delete },
	{ M_GET,    "/api/v1/duty/now",               ACT_READ,     BODY_NONE,    LANE_QUICK,  duty_now },
	{ M_POST,   "/api/v1/duty/import",            ACT_DUTY,     BODY_FILE,    LANE_UPLOAD, duty_import_post,
	  "preview" },
	{ M_GET,    "/api/v1/contacts",               ACT_READ_CONTACTS, BODY_NONE, LANE_QUICK, contacts_list },
	{ M_POST,   "/api/v1/contacts",               ACT_DUTY,     BODY_JSON,    LANE_QUICK,  contacts_post },
	{ M_PATCH,  "/api/v1/contacts/{id}",          ACT_DUTY,     BODY_JSON,    LANE_QUICK,  contacts_patch },
	{ M_DELETE, "/api/v1/contacts/{id}",          ACT_DUTY,     BODY_NONE,    LANE_QUICK,  contacts_delete },
	/* notices */
	{ M_GET,    "/api/v1/notify",                 ACT_READ_HOUSE, BODY_NONE,  LANE_QUICK,  notify_get },
	{ M_PUT,    "/api/v1/notify",                 ACT_SETTINGS, BODY_JSON,    LANE_QUICK,  notify_put_settings },
	{ M_POST,   "/api/v1/notify/test",            ACT_SETTINGS, BODY_JSON,    LANE_QUICK,  notify_test },
	{ M_GET,    "/api/v1/notices",                ACT_READ_NOTICES, BODY_NONE, LANE_QUICK, notices_list,
	  "limit cursor state alert" },
	{ M_GET,    "/api/v1/notices/{id}",           ACT_READ_NOTICES, BODY_NONE, LANE_QUICK, notices_get },
	/* live */
	{ M_GET,    "/api/v1/stream",                 ACT_READ,     BODY_NONE,    LANE_QUICK,  stream_get },
	/* events */
	{ M_GET,    "/api/v1/events",                 ACT_READ,     BODY_NONE,    LANE_SEEK,   events_list,
	  "q from to order limit cursor" },
	{ M_GET,    "/api/v1/events/histogram",       ACT_READ,     BODY_NONE,    LANE_SEEK,   events_histogram,
	  "q from to buckets" },
	{ M_GET,    "/api/v1/events/{id}",            ACT_READ,     BODY_NONE,    LANE_SEEK,   events_get },
	/* push */
	{ M_POST,   "/api/v1/ingest",                 ACT_PUSH,     BODY_FILE,    LANE_PUSH,   push_ingest,
	  "source import format tz" },
	{ M_POST,   "/_bulk",                         ACT_PUSH,     BODY_FILE,    LANE_PUSH,   push_bulk },
	{ M_PUT,    "/_bulk",                         ACT_PUSH,     BODY_FILE,    LANE_PUSH,   push_bulk },
	{ M_POST,   "/{index}/_bulk",                 ACT_PUSH,     BODY_FILE,    LANE_PUSH,   push_bulk },
	{ M_PUT,    "/{index}/_bulk",                 ACT_PUSH,     BODY_FILE,    LANE_PUSH,   push_bulk },
	/* Prometheus */
	{ M_GET,    "/metrics",                       ACT_READ,     BODY_NONE,    LANE_QUICK,  metrics_get },
	/* what senders of _bulk ask before */
	{ M_GET,    "/",                              ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_info },
	{ M_GET,    "/_license",                      ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_license },
	{ M_GET,    "/_xpack",                        ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_xpack },
	{ M_GET,    "/_nodes/http",                   ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_nodes },
	{ M_GET,    "/_cluster/health",               ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_health },
	{ M_GET,    "/_cat/health",                   ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_cat_health },
	{ M_GET,    "/_cat/templates/{name}",         ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_cat_template },
	{ M_GET,    "/_template/{name}",              ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_have },
	{ M_PUT,    "/_template/{name}",              ACT_PUSH,     BODY_DROPPED, LANE_QUICK,  elastic_taken },
	{ M_GET,    "/_index_template/{name}",        ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_have },
	{ M_PUT,    "/_index_template/{name}",        ACT_PUSH,     BODY_DROPPED, LANE_QUICK,  elastic_taken },
	{ M_GET,    "/_component_template/{name}",    ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_have },
	{ M_PUT,    "/_component_template/{name}",    ACT_PUSH,     BODY_DROPPED, LANE_QUICK,  elastic_taken },
	{ M_GET,    "/_ilm/policy/{name}",            ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_have },
	{ M_PUT,    "/_ilm/policy/{name}",            ACT_PUSH,     BODY_DROPPED, LANE_QUICK,  elastic_taken },
	{ M_GET,    "/_ingest/pipeline/{name}",       ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_have },
	{ M_PUT,    "/_ingest/pipeline/{name}",       ACT_PUSH,     BODY_DROPPED, LANE_QUICK,  elastic_taken },
	{ M_GET,    "/_data_stream/{name}",           ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_have },
	{ M_PUT,    "/_data_stream/{name}",           ACT_PUSH,     BODY_DROPPED, LANE_QUICK,  elastic_taken },
	{ M_GET,    "/_alias/{name}",                 ACT_PUSH,     BODY_NONE,    LANE_QUICK,  elastic_alias },
};
// clang-format on
const size_t routes_n = COUNT(routes);

static const char *const methods[METHODS] = {
	[M_GET] = "GET", [M_HEAD] = "HEAD",   [M_POST] = "POST",
	[M_PUT] = "PUT", [M_PATCH] = "PATCH", [M_DELETE] = "DELETE",
};

const char *method_name(enum method m)
{
	return methods[m];
}

enum method method_of(const char *name)
{
	enum method m = M_GET;

	while (m < METHODS && strcmp(methods[m], name) != 0)
		m++;
	return m;
}

/* Does the pattern fit? What stands at its {names} goes to args. */
static bool fits(const char *pattern, const struct segments *path, struct str args[ROUTE_ARGS_MAX])
{
	struct str rest = str_skip(str_of(pattern), 1), part;
	size_t i = 0, n = 0;

	while (rest.p != NULL && str_split(&rest, '/', &part)) {
		if (part.n == 0)
			break;
		if (i == path->n)
			return false;
		if (part.p[0] == '{')
			args[n++] = path->at[i];
		else if (!str_eq(part, path->at[i]))
			return false;
		i++;
	}
	return i == path->n;
}

const struct route *route_find(enum method method, const struct segments *path,
			       struct str args[ROUTE_ARGS_MAX], unsigned *allowed)
{
	enum method want = method == M_HEAD ? M_GET : method;

	*allowed = 0;
	for (size_t i = 0; i < routes_n; i++) {
		if (!fits(routes[i].path, path, args))
			continue;
		if (routes[i].method == want)
			return &routes[i];
		*allowed |= 1U << routes[i].method;
		if (routes[i].method == M_GET)
			*allowed |= 1U << M_HEAD;
	}
	return NULL;
}

bool route_takes(const struct route *r, struct str name)
{
	struct str rest = str_of(r->query != NULL ? r->query : ""), known;

	if (!str_starts(str_of(r->path), STR("/api/v1/")))
		return true;
	while (rest.n > 0 && str_split(&rest, ' ', &known))
		if (str_eq(known, name))
			return true;
	return false;
}
