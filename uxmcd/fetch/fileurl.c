// SPDX-License-Identifier: GPL-2.0-or-later
#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "fileurl.h"
#include "text.h"
#include "url.h"

/* Without the blanks around it */
static void trim(const char *text, char *to, size_t size)
{
	size_t length;

	while (text_is_blank(*text))
		text++;
	for (length = strlen(text); length && text_is_blank(text[length - 1]);)
		length--;
	text_format(to, size, "%.*s", (int)length, text);
}

/* -EINVAL, -ENOMEM */
static int resolve_at(CURLU *handle, const char *url, char *to, size_t size)
{
	CURLUcode code;
	char *whole;
	int ret;

	code = curl_url_set(handle, CURLUPART_URL, url,
			    CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME);
	if (!code)
		code = curl_url_get(handle, CURLUPART_URL, &whole, 0);
	if (code)
		return code == CURLUE_OUT_OF_MEMORY ? -ENOMEM : -EINVAL;
	ret = text_copy(to, size, whole) ? -EINVAL : url_check(whole);
	curl_free(whole);
	return ret ? -EINVAL : 0;
}

static int resolve(const char *from, const char *url, char *to, size_t size)
{
	CURLU *handle = curl_url();
	char trimmed[URL_MAX + 1];
	int ret;

	if (!handle)
		return -ENOMEM;
	trim(url, trimmed, sizeof(trimmed));
	ret = curl_url_set(handle, CURLUPART_URL, from, 0) ? -EINVAL : 0;
	if (!ret)
		ret = resolve_at(handle, trimmed, to, size);
	curl_url_cleanup(handle);
	return ret;
}

static int complete_one(struct provision *provision, const char *from,
			const struct provision_line *file)
{
	char url[URL_MAX + 1];
	int ret;

	ret = resolve(from, file->text, url, sizeof(url));
	if (ret == -EINVAL)
		return provision_drop(provision, file->line,
				      "file: its url is no http:// or https:// URL");
	return ret ? ret : provision_add(&provision->files, file->line, url);
}

int fileurl_complete(struct provision *provision, const char *from)
{
	struct provision_line *named = provision->files, *file;
	int ret = 0;

	provision->files = NULL;
	for (file = named; file && !ret; file = file->next)
		ret = complete_one(provision, from, file);
	provision_free_lines(named);
	return ret;
}
