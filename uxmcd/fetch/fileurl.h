/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * URLs of files that a file names, relative to its own.
 */
#ifndef UXMC_FILEURL_H
#define UXMC_FILEURL_H

#include "provision.h"

/*
 * Makes them complete (RFC 3986, section 5), the file being from @from. What nothing
 * can be fetched from is dropped then. -ENOMEM
 */
int fileurl_complete(struct provision *provision, const char *from);

#endif
