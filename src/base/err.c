/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.c - errors rendered once in English and kept in parts for other languages.
 *
 * Invariant: `args` holds one NUL-terminated text per conversion of `id`, as many as fit; rendering
 * never reads beyond it.
 */
#include "base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

/* The conversion that begins at f (f[0] == '%'): its length; *star when it takes "%.*s". */
static size_t spec_len(const char *f, bool *star)
{
	size_t n = 1 + strspn(f + 1, "-+ #0123456789.*lzjh$");

	*star = memchr(f, '*', n) != NULL;
	return f[n] == '\0' ? n : n + 1;
}

/* Print one conversion of kind f[len-1] with the next arguments of *ap. */
static void print_arg(char *out, size_t cap, const char *f, size_t len, bool star, va_list *ap)
{
	char spec[24];
	int prec = star ? va_arg(*ap, int) : 0;

	assert(len < sizeof spec);
	memcpy(spec, f, len);
	spec[len] = '\0';
	if (f[len - 1] == 's') {
		const char *s = va_arg(*ap, const char *);

		if (star)
			snprintf(out, cap, spec, prec, s);
		else
			snprintf(out, cap, spec, s == NULL ? "(null)" : s);
	} else if (strstr(spec, "ll") != NULL || strchr(spec, 'j') != NULL) {
		snprintf(out, cap, spec, va_arg(*ap, long long));
	} else if (strchr(spec, 'l') != NULL || strchr(spec, 'z') != NULL) {
		snprintf(out, cap, spec, va_arg(*ap, long));
	} else {
		snprintf(out, cap, spec, va_arg(*ap, int));
	}
}

/* Put the arguments of `fmt` one after another into args[ERR_TEXT_MAX]. */
static void keep_args(char *args, const char *fmt, va_list *ap)
{
	size_t used = 0;

	memset(args, 0, ERR_TEXT_MAX);
	for (const char *f = strchr(fmt, '%'); f != NULL; f = strchr(f, '%')) {
		bool star;
		size_t len = spec_len(f, &star);

		if (f[len - 1] != '%' && used < ERR_TEXT_MAX - 1) {
			print_arg(args + used, ERR_TEXT_MAX - 1 - used, f, len, star, ap);
			used += strlen(args + used) + 1;
		}
		f += len;
	}
}

bool err_set(struct err *why, enum err_kind kind, size_t at, const char *fmt, ...)
{
	va_list ap;

	assert(kind != ERR_NONE);
	if (why == NULL)
		return false;
	char text[ERR_TEXT_MAX], args[ERR_TEXT_MAX];

	/* The arguments may point into *why itself ("cannot load '%s': %s", why->text). */
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	va_start(ap, fmt);
	keep_args(args, fmt, &ap);
	va_end(ap);
	why->kind = kind;
	why->at = at;
	why->id = fmt;
	memcpy(why->text, text, sizeof text);
	memcpy(why->args, args, sizeof args);
	return false;
}

const char *err_text(const struct err *why, enum lang lang, char *out, size_t cap)
{
	const char *fmt = why->id == NULL ? "" : msg_in(lang, why->id);
	const char *arg = why->args;
	size_t n = 0;

	assert(cap > 0);
	while (*fmt != '\0' && n + 1 < cap) {
		bool star;

		if (*fmt != '%') {
			out[n++] = *fmt++;
			continue;
		}
		size_t len = spec_len(fmt, &star);
		if (fmt[len - 1] == '%') {
			out[n++] = '%';
		} else if (arg < why->args + ERR_TEXT_MAX) {
			size_t k = strlen(arg), fit = k < cap - 1 - n ? k : cap - 1 - n;

			memcpy(out + n, arg, fit);
			n += fit;
			arg += k + 1;
		}
		fmt += len;
	}
	out[n] = '\0';
	return out;
}
