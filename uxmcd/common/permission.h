/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The perm attribute of a provisioned setting.
 */
#ifndef UXMC_PERMISSION_H
#define UXMC_PERMISSION_H

#include <stdbool.h>
#include <stddef.h>

/* The longest canonical text, with its NUL. */
#define PERMISSION_SIZE	3

/**
 * struct permission - what it allows
 * @readonly: the user may not change the setting
 * @keeps_user: what the user has set, provisioning does not overwrite
 * @is_volatile: not written to disk
 */
struct permission {
	bool readonly;
	bool keeps_user;
	bool is_volatile;
};

/*
 * "", "$" and "RW" allow all; "!" keeps what the user has set; "&", "R" and a
 * blank make it read-only. "V" makes it volatile, before or after one of those;
 * alone it makes it read-only too. -EINVAL for anything else.
 */
int permission_parse(const char *text, struct permission *permission);

/* The canonical text, which gives the same permission when it is parsed. */
void permission_format(const struct permission *permission, char *to,
		       size_t size);

#endif
