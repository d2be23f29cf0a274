/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate_int.h - what the HTTPS server shows: the next handshake takes what was set last, those
 * that are open stay as they are.
 *
 * GnuTLS asks for it without a word of who asks, so a process has one, whatever server it runs.
 */
#ifndef WEB_CERTIFICATE_INT_H
#define WEB_CERTIFICATE_INT_H

#include "base/err.h"

/* Certificate chain and key, PEM. On failure the former one stays. */
MUST_USE bool certificate_set(struct str cert_pem, struct str key_pem, struct err *why);
/* When no server runs any more. */
void certificate_drop(void);
/* For MHD_OPTION_HTTPS_CERT_CALLBACK. */
void *certificate_callback(void);

#endif
