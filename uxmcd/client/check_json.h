/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came of a lookup, as JSON: uxmcctl(1) says what is in it.
 */
#ifndef UXMC_CHECK_JSON_H
#define UXMC_CHECK_JSON_H

#include "reply_parse.h"

struct json_object;

/* A rule or a file that was looked at, added to an array; -EBADMSG: it is neither. */
int check_json_add(struct json_object *steps, struct ctl_answer *answer);

/* All of it, to be given back with json_object_put(); @steps is not used up. */
struct json_object *check_json(const struct ctl_answer *end, struct json_object *steps);

#endif
