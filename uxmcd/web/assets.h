/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files that pages refer to, which are in the program: make-assets makes
 * assets.c of them. What is in a file is in its name, so that it may be kept for ever.
 */
#ifndef UXMC_ASSETS_H
#define UXMC_ASSETS_H

#include <stddef.h>

enum asset {
	ASSET_SCRIPT,
	ASSET_STYLE,
	ASSETS
};

extern const struct asset_file {
	const char *path;
	const char *type;
	size_t size;
	const unsigned char *bytes;
} asset_files[ASSETS];

#endif
