/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c - `canh rules`: which rules load, which do not, and why; copy good ones into the data. */
#include "base/buf.h"
#include "base/file.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "base/unpack.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "cmd/rule_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_CAP = 4096, OUT_MAX = 1 << 20 };

struct rules {
	bool json, all;
	const char *data;
	struct rule_set *set;
	struct buf out;
	size_t unmapped;
};

static void flush(struct rules *r)
{
	fwrite(r->out.p, 1, r->out.n, stdout);
	buf_clear(&r->out);
}

static void put_loaded(struct rules *r, const struct rule_info *info)
{
	struct jsonw w = { .out = &r->out };

	if (!r->json) {
		buf_printf(&r->out, "%.*s:%u: %s: %.*s\n", STR_ARG(info->file), info->line,
			   severity_name((enum severity)info->severity), STR_ARG(info->title));
		return;
	}
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "file", info->file);
	jsonw_kv_int(&w, "line", info->line);
	jsonw_kv_str(&w, "id", info->id);
	jsonw_kv_str(&w, "title", info->title);
	jsonw_kv_str(&w, "level", str_of(severity_name((enum severity)info->severity)));
	jsonw_kv_str(&w, "logsource", info->logsource);
	jsonw_kv_str(&w, "status", STR("loaded"));
	jsonw_kv_str(&w, "reason", (struct str){ NULL, 0 });
	jsonw_close(&w, '}');
	buf_char(&r->out, '\n');
}

static void put_fault(struct rules *r, const struct rule_fault *f)
{
	struct jsonw w = { .out = &r->out };
	char text[ERR_TEXT_MAX];

	err_text(&f->why, msg_lang(), text, sizeof text);
	if (!r->json) {
		buf_printf(&r->out, "%.*s:%zu: %s\n", STR_ARG(f->file), f->why.at, text);
		return;
	}
	jsonw_open(&w, '{');
	jsonw_kv_str(&w, "file", f->file);
	jsonw_kv_int(&w, "line", (int64_t)f->why.at);
	jsonw_kv_str(&w, "id", f->id.n > 0 ? f->id : (struct str){ NULL, 0 });
	jsonw_kv_str(&w, "title", f->title.n > 0 ? f->title : (struct str){ NULL, 0 });
	jsonw_kv_str(&w, "level", (struct str){ NULL, 0 });
	jsonw_kv_str(&w, "logsource", (struct str){ NULL, 0 });
	jsonw_kv_str(&w, "status", f->unmapped ? STR("cannot_fire") : STR("refused"));
	jsonw_kv_str(&w, "reason", str_of(text));
	jsonw_close(&w, '}');
	buf_char(&r->out, '\n');
}

static void put_reasons(const struct rule_set *set)
{
	enum { REASONS_MAX = 128 };
	const char *id[REASONS_MAX];
	size_t n[REASONS_MAX], first[REASONS_MAX], count = 0;

	for (size_t i = 0; i < rule_set_faults(set); i++) {
		const struct err *why = &rule_set_fault(set, i)->why;
		size_t k = 0;

		while (k < count && strcmp(id[k], why->id) != 0)
			k++;
		if (k == REASONS_MAX)
			continue;
		if (k == count) {
			id[count] = why->id;
			first[count] = i;
			n[count++] = 0;
		}
		n[k]++;
	}
	for (size_t k = 0; k < count; k++) {
		char text[ERR_TEXT_MAX];
		const struct err *why = &rule_set_fault(set, first[k])->why;

		fprintf(stderr, "%8zu  %s%s\n", n[k], err_text(why, msg_lang(), text, sizeof text),
			n[k] > 1 ? " ..." : "");
	}
}

static void put_all(struct rules *r)
{
	for (size_t i = 0; (r->json || r->all) && i < rule_set_count(r->set); i++) {
		put_loaded(r, rule_set_at(r->set, i));
		if (r->out.n > OUT_MAX / 2)
			flush(r);
	}
	for (size_t i = 0; i < rule_set_faults(r->set); i++) {
		put_fault(r, rule_set_fault(r->set, i));
		r->unmapped += rule_set_fault(r->set, i)->unmapped;
		if (r->out.n > OUT_MAX / 2)
			flush(r);
	}
}

static void put_coverage(struct rules *r)
{
	size_t loaded = rule_set_count(r->set), faults = rule_set_faults(r->set);
	struct jsonw w = { .out = &r->out };

	if (r->json) {
		jsonw_open(&w, '{');
		jsonw_key(&w, "coverage");
		jsonw_open(&w, '{');
		jsonw_kv_int(&w, "rules_loaded", (int64_t)loaded);
		jsonw_kv_int(&w, "rules_refused", (int64_t)faults);
		jsonw_kv_int(&w, "rules_cannot_fire", (int64_t)r->unmapped);
		jsonw_close(&w, '}');
		jsonw_close(&w, '}');
		buf_char(&r->out, '\n');
	}
	flush(r);
	if (faults > 0)
		put_reasons(r->set);
	fprintf(stderr,
		msg(MSG_ID("%zu rules loaded, %zu not, of these %zu that could never fire\n")),
		loaded, faults, r->unmapped);
}

struct importing {
	struct rules *r;
	size_t next; /* the first rule whose file was not met yet; rules stand in the order of files */
	size_t copied;
	bool failed;
};

static bool save(const struct importing *m, const struct rule_file *f, struct err *why)
{
	char folder[PATH_CAP], to[PATH_CAP];
	int n = snprintf(to, sizeof to, "%s/rules/import/%.*s", m->r->data, STR_ARG(f->below));

	if (n < 0 || (size_t)n >= sizeof to || !unpack_name_safe(f->below))
		return err_set(why, ERR_INPUT, 0, "its name leads out of the archive");
	memcpy(folder, to, (size_t)n + 1);
	*strrchr(folder, '/') = '\0';
	return dir_make(folder, 0700, why) && file_save(AT_FDCWD, to, f->text, 0600, why);
}

static bool import_one(void *ctx, const struct rule_file *f)
{
	struct importing *m = ctx;
	const struct rule_set *set = m->r->set;
	struct err why = { 0 };
	char text[ERR_TEXT_MAX];

	if (f->why != NULL || m->next == rule_set_count(set) ||
	    !str_eq(rule_set_at(set, m->next)->file, f->path))
		return true;
	while (m->next < rule_set_count(set) && str_eq(rule_set_at(set, m->next)->file, f->path))
		m->next++;
	if (save(m, f, &why)) {
		m->copied++;
		return true;
	}
	fprintf(stderr, "%.*s: %s\n", STR_ARG(f->path),
		err_text(&why, msg_lang(), text, sizeof text));
	m->failed = true;
	return false;
}

static int import(struct rules *r, char **given, size_t n)
{
	struct importing m = { .r = r };

	for (size_t i = 0; i < n && !m.failed; i++)
		rule_files(given[i], import_one, &m);
	fprintf(stderr, msg(MSG_ID("%zu files copied to %s/rules/import\n")), m.copied, r->data);
	return m.failed ? EXIT_FAULT : EXIT_DONE;
}

int cmd_rules(int argc, char **argv)
{
	const char *format = "text";
	struct rules r = { .out = BUF(OUT_MAX) };
	size_t n = 0;
	const struct opt table[] = {
		{ "data", OPT_TEXT, &r.data, "DIR", MSG_ID("data folder that import copies to") },
		{ "all", OPT_FLAG, &r.all, NULL, MSG_ID("list the rules that load, too") },
		{ "format", OPT_CHOICE, &format, "text|jsonl", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"rules",
		"check|import PATH...",
		MSG_ID("Load Sigma rules from files, folders and archives and say which of them are used, "
		       "and of the others file, line and reason. `import` copies the files of "
		       "rules that load into the data folder."),
		table,
		COUNT(table),
		2,
		SIZE_MAX
	};
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return got == OPTS_HELPED ? EXIT_DONE : EXIT_USAGE;
	bool importing = strcmp(argv[0], "import") == 0;
	if ((!importing && strcmp(argv[0], "check") != 0) || (importing && r.data == NULL)) {
		fprintf(stderr, "%s",
			msg(MSG_ID("canh rules check PATH... or "
				   "canh rules import --data DIR PATH...\n")));
		return EXIT_USAGE;
	}
	r.json = strcmp(format, "jsonl") == 0;
	r.set = load_rule_set();
	if (r.set == NULL)
		return EXIT_FAULT;
	for (size_t i = 1; i < n; i++)
		load_rules(r.set, argv[i]);
	put_all(&r);
	put_coverage(&r);
	int status = rule_set_count(r.set) == 0   ? EXIT_INPUT
		     : rule_set_faults(r.set) > 0 ? EXIT_PART
						  : EXIT_DONE;
	int moved = importing && status != EXIT_INPUT ? import(&r, argv + 1, n - 1) : EXIT_DONE;
	rule_set_free(r.set);
	buf_free(&r.out);
	return moved != EXIT_DONE ? moved : status;
}
