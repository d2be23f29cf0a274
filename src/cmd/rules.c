/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c - `canh rules`: which rules load, which do not, and why; copy good ones into the data. */
#include "base/buf.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "base/msg.h"
#include "cmd/cmd.h"
#include "cmd/load.h"
#include "cmd/open_state.h"
#include "cmd/rule_files.h"
#include "cmd/rules_int.h"
#include "proc/kept_imports.h"
#include "proc/kept_rules.h"

#include <stdio.h>
#include <stdlib.h>

enum { OUT_MAX = 4 << 20 };
enum { VERB_CHECK, VERB_IMPORT, VERB_EXPLAIN };

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
	struct buf keep;
	size_t files;
};

static bool import_one(void *ctx, const struct rule_file *f)
{
	struct importing *m = ctx;

	if (f->why == NULL && kept_rules_wanted(f->below, f->text)) {
		kept_rules_put(&m->keep, f->below, f->text);
		m->files++;
	}
	return !m->keep.full;
}

/* The last part of the path: what is imported again under it takes the place of what was. */
static struct str import_name(const char *path)
{
	struct str s = str_of(path);

	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	size_t at = s.n;
	while (at > 0 && s.p[at - 1] != '/')
		at--;
	return str_skip(s, at);
}

/* Are these rules kept already? Then that is said and all is well. */
static bool kept_already(struct rules *r, const struct kept_rules *k, bool *known, struct err *why)
{
	struct kept_import same;
	struct arena room;

	if (!arena_reserve(&room, 16 << 20))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct arena a = room;
	bool ok = kept_imports_same(&a, r->data, k->text, &same, known, why);
	if (ok && *known)
		fprintf(stderr, msg(MSG_ID("%.*s: these rules are in use already, as '%.*s'\n")),
			STR_ARG(k->name), STR_ARG(same.name));
	arena_release(room);
	return ok;
}

/* Each path is one import. */
static bool import_path(struct rules *r, struct db *db, const char *path, struct err *why)
{
	struct importing m = { .keep = BUF(KEPT_RULES_MAX) };
	struct kept_rules k = { .data = r->data, .actor = "canh", .name = import_name(path) };
	unsigned char sum[HASH_SHA256_LEN];
	char hex[HASH_HEX_MAX];

	kept_rules_begin(&m.keep, k.name);
	rule_files(path, import_one, &m);
	k.text = buf_str(&m.keep);
	k.bytes = (int64_t)k.text.n;
	hash_sha256(k.text, sum);
	k.sha256 = str_of(hash_hex(sum, sizeof sum, hex));
	k.loaded = (int64_t)(rule_set_count(r->set) + rule_set_waiting(r->set) +
			     rule_set_pending(r->set));
	k.refused = (int64_t)rule_set_faults(r->set);
	bool known = false, ok = !m.keep.full || err_set(why, ERR_LIMIT, 0, "too many rules");
	if (ok && m.files > 0)
		ok = kept_already(r, &k, &known, why);
	if (ok && m.files > 0 && !known)
		ok = kept_rules_save(db, NULL, &k, why);
	if (ok && !known)
		fprintf(stderr,
			msg(MSG_ID("%.*s: %zu files of rules are kept; a running canh loads them "
				   "within seconds\n")),
			STR_ARG(k.name), m.files);
	buf_free(&m.keep);
	return ok;
}

static int import(struct rules *r, char **given, size_t n)
{
	struct opened_state s;
	struct err why = { 0 };
	bool ok = true;

	if (!command_state_open(r->data, &s))
		return EXIT_INPUT;
	for (size_t i = 0; i < n && ok; i++)
		ok = import_path(r, s.db, given[i], &why);
	if (!ok)
		command_complain(&why);
	command_state_close(&s);
	return ok ? EXIT_DONE : EXIT_FAULT;
}

/* What stands behind `canh rules`. */
static const struct verb {
	const char *name;
	int least; /* operands */
} verbs[] = { { "check", 1 }, { "import", 1 }, { "explain", 2 }, { "coverage", 1 } };

static const struct verb *verb_of(const struct rules *r, char **argv, size_t n)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (strcmp(argv[0], verbs[i].name) == 0 && n > (size_t)verbs[i].least &&
		    (i != VERB_IMPORT || r->data != NULL))
			return &verbs[i];
	fprintf(stderr, "%s",
		msg(MSG_ID("canh rules check PATH..., canh rules import --data DIR PATH..., canh "
			   "rules explain RULE... EVENTS or canh rules coverage PATH...\n")));
	return NULL;
}

static int check_or_import(struct rules *r, char **given, size_t n, bool importing)
{
	put_all(r);
	if (!importing)
		rules_lint(r->set, r->json, &r->out);
	put_coverage(r);
	size_t usable = rule_set_count(r->set);
	if (importing)
		usable += rule_set_waiting(r->set) + rule_set_pending(r->set);
	int status = usable == 0 ? EXIT_INPUT : rule_set_faults(r->set) > 0 ? EXIT_PART : EXIT_DONE;
	int moved = importing && status != EXIT_INPUT ? import(r, given, n) : EXIT_DONE;
	return moved != EXIT_DONE ? moved : status;
}

static int run_verb(struct rules *r, const struct verb *v, char **given, size_t n)
{
	bool importing = v == &verbs[VERB_IMPORT], explaining = v == &verbs[VERB_EXPLAIN];

	for (size_t i = 0; i < n - explaining; i++)
		load_rules(r->set, given[i]);
	if (!importing) /* what they name may be in use already */
		rule_set_link(r->set);
	if (v == &verbs[VERB_CHECK] || importing)
		return check_or_import(r, given, n, importing);
	print_faults(r->set);
	if (rule_set_count(r->set) == 0)
		return EXIT_INPUT;
	if (explaining)
		return rules_explain(r->set, given[n - 1], r->json, &r->out);
	rules_coverage(r->set, &r->out);
	flush(r);
	return rule_set_faults(r->set) > 0 ? EXIT_PART : EXIT_DONE;
}

int cmd_rules(int argc, char **argv)
{
	const char *format = "text";
	struct rules r = { .out = BUF(OUT_MAX) };
	size_t n = 0;
	const struct opt table[] = {
		{ "data", OPT_TEXT, &r.data, "DIR",
		  MSG_ID("data folder that import keeps them in") },
		{ "all", OPT_FLAG, &r.all, NULL, MSG_ID("list the rules that load, too") },
		{ "format", OPT_CHOICE, &format, "text|jsonl", MSG_ID("form of the output") },
	};
	const struct opts o = {
		"rules",
		"check|import|explain|coverage PATH...|ls|rm NAME",
		MSG_ID("Load Sigma rules from files, folders and archives and say which of them are used, "
		       "and of the others file, line and reason; notes tell likely mistakes. `import` "
		       "keeps them in the data folder, where a running canh uses them; what was "
		       "imported under the same name before is replaced. `explain RULE... EVENTS` "
		       "tells of each rule and record why it fires or not. `coverage` writes a layer "
		       "for the ATT&CK Navigator. `ls` shows what was imported, `rm` takes an import away."),
		table,
		COUNT(table),
		2,
		SIZE_MAX
	};

	if (argc > 1 && (strcmp(argv[1], "ls") == 0 || strcmp(argv[1], "rm") == 0))
		return cmd_rules_kept(argc - 1, argv + 1);
	enum opts_result got = opts_parse(&o, argc, argv, &n);

	if (got != OPTS_GO)
		return opts_exit(got);
	const struct verb *v = verb_of(&r, argv, n);
	if (v == NULL)
		return EXIT_USAGE;
	r.json = strcmp(format, "jsonl") == 0;
	r.set = load_rule_set();
	if (r.set == NULL)
		return EXIT_FAULT;
	int status = run_verb(&r, v, argv + 1, n - 1);
	rule_set_free(r.set);
	buf_free(&r.out);
	return status;
}
