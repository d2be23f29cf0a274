/* SPDX-License-Identifier: Apache-2.0 */
#include "proc/udp_doors.h"

#include "base/log.h"
#include "ingest/chunk.h"

#include <stdio.h>

void udp_doors_open(struct udp_doors *d, const struct udp_doors_ctx *ctx, int fd,
		    struct str address)
{
	char key[STREAM_KEY_MAX];
	struct stream_place drops, taken;
	struct err why = { 0 };
	size_t place = 0;

	while (place < CONFIG_MAX_LISTENERS && d->door[place] != NULL)
		place++;
	if (place == CONFIG_MAX_LISTENERS)
		die("more than %d doors", CONFIG_MAX_LISTENERS);
	udp_stream(address, key, sizeof key);
	pipeline_stream(ctx->pipeline, str_of(key), &drops);
	udp_taken_stream(address, key, sizeof key);
	pipeline_stream(ctx->pipeline, str_of(key), &taken);
	const struct udp_given given = {
		.name = address,
		.before = { drops.inode, drops.place, taken.inode, taken.place },
		.mark = &ctx->shared->udp[place],
	};
	d->door[place] = udp_open(fd, &given, ctx->intake, &why);
	if (d->door[place] == NULL)
		die("UDP on %.*s: %s", STR_ARG(address), why.text);
	snprintf(d->address[place], sizeof d->address[place], "%.*s", STR_ARG(address));
}

void udp_doors_finish(struct udp_doors *d, struct str address)
{
	for (size_t i = 0; i < CONFIG_MAX_LISTENERS; i++) {
		if (d->door[i] == NULL || !str_eq(address, str_of(d->address[i])))
			continue;
		udp_finish(d->door[i]);
		d->door[i] = NULL;
		return;
	}
}

void udp_doors_close(struct udp_doors *d)
{
	for (size_t i = 0; i < CONFIG_MAX_LISTENERS; i++)
		udp_close(d->door[i]);
}
