/* SPDX-License-Identifier: Apache-2.0 */
#include "event/binary.h"

bool binary_known(struct str head, struct err *why)
{
	static const struct {
		struct str magic;
		const char *what;
	} kinds[] = {
		{ STR("LfLe"), "EVT" },
		{ STR("PK\x03\x04"), "zip" },
		{ STR("\xfd"
		      "7zXZ"),
		  "xz" },
		{ STR("BZh"), "bzip2" },
		{ STR("7z\xbc\xaf"), "7z" },
		{ STR("\xd4\xc3\xb2\xa1"), "pcap" },
		{ STR("\n\r\r\n"), "pcapng" },
		{ STR("SQLite "), "SQLite" },
		{ STR("\x7f"
		      "ELF"),
		  "ELF" },
		{ STR("MZ"), "PE" },
		{ STR("%PDF"), "PDF" },
		{ STR("\x89PNG"), "PNG" },
	};

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (str_starts(head, kinds[i].magic))
			return !err_set(why, ERR_INPUT, 0, "%s files are not read yet",
					kinds[i].what);
	return false;
}
