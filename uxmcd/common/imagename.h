/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of images: snomD7C-1.6.1-r.bin
 */
#ifndef UXMC_IMAGENAME_H
#define UXMC_IMAGENAME_H

#define IMAGENAME_MAX		127	/* without the terminating NUL */
#define IMAGENAME_MODEL_MAX	7
#define IMAGENAME_VERSION_MAX	31

struct imagename {
	char model[IMAGENAME_MODEL_MAX + 1];
	char version[IMAGENAME_VERSION_MAX + 1];
};

/* -EINVAL unless it is snom<D7C|D8C>-<version>-r.bin */
int imagename_parse(const char *text, struct imagename *name);

#endif
