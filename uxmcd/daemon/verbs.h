/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verbs of the control socket: what a client may ask for; see reply.h.
 */
#ifndef UXMC_VERBS_H
#define UXMC_VERBS_H

#include "order.h"

/* @text is cut up; there is a NUL after it. */
void verbs_serve(const struct verbs *verbs, struct control_client *client,
		 char *text, size_t length);

#endif
