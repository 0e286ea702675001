// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "permission.h"
#include "text.h"

/* A part of the text. */
struct part {
	const char *start;
	size_t length;
};

/* The V at the start or at the end. */
static bool cut_volatile(struct part *part)
{
	if (!part->length)
		return false;
	if (part->start[0] == 'V')
		part->start++;
	else if (part->start[part->length - 1] != 'V')
		return false;
	part->length--;
	return true;
}

static bool is_among(const struct part *part, const char * const *texts,
		     size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (part->length == strlen(texts[i]) &&
		    !memcmp(part->start, texts[i], part->length))
			return true;
	return false;
}

int permission_parse(const char *text, struct permission *permission)
{
	static const char * const open[] = { "", "$", "RW" };
	static const char * const readonly[] = { "R", "&", " " };
	static const char * const keeps_user[] = { "!" };
	struct part part = { text, strlen(text) };
	struct permission parsed = { .is_volatile = cut_volatile(&part) };

	if (is_among(&part, readonly, ARRAY_SIZE(readonly)))
		parsed.readonly = true;
	else if (is_among(&part, keeps_user, ARRAY_SIZE(keeps_user)))
		parsed.keeps_user = true;
	else if (!is_among(&part, open, ARRAY_SIZE(open)))
		return -EINVAL;
	/* V alone, too */
	if (parsed.is_volatile && !part.length)
		parsed.readonly = true;
	*permission = parsed;
	return 0;
}

/* The flag beside the V. */
static const char *mark_of(const struct permission *permission)
{
	if (permission->readonly)
		return permission->is_volatile ? "" : "R";
	if (permission->keeps_user)
		return "!";
	return permission->is_volatile ? "$" : "";
}

void permission_format(const struct permission *permission, char *to,
		       size_t size)
{
	text_format(to, size, "%s%s", permission->is_volatile ? "V" : "",
		    mark_of(permission));
}
