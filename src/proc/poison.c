/* SPDX-License-Identifier: Apache-2.0 */
/* poison.c - one writer of `busy` and the record (watch), one of the skips (parent). */
#include "proc/poison.h"

#include "base/hash.h"

#include <signal.h>

static __thread struct poison_page *mine; /* of the thread that reads just now */
static struct poison_page *otherwise;

/* Back to what the signal does by itself, which ends the process when it comes again. */
static void struck(int number)
{
	struct poison_page *p = mine != NULL ? mine : otherwise;
	int how = mine != NULL ? POISON_STRUCK : POISON_ELSEWHERE;

	__atomic_store_n(&p->struck, (uint32_t)how, __ATOMIC_RELEASE);
	signal(number, SIG_DFL);
	raise(number);
}

void poison_catch(struct poison_page *first)
{
	static const int numbers[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
	struct sigaction now, ours = { .sa_handler = struck };

	otherwise = first;
	sigemptyset(&ours.sa_mask);
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (sigaction(numbers[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			sigaction(numbers[i], &ours, NULL);
}

uint64_t poison_hash(struct str beginning, uint64_t len)
{
	return hash_quick(str_sub(beginning, 0, POISON_COPY), len);
}

void poison_enter(struct poison_page *p, struct str source, struct str record)
{
	size_t n = record.n < POISON_COPY ? record.n : POISON_COPY;
	size_t s = source.n < POISON_SOURCE - 1 ? source.n : POISON_SOURCE - 1;

	if (s > 0)
		memcpy(p->source, source.p, s);
	p->source[s] = '\0';
	if (n > 0)
		memcpy(p->bytes, record.p, n);
	p->copied = (uint32_t)n;
	p->len = record.n;
	__atomic_add_fetch(&p->turn, 1, __ATOMIC_RELAXED);
	mine = p;
	__atomic_store_n(&p->busy, 1, __ATOMIC_RELEASE);
}

void poison_leave(struct poison_page *p)
{
	__atomic_store_n(&p->busy, 0, __ATOMIC_RELEASE);
	mine = NULL;
}

bool poison_known(const struct poison_page *p, struct str record)
{
	uint32_t n = __atomic_load_n(&p->n_skips, __ATOMIC_ACQUIRE);
	uint64_t h;

	if (n == 0)
		return false;
	h = poison_hash(record, record.n);
	for (uint32_t i = 0; i < n && i < POISON_SKIPS; i++)
		if (p->skips[i] == h)
			return true;
	return false;
}
