// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http_answer.h"
#include "page.h"
#include "pages.h"
#include "parts.h"
#include "settings_change.h"
#include "settings_list.h"
#include "text.h"

static const enum word about[SETTINGS_COUNT] = {
	[SETTING_FIRMWARE_UXM]			= WORD_ABOUT_FIRMWARE_UXM,
	[SETTING_FIRMWARE_STATUS]		= WORD_ABOUT_FIRMWARE_STATUS,
	[SETTING_FIRMWARE_INTERVAL]		= WORD_ABOUT_FIRMWARE_INTERVAL,
	[SETTING_UPDATE_POLICY]			= WORD_ABOUT_UPDATE_POLICY,
	[SETTING_SETTING_SERVER]		= WORD_ABOUT_SETTING_SERVER,
	[SETTING_SETTINGS_REFRESH_TIMER]	= WORD_ABOUT_SETTINGS_REFRESH_TIMER,
	[SETTING_HTTP_CLIENT_USER]		= WORD_ABOUT_HTTP_CLIENT_USER,
	[SETTING_HTTP_CLIENT_PASS]		= WORD_ABOUT_HTTP_CLIENT_PASS,
	[SETTING_HTTP_USER]			= WORD_ABOUT_HTTP_USER,
	[SETTING_HTTP_PASS]			= WORD_ABOUT_HTTP_PASS,
	[SETTING_RESTRICT_URI_QUERIES]		= WORD_ABOUT_RESTRICT_URI_QUERIES,
};

static const struct {
	const char *name;
	enum word word;
} origins[] = {
	{ "default", WORD_FROM_DEFAULT },
	{ "config", WORD_FROM_CONFIG },
	{ "setting_server", WORD_FROM_SETTING_SERVER },
	{ "firmware_status", WORD_FROM_FIRMWARE_STATUS },
	{ "user", WORD_FROM_USER },
	{ "update", WORD_FROM_UPDATE },
};

static enum word origin_word(const char *origin)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(origins); i++)
		if (!strcmp(origins[i].name, origin))
			return origins[i].word;
	return WORD_UNKNOWN;
}

/* Choices, where there are some */
static const struct choice {
	enum setting_id id;
	const char *values[5];
} choices[] = {
	{ SETTING_UPDATE_POLICY, {
	  "auto_update", "ask_for_update", "settings_only", "never_update", NULL } },
	{ SETTING_RESTRICT_URI_QUERIES, { "off", "on", NULL } },
};

static const struct choice *choice_of(enum setting_id id)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(choices); i++)
		if (choices[i].id == id)
			return &choices[i];
	return NULL;
}

static void put_choice(struct markup *body, enum setting_id id, const char *value)
{
	const char * const *each = choice_of(id)->values;
	const char *name = setting_name(id);

	markup(body, "<select id=\"%s\" name=\"%s\" aria-describedby=\"%s.about\">\n",
	       name, name, name);
	for (; *each; each++)
		markup(body, strcmp(*each, value) ?
		       "<option>%s</option>\n" :
		       "<option selected>%s</option>\n", *each);
	markup_raw(body, "</select>\n");
}

/* A secret is entered anew, or left as it is. */
static void put_input(struct markup *body, enum setting_id id, const char *value)
{
	const char *name = setting_name(id);

	markup(body, "<input id=\"%s\" name=\"%s\" aria-describedby=\"%s.about\" ",
	       name, name, name);
	if (setting_is_secret(id))
		markup(body, "type=\"password\" autocomplete=\"new-password\" maxlength=\"%u\"",
		       SETTING_SECRET_MAX);
	else
		markup(body, "autocomplete=\"off\" spellcheck=\"false\" maxlength=\"%u\"",
		       URL_MAX);
	markup(body, " value=\"%s\">\n", setting_is_secret(id) ? "" : value);
}

static void put_changeable(struct request *request, struct markup *body,
			   enum setting_id id, const char *value)
{
	const char *name = setting_name(id);

	markup(body, "<input type=\"hidden\" name=\"old.%s\" value=\"%s\">\n", name,
	       setting_is_secret(id) ? "" : value);
	if (choice_of(id))
		put_choice(body, id, value);
	else
		put_input(body, id, value);
	markup(body, "<button name=\"clear\" value=\"%s\">%s", name,
	       say(request, WORD_CLEAR));
	markup(body, "<span class=\"unseen\"> %s</span></button>\n", name);
}

/* Who made it so, and what that means for whoever wants to change it */
static void put_origin(struct request *request, struct markup *body,
		       const struct settings_entry *entry)
{
	const struct permission *permission = &entry->permission;

	markup(body, "<p class=\"from\">%s", say(request, origin_word(entry->origin)));
	if (permission->readonly)
		markup(body, " %s", say(request, WORD_PERM_READONLY));
	if (permission->keeps_user)
		markup(body, " %s", say(request, WORD_PERM_KEEPS));
	if (permission->is_volatile)
		markup(body, " %s", say(request, WORD_PERM_VOLATILE));
	markup_raw(body, "</p>\n");
}

static void put_setting(struct request *request, struct markup *body,
			enum setting_id id, const struct settings_entry *entry)
{
	const char *name = setting_name(id);

	markup_raw(body, "<div class=\"setting\">\n");
	markup(body, entry->permission.readonly ? "<p><b>%s</b></p>\n" :
						  "<label for=\"%s\">", name);
	if (!entry->permission.readonly)
		markup(body, "%s</label>\n", name);
	markup(body, "<p class=\"about\" id=\"%s.about\">%s</p>\n", name,
	       say(request, about[id]));
	if (entry->permission.readonly)
		markup(body, "<p class=\"value\">%s</p>\n", text_or_dash(entry->value));
	else
		put_changeable(request, body, id, entry->value);
	if (setting_is_secret(id))
		markup(body, "<p class=\"from\">%s</p>\n", say(request, *entry->value ?
			       WORD_SECRET_SET : WORD_SECRET_NOT_SET));
	put_origin(request, body, entry);
	markup_raw(body, "</div>\n");
}

static void put_form(struct request *request, struct answer *answer,
		     const struct settings_list *settings)
{
	struct markup *body = &answer->body;
	enum setting_id id;

	part_form(request, answer, "settings.htm");
	markup_raw(body, "<input type=\"hidden\" name=\"form\" value=\"1\">\n");
	/* What Enter does is the first button. */
	markup(body, "<p><button name=\"settings\" value=\"save\">%s</button> %s</p>\n",
	       say(request, WORD_SAVE), say(request, WORD_HOLDS_AT_ONCE));
	for (id = 0; id < SETTINGS_COUNT; id++)
		if (settings->list[id].there)
			put_setting(request, body, id, &settings->list[id]);
	markup(body, "<p><button name=\"settings\" value=\"save\">%s</button></p>\n</form>\n",
	       say(request, WORD_SAVE));
}

static void put_outcome(struct request *request, struct answer *answer,
			const struct settings_change *change)
{
	struct markup *body = &answer->body;
	size_t i;

	if (form_value(&request->query, "saved"))
		markup(body, "<p class=\"good\" role=\"status\">%s</p>\n",
		       say(request, WORD_SAVED));
	if (!change || !change->count)
		return;
	markup_raw(body, "<ul class=\"bad\" role=\"alert\" lang=\"en\">\n");
	for (i = 0; i < change->count; i++)
		markup(body, "<li>%s: %s</li>\n", change->refusals[i].name,
		       change->refusals[i].sentence);
	markup_raw(body, "</ul>\n");
}

static void show(struct request *request, struct answer *answer,
		 const struct settings_change *change)
{
	const struct page page = { .title = WORD_SETTINGS };
	struct settings_list *settings = settings_list_read(&request->consult);

	if (!settings) {
		page_no_daemon(request, answer, -ETIMEDOUT);
		return;
	}
	answer->status = change ? change->status : 0;
	page_begin(request, answer, &page);
	put_outcome(request, answer, change);
	put_form(request, answer, settings);
	page_end(request, answer);
	free(settings);
}

/* The form that changes something; NULL: the page is only looked at. */
static const struct form *form_of(const struct request *request)
{
	if (request->method == METHOD_POST)
		return &request->form;
	return form_value(&request->query, "settings") ? &request->query : NULL;
}

/* "settings=save" is how phones have always been told to; other values mean nothing. */
static bool is_save(const struct form *form)
{
	return !strcmp(form_text(form, "settings"), "save") ||
	       form_value(form, "clear");
}

static void refuse(struct request *request, struct answer *answer)
{
	page_say(request, answer, MHD_HTTP_BAD_REQUEST, WORD_REFUSED,
		 WORD_BAD_REQUEST);
}

void page_settings(struct request *request, struct answer *answer)
{
	const struct form *form = form_of(request);
	struct settings_change change;

	if (!form) {
		show(request, answer, NULL);
		return;
	}
	if (!is_save(form)) {
		refuse(request, answer);
		return;
	}
	settings_change(request, form, &change);
	/* A form is not to be sent again by reloading. */
	if (!change.count && request->method == METHOD_POST)
		answer_go(answer, "settings.htm?saved=1");
	else
		show(request, answer, &change);
}

void page_dummy(struct request *request, struct answer *answer)
{
	const struct form *form = form_of(request);
	struct settings_change change = { .status = MHD_HTTP_OK };
	size_t i;

	if (form && !is_save(form)) {
		refuse(request, answer);
		return;
	}
	if (form)
		settings_change(request, form, &change);
	answer->status = change.status;
	answer->type = TYPE_TEXT;
	for (i = 0; i < change.count; i++) {
		markup_raw(&answer->body, change.refusals[i].name);
		markup_raw(&answer->body, ": ");
		markup_raw(&answer->body, change.refusals[i].sentence);
		markup_raw(&answer->body, "\n");
	}
	if (!change.count)
		markup_raw(&answer->body, "OK\n");
}
