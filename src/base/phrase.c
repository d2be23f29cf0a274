/* SPDX-License-Identifier: Apache-2.0 */
#include "base/phrase.h"

#include "base/utf8.h"

struct str phrase_words(struct arena *a, struct str text)
{
	struct str s = utf8_fold_search(a, str_sub(text, 0, PHRASE_TEXT_MAX));
	char *p = s.p == NULL ? NULL : arena_bytes(a, s.n + 2);
	size_t n = 0;

	if (p == NULL)
		return (struct str){ NULL, 0 };
	p[n++] = ' ';
	for (size_t i = 0; i < s.n; i++) {
		bool word = ascii_alpha(s.p[i]) || ascii_digit(s.p[i]) ||
			    (unsigned char)s.p[i] >= 0x80;

		if (word || p[n - 1] != ' ')
			p[n++] = word ? s.p[i] : ' ';
	}
	if (p[n - 1] != ' ')
		p[n++] = ' ';
	return (struct str){ p, n };
}

bool phrase_in(struct str words, struct str phrase)
{
	for (size_t at = 0; at < words.n; at++) {
		struct str rest = str_skip(words, at);

		if (rest.p[0] == ' ' && rest.n > phrase.n + 1 && rest.p[phrase.n + 1] == ' ' &&
		    str_starts(str_skip(rest, 1), phrase))
			return true;
	}
	return false;
}
