/* SPDX-License-Identifier: Apache-2.0 */
#include "base/key_file.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIGITS "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const struct {
	const char *name;
	struct str text;
	unsigned mode;
	enum err_kind kind;
} cases[] = {
	{ "whole", STR(DIGITS "\n"), 0600, ERR_NONE },
	{ "no line end", STR(DIGITS), 0400, ERR_NONE },
	{ "the group reads it", STR(DIGITS), 0640, ERR_DENIED },
	{ "everybody reads it", STR(DIGITS), 0604, ERR_DENIED },
	{ "a digit short", STR("0112233445566778899"), 0600, ERR_INPUT },
	{ "two lines", STR(DIGITS "\n" DIGITS), 0600, ERR_LIMIT },
	{ "empty", STR(""), 0600, ERR_INPUT },
};

int main(void)
{
	char dir[64] = "/tmp/canh-key-XXXXXX", keys[80], path[96];
	unsigned char key[KEY_FILE_LEN], again[KEY_FILE_LEN];
	struct stat st;

	if (!crypt_init(NULL) || mkdtemp(dir) == NULL)
		return 1;
	snprintf(keys, sizeof keys, "%s/keys", dir);
	snprintf(path, sizeof path, "%s/a.key", keys);
	CHECK("made, and the same again", key_file_load(keys, "a.key", key, NULL) &&
						  key_file_load(keys, "a.key", again, NULL) &&
						  memcmp(key, again, sizeof key) == 0);
	CHECK("for us alone", stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK("nor the folder", stat(keys, &st) == 0 && (st.st_mode & 0777) == 0700);
	CHECK("another name, another key",
	      key_file_load(keys, "b.key", again, NULL) && memcmp(key, again, sizeof key) != 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err why = { 0 };

		CHECK(cases[i].name, file_save(AT_FDCWD, path, cases[i].text, cases[i].mode, NULL));
		bool ok = key_file_load(keys, "a.key", key, &why);
		CHECK(cases[i].name, ok == (cases[i].kind == ERR_NONE));
		CHECK(cases[i].name, why.kind == cases[i].kind);
	}
	CHECK("tidy", test_remove(dir));
	return TEST_REPORT();
}
