// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <strings.h>

#include "tag.h"
#include "text.h"

static const struct {
	const char *name;
	enum tag tag;
} tags[] = {
	{ "settings", TAG_SETTINGS },
	{ "phone-settings", TAG_SETTINGS },
	{ "firmware-settings", TAG_SETTINGS },
	{ "setting-files", TAG_FILES },
	{ "functionKeys", TAG_OTHER },
	{ "tbook", TAG_OTHER },
	{ "dialplan", TAG_OTHER },
	{ "ReplacementPlan", TAG_OTHER },
	{ "certificates", TAG_OTHER },
	{ "uploads", TAG_OTHER },
	{ "gui-languages", TAG_OTHER },
	{ "web-languages", TAG_OTHER },
};

/* PHP's errors begin with br, and those of storage services with Error. */
static const char * const pages[] = {
	"html", "head", "title", "meta", "body", "script", "center", "table",
	"div", "p", "pre", "b", "br", "hr", "font", "h1", "h2", "h3", "error",
};

static bool is_page(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if (!strcasecmp(name, pages[i]))
			return true;
	return false;
}

enum tag tag_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tags); i++)
		if (!strcmp(name, tags[i].name))
			return tags[i].tag;
	return TAG_UNKNOWN;
}

bool tag_is_idle_root(enum tag tag, const char *name, bool listed)
{
	return tag == TAG_OTHER ||
	       (listed && tag == TAG_UNKNOWN && !is_page(name));
}
