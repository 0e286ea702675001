/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a module keeps while it has no power; see --state. */
#ifndef SIM_FLASH_H
#define SIM_FLASH_H

#include <stdbool.h>

#define FLASH_TEXT_MAX	63

/**
 * struct flash - what is in it
 * @version: of the firmware
 * @serial: serial number, empty if the module has none
 * @whole: the firmware is; if not, it cannot run
 */
struct flash {
	char version[FLASH_TEXT_MAX + 1];
	char serial[FLASH_TEXT_MAX + 1];
	bool whole;
};

/* What is in the flash now; changed by the functions below. */
extern struct flash flash;

/**
 * flash_load - read the flash from its file, if there is one
 * @path: the file, or NULL if the flash has none and @factory is all
 * @factory: what is in a new module
 *
 * Return: 0, or a negative errno.
 */
int flash_load(const char *path, const struct flash *factory);

/* Writing begins: what was there is no firmware any more. */
void flash_erase(void);

/* All of a firmware was written. */
void flash_finish(const char *version);

#endif
