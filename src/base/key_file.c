/* SPDX-License-Identifier: Apache-2.0 */
#include "base/key_file.h"

#include "base/crypt.h"
#include "base/file.h"
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

static bool make(const char *path, struct err *why)
{
	unsigned char key[KEY_FILE_LEN];
	char text[2 * KEY_FILE_LEN + 1];

	crypt_random(key, sizeof key);
	hash_hex(key, sizeof key, text);
	text[2 * KEY_FILE_LEN] = '\n';
	bool ok = file_save(AT_FDCWD, path, (struct str){ text, sizeof text }, 0600, why);

	crypt_wipe(key, sizeof key);
	crypt_wipe(text, sizeof text);
	return ok;
}

bool key_file_load(const char *dir, const char *name, unsigned char out[KEY_FILE_LEN],
		   struct err *why)
{
	unsigned char mem[256];
	struct arena a = { mem, mem + sizeof mem };
	char path[PATH_MAX];
	struct stat st;
	struct str text;

	if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
		return err_set(why, ERR_LIMIT, 0, "name too long: '%s'", dir);
	if (!dir_make(dir, 0700, why))
		return false;
	if (stat(path, &st) == -1 && errno == ENOENT && !make(path, why))
		return false;
	if (stat(path, &st) == 0 && (st.st_mode & 077) != 0)
		return err_set(why, ERR_DENIED, 0,
			       "others may read the key '%s'; it wants mode 0600", path);
	if (!file_load(&a, AT_FDCWD, path, 128, &text, why))
		return false;
	bool ok = hash_hex_parse(str_trim(text), out, KEY_FILE_LEN);

	crypt_wipe(mem, sizeof mem);
	return ok || err_set(why, ERR_INPUT, 0, "'%s' is not a key", path);
}
