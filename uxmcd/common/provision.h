/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a provisioning file says.
 */
#ifndef UXMC_PROVISION_H
#define UXMC_PROVISION_H

#include <stdbool.h>

#include "permission.h"
#include "setting.h"
#include "url.h"

/* What a provisioning file says of our settings; of several candidates the last. */
struct provision {
	struct provision_entry {
		bool there;
		int line;
		struct permission permission;
		char value[URL_MAX + 1];
	} list[SETTINGS_COUNT];
};

#endif
