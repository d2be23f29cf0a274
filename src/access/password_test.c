/* SPDX-License-Identifier: Apache-2.0 */
#include "access/password.h"

#include "base/test.h"

#define NFC_FORM "m\xe1\xbb\x99t m\xe1\xba\xadt kh\xe1\xba\xa9u d\xc3\xa0i"
/* marks behind the letters, in the order of their classes and in the order of typing */
#define NFD_FORM "mo\xcc\xa3\xcc\x82t ma\xcc\xa3\xcc\x82t kha\xcc\x82\xcc\x89u da\xcc\x80i"
#define TYPED "m\xc3\xb4\xcc\xa3t m\xc3\xa2\xcc\xa3t kh\xc3\xa2\xcc\x89u da\xcc\x80i"

static const struct {
	const char *name;
	struct str in, out;
	enum err_kind kind;
} cases[] = {
	{ "composed stays", STR(NFC_FORM), STR(NFC_FORM), ERR_NONE },
	{ "decomposed", STR(NFD_FORM), STR(NFC_FORM), ERR_NONE },
	{ "letter with its hat, tone behind", STR(TYPED), STR(NFC_FORM), ERR_NONE },
	{ "another blank", STR("hai m\xc6\xb0\xc6\xa1i\xc2\xa0tr\xc4\x83m"),
	  STR("hai m\xc6\xb0\xc6\xa1i tr\xc4\x83m"), ERR_NONE },
	{ "case stays", STR("ABCDEFabcdef"), STR("ABCDEFabcdef"), ERR_NONE },
	{ "width stays",
	  STR("\xef\xbc\xa1"
	      "2345678901A"),
	  STR("\xef\xbc\xa1"
	      "2345678901A"),
	  ERR_NONE },
	{ "twelve characters", STR("m\xc6\xb0\xe1\xbb\x9di hai k\xc3\xbd t"),
	  STR("m\xc6\xb0\xe1\xbb\x9di hai k\xc3\xbd t"), ERR_NONE },
	{ "marks are no characters", STR("mo\xcc\x9b\xcc\x80i ha\xcc\x89i ky\xcc\x81"), STR(""),
	  ERR_INPUT },
	{ "eleven", STR("12345678901"), STR(""), ERR_INPUT },
	{ "empty", STR(""), STR(""), ERR_INPUT },
	{ "the name", STR("Nguyen.Thi.Lan"), STR(""), ERR_INPUT },
	{ "a tabulator", STR("mot\tmat khau dai"), STR(""), ERR_INPUT },
	{ "NUL", STR("mot\0mat khau dai"), STR(""), ERR_INPUT },
	{ "not UTF-8", STR("mot mat khau dai\xff"), STR(""), ERR_INPUT },
};

int main(void)
{
	unsigned char mem[PASSWORD_FORM_MAX], big[ACCESS_PASSWORD_MAX + 1];
	struct err why = { 0 };
	struct str out = STR("untouched");

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena a = { mem, mem + sizeof mem };

		why = (struct err){ 0 };
		out = STR("untouched");
		bool ok = password_take(&a, cases[i].in, STR("nguyen.thi.lan"), &out, &why);
		CHECK(cases[i].name, ok == (cases[i].kind == ERR_NONE));
		CHECK(cases[i].name, why.kind == cases[i].kind);
		CHECK(cases[i].name, str_eq(out, ok ? cases[i].out : STR("untouched")));
		CHECK(cases[i].name, !ok || str_eq(password_form(&a, cases[i].in), cases[i].out));
	}
	struct arena a = { mem, mem + sizeof mem };

	memset(big, 'x', sizeof big);
	CHECK("too long",
	      !password_take(&a, (struct str){ (char *)big, sizeof big }, STR("x"), &out, &why) &&
		      why.kind == ERR_INPUT);
	CHECK("longest",
	      password_take(&a, (struct str){ (char *)big, sizeof big - 1 }, STR("x"), &out, &why));
	CHECK("as it is where there is no form",
	      str_eq(password_form(&a, STR("a\xff")), STR("a\xff")));
	return TEST_REPORT();
}
