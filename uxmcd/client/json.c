// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "json.h"

void ctl_json_text(struct json_object *object, const char *name,
		   const char *text)
{
	json_object_object_add(object, name, json_object_new_string(text));
}

void ctl_json_number(struct json_object *object, const char *name,
		     uint64_t number)
{
	json_object_object_add(object, name,
			       json_object_new_int64((int64_t)number));
}

void ctl_json_flag(struct json_object *object, const char *name, bool flag)
{
	json_object_object_add(object, name, json_object_new_boolean(flag));
}

void ctl_json_print(struct json_object *root)
{
	puts(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
					    JSON_C_TO_STRING_NOSLASHESCAPE));
}
