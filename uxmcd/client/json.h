/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is written as JSON.
 */
#ifndef UXMC_JSON_H
#define UXMC_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

void ctl_json_text(struct json_object *object, const char *name,
		   const char *text);
void ctl_json_number(struct json_object *object, const char *name,
		     uint64_t number);
void ctl_json_flag(struct json_object *object, const char *name, bool flag);

/* Prints it. */
void ctl_json_print(struct json_object *root);

#endif
