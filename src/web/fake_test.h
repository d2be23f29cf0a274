/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake_test.h - a backend for tests: keeps what it was asked last, answers what it is told to.
 */
#ifndef WEB_FAKE_TEST_H
#define WEB_FAKE_TEST_H

#include "web/fake_push_test.h"
#include "web/fake_rules_test.h"

static bool fake_answer(void *ctx, struct str request, int fd, struct buf *answer, struct err *why)
{
	struct fake *f = ctx;

	pthread_mutex_lock(&f->lock);
	f->asks++;
	fake_keep(f->asked, sizeof f->asked, request);
	if (fd != -1) {
		ssize_t n = read(fd, f->upload, sizeof f->upload - 1);
		f->upload[n < 0 ? 0 : n] = '\0';
	}
	bool ok = !fake_fails(f, why);
	if (ok)
		buf_add(answer,
			f->answer ? str_of(f->answer) : STR("{\"items\":[],\"next\":null}"));
	pthread_mutex_unlock(&f->lock);
	return ok;
}

static bool fake_seek(void *ctx, struct str request, struct buf *answer, struct err *why)
{
	return fake_answer(ctx, request, -1, answer, why);
}

static bool fake_reload(void *ctx, struct buf *answer, struct err *why)
{
	((struct fake *)ctx)->reloads++;
	return fake_answer(ctx, STR(""), -1, answer, why);
}

static bool fake_look_keep(void *ctx, const struct push_request *request, struct str name,
			   struct str actor, struct buf *answer, struct err *why)
{
	(void)name, (void)actor;
	return fake_answer(ctx, request->source_name, request->body_fd, answer, why);
}

static bool fake_rules(void *ctx, struct str request, struct buf *answer, struct err *why)
{
	return fake_answer(ctx, request, -1, answer, why);
}

static bool fake_control(void *ctx, struct err *why)
{
	struct buf none = BUF(4096);
	bool ok = fake_answer(ctx, STR("control"), -1, &none, why);

	buf_free(&none);
	return ok;
}

static bool fake_exercises(void *ctx, struct buf *answer, struct err *why)
{
	(void)ctx, (void)why;
	buf_add(answer, STR("{\"scenarios\":[{\"id\":\"holiday-mail\",\"title\":{\"vi\":\"a\","
			    "\"en\":\"b\"}}],\"running\":false,\"last\":null}"));
	return true;
}

static bool fake_exercise(void *ctx, struct str scenario, struct str actor, struct err *why)
{
	struct buf none = BUF(4096);
	bool ok = fake_answer(ctx, scenario, -1, &none, why);

	(void)actor;
	buf_free(&none);
	return ok;
}

static bool fake_hold(void *ctx, struct err *why)
{
	struct buf none = BUF(4096);
	bool ok = fake_answer(ctx, STR("hold"), -1, &none, why);

	buf_free(&none);
	return ok;
}

static bool fake_live(void *ctx, struct buf *answer)
{
	struct fake *f = ctx;

	if (f->live != NULL) {
		buf_add(answer, str_of(f->live));
		return true;
	}
	buf_add(answer,
		STR("{\"ready\":true,\"processes\":{\"watch\":\"running\",\"seek\":\"running\"},"
		    "\"sources\":[{\"id\":\"1\",\"name\":\"fw\",\"kind\":\"udp\","
		    "\"peer\":\"192.0.2.1\",\"class\":\"unknown\",\"received\":3,"
		    "\"stored\":2,\"pending\":0,\"dropped\":{\"kernel\":1},\"unparsed\":0,"
		    "\"formats\":{\"kv\":2},\"hosts\":1,\"first_seen\":null,"
		    "\"last_seen\":null,\"lag_ms\":1,\"state\":\"live\",\"control\":null,"
		    "\"acknowledged_delivery\":false}],"
		    "\"controls\":[{\"kind\":\"rules\",\"subject\":\"\",\"state\":\"passed\","
		    "\"reason\":null,\"next\":null,\"last_sent\":null,\"last_passed\":null,"
		    "\"last_failed\":null}],\"policy_fault\":null,"
		    "\"self\":{}}"));
	return true;
}

static struct web_backend fake_backend(struct fake *f)
{
	pthread_mutex_init(&f->lock, NULL);
	return (struct web_backend){ f,
				     fake_push,
				     fake_seek,
				     fake_answer,
				     fake_look_keep,
				     fake_reload,
				     fake_live,
				     fake_rules,
				     fake_known,
				     fake_list_fault,
				     fake_imports,
				     fake_import_remove,
				     fake_control,
				     fake_notify,
				     fake_exercises,
				     fake_exercise,
				     fake_hold,
				     fake_configure,
				     fake_configured };
}

#endif
