/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clerk.c - parses one upload and ends. What it was handed may be hostile; its answer is JSON and,
 * behind a NUL, what desk shall keep.
 */
#include "base/file.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/unpack.h"
#include "detect/list_file.h"
#include "detect/rule_set.h"
#include "proc/clerk_int.h"
#include "proc/kept_list.h"
#include "proc/kept_rules.h"
#include "proc/loader.h"
#include "proc/rpc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	RECV_ARENA = 1 << 20,
	BAD_TOLD = 100,
	SAMPLE_TOLD = 20,
	KEEP_MAX = KEPT_RULES_MAX,
	SOURCES_FILE_MAX = 8 << 20,
	RULES_FILE_MAX = 8 << 20,
	CPU_SECONDS = 120,
};
#define CLERK_ROOM ((size_t)2 << 30)
#define RULES_UNPACKED_MAX ((size_t)1 << 30)

/* --- lists --- */

struct reading {
	struct job *job;
	bool preview;
	struct arena scratch;
	uint64_t bad, sampled;
	struct buf faults, sample; /* JSON arrays, without their brackets */
	struct jsonw fw, sw;
};

static bool keep_entry(void *ctx, const struct indicator *x, struct str note, uint64_t line)
{
	struct reading *r = ctx;

	if (r->preview) {
		if (r->sampled++ < SAMPLE_TOLD) {
			jsonw_open(&r->sw, '{');
			jsonw_kv_int(&r->sw, "line", (int64_t)line);
			jsonw_kv_str(&r->sw, "value", x->text);
			jsonw_kv_str(&r->sw, "type", str_of(indicator_type_name(x->type)));
			jsonw_close(&r->sw, '}');
		}
		return true;
	}
	kept_list_put(r->job->keep, x, note, line);
	return !r->job->keep->full;
}

static void keep_bad(void *ctx, uint64_t line, const struct err *why)
{
	struct reading *r = ctx;
	char vi[ERR_TEXT_MAX];

	if (r->bad++ >= BAD_TOLD)
		return;
	jsonw_open(&r->fw, '{');
	jsonw_kv_int(&r->fw, "line", (int64_t)line);
	jsonw_key(&r->fw, "reason");
	jsonw_open(&r->fw, '{');
	jsonw_kv_str(&r->fw, "vi", str_of(err_text(why, LANG_VI, vi, sizeof vi)));
	jsonw_kv_str(&r->fw, "en", str_of(why->text));
	jsonw_close(&r->fw, '}');
	jsonw_close(&r->fw, '}');
}

static void write_columns(struct job *job, const struct list_file *f)
{
	char delimiter[2] = { f->delimiter, '\0' };

	jsonw_kv_str(&job->w, "delimiter",
		     f->form == LIST_DELIMITED ? str_of(delimiter) : (struct str){ NULL, 0 });
	jsonw_kv_bool(&job->w, "header", f->header);
	jsonw_key(&job->w, "columns");
	jsonw_open(&job->w, '[');
	for (size_t i = 0; i < f->n_columns; i++) {
		jsonw_open(&job->w, '{');
		jsonw_kv_int(&job->w, "n", (int64_t)i + 1);
		jsonw_kv_str(&job->w, "header", f->column[i].header);
		jsonw_kv_str(&job->w, "guess", str_of(list_column_name(f->column[i].holds)));
		jsonw_key(&job->w, "samples");
		jsonw_open(&job->w, '[');
		for (size_t k = 0; k < f->column[i].n_samples; k++)
			jsonw_str(&job->w, f->column[i].sample[k]);
		jsonw_close(&job->w, ']');
		jsonw_close(&job->w, '}');
	}
	jsonw_close(&job->w, ']');
}

static void write_counts(struct job *job, const struct list_counts *c)
{
	struct jsonw *w = &job->w;

	jsonw_kv_int(w, "rows", (int64_t)c->rows);
	jsonw_kv_int(w, "entries", (int64_t)c->entries);
	jsonw_kv_int(w, "bad_lines", (int64_t)c->bad);
	jsonw_key(w, "types");
	list_counts_put(w, c);
}

static bool read_list(struct job *job, bool preview, struct list_counts *out, struct err *why)
{
	struct str map_text = json_get_str(job->ask, "map");
	enum list_kind kind = LIST_UNKNOWN;
	struct list_map map = { 0 };
	struct list_file f;
	struct list_counts counts = { 0 };
	struct reading r = {
		.job = job, .preview = preview, .faults = BUF(1 << 20), .sample = BUF(1 << 20)
	};
	struct list_sink sink = { keep_entry, keep_bad, &r };

	r.fw.out = &r.faults;
	r.sw.out = &r.sample;
	if (json_get_str(job->ask, "kind").n > 0 &&
	    !list_kind_find(json_get_str(job->ask, "kind"), &kind))
		return err_set(why, ERR_INPUT, 0, "no kind of list '%.*s'",
			       STR_ARG(json_get_str(job->ask, "kind")));
	if (map_text.n > 0 && !list_map_parse(map_text, &map, why))
		return false;
	if (!list_file_open(&job->a, job->upload, map_text.n > 0 ? &map : NULL, kind, &f, why))
		return false;
	if (!list_file_read(&f, job->a, &sink, &counts))
		return err_set(why, ERR_LIMIT, 0, "the list is too long");
	jsonw_open(&job->w, '{');
	write_columns(job, &f);
	write_counts(job, &counts);
	jsonw_key(&job->w, "bad");
	buf_add(job->w.out, STR("["));
	buf_add(job->w.out, buf_str(&r.faults));
	buf_add(job->w.out, STR("],\"sample\":["));
	buf_add(job->w.out, buf_str(&r.sample));
	buf_add(job->w.out, STR("]"));
	job->w.comma = true;
	jsonw_close(&job->w, '}');
	buf_free(&r.faults);
	buf_free(&r.sample);
	*out = counts;
	return true;
}

bool clerk_list(struct job *job, struct list_counts *counts, struct err *why)
{
	return read_list(job, true, counts, why);
}

static bool list_preview(struct job *job, struct err *why)
{
	struct list_counts counts;

	return read_list(job, true, &counts, why);
}

static bool list_import(struct job *job, struct err *why)
{
	struct list_counts counts;

	return read_list(job, false, &counts, why);
}

/* --- rules --- */

struct sources {
	struct rule_set *rules;
	struct arena scratch; /* for one file at a time */
};

static bool add_sources(void *ctx, const char *path, const char *name)
{
	struct sources *s = ctx;
	struct arena a = s->scratch;
	struct str text;
	struct err why = { 0 };

	if (!str_ends(str_of(name), STR(".yaml")))
		return true;
	if (!file_load(&a, AT_FDCWD, path, SOURCES_FILE_MAX, &text, &why) ||
	    !rule_set_sources(s->rules, text, &why))
		log_error("log sources '%s', line %zu: %s", name, why.at, why.text);
	return true;
}

/* Without the log sources that canh knows each rule would be told as none that can be used. */
static void know_sources(struct job *job, struct rule_set *rs)
{
	struct sources s = { rs, job->a };
	struct walk w = { .fn = add_sources, .ctx = &s };
	struct str path = arena_printf(&s.scratch, "%.*s/sigma/logsources",
				       STR_ARG(job->config->content));

	if (path.p != NULL && !file_walk(path.p, &w))
		log_error("the log sources could not be read");
}

struct reading_rules {
	struct job *job;
	struct rule_set *rules;
	struct arena scratch;
	size_t files;
};

static bool take_rules(void *ctx, struct str name, struct str text)
{
	struct reading_rules *r = ctx;

	if (kept_rules_wanted(name, text)) {
		r->files++;
		rule_set_add(r->rules, name, text);
		kept_rules_put(r->job->keep, name, text);
	}
	return !r->job->keep->full;
}

static void no_rules(void *ctx, struct str name, const struct err *why)
{
	struct reading_rules *r = ctx;

	rule_set_refuse(r->rules, name, why);
}

/* All rules of an archive, or one YAML text. */
static bool read_rules(struct reading_rules *r, struct str name, struct err *why)
{
	const struct unpack u = { take_rules, no_rules, r, RULES_FILE_MAX, RULES_UNPACKED_MAX };

	if (!unpack_knows(r->job->upload)) {
		rule_set_add(r->rules, name, r->job->upload);
		kept_rules_put(r->job->keep, name, r->job->upload);
		return true;
	}
	if (!unpack_walk(r->scratch, r->job->upload, &u, why))
		return why->kind == ERR_NONE ? err_set(why, ERR_LIMIT, 0, "too many rules") : false;
	return r->files > 0 || err_set(why, ERR_INPUT, 0, "there is no Sigma rule in the archive");
}

/* {"loaded", "rules": [{"file", "line", "id"}], "refused": [{"file", "line", "reason"}]} */
static void write_rules(struct job *job, const struct rule_set *rs)
{
	size_t whole = rule_set_count(rs), n = whole + rule_set_waiting(rs);

	/* what filters and correlations name may be in use already: they are linked where it is */
	jsonw_open(&job->w, '{');
	jsonw_kv_int(&job->w, "loaded", (int64_t)(n + rule_set_pending(rs)));
	jsonw_key(&job->w, "rules");
	jsonw_open(&job->w, '[');
	for (size_t i = 0; i < n; i++) {
		const struct rule_info *r = i < whole ? rule_set_at(rs, i)
						      : rule_set_waiting_at(rs, i - whole);

		jsonw_open(&job->w, '{');
		jsonw_kv_str(&job->w, "file", r->file);
		jsonw_kv_int(&job->w, "line", r->line);
		jsonw_kv_str(&job->w, "id", r->id);
		jsonw_close(&job->w, '}');
	}
	jsonw_close(&job->w, ']');
	jsonw_key(&job->w, "refused");
	jsonw_open(&job->w, '[');
	for (size_t i = 0; i < rule_set_faults(rs); i++) {
		const struct rule_fault *f = rule_set_fault(rs, i);
		char vi[ERR_TEXT_MAX];

		jsonw_open(&job->w, '{');
		jsonw_kv_str(&job->w, "file", f->file);
		jsonw_kv_int(&job->w, "line", (int64_t)f->why.at);
		jsonw_key(&job->w, "reason");
		jsonw_open(&job->w, '{');
		jsonw_kv_str(&job->w, "vi", str_of(err_text(&f->why, LANG_VI, vi, sizeof vi)));
		jsonw_kv_str(&job->w, "en", str_of(f->why.text));
		jsonw_close(&job->w, '}');
		jsonw_close(&job->w, '}');
	}
	jsonw_close(&job->w, ']');
	jsonw_close(&job->w, '}');
}

static bool rules_import(struct job *job, struct err *why)
{
	struct str name = json_get_str(job->ask, "name");
	struct reading_rules r = { .job = job, .rules = rule_set_new(), .scratch = job->a };

	if (r.rules == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	name = name.n > 0 ? name : STR("rules.yml");
	know_sources(job, r.rules);
	kept_rules_begin(job->keep, name);
	bool ok = read_rules(&r, name, why);
	if (ok)
		write_rules(job, r.rules);
	rule_set_free(r.rules);
	return ok;
}

/* --- one request --- */

static bool parse(struct job *job, struct err *why)
{
	static const struct {
		const char *op;
		bool (*run)(struct job *job, struct err *why);
	} ops[] = { { "list-preview", list_preview }, { "list-import", list_import },
		    { "rules-import", rules_import }, { "look", clerk_look },
		    { "look-keep", clerk_keep },      { "duty-read", clerk_duty },
		    { "unpack", clerk_unpack } };
	struct str op = json_get_str(job->ask, "op");

	for (size_t i = 0; i < COUNT(ops); i++)
		if (str_eq(op, str_of(ops[i].op)))
			return ops[i].run(job, why) &&
			       ((!job->w.out->full && !job->keep->full) ||
				err_set(why, ERR_LIMIT, 0, "the answer is too long"));
	return err_set(why, ERR_INPUT, 0, "unknown question '%.*s'", STR_ARG(op));
}

static bool map_upload(int fd, struct str *out, struct err *why)
{
	struct stat st;
	void *p;

	if (fd == -1 || fstat(fd, &st) == -1 || st.st_size == 0)
		return err_set(why, ERR_INPUT, 0, "the upload is empty");
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	*out = (struct str){ p, (size_t)st.st_size };
	return true;
}

/* Rules and lists are read before the first byte of the upload, and cannot be read any more after that. */
static bool prepare(struct job *job, struct str inventory, struct err *why)
{
	struct rights left = { .n_paths = 0 };
	struct buf told = BUF(32 << 20);
	struct wits *wits = NULL;
	char content[4096];
	bool ok = true;

	if (str_eq(json_get_str(job->ask, "op"), STR("look"))) {
		ok = loader_make(job->config, inventory, &told, &wits, why);
		job->wits = wits;
	}
	buf_free(&told);
	snprintf(content, sizeof content, "%.*s", STR_ARG(job->config->content));
	if (content[0] != '\0')
		left.paths[left.n_paths++].path = content;
	left.paths[left.n_paths++].path = "/usr/share/zoneinfo";
	return ok && sandbox_narrow(&left, why);
}

static bool answer(const struct config *c, int link, const struct wire_msg *m, struct buf *out,
		   struct err *why)
{
	size_t nul = str_find_char(m->payload, '\0');
	struct buf keep = BUF(KEEP_MAX);
	struct json *j = NULL;
	struct job job = { .config = c, .link = link, .w = { .out = out }, .keep = &keep };

	if (m->type != WIRE_PARSE || !json_parse(str_sub(m->payload, 0, nul), 1 << 16, &j, why))
		return false;
	job.ask = j;
	if (!prepare(&job, str_skip(m->payload, nul + 1), why) ||
	    !map_upload(m->fd, &job.upload, why))
		return false;
	if (!arena_reserve(&job.a, CLERK_ROOM))
		return err_set(why, ERR_LIMIT, 0, "no memory");
	if (!parse(&job, why))
		return false;
	buf_char(out, '\0');
	buf_add(out, buf_str(&keep));
	return true; /* the process ends: nothing is given back */
}

int clerk_run(const struct config *c, int link)
{
	struct buf out = BUF(WIRE_MAX);
	struct arena a;
	struct wire_msg m;
	struct err why = { 0 }, reason = { 0 };

	struct rlimit cpu = { CPU_SECONDS, CLERK_UNPACK_SECONDS };

	/* An upload on which a parser never ends must not keep a core for ever. */
	if (setrlimit(RLIMIT_CPU, &cpu) == -1)
		die("cannot set a limit: %s", strerror(errno));
	/* The link that the parent made now leads to desk. */
	if (!arena_reserve(&a, RECV_ARENA))
		die("no memory");
	if (!wire_recv(link, PROC_DESK, &a, &m, &why))
		return 0; /* desk has gone */
	bool ok = answer(c, link, &m, &out, &reason);
	ok = ok ? rpc_answer(link, m.number, buf_str(&out), &why)
		: rpc_refuse(link, m.number, &reason, &why);
	if (!ok)
		log_warn("desk: %s", why.text);
	return 0;
}
