/* SPDX-License-Identifier: Apache-2.0 */
/* rules_int.h - what `canh rules` is made of: a file for each thing it does. */
#ifndef CMD_RULES_INT_H
#define CMD_RULES_INT_H

#include "base/buf.h"
#include "detect/rule_set.h"

/* What is likely a mistake in rules that load, a line each; how many there are. */
size_t rules_lint(const struct rule_set *rs, bool json, struct buf *out);
/* A layer for the ATT&CK Navigator: how many rules there are for each technique. */
void rules_coverage(const struct rule_set *rs, struct buf *out);
/* Why each rule of the set holds for the records of a file, or not; the exit status. */
int rules_explain(const struct rule_set *rs, const char *events, bool json, struct buf *out);

#endif
