/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ecs.h - the normalised field names of canh: the Elastic Common Schema names it fills, as a table.
 *
 * The numbers are not kept anywhere; names are what is stored, searched and shown.
 */
#ifndef EVENT_ECS_H
#define EVENT_ECS_H

#include "base/str.h"

/* clang-format off */
#define ECS_FIELDS(X) \
	X(HOST_NAME, "host.name")                       /* the machine the event happened on */ \
	X(HOST_IP, "host.ip") \
	X(OBSERVER_NAME, "observer.name")               /* the appliance that reports */ \
	X(OBSERVER_PRODUCT, "observer.product") \
	X(OBSERVER_VENDOR, "observer.vendor") \
	X(USER_NAME, "user.name") \
	X(USER_DOMAIN, "user.domain") \
	X(TARGET_USER_NAME, "user.target.name") \
	X(SOURCE_IP, "source.ip") \
	X(SOURCE_PORT, "source.port") \
	X(SOURCE_NAT_IP, "source.nat.ip")               /* translated address */ \
	X(SOURCE_NAT_PORT, "source.nat.port") \
	X(SOURCE_DOMAIN, "source.domain") \
	X(SOURCE_MAC, "source.mac") \
	X(SOURCE_BYTES, "source.bytes") \
	X(DESTINATION_IP, "destination.ip") \
	X(DESTINATION_PORT, "destination.port") \
	X(DESTINATION_NAT_IP, "destination.nat.ip") \
	X(DESTINATION_DOMAIN, "destination.domain") \
	X(DESTINATION_BYTES, "destination.bytes") \
	X(NETWORK_DIRECTION, "network.direction")       /* inbound outbound internal external unknown */ \
	X(NETWORK_PROTOCOL, "network.protocol") \
	X(NETWORK_TRANSPORT, "network.transport") \
	X(EVENT_OUTCOME, "event.outcome")               /* success failure unknown */ \
	X(EVENT_ACTION, "event.action") \
	X(EVENT_CODE, "event.code") \
	X(EVENT_CATEGORY, "event.category") \
	X(EVENT_PROVIDER, "event.provider") \
	X(LOG_LEVEL, "log.level") \
	X(LOG_CHANNEL, "winlog.channel") \
	X(MESSAGE, "message") \
	X(PROCESS_NAME, "process.name") \
	X(PROCESS_PID, "process.pid") \
	X(PROCESS_EXECUTABLE, "process.executable") \
	X(PROCESS_COMMAND_LINE, "process.command_line") \
	X(PROCESS_PARENT_EXECUTABLE, "process.parent.executable") \
	X(PROCESS_PARENT_COMMAND_LINE, "process.parent.command_line") \
	X(FILE_PATH, "file.path") \
	X(FILE_HASH_MD5, "file.hash.md5") \
	X(FILE_HASH_SHA1, "file.hash.sha1") \
	X(FILE_HASH_SHA256, "file.hash.sha256") \
	X(REGISTRY_PATH, "registry.path") \
	X(DNS_QUESTION_NAME, "dns.question.name") \
	X(DNS_ANSWER_IP, "dns.resolved_ip") \
	X(TLS_SERVER_NAME, "tls.client.server_name") \
	X(URL_FULL, "url.full") \
	X(URL_DOMAIN, "url.domain") \
	X(URL_PATH, "url.path") \
	X(URL_QUERY, "url.query") \
	X(HTTP_METHOD, "http.request.method") \
	X(HTTP_STATUS, "http.response.status_code") \
	X(HTTP_REFERRER, "http.request.referrer") \
	X(USER_AGENT, "user_agent.original") \
	X(EMAIL_FROM, "email.from.address") \
	X(EMAIL_TO, "email.to.address") \
	X(EMAIL_SUBJECT, "email.subject") \
	X(RULE_NAME, "rule.name")                       /* what the reporting product's own rule is called */ \
	X(THREAT_NAME, "threat.name")                   /* malware as the reporting product names it */
/* clang-format on */

enum ecs {
	ECS_NONE,
#define X(id, name) ECS_##id,
	ECS_FIELDS(X)
#undef X
		ECS_COUNT,
};

/* The name of a field, or NULL for ECS_NONE. */
const char *ecs_name(enum ecs id);
struct str ecs_text(enum ecs id); /* the same; empty where that is NULL */
/* The field of that exact name, or ECS_NONE. */
enum ecs ecs_find(struct str name);

#endif
