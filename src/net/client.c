/* SPDX-License-Identifier: Apache-2.0 */
/* client.c - libcurl behind two calls; a handle lives for one request. */
#include "net/client.h"

#include "base/file.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TIMEOUT_S = 30, CONNECT_S = 10, ORIGIN_MAX = 320 };

static void curl_once(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static CURL *handle(unsigned timeout_s, const char *ca_file, char error[CURL_ERROR_SIZE])
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, curl_once);
	CURL *c = curl_easy_init();
	if (c == NULL)
		return NULL;
	error[0] = '\0';
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, error);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)(timeout_s == 0 ? TIMEOUT_S : timeout_s));
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT,
			 (long)(timeout_s != 0 && timeout_s < CONNECT_S ? timeout_s : CONNECT_S));
	if (ca_file != NULL) {
		curl_easy_setopt(c, CURLOPT_CAINFO, ca_file);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	return c;
}

/* libcurl with GnuTLS reads certificates from files only: `pem` stands in one in memory meanwhile. */
static CURLcode perform(CURL *c, struct str pem)
{
	char path[32];
	int fd = -1;

	if (pem.n > 0) {
		fd = memfd_create("canh-ca", MFD_CLOEXEC);
		if (fd == -1 || !fd_write_all(fd, pem, NULL)) {
			if (fd != -1)
				close(fd);
			return CURLE_OUT_OF_MEMORY;
		}
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		curl_easy_setopt(c, CURLOPT_CAINFO, path);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	CURLcode got = curl_easy_perform(c);
	if (fd != -1)
		close(fd);
	return got;
}

static enum client_fault fault_of(CURLcode code, long os_error)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		return CLIENT_UNREACHABLE;
	case CURLE_COULDNT_CONNECT:
		return os_error == ECONNREFUSED ? CLIENT_REFUSED : CLIENT_UNREACHABLE;
	case CURLE_OPERATION_TIMEDOUT:
		return CLIENT_TIMEOUT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_USE_SSL_FAILED:
		return CLIENT_TLS;
	default:
		return CLIENT_OTHER;
	}
}

/* The other side went away, or took too long, behind all that we had to say. */
static bool unanswered(CURLcode code)
{
	return code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR ||
	       code == CURLE_GOT_NOTHING || code == CURLE_PARTIAL_FILE;
}

static bool failed(CURL *c, CURLcode code, const char *error, const char *where,
		   enum client_fault *fault, struct err *why)
{
	long os_error = 0;

	curl_easy_getinfo(c, CURLINFO_OS_ERRNO, &os_error);
	if (fault != NULL)
		*fault = fault_of(code, os_error);
	return err_set(why, ERR_IO, 0, "%s: %s", where,
		       error[0] != '\0' ? error : curl_easy_strerror(code));
}

static size_t keep(char *bytes, size_t size, size_t n, void *ctx)
{
	buf_add(ctx, (struct str){ bytes, size * n });
	return size * n;
}

static struct curl_slist *headers_of(const struct http_ask *ask)
{
	struct curl_slist *list = NULL;
	char line[1024];

	if (ask->token != NULL) {
		snprintf(line, sizeof line, "Authorization: Bearer %s", ask->token);
		list = curl_slist_append(list, line);
	}
	if (ask->key != NULL) {
		snprintf(line, sizeof line, "Idempotency-Key: %s", ask->key);
		list = curl_slist_append(list, line);
	}
	if (ask->signature != NULL) {
		snprintf(line, sizeof line, "X-Canh-Signature: %s", ask->signature);
		list = curl_slist_append(list, line);
	}
	if (ask->type != NULL) {
		snprintf(line, sizeof line, "Content-Type: %s", ask->type);
		list = curl_slist_append(list, line);
		list = curl_slist_append(list, "Expect:"); /* or it waits a second for a "100" */
	}
	return list;
}

/* An address up to its host: what follows may hold a secret, and errors are shown and kept. */
static const char *origin_of(const char *url, char out[ORIGIN_MAX])
{
	const char *host = strstr(url, "://");
	size_t n = host == NULL ? 0 : (size_t)(host + 3 - url) + strcspn(host + 3, "/?#");

	snprintf(out, ORIGIN_MAX, "%.*s", (int)(n < ORIGIN_MAX ? n : ORIGIN_MAX - 1), url);
	return out;
}

bool http_ask(const struct http_ask *ask, unsigned *status, struct buf *body,
	      enum client_fault *fault, struct err *why)
{
	char error[CURL_ERROR_SIZE], origin[ORIGIN_MAX];
	CURL *c = handle(ask->timeout_s, ask->ca_file, error);
	curl_off_t given = 0;
	long code = 0;

	if (c == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	struct curl_slist *headers = headers_of(ask);
	curl_easy_setopt(c, CURLOPT_URL, ask->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, ask->method);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, body);
	if (ask->socket != NULL)
		curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, ask->socket);
	if (ask->type != NULL) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, ask->body.n > 0 ? ask->body.p : "");
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body.n);
	}
	CURLcode got = perform(c, ask->ca_pem);
	bool ok = got == CURLE_OK || failed(c, got, error, origin_of(ask->url, origin), fault, why);
	curl_easy_getinfo(c, CURLINFO_SIZE_UPLOAD_T, &given);
	if (!ok && fault != NULL && ask->body.n > 0 && (size_t)given == ask->body.n &&
	    unanswered(got))
		*fault = CLIENT_DOUBT;
	if (ok) {
		curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
		*status = (unsigned)code;
	}
	curl_slist_free_all(headers);
	curl_easy_cleanup(c);
	return ok;
}

static size_t give(char *into, size_t size, size_t n, void *ctx)
{
	struct str *rest = ctx;
	size_t some = rest->n < size * n ? rest->n : size * n;

	if (some > 0)
		memcpy(into, rest->p, some);
	*rest = str_skip(*rest, some);
	return some;
}

/* What the server says, line by line; the last one that is an answer stays. */
static size_t last_line(char *bytes, size_t size, size_t n, void *ctx)
{
	struct str line = str_trim((struct str){ bytes, size * n });
	struct buf *receipt = ctx;

	if (line.n > 0 && line.p[0] == '2' && !str_starts(line, STR("221"))) {
		buf_clear(receipt);
		buf_add(receipt, line);
	}
	return size * n;
}

bool mail_send(const struct mail *mail, struct buf *receipt, enum client_fault *fault,
	       struct err *why)
{
	char error[CURL_ERROR_SIZE];
	CURL *c = handle(mail->timeout_s, mail->ca_file, error);
	struct curl_slist *to = NULL;
	struct str rest = mail->message;

	if (c == NULL)
		return err_set(why, ERR_LIMIT, 0, "no memory");
	for (size_t i = 0; i < mail->n; i++)
		to = curl_slist_append(to, mail->to[i]);
	curl_easy_setopt(c, CURLOPT_URL, mail->server);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_USE_SSL,
			 (long)(mail->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	if (mail->user != NULL) {
		curl_easy_setopt(c, CURLOPT_USERNAME, mail->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, mail->password);
	}
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, mail->from);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c, CURLOPT_READDATA, &rest);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, last_line);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, receipt);
	CURLcode got = perform(c, mail->ca_pem);
	bool ok = got == CURLE_OK || failed(c, got, error, mail->server, fault, why);
	if (!ok && fault != NULL && rest.n == 0 && unanswered(got))
		*fault = CLIENT_DOUBT;
	curl_slist_free_all(to);
	curl_easy_cleanup(c);
	return ok;
}
