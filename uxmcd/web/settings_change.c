// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>

#include "settings_change.h"
#include "text.h"

/* What is no setting: how it is sent */
static const char * const others[] = { "settings", "token", "form", "clear" };

static bool is_other(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcmp(others[i], name))
			return true;
	return !strncmp(name, "old.", strlen("old."));
}

static void refuse(struct settings_change *change, const char *name,
		   unsigned int status, const char *sentence)
{
	struct settings_refusal *refusal = &change->refusals[change->count];

	change->status = MAX(change->status, status);
	if (change->count == SETTINGS_COUNT)
		return;
	change->count++;
	text_format(refusal->name, sizeof(refusal->name), "%s", name);
	text_format(refusal->sentence, sizeof(refusal->sentence), "%s", sentence);
}

/* Refused is 403, as phones have it. */
static unsigned int status_of(const struct ctl_answer *answer)
{
	if (!strcmp(answer->word, "read-only"))
		return MHD_HTTP_FORBIDDEN;
	return answer->reply == REPLY_REFUSED ? MHD_HTTP_BAD_REQUEST :
						MHD_HTTP_INTERNAL_SERVER_ERROR;
}

static void change_one(struct request *request, enum setting_id id,
		       const char *value, struct settings_change *change)
{
	const char *name = setting_name(id);
	char argument[REPLY_PACKET_MAX];
	struct ctl_answer answer;
	int ret;

	if (strlen(value) > URL_MAX) {
		refuse(change, name, MHD_HTTP_BAD_REQUEST, "that value is too long");
		return;
	}
	text_format(argument, sizeof(argument), "%s%s%s", name, *value ? " " : "",
		    value);
	ret = consult(&request->consult, *value ? "set" : "clear", argument, &answer);
	if (ret)
		refuse(change, name, MHD_HTTP_SERVICE_UNAVAILABLE, strerror(-ret));
	else if (answer.reply != REPLY_OK)
		refuse(change, name, status_of(&answer), answer.text);
}

static void change_named(struct request *request, const char *name,
			 const char *value, struct settings_change *change)
{
	enum setting_id id;

	if (setting_find(name, &id))
		refuse(change, name, MHD_HTTP_BAD_REQUEST,
		       "there is no setting of that name here");
	else
		change_one(request, id, value, change);
}

/* On the page, somebody may have changed another meanwhile. */
static bool is_changed(const struct form *form, const struct form_field *field)
{
	char name[64];
	const char *old;

	if (!form_value(form, "form"))
		return true;
	text_format(name, sizeof(name), "old.%s", field->name);
	old = form_value(form, name);
	return old && strcmp(old, field->value) != 0;
}

void settings_change(struct request *request, const struct form *form,
		     struct settings_change *change)
{
	const char *clear = form_value(form, "clear");
	const struct form_field *field;

	memset(change, 0, sizeof(*change));
	change->status = MHD_HTTP_OK;
	if (clear) {
		change_named(request, clear, "", change);
		return;
	}
	for (field = form->fields; field < form->fields + form->count; field++)
		if (!is_other(field->name) && is_changed(form, field))
			change_named(request, field->name, field->value, change);
}
