/* SPDX-License-Identifier: Apache-2.0 */
/* attack.h - the techniques that tags of rules name: "attack.t1059.001" is T1059.001 and has a name in content/. */
#ifndef CMD_ATTACK_H
#define CMD_ATTACK_H

#include "base/msg.h"
#include "respond/technique.h"

enum { ATTACK_ID_MAX = 9 /* T1059.001 */ };

/* False: the tag names no technique. */
MUST_USE bool attack_id(struct str tag, char out[ATTACK_ID_MAX + 1]);
/* What content/techniques.yaml holds, in `a`; none, after saying why, where it cannot be read. */
void attack_load(struct arena *a, struct techniques *out);
/* A technique's name; that of the one above it where a sub-technique has none; else empty. */
struct str attack_name(const struct techniques *all, const char *id, enum lang lang);

#endif
