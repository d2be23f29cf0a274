/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handlers_int.h - the handlers that the table of routes names, one block a file. One runs on a worker
 * with who asks found and allowed and the body taken; it makes the reply and returns true, or sets *why.
 */
#ifndef WEB_HANDLERS_INT_H
#define WEB_HANDLERS_INT_H

#include "web/call_int.h"

/* health.c, metrics.c */
bool health_get(struct call *c, struct err *why);
bool metrics_get(struct call *c, struct err *why);
/* session.c */
bool session_post(struct call *c, struct err *why);
bool session_get(struct call *c, struct err *why);
bool session_delete(struct call *c, struct err *why);
bool session_patch(struct call *c, struct err *why);
bool session_password_post(struct call *c, struct err *why);
bool sessions_list(struct call *c, struct err *why);
bool sessions_delete(struct call *c, struct err *why);

/* invite.c */
bool invite_get(struct call *c, struct err *why);
bool invite_post(struct call *c, struct err *why);
bool invite_confirm_post(struct call *c, struct err *why);

/* users.c */
bool users_list(struct call *c, struct err *why);
bool users_post(struct call *c, struct err *why);
bool users_patch(struct call *c, struct err *why);
bool users_invite(struct call *c, struct err *why);

/* tokens.c */
bool tokens_list(struct call *c, struct err *why);
bool tokens_post(struct call *c, struct err *why);
bool tokens_delete(struct call *c, struct err *why);

/* units.c */
bool units_list(struct call *c, struct err *why);
bool units_post(struct call *c, struct err *why);
bool units_patch(struct call *c, struct err *why);
bool units_delete(struct call *c, struct err *why);
bool sites_post(struct call *c, struct err *why);
bool sites_patch(struct call *c, struct err *why);
bool sites_delete(struct call *c, struct err *why);

/* stream.c */
bool stream_get(struct call *c, struct err *why);
/* alerts.c */
bool alerts_list(struct call *c, struct err *why);
bool alerts_get(struct call *c, struct err *why);
bool alerts_post(struct call *c, struct err *why);
bool alerts_patch(struct call *c, struct err *why);
bool alerts_bulk(struct call *c, struct err *why);
bool techniques_list(struct call *c, struct err *why);
bool exceptions_list(struct call *c, struct err *why);
bool exceptions_post(struct call *c, struct err *why);
bool exceptions_preview(struct call *c, struct err *why);
bool exceptions_delete(struct call *c, struct err *why);

/* directives.c */
bool directives_list(struct call *c, struct err *why);
bool directives_get(struct call *c, struct err *why);
bool directives_history(struct call *c, struct err *why);
bool directives_attest(struct call *c, struct err *why);
bool board_get(struct call *c, struct err *why);

/* sources.c */
bool sources_list(struct call *c, struct err *why);
bool sources_patch(struct call *c, struct err *why);
bool sources_beat(struct call *c, struct err *why);
bool sources_beat_end(struct call *c, struct err *why);

/* doors.c */
bool doors_get(struct call *c, struct err *why);

/* setup.c */
bool setup_get(struct call *c, struct err *why);
bool snippets_list(struct call *c, struct err *why);

/* controls.c */
bool controls_list(struct call *c, struct err *why);
bool controls_post(struct call *c, struct err *why);
bool exercises_list(struct call *c, struct err *why);
bool exercises_post(struct call *c, struct err *why);
/* aside.c */
bool aside_list(struct call *c, struct err *why);
bool aside_get(struct call *c, struct err *why);

/* holds.c */
bool holds_list(struct call *c, struct err *why);
bool holds_post(struct call *c, struct err *why);
bool holds_delete(struct call *c, struct err *why);

/* lists.c */
bool lists_list(struct call *c, struct err *why);
bool lists_get(struct call *c, struct err *why);
bool lists_post(struct call *c, struct err *why);
bool lists_delete(struct call *c, struct err *why);

/* rules.c */
bool rules_list(struct call *c, struct err *why);
bool rules_post(struct call *c, struct err *why);
bool rules_imports(struct call *c, struct err *why);
bool rules_imports_delete(struct call *c, struct err *why);

/* ledger.c */
bool ledger_get(struct call *c, struct err *why);
bool witness_get(struct call *c, struct err *why);

/* settings.c */
bool settings_get(struct call *c, struct err *why);
bool settings_put(struct call *c, struct err *why);

/* events.c */
bool events_list(struct call *c, struct err *why);
bool events_histogram(struct call *c, struct err *why);
bool events_get(struct call *c, struct err *why);

/* push.c */
bool push_ingest(struct call *c, struct err *why);
bool push_bulk(struct call *c, struct err *why);
bool look_post(struct call *c, struct err *why);
bool look_keep(struct call *c, struct err *why);

/* elastic.c */
bool elastic_info(struct call *c, struct err *why);
bool elastic_license(struct call *c, struct err *why);
bool elastic_xpack(struct call *c, struct err *why);
bool elastic_nodes(struct call *c, struct err *why);
bool elastic_health(struct call *c, struct err *why);
bool elastic_cat_health(struct call *c, struct err *why);
bool elastic_cat_template(struct call *c, struct err *why);
bool elastic_have(struct call *c, struct err *why);
bool elastic_taken(struct call *c, struct err *why);
bool elastic_alias(struct call *c, struct err *why);

#endif
