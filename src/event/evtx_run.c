/* SPDX-License-Identifier: Apache-2.0 */
/*
 * evtx_run.c - a record to slots: its template's operations over its values.
 *
 * Invariant: each operation costs one of work_left, each nested template one level, so that no record
 * causes more than EVTX_WORK operations, whatever it refers to.
 */
#include "base/num.h"
#include "event/evtx_int.h"

enum { RECORD_TAIL = 4, BYTES_PER_WORK = 16 };

/* Where nested binary XML goes on. */
struct running {
	const struct evtx_name *context;
	unsigned depth;
};

static void run_xml(struct evtx *e, uint32_t at, uint32_t end, struct running in);

struct evtx_tokens evtx_tokens_of(const struct evtx *e, uint32_t at, uint32_t end)
{
	return (struct evtx_tokens){ .chunk = (const unsigned char *)e->chunk.p,
				     .chunk_n = (uint32_t)e->chunk.n,
				     .at = at,
				     .end = end };
}

static inline struct evtx_slot value_at(const struct evtx *e, const struct evtx_values *v,
					uint32_t i)
{
	struct evtx_slot out = { .type = EVTX_NULL };

	if (v->in == NULL || i >= v->in->n)
		return out;
	const unsigned char *chunk = (const unsigned char *)e->chunk.p;
	const unsigned char *head = chunk + v->in->values + 4 * i;
	uint32_t len = load_le16(head);

	/* what is cut off is there as far as it goes */
	if (v->offset[i] > v->in->end)
		return out;
	if (len > v->in->end - v->offset[i])
		len = v->in->end - v->offset[i];
	out.type = head[2];
	out.p = chunk + v->offset[i];
	out.len = len;
	return out;
}

struct evtx_slot evtx_value(const struct evtx *e, const struct evtx_values *v, uint32_t i)
{
	return value_at(e, v, i);
}

static void push(struct evtx *e, const struct evtx_name *name, struct evtx_slot s)
{
	if (name == NULL)
		name = e->dynamic;
	if (e->n == EVENT_MAX_FIELDS || name == NULL) {
		e->partial = true;
		return;
	}
	s.name = name;
	e->slot[e->n++] = s;
}

/* Work that is more than an operation, by its bytes. */
static bool charge(struct evtx *e, size_t bytes)
{
	size_t n = bytes / BYTES_PER_WORK;

	if (e->work_left < n) {
		e->work_left = 0;
		e->partial = true;
		return false;
	}
	e->work_left -= (uint32_t)n;
	return true;
}

static void push_array(struct evtx *e, const struct evtx_op *op, struct evtx_slot array)
{
	struct evtx_slot item;

	if (array.len == 0)
		push(e, op->name, (struct evtx_slot){ .type = EVTX_NULL });
	while (e->work_left > 0 && evtx_item(&array, &item)) {
		e->work_left--;
		push(e, op->name, item);
	}
	e->partial = e->partial || e->work_left == 0;
}

static void run_value(struct evtx *e, const struct evtx_op *op, const struct evtx_values *v,
		      uint32_t mark, unsigned depth)
{
	struct evtx_slot s = value_at(e, v, op->number);
	uint32_t at;

	if (s.type == EVTX_NULL && op->optional) {
		if (op->content)
			e->n = mark; /* the element is not there, nor are its attributes */
	} else if (s.type == EVTX_BINXML) {
		at = (uint32_t)(s.p - (const unsigned char *)e->chunk.p);
		if (op->content && op->name != NULL)
			run_xml(e, at, at + s.len, (struct running){ op->name, depth + 1 });
		else
			e->partial = true;
	} else if ((s.type & EVTX_ARRAY) != 0) {
		push_array(e, op, s);
	} else {
		push(e, op->name, s);
	}
}

/* The name of the data that follow, which stands in the slot before. */
static void run_name(struct evtx *e, const struct evtx_op *op)
{
	struct arena scratch = e->text;
	struct str text = STR("");

	if (e->n > 0 && e->slot[e->n - 1].name == op->name && charge(e, e->slot[e->n - 1].len))
		text = evtx_text(e, &e->slot[--e->n], &scratch);
	e->dynamic = text.p == NULL ? NULL : evtx_name_below(e, op->name, text);
}

static void run_join(struct evtx *e, const struct evtx_op *op, const struct evtx_values *v)
{
	struct str text = evtx_join(e, (const struct evtx_part *)(const void *)op->p, op->number, v,
				    &e->text);

	if (text.p == NULL) {
		e->partial = true;
		e->work_left = 0; /* the room for joined texts is a cap of the record, too */
		return;
	}
	push(e, op->name,
	     (struct evtx_slot){ .p = (const unsigned char *)text.p,
				 .len = (uint32_t)text.n,
				 .type = EVTX_UTF8 });
}

static void run_ops(struct evtx *e, const struct evtx_template *t, const struct evtx_values *v,
		    unsigned depth)
{
	uint32_t mark[XML_EVENT_DEPTH + 1] = { 0 };

	e->partial = e->partial || t->cut;
	for (uint32_t i = 0; i < t->n_ops; i++) {
		const struct evtx_op *op = &t->op[i];

		if (e->work_left == 0) {
			e->partial = true;
			return;
		}
		e->work_left--;
		switch ((enum op_kind)op->kind) {
		case OP_MARK:
			mark[op->level] = e->n;
			break;
		case OP_TEXT:
			push(e, op->name,
			     (struct evtx_slot){ .p = op->p, .len = op->len, .type = EVTX_UTF16 });
			break;
		case OP_EMPTY:
			if (e->n == mark[op->level])
				push(e, op->name, (struct evtx_slot){ .type = EVTX_NULL });
			break;
		case OP_NULL:
			push(e, op->name, (struct evtx_slot){ .type = EVTX_NULL });
			break;
		case OP_VALUE:
			run_value(e, op, v, op->level > 0 ? mark[op->level] : e->n, depth);
			break;
		case OP_JOIN:
			run_join(e, op, v);
			break;
		case OP_NAME:
			run_name(e, op);
			break;
		case OP_INSTANCE:
			run_xml(e, op->at, op->end, (struct running){ op->name, depth + 1 });
			break;
		}
	}
}

/* The values of a template that is not there: nobody knows what they mean, but they may say much. */
static void run_nameless(struct evtx *e, const struct evtx_values *v)
{
	const struct evtx_name_key key = { .path = STR("evtx.value") };
	const struct evtx_op op = { .name = evtx_name_get(e, &key) };

	for (uint32_t i = 0; i < v->in->n && op.name != NULL; i++) {
		struct evtx_slot s = value_at(e, v, i);

		if ((s.type & EVTX_ARRAY) != 0)
			push_array(e, &op, s);
		else if (s.type != EVTX_NULL && s.type != EVTX_BINXML && s.len > 0)
			push(e, op.name, s);
	}
}

static void run_instance(struct evtx *e, const struct evtx_tokens *t, uint32_t at,
			 struct running in)
{
	struct evtx_instance inst;
	const struct evtx_values v = { &inst, e->offset[in.depth] };
	struct evtx_template *template;
	bool partial = e->partial;

	assert(in.depth <= EVTX_MAX_NESTED);
	e->partial = true;
	if (!evtx_instance_read(t, at, e->offset[in.depth], &inst))
		return;
	template = evtx_template_get(e, inst.def, in.context);
	if (template == NULL || template->bad) {
		run_nameless(e, &v);
		return;
	}
	e->partial = partial;
	e->partial = e->partial || inst.cut;
	run_ops(e, template, &v, in.depth);
}

/* Elements that stand there themselves. Some writers put a dependency id into them, most do not. */
static void run_elements(struct evtx *e, const struct evtx_tokens *t, struct running in)
{
	struct arena keep = e->text;
	struct evtx_template local = { 0 };
	struct evtx_values none = { NULL, NULL };
	struct evtx_tokens again = *t;
	bool ok;

	if (!charge(e, t->end - t->at))
		return;
	ok = evtx_compile(e, &e->text, *t, in.context, false, &local);
	if (!ok) {
		e->text = keep;
		again.dependency = true;
		ok = evtx_compile(e, &e->text, again, in.context, false, &local);
	}
	if (ok)
		run_ops(e, &local, &none, in.depth);
	else
		e->partial = true;
}

static void run_xml(struct evtx *e, uint32_t at, uint32_t end, struct running in)
{
	struct evtx_tokens t = evtx_tokens_of(e, at, end);

	if (in.depth > EVTX_MAX_NESTED || e->work_left == 0) {
		e->partial = true;
		return;
	}
	evtx_skip_heads(&t);
	if (t.at == t.end || t.chunk[t.at] == 0)
		return;
	if (evtx_is_instance(&t))
		run_instance(e, &t, t.at, in);
	else
		run_elements(e, &t, in);
}

bool evtx_body(const struct evtx *e, struct str record, uint32_t *at, uint32_t *end)
{
	if (record.p < e->chunk.p || record.p > e->chunk.p + e->chunk.n ||
	    record.n < EVTX_RECORD_HEAD + RECORD_TAIL ||
	    record.n > (size_t)(e->chunk.p + e->chunk.n - record.p))
		return false;
	*at = (uint32_t)(record.p - e->chunk.p) + EVTX_RECORD_HEAD;
	*end = *at + (uint32_t)record.n - EVTX_RECORD_HEAD - RECORD_TAIL;
	return true;
}

bool evtx_slots(struct evtx *e, struct str record, struct evtx_slots *out, struct err *why)
{
	uint32_t at, end;

	if (!evtx_body(e, record, &at, &end))
		return err_set(why, ERR_INPUT, 0, "a record of EVTX without its chunk");
	e->n = 0;
	e->partial = false;
	e->dynamic = NULL;
	e->work_left = EVTX_WORK;
	e->text = e->text_whole;
	run_xml(e, at, end, (struct running){ NULL, 0 });
	if (e->n == 0)
		return err_set(why, ERR_INPUT, at, "no binary XML that can be read");
	*out = (struct evtx_slots){ e->slot, e->n, e->partial };
	return true;
}
