// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "appearance.h"
#include "imagecheck.h"
#include "sentence.h"
#include "text.h"
#include "url.h"

static int look_at(const struct image *image, uint64_t from,
		   struct appearance *appearance)
{
	char bytes[APPEARANCE_BYTES];
	ssize_t count = image_peek(image, from, bytes, sizeof(bytes));

	if (count < 0)
		return (int)count;
	appearance_look(appearance, bytes, (size_t)count);
	return 0;
}

static const char *advice(enum appearance_kind kind, bool file)
{
	switch (kind) {
	case APPEARANCE_PACKED:
		return file ? "unpack it first" : "have it there unpacked";
	case APPEARANCE_PAGE:
		return file ? "give the image itself" :
			      "sign in to the network, or correct the URL";
	default:
		return file ? "give the image itself" : "correct the URL";
	}
}

/* "pbx.example sent", or "the file is" */
static void say_what(const struct journal *record, char *what, size_t size)
{
	char host[URL_HOST_MAX + 1];

	if (record->file)
		text_format(what, size, "the file is");
	else if (url_host(record->url, host, sizeof(host)))
		text_format(what, size, "the server sent");
	else
		text_format(what, size, "%.64s sent", host);
}

static int refuse(const struct appearance *appearance,
		  const struct journal *record, struct failure *failure)
{
	char what[80];

	say_what(record, what, sizeof(what));
	return failure_note(failure, EBADMSG, "%s %s, not an image%s: %s", what,
			    appearance->name, appearance->excerpt,
			    advice(appearance->kind, record->file));
}

static int check_begin(const struct image *image, const struct journal *record,
		       struct failure *failure)
{
	struct appearance appearance;
	int ret = look_at(image, 0, &appearance);

	if (ret)
		return failure_note(failure, ret,
				    "the image cannot be read: %s",
				    strerror(-ret));
	return appearance.kind == APPEARANCE_OPAQUE ?
	       0 : refuse(&appearance, record, failure);
}

/* Text is in many images, but none of them has a page in the middle. */
bool imagecheck_is_page(const struct image *image, uint64_t from)
{
	struct appearance appearance;

	return !look_at(image, from, &appearance) &&
	       appearance.kind == APPEARANCE_PAGE;
}

static int check_rest(const struct image *image, uint64_t resumed,
		      struct failure *failure)
{
	if (!resumed || !imagecheck_is_page(image, resumed))
		return 0;
	return failure_note(failure, EBADMSG,
			    "after %" PRIu64 " bytes of the image came a web page: %s",
			    resumed, advice(APPEARANCE_PAGE, false));
}

/* Last, since what came instead says more. */
static int check_size(const struct image *image, const struct config *config,
		      const struct journal *record, struct failure *failure)
{
	if (image->size >= config->image_size_min)
		return 0;
	return failure_note(failure, EBADMSG, SENTENCE_TOO_SMALL,
			    record->file ? "file" : "image", image->size,
			    config->image_size_min);
}

int imagecheck(const struct image *image, uint64_t resumed,
	       const struct config *config, const struct journal *record,
	       struct failure *failure)
{
	int ret = check_begin(image, record, failure);

	if (!ret)
		ret = check_rest(image, resumed, failure);
	return ret ? ret : check_size(image, config, record, failure);
}
