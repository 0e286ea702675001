/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a provisioning file says. It costs what is in it.
 */
#ifndef UXMC_PROVISION_H
#define UXMC_PROVISION_H

#include <stdbool.h>
#include <stddef.h>

#include "permission.h"
#include "setting.h"

/**
 * struct provision_entry - what it says of a setting
 * @line: of the file, from 1
 * @value: in its normal form
 */
struct provision_entry {
	int line;
	struct permission permission;
	char value[];
};

/**
 * struct provision - see above; all zero: nothing
 * @list: by enum setting_id; of several candidates the last; NULL: there is none
 * @size: bytes that are held
 */
struct provision {
	struct provision_entry *list[SETTINGS_COUNT];
	size_t size;
};

/*
 * It says that of a setting now: @value, and the rest as in @like, whose own value is
 * not looked at. -ENOMEM
 */
int provision_set(struct provision *provision, enum setting_id id,
		  const struct provision_entry *like, const char *value);

/* It says nothing of it any more. */
void provision_unset(struct provision *provision, enum setting_id id);

/* It says nothing at all any more. */
void provision_clear(struct provision *provision);

/* What the other says, which then says nothing. */
void provision_move(struct provision *provision, struct provision *from);

/* The same values, whatever the permissions are? */
bool provision_is_same(const struct provision *one, const struct provision *other);

#endif
