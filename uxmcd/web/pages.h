/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages: each fills in the answer to a request for it.
 */
#ifndef UXMC_PAGES_H
#define UXMC_PAGES_H

#include "request.h"

void page_info(struct request *request, struct answer *answer);
void page_update(struct request *request, struct answer *answer);

#endif
