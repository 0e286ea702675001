/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a provisioning file says.
 */
#ifndef UXMC_PROVISION_H
#define UXMC_PROVISION_H

#include <stdbool.h>
#include <stddef.h>

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

/*
 * @name: of the file, for the sentence. 0; -EINVAL: it cannot be understood, and
 * @error (256 bytes) says "NAME: line N: what is wrong"; -ENOMEM. @provision is
 * filled in only when 0 is returned.
 */
int provision_parse(const char *name, const char *data, size_t size,
		    struct provision *provision, char *error,
		    size_t error_size);

#endif
