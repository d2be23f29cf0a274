/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oval.h - what an OVAL document of definitions says of packages: each test is true, false, or asks for
 * what is not looked at here (files, signatures, patterns).
 *
 * A definition that is true but for such tests affects its packages, and that is said with it. Pure.
 */
#ifndef VULN_OVAL_H
#define VULN_OVAL_H

#include "vuln/matcher.h"
#include "vuln/oval_doc.h"

enum oval_truth { OVAL_NO, OVAL_MAYBE, OVAL_YES };

struct oval_index;
/* In `a`; NULL when it is full. The document is borrowed. */
struct oval_index *oval_index_new(struct arena *a, const struct oval_doc *doc,
				  const struct matcher *m);
/* Of one asset. */
enum oval_truth oval_definition_truth(const struct oval_index *x, const struct oval_definition *d,
				      struct str asset);
enum oval_truth oval_test_truth(const struct oval_index *x, const struct oval_test *t,
				struct str asset);

/* Make its verdicts, within matcher_begin() and matcher_end(). False: `a` is full. */
MUST_USE bool oval_definition_judge(const struct oval_index *x, struct arena *a, struct matcher *m,
				    const struct oval_definition *d);

#endif
