// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "layout.h"
#include "text.h"

/* NULL: it has none, which @cut says why */
static struct place *put(struct documents *documents, const struct config *config,
			 struct place *after, const struct place *above,
			 const char *url, const char **cut)
{
	char whole[URL_MAX + 1];
	struct place *place;

	if (documents_count_places(documents) == PROVISION_FILES_MAX) {
		*cut = "there are more than 24 files";
		return NULL;
	}
	/* What cannot be expanded cannot be fetched, and that is noted then. */
	if (url_expand(url, config->phone_mac, whole, sizeof(whole)))
		text_copy(whole, sizeof(whole), url);
	place = documents_place(documents, after, above, whole);
	if (!place)
		*cut = strerror(ENOMEM);
	return place;
}

static struct place *put_in_directory(struct documents *documents,
				      const struct config *config,
				      struct place *after, const char *directory,
				      const char *name, const char **cut)
{
	char url[URL_MAX + 1];
	struct place *place;

	if (url_in_directory(directory, name, url, sizeof(url))) {
		*cut = "with the name of a file the URL is too long";
		return NULL;
	}
	place = put(documents, config, after, NULL, url, cut);
	if (place)
		place->optional = true;
	return place;
}

/* That of the phone is the last one. */
static const char *put_directory(struct documents *documents,
				 const struct config *config,
				 const char *directory)
{
	const char *model = config->phone_model, *cut = NULL;
	struct place *general;
	char name[64];

	text_format(name, sizeof(name), "snom%s.htm", model);
	general = put_in_directory(documents, config, NULL, directory, name, &cut);
	text_format(name, sizeof(name), "snom%s-" URL_MAC_MARK ".htm", model);
	if (general)
		put_in_directory(documents, config, general, directory, name, &cut);
	return cut;
}

const char *layout_first(struct documents *documents, const struct config *config,
			 const char *url, bool directory)
{
	const char *cut = NULL;

	if (directory && url_is_directory(url))
		return put_directory(documents, config, url);
	put(documents, config, NULL, NULL, url, &cut);
	return cut;
}

const char *layout_named(struct documents *documents, const struct config *config,
			 struct place *place)
{
	const struct provision_line *file = place->document->said.files;
	struct place *last = place;
	const char *cut = NULL;

	if (place_is_loop(place))
		return NULL;
	for (; file && last; file = file->next)
		last = put(documents, config, last, place, file->text, &cut);
	return cut;
}
