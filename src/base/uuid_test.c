/* SPDX-License-Identifier: Apache-2.0 */
#include "base/uuid.h"

#include "base/crypt.h"
#include "base/num.h"
#include "base/test.h"
#include "base/time.h"

static const struct {
	const char *name;
	struct str text;
	bool ok;
} cases[] = {
	{ "RFC 9562 example", STR("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), true },
	{ "upper case", STR("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), false },
	{ "short", STR("017f22e2-79b0-7cc3-98c4-dc0c0c07398"), false },
	{ "dash moved", STR("017f22e-279b0-7cc3-98c4-dc0c0c07398f"), false },
	{ "not hexadecimal", STR("017f22e2-79b0-7cc3-98c4-dc0c0c07398g"), false },
	{ "empty", STR(""), false },
};

int main(void)
{
	char was[UUID_MAX] = "", now[UUID_MAX];
	bool grows = true, valid = true;

	CHECK("init", crypt_init(NULL));
	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK(cases[i].name, uuid_valid(cases[i].text) == cases[i].ok);
	int64_t before = time_now() / 1000;

	for (int i = 0; i < 20000; i++) {
		uuid_new(now);
		grows = grows && strcmp(was, now) < 0;
		valid = valid && uuid_valid(str_of(now)) && now[14] == '7' &&
			strchr("89ab", now[19]) != NULL;
		memcpy(was, now, sizeof was);
	}
	CHECK("each greater than the one before", grows);
	CHECK("form, version, variant", valid);

	char ms[13];
	uint64_t t = 0;

	snprintf(ms, sizeof ms, "%.8s%.4s", now, now + 9);
	CHECK("time", num_parse_hex(str_of(ms), UINT64_MAX, &t));
	CHECK("time", (int64_t)t >= before && (int64_t)t < before + 60000);
	return TEST_REPORT();
}
