/* SPDX-License-Identifier: Apache-2.0 */
/* normal_int.h - what the families of normal_*.c share. */
#ifndef EVENT_NORMAL_INT_H
#define EVENT_NORMAL_INT_H

#include "event/map.h"
#include "event/normal.h"

/*
 * Add `val` under `id` in the form that name has: an address alone (its port goes to the port's
 * name; what is no address goes to the domain's name), "DOMAIN\user" as two, a hash only when it
 * is one. Nothing for what means nothing ("-", "N/A", "unknown", "?").
 */
void normal_put(struct build *b, enum ecs id, struct str val);
struct shape_means;
/* What the names of the raw run mean in a map of event/shape.h, where its shape is known; else NULL. */
const struct shape_means *normal_known(struct build *b, unsigned map);
/* Add every raw field that the map knows. Fields of the run before are left to the caller. */
void normal_map(struct build *b, enum map map);
/* The same but only where nothing stands yet. */
void normal_default(struct build *b, enum ecs id, struct str val);
/* Put `val` in place of what stands under `id`, or add it. */
void normal_replace(struct build *b, enum ecs id, struct str val);
/* A hash by its length: MD5, SHA-1, SHA-256; anything else adds nothing. */
void normal_hash(struct build *b, struct str hex);
/* "SHA1=..,MD5=..,SHA256=.." of Sysmon. */
void normal_hashes(struct build *b, struct str list);
/* The outcome by the word a product uses for what it did: accept, blocked, failed ... */
enum outcome normal_outcome_word(struct str word);
/* Date and time in two fields, zone in a third ("+0700"), which may be empty. */
void normal_date_time(struct build *b, struct str date, struct str clock, struct str zone);

void normal_json(struct build *b); /* before the raw run is closed: names for rules, time */
void normal_json_ecs(struct build *b);
bool normal_console(struct build *b);           /* false where it is no console's event */
bool normal_may_console(const struct build *b); /* by its names alone */
void normal_zeek(struct build *b);              /* outcome and what one name cannot tell */
/* field.means of a text: to be put behind those that bear ECS names. */
enum { TEXT_LATER = 0x100 };
void normal_text(struct build *b);
void normal_syslog(struct build *b);
void normal_csv_names(struct build *b); /* before the raw run is closed: names for rules */
void normal_csv(struct build *b);
/* The data in the English text of a Windows event, under the names they have in its XML. */
void normal_windows_message(struct build *b, struct str text);
/* Raw fields that bear ECS names. */
void normal_ecs(struct build *b);
void normal_windows(struct build *b);
void normal_kv(struct build *b);
void normal_cef(struct build *b);
void normal_leef(struct build *b);
void normal_audit(struct build *b);
void normal_web(struct build *b);

#endif
