/* SPDX-License-Identifier: Apache-2.0 */
#include "base/phrase.h"

#include "base/test.h"

static const struct {
	const char *name;
	struct str text, words, phrase;
	bool in;
} cases[] = {
	{ "as it is", STR("ip"), STR(" ip "), STR("ip"), true },
	{ "marks and case", STR("Địa chỉ IP"), STR(" dia chi ip "), STR("dia chi ip"), true },
	{ "a part of it", STR("Địa chỉ IP (LAN)"), STR(" dia chi ip lan "), STR("lan"), true },
	{ "part of a word", STR("ipv4"), STR(" ipv4 "), STR("ip"), false },
	{ "signs part words", STR("dia-chi__ip"), STR(" dia chi ip "), STR("chi ip"), true },
	{ "not in this order", STR("ip address"), STR(" ip address "), STR("address ip"), false },
	{ "longer than the text", STR("ip"), STR(" ip "), STR("ip address"), false },
	{ "nothing", STR(""), STR(" "), STR("ip"), false },
};

int main(void)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned char mem[1024];
		struct arena a = { mem, mem + sizeof mem }, none = { mem, mem };
		struct str words = phrase_words(&a, cases[i].text);

		CHECK(cases[i].name, str_eq(words, cases[i].words));
		CHECK(cases[i].name, phrase_in(words, cases[i].phrase) == cases[i].in);
		CHECK(cases[i].name, phrase_words(&none, cases[i].text).p == NULL);
	}
	return TEST_REPORT();
}
