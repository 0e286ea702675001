// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "docreport.h"
#include "text.h"

/* Of a URL in a sentence, so that the end of the sentence is told, too. */
#define URL_SHOWN	200

/* Nothing if it is for all phones and any image of that name. */
static void describe_image(const struct provision_entry *image, char *to,
			   size_t size)
{
	char share[32] = "";

	if (image->rollout.limited)
		text_format(share, sizeof(share), ", for %u %% of all phones",
			    image->rollout.percent);
	text_format(to, size, "%s%s", *image->sha256 ? ", pinned" : "", share);
}

const char *docreport_image(const struct provision *said)
{
	const struct provision_entry *image = said->list[SETTING_FIRMWARE_UXM];
	static char text[DOCREPORT_SIZE];
	char url[URL_MAX + 1], more[64];

	if (said->spoiled)
		return ", the firmware_uxm in it does not count";
	if (!image)
		return ", no firmware_uxm in it";
	url_show(image->value, url, sizeof(url));
	describe_image(image, more, sizeof(more));
	text_format(text, sizeof(text), ", firmware_uxm is %.*s%s", URL_SHOWN, url,
		    more);
	return text;
}

static const char *files_in(const struct document *document)
{
	static char text[64];
	size_t count = provision_count(document->said.files);

	*text = '\0';
	if (count)
		text_format(text, sizeof(text), ", it names %zu file%s", count,
			    count == 1 ? "" : "s");
	return text;
}

const char *docreport_look(const struct document *document)
{
	static char text[DOCREPORT_SIZE];

	if (document->outcome == DOCUMENT_GOOD)
		text_format(text, sizeof(text), "%s%s%s",
			    document->unchanged ? "not changed" : "read",
			    docreport_image(&document->said),
			    files_in(document));
	else
		text_format(text, sizeof(text), "%s", document->report);
	return text;
}

const char *docreport_effect(const struct document *document, uint64_t now)
{
	if (!document->failures)
		return "";
	if (document->known)
		return "; what it said before counts";
	if (document_is_open(document, now))
		return "; until it is known, or has failed for an hour, no module is updated";
	return "; it is done without";
}

const char *docreport_failure(const struct document *document, bool named)
{
	static char text[DOCREPORT_SIZE];
	char url[URL_MAX + 1];

	if (!named && document->error != EINVAL)
		return document->report;
	url_show(document->url, url, sizeof(url));
	text_format(text, sizeof(text), "%.*s: %s", URL_SHOWN, url,
		    document->report);
	return text;
}
