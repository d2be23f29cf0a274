/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asset_table.h - machines out of a table: an asset book, Get-ADComputer, Get-DhcpServerv4Lease or an
 * anti-virus console as CSV (base/table.h).
 *
 * Input is hostile. The row that names the columns may stand below a title; columns are known by their
 * headers in Vietnamese or English, or by a map. What no column is known of is not read, and named.
 */
#ifndef FLEET_ASSET_TABLE_H
#define FLEET_ASSET_TABLE_H

#include "fleet/asset_file.h"

/* `text` as table_text() gives it. False: nothing can be read (no columns). out->origin is what was asked
 * for, or what the columns are of. */
MUST_USE bool asset_table_read(struct arena *a, struct str text, const struct asset_read *how,
			       const struct told_sink *sink, struct asset_file *out,
			       struct err *why);

#endif
