/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a provisioning file.
 */
#ifndef UXMC_PROVISION_PARSE_H
#define UXMC_PROVISION_PARSE_H

#include <stddef.h>

#include "provision.h"

/*
 * @name: of the file, for the sentence. 0; -EINVAL: it cannot be understood, and
 * @error (256 bytes) says "NAME: line N: what is wrong"; -ENOMEM. What @provision
 * said before is replaced only when 0 is returned.
 */
int provision_parse(const char *name, const char *data, size_t size,
		    struct provision *provision, char *error,
		    size_t error_size);

#endif
