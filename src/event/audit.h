/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.h - the Linux audit log: one event of one or more records, "type=X msg=audit(time:serial): k=v".
 *
 * Records are parted by line feeds (records_next joins those of one id). Fields keep their names,
 * repeated where several records have them; what the kernel writes in hexadecimal because it is not
 * trusted (exe, proctitle, argv ...) is decoded; the enriched part behind 0x1D is read too. Added:
 * `sequence`, `SYSCALL` by its number where the log is not enriched (x86-64), `command` joined from
 * argv, `saddr_ip` and `saddr_port`. Input is hostile. Never logs, never allocates outside b->a.
 */
#ifndef EVENT_AUDIT_H
#define EVENT_AUDIT_H

#include "event/build.h"

/* The row of formats[]. */
int audit_probe(struct str record);
MUST_USE bool audit_read(struct build *b, struct str record, struct err *why);

#endif
