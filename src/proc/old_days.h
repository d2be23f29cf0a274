/* SPDX-License-Identifier: Apache-2.0 */
/* old_days.h - days that leave the store, by age or because the disk is short, as the settings say. */
#ifndef PROC_OLD_DAYS_H
#define PROC_OLD_DAYS_H

#include "proc/pipeline.h"

void old_days_go(struct store *s, const struct pipeline_calls *calls);

#endif
