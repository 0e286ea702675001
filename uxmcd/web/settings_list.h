/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All settings as uxmcd shows them.
 */
#ifndef UXMC_SETTINGS_LIST_H
#define UXMC_SETTINGS_LIST_H

#include <stdbool.h>

#include "consult.h"
#include "permission.h"
#include "setting.h"

/**
 * struct settings_list - see above
 * @there: uxmcd knows it
 * @value: as it may be shown: no password of a URL, and of a secret only that there is
 *	one
 * @origin: of the value, as uxmcctl(1) has it
 */
struct settings_list {
	struct settings_entry {
		bool there;
		char value[URL_MAX + 1];
		char origin[32];
		struct permission permission;
	} list[SETTINGS_COUNT];
};

/* To be given back with free(); NULL: uxmcd cannot be asked, or memory is short. */
struct settings_list *settings_list_read(struct consult *consult);

#endif
