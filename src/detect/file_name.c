/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/file_name.h"

#include "detect/domain.h"

enum { NAME_LEAST = 3, EXTENSION_MAX = 5 };

/* Of programs, scripts and documents that carry them; none is a top-level domain. */
static const struct str extensions[] = {
	STR(".exe"),  STR(".dll"),  STR(".scr"),  STR(".bat"),  STR(".cmd"),  STR(".ps1"),
	STR(".psm1"), STR(".vbs"),  STR(".vbe"),  STR(".js"),   STR(".jse"),  STR(".wsf"),
	STR(".hta"),  STR(".lnk"),  STR(".msi"),  STR(".jar"),  STR(".sys"),  STR(".drv"),
	STR(".ocx"),  STR(".cpl"),  STR(".chm"),  STR(".iso"),  STR(".vhd"),  STR(".rar"),
	STR(".7z"),   STR(".doc"),  STR(".docx"), STR(".docm"), STR(".xls"),  STR(".xlsx"),
	STR(".xlsm"), STR(".xlsb"), STR(".xll"),  STR(".ppt"),  STR(".pptx"), STR(".pptm"),
	STR(".rtf"),  STR(".pdf"),  STR(".elf"),  STR(".apk"),  STR(".dmg"),  STR(".jsp"),
	STR(".aspx"), STR(".ashx"), STR(".asmx"), STR(".war"),  STR(".tmp"),  STR(".dat"),
};

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

char file_byte(char c)
{
	return c == '\\' ? '/' : ascii_lower(c);
}

/* The length of "%TEMP%\" at the start, or 0. */
static size_t variable_len(struct str s)
{
	size_t i = 1;

	if (s.n < 4 || s.p[0] != '%')
		return 0;
	while (i < s.n && (ascii_alpha(s.p[i]) || ascii_digit(s.p[i]) || s.p[i] == '_' ||
			   s.p[i] == '(' || s.p[i] == ')'))
		i++;
	return i > 1 && i + 1 < s.n && s.p[i] == '%' && is_slash(s.p[i + 1]) ? i + 2 : 0;
}

static bool from_root(struct str s)
{
	if (s.n > 3 && ascii_alpha(s.p[0]) && s.p[1] == ':' && is_slash(s.p[2]))
		return s.p[2] == '\\' || s.p[3] != '/';
	return s.n > 2 && ((s.p[0] == '\\' && s.p[1] == '\\') || (s.p[0] == '/' && s.p[1] != '/'));
}

/* What no name of a file has. */
static bool never(char c)
{
	return (unsigned char)c < ' ' || c == '\x7f' || memchr("<>\"|?*", c, 6) != NULL;
}

static bool has_extension(struct str s)
{
	size_t dot = s.n;

	while (dot > 0 && s.n - dot < EXTENSION_MAX && s.p[dot - 1] != '.')
		dot--;
	struct str last = str_skip(s, dot > 0 ? dot - 1 : 0);

	if (dot < 2 || last.p[0] != '.')
		return false;
	for (size_t i = 0; i < COUNT(extensions); i++)
		if (extensions[i].n == last.n && str_eq_nocase(last, extensions[i]))
			return true;
	return false;
}

/* A name alone, "a.exe", or one behind the folders of no host, "temp\a.exe". */
static bool plain_file(struct str s)
{
	if (!has_extension(s))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (never(s.p[i]) || s.p[i] == '/' || s.p[i] == '@' || s.p[i] == ':' ||
		    s.p[i] == ',' || s.p[i] == ';')
			return false;
	return true;
}

bool file_claims(struct str s, struct str *name)
{
	static const struct str prefix = STR("file:");

	*name = s;
	if (str_starts_nocase(s, prefix) && !str_starts(str_skip(s, prefix.n), STR("//"))) {
		*name = str_trim(str_skip(s, prefix.n));
		return true;
	}
	return from_root(s) || variable_len(s) > 0 || plain_file(s);
}

bool file_normal(struct arena *a, struct str name, struct str *out, struct err *why)
{
	struct str s = str_skip(name, variable_len(name));
	struct str base;

	if (s.n < NAME_LEAST || s.n > FILE_NAME_MAX)
		return err_set(why, ERR_INPUT, 0, "not the name of a file");
	for (size_t i = 0; i < s.n; i++)
		if (never(s.p[i]))
			return err_set(why, ERR_INPUT, 0, "not the name of a file");
	char *p = arena_bytes(a, s.n);

	if (p == NULL)
		return err_set(why, ERR_LIMIT, 0, "no room for %zu bytes", s.n);
	for (size_t i = 0; i < s.n; i++)
		p[i] = file_byte(s.p[i]);
	base = file_base((struct str){ p, s.n });
	if (base.n < NAME_LEAST || str_eq(base, STR("...")))
		return err_set(why, ERR_INPUT, 0, "not the name of a file");
	*out = (struct str){ p, s.n };
	return true;
}

struct str file_base(struct str path)
{
	size_t at = path.n;

	while (at > 0 && path.p[at - 1] != '/')
		at--;
	return str_skip(path, at);
}

struct str file_key(struct str base)
{
	size_t from, to = base.n;

	while (to > 0 && memchr(".-_", base.p[to - 1], 3) != NULL)
		to--;
	from = to;
	while (from > 0 && (base.p[from - 1] == '.' || domain_char(base.p[from - 1])))
		from--;
	while (from < to && memchr(".-_", base.p[from], 3) != NULL)
		from++;
	return str_sub(base, from, to);
}
