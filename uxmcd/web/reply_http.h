/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uxmcd's answers as HTTP has them. Pure.
 */
#ifndef UXMC_REPLY_HTTP_H
#define UXMC_REPLY_HTTP_H

#include "reply.h"

unsigned int status_of_reply(enum reply reply);

#endif
