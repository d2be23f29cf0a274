/* SPDX-License-Identifier: Apache-2.0 */
/* HTTPS with a certificate of the own CA, asked by the curl program, which checks the chain. */
#include "access/ca.h"
#include "web/house_test.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

static struct house house;

/* curl's exit status; -1 when there is no curl. The answer with its head goes to out[cap]. */
static int curl(const char *ca, const char *scheme, const char *path, char *out, size_t cap)
{
	char url[200], file[400], head[] = "-sSi", to[] = "-o", root[] = "--cacert";
	char prog[] = "curl", quiet[] = "--max-time", limit[] = "20", cafile[400];
	char *argv[] = { prog, head, quiet, limit, root, cafile, to, file, url, NULL };
	pid_t pid;
	int status;
	struct str got;
	struct arena mem, a;

	snprintf(cafile, sizeof cafile, "%s", ca);
	snprintf(file, sizeof file, "%s/answer", house.dir);
	snprintf(url, sizeof url, "%s://localhost:%u%s", scheme, house.port, path);
	out[0] = '\0';
	remove(file);
	if (posix_spawnp(&pid, prog, NULL, NULL, argv, environ) != 0)
		return -1;
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -2;
	if (WEXITSTATUS(status) == 0 && arena_reserve(&mem, 4 << 20)) {
		a = mem;
		if (file_load(&a, AT_FDCWD, file, 1 << 20, &got, NULL))
			fake_keep(out, cap, got);
		arena_release(mem);
	}
	return WEXITSTATUS(status);
}

static struct str load(struct arena *a, const char *path)
{
	struct str s = { NULL, 0 };
	struct err why = { 0 };

	CHECK(path, file_load(a, AT_FDCWD, path, 1 << 20, &s, &why));
	return s;
}

static void test_https(const char *ca, const char *other)
{
	char out[8000];
	int status = curl(ca, "https", "/api/v1/health", out, sizeof out);

	if (status == -1) {
		test_skip("HTTPS", "there is no curl program");
		return;
	}
	CHECK("HTTPS", status == 0 && strstr(out, "\"status\":\"ok\"") != NULL);
	CHECK("HSTS", strstr(out, "Strict-Transport-Security: max-age=") != NULL);
	/* 60: the peer's certificate cannot be checked with the given one */
	CHECK("another root", curl(other, "https", "/", out, sizeof out) == 60);
	CHECK("plain HTTP is not answered", curl(ca, "http", "/", out, sizeof out) != 0);
}

/* Peers that speak no TLS at all do not stop those that do. */
static void test_strangers(const char *ca)
{
	enum { STRANGERS = 200 };
	static int fds[STRANGERS];
	char out[8000];

	for (size_t i = 0; i < STRANGERS; i++) {
		fds[i] = client_open(house.port);
		if (i % 2)
			client_send(fds[i], STR("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
	}
	int status = curl(ca, "https", "/api/v1/health", out, sizeof out);
	CHECK("others are served", status == 0 || status == -1);
	for (size_t i = 0; i < STRANGERS; i++)
		close(fds[i]);
}

static void test_no_key(void)
{
	struct web_backend backend = fake_backend(&house.fake);
	struct web_config cfg = { .listen_fd = house_socket(),
				  .state_dir = house.state,
				  .keys_dir = house.keys,
				  .ledger_key = house.key,
				  .cert_pem = STR("x") };
	struct err why = { 0 };

	CHECK("no key", web_start(&cfg, &backend, &why) == NULL && why.kind == ERR_INPUT);
	cfg.listen_fd = house_socket();
	cfg.key_pem = STR("y");
	CHECK("no certificate at all", web_start(&cfg, &backend, &why) == NULL);
}

/* The root of another house. */
static void other_root(const struct str *names, struct ca_server *out)
{
	char keys[400];
	struct err why = { 0 };

	snprintf(keys, sizeof keys, "%s/other", house.dir);
	house_must(dir_make(keys, 0700, &why), "a folder", &why);
	struct access *ac = access_new(house.db, keys, &why);
	house_must(ac != NULL && ca_server(ac, names, 1, out, &why), "another root", &why);
	access_free(ac);
}

int main(void)
{
	struct str names[] = { STR("localhost"), STR("127.0.0.1") };
	struct web_config cfg = { 0 };
	struct ca_server made, other;
	struct arena mem, a;
	struct err why = { 0 };

	house_open(&house);
	house_must(arena_reserve(&mem, 4 << 20), "memory", &why);
	a = mem;
	house_must(ca_server(house.access, names, COUNT(names), &made, &why), "certificate", &why);
	other_root(names, &other);
	cfg.cert_pem = load(&a, made.cert);
	cfg.key_pem = load(&a, made.key);
	house_serve(&house, cfg);
	test_https(made.ca, other.ca);
	test_strangers(made.ca);
	test_no_key();
	house_close(&house);
	arena_release(mem);
	return TEST_REPORT();
}
