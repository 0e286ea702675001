// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "attribute.h"
#include "candidate.h"
#include "text.h"

void candidate_begin(struct candidate *candidate, enum setting_id id, int line)
{
	candidate->id = id;
	candidate->line = line;
	candidate->perm[0] = '\0';
	candidate->pinned = false;
	candidate->limited = false;
	candidate->wrong.there = false;
	candidate->too_long = false;
	candidate->length = 0;
}

/* There is room for more than is good: what is cut off is as wrong as it was. */
void candidate_take_attributes(struct candidate *candidate, int count,
			       const unsigned char **attributes)
{
	bool image = candidate->id == SETTING_FIRMWARE_UXM;

	attribute_take(count, attributes, "perm", candidate->perm,
		       sizeof(candidate->perm));
	candidate->pinned = image &&
			    attribute_take(count, attributes, "sha256",
					   candidate->sha256,
					   sizeof(candidate->sha256));
	candidate->limited = image &&
			     attribute_take(count, attributes, "rollout",
					    candidate->rollout,
					    sizeof(candidate->rollout));
}

void candidate_spoil(struct candidate *candidate, int line, const char *why)
{
	if (!candidate->wrong.there)
		complain(&candidate->wrong, line, setting_name(candidate->id), why);
}

/* Blanks before the value are left out here, those after it when it ends. */
void candidate_take_text(struct candidate *candidate, const char *text,
			 int length)
{
	for (; length; text++, length--) {
		if (text_is_blank(*text) && !candidate->length)
			continue;
		if (candidate->length < URL_MAX)
			candidate->value[candidate->length++] = *text;
		else if (!text_is_blank(*text))
			candidate->too_long = true;
	}
}

static void end_value(struct candidate *candidate)
{
	while (candidate->length &&
	       text_is_blank(candidate->value[candidate->length - 1]))
		candidate->length--;
	candidate->value[candidate->length] = '\0';
}

/* The URL of an image is judged by the rules, which say more of it. */
static int make_normal(const struct candidate *candidate, char *normal)
{
	if (candidate->id != SETTING_FIRMWARE_UXM)
		return setting_check(candidate->id, candidate->value, normal);
	if (!text_is_clean(candidate->value))
		return -EINVAL;
	return text_copy(normal, URL_MAX + 1, candidate->value);
}

/* One that is malformed must not become none. */
static bool has_good_pin(const struct candidate *candidate, char *pin)
{
	*pin = '\0';
	return !candidate->pinned || !pin_parse(candidate->sha256, pin);
}

/* Nor must it then be for all phones. */
static bool has_good_rollout(const struct candidate *candidate,
			     struct rollout *rollout)
{
	*rollout = (struct rollout){ 0 };
	return !candidate->limited || !rollout_parse(candidate->rollout, rollout);
}

int candidate_check(struct candidate *candidate)
{
	struct permission permission;
	struct rollout rollout;
	char pin[PIN_SIZE];
	char normal[URL_MAX + 1];
	char wants[128];

	end_value(candidate);
	/* An empty value says nothing, nor does its permission then. */
	if (!candidate->length && !candidate->wrong.there)
		return 0;
	text_format(wants, sizeof(wants), "it takes %s",
		    setting_wants(candidate->id));
	if (candidate->too_long)
		candidate_spoil(candidate, candidate->line,
				"it is longer than 2048 bytes");
	else if (make_normal(candidate, normal))
		candidate_spoil(candidate, candidate->line, wants);
	else if (permission_parse(candidate->perm, &permission))
		candidate_spoil(candidate, candidate->line,
				"there is no such permission (perm)");
	else if (!has_good_pin(candidate, pin))
		candidate_spoil(candidate, candidate->line,
				"sha256: " PIN_WANTS);
	else if (!has_good_rollout(candidate, &rollout))
		candidate_spoil(candidate, candidate->line,
				"rollout: " ROLLOUT_WANTS);
	return candidate->wrong.there ? -EINVAL : 0;
}

int candidate_give(const struct candidate *candidate,
		   struct provision *provision)
{
	struct provision_entry entry = { .line = candidate->line };
	char normal[URL_MAX + 1];

	if (!candidate->length)
		return 0;
	make_normal(candidate, normal);
	permission_parse(candidate->perm, &entry.permission);
	has_good_pin(candidate, entry.sha256);
	has_good_rollout(candidate, &entry.rollout);
	return provision_set(provision, candidate->id, &entry, normal);
}
