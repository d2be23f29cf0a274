/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigma_value.h - one value of a Sigma field as its modifiers change it: one or several patterns.
 *
 * Sigma 2.1, "Modifiers": transformations apply from left to right; a value that expands to several
 * (base64offset, placeholders) holds when any of them does. Rule text is hostile: the number of
 * expansions is capped. why->at is the line of the value.
 */
#ifndef DETECT_SIGMA_VALUE_H
#define DETECT_SIGMA_VALUE_H

#include "base/err.h"
#include "base/yaml.h"
#include "detect/pattern.h"

enum { VALUE_MAX_EXPANSIONS = 1024 };

struct sigma_value {
	const struct yml *from;
	struct pattern *alt;
	size_t n;
};

/* Lists for `expand`, by name without the percent signs. */
struct placeholder {
	struct str name;
	const struct str *value;
	size_t n;
};

enum utf16_form { UTF16_LE, UTF16_BE, UTF16_BOM };

/* The scalar as one pattern: wildcards and escapes where it is text. */
MUST_USE bool sigma_value_take(struct arena *a, const struct yml *from, struct sigma_value *out,
			       struct err *why);
/* `expand`: each %name% in the text by the values of its list. */
MUST_USE bool sigma_value_expand(struct arena *a, const struct yml *from,
				 const struct placeholder *lists, size_t n_lists,
				 struct sigma_value *out, struct err *why);
MUST_USE bool sigma_value_open(struct arena *a, struct sigma_value *v, bool front, bool back,
			       struct err *why);
MUST_USE bool sigma_value_windash(struct arena *a, struct sigma_value *v, struct err *why);
MUST_USE bool sigma_value_base64(struct arena *a, struct sigma_value *v, bool offsets,
				 struct err *why);
MUST_USE bool sigma_value_utf16(struct arena *a, struct sigma_value *v, enum utf16_form form,
				struct err *why);

#endif
