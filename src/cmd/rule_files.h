/* SPDX-License-Identifier: Apache-2.0 */
/* rule_files.h - the rule files below a path: a file, a folder, an archive such as projects publish. */
#ifndef CMD_RULE_FILES_H
#define CMD_RULE_FILES_H

#include "base/err.h"

enum { RULE_FILE_MAX = 8 << 20 };

struct rule_file {
	struct str path;  /* as it is shown: "rules.zip/windows/x.yml" */
	struct str below; /* from the last part of the path on: "rules/windows/x.yml" */
	struct str text;
	const struct err *why; /* it could not be read; text is empty then */
};

/* .yml and .yaml */
bool rule_file_name(struct str name);
/* In folders and archives those of that name; a file that is given itself, of any name. Each time in
 * the same order. Stops when fn returns false. What is handed over lives until fn returns. */
void rule_files(const char *path, bool (*fn)(void *ctx, const struct rule_file *f), void *ctx);
/* The same for YARA: .yar and .yara in any case. */
void yara_files(const char *path, bool (*fn)(void *ctx, const struct rule_file *f), void *ctx);

#endif
