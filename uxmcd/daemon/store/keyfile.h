/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The form of uxmcd's own files: a first line that names kind and version,
 * key=value lines, and a last line "end" which tells a whole file from a part.
 */
#ifndef UXMC_KEYFILE_H
#define UXMC_KEYFILE_H

#include <stdio.h>

#define KEYFILE_END	"end"

/* Takes one value; keys it does not know it lets pass. -EINVAL: damaged. */
typedef int (*keyfile_take)(void *context, const char *key, const char *value);

/* Cuts @text up. -EINVAL if it is not a whole file with that first line. */
int keyfile_parse(char *text, const char *first, keyfile_take take,
		  void *context);

void keyfile_put(FILE *out, const char *key, const char *value);

#endif
