/* SPDX-License-Identifier: Apache-2.0 */
/* yara_int.h - a compiled set as yara_rules.c makes it and yara_scan.c uses it. */
#ifndef SWEEP_YARA_INT_H
#define SWEEP_YARA_INT_H

#include "base/arena.h"
#include "base/hash.h"
#include "sweep/yara_rules.h"

#include <yara.h>

struct yara_set {
	struct arena whole; /* names, texts, faults */
	YR_RULES *rules;    /* owned; NULL: none */
	size_t n_rules, n_files;
	struct yara_fault **fault;
	size_t n_faults;
	char sha256[HASH_HEX_MAX];
};

#endif
