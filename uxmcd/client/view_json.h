/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is to show, as JSON: uxmcctl(1) says what is in it.
 */
#ifndef UXMC_VIEW_JSON_H
#define UXMC_VIEW_JSON_H

#include "view.h"

struct json_object;

/* To be given back with json_object_put(). */
struct json_object *view_json(const struct view *view);

#endif
