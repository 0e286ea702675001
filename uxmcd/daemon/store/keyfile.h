/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The form of uxmcd's own files: a first line that names kind and version,
 * key=value lines, and a last line "end" which tells a whole file from a part.
 */
#ifndef UXMC_KEYFILE_H
#define UXMC_KEYFILE_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct keyfile - one of them
 * @name: in the state directory
 * @first: the first line
 * @max: bytes that are read of it
 * @take: takes one value; false: it makes no sense here, and may be a later version's
 * @is_sound: does what was taken make sense together? May be NULL
 * @put: writes all values, with keyfile_put()
 */
struct keyfile {
	const char *name;
	const char *first;
	size_t max;
	bool (*take)(void *context, const char *key, const char *value);
	bool (*is_sound)(const void *context);
	void (*put)(FILE *out, const void *context);
};

/*
 * -ENOENT: there is none. -EINVAL: it is damaged, and has been set aside as
 * NAME.damaged. @text: what the values are parts of, to be freed; NULL: they are of
 * no use afterwards.
 */
int keyfile_load(const struct keyfile *keyfile, int dir, void *context,
		 char **text);

int keyfile_store(const struct keyfile *keyfile, int dir, const void *context);

#endif
