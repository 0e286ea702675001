/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes of a tag, as libxml2's SAX2 interface has them.
 */
#ifndef UXMC_ATTRIBUTE_H
#define UXMC_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The value of the one of that name; what is too long is cut off. False, and nothing is
 * written: there is none.
 */
bool attribute_take(int count, const unsigned char **attributes,
		    const char *name, char *to, size_t size);

#endif
