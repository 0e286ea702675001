/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The models: their names, and their USB ids as sysfs writes them. The driver has a
 * table of its own, at the top of driver/main.c.
 */
#ifndef UXMC_MODEL_H
#define UXMC_MODEL_H

#define MODEL_VENDOR	"251c"

/* @product: by mode, as enum uxmc_mode has it */
static const struct model {
	const char *name;
	const char *product[2];
} models[] = {
	{ "D7C", { "d7c0", "d7c1" } },
	{ "D8C", { "d8c0", "d8c1" } },
};

#endif
