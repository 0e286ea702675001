/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files with certificates and keys that uxmcd.conf names.
 */
#ifndef UXMC_CERTFILE_H
#define UXMC_CERTFILE_H

#include <stdbool.h>

#include "fetchwire.h"

/**
 * struct certfile - one of them
 * @line: of uxmcd.conf
 * @path: that it has
 * @error: positive errno of reading it
 */
struct certfile {
	const char *line;
	const char *path;
	int error;
};

/* The first one that cannot be read, as @file; false: there is none such. */
bool certfile_find_bad(struct certfile *file,
		       const struct fetchwire_request *request);

#endif
