/* SPDX-License-Identifier: Apache-2.0 */
/* directive_put.c - directives and their measures as the page reads them. */
#include "govern/directive.h"

const struct directive *directive_find(const struct directives *all, struct str id)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->items[i].id, id))
			return &all->items[i];
	return NULL;
}
